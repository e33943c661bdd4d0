"""Layouts as SVG: one element a stroke, text that stays text, the typeface within."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from clss_analysis.figures.strokes import (
    POLYGONS,
    Head,
    Outline,
    Piece,
    baseline,
    corner_of,
    corners_of,
    layer_of,
    pieces,
)
from clss_analysis.figures.style import INK_OF_TEXT, Look
from clss_analysis.figures.typeface import FAMILY, STYLES, drawable, embedded
from clss_analysis.layout.geometry import Label, Layout, Line, Mark, Point, Symbol
from clss_analysis.layout.text import MM_PER_PT, line_height, text_width

_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


def document(layout: Layout) -> str:
    """A figure as an SVG file that looks right wherever it is opened, and says what it shows.

    Args:
        layout: the geometry, in millimetres.

    Returns:
        The whole file; the same for the same layout.
    """
    parts: list[Symbol | Mark | Line] = [*layout.symbols, *layout.marks, *layout.lines]
    parts.sort(key=layer_of)
    used: dict[str, set[str]] = {}
    for label in layout.labels:
        used.setdefault(label.face, set()).update(drawable("".join(label.lines), label.face))
    width, height = number(layout.width), number(layout.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}mm" height="{height}mm"'
        f' role="img" lang="{layout.lang}" font-family="\'{FAMILY}\', sans-serif">\n'
        f"<title>{_plain(layout.title)}</title><desc>{_plain(layout.alt)}</desc>\n<style>{embedded(used)}</style>\n"
        f'<path d="M0 0H{width}V{height}H0Z" fill="#ffffff"/>\n'
        + "".join(f"{_named(part)}\n" for part in parts)
        + "".join(f"{words(label)}\n" for label in layout.labels)
        + "</svg>\n"
    )


def drawn(part: Symbol | Line | Mark) -> str:
    """The elements of a symbol, line or mark.

    >>> drawn(Symbol("a", "node", (0, 0, 10, 4), "bar"))
    '<rect width="10" height="4" rx="0.6" fill="#2f3d46"/>'
    """
    return "".join(map(_element, pieces(part)))


def words(label: Label) -> str:
    """A label, a `<text>` a line, each as wide as it was measured."""
    x0, y0, x1, _ = label.box
    x = {"left": x0, "center": (x0 + x1) / 2, "right": x1}[label.align]
    style = {
        "font-size": number(label.size * MM_PER_PT),
        "fill": INK_OF_TEXT[label.role],
        **STYLES[label.face],
        "text-anchor": _ANCHORS[label.align],
    }
    lines = []
    for index, line in enumerate(label.lines):
        y = baseline(y0, label.size) + index * line_height(label.size)
        shown = drawable(line, label.face)
        place = {
            "x": number(x),
            "y": number(y),
            **style,
            "textLength": number(text_width(shown, label.size, label.face)),
        }
        if shown:
            lines.append(f'<text{_attributes(place)} lengthAdjust="spacingAndGlyphs">{escape(shown)}</text>')
    return "".join(lines)


def plus(x: float, y: float) -> str:
    """The sign of what came, shown where a page says so."""
    at = f"translate({number(x)} {number(y)})"
    arms = '<path d="M-.9 0H.9M0-.9V.9" stroke="#ffffff" stroke-width=".35"/>'
    return f'<g class="plus" transform="{at}"><circle r="1.5" fill="#1a1a1a"/>{arms}</g>'


def number(value: float) -> str:
    """A length in millimetres, to a hundredth.

    >>> number(2.0), number(0.126)
    ('2', '0.13')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _named(part: Symbol | Line | Mark) -> str:
    """The elements of a part, in a group that bears its id where it has one."""
    return drawn(part) if isinstance(part, Mark) else f'<g id="{_plain(part.id)}">{drawn(part)}</g>'


def _element(piece: Piece) -> str:
    if isinstance(piece, Head):
        return f'<path class="tete" d="{_d(piece.corners)}Z" fill="{piece.look.edge}"/>'
    if not isinstance(piece, Outline):
        kind = ' class="halo"' if piece.halo else ""
        return f'<path{kind} d="{_d(piece.path)}" fill="none"{_stroked(piece.look, round_ends=not piece.halo)}/>'
    (x0, y0, x1, y1), look = piece.box, piece.look
    style = f' fill="{look.face or "none"}"{_stroked(look)}/>'
    if look.shape in POLYGONS:
        return f'<path d="{_d(corners_of(piece.box, look.shape))}Z"{style}'
    if look.shape == "ellipse":
        middle = {"cx": (x0 + x1) / 2, "cy": (y0 + y1) / 2, "rx": (x1 - x0) / 2, "ry": (y1 - y0) / 2}
        return f"<ellipse{_lengths(middle)}{style}"
    sides = {"x": x0, "y": y0, "width": x1 - x0, "height": y1 - y0, "rx": corner_of(piece.box, look)}
    return f"<rect{_lengths(sides)}{style}"


def _stroked(look: Look, *, round_ends: bool = False) -> str:
    if not look.edge:
        return ""
    width = look.width * MM_PER_PT
    style = {"stroke": look.edge, "stroke-width": number(width)}
    if look.dash:
        style["stroke-dasharray"] = " ".join(number(dash * width) for dash in look.dash)
    if look.dotted or (round_ends and not look.dash):
        style["stroke-linecap"] = "round"
    if round_ends:
        style["stroke-linejoin"] = "round"
    return _attributes(style)


def _lengths(values: dict[str, float]) -> str:
    return _attributes({name: number(value) for name, value in values.items() if value})


def _attributes(values: dict[str, str]) -> str:
    return "".join(f' {name}="{value}"' for name, value in values.items())


def _d(path: Iterable[Point]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in path)


def _plain(text: str) -> str:
    """A text as XML may hold it: no control characters, which no program may read."""
    return escape("".join(char for char in text if char >= " " or char in "\t\n"))
