"""The criteria grid as a figure."""

from __future__ import annotations

from clss_analysis.figures.ink import Drawing, draw
from clss_analysis.layout.criteria_grid import criteria_grid as lay_out
from clss_analysis.records import Records


def criteria_grid(case: Records, *, lang: str = "fr") -> Drawing:
    """Draw the criteria grid of one household, or the five criteria and their rule of a dataset.

    Args:
        case: the household, or the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: the dataset tells nothing of this kind about the household.

    >>> import clss_analysis as clss
    >>> criteria_grid(clss.read("data/publication").case("A")).geometry.kind
    'criteria-grid'
    """
    return draw(lay_out(case, lang=lang))
