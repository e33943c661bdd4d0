"""Arrows that run along each other, and heads that something else covers: what a reader cannot tell apart."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np

from clss_analysis.layout.genogram.arrows.segments import Floats, cross
from clss_analysis.layout.geometry import Line, Point, Symbol

NEAR, LEAST, MOUTH = 0.7, 2.0, 3.0
_SLANT, _HEAD, _CLEAR = 0.204, 2.0, 0.8


def alongside(first: Floats, second: Floats, near: float = NEAR) -> Floats:
    """Over how many millimetres each segment (x0, y0, x1, y1) runs along each other one, closer than `near`.

    Returns:
        An array of first × second; 0 for two that meet at more than eleven degrees.
    """
    return beside(first[:, None], second[None], near)


def beside(first: Floats, second: Floats, near: float | Floats = NEAR) -> Floats:
    """The same for each segment and that at the same place of the other array; leading axes broadcast."""
    x, y, u, v = (first[..., k] for k in range(4))
    long = np.hypot(u - x, v - y)
    ux, uy = (u - x) / np.maximum(long, 1e-9), (v - y) / np.maximum(long, 1e-9)
    px, py, qx, qy = second[..., 0] - x, second[..., 1] - y, second[..., 2] - x, second[..., 3] - y
    a, da, b, db = px * ux + py * uy, py * ux - px * uy, qx * ux + qy * uy, qy * ux - qx * uy
    run = np.where(np.abs(b - a) < 1e-6, 1e-6, b - a)
    slope = (db - da) / run
    flat = np.where(np.abs(slope) < 1e-6, 1e-6, slope)
    enter, leave = a + (-near - da) / flat, a + (near - da) / flat
    low = np.maximum(np.maximum(np.minimum(a, b), 0.0), np.minimum(enter, leave))
    high = np.minimum(np.minimum(np.maximum(a, b), long), np.maximum(enter, leave))
    found: Floats = np.where(np.abs(slope) > _SLANT, 0.0, np.maximum(high - low, 0.0))
    return found


def coincident(lines: tuple[Line, ...], boundaries: tuple[Symbol, ...] = ()) -> list[tuple[str, str]]:
    """Pairs, by id, of an arrow and another arrow, a family line or a boundary that it runs along for over 2 mm.

    The last 3 mm at a common end are left out.
    """
    pieces: list[tuple[float, float, float, float]] = []
    owner: list[Line] = []
    mouth: list[str] = []
    arrows = [line for line in lines if line.kind == "arrow"]
    others = [line for line in lines if line.kind != "arrow"]
    for each in boundaries:
        x0, y0, x1, y1 = each.box
        others.append(Line(each.id, "edge", ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)), each.role, each.id))
    for line in (*arrows, *others):
        for start, stop, end in _cut(line) if line.kind == "arrow" else [(*leg, "") for leg in pairwise(line.path)]:
            pieces.append((*start, *stop))
            owner.append(line)
            mouth.append(end)
    table = np.array(pieces).reshape(-1, 4)
    own = sum(line.kind == "arrow" for line in owner)
    low, high = np.minimum(table[:, :2], table[:, 2:]) - NEAR, np.maximum(table[:, :2], table[:, 2:])
    meet = (low[:own, None, 0] < high[:, 0]) & (low[:, 0] < high[:own, None, 0])
    meet &= (low[:own, None, 1] < high[:, 1]) & (low[:, 1] < high[:own, None, 1])
    first, second = np.nonzero(np.triu(meet, 1))
    reach = beside(table[first], table[second])
    total: dict[tuple[str, str], float] = defaultdict(float)
    for i, j, along in zip(first.tolist(), second.tolist(), reach.tolist(), strict=True):
        one, other = owner[i], owner[j]
        common = {one.source, one.target} & {other.source, other.target, *other.members}
        if along and one is not other and mouth[i] not in common and mouth[j] not in common:
            total[one.id, other.id] += along
    return sorted(pair for pair, reach in total.items() if reach > LEAST)


def hidden_heads(lines: tuple[Line, ...]) -> list[str]:
    """Arrows, by id, over whose head another arrow or a family line passes."""
    arrows = [line for line in lines if line.kind == "arrow"]
    bodies = [(n, *a, *b) for n, line in enumerate(lines) for a, b in pairwise(line.path)]
    if not arrows:
        return []
    table = np.array(bodies)
    axes = np.array([[value for point in _tip(line.path) for value in point] for line in arrows])
    own = np.array([[lines[int(n)].id == line.id for n in table[:, 0]] for line in arrows])
    over = cross(axes[:, None], table[:, 1:]) | (alongside(axes, table[:, 1:], _CLEAR) > _HEAD / 2)
    return sorted(line.id for line, hit in zip(arrows, (over & ~own).any(axis=1).tolist(), strict=True) if hit)


def _tip(path: tuple[Point, ...]) -> tuple[Point, Point]:
    (x, y), (u, v) = path[-1], path[-2]
    share = _HEAD / max(float(np.hypot(u - x, v - y)), 1e-9)
    return (x, y), (x + share * (u - x), y + share * (v - y))


def _cut(line: Line) -> list[tuple[Point, Point, str]]:
    """The segments of a line, cut where its last 3 mm at either end begin; each with the end whose mouth it is in."""
    reach = [0.0]
    for (x, y), (u, v) in pairwise(line.path):
        reach.append(reach[-1] + float(np.hypot(u - x, v - y)))
    whole, found = reach[-1], []
    for (a, b), (start, stop) in zip(pairwise(line.path), pairwise(reach), strict=True):
        marks = sorted({start, stop, *(m for m in (MOUTH, whole - MOUTH) if start < m < stop)})
        for s, t in pairwise(marks):
            one, other = ((m - start) / max(stop - start, 1e-9) for m in (s, t))
            middle = (s + t) / 2
            end = line.source if middle < MOUTH else line.target if middle > whole - MOUTH else ""
            found.append((_between(a, b, one), _between(a, b, other), end))
    return found


def _between(a: Point, b: Point, share: float) -> Point:
    return (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
