"""Ink for the combinations of criteria that go with a solved problem."""

from __future__ import annotations

from clss_analysis import layout
from clss_analysis.figures.ink import Drawing, draw
from clss_analysis.records import Records


def configurations(records: Records, *, lang: str = "fr") -> Drawing:
    """Draw the combinations of criteria that go with a solved problem (`layout.configurations`).

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: too little is told, or may be shown, to draw it.

    >>> import clss_analysis as clss
    >>> configurations(clss.read("data/demo")).geometry.kind
    'configurations'
    """
    return draw(layout.configurations(records, lang=lang))
