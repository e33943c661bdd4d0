"""Columns that an association adds to a table: declared in its `datapackage.json`, carried wherever ours go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from clss_analysis.records.schema import IDENTIFYING, Descriptor, fields, table_names
from clss_analysis.records.sheet import FORBIDDEN
from clss_analysis.records.vocabulary import message, vocabularies

NAME = re.compile(r"[\w](?:[\w .’'()&€%/+-]{0,62}[\w)€%])?")
"""A name that no format takes for something else: no comma, no quote, no sign of a formula at its head."""
TYPES = ("string", "integer", "number", "boolean", "yearmonth", "date")
ROLES = ("quasi-identifier", "sensitive", "identifier", "none")
SCANNED = ("string", "integer", "number", "date")
"""Types of own columns that may hold what points at someone: a number may be that of a telephone, a day a birth."""
_RESERVED = frozenset({"household", "mark", "verdict"})
"""What the rows of a household are known by in any table, and the columns that a workbook has for itself."""
_CHECKED = {"required", "enum", "minimum", "maximum"}
_TEXTS = ("title", "description", "unit")

OwnFields = Mapping[str, Sequence[Descriptor]]


def own_fields(package: Descriptor | None) -> dict[str, tuple[Descriptor, ...]]:
    """Table → its columns that are not the schema's, as a dataset's descriptor declares them; unsound ones left out.

    >>> rent = {"name": "rent", "type": "number"}
    >>> own_fields({"resources": [{"name": "households", "schema": {"fields": [rent]}}]})
    {'households': ({'name': 'rent', 'type': 'number'},)}
    """
    resources = (package or {}).get("resources")
    found: dict[str, tuple[Descriptor, ...]] = {}
    for resource in resources if isinstance(resources, list) else ():
        table = resource.get("name") if isinstance(resource, dict) else None
        if isinstance(table, str) and table in table_names() and table not in found:
            declared = [each for _, each in added_to(table, resource.get("schema"))]
            sound = tuple(each for place, each in enumerate(declared) if not _wrong(table, each, declared[:place]))
            if sound:
                found[table] = sound
    return found


def added_to(table: str, schema: object) -> list[tuple[int, Descriptor]]:
    """Place, from 1, and declaration of every field of a declared table that has a name and is not the schema's."""
    declared = schema.get("fields") if isinstance(schema, dict) else None
    ours = {field["name"] for field in fields(table)}
    return [
        (place, each)
        for place, each in enumerate(declared if isinstance(declared, list) else (), start=1)
        if isinstance(each, dict) and isinstance(each.get("name"), str) and each["name"] not in ours
    ]


def own_faults(table: str, declared: Iterable[tuple[int, Descriptor]]) -> list[str]:
    """What is wrong with the declarations of added fields, one sentence each, without their words."""
    found: list[str] = []
    before: list[Descriptor] = []
    for place, each in declared:
        if key := _wrong(table, each, before):
            found.append(message(key, table=table, n=place, types=", ".join(TYPES), allowed=", ".join(ROLES)))
        before.append(each)
    return found


def scanned(field: Descriptor) -> bool:
    """Whether the cells of an own column are read for what may point at someone."""
    return field["type"] in SCANNED and "vocabulary" not in field


def _wrong(table: str, field: Descriptor, before: Sequence[Descriptor]) -> str:
    """The rule that a declaration breaks; empty where it breaks none."""
    name, limits = field["name"], field.get("constraints", {})
    folded = [name.casefold(), *(str(each["name"]).casefold() for each in (*fields(table), *before))]
    if not NAME.fullmatch(name) or len(set(folded)) < len(folded):
        return "fault_own_name"
    if name in _RESERVED or name in IDENTIFYING.get(table, ()):
        return "fault_own_reserved"
    if field.get("type") not in TYPES:
        return "fault_own_type"
    if field.get("disclosure", "none") not in ROLES:
        return "fault_disclosure"
    texts = [field.get(key, "") for key in _TEXTS]
    if any(not isinstance(text, str) or FORBIDDEN.search(text) for text in texts):
        return "fault_own_rule"
    if not isinstance(limits, dict) or not _checkable(limits, field["type"]):
        return "fault_own_rule"
    coded = field.get("vocabulary")
    sound = coded is None or (field["type"] == "string" and coded in vocabularies() and "enum" not in limits)
    return "" if sound else "fault_own_rule"


def _checkable(limits: Descriptor, kind: str) -> bool:
    """Whether every constraint is one that is checked here; what is not would be a promise that nobody keeps."""
    numbers = [limits[key] for key in ("minimum", "maximum") if key in limits]
    listed = limits.get("enum", ["-"])
    return (
        set(limits) <= _CHECKED
        and isinstance(limits.get("required", False), bool)
        and (not numbers or (kind in ("integer", "number") and all(type(each) in (int, float) for each in numbers)))
        and ("enum" not in limits or kind == "string")
        and isinstance(listed, list)
        and bool(listed)
        and all(isinstance(each, str) and each and not FORBIDDEN.search(each) for each in listed)
    )
