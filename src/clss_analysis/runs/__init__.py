"""Notebooks executed: parameters, papermill, what they keep and say.

A notebook takes its words from here: `heading`, `overview`, `show`, `keep`, `say`, `table`…; what executes notebooks
(`engine`, `plan`, `parameters`, `fragment`) is imported by name, so that a notebook does not wait for papermill.
"""

from typing import TYPE_CHECKING

from clss_analysis import lazily

if TYPE_CHECKING:
    from clss_analysis.runs.coding import agreement_words, coding_reach
    from clss_analysis.runs.findings import (
        counted,
        dataset_overview,
        inventory,
        network_overview,
        never_told,
        partners,
        readings,
        rule_outcome,
        services,
        together,
    )
    from clss_analysis.runs.gallery import examples
    from clss_analysis.runs.keep import keep
    from clss_analysis.runs.say import say
    from clss_analysis.runs.show import show
    from clss_analysis.runs.table import table
    from clss_analysis.runs.telling import (
        heading,
        overview,
        unknowns,
        verdict,
        words,
    )

__all__ = [
    "agreement_words",
    "coding_reach",
    "counted",
    "dataset_overview",
    "examples",
    "heading",
    "inventory",
    "keep",
    "network_overview",
    "never_told",
    "overview",
    "partners",
    "readings",
    "rule_outcome",
    "say",
    "services",
    "show",
    "table",
    "together",
    "unknowns",
    "verdict",
    "words",
]

lazily(
    __name__,
    {
        "agreement_words": "coding",
        "coding_reach": "coding",
        "counted": "findings",
        "dataset_overview": "findings",
        "inventory": "findings",
        "network_overview": "findings",
        "never_told": "findings",
        "partners": "findings",
        "readings": "findings",
        "rule_outcome": "findings",
        "services": "findings",
        "together": "findings",
        "examples": "gallery",
        "keep": "keep",
        "say": "say",
        "show": "show",
        "table": "table",
        "heading": "telling",
        "overview": "telling",
        "unknowns": "telling",
        "verdict": "telling",
        "words": "telling",
    },
)
