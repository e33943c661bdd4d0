"""A dense picture's institutions: their services stand one under the other, placed as one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from clss_analysis.layout.genogram.family.positions import moved
from clss_analysis.layout.genogram.service_words import NAME_SIZE, WIDTH, Service
from clss_analysis.layout.genogram.surroundings import FRAME, Surroundings, framed
from clss_analysis.layout.text import block_size, wrap

_GAP = 2.4
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


def opened(around: Surroundings, clusters: Clusters, groups: dict[str, str]) -> Surroundings:
    """The same page with every service of an institution in a cell of its own, in a frame at which arrows may end."""
    cells, frames = {}, []
    for name, (left, top, right, _) in sorted(around.cells.items()):
        those = clusters[name]
        y = top + _LANE / 2 + _head(groups.get(those[0].id))
        for each in those:
            cells[each.id] = (left + _SIDE, y, right + _SIDE, y + each.height)
            y += each.height + _GAP
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
