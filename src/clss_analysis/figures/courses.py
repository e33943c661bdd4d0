"""Ink for the housing situations of households month by month."""

from __future__ import annotations

from clss_analysis import layout
from clss_analysis.figures.ink import Drawing, draw
from clss_analysis.records import Records


def courses(records: Records, *, lang: str = "fr") -> Drawing:
    """Draw the housing situations of households month by month (`layout.courses`).

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: too little is told, or may be shown, to draw it.

    >>> import clss_analysis as clss
    >>> courses(clss.read("data/demo")).geometry.kind
    'courses'
    """
    return draw(layout.courses(records, lang=lang))
