"""What the union of two persons was in a month, as its rows tell it one state after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from clss_analysis.records import Case
from clss_analysis.records.years import Moment, first_month, holds, last_month, reached
from clss_analysis.records.years import rows as rows_of

ENDED = ("separated", "divorced")


def couples_of(case: Case) -> list[dict[str, Any]]:
    """The rows of `couples`, a life together without marriage that has ended as a separation, and `before` as it was.

    Where one of the two is dead, nobody knows whether they had parted; of a marriage that ended the record must say
    how: these stay as they are.  What ended when one of them died has not been ended by them: its line stays.
    Rows of the same two that follow each other (`follows`) are states of one union: what goes over into another has
    not ended, and a separation or divorce that takes over from another row is so from its first month.
    """
    deaths = {str(row["id"]): row["death"] for row in rows_of(case.persons) if row["life"] == "deceased"}
    told = rows_of(case.couples)
    found = []
    for row in told:
        dead = [deaths[row[end]] for end in ("partner_a", "partner_b") if row[end] in deaths]
        so: dict[str, Any] = {}
        if row["state"] in ENDED and any(follows(row, other) for other in told):
            so = {"end": row["start"]}
        elif row["end"] is not None and row["state"] not in ENDED:
            if any(each is not None and first_month(each) <= last_month(row["end"]) for each in dead):
                so = {"end": None}
            elif row["state"] == "unmarried" and not dead and not any(follows(other, row) for other in told):
                so = {"state": "separated", "before": row["state"]}
        found.append(row | so)
    return found


def follows(row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a row takes over from another of the same two: it begins while that holds, or in the month after.

    >>> def row(start, end, state="married"):
    ...     dates = (pd.Period(each, "M") if each else None for each in (start, end))
    ...     return dict(zip(("start", "end"), dates), id=start, partner_a="A", partner_b="B", state=state)
    >>> [follows(row("2018-01", ""), row("2001-05", end)) for end in ("2017-12", "2018-01", "", "2016-04")]
    [True, True, True, False]
    """
    start, end, before = row["start"], other["end"], other["start"]
    same = {row["partner_a"], row["partner_b"]} == {other["partner_a"], other["partner_b"]}
    if not same or start is None or row["id"] == other["id"]:
        return False
    later = before is None or first_month(before) < first_month(start)
    return later and (end is None or last_month(end) + 1 >= first_month(start))


def last_union(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Of several unions of the same two the one that a picture without a month shows: the last begun, as far as told.

    Where no beginning is told, the one that has no end; then by id.
    """

    def late(row: dict[str, object]) -> tuple[bool, str, bool, str]:
        start, end = row["start"], row["end"]
        return (start is not None, str(start or ""), end is None, str(row["id"]))

    return max(rows, key=late)


def state_of(row: Mapping[str, Any], rows: Iterable[dict[str, Any]]) -> str:
    """The state of a union as its line says it: of two who come together again after a rupture, with `-again`.

    Only a separation or divorce that is told is one: who lived together and marries may never have parted.
    """
    state, start = row["state"] or "unknown", row["start"]
    told = (other for other in rows if other["state"] in ENDED and "before" not in other)
    over = (other["end"] for other in told if other["id"] != row["id"])
    again = start is not None and any(end is not None and first_month(end) <= last_month(start) for end in over)
    return f"{state}-again" if again and state in ("married", "unmarried") else str(state)


def union_at(rows: list[dict[str, Any]], month: pd.Period) -> dict[str, Any] | None:
    """What the union of two persons was in a month: a row of `couples` with the state of then; None when none held.

    A row that ends in a separation or divorce says so from its last month on; before that the two were together, and
    married where a divorce followed, or as `before` says.  In a year of which the month is not told, its state is
    unknown.

    >>> row = {"id": "c", "start": None, "end": pd.Period("2016-09", freq="M"), "state": "divorced"}
    >>> [union_at([row], pd.Period(month, freq="M"))["state"] for month in ("2012-01", "2016-09", "2024-01")]
    ['married', 'divorced', 'divorced']
    """
    begun = [row for row in rows if row["start"] is None or reached(row["start"], month) is not False]
    if not begun:
        return None
    row = last_union(begun)
    end: Moment = row["end"]
    ended = row["state"] in ENDED
    if is_open(row, month) or any(is_open(each, month) and each["start"] is not None for each in begun):
        return {**row, "state": None}
    over = end is not None and (reached(end, month) if ended else holds(None, end, month) is False)
    if over and not ended:
        return None
    if ended and end is not None and not over:
        return {**row, "state": "married" if row["state"] == "divorced" else row.get("before")}
    return row


def is_open(row: dict[str, Any], month: pd.Period) -> bool:
    """Whether the year alone of a beginning or end leaves open what was so in a month."""
    return any(when is not None and reached(when, month) is None for when in (row["start"], row["end"]))
