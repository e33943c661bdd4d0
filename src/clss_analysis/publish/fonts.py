"""The typefaces of site and EPUB: the shipped ones, cut down to the letters that French, Dutch and English need."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files

from fontTools import subset as fonttools_subset
from fontTools.ttLib import TTFont

from clss_analysis.records import escape

FACES = {
    "serif": "ClssSerif-Regular.ttf",
    "serif-italique": "ClssSerif-It.ttf",
    "serif-gras": "ClssSerif-Semibold.ttf",
    "sans": "ClssSans-Regular.ttf",
    "sans-gras": "ClssSans-Semibold.ttf",
}
_RANGES = ((0x20, 0x17F), (0x2010, 0x206F), (0x2190, 0x2193))  # code points: Latin letters, punctuation, arrows
_SINGLE = (0x20AC, 0x2116, 0x2122, 0x2212, 0x2248, 0x2264, 0x2265, 0x21A9, 0x25A0, 0x25CF, 0x2713)
"""Code points: euro, numero, trademark, signs of mathematics, marks of figures."""


@cache
def subset(face: str) -> bytes:
    """A face as WOFF with the Latin letters, punctuation and the usual signs.

    Args:
        face: one of FACES.

    Returns:
        The file; the same bytes each time.

    >>> subset("sans")[:4]
    b'wOFF'
    """
    options = fonttools_subset.Options()
    options.layout_features = ["kern", "liga", "locl", "ccmp", "mark", "onum", "lnum"]
    options.hinting = False
    options.notdef_outline = True
    options.recalc_timestamp = False
    wanted = [code for first, last in _RANGES for code in range(first, last + 1)] + list(_SINGLE)
    with TTFont(str(files("clss_analysis.fonts").joinpath(FACES[face])), recalcTimestamp=False) as font:
        cutter = fonttools_subset.Subsetter(options)
        cutter.populate(unicodes=wanted)
        cutter.subset(font)
        font.flavor = "woff"
        buffer = io.BytesIO()
        font.save(buffer)
    return buffer.getvalue()


@cache
def covered() -> frozenset[int]:
    """The characters that the shipped typefaces can show, as code points."""
    found: set[int] = set()
    for name in ("ClssSerif-Regular.ttf", "ClssSans-Regular.ttf"):
        with TTFont(str(files("clss_analysis.fonts").joinpath(name))) as font:
            found |= set(font.getBestCmap())
    return frozenset(found)


def showable(value: str) -> str:
    """A text in which characters without a glyph are written by their number; the accessible PDF allows no blank box.

    >>> showable("thé \u2d30")
    'thé [U+2D30]'
    """
    glyphs = covered()
    return "".join(char if ord(char) in glyphs or char in "\n\t" else f"[U+{ord(char):04X}]" for char in value)


def typst_text(value: str) -> str:
    """A text as a Typst string, its characters without a glyph named."""
    return escape.typst(showable(value))
