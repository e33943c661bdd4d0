"""The work itself, household by household: contacts, services, and how long psychological support took to begin."""

from __future__ import annotations

from typing import Any

import pandas as pd

from clss_analysis.privacy import clear
from clss_analysis.records import Records

_CONTACTS = ("contact", "meeting", "collective", "follow_up", "supervision")
_SUPPORT = "mental_health"


def accompaniment(records: Records) -> pd.DataFrame:
    """Measure the process of each accompaniment that may be told.

    A contact is a stage of the course of kind first contact, meeting, collective activity, supervision or follow-up;
    a course tells stages, not every meeting, so that contacts per month compare months of one household rather than
    households.  Psychological support begins with the first tie or stage that names a service of mental health and
    whose month is told.

    Returns:
        One line per household that may be told: `household`, `months` (from intake to closing, or to the last month
        told of it; `<NA>` while either is unknown), `contacts`, `contacts_per_month`, `services` (that a tie or stage
        names), `sectors`, `to_support` (months from intake to the first psychological support, below 0 where it came
        first; `<NA>` where none is told or its month is not) and `support` (whether any is told).  `.attrs` tells
        `counted` (households left out since they may only be counted) and `units`.

    Raises:
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> work = accompaniment(clss.read("data/publication")).set_index("household")
    >>> bool(work.loc["Y", "support"]), work.loc["Y", "to_support"]
    (True, <NA>)
    """
    told = clear(records).told
    services = records.actors[records.actors["kind"].isin(["service", "professional"])]
    sector = dict(zip(services["id"], services["sector"], strict=True))
    events = _by_household(records.events, ["actor", "month", "until", "kind"])
    ties = _by_household(records.ties, ["from_actor", "to_actor", "start"])
    lines = []
    for household, intake, closing in records.households[["id", "intake", "closing"]].itertuples(index=False):
        if household in told:
            lines.append(
                (household, *_line(events.get(household, []), ties.get(household, []), intake, closing, sector))
            )
    columns = ["household", "months", "contacts", "contacts_per_month", "services", "sectors", "to_support", "support"]
    counts = dict.fromkeys(("months", "contacts", "services", "sectors", "to_support"), "Int64")
    frame = pd.DataFrame(lines, columns=columns).astype(
        counts | {"household": "string", "contacts_per_month": "Float64", "support": "boolean"}
    )
    frame.attrs = {
        "counted": len(records.households) - len(frame),
        "units": {
            "months": "months",
            "contacts": "stages of the course",
            "contacts_per_month": "stages a month",
            "services": "services",
            "sectors": "sectors",
            "to_support": "months from intake",
        },
    }
    return frame


def _by_household(frame: pd.DataFrame, columns: list[str]) -> dict[str, list[tuple[Any, ...]]]:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for household, *values in frame[["household", *columns]].itertuples(index=False):
        found.setdefault(household, []).append(tuple(values))
    return found


def _line(
    events: list[tuple[Any, ...]],
    ties: list[tuple[Any, ...]],
    intake: Any,  # noqa: ANN401  # a month, or NaT
    closing: Any,  # noqa: ANN401  # the same
    sector: dict[str, str],
) -> tuple[object, ...]:
    months = [month for _, start, until, _ in events for month in (start, until) if pd.notna(month)]
    end = closing if pd.notna(closing) else max(months, default=pd.NaT)
    length = end.ordinal - intake.ordinal if pd.notna(intake) and pd.notna(end) else pd.NA
    contacts = sum(kind in _CONTACTS for *_, kind in events)
    rate = contacts / (length + 1) if pd.notna(length) and length >= 0 else pd.NA
    begun = [(actor, month) for actor, month, *_ in events]
    begun += [(actor, start) for *ends, start in ties for actor in ends]
    known = [(actor, month) for actor, month in begun if pd.notna(actor) and actor in sector]
    sectors = {sector[actor] for actor, _ in known if pd.notna(sector[actor])}
    first = [
        month for actor, month in known if pd.notna(sector[actor]) and sector[actor] == _SUPPORT and pd.notna(month)
    ]
    wait = min(first).ordinal - intake.ordinal if first and pd.notna(intake) else pd.NA
    return length, contacts, rate, len({actor for actor, _ in known}), len(sectors), wait, _SUPPORT in sectors
