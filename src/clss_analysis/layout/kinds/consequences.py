"""Consequences of bad housing: by domain of life, with the mechanisms named under each."""

from __future__ import annotations

from clss_analysis.layout.boards.programme import programme_tree
from clss_analysis.layout.geometry import Layout
from clss_analysis.layout.kinds import Kind
from clss_analysis.records import Records

KIND = Kind(needs="programme")


def lay_out(records: Records) -> Layout:
    """The consequences of bad housing as a tree: domains of life, and mechanisms in each.

    Args:
        records: the dataset.

    Raises:
        NothingToDrawError: the dataset tells no consequences.

    >>> import clss_analysis as clss
    >>> clss.figures.consequences(clss.read("data/publication")).geometry.kind
    'consequences'
    """
    return programme_tree("consequences", "consequence", records, (0.2, 0.27, 0.53))
