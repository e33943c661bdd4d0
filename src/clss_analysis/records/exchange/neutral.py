"""Records without what identifies: numbers for ids, bands for ages, and the count of what is left behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from clss_analysis.records.exchange.found import IDENTIFIER, NO_PLACE, NotCarried, Tally
from clss_analysis.records.schema import fields, table_names
from clss_analysis.records.tables import Records

_BANDS = ((2, "0-2"), (5, "3-5"), (11, "6-11"), (17, "12-17"), (29, "18-29"), (44, "30-44"), (59, "45-59"),
          (74, "60-74"))  # fmt: skip
_BOOKKEEPING = ("id", "household", "source", "reading")


@dataclass(frozen=True)
class Neutral:
    """New names of households (H1), persons (P1), actors (X1) and groups of twins (J1), by the records' own ids."""

    households: dict[str, str]
    persons: dict[str, str]
    actors: dict[str, str]
    twins: dict[tuple[str, str], str]


def neutral(records: Records) -> Neutral:
    """Number everything in the order of the tables."""
    groups = records.persons.dropna(subset=["twin_group"])[["household", "twin_group"]].itertuples(index=False)
    return Neutral(
        _numbered("H", records.households["id"]),
        _numbered("P", records.persons["id"]),
        _numbered("X", records.actors["id"]),
        {(home, group): f"J{n}" for n, (home, group) in enumerate(dict.fromkeys(map(tuple, groups)), start=1)},
    )


def _numbered(letter: str, ids: Iterable[str]) -> dict[str, str]:
    return {each: f"{letter}{n}" for n, each in enumerate(ids, start=1)}


def cell(row: pd.Series, column: str) -> str:
    """A cell as text, empty where unknown."""
    value = row[column]
    return "" if pd.isna(value) else str(value)


def age_band_of(row: pd.Series) -> str:
    """The age band of a person, from the age where that is what is known."""
    if pd.isna(row["age"]):
        return cell(row, "age_band")
    return next((band for limit, band in _BANDS if int(row["age"]) <= limit), "75+")


def left_behind(records: Records, carried: dict[str, tuple[str, ...]]) -> list[NotCarried]:
    """What an export leaves: tables it has no place for, and cells filled in columns that it does not carry.

    Args:
        records: the dataset.
        carried: the columns that go out, by table; bookkeeping columns are not counted.
    """
    tally = Tally()
    for table in table_names():
        frame = records.table(table)
        if table not in carried:
            tally.add(table, NO_PLACE, len(frame))
            continue
        for each in fields(table):
            name = str(each["name"])
            if name not in carried[table] and name not in _BOOKKEEPING:
                identifies = each["type"] == "yearmonth" or name in ("label", "age", "note", "summary", "institution")
                identifies = identifies or name == "neighbourhood"
                tally.add(f"{table}.{name}", IDENTIFIER if identifies else NO_PLACE, int(frame[name].notna().sum()))
    return tally.listed()
