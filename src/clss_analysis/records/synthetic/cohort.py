"""A synthetic cohort, household by household."""

from __future__ import annotations

from typing import Any

import pandas as pd

from clss_analysis.records.columns import typed
from clss_analysis.records.descriptor import LICENCE
from clss_analysis.records.schema import fields, table_names
from clss_analysis.records.synthetic import words
from clss_analysis.records.synthetic.coding import codebook, make_coding
from clss_analysis.records.synthetic.course import make_course
from clss_analysis.records.synthetic.dice import Dice
from clss_analysis.records.synthetic.family import make_family
from clss_analysis.records.synthetic.hardship import make_criteria, make_impacts, make_problems
from clss_analysis.records.synthetic.household import LAST, Household, month, number_of
from clss_analysis.records.synthetic.network import make_network
from clss_analysis.records.synthetic.signature import signed
from clss_analysis.records.synthetic.story import make_story
from clss_analysis.records.tables import Records

_KINDS = {
    "lone_mother": 0.54, "couple_children": 0.2, "extended": 0.09, "single": 0.08, "lone_father": 0.05, "couple": 0.04,
}  # fmt: skip
_PLIGHTS = {"insalubrity": 0.42, "eviction": 0.34, "overcrowding": 0.12, "hosted": 0.07, "loss": 0.05}
_OUTCOMES = {"ongoing": 0.3, "housing_solved": 0.4, "relay": 0.12, "no_follow_up": 0.18}
_INCOMES = {"social_assistance": 0.48, "unemployment": 0.2, "invalidity": 0.13, "work": 0.14, "none": 0.05}
_FRENCH = {"fluent": 0.45, "some": 0.35, "none": 0.2}


def synthesise(households: int, seed: int) -> Records:
    """Make up a cohort of accompanied households.

    Families, problems, reported symptoms, networks and courses hang together (damp with breathing, notice with
    anxiety, pupils with the école de devoirs), with noise, and with cells that are unknown, as in real records.
    Shares are guesses shaped by the profile that the publication gives (lone mothers of 30 to 45 with three children
    or more); nothing can be learnt from them about real households.

    Args:
        households: how many, at least one.
        seed: any whole number.  Household k is the same in a cohort of any size with the same seed.

    Returns:
        Records marked synthetic and signed as such, every row with the source `synthetic`; the same for the same
        arguments everywhere.

    Raises:
        ValueError: fewer than one household.

    >>> cohort = synthesise(households=3, seed=1)
    >>> cohort.synthetic, cohort.households["label"].tolist()
    (True, ['Ménage S001', 'Ménage S002', 'Ménage S003'])
    """
    if households < 1:
        raise ValueError(f"households must be at least 1, got {households}")
    columns = {table: [str(field["name"]) for field in fields(table)] for table in table_names()}
    rows: dict[str, list[list[str]]] = {table: [] for table in columns}
    for table, cells in [*_shared(), *codebook()]:
        rows[table].append(_row(columns[table], cells))
    for number in range(1, households + 1):
        household = _household(number, Dice(f"{seed}/{number}"))
        make_coding(household, Dice(f"{seed}/{number}/coding"))
        for table, cells in household.rows:
            rows[table].append(_row(columns[table], cells))
    tables: dict[str, Any] = {
        table: typed(pd.DataFrame(rows[table], columns=columns[table], dtype=object), table) for table in columns
    }
    made = Records(
        name=f"cohorte-synthetique-{households}-{seed}",
        title=f"Cohorte synthétique : {'un ménage inventé' if households == 1 else f'{households} ménages inventés'}",
        description=f"Ménages inventés par un programme (graine {seed}) ; aucune personne réelle.",
        synthetic=True,
        sha256="",
        source=f"cohorte synthétique {'d’un ménage' if households == 1 else f'de {households} ménages'}, graine {seed}",
        extra={"licenses": [LICENCE]},
        **tables,
    )
    return signed(made)


def _row(columns: list[str], cells: dict[str, str]) -> list[str]:
    told = {"source": "synthetic", "reading": "false", **cells}
    return [told.get(column, "") for column in columns]


def _shared() -> list[tuple[str, dict[str, str]]]:
    """Services, workshops and partnerships that every cohort has, whatever its size."""
    rows: list[tuple[str, dict[str, str]]] = []
    for identifier, (label, kind, sector, institution) in words.SERVICES.items():
        cells = {"id": identifier, "label": label, "kind": kind, "sector": sector, "institution": institution}
        rows.append(("actors", cells))
    for identifier, (label, theme, sessions) in words.WORKSHOPS.items():
        rows.append(("workshops", {"id": identifier, "label": label, "theme": theme, "sessions": str(sessions)}))
    for rank, (actor, kind, purpose) in enumerate(words.PARTNERSHIPS, start=1):
        rows.append(("partnerships", {"id": f"pa{rank}", "actor": actor, "kind": kind, "purpose": purpose}))
    return rows


def _household(number: int, dice: Dice) -> Household:
    plight = dice.weighted(_PLIGHTS)
    intake = number_of(2022, 11) + dice.between(0, 28)
    months = dice.between(5, 20)
    outcome = dice.weighted(_OUTCOMES)
    household = Household(
        id=f"S{number:03d}",
        dice=dice,
        kind=dice.weighted(_KINDS),
        plight=plight,
        intake=intake,
        months=min(months, number_of(*LAST) - intake),
        outcome="ongoing" if intake + months >= number_of(*LAST) else outcome,
        threatened=plight == "eviction" or dice.chance({"insalubrity": 0.65, "overcrowding": 0.5}.get(plight, 0.2)),
        french=dice.weighted(_FRENCH),
    )
    closing = household.closing()
    cells = {
        "id": household.id,
        "label": f"Ménage {household.id}",
        "household_type": household.kind,
        "french": household.french if dice.chance(0.92) else "",
        "neighbourhood": dice.pick(words.NEIGHBOURHOODS) if dice.chance(0.85) else "",
        "income": dice.weighted(_INCOMES) if dice.chance(0.88) else "",
        "intake": month(intake),
        "closing": month(closing) if closing else "",
        "outcome": household.outcome,
        "summary": words.PLIGHTS[plight],
    }
    household.rows.append(("households", cells))
    for make in (make_family, make_problems, make_impacts, make_criteria, make_course, make_network, make_story):
        make(household)
    return household
