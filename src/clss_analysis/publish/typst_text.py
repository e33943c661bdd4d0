"""Words as Typst takes them, and what a caption says to a list of figures."""

from __future__ import annotations

import re

from clss_analysis.publish.crossref import NUMBER
from clss_analysis.publish.fonts import showable
from clss_analysis.publish.tree import Node, plain


def quoted(value: str) -> str:
    r"""A text as a Typst string, in which nothing is code.

    >>> quoted('a"b#c')
    '"a\\"b#c"'
    """
    flat = "".join(char if char.isprintable() or char in "\u202f\u00a0\u00ad" else " " for char in value)
    return '"' + flat.replace("\\", "\\\\").replace('"', '\\"') + '"'


def said(value: str) -> str:
    """A text as a Typst string, its characters without a glyph named."""
    return quoted(showable(value))


def first_sentence(words: str) -> str:
    """A caption as far as its first full stop.

    >>> first_sentence("Les nombres. Chacun avec sa source.")
    'Les nombres'
    """
    return re.split(r"\.(?=\s|$)", words.strip(), maxsplit=1)[0]


def numbered(caption: list[Node]) -> tuple[str, str]:
    """The number in a caption, as the margin of a list shows it, and the words after it."""
    first = caption[0] if caption else None
    if first and first["t"] == "Span" and NUMBER in first["c"][0][1]:
        return plain([first]).rstrip(".").split("\u00a0")[-1].split()[-1], plain(caption[1:])
    return "", plain(caption)
