"""The ring of services around the households: a superellipse whose height the lists of labels on both sides give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from clss_analysis.layout.geometry import Box, Point
from clss_analysis.layout.mega.order import Group
from clss_analysis.layout.text import line_height, text_width, wrap_evenly

_POWER, _SAMPLES, _FILLED = 2.5, 4000, 0.965
_INSCRIBED = (
    0.74  # of each half axis: corners of the box stay within the curve, which they would touch at 2 ** (-1 / _POWER)
)
CLEAR = 1.4  # mm between the ring and words beside it
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a side: `kind` is sector, institution or node; `count` stands before the text; `size` of a symbol.

    `apart` is kept free above, in millimetres, where an institution ends.
    """

    kind: str
    id: str
    text: str
    count: str = ""
    size: float = 0.0
    apart: float = 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry with its middle height, its wrapped lines and the edge of its text towards the ring."""

    entry: Entry
    right: bool
    y: float
    lines: tuple[str, ...]
    edge: float


@dataclass(frozen=True, slots=True)
class Measure:
    """What is tried: page width in millimetres, text size in points, room that the tracks need."""

    width: float
    size: float
    tracks: float
    least_room: float


class Ring:
    """A closed curve around a centre, and one inside it; places on it are arc lengths in millimetres, clockwise
    from the top, and depths from 0 (the ring) to 1 (the inner curve).
    """

    def __init__(self, centre: Point, half: Point, thickness: float) -> None:
        turn = np.linspace(0.0, 2 * np.pi, _SAMPLES + 1)
        sine, cosine = np.sin(turn), np.cos(turn)
        self.centre, self.half, self.thickness = centre, half, thickness
        self._x = half[0] * np.sign(sine) * np.abs(sine) ** (2 / _POWER)
        self._y = -half[1] * np.sign(cosine) * np.abs(cosine) ** (2 / _POWER)
        self._u: Floats = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(self._x), np.diff(self._y)))))
        self._shrink = (1 - (half[0] - thickness) / half[0], 1 - (half[1] - thickness) / half[1])

    @property
    def length(self) -> float:
        """All the way round, in millimetres."""
        return float(self._u[-1])

    @property
    def home(self) -> Box:
        """The box of the households, inside the inner curve."""
        w, h = ((half - self.thickness) * _INSCRIBED for half in self.half)
        return self.centre[0] - w, self.centre[1] - h, self.centre[0] + w, self.centre[1] + h

    def place(self, y: float, *, right: bool) -> float:
        """The arc length at a height on one side."""
        middle = _SAMPLES // 2
        if right:
            return float(np.interp(y - self.centre[1], self._y[: middle + 1], self._u[: middle + 1]))
        return float(np.interp(-(y - self.centre[1]), -self._y[middle:], self._u[middle:]))

    def points(self, u: Floats, depth: Floats) -> Floats:
        """Points at arc lengths and depths, one per row."""
        x = np.interp(u % self.length, self._u, self._x) * (1 - depth * self._shrink[0])
        y = np.interp(u % self.length, self._u, self._y) * (1 - depth * self._shrink[1])
        return np.column_stack((x + self.centre[0], y + self.centre[1]))

    def point(self, u: float, depth: float = 0.0) -> Point:
        """One point."""
        ((x, y),) = self.points(np.array([u]), np.array([depth]))
        return float(x), float(y)

    def reach(self, top: float, bottom: float) -> float:
        """Largest distance of the ring from its vertical axis between two heights."""
        if top <= self.centre[1] <= bottom:
            return self.half[0]
        near = min(abs(top - self.centre[1]), abs(bottom - self.centre[1])) / self.half[1]
        return float(self.half[0] * max(0.0, 1 - near**_POWER) ** (1 / _POWER))


def sides(groups: Sequence[Group], *, heads: bool) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """Ordered groups parted into the right side, from top to bottom, and the left side, from bottom to top.

    The cut falls between groups where the sides are then about even, else inside the group that stands in the middle.

    Args:
        groups: clockwise.
        heads: whether groups have headings, which take room.
    """
    weights = [_weight(g, heads=heads) for g in groups]
    total = sum(weights)
    options = [
        (round(abs(2 * sum([*weights[start:], *weights[:start]][:cut]) - total), 6), start, cut)
        for start in range(len(groups))
        for cut in range(1, len(groups))
    ]
    if options and min(options)[0] <= 0.16 * total:
        _, start, cut = min(options)
        turned_groups = (*groups[start:], *groups[:start])
        return tuple(turned_groups[:cut]), tuple(turned_groups[cut:])
    right: list[Group] = []
    filled = 0.0
    for index, group in enumerate(groups):
        weight = weights[index]
        if filled + weight <= total / 2:
            right.append(group)
            filled += weight
            continue
        members = [(i, m) for i, block in enumerate(group) for m in block]
        share = round((total / 2 - filled) / weight * len(members))
        first, second = _blocks(members[:share]), _blocks(members[share:])
        return (
            (*right, *([first] if first else [])),
            (*([second] if second else []), *groups[index + 1 :]),
        )
    return tuple(right), ()


def _weight(group: Group, *, heads: bool) -> float:
    return sum(len(b) + 0.6 * (len(b) > 1) for b in group) + 1.0 * heads


def _blocks(members: Sequence[tuple[int, str]]) -> Group:
    found: dict[int, list[str]] = {}
    for index, member in members:
        found.setdefault(index, []).append(member)
    return tuple(tuple(block) for block in found.values())


def place_entries(
    right: Sequence[Entry], left: Sequence[Entry], measure: Measure, top: float
) -> tuple[Ring, list[Placed]] | None:
    """Place the entries of both sides, from top to bottom, on a ring.

    Returns:
        The ring and its entries, or nothing when the labels have too little room at this width and size.
    """
    widest = max((e.size for e in (*right, *left)), default=4.0)
    middle = measure.width / 2
    thickness = measure.tracks + widest / 2 + 7.5
    a = thickness + 13.0
    beside = widest / 2 + CLEAR + 3.5
    room = middle - a - beside
    if room < measure.least_room:
        return None
    natural = max((_broad(e, measure.size) for e in (*right, *left) if e.kind == "node"), default=20.0)
    spare = max(0.0, room - max(natural, measure.least_room))
    heights = [[_height(e, measure.size, room) for e in side] for side in (right, left)]
    tall = max(max((sum(h) for h in heights), default=0.0), 2 * (thickness + 15.0) * _FILLED)
    half = tall / 2 / _FILLED
    grown = min(spare, max(0.0, 0.86 * half - a))
    a, thickness, room = a + grown, thickness + 0.55 * grown, room - grown
    curve = Ring((middle, top + half), (a, half), min(thickness, half - 12.0))
    placed = []
    for side, high, is_right in ((right, heights[0], True), (left, heights[1], False)):
        gap = min((tall - sum(high)) / (len(side) + 1), 9.0) if side else 0.0
        y = top + half - (sum(high) + gap * (len(side) - 1)) / 2
        for entry, tallness in zip(side, high, strict=True):
            lines = _lines(entry, measure.size, room)
            deep = _deep(entry, lines, measure.size) / 2
            centre = y + ((tallness + entry.apart) / 2 if entry.kind == "node" else tallness - deep)
            reach = curve.reach(centre - deep, centre + deep) + CLEAR
            own = curve.reach(centre, centre) + entry.size / 2 + CLEAR if entry.kind == "node" else 0.0
            edge = max(reach + (2.2 if entry.kind != "node" else 0.4), own)
            placed.append(Placed(entry, is_right, centre, lines, edge))
            y += tallness + gap
    return curve, placed


HEAD_SIZE, SUB_SIZE = 7.5, 7.0


def _lead(entry: Entry) -> float:
    return line_height(HEAD_SIZE if entry.kind == "sector" else SUB_SIZE)


def _lines(entry: Entry, size: float, room: float) -> tuple[str, ...]:
    face, points, width = "regular", size, room - _count_width(entry, size)
    if entry.kind != "node":
        face, points = ("semibold", HEAD_SIZE) if entry.kind == "sector" else ("italic", SUB_SIZE)
        width = room
    if _width(entry.text, points, face) <= width:
        return (entry.text,)
    return wrap_evenly(entry.text, width, points, face)


@lru_cache(maxsize=4096)
def _width(text: str, size: float, face: str = "regular") -> float:
    return text_width(text, size, face)


def _count_width(entry: Entry, size: float) -> float:
    return _width(entry.count, size, "semibold") + 1.2 if entry.count else 0.0


def _broad(entry: Entry, size: float) -> float:
    return _width(entry.text, size) + _count_width(entry, size) + 0.1


def _deep(entry: Entry, lines: tuple[str, ...], size: float) -> float:
    if entry.kind != "node":
        return len(lines) * _lead(entry)
    return len(lines) * line_height(size)


def _height(entry: Entry, size: float, room: float) -> float:
    lines = _lines(entry, size, room)
    if entry.kind == "sector":
        return len(lines) * _lead(entry) + 2.4
    if entry.kind == "institution":
        return len(lines) * _lead(entry) + 0.4
    return max(_deep(entry, lines, size) + 0.5, entry.size + 0.7) + entry.apart
