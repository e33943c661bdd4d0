"""A workbook with names in it made into a dataset without: read, pseudonymised, checked, written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from clss_analysis.privacy.key_file import new_key, open_key, save_key
from clss_analysis.privacy.pseudonyms import Change, pseudonymise
from clss_analysis.records import Records, write
from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook import read_workbook, records_of_pages


def import_workbook(
    path: str | Path,
    out: str | Path,
    *,
    key: str | Path | None = None,
    bands: bool = False,
    lang: str = "fr",
    mapping: str | Path | None = None,
) -> tuple[Records, list[Change]]:
    """Make a dataset of a workbook that was filled in, or of an export of its form from KoboToolbox.

    Either everything is written or nothing: the dataset folder, the key file, and beside the folder
    `<folder>-import.csv`, which tells what was changed by rule and number.

    Args:
        path: the workbook (.xlsx).
        out: the dataset folder to write; it must be empty or not exist.
        key: file that keeps pseudonyms from one import to the next; default: none, letters hold for this import.
        bands: age bands in place of ages.
        lang: language of the table of changes.
        mapping: of a workbook with columns of its own, the file that says which is which of ours; default:
            `mapping.toml` beside the folder.  One that is not there is written, and the import refused.

    Returns:
        The records, and what was changed.

    Raises:
        InvalidRecordsError: the workbook cannot be read or is not sound, or the key may not lie where it is.
        FileExistsError: the folder holds something.
    """
    out = Path(out)
    own = Path(mapping) if mapping else out.resolve().with_name("mapping.toml")
    kept = open_key(Path(key), out) if key else new_key()
    pages, changes = pseudonymise(read_workbook(path, own, lang), kept, bands=bands)
    records = records_of_pages(pages)
    write(records, out)
    if key:
        save_key(kept, Path(key))
    whole = out.resolve()
    write_file(whole.with_name(f"{whole.name}-import.csv"), _table(changes, lang), PRIVATE)
    return records, changes


def _table(changes: Iterable[Change], lang: str) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([message(f"pseudonyms.column.{name}", lang) for name in ("rule", "count")])
    table.writerows([message(f"pseudonyms.rule.{each.rule}", lang), each.count] for each in changes)
    return text.getvalue()
