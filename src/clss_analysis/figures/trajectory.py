"""The trajectory as a figure."""

from __future__ import annotations

from clss_analysis.figures.ink import Drawing, draw
from clss_analysis.layout.page import PORTRAIT
from clss_analysis.layout.trajectory import trajectory as lay_out
from clss_analysis.records import Case


def trajectory(case: Case, *, lang: str = "fr", width: float = PORTRAIT) -> Drawing:
    """Draw the trajectory of one household.

    Args:
        case: the household.
        lang: fr, nl or en, for all words that are not the record's own.
        width: of the page in millimetres; default: 160, the book's.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: the dataset tells nothing of this kind about the household.

    >>> import clss_analysis as clss
    >>> trajectory(clss.read("data/publication").case("C1")).geometry.kind
    'trajectory'
    """
    return draw(lay_out(case, lang=lang, width=width))
