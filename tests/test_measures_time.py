"""Waiting times and courses: against printed values, and what must hold of any of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records_sample import signed
from scipy import stats
from test_measures_association import only_counted

import clss_analysis as clss
from clss_analysis.layout.page import NothingToDrawError
from clss_analysis.measures import (
    as_sequences,
    durations,
    kaplan_meier,
    monthly_states,
    product_limit,
    sequence_distances,
    sequence_types,
)
from clss_analysis.measures.survival import _binned, _moved
from clss_analysis.records import Records, synthesise

AML = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
SIX_MP = (
    [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35],
    [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0],
)


def curve(data: tuple[list[int], list[int]], interval: str) -> pd.DataFrame:
    return product_limit(np.array(data[0]), np.array(data[1], dtype=bool), interval=interval)


def test_maintained_group_with_log_interval_as_r_prints_it() -> None:
    """summary(survfit(Surv(time, status) ~ x, data = aml)) of R's survival, stratum Maintained; conf.type log."""
    found = curve(AML, "log")
    printed = [
        (9, 11, 0.909, 0.0867, 0.7541, 1.000),
        (13, 10, 0.818, 0.1163, 0.6192, 1.000),
        (18, 8, 0.716, 0.1397, 0.4884, 1.000),
        (23, 7, 0.614, 0.1526, 0.3769, 0.999),
        (31, 5, 0.491, 0.1642, 0.2549, 0.946),
        (34, 4, 0.368, 0.1627, 0.1549, 0.875),
        (48, 2, 0.184, 0.1535, 0.0359, 0.944),
    ]
    shown = found[["months", "at_risk", "waiting", "error", "low", "high"]].itertuples(index=False, name=None)
    rounded = [(*row[:2], round(row[2], 3), round(row[3], 4), round(row[4], 4), round(row[5], 3)) for row in shown]
    assert rounded == printed
    assert found.attrs["median"] == 31


def test_six_mp_group_with_log_log_interval_as_printed() -> None:
    """Freireich et al. (1963), 6-MP: S and its error in Klein & Moeschberger (2003), table 4.1A; interval: Stata."""
    found = curve(SIX_MP, "log-log")
    assert found["months"].tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found["waiting"].round(3).tolist() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert found["error"].round(3).tolist() == [0.076, 0.087, 0.096, 0.107, 0.114, 0.128, 0.135]
    assert found[["low", "high"]].iloc[:2].round(4).to_numpy().tolist() == [[0.6197, 0.9516], [0.5631, 0.9228]]


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=3, max_size=25))
@settings(max_examples=40)
def test_any_data_give_the_curve_of_scipy(data: list[tuple[int, bool]]) -> None:
    months, happened = np.array([m for m, _ in data]), np.array([h for _, h in data])
    found = product_limit(months, happened)
    if not happened.any():
        assert found.empty
        return
    theirs = stats.ecdf(stats.CensoredData(uncensored=months[happened], right=months[~happened])).sf
    assert np.allclose(found["waiting"], theirs.evaluate(found["months"]))
    assert found["at_risk"].iloc[0] == found[["happened", "censored"]].sum().sum()
    assert (found["low"].dropna() <= found["waiting"][found["low"].notna()] + 1e-12).all()


@given(st.lists(st.tuples(st.integers(0, 24), st.booleans()), max_size=120), st.integers(2, 6))
@settings(max_examples=60)
def test_steps_of_a_counted_curve_show_no_small_number(data: list[tuple[int, bool]], threshold: int) -> None:
    months, happened = np.array([m for m, _ in data], dtype=int), np.array([h for _, h in data], dtype=bool)
    shown = product_limit(*_moved(months, happened, _binned(months, happened, threshold)))
    counts = shown[["happened", "censored", "at_risk"]]
    assert ((counts == 0) | (counts >= threshold)).all(axis=None)


def test_months_move_to_the_end_of_their_step_and_stop_at_the_last() -> None:
    months, happened = _moved(np.array([1, 3, 4, 6, 9]), np.full(5, fill_value=True), [3.0, 6.0])
    assert months.tolist() == [3, 3, 6, 6, 6]
    assert happened.tolist() == [True, True, True, True, False]


def test_a_counted_cohort_has_a_binned_curve() -> None:
    records = synthesise(120, 3)
    whole, counted = kaplan_meier(records, "rehousing"), kaplan_meier(only_counted(records), "rehousing")
    assert not whole.attrs["binned"]
    assert counted.attrs["binned"]
    assert counted["earliest"].isna().all(), "months as they stand, beside steps, tell the order of each"
    assert 1 <= len(counted) < len(whole)
    assert counted["waiting"].iloc[-1] >= whole["waiting"].iloc[-1] - 1e-12


def test_who_is_not_rehoused_is_censored_not_dropped() -> None:
    records = clss.read("data/demo")
    waits = durations(records, "rehousing").set_index("household")
    open_ones = records.households.loc[records.households["closing"].isna(), "id"]
    assert not waits.loc[waits.index.isin(open_ones), "happened"].any()
    assert len(waits) + waits.attrs["unknown"] == len(records.households)
    late = records.with_tables(events=records.events.sample(frac=1, random_state=3))
    pd.testing.assert_frame_equal(durations(late, "rehousing").set_index("household"), waits)


def followed(*events: tuple[str, str | None], closing: str | None = None) -> Records:
    """Households followed from January to December 2023, and the month in which each was rehoused."""
    base = synthesise(len(events), 1)
    homes = base.households.assign(
        intake=pd.Period("2023-01", "M"), closing=pd.PeriodIndex([closing or pd.NaT], freq="M")[0]
    )
    rows = [
        base.events.iloc[0].to_dict() | {"household": each, "kind": "contact", "month": "2023-12"}
        for each in homes["id"]
    ]
    rows += [rows[0] | {"household": each, "kind": "rehousing", "month": month} for each, month in events]
    frame = pd.DataFrame(rows).assign(until=pd.NaT, id=[f"e{n}" for n in range(len(rows))])
    for name in ("month", "until"):
        frame[name] = pd.PeriodIndex(frame[name].map(lambda text: pd.NaT if pd.isna(text) else text), freq="M")
    return signed(base.with_tables(households=homes.astype({"closing": "period[M]"}), events=frame))


def test_an_event_in_an_untold_month_happened_and_bounds_the_curve() -> None:
    """Of four, one is rehoused after 3 months, two nobody knows when, one after 9.

    As late as can be: 3/4 wait after month 3, 1/2 after 9, none after 11.  As early: 1/2 from the start, then 1/4, 0.
    """
    records = followed(("S001", "2023-04"), ("S002", None), ("S003", None), ("S004", "2023-10"))
    waits = durations(records, "rehousing").set_index("household")
    assert waits["months"].tolist() == [3, 11, 11, 9]
    assert waits["happened"].all()
    assert waits["dated"].tolist() == [True, False, False, True]
    curve = kaplan_meier(records, "rehousing")
    assert curve["months"].tolist() == [3, 9, 11]
    assert curve["waiting"].tolist() == pytest.approx([0.75, 0.5, 0])
    assert curve["earliest"].tolist() == pytest.approx([0.25, 0, 0])
    early = product_limit(np.array([3, 0, 0, 9]), np.ones(4, dtype=bool))
    assert curve["low"].iloc[0] == pytest.approx(early["low"].iloc[1])
    assert curve["high"].iloc[0] == pytest.approx(product_limit(np.array([3, 11, 11, 9]), np.ones(4, bool))["high"][0])
    assert (curve.attrs["undated"], curve.attrs["households"], curve.attrs["unknown"]) == (2, 4, 0)


def test_an_event_before_intake_does_not_hide_one_after() -> None:
    records = followed(("S001", "2022-06"), ("S001", "2023-06"))
    waits = durations(records, "rehousing").set_index("household")
    assert waits.loc["S001", ["months", "happened"]].tolist() == [5, True]
    assert waits.loc["S002", ["months", "happened"]].tolist() == [11, False]
    before = durations(followed(("S001", "2022-06")), "rehousing")
    assert before[["months", "happened"]].to_numpy().tolist() == [[11, False]]


def test_an_event_in_the_month_of_intake_counts_and_the_first_of_two() -> None:
    waits = durations(followed(("S001", "2023-01"), ("S002", "2023-08"), ("S002", "2023-03")), "rehousing")
    assert waits["months"].tolist()[:2] == [0, 2]


def test_how_many_events_have_no_month_is_not_told_of_counted_households() -> None:
    cohort = synthesise(120, 3)
    at = cohort.events.index[cohort.events["kind"] == "rehousing"][:2]
    silent = cohort.with_tables(
        events=cohort.events.assign(month=cohort.events["month"].mask(cohort.events.index.isin(at)))
    )
    curve = kaplan_meier(only_counted(silent), "rehousing")
    assert curve.attrs["binned"]
    assert pd.isna(curve.attrs["undated"])
    assert curve["earliest"].isna().all()
    dated = cohort.events["month"].notna() | (cohort.events["kind"] != "rehousing")
    assert (
        kaplan_meier(only_counted(cohort.with_tables(events=cohort.events[dated])), "rehousing").attrs["undated"] == 0
    )


def test_the_publication_tells_too_few_months_for_a_curve() -> None:
    curve = kaplan_meier(clss.read("data/publication"), "rehousing")
    assert curve["at_risk"].sum() == curve.attrs["undated"] == curve.attrs["households"] == 1
    assert curve.attrs["households"] + curve.attrs["unknown"] == 6
    with pytest.raises(NothingToDrawError):
        clss.figures.waiting(clss.read("data/publication"))


def test_lcs_and_om_as_in_the_traminer_guide() -> None:
    """Gabadinho et al. (2011), Mining sequence data in R with TraMineR, § 9.4: LCS of S-U-S-M-S-U and others."""
    sequences = {"x": "S-U-S-M-S-U", "y": "U-S-SC-MC", "z": "S-U-M-S-SC-UC-MC"}
    split = {name: text.split("-") for name, text in sequences.items()}
    found = sequence_distances(split, "lcs")
    assert found.to_numpy().tolist() == [[0, 6, 5], [6, 0, 3], [5, 3, 0]]
    assert sequence_distances(split, "om", indel=1, substitution=2).equals(found)


def test_hamming_as_in_the_traminer_guide() -> None:
    """Gabadinho, Ritschard, Studer & Müller (2008), Mining sequence data in R with TraMineR, § 6.1, p. 71: matching
    positions of famform's sequences 1 and 2, printed 2, and of 2 and 4, printed 3.

    Hamming is the length less the matching positions (Gabadinho et al. 2011, JSS 40/4, § 8.1).  It takes sequences of
    one length: as in the guide, a place where a sequence has no state matches nothing.
    """
    famform = {"1": "S-U", "2": "S-U-M", "4": "S-U-M-MC-SC"}
    whole = {
        name: [*text.split("-"), *(f"void {name}" for _ in range(5 - len(text.split("-"))))]
        for name, text in famform.items()
    }
    found = sequence_distances(whole, "hamming")
    assert 5 - found.loc["1", "2"] == 2
    assert 5 - found.loc["2", "4"] == 3
    with pytest.raises(ValueError, match="one length"):
        sequence_distances({name: text.split("-") for name, text in famform.items()}, "hamming")


COURSES = st.lists(st.text("SUM", min_size=4, max_size=4), min_size=3, max_size=3)


@given(COURSES)
@settings(max_examples=60)
def test_distances_are_distances(courses: list[str]) -> None:
    named = dict(zip("abc", courses, strict=True))
    hamming, lcs = sequence_distances(named, "hamming"), sequence_distances(named, "lcs")
    for found in (hamming, lcs, sequence_distances(named, "om", indel=1, substitution=1.5)):
        matrix = found.to_numpy()
        assert (matrix == matrix.T).all()
        assert matrix[0, 2] <= matrix[0, 1] + matrix[1, 2] + 1e-12
    assert (lcs <= 2 * hamming).all(axis=None)
    assert sequence_distances(named, "om", indel=1, substitution=2).equals(lcs)


def test_states_by_month_follow_what_is_told() -> None:
    states = monthly_states(clss.read("data/demo"))
    sequences = as_sequences(states)
    assert sequences["S001"] == ("insecure",) * 4 + ("houseless",) * 2 + ("housed",) + ("?",) * 5
    counted = monthly_states(only_counted(clss.read("data/demo")))
    assert counted.empty
    assert counted.attrs["unknown"] == 20


def test_types_have_a_medoid_that_exists() -> None:
    states = monthly_states(clss.read("data/demo"))
    sequences = as_sequences(states)
    kinds = sequence_types(sequence_distances(sequences), 3)
    assert kinds.groupby("kind")["medoid"].sum().tolist() == [1] * kinds["kind"].nunique()
    turned = sequence_types(sequence_distances(dict(reversed(sequences.items()))), 3)
    pd.testing.assert_frame_equal(kinds, turned)
    assert kinds.loc[kinds["medoid"], "distance"].eq(0).all()


def courses(*rows: tuple[str, str | None, str | None], closing: str = "2023-12") -> tuple[str, ...]:
    """The course of one household from January to December 2023 whose situations are these."""
    base = synthesise(1, 1)
    first = base.situations.iloc[0].to_dict()
    frame = pd.DataFrame(
        [
            first | {"order": rank, "ethos": code, "start": start, "end": end}
            for rank, (code, start, end) in enumerate(rows)
        ]
    )
    for name in ("start", "end"):
        frame[name] = pd.PeriodIndex(frame[name].map(lambda text: text or pd.NaT), freq="M")
    homes = base.households.assign(intake=pd.Period("2023-01", "M"), closing=pd.Period(closing, "M"))
    return as_sequences(monthly_states(signed(base.with_tables(situations=frame, households=homes))))["S001"]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        # the last month is within a situation
        ([("e8", None, "2023-04"), ("housed", "2023-05", None)], ("insecure",) * 4 + ("housed",) * 8),
        # a last month that is told stands, though the next situation begins later
        ([("e8", None, "2023-04"), ("housed", "2023-07", None)], ("insecure",) * 4 + ("?",) * 2 + ("housed",) * 6),
        # without a last month, a situation holds until the next one begins
        ([("e8", None, None), ("housed", "2023-07", None)], ("insecure",) * 6 + ("housed",) * 6),
        # without a first month, a situation begins after the one before it
        ([("e8", None, "2023-04"), ("housed", None, None)], ("insecure",) * 4 + ("housed",) * 8),
        # of two in one month the later one counts
        ([("e8", None, "2023-04"), ("housed", "2023-04", "2023-10")], ("insecure",) * 3 + ("housed",) * 7 + ("?",) * 2),
        # neither end nor beginning: who knows when
        ([("e8", None, None), ("housed", None, None)], ("?",) * 12),
    ],
)
def test_a_situation_holds_from_its_first_month_to_its_last(
    rows: list[tuple[str, str | None, str | None]], told: tuple[str, ...]
) -> None:
    assert courses(*rows) == told


def test_nobody_is_followed_after_the_closing() -> None:
    assert courses(("e8", None, None), closing="2023-02") == ("insecure",) * 2 + ("?",) * 10
