"""Columns of a table: text turned into the types of the schema, and back, with nothing rounded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
from pandas.api.extensions import ExtensionArray

from clss_analysis.records.schema import MONTH_OR_YEAR, Descriptor, fields
from clss_analysis.records.sheet import Sheet
from clss_analysis.records.years import YEAR

_BOOLEANS = {"true": True, "false": False}
_PERIODS = {"yearmonth": "M", MONTH_OR_YEAR: "M", "date": "D"}
_YEAR = len("2019")


def empty_table(table: str, own: Sequence[Descriptor] = ()) -> pd.DataFrame:
    """A table without any row, with the types of its fields, those of the schema and `own` ones.

    >>> empty_table("codes").columns.tolist()[:3]
    ['id', 'parent', 'label']
    """
    of = (*fields(table), *own)
    return typed(pd.DataFrame(columns=[each["name"] for each in of], dtype=object), table, of)


def typed_sheet(sheet: Sheet) -> pd.DataFrame:
    """The rows of a sheet with the types of its fields, each text converted once."""
    columns: dict[str, Any] = {}
    years: dict[str, Any] = {}
    for each in sheet.fields:
        place, texts = sheet.cells[str(each["name"])]
        columns[each["name"]] = _array(texts.tolist(), each["type"]).take(place)
        if each["type"] == MONTH_OR_YEAR and (told := _years(texts.tolist())) is not None:
            years[f"{each['name']}{YEAR}"] = told.take(place)
    return pd.DataFrame(columns | years, copy=False)


def typed(raw: pd.DataFrame, table: str, of: Sequence[Descriptor] | None = None) -> pd.DataFrame:
    """Columns of text turned into the types of the schema, in its column order; an empty text is unknown.

    Args:
        raw: columns of text.
        table: the table they are of.
        of: fields of the table that `raw` has, own ones too; default: those of the schema.
    """
    found = fields(table) if of is None else of
    columns = {each["name"]: _array(raw[str(each["name"])].tolist(), each["type"]) for each in found}
    told = {each["name"]: _years(raw[str(each["name"])]) for each in found if each["type"] == MONTH_OR_YEAR}
    years = {f"{name}{YEAR}": array for name, array in told.items() if array is not None}
    return pd.DataFrame(columns | years, copy=False)


def _array(cells: list[Any], kind: str) -> ExtensionArray:
    """Cells of text as an array of the type; straight from the list, since a Series for each column takes ten times."""
    known: list[str | None] = [None if pd.isna(cell) or cell == "" else str(cell) for cell in cells]
    if kind == MONTH_OR_YEAR:
        known = [None if text is None or len(text) == _YEAR else text for text in known]
    if kind in _PERIODS:
        freq = _PERIODS[kind]
        moments = {text: pd.NaT if text is None else pd.Period(text, freq=freq) for text in set(known)}
        return pd.PeriodIndex([moments[text] for text in known], freq=freq).array
    if kind == "boolean":
        return pd.array([_BOOLEANS.get(text or "") for text in known], dtype="boolean")
    if kind == "integer":
        return pd.array([None if text is None else int(text) for text in known], dtype="Int64")
    if kind == "number":
        return pd.array([None if text is None else float(text) for text in known], dtype="Float64")
    return pd.array(known, dtype="string")


def _years(cells: Iterable[Any]) -> ExtensionArray | None:
    """The years that cells tell without a month; None where none does."""
    years = [int(cell) if isinstance(cell, str) and len(cell) == _YEAR else None for cell in cells]
    return pd.array(years, dtype="Int64") if any(years) else None


def texts(frame: pd.DataFrame, name: str, kind: str) -> list[str]:
    """The cells of a column of a schema type as a table writes them, nothing rounded; unknown is an empty text."""
    column = frame[name]
    if kind == MONTH_OR_YEAR and f"{name}{YEAR}" in frame:
        return column.astype("string").fillna(frame[f"{name}{YEAR}"].astype("string")).fillna("").tolist()
    if kind == "boolean":
        says: Callable[[Any], str] = {True: "true", False: "false"}.__getitem__
    else:
        says = number_text if kind == "number" else str
    if column.dtype.kind in "Mm":
        column = column.astype("string")
    return ["" if gone else says(cell) for cell, gone in zip(column.tolist(), column.isna().tolist(), strict=True)]


def number_text(value: float) -> str:
    """A number in digits, without exponent, without rounding and without a sign of zero.

    >>> number_text(1e-7), number_text(34.0), number_text(-0.0)
    ('0.0000001', '34', '0')
    """
    digits = format(Decimal(repr(float(value) + 0.0)), "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
