"""The typefaces of site, EPUB and PDF: which file each is, and what of a text they can show."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fontTools.ttLib import TTFont

from clss_analysis.records import escape

FACES = {
    "serif": "ClssSerif-Regular",
    "serif-italique": "ClssSerif-It",
    "serif-gras": "ClssSerif-Semibold",
    "sans": "ClssSans-Regular",
    "sans-gras": "ClssSans-Semibold",
}


def web(face: str) -> bytes:
    """A face as WOFF with the Latin letters, punctuation and the usual signs, as `clss_analysis.fonts` cut it.

    Args:
        face: one of FACES.

    >>> web("sans")[:4]
    b'wOFF'
    """
    return files("clss_analysis.fonts").joinpath(f"{FACES[face]}.woff").read_bytes()


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
