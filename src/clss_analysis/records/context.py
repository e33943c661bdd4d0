"""Facts from outside the dataset: public statistics with source, date, licence and level; what councils ask for."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from clss_analysis.records.descriptor import ID
from clss_analysis.records.faults import Fault, InvalidRecordsError, in_order
from clss_analysis.records.schema import MONTH_OR_YEAR_FORM
from clss_analysis.records.sheet import FORBIDDEN, decode, read_bytes
from clss_analysis.records.vocabulary import message

TABLE = "context"
COLUMNS = ("id", "label", "value", "unit", "geography", "level", "date", "publisher", "source", "url", "licence")
LEVELS = ("neighbourhood", "municipality", "region", "country", "europe")
ASSEMBLIES = "assemblies"
ASSEMBLY_COLUMNS = (
    "id", "name_fr", "name_nl", "age", "residence", "signatures", "notice", "days", "minutes", "form", "addressee",
    "email", "council", "college", "single_case", "older", "source", "date", "url",
)  # fmt: skip
ASSEMBLY_NEEDED = frozenset({"id", "name_fr", "name_nl", "source", "date"})
_FILE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\.csv")
Forms = Mapping[str, tuple[re.Pattern[str], str]]
_FORMS: Forms = {
    "id": (ID, "fault_id"),
    "value": (re.compile(r"-?[0-9]+(\.[0-9]+)?"), "fault_number"),
    "level": (re.compile("|".join(LEVELS)), "context.level"),
    "date": (MONTH_OR_YEAR_FORM, "context.date"),
    "url": (re.compile(r"https?://[^\s]+"), "context.url"),
}


def read_context(folder: Path) -> pd.DataFrame:
    """Read the context numbers of a folder: every CSV table in it but the assemblies, one after the other.

    A number without a source is refused, and so is one without date, licence or geographic level.

    Args:
        folder: a Frictionless data package of its own, as `data/context/`; one that is not there holds no number.

    Returns:
        A table with the columns of `COLUMNS`: `value` a float, everything else text, `date` a year or a month;
        by id.

    Raises:
        InvalidRecordsError: a table or row is not sound; one line per fault.

    >>> read_context(Path("data/context")).set_index("id").loc["expulsions-region", "date"]
    '2018'
    """
    rows: list[dict[str, str]] = []
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.csv")) if folder.is_dir() else ():
        if path.stem == ASSEMBLIES:
            continue
        found, wrong = read_rows(path, COLUMNS, frozenset(COLUMNS) - {"url"}, _FORMS)
        rows += found.values()
        faults += wrong
    if faults:
        raise InvalidRecordsError(in_order(faults))
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    frame["value"] = frame["value"].astype(float)
    return frame.sort_values("id", kind="stable", ignore_index=True)


def read_rows(
    path: Path, columns: tuple[str, ...], needed: frozenset[str], forms: Forms, key: tuple[str, ...] = ("id",)
) -> tuple[dict[int, dict[str, str]], list[Fault]]:
    """The sound rows of a CSV table by their lines, and a fault for every cell that is not.

    Args:
        path: the table, UTF-8 with a header.
        columns: its columns, in this order.
        needed: columns whose cells may not be empty.
        forms: column → what its cells must match, and the message for one that does not.
        key: columns that together tell a row from all others; the last is named where two are alike.
    """
    name = path.name if _FILE.fullmatch(path.name) else "datapackage.json"
    content = read_bytes(path, name)
    text = content if isinstance(content, Fault) else decode(content, name)
    if isinstance(text, Fault):
        return {}, [text]
    faults = [Fault(name, text.count("\n", 0, m.start()) + 1, None, message("fault_control"))
              for m in FORBIDDEN.finditer(text)]  # fmt: skip
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    if tuple(reader.fieldnames or ()) != columns:
        return {}, [*faults, Fault(name, 1, None, message("context.columns", columns=", ".join(columns)))]
    rows: dict[int, dict[str, str]] = {}
    known: set[tuple[str, ...]] = set()
    try:
        for row in reader:
            wrong = list(_row_faults(name, reader.line_num, row, columns, needed, forms))
            own = tuple(row[each] for each in key)
            if own in known:
                wrong.append(Fault(name, reader.line_num, key[-1], message("fault_duplicate")))
            faults += wrong
            if not wrong:
                known.add(own)
                rows[reader.line_num] = row
    except csv.Error:
        faults.append(Fault(name, reader.line_num, None, message("fault_quoting")))
    return rows, faults


def _row_faults(
    name: str, line: int, row: dict[str, str], columns: tuple[str, ...], needed: frozenset[str], forms: Forms
) -> list[Fault]:
    if None in row or None in row.values():
        return [Fault(name, line, None, message("fault_cells", expected=len(columns), found=len(row)))]
    faults = []
    for column, content in row.items():
        cell = content.strip()
        if not cell and column in needed:
            key = "context.no_source" if column == "source" else "fault_required"
            faults.append(Fault(name, line, column, message(key)))
        elif cell and column in forms and not forms[column][0].fullmatch(cell):
            faults.append(Fault(name, line, column, message(forms[column][1])))
    return faults
