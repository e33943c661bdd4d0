"""Months of which a source may tell the year alone: how tables hold them, and what is known of a month by them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

YEAR = ":year"
"""Behind the name of a column of months: the column of the years that are told without a month.

A table has it only where there are any (`start:year`, whole numbers); `start` is then unknown in these rows, so that
whatever asks for months leaves them out.
"""
Moment = pd.Period | None


def moment(text: str) -> Moment:
    """The month or the year that a text says; None for an empty one.

    >>> moment("2019-03"), moment("2019")
    (Period('2019-03', 'M'), Period('2019', 'Y-DEC'))
    """
    return pd.Period(text, freq="M" if "-" in text else "Y") if text else None


def moment_text(value: object) -> str:
    """A month, a year or a day as a table writes it; empty for anything else.

    >>> moment_text(pd.Period("2019-03", "M")), moment_text(pd.Period("2019", "Y")), moment_text(2019.0)
    ('2019-03', '2019', '2019')
    """
    if isinstance(value, pd.Period):
        return str(value.year) if is_year(value) else value.strftime("%Y-%m")
    if isinstance(value, dt.date):
        return value.strftime("%Y-%m")
    return str(int(value)) if isinstance(value, int | float) and float(value).is_integer() else ""


def is_year(when: pd.Period) -> bool:
    """Whether the month of a moment is not told."""
    return when.freqstr.startswith(("Y", "A"))


def first_month(when: pd.Period) -> pd.Period:
    """The first month that a moment can be."""
    return when.asfreq("M", "start") if is_year(when) else when


def last_month(when: pd.Period) -> pd.Period:
    """The last month that a moment can be."""
    return when.asfreq("M", "end") if is_year(when) else when


def reached(when: pd.Period, month: pd.Period) -> bool | None:
    """Whether a month is that of a moment or later; None in a year of which the month is not told.

    >>> [reached(pd.Period("2019", "Y"), pd.Period(m, "M")) for m in ("2018-12", "2019-12", "2020-01")]
    [False, None, True]
    """
    if not is_year(when):
        return bool(month >= when)
    return None if month.year == when.year else bool(month.year > when.year)


def holds(start: Moment, end: Moment, month: pd.Period) -> bool | None:
    """Whether what began and ended so is so in a month; None where a year alone does not tell.

    Both moments belong to it, and what has none of them begins or ends at no month that would be known.

    >>> [holds(None, pd.Period("2019", "Y"), pd.Period(m, "M")) for m in ("2018-12", "2019-06", "2020-01")]
    [True, None, False]
    """
    begun = True if start is None else reached(start, month)
    over = end is not None and (month > end if not is_year(end) else reached(end, month))
    if begun is False or over is True:
        return False
    return None if begun is None or over is None else True


def turns(start: Moment, end: Moment) -> set[pd.Period]:
    """The months from which on something else is known of what began and ended so.

    >>> sorted(map(str, turns(pd.Period("2019-03", "M"), pd.Period("2020", "Y"))))
    ['2019-03', '2020-01', '2021-01']
    """
    found = set() if start is None else {first_month(start)}
    found |= {last_month(when) + 1 for when in (start, end) if when is not None and (when is end or is_year(when))}
    return found | ({first_month(end)} if end is not None and is_year(end) else set())


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, None for what is unknown, a period of a year where that alone is told.

    >>> told = pd.DataFrame({"end": pd.PeriodIndex(["NaT"], freq="M"), "end:year": pd.array([2019], "Int64")})
    >>> rows(told)
    [{'end': Period('2019', 'Y-DEC')}]
    """
    found = []
    for row in frame.to_dict("records"):
        cells = {str(name): None if pd.isna(cell) else cell for name, cell in row.items()}
        for name in [name for name in cells if name.endswith(YEAR)]:
            year = cells.pop(name)
            if year is not None and cells.get(name.removesuffix(YEAR)) is None:
                cells[name.removesuffix(YEAR)] = pd.Period(str(year), freq="Y")
        found.append(cells)
    return found


def cells(frame: pd.DataFrame, column: str) -> pd.Series:
    """The cells of a column of any kind; of months, a period of the year where that alone is told."""
    if f"{column}{YEAR}" not in frame:
        return frame[column]
    years = frame[f"{column}{YEAR}"].astype(object).map(lambda year: pd.Period(str(year), "Y"), na_action="ignore")
    return frame[column].astype(object).fillna(years)


def merged(frame: pd.DataFrame) -> pd.DataFrame:
    """A table as a person reads it: without columns of years, which stand among the months."""
    years = [name for name in frame if str(name).endswith(YEAR)]
    told = {name.removesuffix(YEAR): cells(frame, name.removesuffix(YEAR)) for name in map(str, years)}
    return frame.assign(**told).drop(columns=years) if years else frame


def lives(persons: pd.DataFrame) -> pd.Series:
    """Code of `life` of persons by all that is told: who has a date of death is dead."""
    if "death" not in persons:
        return persons["life"]
    return persons["life"].mask(is_told(persons, "death") & persons["life"].isna(), "deceased")


def bounds(frame: pd.DataFrame, column: str) -> tuple[pd.Series, pd.Series]:
    """The first and the last month that each cell of a column can be: the same one where the month is told.

    >>> told = pd.DataFrame({"end": pd.PeriodIndex(["NaT"], freq="M"), "end:year": pd.array([2019], "Int64")})
    >>> [str(each[0]) for each in bounds(told, "end")]
    ['2019-01', '2019-12']
    """
    if f"{column}{YEAR}" not in frame:
        return frame[column], frame[column]
    years = frame[f"{column}{YEAR}"]
    made = [pd.PeriodIndex([pd.NaT if pd.isna(y) else f"{y}-{m}" for y in years], freq="M") for m in ("01", "12")]
    first, last = (frame[column].fillna(pd.Series(each, index=frame.index)) for each in made)
    return first, last


def is_told(frame: pd.DataFrame, column: str) -> pd.Series:
    """Which cells of a column say something, be it a year alone."""
    told: pd.Series = frame[column].notna()
    return told | frame[f"{column}{YEAR}"].notna() if f"{column}{YEAR}" in frame else told
