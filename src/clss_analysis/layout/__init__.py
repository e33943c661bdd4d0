"""Where things sit: record to frozen geometry in millimetres, without matplotlib and without chance."""

from typing import TYPE_CHECKING

from clss_analysis import lazily

if TYPE_CHECKING:
    from clss_analysis.layout.associations import associations
    from clss_analysis.layout.axes import axes
    from clss_analysis.layout.case_sheet import case_sheet
    from clss_analysis.layout.concept_lattice import concept_lattice
    from clss_analysis.layout.configurations import configurations
    from clss_analysis.layout.consequences import consequences
    from clss_analysis.layout.courses import courses
    from clss_analysis.layout.criteria_grid import criteria_grid
    from clss_analysis.layout.framework import framework_pages
    from clss_analysis.layout.geometry import Layout
    from clss_analysis.layout.mega_sociogenogram import mega_sociogenogram
    from clss_analysis.layout.numbered import collective, initiatives, strengths
    from clss_analysis.layout.page import NothingToDrawError
    from clss_analysis.layout.partners import partners
    from clss_analysis.layout.phasing import phasing
    from clss_analysis.layout.problems_impacts import problems_impacts
    from clss_analysis.layout.process import process
    from clss_analysis.layout.relevance_tree import relevance_tree, relevance_tree_pages
    from clss_analysis.layout.report import report
    from clss_analysis.layout.saturation import saturation
    from clss_analysis.layout.sociogenogram import sociogenogram
    from clss_analysis.layout.sociogenogram_series import sociogenogram_series, sociogenogram_series_sheets
    from clss_analysis.layout.synoptic import synoptic
    from clss_analysis.layout.testimonies import testimonies
    from clss_analysis.layout.trajectory import trajectory
    from clss_analysis.layout.waiting import waiting

__all__ = [
    "Layout",
    "NothingToDrawError",
    "associations",
    "axes",
    "case_sheet",
    "collective",
    "concept_lattice",
    "configurations",
    "consequences",
    "courses",
    "criteria_grid",
    "framework_pages",
    "initiatives",
    "mega_sociogenogram",
    "partners",
    "phasing",
    "problems_impacts",
    "process",
    "relevance_tree",
    "relevance_tree_pages",
    "report",
    "saturation",
    "sociogenogram",
    "sociogenogram_series",
    "sociogenogram_series_sheets",
    "strengths",
    "synoptic",
    "testimonies",
    "trajectory",
    "waiting",
]

lazily(
    __name__,
    {
        "associations": "associations",
        "axes": "axes",
        "case_sheet": "case_sheet",
        "concept_lattice": "concept_lattice",
        "configurations": "configurations",
        "consequences": "consequences",
        "courses": "courses",
        "criteria_grid": "criteria_grid",
        "framework_pages": "framework",
        "Layout": "geometry",
        "mega_sociogenogram": "mega_sociogenogram",
        "collective": "numbered",
        "initiatives": "numbered",
        "strengths": "numbered",
        "NothingToDrawError": "page",
        "partners": "partners",
        "phasing": "phasing",
        "problems_impacts": "problems_impacts",
        "process": "process",
        "relevance_tree": "relevance_tree",
        "relevance_tree_pages": "relevance_tree",
        "report": "report",
        "saturation": "saturation",
        "sociogenogram": "sociogenogram",
        "sociogenogram_series": "sociogenogram_series",
        "sociogenogram_series_sheets": "sociogenogram_series",
        "synoptic": "synoptic",
        "testimonies": "testimonies",
        "trajectory": "trajectory",
        "waiting": "waiting",
    },
)
