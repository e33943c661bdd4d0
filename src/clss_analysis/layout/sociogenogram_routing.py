"""Arrows: straight where nothing stands in the way, else round corners at a distance, never through a foreign box.

Candidates are points on the borders of both symbols; the cheapest free pair wins (length, crossings, closeness to
other arrows).  What has no free straight line takes a shortest path over the corners of everything that stands on
the page (visibility graph, Dijkstra).  Two passes: the second lays every arrow again, with all others known.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from clss_analysis.layout.geometry import Box, Point
from clss_analysis.layout.sociogenogram_ports import End, Port, entering, ports
from clss_analysis.layout.sociogenogram_ring import Bools, Floats, segments_cross, segments_hit_boxes

CLEARANCE = 1.1
CORNERS = (2.1, 4.3)
APART = 2.3
LANE = 1.15
RADIUS = 4.0
CROSSING, FAMILY_CROSSING, BEND, TIGHT, OBLIQUE = 16.0, 4.0, 7.0, 9.0, 5.0
_NEAREST = 14


@dataclass(frozen=True, slots=True)
class Route:
    """An arrow to lay: ids of both ends; `lanes` is 2 for two opposite arrows side by side."""

    id: str
    source: str
    target: str
    lanes: int = 1


@dataclass(frozen=True)
class Ground:
    """What arrows meet: ends, boxes (with their owner's id), containers (id, box, ids inside), lines, the page."""

    ends: dict[str, End]
    boxes: tuple[tuple[str, Box], ...]
    containers: tuple[tuple[str, Box, frozenset[str]], ...]
    lines: tuple[tuple[Point, ...], ...]
    bonds: dict[str, tuple[Point, ...]]
    page: Box


def lay(routes: tuple[Route, ...], ground: Ground) -> dict[str, tuple[Point, ...]]:
    """Lay all arrows.

    Returns:
        A polyline for each route, rounded at its bends; both ends lie on the borders of their symbols.
    """
    layer = _Layer(ground)
    order = sorted(routes, key=lambda r: (layer.distance(r), r.id))
    for turn in range(2):
        for route in order:
            layer.lay(route, again=turn > 0)
    return {route.id: layer.paths[route.id] for route in order}


def rounded(path: tuple[Point, ...], radius: float = RADIUS) -> tuple[Point, ...]:
    """A polyline with its bends turned into arcs, given as points within 0.1 mm of them."""
    out: list[Point] = [path[0]]
    for before, corner, after in zip(path, path[1:], path[2:], strict=False):
        ax, ay = before[0] - corner[0], before[1] - corner[1]
        bx, by = after[0] - corner[0], after[1] - corner[1]
        la, lb = math.hypot(ax, ay), math.hypot(bx, by)
        cut = min(radius, la * 0.45, lb * 0.45)
        start = (corner[0] + ax / la * cut, corner[1] + ay / la * cut)
        end = (corner[0] + bx / lb * cut, corner[1] + by / lb * cut)
        for k in range(7):
            t = k / 6
            u = 1 - t
            out.append(
                (
                    u * u * start[0] + 2 * u * t * corner[0] + t * t * end[0],
                    u * u * start[1] + 2 * u * t * corner[1] + t * t * end[1],
                )
            )
    out.append(path[-1])
    return tuple((round(x, 3), round(y, 3)) for x, y in out)


def lanes(path: tuple[Point, ...], source: End, target: End) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Two paths at either side of one, both touching the borders of its ends."""
    return tuple(_beside(path, side * LANE, source, target) for side in (1.0, -1.0))  # type: ignore[return-value]


def _beside(path: tuple[Point, ...], offset: float, source: End, target: End) -> tuple[Point, ...]:
    normals = []
    for (ax, ay), (bx, by) in zip(path, path[1:], strict=False):
        norm = math.hypot(bx - ax, by - ay) or 1.0
        normals.append((-(by - ay) / norm, (bx - ax) / norm))
    points: list[Point] = []
    for index, (x, y) in enumerate(path):
        n0, n1 = normals[max(index - 1, 0)], normals[min(index, len(normals) - 1)]
        nx, ny = n0[0] + n1[0], n0[1] + n1[1]
        norm = math.hypot(nx, ny) or 1.0
        stretch = offset / max(0.5, (nx * n0[0] + ny * n0[1]) / norm)
        points.append((x + nx / norm * stretch, y + ny / norm * stretch))
    first = entering(source, points[1], points[0])
    last = entering(target, points[-2], points[-1])
    points[0], points[-1] = first or path[0], last or path[-1]
    return tuple((round(x, 3), round(y, 3)) for x, y in points)


class _Layer:
    """Arrows laid so far, and the tables that laying the next one needs."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.paths: dict[str, tuple[Point, ...]] = {}
        self.routes: dict[str, Route] = {}
        self.owners = [owner for owner, _ in ground.boxes]
        raw = np.array([box for _, box in ground.boxes]).reshape(-1, 4)
        grow = np.array([-1.0, -1.0, 1.0, 1.0])
        self.boxes = raw + CLEARANCE * grow
        self.raw = raw - 0.05 * grow
        self.holds = np.array([box for _, box, _ in ground.containers]).reshape(-1, 4)
        wide = self.holds + 0.8 * grow
        self.wide = wide
        self.family = _segments(ground.lines)
        corners = [
            (x, y)
            for box in np.vstack([raw, self.holds])
            for reach in CORNERS
            for x in (box[0] - reach, box[2] + reach)
            for y in (box[1] - reach, box[3] + reach)
        ]
        self.nodes = self._free_nodes(np.array(corners).reshape(-1, 2))
        self.seen: dict[int, tuple[Bools, Bools]] = {}

    def _free_nodes(self, corners: Floats) -> Floats:
        page = self.ground.page
        kept = (
            (corners[:, 0] > page[0])
            & (corners[:, 0] < page[2])
            & (corners[:, 1] > page[1])
            & (corners[:, 1] < page[3])
        )
        x, y = corners[:, :1], corners[:, 1:]
        within = (x > self.boxes[:, 0]) & (x < self.boxes[:, 2]) & (y > self.boxes[:, 1]) & (y < self.boxes[:, 3])
        return np.unique(corners[kept & ~within.any(axis=1)].round(3), axis=0)

    def distance(self, route: Route) -> float:
        (ax, ay), (bx, by) = self.ground.ends[route.source].centre, self.ground.ends[route.target].centre
        a, b = self.ground.ends[route.source], self.ground.ends[route.target]
        if "household" in (a.shape, b.shape):
            box, (x, y) = (a.box, (bx, by)) if a.shape == "household" else (b.box, (ax, ay))
            return round(math.hypot(x - min(max(x, box[0]), box[2]), y - min(max(y, box[1]), box[3])), 3)
        return round(math.hypot(ax - bx, ay - by), 3)

    def lay(self, route: Route, *, again: bool) -> None:
        self.paths.pop(route.id, None)
        self.routes[route.id] = route
        laid = _segments(tuple(self.paths.values()))
        used = self._used()
        source, target = self.ground.ends[route.source], self.ground.ends[route.target]
        starts = self._ports(source, target, used, route.lanes)
        stops = self._ports(target, source, used, route.lanes)
        masks = self._masks(route)
        path, cost = self._straight(starts, stops, masks, laid)
        if path is None or (again and cost > 2.2 * CROSSING):
            bent, bent_cost = self._bent(starts, stops, masks, laid)
            if bent is not None and (path is None or bent_cost < cost - 4):
                path = bent
        if path is None:
            path = ((starts[0][0], starts[0][1]), (stops[0][0], stops[0][1]))
        self.paths[route.id] = path

    def _used(self) -> dict[str, list[Point]]:
        used: dict[str, list[Point]] = defaultdict(list)
        for end, points in self.ground.bonds.items():
            used[end].extend(points)
        for name, path in self.paths.items():
            route = self.routes[name]
            for end, (x, y) in ((route.source, path[0]), (route.target, path[-1])):
                used[end].append((x, y))
                if route.lanes == 2:
                    used[end] += [(x + dx, y + dy) for dx, dy in ((LANE, 0), (-LANE, 0), (0, LANE), (0, -LANE))]
        return used

    def _ports(self, end: End, other: End, used: dict[str, list[Point]], width: int) -> list[Port]:
        tx, ty = other.centre
        if other.shape == "household":
            x0, y0, x1, y1 = other.box
            tx, ty = min(max(end.centre[0], x0 + 5), x1 - 5), min(max(end.centre[1], y0 + 5), y1 - 5)
        found = ports(end, (tx, ty))
        room = APART + (LANE if width == 2 else 0.0)
        for share in (1.0, 0.75, 0.5, 0.25, 0.0):
            free = [p for p in found if all(math.hypot(p[0] - x, p[1] - y) >= room * share for x, y in used[end.id])]
            if free:
                break
        return sorted(free, key=lambda p: (round(math.hypot(p[0] - tx, p[1] - ty), 3), p))[: 2 * _NEAREST]

    def _masks(self, route: Route) -> tuple[Bools, Bools, Bools]:
        """Boxes to keep away from, own boxes to stay out of, and containers that hold neither end."""
        ends = {route.source, route.target}
        own = np.array([owner in ends for owner in self.owners], dtype=bool)
        foreign = np.array(
            [name not in ends and not (ends & held) for name, _, held in self.ground.containers], dtype=bool
        )
        return ~own, own, foreign

    def _blocked(self, segments: Floats, route_masks: tuple[Bools, Bools, Bools]) -> Bools:
        away, own, foreign = route_masks
        hit: Bools = segments_hit_boxes(segments, self.boxes[away]).any(axis=1)
        hit |= segments_hit_boxes(segments, self.raw[own]).any(axis=1)
        hit |= segments_hit_boxes(segments, self.wide[foreign]).any(axis=1)
        return hit

    def _straight(
        self, starts: list[Port], stops: list[Port], masks: tuple[Bools, Bools, Bools], laid: Floats
    ) -> tuple[tuple[Point, ...] | None, float]:
        pairs = [(a, b) for a in starts[:_NEAREST] for b in stops[:_NEAREST]]
        segments = np.array([(a[0], a[1], b[0], b[1]) for a, b in pairs])
        normals = np.array([(a[2], a[3], b[2], b[3]) for a, b in pairs])
        lengths = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
        ux = (segments[:, 2:] - segments[:, :2]) / np.maximum(lengths, 1e-6)[:, None]
        out = (ux * normals[:, :2]).sum(axis=1)
        into = -(ux * normals[:, 2:]).sum(axis=1)
        bad = self._blocked(segments, masks) | (lengths < 3.5) | (out < 0.2) | (into < 0.2)
        if bad.all():
            return None, math.inf
        cost = lengths + OBLIQUE * ((1 - out) + (1 - into))
        cost += self._against(segments, laid)
        cost[bad] = math.inf
        best = int(np.argmin(cost.round(4)))
        x0, y0, x1, y1 = segments[best].tolist()
        return ((x0, y0), (x1, y1)), float(cost[best])

    def _against(self, segments: Floats, laid: Floats) -> Floats:
        """Cost of what a segment meets: arrows crossed, family lines crossed, arrows too close beside it."""
        cost = np.zeros(len(segments))
        if len(laid):
            cost += CROSSING * segments_cross(segments, laid).sum(axis=1)
            for share in (0.12, 0.5, 0.88):
                points = segments[:, :2] + share * (segments[:, 2:] - segments[:, :2])
                cost += TIGHT * (_distances(points, laid) < 1.9).sum(axis=1)
        if len(self.family):
            cost += FAMILY_CROSSING * segments_cross(segments, self.family).sum(axis=1)
        return cost

    def _bent(
        self, starts: list[Port], stops: list[Port], masks: tuple[Bools, Bools, Bools], laid: Floats
    ) -> tuple[tuple[Point, ...] | None, float]:
        """Shortest path over corners, from any port to any port (Dijkstra)."""
        nodes, count = self.nodes, len(self.nodes)
        first = self._to_nodes(starts, masks)
        last = self._to_nodes(stops, masks)
        best: dict[int, float] = {}
        back: dict[int, tuple[int, Port | None]] = {}
        heap: list[tuple[float, int]] = []
        for port, free in zip(starts, first, strict=True):
            spots = np.flatnonzero(free)
            cost = self._leg((port[0], port[1]), spots, laid)
            for node, value in zip(spots.tolist(), cost.tolist(), strict=True):
                if value < best.get(node, math.inf) - 1e-9:
                    best[node], back[node] = value, (-1, port)
        heap = [(value, node) for node, value in best.items()]
        heapq.heapify(heap)
        finish: tuple[float, int, Port] | None = None
        arrive: dict[int, tuple[float, Port]] = {}
        for port, free in zip(stops, last, strict=True):
            spots = np.flatnonzero(free)
            for node, value in zip(spots.tolist(), self._leg((port[0], port[1]), spots, laid).tolist(), strict=True):
                if node not in arrive or value < arrive[node][0] - 1e-9:
                    arrive[node] = (value, port)
        done = np.zeros(count, dtype=bool)
        while heap:
            value, node = heapq.heappop(heap)
            if finish is not None and value >= finish[0]:
                break
            if done[node]:
                continue
            done[node] = True
            if node in arrive:
                total = value + arrive[node][0]
                if finish is None or total < finish[0] - 1e-9:
                    finish = (total, node, arrive[node][1])
            spots = np.flatnonzero(self._visible(node, masks) & ~done)
            for other, leg in zip(spots.tolist(), self._leg(tuple(nodes[node]), spots, laid).tolist(), strict=True):
                if value + leg < best.get(other, math.inf) - 1e-9:
                    best[other], back[other] = value + leg, (node, None)
                    heapq.heappush(heap, (value + leg, other))
        if finish is None:
            return None, math.inf
        points: list[Point] = [(finish[2][0], finish[2][1])]
        step = finish[1]
        while step != -1:
            points.append((float(nodes[step][0]), float(nodes[step][1])))
            step, port = back[step]
            if port is not None:
                points.append((port[0], port[1]))
        return tuple(points[::-1]), finish[0]

    def _to_nodes(self, points: list[Port], masks: tuple[Bools, Bools, Bools]) -> list[Bools]:
        found = []
        for x, y, nx, ny in points:
            segments = np.hstack([np.tile((x, y), (len(self.nodes), 1)), self.nodes])
            step = self.nodes - (x, y)
            ahead = (step * (nx, ny)).sum(axis=1) > 0.35 * np.hypot(step[:, 0], step[:, 1])
            found.append(ahead & ~self._blocked(segments, masks))
        return found

    def _leg(self, start: Point, spots: np.ndarray, laid: Floats) -> Floats:  # type: ignore[type-arg]  # indices
        ends = self.nodes[spots]
        segments = np.hstack([np.tile(start, (len(ends), 1)), ends])
        lengths: Floats = np.hypot(ends[:, 0] - start[0], ends[:, 1] - start[1])
        return lengths + BEND + self._against(segments, laid)

    def _visible(self, node: int, masks: tuple[Bools, Bools, Bools]) -> Bools:
        if node not in self.seen:
            segments = np.hstack([np.tile(self.nodes[node], (len(self.nodes), 1)), self.nodes])
            self.seen[node] = (
                segments_hit_boxes(segments, self.boxes).any(axis=1),
                segments_hit_boxes(segments, self.wide),
            )
        hit, held = self.seen[node]
        free: Bools = ~(hit | held[:, masks[2]].any(axis=1))
        return free


def _segments(paths: tuple[tuple[Point, ...], ...]) -> Floats:
    return np.array([(*a, *b) for path in paths for a, b in zip(path, path[1:], strict=False)]).reshape(-1, 4)


def _distances(points: Floats, segments: Floats) -> Floats:
    start, delta = segments[None, :, :2], (segments[:, 2:] - segments[:, :2])[None]
    along = ((points[:, None] - start) * delta).sum(axis=2) / np.maximum((delta**2).sum(axis=2), 1e-9)
    nearest = start + np.clip(along, 0, 1)[:, :, None] * delta
    gap: Floats = np.hypot(*(points[:, None] - nearest).transpose(2, 0, 1))
    return gap
