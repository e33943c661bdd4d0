"""How things look: geometry to matplotlib figures."""

from collections.abc import Callable
from types import MappingProxyType
from typing import NamedTuple

from clss_analysis.figures.criteria_grid import criteria_grid
from clss_analysis.figures.ink import Drawing, draw, save
from clss_analysis.figures.relevance_tree import relevance_tree
from clss_analysis.figures.sociogenogram import sociogenogram
from clss_analysis.figures.trajectory import trajectory


class Kind(NamedTuple):
    """A kind of figure: what draws it, and whether it is drawn of one household or of the dataset."""

    draw: Callable[..., Drawing]
    per_case: bool


KINDS = MappingProxyType(
    {
        "sociogenogram": Kind(sociogenogram, per_case=True),
        "relevance-tree": Kind(relevance_tree, per_case=True),
        "criteria-grid": Kind(criteria_grid, per_case=True),
        "trajectory": Kind(trajectory, per_case=True),
    }
)

__all__ = ["KINDS", "Drawing", "Kind", "criteria_grid", "draw", "relevance_tree", "save", "sociogenogram", "trajectory"]
