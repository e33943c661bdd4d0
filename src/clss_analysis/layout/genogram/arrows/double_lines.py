"""The drawn form of a route: bends turned into arcs, and two lanes side by side where both directions are told."""

from __future__ import annotations

import math
from itertools import pairwise

from clss_analysis.layout.genogram.arrows.borders import End, entering
from clss_analysis.layout.geometry import Point

LANE = 1.15
RADIUS = 4.0


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
    for (ax, ay), (bx, by) in pairwise(path):
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
