"""The action plan: its strategic axes and what each is for."""

from __future__ import annotations

from clss_analysis.layout.boards.programme import programme_tree
from clss_analysis.layout.geometry import Layout
from clss_analysis.layout.kinds import Kind
from clss_analysis.records import Records

KIND = Kind(needs="programme")


def lay_out(records: Records) -> Layout:
    """The axes of the action plan, each with its aim.

    Args:
        records: the dataset.

    Raises:
        NothingToDrawError: the dataset tells no axes.

    >>> import clss_analysis as clss
    >>> clss.figures.axes(clss.read("data/publication")).geometry.kind
    'axes'
    """
    return programme_tree("axes", "axis", records, (0.2, 0.34, 0.46))
