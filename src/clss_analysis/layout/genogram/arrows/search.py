"""One arrow's way among those that lie: straight where nothing stands between, else over corners.

Candidates are points on the borders of both symbols; the cheapest free pair wins (length, crossings, closeness to
other arrows).  What has no good straight line takes a cheapest path over the corners of everything that stands on the
page.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from clss_analysis.layout.genogram.arrows.borders import LANE, End, ports, various
from clss_analysis.layout.genogram.arrows.borders import lanes as side_by_side
from clss_analysis.layout.genogram.arrows.costs import ROUTE
from clss_analysis.layout.genogram.arrows.neighbours import SHARPEST, Path, units
from clss_analysis.layout.genogram.arrows.obstacles import (
    Field,
    Ground,
    Sizes,
    burdens,
    close_by,
    distances,
    hits,
    segments_of,
)
from clss_analysis.layout.genogram.arrows.segments import Bools, Floats, Whole, times_crossed
from clss_analysis.layout.geometry import Box, Point

APART = 2.3
_GROW = np.array([-1.0, -1.0, 1.0, 1.0])
_BEFORE = 0.5 * _GROW  # millimetres kept from a frame where an arrow does not end
_LONG, _HALF, _SPARE = 2.5, 0.9, 0.3  # millimetres of an arrow head, and round it
_NEAREST, _HOPS, _STRAIGHT = 14, 9, 40


@dataclass(frozen=True, slots=True)
class Route:
    """An arrow to lay: ids of both ends; `lanes` is 2 for two opposite arrows side by side, `heads` as in `Tie`."""

    id: str
    source: str
    target: str
    lanes: int = 1
    heads: int = 1

    @property
    def headed(self) -> tuple[bool, bool]:
        """Whether there is a head at the source and at the target."""
        return self.lanes == 2 or self.heads == 2, self.heads > 0


class Search:
    """Arrows that lie on a ground, and the cheapest way of one more among them."""

    def __init__(self, ground: Ground, routes: tuple[Route, ...]) -> None:
        self.ground = ground
        self.field = Field(ground)
        self.routes = {route.id: route for route in routes}
        self.paths: dict[str, Path] = {}
        self.taken: dict[str, dict[str, list[Point]]] = defaultdict(dict)
        self.seen: dict[tuple[str, str], Floats] = {}
        self.away: dict[tuple[str, int], tuple[Floats, Bools, int]] = {}
        self.dense = bool(ground.closed)
        self.drawn: dict[str, tuple[Path, ...]] = {}
        self.heads: dict[str, Floats] = {}
        self._heads: tuple[list[str], Floats] | None = None
        self._alone: dict[tuple[str, str, int], dict[Point, Floats]] = defaultdict(dict)
        self._legs: dict[tuple[str, int, bytes, bytes], tuple[Floats, list[int]]] = {}

    def put(self, name: str, path: Path) -> None:
        """Lay an arrow; in a dense picture nothing passes over its heads then."""
        self.paths[name] = path
        route = self.routes[name]
        if self.dense:
            ends = self.ground.ends
            two = side_by_side(path, ends[route.source], ends[route.target]) if route.lanes == 2 else (path, path)
            self.drawn[name] = two[: route.lanes]
            tips = [way for way, head in zip((two[-1][::-1], two[0]), route.headed, strict=True) if head]
            self.heads[name], self._heads = np.array([_head(tip) for tip in tips]).reshape(-1, 4), None
        for end, (x, y) in ((route.source, path[0]), (route.target, path[-1])):
            points = self.taken[end].setdefault(name, [])
            points.append((x, y))
            if route.lanes == 2:
                points += [(x + dx, y + dy) for dx, dy in ((LANE, 0), (-LANE, 0), (0, LANE), (0, -LANE))]

    def take(self, name: str) -> Path:
        """Take an arrow up."""
        route = self.routes[name]
        for end in {route.source, route.target}:
            del self.taken[end][name]
        self._heads = None
        self.heads.pop(name, None)
        self.drawn.pop(name, None)
        return self.paths.pop(name)

    def distance(self, route: Route) -> float:
        """Between the middles of both ends; from the household, between its boundary and the other's middle."""
        a, b = self.ground.ends[route.source], self.ground.ends[route.target]
        (ax, ay), (bx, by) = a.centre, b.centre
        if "household" in (a.shape, b.shape):
            box, (x, y) = (a.box, (bx, by)) if a.shape == "household" else (b.box, (ax, ay))
            return round(math.hypot(x - min(max(x, box[0]), box[2]), y - min(max(y, box[1]), box[3])), 3)
        return round(math.hypot(ax - bx, ay - by), 3)

    def free_ports(self, end: End, other: End, lanes: int, share: float, but: str = "") -> Floats:
        """Where an arrow may touch an end, clear of the others that do, the nearest to its other end first."""
        if (end.id, other.id) not in self.seen:
            tx, ty = other.centre
            if other.shape == "household":
                x0, y0, x1, y1 = other.box
                tx, ty = min(max(end.centre[0], x0 + 5), x1 - 5), min(max(end.centre[1], y0 + 5), y1 - 5)
            found = ports(end, (tx, ty))
            found.sort(key=lambda p: (round(math.hypot(p[0] - tx, p[1] - ty), 3), p))
            self.seen[end.id, other.id] = np.array(found).reshape(-1, 4)
        table, used = self.seen[end.id, other.id], self._used(end.id, but)
        room = (APART + (LANE if lanes == 2 else 0.0)) * share
        if not len(used) or not room:
            return table
        gap = np.hypot(table[:, 0] - used[:, 0, None], table[:, 1] - used[:, 1, None])
        clear: Floats = table[gap.min(axis=0) >= room]
        return clear

    def _used(self, end: str, but: str) -> Floats:
        """Points of an end's border that are taken."""
        used = list(self.ground.bonds.get(end, ()))
        used += [point for name, points in self.taken[end].items() if name != but for point in points]
        return np.array(used).reshape(-1, 2)

    def masks(self, route: Route, lanes: int) -> tuple[Floats, Bools, int]:
        """Boxes to keep away from, containers that hold neither end, and the number of lanes."""
        if (route.id, lanes) not in self.away:
            ends = {route.source, route.target}
            own = np.isin(self.field.owners, sorted(ends | self._behind(ends)))
            foreign = np.array(
                [name not in ends and not (ends & held) for name, _, held in self.ground.containers], dtype=bool
            )
            boxes = np.vstack([self.field.swept[lanes][~own], self.field.wide[lanes][foreign]])
            left = np.array(
                [name in ends and name in self.ground.closed for name, _, _ in self.ground.containers], dtype=bool
            )
            self.away[route.id, lanes] = boxes, foreign | left, lanes
        boxes, foreign, lanes = self.away[route.id, lanes]
        if self.heads:
            if self._heads is None:
                names = [name for name, each in self.heads.items() for _ in each]
                self._heads = names, np.vstack([*self.heads.values()])
            others = np.array([name != route.id for name in self._heads[0]], dtype=bool)
            boxes = np.vstack([boxes, self._heads[1][others] + LANE * (lanes - 1) * _GROW])
        return boxes, foreign, lanes

    def _behind(self, ends: set[str]) -> set[str]:
        """What stands in closed frames, but in those that hold an end: the frame itself is in the way."""
        near = {frame for end in ends if (frame := self.ground.closed.get(end)) != end}
        return {each for each, frame in self.ground.closed.items() if frame not in near}

    def found(self, route: Route, *, quick: bool = False) -> Path:
        """The cheapest way among the arrows that lie; `quick`, the first straight one that is free, if there is one."""
        laid, dense = segments_of(tuple(self.paths.values())), self.dense
        if dense:
            laid = segments_of(tuple(way for those in self.drawn.values() for way in those))
        source, target = self.ground.ends[route.source], self.ground.ends[route.target]
        self._legs.clear()
        best: Path = (source.centre, target.centre)
        least, vain = math.inf, (0, 0)
        tried = [(share, route.lanes) for share in ((1.0, 0.7, 0.0) if dense else (1.0, 0.7, 0.4, 0.0))]
        for share, lanes in (*tried, (0.0, 1)):
            starts = self.free_ports(source, target, lanes, share)
            stops = self.free_ports(target, source, lanes, share)
            if dense and len(laid) and share > 0:
                under = np.vstack([laid, self.field.family])
                starts, stops = (
                    _open(ports_, under, lanes) if head else ports_
                    for ports_, head in zip((starts, stops), route.headed, strict=True)
                )
            if not len(starts) or not len(stops) or (share < 0.4 and least < math.inf):
                continue
            few, many = (various(starts), various(stops)), (len(starts), len(stops))
            if dense and share and many == vain:  # the same ends again
                continue
            masks = self.masks(route, lanes)
            path, cost = self._straight(starts, stops, masks, laid)
            if path is not None and quick:
                return path
            if path is None or cost > 1.25 * self.distance(route) + 14:
                bent, bent_cost = self._bent(route, *few, masks, laid, cost)
                if path is None and bent is None and not (dense and share) and many != (len(few[0]), len(few[1])):
                    bent, bent_cost = self._bent(route, starts, stops, masks, laid, cost)
                path, cost = (bent, bent_cost) if bent is not None and bent_cost < cost - 4 else (path, cost)
            if path is not None:
                cost += ROUTE.crowded * (share < 0.7)
                best, least = (path, cost) if cost < least else (best, least)
                if share < 0.4 or dense or cost < self.distance(route) + ROUTE.crossing * (1 if share > 0.7 else 2.2):
                    break
            vain = many
        if least == math.inf and self.heads:  # over a head rather than through what stands there
            heads, self.heads = self.heads, {}
            best = self.found(route)
            self.heads = heads
        return best

    def _straight(
        self, starts: Floats, stops: Floats, masks: tuple[Floats, Bools, int], laid: Floats
    ) -> tuple[tuple[Point, ...] | None, float]:
        first, last = starts[:_NEAREST], stops[:_NEAREST]
        segments = np.hstack([np.repeat(first[:, :2], len(last), axis=0), np.tile(last[:, :2], (len(first), 1))])
        step = segments[:, 2:] - segments[:, :2]
        lengths = np.hypot(step[:, 0], step[:, 1])
        ux = step / np.maximum(lengths, 1e-6)[:, None]
        out = (ux * np.repeat(first[:, 2:], len(last), axis=0)).sum(axis=1)
        into = -(ux * np.tile(last[:, 2:], (len(first), 1))).sum(axis=1)
        good = np.flatnonzero((lengths >= 3.5) & (out >= 0.2) & (into >= 0.2))
        cost = (lengths[good] + ROUTE.oblique * ((1 - out[good]) + (1 - into[good]))).round(4)
        order = np.argsort(cost, kind="stable")
        free: list[int] = []
        for low in range(0, len(order), 2 * _STRAIGHT):
            those = order[low : low + 2 * _STRAIGHT]
            free += those[~hits(segments.take(good[those], axis=0), masks[0])].tolist()
            if len(free) >= _STRAIGHT:
                break
        if not free:
            return None, math.inf
        order = good[free[:_STRAIGHT]]
        cost = cost[free[:_STRAIGHT]] + self._against(segments[order], laid, masks[2])
        best = int(np.argmin(cost.round(4)))
        x0, y0, x1, y1 = segments[order[best]].tolist()
        return ((x0, y0), (x1, y1)), float(cost[best])

    def _against(self, segments: Floats, laid: Floats, lanes: int) -> Floats:
        """Cost of what a segment meets: arrows crossed, family lines crossed, arrows too close beside it."""
        cost = self.field.family_cost(segments, lanes)
        if len(laid):
            cost = cost + lanes * self.ground.crossing * self._met(segments, laid, lanes)
            for share in (0.12, 0.5, 0.88):
                points = segments[:, :2] + share * (segments[:, 2:] - segments[:, :2])
                cost += self.field.tight * close_by(points, laid, 1.9)
        return cost

    def _met(self, segments: Floats, laid: Floats, lanes: int) -> Floats:
        """How many arrows each segment crosses; of a dense picture, also runs along."""
        return burdens(segments, laid, LANE * (lanes - 1)) if self.dense else times_crossed(segments, laid)

    def _bent(
        self,
        route: Route,
        starts: Floats,
        stops: Floats,
        masks: tuple[Floats, Bools, int],
        laid: Floats,
        limit: float,
    ) -> tuple[Path | None, float]:
        """Cheapest path over corners that costs less than `limit`, in ever more legs until none is cheaper."""
        field, swept = self.field, self.field.swept[masks[2]]
        reach = [
            np.hypot(ends[:, 0, None] - field.nodes[:, 0], ends[:, 1, None] - field.nodes[:, 1]).min(axis=0)
            for ends in (starts, stops)
        ]
        kept = np.flatnonzero(reach[0] + reach[1] + ROUTE.bend < limit)
        ahead, nodes = reach[1][kept], field.nodes[kept]
        legs = []
        for here, ports_, there in ((route.source, starts, route.target), (route.target, stops, route.source)):
            key = here, masks[2], ports_.tobytes(), kept.tobytes()
            if key not in self._legs:
                closed, still = there in self.ground.closed.values(), self.away[route.id, masks[2]][0]
                box = np.array(self.ground.ends[there].box) + _BEFORE if closed else swept[field.owners == there]
                known = self._alone[route.id, here, masks[2]]
                boxes = np.vstack([still, box]), masks[0][len(still) :]
                self._legs[key] = self._port_legs(ports_, known, *boxes, masks[2], laid, kept)
            legs.append(self._legs[key])
            if not np.isfinite(legs[-1][0]).any():
                return None, math.inf
        (leave, begins), (arrive, finals) = legs
        field.count(
            {path: self.routes[name].lanes for name, path in self.paths.items()},
            {self.paths[name]: boxes for name, boxes in self.heads.items()},
        )
        met = field.legs(masks[2], masks[1]) + self.ground.crossing * masks[2] * field.crossed
        tables: tuple[Sizes, ...] = (met, field.ux, field.uy)
        if len(kept) < len(field.nodes):
            tables = tuple(table.take(kept, axis=0).take(kept, axis=1) for table in tables)
        aside = field.aside()[kept]
        first = starts[begins, :2]
        heading = units(nodes - first)
        ending = units(stops[finals, :2] - nodes)
        cost = leave + ROUTE.bend + aside
        before = np.full(len(nodes), -1)
        fresh = np.flatnonzero(np.isfinite(cost))
        best, last, way = limit, -1, before
        for _ in range(_HOPS):
            total = cost + arrive + _turning((heading * ending).sum(axis=1))
            node = int(np.argmin(total.round(6)))
            if total[node] < best - 1e-6:
                best, last, way = float(total[node]), node, before.copy()
            fresh = fresh[cost[fresh] + ahead[fresh] < best]
            if not len(fresh):
                break
            slim = heading[fresh].astype(np.float32)
            reached, ux, uy = (table.take(fresh, axis=0) for table in tables)
            reached += _turning(slim[:, :1] * ux + slim[:, 1:] * uy)
            reached += cost[fresh, None].astype(np.float32)
            via = reached.argmin(axis=0)
            least = reached[via, np.arange(len(nodes))] + aside
            less = np.flatnonzero(least < cost - 1e-6)
            cost[less], before[less] = least[less], fresh[via[less]]
            heading[less, 0], heading[less, 1] = ux[via[less], less], uy[via[less], less]
            fresh = less
        if last < 0:
            return None, math.inf
        points: list[Point] = [tuple(stops[finals[last], :2].tolist())]
        seen: set[int] = set()
        while last != -1 and last not in seen:
            seen.add(last)
            points.append((float(nodes[last, 0]), float(nodes[last, 1])))
            start, last = begins[last], int(way[last])
        points.append(tuple(starts[start, :2].tolist()))
        return tuple(points[::-1]), best

    def _port_legs(
        self,
        ends: Floats,
        known: dict[Point, Floats],
        away: Floats,
        heads: Floats,
        lanes: int,
        laid: Floats,
        kept: Whole,
    ) -> tuple[Floats, list[int]]:
        """For every corner the cheapest leg to or from a port, infinite where none is free, and which port it is.

        `known` keeps, by port, what a leg to each corner costs among the family's lines, infinite where it is shut by
        what stands there for good (`away`).
        """
        nodes = self.field.nodes.take(kept, axis=0)
        count = len(nodes)
        step = nodes[None, :, :] - ends[:, None, :2]
        reach = np.hypot(step[..., 0], step[..., 1])
        out = (step * ends[:, None, 2:]).sum(axis=2)
        cost = reach + ROUTE.oblique * (1 - out / np.maximum(reach, 1e-9))
        cost[out <= np.maximum(0.35 * reach, 3.2)] = np.inf
        best, which = np.full(count, np.inf), np.zeros(count, dtype=np.intp)
        tried = np.argsort(cost, axis=0, kind="stable")
        rows = [known.setdefault((x, y), np.full(len(self.field.nodes), np.nan)) for x, y in ends[:, :2].tolist()]
        alone = np.array(rows).reshape(len(ends), -1)
        for port_by in tried[:4]:
            node = np.flatnonzero(cost[port_by, np.arange(count)] < best)
            port, at = port_by[node], kept[node]
            segments = np.hstack([ends[:, :2].take(port, axis=0), nodes.take(node, axis=0)])
            fresh = np.flatnonzero(np.isnan(alone[port, at]))
            if len(fresh):
                free = fresh[~hits(segments.take(fresh, axis=0), away)]
                alone[port[fresh], at[fresh]] = np.inf
                alone[port[free], at[free]] = self.field.family_cost(segments.take(free, axis=0), lanes)
            free = np.flatnonzero(np.isfinite(alone[port, at]))
            if len(heads):
                free = free[~hits(segments.take(free, axis=0), heads)]
            node, port, at, segments = node[free], port[free], at[free], segments.take(free, axis=0)
            value = cost[port, node] + alone[port, at]
            value += lanes * self.ground.crossing * self._met(segments, laid, lanes)
            less = value < best[node]
            best[node[less]], which[node[less]] = value[less], port[less]
        for row, found in zip(rows, alone, strict=True):
            row[:] = found
        return best, which.tolist()


def _head(path: Path) -> Box:
    """The box round the head at the end of a path."""
    (x, y), (u, v) = path[-1], path[-2]
    long = max(math.dist((x, y), (u, v)), 1e-9)
    dx, dy = (u - x) / long, (v - y) / long
    xs, ys = ([at, at + _LONG * d - _HALF * e, at + _LONG * d + _HALF * e] for at, d, e in ((x, dx, dy), (y, dy, dx)))
    return min(xs) - _SPARE, min(ys) - _SPARE, max(xs) + _SPARE, max(ys) + _SPARE


def _open(table: Floats, lines: Floats, lanes: int) -> Floats:
    """Ports at which no line lies under a head that arrives."""
    middles = table[:, :2] + _LONG / 2 * table[:, 2:]
    clear: Floats = table[distances(middles, lines).min(axis=1) > _LONG / 2 + _SPARE + LANE * (lanes - 1)]
    return clear


def _turning(cosine: Floats | Sizes) -> Floats | Sizes:
    """What a turn costs, by the cosine between before and after; never on the way back."""
    cost = ROUTE.turn - ROUTE.turn * cosine
    cost[cosine < SHARPEST] = np.inf
    return cost
