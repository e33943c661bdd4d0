"""Families that cannot be, told by the line of the file that says so."""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx

from clss_analysis.records.exchange.found import LIMIT_LINKS, LIMIT_NODES, Found, FoundPerson, fault
from clss_analysis.records.faults import Fault
from clss_analysis.records.rules import PARENT_YEARS, UNBORN


def impossible(found: Found) -> Iterable[Fault]:
    """Faults of a family: nobody is their own ancestor, partner or parent, or born to someone too young or unborn.

    A birth parent is at least ten years older than the child, where the birth years of both are known exactly, or
    the ages of both who are alive.  A pregnancy belongs to somebody.  At most 5,000 persons and actors, 20,000 links.
    """
    if len(found.persons) + len(found.actors) > LIMIT_NODES:
        yield fault(found.file, None, "too_many", limit=LIMIT_NODES)
    if len(found.couples) + len(found.filiations) + len(found.ties) > LIMIT_LINKS:
        yield fault(found.file, None, "too_many_links", limit=LIMIT_LINKS)
    persons = {person.key: person for person in found.persons}
    for couple in found.couples:
        if couple.a == couple.b:
            yield fault(found.file, couple.line, "self")
        elif _apart(persons[couple.a], persons[couple.b]):
            yield fault(found.file, couple.line, "elsewhere")
    edges = [(each.parent, each.child) for each in found.filiations]
    component = {
        key: number for number, keys in enumerate(nx.strongly_connected_components(nx.DiGraph(edges))) for key in keys
    }
    for each in found.filiations:
        parent, child = persons[each.parent], persons[each.child]
        if component[each.parent] == component[each.child]:
            yield fault(found.file, each.line, "ancestor")
        elif _apart(parent, child):
            yield fault(found.file, each.line, "elsewhere")
        elif parent.life in UNBORN:
            yield fault(found.file, each.line, "unborn_parent")
        elif each.kind == "birth" and (gap := _gap(parent, child)) is not None and gap < PARENT_YEARS:
            yield fault(found.file, each.line, "parent_age", years=PARENT_YEARS)
    carried = {each.child for each in found.filiations}
    for person in found.persons:
        if person.life in UNBORN and person.key not in carried:
            yield fault(found.file, person.line, "no_carrier")


def _apart(one: FoundPerson, other: FoundPerson) -> bool:
    return one.household != other.household


def _gap(parent: FoundPerson, child: FoundPerson) -> int | None:
    if parent.born is not None and child.born is not None:
        return child.born - parent.born
    if parent.age is not None and child.age is not None and parent.life == child.life == "alive":
        return parent.age - child.age
    return None
