"""What the records at hand say, row by row: numbers with their age, sentences with what they rest on, counts."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from clss_analysis.measures.counts import CODED, presence
from clss_analysis.privacy import Clearance
from clss_analysis.privacy.ledger import Ledger, Trait, ledger
from clss_analysis.publish.brief import wording
from clss_analysis.publish.brief.theme import BriefError, Count, Said, Theme, theme_fault
from clss_analysis.publish.figure_data import cell_text
from clss_analysis.records import Records, Row, message, typography
from clss_analysis.records.context import TABLE as CONTEXT
from clss_analysis.records.synthetic.made_up import is_made_up

OLD = 36  # months, three years: what is older is told with its age
_NUMERIC = ("context_statistics", CONTEXT)
UNCOUNTED = frozenset(
    {"id", "household", "order", "person", "partner_a", "partner_b", "child", "parent", "consent", "workshop"}
    | {"twin_group", "url", "actor", "from_person", "to_person", "from_actor", "to_actor"}
)
_YEAR = re.compile(r"(?<!hors )\b(?:19|20)\d\d\b")


@dataclass(frozen=True)
class Sentence:
    """A sentence ready to be read, and the rows that bear it."""

    text: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Number:
    """A key figure: as it is shown, the sentence that says what it counts, when and whose it is.

    `old` marks a number of more than three years, printed with its date in bold; `reading` one that is read in its
    source and not printed there as such.
    """

    shown: str
    sentence: Sentence
    when: str
    publisher: str
    old: bool
    dated: bool
    reading: bool = False


@dataclass(frozen=True)
class Counted:
    """A number of households, cleared by the gate: what was counted, out of how many, and who is in it."""

    count: Count
    value: int
    households: int
    rows: tuple[Row, ...]
    who: tuple[str, ...]


class Facts:
    """The rows that a pack may use, in one language and as of one month."""

    def __init__(
        self,
        theme: Theme,
        records: Records,
        context: pd.DataFrame,
        cleared: Clearance,
        *,
        lang: str,
        as_of: pd.Period,
        counted_in: pd.Period,
        source: str = "",
    ) -> None:
        self.theme, self.records, self.context = theme, records, context
        self.cleared, self.lang, self.as_of, self.counted_in = cleared, lang, as_of, counted_in
        self.source = source or records.source
        self.used: dict[Row, None] = {}
        self.counted: list[Counted] = []
        self._shown: list[Trait] = []
        self.faults: list[str] = []
        self.left: dict[str, None] = {}
        self.masked = 0

    def sentences(self, text: str, *, until: bool = False) -> list[str]:
        """The sentences of a text of the records; one in which something is masked is left out, and counted.

        With `until`, those after it are left out too: they may hang on it.
        """
        found = wording.sentences(text)
        masked = [wording.MASKED.search(each) is not None for each in found]
        kept = masked.index(True) if until and True in masked else len(found)
        whole = [each for each, hidden in zip(found[:kept], masked, strict=False) if not hidden]
        self.masked += len(found) - len(whole)
        return whole

    def fault(self, place: str, key: str, **values: object) -> None:
        """Remember what the theme asks in vain."""
        self.faults.append(theme_fault(self.theme.file, place, key, **values))

    def stop_if_faulty(self) -> None:
        """Raise what was remembered.

        Raises:
            BriefError: one line per fault.
        """
        if self.faults:
            raise BriefError(*dict.fromkeys(self.faults))

    def row(self, row: Row) -> dict[str, Any] | None:
        """The cells of a row; None where there is no such row.

        Raises:
            NotClearedError: it is a row of a household that may not be told.
        """
        frame = self.context if row.table == CONTEXT else self.records.table(row.table)
        found = frame[frame["id"] == row.row]
        if found.empty:
            return None
        cells: dict[str, Any] = {str(key): value for key, value in found.iloc[0].items() if not pd.isna(value)}
        household = row.row if row.table == "households" else cells.get("household")
        if household is not None:
            self.cleared.require_told(str(household))
        return cells

    def use(self, rows: Iterable[Row]) -> None:
        """Note rows as used, for data.csv."""
        self.used.update(dict.fromkeys(rows))

    def text(self, row: Row, column: str, cells: Mapping[str, Any]) -> str:
        """A cell of free text in the language of the pack; empty where it has none in it."""
        if self.lang == self.records.language or row.table == CONTEXT:
            return str(cells.get(column, ""))
        return self.records.translations.get((row.table, row.row, column), {}).get(self.lang, "")

    def reference(self, row: Row, cells: Mapping[str, Any]) -> str:
        """Where a row comes from: the work, its title as printed, and the place in it in the language of the pack."""
        place = "" if is_made_up(self.records) and row.table != CONTEXT else str(cells.get("source", ""))
        if row.table == CONTEXT:
            return place
        if self.lang != self.records.language:
            place = wording.place(place, self.lang)
        return ", ".join(part for part in (self.source, place) if part)

    def said(self, said: Said) -> Sentence | None:
        """A sentence of the theme with its numbers filled in; None, and a fault, where it does not hold."""
        if self.lang not in said.says:
            self.fault(said.place, "no_language", language=self.lang)
            return None
        values: dict[str, str] = {}
        borne: set[str] = set()
        rows: tuple[Row, ...] = ()
        for rank, row in enumerate(said.rows, 1):
            cells = self.row(row)
            if cells is None and self.leaves(said, wording.rows_in_words([row], self.lang)):
                if said.missing == "skip":
                    return None
                continue
            if cells is None:
                self.fault(said.place, "unknown_row", n=rank, table=row.table)
                return None
            rows += (row,)
            borne |= figures_of(cells)
            if row.table in _NUMERIC:
                if not str(cells.get("source", "")).strip():
                    self.fault(said.place, "no_source")
                    return None
                values[row.row] = wording.number(float(cells["value"]), str(cells["unit"]), self.lang)
                borne |= wording.figures_in(values[row.row])
        if said.count is not None:
            counted = self.count(said, said.count)
            if counted is None:
                return None
            values |= {"value": str(counted.value), "households": str(counted.households)}
            borne |= set(values.values())
            rows = counted.rows
        elif len(values) == 1:
            values["value"] = next(iter(values.values()))
        text = self._filled(said, values)
        if text is None:
            return None
        text = typography.typeset(text, self.lang)
        if wording.figures_in(text) - borne:
            self.fault(said.place, "unborne")
            return None
        self.use(rows)
        return Sentence(typography.opening(text, self.lang), rows)

    def leaves(self, said: Said, what: str = "", threshold: int = 0) -> bool:
        """Whether a sentence of the theme may miss a row, or a count, here; what that does to it is noted."""
        if not said.missing or self.theme.dataset == self.records.name:
            return False
        key = said.missing if what else "count"
        place = typography.capital(wording.part(said.place, self.lang))
        self.left[message(f"brief.left.{key}", self.lang, place=place, what=what, threshold=threshold)] = None
        return True

    def _template(self, said: Said, values: Mapping[str, str]) -> str | None:
        """The sentence of a theme in the form that its count takes; None where it has none."""
        template = said.says[self.lang]
        if said.count is None:
            return template
        n, of = int(values["value"]), int(values["households"])
        if n == 0 and of == 1:
            return None
        forms = said.forms.get(self.lang)
        form = typography.form_of(n, self.lang, forms or {}, of)
        if forms and (form not in ("one", "many") or n > 1 or (n == 1 and of > 1)):
            return forms[form]
        return wording.agreed(template, n, of, self.lang)

    def _filled(self, said: Said, values: Mapping[str, str]) -> str | None:
        template = self._template(said, values)
        if template is None:
            self.fault(said.place, "agree", forms="one, many, none, only")
            return None
        try:
            parts = list(string.Formatter().parse(template))
        except ValueError:
            self.fault(said.place, "braces")
            return None
        if any(name is not None and (name not in values or spec or turn) for _, name, spec, turn in parts):
            self.fault(said.place, "placeholder", allowed=", ".join(values) or "–")
            return None
        return "".join(literal + ("" if name is None else values[name]) for literal, name, _, _ in parts)

    def count(self, said: Said, count: Count) -> Counted | None:
        """Households that a count holds, through the gate; None, and a fault or a note, where it is withheld."""
        whole = self.records.table(count.table)
        key = "id" if count.table == "households" else "household"
        frame = _matching(whole, count.where)
        who = _homes(frame[key])
        entered = ledger(self.records)
        has = _trait(entered, who)
        withheld = (
            entered.left_out
            or not entered.shows(*_traits(entered, count, has))
            or _several(entered, count, frame)
            or not entered.apart(has, *_holding(entered, count, whole, key, who), *self._shown)
        )
        several = len(self.records.households) > 1  # none of a single one is not said
        unsaid = withheld or not (who or (several and "none" in said.forms.get(self.lang, {})))
        if unsaid and self.leaves(said, threshold=entered.threshold):
            return None
        if withheld:
            self.fault(said.place, "withheld", threshold=entered.threshold)
            return None
        told = [each for each in who if each in self.cleared.told]
        rows = tuple(Row(count.table, str(each)) for each in frame[frame[key].isin(told)]["id"])
        counted = Counted(count, len(who), len(self.records.households), rows, tuple(who))
        self.counted.append(counted)
        self._shown.append(has)
        return counted

    def number(self, said: Said) -> Number | None:
        """A key figure of the theme."""
        if said.rows and said.rows[0].table not in _NUMERIC:
            self.fault(said.place, "no_number")
            return None
        sentence = self.said(said)
        if sentence is None:
            return None
        if said.count is not None:
            counted = self.counted[-1]
            when = typography.month(self.counted_in, self.lang)
            return Number(str(counted.value), sentence, when, self.source, old=False, dated=True)
        row = said.rows[0]
        cells = self.row(row) or {}
        shown = wording.number(float(cells["value"]), str(cells["unit"]), self.lang)
        if said.about:
            shown = message("brief.about", self.lang, number=shown)
        end = end_of(cells)
        when = self.period(row, cells)
        publisher = wording.within_brackets(self.text(row, "publisher", cells) or str(cells.get("publisher", "")))
        old = end is not None and (self.as_of - end).n > OLD
        return Number(shown, sentence, when, publisher, old=old, dated=end is not None,
                      reading=bool(cells.get("reading", False)))  # fmt: skip

    def period(self, row: Row, cells: Mapping[str, Any]) -> str:
        """When a number holds, in words; that it is not said, where it is not."""
        if row.table == CONTEXT:
            date = str(cells["date"])
            return typography.month(pd.Period(date, freq="M"), self.lang) if "-" in date else date
        said = self.text(row, "period", cells)
        if said or end_of(cells) is not None:
            return said or str((end_of(cells) or self.as_of).year)
        return message("brief.undated", self.lang)


def _matching(frame: pd.DataFrame, where: Iterable[tuple[str, str]]) -> pd.DataFrame:
    for column, value in where:
        cells = frame[column].astype("string").str.lower()
        frame = frame[(cells == value.lower()).fillna(value=False)]
    return frame


def _homes(column: pd.Series) -> list[str]:
    return sorted(set(column.dropna().astype(str)))


def _trait(entered: Ledger, who: Iterable[str]) -> Trait:
    homes = pd.Index(entered.records.households["id"])
    return entered.trait(pd.Series(homes.isin(list(who)), index=homes))


def _traits(entered: Ledger, count: Count, has: Trait) -> list[Trait]:
    """What tells a count from those beside it: of a column of the households, all that stands in it."""
    homes = entered.records.households.set_index("id")
    if count.table == "households":
        columns = [homes[column] for column, _ in count.where]
        return [entered.trait(pd.Series(pd.factorize(each)[0] + 1, index=homes.index)) for each in columns]
    traits = [has]
    if count.table in CODED:
        coded = presence(entered.records, count.table)
        traits += [entered.trait(coded[value]) for column, value in count.where if column == CODED[count.table]
                   and value in coded]  # fmt: skip
    return traits


def _several(entered: Ledger, count: Count, frame: pd.DataFrame) -> bool:
    """Whether too few have more than one of the codes that a count takes together, as those of a domain.

    The book prints the number of each code; all of them together, less the number of those who have any, is what is had
    beyond the first.
    """
    if count.table not in CODED:
        return False
    of = frame[["household", CODED[count.table]]].drop_duplicates()["household"].value_counts()
    beyond = (of.reindex(entered.only_counted).fillna(1) - 1).to_numpy()
    sums = (beyond[entered.came == group].sum() for group in np.unique(entered.came))
    return any(0 < each < entered.threshold for each in sums)


def _holding(entered: Ledger, count: Count, frame: pd.DataFrame, key: str, who: list[str]) -> Iterator[Trait]:
    """Counts in which this one lies: of any one code of its table, and of some of its conditions.

    Who has both subtracts one from the other, in this pack or in another: of the two the smaller is withheld.
    """
    inside = entered.only_counted.intersection(who)
    if inside.empty:
        return
    for column in frame.columns.difference(list(UNCOUNTED)):
        had = frame[[key, column]].dropna().drop_duplicates()
        within = had.loc[had[key].isin(inside), column].value_counts()
        for value in within.index[within == len(inside)]:
            yield _trait(entered, had.loc[had[column] == value, key])
    for some in range(2, len(count.where)):
        for where in combinations(count.where, some):
            yield _trait(entered, _homes(_matching(frame, where)[key]))


def figures_of(cells: Mapping[str, Any]) -> set[str]:
    """The numbers in the cells of a row, ids and places apart."""
    found: set[str] = set()
    for column, value in cells.items():
        if column not in UNCOUNTED:
            found |= wording.figures_in(cell_text(value))
    return found


def end_of(cells: Mapping[str, Any]) -> pd.Period | None:
    """The last month that a number speaks of: of its date, or of the last year its period names.

    >>> end_of({"period": "2017–2021, hors 2020"})
    Period('2021-12', 'M')
    """
    date = str(cells.get("date", ""))
    if date:
        return pd.Period(date if "-" in date else f"{date}-12", freq="M")
    years = _YEAR.findall(str(cells.get("period", "")))
    return pd.Period(f"{max(years)}-12", freq="M") if years else None
