"""Who is in a dataset, and what is missing from it."""

from __future__ import annotations

import pandas as pd

from clss_analysis.measures.ties import acting
from clss_analysis.privacy import clear
from clss_analysis.privacy.gate import part_of
from clss_analysis.records import Records, codes, intake_verdict
from clss_analysis.records.residence import at_home
from clss_analysis.records.rules import CHILD_ROLES, SEVERAL
from clss_analysis.records.schema import table_names
from clss_analysis.records.years import lives

_AGE_OF_MAJORITY = 18  # years, in Belgium
_MINOR_BANDS = ("0-2", "3-5", "6-11", "12-17")


def completeness(records: Records) -> pd.DataFrame:
    """How much of every field is told, of the households that may be and in the tables of no household.

    Returns:
        One row per table and field, in the schema's order: `table`, `field`, `required`, `rows`, `told` and `unknown`
        (numbers of rows).  Empty tables have zero rows.

    Raises:
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> table = completeness(clss.read("data/publication"))
    >>> table.query("table == 'households' and field == 'label'")[["rows", "told", "unknown"]].values.tolist()
    [[6, 6, 0]]
    """
    records = part_of(records, clear(records).told)
    found = []
    for table in table_names():
        frame = records.table(table)
        for field in records.fields(table):
            told = int(frame[str(field["name"])].notna().sum())
            required = bool(field.get("constraints", {}).get("required", False))
            found.append((table, field["name"], required, len(frame), told, len(frame) - told))
    return pd.DataFrame(found, columns=["table", "field", "required", "rows", "told", "unknown"])


def household_overview(records: Records) -> pd.DataFrame:
    """One line per household that may be told: its shape, its course, how much is on record.

    Returns:
        Columns `household`, `label`, `type`, `persons` (alive or expected, in the household or hosted by it),
        `children` (minors among them by age, age band or, where neither is told, by role), both `<NA>` where there are
        children of whom it is not told how many, `intake`, `closing`,
        `months` (from intake to closing; `<NA>` while either is unknown), `outcome`, `first_situation`,
        `last_situation` (ETHOS codes), `criteria_met`, `eligible` (`<NA>` where the rule cannot decide), `problems`,
        `symptoms`, `actors` (services and persons tied to it), `events`, `tree_nodes`.  Numbers are of rows on record;
        where nothing was said of problems or symptoms they are `<NA>`, which is not zero.  `.attrs` tells `units`.

    Raises:
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> overview = household_overview(clss.read("data/publication")).set_index("household")
    >>> int(overview.loc["Y", "persons"]), bool(overview.loc["A", "eligible"])
    (5, True)
    """
    told = clear(records).told
    homes = records.households[records.households["id"].isin(told)].set_index("id", drop=False)
    persons = records.persons
    there = persons[at_home(records) & ~lives(persons).isin(["deceased", "lost"])]
    open_ = homes.index.isin(there.loc[there["role"] == SEVERAL, "household"])
    ends = acting(records, events=False)
    situations = records.situations.sort_values(["household", "order"], kind="stable").groupby("household")["ethos"]
    verdicts = intake_verdicts(records)
    months = [
        closing.ordinal - intake.ordinal if pd.notna(intake) and pd.notna(closing) else pd.NA
        for intake, closing in zip(homes["intake"], homes["closing"], strict=True)
    ]
    columns: dict[str, object] = {
        "household": homes["id"].astype("string"),
        "label": homes["label"],
        "type": homes["household_type"],
        "persons": _number(there, homes.index).mask(open_),
        "children": _number(there[_minors(there)], homes.index).mask(open_),
        "intake": homes["intake"],
        "closing": homes["closing"],
        "months": pd.array(months, dtype="Int64"),
        "outcome": homes["outcome"],
        "first_situation": situations.first().reindex(homes.index).astype("string"),
        "last_situation": situations.last().reindex(homes.index).astype("string"),
        "criteria_met": verdicts["met"].reindex(homes.index).astype("Int64"),
        "eligible": verdicts["eligible"].reindex(homes.index).astype("boolean"),
        "problems": _told(records.housing_problems, "problem", homes.index),
        "symptoms": _told(records.health_impacts, "symptom", homes.index),
        "actors": _number(ends.drop_duplicates(), homes.index),
        "events": _number(records.events, homes.index),
        "tree_nodes": _number(records.relevance_nodes, homes.index),
    }
    frame = pd.DataFrame(columns, index=homes.index).reset_index(drop=True)
    frame.attrs = {"units": {"months": "months", "persons": "persons", "children": "persons"}}
    texts = ["label", "type", "outcome"]
    return frame.astype(dict.fromkeys(texts, "string") | dict.fromkeys(["intake", "closing"], "period[M]"))


def intake_verdicts(records: Records) -> pd.DataFrame:
    """What the intake rule says of each household that has a grid: `met` (criteria) and `eligible` (None: open).

    Households with the same answers have the same verdict, which is asked for once.
    """
    five = list(codes("criterion"))
    grid = records.criteria.pivot(index="household", columns="criterion", values="met").reindex(columns=five)
    known: dict[tuple[bool | None, ...], tuple[int, bool | None]] = {}
    found = []
    for line in grid.astype(object).itertuples(index=False, name=None):
        answers = tuple(None if pd.isna(each) else bool(each) for each in line)
        if answers not in known:
            rows = pd.DataFrame({"criterion": five, "met": pd.array(list(answers), dtype="boolean")})
            verdict = intake_verdict(rows)
            known[answers] = (verdict.met, verdict.eligible)
        found.append(known[answers])
    return pd.DataFrame(found, columns=["met", "eligible"], index=grid.index, dtype=object)


def _number(rows: pd.DataFrame, homes: pd.Index[str]) -> pd.Series[int]:
    """How many rows each household has."""
    return rows["household"].value_counts().reindex(homes, fill_value=0).astype("Int64")


def _told(rows: pd.DataFrame, column: str, homes: pd.Index[str]) -> pd.Series[int]:
    """How many codes are told of each household, unknown where no row is, 0 where they say that there is none."""
    return (rows[column] != "none").groupby(rows["household"]).sum().reindex(homes).astype("Int64")


def _minors(persons: pd.DataFrame) -> pd.Series[bool]:
    by_age = (persons["age"] < _AGE_OF_MAJORITY).astype(object).where(persons["age"].notna(), None)
    by_band = persons["age_band"].isin(_MINOR_BANDS).astype(object).where(persons["age_band"].notna(), None)
    by_role = persons["role"].isin(CHILD_ROLES)
    return by_age.where(by_age.notna(), by_band.where(by_band.notna(), by_role)).astype(bool)
