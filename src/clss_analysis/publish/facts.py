"""What a dataset tells its chapters: cells as sentences have them, rows that pass a test, of who may be told alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from clss_analysis.privacy import Clearance
from clss_analysis.records import Records, typography
from clss_analysis.records.escape import markdown
from clss_analysis.records.schema import Descriptor, home_column, table_names
from clss_analysis.records.vocabulary import label, message
from clss_analysis.records.years import cells, is_year

_FILTER = re.compile(r"(\w+)(!?[=~])(.*)", re.DOTALL)


class FactError(ValueError):
    """A form that cannot be put in; the text is the rule that it breaks, without the content of any cell."""


@dataclass(frozen=True)
class Facts:
    """The records that chapters may quote, the households that may be told, and the language of the chapters."""

    records: Records
    told: frozenset[str]
    lang: str = "fr"
    _read: dict[str, pd.DataFrame] = field(default_factory=dict, compare=False, repr=False)

    def rows(self, table: str, tests: Sequence[str], form: str) -> pd.DataFrame:
        """The rows of a table that pass every test `column=value[,value]` or `column~part`, denied with `!`.

        Raises:
            FactError: no such table or column, a badly written test, or a household that may not be told.
        """
        frame = self._table(table, form)
        for test in tests:
            found = _FILTER.fullmatch(test)
            if not found:
                raise FactError(message("facts.query", form=form))
            column, operator, value = found.groups()
            if column not in frame:
                raise FactError(message("facts.column", form=form, name=f"{table}.{column}"))
            wanted = [value.strip('"')] if value.startswith('"') or operator.endswith("~") else value.split(",")
            frame = frame.loc[[passes(cell, operator, wanted) for cell in frame[column]]]
        self._require(table, frame, form)
        return frame

    def cell(self, table: str, row: str, column: str, form: str) -> tuple[Any, Descriptor]:
        """The value of a cell and the field it stands in.

        Raises:
            FactError: no such table, row or column, or a household that may not be told.
        """
        frame = self._table(table, form)
        about = next((each for each in self.records.fields(table) if each["name"] == column), None)
        if about is None:
            raise FactError(message("facts.column", form=form, name=f"{table}.{column}"))
        frame = frame[frame["id"] == row]
        if frame.empty:
            raise FactError(message("facts.row", form=form, name=f"{table}.{row}"))
        self._require(table, frame, form)
        return cells(frame, column).iloc[0], about

    def _table(self, table: str, form: str) -> pd.DataFrame:
        if table not in table_names():
            raise FactError(message("facts.table", form=form, name=table))
        if table not in self._read:
            self._read[table] = self.records.table(table)
        return self._read[table]

    def _require(self, table: str, frame: pd.DataFrame, form: str) -> None:
        key = home_column(table)
        if key in frame and not set(frame[key].dropna().astype(str)) <= self.told:
            raise FactError(message("facts.untold", form=form))

    def shown(self, where: tuple[str, str, str], options: frozenset[str], lang: str, form: str) -> tuple[str, int]:
        """A cell as a sentence has it, and its number where it is a whole one to be worded (else 0).

        Raises:
            FactError: the cell is empty, or cannot be shown as was asked.
        """
        table, row, column = where
        value, about = self.cell(table, row, column, form)
        if pd.isna(value):
            raise FactError(message("facts.empty", form=form))
        if isinstance(value, pd.Period):
            if "month" in options and is_year(value):
                raise FactError(message("facts.empty", form=form))
            whole = typography.month(value, lang)
            return (whole.split(typography.FIXED)[0] if "month" in options else
                    str(value.year) if "year" in options else whole), 0  # fmt: skip
        if about.get("vocabulary"):
            return markdown(label(about["vocabulary"], str(value), lang)), 0
        if about["type"] in ("integer", "number"):
            return self._number(float(value), where, options, lang)
        if about["type"] == "boolean":
            raise FactError(message("facts.number", form=form))
        if lang == self.records.language:
            return markdown(typography.text_of(value)), 0
        told = self.records.translations.get(where, {}).get(lang)
        if told is None:
            raise FactError(message("facts.language", form=form))
        said = markdown(typography.text_of(told))
        same = told == value and re.search(r"[^\W\d_]", told)  # a name that is that in every language
        return (f"[{said}]{{lang={self.records.language}}}" if same else said), 0

    def _number(self, n: float, where: tuple[str, str, str], options: frozenset[str], lang: str) -> tuple[str, int]:
        frame = self._read[where[0]]
        unit = frame.loc[frame["id"] == where[1], "unit"].iloc[0] if where[2] == "value" and "unit" in frame else None
        if "year" in options:
            return str(int(n)), 0
        if "ordinal" in options:
            return typography.ordinal(int(n), lang), 0
        if unit == "%":
            return typography.percent(n, lang), 0
        return typography.number(n, lang=lang), int(n) if "words" in options and n == int(n) else 0


def facts_of(clearance: Clearance, lang: str) -> Facts:
    """What chapters in a language (fr, nl or en) may quote of a dataset that was cleared."""
    return Facts(clearance.records, clearance.told, lang)


def passes(cell: Any, operator: str, wanted: Sequence[str]) -> bool:  # noqa: ANN401 - any cell
    """Whether a cell is one of these texts (`=`) or holds one (`~`), or not (`!=`, `!~`); an empty cell is « »."""
    if isinstance(cell, float) and cell == cell and cell.is_integer():
        cell = int(cell)
    told = "" if cell is None or pd.isna(cell) else str(cell).lower() if str(cell) in ("True", "False") else str(cell)
    found = any(each in told for each in wanted) if operator.endswith("~") else told in wanted
    return found != operator.startswith("!")
