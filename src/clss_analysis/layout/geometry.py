"""Frozen geometry: where the symbols, labels and lines of one figure sit, in millimetres, y downwards.

Nothing here knows how a thing looks: a `role` names what it is, and `figures/style.py` says how a role is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from clss_analysis.records.tables import Row

Box = tuple[float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A thing with an extent: a person, service, tree node, table cell, household boundary or legend.

    `kind` is one of person, service, other, node, household, legend; `role` picks its look.
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
    """One figure, laid out: page size in millimetres, items, and the words that go with it."""

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
    quality: dict[str, Any] = field(default_factory=dict)

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
            {"id": label.id, "kind": "label", "box": _rounded(label.box), "of": label.of, "text": " ".join(label.lines)}
            for label in self.labels
        ]
        return {
            "unit": "mm",
            "width": round(self.width, 3),
            "height": round(self.height, 3),
            "items": items,
            "quality": self.quality,
        }


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
    solid = [symbol for symbol in layout.symbols if symbol.kind != "household"]
    frames = [symbol for symbol in layout.symbols if symbol.kind == "household"]
    faults = [(a.id, b.id) for i, a in enumerate(solid) for b in solid[i + 1 :] if overlap(a.box, b.box)]
    faults += [(a.id, b.id) for a in frames for b in solid if b.kind in ("service", "other") and overlap(a.box, b.box)]
    faults += [
        (a.id, b.id) for i, a in enumerate(layout.labels) for b in layout.labels[i + 1 :] if overlap(a.box, b.box)
    ]
    faults += [(a.id, b.id) for a in solid for b in layout.labels if b.of != a.id and overlap(a.box, b.box)]
    return faults


def _rounded(values: tuple[float, ...]) -> list[float]:
    return [round(value, 3) for value in values]
