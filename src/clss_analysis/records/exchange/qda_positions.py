"""Positions in a text: code points as REFI-QDA asks, or the UTF-16 units in which NVivo for Windows counts them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable

Spans = Iterable[tuple[int, int]]


def code_points_of(text: str) -> Callable[[int], int]:
    """A function from positions in UTF-16 units to positions in code points of a text.

    >>> [code_points_of("a😀b")(units) for units in (0, 1, 3, 4)]
    [0, 1, 2, 3]
    """
    wide = [place + rank for rank, place in enumerate(at for at, sign in enumerate(text) if ord(sign) > 0xFFFF)]
    return lambda units: units - bisect_left(wide, units)


def counted_in_utf16(sources: Iterable[tuple[str, Spans]]) -> bool:
    """Whether the passages of these texts make sense as UTF-16 units only.

    Passages begin and end between words, save for a few.  Where texts hold characters outside the basic plane, the two
    ways of counting differ, and the wrong one cuts words: the units are believed where the code points cut at least
    three ends inside a word, or beyond the text, and the units at most half as many.

    >>> text = "😀😀 un deux trois quatre"
    >>> counted_in_utf16([(text, [(5, 7), (8, 12), (13, 18)])]), counted_in_utf16([(text, [(3, 5), (6, 10), (11, 16)])])
    (True, False)
    """
    by_points = by_units = 0
    for text, spans in sources:
        if text.isascii() or max(text) <= "\uffff":
            continue
        point_of = code_points_of(text)
        for place in (end for span in spans for end in span):
            by_points += _cuts(text, place)
            by_units += _cuts(text, point_of(place))
    return by_points >= 3 and by_units * 2 <= by_points


def _cuts(text: str, place: int) -> bool:
    inside = 0 < place < len(text)
    return place > len(text) or (inside and text[place - 1].isalnum() and text[place].isalnum())
