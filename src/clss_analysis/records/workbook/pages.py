"""A workbook that was read: its rows as text by column, before they are records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clss_analysis.records.faults import Fault
from clss_analysis.records.workbook.hidden import Hidden


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
    the hidden sheet says.
    """

    file: str
    lang: str
    tables: Mapping[str, Page]
    about: Mapping[str, Any]
    about_rows: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    hidden: Hidden = field(default_factory=Hidden)
