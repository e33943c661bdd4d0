"""What boards are put together from: texts under each other, headings over a rule, records in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

import pandas as pd

from clss_analysis.layout.geometry import Label, Mark, Point
from clss_analysis.layout.page import HEADING, Part, Voice, block
from clss_analysis.records.typography import counted

Record = Mapping[Hashable, Any]
Line = tuple[str, str, Voice, float]
"""A text of a stack: its name, its words (none: it is left out), its voice, and the millimetres above it."""


def in_order(frame: pd.DataFrame, *columns: str) -> list[dict[Hashable, Any]]:
    """The records of a table by `order` and id, or by other columns; never by the order of its rows."""
    return frame.sort_values(list(columns or ("order", "id")), kind="stable").to_dict("records")


def dagger(record: Mapping[Hashable, Any] | None) -> str:
    """The sign after what is our reading of the source; empty where the source says it itself."""
    return "\u00a0†" if record and bool(record["reading"]) else ""


def most_often(kinds: Iterable[str], of: int, say: Callable[[str], str], lang: str = "fr") -> str:
    r"""The end of a title: of which kind more are than of any other; empty where no kind is.

    Args:
        kinds: of each.
        of: how many the title counts.
        say: a kind in words.
        lang: fr, nl or en.

    >>> most_often("aba", 3, str.upper, "en"), most_often("ab", 2, str.upper)
    ('; two times: A', '')
    """
    first, *second = Counter(kinds).most_common(2)
    alone = not second or first[1] > second[0][1]
    return counted("most_often", first[1], lang, of=of, what=say(first[0])) if alone else ""


def stack(of: str, at: Point, width: float, *lines: Line) -> tuple[Label, ...]:
    """Texts of one symbol under each other, the first at the top edge.

    Args:
        of: id of the symbol; with the name of a text it makes the id of its label.
        at: left and top edge in millimetres.
        width: in millimetres.
        lines: the texts, from top to bottom.

    >>> [label.id for label in stack("a", (0, 0), 40, ("text", "Avis", HEADING, 0), ("detail", "", HEADING, 1))]
    ['a-text']
    """
    labels: list[Label] = []
    low = at[1]
    for name, words, voice, gap in lines:
        if words:
            labels.append(block(f"{of}-{name}", words, (at[0], low + gap), width, voice, of=of))
            low = labels[-1].box[3]
    return tuple(labels)


def ruled(name: str, words: str, at: Point, width: float) -> Part:
    """A heading over a thin rule."""
    text = block(f"head-{name}", words, at, width, HEADING)
    low = text.box[3] + 0.8
    return Part(low, labels=(text,), marks=(Mark(((at[0], low), (at[0] + width, low)), "rule"),))
