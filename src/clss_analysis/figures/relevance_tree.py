"""The relevance tree as a figure."""

from __future__ import annotations

from clss_analysis.figures.ink import Drawing, draw
from clss_analysis.layout.relevance_tree import relevance_tree_pages
from clss_analysis.records import Case


def relevance_tree(case: Case, *, lang: str = "fr", width: float | None = None) -> Drawing:
    """Draw the relevance tree of one household.

    Args:
        case: the household.
        lang: fr, nl or en, for all words that are not the record's own.
        width: of the page in millimetres; by default portrait, or landscape where that saves a second page.

    Returns:
        A matplotlib figure that shows itself in Jupyter; its `geometry` is the layout.  Of a tree that takes several
        pages it is the first, and `following` has the others.

    Raises:
        NothingToDrawError: the dataset tells nothing of this kind about the household.

    >>> import clss_analysis as clss
    >>> relevance_tree(clss.read("data/publication").case("Y")).geometry.kind
    'relevance-tree'
    """
    first, *rest = (draw(page) for page in relevance_tree_pages(case, lang=lang, width=width))
    first.following = tuple(rest)
    return first
