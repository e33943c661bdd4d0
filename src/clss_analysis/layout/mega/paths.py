"""Arrows of a mega-sociogenogram as polylines: spokes to the households, chords along their tracks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from clss_analysis.layout.geometry import Box, Point
from clss_analysis.layout.mega.ring import Floats, Ring
from clss_analysis.layout.mega.tracks import Bus

_BEND = 1.6  # mm of radius: rounder would leave the lane
_LEG = 0.34  # of a symbol's width, from its middle: the lines of both directions leave apart
COLLECTOR = 2.2  # mm between lines that collect arrows
_SLACK = 0.05  # mm: how far straight pieces may leave their curve, less than any stroke is wide
HEAD_ROOM = 5.0  # mm from the rim of a symbol to the first collector: an arrow head and the bend before it


def spoke(ring: Ring, at: float, box: Box) -> tuple[Point, ...]:
    """From the symbol with this box straight to the households, from an arc length on the ring."""
    outer, inner = ring.point(at), ring.point(at, 1.0)
    return _leaving(outer, inner, box), _entering(outer, inner, ring.home)


def gathered(ring: Ring, at: float, trunk: float, depth: float, box: Box) -> tuple[Point, ...]:
    """From the symbol with this box to a collector at some depth, along it to the arc length of a trunk, and down
    that to the households.
    """
    apart = trunk - at
    way, side = abs(apart), 1 if apart > 0 else -1
    if way < 0.2:
        return spoke(ring, at, box)
    outer, inner = ring.point(trunk), ring.point(trunk, 1.0)
    along, deep = _bent(ring, way, depth)
    points = ring.points(at + side * along, deep)[: -len(_CORNER) - 1]
    bend, drop = min(_BEND, way / 2), _BEND / ring.thickness
    into = ring.points(trunk - side * bend * (1 - np.sin(_CORNER)), depth + drop * (1 - np.cos(_CORNER)))
    path = [(float(x), float(y)) for x, y in (*points, *into)]
    return (_leaving(path[0], path[1], box), *path[1:], _entering(outer, inner, ring.home))


def depths(ring: Ring, levels: int, collectors: int, widest: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Depths of the collectors, below the symbols and their arrow heads, and of the tracks, below the collectors and
    above the households.
    """
    first = widest / 2 + HEAD_ROOM
    gather = tuple((first + k * COLLECTOR) / ring.thickness for k in range(collectors))
    from_, to = (first + collectors * COLLECTOR) / ring.thickness, 1 - 1.0 / ring.thickness
    return gather, tuple(np.linspace(from_, to, levels + 1)[:-1].tolist()) if levels else ()


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
    hub = boxes[bus.hub]
    start = places[bus.hub] + bus.way * _LEG * (hub[2] - hub[0])
    end = places[target] - bus.way * _LEG * (boxes[target][2] - boxes[target][0])
    along, deep = _bent(ring, (bus.way * (end - start)) % ring.length, depth)
    path = [(float(x), float(y)) for x, y in ring.points(start + bus.way * along, deep)]
    path[0] = _leaving(path[0], path[1], hub)
    path[-1] = _leaving(path[-1], path[-2], boxes[target])
    return tuple(path)


_CORNER: Floats = np.linspace(0.0, np.pi / 2, 7)


def _bent(ring: Ring, way: float, depth: float) -> tuple[Floats, Floats]:
    """Down to a depth, along it and up again, with round corners: arc lengths from the start, and depths."""
    step = (8 * _SLACK * min(ring.half) / 2) ** 0.5
    bend, drop = min(_BEND, way / 2), _BEND / ring.thickness
    inner = np.linspace(bend, way - bend, max(2, int((way - 2 * bend) / step) + 2))[1:-1]
    out, down = bend * (1 - np.cos(_CORNER)), depth - drop * (1 - np.sin(_CORNER))
    along = np.concatenate(([0.0], out, inner, way - out[::-1], [way]))
    deep = np.concatenate(([0.0], down, np.full(len(inner), depth), down[::-1], [0.0]))
    return along, deep


def _leaving(a: Point, b: Point, box: Box) -> Point:
    """Where the way from a, inside a box, to b leaves the box."""
    return _along(a, b, max(0.0, min([1.0, *map(max, _shares(a, b, box))])))


def _entering(a: Point, b: Point, box: Box) -> Point:
    """Where the straight line from a through b first meets a box."""
    return _along(a, b, max([0.0, *map(min, _shares(a, b, box))]))


def _shares(a: Point, b: Point, box: Box) -> list[tuple[float, float]]:
    """What share of the way from a to b is behind at the two sides of a box, of each axis that it runs along."""
    axes = ((a[0], b[0] - a[0], box[0], box[2]), (a[1], b[1] - a[1], box[1], box[3]))
    return [((low - at) / step, (high - at) / step) for at, step, low, high in axes if abs(step) > 1e-12]


def _along(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
