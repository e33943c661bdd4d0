"""The strengths of the project."""

from __future__ import annotations

from clss_analysis.layout.boards.lists import numbered_list
from clss_analysis.layout.geometry import Layout
from clss_analysis.layout.kinds import Kind
from clss_analysis.records import Records

KIND = Kind(needs="programme")


def lay_out(records: Records) -> Layout:
    """The strengths of the project.

    Args:
        records: the dataset.

    Raises:
        NothingToDrawError: the dataset tells no strengths.

    >>> import clss_analysis as clss
    >>> clss.figures.strengths(clss.read("data/publication")).geometry.kind
    'strengths'
    """
    return numbered_list("strengths", "strength", records, 1)
