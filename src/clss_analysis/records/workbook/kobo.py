"""An export of the form from KoboToolbox or ODK, read as a workbook: one row per household, repeats joined to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from clss_analysis.records.faults import Fault
from clss_analysis.records.schema import optional_fields
from clss_analysis.records.vocabulary import LANGUAGES, message
from clss_analysis.records.workbook.form import (
    EVIDENCE,
    MET,
    NUMBERED,
    REPEATS,
    Question,
    group_name,
    is_private,
    main_questions,
    repeated_questions,
)
from clss_analysis.records.workbook.pages import Line, Page, Pages, as_text, fault_of, folded, letter_of
from clss_analysis.records.workbook.spreadsheet import RawSheet

KEYS = (("_index", "_parent_index"), ("KEY", "PARENT_KEY"))
"""Columns that say which row this is, and to which it belongs: KoboToolbox, then ODK Central."""
_META = frozenset({
    "submissiondate", "submitterid", "submittername", "reviewstate", "status", "edits", "formversion", "key",
    "parent_key", "attachmentspresent", "attachmentsexpected", "audit",
    "start", "end", "today", "deviceid", "phonenumber", "username", "simserial", "subscriberid", "household",
    "criteria", "criteria_met", "criteria_unmet", "verdict", "note_verdict", "instanceid", "uuid",
    *(f"{stem}_{table}" for stem in ("rank", "note") for table in NUMBERED),
})  # fmt: skip
_GROUPS = re.compile(r"[/:.-]")
"""What an export puts between the names of groups and of their question."""


def is_kobo(raw: list[RawSheet]) -> bool:
    """Whether the sheets are such an export: a main sheet, whose rows have a key and no parent."""
    return any(_is_main(sheet) for sheet in raw)


def read_kobo(raw: list[RawSheet], file: str) -> Pages:
    """The tables of the households of an export, with XML names or labels in its headers, codes or words in its cells.

    Households without an id of their own are M1, M2… in the order of the export; persons and actors are numbered
    within their household, as the form cites them.  Columns that the form does not ask, of the program (`_uuid`, those
    of a group `meta`…) or of another version of the form, stay behind and are counted; in an export by labels one
    beside a label that is missing is a fault.

    Args:
        raw: the sheets.
        file: the file name, for faults.
    """
    return _Export(raw, file).pages()


class _Export:
    def __init__(self, raw: list[RawSheet], file: str) -> None:
        self.file = file
        self.main = next(sheet for sheet in raw if _is_main(sheet))
        self.left = 0
        self.lang = max(LANGUAGES, key=lambda lang: _score(self.main, main_questions(lang)))
        named = {_short(name): table for table in REPEATS for name in (table, *_group_names(table))}
        others = [sheet for sheet in raw if sheet is not self.main]
        self.repeats = {named[_short(sheet.name)]: sheet for sheet in others if _short(sheet.name) in named}
        self.faults: list[Fault] = []
        for sheet in others:
            if sheet not in self.repeats.values() and sheet.rows:
                self._fault(f"n° {raw.index(sheet) + 1}", None, None, "unknown_sheet")
        self.homes: dict[str, str] = {}

    def pages(self) -> Pages:
        tables = {"households": self._households(), "criteria": self._criteria()}
        for table in REPEATS:
            if table in self.repeats:
                tables[table] = self._repeat(table, self.repeats[table])
        lang = self.lang
        about = {"name": "kobo", "title": message("workbook.new.title", lang), "synthetic": False, "language": lang,
                 "source_line": message("workbook.new.source_line", lang)}  # fmt: skip
        return Pages(
            self.file, lang, tables, about, {}, tuple(self.faults), columns_left=self.left, numbered=frozenset(NUMBERED)
        )

    def _households(self) -> Page:
        questions = [each for each in main_questions(self.lang) if not each.criterion]
        letters, lines = self._rows(self.main, questions, "households", check=main_questions(self.lang))
        index = _place(self.main, 0)
        told = []
        for rank, line in enumerate(lines, start=1):
            key = _key(self.main.rows[line.number - 1], index)
            home = self.homes[key] = line.cells.get("id") or f"M{key if key.isdecimal() else rank}"
            told.append(Line(line.number, {**line.cells, "id": home}, line.identifying))
        return Page("households", self.main.name, letters, tuple(told))

    def _criteria(self) -> Page:
        questions = [each for each in main_questions(self.lang) if each.criterion]
        _, lines = self._rows(self.main, questions, "criteria")
        index = _place(self.main, 0)
        told = []
        for line in lines:
            home = self.homes[_key(self.main.rows[line.number - 1], index)]
            for criterion in dict.fromkeys(each.criterion for each in questions):
                met, evidence = line.cells.get(MET + criterion, ""), line.cells.get(EVIDENCE + criterion, "")
                if met or evidence:
                    cells = {"household": home, "criterion": criterion, "met": met, "evidence": evidence}
                    told.append(Line(line.number, cells))
        return Page("criteria", self.main.name, {}, tuple(told))

    def _repeat(self, table: str, sheet: RawSheet) -> Page:
        questions = repeated_questions(table, self.lang)
        letters, lines = self._rows(sheet, questions, table, check=questions)
        parent = _place(sheet, 1)
        cited = {each.name: each.column.target for each in questions if each.column.kind == "reference"}
        ranks: Counter[str] = Counter()
        told = []
        for line in lines:
            home = self.homes.get(_key(sheet.rows[line.number - 1], parent), "")
            ranks[home] += 1
            cells = dict(line.cells)
            for name, target in cited.items():
                if cells.get(name, "").isdecimal() and target in NUMBERED:
                    cells[name] = f"{home}{NUMBERED[target]}{cells[name]}"
            if table in NUMBERED:
                cells["id"] = f"{home}{NUMBERED[table]}{ranks[home]}"
            told.append(Line(line.number, {**cells, "household": home}, line.identifying))
        return Page(table, sheet.name, letters, tuple(told))

    def _rows(
        self, sheet: RawSheet, questions: list[Question], table: str, check: Iterable[Question] = ()
    ) -> tuple[dict[str, str], list[Line]]:
        """Letters of the columns asked for, and the answers by the name of their question."""
        places = _places(sheet, questions)
        asked = list(check)
        if known := _places(sheet, asked):
            gone = {each.name for each in asked} - {*known, *optional_fields(table)}
            changed = _score(sheet, asked) > 0 and bool(gone)
            self._strangers(sheet, {*known.values()}, changed=changed)
        lines = []
        for number, row in enumerate(sheet.rows[1:], start=2):
            cells: dict[str, str] = {}
            private: dict[str, str] = {}
            for question in questions:
                place = places.get(question.name)
                cell = row[place] if place is not None and place < len(row) else None
                if fault := fault_of(cell, question.column):
                    self._fault(sheet.name, number, letter_of(place or 0), fault)
                    cell = None
                text = as_text(cell, question.column, self.lang)
                if is_private(table, question):
                    private |= {question.name: text} if text else {}
                else:
                    cells[question.name] = text
            if any(cell is not None for cell in row):
                lines.append(Line(number, cells, private))
        return {name: letter_of(place) for name, place in places.items()}, lines

    def _strangers(self, sheet: RawSheet, known: set[int], *, changed: bool) -> None:
        """Leave and count what the form does not ask; it is a fault where a label may have been `changed`."""
        for title, place in _header(sheet).items():
            names = [folded(each) for each in _GROUPS.split(title)]
            own = title.startswith("_") or names[0] in ("meta", "set") or {names[-1], folded(title)} & _META
            filled = any(place < len(row) and row[place] is not None for row in sheet.rows[1:])
            if place not in known and (own or not changed):
                self.left += filled
            elif place not in known and filled:
                self._fault(sheet.name, 1, letter_of(place), "unknown_column")

    def _fault(self, sheet: str, row: int | None, column: str | None, key: str) -> None:
        where = message("workbook.fault.where", self.lang, file=self.file, sheet=sheet)
        self.faults.append(Fault(where, row, column, message(f"workbook.fault.{key}", self.lang)))


def _group_names(table: str) -> list[str]:
    return [group_name(table, lang) for lang in LANGUAGES]


def _short(name: str) -> str:
    """The name of a sheet as it is compared: sheets have 31 characters."""
    return folded(name)[:31]


def _header(sheet: RawSheet) -> Mapping[str, int]:
    cells = sheet.rows[0] if sheet.rows else ()
    return {cell: place for place, cell in reversed(list(enumerate(cells))) if isinstance(cell, str)}


def _places(sheet: RawSheet, questions: list[Question]) -> dict[str, int]:
    by_name = {each.name: each.name for each in questions}
    by_label = {folded(each.label): each.name for each in questions}
    places: dict[str, int] = {}
    for title, place in sorted(_header(sheet).items(), key=lambda item: item[1]):
        name = by_name.get(_last(title)) or by_label.get(folded(title)) or by_label.get(folded(_last(title)))
        if name is not None and not title.startswith("_"):
            places.setdefault(name, place)
    return places


def _score(sheet: RawSheet, questions: list[Question]) -> int:
    names, labels = {each.name for each in questions}, {folded(each.label) for each in questions}
    return sum(folded(title) in labels for title in _header(sheet) if _last(title) not in names)


def _last(title: str) -> str:
    """The name of a question without those of its groups."""
    return _GROUPS.split(title)[-1]


def _is_main(sheet: RawSheet) -> bool:
    head = _header(sheet)
    return any(key in head and parent not in head for key, parent in KEYS)


def _place(sheet: RawSheet, which: int) -> int | None:
    """Where the key of a row stands (0), or that of the row it belongs to (1)."""
    head = _header(sheet)
    return next((head[pair[which]] for pair in KEYS if pair[which] in head), None)


def _key(row: tuple[Any, ...], place: int | None) -> str:
    cell = row[place] if place is not None and place < len(row) else None
    return str(int(cell)) if isinstance(cell, float) else str(cell or "")
