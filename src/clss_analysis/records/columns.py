"""Columns of a table: text turned into the types of the schema, and back, with nothing rounded."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from clss_analysis.records.schema import Descriptor, fields
from clss_analysis.records.sheet import Sheet

_DTYPES = {"string": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean"}
_PERIODS = {"yearmonth": "M", "date": "D"}


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
    for each in sheet.fields:
        place, texts = sheet.cells[str(each["name"])]
        known = typed(pd.DataFrame({each["name"]: texts}, dtype=object), sheet.table, (each,))
        columns[each["name"]] = known[each["name"]].array.take(place)
    return pd.DataFrame(columns, columns=[each["name"] for each in sheet.fields])


def typed(raw: pd.DataFrame, table: str, of: Sequence[Descriptor] | None = None) -> pd.DataFrame:
    """Columns of text turned into the types of the schema, in its column order; an empty text is unknown.

    Args:
        raw: columns of text.
        table: the table they are of.
        of: fields of the table that `raw` has, own ones too; default: those of the schema.
    """
    columns: dict[str, Any] = {}
    for each in fields(table) if of is None else of:
        column = raw[str(each["name"])]
        column = column.where(column != "", None)
        if each["type"] in _PERIODS:
            columns[each["name"]] = _periods(column, _PERIODS[each["type"]])
        elif each["type"] == "boolean":
            columns[each["name"]] = column.map({"true": True, "false": False}).astype("boolean")
        else:
            columns[each["name"]] = column.astype("string").astype(_DTYPES[each["type"]])  # type: ignore[call-overload]  # dtype names are checked above
    return pd.DataFrame(columns, columns=[each["name"] for each in (fields(table) if of is None else of)])


def _periods(column: pd.Series[str], freq: str) -> pd.PeriodIndex:
    known = {text: pd.Period(text, freq=freq) for text in column.dropna().unique()}
    return pd.PeriodIndex([known.get(text, pd.NaT) for text in column], freq=freq)


def texts(column: pd.Series, kind: str) -> list[str]:
    """The cells of a column of a schema type as a table writes them, nothing rounded; unknown is an empty text."""
    if kind == "boolean":
        text = column.map({True: "true", False: "false"})
    elif kind == "number":
        text = column.map(number_text, na_action="ignore")
    else:
        text = column.astype("string")
    cells: list[str] = text.astype(object).where(column.notna(), "").tolist()
    return cells


def number_text(value: float) -> str:
    """A number in digits, without exponent, without rounding and without a sign of zero.

    >>> number_text(1e-7), number_text(34.0), number_text(-0.0)
    ('0.0000001', '34', '0')
    """
    digits = format(Decimal(repr(float(value) + 0.0)), "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
