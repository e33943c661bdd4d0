"""The strokes of a figure, the same for SVG and matplotlib: outlines, arrow heads, halos, in the order of drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clss_analysis.figures.style import LOOKS, Look
from clss_analysis.layout.geometry import Box, Line, Mark, Point, Symbol
from clss_analysis.layout.text import MM_PER_PT, line_height

HEAD, HALF_HEAD = 2.5, 0.9
"""Length and half width of an arrow head of scale 1, in millimetres: seen at arm's length on paper."""
SHAFT_END = 0.8
"""Where a shaft ends, as a share of its head from the tip: within the head, so that no gap is seen."""
HALO_INSET = 0.9
"""Millimetres at the ends of a line without halo, so that it does not whiten what the line ends at."""
CROSS = 0.7
"""Width of the strokes through a shape, as a share of its outline's."""
POLYGONS = ("diamond", "house", "triangle")
BOUNDARY, MARK, SYMBOL, LINE, OVER, TEXT = range(6)
"""Layers, the lowest first: frames, what lies beneath, symbols, lines, what lies above them, words."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A filled shape that fills a box."""

    box: Box
    look: Look


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line, or the white halo beneath one."""

    path: tuple[Point, ...]
    look: Look
    halo: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """An arrow head."""

    corners: tuple[Point, ...]
    look: Look


Piece = Outline | Stroke | Head


def layer_of(part: Symbol | Line | Mark) -> int:
    """How high a part lies."""
    if isinstance(part, Symbol):
        return BOUNDARY if part.kind in ("household", "institution", "legend") else SYMBOL
    if isinstance(part, Line):
        return LINE
    return OVER if LOOKS[part.role].over else MARK


def pieces(part: Symbol | Line | Mark) -> list[Piece]:
    """What is drawn of a symbol, line or mark, the first beneath the others."""
    look = LOOKS[part.role]
    if isinstance(part, Symbol):
        return _shape(part.box, look)
    if isinstance(part, Mark) and look.face:
        (x0, y0), (x1, y1) = part.path[0], part.path[-1]
        return _shape((x0, y0, x1, y1), look)
    return _line(part.path, look)


def _shape(box: Box, look: Look) -> list[Piece]:
    drawn: list[Piece] = [Outline(box, look)]
    if look.inner:
        x0, y0, x1, y1 = box
        drawn.append(Outline((x0 + look.inner, y0 + look.inner, x1 - look.inner, y1 - look.inner), look))
    if look.cross:
        drawn += [Stroke(path, replace(look, width=CROSS * look.width)) for path in diagonals(box, look.shape)]
    return drawn


def _line(path: tuple[Point, ...], look: Look) -> list[Piece]:
    shaft = cut(path, HEAD * look.scale * SHAFT_END) if look.head else path
    shaft = cut(shaft[::-1], HEAD * look.scale * SHAFT_END)[::-1] if look.tail else shaft
    drawn: list[Piece] = []
    if look.halo:
        inner = cut(cut(shaft, HALO_INSET)[::-1], HALO_INSET)
        drawn.append(Stroke(inner, Look(edge="#ffffff", width=look.width + look.halo), halo=True))
    drawn.append(Stroke(shaft, look))
    for way in [path] * look.head + [path[::-1]] * look.tail:
        before = behind(way, HEAD * look.scale)
        drawn.append(Head(arrow_head(before, way[-1], look.scale), look))
    return drawn


def corner_of(box: Box, look: Look) -> float:
    """Radius of the corners of a box in millimetres, never nearly half of a side."""
    return min(look.corner, 0.45 * (box[3] - box[1]), 0.45 * (box[2] - box[0]))


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


def arrow_head(before: Point, tip: Point, scale: float) -> tuple[Point, ...]:
    """The three corners of an arrow head that comes from `before`, its tip first."""
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    norm = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / norm, dy / norm
    long, half = HEAD * scale, HALF_HEAD * scale
    bx, by = tip[0] - ux * long, tip[1] - uy * long
    return tip, (bx - uy * half, by + ux * half), (bx + uy * half, by - ux * half)


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
