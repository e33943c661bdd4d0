"""The tables of a dataset, as a Frictionless data package describes them.

`schema.json` is the one place where tables, fields, keys and units are said; enumerations come from
`vocabularies.csv`.  A dataset's own `datapackage.json` repeats them for other tools; what the tables must
satisfy is always what is said here, so that a descriptor cannot loosen its own checks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from clss_analysis.records.vocabulary import codes

Descriptor = dict[str, Any]

MONTH_OR_YEAR = "any"
"""Type of a month of which the year alone may be told (YYYY-MM or YYYY), for which Frictionless has no name; see
`records/years.py`."""
MONTHS = ("yearmonth", MONTH_OR_YEAR)
MONTH_FORM = re.compile(r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])")
MONTH_OR_YEAR_FORM = re.compile(r"(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?")
"""How a month is written in a cell, and a month or a year."""

IDENTIFYING: Mapping[str, tuple[str, ...]] = {
    "households": ("file_number", "address", "phone"),
    "persons": ("given_name", "family_name", "birth_date", "national_number", "phone", "email", "address"),
    "actors": ("person_name", "phone", "email"),
}
"""Columns that a workbook offers and no dataset has."""


@cache
def _said() -> Descriptor:
    said: Descriptor = json.loads(files("clss_analysis.records").joinpath("schema.json").read_text(encoding="utf-8"))
    return said


SCHEMA_VERSION: int = _said()["version"]
"""Rises whenever a table or column comes, goes or changes; `migration.py` has a step for each number."""


@cache
def _resources() -> dict[str, Descriptor]:
    resources: dict[str, Descriptor] = {}
    for resource in _said()["resources"]:
        for field in resource["schema"]["fields"]:
            if "vocabulary" in field:
                field.setdefault("constraints", {})["enum"] = list(codes(field["vocabulary"]))
        resources[resource["name"]] = resource
    return resources


def table_names() -> tuple[str, ...]:
    """Names of the tables, in the order in which a reader meets them.

    >>> table_names()[:3]
    ('consents', 'households', 'situations')
    """
    return tuple(_resources())


def home_column(table: str) -> str:
    """The column that says whose a row is, where a table has it.

    >>> home_column("persons"), home_column("households")
    ('household', 'id')
    """
    return "id" if table == "households" else "household"


def table_schema(table: str) -> Descriptor:
    """The Frictionless resource of one table: path, fields, primary and foreign keys.

    Raises:
        KeyError: no such table.

    >>> table_schema("households")["path"]
    'households.csv'
    """
    return _resources()[table]


def optional_table(table: str) -> bool:
    """Whether a dataset may do without a table, in the folder and in its descriptor.

    >>> optional_table("codes"), optional_table("statements")
    (True, False)
    """
    return bool(table_schema(table).get("optional", False))


def fields(table: str) -> tuple[Descriptor, ...]:
    """The fields of one table, in column order, each with type, title, description and unit.

    >>> [field["name"] for field in fields("couples")][:4]
    ['id', 'household', 'partner_a', 'partner_b']
    """
    return tuple(table_schema(table)["schema"]["fields"])


def optional_fields(table: str) -> frozenset[str]:
    """The columns that a dataset may do without, in the table and in its descriptor: they are unknown then."""
    return frozenset(str(field["name"]) for field in fields(table) if field.get("optional"))


def since(table: str, version: int) -> tuple[str, ...]:
    """The columns that a table has since a version of the schema.

    >>> since("households", 1)
    ()
    """
    return tuple(str(field["name"]) for field in fields(table) if field.get("since") == version)
