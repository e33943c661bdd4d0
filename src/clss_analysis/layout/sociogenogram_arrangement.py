"""The rows of a whole family: parts that nothing links one by one, by rule where that is clean, else proven.

Priorities are lexicographic: no stranger in a couple or sibship, elder left; then the fewest crossings of family
lines; then closeness to the natural order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from clss_analysis.layout.sociogenogram_exact import EFFORT, NoOrderError, ordered
from clss_analysis.layout.sociogenogram_generations import Generations, generations
from clss_analysis.layout.sociogenogram_members import Member, Union
from clss_analysis.layout.sociogenogram_natural import natural
from clss_analysis.layout.sociogenogram_weave import Rows, Weave, crossed, strangers, weave

_WIDENED = 2
_RAISED = 6
_LOWERED = 8
_TRIAL = 0.3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of the order: crossings counted on it, the least possible, and whether that is proven.

    `forced` are the faults that remain, by kind, as tuples of persons (for `off_row` partners).
    """

    crossings: int = 0
    bound: int = 0
    proven: bool = True
    forced: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Part:
    rows: Rows
    faults: int
    crossings: int
    bound: tuple[int, int]
    proven: bool
    stretch: int
    weave: Weave

    @property
    def cost(self) -> tuple[int, int, int]:
        return (self.faults, self.crossings, self.stretch)


def arranged(members: Mapping[str, Member], unions: tuple[Union, ...]) -> tuple[Rows, Verdict]:
    """Rows of slots from left to right, and what is proven of them.

    Args:
        members: everybody.
        unions: all unions among them.
    """
    base = generations(members, unions)
    parts = []
    height = max(base.level.values(), default=-1) + 1
    for own in _linked(members, unions):
        some = {p: members[p] for p in own}
        theirs = tuple(u for u in unions if u.parents[0] in some)
        parts.append(_best(some, theirs, Generations({p: base.level[p] for p in own}, base.split)))
    parts.sort(key=lambda part: _rank(part, members))
    height = max([height, *(len(part.rows) for part in parts)])
    rows = tuple(
        tuple(slot for part in parts if row < len(part.rows) for slot in part.rows[row]) for row in range(height)
    )
    forced: dict[str, list[tuple[str, ...]]] = {}
    for part in parts:
        for kind, found in strangers(part.weave, part.rows).items():
            forced.setdefault(kind, []).extend(found)
    forced["off_row"] = [u.parents for u in unions if u.id in base.split]
    return rows, Verdict(
        sum(part.crossings for part in parts),
        sum(part.bound[1] for part in parts),
        all(part.proven for part in parts),
        {kind: sorted(found) for kind, found in sorted(forced.items()) if found},
    )


def _linked(members: Mapping[str, Member], unions: tuple[Union, ...]) -> list[tuple[str, ...]]:
    part = {person: person for person in members}
    for union in unions:
        joined = {part[p] for p in (*union.parents, *union.children)}
        part = {p: (min(joined) if of in joined else of) for p, of in part.items()}
    return [tuple(p for p in members if part[p] == root) for root in sorted(set(part.values()))]


def _rank(part: _Part, members: Mapping[str, Member]) -> tuple[bool, bool, int, str]:
    people = [s for row in part.rows for s in row if s in members]
    return (
        not any(members[p].inside for p in people),
        not any(members[p].index for p in people),
        -len(people),
        min(people),
    )


def _best(members: Mapping[str, Member], unions: tuple[Union, ...], base: Generations) -> _Part:
    """The part on its generation rows; where they force a fault, partners near it stand a row below their siblings.

    All of them first; then as many as possible back on their own row.
    """
    best = _solved(members, unions, base.level)
    if not best.faults:
        return _with_fewer_crossings(members, unions, base, best, ())
    lowered = _suspects(unions, best, _faulty(best))
    for _ in range(_WIDENED):
        trial = _solved(members, unions, _shifted(members, unions, base, lowered), effort=_TRIAL)
        if not trial.faults:
            break
        wider = tuple(sorted({*lowered, *_suspects(unions, trial, _faulty(trial))}))
        if wider == lowered:
            break
        lowered = wider
    if trial.cost >= best.cost:
        return best
    best = trial
    for cluster in lowered[:_RAISED]:
        fewer = tuple(c for c in lowered if c != cluster)
        trial = _solved(members, unions, _shifted(members, unions, base, fewer), effort=_TRIAL, strict=not best.faults)
        if trial.cost <= best.cost:
            best, lowered = trial, fewer
    return best if best.faults else _with_fewer_crossings(members, unions, base, best, lowered)


def _with_fewer_crossings(
    members: Mapping[str, Member],
    unions: tuple[Union, ...],
    base: Generations,
    best: _Part,
    lowered: tuple[tuple[str, ...], ...],
) -> _Part:
    """Partners a row below their siblings wherever that saves a crossing and makes no fault."""
    tried = 0
    crossing = {union.lstrip("~=") for pair in crossed(best.weave, best.rows) for union in pair}
    near = {c for u in unions if u.id in crossing for c in u.children}
    for cluster in _suspects(unions, best, near):
        if not best.crossings or tried == _LOWERED:
            break
        if cluster not in lowered:
            tried += 1
            shifted = _shifted(members, unions, base, (*lowered, cluster))
            trial = _solved(members, unions, shifted, effort=_TRIAL, strict=True)
            if not trial.faults and trial.crossings < best.crossings:
                best, lowered = trial, (*lowered, cluster)
    return best


def _shifted(
    members: Mapping[str, Member],
    unions: tuple[Union, ...],
    base: Generations,
    lowered: tuple[tuple[str, ...], ...],
) -> dict[str, int]:
    new = generations(members, unions, [p for cluster in lowered for p in cluster]).level
    top = min(base.level.values()) - min(new.values())
    return {p: row + top for p, row in new.items()}


def _faulty(part: _Part) -> set[str]:
    return {p for found in strangers(part.weave, part.rows).values() for ids in found for p in ids}


def _suspects(unions: tuple[Union, ...], part: _Part, those: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """All who are partners of one another, near these persons, where one at least has parents."""
    children = {c for union in unions for c in union.children}
    partners = part.weave.partners
    near = {*those, *(q for p in those for q in partners[p])}
    clusters = set()
    for person in sorted(near):
        cluster, queue = {person}, [person]
        while queue:
            fresh = partners[queue.pop()] - cluster
            cluster |= fresh
            queue += sorted(fresh)
        if len(cluster) > 1 and cluster & children:
            clusters.add(tuple(sorted(cluster)))
    return tuple(sorted(clusters))


def _solved(
    members: Mapping[str, Member],
    unions: tuple[Union, ...],
    level: Mapping[str, int],
    *,
    effort: float = EFFORT,
    strict: bool = False,
) -> _Part:
    woven = weave(members, unions, level)
    start = natural(members, unions, level, woven)
    stretch = sum(1 for row in woven.slots for slot in row if slot.startswith("~"))
    faults = sum(map(len, strangers(woven, start).values()))
    cross = len(crossed(woven, start))
    if not faults and not cross:
        return _Part(start, 0, 0, (0, 0), proven=True, stretch=stretch, weave=woven)
    try:
        found = ordered(woven, start, strict=True, effort=effort)
    except NoOrderError:
        if strict:
            return _Part(start, faults, cross, (0, 0), proven=False, stretch=stretch, weave=woven)
        found = ordered(woven, start, strict=False, effort=effort)
    if not found.rows:
        return _Part(start, faults, cross, (0, 0), proven=False, stretch=stretch, weave=woven)
    faults = sum(map(len, strangers(woven, found.rows).values()))
    cross = len(crossed(woven, found.rows))
    return _Part(found.rows, faults, cross, found.bound, proven=found.proven, stretch=stretch, weave=woven)
