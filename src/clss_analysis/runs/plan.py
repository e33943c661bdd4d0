"""Which notebooks run for a dataset, and with which parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clss_analysis.privacy import clear
from clss_analysis.records import Records
from clss_analysis.runs.parameters import Scalar

HOUSEHOLD = "01_menage.ipynb"
DATASET_RUNS = (
    ("jeu-de-donnees", "02_jeu_de_donnees.ipynb"),
    ("constats", "03_constats.ipynb"),
    ("reseau", "04_reseau.ipynb"),
    ("programme", "05_programme.ipynb"),
    ("mesures", "08_mesures.ipynb"),
    ("codage", "09_codage.ipynb"),
)
GALLERY = "gallery"
GALLERY_RUN = "galerie"


@dataclass(frozen=True)
class Run:
    """One notebook with its parameters; `case` is the household it tells, None for the whole dataset."""

    id: str
    notebook: str
    parameters: Mapping[str, Scalar]
    case: str | None = None


def plan_runs(records: Records, *, dataset: str, lang: str = "fr", gallery: bool = False) -> tuple[Run, ...]:
    """The runs of a dataset: each household that may be told, in the dataset's order, then the dataset's own.

    A household that may only be counted has no run of its own.

    Args:
        records: the dataset.
        dataset: path of its folder as the notebooks see it from the folder they run in.
        lang: fr, nl or en.
        gallery: whether the invented households that show the conventions are drawn as well, from `<dataset>/gallery`.

    Returns:
        The runs.

    Raises:
        NotClearedError: a household has no consent at all.
    """
    shared: dict[str, Scalar] = {"dataset": dataset, "lang": lang, "out": "."}
    cleared = clear(records).told
    told = [str(household) for household in records.households["id"] if household in cleared]
    households = (Run(f"menage-{case}", HOUSEHOLD, {**shared, "case": case}, case) for case in told)
    invented = Run(GALLERY_RUN, "06_galerie.ipynb", {**shared, "dataset": f"{dataset}/{GALLERY}"})
    return (
        *households,
        *(Run(name, notebook, shared) for name, notebook in DATASET_RUNS),
        *((invented,) if gallery else ()),
    )


def of_gallery(figure: Mapping[str, Any]) -> bool:
    """Whether a figure, told by its sidecar, was drawn from the invented households of the gallery."""
    return str((figure.get("parameters") or {}).get("dataset", "")).endswith(f"/{GALLERY}")
