"""The action plan: its strategic axes and what each is for."""

from __future__ import annotations

from clss_analysis.layout.consequences import programme_tree
from clss_analysis.layout.geometry import Layout
from clss_analysis.records import Records


def axes(records: Records, *, lang: str = "fr") -> Layout:
    """Lay out the axes of the action plan, each with its aim.

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Raises:
        NothingToDrawError: the dataset tells no axes.

    >>> import clss_analysis as clss
    >>> axes(clss.read("data/publication")).kind
    'axes'
    """
    return programme_tree("axes", "axis", records, lang, (0.2, 0.34, 0.46))
