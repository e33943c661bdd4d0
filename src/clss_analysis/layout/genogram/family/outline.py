"""The dashed boundary around those who live together: its place, its words, and bays for who lives elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clss_analysis.layout.genogram.family.persons import Member
from clss_analysis.layout.genogram.family.rules import Rows
from clss_analysis.layout.geometry import Box, Line, Mark, Point, overlap, runs_through
from clss_analysis.layout.text import text_width, wrap

PAD = 4.4
EMPTY_HOUSEHOLD = (46.0, 22.0)
_FAR = 26.0
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
    rows: Rows, members: Mapping[str, Member], cells: Mapping[str, Cell], xs: Places, ys: list[float], top: float,
    words: tuple[str, float],
) -> Box:  # fmt: skip
    """The box around all who live in the household.

    Args:
        rows: slots from left to right.
        members: everybody.
        cells: what each takes up.
        xs: positions by slot and row.
        ys: height of each row.
        top: room for arches above the first row.
        words: the household's name and its size in points.
    """
    boxes = [
        (xs[p, i] - cells[p].left, ys[i] - 6.5, xs[p, i] + cells[p].right, ys[i] + max(cells[p].bottom, 6.5))
        for i, row in enumerate(rows)
        for p in row
        if p in members and members[p].inside
    ]
    if not boxes:
        y = ys[-1] + 24 if ys else 0.0
        boxes = [(-EMPTY_HOUSEHOLD[0] / 2, y, EMPTY_HOUSEHOLD[0] / 2, y + EMPTY_HOUSEHOLD[1] - 2 * PAD)]
    x0, y0, x1, y1 = hull(boxes)
    caption, size = words
    widest = max(text_width(line, size, "italic") for line in wrap(caption, max(x1 - x0, 40.0), size, "italic"))
    slack = max(0.0, widest + 8 - (x1 - x0 + 2 * PAD)) / 2
    return (x0 - PAD - slack, y0 - PAD - 1.5 - top, x1 + PAD + slack, y1 + PAD - 1.4)


def caption_spot(
    frame: Box, size: tuple[float, float], lines: tuple[Line, ...], labels: list[Box], bays: tuple[Mark, ...]
) -> tuple[Box, Point]:
    """Room for the words on the boundary: the leftmost free place in a strip at its foot, else at its top.

    Arrows come from above for the most part.  A bay reaches down to the foot wherever that is.
    """
    taken = [*labels, *((*bay.path[0], bay.path[-1][0], math.inf) for bay in bays if bay.path[-1][1] > frame[3])]
    x0, y0, x1, y1 = frame
    foot = (x0, y0, x1, y1 + size[1] + 1)
    steps = int(max(0.0, x1 - x0 - 6 - size[0])) + 1
    for grown, top in ((foot, y1 - 0.6), (frame, y0 + 1.2)):
        for step in range(steps):
            left = x0 + 3 + step
            box = (left - 1, top - 0.3, left + size[0] + 1, top + size[1] + 0.3)
            free = not any(overlap(box, other) for other in taken)
            if free and not any(runs_through(line.path, box) for line in lines):
                return grown, (left, top)
    return foot, (x0 + 3, y1 - 0.6)


def pushed_out(
    rows: Rows, members: Mapping[str, Member], cells: Mapping[str, Cell], xs: Places, ys: list[float], frame: Box
) -> bool:
    """Move those who live elsewhere, at either end of a row beside the household, out of its boundary.

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
                if slot in members and members[slot].inside:
                    break
                run.append(slot)
            while run and run[-1] not in members:
                run.pop()
            if len(run) == len(row) and side:
                continue
            shifts = [missing(p, index) for p in run if p in members]
            shift = min([0.0, *shifts]) if side == 0 else max([0.0, *shifts])
            if abs(shift) > _FAR:
                continue
            for slot in run:
                xs[slot, index] = round(xs[slot, index] + shift, 3)
            changed = changed or bool(shift)
    return changed


def bays(
    rows: Rows, members: Mapping[str, Member], cells: Mapping[str, Cell], xs: Places, ys: list[float], frame: Box
) -> tuple[Mark, ...]:
    """A bay cut into the boundary for whoever lives elsewhere but stands between those who live in the household."""
    marks: list[Mark] = []
    inside = [i for i, row in enumerate(rows) if any(p in members and members[p].inside for p in row)]
    for index in inside:
        for person in (p for p in rows[index] if p in members):
            x0, x1 = xs[person, index] - cells[person].left - 1.6, xs[person, index] + cells[person].right + 1.6
            if members[person].inside or x1 < frame[0] or x0 > frame[2]:
                continue
            y0, y1 = ys[index] - 8.2, ys[index] + cells[person].bottom + 1.2
            if index == inside[-1]:
                outline: tuple[Point, ...] = ((x0, frame[3]), (x0, y0), (x1, y0), (x1, frame[3]))
                marks += [Mark(((x0, y0), (x1, frame[3] + 0.6)), "bay"), Mark(outline, "bay-edge")]
            else:
                outline = ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))
                marks += [Mark(((x0, y0), (x1, y1)), "bay"), Mark(outline, "bay-edge")]
    return tuple(marks)


def hull(boxes: list[Box]) -> Box:
    """The least box around all of these."""
    return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
