"""Frozen geometry: where the symbols, labels and lines of one figure sit, in millimetres, y downwards.

Nothing here knows how a thing looks: a `role` names what it is, and `figures/style.py` says how a role is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, TypeVar

from clss_analysis.records.tables import Row

Box = tuple[float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A thing with an extent: a person, service, tree node, table cell, household boundary or legend.

    `kind` is one of person, service, other, node, household, institution, legend; `role` picks its look.
    """

    id: str
    kind: str
    box: Box
    role: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text as they are drawn, in a box that holds them by measured width.

    `of` is the id of the symbol or line it names ("figure" for the title and source line); `size` is in points.
    """

    id: str
    box: Box
    lines: tuple[str, ...]
    of: str
    size: float
    face: str = "regular"
    align: str = "left"
    role: str = "text"

    @property
    def text(self) -> str:
        """The words as they were before they were broken into lines; a break within a word is a hyphen U+2010."""
        return " ".join(self.lines).replace("\u2010 ", "")


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn connection: arrow, couple, descent or edge, as a polyline.

    `source` and `target` are ids of symbols; couple and descent lines list all persons they join in `members`.
    """

    id: str
    kind: str
    path: tuple[Point, ...]
    role: str
    source: str = ""
    target: str = ""
    members: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """Ink without meaning of its own: a swatch in a legend, a rule in a table, a tint behind a lane.

    Marks are drawn but are not items of the layout JSON.  `path` is a polyline, or two corners when `role` is
    drawn as an area.
    """

    path: tuple[Point, ...]
    role: str


@dataclass(frozen=True, slots=True)
class Layout:
    """One figure, laid out: page size in millimetres, items, and the words that go with it.

    `description` tells at length what `alt` tells in short, a paragraph a line; `parts` says what each symbol and line
    is, by id; `ties` is its table of ties, a row for each: ids of its lines, number, ends, what and when.  All are
    empty where a figure has none.
    """

    kind: str
    case: str | None
    lang: str
    width: float
    height: float
    title: str
    caption: str
    alt: str
    source: str
    symbols: tuple[Symbol, ...] = ()
    lines: tuple[Line, ...] = ()
    labels: tuple[Label, ...] = ()
    marks: tuple[Mark, ...] = ()
    rows: tuple[Row, ...] = ()
    synthetic: bool = False
    content: str = field(default="", compare=False)
    quality: dict[str, Any] = field(default_factory=dict)
    description: str = ""
    parts: dict[str, str] = field(default_factory=dict)
    ties: tuple[tuple[Any, ...], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The layout as the contract has it: unit, width, height, items, quality."""
        items: list[dict[str, Any]] = [
            {"id": symbol.id, "kind": symbol.kind, "box": _rounded(symbol.box)} for symbol in self.symbols
        ]
        for line in self.lines:
            item: dict[str, Any] = {
                "id": line.id,
                "kind": line.kind,
                "path": [_rounded(point) for point in line.path],
                "from": line.source,
                "to": line.target,
            }
            if line.members:
                item["members"] = list(line.members)
            items.append(item)
        items += [
            {"id": label.id, "kind": "label", "box": _rounded(label.box), "of": label.of, "text": label.text}
            for label in self.labels
        ]
        told = {"description": self.description} if self.description else {}
        return {
            "unit": "mm",
            "width": round(self.width, 3),
            "height": round(self.height, 3),
            "items": items,
            "quality": self.quality,
            **told,
        }


Item = TypeVar("Item", Symbol, Label, Line, Mark)
Whole = TypeVar("Whole")


def relocate(items: tuple[Item, ...], at: Callable[[float, float], Point]) -> tuple[Item, ...]:
    """The same items elsewhere: `at` gives the new place of every point.

    >>> relocate((Mark(((0.0, 0.0), (1.0, 0.0)), "rule"),), lambda x, y: (x + 2, y))
    (Mark(path=((2.0, 0.0), (3.0, 0.0)), role='rule'),)
    """
    return tuple(_at(item, at) for item in items)


def relocated(whole: Whole, at: Callable[[float, float], Point]) -> Whole:
    """The same layout, part of one or family with all that it draws elsewhere, as `relocate` has it."""
    parts = {name: relocate(getattr(whole, name), at) for name in ("symbols", "lines", "labels", "marks")}
    return replace(whole, **parts)  # type: ignore[type-var]  # a dataclass that has these


def _at(item: Item, at: Callable[[float, float], Point]) -> Item:
    if isinstance(item, (Symbol, Label)):
        return replace(item, box=(*at(*item.box[:2]), *at(*item.box[2:])))
    return replace(item, path=tuple(at(*point) for point in item.path))


def overlap(a: Box, b: Box, gap: float = 0.0) -> bool:
    """Whether two boxes share area, or come closer than `gap` millimetres.

    >>> overlap((0, 0, 2, 2), (1, 1, 3, 3)), overlap((0, 0, 2, 2), (2, 0, 3, 2))
    (True, False)
    """
    return a[0] < b[2] + gap and b[0] < a[2] + gap and a[1] < b[3] + gap and b[1] < a[3] + gap


def overlaps(layout: Layout) -> list[tuple[str, str]]:
    """Pairs of ids that must not overlap and do.

    Counted: two symbols, two labels, and a symbol with a label that does not name it.  The household boundary holds
    its members, so it counts only against what is outside it: symbols of kind service and other.

    Returns:
        Pairs of ids, empty for a sound layout.
    """
    solid = [symbol for symbol in layout.symbols if symbol.kind not in ("household", "institution")]
    frames = [symbol for symbol in layout.symbols if symbol.kind == "household"]
    faults = [(a.id, b.id) for i, a in enumerate(solid) for b in solid[i + 1 :] if overlap(a.box, b.box)]
    faults += [(a.id, b.id) for a in frames for b in solid if b.kind in ("service", "other") and overlap(a.box, b.box)]
    faults += [
        (a.id, b.id) for i, a in enumerate(layout.labels) for b in layout.labels[i + 1 :] if overlap(a.box, b.box)
    ]
    faults += [(a.id, b.id) for a in solid for b in layout.labels if b.of != a.id and overlap(a.box, b.box)]
    return faults


def strikes(layout: Layout) -> list[tuple[str, str]]:
    """Pairs of a line's id and the id of a foreign symbol or label that it runs through.

    A line belongs to its ends and members, and to their labels.  The household boundary may be crossed by a line that
    has an end or a member inside it, and by family lines; any other line must go round it.  A line that ends on the
    boundary must stay out of the household.

    Returns:
        Pairs, empty for a sound layout.
    """
    boxes = {s.id: s.box for s in layout.symbols}
    frames = [s for s in layout.symbols if s.kind in ("household", "institution")]
    solid = [s for s in layout.symbols if s.kind not in ("household", "institution")]
    faults = []
    for line in layout.lines:
        own, room = {line.source, line.target, *line.members}, _room(line.path)
        near = [(s.id, s.box) for s in solid if overlap(room, s.box) and s.id not in own]
        near += [(b.id, b.box) for b in layout.labels if overlap(room, b.box) and b.of not in own and b.of != line.id]
        faults += [(line.id, name) for name, box in near if runs_through(line.path, box)]
        if line.kind == "arrow":
            for frame in frames:
                within = any(end in boxes and overlap(boxes[end], frame.box) for end in own - {frame.id})
                if not within and runs_through(line.path, frame.box):
                    faults.append((line.id, frame.id))
    return faults


def _room(path: tuple[Point, ...]) -> Box:
    xs, ys = [x for x, _ in path], [y for _, y in path]
    return (min(xs) - 0.01, min(ys) - 0.01, max(xs) + 0.01, max(ys) + 0.01)


def length(path: Sequence[Point]) -> float:
    """How long a polyline is.

    >>> length([(0, 0), (3, 4), (3, 5)])
    6.0
    """
    return sum(math.dist(a, b) for a, b in pairwise(path))


def runs_through(path: tuple[Point, ...], box: Box, slack: float = 0.05) -> bool:
    """Whether a polyline enters a box by more than `slack` millimetres."""
    x0, y0, x1, y1 = box[0] + slack, box[1] + slack, box[2] - slack, box[3] - slack
    for (ax, ay), (bx, by) in pairwise(path):
        if (ax <= x0 and bx <= x0) or (ax >= x1 and bx >= x1) or (ay <= y0 and by <= y0) or (ay >= y1 and by >= y1):
            continue
        enter, leave = 0.0, 1.0
        for start, step, low, high in ((ax, bx - ax, x0, x1), (ay, by - ay, y0, y1)):
            if abs(step) < 1e-12:
                if not low < start < high:
                    enter, leave = 1.0, 0.0
                continue
            near, far = sorted(((low - start) / step, (high - start) / step))
            enter, leave = max(enter, near), min(leave, far)
        if enter < leave:
            return True
    return False


def crossings(layout: Layout) -> dict[str, int]:
    """How often lines cross, by the kinds of both ("arrow-arrow", "arrow-descent", …).

    Two arrows that share an end, and family lines that share a member, do not count.
    """
    found: dict[str, int] = {}
    rooms = [_room(line.path) for line in layout.lines]
    for index, a in enumerate(layout.lines):
        for other, b in enumerate(layout.lines[index + 1 :], index + 1):
            if not overlap(rooms[index], rooms[other], 0.01):
                continue
            alike = (a.kind == "arrow") == (b.kind == "arrow")
            if alike and {a.source, a.target, *a.members} & {b.source, b.target, *b.members}:
                continue
            count = sum(cross(p, q, r, s) for p, q in pairwise(a.path) for r, s in pairwise(b.path))
            if count:
                kind = "-".join(sorted((a.kind, b.kind)))
                found[kind] = found.get(kind, 0) + count
    return dict(sorted(found.items()))


def cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two segments cross at an inner point of both."""
    if max(a[0], b[0]) < min(c[0], d[0]) or max(c[0], d[0]) < min(a[0], b[0]):
        return False
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False

    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < -1e-9 and side(c, d, a) * side(c, d, b) < -1e-9


def _rounded(values: tuple[float, ...]) -> list[float]:
    return [round(value, 3) for value in values]
