"""The same households twice: what was so when the accompaniment began, and what was when it ended."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import scipy

from clss_analysis.measures.counts import NONE, code_of, lines_by_home, presence
from clss_analysis.privacy import clear, withhold
from clss_analysis.privacy.ledger import Ledger, Trait, ledger
from clss_analysis.records import Records, codes
from clss_analysis.records.arguments import one_of, share
from clss_analysis.records.years import is_told

DATED = ("situations", "housing_problems", "health_impacts", "domain_impacts")
_COUNTS = ["stayed", "gained", "lost", "never"]
_STATE: dict[tuple[bool | None, bool | None], int] = {
    (True, True): 0,
    (False, True): 1,
    (True, False): 2,
    (False, False): 3,
}
_LEFT = len(_STATE)  # not known at one of the moments
_NUMBERS = {name: (place,) for place, name in enumerate([*_COUNTS, "unknown"])} | {"held": (0, 1)}
"""The states that each number counts."""
_PARTS = ((0, 1, 2, 3, 4), (0, 1, 2, 3, 3), (0, 0, 2, 3, 3), (3, 3, 2, 3, 3), (0, 0, 3, 3, 3))
"""Which states are taken together: none; then more and more of them, the ends of what was there last."""
_UNITS = {
    **dict.fromkeys(_NUMBERS, "households"),
    **dict.fromkeys(("change", "change_low", "change_high"), "difference of shares, -1 to 1"),
    **dict.fromkeys(("odds_ratio", "low", "high"), "ratio of households gained to lost"),
    "p": "probability, 0 to 1",
}


def before_after(records: Records, table: str, *, level: float = 0.95) -> pd.DataFrame:
    """Compare what is told of each household at intake with what is told of it at closing, code by code.

    A code holds at a month when a row says so with both its months around it, and does not when every row of the code
    ends before or begins after it, or there is none.  A row whose end is not told leaves open whether it still holds:
    that household is left out of that code, and counted.  Who is left out is not left out by chance: an end is told
    where something ended, so that what is known leans towards change.  `change_low` and `change_high` say how far it
    could go.  Of `situations`, whose order is always told, the first and the last row on record are compared; one row
    alone is both, as for the indicator `housed`.

    Args:
        records: the dataset.
        table: situations, housing_problems, health_impacts or domain_impacts.
        level: of the interval, 0 to 1.

    Returns:
        One line per code as `incidence` lists them: `code`, households that had it at both moments
        (`stayed`), only after (`gained`), only before (`lost`), at neither (`never`), `unknown` (left out), after
        (`held`: stayed or gained), then `change` (share after minus share before, of those known), `change_low` and
        `change_high` (of all households, had all the unknown lost it, or gained it), `odds_ratio` (gained to lost) with
        its exact interval `low`, `high`, and `p` (exact McNemar).  Where a line would tell of few, also because the
        other lines would give it away, as many of its numbers are `<NA>` as must be: never and unknown first, then who
        stayed is not told from who gained, then `lost` or `held` alone is left, then none.  `.attrs` tells `withheld`
        (lines), `threshold`, `level`, `method` and `units`.

    Raises:
        ValueError: another table, or a level outside 0 to 1.
        NotClearedError: a household has no consent.

    Source: exact conditional test and Clopper–Pearson interval of the discordant pairs, as in Fay (2010).

    >>> import clss_analysis as clss
    >>> changes = before_after(clss.read("data/publication"), "situations").set_index("code")
    >>> int(changes.loc["housed", "gained"]), int(changes.loc["housed", "unknown"])
    (2, 1)
    """
    entered = ledger(records)
    records = entered.records
    one_of("table", table, DATED)
    share("level", level)
    pairs = _moments(records, table)
    occurring, households = list(pairs), list(records.households["id"])
    states = _states(pairs, households)
    given_away = _given_away(pairs, occurring, entered) if table == "situations" else ()
    ever = presence(records, table)
    states = states[states.columns.intersection(entered.listed(ever).columns, sort=False)]
    followed = entered.trait(records.households.set_index("id")[["intake", "closing"]].notna().all(axis=1))
    # an open household has no second moment: where their number can be said, it is subtracted from the unknown
    ended = (followed,) if table != "situations" and entered.shows(followed) else ()
    counts = pd.DataFrame({name: states.isin(places).sum() for name, places in _NUMBERS.items()})
    shown = counts.rename_axis("code").astype("Int64")
    for code in states:
        kept = () if code in given_away else _kept(states[code], (entered.trait(ever[code]), *ended), entered)
        shown.loc[code, [name for name in _NUMBERS if name not in kept]] = pd.NA
    said = [
        [pd.NA] * 5 if line[1] is pd.NA else paired(*map(int, line), level=level)
        for line in shown[_COUNTS].assign(never=shown["never"].fillna(0)).itertuples(index=False, name=None)
    ]
    effects = pd.DataFrame(
        said, columns=["change", "odds_ratio", "low", "high", "p"], index=shown.index, dtype="Float64"
    )
    effects["change"] = effects["change"].mask(shown["never"].isna())
    for place, (name, sign) in enumerate((("change_low", -1), ("change_high", 1)), start=1):
        bound = shown["gained"] - shown["lost"] + sign * shown["unknown"]
        effects.insert(place, name, bound.astype("Float64") / max(1, len(households)))
    result = shown.join(effects).reset_index()
    result.attrs = {
        "table": table,
        "withheld": int(shown["unknown"].isna().sum()),
        "threshold": entered.threshold,
        "level": level,
        "method": "exact McNemar test, Clopper–Pearson interval of the discordant pairs",
        "units": _UNITS,
    }
    return result


def _kept(states: pd.Series, beside: tuple[Trait, ...], entered: Ledger) -> list[str]:
    """The numbers of a line that are shown: those of the finest parts that tell of no few."""
    for parts in _PARTS:
        mine = entered.trait(pd.Series(np.array(parts)[states], index=states.index))
        whole = parts == _PARTS[0]
        if entered.shows(mine, *beside) if whole else all(entered.shows(mine, each) for each in beside):
            of = {name: {parts[place] for place in places} for name, places in _NUMBERS.items()}
            return [name for name, each in of.items() if sum(part in each for part in parts) == len(_NUMBERS[name])]
    return []


def states_at_both(records: Records, table: str) -> pd.DataFrame:
    """How each code of a table stood in each household at both moments; all households, none withheld.

    Returns:
        Households by codes that occur: 0 stayed, 1 gained, 2 lost, 3 never, 4 not known at one of the moments.
    """
    return _states(_moments(records, table), list(records.households["id"]))


def _states(pairs: dict[str, _Moments], households: list[str]) -> pd.DataFrame:
    states = {
        code: [_STATE.get((before.get(each), after.get(each)), _LEFT) for each in households]
        for code, (before, after) in pairs.items()
    }
    return pd.DataFrame(states, index=households, dtype=int)


def paired(stayed: int, gained: int, lost: int, never: int, *, level: float = 0.95) -> list[float]:
    """Change of share, ratio of gained to lost with its exact interval, and exact McNemar p, of one paired table.

    Where no household changed there is no ratio (NaN), and p is 1.

    >>> [round(value, 5) for value in paired(21, 2, 9, 12)][1:]
    [0.22222, 0.02336, 1.07364, 0.06543]
    """
    total, changed = stayed + gained + lost + never, gained + lost
    nothing = float("nan")
    change = (gained - lost) / total if total else nothing
    if not changed:
        return [change, nothing, nothing, nothing, 1.0]
    test = scipy.stats.binomtest(gained, changed)
    low, high = test.proportion_ci(level, method="exact")
    odds = [share / (1 - share) if share < 1 else float("inf") for share in (gained / changed, low, high)]
    return [change, *odds, float(test.pvalue)]


_Moments = tuple[dict[str, bool], dict[str, bool]]


def _moments(records: Records, table: str) -> dict[str, _Moments]:
    column, vocabulary = code_of(table)
    rows = records.table(table)
    told = set(rows[column])
    occurring = [code for code in codes(vocabulary) if code in told and code != NONE]
    return _situations(rows, occurring) if table == "situations" else _spells(records, rows, column, occurring)


def _situations(rows: pd.DataFrame, occurring: list[str]) -> dict[str, _Moments]:
    ordered = rows.sort_values(["household", "order"], kind="stable").groupby("household")["ethos"]
    moments = [{str(name): str(code) for name, code in each.items()} for each in (ordered.first(), ordered.last())]
    before, after = (
        {code: {name: held == code for name, held in each.items()} for code in occurring} for each in moments
    )
    return {code: (before[code], after[code]) for code in occurring}


def _given_away(pairs: dict[str, _Moments], occurring: list[str], entered: Ledger) -> list[str]:
    """Codes whose line the others would give away: every household stands in one situation before and in one after."""
    moments = ({name: code for code in occurring for name, held in pairs[code][at].items() if held} for at in (0, 1))
    moves = pd.DataFrame(dict(zip(("before", "after"), moments, strict=True)))
    every = pd.MultiIndex.from_product([occurring] * 2, names=["before", "after"])
    given: set[str] = set()
    for group in np.unique(entered.came):
        mine = moves[moves.index.isin(entered.only_counted[entered.came == group])]
        counts = mine.groupby(["before", "after"]).size().reindex(every, fill_value=0)
        (cells,), _ = withhold([counts], mine.index, entered.records)
        told = cells["before"].isna() | cells["after"].isna() | (cells["before"] == cells["after"])
        hidden = cells[cells["households"].isna() & told]
        given |= {*hidden["before"].dropna(), *hidden["after"].dropna()}
    return sorted(given)


def _spells(records: Records, rows: pd.DataFrame, column: str, occurring: list[str]) -> dict[str, _Moments]:
    told_of = set(rows["household"])
    homes = records.households[records.households["id"].isin(told_of)].dropna(subset=["intake", "closing"])
    told = homes["id"].tolist()
    mine = rows[rows["household"].isin(told)]
    start, end, codes_of = _ordinals(mine["start"]), _ordinals(mine["end"]), mine[column].to_numpy()
    found: dict[str, _Moments] = {code: ({}, {}) for code in occurring}
    for moment, name in enumerate(("intake", "closing")):
        at = dict(zip(told, _ordinals(homes[name]), strict=True))
        month = np.array([at[each] for each in mine["household"]], dtype=float)
        over = (end < month) | (start > month)
        holds = (start <= month) & (end >= month)
        for code in occurring:
            of_code = codes_of == code
            true = set(mine.loc[holds & of_code, "household"])
            unsure = set(mine.loc[~over & ~holds & of_code, "household"]) - true
            found[code][moment].update({each: each in true for each in told if each not in unsure})
    return found


def _ordinals(months: pd.Series) -> np.ndarray:
    """Months as numbers that can be compared, NaN where not told: a column of months may be all unknown."""
    return np.array([np.nan if pd.isna(month) else month.ordinal for month in months], dtype=float)


def isolation(records: Records) -> pd.DataFrame:
    """Count the ties of each household at intake and at the end, where their months are told.

    A tie counts at a month when it is told to have begun by then and not to have ended before.  A tie without its
    first month, or of whose end the year alone is told, counts at neither moment and is told as undated.  More ties are
    not the end of isolation, which is what a person says of it: see the criterion and the statements.

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
    records = ledger(records).records
    told = clear(records).told
    criteria = records.criteria[records.criteria["criterion"] == "isolation"].set_index("household")["met"]
    ties = records.ties
    outside = ties["from_actor"].isna() != ties["to_actor"].isna()
    joined = ties[outside].assign(actor=ties["from_actor"].fillna(ties["to_actor"]))
    joined["start"] = joined["start"].where(joined["end"].notna() | ~is_told(joined, "end"))
    months = pd.concat([joined["start"], joined["end"]]).dropna()
    last = months.max() if len(months) else pd.NaT
    of = lines_by_home(joined, "actor", "start", "end")
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


def _tied(dated: list[tuple[Any, ...]], month: pd.Period) -> int:
    """How many actors ties join to a household at a month: of each tie the actor, its first and last month or NaT."""
    return len({actor for actor, start, end in dated if start <= month and (pd.isna(end) or end >= month)})
