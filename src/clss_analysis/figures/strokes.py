"""The shapes of ink as plain points, the same for every way of drawing: outlines, arrow heads, shortened lines."""

from __future__ import annotations

from clss_analysis.layout.geometry import Box, Point
from clss_analysis.layout.text import MM_PER_PT, line_height

HEAD, HALF_HEAD = 2.5, 0.9
HALO_INSET = 0.9
POLYGONS = ("diamond", "house", "triangle")


def corners_of(box: Box, shape: str) -> list[Point]:
    """Corners of a diamond, house or triangle that fills a box."""
    x0, y0, x1, y1 = box
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    if shape == "diamond":
        return [(cx, y0), (x1, cy), (cx, y1), (x0, cy)]
    if shape == "triangle":
        return [(cx, y0), (x1, y1), (x0, y1)]
    eaves = y0 + (y1 - y0) * 0.45
    left, right = x0 + (x1 - x0) * 0.14, x1 - (x1 - x0) * 0.14
    return [(cx, y0), (x1, eaves), (right, eaves), (right, y1), (left, y1), (left, eaves), (x0, eaves)]


def arrow_head(before: Point, tip: Point, scale: float) -> list[Point]:
    """The three corners of an arrow head that comes from `before`, its tip first."""
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    norm = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / norm, dy / norm
    long, half = HEAD * scale, HALF_HEAD * scale
    bx, by = tip[0] - ux * long, tip[1] - uy * long
    return [tip, (bx - uy * half, by + ux * half), (bx + uy * half, by - ux * half)]


def baseline(top: float, size: float) -> float:
    """Where the first line of a text stands whose box starts at `top`; millimetres, `size` in points."""
    return top + line_height(size) / 2 + 0.34 * size * MM_PER_PT


def diagonals(box: Box, shape: str) -> tuple[tuple[Point, Point], tuple[Point, Point]]:
    """The two strokes through a shape, within its outline."""
    x0, y0, x1, y1 = box
    if shape == "triangle":
        cx, cy, near, far = (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) * 0.22, (x1 - x0) * 0.38
        return ((cx - near, cy), (cx + far, y1)), ((cx + near, cy), (cx - far, y1))
    inset = {"ellipse": 0.147, "diamond": 0.25}.get(shape, 0.0)
    dx, dy = (x1 - x0) * inset, (y1 - y0) * inset
    return ((x0 + dx, y0 + dy), (x1 - dx, y1 - dy)), ((x0 + dx, y1 - dy), (x1 - dx, y0 + dy))


def behind(path: tuple[Point, ...], distance: float) -> Point:
    """The point of a path that lies `distance` before its end, measured straight."""
    tip = path[-1]
    for index in range(len(path) - 2, -1, -1):
        x, y = path[index]
        reach = ((x - tip[0]) ** 2 + (y - tip[1]) ** 2) ** 0.5
        if reach >= distance:
            px, py = path[index + 1]
            inner = ((px - tip[0]) ** 2 + (py - tip[1]) ** 2) ** 0.5
            share = (distance - inner) / (reach - inner) if reach > inner else 0.0
            return px + (x - px) * share, py + (y - py) * share
    return path[0]


def cut(path: tuple[Point, ...], distance: float) -> tuple[Point, ...]:
    """The path without the last `distance` millimetres, measured straight from its end."""
    tip = path[-1]
    end = behind(path, distance)
    kept = [p for p in path[:-1] if ((p[0] - tip[0]) ** 2 + (p[1] - tip[1]) ** 2) ** 0.5 > distance]
    return (*(kept or path[:1]), end)
