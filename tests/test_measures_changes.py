"""Before and after: months at the edges, months that nobody told, and households of which one row is on record."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from records_sample import signed
from test_measures_association import only_counted

import clss_analysis as clss
from clss_analysis.measures import before_after
from clss_analysis.measures.changes import states_at_both
from clss_analysis.measures.counts import presence
from clss_analysis.records import Records, synthesise

TABLES = ["situations", "housing_problems", "health_impacts", "domain_impacts"]
COUNTS = ["stayed", "gained", "lost", "never", "unknown"]
STATES = {"stayed": [0], "gained": [1], "lost": [2], "held": [0, 1]}


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
    return signed(base.with_tables(households=homes, health_impacts=frame))


def line(records: Records, code: str = "insomnia") -> list[int]:
    found = before_after(records, "health_impacts").set_index("code").loc[code, COUNTS]
    return [int(each) for each in found]


@pytest.mark.parametrize("table", TABLES)
def test_no_dataset_is_too_small_or_too_silent_to_be_compared(table: str) -> None:
    demo = clss.read("data/demo")
    months = {name: pd.Series(pd.NaT, index=demo.table(table).index, dtype="period[M]") for name in ("start", "end")}
    silent = signed(demo.with_tables(**{table: demo.table(table).assign(**months)}))
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


def test_who_stayed_counts_as_the_indicator_counts() -> None:
    """In the cohort 6 of 20 households ended housed; nobody leaves the count for want of a second situation."""
    demo = clss.read("data/demo")
    housed = before_after(demo, "situations").set_index("code").loc["housed"]
    said = clss.measures.indicators(demo).set_index("indicator").loc["housed"]
    assert housed["stayed"] + housed["gained"] == said["numerator"] == 6
    assert housed[COUNTS[:4]].sum() == said["denominator"] == 20
    assert housed["change"] == pytest.approx(6 / 20)


def test_the_unknown_bound_the_change() -> None:
    """Of four households one lost it and three are left open: −1 of those known, (−1 − 3)/4 to (−1 + 3)/4 of all."""
    records = spells(("S001", "insomnia", "2023-01", "2023-05"), ("S002", "insomnia", "2023-01", None))
    changes = before_after(records, "health_impacts").set_index("code").loc["insomnia"]
    assert changes[COUNTS].tolist() == [0, 0, 1, 0, 3]
    assert changes[["change", "change_low", "change_high"]].tolist() == [-1, -1, 0.5]


@pytest.mark.parametrize("seed", [6, 8, 9])
def test_the_unknown_do_not_tell_how_many_open_households_have_a_code(seed: int) -> None:
    """Whoever knows how many are not followed to their end subtracts them: what is left must be of none or of five."""
    records = only_counted(synthesise(40, seed))
    followed = records.households.set_index("id")[["intake", "closing"]].notna().all(axis=1)
    has = presence(records, "housing_problems")
    shown = before_after(records, "housing_problems").dropna(subset=["unknown"])["code"]
    for code in shown:
        those = has.index[has[code]]
        assert sum(~followed[those]) == 0 or sum(~followed[those]) >= 5


def ended(records: Records, seed: int) -> Records:
    """The same records: most of their problems and symptoms begin before intake, and half end before closing."""
    dice, homes = np.random.default_rng(seed), records.households.set_index("id")
    tables = {}
    for name in ("housing_problems", "health_impacts"):
        frame = records.table(name)
        first, last = (frame["household"].map(homes[moment]).astype("period[M]") for moment in ("intake", "closing"))
        lasts = dice.random(len(frame))
        end = (last - dice.integers(1, 4, len(frame))).where(lasts < 0.5, last).where(lasts < 0.85)
        start = first + np.where(dice.random(len(frame)) < 0.8, -3, 2)
        tables[name] = frame.assign(start=start.astype("period[M]"), end=end.astype("period[M]"))
    return records.with_tables(**tables)


@pytest.mark.parametrize("table", ["housing_problems", "health_impacts"])
def test_a_line_that_would_tell_of_few_says_less_before_it_says_nothing(table: str) -> None:
    """Each number, what it leaves of those who ever had the code, and of those followed, is of none or of five."""
    records = only_counted(ended(synthesise(80, 2), 2))
    changes, ever = before_after(records, table).set_index("code"), presence(records, table)
    moves = states_at_both(records, table)
    shown = changes[list(STATES)].notna()
    for code, name in shown.stack()[lambda said: said].index:
        those = moves.index[moves[code].isin(STATES[name])]
        assert changes.loc[code, name] == len(those)
        assert len(those) == 0 or len(those) >= 5
        assert int(ever[code].sum()) - len(those) == 0 or int(ever[code].sum()) - len(those) >= 5
    assert changes.loc[shown.any(axis=1), "never"].isna().any()
    assert changes.attrs["withheld"] == changes["unknown"].isna().sum() < len(changes) + 1
    assert not shown.any(axis=1).all()
    known = changes["odds_ratio"].notna() | changes["p"].notna()
    assert (known <= changes[["gained", "lost"]].notna().all(axis=1)).all()
    assert (changes["change"].notna() <= changes["never"].notna()).all()
