"""The dashed boundary around those who live together: its place, its words, and bays for who lives elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from clss_analysis.layout.genogram.family.persons import Member
from clss_analysis.layout.genogram.family.rules import Rows
from clss_analysis.layout.geometry import Box, Line, Mark, Point, overlap, runs_through
from clss_analysis.layout.text import block_size, text_width, wrap
from clss_analysis.records.residence import ROOF

PAD = 4.4
EAVES, RISE = 2.6, 3.0
"""Millimetres from what a roof covers to its edge, and from there to its top: seen as a roof, and in little room."""
EMPTY_HOUSEHOLD = (46.0, 22.0)
_EMPTY = EMPTY_HOUSEHOLD[1] - 2 * PAD
_FAR, _MASK, _THIN = 26.0, 0.6, 10.0
Places = dict[tuple[str, int], float]


@dataclass(frozen=True)
class Cell:
    """What a person takes up around the centre of the symbol, with the lines of their label and its side."""

    left: float
    right: float
    bottom: float
    lines: tuple[str, ...]
    side: str


def boundary(
    inside: list[Box], top: float, words: tuple[str, float], foot: float, outside: list[Box] | None = None
) -> Box:
    """The box around all who live in the household.

    Args:
        inside: what each of them takes up.
        top: room for arches above the first row.
        words: the household's name and its size in points.
        foot: where everybody else ends, below which an empty household stands.
        outside: what they take up, wherever they have been moved to; default: about a middle of 0.
    """
    middle = (hull(outside)[0] + hull(outside)[2]) / 2 if outside else 0.0
    empty = (middle - EMPTY_HOUSEHOLD[0] / 2, foot, middle + EMPTY_HOUSEHOLD[0] / 2, foot + _EMPTY)
    x0, y0, x1, y1 = hull(inside or [empty])
    caption, size = words
    widest = max(text_width(line, size, "italic") for line in wrap(caption, max(x1 - x0, 40.0), size, "italic"))
    slack = max(0.0, widest + 8 - (x1 - x0 + 2 * PAD)) / 2
    return (x0 - PAD - slack, y0 - PAD - 1.5 - top, x1 + PAD + slack, y1 + PAD - 1.4)


def captioned(
    frame: Box,
    words: tuple[str, float],
    lang: str,
    lines: tuple[Line, ...],
    labels: list[Box],
    bays: tuple[Mark, ...],
    low: float,
) -> tuple[tuple[str, ...], Box, Point]:
    """The words on the boundary, on more lines than they need where only so nothing runs through them.

    Args:
        frame: the boundary.
        words: the household's name and its size in points.
        lang: fr, nl or en.
        lines: those of the family.
        labels: boxes of all that is written elsewhere.
        bays: those of the boundary.
        low: how far down the family has room, for a boundary that is deeper for more lines.

    Returns:
        The lines, the boundary with room for them, and their upper left corner.
    """
    found = []
    for parts in (1, 2, 3):
        broken = wrap(words[0], (frame[2] - frame[0] - 6) / parts, words[1], "italic", lang)
        grown, corner, free = _spot(frame, block_size(broken, words[1], "italic"), lines, labels, bays)
        found.append((broken, grown, corner))
        if free and (parts == 1 or grown[3] <= low):
            return found[-1]
    return found[0]


def _spot(
    frame: Box, size: tuple[float, float], lines: tuple[Line, ...], labels: list[Box], bays: tuple[Mark, ...]
) -> tuple[Box, Point, bool]:
    """The leftmost free place in a strip at the foot of the boundary, else at its top, and whether there is one.

    Arrows come from above for the most part.  A bay reaches down to the foot wherever that is.
    """
    boxes = [(*bay.path[0], *bay.path[-1]) for bay in bays if bay.role == "bay"]
    taken = [*labels, *((*b[:3], math.inf if b[3] > frame[3] else b[3]) for b in boxes)]
    x0, y0, x1, y1 = frame
    foot = (x0, y0, x1, y1 + size[1] + 1)
    steps = int(max(0.0, x1 - x0 - 6 - size[0])) + 1
    for grown, top in ((foot, y1 - 0.6), (frame, y0 + 1.2)):
        for step in range(steps):
            left = x0 + 3 + step
            box = (left - 1, top - 0.3, left + size[0] + 1, top + size[1] + 0.3)
            free = not any(overlap(box, other) for other in taken)
            if free and not any(runs_through(line.path, box) for line in lines):
                return grown, (left, top), True
    return foot, (x0 + 3, y1 - 0.6), False


def pushed_out(
    rows: Rows, core: AbstractSet[str], cells: Mapping[str, Cell], xs: Places, ys: list[float], frame: Box
) -> bool:
    """Move those who do not always live in the household, at either end of a row, out of the boundary of who does.

    Args:
        rows: slots from left to right.
        core: who always lives in the household.
        cells: what each takes up.
        xs: positions by slot and row.
        ys: height of each row.
        frame: the boundary around the core.

    Returns:
        Whether anybody was moved; `xs` is changed.
    """
    changed = False
    for index, row in enumerate(rows):
        if not frame[1] - 8 < ys[index] < frame[3] + 8:
            continue
        ends: tuple[tuple[list[str], Callable[[str, int], float]], ...] = (
            (list(row), lambda p, i: frame[0] - PAD - xs[p, i] - cells[p].right),
            (list(row[::-1]), lambda p, i: frame[2] + PAD - xs[p, i] + cells[p].left),
        )
        for side, (order, missing) in enumerate(ends):
            run: list[str] = []
            for slot in order:
                if slot in core:
                    break
                run.append(slot)
            while run and run[-1] not in cells:
                run.pop()
            if len(run) == len(row) and side:
                continue
            shifts = [missing(p, index) for p in run if p in cells]
            shift = min([0.0, *shifts]) if side == 0 else max([0.0, *shifts])
            if abs(shift) > _FAR:
                continue
            for slot in run:
                xs[slot, index] = round(xs[slot, index] + shift, 3)
            changed = changed or bool(shift)
    return changed


def bays(inside: list[Box], outside: list[Box], frame: Box) -> tuple[Mark, ...]:
    """A bay cut into the boundary for whoever lives elsewhere but stands between those who live in the household.

    It opens by the shortest way on which nobody stands who lives there; where there is none, it is closed.

    Args:
        inside: what each takes up who lives in the household.
        outside: the same of the others.
        frame: the boundary.
    """
    marks: list[Mark] = []
    for cell in _side_by_side([_grown(b) for b in outside if overlap(_grown(b), frame)], inside):
        within = {side: (cell[side] - frame[side]) * (1 if side < 2 else -1) for side in (3, 2, 1, 0)}
        near = {side: 0.0 if gap < -_THIN else abs(gap) for side, gap in within.items()}  # jutting far out, it is open
        ways = [
            (round(near[one], 3), -one, (one, *other))
            for one in near
            for other in [*([two] for two in near if (one + two) % 2 and near[two] < _THIN), []]
            if not any(overlap(_opened(cell, frame, (one, *other)), box) for box in inside)
        ]
        (_, _, sides) = min(ways, key=lambda way: (*way[:2], -len(way[2]))) if ways else (0.0, 0, ())
        left, top, right, low = (frame[i] if i in sides else cell[i] for i in range(4))
        corners = ((left, low), (left, top), (right, top), (right, low))
        first = next((side for side in range(4) if side not in sides and (side - 1) % 4 in sides), 0)
        mask = _opened(cell, frame, sides, _MASK)
        edge = tuple(corners[(first + n) % 4] for n in range(5 - len(sides)))
        marks += [Mark((mask[:2], mask[2:]), "bay"), Mark(edge, "bay-edge")]
    return tuple(marks)


def _opened(cell: Box, frame: Box, sides: tuple[int, ...], beyond: float = 0.0) -> Box:
    """A cell that reaches to sides (0 left, 1 top, 2 right, 3 bottom) of the boundary, or a little beyond."""
    reach = [min(cell[i], frame[i] - beyond) if i < 2 else max(cell[i], frame[i] + beyond) for i in range(4)]
    left, top, right, low = (reach[i] if i in sides else cell[i] for i in range(4))
    return (left, top, right, low)


def _grown(box: Box) -> Box:
    return (box[0] - 1.6, box[1] - 1.7, box[2] + 1.6, box[3] + 1.2)


def _side_by_side(boxes: list[Box], inside: list[Box]) -> list[Box]:
    """Neighbours on a row as one, so that one bay holds all between whom nobody stands who lives in the household."""
    found: list[Box] = []
    for box in sorted(boxes, key=lambda b: (b[1], b[0])):
        both = hull([found[-1], box]) if found and found[-1][1] == box[1] else None
        if both is not None and not any(overlap(both, other) for other in inside):
            found[-1] = both
        else:
            found.append(box)
    return found


def hull(boxes: list[Box]) -> Box:
    """The least box around all of these."""
    return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))


def with_eaves(extent: Box, members: Iterable[Member]) -> Box:
    """The extent with room for a roof, where one may be drawn in some month."""
    if not any(stay.kind == ROOF for member in members for stay in member.whereabouts.stays):
        return extent
    x0, y0, x1, y1 = extent
    return (x0 - EAVES, y0 - EAVES - RISE, x1 + EAVES, y1 + EAVES)
