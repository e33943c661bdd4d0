"""A dense picture's institutions: their services stand one under the other, placed as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np

from clss_analysis.layout.genogram.arrows.segments import Floats, cross
from clss_analysis.layout.genogram.family.positions import moved
from clss_analysis.layout.genogram.service_words import NAME_SIZE, WIDTH, Service
from clss_analysis.layout.genogram.surroundings import FRAME, Surroundings, framed
from clss_analysis.layout.text import block_size, wrap

_GAP = 2.4
_PASSES = 3  # through all institutions: hardly any change is found in a fourth
_LANE, _SIDE = 6.0, 15.0  # millimetres more between institutions, and at both sides of the page, for arrows to pass
Clusters = dict[str, tuple[Service, ...]]


def frames_of(groups: dict[str, str]) -> dict[str, str]:
    """The id of the frame in which each service of an institution stands, by the service's id."""
    first: dict[str, str] = {}
    for service, name in sorted(groups.items()):
        first.setdefault(name, service)
    return {service: f"frame-{first[name]}" for service, name in groups.items()}


def clustered(services: tuple[Service, ...], groups: dict[str, str]) -> tuple[tuple[Service, ...], Clusters]:
    """Services with each institution as one, as high as all that stand in it, and all by what they stand in."""
    frames, held = frames_of(groups), defaultdict(list)
    for each in sorted(services, key=lambda s: s.id):
        held[frames.get(each.id, each.id)].append(each)
    made = []
    for name, those in sorted(held.items()):
        head = _head(groups.get(those[0].id))
        tall = sum(each.height for each in those) + _GAP * (len(those) - 1) + head + FRAME * (head > 0) + _LANE
        made.append(replace(those[0], id=name, height=tall))
    return tuple(made), {name: tuple(those) for name, those in held.items()}


def opened(
    around: Surroundings, clusters: Clusters, groups: dict[str, str], ties: tuple[tuple[str, str], ...]
) -> Surroundings:
    """The same page with every service of an institution in a cell of its own, in a frame at which arrows may end.

    The services of an institution stand in the order in which the ties, drawn straight, cross least.

    Args:
        around: the page with each institution as one.
        clusters: the services that stand in each.
        groups: institution by service id.
        ties: pairs of ids, of services, frames, persons and the household.
    """
    page, order = _stacked(around, clusters, groups), clusters
    crossed = _Crossed(page, ties)
    for name in sorted(n for n in clusters if len(clusters[n]) > 1) * _PASSES:
        for one, other in combinations(range(len(clusters[name])), 2):
            those = list(order[name])
            those[one], those[other] = those[other], those[one]
            top = page.cells[order[name][0].id][1]
            if crossed.less({each.id: (high + low) / 2 for each, high, low in _heights(those, top)}):
                order = order | {name: tuple(those)}
    return _stacked(around, order, groups)


class _Crossed:
    """How often ties cross when they are drawn straight between the middles of what they join."""

    def __init__(self, page: Surroundings, ties: tuple[tuple[str, str], ...]) -> None:
        boxes = {s.id: s.box for s in page.family.symbols} | page.cells | {f.id: f.box for f in page.frames}
        kept = sorted({tie for tie in ties if set(tie) <= boxes.keys()})
        self.number = {name: n for n, name in enumerate(sorted(boxes))}
        table = np.array([boxes[name] for name in self.number])
        self.spots = (table[:, :2] + table[:, 2:]) / 2
        self.ends = np.array([[self.number[end] for end in tie] for tie in kept], dtype=np.intp).reshape(-1, 2)
        homes = {s.id for s in page.family.symbols if s.kind == "household"}
        self.home = np.array([[end in homes for end in tie] for tie in kept], dtype=bool).reshape(-1, 2)
        self.inner = page.family.household
        self.count = self._counted(self.spots)

    def less(self, heights: dict[str, float]) -> bool:
        """Whether they cross less with services at those heights, who then stay there."""
        spots = self.spots.copy()
        for name, y in heights.items():
            spots[self.number[name], 1] = y
        if (count := self._counted(spots)) >= self.count:
            return False
        self.spots, self.count = spots, count
        return True

    def _counted(self, spots: Floats) -> int:
        x0, y0, x1, y1 = self.inner
        at = spots[self.ends]
        at = np.where(self.home[:, :, None], np.clip(at[:, ::-1], (x0, y0), (x1, y1)), at).reshape(-1, 4)
        return int(cross(at[:, None], at).sum())


def _heights(those: Iterable[Service], top: float) -> Iterator[tuple[Service, float, float]]:
    """Each service, one under the other, with its top and bottom."""
    for each in those:
        yield each, top, top + each.height
        top += each.height + _GAP


def _stacked(around: Surroundings, clusters: Clusters, groups: dict[str, str]) -> Surroundings:
    """The same page with every service in a cell of its own, those of an institution in this order."""
    cells, frames = {}, []
    for name, (left, top, right, _) in sorted(around.cells.items()):
        those = clusters[name]
        first = top + _LANE / 2 + _head(groups.get(those[0].id))
        for each, high, low in _heights(those, first):
            cells[each.id] = (left + _SIDE, high, right + _SIDE, low)
        if those[0].id in groups:
            frames.append(replace(framed(groups[those[0].id], tuple(s.id for s in those), cells), id=name))
    return replace(
        around,
        width=around.width + 2 * _SIDE,
        family=moved(around.family, _SIDE, 0.0),
        cells=cells,
        frames=tuple(frames),
    )


def _head(name: str | None) -> float:
    """How high a frame is above its first service."""
    if name is None:
        return 0.0
    return block_size(wrap(name, WIDTH, NAME_SIZE, "italic"), NAME_SIZE, "italic")[1] + 0.6 + FRAME / 2
