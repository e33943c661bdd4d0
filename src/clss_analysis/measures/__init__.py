"""What we count: co-occurrence and association, durations, courses, configurations, networks, codings, completeness."""

from typing import TYPE_CHECKING

from clss_analysis import lazily

if TYPE_CHECKING:
    from clss_analysis.measures import qca
    from clss_analysis.measures.accompaniment import accompaniment
    from clss_analysis.measures.agreement import Agreement, gwet_ac1, krippendorff_alpha
    from clss_analysis.measures.association import association
    from clss_analysis.measures.before_after import before_after
    from clss_analysis.measures.code_cooccurrence import code_cooccurrence
    from clss_analysis.measures.code_frequencies import code_frequencies
    from clss_analysis.measures.coder_agreement import coder_agreement
    from clss_analysis.measures.concept_lattice import concept_lattice
    from clss_analysis.measures.cooccurrence import cooccurrence
    from clss_analysis.measures.durations import durations
    from clss_analysis.measures.exact_table import ExactAssociation, exact_association
    from clss_analysis.measures.false_findings import false_findings
    from clss_analysis.measures.framework_matrix import framework_matrix
    from clss_analysis.measures.household_network import household_network
    from clss_analysis.measures.incidence import CODED, code_of, incidence
    from clss_analysis.measures.indicators import indicators
    from clss_analysis.measures.isolation import isolation
    from clss_analysis.measures.monthly_states import STATES, monthly_states
    from clss_analysis.measures.negative_cases import negative_cases
    from clss_analysis.measures.overview import completeness, household_overview
    from clss_analysis.measures.partners import partner_network
    from clss_analysis.measures.saturation import saturation
    from clss_analysis.measures.sequence_distances import as_sequences, sequence_distances
    from clss_analysis.measures.sequence_types import sequence_types
    from clss_analysis.measures.service_dependence import service_dependence
    from clss_analysis.measures.sidecar import write_measure
    from clss_analysis.measures.survival import kaplan_meier, product_limit
    from clss_analysis.measures.tie_network import TieNetwork, tie_network

__all__ = [
    "CODED",
    "STATES",
    "Agreement",
    "ExactAssociation",
    "TieNetwork",
    "accompaniment",
    "as_sequences",
    "association",
    "before_after",
    "code_cooccurrence",
    "code_frequencies",
    "code_of",
    "coder_agreement",
    "completeness",
    "concept_lattice",
    "cooccurrence",
    "durations",
    "exact_association",
    "false_findings",
    "framework_matrix",
    "gwet_ac1",
    "household_network",
    "household_overview",
    "incidence",
    "indicators",
    "isolation",
    "kaplan_meier",
    "krippendorff_alpha",
    "monthly_states",
    "negative_cases",
    "partner_network",
    "product_limit",
    "qca",
    "saturation",
    "sequence_distances",
    "sequence_types",
    "service_dependence",
    "tie_network",
    "write_measure",
]

lazily(
    __name__,
    {
        "qca": "qca",
        "accompaniment": "accompaniment",
        "Agreement": "agreement",
        "gwet_ac1": "agreement",
        "krippendorff_alpha": "agreement",
        "association": "association",
        "before_after": "before_after",
        "code_cooccurrence": "code_cooccurrence",
        "code_frequencies": "code_frequencies",
        "coder_agreement": "coder_agreement",
        "concept_lattice": "concept_lattice",
        "cooccurrence": "cooccurrence",
        "durations": "durations",
        "ExactAssociation": "exact_table",
        "exact_association": "exact_table",
        "false_findings": "false_findings",
        "framework_matrix": "framework_matrix",
        "household_network": "household_network",
        "CODED": "incidence",
        "code_of": "incidence",
        "incidence": "incidence",
        "indicators": "indicators",
        "isolation": "isolation",
        "STATES": "monthly_states",
        "monthly_states": "monthly_states",
        "negative_cases": "negative_cases",
        "completeness": "overview",
        "household_overview": "overview",
        "partner_network": "partners",
        "saturation": "saturation",
        "as_sequences": "sequence_distances",
        "sequence_distances": "sequence_distances",
        "sequence_types": "sequence_types",
        "service_dependence": "service_dependence",
        "write_measure": "sidecar",
        "kaplan_meier": "survival",
        "product_limit": "survival",
        "TieNetwork": "tie_network",
        "tie_network": "tie_network",
    },
)
