"""Bars between two rows on tracks: the drawing has no more crossings than the orders of its ends ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, groupby, permutations, product

_MAX_TRIED = 5
_MAX_PROVEN = 11
_MAX_PAIRS = 400
_APART = 2.0
_NEAR = 1.2
_NEVER = 1000


Key = tuple[str, int]
Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class Wire:
    """A bar between two rows: where its line comes from above, where it is left for each end, its track (0 lowest).

    A net is one bar, or several where one would cross more than it must: the line to an end then leaves a first bar
    where a further one with the same end begins, and so on down (`part`).
    """

    union: str
    top: float
    ends: dict[str, float]
    track: int = 0
    part: int = 0

    @property
    def key(self) -> Key:
        """Union and part, which name the bar."""
        return self.union, self.part

    @property
    def span(self) -> tuple[float, float]:
        """First and last place along the bar."""
        return min([self.top, *self.ends.values()]), max([self.top, *self.ends.values()])


def tracked(loose: list[Wire], least: Counter[Pair]) -> list[Wire]:
    """Bars on tracks, in the order with the fewest crossings.

    Args:
        loose: one bar for each net.
        least: crossings that the ends of each pair of nets ask for; a net is given several bars only where one each
            makes more than that.

    Returns:
        Bars from the uppermost of each net down.
    """
    best = _stacked_best(loose)
    bars = loose
    while best[0] > least.total():
        excess = _excess(best[1], least)
        found = _bettered(bars, [{u} for u in sorted({u for pair in excess for u in pair})], best[0])
        if found is None:
            found = _bettered(bars, [set(pair) for pair in sorted(excess, key=sorted)], best[0])
        if found is None:
            break
        best, bars = found
    return sorted(best[1], key=lambda w: w.key)


def _excess(stacked: list[Wire], least: Counter[Pair]) -> list[Pair]:
    """Pairs of nets that cross more often than they must."""
    cost: Counter[Pair] = Counter()
    for upper, lower in permutations(stacked, 2):
        if upper.track > lower.track and upper.union != lower.union:
            cost[frozenset((upper.union, lower.union))] += _crossed(upper, lower)
    return [pair for pair, count in cost.items() if count > least[pair]]


def _bettered(bars: list[Wire], nets: list[set[str]], most: int) -> tuple[tuple[int, list[Wire]], list[Wire]] | None:
    """The bars with one bar of each of these nets in two, where that has the fewest crossings and less than `most`."""
    best = None
    for some in nets:
        bends = [list(_bent(bars, union)) for union in sorted(some)]
        for _, chosen in zip(range(_MAX_PAIRS), product(*bends), strict=False):
            trial = [w for w in bars if w.union not in some] + [w for net in chosen for w in net]
            found = _stacked_best(trial)
            rank = (found[0], sum(w.track for w in found[1]))
            if found[0] < most and (best is None or rank < best[0]):
                best = (rank, found, trial)
    return best and best[1:]


def _bent(bars: list[Wire], union: str) -> Iterator[list[Wire]]:
    """A net with one of its bars in two: some neighbouring ends leave the first together, and a second serves them.

    Neighbours are ends between which no other net has an end.
    """
    own = [w for w in bars if w.union == union]
    others = sorted({x for w in bars if w.union != union for x in (w.top, *w.ends.values())})
    for at, wire in enumerate(own):
        places = sorted(set(wire.ends.values()))
        runs = [list(run) for _, run in groupby(places, key=lambda x: sum(o < x for o in others))]
        for first, last in combinations(range(len(runs) + 1), 2):
            together = [x for run in runs[first:last] for x in run]
            if len(together) < 2 and len(together) < len(places):
                continue
            near = min(together, key=lambda x: (abs(x - wire.top), x))
            for turn in dict.fromkeys((near, together[0], together[-1], (together[0] + together[-1]) / 2)):
                if (len(together) == len(places) and abs(turn - wire.top) < _NEAR) or any(
                    abs(turn - o) < _NEAR for o in others
                ):
                    continue
                upper = replace(wire, ends={e: turn if x in together else x for e, x in wire.ends.items()})
                lower = replace(wire, top=turn, ends={e: x for e, x in wire.ends.items() if x in together})
                yield [replace(w, part=n) for n, w in enumerate((*own[:at], upper, lower, *own[at + 1 :]))]


def _stacked_best(wires: list[Wire]) -> tuple[int, list[Wire]]:
    total, done = 0, []
    for group in _touching(wires):
        costs = {(a.key, b.key): _crossed(a, b) for a, b in permutations(group, 2)}
        floor = sum(min(costs[a.key, b.key], costs[b.key, a.key]) for a, b in combinations(group, 2))
        tried = list(permutations(group)) if len(group) <= _MAX_TRIED else [_exchanged(group, costs)]
        best = min((_rated(order, costs) for order in tried), key=lambda rated: rated[:2])
        if floor < best[0] and _MAX_TRIED < len(group) <= _MAX_PROVEN:
            best = min(best, _rated(_least(group, costs), costs), key=lambda rated: rated[:2])
        total += best[0]
        done += best[2]
    return total, done


def _rated(order: tuple[Wire, ...], costs: Mapping[tuple[Key, Key], int]) -> tuple[int, int, list[Wire]]:
    """Crossings, height and bars of an order from the lowest up."""
    stacked = _stacked(order)
    cost = sum(costs[b.key, a.key] for a, b in combinations(stacked, 2))
    return cost, sum(w.track for w in stacked), stacked


def _touching(wires: list[Wire]) -> list[list[Wire]]:
    groups: list[list[Wire]] = []
    right = float("-inf")
    for wire in sorted(wires, key=lambda w: (w.span, w.key)):
        if not groups or wire.span[0] > right + _APART:
            groups.append([])
        groups[-1].append(wire)
        right = max(right, wire.span[1])
    return groups


def _least(group: list[Wire], costs: Mapping[tuple[Key, Key], int]) -> tuple[Wire, ...]:
    """The order with the fewest crossings of all, set by set from the lowest up."""
    above = [[costs[a.key, b.key] if a is not b else 0 for b in group] for a in group]
    best: list[tuple[int, int]] = [(0, -1)] * (1 << len(group))
    for some in range(1, 1 << len(group)):
        inside = [i for i in range(len(group)) if some >> i & 1]
        best[some] = min((best[some ^ 1 << i][0] + sum(above[i][j] for j in inside), i) for i in inside)
    order: list[Wire] = []
    some = (1 << len(group)) - 1
    while some:
        last = best[some][1]
        order.insert(0, group[last])
        some ^= 1 << last
    return tuple(order)


def _exchanged(group: list[Wire], costs: Mapping[tuple[Key, Key], int]) -> tuple[Wire, ...]:
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
    return tuple(order)


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

    The line between two bars of a net is counted with the first of them, and taken back where both are above.
    """
    if upper.union == lower.union:
        return _NEVER if upper.part > lower.part and upper.ends.keys() & lower.ends.keys() else 0
    (low, high), (under_low, under_high) = upper.span, lower.span
    ends = set(upper.ends.values())
    trunk = not lower.part and low < lower.top < high
    below_it = upper.part and under_low < upper.top < under_high
    runs_in = any(abs(lower.top - x) < _NEAR for x in ends)
    return trunk - below_it + sum(under_low < x < under_high for x in ends) + _NEVER * runs_in
