"""A workbook that was read: its rows as text by column, before they are records, and how a cell becomes text."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from clss_analysis.records.faults import Fault
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook.about import Hidden
from clss_analysis.records.workbook.plan import Column, words
from clss_analysis.records.writing import number_text


@dataclass(frozen=True)
class Line:
    """One row of a sheet.

    `number` is the row as the spreadsheet program counts it, `cells` what the dataset's columns hold (codes, not
    words; a day stays a day here), `identifying` what stands in the columns that no dataset has.
    """

    number: int
    cells: Mapping[str, str]
    identifying: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One sheet: the table it holds, the name it has, the letter of each column, its rows."""

    table: str
    name: str
    letters: Mapping[str, str]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Pages:
    """A whole workbook: its file name, its language, its tables, what its dataset sheet says, and its faults so far.

    `about` is the descriptor without tables, `about_rows` the row on which each of its keys stands; `hidden` is what
    the hidden sheet says, `columns_left` how many filled columns are nobody's and stay behind.
    """

    file: str
    lang: str
    tables: Mapping[str, Page]
    about: Mapping[str, Any]
    about_rows: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    hidden: Hidden = field(default_factory=Hidden)
    columns_left: int = 0


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
