"""The mark of a working drawing: across the figure, and in what the file says of itself."""

from __future__ import annotations

import re
from html import escape
from math import atan2, degrees, hypot

from clss_analysis.figures.style import INK_OF_TEXT
from clss_analysis.figures.typeface import FAMILY, STYLES, embedded
from clss_analysis.layout.text import MM_PER_PT, text_width
from clss_analysis.records import message

MARK = "clss-working"
"""What every file of a working drawing holds somewhere in its bytes, as SVG or PNG."""
_FACE = "semibold"
_SPAN = 0.8  # of the diagonal, so that the words end inside the figure
_PALE = "0.22"
_BOX = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')


def marked(svg: str, lang: str, *, alone: bool = True) -> str:
    """An SVG with « document de travail – ne pas diffuser » from corner to corner, in its title and description.

    Args:
        svg: a whole SVG with a viewBox from 0 0, a title and a description.
        lang: fr, nl or en.
        alone: whether the file brings the typeface of these words; a page that has it needs none.
    """
    words = message("figure.working", lang)
    box = _BOX.search(svg)
    if box is None:
        raise ValueError("an SVG says its viewBox from 0 0")
    width, height = float(box[1]), float(box[2])
    size = _SPAN * hypot(width, height) / (text_width(words, 1.0, _FACE) / MM_PER_PT)
    style = {"font-size": f"{size:.2f}", "fill": INK_OF_TEXT["text"], **STYLES[_FACE], "fill-opacity": _PALE}
    shown = "".join(f' {name}="{value}"' for name, value in style.items())
    turn = f"translate({width / 2:.2f} {height / 2:.2f}) rotate({-degrees(atan2(height, width)):.2f})"
    face = f"<style>{embedded({_FACE: set(words)})}</style>" if alone else ""
    across = (
        f'{face}<g id="{MARK}" transform="{turn}" font-family="\'{FAMILY}\', sans-serif"><text text-anchor="middle"'
        f' y="{size / 3:.2f}"{shown}>{escape(words)}</text></g>\n</svg>'
    )
    told = re.sub(r"<(title|desc)>", lambda tag: f"{tag[0]}{escape(words)}. ", svg, count=2)
    head, _, rest = told.rpartition("</svg>")
    return head + across + rest
