"""What people do against anxiety."""

from __future__ import annotations

from clss_analysis.layout.boards.lists import numbered_list
from clss_analysis.layout.geometry import Layout
from clss_analysis.layout.kinds import Kind
from clss_analysis.records import Records

KIND = Kind(needs="programme")


def lay_out(records: Records) -> Layout:
    """The initiatives against anxiety.

    Args:
        records: the dataset.

    Raises:
        NothingToDrawError: the dataset tells no initiatives.

    >>> import clss_analysis as clss
    >>> clss.figures.initiatives(clss.read("data/publication")).geometry.kind
    'initiatives'
    """
    return numbered_list("initiatives", "initiative", records, 2)
