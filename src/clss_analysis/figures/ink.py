"""Geometry → ink: a layout as a matplotlib Figure, and as a file with the same bytes every time."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, FancyBboxPatch, Patch, Polygon, Rectangle
from matplotlib.text import Text

from clss_analysis.figures import svg
from clss_analysis.figures.convert import FORMATS, convert
from clss_analysis.figures.inline import Inline
from clss_analysis.figures.strokes import (
    POLYGONS,
    TEXT,
    Head,
    Outline,
    Piece,
    Stroke,
    baseline,
    corner_of,
    corners_of,
    layer_of,
    pieces,
)
from clss_analysis.figures.style import INK_OF_TEXT
from clss_analysis.figures.typeface import FAMILY, STYLES, drawable, embedded
from clss_analysis.figures.working import marked
from clss_analysis.layout.geometry import Label, Layout, Line, Mark, Symbol
from clss_analysis.layout.text import font_file, line_height
from clss_analysis.privacy import Clearance, NotClearedError
from clss_analysis.records import message
from clss_analysis.records.arguments import instance
from clss_analysis.records.atomic import PRIVATE, SHARED, write_file

ENDINGS = (".svg", *FORMATS)
_STYLE = {"svg.hashsalt": "clss", "svg.fonttype": "none", "path.simplify": False}
_DECLARED = '<?xml version="1.0" encoding="utf-8"?>\n'
_PROLOGUE = re.compile(r"^.*?(?=<svg\b)", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)


class Drawing(Figure):
    """A matplotlib Figure that keeps the geometry it was drawn from, and shows itself in Jupyter as SVG.

    `following` holds the further pages of a figure that takes more than one; `inline` is the same
    figure as HTML for a page, where it has that, and is what Jupyter shows then; `plot` draws what a chart
    has on axes, on any others, and `titled` is the chart under another `title`. `made` is the geometry as its
    kind gave it, `title_given` the title that somebody else did.  The artists of the layout are made
    when they are first asked for: a figure that is only written to a file needs none.
    """

    geometry: Layout
    following: tuple[Drawing, ...] = ()
    inline: Inline | None = None
    plot: Callable[[Axes], None] | None = None
    titled: Callable[..., Drawing] | None = None
    made: Layout | None = None
    title_given: str = ""
    _page: Layout | None = None

    @property  # type: ignore[misc]  # the parent's cannot be set either
    def axes(self) -> list[Axes]:  # type: ignore[override]  # as the parent has it
        """Axes, that of the page first."""
        self._draw_page()
        return super().axes

    def get_children(self) -> list[Artist]:
        """All that is drawn."""
        self._draw_page()
        return super().get_children()

    def add_axes(self, *args: Any, **options: Any) -> Axes:  # noqa: ANN401  # as the parent has it
        """Add axes over those of the page."""
        self._draw_page()
        return super().add_axes(*args, **options)

    def _draw_page(self) -> None:
        layout, self._page = self._page, None
        if layout is not None:
            draw_artists(super().add_axes((0, 0, 1, 1)), layout)

    def to_svg(self) -> str:
        """The figure as a whole SVG file: text as text, the typeface within, title and description."""
        if len(super().axes) > 1 or self.texts:  # others than the page's, so that what they show is no geometry
            return _chart_svg(self)
        return svg.document(self.geometry)

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        """The drawing as a notebook shows it: SVG, with its alt text beside it as plain text."""
        bundle = {"image/svg+xml": self.to_svg(), "text/plain": self.geometry.alt}
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
    instance("layout", layout, Layout, "a geometry, such as that of a figure")
    figure = Drawing(figsize=(layout.width / 25.4, layout.height / 25.4), facecolor="white")
    figure.geometry = figure._page = layout
    return figure


def save(drawing: Drawing, path: str | Path, clearance: Clearance | None = None) -> Path:
    """Write a figure as SVG, PDF or PNG (300 dpi), by file ending, whole or not at all.

    A file leaves the house, so that the gate is asked; a figure that shows itself on screen does not.  With a working
    clearance it is marked as a working drawing and stays its owner's alone.

    Args:
        drawing: the figure.
        path: the file.
        clearance: what `privacy.clear` gave for the dataset drawn.

    Raises:
        NotClearedError: without clearance, or the figure shows what may not be told.
        ValueError: another file ending.
    """
    geometry = instance("drawing", drawing, Drawing, "a figure of clss.figures").geometry
    if clearance is None:
        raise NotClearedError(message("privacy_no_clearance"))
    instance("clearance", clearance, Clearance, "what clss.privacy.clear(records) gives")
    clearance.require(
        case=geometry.case, rows=geometry.rows, synthetic=geometry.synthetic, content=geometry.content,
        own_work=clearance.working,
    )  # fmt: skip
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise ValueError(f"a figure is written as {', '.join(ENDINGS)}; got {ending or 'no ending'}")
    made = marked(drawing.to_svg(), geometry.lang) if clearance.working else drawing.to_svg()
    mode = PRIVATE if clearance.working else SHARED
    return write_file(path, f"{_DECLARED}{made}" if ending == ".svg" else convert(made, ending), mode)


def _chart_svg(figure: Drawing) -> str:
    """What matplotlib writes of a figure with axes, as other figures are: named, described, its typeface within."""
    raw = io.StringIO()
    with mpl.rc_context(_STYLE):  # type: ignore[arg-type]  # keys are rcParams
        figure.savefig(raw, format="svg", metadata={"Date": None})
    written = _METADATA.sub("", _PROLOGUE.sub("", raw.getvalue(), count=1), count=1)
    layout = figure.geometry
    used: dict[str, set[str]] = {}
    for label in layout.labels:
        used.setdefault(label.face, set()).update("".join(label.lines))
    told = f"<title>{escape(layout.title)}</title><desc>{escape(layout.alt)}</desc><style>{embedded(used)}</style>"
    head, inside, rest = written.partition(">")
    return f'{head} role="img" lang="{layout.lang}"{inside}\n{told}{rest}'


def draw_artists(axes: Axes, layout: Layout, scale: float = 1.0) -> None:
    """Draw a layout on axes whose millimetres are `scale` times as large as those of the page it was laid out for."""
    axes.set_xlim(0, layout.width)
    axes.set_ylim(layout.height, 0)
    axes.axis("off")
    parts: list[Symbol | Mark | Line] = [*layout.symbols, *layout.marks, *layout.lines]
    for part in parts:
        name = None if isinstance(part, Mark) else part.id
        for piece in pieces(part):
            artist = _artist(piece, scale)
            artist.set(zorder=layer_of(part), clip_on=False)
            if name and not (isinstance(piece, Stroke) and piece.halo):
                artist.set_gid(name)
                name = None
            axes.add_artist(artist)
    for label in layout.labels:
        _add_text(axes, label, scale)


def _artist(piece: Piece, scale: float) -> Artist:
    if isinstance(piece, Outline):
        return _patch(piece, scale)
    if isinstance(piece, Head):
        return Polygon(piece.corners, facecolor=piece.look.edge, edgecolor="none", linewidth=0.0)
    look = piece.look
    return Line2D(
        *zip(*piece.path, strict=True),
        color=look.edge,
        linewidth=look.width * scale,
        linestyle=(0, look.dash) if look.dash else "solid",
        solid_capstyle="butt" if piece.halo else "round",
        solid_joinstyle="round",
        dash_capstyle="round" if look.dotted else "butt",
        dash_joinstyle="round",
    )


def _patch(piece: Outline, scale: float) -> Patch:
    (x0, y0, x1, y1), look = piece.box, piece.look
    style: dict[str, Any] = {
        "facecolor": look.face or "none",
        "edgecolor": look.edge or "none",
        "linewidth": look.width * scale if look.edge else 0.0,
        "linestyle": (0, look.dash) if look.dash else "solid",
    }
    if look.shape == "ellipse":
        return Ellipse(((x0 + x1) / 2, (y0 + y1) / 2), x1 - x0, y1 - y0, **style)
    if look.shape in POLYGONS:
        return Polygon(corners_of(piece.box, look.shape), **style)
    if look.corner:
        rounding = f"round,pad=0,rounding_size={corner_of(piece.box, look)}"
        return FancyBboxPatch((x0, y0), x1 - x0, y1 - y0, boxstyle=rounding, **style)
    return Rectangle((x0, y0), x1 - x0, y1 - y0, **style)


def _add_text(axes: Axes, label: Label, scale: float) -> None:
    x0, y0, x1, _ = label.box
    for index, text in enumerate(label.lines):
        words = Text(
            {"left": x0, "center": (x0 + x1) / 2, "right": x1}[label.align],
            baseline(y0, label.size) + index * line_height(label.size),
            drawable(text, label.face),
            fontproperties=_font(label.face, label.size * scale),
            color=INK_OF_TEXT[label.role],
            ha=label.align,
            va="baseline",
            parse_math=False,
            zorder=TEXT,
            transform=axes.transData,
            clip_on=False,
        )
        axes.add_artist(words)


@cache
def _font(face: str, size: float) -> FontProperties:
    """A shipped font for matplotlib, with what SVG is to say of it."""
    style = STYLES[face]
    return FontProperties(
        family=FAMILY,
        weight=int(style.get("font-weight", "400")),
        style="italic" if "font-style" in style else "normal",
        fname=str(font_file(face)),
        size=size,
    )
