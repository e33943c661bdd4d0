"""What every pair of places on the ring means for an arrow between them: its way, what it crosses, what it strikes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clss_analysis.layout.genogram.arrows.costs import PLACE
from clss_analysis.layout.geometry import Box

_BULK = 400
_TOUCH = 1e-9
_COARSE = np.float32(1e-3)  # millimetres that single precision, which is half the work, may be wrong by on any page
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.intp]
Sizes = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Ring:
    """Places by their centres and neighbours; fixed things by their boxes; what a straight arrow should not cross.

    `inside` are the fixed things that an arrow may enter the household for; `price` is what taking a place costs;
    `core` are the services at the core, which arrows go round; `rows` numbers the rows, 0 for the columns at the
    sides; `lines` are the segments of the family's lines; `afford` rows fit on a page; in a `dense` picture crossings
    count for more beside length.
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
    core_names: frozenset[str]
    rows: tuple[int, ...]
    lines: tuple[Box, ...]
    afford: int
    dense: bool = False

    @property
    def per_mm(self) -> float:
        """What each millimetre of arrow costs."""
        return PLACE.per_mm_dense if self.dense else PLACE.per_mm


def segments_hit_boxes(segments: Floats, boxes: Floats) -> Bools:
    """Whether each segment (x0, y0, x1, y1) passes through the inside of each box: an array of segments × boxes."""
    return through(segments[:, None], boxes[None])


def through(segments: Floats, boxes: Floats) -> Bools:
    """The same for each segment and the box at the same place of the other array; leading axes broadcast."""
    line, box = (np.ascontiguousarray(np.moveaxis(each, -1, 0)) for each in (segments, boxes))
    step = line[2:] - line[:2]
    step[np.abs(step) < 1e-9] = 1e-9
    one, other = (box[:2] - line[:2]) / step, (box[2:] - line[:2]) / step
    near, far = np.minimum(one, other), np.maximum(one, other)
    enter, leave = np.maximum(near[0], near[1]), np.minimum(far[0], far[1])
    hit: Bools = np.maximum(enter, 0.0) < np.minimum(leave, 1.0) - 1e-9
    return hit


def picked(table: Floats, those: Whole) -> Floats:
    """Some rows of a table, with each column in one piece, which is what sums over columns are fast with."""
    return table.T.take(those, axis=1).T


def cross(first: Sizes | Floats, second: Sizes | Floats) -> Bools:
    """Whether segments cross properly, each with that at the same place of the other array; leading axes broadcast."""
    met: Bools = _apart(first, second) & _apart(second, first)
    return met


def meeting(first: Floats, second: Floats) -> tuple[Whole, Whole]:
    """Pairs of numbers of segments or boxes (x0, y0, x1, y1) whose bounding boxes meet, or nearly."""
    (x, y, u, v), (a, b, c, d) = (each.T.astype(np.float32) for each in (first, second))
    meet = np.minimum(x, u)[:, None] <= np.maximum(a, c) + _COARSE
    meet &= np.maximum(x, u)[:, None] >= np.minimum(a, c) - _COARSE
    meet &= np.minimum(y, v)[:, None] <= np.maximum(b, d) + _COARSE
    meet &= np.maximum(y, v)[:, None] >= np.minimum(b, d) - _COARSE
    return marked(meet)


def marked(table: Bools) -> tuple[Whole, Whole]:
    """Rows and columns of what is true in a table, row by row; faster than numpy's own for two axes."""
    place = np.flatnonzero(table)
    one = place // max(table.shape[1], 1)
    return one, place - one * table.shape[1]


def times_crossed(first: Floats, second: Floats) -> Floats:
    """How many segments of a list each segment of another one crosses."""
    one, other = meeting(first, second)
    return np.bincount(one, cross(picked(first, one), picked(second, other)), len(first)).astype(np.float64)


class Ways:
    """Tables over all pairs of a place with a place or with a fixed thing.

    `index` numbers the pairs; `struck` marks the places that a way runs over, `over` the ways that run over a place;
    `alone` is what a way costs by itself.  A way is straight, or turns round one or two corners of the core and the
    household.  How often ways cross is worked out when it is asked for, since a search meets few of all ways.
    """

    def __init__(self, ring: Ring, names: list[str]) -> None:
        count, total = len(ring.slots), len(ring.slots) + len(names)
        boxes = np.array([ring.fixed[n] for n in names]).reshape(-1, 4)
        middles = np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2])
        points = np.vstack([np.array(ring.slots).reshape(-1, 2), middles])
        first, second = np.nonzero(np.triu(np.ones((count, total), dtype=bool), 1))
        self.index = np.zeros((total, total), dtype=np.intp)
        self.index[first, second] = self.index[second, first] = np.arange(len(first))
        start, stop = points[first], points[second].copy()
        labels = ["", *names]
        kind = np.where(second >= count, second - count + 1, 0)
        home = np.array([n.startswith("household-") for n in labels])[kind]
        x0, y0, x1, y1 = ring.household
        stop[home] = np.clip(start[home], (x0 + 4, y0 + 4), (x1 - 4, y1 - 4))
        inside = np.array([n in ring.inside for n in labels])[kind]
        to_core = np.array([n in ring.core_names for n in labels])[kind]
        hull = np.array(ring.core).reshape(-1, 4)
        whole = [(*hull[:, :2].min(axis=0), *hull[:, 2:].max(axis=0))] if len(hull) else []
        self.legs = np.stack([np.hstack([start, stop]), *2 * [np.hstack([stop, stop])]], axis=1)
        self.alone = np.zeros(len(first))
        self.turned = np.full((len(first), 2, 2), np.nan)
        self.angles = np.zeros((len(first), 2, 2))
        for those, around in ((np.flatnonzero(to_core), ring.core), (np.flatnonzero(~to_core), whole)):
            self._lay(ring, those, inside[those], around)
        flat = self.legs.reshape(-1, 4)
        long = np.flatnonzero((flat[:, :2] != flat[:, 2:]).any(axis=1) | (np.arange(len(flat)) % 3 == 0))
        self._flat, owners = flat[long].astype(np.float32), long // 3
        self._firsts = np.searchsorted(owners, np.arange(len(first)))
        bends = np.isfinite(self.turned).all(axis=2)
        self._corner = np.full(bends.shape, -1, dtype=np.intp)
        self._corner[bends] = np.unique(self.turned[bends], axis=0, return_inverse=True)[1].ravel()
        self._round = [np.nonzero(self._corner == corner) for corner in range(self._corner.max(initial=-1) + 1)]
        half_w, half_h = ring.size[0] / 2 + 1.5, ring.size[1] / 2 + 1.5
        slots = np.array([(x - half_w, y - half_h, x + half_w, y + half_h) for x, y in ring.slots]).reshape(-1, 4)
        struck = np.logical_or.reduceat(segments_hit_boxes(flat[long], slots), self._firsts, axis=0)
        struck[np.arange(len(first)), first] = False
        among = np.flatnonzero(second < count)
        struck[among, second[among]] = False
        self.struck = struck.astype(np.float32)
        self.over = np.ascontiguousarray(self.struck.T)
        self.met: dict[int, npt.NDArray[np.float32]] = {}

    def crossed(self, ways: Iterable[int]) -> None:
        """Work out how often each of some ways crosses every way, and keep it in `met`."""
        fresh = sorted({way for way in ways if way not in self.met})
        if fresh:
            last = np.append(self._firsts, len(self._flat))
            own = np.concatenate([np.arange(last[way], last[way + 1]) for way in fresh])
            firsts = np.cumsum([0, *(last[way + 1] - last[way] for way in fresh[:-1])])
            met = np.add.reduceat(cross(self._flat[own, None], self._flat).astype(np.float32), firsts, axis=0)
            count = np.add.reduceat(met, self._firsts, axis=1)
            for row, corners in enumerate(self._corner[fresh].tolist()):
                for i, (column, j) in ((i, self._round[corner]) for i, corner in enumerate(corners) if corner >= 0):
                    count[row, column] += _swap_sides(self.angles[fresh[row], i], self.angles[column, j])
            self.met |= zip(fresh, count, strict=True)

    def meet(self, one: Whole, other: Whole) -> Floats:
        """How often each way of a list crosses the way at the same place of another list."""
        a, b = self.legs.take(one, axis=0)[:, :, None], self.legs.take(other, axis=0)[:, None]
        found: Floats = cross(a, b).sum(axis=(1, 2)).astype(float)
        first, second = self._corner[one][:, :, None], self._corner[other][:, None]
        same, i, j = np.nonzero((first == second) & (first >= 0))
        np.add.at(found, same, _swap_sides(self.angles[one[same], i], self.angles[other[same], j]))
        return found

    def _lay(self, ring: Ring, names: Whole, inside: Bools, core: Sequence[Box]) -> None:
        """The ways of those numbers: legs, turns, what each costs alone."""
        around = np.array([*core, ring.household]).reshape(-1, 4)
        direct = self.legs[names, 0]
        start, stop = direct[:, :2], direct[:, 2:]
        reach = np.hypot(*(stop - start).T)
        alone = ring.per_mm * (reach + np.maximum(0.0, reach - PLACE.far))
        within = np.flatnonzero(inside)
        solid, lines = np.array(ring.solid).reshape(-1, 4), np.array(ring.lines).reshape(-1, 4)
        hits = 2.0 * segments_hit_boxes(direct[within], around[:-1]).sum(axis=1)
        hits += 0.9 * np.clip(segments_hit_boxes(direct[within], solid).sum(axis=1) - 1, 0, 2)
        alone[within] += PLACE.blocked * (hits + 0.3 * times_crossed(direct[within], lines))
        in_way = segments_hit_boxes(direct, around)
        in_way &= ~_contains(around, stop)
        bent = np.flatnonzero(in_way.any(axis=1) & ~inside)
        turns = _Turns(around)
        for low in range(0, len(bent), _BULK):
            those = bent[low : low + _BULK]
            a, b, free = turns.between(start[those], stop[those])
            alone[those[~free]] += 2 * PLACE.blocked * in_way[those[~free]].sum(axis=1)
            those, turn, last = those[free], turns.corners[a[free]], turns.corners[b[free]]

            legs = np.stack(
                [np.hstack([start[those], turn]), np.hstack([turn, last]), np.hstack([last, stop[those]])], axis=1
            )
            long = np.hypot(legs[..., 2] - legs[..., 0], legs[..., 3] - legs[..., 1]).sum(axis=1)
            twice = (turn != last).any(axis=1)
            alone[those] = ring.per_mm * (long + np.maximum(0.0, long - PLACE.far)) + PLACE.turn * (1 + twice)
            self.legs[names[those]] = legs
            self.turned[names[those], 0] = turn.round()
            self.turned[names[those[twice]], 1] = last[twice].round()
            after: Floats = np.where(twice[:, None], last, stop[those])
            self.angles[names[those], 0] = np.column_stack([_angle(start[those] - turn), _angle(after - turn)])
            self.angles[names[those], 1] = np.column_stack([_angle(turn - last), _angle(stop[those] - last)])
        self.alone[names] = alone


def _angle(step: Floats) -> Floats:
    angle: Floats = np.arctan2(step[:, 1], step[:, 0])
    return angle


def _apart(lines: Sizes | Floats, segments: Sizes | Floats) -> Bools:
    """Whether both ends of a segment lie on different sides of a line; an end of the line itself lies on none."""
    x, y, u, v = (lines[..., k] for k in range(4))
    dx, dy = u - x, v - y
    one = dx * (segments[..., 1] - y) - dy * (segments[..., 0] - x)
    other = dx * (segments[..., 3] - y) - dy * (segments[..., 2] - x)
    apart: Bools = one * other < -_TOUCH
    return apart


def _swap_sides(one: Floats, other: Floats) -> Bools:
    """Whether two ways that turn at one corner, seen from it by where they come from and go to, cross there."""
    from_, to = one[..., 0], one[..., 1]
    span = (to - from_) % (2 * np.pi)
    a, b = (np.round((other[..., k] - from_) % (2 * np.pi), 6) for k in (0, 1))
    apart = (a > 0) & (b > 0) & (a != span) & (b != span) & (a < 2 * np.pi - 1e-5) & (b < 2 * np.pi - 1e-5)
    met: Bools = apart & ((a < span) != (b < span))
    return met


class _Turns:
    """The corners that a way may turn round."""

    def __init__(self, around: Floats) -> None:
        self.around = around
        self.corners = np.array(
            [(x, y) for b in around.tolist() for x in (b[0] - 3, b[2] + 3) for y in (b[1] - 3, b[3] + 3)]
        ).reshape(-1, 2)
        self.hops = self._reach(self.corners, self.corners) + PLACE.turn / PLACE.per_mm
        np.fill_diagonal(self.hops, 0.0)

    def between(self, start: Floats, stop: Floats) -> tuple[Whole, Whole, Bools]:
        """Numbers of the first and last corner on the way from each start to its stop, and whether there is a way."""
        table = (
            self._reach(start, self.corners)[:, :, None] + self.hops[None] + self._reach(stop, self.corners)[:, None]
        )
        flat = table.reshape(len(start), -1).round(6)
        best = flat.argmin(axis=1)
        a, b = np.unravel_index(best, self.hops.shape)
        return a, b, np.isfinite(flat[np.arange(len(start)), best])

    def _reach(self, first: Floats, second: Floats) -> Floats:
        """Distances; infinite where the core or the household stands between."""
        segments = np.hstack([np.repeat(first, len(second), axis=0), np.tile(second, (len(first), 1))])
        long = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
        hit = segments_hit_boxes(segments, self.around) & ~_contains(self.around, segments[:, :2])
        long[hit.any(axis=1)] = np.inf
        return long.reshape(len(first), len(second))


def _contains(boxes: Floats, points: Floats) -> Bools:
    x, y = points[:, :1], points[:, 1:]
    held: Bools = (x > boxes[:, 0]) & (x < boxes[:, 2]) & (y > boxes[:, 1]) & (y < boxes[:, 3])
    return held
