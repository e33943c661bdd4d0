"""The mega-sociogenogram as a figure."""

from __future__ import annotations

from clss_analysis.figures.ink import Drawing, draw
from clss_analysis.layout.mega_sociogenogram import mega_sociogenogram as lay_out
from clss_analysis.records import Records


def mega_sociogenogram(records: Records, *, lang: str = "fr") -> Drawing:
    """Draw the services of a dataset as one network around its households.

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: no tie of a service may be shown.
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> mega_sociogenogram(clss.read("data/publication")).geometry.kind
    'mega-sociogenogram'
    """
    return draw(lay_out(records, lang=lang))
