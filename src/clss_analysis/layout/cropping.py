"""A drawing without what frames it, to stand small among others that share one legend."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from clss_analysis.layout.geometry import Layout, relocated

_EDGE = 1.0  # mm left around the ink, so that no stroke is cut by half its width


def crop(layout: Layout) -> Layout:
    """What a figure draws, at its own size: without banner, title, legend, notes and source line.

    Whoever shows it says these things beside it.

    Args:
        layout: a figure with a legend under its drawing, or with none.

    Returns:
        A layout as large as the drawing and 1 mm around it; all else is the figure's.

    >>> import clss_analysis as clss
    >>> whole = clss.layout.sociogenogram(clss.read("data/gallery").case("G05"))
    >>> small = crop(whole)
    >>> small.width < whole.width, {label.of for label in small.labels} & {"figure", "legend"}
    (True, set())
    """
    top = max((b.box[3] for b in layout.labels if b.id in ("banner", "title", "subtitle")), default=0.0)
    ends = [s.box[1] for s in layout.symbols if s.kind == "legend"]
    ends += [b.box[1] for b in layout.labels if b.id == "source" or b.id.startswith("note-")]
    bottom = min(ends, default=layout.height)

    def drawn(ys: list[float]) -> bool:
        return top <= min(ys) and max(ys) <= bottom

    symbols = [s for s in layout.symbols if drawn([s.box[1], s.box[3]])]
    labels = [b for b in layout.labels if drawn([b.box[1], b.box[3]])]
    lines = [n for n in layout.lines if drawn([y for _, y in n.path])]
    marks = [m for m in layout.marks if drawn([y for _, y in m.path]) and m.role != "rule"]
    boxes = [*(s.box for s in symbols), *(b.box for b in labels)]
    corners = chain.from_iterable(((x0, y0), (x1, y1)) for x0, y0, x1, y1 in boxes)
    points = [*corners, *chain.from_iterable([*(n.path for n in lines), *(m.path for m in marks)])]
    dx, dy = (round(min(axis) - _EDGE, 3) for axis in zip(*points, strict=True))
    width, height = (round(max(axis) + _EDGE, 3) for axis in zip(*points, strict=True))

    inner = replace(
        layout, width=round(width - dx, 3), height=round(height - dy, 3),
        symbols=tuple(symbols), labels=tuple(labels), lines=tuple(lines), marks=tuple(marks),
    )  # fmt: skip
    return relocated(inner, lambda x, y: (round(x - dx, 3), round(y - dy, 3)))
