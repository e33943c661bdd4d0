"""Geometry → ink: a layout drawn with matplotlib, and saved with the same bytes every time."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Ellipse, FancyBboxPatch, Polygon, Rectangle

from clss_analysis.figures.style import LOOKS, TEXT, Look
from clss_analysis.layout.geometry import Box, Label, Layout, Line, Point
from clss_analysis.layout.text import MM_PER_PT, font_file, line_height

_STYLE = {"svg.hashsalt": "clss", "svg.fonttype": "path", "pdf.fonttype": 42, "path.simplify": False}
_METADATA: dict[str, dict[str, Any]] = {
    ".svg": {"Date": None, "Creator": "clss-analysis"},
    ".pdf": {"CreationDate": None, "ModDate": None, "Creator": "clss-analysis", "Producer": None},
    ".png": {"Software": None},
}
ENDINGS = tuple(_METADATA)


def draw(layout: Layout) -> Figure:
    """Draw a layout.

    Args:
        layout: the geometry, in millimetres.

    Returns:
        A matplotlib Figure of the layout's size; it shows itself in Jupyter.
    """
    figure = Figure(figsize=(layout.width / 25.4, layout.height / 25.4), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, layout.width)
    axes.set_ylim(layout.height, 0)
    axes.axis("off")
    for mark in layout.marks:
        _stroke_or_area(axes, mark.path, LOOKS[mark.role])
    for symbol in sorted(layout.symbols, key=lambda s: s.kind != "household"):
        _shape(axes, symbol.box, LOOKS[symbol.role])
    for line in layout.lines:
        _stroke(axes, line)
    for label in layout.labels:
        _text(axes, label)
    return figure


def save(figure: Figure, path: Path) -> Path:
    """Write a figure as SVG, PDF or PNG (300 dpi), by file ending, whole or not at all.

    Raises:
        ValueError: another file ending.
    """
    ending = path.suffix.lower()
    if ending not in _METADATA:
        raise ValueError(f"a figure is written as {', '.join(ENDINGS)}; got {ending or 'no ending'}")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=ending)
    os.close(handle)
    try:
        with mpl.rc_context(_STYLE):  # type: ignore[arg-type]  # keys are rcParams
            figure.savefig(name, format=ending[1:], dpi=300, metadata=_METADATA[ending])
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


def _shape(axes: Axes, box: Box, look: Look) -> None:
    x0, y0, x1, y1 = box
    style: dict[str, Any] = {
        "facecolor": look.face or "none",
        "edgecolor": look.edge or "none",
        "linewidth": look.width,
        "linestyle": (0, look.dash) if look.dash else "solid",
    }
    if look.shape == "ellipse":
        patch: Any = Ellipse(((x0 + x1) / 2, (y0 + y1) / 2), x1 - x0, y1 - y0, **style)
    elif look.shape == "diamond":
        patch = Polygon([((x0 + x1) / 2, y0), (x1, (y0 + y1) / 2), ((x0 + x1) / 2, y1), (x0, (y0 + y1) / 2)], **style)
    elif look.shape == "triangle":
        patch = Polygon([((x0 + x1) / 2, y0), (x1, y1), (x0, y1)], **style)
    elif look.corner:
        c = look.corner
        patch = FancyBboxPatch((x0, y0), x1 - x0, y1 - y0, boxstyle=f"round,pad=0,rounding_size={c}", **style)
    else:
        patch = Rectangle((x0, y0), x1 - x0, y1 - y0, **style)
    axes.add_patch(patch)


def _stroke_or_area(axes: Axes, path: tuple[Point, ...], look: Look) -> None:
    if look.face:
        (x0, y0), (x1, y1) = path[0], path[-1]
        _shape(axes, (x0, y0, x1, y1), look)
    else:
        _polyline(axes, path, look)


def _polyline(axes: Axes, path: tuple[Point, ...], look: Look) -> None:
    xs, ys = zip(*path, strict=True)
    style: dict[str, Any] = {"linestyle": (0, look.dash) if look.dash else "solid"}
    axes.plot(xs, ys, color=look.edge, linewidth=look.width, solid_capstyle="round", solid_joinstyle="round", **style)


def _stroke(axes: Axes, line: Line) -> None:
    look = LOOKS[line.role]
    _polyline(axes, line.path, look)
    if look.head:
        _head(axes, line.path[-2], line.path[-1], look)
    if look.tail:
        _head(axes, line.path[1], line.path[0], look)


def _head(axes: Axes, before: Point, tip: Point, look: Look, length: float = 2.4, half: float = 0.85) -> None:
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    norm = (dx * dx + dy * dy) ** 0.5 or 1.0
    ux, uy = dx / norm, dy / norm
    bx, by = tip[0] - ux * length, tip[1] - uy * length
    corners = [tip, (bx - uy * half, by + ux * half), (bx + uy * half, by - ux * half)]
    axes.add_patch(Polygon(corners, facecolor=look.edge, edgecolor="none"))


def _text(axes: Axes, label: Label) -> None:
    font = FontProperties(fname=str(font_file(label.face)), size=label.size)
    x0, y0, x1, _ = label.box
    x = {"left": x0, "center": (x0 + x1) / 2, "right": x1}[label.align]
    leading = line_height(label.size)
    baseline = y0 + leading / 2 + 0.34 * label.size * MM_PER_PT
    for index, text in enumerate(label.lines):
        axes.text(
            x,
            baseline + index * leading,
            text,
            fontproperties=font,
            color=TEXT[label.role],
            ha=label.align,
            va="baseline",
            parse_math=False,
        )
