"""Families of a foreign file: which cannot be, places seen from the index person, and who lives with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

import networkx as nx

from clss_analysis.records.exchange.foreign import (
    LIMIT_LINKS,
    LIMIT_NODES,
    ForeignActor,
    ForeignCouple,
    ForeignFile,
    ForeignFiliation,
    ForeignPerson,
    Why,
    stop,
)
from clss_analysis.records.rules import PARENT_YEARS, UNBORN

_ENDED = ("separated", "divorced")
GONE = ("deceased", "lost")
_WORDS = {
    "parent": {"woman": "mother", "man": "father"},
    "child": {"woman": "daughter", "man": "son"},
    "grandparent": {"woman": "grandmother", "man": "grandfather"},
}
_PLAIN = {"grandparent": "relative"}


def roles_of(
    persons: Sequence[ForeignPerson],
    couples: Iterable[ForeignCouple],
    filiations: Iterable[ForeignFiliation],
    index: str,
) -> tuple[dict[str, str], set[str]]:
    """Code of `family_role` for every person, and the keys of those who live in the household.

    The parents of the household are the index person and their partners, or, for someone who has parents but neither
    partner nor child, those parents.  A role that the file gives is kept.  At home are the index person, the first
    of these parents, a partner (or parent of the same child) not parted from them, and their children who have no
    family of their own; all of them alive, or a child expected.

    >>> mother, child = ForeignPerson(key="a", line=1, gender="woman"), ForeignPerson(key="b", line=2)
    >>> roles_of([mother, child], [], [ForeignFiliation(parent="a", child="b", line=3)], "b")[0]
    {'a': 'mother', 'b': 'child'}
    """
    by_key = {person.key: person for person in persons}
    up, down = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    kin, kind = defaultdict[tuple[str, str], list[str]](list), dict[tuple[str, str], str]()
    for each in filiations:
        kin[each.child, each.kind].append(each.parent)
        kind[each.parent, each.child] = each.kind
        up[each.child].append(each.parent)
        down[each.parent].append(each.child)
    partners, parted = defaultdict[str, list[str]](list), defaultdict[str, set[str]](set)
    for couple in couples:
        for one, other in ((couple.a, couple.b), (couple.b, couple.a)):
            partners[one].append(other)
            (parted[one].add if couple.state in _ENDED else parted[one].discard)(other)
    young = bool(up[index]) and not down[index] and not partners[index]
    centre = list(dict.fromkeys(up[index])) if young else [index] if index else []
    others = [key for each in centre for key in [*partners[each], *(p for c in down[each] for p in up[c])]]
    parents = list(dict.fromkeys([*centre, *others]))
    children = {child for each in parents for child in down[each]}
    elders = {key for each in parents for key in up[each]}
    siblings = {child for each in centre for elder in up[each] for child in down[elder]} - set(parents)
    roles: dict[str, str] = {}
    for person in persons:
        key = person.key
        if key in children and key not in parents:
            place = "child"
        elif key in parents:
            place = "parent" if down[key] else "adult" if key in centre else "partner"
        elif key in elders:
            place = "grandparent" if children else "parent"
        else:
            place = "sibling" if key in siblings else "relative"
        roles[key] = person.role or _WORDS.get(place, {}).get(person.gender, _PLAIN.get(place, place))
    anchor = next((key for key in centre if by_key[key].life not in (*GONE, "expected")), index)
    linked = {*partners[anchor], *(key for child in down[anchor] for key in kin[child, kind[anchor, child]])}
    at_home = {
        key for key in {index, anchor, *linked - parted[anchor]} if key and by_key[key].life not in (*GONE, "expected")
    }
    own = {child for key in at_home for child in down[key]}
    at_home |= {key for key in own if by_key[key].life not in GONE and not down[key] and not partners[key]}
    return roles, at_home


def leave_impossible(found: ForeignFile) -> None:
    """Leave the links that cannot be, each with a doubt; of whom a pregnancy cannot be, the life is left open.

    Nobody is their own ancestor, partner or parent, or born to someone too young or unborn.  A birth parent is at
    least ten years older than the child, where the birth years of both are known exactly, or the ages of both who are
    alive.  A pregnancy belongs to somebody.

    Raises:
        InvalidRecordsError: more than 5,000 persons and actors, or 20,000 links.
    """
    if len(found.persons) + len(found.actors) > LIMIT_NODES:
        raise stop(found.file, None, "too_many", limit=LIMIT_NODES)
    if len(found.couples) + len(found.filiations) + len(found.ties) > LIMIT_LINKS:
        raise stop(found.file, None, "too_many_links", limit=LIMIT_LINKS)
    persons = {person.key: person for person in found.persons}

    def wrong(one: str, other: str) -> str:
        if one == other:
            return "self"
        return "elsewhere" if persons[one].household != persons[other].household else ""

    found.couples = [each for each in found.couples if not found.doubted(each.line, wrong(each.a, each.b))]
    edges = [(each.parent, each.child) for each in found.filiations]
    component = {
        key: number for number, keys in enumerate(nx.strongly_connected_components(nx.DiGraph(edges))) for key in keys
    }

    def broken(each: ForeignFiliation) -> str:
        if component[each.parent] == component[each.child]:
            return "ancestor"
        gap = _gap(persons[each.parent], persons[each.child]) if each.kind == "birth" else None
        too_young = gap is not None and gap < PARENT_YEARS
        return wrong(each.parent, each.child) or ("parent_age" if too_young else "")

    left = [each for each in found.filiations if not found.doubted(each.line, broken(each), years=PARENT_YEARS)]
    parents, carried = {each.parent: each.line for each in left}, {each.child for each in left}
    for place, person in enumerate(found.persons):
        rule = "unborn_parent" if person.key in parents else "" if person.key in carried else "no_carrier"
        if person.life in UNBORN and found.doubted(parents.get(person.key, person.line), rule, Why.OPEN):
            found.persons[place] = replace(person, life="")
    found.filiations = left


def _gap(parent: ForeignPerson, child: ForeignPerson) -> int | None:
    if parent.born is not None and child.born is not None:
        return child.born - parent.born
    if parent.age is not None and child.age is not None and not {parent.life, child.life} & {*GONE, "expected"}:
        return parent.age - child.age
    return None


def set_acquaintances_apart(found: ForeignFile) -> None:
    """Persons whom nothing but an acquaintance ties to the others become other persons of collective life."""
    kin = {key for each in found.couples for key in (each.a, each.b)}
    kin |= {key for each in found.filiations for key in (each.parent, each.child)}
    tied = {tie.target for tie in found.ties if tie.relation}
    tied -= {tie.target for tie in found.ties if not tie.relation}
    tied -= {tie.source for tie in found.ties}
    moved = [each for each in found.persons[1:] if each.key in tied and each.key not in kin]
    keys = {each.key for each in moved}
    found.persons = [each for each in found.persons if each.key not in keys]
    for each in moved:
        relation = next(tie.relation for tie in found.ties if tie.target == each.key)
        found.actors.append(
            ForeignActor(key=each.key, line=each.line, kind="other_person", relation=relation, household="")
        )
