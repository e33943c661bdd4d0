"""Where each household lived, month after month from its intake: one sequence of states a household."""

from __future__ import annotations

import pandas as pd

from clss_analysis.privacy import clear
from clss_analysis.records import Records

GROUPS = {
    **dict.fromkeys(("e1", "e2"), "roofless"),
    **dict.fromkeys(("e3", "e4", "e5", "e6", "e7"), "houseless"),
    **dict.fromkeys(("e8", "e9", "e10"), "insecure"),
    **dict.fromkeys(("e11", "e12", "e13"), "inadequate"),
    "housed": "housed",
}
STATES = ("roofless", "houseless", "insecure", "inadequate", "housed")


def monthly_states(records: Records, *, months: int = 12) -> pd.DataFrame:
    """The situation of each household that may be told, at each of the first months of its accompaniment.

    A month has a state when a situation is told to hold then: from its first month, or from the last month of the one
    before it, to its last month, or to the first month of the one after it; the first situation on record is held to
    have begun before intake, the last one to hold until the closing or the last month told.  ETHOS categories are
    gathered into their four groups, and adequate housing.

    Args:
        records: the dataset.
        months: length of the sequences, counted from the month of intake.

    Returns:
        One line per household and month: `household`, `month` (0 is the month of intake), `state` (of `STATES`;
        `<NA>` where not told or not followed any more).  Households that may only be counted, or whose intake or
        situations are not told, are left out; `.attrs` tells how many (`unknown`), `months` and `units`.

    Raises:
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> states = monthly_states(clss.read("data/demo"))
    >>> states["household"].nunique(), states.attrs["unknown"]
    (20, 0)
    """
    told = clear(records).told
    rows = records.situations.sort_values(["household", "order"], kind="stable")
    of = dict(iter(rows.groupby("household")))
    ends = pd.concat([records.events["month"], records.events["until"], records.households["closing"]]).dropna()
    last = None if ends.empty else ends.max()
    lines = []
    for household, intake, closing in records.households[["id", "intake", "closing"]].itertuples(index=False):
        if household not in told or household not in of or pd.isna(intake):
            continue
        end = closing if pd.notna(closing) else last
        held = _held(of[household])
        for month in range(months):
            now = intake + month
            followed = end is not None and now <= end
            lines.append((household, month, _at(held, now) if followed else None))
    frame = pd.DataFrame(lines, columns=["household", "month", "state"])
    frame = frame.astype({"household": "string", "month": "int64", "state": "string"})
    frame.attrs = {
        "months": months,
        "unknown": len(records.households) - frame["household"].nunique(),
        "units": {"month": "months from intake", "state": "ETHOS group"},
    }
    return frame


_Spell = tuple[str, pd.Period | None, pd.Period | None]


def _held(rows: pd.DataFrame) -> list[_Spell]:
    """Each situation with its first month and the first month of the next one; None for an end not told."""
    starts = [None if pd.isna(month) else month for month in rows["start"]]
    ends = [None if pd.isna(month) else month for month in rows["end"]]
    groups = [GROUPS[code] for code in rows["ethos"]]
    for rank in range(len(groups)):
        if rank and starts[rank] is None:
            starts[rank] = ends[rank - 1]
        if rank + 1 < len(groups) and starts[rank + 1] is not None:
            ends[rank] = starts[rank + 1]
    return list(zip(groups, starts, ends, strict=True))


def _at(held: list[_Spell], month: pd.Period) -> str | None:
    for rank in reversed(range(len(held))):
        group, start, end = held[rank]
        begun = start <= month if start is not None else rank == 0
        over = month >= end if end is not None else rank + 1 < len(held)
        if begun:
            return None if over else group
    return None
