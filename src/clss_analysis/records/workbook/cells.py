"""Cells of a spreadsheet as a dataset writes them."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from functools import cache
from typing import Any

from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook.plan import Column, words
from clss_analysis.records.writing import number_text


def as_text(cell: Any, column: Column, lang: str) -> str:  # noqa: ANN401  # what a spreadsheet holds
    """A cell as a dataset writes it: words of lists as codes, whole numbers without a point, days as YYYY-MM-DD."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return number_text(cell) if math.isfinite(cell) else ""
    if isinstance(cell, dt.datetime | dt.date):
        day = cell.strftime("%Y-%m-%d")
        return day[:7] if column.kind == "yearmonth" and cell.day == 1 else day
    text = str(cell)
    if column.kind == "string":
        return text
    text = text.strip()
    if column.kind == "code" and text:
        return _codes(column.vocabulary, lang).get(folded(text), text)
    if column.kind == "boolean" and text:
        return _truths(lang).get(folded(text), text)
    return text.replace(",", ".") if column.kind == "number" else text


@cache
def _codes(vocabulary: str, lang: str) -> dict[str, str]:
    listed = words(vocabulary, lang)
    return {folded(code): code for code in listed} | {folded(word): code for code, word in listed.items()}


@cache
def _truths(lang: str) -> dict[str, str]:
    said = {folded(message("workbook.yes", lang)): "true", folded(message("workbook.no", lang)): "false"}
    return {"true": "true", "false": "false", "yes": "true", "no": "false"} | said


def folded(text: str) -> str:
    """A title or word as it is compared: without capitals, kinds of space and kinds of apostrophe."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(plain.split())


def letter_of(place: int) -> str:
    """The letter of a column, counted from 0.

    >>> letter_of(0), letter_of(27)
    ('A', 'AB')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
