"""Text measured with the shipped typeface, so that what is wrapped here fits when it is drawn.

Widths come from the font's own advance widths (kerning is left out, which only ever makes a box a little wide).
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

from clss_analysis.records.typography import LOCALES

MM_PER_PT = 25.4 / 72
LEADING = 1.22  # line height by type size: what ascenders and descenders of the shipped typeface need
HYPHEN = "\u2010"
FACES = {
    "regular": "ClssSans-Regular.ttf",
    "italic": "ClssSans-It.ttf",
    "semibold": "ClssSans-Semibold.ttf",
    "bold": "ClssSans-Bold.ttf",
}


@cache
def font_file(face: str) -> Path:
    """Path of the shipped font of a face: regular, italic, semibold or bold.

    Raises:
        KeyError: no such face.
    """
    return Path(str(files("clss_analysis.fonts").joinpath(FACES[face])))


@cache
def _metrics(face: str) -> tuple[dict[int, str], dict[str, tuple[int, int]], int, int, int]:
    with TTFont(font_file(face)) as font:
        hhea = font["hhea"]
        return dict(font.getBestCmap()), dict(font["hmtx"].metrics), font["head"].unitsPerEm, hhea.ascent, -hhea.descent


@lru_cache(maxsize=8192)  # words of the same texts, tried in several widths
def text_width(text: str, size: float, face: str = "regular") -> float:
    """Width of one line in millimetres at `size` points.

    >>> 10 < text_width("logement", 9) < 14
    True
    """
    cmap, advances, units, _, _ = _metrics(face)
    total = sum(advances[cmap.get(ord(char), ".notdef")][0] for char in unicodedata.normalize("NFC", text))
    return total / units * size * MM_PER_PT


def line_height(size: float) -> float:
    """Distance between baselines in millimetres at `size` points."""
    return size * LEADING * MM_PER_PT


@lru_cache(maxsize=4096)
def wrap(text: str, width: float, size: float, face: str = "regular", lang: str = "fr") -> tuple[str, ...]:
    """Break a text into lines no wider than `width` millimetres.

    Breaks at spaces and after hyphens and slashes, never at a no-break space; a word wider than the line breaks at a
    syllable, with a hyphen (U+2010, so that it can be told from one of the word), and where it must if none fits.

    Args:
        text: one paragraph; runs of white space count as one space.
        width: in millimetres.
        size: in points.
        face: regular, italic, semibold or bold.
        lang: fr, nl or en, whose syllables they are.

    Returns:
        The lines, at least one (empty for an empty text).

    >>> wrap("un logement salubre", 15, 9), wrap("grootmoeder", 15, 9, lang="nl")
    (('un', 'logement', 'salubre'), ('grootmoe‐', 'der'))
    """
    lines: list[str] = []
    current = ""
    for word in _words(text):
        joined = current + word
        if not current or text_width(joined.rstrip(" "), size, face) <= width:
            current = joined
        else:
            lines.append(current.rstrip(" "))
            current = word
        while text_width(current.rstrip(" "), size, face) > width and len(current) > 1:
            head, current = _parted(current, width, size, face, lang)
            lines.append(head)
    lines.append(current.rstrip(" "))
    return tuple(lines)


def _parted(word: str, width: float, size: float, face: str, lang: str) -> tuple[str, str]:
    """A word that is too wide, broken after the last syllable that fits with a hyphen, else after the last letter."""
    for cut in reversed(_syllables(lang).positions(word)) if word.strip().isalpha() else ():
        if text_width(word[:cut] + HYPHEN, size, face) <= width:
            return word[:cut] + HYPHEN, word[cut:]
    cut = len(word) - 1
    while cut > 1 and text_width(word[:cut], size, face) > width:
        cut -= 1
    return word[:cut], word[cut:]


@cache
def _syllables(lang: str) -> Any:  # noqa: ANN401  # the library has no types
    from pyphen import Pyphen, language_fallback

    return Pyphen(lang=language_fallback(LOCALES[lang]))


def longest_word(text: str, size: float, face: str = "regular") -> float:
    """Width of the widest word of a text in millimetres, the least that lets every word stand whole."""
    return max(text_width(word.rstrip(" "), size, face) for word in _words(text))


@lru_cache(maxsize=4096)
def wrap_evenly(text: str, width: float, size: float, face: str = "regular", lang: str = "fr") -> tuple[str, ...]:
    """Break a text as `wrap` does, into as many lines, of about even length and so without a lone last word.

    Args:
        text: one paragraph.
        width: in millimetres, at most.
        size: in points.
        face: regular, italic, semibold or bold.
        lang: fr, nl or en, whose syllables they are.

    >>> wrap("retrouver un logement sain et sec", 38, 9), wrap_evenly("retrouver un logement sain et sec", 38, 9)
    (('retrouver un logement sain', 'et sec'), ('retrouver un', 'logement sain et sec'))
    """
    lines = wrap(text, width, size, face, lang)
    narrow = longest_word(text, size, face)
    wide = width
    while len(lines) > 1 and wide - narrow > 0.25:
        middle = (narrow + wide) / 2
        tried = wrap(text, middle, size, face, lang)
        if len(tried) > len(lines):
            narrow = middle
        else:
            lines, wide = tried, middle
    return lines


def block_size(lines: tuple[str, ...], size: float, face: str = "regular") -> tuple[float, float]:
    """Width and height in millimetres of lines of text set at `size` points."""
    return max(text_width(line, size, face) for line in lines), len(lines) * line_height(size)


def _words(text: str) -> list[str]:
    words: list[str] = []
    word = ""
    for char in "".join(" " if char in "\t\n\r\f\v" else char for char in text).strip(" "):
        if char == " ":
            if word and not word.endswith(" "):
                word += char
        else:
            if word.endswith(" ") or (len(word) > 2 and word[-1] in "-/–—"):
                words.append(word)
                word = ""
            word += char
    return [*words, word] if word else [""]
