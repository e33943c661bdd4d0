"""Where arrows may touch a symbol, and what arrives there: bends as arcs, two lanes for two opposite ties."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from clss_analysis.layout.genogram.arrows.segments import Floats
from clss_analysis.layout.geometry import Box, Point

STEP = 2.8
LANE = 1.15
RADIUS = 4.0
_INSET = {"rect": 2.2, "household": 5.0}


@dataclass(frozen=True, slots=True)
class End:
    """A symbol that arrows touch: its outline (rect, household, square, circle, diamond or triangle) and its box.

    Where a bay is cut into a boundary, no arrow ends.
    """

    id: str
    shape: str
    box: Box
    bays: tuple[Box, ...] = ()

    @property
    def centre(self) -> Point:
        """Middle of the box."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


Port = tuple[float, float, float, float]


def ports(end: End, towards: Point) -> list[Port]:
    """Points of the border from which an arrow to `towards` can leave, each with its outward unit normal."""
    if end.shape in ("rect", "household"):
        return _along_sides(end, towards)
    return _around(end, towards)


def _along_sides(end: End, towards: Point) -> list[Port]:
    x0, y0, x1, y1 = end.box
    tx, ty = towards
    kept = inset(end, min(x1 - x0, y1 - y0))
    found: list[Port] = []
    for low, high, at, target, sideways, outward in (
        (x0, x1, y0, tx, True, -1.0),
        (x0, x1, y1, tx, True, 1.0),
        (y0, y1, x0, ty, False, -1.0),
        (y0, y1, x1, ty, False, 1.0),
    ):
        away = (at - (ty if sideways else tx)) * outward
        nearest = min(max(target, low + kept), high - kept)
        spots = {round((low + high) / 2, 3), round(nearest, 3)}
        reach = 5 if away < 0 else 2
        spots |= {round(nearest + STEP * k, 3) for k in range(-reach, reach + 1)}
        fit = [spot for spot in sorted(spots) if low + kept - 1e-6 <= spot <= high - kept + 1e-6]
        found += [(spot, at, 0.0, outward) if sideways else (at, spot, outward, 0.0) for spot in fit]
    solid = [port for port in found if not any(_near(port, bay) for bay in end.bays)]
    return solid or found


def inset(end: End, side: float) -> float:
    """How far from the corners of a side of that length arrows touch it."""
    return min(_INSET.get(end.shape, 1.0), side / 3)


def _near(port: Port, bay: Box) -> bool:
    return bay[0] - 1 < port[0] < bay[2] + 1 and bay[1] - 1 < port[1] < bay[3] + 1


def _around(end: End, towards: Point) -> list[Port]:
    cx, cy = end.centre
    straight = math.atan2(towards[1] - cy, towards[0] - cx)
    found = []
    for turn in (0, -20, 20, -40, 40, -60, 60, -85, 85, -110, 110):
        angle = straight + math.radians(turn)
        ux, uy = math.cos(angle), math.sin(angle)
        x, y = entering(end, (cx + 100 * ux, cy + 100 * uy), end.centre) or end.centre
        found.append((round(x, 3), round(y, 3), *normal(end, x, y, ux, uy)))
    return found


def normal(end: End, x: float, y: float, ux: float, uy: float) -> tuple[float, float]:
    """Outward direction of the border at one of its points; that of the radius on a circle."""
    if end.shape == "circle":
        return ux, uy
    corners = outline(end)
    nearest = min(
        zip(corners, [*corners[1:], corners[0]], strict=True),
        key=lambda side: round(math.dist(side[0], (x, y)) + math.dist(side[1], (x, y)) - math.dist(*side), 6),
    )
    (ax, ay), (bx, by) = nearest
    length = math.dist(*nearest)
    return (by - ay) / length, (ax - bx) / length


def various(found: Floats) -> Floats:
    """The nearest three ports of every direction."""
    seen: Counter[tuple[int, int]] = Counter()
    kept = []
    for n, (x, y) in enumerate(found[:, 2:].round().tolist()):
        seen[x, y] += 1
        if seen[x, y] <= 3:
            kept.append(n)
    return found[kept]


def outline(end: End) -> list[Point]:
    """Corners of the outline, in order; a circle has none."""
    x0, y0, x1, y1 = end.box
    cx, cy = end.centre
    if end.shape == "diamond":
        return [(cx, y0), (x1, cy), (cx, y1), (x0, cy)]
    if end.shape == "triangle":
        return [(cx, y0), (x1, y1), (x0, y1)]
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def entering(end: End, start: Point, through: Point) -> Point | None:
    """Where a ray from `start` through another point first meets the border; None when it misses."""
    dx, dy = through[0] - start[0], through[1] - start[1]
    norm = math.hypot(dx, dy)
    if norm < 1e-9:
        return None
    dx, dy = dx / norm, dy / norm
    if end.shape == "circle":
        cx, cy = end.centre
        r = (end.box[2] - end.box[0]) / 2
        fx, fy = start[0] - cx, start[1] - cy
        b, c = fx * dx + fy * dy, fx * fx + fy * fy - r * r
        under = b * b - c
        if under < 0:
            return None
        t = -b - math.sqrt(under)
        return (start[0] + t * dx, start[1] + t * dy) if t > -1e-6 else None
    best: float | None = None
    corners = outline(end)
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        ex, ey = bx - ax, by - ay
        det = dx * ey - dy * ex
        if abs(det) < 1e-12:
            continue
        t = ((ax - start[0]) * ey - (ay - start[1]) * ex) / det
        s = ((ax - start[0]) * dy - (ay - start[1]) * dx) / det
        if t > -1e-6 and -1e-9 <= s <= 1 + 1e-9 and (best is None or t < best):
            best = t
    return None if best is None else (start[0] + best * dx, start[1] + best * dy)


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
