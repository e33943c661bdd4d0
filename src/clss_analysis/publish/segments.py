"""Runs of text that end with a few lines on a page of their own, set tighter so that those lines fit before."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import count

SEGMENT, SEGMENT_END = "#segment()", "#fin-de-segment()"
LEADING = 0.41
TIGHT = 0.365
"""Leading in em, as it is set in the template, and for a run that is set tighter: 3 % less, which no reader sees."""
_TOP = 25.0
_GAIN = 10.0
"""Millimetres: where text begins on a page, and more than tight lines can save on one."""
_STARTED = re.compile(r"^#segment\(\)$", re.MULTILINE)
_ENDED = re.compile(r"^#fin-de-segment\(\)$", re.MULTILINE)


@dataclass(frozen=True)
class End:
    """Where a run of text ends: its rank in the book, the page, and the height on it in millimetres from the top."""

    rank: int
    page: int
    y: float


def spaced(source: str, tight: Collection[int]) -> str:
    r"""A document in which each run of text has its leading.

    Args:
        source: Typst with `#segment()` and `#fin-de-segment()` on lines of their own.
        tight: ranks of the runs that are set tight; others have the usual leading.

    >>> print(spaced("#segment()\nA\n#fin-de-segment()", {0}))
    #set par(leading: 0.365em, spacing: 0.365em)
    A
    #fin-de-segment(0)
    """
    starts, ends = count(), count()

    def start(_: re.Match[str]) -> str:
        leading = TIGHT if next(starts) in tight else LEADING
        return f"#set par(leading: {leading}em, spacing: {leading}em)"

    return _ENDED.sub(lambda _: f"#fin-de-segment({next(ends)})", _STARTED.sub(start, source))


def tightened(ends: Callable[[Collection[int]], list[End]]) -> set[int]:
    """The runs that are set tight because that saves a page with a few lines on it.

    Those that tight lines may spare a page are set so at once; where one of them has no fewer pages, it is set as it
    was.

    Args:
        ends: sets the book with these runs tight and tells where each run ends.

    Returns:
        Ranks of the runs.
    """
    before = _own_pages(ends(()))
    tried = {rank for rank, (pages, y) in before.items() if 0 < y - _TOP < _GAIN * (pages - 1)}
    if not tried:
        return set()
    now = _own_pages(ends(tried))
    return {rank for rank in tried if now[rank][0] < before[rank][0]}


def _own_pages(ends: list[End]) -> dict[int, tuple[int, float]]:
    """Of each run the pages from the end of the run before to its own, and how far down its last page it goes."""
    starts = [0, *(end.page for end in ends)]
    return {end.rank: (end.page - start, end.y) for end, start in zip(ends, starts, strict=False)}
