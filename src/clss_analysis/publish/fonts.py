"""The typefaces of site and EPUB, and which characters there are."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fontTools.ttLib import TTFont

from clss_analysis.records import escape

FACES = ("serif", "serif-italique", "serif-gras", "sans", "sans-gras")


def woff(face: str) -> bytes:
    """A face for screens, as it is shipped.

    Args:
        face: one of FACES.

    >>> woff("sans")[:4]
    b'wOFF'
    """
    return files("clss_analysis.fonts").joinpath(f"{face}.woff").read_bytes()


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
