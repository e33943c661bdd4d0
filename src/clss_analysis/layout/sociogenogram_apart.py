"""Arrows beside each other: small changes of a path, and what each costs among the arrows that lie.

A path found over corners shares them with others.  Here its bends and legs move aside by a track, its ends along the
border, so that no two arrows run on one line; the order of the tracks is the one with fewest crossings, since each
change is judged by what it crosses.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from clss_analysis.layout.geometry import Point
from clss_analysis.layout.sociogenogram_closeness import alongside
from clss_analysis.layout.sociogenogram_corners import distances
from clss_analysis.layout.sociogenogram_lanes import LANE
from clss_analysis.layout.sociogenogram_ports import End, Port, normal
from clss_analysis.layout.sociogenogram_ways import Bools, Floats, Whole, segments_cross, segments_hit_boxes

TRACK, SHARPEST = 1.6, -0.35
CROSSED, SHARED, PER_MM, TOUCHED = 90.0, 150.0, 4.0, 50.0
_TOUCH = 1.2
_NEAR, _LEAST, _MOST = 1.25, 1.0, 12.0
_STEPS = (TRACK, -TRACK, 2 * TRACK, -2 * TRACK, 3 * TRACK, -3 * TRACK)
Path = tuple[Point, ...]


def changes(path: Path, starts: Sequence[Port], stops: Sequence[Port]) -> list[Path]:
    """Paths a little different from one: a bend moved or left out, a leg moved aside, an end at another port.

    An end that moves takes the bend next to it along, or not.
    """
    found: dict[Path, None] = {}
    inner = range(1, len(path) - 1)
    for k in inner:
        x, y = path[k]
        for step in _STEPS:
            for dx, dy in ((step, 0.0), (0.0, step), (step, step), (step, -step)):
                found[(*path[:k], (x + dx, y + dy), *path[k + 1 :])] = None
        found[(*path[:k], *path[k + 1 :])] = None
    for k in inner[:-1]:
        (x, y), (u, v) = path[k], path[k + 1]
        long = max(float(np.hypot(u - x, v - y)), 1e-9)
        nx, ny = -(v - y) / long, (u - x) / long
        for step in _STEPS:
            moved = ((x + step * nx, y + step * ny), (u + step * nx, v + step * ny))
            found[(*path[:k], *moved, *path[k + 2 :])] = None
    for ports, forward in ((starts, True), (stops, False)):
        course = path if forward else path[::-1]
        for port in ports:
            there = (port[0], port[1])
            dx, dy = there[0] - course[0][0], there[1] - course[0][1]
            made = [(there, *course[1:])]
            if len(course) > 2:
                made.append((there, (course[1][0] + dx, course[1][1] + dy), *course[2:]))
            for option in made:
                found[option if forward else option[::-1]] = None
    found.pop(path, None)
    return list(found)


class Company:
    """The arrows that lie, as segments, to judge others by."""

    def __init__(self, paths: Sequence[Path], lanes: Sequence[int]) -> None:
        self.segments = np.array([(*a, *b) for path in paths for a, b in pairwise(path)]).reshape(-1, 4)
        counts = [len(path) - 1 for path in paths]
        self.starts: Whole = np.cumsum([0, *counts[:-1]]).astype(np.intp)
        self.bends = np.array([p for path in paths for p in path[1:-1]]).reshape(-1, 2)
        self.half = np.repeat([LANE * (n - 1) for n in lanes], counts)
        self.lanes = np.array(lanes, dtype=float)

    def cost(self, options: Sequence[Path], lanes: int) -> tuple[Floats, Floats]:
        """For each path the price of crossings and of running along others; and its segments' own, to be added up."""
        segments = flat(options)
        counts = np.array([len(path) - 1 for path in options])
        starts = np.cumsum([0, *counts[:-1]])
        if not len(self.segments):
            return np.zeros(len(options)), segments
        crossed = segments_cross(segments, self.segments).astype(float)
        along = alongside(segments, self.segments, _NEAR + self.half + LANE * (lanes - 1))
        both = [np.add.reduceat(np.add.reduceat(t, self.starts, axis=1), starts, axis=0) for t in (crossed, along)]
        price = CROSSED * lanes * both[0] * self.lanes
        price += SHARED * (both[1] > _LEAST) + PER_MM * np.minimum(both[1], _MOST)
        total: Floats = price.sum(axis=1)
        own = np.array([p for path in options for p in path[1:-1]]).reshape(-1, 2)
        owner = np.repeat(np.arange(len(options)), counts - 1)
        total += TOUCHED * np.bincount(
            owner, (distances(own, self.segments) < _TOUCH).sum(axis=1), minlength=len(options)
        )
        if len(self.bends):
            total += TOUCHED * np.add.reduceat((distances(self.bends, segments) < _TOUCH).sum(axis=0), starts)
        return total, segments


def flat(options: Sequence[Path]) -> Floats:
    """The segments of paths, one a row."""
    return np.array([(*a, *b) for path in options for a, b in pairwise(path)]).reshape(-1, 4)


def entered(segments: Floats, at: Whole, end: End, other: End) -> Bools:
    """Which segments run into their own end again, or, for those at the end, leave along its border."""
    x0, y0, x1, y1 = end.box
    if x0 < other.centre[0] < x1 and y0 < other.centre[1] < y1:
        return np.zeros(len(segments), dtype=bool)
    found = segments_hit_boxes(segments, np.array([(x0 - 1.1, y0 - 1.1, x1 + 1.1, y1 + 1.1)]))[:, 0]
    steps = units(segments[at, 2:] - segments[at, :2])
    for index, (x, y), (ux, uy) in zip(at.tolist(), segments[at, :2].tolist(), steps.tolist(), strict=True):
        radius = math.dist((x, y), end.centre) or 1.0
        nx, ny = normal(end, x, y, (x - end.centre[0]) / radius, (y - end.centre[1]) / radius)
        found[index] = nx * ux + ny * uy < 0.35
    return found


def smooth(path: tuple[Point, ...]) -> bool:
    """Whether no turn is sharp and no leg is short."""
    steps = [(u - x, v - y) for (x, y), (u, v) in pairwise(path)]
    long = [math.hypot(*step) for step in steps]
    if min(long) < 2.0 or min(long[0], long[-1]) < 3.2:
        return False
    turns = zip(pairwise(steps), pairwise(long), strict=True)
    return all(a[0] * b[0] + a[1] * b[1] >= SHARPEST * m * n for (a, b), (m, n) in turns)


def units(steps: Floats) -> Floats:
    """Directions of steps."""
    return steps / np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-9)[:, None]
