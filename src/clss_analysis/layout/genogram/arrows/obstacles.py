"""The field that arrows cross: corners round everything on the page, which of them see each other, what lies between.

Visibility and distances are computed once.  How many arrows pass between two corners, and how close to a corner, is
kept up to date as arrows come and go.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from clss_analysis.layout.genogram.arrows.borders import LANE, End
from clss_analysis.layout.genogram.arrows.coincidence import beside
from clss_analysis.layout.genogram.arrows.costs import ROUTE
from clss_analysis.layout.genogram.arrows.segments import (
    Bools,
    Floats,
    Whole,
    cross,
    meeting,
    picked,
    through,
    times_crossed,
)
from clss_analysis.layout.geometry import Box, Point

CLEARANCE = 1.1
CORNERS = (2.1, 4.3)
OFF_HOUSEHOLD = (4.2, 6.3)
GRAZED = 1.2
_FURTHER = 6.5  # millimetres to one track more round an institution of a dense picture
_HEAD, _ALONG = 9.0, 10.0  # crossings that are as bad as a head passed over, as two lines along each other
_NEAR, _SLANT = 1.25, 0.2  # millimetres between lines along each other, sine of the angle between them
_MANY, _BULK = 400000, 2000
_OUT = 3.8  # millimetres from a service to the corner at its side, outside its frame
Sizes = npt.NDArray[np.float32]
_NONE: Floats = np.zeros((0, 4))
_SHARES = np.array([0.12, 0.35, 0.65, 0.88])


@dataclass(frozen=True)
class Ground:
    """What arrows meet: ends, boxes (with their owner's id), containers (id, box, ids inside), lines, the page.

    `crossing` is what a crossing of two arrows costs there, `over` that of a family line.
    """

    ends: dict[str, End]
    boxes: tuple[tuple[str, Box], ...]
    containers: tuple[tuple[str, Box, frozenset[str]], ...]
    lines: tuple[tuple[Point, ...], ...]
    bonds: dict[str, tuple[Point, ...]]
    page: Box
    crossing: float = ROUTE.crossing
    over: float = ROUTE.family_crossing

    @cached_property
    def closed(self) -> dict[str, str]:
        """The frame at which arrows end, by what stands in it."""
        frames = [each for each in self.containers if each[0] in self.ends and self.ends[each[0]].shape == "rect"]
        return {inner: name for name, _, inside in frames for inner in (name, *inside)}


class Field:
    """Corners, what each sees, and what it costs to go from one to another among the arrows laid so far."""

    def __init__(self, ground: Ground) -> None:
        raw = np.array([box for _, box in ground.boxes]).reshape(-1, 4)
        grow = np.array([-1.0, -1.0, 1.0, 1.0])
        self.owners = np.array([owner for owner, _ in ground.boxes], dtype=object)
        self.swept = {1: raw + CLEARANCE * grow, 2: raw + (CLEARANCE + LANE) * grow}
        holds = np.array([box for _, box, _ in ground.containers]).reshape(-1, 4)
        solid = np.array([[name in ground.closed] for name, _, _ in ground.containers], dtype=float).reshape(-1, 1)
        self.wide = {lanes: holds + (0.8 + LANE * (lanes - 1) * solid) * grow for lanes in (1, 2)}
        self.family, self.over = segments_of(ground.lines), ground.over
        self.stretched = _stretched(self.family)
        if len(self.family):
            ends = self.family.reshape(-1, 2)
            self.home = (*(ends.min(axis=0) - 2).tolist(), *(ends.max(axis=0) + 2).tolist())
        self.nodes = self._corners(ground, raw, holds)
        self.first, self.second = (half.astype(np.intp) for half in np.triu_indices(len(self.nodes), 1))
        between = np.hstack([self.nodes.take(self.first, axis=0), self.nodes.take(self.second, axis=0)])
        free = ~hits(between, self.swept[1])
        self.first, self.second, self.between = self.first[free], self.second[free], between[free]
        x, y, u, v = self.between.T
        self.low, self.high = (np.minimum(x, u), np.minimum(y, v)), (np.maximum(x, u), np.maximum(y, v))
        self._met: dict[tuple[Point, ...], tuple[Whole, Floats, Whole]] = {}
        self._counted: dict[tuple[Point, ...], int] = {}
        self._seen: dict[tuple[int, bytes], Sizes] = {}
        step = self.between[:, 2:] - self.between[:, :2]
        reach = np.hypot(step[:, 0], step[:, 1])
        self.base: Floats = reach + ROUTE.bend + self.family_cost(self.between)
        self.heading = (step / np.maximum(reach, 1e-9)[:, None]).astype(np.float32)
        self.crossed = np.zeros((len(self.nodes), len(self.nodes)), dtype=np.float32)
        self.tight = ROUTE.tight
        self.crowded = np.zeros(len(self.nodes), dtype=np.int32)
        self.near_family: Floats = np.zeros(len(self.nodes))
        if len(self.family):
            self.near_family = np.where(close_by(self.nodes, self.family, 1.7) > 0, ROUTE.tight, 0.0)
        size = (len(self.nodes), len(self.nodes))
        self.ux, self.uy = np.zeros(size, dtype=np.float32), np.zeros(size, dtype=np.float32)
        for table, column in ((self.ux, 0), (self.uy, 1)):
            table[self.first, self.second] = self.heading[:, column]
            table[self.second, self.first] = -self.heading[:, column]

    def _corners(self, ground: Ground, raw: Floats, holds: Floats) -> Floats:
        homes = {end.id for end in ground.ends.values() if end.shape == "household"}
        other = np.array([name not in homes for name, _, _ in ground.containers], dtype=bool)
        framed = np.array([owner in ground.closed for owner in self.owners.tolist()], dtype=bool)
        loose, inner = raw[~framed], raw[framed]
        tracks = (*CORNERS, _FURTHER) if ground.closed else CORNERS
        around = [(box, CORNERS) for box in loose] + [(box, tracks) for box in holds[other]]
        around += [(ground.ends[name].box, OFF_HOUSEHOLD) for name in sorted(homes)]
        spots = np.array(
            [
                (x, y)
                for box, reaches in around
                for reach in reaches
                for x in (box[0] - reach, box[2] + reach)
                for y in (box[1] - reach, box[3] + reach)
            ]
        ).reshape(-1, 2)
        sides = [
            np.column_stack([x, (inner[:, 1] + inner[:, 3]) / 2]) for x in (inner[:, 0] - _OUT, inner[:, 2] + _OUT)
        ]
        spots = np.vstack([spots, *sides])
        page, (x, y) = ground.page, (spots[:, :1], spots[:, 1:])
        on_page = (spots > np.array(page[:2])).all(axis=1) & (spots < np.array(page[2:])).all(axis=1)
        boxes = self.swept[1]
        within = (x > boxes[:, 0]) & (x < boxes[:, 2]) & (y > boxes[:, 1]) & (y < boxes[:, 3])
        return np.unique(spots[on_page & ~within.any(axis=1)].round(3), axis=0)

    def count(self, laid: dict[tuple[Point, ...], int], heads: dict[tuple[Point, ...], Floats]) -> None:
        """Bring the counts up to date with the arrows that lie: how many lanes each path has, and boxes of its heads.

        What passes over a head counts as many crossings.
        """
        for path in self._counted.keys() | laid.keys():
            lanes = laid.get(path, 0) - self._counted.get(path, 0)
            if lanes:
                met, times, nodes = self._passed(path, heads.get(path, _NONE))
                first, second = self.first[met], self.second[met]
                self.crossed[first, second] += lanes * times
                self.crossed[second, first] += lanes * times
                self.crowded[nodes] += lanes
        self._counted = dict(laid)

    def _passed(self, path: tuple[Point, ...], heads: Floats) -> tuple[Whole, Floats, Whole]:
        """The legs that a path crosses, how often, and the corners that it comes close to."""
        if path not in self._met:
            laid = segments_of((path,))
            spots = np.vstack([laid.reshape(-1, 2), heads.reshape(-1, 2)])
            low, high = spots.min(axis=0), spots.max(axis=0)
            within = (self.low[0] < high[0]) & (self.high[0] > low[0])
            within &= self.low[1] < high[1]
            within &= self.high[1] > low[1]
            legs = np.flatnonzero(within)
            between = self.between.take(legs, axis=0)
            if len(heads):
                count = burdens(between, laid, 0.0) + _HEAD * hits(between, heads)
            else:
                count = times_crossed(between, laid)
            x, y = self.nodes.T
            nodes = np.flatnonzero((x > low[0] - 2) & (x < high[0] + 2) & (y > low[1] - 2) & (y < high[1] + 2))
            close = close_by(self.nodes[nodes], laid, 1.9) > 0
            self._met[path] = legs[count > 0], count[count > 0], nodes[close]
        return self._met[path]

    def legs(self, lanes: int, foreign: Bools) -> Sizes:
        """Cost of every leg from corner to corner on an empty page; infinite where something stands between."""
        key = (lanes, foreign.tobytes())
        if key not in self._seen:
            shut = hits(self.between, self.wide[lanes][foreign])
            if lanes == 2:
                shut = shut | hits(self.between, self.swept[2])
            open_ = np.flatnonzero(~shut)
            table = np.full((len(self.nodes), len(self.nodes)), np.inf, dtype=np.float32)
            first, second = self.first[open_], self.second[open_]
            table[first, second] = table[second, first] = self.base[open_]
            self._seen[key] = table
        return self._seen[key]

    def aside(self) -> Floats:
        """What it costs to pass each corner: family lines and arrows close by."""
        cost: Floats = self.near_family + self.tight * self.crowded
        return cost

    def family_cost(self, segments: Floats, lanes: int = 1) -> Floats:
        """What it costs to cross family lines or to run close beside them."""
        if len(segments) > _BULK:  # a table of all with all lines of a large family would not fit a cache
            return np.concatenate(
                [self.family_cost(segments[k : k + _BULK], lanes) for k in range(0, len(segments), _BULK)]
            )
        cost = np.zeros(len(segments))
        if len(self.family) and len(segments):
            low, high = np.minimum(segments[:, :2], segments[:, 2:]), np.maximum(segments[:, :2], segments[:, 2:])
            x0, y0, x1, y1 = self.home
            near = np.flatnonzero((low[:, 0] < x1) & (high[:, 0] > x0) & (low[:, 1] < y1) & (high[:, 1] > y0))
            if len(near):
                those = segments.take(near, axis=0)
                points = those[:, None, :2] + _SHARES[:, None] * (those[:, None, 2:] - those[:, None, :2])
                close = close_by(points.reshape(-1, 2), self.family, 1.6 + LANE * (lanes - 1)).reshape(len(near), -1)
                passed = (close > 0).sum(axis=1)
                cost[near] = self.over * times_crossed(those, self.stretched) + ROUTE.tight * passed
                cost[near] += ROUTE.along_family * (passed > 2)
        return cost


def hits(segments: Floats, boxes: Floats) -> Bools:
    """Whether each segment passes through any of the boxes."""
    hit = np.zeros(len(segments), dtype=bool)
    if len(segments) * len(boxes) < _MANY:
        own, other = meeting(segments, boxes)
        hit[own[through(picked(segments, own), picked(boxes, other))]] = True
        return hit
    low, high = np.minimum(segments[:, :2], segments[:, 2:]), np.maximum(segments[:, :2], segments[:, 2:])
    (left, top), (right, under) = low.T.copy(), high.T.copy()
    for box in boxes:
        near = np.flatnonzero(~hit & (left < box[2]) & (right > box[0]) & (top < box[3]) & (under > box[1]))
        hit[near] = through(picked(segments, near), box[None])
    return hit


def burdens(segments: Floats, laid: Floats, more: float) -> Floats:
    """How many of the lines that lie each segment crosses; one that it runs along counts as several."""
    one, other = meeting(
        segments,
        np.hstack([np.minimum(laid[:, :2], laid[:, 2:]) - _NEAR, np.maximum(laid[:, :2], laid[:, 2:]) + _NEAR]),
    )
    a, b = picked(segments, one), picked(laid, other)
    met = cross(a, b).astype(float)
    (x, y), (u, v) = (a[:, 2:] - a[:, :2]).T, (b[:, 2:] - b[:, :2]).T
    flat = np.flatnonzero(np.abs(x * v - y * u) < _SLANT * np.hypot(x, y) * np.hypot(u, v))
    met[flat] += _ALONG * (beside(a[flat], b[flat], _NEAR + more) > 1.0)
    return np.bincount(one, met, len(segments)).astype(np.float64)


def segments_of(paths: tuple[tuple[Point, ...], ...]) -> Floats:
    """The segments of polylines, one a row."""
    return np.array([(*a, *b) for path in paths for a, b in pairwise(path)]).reshape(-1, 4)


def _stretched(segments: Floats) -> Floats:
    """Segments that reach beyond both ends, so that what just passes round a corner of a line crosses it too."""
    step = segments[:, 2:] - segments[:, :2]
    beyond = GRAZED * step / np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-9)[:, None]
    return np.hstack([segments[:, :2] - beyond, segments[:, 2:] + beyond])


def close_by(points: Floats, segments: Floats, reach: float) -> Floats:
    """How many segments come closer to each point than a reach."""
    boxes = np.hstack(
        [np.minimum(segments[:, :2], segments[:, 2:]) - reach, np.maximum(segments[:, :2], segments[:, 2:]) + reach]
    )
    one, other = meeting(np.hstack([points, points]), boxes)
    near = gaps(picked(points, one), picked(segments, other)) < reach
    return np.bincount(one, near, len(points)).astype(np.float64)


def distances(points: Floats, segments: Floats) -> Floats:
    """Distance of every point to every segment."""
    return gaps(points[:, None], segments[None])


def gaps(points: Floats, segments: Floats) -> Floats:
    """Distance of each point to the segment at the same place; leading axes broadcast."""
    x, y = segments[..., 0], segments[..., 1]
    dx, dy = segments[..., 2] - x, segments[..., 3] - y
    px, py = points[..., 0] - x, points[..., 1] - y
    along = np.clip((px * dx + py * dy) / np.maximum(dx * dx + dy * dy, 1e-9), 0.0, 1.0)
    px, py = px - along * dx, py - along * dy
    gap: Floats = np.sqrt(px * px + py * py)
    return gap
