"""The vectorised check of cells and keys beside Frictionless, row by row, on the same broken datasets."""

from __future__ import annotations

import random
import re
from copy import deepcopy
from pathlib import Path

import pytest
from frictionless import Package, Resource, Schema
from records_sample import sound_rows, write_rows

from clss_analysis.records.schema import fields, table_names, table_schema
from clss_analysis.records.sheet import Sheet, read_sheet
from clss_analysis.records.validation import cell_faults, key_faults
from clss_analysis.records.vocabulary import message

BROKEN = ["", "x", "none", "-3", "999", "1.5", "2023-13", "2023-01", "true", "Vrai", "A", "a b", "é", "101", "0.5"]
CONSTRAINT = re.compile(r'constraint "(\w+)"')
Place = tuple[str, int | None, str | None, str]


def schema_of(table: str, sheets: dict[str, Sheet]) -> Schema:
    schema = deepcopy(table_schema(table)["schema"])
    schema["fields"] = [
        {"name": field["name"], "type": field["type"], "constraints": field.get("constraints", {})}
        | ({"trueValues": ["true"], "falseValues": ["false"]} if field["type"] == "boolean" else {})
        for field in schema["fields"]
    ]
    schema["foreignKeys"] = [
        {"fields": key["fields"], "reference": {"resource": f"{target}.id", "fields": ["id"]}}
        for key in schema["foreignKeys"]
        if (target := key["reference"]["resource"] or table) in sheets
    ]
    return Schema.from_descriptor(schema)


def by_frictionless(sheets: dict[str, Sheet]) -> set[Place]:
    resources = []
    for table, sheet in sheets.items():
        if sheet.rows:
            names = [field["name"] for field in fields(table)]
            resources.append(Resource(name=table, data=[names, *sheet.rows], schema=schema_of(table, sheets)))
        ids = Schema.from_descriptor({"fields": [{"name": "id", "type": "string"}], "missingValues": [""]})
        resources.append(Resource(name=f"{table}.id", data=[["id"], *([row[0]] for row in sheet.rows)], schema=ids))
    found: set[Place] = set()
    for task in Package(resources=resources).validate(limit_errors=10**9).tasks:
        if task.name in sheets:
            sheet = sheets[task.name]
            for error in task.errors:
                line = sheet.lines[error.row_number - 2]
                found |= {(sheet.file, line, column, rule) for column, rule in told(error, sheet.table)}
    return found


def told(error: object, table: str) -> list[tuple[str, str]]:
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
    limits, constraint = by_name[error.field_name]["constraints"], CONSTRAINT.match(error.note)[1]
    values = {
        "enum": {"allowed": ", ".join(limits.get("enum", ()))},
        "minimum": {"bound": limits.get("minimum")},
        "maximum": {"bound": limits.get("maximum")},
    }.get(constraint, {})
    key = {"unique": "duplicate", "pattern": "id"}.get(constraint, constraint)
    return [(error.field_name, message(f"fault_{key}", "fr", **values))]


def stricter(place: Place) -> bool:
    """Faults of form that only we find: how ids, months and numbers are written."""
    forms = ("id", "yearmonth", "any", "integer", "number", "boolean")
    return place[3] in {message(f"fault_{form}") for form in forms}


@pytest.mark.parametrize("seed", range(12))
def test_the_same_faults_as_frictionless_finds(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    rows = sound_rows()
    for _ in range(12):
        table = rng.choice([name for name in table_names() if rows[name]])
        column = rng.choice([str(field["name"]) for field in fields(table)])
        rng.choice(rows[table])[column] = rng.choice(BROKEN)
    folder = write_rows(tmp_path / "jeu", rows)
    sheets = {table: sheet for table in table_names() if (sheet := read_sheet(folder, table)[0]) is not None}
    ours = {
        (fault.file, fault.row, fault.column, fault.rule)
        for sheet in sheets.values()
        for fault in (*cell_faults(sheet), *key_faults(sheet, sheets))
    }
    theirs = by_frictionless(sheets)
    assert theirs <= ours
    assert {place for place in ours - theirs if not stricter(place)} == set()
    assert ours
