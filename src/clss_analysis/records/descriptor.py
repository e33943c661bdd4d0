"""The `datapackage.json` of a dataset: written from the schema, and read without trusting it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import Any

from clss_analysis.records.faults import Fault
from clss_analysis.records.own_columns import ROLES, OwnFields, added_to, own_faults
from clss_analysis.records.schema import (
    MONTH_OR_YEAR,
    MONTHS,
    SCHEMA_VERSION,
    Descriptor,
    fields,
    optional_fields,
    optional_table,
    since,
    table_names,
    table_schema,
)
from clss_analysis.records.sheet import FORBIDDEN
from clss_analysis.records.small_counts import LEAST_THRESHOLD, MOST_THRESHOLD, THRESHOLD
from clss_analysis.records.vocabulary import LANGUAGES, message

FILE = "datapackage.json"
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_MONTH = re.compile(r"([0-9]{4}-(0[1-9]|1[0-2]))?")
_KIND = re.compile(r"[a-z][a-z-]{0,31}")
SIGNATURE = "synthetic_rows"
EDITIONS = "counted_in_editions"
"""Groups of households (`households`, `until`, `out`) that editions given out have counted; never in a file to edit.

`said` has, for each number that they printed, in the same order in each group, which of its households are in it."""
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
LICENCES = frozenset({*LICENCE.values(), "Creative Commons Attribution 4.0 International"})
_OWN = (
    "profile", "name", "title", "description", "language", "synthetic", "source_line", "figure_ids", "threshold",
    "resources", "schema_version",
)  # fmt: skip


def edition_groups(extra: Mapping[str, object]) -> tuple[Mapping[str, Any], ...]:
    """The groups under `EDITIONS`; none where the key is missing, or does not hold what the program writes there.

    >>> edition_groups({EDITIONS: ["somebody wrote this"]})
    ()
    """
    groups = extra.get(EDITIONS)
    if not isinstance(groups, tuple | list):
        return ()
    made = all(
        isinstance(each, Mapping)
        and {"households", "until", "out"} <= set(each) <= {"households", "until", "out", "said"}
        and isinstance(each["households"], tuple | list)
        and all(ID.fullmatch(str(home)) for home in each["households"])
        and _MONTH.fullmatch(str(each["until"]))
        and isinstance(each["out"], bool)
        and isinstance(each.get("said", ()), tuple | list)
        and all(isinstance(homes, tuple | list) for homes in each.get("said", ()))
        and all(home in each["households"] for homes in each.get("said", ()) for home in homes)
        for each in groups
    )
    return tuple(groups) if made else ()


def extra_keys(package: Descriptor) -> Descriptor:
    """What a descriptor says beyond what `Records` has a field for, as it stands."""
    return {key: value for key, value in package.items() if key not in _OWN}


def describe(
    *,
    name: str,
    title: str,
    synthetic: bool,
    source_line: str,
    language: str = "fr",
    description: str = "",
    figure_ids: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    threshold: int = THRESHOLD,
    disclosure: Mapping[str, str] = MappingProxyType({}),
    own: OwnFields = MappingProxyType({}),
    extra: Mapping[str, Any] = MappingProxyType({}),
) -> Descriptor:
    """The Frictionless descriptor of a dataset: what it is, and every table as the schema has it.

    Args:
        name: lower-case name of the package.
        title: what a reader calls it.
        synthetic: whether its households are made up.
        source_line: what the source line of a figure says.
        language: language of the texts: fr, nl or en.
        description: a sentence or two on where the records come from.
        figure_ids: figure id → `kind` and, for a figure of one household, `case`.
        threshold: smallest number of households that a published count may show.
        disclosure: « table.field » → what it gives away, where the dataset says otherwise than the schema.
        own: fields that the dataset adds, by table.
        extra: other keys as they stand: `contributors`, `sources`, `licenses` (default: CC BY 4.0).

    Returns:
        A new descriptor, to be written as JSON; enumerations are spelt out for other tools.

    >>> package = describe(name="essai", title="Essai", synthetic=True, source_line="Essai")
    >>> package["synthetic"], package["resources"][1]["path"]
    (True, 'households.csv')
    """
    package: Descriptor = {
        "profile": "data-package",
        "schema_version": SCHEMA_VERSION,
        "name": name,
        "title": title,
        "description": description,
        "language": language,
        "synthetic": synthetic,
        "source_line": source_line,
        "licenses": [LICENCE],
    }
    package |= {key: extra[key] for key in sorted(extra) if key not in _OWN}
    if figure_ids:
        package["figure_ids"] = {figure: dict(what) for figure, what in figure_ids.items()}
    if threshold != THRESHOLD:
        package["threshold"] = threshold
    package["resources"] = [resource(table) for table in table_names()]
    for each in package["resources"]:
        for field in each["schema"]["fields"]:
            if role := disclosure.get(f"{each['name']}.{field['name']}"):
                field["disclosure"] = role
        each["schema"]["fields"] += [dict(field) for field in own.get(each["name"], ())]
    return package


def own_disclosure(package: Descriptor) -> dict[str, str]:
    """What the fields of a checked descriptor give away, where it says otherwise than the schema."""
    found = {}
    for resource in package["resources"]:
        ours = _ours(resource["name"], resource["schema"])
        for own, canonical in zip(ours, _asked(resource["name"], ours), strict=True):
            role = own.get("disclosure", canonical.get("disclosure"))
            if role != canonical.get("disclosure"):
                found[f"{resource['name']}.{own['name']}"] = str(role)
    return found


def _ours(table: str, schema: Descriptor) -> list[Any]:
    """What a descriptor declares in the place of the schema's fields."""
    added = {place for place, _ in added_to(table, schema)}
    return [each for place, each in enumerate(schema["fields"], start=1) if place not in added]


def _asked(table: str, declared: list[Any]) -> list[Descriptor]:
    """The fields of the schema that a descriptor must have: all but the optional ones that it does without."""
    named = {each.get("name") for each in declared if isinstance(each, dict)}
    return [each for each in fields(table) if each["name"] in named or not each.get("optional")]


def as_json(package: Descriptor) -> str:
    """A descriptor as the text of its file."""
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def descriptor_faults(text: str) -> tuple[Descriptor | None, list[Fault]]:
    """Check the text of a dataset's own descriptor.

    It must be a JSON object that says name, title, synthetic, language and source line, describe every table
    where it is, and loosen nothing: fields, types, constraints and keys are the schema's (an enumeration may be
    shorter); fields may be added.  Nothing in it is followed: no path, no address, no script.

    Returns:
        The descriptor, None where it is no JSON object, and the faults.
    """
    try:
        package = json.loads(text)
    except json.JSONDecodeError as error:
        return None, [Fault(FILE, error.lineno, None, message("fault_json"))]
    except (RecursionError, ValueError):
        return None, [Fault(FILE, None, None, message("fault_json"))]
    if not isinstance(package, dict):
        return None, [Fault(FILE, None, None, message("fault_object"))]
    if _older(package):
        return package, [_fault("fault_older", version=version_of(package), today=SCHEMA_VERSION)]
    faults = [_fault("fault_key_text", key) for key in ("title", "source_line") if not _is_text(package.get(key))]
    description = package.get("description", "")
    if not isinstance(description, str) or FORBIDDEN.search(description):
        faults.append(_fault("fault_string", "description"))
    if not (isinstance(package.get("name"), str) and _NAME.fullmatch(package["name"])):
        faults.append(_fault("fault_key_name", "name"))
    if not isinstance(package.get("synthetic"), bool):
        faults.append(_fault("fault_boolean", "synthetic"))
    if package.get("language", "fr") not in LANGUAGES:
        faults.append(_fault("fault_key_language", "language", allowed=", ".join(LANGUAGES)))
    least = package.get("threshold", THRESHOLD)
    if type(least) is not int or not LEAST_THRESHOLD <= least <= MOST_THRESHOLD:
        faults.append(_fault("fault_threshold", "threshold", least=LEAST_THRESHOLD, most=MOST_THRESHOLD))
    faults += _figure_faults(package.get("figure_ids", {}))
    return package, faults + _resource_faults(package.get("resources"))


def _older(package: Descriptor) -> bool:
    """Whether a descriptor is of a schema that is no longer read: without shares of actions, or a later column."""
    try:
        version = version_of(package)
        later = range(version + 1, SCHEMA_VERSION + 1)
        if any({*since(table, each)} - optional_fields(table) for table in table_names() for each in later):
            return True
        (nodes,) = [each["schema"]["fields"] for each in package["resources"] if each["name"] == "relevance_nodes"]
        return version < 2 and not {"progress", "relevance"} & {field["name"] for field in nodes}
    except (TypeError, KeyError, ValueError, AttributeError):
        return False


def _fault(key: str, column: str | None = None, **values: object) -> Fault:
    return Fault(FILE, None, column, message(key, "fr", **values))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not FORBIDDEN.search(value) and "\n" not in value


def _figure_faults(figures: object) -> list[Fault]:
    if not isinstance(figures, dict) or not all(
        ID.fullmatch(figure) and _is_figure(figures[figure]) for figure in figures
    ):
        return [_fault("fault_key_figures", "figure_ids")]
    wanted = [(what["kind"], what.get("case")) for what in figures.values()]
    same_file = {figure.lower() for figure in figures}
    if len(set(wanted)) < len(wanted) or len(same_file) < len(figures):
        return [_fault("fault_figure_twice", "figure_ids")]
    return []


def _is_figure(what: object) -> bool:
    return (
        isinstance(what, dict)
        and {"kind"} <= set(what) <= {"kind", "case"}
        and all(isinstance(value, str) for value in what.values())
        and bool(_KIND.fullmatch(what["kind"]))
        and bool(ID.fullmatch(what.get("case", "x")))
    )


def _resource_faults(resources: object) -> list[Fault]:
    if not isinstance(resources, list):
        return [_fault("fault_no_resource", "resources", table=table) for table in table_names()]
    faults, seen = [], set()
    for position, resource in enumerate(resources, start=1):
        table = resource.get("name") if isinstance(resource, dict) else None
        if not isinstance(table, str) or table not in table_names():
            faults.append(_fault("fault_extra_resource", "resources", n=position))
        elif table in seen:
            faults.append(_fault("fault_repeated_resource", "resources", table=table))
        else:
            seen.add(table)
            faults += _table_faults(table, resource)
    missing = [table for table in table_names() if table not in seen and not optional_table(table)]
    return faults + [_fault("fault_no_resource", "resources", table=table) for table in missing]


def _table_faults(table: str, resource: Descriptor) -> list[Fault]:
    path = table_schema(table)["path"]
    faults = []
    if resource.get("path") != path or "data" in resource or "scheme" in resource:
        faults.append(_fault("fault_path", "resources", table=table, path=path))
    if not _same_schema(table, resource.get("schema")):
        return [*faults, _fault("fault_loosened", "resources", table=table)]
    faults += [Fault(FILE, None, "resources", rule) for rule in own_faults(table, added_to(table, resource["schema"]))]
    if any(field.get("disclosure", "none") not in ROLES for field in _ours(table, resource["schema"])):
        faults.append(_fault("fault_disclosure", "resources", table=table, allowed=", ".join(ROLES)))
    return faults


def _same_schema(table: str, own: object) -> bool:
    canonical = table_schema(table)["schema"]
    if not isinstance(own, dict) or any(own.get(key) != canonical[key] for key in canonical if key != "fields"):
        return False
    if not isinstance(own.get("fields"), list):
        return False
    theirs = _ours(table, own)
    ours = _asked(table, theirs)
    if len(theirs) != len(ours):
        return False
    return all(isinstance(a, dict) and _same_field(a, b) for a, b in zip(theirs, ours, strict=True))


def _same_field(own: Descriptor, canonical: Descriptor) -> bool:
    limits, constraints = own.get("constraints", {}), dict(canonical.get("constraints", {}))
    allowed = constraints.pop("enum", None)
    types = MONTHS if canonical["type"] == MONTH_OR_YEAR else (canonical["type"],)
    if own.get("name") != canonical["name"] or own.get("type") not in types or not isinstance(limits, dict):
        return False
    if allowed is not None:
        enum = limits.get("enum")
        if not isinstance(enum, list) or any(code not in allowed for code in enum):
            return False
    return all(limits.get(key) == value for key, value in constraints.items())


def resource(table: str) -> Descriptor:
    """What a descriptor says of a table, spelt out for other tools."""
    made = deepcopy(table_schema(table))
    made |= {"profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    return made


def version_of(package: Descriptor) -> int:
    """The version of the schema that a descriptor follows; one that says none is known by what it lacks.

    >>> version_of({"schema_version": 3}), version_of({"resources": []})
    (3, 1)
    """
    said = package.get("schema_version")
    if type(said) is int:
        return said
    known = {each["name"]: each["schema"]["fields"] for each in package["resources"]}
    every = [field for of in known.values() for field in of]
    if "relevance_links" not in known:
        return 1
    if not any("disclosure" in field for field in every):
        return 2
    if "codes" not in known:
        return 3
    life = [field for field in known["persons"] if field["name"] == "life"]
    if any(field.get("constraints", {}).get("required") for field in life):
        return 4
    return 6 if any(field.get("type") == MONTH_OR_YEAR for field in every) else 5
