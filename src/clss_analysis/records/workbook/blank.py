"""A dataset to start from: every table, no row yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from clss_analysis.records.schema import fields, table_names
from clss_analysis.records.tables import Records, typed
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook.writing import write_workbook
from clss_analysis.records.writing import write


def blank_records(lang: str = "fr") -> Records:
    """Records without any row.

    Args:
        lang: language of the texts that will come in: fr, nl or en.

    >>> len(blank_records().households)
    0
    """
    tables: dict[str, Any] = {
        table: typed(pd.DataFrame([], columns=[each["name"] for each in fields(table)], dtype=object), table)
        for table in table_names()
    }
    return Records(
        name="dossiers", title=message("workbook.new.title", lang), synthetic=False, sha256="",
        source=message("workbook.new.source_line", lang), language=lang, **tables,
    )  # fmt: skip


def new_dataset(folder: str | Path, lang: str = "fr") -> Path:
    """Write a dataset to start from, and in the same folder its workbook to fill in.

    Returns:
        The workbook.

    Raises:
        FileExistsError: the folder holds something.
    """
    records = blank_records(lang)
    workbook = write(records, folder) / message("workbook.file_name", lang)
    write_workbook(records, workbook, lang)
    return workbook
