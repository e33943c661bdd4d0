"""The synoptic scheme of the project: its ten parts, from who comes in to the synergies in either direction."""

from __future__ import annotations

from clss_analysis.layout.boards.lists import numbered_list
from clss_analysis.layout.boards.parts import stack
from clss_analysis.layout.boards.programme import Item, board, section
from clss_analysis.layout.geometry import Box, Label, Layout, Line, Point, Symbol
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.page import MARGIN, PORTRAIT, SMALL_MUTED, STRONG, Part, Voice, block
from clss_analysis.records import Records, message

KIND = Kind(needs="programme")
_ROWS = ((1,), (3, 4), (2,), (5, 6), (9, 10), (7, 8))
_ARROWS = ((1, 3), (1, 4), (3, 2), (4, 2), (2, 5), (5, 6))
_SYNERGIES = ((5, 9), (9, 7), (8, 10), (10, 6))  # which go in either direction
_ROLES = {1: "aim", 5: "objective", 6: "objective", 9: "leaving", 10: "leaving"}
_GUTTER, _RISE, _PAD = 10.0, 9.0, 2.2
_COUNT = Voice(9.0, "semibold", "faint")
_INVERSE, _INVERSE_SMALL = Voice(face="semibold", role="inverse", even=True), Voice(7.5, role="inverse", even=True)


def lay_out(records: Records) -> Layout:
    """The synoptic scheme.

    Ten parts: the partnership on top, who comes through it to the way in, the assessment and the bridge to the
    collective, the collaborations with specialised actors, and between them the synergies, each in either direction.
    Another number of parts is laid out as a numbered list.

    Args:
        records: the dataset.

    Raises:
        NothingToDrawError: the dataset tells no scheme.

    >>> import clss_analysis as clss
    >>> clss.figures.synoptic(clss.read("data/publication")).geometry.kind
    'synoptic'
    """
    lang = records.lang
    items = section(records, "synoptic")
    if len(items) != sum(map(len, _ROWS)) or any(item.children for item in items):
        return numbered_list("synoptic", "synoptic", records, 2)
    notes = [message("programme.synoptic.arrows", lang)]
    return board("synoptic", "synoptic", records, items, lambda top: _body(items, top), notes=notes)


def _body(items: tuple[Item, ...], top: float) -> Part:
    part, y, boxes = Part(top), top, {}
    for row in _ROWS:
        width = (PORTRAIT - 2 * MARGIN - (len(row) - 1) * _GUTTER) / len(row)
        lefts = [MARGIN + i * (width + _GUTTER) for i in range(len(row))]
        texts = [_words(items[n - 1], n, left, y, width) for n, left in zip(row, lefts, strict=True)]
        bottom = max(label.box[3] for labels in texts for label in labels) + _PAD
        for n, left, labels in zip(row, lefts, texts, strict=True):
            item, box = items[n - 1], (left, y, left + width, bottom)
            part += Part(bottom, (Symbol(item.id, "node", box, _ROLES.get(n, "action"), item.rows),), (), labels)
            boxes[n] = box
        y = bottom + _RISE
    lines = tuple(
        Line(f"{items[a - 1].id}--{items[b - 1].id}", "edge", path, "flow", items[a - 1].id, items[b - 1].id)
        for (a, b) in (*_ARROWS, *_SYNERGIES, *(pair[::-1] for pair in _SYNERGIES))
        for path in [_path(boxes[a], boxes[b])]
    )
    return part + Part(part.bottom, lines=lines)


def _words(item: Item, number: int, left: float, top: float, width: float) -> tuple[Label, ...]:
    inverse = number == 1
    at, voice = (left + _PAD, top + _PAD - 0.1), _INVERSE if inverse else _COUNT
    count = block(f"{item.id}-number", str(number), at, 6, voice, of=item.id)
    x, room = left + _PAD + 6, width - 2 * _PAD - 6
    head = ("text", item.marked(), _INVERSE if inverse else STRONG, 0.0)
    detail = ("detail", item.detail, _INVERSE_SMALL if inverse else SMALL_MUTED, 0.3)
    return count, *stack(item.id, (x, top + _PAD), room, head, detail)


def _path(a: Box, b: Box) -> tuple[Point, Point]:
    """Across, or straight down or up, from one box to the next, where the narrower of them has its middle."""
    if abs(a[1] - b[1]) < 0.01:
        middle = (a[1] + a[3]) / 2
        return (a[2], middle), (b[0], middle)
    start, end = (a[1], b[3]) if a[1] > b[1] else (a[3], b[1])
    left, right = min(a, b, key=lambda box: box[2] - box[0])[::2]
    x = (left + right) / 2
    return (x, start), (x, end)
