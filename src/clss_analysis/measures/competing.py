"""What comes first to whom: the cumulative incidence of events of which one ends the wait for the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import scipy

from clss_analysis.measures.survival import EVENTS, durations
from clss_analysis.privacy.ledger import ledger
from clss_analysis.records import Records
from clss_analysis.records.arguments import one_of, row_of, share

_COLUMNS = ["event", "months", "at_risk", "happened", "incidence", "error", "low", "high"]
_UNITS = {
    "months": "months from intake",
    **dict.fromkeys(("at_risk", "happened"), "households"),
    **dict.fromkeys(("incidence", "low", "high"), "share, 0 to 1"),
    "error": "standard error of the share",
}


def first_events(records: Records, events: Sequence[str] = EVENTS) -> pd.DataFrame:
    """Which of several events came first to each household, and after how many months.

    A household without any of them is followed as `durations` says.  Of two events in one month the one that stands
    first in `events` is taken: by default who is rehoused in the month of an eviction or of the closing counts as
    rehoused, and an eviction goes before a closing.  Where one of the events has no month, nobody knows which came
    first: that household is left out, and counted in `undated`.

    Args:
        records: the dataset.
        events: two or more of rehousing, eviction and closing, in the order in which they count within a month.

    Returns:
        One line per household: `household`, `months` (0 or more) and `event`, the first of them, or `<NA>` (censored).
        `.attrs` tells `unknown` (intake or course not told), `undated` and `units`.  This is a researcher's own table,
        of households one by one: what leaves is `cumulative_incidence`.

    Raises:
        ValueError: no such event, or fewer than two.
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> first_events(clss.read("data/demo"))["event"].value_counts().to_dict()
    {'eviction': 7, 'closing': 5, 'rehousing': 2}
    """
    events = tuple(dict.fromkeys(one_of("events", event, EVENTS) for event in events))
    if len(events) < 2:
        raise ValueError(f"events must be two or more; got {', '.join(events) or 'none'}")
    waits = {event: durations(records, event).set_index("household") for event in events}
    homes = waits[events[0]].index
    dated = np.logical_and.reduce([wait["dated"] | ~wait["happened"] for wait in waits.values()])
    months = pd.DataFrame({event: wait["months"].where(wait["happened"]) for event, wait in waits.items()})
    followed = pd.DataFrame({event: wait["months"] for event, wait in waits.items()}).min(axis=1)
    happened = months.notna().any(axis=1)
    first = months[happened].idxmin(axis=1).reindex(homes)
    found = pd.DataFrame({"household": homes, "months": followed.to_numpy(), "event": first.astype("string").array})
    found = found[dated].reset_index(drop=True)
    found.attrs = {
        "unknown": waits[events[0]].attrs["unknown"],
        "undated": int((~dated).sum()),
        "units": {"months": "months from intake"},
    }
    return found


def cumulative_incidence(records: Records, events: Sequence[str] = EVENTS, *, level: float = 0.95) -> pd.DataFrame:
    """Estimate by month since intake to which share of the households each event has come first.

    A Kaplan–Meier curve of rehousing alone treats who was evicted, or whose file was closed, as if they could still be
    rehoused like the others, and so promises too much.  Here each event ends the wait for the others, and the shares of
    all of them and of those who still wait are 1 together.

    Args:
        records: the dataset.
        events: two or more of rehousing, eviction and closing (`first_events` says what their order means).
        level: of the interval, 0 to 1.

    Returns:
        As `aalen_johansen`, `event` in the order asked.  `.attrs` tells `households`, `unknown` and `undated` (left
        out), `events`, `level`, `left_out` (whether there are households that are too few to be counted at all),
        `withheld` and `units`.  Where there are households that may only be counted, and enough to be counted, no curve
        is given, `withheld` says so, and numbers of households are `<NA>`.

    Raises:
        ValueError: no such event or level, or fewer than two events.
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> curve = cumulative_incidence(clss.read("data/demo"))
    >>> curve.groupby("event", sort=False)["incidence"].last().round(2).to_dict()
    {'rehousing': 0.13, 'eviction': 0.35, 'closing': 0.36}
    """
    found, entered = first_events(records, events), ledger(records)
    withheld = bool(len(entered.only_counted))
    shown = found.iloc[:0] if withheld else found
    result = aalen_johansen(shown["months"].to_numpy(), shown["event"].to_numpy(dtype=object), events, level=level)
    numbers = {"households": len(found), "unknown": found.attrs["unknown"], "undated": found.attrs["undated"]}
    result.attrs |= dict.fromkeys(numbers, pd.NA) if withheld else numbers
    result.attrs |= {"left_out": entered.left_out, "withheld": withheld}
    return result


def aalen_johansen(
    months: np.ndarray, first: np.ndarray, events: Sequence[str], *, level: float = 0.95
) -> pd.DataFrame:
    """The Aalen–Johansen estimate of competing events.

    Args:
        months: durations, 0 or more, in any unit.
        first: of each, the event that ended it, or None (or NaN) where it was censored.
        events: the events; one that came to nobody has no line.
        level: of the interval, 0 to 1.

    Returns:
        A line per event and distinct duration at which it happened: `event`, `months`, `at_risk` (just before),
        `happened`, `incidence` (share to which it has come), `error`, `low` and `high` (log-log; NaN where the share is
        0 or 1).  `.attrs` tells `events`, `level` and `units`.

    Raises:
        ValueError: no such level; durations below 0, unknown, or not as many as `first`; an event that is not listed.

    Source: Aalen & Johansen (1978); variance by the delta method, Marubini & Valsecchi (1995), § 10.2; interval after
    Kalbfleisch & Prentice (2002), § 8.2.

    >>> curve = aalen_johansen(np.array([1, 2, 3, 4]), np.array(["a", "b", None, "a"]), ("a", "b"))
    >>> curve[["event", "months", "incidence"]].to_numpy().tolist()
    [['a', 1.0, 0.25], ['a', 4.0, 0.75], ['b', 2.0, 0.25]]
    """
    share("level", level)
    months, first = row_of("months", months, float), row_of("first", first)
    ended = ~pd.isna(first)
    if months.shape != first.shape or not (months >= 0).all():
        raise ValueError("months and first must be as many, months 0 or more and known")
    for event in set(first[ended]):
        one_of("first", event, events)
    first = np.where(ended, first, "")
    times = np.unique(months[ended])
    at_risk = (months[:, None] >= times).sum(axis=0)
    gone = ((months[:, None] == times) & ended[:, None]).sum(axis=0)
    before = np.append(1.0, np.cumprod(1 - gone / at_risk))[:-1]
    z = scipy.special.ndtri((1 + level) / 2)
    curves = []
    for event in events:
        mine = ((months[:, None] == times) & (first == event)[:, None]).sum(axis=0)
        incidence = np.cumsum(before * mine / at_risk)
        error = np.sqrt(_variance(incidence, before, mine, gone, at_risk))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            width = z * error / (incidence * np.log(incidence))
            low, high = incidence ** np.exp(-width), incidence ** np.exp(width)
        known = (incidence > 0) & (incidence < 1 - 1e-12)
        low, high = (np.where(known, each, np.nan) for each in (low, high))
        lines = pd.DataFrame(dict(zip(_COLUMNS[1:], (times, at_risk, mine, incidence, error, low, high), strict=True)))
        curves.append(lines[mine > 0].assign(event=event)[_COLUMNS])
    result: pd.DataFrame = pd.concat(curves, ignore_index=True)
    result.attrs = {"events": list(events), "level": level, "units": _UNITS}
    return result


def _variance(
    incidence: np.ndarray, before: np.ndarray, mine: np.ndarray, gone: np.ndarray, at_risk: np.ndarray
) -> np.ndarray:
    """Of the incidence at each time: what the chance of still waiting adds, what that of the event adds, and both."""
    rest = incidence[:, None] - incidence  # times by earlier times
    with np.errstate(divide="ignore", invalid="ignore"):
        waiting = np.where(at_risk > gone, gone / (at_risk * (at_risk - gone)), 0.0)
    own = before**2 * mine * (at_risk - mine) / at_risk**3
    both = before * mine / at_risk**2
    sums: np.ndarray = np.tril(rest**2 * waiting + own - 2 * rest * both).sum(axis=1).clip(min=0)
    return sums
