"""Which service takes which place on the ring: few crossings first, then nothing in the way, then short arrows.

From several starts, a descent over moves, swaps and exchanges until none makes the whole cheaper, on costs computed
once for all pairs of places.  No chance; what is equal is told apart by order.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from clss_analysis.layout.sociogenogram_ways import Bools, Floats, Ring, Ways, Whole

CROSSING, STRUCK, LEANING, OPENED, TOO_TALL = 8.0, 10.0, 0.5, 14.0, 80.0
_PASSES, _TRIED, _SHUFFLES = 12, 24, 5
Spans = dict[int, tuple[int, ...]]


def settle(
    ring: Ring, runs: tuple[tuple[str, ...], ...], ties: tuple[tuple[str, str], ...], best: int = 1
) -> list[dict[str, int]]:
    """Give every service a place; the services of one run take neighbouring places.

    Returns:
        Place (index into `ring.slots`) by service id: up to `best` different arrangements that no single change makes
        cheaper.
    """
    if not runs:
        return [{}]
    board = _Board(ring, runs, ties)
    found: list[Spans] = []
    for start in board.starts():
        spans = board.descended(start)
        if spans not in found:
            found.append(spans)
        if len(found) == best:
            break
    return [{s: slot for i, span in spans.items() for s, slot in zip(runs[i], span, strict=True)} for spans in found]


def _shuffled(order: list[int], turn: int, runs: tuple[tuple[str, ...], ...]) -> list[int]:
    """The same runs in another order, long ones still first: a fixed one for each turn."""
    return sorted(order, key=lambda i: (-len(runs[i]), (i + 1) * (2 * turn + 1) * 2654435761 % 4093, i))


class _Board:
    """The tables of the search, and what an arrangement costs by them."""

    def __init__(self, ring: Ring, runs: tuple[tuple[str, ...], ...], ties: tuple[tuple[str, str], ...]) -> None:
        self.ring, self.runs = ring, runs
        touched = {end for tie in ties for end in tie}
        names = sorted(name for name in ring.fixed if name in touched)
        self.ways = Ways(ring, names)
        services = [s for run in runs for s in run]
        self.number = {s: n for n, s in enumerate(services)}
        fixed = {name: len(ring.slots) + n for n, name in enumerate(names)}
        kept = sorted({tuple(sorted(t)) for t in ties if t[0] != t[1]})
        self.edges = [(a, b) for a, b in kept if {a, b} <= {*services, *names} and {a, b} & {*services}]
        self.heads = np.array([self.number.get(a, -1) for a, _ in self.edges], dtype=np.intp)
        self.tails = np.array([self.number.get(b, -1) for _, b in self.edges], dtype=np.intp)
        self.head_at = np.array([fixed.get(a, 0) for a, _ in self.edges], dtype=np.intp)
        self.tail_at = np.array([fixed.get(b, 0) for _, b in self.edges], dtype=np.intp)
        self.members = [np.array([self.number[s] for s in run], dtype=np.intp) for run in runs]
        self.touches = [np.flatnonzero(np.isin(self.heads, m) | np.isin(self.tails, m)) for m in self.members]
        self.side = np.sign(np.array([x for x, _ in ring.slots]).round(1)).astype(int)
        self.rows, self.price = np.array(ring.rows), np.array(ring.price)
        self.spans: dict[int, Whole] = {}
        for length in sorted({len(run) for run in runs}):
            spans = [q[k : k + length] for q in ring.sequences for k in range(len(q) - length + 1)]
            spans = spans or [tuple(range(length))]
            self.spans[length] = np.array(spans, dtype=np.intp).reshape(-1, length)

    def starts(self) -> list[Spans]:
        """Greedy arrangements: the busiest first, the least busy first, and along the ties from the busiest."""
        busy = {i: len(t) for i, t in enumerate(self.touches)}
        runs = range(len(self.runs))
        orders = [
            sorted(runs, key=lambda i: (-len(self.runs[i]), -busy[i], self.runs[i])),
            sorted(runs, key=lambda i: (-len(self.runs[i]), busy[i], self.runs[i])),
        ]
        along: list[int] = []
        while len(along) < len(self.runs):
            met = {int(e) for i in along for e in self.touches[i]}
            left = [i for i in runs if i not in along]
            along.append(
                min(left, key=lambda i: (-len(self.runs[i]), -len(met & set(self.touches[i].tolist())), -busy[i], i))
            )
        found = []
        for order in (*orders, along, *(_shuffled(orders[0], k, self.runs) for k in range(1, _SHUFFLES + 1))):
            spans: Spans = {}
            for i in order:
                cost, free = self.options(i, spans)
                if not free.any():
                    break
                cost[~free] = np.inf
                spans[i] = tuple(self.spans[len(self.runs[i])][int(cost.round(4).argmin())].tolist())
            if len(spans) == len(self.runs):
                found.append(spans)
        return found or [self._anyhow()]

    def _anyhow(self) -> Spans:
        """Services one after the other, where runs do not fit side by side."""
        slots = iter(range(len(self.ring.slots)))
        return {i: tuple(next(slots) for _ in run) for i, run in enumerate(self.runs)}

    def _placed(self, spans: Spans) -> tuple[Whole, Whole]:
        """Place of every service (−1 for none yet), and the pair of places of every edge (−1 likewise)."""
        at = np.full(len(self.number), -1, dtype=np.intp)
        for i, span in spans.items():
            at[self.members[i]] = span
        heads = np.where(self.heads >= 0, at[self.heads], self.head_at)
        tails = np.where(self.tails >= 0, at[self.tails], self.tail_at)
        known = (heads >= 0) & (tails >= 0)
        return at, np.where(known, self.ways.index[heads, tails], -1)

    def cost(self, spans: Spans) -> float:
        """What a whole arrangement costs."""
        at, edges = self._placed(spans)
        edges, taken = edges[edges >= 0], at[at >= 0]
        total = float(self.price[taken].sum()) + LEANING * abs(int(self.side[taken].sum()))
        opened = len(set(self.rows[taken].tolist()) - {0})
        total += OPENED * opened + TOO_TALL * max(0, opened - self.ring.afford)
        if len(edges):
            total += CROSSING * float(self.ways.crossing[edges[:, None], edges].sum()) / 2
            total += STRUCK * float(self.ways.struck[edges[:, None], taken].sum())
            total += float(self.ways.alone[edges].sum())
        return round(total, 4)

    def options(self, i: int, spans: Spans) -> tuple[Floats, Bools]:
        """What each span for a run would add to the cost of the others, and which spans are free."""
        others = {j: span for j, span in spans.items() if j != i}
        at, edges = self._placed(others)
        table, taken = self.spans[len(self.runs[i])], at[at >= 0]
        own = self.touches[i]
        rest = np.setdiff1d(np.flatnonzero(edges >= 0), own)
        heads, tails = self._ends(i, own, table, at)
        known = ((heads >= 0) & (tails >= 0)).all(axis=0)
        pairs = self.ways.index[heads[:, known], tails[:, known]]
        free: Bools = np.asarray(~np.isin(table, taken).any(axis=1))
        cost: Floats = self.price[table].sum(axis=1)
        cost += LEANING * np.abs(int(self.side[taken].sum()) + self.side[table].sum(axis=1))
        used = set(self.rows[taken].tolist()) - {0}
        fresh = np.array([len({*self.rows[span].tolist()} - {0} - used) for span in table])
        cost += OPENED * fresh + TOO_TALL * np.maximum(0, len(used) + fresh - self.ring.afford)
        if pairs.shape[1]:
            others_at = edges[rest]
            crossed = self.ways.crossing
            cost += CROSSING * crossed[pairs[:, :, None], others_at].sum(axis=(1, 2))
            cost += CROSSING / 2 * crossed[pairs[:, :, None], pairs[:, None, :]].sum(axis=(1, 2))
            cost += STRUCK * self.ways.struck[pairs[:, :, None], taken].sum(axis=(1, 2))
            cost += STRUCK * self.ways.struck[pairs[:, :, None], table[:, None, :]].sum(axis=(1, 2))
            cost += self.ways.alone[pairs].sum(axis=1)
        if len(rest):
            cost += STRUCK * self.ways.struck[edges[rest]].sum(axis=0)[table].sum(axis=1)
        return cost, free

    def _ends(self, i: int, own: Whole, table: Whole, at: Whole) -> tuple[Whole, Whole]:
        """Where the ends of a run's edges are, for each of its spans."""
        column = {int(m): k for k, m in enumerate(self.members[i])}
        found = []
        for ends, fixed in ((self.heads, self.head_at), (self.tails, self.tail_at)):
            parts = [
                table[:, column[n]] if n in column else np.full(len(table), at[n] if n >= 0 else fixed[e])
                for e, n in zip(own.tolist(), ends[own].tolist(), strict=True)
            ]
            found.append(np.array(parts, dtype=np.intp).reshape(len(own), len(table)).T)
        return found[0], found[1]

    def descended(self, spans: Spans) -> Spans:
        """Better and better until no move, swap, order within a run or exchange makes the whole cheaper."""
        for _ in range(_PASSES):
            before = spans
            spans = self._moved(spans)
            spans = self._swapped(spans)
            spans = self._tried(spans, [option for i in sorted(spans) for option in self._others(i, spans)])
            spans = self._tried(spans, self._emptied(spans))
            if spans == before:
                break
        return spans

    def _moved(self, spans: Spans) -> Spans:
        for i in sorted(spans):
            cost, free = self.options(i, spans)
            table = self.spans[len(self.runs[i])]
            now = (
                int(np.flatnonzero((table == spans[i]).all(axis=1))[0]) if (table == spans[i]).all(axis=1).any() else 0
            )
            cost[~free] = np.inf
            best = int(cost.round(4).argmin())
            if cost[best] < cost[now] - 1e-4:
                spans = {**spans, i: tuple(table[best].tolist())}
        return spans

    def _swapped(self, spans: Spans) -> Spans:
        """Two runs of one length change places; the likeliest pairs only, as told by each alone."""
        costs = {}
        for i in sorted(spans):
            cost, _ = self.options(i, spans)
            costs[i] = {
                tuple(span): value for span, value in zip(self.spans[len(self.runs[i])].tolist(), cost, strict=True)
            }
        hopes = []
        for i, j in combinations(sorted(spans), 2):
            one, other = spans[i], spans[j]
            if len(one) == len(other) and one in costs[i] and other in costs[j]:
                gain = costs[i][other] - costs[i][one] + costs[j][one] - costs[j][other]
                hopes.append((round(float(gain), 4), i, j))
        tried = [{**spans, i: spans[j], j: spans[i]} for _, i, j in sorted(hopes)[:_TRIED]]
        return self._tried(spans, tried)

    def _tried(self, spans: Spans, options: list[Spans]) -> Spans:
        """The cheapest of these and what is."""
        best, least = spans, self.cost(spans)
        for option in options:
            cost = self.cost(option)
            if cost < least - 1e-4:
                best, least = option, cost
        return best

    def _others(self, i: int, spans: Spans) -> list[Spans]:
        """Another order within a run of several; the run in place of single ones, which go where it was."""
        own = spans[i]
        if len(own) < 2:
            return []
        options = []
        for a, b in combinations(range(len(own)), 2):
            order = list(own)
            order[a], order[b] = order[b], order[a]
            options.append({**spans, i: tuple(order)})
        options.append({**spans, i: own[::-1]})
        holder = {span[0]: other for other, span in spans.items() if len(span) == 1}
        several = {slot for other, span in spans.items() if len(span) > 1 and other != i for slot in span}
        for span in map(tuple, self.spans[len(own)].tolist()):
            if several & set(span) or set(span) & set(own):
                continue
            option = {**spans, i: span}
            for slot, freed in zip(span, own, strict=True):
                if slot in holder:
                    option[holder[slot]] = (freed,)
            options.append(option)
        return options

    def _emptied(self, spans: Spans) -> list[Spans]:
        """All runs of a row moved to the best places elsewhere, one after the other, row by row."""
        options = []
        for row in sorted({int(self.rows[span[0]]) for span in spans.values()} - {0}):
            left = {i: span for i, span in spans.items() if self.rows[span[0]] != row}
            for i in sorted(set(spans) - set(left)):
                cost, free = self.options(i, left)
                free &= self.rows[self.spans[len(self.runs[i])][:, 0]] != row
                if not free.any():
                    break
                cost[~free] = np.inf
                left[i] = tuple(self.spans[len(self.runs[i])][int(cost.round(4).argmin())].tolist())
            if len(left) == len(spans):
                options.append(left)
        return options
