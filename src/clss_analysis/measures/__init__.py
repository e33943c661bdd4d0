"""What we count: co-occurrence, networks, completeness, codes given to what people said."""

from clss_analysis.measures.agreement import Agreement, gwet_ac1, krippendorff_alpha
from clss_analysis.measures.code_cooccurrence import code_cooccurrence
from clss_analysis.measures.code_frequencies import code_frequencies
from clss_analysis.measures.coder_agreement import coder_agreement
from clss_analysis.measures.cooccurrence import cooccurrence
from clss_analysis.measures.framework_matrix import framework_matrix
from clss_analysis.measures.incidence import CODED, code_of, incidence
from clss_analysis.measures.negative_cases import negative_cases
from clss_analysis.measures.overview import completeness, household_overview
from clss_analysis.measures.partners import partner_network
from clss_analysis.measures.saturation import saturation
from clss_analysis.measures.tie_network import TieNetwork, tie_network

__all__ = [
    "CODED",
    "Agreement",
    "TieNetwork",
    "code_cooccurrence",
    "code_frequencies",
    "code_of",
    "coder_agreement",
    "completeness",
    "cooccurrence",
    "framework_matrix",
    "gwet_ac1",
    "household_overview",
    "incidence",
    "krippendorff_alpha",
    "negative_cases",
    "partner_network",
    "saturation",
    "tie_network",
]
