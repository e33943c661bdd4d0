"""Arrows: straight where nothing stands in the way, else round corners at a distance, never through a foreign box.

Candidates are points on the borders of both symbols; the cheapest free pair wins (length, crossings, closeness to
other arrows).  What has no free straight line takes a shortest path over the corners of everything that stands on
the page (visibility graph, A*).  Two passes: the second lays every arrow again, with all others known.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from clss_analysis.layout.geometry import Box, Point
from clss_analysis.layout.sociogenogram_lanes import LANE
from clss_analysis.layout.sociogenogram_ports import End, Port, ports
from clss_analysis.layout.sociogenogram_ring import Bools, Floats, segments_cross, segments_hit_boxes

CLEARANCE = 1.1
CORNERS = (2.1, 4.3)
OFF_HOUSEHOLD = (4.2, 6.3)
APART = 2.3
CROSSING, FAMILY_CROSSING, BEND, TIGHT, OBLIQUE, TURN = 16.0, 4.0, 5.0, 9.0, 5.0, 9.0
_NEAREST = 14


Masks = tuple[Bools, Bools, int]


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
        self.swept = {1: self.boxes, 2: raw + (CLEARANCE + LANE) * grow}
        self.holds = np.array([box for _, box, _ in ground.containers]).reshape(-1, 4)
        wide = self.holds + 0.8 * grow
        self.wide = wide
        self.family = _segments(ground.lines)
        home = np.array(
            [ground.ends[n].shape == "household" if n in ground.ends else False for n, _, _ in ground.containers],
            dtype=bool,
        )
        around = [(box, CORNERS) for box in (*raw, *self.holds[~home])]
        around += [(end.box, OFF_HOUSEHOLD) for end in ground.ends.values() if end.shape == "household"]
        corners = [
            (x, y)
            for box, reaches in around
            for reach in reaches
            for x in (box[0] - reach, box[2] + reach)
            for y in (box[1] - reach, box[3] + reach)
        ]
        self.nodes = self._free_nodes(np.array(corners).reshape(-1, 2))
        self.near_family: Floats = np.zeros(len(self.nodes))
        if len(self.family):
            self.near_family = (_distances(self.nodes, self.family) < 1.7).any(axis=1).astype(float)
        self.kin_cost: dict[int, Floats] = {}
        self.seen: dict[tuple[int, int], tuple[Bools, Bools]] = {}

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
        before = self.paths.pop(route.id, None)
        self.routes[route.id] = route
        laid = _segments(tuple(self.paths.values()))
        if again and before is not None and not self._against(_segments((before,)), laid).any():
            self.paths[route.id] = before
            return
        used = self._used()
        source, target = self.ground.ends[route.source], self.ground.ends[route.target]
        masks = self._masks(route)
        path: tuple[Point, ...] | None = None
        for share in (1.0, 0.7, 0.4, 0.0, -1.0):
            if share < 0:
                masks = (masks[0], masks[1], 1)
            starts = self._ports(source, target, used, route.lanes, share)
            stops = self._ports(target, source, used, route.lanes, share)
            if not starts or not stops:
                continue
            path, cost = self._straight(starts, stops, masks, laid)
            if path is None or cost > 2.2 * CROSSING + self.distance(route):
                bent, bent_cost = self._bent(_various(starts), _various(stops), masks, laid)
                if bent is None and path is None and share <= 0:
                    bent, bent_cost = self._bent(starts, stops, masks, laid, anywhere=True)
                if bent is not None and bent_cost < cost - 4:
                    path = bent
            if path is not None:
                break
        self.paths[route.id] = path or before or (source.centre, target.centre)

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

    def _ports(self, end: End, other: End, used: dict[str, list[Point]], width: int, share: float) -> list[Port]:
        tx, ty = other.centre
        if other.shape == "household":
            x0, y0, x1, y1 = other.box
            tx, ty = min(max(end.centre[0], x0 + 5), x1 - 5), min(max(end.centre[1], y0 + 5), y1 - 5)
        room = (APART + (LANE if width == 2 else 0.0)) * share
        found = ports(end, (tx, ty))
        free = [p for p in found if all(math.hypot(p[0] - x, p[1] - y) >= room for x, y in used[end.id])]
        return sorted(free, key=lambda p: (round(math.hypot(p[0] - tx, p[1] - ty), 3), p))

    def _masks(self, route: Route) -> Masks:
        """Boxes to keep away from, containers that hold neither end, and the number of lanes."""
        ends = {route.source, route.target}
        own = np.array([owner in ends for owner in self.owners], dtype=bool)
        foreign = np.array(
            [name not in ends and not (ends & held) for name, _, held in self.ground.containers], dtype=bool
        )
        return ~own, foreign, route.lanes

    def _blocked(self, segments: Floats, route_masks: Masks) -> Bools:
        away, foreign, lane_count = route_masks
        boxes = np.vstack([self.swept[lane_count][away], self.wide[foreign]])
        hit: Bools = np.asarray(segments_hit_boxes(segments, boxes).any(axis=1))
        return hit

    def _straight(
        self, starts: list[Port], stops: list[Port], masks: Masks, laid: Floats
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
            for share in (0.12, 0.5, 0.88):
                points = segments[:, :2] + share * (segments[:, 2:] - segments[:, :2])
                cost += TIGHT * (_distances(points, self.family) < 1.7).any(axis=1)
        return cost

    def _bent(
        self, starts: list[Port], stops: list[Port], masks: Masks, laid: Floats, *, anywhere: bool = False
    ) -> tuple[tuple[Point, ...] | None, float]:
        """Shortest path over corners, from any port to any port (A*)."""
        nodes = self.nodes
        near = self._worth(starts, stops) | anywhere
        crowded = self._crowded(laid)
        goal = np.array(stops)[:, :2].mean(axis=0)
        spread = float(np.hypot(*(np.array(stops)[:, :2] - goal).T).max())
        ahead = np.maximum(np.hypot(nodes[:, 0] - goal[0], nodes[:, 1] - goal[1]) - spread, 0.0)
        best: dict[int, float] = {}
        back: dict[int, tuple[int, Port | None]] = {}
        for port, free in zip(starts, self._to_nodes(starts, masks), strict=True):
            spots = np.flatnonzero(free & near)
            for node, value in zip(
                spots.tolist(), self._leg((port[0], port[1]), spots, laid, crowded).tolist(), strict=True
            ):
                if value < best.get(node, math.inf) - 1e-9:
                    best[node], back[node] = value, (-1, port)
        arrive: dict[int, tuple[float, Port]] = {}
        for port, free in zip(stops, self._to_nodes(stops, masks), strict=True):
            spots = np.flatnonzero(free & near)
            for node, value in zip(
                spots.tolist(), self._leg((port[0], port[1]), spots, laid, crowded).tolist(), strict=True
            ):
                if node not in arrive or value < arrive[node][0] - 1e-9:
                    arrive[node] = (value, port)
        heap = [(value + float(ahead[node]), node) for node, value in best.items()]
        heapq.heapify(heap)
        finish: tuple[float, int, Port] | None = None
        done = np.zeros(len(nodes), dtype=bool)
        while heap:
            bound, node = heapq.heappop(heap)
            if finish is not None and bound >= finish[0]:
                break
            if done[node]:
                continue
            done[node] = True
            value = best[node]
            step, port_before = back[node]
            behind = nodes[step] if port_before is None else np.array(port_before[:2])
            if node in arrive:
                last = np.array([arrive[node][1][:2]])
                total = value + arrive[node][0] + float(_turned(behind, nodes[node], last)[0])
                if finish is None or total < finish[0] - 1e-9:
                    finish = (total, node, arrive[node][1])
            spots = np.flatnonzero(self._visible(node, masks) & ~done & near)
            legs = self._leg(tuple(nodes[node]), spots, laid, crowded, node) + _turned(
                behind, nodes[node], nodes[spots]
            )
            for other, leg in zip(spots.tolist(), legs.tolist(), strict=True):
                if value + leg < best.get(other, math.inf) - 1e-9:
                    best[other], back[other] = value + leg, (node, None)
                    heapq.heappush(heap, (value + leg + float(ahead[other]), other))
        if finish is None:
            return None, math.inf
        points: list[Point] = [(finish[2][0], finish[2][1])]
        step = finish[1]
        while step != -1:
            points.append((float(nodes[step][0]), float(nodes[step][1])))
            step, port_before = back[step]
            if port_before is not None:
                points.append((port_before[0], port_before[1]))
        return tuple(points[::-1]), finish[0]

    def _worth(self, starts: list[Port], stops: list[Port]) -> Bools:
        """Corners that a sensible detour may use."""
        (ax, ay), (bx, by) = np.array(starts)[:, :2].mean(axis=0), np.array(stops)[:, :2].mean(axis=0)
        x, y = self.nodes[:, 0], self.nodes[:, 1]
        through = np.hypot(x - ax, y - ay) + np.hypot(x - bx, y - by)
        near: Bools = through < 1.5 * math.hypot(ax - bx, ay - by) + 80
        return near

    def _to_nodes(self, points: list[Port], masks: Masks) -> list[Bools]:
        array = np.array(points)
        count = len(self.nodes)
        segments = np.hstack([np.repeat(array[:, :2], count, axis=0), np.tile(self.nodes, (len(points), 1))])
        step = segments[:, 2:] - segments[:, :2]
        out = (step * np.repeat(array[:, 2:], count, axis=0)).sum(axis=1) > np.maximum(
            0.35 * np.hypot(step[:, 0], step[:, 1]), 3.2
        )
        out[out] = ~self._blocked(segments[out], masks)
        return list(out.reshape(len(points), count))

    def _leg(self, start: Point, spots: npt.NDArray[np.intp], laid: Floats, crowded: Floats, node: int = -1) -> Floats:
        """Cost of going straight from a point, or from a corner, to each of these corners."""
        ends = self.nodes[spots]
        segments = np.hstack([np.tile(start, (len(ends), 1)), ends])
        cost: Floats = np.hypot(ends[:, 0] - start[0], ends[:, 1] - start[1]) + BEND + crowded[spots]
        if len(laid):
            cost += CROSSING * segments_cross(segments, laid).sum(axis=1)
        if not len(self.family):
            return cost
        if node < 0:
            return cost + self._along_family(segments)
        if node not in self.kin_cost:
            rows = np.hstack([np.tile(start, (len(self.nodes), 1)), self.nodes])
            self.kin_cost[node] = self._along_family(rows)
        return cost + self.kin_cost[node][spots]

    def _along_family(self, segments: Floats) -> Floats:
        """What it costs to cross family lines or to run close beside them."""
        cost: Floats = FAMILY_CROSSING * segments_cross(segments, self.family).sum(axis=1)
        for share in (0.25, 0.5, 0.75):
            points = segments[:, :2] + share * (segments[:, 2:] - segments[:, :2])
            cost += TIGHT * (_distances(points, self.family) < 1.5).any(axis=1)
        return cost

    def _crowded(self, laid: Floats) -> Floats:
        """For each corner, what it costs that other lines pass close by."""
        cost = TIGHT * self.near_family
        if len(laid):
            cost = cost + TIGHT * (_distances(self.nodes, laid) < 1.9).sum(axis=1)
        return cost

    def _visible(self, node: int, masks: Masks) -> Bools:
        key = (node, masks[2])
        if key not in self.seen:
            segments = np.hstack([np.tile(self.nodes[node], (len(self.nodes), 1)), self.nodes])
            self.seen[key] = (
                np.asarray(segments_hit_boxes(segments, self.swept[masks[2]]).any(axis=1)),
                segments_hit_boxes(segments, self.wide),
            )
        hit, held = self.seen[key]
        free: Bools = ~(hit | held[:, masks[1]].any(axis=1))
        return free


def _turned(behind: Floats, at: Floats, onward: Floats) -> Floats:
    """What it costs to turn at a point: nothing straight on, most on the way back."""
    ax, ay = at[0] - behind[0], at[1] - behind[1]
    bx, by = onward[:, 0] - at[0], onward[:, 1] - at[1]
    norm = np.maximum(math.hypot(ax, ay) * np.hypot(bx, by), 1e-9)
    cost: Floats = TURN * (1 - (ax * bx + ay * by) / norm)
    return cost


def _various(found: list[Port]) -> list[Port]:
    """The nearest three ports of every direction."""
    kept: dict[tuple[int, int], list[Port]] = defaultdict(list)
    for port in found:
        same = kept[round(port[2]), round(port[3])]
        if len(same) < 3:
            same.append(port)
    return [port for same in kept.values() for port in same]


def _segments(paths: tuple[tuple[Point, ...], ...]) -> Floats:
    return np.array([(*a, *b) for path in paths for a, b in pairwise(path)]).reshape(-1, 4)


def _distances(points: Floats, segments: Floats) -> Floats:
    px, py = points[:, 0, None], points[:, 1, None]
    x, y = segments[None, :, 0], segments[None, :, 1]
    dx, dy = segments[None, :, 2] - x, segments[None, :, 3] - y
    along = np.clip(((px - x) * dx + (py - y) * dy) / np.maximum(dx * dx + dy * dy, 1e-9), 0.0, 1.0)
    gap: Floats = np.hypot(px - x - along * dx, py - y - along * dy)
    return gap
