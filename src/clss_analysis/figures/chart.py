"""A chart: axes of matplotlib on a page of ours, with the title, notes and source line that every figure has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache, partial

import matplotlib as mpl
from cycler import cycler
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.font_manager import fontManager
from matplotlib.text import Text

from clss_analysis.figures.ink import Drawing, draw
from clss_analysis.layout.geometry import Box, Label, Line, Symbol
from clss_analysis.layout.page import MARGIN, PORTRAIT, Part, compose
from clss_analysis.layout.text import FACES, font_file
from clss_analysis.palette import GREY, INK, PALE, RULE, SLATE
from clss_analysis.records import Records, Row

SIZE = 7.5  # points, of all text on axes: read at arm's length on a printed page
LEGEND, CLEAR = 4.6, 2.2  # millimetres above the axes for a line of the legend, and between it and the axes
BAND = "#dfe5e8"  # behind a curve, paler than the grid lines on it
_DPI = 300  # at which text is measured; a hundredth of a millimetre
_STYLE = {
    "font.size": SIZE,
    "axes.labelsize": SIZE,
    "xtick.labelsize": SIZE,
    "ytick.labelsize": SIZE,
    "legend.fontsize": SIZE,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": "line",
    "axes.prop_cycle": cycler(color=[SLATE]),
    "grid.color": RULE,
    "grid.linewidth": 0.4,
    "lines.solid_capstyle": "butt",
    "lines.solid_joinstyle": "miter",
    "legend.handlelength": 2.6,
    "legend.frameon": False,
    "legend.borderpad": 0.0,
    "legend.borderaxespad": 0.2,
    "axes.facecolor": "none",
    "patch.linewidth": 0.0,
    "hatch.color": PALE,
    "text.hinting": "none",
    "text.parse_math": False,
}


def draw_chart(
    kind: str,
    records: Records,
    plot: Callable[[Axes], None],
    *,
    height: float,
    left: float = 22.0,
    right: float = 3.0,
    below: float = 10.0,
    legend: int = 0,
    clear: float = CLEAR,
    title: str,
    caption: str,
    alt: str,
    rows: Iterable[Row],
    notes: Iterable[str] = (),
    finding: str = "",
) -> Drawing:
    """A page with axes, and whatever `plot` draws on them.

    Args:
        kind: of the figure.
        records: the dataset drawn.
        plot: draws on the axes; a text with a `gid` bears it as the id of its label.
        height: of the axes in millimetres.
        left: room in millimetres for what stands left of the axes.
        right: the same on their right.
        below: the same below them: ticks, the name of the axis.
        legend: lines of the legend, which names the artists that have a label; 0: no legend.
        clear: millimetres between the legend and the axes.
        title: the topic, over the drawing.
        caption: under the figure in the book.
        alt: what a reader who cannot see it must know.
        rows: every record drawn.
        notes: sentences above the source line.
        finding: what the drawing shows, as `compose` has it.

    Returns:
        The drawing; its geometry holds the boxes of all text, that of the axes as measured.
    """
    tops: list[float] = []
    notes = tuple(notes)

    def room(top: float) -> Part:
        tops.append(top + (legend * LEGEND + clear if legend else 0.0))
        return Part(tops[0] + height + below)

    page = compose(
        kind, records, room, title=title, caption=caption, alt=alt, rows=rows, notes=notes, finding=finding
    )  # fmt: skip
    drawing = draw(page)
    wide = PORTRAIT - 2 * MARGIN - left - right
    with mpl.rc_context({**_STYLE, "font.family": _family()}):  # type: ignore[dict-item]  # keys are rcParams
        low = 1 - (tops[0] + height) / page.height
        axes = drawing.add_axes(((MARGIN + left) / page.width, low, wide / page.width, height / page.height))
        plot(axes)
        if legend:
            parts, words = axes.get_legend_handles_labels()
            first = (-left / wide, 1 + clear / height)
            axes.legend(parts, words, loc="lower left", bbox_to_anchor=first, ncols=-(-len(words) // legend))
        found = _measured(drawing, axes, page.height)
        labels = (*page.labels, *found.labels)
        drawing.geometry = replace(page, symbols=found.symbols, lines=found.lines, labels=labels)
    drawing.plot = partial(_on_axes, plot, legend=bool(legend))
    drawing.titled = partial(
        draw_chart, kind, records, plot, height=height, left=left, right=right, below=below, legend=legend,
        clear=clear, title=title, caption=caption, alt=alt, rows=page.rows, notes=notes, finding=finding,
    )  # fmt: skip
    return drawing


def _on_axes(plot: Callable[[Axes], None], axes: Axes, *, legend: bool) -> None:
    with mpl.rc_context({**_STYLE, "font.family": _family()}):  # type: ignore[dict-item]  # keys are rcParams
        axes.set_prop_cycle(color=[SLATE])
        axes.spines[["top", "right"]].set_visible(False)
        plot(axes)
        if legend:
            axes.legend()


@cache
def _family() -> str:
    """The shipped typeface, made known to matplotlib by the name it bears."""
    for face in FACES:
        fontManager.addfont(str(font_file(face)))
    return next(entry.name for entry in fontManager.ttflist if entry.fname == str(font_file("regular")))


def _measured(drawing: Drawing, axes: Axes, height: float) -> Part:
    """Every text on axes in its box, a text in a frame as a symbol besides, and every line that joins two such.

    A text in a frame has the id of its symbol and `-n` for its `gid`; a line has those of its ends, `--` between them.
    """
    usual = drawing.dpi
    drawing.dpi, scale = _DPI, 25.4 / _DPI
    renderer = FigureCanvasAgg(drawing).get_renderer()  # type: ignore[no-untyped-call]  # matplotlib's own
    drawing.draw_without_rendering()

    def box(artist: Artist) -> Box:
        x0, y0, x1, y1 = (float(each) * scale for each in artist.get_window_extent(renderer).extents)
        return x0, height - y1, x1, height - y0

    symbols, labels, lines = [], [], []
    for number, text in enumerate(axes.findobj(Text), start=1):
        name, frame, of = str(text.get_gid() or f"text-{number}"), text.get_bbox_patch(), "figure"
        if not (text.get_visible() and text.get_text().strip()):
            continue
        if frame is not None:
            of = name.removesuffix("-n")
            symbols.append(Symbol(of, "node", box(frame), "step"))
        size, align = float(text.get_fontsize()), str(text.get_horizontalalignment())
        face = "semibold" if text.get_fontweight() == "semibold" else "regular"
        labels.append(Label(name, box(text), tuple(text.get_text().split("\n")), of, size, face, align))
    for each in axes.lines:
        source, joins, target = str(each.get_gid() or "").partition("--")
        if joins:
            way = (each.get_transform().transform(each.get_xydata()) * scale).tolist()
            path = tuple((x, height - y) for x, y in way)
            lines.append(Line(f"{source}--{target}", "edge", path, "branch", source, target))
    drawing.dpi = usual
    return Part(height, tuple(symbols), tuple(lines), tuple(labels))
