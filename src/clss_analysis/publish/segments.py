"""Runs of text that end on a page hardly filled, set tighter so that what is on it fits before."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count

SEGMENT, SEGMENT_END = "#segment()", "#fin-de-segment()"
LEADING = 0.41  # em between the lines of the book
STEPS = (0.015, 0.03, 0.045, 0.055)  # em less between lines, the least that a reader does not see first
_STARTED = re.compile(r"^#segment\(\)$", re.MULTILINE)
_ENDED = re.compile(r"^#fin-de-segment\(\)$", re.MULTILINE)
_SHORT, _FILLED = 70.0, 180.0  # millimetres from the top where a run ends: after a few lines, after most of a page
_GAIN = 40.0  # what a figure takes that went back among the text before it


@dataclass(frozen=True)
class End:
    """Where a run of text ends: its rank in the book, the page, and the height on it in millimetres from the top."""

    rank: int
    page: int
    y: float


def spaced(source: str, tight: Mapping[int, int]) -> str:
    r"""A document in which each run of text has its leading.

    Args:
        source: Typst with `#segment()` and `#fin-de-segment()` on lines of their own.
        tight: rank of a run to its step of tightness, 1 to 4; others have the usual leading.

    >>> print(spaced("#segment()\nA\n#fin-de-segment()", {0: 2}))
    #set par(leading: 0.38em, spacing: 0.38em)
    A
    #fin-de-segment(0)
    """
    starts, ends = count(), count()

    def start(_: re.Match[str]) -> str:
        step = tight.get(next(starts), 0)
        leading = f"{LEADING - (STEPS[step - 1] if step else 0):.4g}em"
        return f"#set par(leading: {leading}, spacing: {leading})"

    return _ENDED.sub(lambda _: f"#fin-de-segment({next(ends)})", _STARTED.sub(start, source))


def tightened(ends: Callable[[Mapping[int, int]], list[End]]) -> dict[int, int]:
    """The steps of tightness that save a page, or bring back a figure that stood alone on the last one.

    A run whose last page is well filled, or that no step helps, stays as it was.

    Args:
        ends: sets the book with these steps and tells where each run ends.

    Returns:
        Rank of a run to its step.
    """
    before = {end.rank: end for end in ends({})}
    pages = _own_pages(before)
    able = {rank for rank, end in before.items() if end.y < _FILLED and pages[rank] > 0}
    helped: dict[int, int] = {}
    most = len(STEPS)
    for step in (most, *range(1, most)):  # what the tightest does not help no other does
        left = able - set(helped)
        if not left:
            break
        tried = {end.rank: end for end in ends({**helped, **dict.fromkeys(left, step)})}
        now = _own_pages(tried)
        back = {rank for rank in left if now[rank] == pages[rank] and _SHORT < tried[rank].y < before[rank].y - _GAIN}
        good = {rank for rank in left if now[rank] < pages[rank] or rank in back}
        if step == most:
            able = good
        else:
            helped |= dict.fromkeys(good, step)
    return {**dict.fromkeys(able, most), **helped}


def _own_pages(ends: Mapping[int, End]) -> dict[int, int]:
    """Pages from the end of the run before to the end of this one."""
    return {rank: end.page - (ends[rank - 1].page if rank else 0) for rank, end in ends.items()}
