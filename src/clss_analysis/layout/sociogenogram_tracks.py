"""Bars between two rows on tracks: the drawing has no more crossings than the orders of its ends ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import permutations

_MAX_TRIED = 5
_APART = 2.0
_NEAR = 1.2
_NEVER = 1000


Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Wire:
    """A bar between two rows: where its line comes from above, where each end below is reached, its track (0 lowest).

    A net whose single bar would cross more than it must has two: a first one with a single end, above where the
    second begins.
    """

    union: str
    top: float
    ends: dict[str, float]
    track: int = 0
    part: int = 0

    @property
    def key(self) -> tuple[str, int]:
        """Union and part, which name the bar."""
        return self.union, self.part

    @property
    def span(self) -> tuple[float, float]:
        """First and last place along the bar."""
        return min([self.top, *self.ends.values()]), max([self.top, *self.ends.values()])


def tracked(loose: list[Wire], least: int) -> list[Wire]:
    """Bars on tracks, in the order with the fewest crossings.

    Args:
        loose: one bar for each net.
        least: crossings that the ends ask for; a net is given two bars only where one each makes more than that.

    Returns:
        Bars from the uppermost of each net down.
    """
    best = _stacked_best(loose)
    bars = {
        w.key: _two(w)
        for w in loose
        if least < best[0] and (len(w.ends) > 1 or abs(w.top - min(w.ends.values())) > _NEAR)
    }
    turned: dict[Key, tuple[Wire, Wire]] = {}
    while best[0] > least and len(turned) < len(bars):
        trials = [{**turned, key: two} for key in sorted(bars.keys() - turned.keys()) for two in bars[key]]
        trials.append({key: twos[0] for key, twos in bars.items()})
        found = [(_stacked_best(_bent(loose, trial)), trial) for trial in trials]
        better, trial = min(found, key=lambda t: (t[0][0], sum(w.track for w in t[0][1])))
        if better[0] >= best[0]:
            break
        best, turned = better, trial
    return sorted(best[1], key=lambda w: w.key)


def _bent(loose: list[Wire], turned: Mapping[Key, tuple[Wire, Wire]]) -> list[Wire]:
    return [bar for w in loose for bar in turned.get(w.key, (w,))]


def _two(wire: Wire) -> list[tuple[Wire, Wire]]:
    """A net in two bars, the second of which begins above its nearest end, or its first, last or middle."""
    ends = sorted(wire.ends.values())
    near = min(ends, key=lambda x: (abs(x - wire.top), x))
    turns = dict.fromkeys((near, ends[0], ends[-1], (ends[0] + ends[-1]) / 2))
    return [(replace(wire, ends={"": x}), replace(wire, top=x, part=1)) for x in turns if abs(x - wire.top) > _NEAR]


def _stacked_best(wires: list[Wire]) -> tuple[int, list[Wire]]:
    total, done = 0, []
    for group in _touching(wires):
        costs = {(a.key, b.key): _crossed(a, b) for a in group for b in group if a is not b}
        tried = permutations(group) if len(group) <= _MAX_TRIED else iter(_exchanged(group, costs))
        best: tuple[int, int, list[Wire]] | None = None
        for order in tried:
            stacked = _stacked(order)
            cost = sum(costs[a.key, b.key] for a in stacked for b in stacked if a.track > b.track)
            high = sum(w.track for w in stacked)
            if best is None or (cost, high) < best[:2]:
                best = (cost, high, stacked)
        if best:
            total += best[0]
            done += best[2]
    return total, done


def _touching(wires: list[Wire]) -> list[list[Wire]]:
    groups: list[list[Wire]] = []
    right = float("-inf")
    for wire in sorted(wires, key=lambda w: (w.span, w.key)):
        if not groups or wire.span[0] > right + _APART:
            groups.append([])
        groups[-1].append(wire)
        right = max(right, wire.span[1])
    return groups


def _exchanged(group: list[Wire], costs: Mapping[tuple[Key, Key], int]) -> list[tuple[Wire, ...]]:
    """One order from the lowest up: what costs least under all others first, then single bars moved as it helps."""
    left, order = sorted(group, key=lambda w: (-w.part, w.span, w.union)), []
    while left:
        low = min(
            left, key=lambda w: sum(max(0, costs[o.key, w.key] - costs[w.key, o.key]) for o in left if o is not w)
        )
        left.remove(low)
        order.append(low)

    def change(rest: list[Wire], wire: Wire) -> list[int]:
        """Cost of putting a bar at each place among the rest."""
        above = sum(costs[w.key, wire.key] for w in rest)
        found = [above]
        for w in rest:
            above += costs[wire.key, w.key] - costs[w.key, wire.key]
            found.append(above)
        return found

    bettered = True
    while bettered:
        bettered = False
        for wire in group:
            at = order.index(wire)
            rest = [*order[:at], *order[at + 1 :]]
            found = change(rest, wire)
            place = min(range(len(found)), key=lambda i: (found[i], abs(i - at)))
            if found[place] < found[at]:
                order, bettered = [*rest[:place], wire, *rest[place:]], True
    return [tuple(order)]


def _stacked(order: tuple[Wire, ...]) -> list[Wire]:
    """The lowest track above all earlier bars that overlap."""
    placed: list[Wire] = []
    for wire in order:
        low, high = wire.span
        under = [w.track for w in placed if w.span[0] <= high + _APART and w.span[1] >= low - _APART]
        placed.append(replace(wire, track=max(under, default=-1) + 1))
    return placed


def _crossed(upper: Wire, lower: Wire) -> int:
    """Crossings of two bars and their lines when one is above the other; lines that would run into each other.

    The line between the two bars of a net is counted with the first bar, and taken back where both are above.
    """
    if upper.union == lower.union:
        return _NEVER if upper.part > lower.part else 0
    (low, high), (under_low, under_high) = upper.span, lower.span
    ends = set(upper.ends.values())
    trunk = not lower.part and low < lower.top < high
    below_it = upper.part and under_low < upper.top < under_high
    runs_in = any(abs(lower.top - x) < _NEAR for x in ends)
    return trunk - below_it + sum(under_low < x < under_high for x in ends) + _NEVER * runs_in
