"""Numbers from outside the dataset: public statistics, each with source, date, licence and geographic level."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd

from clss_analysis.records.descriptor import ID
from clss_analysis.records.faults import Fault, InvalidRecordsError, in_order
from clss_analysis.records.sheet import FORBIDDEN, decode, read_bytes
from clss_analysis.records.vocabulary import message

TABLE = "context"
DESCRIPTOR = "datapackage.json"
COLUMNS = ("id", "label", "value", "unit", "geography", "level", "date", "publisher", "source", "url", "licence")
LEVELS = ("neighbourhood", "municipality", "region", "country", "europe")
_OPTIONAL = frozenset({"url"})
_FILE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\.csv")
_FORMS = {
    "id": (ID, "fault_id"),
    "value": (re.compile(r"-?[0-9]+(\.[0-9]+)?"), "fault_number"),
    "level": (re.compile("|".join(LEVELS)), "context.level"),
    "date": (re.compile(r"(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?"), "context.date"),
    "url": (re.compile(r"https?://[^\s]+"), "context.url"),
}


def read_context(folder: Path) -> pd.DataFrame:
    """Read the context numbers of a folder: every CSV table in it, one after the other.

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
        found, wrong = _read(path)
        rows += found
        faults += wrong
    if faults:
        raise InvalidRecordsError(in_order(faults))
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)
    frame["value"] = frame["value"].astype(float)
    return frame.sort_values("id", kind="stable", ignore_index=True)


def _read(path: Path) -> tuple[list[dict[str, str]], list[Fault]]:
    name = path.name if _FILE.fullmatch(path.name) else DESCRIPTOR
    content = read_bytes(path, name)
    text = content if isinstance(content, Fault) else decode(content, name)
    if isinstance(text, Fault):
        return [], [text]
    faults = [Fault(name, text.count("\n", 0, m.start()) + 1, None, message("fault_control"))
              for m in FORBIDDEN.finditer(text)]  # fmt: skip
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        return [], [*faults, Fault(name, 1, None, message("context.columns", columns=", ".join(COLUMNS)))]
    rows: list[dict[str, str]] = []
    try:
        for row in reader:
            wrong = list(_row_faults(name, reader.line_num, row, {each["id"] for each in rows}))
            faults += wrong
            if not wrong:
                rows.append(row)
    except csv.Error:
        faults.append(Fault(name, reader.line_num, None, message("fault_quoting")))
    return rows, faults


def _row_faults(name: str, line: int, row: dict[str, str], known: set[str]) -> list[Fault]:
    if None in row or None in row.values():
        return [Fault(name, line, None, message("fault_cells", expected=len(COLUMNS), found=len(row)))]
    faults = []
    for column in COLUMNS:
        cell = row[column].strip()
        if not cell and column not in _OPTIONAL:
            key = "context.no_source" if column == "source" else "fault_required"
            faults.append(Fault(name, line, column, message(key)))
        elif cell and column in _FORMS and not _FORMS[column][0].fullmatch(cell):
            faults.append(Fault(name, line, column, message(_FORMS[column][1])))
    if row["id"] in known:
        faults.append(Fault(name, line, "id", message("fault_duplicate")))
    return faults


def context_descriptor() -> dict[str, object]:
    """The `datapackage.json` of a folder of context numbers, for other tools.

    >>> context_descriptor()["name"]
    'clss-context'
    """
    fields = [{"name": name, "type": "number" if name == "value" else "string"} for name in COLUMNS]
    for field in fields:
        limits: dict[str, object] = {} if field["name"] in _OPTIONAL else {"required": True}
        if field["name"] == "level":
            limits["enum"] = list(LEVELS)
        field |= {"title": message(f"context.title.{field['name']}"), "constraints": limits}  # type: ignore[dict-item]  # a mapping of its own
    return {
        "profile": "data-package",
        "name": "clss-context",
        "title": message("context.package"),
        "resources": [
            {
                "name": TABLE,
                "path": f"{TABLE}.csv",
                "profile": "tabular-data-resource",
                "encoding": "utf-8",
                "schema": {"fields": fields, "primaryKey": "id", "missingValues": [""]},
            }
        ],
    }
