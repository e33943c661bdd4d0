"""Before and after: months at the edges, months that nobody told, and households of which one row is on record."""

from __future__ import annotations

import pandas as pd
import pytest

import clss_analysis as clss
from clss_analysis.measures import before_after
from clss_analysis.records import Records, synthesise

TABLES = ["situations", "housing_problems", "health_impacts", "domain_impacts"]
COUNTS = ["stayed", "gained", "lost", "never", "unknown"]


def month(text: str | None) -> pd.Period:
    return pd.NaT if text is None else pd.Period(text, freq="M")


def spells(*rows: tuple[str, str, str | None, str | None], closing: str | None = "2023-12") -> Records:
    """Four households, followed from January to December 2023, and what is told of their symptoms."""
    base = synthesise(4, 2)
    homes = base.households.assign(intake=month("2023-01"), closing=month(closing)).astype({"closing": "period[M]"})
    one = base.health_impacts.iloc[0].to_dict()
    frame = pd.DataFrame([one | dict(zip(("household", "symptom", "start", "end"), row, strict=True)) for row in rows])
    for name in ("start", "end"):
        frame[name] = pd.Series([month(each) for each in frame[name]], dtype="period[M]")
    return base.with_tables(households=homes, health_impacts=frame)


def line(records: Records, code: str = "insomnia") -> list[int]:
    found = before_after(records, "health_impacts").set_index("code").loc[code, COUNTS]
    return [int(each) for each in found]


@pytest.mark.parametrize("table", TABLES)
def test_no_dataset_is_too_small_or_too_silent_to_be_compared(table: str) -> None:
    demo = clss.read("data/demo")
    months = {name: pd.Series(pd.NaT, index=demo.table(table).index, dtype="period[M]") for name in ("start", "end")}
    silent = demo.with_tables(**{table: demo.table(table).assign(**months)})
    for records in (clss.read("data/publication"), demo.among([]), demo.among(["S001"]), silent):
        changes = before_after(records, table)
        assert (changes[COUNTS].sum(axis=1) == len(records.households)).all()


@pytest.mark.parametrize(
    ("start", "end", "counted"),
    [
        ("2023-01", "2023-12", [1, 0, 0, 0, 3]),  # both edges are within: months are inclusive
        ("2023-01", "2023-11", [0, 0, 1, 0, 3]),
        ("2023-02", "2023-12", [0, 1, 0, 0, 3]),
        ("2023-02", "2023-11", [0, 0, 0, 1, 3]),
        ("2022-01", "2023-01", [0, 0, 1, 0, 3]),
        ("2024-01", None, [0, 0, 0, 1, 3]),
        ("2023-02", None, [0, 0, 0, 0, 4]),
        (None, "2022-12", [0, 0, 0, 1, 3]),
        (None, None, [0, 0, 0, 0, 4]),
    ],
)
def test_a_code_holds_from_its_first_month_to_its_last(start: str | None, end: str | None, counted: list[int]) -> None:
    assert line(spells(("S001", "insomnia", start, end))) == counted


def test_a_household_without_closing_has_no_after() -> None:
    assert line(spells(("S001", "insomnia", "2023-01", "2023-12"), closing=None)) == [0, 0, 0, 0, 4]
