"""What we count: co-occurrence, networks, completeness."""

from clss_analysis.measures.cooccurrence import cooccurrence
from clss_analysis.measures.incidence import CODED, code_of, incidence
from clss_analysis.measures.overview import completeness, household_overview
from clss_analysis.measures.partners import partner_network
from clss_analysis.measures.tie_network import TieNetwork, tie_network

__all__ = [
    "CODED",
    "TieNetwork",
    "code_of",
    "completeness",
    "cooccurrence",
    "household_overview",
    "incidence",
    "partner_network",
    "tie_network",
]
