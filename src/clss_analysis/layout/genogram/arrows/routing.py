"""All arrows of a page: each laid alone, then mended together, never through a foreign box.

The nearest ends come first (`search`).  Then arrows that cross another are taken up and laid again, alone and
in pairs, as long as the whole gets cheaper; a crossing costs as much as a long detour, so that crossings come first
and shortness second.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product

import numpy as np

from clss_analysis.layout.content_cache import cached_by_content
from clss_analysis.layout.genogram.arrows.apart import moved_apart
from clss_analysis.layout.genogram.arrows.borders import End, lanes, normal, outline
from clss_analysis.layout.genogram.arrows.costs import ROUTE
from clss_analysis.layout.genogram.arrows.neighbours import Company, Path, bent_once, changes, flat, smooth, units
from clss_analysis.layout.genogram.arrows.obstacles import Ground, hits, segments_of
from clss_analysis.layout.genogram.arrows.search import Route, Search
from clss_analysis.layout.genogram.arrows.segments import Bools, Floats, through, times_crossed
from clss_analysis.layout.geometry import Point, length

_ROUNDS, _TRIALS, _SPREADS, _TAKEN, _LOOSE = 4, 40, 6, 12, 4
_ROUND, _SLACK = 1.6, 25.0
_TWICE = 2  # what is left when all have moved apart may find another way then
_FAULT = ROUTE.touched  # a bend on another arrow; a head that is covered is twice as bad
_GAIN = ROUTE.bend  # what a change in a dense picture must spare, so that no arrow is bent for less


@cached_by_content
def lay(routes: tuple[Route, ...], grounds: tuple[Ground, ...], wished: int = 0) -> tuple[int, dict[str, Path]]:
    """Lay all arrows on the best of several grounds.

    Args:
        routes: the arrows.
        grounds: where things may stand, the likeliest first; the first on which no arrow crosses anything ends the
            search.
        wished: how many of them, the first, are as somebody wishes: taken unless more crosses there than elsewhere.

    Returns:
        Which ground it is, and a polyline for each route; both ends lie on the borders of their symbols.
    """
    if grounds and not routes:
        return 0, {}
    layers: list[_Layer] = []
    for ground in grounds:
        layers.append(layer := _Layer(ground, routes))
        for route in sorted(routes, key=lambda r: (layer.search.distance(r), r.id)):
            layer.put(route.id, layer.search.found(route))
        if wished and layer.crossed():
            layer.spread()
            layer.mend()
        first = dict(layer.paths)
        if not (layer.crossed() if wished else layer.judged()[0]):
            break
    else:
        if not layers:
            raise ValueError("no ground to lay arrows on")
        order = [(each.crossed() if wished else 0, min(n, wished), each.judged()[1]) for n, each in enumerate(layers)]
        layer = layers[order.index(min(order))]
        first = dict(layer.paths)
        layer.spread()
    if layer.company.dense:
        layer.part()
        layer.disentangle(first)
    elif any(layer.worry(name) >= 1 for name in layer.paths):
        layer.mend()
        layer.spread()
    layer.bridge()
    return layers.index(layer), layer.paths


def added(routes: tuple[Route, ...], ground: Ground, known: Mapping[str, Path]) -> dict[str, Path]:
    """Arrows laid at once: those that are known stay as they are, each other one goes its own way among them."""
    if all(route.id in known for route in routes):
        return {route.id: known[route.id] for route in routes}
    layer = _Layer(ground, routes)
    for route in sorted(routes, key=lambda r: (r.id not in known, layer.search.distance(r), r.id)):
        layer.put(route.id, known.get(route.id) or layer.search.found(route, quick=True))
    return layer.paths


class _Layer:
    """Arrows laid so far, and how the next one is found among them."""

    def __init__(self, ground: Ground, routes: tuple[Route, ...]) -> None:
        self.ground, self.search = ground, Search(ground, routes)
        frames = set(ground.closed.values())
        homes = [end for _, end in sorted(ground.ends.items()) if end.shape == "household" or end.id in frames]
        borders = [(*outline(home), outline(home)[0]) for home in homes]
        lanes_ = {route.id: route.lanes for route in routes}
        self.company = Company(lanes_, ground.lines, borders, ground.crossing)
        self.routes, self.paths, self.field = self.search.routes, self.search.paths, self.search.field
        self.own: dict[str, float] = {}
        self.stale: set[str] = set()
        self.trials = 0

    def put(self, name: str, path: Path) -> None:
        """Lay an arrow; those that come near it are judged again."""
        self.search.put(name, path)
        own = flat(np.array([path]))
        far = float(np.hypot(own[:, 2] - own[:, 0], own[:, 3] - own[:, 1]).sum())
        self.own[name] = far + ROUTE.bend * len(own) + float(self.field.family_cost(own, self.routes[name].lanes).sum())
        self.company.put(name, path)
        self.stale |= self.company.near_to(own)

    def take(self, name: str) -> Path:
        """Take an arrow up."""
        path = self.search.take(name)
        self.stale |= self.company.near_to(flat(np.array([path])))
        self.company.take(name)
        return path

    def judged(self) -> tuple[int, float]:
        """How many crossings and coincidences there are, about, and what all arrows cost together."""
        met = self.company.met()
        return round(met / self.ground.crossing), round(sum(self.own.values()) + met, 3)

    def crossed(self) -> int:
        """How often arrows cross each other and family lines, twice each, and what comes near a crossing."""
        paths: list[Path] = []
        for name, path in self.paths.items():
            route, ends = self.routes[name], self.ground.ends
            paths += lanes(path, ends[route.source], ends[route.target]) if route.lanes == 2 else [path]
        own, family = segments_of(tuple(paths)), self.field.family
        return self.judged()[0] + int(times_crossed(own, np.vstack([own, family, family])).sum())

    def bridge(self) -> None:
        """Arrows that go round more than twice the straight way, laid over one other line where that is shorter."""
        for name in sorted(self.paths):
            route, path, before = self.routes[name], self.paths[name], dict(self.paths)
            straight = math.dist(path[0], path[-1])
            if length(path) > _TWICE * straight + _SLACK:
                met, faults = self.crossed(), self.company.faults.sum()
                self.take(name)
                once = straight / route.lanes
                search = Search(replace(self.ground, crossing=once, over=once), tuple(self.routes.values()))
                for other, way in self.paths.items():
                    search.put(other, way)
                self.put(name, search.found(route))
                astray = self.paths[name][0] == self.ground.ends[route.source].centre
                self.spread()
                worse = self.crossed() > met + 4 * route.lanes or self.company.faults.sum() > faults
                if astray or worse or length(self.paths[name]) > _TWICE * straight:
                    self._relaid(before)

    def worry(self, name: str) -> float:
        """What an arrow costs beside the others, and how much longer it is than a way round one thing would be."""
        far = self.search.distance(self.routes[name])
        return self.company.price(name) + max(0.0, self.own[name] - _ROUND * far - _SLACK)

    def part(self) -> None:
        """Arrows of a dense picture that run along others or over their heads, laid again, alone or with those.

        Kept when less of that is left, whatever they cross.
        """
        self.field.tight, self.trials = ROUTE.shared, 0
        tried: set[tuple[tuple[str, Path], ...]] = set()
        for _ in range(_ROUNDS):
            faults = {name: self.company.fault(name) for name in sorted(self.paths)}
            those = sorted((n for n in faults if faults[n] >= _FAULT), key=lambda n: (-faults[n], n))
            for name, turn in ((name, turn) for name in those for turn in range(4)):
                if self.trials < _TRIALS and self.company.fault(name) >= _FAULT:
                    met = self.company.worst(name, apart=True)[: 1 + turn // 2]
                    group = [[name], [name, *met], [*met, name], met][turn]
                    if (lie := tuple((each, self.paths[each]) for each in group)) not in tried:
                        tried.add(lie)
                        if not self._again(group, self._faults) and len(group) == 2:
                            any(self._again(group, self._faults, ways) for ways in self._exchanged(*group))

    def disentangle(self, first: Mapping[str, Path]) -> None:
        """Where arrows still run along others or over heads, all moved apart together and laid again, from the start.

        They stay as they are where that leaves as much of it.

        Args:
            first: the ways as they were found.
        """
        least, best = self._left(), dict(self.paths)
        if least[0]:
            self._relaid(first)
            self.loosen()
            for _ in range(_TWICE):
                self.part()
                self.loosen()
            if least <= self._left():
                self._relaid(best)

    def loosen(self) -> None:
        """What runs along others or over heads, and all arrows near it, moved apart together a few times.

        They lie then as it was when least of that was left.
        """
        best, least = dict(self.paths), self._left()
        for _ in range(_LOOSE * (least[0] > 0)):
            those = {name for name in self.paths if self.company.fault(name) >= _FAULT}
            for _ in range(2):
                those |= self.company.near_to(segments_of(tuple(self.paths[name] for name in sorted(those))))
            fresh = moved_apart(self.paths, those, self.routes, self.ground)
            heads, self.search.heads = self.search.heads, {}
            fresh = {name: path for name, path in fresh.items() if not self._through(name, path)}
            self.search.heads = heads
            self._relaid(fresh)
            if (left := self._left()) < least:
                best, least = dict(self.paths), left
            if not left[0]:
                break
        self._relaid(best)

    def _left(self) -> tuple[int, float]:
        """How many arrows run along others or over their heads, and what all of them cost."""
        return sum(self.company.fault(name) >= _FAULT for name in self.paths), self._faults(list(self.paths))

    def _relaid(self, paths: Mapping[str, Path]) -> None:
        for name, path in paths.items():
            if path != self.paths[name]:
                self.take(name)
                self.put(name, path)

    def _through(self, name: str, path: Path) -> bool:
        """Whether an arrow would run through something, turn sharply, or leave a symbol along its border."""
        route, option = self.routes[name], np.array([path])
        first, last = (
            self._outward(self.ground.ends[end], at)[None]
            for end, at in ((route.source, path[0]), (route.target, path[-1]))
        )
        return not bool(smooth(option)[0][0]) or bool(self._shut(option, first, last, route)[0])

    def mend(self) -> None:
        """Arrows that cross others or go a long way round, laid again: alone, then before one that they meet.

        Kept when the sum is less.
        """
        self.trials = 0
        for _ in range(_ROUNDS):
            better = False
            for name in sorted(self.paths, key=lambda r: (-self.worry(r), r)):
                if self.worry(name) < 1 or self.trials >= _TRIALS:
                    continue
                better |= self._again([name])
                met = self.company.worst(name)
                near = met or self._neighbours(name)
                groups = [[other] for other in near] + ([near] if not met and len(near) > 1 else [])
                better |= any(self._again([name, *group]) for group in groups)
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

    def _exchanged(self, one: str, other: str) -> list[dict[str, Path]]:
        """Two arrows whose ends at a symbol that both have change places, once for each such symbol."""
        found = []
        ends = [(self.routes[name].source, self.routes[name].target) for name in (one, other)]
        for k, m in product((0, -1), repeat=2):
            if ends[0][k] == ends[1][m]:
                ways = {name: list(self.paths[name]) for name in (one, other)}
                ways[one][k], ways[other][m] = ways[other][m], ways[one][k]
                found.append({name: tuple(way) for name, way in ways.items()})
        return found

    def _again(
        self,
        those: list[str],
        price: Callable[[list[str]], float] | None = None,
        ways: Mapping[str, Path] | None = None,
    ) -> bool:
        """Take arrows up and lay them again in this order; back as they were unless that is cheaper.

        They find their ways anew, or take those that are given where nothing stands there.
        """
        self.trials += len(those)
        price = price or self._price
        before, company, own, stale = price(those), self.company.kept(), self.own.copy(), self.stale.copy()
        kept = {name: self.take(name) for name in those}
        for name in those:
            fresh = ways[name] if ways else self.search.found(self.routes[name])
            astray = (
                self._through(name, fresh) if ways else fresh[0] == self.ground.ends[self.routes[name].source].centre
            )
            self.put(name, kept[name] if astray and self.company.dense else fresh)
        for name in those:
            self._aside(name)
        if price(those) < before - 0.5:
            return True
        for name in those:
            self.search.take(name)
            self.search.put(name, kept[name])
        self.company.back(company)
        self.own, self.stale = own, stale
        return False

    def _price(self, those: list[str]) -> float:
        return sum(self.company.price(name) + self.own[name] for name in those)

    def _faults(self, those: list[str]) -> float:
        """What arrows cost, all but crossings and length tenfold."""
        return self._price(those) + 9 * sum(self.company.fault(name) for name in those)

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
        if (self.company.fault(name) if self.company.dense else price) < 1:
            return False
        best, least = self._changed(name, path, price + self.own[name] - (_GAIN if self.company.dense else 1.0))
        if best is None and price >= ROUTE.shared:
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
        starts = self.search.free_ports(source, target, route.lanes, 0.7, name)
        stops = self.search.free_ports(target, source, route.lanes, 0.7, name)
        options, without, start, stop = changes(path, starts, stops)
        good, total = smooth(options)
        total += ROUTE.bend * (len(path) - 1 - (without > 0))
        hopes = np.flatnonzero(good & (total < least))
        prices, _ = self.company.beside(options.take(hopes, axis=0), self.company.number[name], np.array(path))
        total[hopes] += prices.sum(axis=1)
        total = total.round(4)
        hopes = hopes[total[hopes] < least]
        hopes = hopes[np.argsort(total[hopes], kind="stable")]
        best = -1
        first, last = (
            np.vstack([ports[:, 2:], self._outward(end, at)])
            for ports, end, at in ((starts, source, path[0]), (stops, target, path[-1]))
        )
        low = 0
        while low < len(hopes) and total[hopes[low]] < least:
            those = hopes[low : 2 * low + _TAKEN]
            low += len(those)
            those = those[total[those] < least]
            those = those[~self._shut(options.take(those, axis=0), first[start[those]], last[stop[those]], route)]
            value = total[those]
            value += (
                self.field.family_cost(flat(options.take(those, axis=0)), route.lanes)
                .reshape(len(those), len(options[0]) - 1)
                .sum(axis=1)
            )
            k = int(value.argmin()) if len(those) else -1
            if k >= 0 and value[k] < least:
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
        shut |= hits(segments, self.search.masks(route, route.lanes)[0]).reshape(-1, legs).any(axis=1)
        for end, other, leg, step, outward in (
            (source, target, 0, options[:, 1] - options[:, 0], first),
            (target, source, legs - 1, options[:, -2] - options[:, -1], last),
        ):
            x0, y0, x1, y1 = end.box
            if not (x0 < other.centre[0] < x1 and y0 < other.centre[1] < y1):
                again = through(segments, np.array([(x0 - 1.1, y0 - 1.1, x1 + 1.1, y1 + 1.1)])).reshape(-1, legs)
                again[:, leg] = (units(step) * outward).sum(axis=1) < 0.35
                shut |= again.any(axis=1)
        return np.asarray(shut)
