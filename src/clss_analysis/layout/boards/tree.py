"""A tree that reads from left to right: one column a level, elbow edges that cannot cross.

Every leaf has rows of its own and a parent stands in the middle of its children, so that the order from top to
bottom is the order of the tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clss_analysis.layout.boards.parts import ruled, stack
from clss_analysis.layout.geometry import Line, Mark, Point, Symbol
from clss_analysis.layout.page import MARGIN, SMALL_MUTED, Part, Voice
from clss_analysis.records import Row

GUTTER, PAD_X, PAD_Y = 9.0, 2.2, 1.5
_LEVEL = 1.5  # mm: an elbow lower than this is taken for a crooked line, and is drawn level
_BAR = 1.1  # mm high: more would weigh as much as the words above it


@dataclass(frozen=True, slots=True)
class Branch:
    """A node with all below it: its column, its words, how they speak, and the records that it shows.

    `share` is how much of it is done, from 0 to 1, drawn as a bar; None draws none.
    """

    id: str
    column: int
    text: str
    voice: Voice
    role: str
    rows: tuple[Row, ...] = ()
    note: str = ""
    children: tuple[Branch, ...] = ()
    note_voice: Voice = SMALL_MUTED
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Left edges and widths in millimetres of the columns, and the gap between siblings in each."""

    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    gaps: Mapping[int, float]


def columns(
    width: float, shares: Sequence[float], gaps: Mapping[int, float], wider: Mapping[int, float] | None = None
) -> Columns:
    """Columns over a page of a width, by their shares of it.

    Args:
        width: of the page in millimetres.
        shares: of the columns, one in sum.
        gaps: between siblings of each column, in millimetres.
        wider: by column, how much wider than others the gutter before it is, in millimetres.
    """
    gutters = [0.0, *(GUTTER + (wider or {}).get(i, 0.0) for i in range(1, len(shares)))]
    room = width - 2 * MARGIN - sum(gutters)
    widths = tuple(share * room for share in shares)
    lefts = tuple(MARGIN + sum(widths[:i]) + sum(gutters[: i + 1]) for i in range(len(shares)))
    return Columns(lefts, widths, gaps)


def heads(names: Sequence[tuple[str, str]], across: Columns, top: float) -> Part:
    """Names of the levels, each over its column and a thin rule; `names` are pairs of id and words."""
    part = Part(top)
    for (name, words), left, width in zip(names, across.lefts, across.widths, strict=False):
        part += ruled(name, words, (left, top), width)
    return part


def place(branch: Branch, across: Columns) -> tuple[Part, float]:
    """A branch from 0 down, with the height at which its edges meet its own card."""
    own = card(branch, across)
    placed: list[tuple[Branch, Part, float]] = []
    y = 0.0
    for child in branch.children:
        drawn, anchor = place(child, across)
        y += across.gaps[child.column] if placed else 0.0
        placed.append((child, drawn.lowered(y), anchor + y))
        y += drawn.bottom
    own, spare = own.lowered(max(0.0, (y - own.bottom) / 2)), max(0.0, (own.bottom - y) / 2)
    middle = (own.symbols[0].box[1] + own.symbols[0].box[3]) / 2
    near = [at + spare for _, _, at in placed if abs(at + spare - middle) < _LEVEL]
    middle = near[0] if near else middle
    part, edges = own, []
    for child, drawn, at in placed:
        part += drawn.lowered(spare)
        end = (across.lefts[child.column], at + spare)
        edges.append(edge(branch.id, child.id, (own.symbols[0].box[2], middle), end))
    return part + Part(max(own.bottom, y), lines=tuple(edges)), middle


def card(branch: Branch, across: Columns, room: tuple[float, float] | None = None) -> Part:
    """A branch's own card from 0 down, in its column or in a room of its own (left edge and width)."""
    left, width = room or (across.lefts[branch.column], across.widths[branch.column])
    at, inner = (left + PAD_X, PAD_Y), width - 2 * PAD_X
    texts = (("text", branch.text, branch.voice, 0.0), ("note", branch.note, branch.note_voice, 0.3))
    labels = stack(branch.id, at, inner, *texts)
    low, marks = labels[-1].box[3], tuple[Mark, ...]()
    if branch.share is not None:
        low, marks = low + 1.0 + _BAR, _bar(at[0], low + 1.0, inner, branch.share)
    shape = Symbol(branch.id, "node", (left, 0.0, left + width, low + PAD_Y), branch.role, branch.rows)
    return Part(low + PAD_Y, symbols=(shape,), labels=labels, marks=marks)


def _bar(left: float, top: float, width: float, share: float) -> tuple[Mark, ...]:
    middle = top + _BAR / 2
    done = (Mark(((left, middle), (left + width * share, middle)), "progress"),) if share > 0 else ()
    return (Mark(((left, middle), (left + width, middle)), "progress-all"), *done)


def edge(source: str, target: str, start: Point, end: Point) -> Line:
    """An elbow from the right side of a card to the left side of another, straight where they are level."""
    spine = start[0] + GUTTER / 2
    path = (start, end) if start[1] == end[1] else (start, (spine, start[1]), (spine, end[1]), end)
    return Line(f"{source}--{target}", "edge", path, "branch", source, target)
