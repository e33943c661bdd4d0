"""Indicators for an evaluation: each with its definition, its unit, what it counts of what, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from clss_analysis.measures.overview import intake_verdicts
from clss_analysis.measures.whole_lines import whole_lines
from clss_analysis.privacy import clear
from clss_analysis.records import Records, Row, message

_Households = dict[str, bool]
"""Household → whether it counts in the numerator; households of which nothing is told are not in it."""


@dataclass(frozen=True, slots=True)
class _Indicator:
    key: str
    tables: tuple[str, ...]
    count: Callable[[Records], _Households]


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
    households, told = list(records.households["id"]), clear(records).told
    found = {each.key: each.count(records) for each in _ALL}
    counts = pd.DataFrame(
        {
            "numerator": [sum(found[each.key].values()) for each in _ALL],
            "rest": [len(found[each.key]) - sum(found[each.key].values()) for each in _ALL],
            "denominator": [len(found[each.key]) for each in _ALL],
        },
        index=[each.key for each in _ALL],
        dtype="Int64",
    )
    shown = whole_lines(counts, households, records)
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
        "withheld": shown.attrs["withheld"],
        "threshold": shown.attrs["threshold"],
        "rows": rows,
        "units": dict.fromkeys(("numerator", "denominator", "unknown"), "households") | {"share": "share, 0 to 1"},
    }
    return table


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


def _support(records: Records) -> _Households:
    sector = dict(zip(records.actors["id"], records.actors["sector"], strict=True))
    psychological = {actor for actor, told in sector.items() if pd.notna(told) and told == "mental_health"}
    named = pd.concat(
        [
            records.ties[["household", name]].set_axis(["household", "actor"], axis=1)
            for name in ("from_actor", "to_actor")
        ]
        + [records.events[["household", "actor"]]]
    ).dropna()
    met = set(named.loc[named["actor"].isin(psychological), "household"])
    return {str(each): each in met for each in named["household"].unique()}


def _heard(records: Records) -> _Households:
    heard = set(records.statements["household"].dropna())
    return {str(each): each in heard for each in records.households["id"]}


_ALL = (
    _Indicator("eligible", ("criteria",), _eligible),
    _Indicator("psychological", ("criteria",), _criterion("psychological_impact")),
    _Indicator("isolated", ("criteria",), _criterion("isolation")),
    _Indicator("threatened", ("criteria",), _criterion("eviction")),
    _Indicator("evicted", ("events",), _course("eviction")),
    _Indicator("rehoused", ("events",), _course("rehousing")),
    _Indicator("solved", ("households",), _solved),
    _Indicator("housed", ("situations",), _housed),
    _Indicator("support", ("ties", "events"), _support),
    _Indicator("collective", ("events",), _course("collective")),
    _Indicator("heard", ("statements",), _heard),
)
