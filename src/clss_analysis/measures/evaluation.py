"""What an evaluation asks for: indicators with their definitions, and the process of each accompaniment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from clss_analysis.measures.counts import lines_by_home, presence
from clss_analysis.measures.overview import intake_verdicts
from clss_analysis.measures.ties import SERVICES, acting, by_household
from clss_analysis.privacy import clear
from clss_analysis.privacy.consents import quotable
from clss_analysis.privacy.ledger import Ledger, ledger
from clss_analysis.records import Records, Row, message

_Households = dict[str, bool]
"""Household → whether it counts in the numerator; households of which nothing is told are not in it."""


@dataclass(frozen=True, slots=True)
class _Indicator:
    key: str
    tables: tuple[str, ...]
    count: Callable[[Records], _Households]
    beside: Callable[[Records], pd.DataFrame] = lambda _: pd.DataFrame()
    """What is counted elsewhere and lies in this number, or this number in it: households (rows) by traits."""


def indicators(records: Records, *, lang: str = "fr") -> pd.DataFrame:
    """The indicators of an evaluation, made from the records, those too small to be shown withheld.

    Args:
        records: the dataset.
        lang: fr, nl or en, for definitions and units.

    Returns:
        One line per indicator: `indicator` (key), `definition`, `unit`, `numerator`, `denominator` (households of
        which it is told; `<NA>` where withheld), `unknown` (households of which it is not told, left out), `share`
        (numerator / denominator; `<NA>` where either is withheld or nothing is told), `tables` (by commas), `first`
        and `last` (months of the rows it rests on, of households that may be told; `NaT` where none is dated).
        `.attrs` tells `withheld`, `threshold`, `rows` (by indicator, the rows of households that may be told) and
        `units`.

    Raises:
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> table = indicators(clss.read("data/publication")).set_index("indicator")
    >>> table.loc["eligible", ["numerator", "denominator", "unknown"]].tolist()
    [2, 2, 4]
    """
    entered = ledger(records)
    records = entered.records
    households, told = list(records.households["id"]), clear(records).told
    found = known_by_indicator(records)
    counts = pd.DataFrame(
        {
            "numerator": [sum(found[each.key].values()) for each in _ALL],
            "rest": [len(found[each.key]) - sum(found[each.key].values()) for each in _ALL],
            "denominator": [len(found[each.key]) for each in _ALL],
        },
        index=[each.key for each in _ALL],
        dtype="Int64",
    )
    shown = counts.copy()
    shown.loc[[each.key for each in _ALL if not _shown(each, found[each.key], entered)], :] = pd.NA
    rows = {each.key: _rows(records, each.tables, set(found[each.key]) & told) for each in _ALL}
    spans = [_span(records, each.tables, set(found[each.key]) & told) for each in _ALL]
    table = pd.DataFrame(
        {
            "indicator": [each.key for each in _ALL],
            "definition": [message(f"measures.indicator.{each.key}", lang) for each in _ALL],
            "unit": message("measures.unit.share", lang),
            "numerator": shown["numerator"].array,
            "denominator": shown["denominator"].array,
            "unknown": (len(households) - shown["denominator"]).array,
            "share": (shown["numerator"] / shown["denominator"].where(shown["denominator"] > 0)).array,
            "tables": [",".join(each.tables) for each in _ALL],
            "first": pd.PeriodIndex([span[0] for span in spans], freq="M"),
            "last": pd.PeriodIndex([span[1] for span in spans], freq="M"),
        }
    )
    table.attrs = {
        "withheld": int(shown["denominator"].isna().sum()),
        "threshold": entered.threshold,
        "rows": rows,
        "units": dict.fromkeys(("numerator", "denominator", "unknown"), "households") | {"share": "share, 0 to 1"},
    }
    return table


def known_by_indicator(records: Records) -> dict[str, dict[str, bool]]:
    """For each indicator, the households of which it is told, and whether each counts; all of them, none withheld."""
    return {each.key: each.count(records) for each in _ALL}


def _shown(each: _Indicator, found: _Households, entered: Ledger) -> bool:
    mine, others = entered.trait(pd.Series(found, dtype=bool)), each.beside(entered.records)
    nested = all(entered.shows(mine, entered.trait(others[name])) for name in others)
    return entered.says(pd.Index(found)) and entered.shows(mine) and nested


def _rows(records: Records, tables: tuple[str, ...], households: set[str]) -> list[Row]:
    rows = []
    for name in tables:
        frame = records.table(name)
        mine = frame["id"].isin(households) if name == "households" else frame["household"].isin(households)
        rows += [Row(name, row) for row in frame.loc[mine, "id"]]
    return rows


def _span(records: Records, tables: tuple[str, ...], households: set[str]) -> tuple[object, object]:
    months = []
    for name in tables:
        frame = records.table(name)
        mine = frame[frame["id" if name == "households" else "household"].isin(households)]
        months += [mine[column] for column in mine.columns if isinstance(mine[column].dtype, pd.PeriodDtype)]
    known = pd.concat(months).dropna() if months else pd.Series(dtype="period[M]")
    return (known.min(), known.max()) if len(known) else (pd.NaT, pd.NaT)


def _eligible(records: Records) -> _Households:
    verdicts = intake_verdicts(records)["eligible"].dropna()
    return {str(each): bool(eligible) for each, eligible in verdicts.items()}


def _code(table: str, *names: str) -> Callable[[Records], pd.DataFrame]:
    return lambda records: presence(records, table).reindex(columns=list(names), fill_value=False)


def _criterion(name: str) -> Callable[[Records], _Households]:
    def count(records: Records) -> _Households:
        rows = records.criteria[(records.criteria["criterion"] == name) & records.criteria["met"].notna()]
        return {str(each): bool(met) for each, met in zip(rows["household"], rows["met"], strict=True)}

    return count


def _solved(records: Records) -> _Households:
    ended = records.households[records.households["outcome"].notna() & (records.households["outcome"] != "ongoing")]
    return {str(each): outcome == "housing_solved" for each, outcome in zip(ended["id"], ended["outcome"], strict=True)}


def _course(*kinds: str) -> Callable[[Records], _Households]:
    def count(records: Records) -> _Households:
        met = set(records.events.loc[records.events["kind"].isin(kinds), "household"])
        return {str(each): each in met for each in records.events["household"].unique()}

    return count


def _housed(records: Records) -> _Households:
    last = records.situations.sort_values("order", kind="stable").groupby("household")["ethos"].last()
    return {str(name): code == "housed" for name, code in last.items()}


def _of_mental_health(records: Records) -> list[str]:
    return list(records.actors.loc[(records.actors["sector"] == "mental_health").fillna(value=False), "id"])


def _support(records: Records) -> _Households:
    named = acting(records)
    met = set(named.loc[named["actor"].isin(_of_mental_health(records)), "household"])
    return {str(each): each in met for each in named["household"].unique()}


def _beside_support(records: Records) -> pd.DataFrame:
    homes = records.households["id"]
    around = by_household(acting(records), homes, _of_mental_health(records))
    return around.assign(events=homes.isin(records.events["household"]).to_numpy())


def _heard(records: Records) -> _Households:
    heard = set(records.statements["household"].dropna())
    return {each: each in heard for each in sorted(quotable(records))}


_ALL = (
    _Indicator("eligible", ("criteria",), _eligible, lambda records: presence(records, "criteria")),
    _Indicator(
        "psychological",
        ("criteria",),
        _criterion("psychological_impact"),
        _code("criteria", "psychological_impact"),
    ),
    _Indicator("isolated", ("criteria",), _criterion("isolation"), _code("criteria", "isolation")),
    _Indicator("threatened", ("criteria",), _criterion("eviction"), _code("criteria", "eviction")),
    _Indicator("evicted", ("events",), _course("eviction"), _code("events", "eviction")),
    _Indicator("rehoused", ("events",), _course("rehousing"), _code("events", "rehousing")),
    _Indicator("solved", ("households",), _solved),
    _Indicator("housed", ("situations",), _housed, _code("situations", "housed")),
    _Indicator("support", ("ties", "events"), _support, _beside_support),
    _Indicator("collective", ("events",), _course("collective"), _code("events", "collective")),
    _Indicator("heard", ("statements",), _heard),
)


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
    records = ledger(records).records
    told = clear(records).told
    services = records.actors[records.actors["kind"].isin(SERVICES)]
    sector = dict(zip(services["id"], services["sector"], strict=True))
    events = lines_by_home(records.events, "actor", "month", "until", "kind")
    ties = lines_by_home(records.ties, "from_actor", "to_actor", "start")
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
