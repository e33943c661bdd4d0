"""Arrows of a mega-sociogenogram as polylines: spokes to the households, chords along their tracks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from clss_analysis.layout.geometry import Box, Point
from clss_analysis.layout.mega_sociogenogram_ring import Floats, Ring
from clss_analysis.layout.mega_sociogenogram_tracks import Bus

_BEND, _STEP = 1.6, 0.9
_LEG = 0.34
HEAD_ROOM = 4.0


def spoke(ring: Ring, at: float, offset: float, box: Box) -> tuple[Point, Point]:
    """From the symbol with this box, at an arc length on the ring, straight to the box of the households."""
    outer, inner = ring.point(at + offset), ring.point(at + offset, 1.0)
    return _leaving(outer, inner, box), _entering(outer, inner, ring.home)


def depths(ring: Ring, levels: int, widest: float) -> tuple[float, ...]:
    """Depths of the tracks: below the symbols and their arrow heads, above the households."""
    first = (widest / 2 + HEAD_ROOM) / ring.thickness
    last = 1 - 1.0 / ring.thickness
    return tuple(np.linspace(first, last, levels + 1)[:-1].tolist()) if levels else ()


def chord(
    ring: Ring, bus: Bus, target: int, depth: float, places: Sequence[float], boxes: Sequence[Box]
) -> tuple[Point, ...]:
    """From the hub of a bus to one of its targets.

    Args:
        ring: the ring.
        bus: hub, way and level.
        target: rank of the partner.
        depth: of its track.
        places: arc length of every rank.
        boxes: of the symbols, by rank.

    Returns:
        A polyline from symbol to symbol whose bends are rounded.
    """
    sizes = [box[2] - box[0] for box in boxes]
    start = places[bus.hub] + bus.way * _LEG * sizes[bus.hub]
    end = places[target] - bus.way * _LEG * sizes[target]
    way = (bus.way * (end - start)) % ring.length
    bend = min(_BEND, way / 2)
    drop = _BEND / ring.thickness
    corner = np.linspace(0.0, np.pi / 2, 7)
    count = max(2, int((way - 2 * bend) / _STEP) + 1)
    along = np.concatenate(([0.0], bend * (1 - np.cos(corner)), np.linspace(bend, way - bend, count)[1:-1],
                            way - bend * (1 - np.cos(corner[::-1])), [way]))  # fmt: skip
    deep = np.concatenate(([0.0], depth - drop * (1 - np.sin(corner)), np.full(max(0, count - 2), depth),
                           depth - drop * (1 - np.sin(corner[::-1])), [0.0]))  # fmt: skip
    points: Floats = ring.points(start + bus.way * along, deep)
    path = [(float(x), float(y)) for x, y in points]
    path[0] = _leaving(path[0], path[1], boxes[bus.hub])
    path[-1] = _leaving(path[-1], path[-2], boxes[target])
    return tuple(path)


def _leaving(a: Point, b: Point, box: Box) -> Point:
    """Where the way from a, inside a box, to b leaves the box."""
    share = 1.0
    for start, step, low, high in ((a[0], b[0] - a[0], box[0], box[2]), (a[1], b[1] - a[1], box[1], box[3])):
        if abs(step) > 1e-12:
            share = min(share, max((low - start) / step, (high - start) / step))
    share = max(share, 0.0)
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _entering(a: Point, b: Point, box: Box) -> Point:
    """Where the straight line from a through b first meets a box."""
    share = 0.0
    for start, step, low, high in ((a[0], b[0] - a[0], box[0], box[2]), (a[1], b[1] - a[1], box[1], box[3])):
        if abs(step) > 1e-12:
            share = max(share, min((low - start) / step, (high - start) / step))
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
