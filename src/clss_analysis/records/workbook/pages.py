"""A workbook that was read: its rows as text by column, before they are records, and how a cell becomes text."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from clss_analysis.records.columns import number_text
from clss_analysis.records.faults import Fault
from clss_analysis.records.schema import MONTHS
from clss_analysis.records.typography import month_begun
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook.about import Hidden
from clss_analysis.records.workbook.plan import Column, columns, words
from clss_analysis.records.workbook.spreadsheet import Error

_TRUE = ("true", "yes", "vrai", "oui", "waar", "ja")
_FALSE = ("false", "no", "faux", "non", "onwaar", "neen", "nee")
"""What people and spreadsheet programs write for a truth that is a text, in English, French and Dutch."""
_NAMED_MONTH = re.compile(r"([^\W\d_]{3,})\.?[\s./-]*([0-9]{4}|[0-2][0-9])")
_NUMBERED_MONTH = re.compile(r"(0?[1-9]|1[0-2])[./-]([0-9]{4})|([0-9]{4})[./-](0?[1-9]|1[0-2])")
_SPACES = re.compile(r"(?<=[0-9])[\s'’](?=[0-9]{3})")
"""What stands between thousands and is no decimal mark."""
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
_POINT_ZERO = re.compile(r"(?<=[0-9])\.0+$")
"""What statistics programs write behind a whole number."""
_AGED = re.compile(r"(?P<n>[0-9]{1,3})\s*(?:(?P<months>mois|maand(en)?|months?)|ans?|jaar|years?)", re.IGNORECASE)
SHOWN = " – "
"""What stands in a list between the id of a person and her name."""
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(((\.[0-9]{3})+,|(,[0-9]{3})+\.)[0-9]+|(\.[0-9]{3}){2,}|(,[0-9]{3}){2,})")
"""Thousands with a mark of their own: a fraction behind the other mark, or the same mark more than once."""


@dataclass(frozen=True)
class Line:
    """One row of a sheet.

    `number` is the row as the spreadsheet program counts it, `cells` what the dataset's columns hold (codes, not
    words; a day stays a day here), `identifying` what stands in the columns that no dataset has.  Where one row of a
    sheet fills several tables, `places` has the letter and title of the column that each cell was typed in.
    """

    number: int
    cells: Mapping[str, str]
    identifying: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, tuple[str, str]] = field(default_factory=dict)


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
    the hidden sheet says, `columns_left` how many filled columns are nobody's and stay behind; in the tables that are
    `numbered`, ids were made of the place of a row and know nobody again.
    """

    file: str
    lang: str
    tables: Mapping[str, Page]
    about: Mapping[str, Any]
    about_rows: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    hidden: Hidden = field(default_factory=Hidden)
    columns_left: int = 0
    numbered: frozenset[str] = frozenset()

    def across(self, table: str) -> dict[str, Column]:
        """The columns that a table's sheet has, by name."""
        return {each.name: each for each in columns(table, self.lang, self.hidden.own.get(table, ()))}

    def shown(self, page: Page, line: Line | None, column: Column) -> str:
        """Letter and title of the column of a cell, as the sheet shows them."""
        typed = line.places.get(column.name) if line else None
        letter, title = typed or (page.letters.get(column.name, ""), column.title)
        said = message("workbook.fault.column", self.lang, letter=letter, title=title)
        return said if letter else said.strip()


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
        return day[:7] if column.kind in MONTHS and cell.day == 1 else day
    text = str(cell)
    if column.kind == "string":
        return text
    text = text.strip()
    if column.kind == "reference":
        return text.partition(SHOWN)[0]
    if column.name == "age" and (found := _AGED.fullmatch(text)):
        return str(int(found["n"]) // (12 if found["months"] else 1))
    if column.kind == "code" and text:
        return _codes(column.vocabulary, lang).get(folded(text), text)
    if column.kind == "boolean" and text:
        return _truths(lang).get(folded(text), text)
    if column.kind in MONTHS:
        return _month_text(text)
    if column.kind not in ("number", "integer"):
        return text
    number = _plain_number(text)
    return _POINT_ZERO.sub("", number) if column.kind == "integer" else number


def fault_of(cell: object, column: Column) -> str:
    """The rule that a cell breaks before its column is looked at; empty where it breaks none."""
    if isinstance(cell, Error):
        return cell.fault
    return "ambiguous" if column.kind in ("number", "integer") and is_ambiguous(cell) else ""


def is_ambiguous(cell: object) -> bool:
    """Whether a text may be thousands or a fraction, by who wrote it: « 53.000 », « 1,250 ».

    >>> [is_ambiguous(text) for text in ("53.000", "1,250", "0,125", "53 000", "53.000,50", "1.234.567", "53,5")]
    [True, True, False, False, False, False, False]
    """
    return isinstance(cell, str) and bool(_AMBIGUOUS.fullmatch(_SPACES.sub("", cell.strip())))


def _plain_number(text: str) -> str:
    """Digits with a point before the fraction, as French, Dutch and English write them; what is no number stays."""
    bare = _SPACES.sub("", text)
    if _GROUPED.fullmatch(bare):
        mark = next((sign for sign in reversed(bare) if sign in ".,"), "")
        if bare.count(mark) > 1:
            return bare.replace(mark, "")
        whole, _, rest = bare.rpartition(mark)
        return f"{whole.replace('.', '').replace(',', '')}.{rest}"
    return bare.replace(",", ".") if _NUMBER.fullmatch(bare) else text


def _month_text(text: str) -> str:
    """A month as datasets write it, however it was typed in one of three languages; what is no month stays.

    >>> [_month_text(text) for text in ("nov-23", "mrt 2024", "févr. 24", "11/2023", "12/11/2023", "jui-23")]
    ['2023-11', '2024-03', '2024-02', '2023-11', '12/11/2023', 'jui-23']
    """
    if told := _NUMBERED_MONTH.fullmatch(text):
        return f"{told[2] or told[3]}-{int(told[1] or told[4]):02}"
    told = _NAMED_MONTH.fullmatch(text)
    number = month_begun(told[1]) if told else None
    return f"{'20' * (len(told[2]) == 2)}{told[2]}-{number:02}" if told and number else text


@cache
def _codes(vocabulary: str, lang: str) -> dict[str, str]:
    listed = words(vocabulary, lang)
    return {folded(code): code for code in listed} | {folded(word): code for code, word in listed.items()}


@cache
def _truths(lang: str) -> dict[str, str]:
    said = {folded(message("workbook.yes", lang)): "true", folded(message("workbook.no", lang)): "false"}
    return dict.fromkeys(_TRUE, "true") | dict.fromkeys(_FALSE, "false") | said


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
