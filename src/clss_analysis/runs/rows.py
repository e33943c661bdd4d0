"""Rows of households that may only be counted, recognised in what a cell shows, however it was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import pandas as pd

from clss_analysis.privacy import Clearance
from clss_analysis.records import Records, label
from clss_analysis.records.schema import home_column, table_names
from clss_analysis.records.typography import month
from clss_analysis.records.vocabulary import LANGUAGES, column_title

_LEFT = frozenset({"id", "household", "order", "source", "reading"})
_SPLIT = re.compile(r"\s*(?:(?<!\\)\||\t|,|;|\s{2,}|['\"]:|</?t[dhr][^>]*>)\s*")
_ROW_ENDS = re.compile(r"</tr>|[}\])]\s*,\s*[{\[(]")
_EDGES = " \t'\"`[](){}:<>"
_CODE = re.compile(r"[\w-]{4,}")
_ESCAPE = re.compile(r"\\([^\w\s]|_)")
_ENOUGH, _NAMED = 3, 2  # cells of one row that show it: values alone, or values beside names of columns
_LONG = 60
"""Words of a line that is no row any more but prose, such as what is said of a drawing to who does not see it."""
Where = tuple[str, int]


class Withheld:
    """What the rows of counted-only households hold, by the words in which an output could show it.

    A line shows such a row where it holds its id; or three of its values in as many words, or two under their columns'
    names, that no row of a household that may be told has together.  A line with a count of at least the threshold is
    none of these.
    """

    def __init__(self, records: Records, clearance: Clearance) -> None:
        self._threshold = clearance.threshold
        self._hidden: set[Where] = set()
        self._values: dict[str, set[tuple[Where, str]]] = {}
        self._names: dict[str, set[str]] = {}
        ids: dict[bool, set[str]] = {True: set(), False: set()}
        labels: dict[bool, set[str]] = {True: set(), False: set()}
        for table in table_names():
            frame, key = records.table(table), home_column(table)
            hidden = frame[key].isin(clearance.counted) if key in frame else pd.Series(data=False, index=frame.index)
            for is_hidden, code in zip(hidden, frame["id"], strict=True):
                ids[bool(is_hidden)].add(str(code).lower())
            if "label" in frame:
                for is_hidden, text in zip(hidden, frame["label"].fillna(""), strict=True):
                    labels[bool(is_hidden)].add(_bare(str(text)))
            if key in frame:
                self._hidden |= {(table, place) for place, is_hidden in enumerate(hidden) if is_hidden}
                self._read(records, table, frame)
        self._ids = ids[True] - ids[False]
        self._labels = labels[True] - labels[False]

    def shown(self, text: str) -> bool:
        """Whether a text, such as the output of a cell, shows a row."""
        one = " ".join(text.split("\n")) if "<tr" in text else text
        lines = [_cells(line) for line in _ROW_ENDS.sub("\n", one).splitlines()]
        named: set[str] = set()
        for cells in [*lines, *_upright(lines, self._names)]:
            if self._telling(cells):
                return True
            heads = {column for cell in cells for column in self._names.get(cell, ())}
            named = heads if len(heads) >= _NAMED else named
            if self._row(cells, named | heads):
                return True
        return False

    def _telling(self, cells: list[str]) -> bool:
        codes = (code for cell in cells for code in _CODE.findall(cell) if re.search(r"\d|-", code))
        whole = not self._ids.isdisjoint(cells) or not self._labels.isdisjoint(cells)
        return whole or not self._ids.isdisjoint(codes)

    def _row(self, cells: list[str], named: set[str]) -> bool:
        values = cells[1:] if len(cells) > 1 and cells[0].isdecimal() else cells
        told = {*values, *(word for cell in values for word in cell.split())}
        if len(told) > _LONG:
            return False
        found: dict[Where, set[str]] = {}
        words: dict[Where, set[str]] = {}
        used: set[str] = set()
        for value in told:
            for where, column in self._values.get(value, ()):
                found.setdefault(where, set()).add(column)
                words.setdefault(where, set()).add(value)
                used.add(value)
        if any(each.isdecimal() and each not in used and int(each) >= self._threshold for each in told):
            return False
        open_ = [(where[0], columns) for where, columns in found.items() if where not in self._hidden]
        for where, columns in found.items():
            enough = min(len(columns), len(words[where])) >= _ENOUGH or len(columns & named) >= _NAMED
            if enough and where in self._hidden and not any(t == where[0] and columns <= c for t, c in open_):
                return True
        return False

    def _read(self, records: Records, table: str, frame: pd.DataFrame) -> None:
        for field in records.fields(table):
            column = str(field["name"])
            if column in _LEFT or field["type"] == "boolean":
                continue
            for name in _heads(table, column, str(field.get("title", column))):
                self._names.setdefault(name, set()).add(column)
            told = frame[column].reset_index(drop=True).dropna()
            forms = {value: _forms(value, field.get("vocabulary")) for value in told.unique()}
            for place, value in zip(told.index.tolist(), told, strict=True):
                for form in forms[value]:
                    self._values.setdefault(form, set()).add(((table, place), column))


@lru_cache(maxsize=1)
def withheld_rows(records: Records, clearance: Clearance) -> Withheld:
    """The rows of a dataset that no output may show."""
    return Withheld(records, clearance)


def _cells(line: str) -> list[str]:
    return [bare for cell in _SPLIT.split(line) if (bare := _bare(cell))]


def _bare(cell: str) -> str:
    """A cell as it is compared."""
    return _ESCAPE.sub(r"\1", cell).strip(_EDGES).lower()


def _upright(lines: list[list[str]], names: dict[str, set[str]]) -> Iterator[list[str]]:
    """Lines that name a column and its value, one under the other, as one line."""
    run: list[str] = []
    for cells in [*lines, []]:
        if len(cells) == 2 and cells[0] in names:
            run += cells
        elif run:
            yield run
            run = []


def _heads(table: str, column: str, title: str) -> Iterable[str]:
    ours = (column_title(column, lang, table, title) for lang in LANGUAGES)
    return {_bare(each) for each in (column, title, *ours)}


def _forms(value: Any, vocabulary: str | None) -> Iterable[str]:  # noqa: ANN401 - a cell of any column
    if isinstance(value, pd.Period):
        return {str(value), *(month(value, lang).lower() for lang in LANGUAGES)}
    told = f"{value:g}" if isinstance(value, float) else str(value)
    words = [label(vocabulary, told, lang) for lang in LANGUAGES] if vocabulary else []
    return {_bare(each) for each in (told, *words)}
