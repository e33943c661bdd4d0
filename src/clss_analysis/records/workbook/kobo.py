"""An export of the form from KoboToolbox or ODK, read as a workbook: one row per household, repeats joined to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from clss_analysis.records.faults import Fault
from clss_analysis.records.schema import optional_fields
from clss_analysis.records.vocabulary import LANGUAGES, codes, message
from clss_analysis.records.workbook.form import (
    EVIDENCE,
    MET,
    NUMBERED,
    REPEATS,
    Question,
    group_name,
    is_private,
    main_questions,
    questions_of,
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
_GROUPS = re.compile(r"[/:.-]|__")
"""What an export puts between the names of groups and of their question."""
_LISTS = {"housing_problems": "problem", "situations": "ethos"}
"""Tables that a form may ask as one question with several answers, and the column that each answer fills."""
_SETS = "SET-OF-"
_YES = ("1", "true")
_OURS = 4
"""Questions of ours, at least, in the main sheet of an export of the form; a form of their own may have some."""


def is_kobo(raw: list[RawSheet]) -> bool:
    """Whether the sheets are such an export: a main sheet with our questions, whose rows have a key and no parent."""
    asked = [main_questions(lang) for lang in LANGUAGES]
    return any(len(_places(sheet, each)) >= _OURS for sheet in raw if _is_main(sheet) for each in asked)


def read_kobo(raw: list[RawSheet], file: str) -> Pages:
    """The tables of the households of an export, with XML names or labels in its headers, codes or words in its cells.

    Households without an id of their own are M1, M2… in the order of the export; persons and actors are numbered
    within their household, as the form cites them.  Columns and repeats that the form does not ask, of the program
    (`_uuid`, those of a group `meta`…) or of another version of the form, stay behind and are counted; in an export by
    labels one beside a label that is missing is a fault.  A question that stands in several columns has the answer of
    the one that is filled, or whose option is chosen; several answers to a question that has one are a fault.

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
        named = {_short(table): table for table in REPEATS}
        named |= {_short(group_name(table, lang)): table for table in REPEATS for lang in LANGUAGES}
        others = [sheet for sheet in raw if sheet is not self.main]
        called = {sheet.name: named.get(_short(sheet.name)) or named.get(_short(_last(sheet.name))) for sheet in others}
        self.repeats = {table: sheet for sheet in others if (table := called[sheet.name])}
        self.faults: list[Fault] = []
        absent = [questions_of(table, self.lang) for table in REPEATS if table not in self.repeats]
        for sheet in others:
            if not called[sheet.name] and sheet.rows:
                log = "audit" in folded(sheet.name)  # what ODK notes of how a form was filled in
                ours = any(len(_places(sheet, asked)) > 1 for asked in absent)
                if not log and (ours or _place(sheet, 1) is None):
                    self._fault(f"n° {raw.index(sheet) + 1}", None, None, "unknown_sheet")
                self.left += sheet.filled()
        self.homes: dict[str, str] = {}

    def pages(self) -> Pages:
        tables = {"households": self._households(), "criteria": self._criteria()}
        for table in REPEATS:
            if table in self.repeats:
                tables[table] = self._repeat(table, self.repeats[table])
            elif table in _LISTS:
                tables[table] = self._listed(table)
        lang = self.lang
        about = {"name": "kobo", "title": message("workbook.new.title", lang), "synthetic": False, "language": lang,
                 "source_line": message("workbook.new.source_line", lang)}  # fmt: skip
        return Pages(
            self.file, lang, tables, about, {}, tuple(self.faults), columns_left=self.left, numbered=frozenset(NUMBERED)
        )

    def _households(self) -> Page:
        questions = [each for each in main_questions(self.lang) if not each.criterion]
        every = [*main_questions(self.lang), *(self._list(table) for table in _LISTS if table not in self.repeats)]
        letters, lines = self._rows(self.main, questions, "households", check=every)
        told = []
        for rank, line in enumerate(lines, start=1):
            key = _key(self.main, line.number, 0)
            home = self.homes[key] = line.cells.get("id") or f"M{key if key.isdecimal() else rank}"
            told.append(Line(line.number, {**line.cells, "id": home}, line.identifying))
        return Page("households", self.main.name, letters, tuple(told))

    def _criteria(self) -> Page:
        questions = [each for each in main_questions(self.lang) if each.criterion]
        _, lines = self._rows(self.main, questions, "criteria")
        told = []
        for line in lines:
            home = self.homes[_key(self.main, line.number, 0)]
            for criterion in dict.fromkeys(each.criterion for each in questions):
                met, evidence = line.cells.get(MET + criterion, ""), line.cells.get(EVIDENCE + criterion, "")
                if met or evidence:
                    cells = {"household": home, "criterion": criterion, "met": met, "evidence": evidence}
                    told.append(Line(line.number, cells))
        return Page("criteria", self.main.name, {}, tuple(told))

    def _list(self, table: str) -> Question:
        """A whole table asked as one question with several answers."""
        column = next(each.column for each in questions_of(table, self.lang) if each.name == _LISTS[table])
        return Question(table, group_name(table, self.lang), replace(column, name=table))

    def _listed(self, table: str) -> Page:
        question, told = self._list(table), []
        for number, row in enumerate(self.main.rows[1:], start=2):
            home = self.homes.get(_key(self.main, number, 0), "")
            for _, cell in self._answers(row, _places(self.main, [question]).get(table, {}), question):
                told += [Line(number, {"household": home, _LISTS[table]: code}) for code in _split(cell, question)]
        return Page(table, self.main.name, {}, tuple(told))

    def _repeat(self, table: str, sheet: RawSheet) -> Page:
        questions = questions_of(table, self.lang)
        letters, lines = self._rows(sheet, questions, table, check=questions)
        cited = {each.name: each.column.target for each in questions if each.column.kind == "reference"}
        ranks: Counter[str] = Counter()
        told = []
        for line in lines:
            home = self.homes.get(_key(sheet, line.number, 1), "")
            if not home:
                self._fault(sheet.name, line.number, None, "orphan")
                continue
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
            gone = {each.name for each in asked} - {*known, *optional_fields(table), *_LISTS}
            changed = _score(sheet, asked) > 0 and bool(gone)
            self._strangers(sheet, {place for each in known.values() for place in each}, changed=changed)
        lines = []
        for number, row in enumerate(sheet.rows[1:], start=2):
            cells: dict[str, str] = {}
            private: dict[str, str] = {}
            for question in questions:
                told = self._answers(row, places.get(question.name, {}), question)
                place, cell = next(iter(told), (0, None))
                several = len({str(each) for _, each in told}) > 1 or len(_split(cell, question)) > 1
                if fault := "several" if several else fault_of(cell, question.column):
                    self._fault(sheet.name, number, letter_of(place), fault)
                    cell = None
                text = as_text(cell, question.column, self.lang)
                if is_private(table, question):
                    private |= {question.name: text} if text else {}
                else:
                    cells[question.name] = text
            if any(cell is not None for cell in row):
                lines.append(Line(number, cells, private))
        return {name: letter_of(min(each)) for name, each in places.items()}, lines

    def _answers(self, row: tuple[Any, ...], places: Mapping[int, str], question: Question) -> list[tuple[int, Any]]:
        """The cells that answer a question, by their place: those with the answer, else the options that are chosen."""
        cells = [(place, option, row[place]) for place, option in places.items() if place < len(row)]
        whole = [(place, cell) for place, option, cell in cells if not option and cell is not None]
        truth = replace(question.column, kind="boolean")
        chosen = [
            (place, option)
            for place, option, cell in cells
            if as_text(cell, truth, self.lang).lower().removesuffix(".0") in _YES
        ]
        return whole or [(place, option) for place, option in chosen if option]

    def _strangers(self, sheet: RawSheet, known: set[int], *, changed: bool) -> None:
        """Leave and count what the form does not ask; it is a fault where a label may have been `changed`."""
        for title, place in _header(sheet).items():
            names = [folded(each) for each in _GROUPS.split(title)]
            own = (
                title.startswith("_")
                or "${" in title
                or names[0] in ("meta", "set")
                or {names[-1], folded(title)} & _META
            )
            filled = any(place < len(row) and row[place] is not None for row in sheet.rows[1:])
            if place not in known and (own or not changed):
                self.left += filled
            elif place not in known and filled:
                self._fault(sheet.name, 1, letter_of(place), "unknown_column")

    def _fault(self, sheet: str, row: int | None, column: str | None, key: str) -> None:
        where = message("workbook.fault.where", self.lang, file=self.file, sheet=sheet)
        self.faults.append(Fault(where, row, column, message(f"workbook.fault.{key}", self.lang)))


def _short(name: str) -> str:
    """The name of a sheet as it is compared: sheets have 31 characters."""
    return folded(name)[:31]


def _header(sheet: RawSheet) -> Mapping[str, int]:
    cells = sheet.rows[0] if sheet.rows else ()
    return {cell: place for place, cell in reversed(list(enumerate(cells))) if isinstance(cell, str)}


def _places(sheet: RawSheet, questions: list[Question]) -> dict[str, dict[int, str]]:
    """By question, the columns in which its answers stand, each with the option that it is about; empty for any."""
    asked, labels = {each.name: each for each in questions}, _labels(questions)
    places: dict[str, dict[int, str]] = {}

    def named(title: str) -> str | None:
        last = _last(title)
        return last if last in asked else labels.get(folded(title)) or labels.get(folded(last))

    for title, place in sorted(_header(sheet).items(), key=lambda item: item[1]):
        if title.startswith(("_", _SETS)):
            continue
        if name := named(title):
            places.setdefault(name, {})[place] = ""
        for option in (title.rpartition("/")[2], _last(title)):
            stem = title.removesuffix(option).rstrip("/:.-_")
            if not name and (of := named(stem)) and asked[of].column.vocabulary:
                places.setdefault(of, {}).setdefault(place, _code(option, asked[of]) or option)
    return places


def _labels(questions: list[Question]) -> dict[str, str]:
    """Names by label; KoboToolbox gives questions of one name in several groups the label of one of them."""
    names = {each.name for each in questions}
    alike = [each for table in REPEATS for lang in LANGUAGES for each in questions_of(table, lang)]
    return {folded(each.label): each.name for each in (*alike, *questions) if each.name in names}


def _split(cell: Any, question: Question) -> list[str]:  # noqa: ANN401  # what a spreadsheet holds
    """The codes that one cell holds, as a form writes several answers; the cell itself where it is no such list."""
    told = str(cell).split() if isinstance(cell, str) and question.column.kind == "code" else []
    return told if all(_code(each, question) == each for each in told) else [str(cell)]


def _code(text: str, question: Question) -> str:
    """The code of an option, by itself or by its word; empty where the question has no such option."""
    vocabulary = question.column.vocabulary
    said = {as_text(text, question.column, lang) for lang in LANGUAGES} if vocabulary else set()
    return next(iter(said & {*codes(vocabulary)}), "") if vocabulary else ""


def _score(sheet: RawSheet, questions: list[Question]) -> int:
    names, labels = {each.name for each in questions}, _labels(questions)
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


def _key(sheet: RawSheet, number: int, which: int) -> str:
    """The key of the row of this number (0), or of the row it belongs to (1); empty where it has none."""
    row, place = sheet.rows[number - 1], _place(sheet, which)
    cell = row[place] if place is not None and place < len(row) else None
    return re.sub(r"\.0+$", "", str(cell or ""))
