"""Which service takes which place on the ring: few crossings first, then nothing in the way, then short arrows.

A greedy start (the nearest thing to a barycentre that a ring allows) and an exhaustive descent over moves and swaps,
on costs computed once for all pairs of places; no chance, ties broken by order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from clss_analysis.layout.geometry import Box

CROSSING, STRUCK, BLOCKED, PER_MM, LEANING, TURN, OPENED, TOO_TALL = 8.0, 10.0, 14.0, 0.07, 0.5, 3.0, 14.0, 80.0
_PASSES = 6
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Ring:
    """Places by their centres and neighbours; fixed things by their boxes; what a straight arrow should not cross.

    `inside` are the fixed things that an arrow may enter the household for; `price` is what taking a place costs;
    `core` are the services at the core, which arrows go round; `rows` numbers the rows, 0 for the columns at the
    sides; `lines` are the segments of the family's lines; `afford` rows fit on a page.
    """

    slots: tuple[tuple[float, float], ...]
    sequences: tuple[tuple[int, ...], ...]
    size: tuple[float, float]
    fixed: dict[str, Box]
    household: Box
    solid: tuple[Box, ...]
    inside: frozenset[str]
    price: tuple[float, ...]
    core: tuple[Box, ...]
    rows: tuple[int, ...]
    lines: tuple[Box, ...]
    afford: int


def segments_hit_boxes(segments: Floats, boxes: Floats) -> Bools:
    """Whether each segment (x0, y0, x1, y1) passes through the inside of each box: an array of segments × boxes."""
    if not len(boxes) or not len(segments):
        return np.zeros((len(segments), len(boxes)), dtype=bool)
    x, y, u, v = (segments[:, k, None] for k in range(4))
    dx, dy = u - x, v - y
    dx = np.where(np.abs(dx) < 1e-9, 1e-9, dx)
    dy = np.where(np.abs(dy) < 1e-9, 1e-9, dy)
    x0, y0, x1, y1 = (boxes[None, :, k] for k in range(4))
    left, right, over, under = (x0 - x) / dx, (x1 - x) / dx, (y0 - y) / dy, (y1 - y) / dy
    enter = np.maximum(np.maximum(np.minimum(left, right), np.minimum(over, under)), 0.0)
    leave = np.minimum(np.minimum(np.maximum(left, right), np.maximum(over, under)), 1.0)
    hit: Bools = enter < leave - 1e-9
    return hit


def segments_cross(first: Floats, second: Floats) -> Bools:
    """Whether segments cross properly (touching ends do not count): an array of first × second."""
    ax, ay, bx, by = (first[:, k, None] for k in range(4))
    cx, cy, dx, dy = (second[None, :, k] for k in range(4))
    abx, aby, cdx, cdy = bx - ax, by - ay, dx - cx, dy - cy
    c_side = abx * (cy - ay) - aby * (cx - ax)
    d_side = abx * (dy - ay) - aby * (dx - ax)
    a_side = cdx * (ay - cy) - cdy * (ax - cx)
    b_side = cdx * (by - cy) - cdy * (bx - cx)
    proper: Bools = (c_side * d_side < -1e-9) & (a_side * b_side < -1e-9)
    return proper


def settle(ring: Ring, runs: tuple[tuple[str, ...], ...], ties: tuple[tuple[str, str], ...]) -> dict[str, int]:
    """Give every service a place; the services of one run take neighbouring places.

    Returns:
        Place (index into `ring.slots`) by service id.
    """
    if not runs:
        return {}
    board = _Board(ring, runs, ties)
    for index in sorted(range(len(runs)), key=lambda i: (-len(runs[i]), -board.degree(runs[i]), runs[i])):
        options = board.free_spans(len(runs[index]))
        board.put(index, min(options, key=lambda span: (board.cost_with(index, span), span)))
    for _ in range(_PASSES):
        if not board.improve():
            break
    return board.places()


class _Ways:
    """The way an arrow would take between two places: straight, or round one or two corners of the core."""

    def __init__(self, ring: Ring, names: list[str]) -> None:
        self.ring, self.count = ring, len(ring.slots)
        boxes = [ring.fixed[n] for n in names]
        self.names = names
        self.points = np.array([*ring.slots, *(((b[0] + b[2]) / 2, (b[1] + b[3]) / 2) for b in boxes)]).reshape(-1, 2)
        around = [*ring.core, ring.household]
        self.corners = np.array(
            [(x, y) for b in around for x in (b[0] - 3, b[2] + 3) for y in (b[1] - 3, b[3] + 3)]
        ).reshape(-1, 2)
        self.core = np.array(around).reshape(-1, 4)
        self.lines = np.array(ring.lines).reshape(-1, 4)
        self.solid = np.array(ring.solid).reshape(-1, 4)
        self.to_corner, self.free = self._reach(self.points, self.corners)
        self.leg, self.clear = self._reach(self.corners, self.corners)
        blocked = np.where(self.clear, self.leg, np.inf)
        np.fill_diagonal(blocked, 0.0)
        self.hops = blocked

    def _reach(self, first: Floats, second: Floats) -> tuple[Floats, Bools]:
        segments = np.hstack([np.repeat(first, len(second), axis=0), np.tile(second, (len(first), 1))])
        length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
        hit = segments_hit_boxes(segments, self.core)
        own = _contains(self.core, segments[:, :2])
        free = ~(hit & ~own).any(axis=1)
        shape = (len(first), len(second))
        return length.reshape(shape), free.reshape(shape)

    def between(self, i: int, j: int) -> tuple[list[tuple[float, float]], float]:
        """Points of the way and what it costs by itself."""
        name = self.names[j - self.count] if j >= self.count else ""
        (x, y), (u, v) = self.points[i].tolist(), self.points[j].tolist()
        if name.startswith("household-"):
            x0, y0, x1, y1 = self.ring.household
            u, v = min(max(x, x0 + 4), x1 - 4), min(max(y, y0 + 4), y1 - 4)
        line = np.array([(x, y, u, v)])
        inside = name in self.ring.inside
        if inside:
            hits = segments_hit_boxes(line, self.core[:-1]).sum() * 2
            hits += min(2, max(0, int(segments_hit_boxes(line, self.solid).sum()) - 1)) * 0.9
            hits += 0.3 * segments_cross(line, self.lines).sum()
            length = float(np.hypot(u - x, v - y))
            return [(x, y), (u, v)], float(BLOCKED * hits + PER_MM * (length + max(0.0, length - 60)))
        hit = segments_hit_boxes(line, self.core)[0] & ~_contains(self.core, np.array([(u, v)]))[0]
        way, bends, blocked = [(x, y), (u, v)], 0, 0.0
        if hit.any():
            there = np.where(self.free[i], self.to_corner[i], np.inf)
            back = np.where(self.free[j], self.to_corner[j], np.inf)
            table = there[:, None] + self.hops + back[None, :]
            a, b = np.unravel_index(int(np.argmin(table.round(6))), table.shape)
            if np.isfinite(table[a, b]):
                turns = [tuple(self.corners[a].tolist())] + ([tuple(self.corners[b].tolist())] if a != b else [])
                way, bends = [(x, y), *turns, (u, v)], len(turns)
            else:
                blocked = float(hit.sum())
        length = sum(math.dist(p, q) for p, q in pairwise(way))
        cost = PER_MM * (length + max(0.0, length - 60)) + TURN * bends + 2 * BLOCKED * blocked
        return way, cost


def _contains(boxes: Floats, points: Floats) -> Bools:
    x, y = points[:, :1], points[:, 1:]
    held: Bools = (x > boxes[:, 0]) & (x < boxes[:, 2]) & (y > boxes[:, 1]) & (y < boxes[:, 3])
    return held


class _Board:
    """The state of the search: a place for every service, and the cost of the whole."""

    def __init__(self, ring: Ring, runs: tuple[tuple[str, ...], ...], ties: tuple[tuple[str, str], ...]) -> None:
        self.ring, self.runs = ring, runs
        self.spans: dict[int, tuple[int, ...]] = {}
        touched = {end for tie in ties for end in tie}
        names = sorted(name for name in ring.fixed if name in touched)
        count = len(ring.slots)
        self.node = {name: count + i for i, name in enumerate(names)}
        services = {s for run in runs for s in run}
        kept = sorted({tuple(sorted(t)) for t in ties if t[0] != t[1]})
        self.ties = [(a, b) for a, b in kept if {a, b} <= services | set(names) and {a, b} & services]
        self._tabulate(names)

    def _tabulate(self, names: list[str]) -> None:
        """Crossings, things struck and own cost for every pair of places, along the way an arrow would take."""
        ring, count = self.ring, len(self.ring.slots)
        total = count + len(names)
        pairs = [(i, j) for i in range(count) for j in range(i + 1, total)]
        self.index = np.zeros((total, total), dtype=np.int64)
        ways = _Ways(ring, names)
        segments, owners, alone = [], [], []
        for k, (i, j) in enumerate(pairs):
            self.index[i, j] = self.index[j, i] = k
            way, cost = ways.between(i, j)
            alone.append(cost)
            segments += [(*p, *q) for p, q in pairwise(way)]
            owners += [k] * (len(way) - 1)
        table = np.array(segments).reshape(-1, 4)
        holds = np.zeros((len(pairs), len(table)), dtype=np.float32)
        holds[owners, np.arange(len(table))] = 1
        half_w, half_h = ring.size[0] / 2 + 1.5, ring.size[1] / 2 + 1.5
        slots = np.array([(x - half_w, y - half_h, x + half_w, y + half_h) for x, y in ring.slots]).reshape(-1, 4)
        self.crossing = holds @ segments_cross(table, table).astype(np.float32) @ holds.T
        self.struck = holds @ segments_hit_boxes(table, slots).astype(np.float32)
        for k, (i, j) in enumerate(pairs):
            self.struck[k, i] = 0
            if j < count:
                self.struck[k, j] = 0
        self.alone = np.array(alone)

    def degree(self, run: tuple[str, ...]) -> int:
        return sum(a in run or b in run for a, b in self.ties)

    def places(self) -> dict[str, int]:
        return {s: slot for i, span in self.spans.items() for s, slot in zip(self.runs[i], span, strict=True)}

    def put(self, index: int, span: tuple[int, ...]) -> None:
        self.spans[index] = span

    def cost_with(self, index: int, span: tuple[int, ...]) -> float:
        return self._cost({**self.spans, index: span})

    def _cost(self, spans: dict[int, tuple[int, ...]]) -> float:
        where = dict(self.node)
        for i, span in spans.items():
            where.update(zip(self.runs[i], span, strict=True))
        taken = [slot for span in spans.values() for slot in span]
        lean = sum(
            1 if self.ring.slots[slot][0] > 0.1 else -1 if self.ring.slots[slot][0] < -0.1 else 0 for slot in taken
        )
        rows = {self.ring.rows[slot] for slot in taken}
        cost = sum(self.ring.price[slot] for slot in taken) + LEANING * abs(lean)
        opened = len(rows - {0})
        cost += OPENED * opened + TOO_TALL * max(0, opened - self.ring.afford)
        edges = [self.index[where[a], where[b]] for a, b in self.ties if a in where and b in where]
        if not edges:
            return round(cost, 4)
        chosen = np.array(edges)
        cost += CROSSING * self.crossing[np.ix_(chosen, chosen)].sum() / 2
        cost += STRUCK * self.struck[np.ix_(chosen, np.array(taken))].sum() + self.alone[chosen].sum()
        return round(float(cost), 4)

    def free_spans(self, length: int, freed: frozenset[int] = frozenset()) -> list[tuple[int, ...]]:
        taken = {slot for span in self.spans.values() for slot in span} - freed
        found = []
        for sequence in self.ring.sequences:
            for start in range(len(sequence) - length + 1):
                span = sequence[start : start + length]
                if not taken & set(span):
                    found.append(span)
        return found or [tuple(sorted(set(range(len(self.ring.slots))) - taken)[:length])]

    def improve(self) -> bool:
        """One pass: every run tries every free span, every swap with another run, and every order within."""
        found = False
        current = self._cost(self.spans)
        for index in sorted(self.spans):
            for spans in self._neighbours(index):
                cost = self._cost(spans)
                if cost < current - 1e-6:
                    current, self.spans, found = cost, spans, True
        for row in sorted({self.ring.rows[slot] for span in self.spans.values() for slot in span} - {0}):
            emptied = self._emptied(row)
            if emptied is not None and self._cost(emptied) < current - 1e-6:
                current, self.spans, found = self._cost(emptied), emptied, True
        return found

    def _emptied(self, row: int) -> dict[int, tuple[int, ...]] | None:
        """All runs of a row moved to the best places elsewhere, one after the other; None when there is no room."""
        before = self.spans
        movers = sorted(i for i, span in before.items() if self.ring.rows[span[0]] == row)
        self.spans = {i: span for i, span in before.items() if i not in movers}
        for index in movers:
            options = [s for s in self.free_spans(len(before[index])) if s and self.ring.rows[s[0]] != row]
            if not options or len(options[0]) < len(before[index]):
                self.spans = before
                return None
            self.spans[index] = min(options, key=lambda span, i=index: (self.cost_with(i, span), span))  # type: ignore[misc]
        after, self.spans = self.spans, before
        return after

    def _neighbours(self, index: int) -> list[dict[int, tuple[int, ...]]]:
        own = self.spans[index]
        options = [{**self.spans, index: span} for span in self.free_spans(len(own), frozenset(own)) if span != own]
        for other, span in self.spans.items():
            if other > index and len(span) == len(own):
                options.append({**self.spans, index: span, other: own})
        if len(own) > 1:
            for i in range(len(own)):
                for j in range(i + 1, len(own)):
                    order = list(own)
                    order[i], order[j] = order[j], order[i]
                    options.append({**self.spans, index: tuple(order)})
            options += self._exchanges(index)
        return options

    def _exchanges(self, index: int) -> list[dict[int, tuple[int, ...]]]:
        """A run of several services against the single ones that stand where it might go."""
        own = self.spans[index]
        holder = {span[0]: other for other, span in self.spans.items() if len(span) == 1}
        several = {slot for other, span in self.spans.items() if len(span) > 1 and other != index for slot in span}
        options = []
        for sequence in self.ring.sequences:
            for start in range(len(sequence) - len(own) + 1):
                span = sequence[start : start + len(own)]
                if several & set(span) or set(span) & set(own):
                    continue
                spans = {**self.spans, index: span}
                for slot, freed in zip(span, own, strict=True):
                    if slot in holder:
                        spans[holder[slot]] = (freed,)
                options.append(spans)
        return options
