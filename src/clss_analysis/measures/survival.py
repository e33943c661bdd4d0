"""How long households wait: months until an event or censoring, and the Kaplan–Meier estimate with its interval."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import scipy

from clss_analysis.measures.counts import presence
from clss_analysis.privacy import clear
from clss_analysis.privacy.ledger import Ledger, ledger
from clss_analysis.records import Records
from clss_analysis.records.arguments import instance, one_of, row_of, share

INTERVALS = ("log-log", "log")
_UNITS = {
    "months": "months from intake",
    **dict.fromkeys(("at_risk", "happened", "censored"), "households"),
    **dict.fromkeys(("waiting", "earliest", "low", "high"), "share, 0 to 1"),
    "error": "standard error of the share (Greenwood)",
}


def kaplan_meier(
    records: Records,
    event: str,
    *,
    by: str | pd.Series | None = None,
    interval: str = "log-log",
    level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the share of households to whom an event has not happened yet, by months since intake.

    Households still open, or closed without the event, count as long as they were followed.  That supposes that they
    would have fared like the others afterwards, which a closing for relay or silence makes doubtful: say so.

    Where an event has no month, it happened between intake and the end of the follow-up, and no estimate knows when:
    `waiting` puts it as late as it can be, `earliest` as early, and the interval holds those of both.

    Args:
        records: the dataset.
        event: rehousing, eviction or closing.
        by: groups to compare, as a column of `households` or a series by household id: one curve after the other, with
            `group` as the first column.  Default: one curve of all.
        interval: log-log (stays within 0 and 1; default) or log (that of R's `survfit` by default).
        level: of the interval, 0 to 1.

    Returns:
        As `product_limit`, a line per month in which it happened, with `earliest` (share still waiting had every event
        without a month happened at intake).  Where households may only be counted, months are gathered into longer
        steps until no count that the steps show is too small, and `.attrs["binned"]` says so; what cannot be gathered
        is left out, to an empty frame, and `earliest` is not told.  `.attrs` also tells `event`, `households`,
        `unknown` (left out), `undated` (households whose event has no month; `<NA>` where binned and there are any),
        `threshold`, `interval`, `level` and `units`.

        By groups, `.attrs` tells `event`, `groups` (what it tells of each curve, and its `restricted_mean`: months
        waited on average until the `horizon`, to which all groups were followed), `ungrouped` (households of which the
        group is not told) and `logrank` (`statistic`, `df` and `p` of no difference, which asks for more households
        than a handful).  Where households may only be counted, no curve is given and `withheld` says so: the curve of
        all beside those of groups would tell of too few; `ungrouped` and `horizon` are `<NA>` then.

    Raises:
        ValueError: no such event, interval, level or column; a series without household ids.
        NotClearedError: a household has no consent.

    Source: Kaplan & Meier (1958); Greenwood's variance; interval types after Collett (2015) § 2.2; log-rank test of
    several groups after Mantel (1966) and Peto & Peto (1972).

    >>> import clss_analysis as clss
    >>> curve = kaplan_meier(clss.read("data/demo"), "rehousing")
    >>> int(curve["at_risk"].iloc[0]), curve.attrs["interval"]
    (20, 'log-log')
    """
    if by is not None:
        return _by_groups(records, event, by, interval=interval, level=level)
    entered = ledger(records)
    waits = durations(records, event)
    unknown, left_out = waits.attrs["unknown"], entered.left_out
    few, steps = waits["household"].isin(entered.only_counted).to_numpy(), _steps(waits, event, entered)
    if few.any() and not steps and not few.all():
        unknown -= len(entered.only_counted) - int(few.sum())
        waits, left_out = waits[~few], True
        few = few[~few]
    binned, threshold = bool(few.any()), entered.threshold
    curve = _bounded(waits, steps if binned else None, interval=interval, level=level)
    curve.attrs |= {
        "event": event,
        "unknown": unknown,
        "left_out": left_out,
        "binned": binned,
        "threshold": threshold,
    }
    if binned and not steps:
        curve.attrs |= {"households": pd.NA, "unknown": pd.NA}
    return curve


def _bounded(waits: pd.DataFrame, steps: list[float] | None, *, interval: str, level: float) -> pd.DataFrame:
    """The curve of some durations with its bound `earliest`, gathered into steps where there are any."""
    months, happened = waits["months"].to_numpy(), waits["happened"].to_numpy()
    undated = ~waits["dated"].to_numpy()
    early = product_limit(np.where(undated, 0, months), happened, interval=interval, level=level)
    if steps is not None:
        months, happened = _moved(months, happened, steps)
    curve = product_limit(months, happened, interval=interval, level=level)
    told = steps is None  # months as they stand, beside steps, would give the order of events and leavings
    curve.insert(list(curve).index("waiting") + 1, "earliest", _at(early, "waiting", curve) if told else np.nan)
    if undated.any() and told:
        curve["low"] = np.fmin(curve["low"], _at(early, "low", curve))
    curve.attrs |= {"undated": int(undated.sum()) if told or not undated.any() else pd.NA, "households": len(months)}
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
        ValueError: no such interval or level; durations below 0, unknown, or not as many as events.

    >>> product_limit(np.array([3, 5, 5]), np.array([True, True, False]))["waiting"].round(3).tolist()
    [0.667, 0.333]
    """
    one_of("interval", interval, INTERVALS)
    share("level", level)
    months, happened = row_of("months", months, float), row_of("happened", happened, bool)
    if months.shape != happened.shape or not (months >= 0).all():
        raise ValueError("months and happened must be as many, months 0 or more and known")
    times = np.unique(months[happened])
    at_risk = (months[:, None] >= times).sum(axis=0)
    events = ((months[:, None] == times) & happened[:, None]).sum(axis=0)
    after = np.append(at_risk[1:], 0)
    waiting = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.sqrt(np.cumsum(events / (at_risk * (at_risk - events))))
        z = scipy.special.ndtri((1 + level) / 2)
        if interval == "log":
            low, high = waiting * np.exp(-z * greenwood), np.minimum(1, waiting * np.exp(z * greenwood))
        else:
            width = z * greenwood / np.log(waiting)
            low, high = waiting ** np.exp(-width), waiting ** np.exp(width)
        error = waiting * greenwood
    gone = waiting <= 0
    curve = pd.DataFrame(
        {
            "months": times,
            "at_risk": at_risk,
            "happened": events,
            "censored": at_risk - events - after,
            "waiting": waiting,
            "error": np.where(gone, np.nan, error),
            "low": np.where(gone, np.nan, low),
            "high": np.where(gone, np.nan, high),
        }
    )
    half = times[waiting <= 0.5 + 1e-12]
    median = float(half[0]) if len(half) else float("nan")
    curve.attrs = {"interval": interval, "level": level, "median": median, "units": _UNITS}
    return curve


def _by_groups(records: Records, event: str, by: str | pd.Series, *, interval: str, level: float) -> pd.DataFrame:
    homes = records.households.set_index("id")
    if isinstance(by, str):
        group = homes[one_of("by", by, homes.columns)].dropna()
    else:
        group = instance("by", by, pd.Series, "a column of households or a series by household id").dropna()
        if len(group) and not group.index.isin(homes.index).any():
            raise ValueError("by must have household ids as its index; got none of them")
        group = group[~group.index.duplicated()].reindex(homes.index).dropna()
    waits = durations(records, event)
    withheld = bool(clear(records).counted)
    waits = waits.assign(group=waits["household"].map(group)).dropna(subset=["group"])
    curves, told = [], {}
    horizon = float(waits.groupby("group")["months"].max().min()) if len(waits) else 0.0
    sizes = group.value_counts()
    for name in [] if withheld else sorted(waits["group"].unique(), key=str):
        mine = waits[waits["group"] == name]
        curve = _bounded(mine, None, interval=interval, level=level)
        about = {
            "event": event,
            "unknown": int(sizes[name]) - len(mine),
            "restricted_mean": _restricted_mean(curve, horizon),
        }
        told[name] = curve.attrs | about
        curves.append(curve.assign(group=name))
    if not curves:
        curves.append(_bounded(waits.iloc[:0], None, interval=interval, level=level).assign(group=None))
    result = pd.concat(curves, ignore_index=True)
    result.insert(0, "group", result.pop("group"))
    result.attrs = {
        "event": event,
        "groups": told,
        "ungrouped": pd.NA if withheld else len(homes) - len(group),
        "horizon": pd.NA if withheld else horizon,
        "withheld": withheld,
        "units": _UNITS,
    }
    if len(told) > 1:
        result.attrs["logrank"] = logrank(waits["months"], waits["happened"], waits["group"])
    return result


def _restricted_mean(curve: pd.DataFrame, horizon: float) -> float:
    """The area under a curve from 0 to a month."""
    ends = [*curve["months"][curve["months"] < horizon], horizon]
    shares = [1.0, *curve["waiting"]]
    return float(sum(share * (end - start) for share, start, end in zip(shares, [0.0, *ends], ends, strict=False)))


def logrank(months: pd.Series, happened: pd.Series, group: pd.Series) -> dict[str, float]:
    """Test that waits of several groups do not differ: observed against expected events, month by month.

    Args:
        months: durations.
        happened: whether each ended with the event; censored where not.
        group: of each, two kinds or more.  All three are taken in their order, whatever their index.

    Returns:
        `statistic` (chi-squared), `df` and `p`; NaN where no event tells the groups apart.

    >>> months, happened = pd.Series([1, 2, 3, 9, 9, 9]), pd.Series([True] * 3 + [False] * 3)
    >>> round(logrank(months, happened, pd.Series(list("aaabbb")))["p"], 3)
    0.025
    """
    months, happened = pd.Series(row_of("months", months, float)), pd.Series(row_of("happened", happened, bool))
    group = pd.Series(row_of("group", group))
    if not len(months) == len(happened) == len(group):
        raise ValueError("months, happened and group must be as many")
    names = sorted(group.unique(), key=str)
    inside = np.array([(group == name).to_numpy() for name in names], dtype=float)
    excess, spread = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for month in np.unique(months[happened]):
        at_risk, now = (months >= month).to_numpy(), (happened & (months == month)).to_numpy()
        by_group, n, d = inside @ at_risk, at_risk.sum(), now.sum()
        excess += inside @ now - d * by_group / n
        if n > 1:
            shares = by_group / n
            spread += d * (n - d) / (n - 1) * (np.diag(shares) - np.outer(shares, shares))
    df = int(np.linalg.matrix_rank(spread))
    statistic = float(excess @ np.linalg.pinv(spread) @ excess) if df else float("nan")
    return {"statistic": statistic, "df": df, "p": float(scipy.stats.chi2.sf(statistic, df)) if df else float("nan")}


def _at(early: pd.DataFrame, name: str, curve: pd.DataFrame) -> np.ndarray:
    """What one curve says at the months of another: the value of its last step until then, 1 before the first."""
    steps = np.append(1.0, early[name].fillna(0.0))
    return steps[np.searchsorted(early["months"], curve["months"], side="right")]


def _steps(waits: pd.DataFrame, event: str, entered: Ledger) -> list[float]:
    """The ends of the steps of a curve in which households stand that may only be counted; none where none is safe.

    Beside the curve it is said elsewhere in how many courses the event is.  Where some came in after others, the steps
    would lie elsewhere than those of the edition before, and months between two ends would tell of few.
    """
    if len(np.unique(entered.came)) > 1 or not entered.says(pd.Index(waits["household"])):
        return []
    mine = waits[waits["household"].isin(entered.only_counted)].set_index("household")
    months, happened = mine["months"].to_numpy(), mine["happened"].to_numpy()
    has = presence(entered.records, "events")
    met = entered.trait(has.reindex(columns=[event], fill_value=False).iloc[:, 0])
    ends = _binned(months, happened, entered.threshold)
    while ends:
        moved, within = _moved(months, happened, ends)
        step = pd.Series(2 * np.searchsorted(ends, moved) + within, index=mine.index)
        if entered.shows(entered.trait(step), met):
            break
        ends.pop()
    return ends


def _binned(months: np.ndarray, happened: np.ndarray, threshold: int) -> list[float]:
    """The ends of steps, none of which shows an event, a censoring or a rest of too few.

    Months are gathered from the first on; a step is closed as soon as each of its counts is 0 or large enough, and
    so is what is left after it.
    """
    ends: list[float] = []
    for month in np.unique(months):
        within = (months > (ends[-1] if ends else -1)) & (months <= month)
        shown = [int((within & happened).sum()), int((within & ~happened).sum()), int((months > month).sum())]
        if shown[0] and all(n == 0 or n >= threshold for n in shown):
            ends.append(float(month))
    return ends


def _moved(months: np.ndarray, happened: np.ndarray, ends: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Durations moved to the ends of steps.  The curve stops at the last: who was followed longer is censored there."""
    if not ends:
        return months[:0], happened[:0]
    steps = np.array(ends)
    beyond = months > steps[-1]
    return steps[np.minimum(np.searchsorted(steps, months), len(steps) - 1)], happened & ~beyond


EVENTS = ("rehousing", "eviction", "closing")
_COLUMNS = ["household", "from", "until", "months", "happened", "dated"]


def durations(records: Records, event: str) -> pd.DataFrame:
    """Months from intake until an event of each household, censored where it did not happen while it was followed.

    A household is followed from its intake to its closing or, while it is open, to the last month that the dataset
    tells of any household (one that is counted as it was in an earlier edition: to the last of that one).  Left out,
    and counted: households whose intake is not told, and those whose course has no
    row at all.  An event in a month that is not told did happen: its household counts with the latest month that it
    can have, and `dated` says so.

    Args:
        records: the dataset.
        event: rehousing, eviction or closing; the first of its kind after intake counts, and those before it do not.

    Returns:
        One line per household that can be counted, in the dataset's order: `household`, `from` and `until` (months),
        `months` (0 or more), `happened` (false: censored), `dated` (false: it may have happened earlier).  `.attrs`
        tells `event`, `unknown` (households left out) and `units`.  This is a researcher's own table, of households
        one by one: what leaves is `kaplan_meier`.

    Raises:
        ValueError: no such event.
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> waits = durations(clss.read("data/demo"), "rehousing")
    >>> len(waits), int(waits["happened"].sum()), waits.attrs["unknown"]
    (20, 6, 0)
    """
    one_of("event", event, EVENTS)
    entered = ledger(records)
    records, last = entered.records, followed_until(entered.records)
    happened = records.events[records.events["kind"] == event]
    at = {name: list(rows) for name, rows in happened.groupby("household")["month"]}
    with_course = set(records.events["household"])
    lines: list[tuple[object, ...]] = []
    for household, intake, closing in records.households[["id", "intake", "closing"]].itertuples(index=False):
        end = closing if pd.notna(closing) else entered.until.get(household, last)
        if pd.isna(intake) or pd.isna(end) or household not in with_course or end < intake:
            continue
        months = at.get(household, [closing] if event == "closing" and pd.notna(closing) else [])
        after = [month for month in months if pd.notna(month) and month >= intake]
        undated = any(map(pd.isna, months))
        end = min(after, default=end)
        lines.append((household, intake, end, end.ordinal - intake.ordinal, bool(after) or undated, not undated))
    frame = pd.DataFrame(lines, columns=_COLUMNS)
    frame = frame.astype({"household": "string", "months": "int64", "happened": bool, "dated": bool})
    frame.attrs = {
        "event": event,
        "unknown": len(records.households) - len(frame),
        "units": {"from": "month", "until": "month", "months": "months from intake"},
    }
    return frame


def followed_until(records: Records) -> Any:  # noqa: ANN401  # a month, or NaT
    """The last month that is told of a household that may be told or, where there is none, of any."""
    homes = clear(records).told
    records = records.among(homes) if homes else records
    told = [
        records.events["month"],
        records.events["until"],
        records.households["intake"],
        records.households["closing"],
    ]
    months = pd.concat(told).dropna()
    return pd.NaT if months.empty else months.max()
