"""Which notebooks run for a dataset, and with which parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clss_analysis.privacy import clear
from clss_analysis.records import Records
from clss_analysis.runs.parameters import Scalar

HOUSEHOLD = "01_menage.ipynb"
DATASET_RUNS = (
    ("jeu-de-donnees", "02_jeu_de_donnees.ipynb"),
    ("constats", "03_constats.ipynb"),
    ("reseau", "04_reseau.ipynb"),
    ("programme", "05_programme.ipynb"),
)


@dataclass(frozen=True)
class Run:
    """One notebook with its parameters; `case` is the household it tells, None for the whole dataset."""

    id: str
    notebook: str
    parameters: Mapping[str, Scalar]
    case: str | None = None


def plan(records: Records, *, dataset: str, out: str = ".", lang: str = "fr") -> tuple[Run, ...]:
    """The runs of a dataset: each household that may be told, in the dataset's order, then the dataset's own.

    A household that may only be counted has no run of its own.

    Args:
        records: the dataset.
        dataset: path of its folder as the notebooks see it from the folder they run in.
        out: where the notebooks keep their figures, seen from the same folder.
        lang: fr, nl or en.

    Returns:
        The runs.

    Raises:
        NotClearedError: a household has no consent at all.
    """
    shared: dict[str, Scalar] = {"dataset": dataset, "lang": lang, "out": out}
    cleared = clear(records).told
    told = [str(household) for household in records.households["id"] if household in cleared]
    households = (Run(f"menage-{case}", HOUSEHOLD, {**shared, "case": case}, case) for case in told)
    return (*households, *(Run(name, notebook, shared) for name, notebook in DATASET_RUNS))
