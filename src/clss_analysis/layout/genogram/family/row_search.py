"""The rows of a whole family: parts that nothing links one by one, by rule where that is clean, else proven.

Priorities are lexicographic: partners and siblings on one row; no stranger in a couple or sibship; elder left; the
fewest crossings of family lines; then closeness to the natural order.  Where kinship breaks the order of births anyway,
two of whom the younger stands left cost half a crossing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from clss_analysis.layout.genogram.family.contradictions import Conflict, conflicts
from clss_analysis.layout.genogram.family.exact import CROSSED, EFFORT, INVERTED, PACE, ordered
from clss_analysis.layout.genogram.family.first_order import natural
from clss_analysis.layout.genogram.family.levels import Arc, Generations, generations
from clss_analysis.layout.genogram.family.persons import Member, Union
from clss_analysis.layout.genogram.family.rules import NoOrderError, Order, Rows, Weave, crossed, strangers, weave

_ROUNDS = 6  # times that groups near a fault are moved lower: a family has hardly more rows
_SINGLES = 6  # groups near a fault moved alone before all are: with more, trials cost more than they find
_RAISED = 8  # groups tried nearer to their own row again
_DEEPEST = 3  # rows by which a group stands lower to spare a crossing: a longer line would be worse
_LOOKED = 200  # moves looked at to spare a crossing: many lead to rows that were tried already
WORK = 0.6  # of all orders sought for one family, as `Order.work`: what is found by then is drawn, with its bound
_PERSON = 2.5e-4  # of each order, the same, for each person: what is done before and after the proof
_TRIAL = 0.3  # effort of one trial against a fault, in deterministic seconds, as the next
_PROBE = 0.25  # of one that would spare a crossing
Lowered = dict[Arc, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of the order: crossings counted on it, the least possible, and whether that is proven.

    `forced` are the faults that remain, by kind, as tuples of persons (for `off_row` partners), `conflicts` what in the
    kinship forces them.
    """

    crossings: int = 0
    bound: int = 0
    proven: bool = True
    forced: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    rows: Rows
    faults: int
    inverted: int
    crossings: int
    bound: tuple[int, int]
    proven: bool
    stretch: int
    weave: Weave

    @property
    def cost(self) -> tuple[int, int, int]:
        return (self.faults, CROSSED * self.crossings + INVERTED * self.inverted, self.stretch)

    @property
    def least_crossings(self) -> int:
        """How many crossings an order on these rows with as few inversions has, at least."""
        return max(0, -(-(self.bound[1] - INVERTED * self.inverted) // CROSSED))


def arranged(members: Mapping[str, Member], unions: tuple[Union, ...]) -> tuple[Rows, Verdict]:
    """Rows of slots from left to right, and what is proven of them.

    Args:
        members: everybody.
        unions: all unions among them.
    """
    base = generations(members, unions)
    parts = []
    known: list[Conflict] = []
    height = max(base.level.values(), default=-1) + 1
    for own in _linked(members, unions):
        some = {p: members[p] for p in own}
        theirs = tuple(u for u in unions if u.parents[0] in some)
        part, theirs_forced = _Search(some, theirs, base, len(some) / len(members)).best()
        parts.append(part)
        known += theirs_forced
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
        sum(part.least_crossings for part in parts),
        all(part.proven for part in parts),
        {kind: sorted(found) for kind, found in sorted(forced.items()) if found},
        tuple(known),
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


class _Search:
    """The rows of a part: its generations, some groups of them lower where that saves a fault or crossing."""

    def __init__(
        self, members: Mapping[str, Member], unions: tuple[Union, ...], base: Generations, share: float
    ) -> None:
        self.members = members
        self.unions = unions
        self.level = {p: base.level[p] for p in members}
        split = tuple(u.id for u in unions if u.id in base.split)
        self.base = Generations(self.level, split, {p: base.group[p] for p in members})
        self.lenient: frozenset[str] = frozenset()
        self.least = 0
        self.left, self.last = WORK * share, 0.0

    def best(self) -> tuple[_Part, tuple[Conflict, ...]]:
        """The best part that the search finds, and what kinship forbids in it."""
        lowered: Lowered = {}
        best = self.solved(self.level)
        known = conflicts(self.members, self.unions, self.base) if best is None or self.base.split else ()
        if best is None:
            bound_to = [c for c in known if c.least or c.siblings or c.elder]
            self.lenient = frozenset(p for c in bound_to for p in c.people)
            self.least = sum(c.least for c in bound_to)
            best = self.solved(self.level) or self.solved(self.level, lenient=frozenset(self.members))
        if best is None:
            raise NoOrderError
        if best.faults > self.least:
            best, lowered = self.cleaned(best)
        if best.faults <= self.least and best.crossings:
            best, lowered = self.uncrossed(best, lowered)
        if not best.proven:
            again = self.solved(self.shifted(lowered))
            best = again if again is not None and (again.cost, again.proven) <= (best.cost, True) else best
        return best, known

    def cleaned(self, best: _Part) -> tuple[_Part, Lowered]:
        """Groups near a fault stand lower: one of them, else all, until there is no fault that could be avoided."""
        lowered: Lowered = {}
        state, tried = best, lowered
        for _ in range(_ROUNDS):
            near = self.suspects(state, {p for ids in _breaches(state.weave, state.rows) for p in ids})
            moves: list[Lowered] = [{group: 1} for group in near[:_SINGLES]]
            moves += [dict.fromkeys(near, 1), {group: 1 + n for n, group in enumerate(near)}]
            found: list[tuple[tuple[int, int, int], int, _Part, Lowered]] = []
            for move in moves:
                trial = self.solved(self.shifted(_plus(tried, move)), effort=_TRIAL)
                if trial is not None and trial.faults <= self.least:
                    found.append((trial.cost, len(found), trial, _plus(tried, move)))
            if found:
                *_, best, lowered = min(found, key=lambda each: each[:2])
                return self.raised(best, lowered)
            tried = _plus(tried, moves[-1] if tried else moves[-2])
            trial = self.solved(self.shifted(tried), effort=_TRIAL, lenient=frozenset(self.members))
            if trial is None or not near:
                break
            state = trial
            if state.cost < best.cost:
                best, lowered = state, tried
        return best, lowered

    def raised(self, best: _Part, lowered: Lowered) -> tuple[_Part, Lowered]:
        """As many groups as possible back nearer to their own row."""
        for group in list(lowered)[:_RAISED] if sum(lowered.values()) > 1 else ():
            fewer = {g: n - (g == group) for g, n in lowered.items() if n > (g == group)}
            trial = self.solved(self.shifted(fewer), effort=_TRIAL)
            if trial is not None and trial.cost <= best.cost:
                best, lowered = trial, fewer
        return best, lowered

    def uncrossed(self, best: _Part, lowered: Lowered) -> tuple[_Part, Lowered]:
        """Groups stand lower wherever that saves a crossing and makes no fault."""
        seen = [self.shifted(lowered)]
        bettered = True
        while bettered and best.crossings:
            bettered = False
            crossing = {union.lstrip("~=") for pair in crossed(best.weave, best.rows) for union in pair}
            near = self.suspects(best, {p for u in self.unions if u.id in crossing for p in (*u.children, *u.parents)})
            moves: list[Lowered] = [{group: rows} for rows in range(1, _DEEPEST + 1) for group in near]
            moves += [one | other for one, other in combinations(moves, 2) if one.keys() != other.keys()]
            for move in moves[:_LOOKED]:
                deeper = _plus(lowered, move)
                level = self.shifted(deeper)
                if level in seen:
                    continue
                if self.left <= self.last:
                    return best, lowered
                seen.append(level)
                trial = self.solved(level, effort=_PROBE, most=(self.least, best.cost[1] - 1))
                if trial is not None and trial.cost[:2] < best.cost[:2]:
                    best, lowered, bettered = trial, deeper, True
                    break
        return best, lowered

    def suspects(self, part: _Part, those: Collection[str]) -> tuple[Arc, ...]:
        """Lines of descent to groups near these persons."""
        near = {self.base.group[q] for p in those for q in (p, *part.weave.partners[p])}
        group = self.base.group
        arcs = {(group[p], group[c]) for u in self.unions for p in u.parents for c in u.children}
        return tuple(sorted(arc for arc in arcs if arc[1] in near))

    def shifted(self, lowered: Lowered) -> dict[str, int]:
        """Rows with these groups lower."""
        new = generations(self.members, self.unions, self.base, lowered).level
        top = min(self.level.values()) - min(new.values())
        return {p: row + top for p, row in new.items()}

    def solved(
        self,
        level: Mapping[str, int],
        *,
        effort: float = EFFORT,
        lenient: frozenset[str] | None = None,
        most: tuple[int, int] | None = None,
    ) -> _Part | None:
        """The best order on these rows, or None if there is none without fault (or with few enough crossings)."""
        woven = weave(self.members, self.unions, level)
        start = natural(self.members, self.unions, level, woven)
        stretch = sum(1 for row in woven.slots for slot in row if slot.startswith("~"))
        sound = not any(strangers(woven, start).values()) and not crossed(woven, start)
        if sound:
            found = Order(start, (0, 0), proven=True)
        else:
            lenient = self.lenient if lenient is None else lenient
            effort = min(effort, max(0.0, self.left / PACE))
            self.last = _PERSON * len(level)
            try:
                found = ordered(woven, start, lenient=lenient, most=most, effort=effort)
            except NoOrderError as none:
                self.last += none.work
                return None
            else:
                self.last += found.work
            finally:
                self.left -= self.last
            if not found.rows and most is not None:
                return None
            found = found if found.rows else Order(start, (0, 0), proven=False)
        inverted = len(strangers(woven, found.rows)["elder"])
        faults, cross = len(_breaches(woven, found.rows)), len(crossed(woven, found.rows))
        return _Part(found.rows, faults, inverted, cross, found.bound, found.proven, stretch, woven)


def _plus(lowered: Lowered, more: Lowered) -> Lowered:
    return {c: lowered.get(c, 0) + more.get(c, 0) for c in sorted({*lowered, *more})}


def _breaches(woven: Weave, rows: Rows) -> list[tuple[str, ...]]:
    """Strangers in couples and sibships, each with those between whom they stand."""
    found = strangers(woven, rows)
    return [*found["couple"], *found["sibship"]]
