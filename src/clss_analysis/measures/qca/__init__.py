"""Qualitative comparative analysis: which combinations of conditions go with an outcome, case by case."""

from clss_analysis.measures.qca.calibrate import calibrate
from clss_analysis.measures.qca.memberships import memberships
from clss_analysis.measures.qca.minimise import Term, minimise, written
from clss_analysis.measures.qca.necessity import necessity
from clss_analysis.measures.qca.robustness import robustness
from clss_analysis.measures.qca.solve import Solution, solve
from clss_analysis.measures.qca.truth_table import truth_table

__all__ = [
    "Solution",
    "Term",
    "calibrate",
    "memberships",
    "minimise",
    "necessity",
    "robustness",
    "solve",
    "truth_table",
    "written",
]
