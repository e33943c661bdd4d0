"""Arrows: straight where nothing stands in the way, else round corners at a distance, never through a foreign box.

Candidates are points on the borders of both symbols; the cheapest free pair wins (length, crossings, closeness to
other arrows).  What has no good straight line takes a cheapest path over the corners of everything that stands on the
page.  Then arrows that cross another are taken up and laid again, alone and in pairs, as long as the whole gets
cheaper; a crossing costs as much as a long detour, so that crossings come first and shortness second.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from clss_analysis.layout.arrows.apart import (
    SHARED,
    SHARPEST,
    Company,
    Path,
    bent_once,
    changes,
    flat,
    smooth,
    units,
)
from clss_analysis.layout.arrows.corners import BEND, TIGHT, Field, Ground, Sizes, distances, hits, segments_of
from clss_analysis.layout.arrows.lanes import LANE
from clss_analysis.layout.arrows.ports import End, normal, outline, ports, various
from clss_analysis.layout.arrows.ways import Bools, Floats, Whole, times_crossed
from clss_analysis.layout.geometry import Point

APART = 2.3
CROSSING, CROWDED, OBLIQUE, TURN = 90.0, 80.0, 5.0, 9.0
_NEAREST, _HOPS, _ROUNDS, _TRIALS, _SPREADS, _TAKEN = 14, 9, 4, 40, 6, 12
_STRAIGHT = 40


@dataclass(frozen=True, slots=True)
class Route:
    """An arrow to lay: ids of both ends; `lanes` is 2 for two opposite arrows side by side."""

    id: str
    source: str
    target: str
    lanes: int = 1


def lay(routes: tuple[Route, ...], grounds: tuple[Ground, ...]) -> tuple[int, dict[str, tuple[Point, ...]]]:
    """Lay all arrows on the best of several grounds.

    Args:
        routes: the arrows.
        grounds: where things may stand, the likeliest first; the first on which no arrow crosses anything ends the
            search.

    Returns:
        Which ground it is, and a polyline for each route; both ends lie on the borders of their symbols.
    """
    layers: list[_Layer] = []
    for number, ground in enumerate(grounds):
        layers.append(layer := _Layer(ground, routes))
        for route in sorted(routes, key=lambda r: (layer.distance(r), r.id)):
            layer.put(route.id, layer.found(route))
        if not layer.judged()[0]:
            return number, layer.paths
    if not layers:
        raise ValueError("no ground to lay arrows on")
    number = min(range(len(layers)), key=lambda n: (layers[n].judged()[1], n))
    layer = layers[number]
    layer.spread()
    if layer.judged()[0]:
        layer.mend()
        layer.spread()
    return number, layer.paths


class _Layer:
    """Arrows laid so far, and how the next one is found among them."""

    def __init__(self, ground: Ground, routes: tuple[Route, ...]) -> None:
        self.ground = ground
        self.field = Field(ground)
        homes = [end for _, end in sorted(ground.ends.items()) if end.shape == "household"]
        borders = [(*outline(home), outline(home)[0]) for home in homes]
        self.company = Company({route.id: route.lanes for route in routes}, (*borders, *ground.lines))
        self.routes = {route.id: route for route in routes}
        self.paths: dict[str, Path] = {}
        self.own: dict[str, float] = {}
        self.stale: set[str] = set()
        self.seen: dict[tuple[str, str], Floats] = {}
        self.away: dict[tuple[str, int], tuple[Floats, Bools, int]] = {}
        self.trials = 0

    def distance(self, route: Route) -> float:
        """Between the middles of both ends; from the household, between its boundary and the other's middle."""
        a, b = self.ground.ends[route.source], self.ground.ends[route.target]
        (ax, ay), (bx, by) = a.centre, b.centre
        if "household" in (a.shape, b.shape):
            box, (x, y) = (a.box, (bx, by)) if a.shape == "household" else (b.box, (ax, ay))
            return round(math.hypot(x - min(max(x, box[0]), box[2]), y - min(max(y, box[1]), box[3])), 3)
        return round(math.hypot(ax - bx, ay - by), 3)

    def put(self, name: str, path: Path) -> None:
        """Lay an arrow; those that come near it are judged again."""
        self.paths[name] = path
        own = flat(np.array([path]))
        length = float(np.hypot(own[:, 2] - own[:, 0], own[:, 3] - own[:, 1]).sum())
        self.own[name] = length + BEND * len(own) + float(self.field.family_cost(own, self.routes[name].lanes).sum())
        self.company.put(name, path)
        self.stale |= self.company.near_to(own)

    def take(self, name: str) -> Path:
        """Take an arrow up."""
        path = self.paths.pop(name)
        self.stale |= self.company.near_to(flat(np.array([path])))
        self.company.take(name)
        return path

    def judged(self) -> tuple[int, float]:
        """How many crossings and coincidences there are, about, and what all arrows cost together."""
        met = self.company.met()
        return round(met / CROSSING), round(sum(self.own.values()) + met, 3)

    def mend(self) -> None:
        """Arrows that cross others, laid again: alone, then before one that they cross; kept when the sum is less."""
        self.trials = 0
        for _ in range(_ROUNDS):
            better = False
            for name in sorted(self.paths, key=lambda r: (-self.company.price(r), r)):
                if self.company.price(name) < 1 or self.trials >= _TRIALS:
                    continue
                better |= self._again([name])
                for other in self.company.worst(name) or self._neighbours(name):
                    if self._again([name, other]):
                        better = True
                        break
            if not better:
                break

    def _neighbours(self, name: str) -> list[str]:
        """The two arrows nearest to an arrow's ends, among those at the same symbols."""
        route, gaps = self.routes[name], []
        for other, path in self.paths.items():
            for end, point in ((self.routes[other].source, path[0]), (self.routes[other].target, path[-1])):
                for here, at in ((route.source, self.paths[name][0]), (route.target, self.paths[name][-1])):
                    if end == here and other != name:
                        gaps.append((round(math.dist(point, at), 3), other))
        return list(dict.fromkeys(other for _, other in sorted(gaps)))[:2]

    def _again(self, those: list[str]) -> bool:
        """Take arrows up and lay them again in this order; back as they were unless that is cheaper."""
        self.trials += len(those)
        before = self._price(those)
        kept = {name: self.take(name) for name in those}
        for name in those:
            self.put(name, self.found(self.routes[name]))
        for name in those:
            self._aside(name)
        if self._price(those) < before - 0.5:
            return True
        for name in those:
            self.take(name)
        for name in those:
            self.put(name, kept[name])
        return False

    def _price(self, those: list[str]) -> float:
        return sum(self.company.price(name) + self.own[name] for name in those)

    def spread(self) -> None:
        """Arrows that run along others or cross them, moved aside by tracks until that makes nothing cheaper."""
        for _ in range(_SPREADS):
            for name in sorted(self.stale):
                self.stale.discard(name)
                self._aside(name)
            if not self.stale:
                break

    def _aside(self, name: str) -> bool:
        """A small change that makes an arrow cheaper; one that runs along another may take a bend more."""
        path, price = self.paths[name], self.company.price(name)
        if price < 1:
            return False
        best, least = self._changed(name, path, price + self.own[name] - 1.0)
        if best is None and price >= SHARED:
            for bent in bent_once(path):
                found, cost = self._changed(name, bent, least)
                best, least = (found, cost) if found is not None else (best, least)
        if best is None:
            return False
        self.take(name)
        self.put(name, best)
        self.stale.add(name)
        return True

    def _changed(self, name: str, path: Path, least: float) -> tuple[Path | None, float]:
        """The cheapest of the small changes of a path that cost less than `least`, and what it costs."""
        route = self.routes[name]
        source, target = self.ground.ends[route.source], self.ground.ends[route.target]
        starts = self._ports(source, target, route.lanes, 0.7, name)
        stops = self._ports(target, source, route.lanes, 0.7, name)
        options, without, start, stop = changes(path, starts, stops)
        steps = np.diff(options, axis=1)
        total = np.hypot(steps[..., 0], steps[..., 1]).sum(axis=1) + BEND * (len(path) - 1 - (without > 0))
        hopes = np.flatnonzero(smooth(options) & (total < least))
        total[hopes] += self.company.beside(options[hopes], self.company.number[name]).sum(axis=1)
        total = total.round(4)
        hopes = hopes[total[hopes] < least]
        hopes = hopes[np.argsort(total[hopes], kind="stable")]
        best = -1
        for low in range(0, len(hopes), _TAKEN):
            those = hopes[low : low + _TAKEN]
            if total[those[0]] >= least:
                break
            first, last = (
                np.where(chosen[those, None] >= 0, np.vstack([ports[:, 2:], here])[chosen[those]], here)
                for chosen, ports, here in (
                    (start, starts, self._outward(source, path[0])),
                    (stop, stops, self._outward(target, path[-1])),
                )
            )
            value = total[those]
            value += self.field.family_cost(flat(options[those]), route.lanes).reshape(len(those), -1).sum(axis=1)
            value[self._shut(options[those], first, last, route)] = math.inf
            k = int(value.argmin())
            if value[k] < least:
                least, best = float(value[k]), int(those[k])
        if best < 0:
            return None, least
        return tuple((x, y) for k, (x, y) in enumerate(options[best].tolist()) if k != without[best] or not k), least

    def _outward(self, end: End, at: Point) -> Floats:
        """The direction in which the border of an end looks at a point of it."""
        (x, y), (cx, cy) = at, end.centre
        radius = math.dist(at, end.centre) or 1.0
        return np.array(normal(end, x, y, (x - cx) / radius, (y - cy) / radius))

    def _shut(self, options: Floats, first: Floats, last: Floats, route: Route) -> Bools:
        """Which paths run through something, off the page, into an end again, or leave one along its border."""
        source, target = self.ground.ends[route.source], self.ground.ends[route.target]
        page, legs = self.ground.page, options.shape[1] - 1
        low, high = options.min(axis=1), options.max(axis=1)
        shut = (np.minimum(low[:, 0] - page[0], page[2] - high[:, 0]) < 0.5) | (low[:, 1] < page[1])
        shut |= high[:, 1] > page[3]
        segments = flat(options)
        shut |= hits(segments, self._masks(route, route.lanes)[0]).reshape(-1, legs).any(axis=1)
        for end, other, leg, step, outward in (
            (source, target, 0, options[:, 1] - options[:, 0], first),
            (target, source, legs - 1, options[:, -2] - options[:, -1], last),
        ):
            x0, y0, x1, y1 = end.box
            if not (x0 < other.centre[0] < x1 and y0 < other.centre[1] < y1):
                again = hits(segments, np.array([(x0 - 1.1, y0 - 1.1, x1 + 1.1, y1 + 1.1)])).reshape(-1, legs)
                again[:, leg] = (units(step) * outward).sum(axis=1) < 0.35
                shut |= again.any(axis=1)
        return np.asarray(shut)

    def _ports(self, end: End, other: End, lanes: int, share: float, but: str = "") -> Floats:
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
        gap = np.hypot(table[:, 0, None] - used[:, 0], table[:, 1, None] - used[:, 1])
        return table[(gap >= room).all(axis=1)]

    def _used(self, end: str, but: str) -> Floats:
        """Points of an end's border that are taken."""
        used = list(self.ground.bonds.get(end, ()))
        for name, path in self.paths.items():
            route = self.routes[name]
            for here, (x, y) in ((route.source, path[0]), (route.target, path[-1])):
                if here == end and name != but:
                    used.append((x, y))
                    if route.lanes == 2:
                        used += [(x + dx, y + dy) for dx, dy in ((LANE, 0), (-LANE, 0), (0, LANE), (0, -LANE))]
        return np.array(used).reshape(-1, 2)

    def _masks(self, route: Route, lanes: int) -> tuple[Floats, Bools, int]:
        """Boxes to keep away from, containers that hold neither end, and the number of lanes."""
        if (route.id, lanes) not in self.away:
            ends = {route.source, route.target}
            own = np.isin(self.field.owners, sorted(ends))
            foreign = np.array(
                [name not in ends and not (ends & held) for name, _, held in self.ground.containers], dtype=bool
            )
            boxes = np.vstack([self.field.swept[lanes][~own], self.field.wide[foreign]])
            self.away[route.id, lanes] = boxes, foreign, lanes
        return self.away[route.id, lanes]

    def found(self, route: Route) -> Path:
        """The cheapest way among the arrows that lie."""
        laid = segments_of(tuple(self.paths.values()))
        source, target = self.ground.ends[route.source], self.ground.ends[route.target]
        best: Path = (source.centre, target.centre)
        least = math.inf
        for share, lanes in ((1.0, route.lanes), (0.7, route.lanes), (0.4, route.lanes), (0.0, route.lanes), (0.0, 1)):
            starts = self._ports(source, target, lanes, share)
            stops = self._ports(target, source, lanes, share)
            if not len(starts) or not len(stops) or (share < 0.4 and least < math.inf):
                continue
            masks = self._masks(route, lanes)
            path, cost = self._straight(starts, stops, masks, laid)
            if path is None or cost > 1.25 * self.distance(route) + 14:
                bent, bent_cost = self._bent(route, various(starts), various(stops), masks, laid, cost)
                path, cost = (bent, bent_cost) if bent is not None and bent_cost < cost - 4 else (path, cost)
            if path is not None:
                cost += CROWDED * (share < 0.7)
                best, least = (path, cost) if cost < least else (best, least)
                if share < 0.4 or cost < self.distance(route) + CROSSING * (1 if share > 0.7 else 2.2):
                    break
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
        cost = (lengths[good] + OBLIQUE * ((1 - out[good]) + (1 - into[good]))).round(4)
        order = np.argsort(cost, kind="stable")
        free: list[int] = []
        for low in range(0, len(order), 2 * _STRAIGHT):
            those = order[low : low + 2 * _STRAIGHT]
            free += those[~hits(segments[good[those]], masks[0])].tolist()
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
            cost = cost + lanes * CROSSING * times_crossed(segments, laid)
            for share in (0.12, 0.5, 0.88):
                points = segments[:, :2] + share * (segments[:, 2:] - segments[:, :2])
                cost += TIGHT * (distances(points, laid) < 1.9).sum(axis=1)
        return cost

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
        kept = np.flatnonzero(reach[0] + reach[1] + BEND < limit)
        ahead, nodes = reach[1][kept], field.nodes[kept]
        ends = [np.vstack([masks[0], swept[field.owners == name]]) for name in (route.source, route.target)]
        leave, begins = self._port_legs(starts, ends[1], masks[2], laid, kept)
        arrive, finals = self._port_legs(stops, ends[0], masks[2], laid, kept)
        if not len(nodes) or not np.isfinite(leave).any() or not np.isfinite(arrive).any():
            return None, math.inf
        field.count({path: self.routes[name].lanes for name, path in self.paths.items()})
        tables = (field.legs(masks[2], masks[1]), field.crossed, field.ux, field.uy)
        legs, crossed, ux, uy = tables if len(kept) == len(field.nodes) else (t[np.ix_(kept, kept)] for t in tables)
        aside = field.aside()[kept]
        first = starts[begins, :2]
        heading = units(nodes - first)
        ending = units(stops[finals, :2] - nodes)
        cost = leave + BEND + aside
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
            slim = heading.astype(np.float32)
            turn = _turning(slim[fresh, :1] * ux[fresh] + slim[fresh, 1:] * uy[fresh])
            reached = legs[fresh] + CROSSING * masks[2] * crossed[fresh] + turn + cost[fresh, None].astype(np.float32)
            via = reached.argmin(axis=0)
            least = reached[via, np.arange(len(nodes))] + aside
            less = np.flatnonzero(least < cost - 1e-6)
            cost[less], before[less] = least[less], fresh[via[less]]
            heading[less, 0], heading[less, 1] = ux[before[less], less], uy[before[less], less]
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
        self, found: Floats, away: Floats, lanes: int, laid: Floats, kept: Whole
    ) -> tuple[Floats, list[int]]:
        """For every corner the cheapest leg to or from a port, infinite where none is free, and which port it is."""
        array, nodes = found, self.field.nodes[kept]
        count = len(nodes)
        step = nodes[None, :, :] - array[:, None, :2]
        reach = np.hypot(step[..., 0], step[..., 1])
        out = (step * array[:, None, 2:]).sum(axis=2)
        cost = reach + OBLIQUE * (1 - out / np.maximum(reach, 1e-9))
        cost[out <= np.maximum(0.35 * reach, 3.2)] = np.inf
        best, which = np.full(count, np.inf), np.zeros(count, dtype=np.intp)
        tried = np.argsort(cost, axis=0, kind="stable")
        for ports_by in (tried[:2], tried[2:4]):
            rank, node = np.nonzero(np.take_along_axis(cost, ports_by, axis=0) < best)
            port = ports_by[rank, node]
            segments = np.hstack([array[port, :2], nodes[node]])
            free = ~hits(segments, away)
            rank, node, port, segments = rank[free], node[free], port[free], segments[free]
            value = cost[port, node] + self.field.family_cost(segments, lanes)
            value += lanes * CROSSING * times_crossed(segments, laid)
            table = np.full(ports_by.shape, np.inf)
            table[rank, node] = value
            if not len(table):
                break
            chosen = table.argmin(axis=0)
            least = table[chosen, np.arange(count)]
            less = least < best
            best[less], which[less] = least[less], ports_by[chosen, np.arange(count)][less]
        return best, which.tolist()


def _turning(cosine: Floats | Sizes) -> Floats | Sizes:
    """What a turn costs, by the cosine between before and after; never on the way back."""
    cost = TURN - TURN * cosine
    cost[cosine < SHARPEST] = np.inf
    return cost
