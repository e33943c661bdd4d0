"""Arrows beside each other: small changes of a path, and what each costs among the arrows that lie.

A path found over corners shares them with others.  Here its bends and legs move aside by a track, its ends along the
border, so that no two arrows run on one line; the order of the tracks is the one with fewest crossings, since each
change is judged by what it crosses.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from clss_analysis.layout.genogram.arrows.borders import LANE
from clss_analysis.layout.genogram.arrows.coincidence import beside
from clss_analysis.layout.genogram.arrows.costs import ROUTE
from clss_analysis.layout.genogram.arrows.obstacles import gaps
from clss_analysis.layout.genogram.arrows.segments import Bools, Floats, Whole, cross, marked, picked
from clss_analysis.layout.geometry import Point

TRACK, SHARPEST = 1.6, -0.35
_TOUCH = 1.2
_HIDDEN = 2.0  # touches that a line over a head is as bad as
_CLEAR, _DEEP = 1.55, 1.3  # millimetres from the middle of a head to its corners; from its tip to its middle
_NEAR, _LEAST, _MOST, _REACH, _LONG = 1.25, 1.0, 12.0, 3.0, 12.0
_MOUTH = _CLEAR - _NEAR
_STEPS = np.array([TRACK, -TRACK, 2 * TRACK, -2 * TRACK, 3 * TRACK, -3 * TRACK])
_OFFSETS = np.concatenate([_STEPS[:, None] * np.array(way) for way in ((1, 0), (0, 1), (1, 1), (1, -1))])
Path = tuple[Point, ...]


def changes(path: Path, starts: Floats, stops: Floats) -> tuple[Floats, Whole, Whole, Whole]:
    """Paths a little different from one: a bend moved or left out, a leg moved aside, an end at another port.

    An end that moves takes the bend next to it along, or not.

    Returns:
        Paths × points × 2, a bend that is left out standing halfway between its neighbours; which bend that is, 0 for
        none; the number of the port at which each starts and stops, −1 for the one it had.
    """
    points = np.array(path)
    count, made = len(points), [points[None]]
    inner = range(1, count - 1)
    for k in inner:
        moved = np.repeat(points[None], len(_OFFSETS), axis=0)
        moved[:, k] += _OFFSETS
        made.append(moved)
    for k in inner[:-1]:
        dx, dy = points[k + 1] - points[k]
        aside = _STEPS[:, None] * np.array([-dy, dx]) / max(float(np.hypot(dx, dy)), 1e-9)
        moved = np.repeat(points[None], len(_STEPS), axis=0)
        moved[:, k] += aside
        moved[:, k + 1] += aside
        made.append(moved)
    for k in inner:
        short = points[None].copy()
        short[0, k] = (points[k - 1] + points[k + 1]) / 2
        made.append(short)
    fixed = sum(map(len, made))
    for ports, end, bend in ((starts, 0, 1), (stops, count - 1, count - 2)):
        moved = np.repeat(points[None], len(ports), axis=0)
        moved[:, end] = ports[:, :2]
        made.append(moved)
        if count > 2:
            along = moved.copy()
            along[:, bend] += ports[:, :2] - points[end]
            made.append(along)
    options = np.concatenate(made)
    without, start, stop = np.zeros(len(options), dtype=np.intp), *np.full((2, len(options)), -1, dtype=np.intp)
    without[fixed - len(inner) : fixed] = inner
    twice = 2 if count > 2 else 1
    change = fixed + twice * len(starts)
    start[fixed:change] = np.tile(np.arange(len(starts)), twice)
    stop[change:] = np.tile(np.arange(len(stops)), twice)
    return options, without, start, stop


def bent_once(path: Path) -> list[Path]:
    """The same path with a bend more in the middle of one of its longer legs."""
    return [
        (*path[: k + 1], ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), *path[k + 1 :])
        for k, (a, b) in enumerate(pairwise(path))
        if math.dist(a, b) > _LONG
    ]


def smooth(options: Floats) -> tuple[Bools, Floats]:
    """Which paths have no sharp turn and no short leg; how long each is."""
    x, y = (options[:, 1:, k] - options[:, :-1, k] for k in (0, 1))
    long = np.hypot(x, y)
    turns = x[:, 1:] * x[:, :-1] + y[:, 1:] * y[:, :-1] >= SHARPEST * long[:, 1:] * long[:, :-1]
    good: Bools = (long.min(axis=1) >= 2.0) & (np.minimum(long[:, 0], long[:, -1]) >= 3.2) & turns.all(axis=1)
    return good, long.sum(axis=1)


class Company:
    """The arrows that lie, and what each costs beside each other one and along lines that are there already."""

    def __init__(
        self, lanes: dict[str, int], lines: Sequence[Path], borders: Sequence[Path], crossing: float = ROUTE.crossing
    ) -> None:
        self.number = {name: n for n, name in enumerate(sorted(lanes))}
        self.lanes = np.array([lanes[name] for name in self.number] + [0] * (len(lines) + len(borders)), dtype=float)
        self.borders = len(lanes), len(lanes) + len(borders)
        self.crossing, self.dense = crossing, crossing < ROUTE.crossing
        self.paths: dict[int, Floats] = {}
        self.prices, self.faults = np.zeros((2, len(self.lanes), len(self.lanes)))
        self.parts: dict[int, Floats] = {}
        for n, line in enumerate((*borders, *lines), start=len(self.number)):
            self.parts[n] = flat(np.array([line]))
        self.changed = True

    def _stacked(self) -> None:
        """All segments in one table, with the arrow, the reach and the bend at the end of each."""
        if not self.changed:
            return
        self.changed = False
        order = sorted(self.parts)
        counts = [len(self.parts[n]) for n in order]
        self.segments = np.concatenate([self.parts[n] for n in order]) if order else np.zeros((0, 4))
        self.owners = np.repeat(np.array(order, dtype=np.intp), counts)
        lanes = self.lanes[self.owners]
        self.near = _NEAR + LANE * np.maximum(lanes - 1, 0)
        self.bends = lanes > 0
        self.bends[np.cumsum(counts, dtype=np.intp) - 1] = False
        self.mouths = _mouths(self.segments)
        self.starts, self.stops = np.roll(~self.bends, 1) & (lanes > 0), ~self.bends & (lanes > 0)
        grow = self.near + _MOUTH
        x, y, u, v = self.segments.T
        self.low = np.minimum(x, u) - grow, np.minimum(y, v) - grow
        self.high = np.maximum(x, u) + grow, np.maximum(y, v) + grow

    def put(self, name: str, path: Path) -> None:
        """Lay an arrow."""
        n = self.number[name]
        self.paths[n] = np.array([path])
        self.parts[n] = flat(self.paths[n])
        self.changed = True
        prices, faults = self.beside(self.paths[n], n)
        self.prices[n] = self.prices[:, n] = prices[0]
        self.faults[n] = self.faults[:, n] = faults[0]

    def take(self, name: str) -> None:
        """Take an arrow up."""
        n = self.number[name]
        del self.parts[n]
        for table in (self.prices, self.faults):
            table[n] = table[:, n] = 0.0
        self.changed = True

    def kept(self) -> tuple[dict[int, Floats], dict[int, Floats], Floats, Floats]:
        """The arrows as they lie, to come back to."""
        return self.paths.copy(), self.parts.copy(), self.prices.copy(), self.faults.copy()

    def back(self, kept: tuple[dict[int, Floats], dict[int, Floats], Floats, Floats]) -> None:
        """The arrows as they lay."""
        (self.paths, self.parts, self.prices, self.faults), self.changed = kept, True

    def price(self, name: str) -> float:
        """What an arrow costs beside all others."""
        return float(self.prices[self.number[name]].sum())

    def fault(self, name: str) -> float:
        """The same without its crossings, which a dense picture may have."""
        return float(self.faults[self.number[name]].sum())

    def met(self) -> float:
        """What all arrows cost beside each other."""
        count = len(self.number)
        return float(self.prices[:count, :count].sum() / 2 + self.prices[:count, count:].sum())

    def worst(self, name: str, *, apart: bool = False) -> list[str]:
        """The two arrows beside which one costs most; `apart` from crossings."""
        prices = (self.faults if apart else self.prices)[self.number[name]].round(6).tolist()
        return sorted(
            (n for n in self.number if prices[self.number[n]] >= 1), key=lambda n: (-prices[self.number[n]], n)
        )[:2]

    def near_to(self, segments: Floats) -> set[str]:
        """The arrows that come near some segments."""
        names = list(self.number)
        near = self._meet(segments, _REACH + LANE - _MOUTH).any(axis=0)
        return {names[n] for n in set(self.owners[near].tolist()) if n < len(names)}

    def _meet(self, segments: Floats, reach: float = 0.0) -> Bools:
        """Which segments come near which that lie: an array of both."""
        self._stacked()
        x, y, u, v = segments.T
        meet: Bools = (np.minimum(x, u) - reach)[:, None] < self.high[0]
        meet &= (np.maximum(x, u) + reach)[:, None] > self.low[0]
        meet &= (np.minimum(y, v) - reach)[:, None] < self.high[1]
        meet &= (np.maximum(y, v) + reach)[:, None] > self.low[1]
        return meet

    def beside(self, options: Floats, n: int, usual: Floats | None = None) -> tuple[Floats, Floats]:
        """What each of several paths for an arrow would cost beside each of the others: an array of paths × arrows.

        `usual` are the points that most of the paths have; legs between them are judged once, and arrows that no path
        comes near are left out.  The second array leaves out what crossings cost.
        """
        legs = options.shape[1] - 1
        segments, which = flat(options), np.arange(len(options) * legs)
        leg = np.arange(len(segments)) % legs
        if usual is not None:
            same = (options[..., 0] == usual[:, 0]) & (options[..., 1] == usual[:, 1])
            fresh = np.flatnonzero(~(same[:, :-1] & same[:, 1:]).ravel())
            which = np.tile(np.arange(legs), len(options))
            which[fresh] = legs + np.arange(len(fresh))
            segments = np.concatenate([flat(usual[None]), segments.take(fresh, axis=0)])
            leg = np.concatenate([np.arange(legs), leg[fresh]])
        wide = LANE * (self.lanes[n] - 1)
        own, other = marked(self._meet(segments, wide) & (self.owners != n))
        a, b, owners = picked(segments, own), picked(self.segments, other), self.owners[other]
        first, last = leg[own] == 0, leg[own] == legs - 1
        both = (wide + self.near[other] - _NEAR) * self.dense
        border = (owners >= self.borders[0]) & (owners < self.borders[1])
        points, lines, there = [a[:, 2:], b[:, 2:]], [b, a], [~last, self.bends[other]]
        if self.dense:
            points += [*_mouths(a), *(picked(each, other) for each in self.mouths)]
            lines += [b, b, a, a]
            there += [first & ~border, last & ~border, self.starts[other], self.stops[other]]
        those = [np.flatnonzero(each) for each in there]
        ends = ([picked(each, at) for each, at in zip(table, those, strict=True)] for table in (points, lines))
        gap, done = gaps(*map(np.concatenate, ends)), 0
        touched, twice = np.zeros(len(own)), 1.0 + border * self.dense
        for k, at in enumerate(those):
            near = gap[done : done + len(at)] < (_TOUCH if k < 2 else _CLEAR) + both[at]
            touched[at] += near * (twice[at] if k < 2 else _HIDDEN)
            done += len(at)
        found = (beside(a, b, self.near[other] + wide), cross(a, b) * self.lanes[owners], touched)
        met = np.zeros(len(self.lanes), dtype=bool)
        met[owners] = True
        met |= usual is None
        total = int(met.sum())
        cells, size = own * total + (np.cumsum(met) - 1)[owners], len(segments) * total
        tables = (np.bincount(cells, each, size).reshape(-1, total) for each in found)
        along, crossed, touched = (
            np.add.reduce([table.take(which[k::legs], axis=0) for k in range(legs)]) for table in tables
        )
        faults: Floats = ROUTE.shared * (along > _LEAST) + ROUTE.touched * touched
        longer = ROUTE.shared_mm * np.minimum(along, _MOST)
        return faults + self.crossing * self.lanes[n] * crossed + longer, faults + longer


def flat(options: Floats) -> Floats:
    """The segments of paths × points × 2, one a row."""
    return np.concatenate([options[:, :-1], options[:, 1:]], axis=2).reshape(-1, 4)


def _mouths(segments: Floats) -> tuple[Floats, Floats]:
    """The middles of heads at both ends of each segment."""
    start, stop = segments[:, :2], segments[:, 2:]
    step = units(stop - start)
    return start + _DEEP * step, stop - _DEEP * step


def units(steps: Floats) -> Floats:
    """Directions of steps."""
    return steps / np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-9)[:, None]
