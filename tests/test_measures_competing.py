"""Which event comes first: against fractions worked out by hand, and against another way to the same estimate."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records_sample import signed
from test_privacy_ledger import told_and_counted

import clss_analysis as clss
from clss_analysis.measures import aalen_johansen, cumulative_incidence, product_limit
from clss_analysis.measures.competing import first_events
from clss_analysis.records import Records, synthesise

Waits = list[tuple[int, str | None]]


def curve(waits: Waits, events: tuple[str, ...] = ("a", "b")) -> pd.DataFrame:
    first = np.array([event for _, event in waits], dtype=object)
    return aalen_johansen(np.array([month for month, _ in waits]), first, events)


def test_seven_households_by_hand() -> None:
    found = curve([(1, "a"), (2, None), (3, "b"), (3, "a"), (4, None), (5, "b"), (6, None)])
    # Still waiting: 6/7 after 1; 6/7 · 3/5 after 3; half of that after 5.
    assert found["event"].tolist() == ["a", "a", "b", "b"]
    assert found["months"].tolist() == [1, 3, 3, 5]
    assert found["at_risk"].tolist() == [7, 5, 5, 2]
    assert found["incidence"].tolist() == pytest.approx([1 / 7, 1 / 7 + 6 / 35, 6 / 35, 6 / 35 + 9 / 35])
    second = (6 / 35) ** 2 / 42 + (6 / 7**3 + (6 / 7) ** 2 * 4 / 125) - 2 * (6 / 35) / 49
    assert found["error"].tolist()[:2] == pytest.approx([(6 / 343) ** 0.5, second**0.5])


def test_shares_and_errors_are_those_of_survfit_of_r() -> None:
    """survfit(Surv(month, factor(event)) ~ 1) of R 4.2.2, survival 3.5-3; cmprsk 2.2-11 has the same shares.

    The months are those of R's `aml`; which of two events ended the wait is made up.
    """
    months = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
    events = [1, 1, 0, 2, 1, 0, 1, 2, 0, 1, 0, 1, 2, 1, 1, 2, 0, 1, 1, 2, 1, 1, 2]
    found = curve([(month, (None, "a", "b")[event]) for month, event in zip(months, events, strict=True)])
    printed = {
        ("a", 5): (0.043478, 0.042523),
        ("a", 13): (0.217391, 0.086006),
        ("a", 31): (0.421670, 0.108490),
        ("a", 48): (0.614907, 0.114815),
        ("b", 5): (0.043478, 0.042523),
        ("b", 18): (0.136646, 0.073593),
        ("b", 34): (0.247067, 0.096580),
        ("b", 45): (0.302277, 0.103455),
    }
    shown = found.set_index(["event", "months"])[["incidence", "error"]].round(6)
    assert {each: tuple(shown.loc[each]) for each in printed} == printed


waits_of = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["a", "b", None])), min_size=2, max_size=25)


@given(waits_of)
@settings(max_examples=80)
def test_shares_are_those_of_weights_handed_on_by_who_is_censored(waits: Waits) -> None:
    """Efron's redistribution to the right: who is censored leaves its weight to those who are followed longer."""
    order = sorted(waits, key=lambda each: (each[0], each[1] is None))
    weight = [1 / len(order)] * len(order)
    share: dict[tuple[str, int], float] = {}
    for n, (month, event) in enumerate(order):
        if event is not None:
            share[event, month] = share.get((event, month), 0) + weight[n]
        elif later := range(n + 1, len(order)):
            for other in later:
                weight[other] += weight[n] / len(later)
    found = curve(waits)
    for event, mine in found.groupby("event"):
        expected = np.cumsum([share[str(event), int(month)] for month in mine["months"]])
        assert mine["incidence"].to_numpy() == pytest.approx(expected)


@given(waits_of)
@settings(max_examples=40)
def test_all_events_and_those_who_wait_are_one_together(waits: Waits) -> None:
    found = curve(waits)
    months, ended = np.array([m for m, _ in waits]), np.array([e is not None for _, e in waits])
    still = product_limit(months, ended)
    last = found.groupby("event")["incidence"].last().sum()
    assert last + (still["waiting"].iloc[-1] if len(still) else 1) == pytest.approx(1)
    alone = curve([(m, None if e is None else "a") for m, e in waits])
    assert alone["incidence"].to_numpy() == pytest.approx(1 - still["waiting"].to_numpy())
    known = still["waiting"] > 0
    assert alone["error"][known].to_numpy() == pytest.approx(still["error"][known].to_numpy())


def test_without_censoring_the_error_is_that_of_a_share() -> None:
    found = curve([(1, "a"), (2, "b"), (3, "a"), (4, "b"), (5, "a")])
    assert found["error"].tolist() == pytest.approx([(f * (1 - f) / 5) ** 0.5 for f in found["incidence"]])


def _house(*rows: tuple[str, str, str | None], closing: str | None = None) -> Records:
    events = [
        {"household": h, "kind": kind, "label": "Une étape", "lane": "housing", **({"month": month} if month else {})}
        for h, kind, month in rows
    ]
    homes = [
        {"id": h, "consent": "CO", "intake": "2020-01", **({"closing": closing} if closing else {})}
        for h in sorted({h for h, *_ in rows})
    ]
    consent = {"id": "CO", "label": "Accord", "scope": "told"}
    return clss.Records.from_frames(consents=[consent], households=homes, events=events)


def test_of_two_events_the_first_counts_and_in_one_month_the_first_asked() -> None:
    records = _house(
        ("A", "eviction", "2020-06"), ("A", "rehousing", "2020-06"),
        ("B", "rehousing", "2020-09"), ("B", "eviction", "2020-04"),
        ("C", "contact", "2020-02"), closing="2020-12",
    )  # fmt: skip
    found = first_events(records).set_index("household")
    assert found["event"].to_dict() == {"A": "rehousing", "B": "eviction", "C": "closing"}
    assert found["months"].to_dict() == {"A": 5, "B": 3, "C": 11}
    assert first_events(records, ("eviction", "rehousing"))["event"].iloc[0] == "eviction"


def test_where_an_event_has_no_month_nobody_knows_which_came_first() -> None:
    records = _house(("A", "eviction", None), ("A", "rehousing", "2020-06"), ("B", "rehousing", "2020-09"))
    found = first_events(records)
    assert found["household"].tolist() == ["B"]
    assert found.attrs["undated"] == 1
    assert cumulative_incidence(records).attrs["households"] == 1


def test_no_curve_tells_of_households_that_may_only_be_counted() -> None:
    found = cumulative_incidence(signed(told_and_counted(synthesise(20, 11), 6)))
    assert found.empty
    assert found.attrs["withheld"]
    assert all(pd.isna(found.attrs[name]) for name in ("households", "unknown", "undated"))


@pytest.mark.parametrize("events", [("rehousing",), ("rehousing", "rehousing"), ()])
def test_one_event_competes_with_none(events: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="two or more"):
        first_events(synthesise(2, 1), events)


def test_arguments_are_looked_at() -> None:
    with pytest.raises(ValueError, match="eviction"):
        first_events(synthesise(2, 1), ("rehousing", "evicted"))
    with pytest.raises(ValueError, match="level must be"):
        curve([(1, "a")]).pipe(lambda _: aalen_johansen(np.array([1]), np.array(["a"]), ("a", "b"), level=95))
    with pytest.raises(ValueError, match="first must be one of"):
        curve([(1, "c")])
    with pytest.raises(ValueError, match="as many"):
        aalen_johansen(np.array([1, 2]), np.array(["a"]), ("a", "b"))
