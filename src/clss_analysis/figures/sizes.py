"""A figure with another title, in another size, or on axes of somebody's own."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from types import NoneType

from matplotlib.axes import Axes

from clss_analysis.figures.ink import Drawing, draw, draw_artists
from clss_analysis.layout.geometry import Layout, Point, relocated
from clss_analysis.layout.page import FORMATS, MARGIN, TITLE, Format, block, on_sheet
from clss_analysis.records.arguments import instance, one_of

LEAST = 7.0  # points: the smallest text that is still read on paper at arm's length


def adapted(
    drawing: Drawing, *, title: str | None = None, size: float | str | None = None, ax: Axes | None = None
) -> Drawing | Axes:
    """A figure as it was asked for.

    Args:
        drawing: the figure as its kind draws it.
        title: words over the drawing, instead of its own.
        size: width in millimetres, or a page by its name.
        ax: axes to draw on, in the place and size that they have.

    Returns:
        A new drawing; the axes where some were given.

    Raises:
        ValueError: text would be smaller than 7 pt; no such page.
        TypeError: `size` of a chart, which has axes of its own: give it axes of the size that you want.
    """
    instance("title", title, (str, NoneType), "a text")
    instance("ax", ax, (Axes, NoneType), "axes of a figure")
    if drawing.plot is not None and drawing.titled is not None:
        if size is not None:
            raise TypeError("a chart has no size but that of axes: give it some by ax=")
        if ax is None:
            return drawing if title is None else drawing.titled(title=title, finding="")
        drawing.plot(ax)
        ax.set_title(title or drawing.geometry.title)
        return ax
    layout = drawing.geometry if title is None else _titled(drawing.geometry, title)
    if ax is None:
        return draw(layout if size is None else _sized(layout, size))
    _on_axes(layout, ax)
    return ax


def _titled(layout: Layout, title: str) -> Layout:
    """The same with another title; what stands below it moves where the title has more or fewer lines."""
    old = next(label for label in layout.labels if label.id == "title")
    new = block("title", title, old.box[:2], layout.width - old.box[0] - MARGIN, replace(TITLE, size=old.size))
    by = new.box[3] - old.box[3]

    def at(x: float, y: float) -> Point:
        return (x, y + by) if y >= old.box[3] - 0.01 else (x, y)

    moved = relocated(replace(layout, title=title, height=layout.height + by), at)
    return replace(moved, labels=tuple(new if each.id == old.id else each for each in moved.labels))


def _sized(layout: Layout, size: float | str) -> Layout:
    if isinstance(size, str):
        page = FORMATS[one_of("size", size, FORMATS)]
        scale = min(
            (page.width - 2 * page.margin) / layout.width,
            (page.height - 2 * page.margin) / layout.height,
        )
    else:
        scale = size / layout.width
        page = Format("", size, layout.height * scale, margin=0.0)
    if (text := _smallest(layout) * scale) < LEAST - 0.01:
        width = math.ceil(layout.width * LEAST / _smallest(layout))
        raise ValueError(f"size must be {width} mm wide or more for text of {LEAST:.0f} pt; got {size}: {text:.1f} pt")
    return on_sheet(layout, page, scale)


def _on_axes(layout: Layout, ax: Axes) -> None:
    """Draw a layout on axes, as large as they allow without changing its shape."""
    box = ax.get_window_extent()
    width, height = (float(each) * 25.4 / ax.figure.dpi for each in (box.width, box.height))
    scale = min(width / layout.width, height / layout.height)
    if (text := _smallest(layout) * scale) < LEAST - 0.01:
        least = math.ceil(layout.width * LEAST / _smallest(layout))
        warnings.warn(
            f"text of {text:.1f} pt on these axes: for {LEAST:.0f} pt they must be {least} mm wide", stacklevel=4
        )
    draw_artists(ax, layout, scale)
    ax.set_aspect("equal")


def _smallest(layout: Layout) -> float:
    return min(label.size for label in layout.labels)
