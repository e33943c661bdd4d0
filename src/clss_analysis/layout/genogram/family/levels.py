"""The generation row of each person: children below parents, partners on one row wherever kinship allows it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from clss_analysis.layout.genogram.family.persons import Member, Union

Arc = tuple[str, str]  # two groups: of parents, and of children


@dataclass(frozen=True)
class Generations:
    """Row of each person (0 is the oldest), the unions whose partners kinship keeps off one row, who shares a row.

    `group` names for each person those who are partners or siblings of one another, one by one, and so share a row.
    """

    level: dict[str, int]
    split: tuple[str, ...]
    group: dict[str, str]


def generations(
    members: Mapping[str, Member],
    unions: tuple[Union, ...],
    base: Generations | None = None,
    longer: Mapping[Arc, int] | None = None,
) -> Generations:
    """Rows with the shortest lines of descent that a sequence of single moves finds.

    Partners share a row unless one would then stand above an own ancestor (partners of different generations of one
    family, an exchange of partners between generations), and so do siblings as far as their partners allow it.
    Families that the record does not link are set level by their members' roles.

    Args:
        members: everybody.
        unions: all unions.
        base: who shares a row, where that is known.
        longer: how many rows lines between two groups must be longer, at least, than from a row to the next.

    Returns:
        Rows, none of them empty.
    """
    below = _below(unions)
    group, split = (base.group, base.split) if base else _together(members, unions, below)
    arcs = Counter((group[p], group[c]) for p, cs in below.items() for c in cs)
    extra = Counter(longer or {})
    depth = _deep(sorted(set(group.values())), arcs, extra)
    depth = _drawn_together(depth, arcs, extra)
    return Generations(_aligned(members, group, set(arcs), depth), split, group)


def circle(members: Mapping[str, Member], unions: tuple[Union, ...], split: str) -> tuple[Union, ...]:
    """The fewest unions, this one among them, whose partners cannot all share a row: none of them can be left out."""
    kept = [u for u in unions if len(u.parents) == 2]
    for union in sorted(kept, key=lambda u: (u.id == split, u.id)):
        fewer = [u for u in kept if u is not union]
        if union.id != split and not _shares(members, fewer, _below(unions)):
            kept = fewer
    return tuple(kept)


def split_sibships(unions: tuple[Union, ...], level: Mapping[str, int]) -> tuple[tuple[str, ...], ...]:
    """Children of one union who stand on more than one row, union by union."""
    return tuple(sorted({u.children for u in unions if len({level[c] for c in u.children}) > 1}))


def _shares(members: Mapping[str, Member], couples: list[Union], below: dict[str, set[str]]) -> bool:
    """Whether the partners of all these unions can stand on one row each."""
    group = {person: person for person in members}
    for union in couples:
        a, b = (group[p] for p in union.parents)
        group = {p: (a if g == b else g) for p, g in group.items()}
    return not _cyclic(group, below)


def _below(unions: tuple[Union, ...]) -> dict[str, set[str]]:
    below: dict[str, set[str]] = defaultdict(set)
    for union in unions:
        for parent in union.parents:
            below[parent].update(union.children)
    return below


def _together(
    members: Mapping[str, Member], unions: tuple[Union, ...], below: dict[str, set[str]]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Partners as one group, union by union, those with children first; unions that would close a circle stay apart.

    Then siblings, the largest sibships first.
    """
    group = {person: person for person in members}
    split = []
    for union in sorted(unions, key=lambda u: (not u.children, u.couple is None, u.id)):
        if len(union.parents) == 2:
            a, b = (group[p] for p in union.parents)
            trial = {p: (a if g == b else g) for p, g in group.items()}
            if a != b and _cyclic(trial, below):
                split.append(union.id)
            else:
                group = trial
    for union in sorted(unions, key=lambda u: (-len(u.children), u.id)):
        for one, other in combinations(union.children, 2):
            a, b = group[one], group[other]
            trial = {p: (a if g == b else g) for p, g in group.items()}
            if a != b and not _cyclic(trial, below):
                group = trial
    return group, tuple(sorted(split))


def _deep(nodes: list[str], arcs: Mapping[Arc, int], extra: Counter[Arc]) -> dict[str, int]:
    depth = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for parent, child in sorted(arcs):
            depth[child] = max(depth[child], depth[parent] + 1 + extra[parent, child])
    return depth


def _drawn_together(depth: dict[str, int], arcs: Mapping[Arc, int], extra: Counter[Arc]) -> dict[str, int]:
    """Move what hangs together down towards descendants wherever that shortens lines in all."""
    moved = True
    while moved:
        moved = False
        slack = {(p, c): depth[c] - depth[p] - 1 - extra[p, c] for p, c in arcs}
        for p, c in sorted(arc for arc, free in slack.items() if free > 0):
            hung = _hanging(p, slack)
            if c in hung:
                continue
            leaving = [arc for arc in slack if arc[0] in hung and arc[1] not in hung]
            coming = [arc for arc in slack if arc[0] not in hung and arc[1] in hung]
            if sum(arcs[a] for a in leaving) > sum(arcs[a] for a in coming):
                step = min(slack[arc] for arc in leaving)
                depth = {node: row + step * (node in hung) for node, row in depth.items()}
                moved = True
                break
    return depth


def _hanging(node: str, slack: Mapping[tuple[str, str], int]) -> set[str]:
    found, queue = {node}, [node]
    while queue:
        one = queue.pop()
        for (p, c), free in slack.items():
            if not free and one in (p, c) and not {p, c} <= found:
                other = c if one == p else p
                found.add(other)
                queue.append(other)
    return found


def _aligned(
    members: Mapping[str, Member], group: dict[str, str], arcs: set[tuple[str, str]], depth: dict[str, int]
) -> dict[str, int]:
    component = {node: node for node in depth}
    for a, b in sorted(arcs):
        component = {n: (component[a] if c == component[b] else c) for n, c in component.items()}
    shift = {}
    for root in sorted(set(component.values())):
        off = sorted(m.hint - depth[group[m.id]] for m in members.values() if component[group[m.id]] == root)
        shift[root] = off[len(off) // 2]
    level = {p: depth[g] + shift[component[g]] for p, g in group.items()}
    ranks = {value: rank for rank, value in enumerate(sorted(set(level.values())))}
    return {p: ranks[value] for p, value in level.items()}


def _cyclic(group: dict[str, str], below: dict[str, set[str]]) -> bool:
    after: dict[str, set[str]] = defaultdict(set)
    for parent, children in below.items():
        after[group[parent]].update(group[c] for c in children)
    left = set(group.values())
    while left:
        free = {node for node in left if not after[node] & left}
        if not free:
            return True
        left -= free
    return False
