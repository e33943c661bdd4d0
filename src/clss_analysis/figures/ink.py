"""Geometry → ink: a layout drawn with matplotlib, and saved with the same bytes every time."""

from __future__ import annotations

import io
import os
import tempfile
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from fontTools.ttLib import TTFont
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, FancyBboxPatch, Patch, Polygon, Rectangle
from matplotlib.text import Text

from clss_analysis.figures.inline import Inline
from clss_analysis.figures.strokes import (
    HALO_INSET,
    HEAD,
    POLYGONS,
    arrow_head,
    baseline,
    behind,
    corners_of,
    cut,
    diagonals,
)
from clss_analysis.figures.style import LOOKS, TEXT, Look
from clss_analysis.layout.geometry import Box, Label, Layout, Point
from clss_analysis.layout.text import font_file, line_height
from clss_analysis.privacy import Clearance, NotClearedError
from clss_analysis.records import message

_STYLE = {
    "svg.hashsalt": "clss",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "path.simplify": False,
    "text.hinting": "none",
}
_METADATA: dict[str, dict[str, Any]] = {
    ".svg": {"Date": None, "Creator": "clss-analysis"},
    ".pdf": {"CreationDate": None, "ModDate": None, "Creator": "clss-analysis", "Producer": None},
    ".png": {"Software": None},
}
ENDINGS = tuple(_METADATA)
_STEERING = frozenset(("Cc", "Cf", "Cs", "Mn", "Me"))
_BOUNDARY, _MARK, _SYMBOL, _LINE, _OVER, _TEXT = 0.5, 1.0, 2.0, 3.0, 3.5, 4.0
_UNUSED = ("GDEF", "GPOS", "GSUB", "OS/2", "cmap", "name")
_QUICK = {"compress_level": 1}


class Drawing(Figure):
    """A matplotlib Figure that keeps the geometry it was drawn from, and shows itself in Jupyter as SVG.

    `following` holds the further pages of a figure that takes more than one; `inline` is the same
    figure as HTML for a page, where it has that, and is what Jupyter shows then.
    """

    geometry: Layout
    following: tuple[Drawing, ...] = ()
    inline: Inline | None = None

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        """The drawing as a notebook shows it: SVG, with its alt text beside it as plain text."""
        svg = io.BytesIO()
        _write(self, svg, ".svg")
        bundle = {"image/svg+xml": svg.getvalue().decode("utf-8"), "text/plain": self.geometry.alt}
        if self.inline is not None:
            bundle["text/html"] = self.inline._repr_html_()
        return {
            kind: data
            for kind, data in bundle.items()
            if (include is None or kind in include) and (exclude is None or kind not in exclude)
        }


def draw(layout: Layout) -> Drawing:
    """Draw a layout.

    Args:
        layout: the geometry, in millimetres.

    Returns:
        A matplotlib Figure of the layout's size; every symbol and line carries its id as the artist's `gid`.
    """
    figure = Drawing(figsize=(layout.width / 25.4, layout.height / 25.4), facecolor="white")
    figure.geometry = layout
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, layout.width)
    axes.set_ylim(layout.height, 0)
    axes.axis("off")
    for symbol in layout.symbols:
        look = LOOKS[symbol.role]
        layer = _BOUNDARY if symbol.kind in ("household", "legend") else _SYMBOL
        _shape(axes, symbol.box, look, layer=layer, gid=symbol.id)
    for mark in layout.marks:
        _stroke_or_area(axes, mark.path, LOOKS[mark.role])
    for line in layout.lines:
        _stroke(axes, line.path, LOOKS[line.role], layer=_LINE, gid=line.id)
    for label in layout.labels:
        _text(axes, label)
    return figure


def save(drawing: Drawing, path: Path, clearance: Clearance | None = None) -> Path:
    """Write a figure as SVG, PDF or PNG (300 dpi), by file ending, whole or not at all.

    A file leaves the house, so that the gate is asked; a figure that shows itself on screen does not.

    Args:
        drawing: the figure.
        path: the file.
        clearance: what `privacy.clear` gave for the dataset drawn; a figure of synthetic records, marked as such,
            needs none.

    Raises:
        NotClearedError: without clearance, or the figure shows what may not be told.
        ValueError: another file ending.
    """
    geometry = drawing.geometry
    if clearance is not None:
        clearance.require(case=geometry.case, rows=geometry.rows, synthetic=geometry.synthetic)
    elif not geometry.synthetic:
        raise NotClearedError(message("privacy_no_clearance"))
    ending = path.suffix.lower()
    if ending not in _METADATA:
        raise ValueError(f"a figure is written as {', '.join(ENDINGS)}; got {ending or 'no ending'}")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=ending)
    os.close(handle)
    try:
        _write(drawing, name, ending)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


def _write(figure: Figure, target: str | io.BytesIO, ending: str) -> None:
    fonts = _outlines_only() if ending == ".pdf" else nullcontext()
    more: dict[str, Any] = {"pil_kwargs": _QUICK} if ending == ".png" else {}
    with mpl.rc_context(_STYLE), fonts:  # type: ignore[arg-type]  # keys are rcParams
        figure.savefig(target, format=ending[1:], dpi=300, metadata=_METADATA[ending], **more)


@contextmanager
def _outlines_only() -> Iterator[None]:
    """Fonts embedded in a PDF with what draws alone: text is shaped already, and found by glyph."""
    from fontTools import subset  # half a second, only where a PDF is written

    usual = subset.load_font

    def load(file: str, options: subset.Options) -> TTFont:
        return usual(io.BytesIO(_outlines(str(file))), options)

    subset.load_font = load
    try:
        yield
    finally:
        subset.load_font = usual


@cache
def _outlines(file: str) -> bytes:
    """A font without the tables that a PDF has no use for, some of which take long to read."""
    trimmed = io.BytesIO()
    with TTFont(file, recalcTimestamp=False) as font:
        for table in _UNUSED:
            if table in font:
                del font[table]
        font["post"].formatType = 3.0
        font.save(trimmed, reorderTables=False)
    return trimmed.getvalue()


def _shape(axes: Axes, box: Box, look: Look, layer: float, gid: str | None = None) -> None:
    _add(axes, _patch(box, look, layer, gid))
    if look.inner:
        x0, y0, x1, y1 = box
        _add(axes, _patch((x0 + look.inner, y0 + look.inner, x1 - look.inner, y1 - look.inner), look, layer))
    if look.cross:
        for path in diagonals(box, look.shape):
            _polyline(axes, path, replace(look, width=0.7 * look.width), layer)


def _patch(box: Box, look: Look, layer: float, gid: str | None = None) -> Patch:
    x0, y0, x1, y1 = box
    style: dict[str, Any] = {
        "facecolor": look.face or "none",
        "edgecolor": look.edge or "none",
        "linewidth": look.width if look.edge else 0.0,
        "linestyle": (0, look.dash) if look.dash else "solid",
        "zorder": layer,
        "gid": gid,
    }
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    if look.shape == "ellipse":
        return Ellipse((cx, cy), x1 - x0, y1 - y0, **style)
    if look.shape in POLYGONS:
        return Polygon(corners_of(box, look.shape), **style)
    if look.corner:
        corner = min(look.corner, 0.45 * (y1 - y0), 0.45 * (x1 - x0))
        return FancyBboxPatch((x0, y0), x1 - x0, y1 - y0, boxstyle=f"round,pad=0,rounding_size={corner}", **style)
    return Rectangle((x0, y0), x1 - x0, y1 - y0, **style)


def _stroke_or_area(axes: Axes, path: tuple[Point, ...], look: Look) -> None:
    if look.face:
        (x0, y0), (x1, y1) = path[0], path[-1]
        _shape(axes, (x0, y0, x1, y1), look, layer=_OVER if look.over else _MARK)
    else:
        _stroke(axes, path, look, layer=_OVER if look.over else _MARK)


def _polyline(axes: Axes, path: tuple[Point, ...], look: Look, layer: float, gid: str | None = None) -> None:
    xs, ys = zip(*path, strict=True)
    if look.halo:
        inner = cut(cut(path, HALO_INSET)[::-1], HALO_INSET)
        around: dict[str, Any] = {"color": "white", "linewidth": look.width + look.halo, "solid_capstyle": "butt"}
        _add(axes, Line2D(*zip(*inner, strict=True), **around, zorder=layer))
    style: dict[str, Any] = {"linestyle": (0, look.dash) if look.dash else "solid"}
    line = Line2D(
        xs,
        ys,
        color=look.edge,
        linewidth=look.width,
        solid_capstyle="round",
        solid_joinstyle="round",
        dash_capstyle="round" if look.dash[:1] == (0.1,) else "butt",
        dash_joinstyle="round",
        zorder=layer,
        gid=gid,
        **style,
    )
    _add(axes, line)


def _stroke(axes: Axes, path: tuple[Point, ...], look: Look, layer: float, gid: str | None = None) -> None:
    shaft = path
    if look.head:
        shaft = cut(shaft, HEAD * look.scale * 0.8)
    if look.tail:
        shaft = cut(shaft[::-1], HEAD * look.scale * 0.8)[::-1]
    _polyline(axes, shaft, look, layer, gid)
    if look.head:
        _head(axes, behind(path, HEAD * look.scale), path[-1], look, layer)
    if look.tail:
        _head(axes, behind(path[::-1], HEAD * look.scale), path[0], look, layer)


def _head(axes: Axes, before: Point, tip: Point, look: Look, layer: float) -> None:
    corners = arrow_head(before, tip, look.scale)
    _add(axes, Polygon(corners, facecolor=look.edge, edgecolor="none", linewidth=0.0, zorder=layer))


def _add(axes: Axes, artist: Artist) -> None:
    """Add what is drawn in full and changes no limits: `plot` and `add_patch` take half of the time for both."""
    artist.set_clip_on(False)
    axes.add_artist(artist)


def _text(axes: Axes, label: Label) -> None:
    font = _font(label.face, label.size)
    x0, y0, x1, _ = label.box
    x = {"left": x0, "center": (x0 + x1) / 2, "right": x1}[label.align]
    leading = line_height(label.size)
    for index, text in enumerate(label.lines):
        words = _Words(
            x,
            baseline(y0, label.size) + index * leading,
            _drawable(text, label.face),
            fontproperties=font,
            color=TEXT[label.role],
            ha=label.align,
            va="baseline",
            parse_math=False,
            zorder=_TEXT,
            transform=axes.transData,
        )
        _add(axes, words)


class _Words(Text):
    """A line of text on its baseline; unlike its parent it measures nothing but a width, and that where it matters."""

    def draw(self, renderer: RendererBase) -> None:
        """Draw with what every format draws text with."""
        text, font = self.get_text(), self.get_fontproperties()
        if not text:
            return
        x, y = self.get_transform().transform(self.get_position())
        part = {"left": 0.0, "center": 0.5, "right": 1.0}[self.get_horizontalalignment()]
        if part:
            x -= part * renderer.get_text_width_height_descent(text, font, ismath=False)[0]
        if renderer.flipy():
            y = renderer.get_canvas_width_height()[1] - y
        renderer.open_group("text")
        ink = renderer.new_gc()
        ink.set_foreground(to_rgba(self.get_color()), isRGBA=True)
        renderer.draw_text(ink, x, y, text, font, 0.0, ismath=False, mtext=self)
        ink.restore()
        renderer.close_group("text")


@cache
def _font(face: str, size: float) -> FontProperties:
    return FontProperties(fname=str(font_file(face)), size=size)


def _drawable(text: str, face: str) -> str:
    """The text as the shipped font can show it.

    Marks without a letter of their own, and characters that only steer others (joiners, direction), go; a character
    that the font lacks becomes a question mark: with them, matplotlib fails or draws nothing.
    """
    known = _characters(face)
    composed = unicodedata.normalize("NFC", text)
    kept = (char for char in composed if unicodedata.category(char) not in _STEERING)
    return "".join(char if char in known else "?" for char in kept)


@cache
def _characters(face: str) -> frozenset[str]:
    return frozenset(map(chr, get_font(str(font_file(face))).get_charmap()))
