"""Numbered statements side by side."""

from __future__ import annotations

from clss_analysis.layout.boards.parts import stack
from clss_analysis.layout.boards.programme import Item, board, section
from clss_analysis.layout.geometry import Layout, Mark, Symbol
from clss_analysis.layout.page import EVEN, MARGIN, PORTRAIT, SMALL_MUTED, STRONG, Part, Voice, block
from clss_analysis.layout.text import line_height
from clss_analysis.records import Records

_NUMBER = Voice(19.0, "semibold", "faint")
_GUTTER, _PAD = 8.0, 2.6


def numbered_list(kind: str, name: str, records: Records, across: int) -> Layout:
    """A section as a numbered list, in so many columns."""
    items = section(records, name)
    return board(kind, name, records, items, lambda top: _body(items, across, top))


def _body(items: tuple[Item, ...], across: int, top: float) -> Part:
    width = (PORTRAIT - 2 * MARGIN - (across - 1) * _GUTTER) / across
    part, y = Part(top), top
    for start in range(0, len(items), across):
        row = items[start : start + across]
        cells = [_cell(item, start + i + 1, MARGIN + i * (width + _GUTTER), y, width) for i, item in enumerate(row)]
        bottom = max(cell.bottom for cell in cells)
        for i, (item, cell) in enumerate(zip(row, cells, strict=True)):
            left = MARGIN + i * (width + _GUTTER)
            shape = Symbol(item.id, "node", (left, y, left + width, bottom), "cell", item.rows)
            part += cell + Part(bottom, symbols=(shape,), marks=(Mark(((left, y), (left + width, y)), "rule"),))
        y = bottom
    return part


def _cell(item: Item, number: int, left: float, top: float, width: float) -> Part:
    figure = block(f"{item.id}-number", str(number), (left, top + 1), 12, _NUMBER, of=item.id)
    x, room = left + 12, width - 12
    first = top + 1 + line_height(_NUMBER.size) / 2
    y = first - line_height(STRONG.size) / 2 if not item.detail else top + _PAD
    words = block(f"{item.id}-text", item.marked(), (x, y), room, STRONG, of=item.id)
    if len(words.lines) > 1 and not item.detail:
        words = block(f"{item.id}-text", item.marked(), (x, top + _PAD), room, STRONG, of=item.id)
    labels = [figure, words, *stack(item.id, (x, words.box[3]), room, ("detail", item.detail, EVEN, 0.4))]
    for child in item.children:
        at = (x, labels[-1].box[3] + 0.4)
        labels.append(block(f"{child.id}-text", child.marked(), at, room, SMALL_MUTED, of=item.id))
    return Part(max(label.box[3] for label in labels) + _PAD, labels=tuple(labels))
