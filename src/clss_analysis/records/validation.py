"""Whether a dataset is sound: every fault at once, by file, row, column and rule."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clss_analysis.records.decisions import read_decisions
from clss_analysis.records.descriptor import FILE, ID, descriptor_faults
from clss_analysis.records.faults import Fault, InvalidRecordsError, in_order
from clss_analysis.records.own_columns import OwnFields, own_fields
from clss_analysis.records.rules import Sheets, rule_faults
from clss_analysis.records.schema import (
    MONTH_FORM,
    MONTH_OR_YEAR,
    MONTH_OR_YEAR_FORM,
    Descriptor,
    table_names,
    table_schema,
)
from clss_analysis.records.sheet import Sheet, decode, is_absent, read_bytes, read_sheet
from clss_analysis.records.translations import read_translations
from clss_analysis.records.vocabulary import Sentence, codes, message

_IDS = re.compile(rf"(?:{ID.pattern}|)(?:\n(?:{ID.pattern}|))*")
_FORMS = {
    "yearmonth": MONTH_FORM,
    MONTH_OR_YEAR: MONTH_OR_YEAR_FORM,
    "integer": re.compile(r"-?(0|[1-9][0-9]{0,8})"),
    "number": re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,20})?"),
    "boolean": re.compile(r"true|false"),
}
KEY_FORMAT = "clss-key 1"
"""What a file says that keeps pseudonyms; none may lie in a dataset."""
_KEY_LARGEST = 16 * 2**20  # bytes up to which a file is looked at for a key of pseudonyms


def validate(folder: str | Path) -> list[Fault]:
    """Check a dataset folder against the schema and the rules that span rows.

    Types, codes, required cells and keys are those of the project's own schema, with the meaning that Frictionless
    gives them (a test compares the two), never those of the dataset's descriptor, which may be hostile.  Each text
    that occurs in a column is looked at once.  Nothing outside the folder is opened.

    Args:
        folder: a folder with `datapackage.json` and one CSV file per table (64 MB at most each, UTF-8, with or
            without a byte order mark).

    Returns:
        Every fault, ordered by file, row and column; empty for a sound dataset.

    >>> validate("data/publication")
    []
    >>> [fault.file for fault in validate("data/nowhere")]
    ['data/nowhere']
    """
    return checked(Path(folder))[0]


def checked(folder: Path) -> tuple[list[Fault], dict[str, Sheet]]:
    """The faults of a dataset folder, and its tables as they were read, so that nobody reads them twice."""
    try:
        if not folder.is_dir():
            return [Fault(str(folder), None, None, message("fault_no_folder"))], {}
        if not any(folder.iterdir()):
            return [Fault(str(folder), None, None, message("fault_empty_folder"))], {}
    except (OSError, ValueError):
        return [Fault(str(folder), None, None, message("fault_unreadable"))], {}
    package, faults = _descriptor(folder)
    if any(isinstance(each.rule, Sentence) and each.rule.key == "fault_older" for each in faults):
        return faults, {}
    faults += _pseudonym_keys(folder)
    own = own_fields(package)
    sheets: dict[str, Sheet] = {}
    for table in table_names():
        if is_absent(folder, table) and not _described(package, table):
            continue
        sheet, found = read_sheet(folder, table, own.get(table, ()))
        faults += found
        if sheet is not None:
            sheets[table] = sheet
    faults += sheet_faults(sheets, package)
    faults += read_decisions(folder)[1]
    faults += _translation_faults(folder, own)
    return in_order(faults), sheets


def sheet_faults(sheets: Sheets, package: Descriptor | None) -> list[Fault]:
    """Faults of tables in hand, wherever they were read: types, codes, keys, and the rules that span rows.

    Args:
        sheets: the tables by name.
        package: the descriptor, None where there is none.
    """
    faults: list[Fault] = []
    for sheet in sheets.values():
        faults += cell_faults(sheet)
        faults += key_faults(sheet, sheets)
    synthetic = package.get("synthetic") if package else None
    faults += rule_faults(sheets, synthetic=synthetic if isinstance(synthetic, bool) else None)
    faults += _figure_cases(package, sheets)
    return faults


def _translation_faults(folder: Path, own: OwnFields) -> list[Fault]:
    try:
        read_translations(folder, own)
    except InvalidRecordsError as error:
        return list(error.faults)
    return []


def _described(package: Descriptor | None, table: str) -> bool:
    resources = (package or {}).get("resources")
    return isinstance(resources, list) and any(
        isinstance(each, dict) and each.get("name") == table for each in resources
    )


def _descriptor(folder: Path) -> tuple[Descriptor | None, list[Fault]]:
    content = read_bytes(folder / FILE, FILE)
    text = content if isinstance(content, Fault) else decode(content, FILE)
    return (None, [text]) if isinstance(text, Fault) else descriptor_faults(text)


def _pseudonym_keys(folder: Path) -> Iterable[Fault]:
    """Files of pseudonyms that were left in the folder, whatever their name."""
    own = {FILE, *(str(table_schema(table)["path"]) for table in table_names())}
    for path in sorted(folder.iterdir()):
        if path.name not in own and path.is_file() and path.stat().st_size < _KEY_LARGEST:
            with path.open("rb") as stream:
                if KEY_FORMAT.encode() in stream.read(64):
                    yield Fault(path.name, None, None, message("pseudonyms.key_present"))


def cell_faults(sheet: Sheet) -> Iterable[Fault]:
    """Cells that are not of the type, the codes or the bounds of their column; empty ones that may not be."""
    for field in sheet.fields:
        if field["name"] not in sheet.columns:
            continue
        place, texts = sheet.cells[field["name"]]
        doubtful = () if _all_sound(texts, field) else texts
        wrong = {position: found for position, text in enumerate(doubtful) if (found := _wrong_with(text, field))}
        for row in np.flatnonzero(np.isin(place, list(wrong))) if wrong else ():
            if row not in sheet.ragged:
                for rule in wrong[int(place[row])]:
                    yield Fault(sheet.file, sheet.lines[row], field["name"], rule)


def key_faults(sheet: Sheet, sheets: Sheets) -> Iterable[Fault]:
    """Ids that are taken already, and ids of rows that no table has."""
    if "id" in sheet.columns:
        ids = pd.Series(sheet.cells["id"][0])
        empty = sheet.cells["id"][1] == ""
        taken = ids.duplicated(keep="first").to_numpy() & ~empty[ids.to_numpy()] if len(ids) else ()
        yield from _at(sheet, np.flatnonzero(taken), "id", message("fault_duplicate"))
    for key in table_schema(sheet.table)["schema"]["foreignKeys"]:
        (column,), target = key["fields"], key["reference"]["resource"] or sheet.table
        if column not in sheet.columns or target not in sheets or "id" not in sheets[target].columns:
            continue
        place, texts = sheet.cells[column]
        known = set(sheets[target].cells["id"][1])
        dangling = np.array([text != "" and text not in known for text in texts], dtype=bool)
        if dangling.any():
            yield from _at(sheet, np.flatnonzero(dangling[place]), column, message("fault_dangling", table=target))


def _at(sheet: Sheet, rows: Iterable[int], column: str, rule: str) -> Iterable[Fault]:
    return (Fault(sheet.file, sheet.lines[row], column, rule) for row in rows if row not in sheet.ragged)


def _all_sound(texts: NDArray[np.object_], field: Descriptor) -> bool:
    """Whether nothing can be wrong with the texts of a column, seen at one glance (many are ids, or free text)."""
    limits = field.get("constraints", {})
    if limits.get("required") and (texts == "").any():
        return False
    if "pattern" in limits:
        return bool(_IDS.fullmatch("\n".join(texts))) and not any("\n" in text for text in texts)
    return field["type"] == "string" and not set(limits) - {"required"} and "vocabulary" not in field


def _wrong_with(text: str, field: Descriptor) -> list[str]:
    """What is wrong with one text of a column, in words."""
    limits = field.get("constraints", {})
    if text == "":
        return [message("fault_required")] if limits.get("required") else []
    form = ID if "pattern" in limits else _FORMS.get(field["type"])
    found = []
    if field["type"] == "date" and not _is_day(text):
        found.append(message("fault_date"))
    if form is not None and not form.fullmatch(text):
        found.append(message("fault_id" if form is ID else f"fault_{field['type']}"))
    if "vocabulary" in field and "enum" not in limits:
        limits = limits | {"enum": codes(field["vocabulary"])}
    if "enum" in limits and text not in limits["enum"]:
        found.append(message("fault_enum", allowed=", ".join(limits["enum"])))
    if ("minimum" in limits or "maximum" in limits) and (number := _number(text)) is not None:
        if number < limits.get("minimum", number):
            found.append(message("fault_minimum", bound=limits["minimum"]))
        if number > limits.get("maximum", number):
            found.append(message("fault_maximum", bound=limits["maximum"]))
    return found


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"(19|20)\d{2}-\d{2}-\d{2}", text, re.ASCII)) and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _figure_cases(package: Descriptor | None, sheets: Sheets) -> Iterable[Fault]:
    figures = (package or {}).get("figure_ids")
    if not isinstance(figures, dict) or "households" not in sheets:
        return
    households = set(sheets["households"].frame["id"])
    for what in figures.values():
        if isinstance(what, dict) and isinstance(what.get("case"), str) and what["case"] not in households:
            yield Fault(FILE, None, "figure_ids", message("fault_figure_case"))
