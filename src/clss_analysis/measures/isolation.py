"""How many people and services each household was tied to when the accompaniment began, and how many when it ended."""

from __future__ import annotations

from typing import Any

import pandas as pd

from clss_analysis.privacy import clear
from clss_analysis.records import Records


def isolation(records: Records) -> pd.DataFrame:
    """Count the ties of each household at intake and at the end, where their months are told.

    A tie counts at a month when it is told to have begun by then and not to have ended before.  A tie without its
    first month counts at neither moment and is told as undated.  More ties are not the end of isolation, which is what
    a person says of it: see the criterion and the statements.

    Returns:
        One line per household that may be told and whose intake is: `household`; `criterion` (whether isolation was
        assessed as met at intake, `<NA>` unknown); `before` and `after` (actors tied to the household at intake, and
        at closing or else in the last month told of any tie); `undated` (actors whose ties have no first month).
        `.attrs` tells `counted`, `unknown` (households left out) and `units`.

    Raises:
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> ties = isolation(clss.read("data/publication")).set_index("household")
    >>> ties.loc["C1", ["before", "undated"]].tolist()
    [2, 10]
    """
    told = clear(records).told
    criteria = records.criteria[records.criteria["criterion"] == "isolation"].set_index("household")["met"]
    ties = records.ties
    outside = ties["from_actor"].isna() != ties["to_actor"].isna()
    joined = ties[outside].assign(actor=ties["from_actor"].fillna(ties["to_actor"]))
    months = pd.concat([joined["start"], joined["end"]]).dropna()
    last = months.max() if len(months) else pd.NaT
    of: dict[str, list[_Tie]] = {}
    for household, *tie in joined[["household", "actor", "start", "end"]].itertuples(index=False):
        of.setdefault(household, []).append(tuple(tie))
    lines = []
    for household, intake, closing in records.households[["id", "intake", "closing"]].itertuples(index=False):
        if household not in told or pd.isna(intake):
            continue
        own = of.get(household, [])
        dated = [each for each in own if pd.notna(each[1])]
        end = closing if pd.notna(closing) else max(intake, last) if pd.notna(last) else intake
        undated = {each[0] for each in own} - {each[0] for each in dated}
        lines.append((household, criteria.get(household, pd.NA), _tied(dated, intake), _tied(dated, end), len(undated)))
    frame = pd.DataFrame(lines, columns=["household", "criterion", "before", "after", "undated"])
    counts = dict.fromkeys(("before", "after", "undated"), "Int64")
    frame = frame.astype(counts | {"household": "string", "criterion": "boolean"})
    counted = int((~records.households["id"].isin(told)).sum())
    frame.attrs = {
        "counted": counted,
        "unknown": len(records.households) - counted - len(frame),
        "units": dict.fromkeys(counts, "actors"),
    }
    return frame


_Tie = tuple[str, Any, Any]  # actor, first month, last month, either of which may be NaT


def _tied(dated: list[_Tie], month: pd.Period) -> int:
    return len({actor for actor, start, end in dated if start <= month and (pd.isna(end) or end >= month)})
