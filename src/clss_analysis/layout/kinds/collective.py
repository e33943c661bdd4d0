"""The collective accompaniment: its aims."""

from __future__ import annotations

from clss_analysis.layout.boards.lists import numbered_list
from clss_analysis.layout.geometry import Layout
from clss_analysis.layout.kinds import Kind
from clss_analysis.records import Records

KIND = Kind(needs="programme")


def lay_out(records: Records) -> Layout:
    """The aims of the collective accompaniment.

    Args:
        records: the dataset.

    Raises:
        NothingToDrawError: the dataset tells no aims.

    >>> import clss_analysis as clss
    >>> clss.figures.collective(clss.read("data/publication")).geometry.kind
    'collective'
    """
    return numbered_list("collective", "collective_aim", records, 2)
