"""Where things sit: record to frozen geometry in millimetres, without matplotlib and without chance."""

from clss_analysis.layout.criteria_grid import criteria_grid
from clss_analysis.layout.geometry import Layout
from clss_analysis.layout.page import NothingToDrawError
from clss_analysis.layout.relevance_tree import relevance_tree
from clss_analysis.layout.sociogenogram import sociogenogram
from clss_analysis.layout.trajectory import trajectory

__all__ = ["Layout", "NothingToDrawError", "criteria_grid", "relevance_tree", "sociogenogram", "trajectory"]
