"""The case sheet as a figure."""

from __future__ import annotations

from clss_analysis.figures.ink import Drawing, draw
from clss_analysis.layout.case_sheet import case_sheet as lay_out
from clss_analysis.records import Case


def case_sheet(case: Case, *, lang: str = "fr") -> Drawing:
    """Draw the sheet of one household.

    Args:
        case: the household.
        lang: fr, nl or en, for all words that are not the record's own.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.

    Raises:
        NothingToDrawError: of this household neither criteria, stages nor notes are told.

    >>> import clss_analysis as clss
    >>> case_sheet(clss.read("data/publication").case("C1")).geometry.kind
    'case-sheet'
    """
    return draw(lay_out(case, lang=lang))
