"""What we count: co-occurrence and association, durations, courses, configurations, networks, completeness."""

from clss_analysis.measures import qca
from clss_analysis.measures.accompaniment import accompaniment
from clss_analysis.measures.association import association
from clss_analysis.measures.before_after import before_after
from clss_analysis.measures.cooccurrence import cooccurrence
from clss_analysis.measures.durations import durations
from clss_analysis.measures.exact_table import ExactAssociation, exact_association
from clss_analysis.measures.false_findings import false_findings
from clss_analysis.measures.household_network import household_network
from clss_analysis.measures.incidence import CODED, code_of, incidence
from clss_analysis.measures.indicators import indicators
from clss_analysis.measures.isolation import isolation
from clss_analysis.measures.monthly_states import STATES, monthly_states
from clss_analysis.measures.overview import completeness, household_overview
from clss_analysis.measures.partners import partner_network
from clss_analysis.measures.sequence_distances import as_sequences, sequence_distances
from clss_analysis.measures.sequence_types import sequence_types
from clss_analysis.measures.service_dependence import service_dependence
from clss_analysis.measures.sidecar import write_measure
from clss_analysis.measures.survival import kaplan_meier, product_limit
from clss_analysis.measures.tie_network import TieNetwork, tie_network

__all__ = [
    "CODED",
    "STATES",
    "ExactAssociation",
    "TieNetwork",
    "accompaniment",
    "as_sequences",
    "association",
    "before_after",
    "code_of",
    "completeness",
    "cooccurrence",
    "durations",
    "exact_association",
    "false_findings",
    "household_network",
    "household_overview",
    "incidence",
    "indicators",
    "isolation",
    "kaplan_meier",
    "monthly_states",
    "partner_network",
    "product_limit",
    "qca",
    "sequence_distances",
    "sequence_types",
    "service_dependence",
    "tie_network",
    "write_measure",
]
