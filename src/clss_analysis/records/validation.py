"""Whether a dataset is sound: every fault at once, by file, row, column and rule."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any

from clss_analysis.records.decisions import read_decisions
from clss_analysis.records.descriptor import FILE, ID, descriptor_faults
from clss_analysis.records.faults import Fault, in_order
from clss_analysis.records.rules import Sheets, rule_faults
from clss_analysis.records.schema import Descriptor, fields, table_names, table_schema
from clss_analysis.records.sheet import Sheet, decode, read_bytes, read_sheet
from clss_analysis.records.tables import is_absent
from clss_analysis.records.vocabulary import message

_FORMS = {
    "yearmonth": re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])"),
    "integer": re.compile(r"-?(0|[1-9][0-9]{0,8})"),
    "number": re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,20})?"),
    "boolean": re.compile(r"true|false"),
}
_CONSTRAINT = re.compile(r'constraint "(\w+)"')


class _Shared(list[list[str]]):
    """Rows that frictionless need not copy whenever it copies a resource: they are only read."""

    def __deepcopy__(self, memo: object) -> _Shared:
        return self


def validate(folder: str | Path) -> list[Fault]:
    """Check a dataset folder against the schema and the rules that span rows.

    Types, codes, required cells and keys are checked by the frictionless library against the project's own schema,
    never against the dataset's descriptor, which may be hostile.  Nothing outside the folder is opened.

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
    folder = Path(folder)
    try:
        if not folder.is_dir():
            return [Fault(str(folder), None, None, message("fault_no_folder"))]
        if not any(folder.iterdir()):
            return [Fault(str(folder), None, None, message("fault_empty_folder"))]
    except (OSError, ValueError):
        return [Fault(str(folder), None, None, message("fault_unreadable"))]
    package, faults = _descriptor(folder)
    sheets: dict[str, Sheet] = {}
    for table in table_names():
        if is_absent(folder, table) and not _described(package, table):
            continue
        sheet, found = read_sheet(folder, table)
        faults += found
        if sheet is not None:
            sheets[table] = sheet
            faults += _form_faults(sheet)
    faults += _schema_faults(sheets)
    synthetic = package.get("synthetic") if package else None
    faults += rule_faults(sheets, synthetic=synthetic if isinstance(synthetic, bool) else None)
    faults += _figure_cases(package, sheets)
    faults += read_decisions(folder)[1]
    return in_order(faults)


def _described(package: Descriptor | None, table: str) -> bool:
    resources = (package or {}).get("resources")
    return isinstance(resources, list) and any(
        isinstance(each, dict) and each.get("name") == table for each in resources
    )


def _descriptor(folder: Path) -> tuple[Descriptor | None, list[Fault]]:
    content = read_bytes(folder / FILE, FILE)
    text = content if isinstance(content, Fault) else decode(content, FILE)
    return (None, [text]) if isinstance(text, Fault) else descriptor_faults(text)


def _form_faults(sheet: Sheet) -> Iterable[Fault]:
    """Cells that are not written as the schema's types are: stricter than any reader of numbers and months."""
    for place, field in enumerate(fields(sheet.table)):
        form = ID if "pattern" in field.get("constraints", {}) else _FORMS.get(field["type"])
        rule = message("fault_id" if form is ID else f"fault_{field['type']}")
        if form is not None:
            for position, row in enumerate(sheet.rows):
                if row[place] and not form.fullmatch(row[place]) and position not in sheet.ragged:
                    yield Fault(sheet.file, sheet.lines[position], field["name"], rule)


def _schema_faults(sheets: Sheets) -> Iterable[Fault]:
    """What frictionless finds in the tables as they were read, told in our own words."""
    from frictionless import Package, Resource, Schema  # half a second, only where records are read

    resources = []
    for table, sheet in sheets.items():
        if sheet.rows:
            names = [field["name"] for field in fields(table)]
            schema = Schema.from_descriptor(_canonical(table, sheets))
            resources.append(Resource(name=table, data=_Shared([names, *sheet.rows]), schema=schema))
        ids = {"fields": [{"name": "id", "type": "string"}], "missingValues": [""]}
        rows = _Shared([["id"], *([row[0]] for row in sheet.rows)])
        resources.append(Resource(name=_keys(table), data=rows, schema=Schema.from_descriptor(ids)))
    if not resources:
        return
    for task in Package(resources=resources).validate(limit_errors=10**9).tasks:
        if task.name not in sheets:
            continue
        sheet = sheets[task.name]
        for error in task.errors:
            position = getattr(error, "row_number", 1) - 2
            if position in sheet.ragged:
                continue
            line = sheet.lines[position] if position >= 0 else None
            for column, rule in _told(error, sheet.table):
                if column is None or column in sheet.columns:
                    yield Fault(sheet.file, line, column, rule)


def _keys(table: str) -> str:
    """Name of the table of ids alone, so that following a key does not read whole rows again."""
    return f"{table}.id"


def _canonical(table: str, sheets: Sheets) -> Descriptor:
    schema: Descriptor = deepcopy(table_schema(table)["schema"])
    schema["fields"] = [
        {"name": field["name"], "type": field["type"], "constraints": field.get("constraints", {})}
        | ({"trueValues": ["true"], "falseValues": ["false"]} if field["type"] == "boolean" else {})
        for field in schema["fields"]
    ]
    schema["foreignKeys"] = [
        {"fields": key["fields"], "reference": {"resource": _keys(target), "fields": ["id"]}}
        for key in schema["foreignKeys"]
        if (target := key["reference"]["resource"] or table) in sheets and "id" in sheets[target].columns
    ]
    return schema


def _told(error: Any, table: str) -> list[tuple[str | None, str]]:  # noqa: ANN401  # frictionless is untyped
    by_name = {str(field["name"]): field for field in fields(table)}
    if error.type in ("unique-error", "primary-key"):
        return [] if "None" in error.note else [("id", message("fault_duplicate"))]
    if error.type == "foreign-key":
        targets = {
            key["fields"][0]: key["reference"]["resource"] for key in table_schema(table)["schema"]["foreignKeys"]
        }
        return [(name, message("fault_dangling", table=targets[name] or table)) for name in error.field_names]
    if error.type == "type-error":
        return [(error.field_name, message(f"fault_{by_name[error.field_name]['type']}"))]
    if error.type == "constraint-error" and (match := _CONSTRAINT.match(error.note)):
        limits = by_name[error.field_name]["constraints"]
        constraint = match[1]
        values: dict[str, object] = {
            "enum": {"allowed": ", ".join(limits.get("enum", ()))},
            "minimum": {"bound": limits.get("minimum")},
            "maximum": {"bound": limits.get("maximum")},
        }.get(constraint, {})
        key = {"unique": "duplicate", "pattern": "id"}.get(constraint, constraint)
        return [(error.field_name, message(f"fault_{key}", "fr", **values))]
    return [(None, message("fault_schema"))]


def _figure_cases(package: Descriptor | None, sheets: Sheets) -> Iterable[Fault]:
    figures = (package or {}).get("figure_ids")
    if not isinstance(figures, dict) or "households" not in sheets:
        return
    households = {row["id"] for _, row in sheets["households"].records()}
    for what in figures.values():
        if isinstance(what, dict) and isinstance(what.get("case"), str) and what["case"] not in households:
            yield Fault(FILE, None, "figure_ids", message("fault_figure_case"))
