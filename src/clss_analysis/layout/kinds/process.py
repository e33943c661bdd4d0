"""The process of an individual accompaniment: steps going down, a decision on the way, and its ends."""

from __future__ import annotations

from clss_analysis.layout.boards.parts import stack
from clss_analysis.layout.boards.programme import Item, board, section
from clss_analysis.layout.geometry import Layout, Line, Mark, Symbol
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.page import EVEN, MARGIN, PORTRAIT, SMALL_MUTED, SMALL_STRONG, STRONG, Part, Voice, block
from clss_analysis.layout.text import line_height
from clss_analysis.records import Records

KIND = Kind(needs="programme")
_GAP, _PAD, _DISC = 4.2, 1.8, 2.4
_LEFT, _WIDTH, _SIDE, _SIDE_WIDTH = MARGIN + 8.0, 92.0, 112.0, 45.0
_NUMBER = Voice(7.5, "semibold", "inverse")


def lay_out(records: Records) -> Layout:
    """The steps of an accompaniment.

    A step with sublines that is not the last is a decision: its last subline is the way on, every other one leaves
    to the side.  The sublines of the last step are the ends.

    Args:
        records: the dataset.

    Raises:
        NothingToDrawError: the dataset tells no steps.

    >>> import clss_analysis as clss
    >>> clss.figures.process(clss.read("data/publication")).geometry.kind
    'process'
    """
    items = section(records, "process")
    return board("process", "process", records, items, lambda top: _body(items, top))


def _body(items: tuple[Item, ...], top: float) -> Part:
    part, y = Part(top), top + 1
    before: Symbol | None = None
    for number, item in enumerate(items, start=1):
        decision = bool(item.children) and item is not items[-1]
        step = _step(item, number, y, "decision" if decision else "step")
        part += step
        if before is not None:
            part += _down(before, step.symbols[0])
        before, y = step.symbols[0], step.bottom + _GAP
        if decision:
            *leaving, onward = item.children
            part += _aside(step.symbols[0], leaving)
            at = (_LEFT + 10, step.bottom + 1.5)
            way = block(f"{onward.id}-text", onward.marked(), at, _WIDTH - 12, SMALL_STRONG, of=onward.id)
            box = (_LEFT + 9, way.box[1] - 0.4, _LEFT + _WIDTH, way.box[3] + 0.4)
            part += Part(way.box[3], symbols=(Symbol(onward.id, "node", box, "cell", onward.rows),), labels=(way,))
            y = way.box[3] + 2.4
    return part + _ends(items[-1], before) if before else part


def _step(item: Item, number: int, top: float, role: str) -> Part:
    at, room = (_LEFT + 2.4, top + _PAD), _WIDTH - 4.8
    texts = (("text", item.marked(), STRONG, 0.0), ("detail", item.detail, SMALL_MUTED, 0.3))
    labels = stack(item.id, at, room, *texts)
    bottom = labels[-1].box[3] + _PAD
    x, y = MARGIN + _DISC, (top + _PAD + line_height(STRONG.size) / 2)
    sign = block(
        f"{item.id}-number", str(number), (x - _DISC, y - line_height(7.5) / 2), 2 * _DISC, _NUMBER, align="center"
    )
    disc = Mark(((x - _DISC, y - _DISC), (x + _DISC, y + _DISC)), "number")
    shape = Symbol(item.id, "node", (_LEFT, top, _LEFT + _WIDTH, bottom), role, item.rows)
    return Part(bottom, symbols=(shape,), labels=(*labels, sign), marks=(disc,))


def _down(a: Symbol, b: Symbol) -> Part:
    x = _LEFT + 6
    return Part(0, lines=(Line(f"{a.id}--{b.id}", "edge", ((x, a.box[3]), (x, b.box[1])), "flow", a.id, b.id),))


def _aside(step: Symbol, leaving: list[Item]) -> Part:
    part, y = Part(0), step.box[1]
    for item in leaving:
        text = block(f"{item.id}-text", item.marked(), (_SIDE + 2.2, y + 1.5), _SIDE_WIDTH - 4.4, EVEN, of=item.id)
        bottom = text.box[3] + 1.5
        box = Symbol(item.id, "node", (_SIDE, y, _SIDE + _SIDE_WIDTH, bottom), "leaving", item.rows)
        middle = (y + bottom) / 2
        path = ((step.box[2], middle), (_SIDE, middle))
        part += Part(bottom, (box,), (Line(f"{step.id}--{item.id}", "edge", path, "flow", step.id, item.id),), (text,))
        y = bottom + 2
    return part


def _ends(last: Item, step: Symbol) -> Part:
    """The ends side by side under the last step."""
    if not last.children:
        return Part(step.box[3])
    gap = 4.0
    width = (PORTRAIT - MARGIN - _LEFT - gap * (len(last.children) - 1)) / len(last.children)
    top, part = step.box[3] + 8, Part(step.box[3])
    bus, x0 = step.box[3] + 3.6, _LEFT + 6
    lefts = [_LEFT + i * (width + gap) for i in range(len(last.children))]
    texts = [
        block(f"{item.id}-text", item.marked(), (left + 2.2, top + 1.6), width - 4.4, EVEN, of=item.id)
        for item, left in zip(last.children, lefts, strict=True)
    ]
    bottom = max(text.box[3] for text in texts) + 1.6
    for i, (item, left, text) in enumerate(zip(last.children, lefts, texts, strict=True)):
        x = left + width / 2
        path = ((x0, step.box[3]), (x0, bus), (x, bus), (x, top)) if i else ((x0, step.box[3]), (x0, top))
        box = Symbol(item.id, "node", (left, top, left + width, bottom), "end", item.rows)
        part += Part(bottom, (box,), (Line(f"{step.id}--{item.id}", "edge", path, "flow", step.id, item.id),), (text,))
    return part
