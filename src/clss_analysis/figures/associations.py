"""Ink for the problems and impacts told of the same households."""

from __future__ import annotations

from clss_analysis import layout
from clss_analysis.figures.ink import Drawing, draw
from clss_analysis.records import Records


def associations(records: Records, *, lang: str = "fr") -> Drawing:
    """Draw the problems and impacts told of the same households (`layout.associations`).

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: too little is told, or may be shown, to draw it.

    >>> import clss_analysis as clss
    >>> associations(clss.read("data/demo")).geometry.kind
    'associations'
    """
    return draw(layout.associations(records, lang=lang))
