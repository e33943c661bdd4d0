"""How things look: geometry to matplotlib figures."""

from collections.abc import Callable
from types import MappingProxyType
from typing import NamedTuple

from clss_analysis.figures.case_sheet import case_sheet
from clss_analysis.figures.criteria_grid import criteria_grid
from clss_analysis.figures.dataset import (
    axes,
    collective,
    consequences,
    initiatives,
    partners,
    phasing,
    process,
    strengths,
    synoptic,
    testimonies,
)
from clss_analysis.figures.ink import Drawing, draw, save
from clss_analysis.figures.measures import (
    associations,
    concept_lattice,
    configurations,
    courses,
    framework,
    problems_impacts,
    saturation,
    waiting,
)
from clss_analysis.figures.mega_sociogenogram import mega_sociogenogram
from clss_analysis.figures.relevance_tree import relevance_tree
from clss_analysis.figures.sociogenogram import sociogenogram
from clss_analysis.figures.sociogenogram_series import sociogenogram_series
from clss_analysis.figures.sociogenogram_slider import sociogenogram_slider
from clss_analysis.figures.trajectory import trajectory


class Kind(NamedTuple):
    """A kind of figure: what draws it, whether of one household or of the dataset, and whether of either.

    `or_dataset` marks a figure of a household that the dataset has as well, when no household is named.
    One that `counts` shows numbers of households only and passes them through the disclosure gate itself, so that it
    takes those too that may not be told.
    """

    draw: Callable[..., Drawing]
    per_case: bool
    or_dataset: bool = False
    counts: bool = False


KINDS = MappingProxyType(
    {
        "sociogenogram": Kind(sociogenogram, per_case=True),
        "sociogenogram-series": Kind(sociogenogram_series, per_case=True),
        "relevance-tree": Kind(relevance_tree, per_case=True),
        "criteria-grid": Kind(criteria_grid, per_case=True, or_dataset=True),
        "trajectory": Kind(trajectory, per_case=True),
        "case-sheet": Kind(case_sheet, per_case=True),
        "axes": Kind(axes, per_case=False),
        "consequences": Kind(consequences, per_case=False),
        "phasing": Kind(phasing, per_case=False),
        "process": Kind(process, per_case=False),
        "collective": Kind(collective, per_case=False),
        "initiatives": Kind(initiatives, per_case=False),
        "partners": Kind(partners, per_case=False),
        "strengths": Kind(strengths, per_case=False),
        "synoptic": Kind(synoptic, per_case=False),
        "testimonies": Kind(testimonies, per_case=False),
        "mega-sociogenogram": Kind(mega_sociogenogram, per_case=False, counts=True),
    }
)
MEASURES = MappingProxyType(
    {
        "associations": Kind(associations, per_case=False, counts=True),
        "waiting": Kind(waiting, per_case=False, counts=True),
        "courses": Kind(courses, per_case=False),
        "configurations": Kind(configurations, per_case=False),
        "problems-impacts": Kind(problems_impacts, per_case=False, counts=True),
        "concept-lattice": Kind(concept_lattice, per_case=False),
        "saturation": Kind(saturation, per_case=False),
        "framework": Kind(framework, per_case=False),
    }
)
"""Charts of the measures: kinds that notebooks draw, and that the contract of `clss figure` does not name."""

__all__ = [
    "KINDS",
    "MEASURES",
    "Drawing",
    "Kind",
    "associations",
    "axes",
    "case_sheet",
    "collective",
    "concept_lattice",
    "configurations",
    "consequences",
    "courses",
    "criteria_grid",
    "draw",
    "framework",
    "initiatives",
    "mega_sociogenogram",
    "partners",
    "phasing",
    "problems_impacts",
    "process",
    "relevance_tree",
    "saturation",
    "save",
    "sociogenogram",
    "sociogenogram_series",
    "sociogenogram_slider",
    "strengths",
    "synoptic",
    "testimonies",
    "trajectory",
    "waiting",
]
