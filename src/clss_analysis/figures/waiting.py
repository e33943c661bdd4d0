"""Ink for the wait until an event, as Kaplan–Meier steps."""

from __future__ import annotations

from clss_analysis import layout
from clss_analysis.figures.ink import Drawing, draw
from clss_analysis.records import Records


def waiting(records: Records, *, lang: str = "fr") -> Drawing:
    """Draw the wait until an event, as Kaplan–Meier steps (`layout.waiting`).

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: too little is told, or may be shown, to draw it.

    >>> import clss_analysis as clss
    >>> waiting(clss.read("data/demo")).geometry.kind
    'waiting'
    """
    return draw(layout.waiting(records, lang=lang))
