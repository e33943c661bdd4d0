"""A natural order of the rows: from the roots down, partners around whom they share, children under their parents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

from clss_analysis.layout.genogram.family.persons import Member, Union, sibling_key
from clss_analysis.layout.genogram.family.rules import Rows, Weave, crossed_below
from clss_analysis.layout.genogram.family.union_states import ENDED


def natural(members: Mapping[str, Member], unions: tuple[Union, ...], level: Mapping[str, int], weave: Weave) -> Rows:
    """An order that is right for families that are trees, and a start for the others.

    Man left and woman right of a couple, a former partner on the outer side, children from the eldest; passages where
    they cross least.
    """
    has_parents = {child for union in unions for child in union.children}
    seen: set[str] = set()
    roots = []
    for person in sorted(members, key=lambda p: (level[p], sibling_key(members[p]))):
        if person not in seen:
            cluster = _cluster(person, members, unions, level)
            seen.update(cluster)
            if not has_parents & set(cluster) or level[person] == 0:
                roots.append(person)
    rows = _emitted(tuple(roots), members, unions, level)
    return _with_passages(tuple(_with_leaves(row, weave) for row in rows), weave)


def _with_leaves(row: tuple[str, ...], weave: Weave) -> tuple[str, ...]:
    """Lines to children leave beside a partner, through no other couple.

    Between neighbours that is between them; else beside the end of the long couple line that has fewer unions.
    """
    found = row
    neighbours = {frozenset(pair) for pair in pairwise(row)} & {frozenset(c.partners) for c in weave.couples}
    for leave, people in weave.leaves.items():
        if people[0] not in row:
            continue
        low, high = min(map(row.index, people)), max(map(row.index, people))
        few_right = len(weave.partners[row[high]]) <= len(weave.partners[row[low]])
        tried = (high - 1, low) if few_right else (low, high - 1)
        free = (i for i in (*tried, *range(low, high)) if frozenset(row[i : i + 2]) not in neighbours)
        beside = found.index(row[low if high - low < 2 else next(free, tried[0])])
        found = (*found[: beside + 1], leave, *found[beside + 1 :])
    return found


def _with_passages(rows: Rows, weave: Weave) -> Rows:
    for row, slots in enumerate(weave.slots):
        for passage in (s for s in slots if s.startswith("~")):
            here = rows[row]
            spans = [sorted(map(here.index, c.partners)) for c in weave.couples if c.row == row]
            spots = [i for i in range(len(here) + 1) if not any(low < i <= high for low, high in spans)]
            tried = [(*rows[:row], (*here[:i], passage, *here[i:]), *rows[row + 1 :]) for i in spots]
            rows = min(tried, key=lambda r: _cost(weave, r, row, passage[1:]))
    return rows


def _cost(weave: Weave, rows: Rows, row: int, union: str) -> tuple[int, float]:
    """Crossings of a union's lines above and below a row, and how far lines there go sideways."""
    crossings, sideways = 0, 0.0
    for gap in (row - 1, row):
        crossings += len(crossed_below(weave, rows, gap, of=union))
        at, under = ({slot: i / len(those) for i, slot in enumerate(those)} for those in rows[gap : gap + 2])
        for net in weave.nets[gap]:
            bottoms = [under[b] for b in net.bottoms if b in under]
            if net.top in at and bottoms:
                sideways += abs(at[net.top] - sum(bottoms) / len(bottoms))
    return crossings, sideways


def _emitted(
    roots: tuple[str, ...], members: Mapping[str, Member], unions: tuple[Union, ...], level: Mapping[str, int]
) -> tuple[tuple[str, ...], ...]:
    rows: list[list[str]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    placed: set[str] = set()

    def emit(person: str) -> None:
        if person in placed:
            return
        cluster = _cluster(person, members, unions, level)
        placed.update(cluster)
        rows[level[person]].extend(cluster)
        at = {p: i for i, p in enumerate(cluster)}
        own = [u for u in unions if set(u.parents) & at.keys()]
        for union in sorted(own, key=lambda u: (sum(at.get(p, 0) for p in u.parents) / len(u.parents), u.id)):
            for child in union.children:
                emit(child)

    for person in (*roots, *sorted(members)):
        emit(person)
    return tuple(tuple(row) for row in rows)


def _cluster(
    person: str, members: Mapping[str, Member], unions: tuple[Union, ...], level: Mapping[str, int]
) -> tuple[str, ...]:
    """A person and all partners reached from them on the same row, in order from left to right."""
    partners: dict[str, list[tuple[int, bool, str]]] = defaultdict(list)
    for union in unions:
        if len(union.parents) == 2 and level[union.parents[0]] == level[union.parents[1]]:
            for one, other in (union.parents, union.parents[::-1]):
                former = 2 if union.state in ENDED or not members[other].inside else int(members[other].moves)
                partners[one].append((former, not union.children, other))
    reached, queue = {person}, [person]
    while queue:
        for _, _, other in partners[queue.pop()]:
            if other not in reached:
                reached.add(other)
                queue.append(other)
    pivot = max(sorted(reached, reverse=True), key=lambda p: len(partners[p]))
    order, waiting = [pivot], [pivot]
    while waiting:
        one = waiting.pop(0)
        for _, _, other in sorted(partners[one]):
            if other in order:
                continue
            left = _stands_left(members[other], members[one])
            if one == pivot and len(order) > 1:
                left = order[0] == pivot
            elif one != pivot:
                left = order.index(one) < order.index(pivot)
            order.insert(0 if left else len(order), other)
            waiting.append(other)
    return tuple(order)


def _stands_left(one: Member, other: Member) -> bool:
    rank = {"man": 0, "woman": 2}
    ours, theirs = rank.get(one.gender or "", 1), rank.get(other.gender or "", 1)
    return ours < theirs if ours != theirs else sibling_key(one) < sibling_key(other)
