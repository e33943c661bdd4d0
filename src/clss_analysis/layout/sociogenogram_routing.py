"""Arrows: straight where nothing stands in the way, else round corners at a distance, never through a foreign box.

Candidates are points on the borders of both symbols; the cheapest free pair wins (length, crossings, closeness to
other arrows).  What has no good straight line takes a cheapest path over the corners of everything that stands on the
page.  Then arrows that cross another are taken up and laid again, alone and in pairs, as long as the whole gets
cheaper; a crossing costs as much as a long detour, so that crossings come first and shortness second.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from clss_analysis.layout.geometry import Point
from clss_analysis.layout.sociogenogram_apart import SHARPEST, Company, changes, entered, flat, smooth, units
from clss_analysis.layout.sociogenogram_closeness import alongside
from clss_analysis.layout.sociogenogram_corners import BEND, TIGHT, Field, Ground, distances, hits, segments_of
from clss_analysis.layout.sociogenogram_lanes import LANE
from clss_analysis.layout.sociogenogram_ports import End, Port, ports, various
from clss_analysis.layout.sociogenogram_ways import Bools, Floats, Whole, segments_cross

APART = 2.3
CROSSING, OBLIQUE, TURN = 90.0, 5.0, 9.0
_NEAREST, _HOPS, _ROUNDS, _TRIALS, _SPREADS, _MENDED = 14, 9, 4, 40, 6, 1


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
    tried: list[tuple[int, float, int]] = []
    layers: list[_Layer] = []
    for number, ground in enumerate(grounds):
        layer = _Layer(ground)
        order = sorted(routes, key=lambda r: (layer.distance(r), r.id))
        for route in order:
            layer.put(route, layer.found(route))
        layer.spread()
        layers.append(layer)
        tried.append((*layer.judged(), number))
        if not tried[-1][0]:
            return number, dict(layer.paths)
    if not tried:
        raise ValueError("no ground to lay arrows on")
    done = []
    for _, _, number in sorted(tried, key=lambda t: t[1:])[:_MENDED]:
        layer = layers[number]
        layer.mend(list(routes))
        layer.spread()
        done.append((*layer.judged(), number))
        if not done[-1][0]:
            break
    best = min(done, key=lambda t: t[1:])[2]
    return best, dict(layers[best].paths)


class _Layer:
    """Arrows laid so far, and how the next one is found among them."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.field = Field(ground)
        self.paths: dict[str, tuple[Point, ...]] = {}
        self.routes: dict[str, Route] = {}
        self.trials = 0

    def distance(self, route: Route) -> float:
        """Between the middles of both ends; from the household, between its boundary and the other's middle."""
        a, b = self.ground.ends[route.source], self.ground.ends[route.target]
        (ax, ay), (bx, by) = a.centre, b.centre
        if "household" in (a.shape, b.shape):
            box, (x, y) = (a.box, (bx, by)) if a.shape == "household" else (b.box, (ax, ay))
            return round(math.hypot(x - min(max(x, box[0]), box[2]), y - min(max(y, box[1]), box[3])), 3)
        return round(math.hypot(ax - bx, ay - by), 3)

    def put(self, route: Route, path: tuple[Point, ...]) -> None:
        self.routes[route.id] = route
        self.paths[route.id] = path
        self.field.added(path, route.lanes)

    def take(self, route: Route) -> tuple[Point, ...]:
        path = self.paths.pop(route.id)
        self.field.added(path, route.lanes, -1)
        return path

    def judged(self) -> tuple[int, float]:
        """How many crossings and coincidences there are, about, and what all arrows cost together."""
        met, reach = 0.0, 0.0
        for name in sorted(self.paths):
            price, own = self._company(name).cost([self.paths[name]], self.routes[name].lanes)
            met += float(price[0]) / 2
            reach += float(np.hypot(own[:, 2] - own[:, 0], own[:, 3] - own[:, 1]).sum())
            reach += float(self.field.family_cost(own).sum())
        return round(met / CROSSING), round(reach + met, 3)

    def mend(self, order: list[Route]) -> None:
        """Arrows that cross others, laid again: alone, then before one that they cross; kept when the sum is less."""
        self.trials = 0
        for _ in range(_ROUNDS):
            met = self._met()
            better = False
            for route in sorted(order, key=lambda r: (-sum(met[r.id].values()), r.id)):
                if not met[route.id] or self.trials >= _TRIALS:
                    continue
                if self._again([route]):
                    better, met = True, self._met()
                for other in sorted(met[route.id], key=lambda n: (-met[route.id][n], n))[:2]:
                    if self._again([route, self.routes[other]]):
                        better, met = True, self._met()
                        break
            if not better:
                break

    def _met(self) -> dict[str, dict[str, int]]:
        """How often each arrow crosses each other one or runs along it."""
        names = sorted(self.paths)
        pieces = [segments_of((self.paths[name],)) for name in names]
        owners = [name for name, piece in zip(names, pieces, strict=True) for _ in piece]
        every = np.vstack(pieces) if pieces else np.zeros((0, 4))
        met = segments_cross(every, every) | (alongside(every, every, 1.0) > 1.5) if len(every) else every
        found: dict[str, dict[str, int]] = {name: defaultdict(int) for name in names}
        for a, b in zip(*(half.tolist() for half in np.nonzero(met)), strict=True):
            if owners[a] != owners[b]:
                found[owners[a]][owners[b]] += 1
        return found

    def _again(self, those: list[Route]) -> bool:
        """Take arrows up and lay them again in this order; back as they were unless that is cheaper."""
        self.trials += len(those)
        before = self._price(those)
        kept = {route.id: self.take(route) for route in those}
        for route in those:
            self.put(route, self.found(route))
        for route in those:
            self._aside(route.id)
        if self._price(those) < before - 0.5:
            return True
        for route in those:
            self.take(route)
        for route in those:
            self.put(route, kept[route.id])
        return False

    def spread(self) -> None:
        """Arrows that run along others or cross them, moved aside by tracks until that makes nothing cheaper."""
        for _ in range(_SPREADS):
            better = False
            for name in sorted(self.paths):
                better |= self._aside(name)
            if not better:
                break

    def _aside(self, name: str) -> bool:
        route, path = self.routes[name], self.paths[name]
        company = self._company(name)
        if company.cost([path], route.lanes)[0][0] < 1:
            return False
        used = self._used(name)
        source, target = self.ground.ends[route.source], self.ground.ends[route.target]
        starts = self._ports(source, target, used, route.lanes, 0.7)
        stops = self._ports(target, source, used, route.lanes, 0.7)
        options = [path, *(o for o in changes(path, starts, stops) if smooth(o))]
        price, segments = company.cost(options, route.lanes)
        lengths = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
        firsts = np.cumsum([0, *(len(o) - 1 for o in options[:-1])])
        total = price + np.add.reduceat(lengths + BEND, firsts)
        now = float(total[0] + self.field.family_cost(segments[: len(path) - 1]).sum())
        hopes = np.flatnonzero(total < now - 1.0)
        hopes = hopes[hopes > 0]
        if not len(hopes):
            return False
        options = [options[k] for k in hopes.tolist()]
        segments = flat(options)
        firsts = np.cumsum([0, *(len(o) - 1 for o in options[:-1])])
        own = self.field.family_cost(segments) + np.where(self._shut(segments, firsts, route), 1e6, 0.0)
        total = total[hopes] + np.add.reduceat(own, firsts)
        best = int(total.round(4).argmin())
        if total[best] > now - 1.0:
            return False
        self.take(route)
        self.put(route, options[best])
        return True

    def _shut(self, segments: Floats, firsts: Whole, route: Route) -> Bools:
        """Which segments of several paths, whose first ones are given, run through something or off the page."""
        source, target = self.ground.ends[route.source], self.ground.ends[route.target]
        page, x, y = self.ground.page, segments[:, ::2], segments[:, 1::2]
        shut = hits(segments, self._masks(route, route.lanes)[0])
        shut |= (np.minimum(x.min(axis=1) - page[0], page[2] - x.max(axis=1)) < 0.5) | (y.min(axis=1) < page[1])
        shut |= y.max(axis=1) > page[3]
        shut |= entered(segments, firsts, source, target)
        shut |= entered(segments[:, [2, 3, 0, 1]], np.append(firsts[1:], len(segments)) - 1, target, source)
        return shut

    def _price(self, those: list[Route]) -> float:
        total = 0.0
        for route in those:
            path = self.paths[route.id]
            price, own = self._company(route.id).cost([path], route.lanes)
            reach = float(np.hypot(own[:, 2] - own[:, 0], own[:, 3] - own[:, 1]).sum())
            total += float(price[0]) + reach + BEND * (len(path) - 2) + float(self.field.family_cost(own).sum())
        return total

    def _company(self, name: str) -> Company:
        """All other arrows."""
        others = [n for n in self.paths if n != name]
        return Company([self.paths[n] for n in others], [self.routes[n].lanes for n in others])

    def found(self, route: Route) -> tuple[Point, ...]:
        """The cheapest way among the arrows that lie."""
        used = self._used()
        laid = segments_of(tuple(self.paths.values()))
        source, target = self.ground.ends[route.source], self.ground.ends[route.target]
        for share, lanes in ((1.0, route.lanes), (0.7, route.lanes), (0.4, route.lanes), (0.0, route.lanes), (0.0, 1)):
            starts = self._ports(source, target, used, lanes, share)
            stops = self._ports(target, source, used, lanes, share)
            if not starts or not stops:
                continue
            masks = self._masks(route, lanes)
            path, cost = self._straight(starts, stops, masks, laid)
            if path is None or cost > 1.25 * self.distance(route) + 14:
                bent, bent_cost = self._bent(route, various(starts), various(stops), masks, laid, cost)
                path = bent if bent is not None and bent_cost < cost - 4 else path
            if path is not None:
                return path
        return (source.centre, target.centre)

    def _used(self, but: str = "") -> dict[str, list[Point]]:
        used: dict[str, list[Point]] = defaultdict(list)
        for end, points in self.ground.bonds.items():
            used[end].extend(points)
        for name, path in self.paths.items():
            if name == but:
                continue
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

    def _masks(self, route: Route, lanes: int) -> tuple[Floats, Bools, int]:
        """Boxes to keep away from, containers that hold neither end, and the number of lanes."""
        ends = {route.source, route.target}
        own = np.isin(self.field.owners, sorted(ends))
        foreign = np.array(
            [name not in ends and not (ends & held) for name, _, held in self.ground.containers], dtype=bool
        )
        away = np.vstack([self.field.swept[lanes][~own], self.field.wide[foreign]])
        return away, foreign, lanes

    def _straight(
        self, starts: list[Port], stops: list[Port], masks: tuple[Floats, Bools, int], laid: Floats
    ) -> tuple[tuple[Point, ...] | None, float]:
        first, last = np.array(starts[:_NEAREST]), np.array(stops[:_NEAREST])
        segments = np.hstack([np.repeat(first[:, :2], len(last), axis=0), np.tile(last[:, :2], (len(first), 1))])
        step = segments[:, 2:] - segments[:, :2]
        lengths = np.hypot(step[:, 0], step[:, 1])
        ux = step / np.maximum(lengths, 1e-6)[:, None]
        out = (ux * np.repeat(first[:, 2:], len(last), axis=0)).sum(axis=1)
        into = -(ux * np.tile(last[:, 2:], (len(first), 1))).sum(axis=1)
        good = np.flatnonzero((lengths >= 3.5) & (out >= 0.2) & (into >= 0.2))
        good = good[~hits(segments[good], masks[0])]
        if not len(good):
            return None, math.inf
        cost = lengths[good] + OBLIQUE * ((1 - out[good]) + (1 - into[good]))
        order = good[np.argsort(cost.round(4), kind="stable")][:40]
        cost = np.sort(cost.round(4), kind="stable")[:40] + self._against(segments[order], laid, masks[2])
        best = int(np.argmin(cost.round(4)))
        x0, y0, x1, y1 = segments[order[best]].tolist()
        return ((x0, y0), (x1, y1)), float(cost[best])

    def _against(self, segments: Floats, laid: Floats, lanes: int) -> Floats:
        """Cost of what a segment meets: arrows crossed, family lines crossed, arrows too close beside it."""
        cost = self.field.family_cost(segments)
        if len(laid):
            cost = cost + lanes * CROSSING * segments_cross(segments, laid).sum(axis=1)
            for share in (0.12, 0.5, 0.88):
                points = segments[:, :2] + share * (segments[:, 2:] - segments[:, :2])
                cost += TIGHT * (distances(points, laid) < 1.9).sum(axis=1)
        return cost

    def _bent(
        self,
        route: Route,
        starts: list[Port],
        stops: list[Port],
        masks: tuple[Floats, Bools, int],
        laid: Floats,
        limit: float,
    ) -> tuple[tuple[Point, ...] | None, float]:
        """Cheapest path over corners, from any port to any port, in ever more legs until none is cheaper."""
        field, nodes = self.field, self.field.nodes
        swept = self.field.swept[masks[2]]
        ends = [np.vstack([masks[0], swept[self.field.owners == name]]) for name in (route.source, route.target)]
        leave, begins = self._port_legs(starts, ends[1], masks[2], laid)
        arrive, finals = self._port_legs(stops, ends[0], masks[2], laid)
        if not len(nodes) or not np.isfinite(leave).any() or not np.isfinite(arrive).any():
            return None, math.inf
        legs = field.costs(masks[2], masks[1], CROSSING)
        first = np.array(starts)[begins, :2]
        heading = units(nodes - first)
        ending = units(np.array(stops)[finals, :2] - nodes)
        cost = leave + BEND + field.near_family + TIGHT * field.crowded
        before = np.full(len(nodes), -1)
        fresh = np.flatnonzero(np.isfinite(cost))
        best, last, way = limit, -1, before
        for _ in range(_HOPS):
            total = cost + arrive + _turning((heading * ending).sum(axis=1))
            node = int(np.argmin(total.round(6)))
            if total[node] < best - 1e-6:
                best, last, way = float(total[node]), node, before.copy()
            fresh = fresh[cost[fresh] < best]
            if not len(fresh):
                break
            cosine = heading[fresh, :1] * field.ux[fresh] + heading[fresh, 1:] * field.uy[fresh]
            reached = cost[fresh, None] + legs[fresh] + _turning(cosine)
            via = reached.argmin(axis=0)
            least = reached[via, np.arange(len(nodes))]
            less = np.flatnonzero(least < cost - 1e-6)
            cost[less], before[less] = least[less], fresh[via[less]]
            heading[less, 0], heading[less, 1] = field.ux[before[less], less], field.uy[before[less], less]
            fresh = less
        if last < 0:
            return None, math.inf
        points: list[Point] = [(stops[finals[last]][0], stops[finals[last]][1])]
        seen: set[int] = set()
        while last != -1 and last not in seen:
            seen.add(last)
            points.append((float(nodes[last, 0]), float(nodes[last, 1])))
            start, last = begins[last], int(way[last])
        points.append((starts[start][0], starts[start][1]))
        return tuple(points[::-1]), best

    def _port_legs(self, found: list[Port], away: Floats, lanes: int, laid: Floats) -> tuple[Floats, list[int]]:
        """For every corner the cheapest leg to or from a port, infinite where none is free, and which port it is."""
        array, nodes = np.array(found), self.field.nodes
        count = len(nodes)
        step = nodes[None, :, :] - array[:, None, :2]
        reach = np.hypot(step[..., 0], step[..., 1])
        out = (step * array[:, None, 2:]).sum(axis=2)
        cost = reach + OBLIQUE * (1 - out / np.maximum(reach, 1e-9))
        cost[out <= np.maximum(0.35 * reach, 3.2)] = np.inf
        best, which = np.full(count, np.inf), np.zeros(count, dtype=np.intp)
        tried = np.argsort(cost, axis=0, kind="stable")
        everywhere = np.arange(count)
        for rank in range(min(4, len(found))):
            port = tried[rank]
            open_ = np.flatnonzero(np.isfinite(cost[port, everywhere]) & (cost[port, everywhere] < best))
            if not len(open_):
                break
            segments = np.hstack([array[port[open_], :2], nodes[open_]])
            free = ~hits(segments, away)
            open_, segments = open_[free], segments[free]
            value = cost[port[open_], open_] + self.field.family_cost(segments)
            if len(laid):
                value = value + lanes * CROSSING * segments_cross(segments, laid).sum(axis=1)
            less = value < best[open_]
            best[open_[less]], which[open_[less]] = value[less], port[open_[less]]
        return best, which.tolist()


def _turning(cosine: Floats) -> Floats:
    """What a turn costs, by the cosine between before and after; never on the way back."""
    cost: Floats = np.where(cosine < SHARPEST, np.inf, TURN * (1 - cosine))
    return cost
