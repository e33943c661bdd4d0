"""Which service takes which place on the ring: few crossings first, then nothing in the way, then short arrows.

From several starts, a descent over moves, swaps and exchanges until none makes the whole cheaper, on costs computed
once for all pairs of places.  No chance; what is equal is told apart by order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations

import numpy as np

from clss_analysis.layout.genogram.arrows.costs import PLACE
from clss_analysis.layout.genogram.arrows.segments import Bools, Floats, Ring, Sizes, Ways, Whole

_HOPE, _PASSES, _TRIED, _SHUFFLES = 4.0, 12, 24, 5
_DENSE = 3  # arrangements of a dense picture that are compared: with eight, arrows cross no less once they are laid
Spans = dict[int, tuple[int, ...]]
_Kept = tuple[Spans, dict[int, int], Bools, Sizes, Sizes, Sizes]


def settle(
    ring: Ring,
    runs: tuple[tuple[str, ...], ...],
    ties: tuple[tuple[str, str], ...],
    best: int = 1,
    wishes: Floats | None = None,
) -> list[dict[str, int]]:
    """Give every service a place; the services of one run take neighbouring places.

    `wishes` is what each place (column) costs a service of each run (row) beside what it costs all.  Default: nothing.

    Returns:
        Place (index into `ring.slots`) by service id: up to `best` different arrangements that no single change makes
        cheaper, in the order in which they are found; of a dense picture the cheapest of several first.
    """
    if not runs:
        return [{}]
    board = _Board(ring, runs, ties, np.zeros((len(runs), len(ring.slots))) if wishes is None else wishes)
    found: list[Spans] = []
    costs: list[float] = []
    for _ in board.starts():
        board.descend()
        if board.spans not in found:
            found.append(board.spans)
            costs.append(board.cost())
        if len(found) == (max(best, _DENSE) if ring.dense else best):
            break
    if ring.dense:
        found = [found[n] for n in np.argsort(costs, kind="stable")[:best]]
    return [{s: slot for i, span in spans.items() for s, slot in zip(runs[i], span, strict=True)} for spans in found]


def _shuffled(order: list[int], turn: int, runs: tuple[tuple[str, ...], ...]) -> list[int]:
    """The same runs in another order, long ones still first: a fixed one for each turn."""
    return sorted(order, key=lambda i: (-len(runs[i]), (i + 1) * (2 * turn + 1) * 2654435761 % 4093, i))


class _Board:
    """An arrangement in the making, what it costs, and what each further step would add."""

    def __init__(
        self, ring: Ring, runs: tuple[tuple[str, ...], ...], ties: tuple[tuple[str, str], ...], wishes: Floats
    ) -> None:
        self.ring, self.runs, self.wishes = ring, runs, wishes
        touched = {end for tie in ties for end in tie}
        names = sorted(name for name in ring.fixed if name in touched)
        self.ways = Ways(ring, names)
        where = {s: (i, k) for i, run in enumerate(runs) for k, s in enumerate(run)}
        fixed = {name: len(ring.slots) + n for n, name in enumerate(names)}
        kept = sorted({tuple(sorted(t)) for t in ties if t[0] != t[1]})
        edges = [(a, b) for a, b in kept if {a, b} <= {*where, *names} and {a, b} & {*where}]
        self.ends = [tuple(where.get(end, (-1, fixed.get(end, 0))) for end in edge) for edge in edges]
        self.touches = [
            [e for e, ends in enumerate(self.ends) if i in (ends[0][0], ends[1][0])] for i in range(len(runs))
        ]
        self.side = np.sign(np.array([x for x, _ in ring.slots]).round(1)).astype(int)
        self.rows, self.price = np.array(ring.rows), np.array(ring.price)
        self.wished = bool(wishes.any())
        self.tables: dict[int, Whole] = {}
        self.at: dict[int, dict[tuple[int, ...], int]] = {}
        for length in sorted({len(run) for run in runs}):
            spans = [q[k : k + length] for q in ring.sequences for k in range(len(q) - length + 1)]
            self.tables[length] = np.array(spans or [tuple(range(length))], dtype=np.intp).reshape(-1, length)
            self.at[length] = {tuple(span): n for n, span in enumerate(self.tables[length].tolist())}
        self.known: dict[tuple[int, tuple[int, ...]], tuple[Whole, Floats]] = {}
        self.told: dict[int, tuple[Floats, Bools]] = {}
        self.clear()

    def clear(self) -> None:
        """Nobody has a place."""
        self.told.clear()
        self.spans: Spans = {}
        self.way = dict.fromkeys(range(len(self.ends)), -1)
        self.taken = np.zeros(len(self.ring.slots), dtype=bool)
        self.load = np.zeros(len(self.ways.alone), dtype=np.float32)
        self.held = np.zeros(len(self.ways.alone), dtype=np.float32)
        self.hit = np.zeros(len(self.ring.slots), dtype=np.float32)

    def put(self, i: int, span: Sequence[int]) -> None:
        """Give a run its places."""
        self.spans[i] = tuple(span)
        self._count(i, 1)

    def lift(self, i: int) -> Sequence[int]:
        """Take a run's places back."""
        self._count(i, -1)
        return self.spans.pop(i)

    def kept(self) -> _Kept:
        """The arrangement as it is, to come back to."""
        arrays = (self.taken.copy(), self.load.copy(), self.held.copy(), self.hit.copy())
        return self.spans.copy(), self.way.copy(), *arrays

    def back(self, kept: _Kept) -> None:
        """The arrangement as it was."""
        self.spans, self.way, self.taken, self.load, self.held, self.hit = kept

    def _count(self, i: int, sign: int) -> None:
        """Count a run that has its places in or out."""
        span = list(self.spans[i])
        self.taken[span] = sign > 0
        count = np.add if sign > 0 else np.subtract
        for slot in span:
            count(self.held, self.ways.over[slot], out=self.held)
        fresh = {}
        for e in self.touches[i]:
            a, b = (self._spot(end) for end in self.ends[e])
            if a >= 0 and b >= 0:
                fresh[e] = int(self.ways.index[a, b])
        self.ways.crossed(fresh.values())
        for e, way in fresh.items():
            self.way[e] = way if sign > 0 else -1
            count(self.load, self.ways.met[way], out=self.load)
            count(self.hit, self.ways.struck[way], out=self.hit)

    def _spot(self, end: tuple[int, int]) -> int:
        """Where an end is: a place, a fixed thing, or −1 for a run that has no place yet."""
        run, k = end
        return k if run < 0 else self.spans[run][k] if run in self.spans else -1

    def cost(self) -> float:
        """What the arrangement costs."""
        taken = np.flatnonzero(self.taken)
        opened = len(set(self.rows[taken].tolist()) - {0})
        total = float(self.price[taken].sum())
        total += float(sum(self.wishes[i, [*s]].sum() for i, s in self.spans.items())) if self.wished else 0.0
        total += PLACE.leaning * abs(int(self.side[taken].sum()))
        total += PLACE.opened * opened + PLACE.too_tall * max(0, opened - self.ring.afford)
        ways = [way for way in self.way.values() if way >= 0]
        total += PLACE.crossing / 2 * float(self.load[ways].sum()) + PLACE.struck * float(self.held[ways].sum())
        return round(total + float(self.ways.alone[ways].sum()), 4)

    def options(self, i: int) -> tuple[Floats, Bools]:
        """What each span for a run that has no place would add to the cost, and which spans are free."""
        table = self.tables[len(self.runs[i])]
        pairs, alone = self._alone(i)
        used = {int(self.rows[span[0]]) for span in self.spans.values()} - {0}
        closed = np.ones(self.rows.max(initial=0) + 1, dtype=bool)
        closed[[0, *used]] = False
        fresh = closed[self.rows[table[:, 0]]]
        leaning = int(self.side[self.taken].sum())
        cost: Floats = alone + PLACE.leaning * np.abs(leaning + self.side[table].sum(axis=1)) + PLACE.opened * fresh
        cost += PLACE.too_tall * np.maximum(0, len(used) + fresh - self.ring.afford)
        cost += PLACE.crossing * self.load[pairs].sum(axis=1) + PLACE.struck * self.held[pairs].sum(axis=1)
        cost += PLACE.struck * self.hit[table].sum(axis=1)
        free: Bools = np.asarray(~self.taken[table].any(axis=1))
        return cost, free

    def _alone(self, i: int) -> tuple[Whole, Floats]:
        """The ways of a run's edges for each of its spans, and what they and the places cost by themselves."""
        spots = [[-2 if end[0] == i else self._spot(end) for end in self.ends[e]] for e in self.touches[i]]
        key = i, tuple(spot for pair in spots for spot in pair)
        if key not in self.known:
            table, ways = self.tables[len(self.runs[i])], self.ways
            columns = []
            for e, pair in zip(self.touches[i], spots, strict=True):
                if -1 not in pair:
                    a, b = (
                        table[:, end[1]] if end[0] == i else np.full(len(table), spot)
                        for end, spot in zip(self.ends[e], pair, strict=True)
                    )
                    columns.append(ways.index[a, b])
            pairs = np.array(columns, dtype=np.intp).reshape(-1, len(table)).T
            cost: Floats = (self.price + self.wishes[i])[table].sum(axis=1) + ways.alone[pairs].sum(axis=1)
            cost += PLACE.struck * ways.struck[pairs[:, :, None], table[:, None, :]].sum(axis=(1, 2))
            if len(columns) > 1:
                one, other = (np.concatenate(each) for each in zip(*combinations(columns, 2), strict=True))
                for met in ways.meet(one, other).reshape(-1, len(table)):
                    cost += PLACE.crossing * met
            self.known[key] = pairs, cost
        return self.known[key]

    def starts(self) -> Iterator[None]:
        """Greedy arrangements: the busiest first, the least busy first, along the ties from the busiest, and others."""
        busy = [len(t) for t in self.touches]
        runs = range(len(self.runs))
        first = sorted(runs, key=lambda i: (-len(self.runs[i]), -busy[i], self.runs[i]))
        last = sorted(runs, key=lambda i: (-len(self.runs[i]), busy[i], self.runs[i]))
        along: list[int] = []
        while len(along) < len(self.runs):
            met = {e for i in along for e in self.touches[i]}
            left = [i for i in runs if i not in along]
            along.append(min(left, key=lambda i: (-len(self.runs[i]), -len(met & {*self.touches[i]}), -busy[i], i)))
        found = False
        for order in (first, last, along, *(_shuffled(first, k, self.runs) for k in range(1, _SHUFFLES + 1))):
            self.clear()
            if all(self._placed(i) for i in order):
                found = True
                yield
        if not found:
            self.clear()
            slots = iter(range(len(self.ring.slots)))
            for i, run in enumerate(self.runs):
                self.put(i, [next(slots) for _ in run])
            yield

    def _placed(self, i: int, but: int = 0) -> bool:
        """Put a run where it costs least, in no place of the row `but`; False where nothing is free."""
        cost, free = self.options(i)
        table = self.tables[len(self.runs[i])]
        if but:
            free &= self.rows[table[:, 0]] != but
        if not free.any():
            return False
        self.put(i, table[int(np.where(free, cost, np.inf).round(4).argmin())].tolist())
        return True

    def descend(self) -> None:
        """Better and better until no move, swap, order within a run or exchange makes the whole cheaper."""
        runs = sorted(self.spans)
        rows = sorted(set(self.rows.tolist()) - {0})
        steps: list[Callable[[], bool]] = [*(partial(self._move, i) for i in runs), self._swap]
        steps += [
            *(partial(self._others, i) for i in runs if len(self.runs[i]) > 1),
            *(partial(self._empty, r) for r in rows),
        ]
        idle = 0
        for step in steps * _PASSES:
            idle = 0 if step() else idle + 1
            if idle == len(steps):
                break

    def _elsewhere(self, i: int) -> tuple[Floats, Bools]:
        """What each span for a run that has a place would cost instead, and which are free."""
        if i not in self.told:
            kept = self.kept()
            self.lift(i)
            self.told[i] = self.options(i)
            self.back(kept)
        return self.told[i]

    def _move(self, i: int) -> bool:
        cost, free = self._elsewhere(i)
        table = self.tables[len(self.runs[i])]
        now = np.flatnonzero((table == self.spans[i]).all(axis=1))
        best = int(np.where(free, cost, np.inf).round(4).argmin())
        if not free[best] or (len(now) and cost[best] > cost[now[0]] - 1e-4):
            return False
        if not len(now):
            return self._try({i: tuple(table[best].tolist())})
        self.lift(i)
        self.put(i, table[best].tolist())
        self.told.clear()
        return True

    def _swap(self) -> bool:
        """Two runs of one length change places; the likeliest pairs only, as told by each alone."""
        costs = {i: self._elsewhere(i)[0].tolist() for i in sorted(self.spans)}
        spots = {i: self.at[len(span)].get(span) for i, span in self.spans.items()}
        hopes = []
        for i, j in combinations(sorted(self.spans), 2):
            one, other = spots[i], spots[j]
            if len(self.spans[i]) == len(self.spans[j]) and one is not None and other is not None:
                gain = costs[i][other] - costs[i][one] + costs[j][one] - costs[j][other]
                if gain < _HOPE:
                    hopes.append((round(gain, 4), i, j))
        tried = [self._try({i: self.spans[j], j: self.spans[i]}) for _, i, j in sorted(hopes)[:_TRIED]]
        return any(tried)

    def _try(self, change: Spans) -> bool:
        """Make a change, and take it back unless it makes the whole cheaper."""
        before, kept = self.cost(), self.kept()
        for i in sorted(change):
            self.lift(i)
        for i in sorted(change):
            self.put(i, change[i])
        if self.cost() < before - 1e-4:
            self.told.clear()
            return True
        self.back(kept)
        return False

    def _others(self, i: int) -> bool:
        """Another order within a run of several; the run in place of single ones, which go where it was."""
        better = False
        for a, b in combinations(range(len(self.runs[i])), 2):
            order = list(self.spans[i])
            order[a], order[b] = order[b], order[a]
            better |= self._try({i: tuple(order)})
        better |= self._try({i: self.spans[i][::-1]})
        for span in map(tuple, self.tables[len(self.runs[i])].tolist()):
            own = self.spans[i]
            holder = {s[0]: other for other, s in self.spans.items() if len(s) == 1}
            several = {slot for other, s in self.spans.items() if len(s) > 1 and other != i for slot in s}
            if not several & set(span) and not set(span) & set(own):
                freed = {holder[slot]: (left,) for slot, left in zip(span, own, strict=True) if slot in holder}
                better |= self._try({i: span, **freed})
        return better

    def _empty(self, row: int) -> bool:
        """All runs of a row moved to the best places elsewhere, one after the other, if that is cheaper."""
        those = [i for i in sorted(self.spans) if self.rows[self.spans[i][0]] == row]
        if not those:
            return False
        before, kept = self.cost(), self.kept()
        for i in those:
            self.lift(i)
        if all(self._placed(i, but=row) for i in those) and self.cost() < before - 1e-4:
            self.told.clear()
            return True
        self.back(kept)
        return False
