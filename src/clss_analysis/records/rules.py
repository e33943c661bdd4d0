"""Rules that span rows: households kept apart, trees that are trees, ties with two ends, time in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation

import networkx as nx

from clss_analysis.records.coding_rules import coding_faults
from clss_analysis.records.faults import Fault
from clss_analysis.records.sheet import Sheet
from clss_analysis.records.vocabulary import label, message

Sheets = Mapping[str, Sheet]

_SPANS = {
    "households": ("intake", "closing"),
    "persons": ("arrival", "departure"),
    "events": ("month", "until"),
} | dict.fromkeys(
    ("situations", "couples", "housing_problems", "health_impacts", "domain_impacts", "ties", "partnerships", "phases"),
    ("start", "end"),
)
_NAMED = {
    "couples": ("partner_a", "partner_b"),
    "filiations": ("parent", "child"),
    "health_impacts": ("person",),
    "domain_impacts": ("person",),
    "attendance": ("person",),
    "ties": ("from_person", "to_person", "from_actor", "to_actor"),
    "events": ("actor",),
    "relevance_nodes": ("parent",),
    "relevance_links": ("parent", "child"),
}
PARENT_YEARS = 10
UNBORN = ("expected", "lost")
_IN_TREES = ("relevance_nodes", "relevance_links")
_NEAR_ONE = Decimal("0.005")
_ABOVE = {"objective": "aim", "action": "objective", "means": "aim"}


def rule_faults(sheets: Sheets, *, synthetic: bool | None) -> list[Fault]:
    """Faults of the rules that the schema cannot say.

    Args:
        sheets: the tables that could be read.
        synthetic: what the descriptor says of the dataset; None where it does not say.
    """
    faults: list[Fault] = []
    for check in _CHECKS:
        faults += check(sheets)
    if synthetic is not None:
        faults += _marked(sheets, synthetic=synthetic)
    if "households" in sheets and not sheets["households"].rows:
        faults.append(Fault(sheets["households"].file, None, None, message("fault_no_household")))
    return faults


def _spans(sheets: Sheets) -> Iterable[Fault]:
    for table, (start, end) in _SPANS.items():
        for line, row in _rows(sheets, table):
            if row[start] and row[end] and len(row[start]) == len(row[end]) == 7 and row[end] < row[start]:
                yield _at(sheets[table], line, end, "fault_order", start=start)


def _households_apart(sheets: Sheets) -> Iterable[Fault]:
    home = {
        column: {row["id"]: row["household"] for _, row in _rows(sheets, table)}
        for column, table in (("person", "persons"), ("actor", "actors"), ("node", "relevance_nodes"))
    }
    for table, columns in _NAMED.items():
        for column in columns:
            kind = "actor" if column.endswith("actor") else "node" if table in _IN_TREES else "person"
            for line, row in _rows(sheets, table):
                other = home[kind].get(row[column], "")
                if other and row["household"] and other != row["household"]:
                    yield _at(sheets[table], line, column, "fault_elsewhere")


def _self_pairs(sheets: Sheets) -> Iterable[Fault]:
    for table, pairs in {
        "couples": [("partner_a", "partner_b")],
        "filiations": [("parent", "child")],
        "ties": [("from_person", "to_person"), ("from_actor", "to_actor")],
    }.items():
        for line, row in _rows(sheets, table):
            for a, b in pairs:
                if row[a] and row[a] == row[b]:
                    yield _at(sheets[table], line, b, "fault_self")


def _tie_ends(sheets: Sheets) -> Iterable[Fault]:
    for line, row in _rows(sheets, "ties"):
        ends = ("from_person", "from_actor"), ("to_person", "to_actor")
        for person, actor in ends:
            if row[person] and row[actor]:
                yield _at(sheets["ties"], line, actor, "fault_double_end")
        if not any(row[column] for end in ends for column in end):
            yield _at(sheets["ties"], line, None, "fault_both_ends")


def _once(sheets: Sheets) -> Iterable[Fault]:
    for table, keys, column, key in (
        ("criteria", ("household", "criterion"), "criterion", "fault_criterion_twice"),
        ("filiations", ("parent", "child"), "child", "fault_repeated_pair"),
        ("relevance_links", ("parent", "child"), "child", "fault_link_twice"),
        ("persons", ("household", "index"), "index", "fault_two_index"),
    ):
        seen: set[tuple[str, ...]] = set()
        for line, row in _rows(sheets, table):
            values = tuple(row[name] for name in keys)
            if not all(values) or (table == "persons" and row["index"] != "true"):
                continue
            if values in seen:
                yield _at(sheets[table], line, column, key)
            seen.add(values)


def _ids_apart(sheets: Sheets) -> Iterable[Fault]:
    """File names and anchors of figures are made from household ids, and may not tell case apart."""
    seen: dict[str, str] = {}
    for line, row in _rows(sheets, "households"):
        if seen.setdefault(row["id"].lower(), row["id"]) != row["id"]:
            yield _at(sheets["households"], line, "id", "fault_letter_case")


def _relevance_levels(sheets: Sheets) -> Iterable[Fault]:
    levels = {row["id"]: row["level"] for _, row in _rows(sheets, "relevance_nodes")}
    for line, row in _rows(sheets, "relevance_nodes"):
        if row["level"] == "aim" and row["parent"]:
            yield _at(sheets["relevance_nodes"], line, "parent", "fault_aim_parent")
        elif (above := _ABOVE.get(row["level"])) and (not row["parent"] or levels.get(row["parent"], above) != above):
            words = {"level": label("relevance_level", row["level"]), "above": label("relevance_level", above)}
            yield _at(sheets["relevance_nodes"], line, "parent", "fault_parent_level", **words)


def _relevance_links(sheets: Sheets) -> Iterable[Fault]:
    """A link leads from an objective to an action that hangs on another one."""
    nodes = {row["id"]: row for _, row in _rows(sheets, "relevance_nodes")}
    for line, row in _rows(sheets, "relevance_links"):
        for column, level in (("parent", "objective"), ("child", "action")):
            if row[column] in nodes and nodes[row[column]]["level"] != level:
                words = {"level": label("relevance_level", level)}
                yield _at(sheets["relevance_links"], line, column, "fault_link_level", **words)
        if row["child"] in nodes and row["parent"] and nodes[row["child"]]["parent"] == row["parent"]:
            yield _at(sheets["relevance_links"], line, "child", "fault_link_twice")


def _relevance_numbers(sheets: Sheets) -> Iterable[Fault]:
    """Relevance numbers, after PATTERN: for all nodes of a level under one parent or for none, and one in sum."""
    siblings: dict[tuple[str, ...], list[tuple[int, str]]] = {}
    for line, row in _rows(sheets, "relevance_nodes"):
        key = (row["household"], row["parent"], row["level"])
        siblings.setdefault(key, []).append((line, row["relevance"]))
    for among in siblings.values():
        given = [(line, cell) for line, cell in among if cell]
        if not given:
            continue
        if len(given) < len(among):
            for line, cell in among:
                if not cell:
                    yield _at(sheets["relevance_nodes"], line, "relevance", "fault_relevance_some")
            continue
        try:
            total = sum((Decimal(cell) for _, cell in given), Decimal(0))
        except InvalidOperation:
            continue
        if not total.is_finite() or abs(total - 1) > _NEAR_ONE:
            yield _at(sheets["relevance_nodes"], given[0][0], "relevance", "fault_relevance_sum")


def _cycles(sheets: Sheets) -> Iterable[Fault]:
    for table, parent, child in (
        ("filiations", "parent", "child"),
        ("relevance_nodes", "parent", "id"),
        ("programme", "parent", "id"),
        ("codes", "parent", "id"),
    ):
        edges = [(line, row[parent], row[child]) for line, row in _rows(sheets, table) if row[parent] and row[child]]
        graph = nx.DiGraph((a, b) for _, a, b in edges)
        component = {
            node: number for number, nodes in enumerate(nx.strongly_connected_components(graph)) for node in nodes
        }
        named: set[int] = set()
        for line, a, b in edges:
            if component[a] == component[b] and component[a] not in named and (a != b or table != "filiations"):
                named.add(component[a])
                yield _at(sheets[table], line, parent, "fault_cycle")


def _marked(sheets: Sheets, *, synthetic: bool) -> Iterable[Fault]:
    key = "fault_not_synthetic" if synthetic else "fault_unmarked"
    for table, sheet in sheets.items():
        for line, row in _rows(sheets, table):
            if row["source"] and (row["source"] == "synthetic") != synthetic:
                yield _at(sheet, line, "source", key)


def _possible(sheets: Sheets) -> Iterable[Fault]:
    """Families that can be: parents old enough, none unborn, and a pregnancy that is somebody's.

    Ages are compared for birth and for two who are alive only: a deceased person's age may be that at death.
    """
    persons = {row["id"]: row for _, row in _rows(sheets, "persons")}
    carried = set()
    for line, row in _rows(sheets, "filiations"):
        carried.add(row["child"])
        parent, child = persons.get(row["parent"]), persons.get(row["child"])
        if parent is None or child is None:
            continue
        if parent["life"] in UNBORN:
            yield _at(sheets["filiations"], line, "parent", "fault_unborn_parent")
        both_live = parent["life"] == child["life"] == "alive"
        known = all(re.fullmatch("[0-9]{1,3}", each["age"]) for each in (parent, child))
        if row["kind"] == "birth" and both_live and known and int(parent["age"]) < int(child["age"]) + PARENT_YEARS:
            yield _at(sheets["filiations"], line, "parent", "fault_parent_age", years=PARENT_YEARS)
    if "filiations" in sheets:
        for line, row in _rows(sheets, "persons"):
            if row["life"] in UNBORN and row["id"] not in carried:
                yield _at(sheets["persons"], line, "life", "fault_no_carrier")


def _rows(sheets: Sheets, table: str) -> Iterable[tuple[int, dict[str, str]]]:
    return sheets[table].records() if table in sheets else ()


def _at(sheet: Sheet, line: int, column: str | None, key: str, **values: object) -> Fault:
    return Fault(sheet.file, line, column, message(key, "fr", **values))


_CHECKS: tuple[Callable[[Sheets], Iterable[Fault]], ...] = (
    coding_faults,
    _spans,
    _households_apart,
    _self_pairs,
    _tie_ends,
    _once,
    _ids_apart,
    _relevance_levels,
    _relevance_links,
    _relevance_numbers,
    _cycles,
    _possible,
)
