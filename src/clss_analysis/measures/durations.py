"""Months from intake to what happens to a household, or to the last month in which it was still being waited for."""

from __future__ import annotations

from typing import Any

import pandas as pd

from clss_analysis.privacy import clear
from clss_analysis.records import Records

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
