"""Who is in a dataset, and what is missing from it."""

from __future__ import annotations

import pandas as pd

from clss_analysis.privacy import clear
from clss_analysis.records import Records, intake_verdict
from clss_analysis.records.schema import fields, table_names

_AGE_OF_MAJORITY = 18
_MINOR_BANDS = ("0-2", "3-5", "6-11", "12-17")
_TABLES = (
    "persons", "situations", "criteria", "housing_problems", "health_impacts", "ties", "events", "relevance_nodes",
)  # fmt: skip
_CHILD_ROLES = ("daughter", "son", "child")


def completeness(records: Records) -> pd.DataFrame:
    """How much of every field is told.

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
    clear(records)
    found = []
    for table in table_names():
        frame = records.table(table)
        for field in fields(table):
            told = int(frame[str(field["name"])].notna().sum())
            required = bool(field.get("constraints", {}).get("required", False))
            found.append((table, field["name"], required, len(frame), told, len(frame) - told))
    return pd.DataFrame(found, columns=["table", "field", "required", "rows", "told", "unknown"])


def household_overview(records: Records) -> pd.DataFrame:
    """One line per household that may be told: its shape, its course, how much is on record.

    Returns:
        Columns `household`, `label`, `type`, `persons` (alive or expected, in the household or hosted by it),
        `children` (minors among them by age, age band or, where neither is told, by role), `intake`, `closing`,
        `months` (from intake to closing; `<NA>` while either is unknown), `outcome`, `first_situation`,
        `last_situation` (ETHOS codes), `criteria_met`, `eligible` (`<NA>` where the rule cannot decide), `problems`,
        `symptoms`, `actors` (services and persons tied to it), `events`, `tree_nodes`.  Numbers are of rows on record;
        where nothing was said of problems or symptoms they are `<NA>`, which is not zero.

    Raises:
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> overview = household_overview(clss.read("data/publication")).set_index("household")
    >>> int(overview.loc["Y", "persons"]), bool(overview.loc["A", "eligible"])
    (5, True)
    """
    told = clear(records).told
    of = {table: dict(iter(records.table(table).groupby("household"))) for table in _TABLES}
    lines = []
    for _, row in records.households[records.households["id"].isin(told)].iterrows():
        case = {table: of[table].get(row["id"], records.table(table).iloc[:0]) for table in _TABLES}
        lines.append(_line(case, row))
    names = [
        "household", "label", "type", "persons", "children", "intake", "closing", "months", "outcome",
        "first_situation", "last_situation", "criteria_met", "eligible", "problems", "symptoms", "actors", "events",
        "tree_nodes",
    ]  # fmt: skip
    frame = pd.DataFrame(lines, columns=names)
    numbers = [
        "persons",
        "children",
        "months",
        "criteria_met",
        "problems",
        "symptoms",
        "actors",
        "events",
        "tree_nodes",
    ]
    types: dict[str, str] = dict.fromkeys(numbers, "Int64") | {"eligible": "boolean"}
    types |= dict.fromkeys(["household", "label", "type", "outcome", "first_situation", "last_situation"], "string")
    return frame.astype(types | {"intake": "period[M]", "closing": "period[M]"})


def _line(case: dict[str, pd.DataFrame], row: pd.Series) -> tuple[object, ...]:
    persons, ties = case["persons"], case["ties"]
    there = persons[persons["residence"].isin(["household", "hosted"])]
    there = there[there["life"].isin(["alive", "expected"])]
    intake, closing = row["intake"], row["closing"]
    both = pd.notna(intake) and pd.notna(closing)
    situations = case["situations"].sort_values("order", kind="stable")["ethos"]
    verdict = intake_verdict(case["criteria"])
    actors = pd.concat([ties["from_actor"], ties["to_actor"]]).dropna().nunique()
    return (
        row["id"],
        row["label"],
        row["household_type"],
        len(there),
        int(_minors(there).sum()),
        intake,
        closing,
        closing.ordinal - intake.ordinal if both else pd.NA,
        row["outcome"],
        situations.iloc[0] if len(situations) else pd.NA,
        situations.iloc[-1] if len(situations) else pd.NA,
        verdict.met if len(case["criteria"]) else pd.NA,
        pd.NA if verdict.eligible is None else verdict.eligible,
        _told(case["housing_problems"]["problem"]),
        _told(case["health_impacts"]["symptom"]),
        actors,
        len(case["events"]),
        len(case["relevance_nodes"]),
    )


def _minors(persons: pd.DataFrame) -> pd.Series[bool]:
    by_age = (persons["age"] < _AGE_OF_MAJORITY).astype(object).where(persons["age"].notna(), None)
    by_band = persons["age_band"].isin(_MINOR_BANDS).astype(object).where(persons["age_band"].notna(), None)
    by_role = persons["role"].isin(_CHILD_ROLES)
    return by_age.where(by_age.notna(), by_band.where(by_band.notna(), by_role)).astype(bool)


def _told(codes_on_record: pd.Series[str]) -> object:
    return int((codes_on_record != "none").sum()) if len(codes_on_record) else pd.NA
