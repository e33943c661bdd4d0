"""Datasets of older schemas brought along, step by step; nothing that they say is lost."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from clss_analysis.records.atomic import SHARED, new_folder, write_file
from clss_analysis.records.descriptor import FILE, as_json, resource, version_of
from clss_analysis.records.escape import csv_text
from clss_analysis.records.faults import InvalidRecordsError
from clss_analysis.records.schema import (
    MONTH_OR_YEAR,
    SCHEMA_VERSION,
    Descriptor,
    fields,
    since,
    table_names,
    table_schema,
)
from clss_analysis.records.sheet import csv_arguments, decode, form_of, is_comment
from clss_analysis.records.validation import checked


@dataclass(frozen=True)
class Step:
    """What a version of the schema brought: tables, columns by table, and properties that its fields have since."""

    version: int
    tables: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    properties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


_TELLING = {
    table: tuple(str(each["name"]) for each in fields(table) if "disclosure" in each)
    for table in ("households", "persons", "health_impacts")
}
_YEARS = {
    table: names
    for table in table_names()
    if (names := tuple(str(each["name"]) for each in fields(table) if each["type"] == MONTH_OR_YEAR))
}
_LATER: dict[int, Mapping[str, tuple[str, ...]]] = {
    6: _YEARS,
    7: {"relevance_nodes": ("status",), "consents": ("scope",)},
}
STEPS = (
    Step(2, tables=("relevance_links",), columns={"relevance_nodes": ("progress", "relevance")}),
    Step(3, properties=_TELLING),
    Step(4, tables=("codes", "codings")),
    Step(5, properties={"persons": ("life",), "filiations": ("kind",)}),
    *(
        Step(
            version,
            columns={table: names for table in table_names() if (names := since(table, version))},
            properties=_LATER.get(version, {}),
        )
        for version in range(6, SCHEMA_VERSION + 1)
    ),
)
"""What each version brought; from the sixth on, columns say in the schema since when they are there."""


@dataclass(frozen=True)
class Moved:
    """What a step changed: version, table, and column where it is one; `kind` is table, column or property."""

    version: int
    kind: str
    table: str
    column: str = ""


def migrate(folder: str | Path) -> tuple[list[Moved], Path | None]:
    """Bring a dataset of an older schema along: new tables and columns are empty, which means unknown.

    The dataset as it was is kept beside it, `<folder>-schema-<version>`; the new one takes its place as a whole, or
    nothing changes.  A dataset of today's schema is left as it is.

    Args:
        folder: the dataset.

    Returns:
        What changed, in order, and the folder where the previous state lies; nothing and None where all is of today.

    Raises:
        InvalidRecordsError: it cannot be read as a dataset of any schema; nothing is changed.
    """
    home = Path(folder).resolve()
    try:
        package = json.loads((home / FILE).read_text(encoding="utf-8-sig"))
        before = version_of(package)
        files = {path.name: path.read_bytes() for path in home.glob("*.csv")}
        moved = [each for step in STEPS if step.version > before for each in _apply(step, package, files)]
    except (OSError, LookupError, TypeError, ValueError, AttributeError, StopIteration, RecursionError) as error:
        raise error if isinstance(error, InvalidRecordsError) else InvalidRecordsError(checked(home)[0]) from None
    if before >= SCHEMA_VERSION:
        return [], None
    package["schema_version"] = SCHEMA_VERSION
    files[FILE] = as_json(package).encode("utf-8")
    kept = _beside(home, before)
    with new_folder(home, mode=home.stat().st_mode & 0o777) as made:
        shutil.copytree(home, made, symlinks=True, dirs_exist_ok=True)
        for name, content in files.items():
            place = made / name
            write_file(place, content, place.stat().st_mode & 0o777 if place.exists() else SHARED)
        if faults := checked(made)[0]:
            raise InvalidRecordsError(faults)
        shutil.copytree(home, kept)
    return moved, kept


def _beside(home: Path, version: int) -> Path:
    place, number = home.with_name(f"{home.name}-schema-{version}"), 1
    while place.exists():
        number += 1
        place = home.with_name(f"{home.name}-schema-{version}-{number}")
    return place


def _apply(step: Step, package: Descriptor, files: dict[str, bytes]) -> list[Moved]:
    known: dict[str, Descriptor] = {each["name"]: each for each in package["resources"]}
    moved: list[Moved] = []
    for table in step.tables:
        path = str(table_schema(table)["path"])
        if table not in known:
            package["resources"].append(resource(table))
            files.setdefault(path, csv_text([[each["name"] for each in fields(table)]]).encode("utf-8"))
            moved.append(Moved(step.version, "table", table))
    for table, names in step.columns.items():
        declared = known[table]["schema"]["fields"]
        missing = [name for name in names if name not in {each["name"] for each in declared}]
        if missing:
            declared += [_field(table, name) for name in missing]
            order = [str(each["name"]) for each in fields(table)]
            ours = iter(
                sorted((each for each in declared if each["name"] in order), key=lambda e: order.index(e["name"]))
            )
            declared[:] = [next(ours) if each["name"] in order else each for each in declared]
            path = str(table_schema(table)["path"])
            files[path] = _with_columns(files[path], path, package, [each["name"] for each in declared])
            moved += [Moved(step.version, "column", table, name) for name in missing]
    for table, names in step.properties.items():
        for each in known[table]["schema"]["fields"]:
            if each["name"] in names:
                before = dict(each)
                today = _field(table, each["name"])
                each |= {key: today[key] for key in ("disclosure",) if key in today and key not in each}
                if today["type"] == MONTH_OR_YEAR:
                    each.update(type=today["type"], description=today["description"])
                limits = {key: value for key, value in each.get("constraints", {}).items() if key != "required"}
                if "required" not in today.get("constraints", {}) and "constraints" in each:
                    each["constraints"] = limits
                if "enum" in each.get("constraints", {}):
                    each["constraints"]["enum"] = today["constraints"]["enum"]
                if each != before:
                    moved.append(Moved(step.version, "property", table, each["name"]))
    return moved


def _field(table: str, name: str) -> Descriptor:
    return deepcopy(next(each for each in fields(table) if each["name"] == name))


def _with_columns(content: bytes, path: str, package: Descriptor, names: Sequence[str]) -> bytes:
    """A table with the columns in an order, new ones empty, in the encoding and dialect that it had, without comments.

    Columns that nobody declared stay behind the others; a row with more or fewer cells than the head stays so.
    """
    encoding, dialect = form_of(as_json(package).encode("utf-8"), path)
    text = decode(content, path, encoding)
    if not isinstance(text, str):
        raise InvalidRecordsError([text])
    rows = [
        row
        for row in csv.reader(io.StringIO(text, newline=""), **csv_arguments(dialect))
        if row and not is_comment(row, dialect)
    ]
    head = rows[0]
    names = [*names, *(name for name in head if name not in names)]
    more = [""] * (len(names) - len(head))
    told = [dict(zip(head, row, strict=True)) if len(row) == len(head) else [*row, *more] for row in rows[1:]]
    cells = [[row.get(name, "") for name in names] if isinstance(row, dict) else row for row in told]
    return csv_text([names, *cells], **csv_arguments(dialect)).encode(encoding)
