"""Layouts as SVG elements: the same looks and shapes as the ink of matplotlib, with text that stays text."""

from __future__ import annotations

from dataclasses import replace
from html import escape

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
from clss_analysis.layout.geometry import Box, Label, Mark, Point
from clss_analysis.layout.text import MM_PER_PT, line_height, text_width

_FACES = {"semibold": ' font-weight="600"', "bold": ' font-weight="700"', "italic": ' font-style="italic"'}
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


def shape(box: Box, look: Look) -> str:
    """A symbol with its second outline and its cross, where its look has them.

    >>> shape((0, 0, 10, 4), LOOKS["bar"])
    '<rect x="0" y="0" width="10" height="4" rx="0.6" fill="#2f3d46" stroke="none"/>'
    """
    drawn = _outline(box, look)
    if look.inner:
        x0, y0, x1, y1 = box
        drawn += _outline((x0 + look.inner, y0 + look.inner, x1 - look.inner, y1 - look.inner), look)
    if look.cross:
        drawn += "".join(_path(each, replace(look, width=0.7 * look.width)) for each in diagonals(box, look.shape))
    return drawn


def stroke(path: tuple[Point, ...], look: Look) -> str:
    """A line with its halo and its heads."""
    shaft = cut(path, HEAD * look.scale * 0.8) if look.head else path
    shaft = cut(shaft[::-1], HEAD * look.scale * 0.8)[::-1] if look.tail else shaft
    halo = ""
    if look.halo:
        inner = cut(cut(shaft, HALO_INSET)[::-1], HALO_INSET)
        halo = _path(inner, Look(edge="#ffffff", width=look.width + look.halo)).replace("<path", '<path class="halo"')
    heads = [path] * look.head + [path[::-1]] * look.tail
    tips = "".join(
        f'<path class="tete" d="{_d(arrow_head(behind(way, HEAD * look.scale), way[-1], look.scale))}Z"'
        f' fill="{look.edge}"/>'
        for way in heads
    )
    return halo + _path(shaft, look) + tips


def mark(each: Mark) -> str:
    """A mark: an area between two corners, or a line."""
    look = LOOKS[each.role]
    if look.face:
        (x0, y0), (x1, y1) = each.path[0], each.path[-1]
        return shape((x0, y0, x1, y1), look)
    return stroke(each.path, look)


def words(label: Label) -> str:
    """A label, a `<text>` a line, each as wide as it was measured."""
    x0, y0, x1, _ = label.box
    x = {"left": x0, "center": (x0 + x1) / 2, "right": x1}[label.align]
    size = label.size * MM_PER_PT
    lines = []
    for index, line in enumerate(label.lines):
        y = baseline(y0, label.size) + index * line_height(label.size)
        wide = text_width(line, label.size, label.face)
        lines.append(
            f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}" fill="{TEXT[label.role]}"'
            f'{_FACES.get(label.face, "")} text-anchor="{_ANCHORS[label.align]}" textLength="{number(wide)}"'
            f' lengthAdjust="spacingAndGlyphs">{escape(line)}</text>'
        )
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


def _outline(box: Box, look: Look) -> str:
    x0, y0, x1, y1 = box
    style = f' fill="{look.face or "none"}"{_stroked(look)}/>'
    if look.shape == "ellipse":
        cx, cy, rx, ry = (number(v) for v in ((x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2, (y1 - y0) / 2))
        return f'<ellipse cx="{cx}" cy="{cy}" rx="{rx}" ry="{ry}"{style}'
    if look.shape in POLYGONS:
        return f'<path d="{_d(corners_of(box, look.shape))}Z"{style}'
    x, y, width, height = (number(v) for v in (x0, y0, x1 - x0, y1 - y0))
    corner = min(look.corner, 0.45 * (y1 - y0), 0.45 * (x1 - x0))
    rounded = f' rx="{number(corner)}"' if corner else ""
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}"{rounded}{style}'


def _path(path: tuple[Point, ...], look: Look) -> str:
    return f'<path d="{_d(path)}" fill="none"{_stroked(look)} stroke-linejoin="round"/>'


def _stroked(look: Look) -> str:
    if not look.edge:
        return ' stroke="none"'
    width = look.width * MM_PER_PT
    cap = ' stroke-linecap="round"' if look.dash[:1] == (0.1,) else ""
    dash = f' stroke-dasharray="{" ".join(number(d * width) for d in look.dash)}"' if look.dash else ""
    return f' stroke="{look.edge}" stroke-width="{number(width)}"{dash}{cap}'


def _d(path: tuple[Point, ...] | list[Point]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in path)
