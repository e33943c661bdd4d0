"""What every pair of places on the ring means for an arrow between them: its way, what it crosses, what it strikes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clss_analysis.layout.geometry import Box

BLOCKED, PER_MM, TURN = 14.0, 0.07, 3.0
_FAR = 60.0
_BULK = 400
_TOUCH = 1e-9
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.intp]


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
    core_names: frozenset[str]
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
    one, other = _sides(first), _sides(second)
    across = _signed(one, second[:, :2]) * _signed(one, second[:, 2:]) < -_TOUCH
    across &= (_signed(other, first[:, :2]) * _signed(other, first[:, 2:])).T < -_TOUCH
    proper: Bools = across
    return proper


def _sides(segments: Floats) -> Floats:
    """Lines through segments, as factors of x, y and 1."""
    x, y, u, v = segments.T
    return np.column_stack([y - v, u - x, (v - y) * x - (u - x) * y])


def _signed(lines: Floats, points: Floats) -> Floats:
    """On which side of each line each point lies; element by element, since small products start threads."""
    side: Floats = lines[:, 0, None] * points[:, 0] + lines[:, 1, None] * points[:, 1] + lines[:, 2, None]
    return side


class Ways:
    """Tables over all pairs of a place with a place or with a fixed thing.

    `index` numbers the pairs; `crossing` counts, pair by pair, how often the ways cross; `struck` marks the places that
    a way runs over; `alone` is what a way costs by itself.  A way is straight, or turns round one or two corners of
    the core and the household.
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
        self.shared: list[tuple[Whole, Floats, Floats]] = []
        to_core = np.array([n in ring.core_names for n in labels])[kind]
        hull = np.array(ring.core).reshape(-1, 4)
        whole = [(*hull[:, :2].min(axis=0), *hull[:, 2:].max(axis=0))] if len(hull) else []
        parts = [
            self._laid(ring, start[those], stop[those], inside[those], those, around)
            for those, around in ((np.flatnonzero(to_core), ring.core), (np.flatnonzero(~to_core), whole))
        ]
        segments, owners = np.vstack([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
        self.alone = np.zeros(len(first))
        for those, part in zip((np.flatnonzero(to_core), np.flatnonzero(~to_core)), parts, strict=True):
            self.alone[those] = part[2]
        half_w, half_h = ring.size[0] / 2 + 1.5, ring.size[1] / 2 + 1.5
        slots = np.array([(x - half_w, y - half_h, x + half_w, y + half_h) for x, y in ring.slots]).reshape(-1, 4)
        self.crossing = _summed(segments_cross(segments, segments), owners, len(first))
        self._cross_at_corners()
        self.struck = np.zeros((len(first), count), dtype=np.float32)
        np.logical_or.at(held := np.zeros((len(first), count), dtype=bool), owners, segments_hit_boxes(segments, slots))
        self.struck += held
        self.struck[np.arange(len(first)), first] = 0
        among = np.flatnonzero(second < count)
        self.struck[among, second[among]] = 0

    def _laid(
        self, ring: Ring, start: Floats, stop: Floats, inside: Bools, names: Whole, core: Sequence[Box]
    ) -> tuple[Floats, Whole, Floats]:
        around = np.array([*core, ring.household]).reshape(-1, 4)
        direct = np.hstack([start, stop])
        reach = np.hypot(*(stop - start).T)
        alone = PER_MM * (reach + np.maximum(0.0, reach - _FAR))
        within = np.flatnonzero(inside)
        solid, lines = np.array(ring.solid).reshape(-1, 4), np.array(ring.lines).reshape(-1, 4)
        hits = 2.0 * segments_hit_boxes(direct[within], around[:-1]).sum(axis=1)
        hits += 0.9 * np.clip(segments_hit_boxes(direct[within], solid).sum(axis=1) - 1, 0, 2)
        alone[within] += BLOCKED * (hits + 0.3 * segments_cross(direct[within], lines).sum(axis=1))
        in_way = segments_hit_boxes(direct, around)
        in_way &= ~_contains(around, stop)
        bent = np.flatnonzero(in_way.any(axis=1) & ~inside)
        straight = np.setdiff1d(np.arange(len(start)), bent)
        pieces, owners = [direct[straight]], [straight]
        turns = _Turns(around)
        for low in range(0, len(bent), _BULK):
            those = bent[low : low + _BULK]
            a, b, free = turns.between(start[those], stop[those])
            alone[those[~free]] += 2 * BLOCKED * in_way[those[~free]].sum(axis=1)
            pieces.append(direct[those[~free]])
            owners.append(those[~free])
            those, a, b = those[free], a[free], b[free]
            self._note(names[those], a, b, start[those], stop[those], turns.corners)
            a, b = turns.corners[a], turns.corners[b]
            legs = [np.hstack([start[those], a]), np.hstack([a, b]), np.hstack([b, stop[those]])]
            long = sum(np.hypot(leg[:, 2] - leg[:, 0], leg[:, 3] - leg[:, 1]) for leg in legs)
            twice = (a != b).any(axis=1)
            alone[those] = PER_MM * (long + np.maximum(0.0, long - _FAR)) + TURN * (1 + twice)
            pieces += [legs[0], legs[1][twice], legs[2]]
            owners += [those, those[twice], those]
        return np.vstack(pieces), names[np.concatenate(owners)], alone

    def _note(self, those: Whole, a: Whole, b: Whole, start: Floats, stop: Floats, corners: Floats) -> None:
        """Remember which ways turn at which corner, from where and to where (as angles)."""
        for corner in range(len(corners)):
            first, last, at = a == corner, b == corner, corners[corner]
            turned = np.flatnonzero(first | last)
            before = np.where(first[turned, None], start[turned], corners[a[turned]])
            after = np.where(last[turned, None], stop[turned], corners[b[turned]])
            angles = [np.arctan2(p[:, 1] - at[1], p[:, 0] - at[0]) for p in (before, after)]
            self.shared.append(
                (
                    np.column_stack([those[turned], np.broadcast_to(corners[corner].round(), (len(turned), 2))]).astype(
                        np.intp
                    ),
                    *angles,
                )
            )

    def _cross_at_corners(self) -> None:
        """Ways that turn at one corner cross there when they leave it on different sides of each other."""
        if not self.shared:
            return
        those, before, after = (np.concatenate([part[k] for part in self.shared]) for k in range(3))
        for corner in np.unique(those[:, 1:], axis=0):
            at = np.flatnonzero((those[:, 1:] == corner).all(axis=1))
            ways, into, out = those[at, 0], before[at], after[at]
            span = (out - into) % (2 * np.pi)
            one, other = (np.round((x[None, :] - into[:, None]) % (2 * np.pi), 6) for x in (into, out))
            apart = (one > 0) & (other > 0) & (one != span[:, None]) & (other != span[:, None])
            apart &= (one < 2 * np.pi - 1e-5) & (other < 2 * np.pi - 1e-5)
            met = apart & ((one < span[:, None]) != (other < span[:, None]))
            self.crossing[np.ix_(ways, ways)] += met


class _Turns:
    """The corners that a way may turn round."""

    def __init__(self, around: Floats) -> None:
        self.around = around
        self.corners = np.array(
            [(x, y) for b in around.tolist() for x in (b[0] - 3, b[2] + 3) for y in (b[1] - 3, b[3] + 3)]
        ).reshape(-1, 2)
        self.hops = self._reach(self.corners, self.corners) + TURN / PER_MM
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


def _summed(table: Bools, owners: Whole, count: int) -> npt.NDArray[np.float32]:
    """A table over segments, summed over the ways that they belong to, in both directions."""
    order = np.argsort(owners, kind="stable")
    cuts = np.searchsorted(owners[order], np.arange(count))
    rows = np.add.reduceat(table[order][:, order].astype(np.float32), cuts, axis=0)
    found: npt.NDArray[np.float32] = np.add.reduceat(rows, cuts, axis=1)
    return found
