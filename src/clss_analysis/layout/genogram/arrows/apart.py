"""Arrows that lie, moved apart all together: bends and ends, each on the side where it is, as little as need be.

A search that moves one arrow at a time finds no room where several must make some.  Here one linear programme asks
that every bend, end and head keeps its distance from every line, symbol and text near it, or is as little too near as
can be.  What crosses goes on crossing; nothing passes over to another side.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Set
from itertools import combinations, pairwise

import numpy as np

from clss_analysis.layout.genogram.arrows.borders import LANE, End, inset, normal, outline
from clss_analysis.layout.genogram.arrows.neighbours import Path, units
from clss_analysis.layout.genogram.arrows.obstacles import CLEARANCE, Ground
from clss_analysis.layout.genogram.arrows.search import Route
from clss_analysis.layout.genogram.arrows.segments import Bools, Floats, Whole, meeting
from clss_analysis.layout.geometry import Point

_STEP = 2.5  # millimetres that anything moves at once, so that the sides of things are as they were before
_REACH = 4.0  # millimetres beyond what is asked within which things may come too near while they move
_LINE, _MOUTH, _PORT, _KIN = 1.35, 1.5, 2.4, 1.7  # from a line to a bend and to a head, between ends, to family lines
_HEAD = 1.3  # millimetres from the tip of a head to its middle
_LEAST, _LAST, _OUT = 2.1, 3.3, 0.4  # legs between bends, legs at ends; the cosine at which an arrow leaves at least
_TOO_NEAR, _THROUGH = 20.0, 400.0  # what a millimetre too near to a line, to a thing costs, in millimetres moved
_SLIGHT = 0.25  # the sine of an angle at which two lines that cross look like one
_FAR = 9.0  # millimetres from which on nothing is near: twice the widest distance that is asked
_NEVER = -100.0
_STAYS = (0.0, 0.0, 0.0, 0.0)


def moved_apart(
    paths: Mapping[str, Path], those: Set[str], routes: Mapping[str, Route], ground: Ground
) -> dict[str, Path]:
    """Arrows that lie, bends and ends moved a little so that nothing is too near to anything.

    Args:
        paths: the arrows as they lie.
        those: the arrows that may move.
        routes: all arrows, by id.
        ground: what else there is.

    Returns:
        A path for each of those; whether it is better, and runs through nothing, the caller has to see.
    """
    table = _Table(paths, those, routes, ground)
    spots = table.spots + (table.ways * _least(table)[:, :, None]).sum(axis=1)
    found = {}
    for name in sorted(those):
        low, high = table.span[name]
        path, route = spots[low:high], routes[name]
        for end, k in ((ground.ends[route.source], 0), (ground.ends[route.target], -1)):
            if end.shape == "circle":
                out = path[k] - np.array(end.centre)
                path[k] = end.centre + out * (end.box[2] - end.box[0]) / 2 / np.hypot(*out)
        found[name] = tuple((round(x, 3), round(y, 3)) for x, y in path.tolist())
    return found


def _least(table: _Table) -> Floats:
    """How far each point moves along its two ways: least in all, with what is still missing counted dearly."""
    from scipy.optimize import linprog  # a tenth of a second, which only dense pictures need
    from scipy.sparse import csr_array

    points, shares, directions, missing, dear = table.wanted()
    count, size = 2 * len(table.spots), len(missing)
    values = (directions[:, None, None, :] * table.ways[points]).sum(axis=3) * shares[:, :, None]
    columns = 2 * points[:, :, None] + np.arange(2)
    rows = np.broadcast_to(np.arange(size)[:, None, None], values.shape)
    kept = (np.abs(values) > 1e-9) & (table.room[points].sum(axis=3) > 0)
    value, column, row, own = values[kept], columns[kept], rows[kept], np.arange(size)
    matrix = csr_array(
        (
            np.concatenate([-value, value, -np.ones(size)]),
            (np.concatenate([row, row, own]), np.concatenate([column, column + count, own + 2 * count])),
        ),
        shape=(size, 2 * count + size),
    )
    most = np.concatenate([table.room[:, :, 1].ravel(), table.room[:, :, 0].ravel(), np.full(size, np.inf)])
    cost = np.concatenate([np.ones(2 * count), dear])
    answer = linprog(cost, matrix, -missing, bounds=np.column_stack([np.zeros(len(most)), most]), method="highs")
    if answer.x is None:
        return np.zeros((len(table.spots), 2))
    moved: Floats = (answer.x[:count] - answer.x[count : 2 * count]).reshape(-1, 2)
    return moved


class _Table:
    """All points by number, the two ways in which each may move and how far back and forth; what keeps from what.

    `span` are the points of each arrow.  A probe is a place between two points, a share of the way from the first; a
    leg the line between two.
    """

    def __init__(self, paths: Mapping[str, Path], those: Set[str], routes: Mapping[str, Route], ground: Ground) -> None:
        self.points: list[Point] = []
        self.movable: list[tuple[tuple[float, ...], tuple[float, ...]]] = []
        self.span: dict[str, tuple[int, int]] = {}
        self.ports: dict[str, list[tuple[int, int, float]]] = defaultdict(list)
        self.simple: list[tuple[int, int, float, float, float]] = []
        self.probes: list[tuple[int, int, float, int, float, float, int]] = []
        self.legs: list[tuple[int, int, int, float, float, int, int]] = []
        self.number = {name: n for n, name in enumerate(["", *sorted(ground.ends)])}
        for n, name in enumerate(sorted(paths)):
            self._arrow(n, name, paths[name], routes[name], ground)
        self.fixed = len(self.probes), len(self.legs)
        for owner, box in ground.boxes:
            self._box(box, self.number.get(owner, 0), CLEARANCE + 0.05)
        for name, box, _ in ground.containers:
            self._box(box, self.number.get(name, 0), _LINE)
        for line in ground.lines:
            knots = [self._point(at, _STAYS, _STAYS) for at in line]
            self.legs += [(a, b, -1, _KIN, _MOUTH, 0, 0) for a, b in pairwise(knots)]
            self.probes += [(k, k, 0.0, 0, _LINE, 0.0, -1) for k in knots]
        for end, bonds in ground.bonds.items():
            self.ports[end] += [(k, k, 0.0) for k in (self._point(at, _STAYS, _STAYS) for at in bonds)]
        self.spots = np.array(self.points)
        self.ways = np.array([ways for ways, _ in self.movable]).reshape(-1, 2, 2)
        self.room = np.array([room for _, room in self.movable]).reshape(-1, 2, 2)
        for name in paths.keys() - those:
            self.room[slice(*self.span[name])] = 0.0

    def _point(self, at: Point, ways: tuple[float, ...], room: tuple[float, ...]) -> int:
        self.points.append(at)
        self.movable.append((ways, room))
        return len(self.points) - 1

    def _arrow(self, n: int, name: str, path: Path, route: Route, ground: Ground) -> None:
        wide, page, low = LANE * (route.lanes - 1), ground.page, len(self.points)
        last = low + len(path) - 1
        self.span[name] = low, last + 1
        for k, (x, y) in enumerate(path, start=low):
            if low < k < last:
                gaps = (x - page[0], page[2] - x, y - page[1], page[3] - y)
                room = tuple(min(_STEP, max(0.0, gap - 0.6 - wide)) for gap in gaps)
                self._point((x, y), (1.0, 0.0, 0.0, 1.0), room)
                self.probes.append((k, k, 0.0, n, 0.0, wide, -1))
            else:
                self._point((x, y), *_sliding(ground.ends[route.target if k > low else route.source], x, y))
        for tip, bend, end, head in (
            (low, low + 1, route.source, route.headed[0]),
            (last, last - 1, route.target, route.headed[1]),
        ):
            long = math.dist(self.points[tip], self.points[bend])
            dx, dy, _, _ = self.movable[tip][0]
            self.simple.append((bend, tip, dy, -dx, _OUT * long))
            self.ports[end].append((tip, bend, wide))
            if head and long > 2 * _HEAD:
                self.probes.append((tip, bend, _HEAD / long, n, 0.0, wide, tip))
        source, target = self.number[route.source], self.number[route.target]
        for a, b in pairwise(range(low, last + 1)):
            self.legs.append((a, b, n, _LINE + wide, _MOUTH + wide, source * (a == low), target * (b == last)))
            (x, y), (u, v) = self.points[a], self.points[b]
            long = math.dist((x, y), (u, v)) or 1.0
            least = min(long, _LAST if a == low or b == last else _LEAST)
            self.simple.append((b, a, (u - x) / long, (v - y) / long, least))

    def _box(self, box: tuple[float, float, float, float], owner: int, clear: float) -> None:
        x0, y0, x1, y1 = box
        middle, far = self._point(((x0 + x1) / 2, (y0 + y1) / 2), _STAYS, _STAYS), clear if clear < _LINE else 0.0
        ring = ((x0, y1), (x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))
        corners = [self._point(at, _STAYS, _STAYS) for at in ring]
        self.legs += [(a, b, -1, clear, _NEVER, 0, 0) for a, b in pairwise(corners[:5])]
        if far:
            grown = ((x0 - far, y0 - far), (x1 + far, y0 - far), (x1 + far, y1 + far), (x0 - far, y1 + far))
            corners = [middle, *(self._point(at, _STAYS, _STAYS) for at in grown)]
        self.probes += [(k, k, 0.0, owner, clear - far, 0.0, middle if far else -1) for k in corners[1:5]]

    def wanted(self) -> tuple[Whole, Floats, Floats, Floats, Floats]:
        """What is asked, a row each: four points, their shares, the way to part, what is missing, the price."""
        probes, legs = np.array(self.probes), np.array(self.legs)
        (moving, lines), spots = self.fixed, self.spots
        ends = legs[:, :2].astype(np.intp)
        places = spots[probes[:, 0].astype(np.intp)]
        around = np.hstack([places - _FAR, places + _FAR])
        one, other = meeting(around, np.hstack([spots[ends[:, 0]], spots[ends[:, 1]]]))
        owner, arrow = probes[one, 3], one < moving
        free = arrow & (owner != legs[other, 2])
        free |= ~arrow & (other < lines) & ((owner == 0) | ((owner != legs[other, 5]) & (owner != legs[other, 6])))
        one, other, arrow = one[free], other[free], arrow[free]
        need = probes[one, 5] + np.where(probes[one, 6] >= 0, legs[other, 4], legs[other, 3])
        need[~arrow] = (probes[one, 4] + 1.42 * (legs[other, 3] - _LINE))[~arrow]
        first, second, start, stop = (
            table[which, k].astype(np.intp)
            for table, which, k in ((probes, one, 0), (probes, one, 1), (legs, other, 0), (legs, other, 1))
        )
        share = probes[one, 2]
        at = spots[first] + share[:, None] * (spots[second] - spots[first])
        step = spots[stop] - spots[start]
        gap = at - spots[start]
        along = np.clip((gap * step).sum(axis=1) / np.maximum((step**2).sum(axis=1), 1e-9), 0.0, 1.0)
        gap = gap - along[:, None] * step
        far = np.hypot(gap[:, 0], gap[:, 1])
        near = np.flatnonzero(far < need + _REACH)
        one, other, first, second, start, stop, share, along, need, far, step, gap = (
            each[near] for each in (one, other, first, second, start, stop, share, along, need, far, step, gap)
        )
        across = units(np.column_stack([-step[:, 1], step[:, 0]]))
        tips = probes[one, 6].astype(np.intp)
        within = (along > 0) & (along < 1)
        side = (across * (spots[tips] - spots[start])).sum(axis=1)  # of the tip, on which its head should be
        here = (across * gap).sum(axis=1)
        over = (tips >= 0) & within & (side * here < 0)
        way = units(gap)
        way[over] *= -1
        far = np.where(over, -far, far)
        close = far < 0.02
        beside, turned = self._sides(first, start, stop, across, here)
        turned &= (tips < 0) & within & ~close
        way[turned] *= -1
        far = np.where(turned, -far, far)
        way[close & ~over] = (across * beside[:, None])[close & ~over]
        points = np.column_stack([first, second, start, stop])
        kept = (np.abs(way).sum(axis=1) > 0.5) & (self.room[points] > 0).any(axis=(1, 2, 3))
        points = points[kept]
        shares = np.column_stack([1 - share, share, along - 1, -along])[kept]
        way, missing = way[kept], (need - far)[kept]
        things = (one >= moving) & (probes[one, 4] < 0.1) | (legs[other, 3] < _LINE)
        more = np.array([*self.simple, *self._ends()]).reshape(-1, 5)
        ahead, behind = more[:, 0].astype(np.intp), more[:, 1].astype(np.intp)
        has = ((spots[ahead] - spots[behind]) * more[:, 2:4]).sum(axis=1)
        return (
            np.vstack([points, np.column_stack([ahead, ahead, behind, behind])]),
            np.vstack([shares, np.tile([1.0, 0.0, -1.0, 0.0], (len(more), 1))]),
            np.vstack([way, more[:, 2:4]]),
            np.concatenate([missing, more[:, 4] - has]),
            np.concatenate([np.where(things[kept], _THROUGH, _TOO_NEAR), np.full(len(more), _THROUGH)]),
        )

    def _sides(self, bends: Whole, start: Whole, stop: Whole, across: Floats, here: Floats) -> tuple[Floats, Bools]:
        """On which side of a leg the further neighbour of a bend lies; whether the bend should be there as well.

        So it should where one of its own legs crosses at so small an angle that both look like one, and it is the
        nearest of the four ends.
        """
        spots, most = self.spots, len(self.spots) - 1
        sides, turned = [], np.zeros(len(bends), dtype=bool)
        for k in (-1, 1):
            there = spots[np.clip(bends + k, 0, most)]
            side = (across * (there - spots[start])).sum(axis=1)
            own = there - spots[bends]
            long = np.maximum(np.hypot(own[:, 0], own[:, 1]), 1e-9)
            slight = (side * here < 0) & (np.abs(side - here) < _SLIGHT * long)
            for end in (start, stop):
                gap = spots[end] - spots[bends]
                slight &= np.abs(gap[:, 0] * own[:, 1] - gap[:, 1] * own[:, 0]) > np.abs(here) * long
            turned |= slight
            sides.append(side)
        return np.sign(np.where(np.abs(sides[0]) > np.abs(sides[1]), *sides)), turned

    def _ends(self) -> list[tuple[int, int, float, float, float]]:
        """Two arrows at one border keep apart there, in the order in which they lie."""
        found = []
        for _, those in sorted(self.ports.items()):
            for (one, bend, wide), (other, turn, wider) in combinations(those, 2):
                (x, y), (u, v) = self.points[one], self.points[other]
                long, need = math.dist((x, y), (u, v)), _PORT + wide + wider
                if long < 0.02 and bend != one:
                    (x, y), (u, v) = self.points[bend], self.points[turn]
                    long = math.dist((x, y), (u, v))
                if 0.02 <= long < need + _REACH:
                    found.append((one, other, (x - u) / long, (y - v) / long, need))
        return found


def _sliding(end: End, x: float, y: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The way of a point along the border of a symbol, and how far it may go back and forth."""
    cx, cy = end.centre
    radius = math.dist((x, y), (cx, cy)) or 1.0
    ox, oy = normal(end, x, y, (x - cx) / radius, (y - cy) / radius)
    ways = (-oy, ox, 0.0, 0.0)
    if end.shape == "circle":
        return ways, (_STEP, _STEP, 0.0, 0.0)
    if any(b[0] - 4 < x < b[2] + 4 and b[1] - 4 < y < b[3] + 4 for b in end.bays):
        return ways, _STAYS
    side = [(v - y) * ox - (u - x) * oy for u, v in outline(end) if abs((u - x) * ox + (v - y) * oy) < 0.05]
    if len(side) < 2:
        return ways, _STAYS
    kept = inset(end, max(side) - min(side))
    return ways, (min(_STEP, max(0.0, -min(side) - kept)), min(_STEP, max(0.0, max(side) - kept)), 0.0, 0.0)
