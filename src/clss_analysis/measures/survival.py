"""How long households wait: months until an event or censoring, and the Kaplan–Meier estimate with its interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from clss_analysis.privacy import clear, publishable_counts
from clss_analysis.records import Records

INTERVALS = ("log-log", "log")
_UNITS = {
    "months": "months from intake",
    **dict.fromkeys(("at_risk", "happened", "censored"), "households"),
    **dict.fromkeys(("waiting", "low", "high"), "share, 0 to 1"),
    "error": "standard error of the share (Greenwood)",
}


def kaplan_meier(records: Records, event: str, *, interval: str = "log-log", level: float = 0.95) -> pd.DataFrame:
    """Estimate the share of households to whom an event has not happened yet, by months since intake.

    Households still open, or closed without the event, count as long as they were followed.  That supposes that they
    would have fared like the others afterwards, which a closing for relay or silence makes doubtful: say so.

    Args:
        records: the dataset.
        event: rehousing, eviction or closing.
        interval: log-log (stays within 0 and 1; default) or log (that of R's `survfit` by default).
        level: of the interval, 0 to 1.

    Returns:
        As `product_limit`, a line per month in which it happened.  Where households may only be counted, months are
        gathered into longer steps until no count that the steps show is too small, and `.attrs["binned"]` says so;
        what cannot be gathered is left out, to an empty frame.  `.attrs` also tells `event`, `households`, `unknown`
        (left out), `threshold`, `interval`, `level` and `units`.

    Raises:
        ValueError: no such event or interval.
        NotClearedError: a household has no consent.

    Source: Kaplan & Meier (1958); Greenwood's variance; interval types after Collett (2015) § 2.2.

    >>> import clss_analysis as clss
    >>> curve = kaplan_meier(clss.read("data/demo"), "rehousing")
    >>> int(curve["at_risk"].iloc[0]), curve.attrs["interval"]
    (20, 'log-log')
    """
    waits = durations(records, event)
    months = waits["months"].to_numpy()
    happened = waits["happened"].to_numpy()
    check = publishable_counts(pd.Series([1]), waits["household"], records)
    threshold = int(check.attrs["threshold"])
    binned = bool(check.attrs["withheld"])
    if binned:
        months, happened = _binned(months, happened, threshold)
    curve = product_limit(months, happened, interval=interval, level=level)
    curve.attrs |= {
        "event": event,
        "households": len(months),
        "unknown": waits.attrs["unknown"],
        "binned": binned,
        "threshold": threshold,
    }
    if binned and len(waits) < threshold:
        curve.attrs |= {"households": pd.NA, "unknown": pd.NA}
    return curve


def product_limit(
    months: np.ndarray, happened: np.ndarray, *, interval: str = "log-log", level: float = 0.95
) -> pd.DataFrame:
    """The Kaplan–Meier estimate of durations, some of them censored.

    Args:
        months: durations, 0 or more, in any unit.
        happened: whether each ended with the event; censored where not.
        interval: log-log or log.
        level: of the interval, 0 to 1.

    Returns:
        A line per distinct duration at which the event happened: `months`, `at_risk` (just before), `happened`,
        `censored` (from this line on, before the next), `waiting` (share just after), `error`, `low` and `high` (NaN
        where the share is 0).  `.attrs` tells `interval`, `level`, `median` (NaN where never reached) and `units`.

    Raises:
        ValueError: no such interval.

    >>> product_limit(np.array([3, 5, 5]), np.array([True, True, False]))["waiting"].round(3).tolist()
    [0.667, 0.333]
    """
    if interval not in INTERVALS:
        raise ValueError(f"interval must be one of {', '.join(INTERVALS)}; got {interval}")
    months, happened = np.asarray(months, dtype=float), np.asarray(happened, dtype=bool)
    times = np.unique(months[happened])
    at_risk = (months[:, None] >= times).sum(axis=0)
    events = ((months[:, None] == times) & happened[:, None]).sum(axis=0)
    after = np.append(at_risk[1:], 0)
    share = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
        z = stats.norm.ppf((1 + level) / 2)
        if interval == "log":
            low, high = share * np.exp(-z * greenwood), np.minimum(1, share * np.exp(z * greenwood))
        else:
            width = z * greenwood / np.log(share)
            low, high = share ** np.exp(-width), share ** np.exp(width)
        error = share * greenwood
    gone = share <= 0
    curve = pd.DataFrame(
        {
            "months": times,
            "at_risk": at_risk,
            "happened": events,
            "censored": at_risk - events - after,
            "waiting": share,
            "error": np.where(gone, np.nan, error),
            "low": np.where(gone, np.nan, low),
            "high": np.where(gone, np.nan, high),
        }
    )
    half = times[share <= 0.5 + 1e-12]
    median = float(half[0]) if len(half) else float("nan")
    curve.attrs = {"interval": interval, "level": level, "median": median, "units": _UNITS}
    return curve


def _binned(months: np.ndarray, happened: np.ndarray, threshold: int) -> tuple[np.ndarray, np.ndarray]:
    """Durations moved to the ends of steps, none of which shows an event, a censoring or a rest of too few.

    Months are gathered from the first on; a step is closed as soon as each of its counts is 0 or large enough, and
    so is what is left after it.  The curve stops at the last step: who was followed longer is censored there.
    """
    ends: list[float] = []
    for month in np.unique(months):
        within = (months > (ends[-1] if ends else -1)) & (months <= month)
        shown = [int((within & happened).sum()), int((within & ~happened).sum()), int((months > month).sum())]
        if shown[0] and all(n == 0 or n >= threshold for n in shown):
            ends.append(float(month))
    if not ends:
        return months[:0], happened[:0]
    steps = np.array(ends)
    beyond = months > steps[-1]
    return steps[np.minimum(np.searchsorted(steps, months), len(steps) - 1)], happened & ~beyond


EVENTS = ("rehousing", "eviction", "closing")
_COLUMNS = ["household", "from", "until", "months", "happened"]


def durations(records: Records, event: str) -> pd.DataFrame:
    """Months from intake until an event of each household, censored where it did not happen while it was followed.

    A household is followed from its intake to its closing or, while it is open, to the last month that the dataset
    tells of any household.  Left out, and counted: households whose intake is not told; those to whom the event
    happened in a month that is not told, or before intake; those whose course has no row at all.

    Args:
        records: the dataset.
        event: rehousing, eviction or closing; the first of its kind after intake counts.

    Returns:
        One line per household that can be counted, in the dataset's order: `household`, `from` and `until` (months),
        `months` (0 or more), `happened` (false: censored).  `.attrs` tells `event`, `unknown` (households left out)
        and `units`.  This is a researcher's own table, of households one by one: what leaves is `kaplan_meier`.

    Raises:
        ValueError: no such event.
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> waits = durations(clss.read("data/demo"), "rehousing")
    >>> len(waits), int(waits["happened"].sum()), waits.attrs["unknown"]
    (20, 6, 0)
    """
    if event not in EVENTS:
        raise ValueError(f"event must be one of {', '.join(EVENTS)}; got {event}")
    clear(records)
    last = _last_month(records)
    happened = records.events[records.events["kind"] == event]
    at = {name: list(rows) for name, rows in happened.groupby("household")["month"]}
    with_course = set(records.events["household"])
    lines: list[tuple[object, ...]] = []
    for household, intake, closing in records.households[["id", "intake", "closing"]].itertuples(index=False):
        months = at.get(household, [])
        if event == "closing" and not months and pd.notna(closing):
            months = [closing]
        end = closing if pd.notna(closing) else last
        if pd.isna(intake) or pd.isna(end) or household not in with_course or any(map(pd.isna, months)):
            continue
        if months:
            end = min(months)
        if end >= intake:
            lines.append((household, intake, end, end.ordinal - intake.ordinal, bool(months)))
    frame = pd.DataFrame(lines, columns=_COLUMNS).astype({"household": "string", "months": "int64", "happened": bool})
    frame.attrs = {
        "event": event,
        "unknown": len(records.households) - len(frame),
        "units": {"from": "month", "until": "month", "months": "months from intake"},
    }
    return frame


def _last_month(records: Records) -> Any:  # noqa: ANN401  # a month, or NaT
    told = [
        records.events["month"],
        records.events["until"],
        records.households["intake"],
        records.households["closing"],
    ]
    months = pd.concat(told).dropna()
    return pd.NaT if months.empty else months.max()
