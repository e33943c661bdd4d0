"""A workbook read back: sheets to tables, titles to columns, words to codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from clss_analysis.records.faults import Fault
from clss_analysis.records.schema import Descriptor, optional_fields
from clss_analysis.records.vocabulary import LANGUAGES, message
from clss_analysis.records.workbook import interview
from clss_analysis.records.workbook.about import HIDDEN, Hidden, read_dataset_sheet, read_hidden
from clss_analysis.records.workbook.interview_reading import Typed, tables_of
from clss_analysis.records.workbook.kobo import is_kobo, read_kobo
from clss_analysis.records.workbook.own import Sheets, ask_words, mapped, propose, read_mapping
from clss_analysis.records.workbook.pages import Line, Page, Pages, as_text, fault_of, folded, letter_of
from clss_analysis.records.workbook.plan import FORMAT, LISTS, MARK, VERDICT, Column, columns, example, sheet_names
from clss_analysis.records.workbook.spreadsheet import RawSheet, Uncalculated, open_workbook, refused

_SEEK_HEADER = 12  # rows from the top in which a header may stand: people put titles above it
_FORM = ("household", "criterion")
"""What an empty criteria grid holds already; a row with nothing else was not filled in."""


def read_workbook(path: str | Path, mapping: Path | None = None, lang: str = "fr") -> Pages:
    """Read a workbook made by `write_workbook`, or the export of a KoboToolbox or ODK form of the same questions.

    Args:
        path: the workbook (.xlsx).
        mapping: for any other workbook, the file that says which of its columns is which of ours; where there is no
            such file it is written, for a person to correct.
        lang: language in which another workbook is told of.

    Returns:
        Its rows as text by table; words of drop-downs are codes again, days are still days.  Faults of form are in
        `faults`; whether the tables are sound is for `records_of_pages` to say.

    Raises:
        InvalidRecordsError: the file cannot or may not be read at all (see `open_workbook`), or is another workbook.
    """
    raw = open_workbook(path)
    name = Path(path).name
    if is_kobo(raw):
        return read_kobo(raw, name)
    own = _language(raw)
    known = mapping is not None and mapping.exists()
    if own is None and mapping is not None and (known or propose(raw, mapping, lang)):
        said = read_mapping(mapping)
        if ask_words(raw, mapping, said, lang) or not known:
            raise refused(name, "words" if known else "mapping", lang, path=mapping)
        return _Reader(name, lang).own_pages(raw, said)
    if own is None:
        raise refused(name, "not_ours")
    return _Reader(name, own).pages(raw)


def pages_of_rows(
    file: str, lang: str, rows: Mapping[str, Iterable[Mapping[str, Any]]], about: Mapping[str, Any], hidden: Hidden
) -> Pages:
    """The pages of rows that were edited elsewhere than in a workbook, read as the cells of its sheets are.

    Args:
        file: what faults call it.
        lang: language of titles and faults.
        rows: by table, cells by name of the column; the first row of each stands on line 2.
        about: what the dataset says of itself.
        hidden: roles, decisions, translations and own fields.
    """
    reader = _Reader(file, lang)
    found = {}
    for table, name in sheet_names(lang).items():
        own = hidden.own.get(table, ())
        across = [each for each in columns(table, lang, own) if each.kind not in (MARK, VERDICT)]
        cells = [tuple(row.get(each.name) or None for each in across) for row in rows.get(table, ())]
        found[table] = reader._page(RawSheet(name, (tuple(each.title for each in across), *cells)), table, own)
    return Pages(file, lang, found, about, {}, tuple(reader.faults), hidden)


def _language(raw: list[RawSheet]) -> str | None:
    for sheet in raw:
        if sheet.name == LISTS and sheet.rows and sheet.rows[0][:1] in ((FORMAT,), (interview.FORMAT,)):
            said = sheet.rows[0][1] if len(sheet.rows[0]) > 1 else None
            return said if said in LANGUAGES else None
    return None


class _Reader:
    def __init__(self, file: str, lang: str) -> None:
        self.file, self.lang = file, lang
        self.faults: list[Fault] = []
        self.left = 0

    def pages(self, raw: list[RawSheet]) -> Pages:
        tables = {folded(name): table for table, name in sheet_names(self.lang).items()}
        dataset = folded(message("workbook.sheet.dataset", self.lang))
        passed = {folded(message("workbook.sheet.guide", self.lang)), folded(LISTS)}
        found: dict[str, Page] = {}
        about: dict[str, Any] = {}
        rows: dict[str, int] = {}
        hidden = Hidden()
        for sheet in raw:
            if sheet.name == HIDDEN:
                hidden = read_hidden(sheet, self.where(sheet.name), self.lang)
                self.faults += hidden.faults
        asked = {}
        if any(sheet.name == LISTS and sheet.rows[0][0] == interview.FORMAT for sheet in raw):
            asked = {folded(name): key for key, name in interview.sheet_titles(self.lang).items()}
            tables = {name: table for name, table in tables.items() if table in interview.behind()}
        typed: dict[str, Typed] = {}
        for sheet in raw:
            if (key := asked.get(folded(sheet.name))) and key not in typed:
                typed[key] = self._typed(sheet, interview.entries(key, self.lang))
            elif (table := tables.get(folded(sheet.name))) and table not in found:
                found[table] = self._page(sheet, table, hidden.own.get(table, ()))
            elif folded(sheet.name) == dataset:
                about, rows, faults = read_dataset_sheet(sheet, self.where(sheet.name), self.lang)
                self.faults += faults
            elif sheet.name != HIDDEN and folded(sheet.name) not in passed and sheet.rows:
                ours = re.sub(r"[\W\d_]+$", "", folded(sheet.name)) in tables
                self._fault(sheet.name if ours else f"n° {raw.index(sheet) + 1}", None, None, "unknown_sheet")
        filled = tables_of(typed, self.lang, self._told) if asked else {}
        if asked and not about:
            about = {"name": "dossiers", "title": message("workbook.new.title", self.lang), "synthetic": False,
                     "language": self.lang, "source_line": message("workbook.new.source_line", self.lang)}  # fmt: skip
        return Pages(self.file, self.lang, filled | found, about, rows, tuple(self.faults), hidden, self.left)

    def _typed(self, sheet: RawSheet, wanted: tuple[Column, ...]) -> Typed:
        """A sheet of an interview, each row as text by key."""
        header = _header_row(sheet, wanted)
        if header is None:
            self._fault(sheet.name, None, None, "no_header")
            return Typed(sheet.name, {}, ())
        places = self._places(sheet, frozenset(), header, wanted)
        letters = {name: letter_of(place) for name, place in places.items()}
        rows = []
        for number, row in enumerate(sheet.rows[header + 1 :], start=header + 2):
            cells = {each.name: row[places[each.name]] for each in wanted if places.get(each.name, len(row)) < len(row)}
            said = {each.name: self._cell(sheet.name, number, letters[each.name], each, cells.get(each.name))
                    for each in wanted if each.name in places and each.kind != VERDICT}  # fmt: skip
            self._uncalculated(
                sheet.name, number, {k: cells.get(k) for k in said}, letters, {e.name: e for e in wanted}
            )
            rows.append((number, said))
        return Typed(sheet.name, letters, tuple(rows))

    def _told(self, sheet: str, row: int, column: str, rule: str) -> None:
        self.faults.append(Fault(self.where(sheet), row, column, rule))

    def own_pages(self, raw: list[RawSheet], said: Sheets) -> Pages:
        """The pages of a workbook of one's own, by its mapping."""
        numbered = frozenset(
            each["table"] for each in said.values() if "id" not in (*each["columns"].values(), *each["otherwise"])
        )
        sheets, left = mapped(raw, said, self.lang)
        found = {table: self._page(sheet, table) for table, sheet in sheets.items()}
        about = {"name": "classeur", "title": message("workbook.new.title", self.lang), "synthetic": False,
                 "language": self.lang, "source_line": message("workbook.new.source_line", self.lang)}  # fmt: skip
        left += self.left
        return Pages(self.file, self.lang, found, about, {}, tuple(self.faults), columns_left=left, numbered=numbered)

    def where(self, sheet: str) -> str:
        return message("workbook.fault.where", self.lang, file=self.file, sheet=sheet)

    def _fault(self, sheet: str, row: int | None, column: str | None, key: str, **values: object) -> None:
        rule = message(f"workbook.fault.{key}", self.lang, **values)
        self.faults.append(Fault(self.where(sheet), row, column, rule))

    def _page(self, sheet: RawSheet, table: str, own: Sequence[Descriptor] = ()) -> Page:
        wanted = columns(table, self.lang, own)
        header = _header_row(sheet, wanted)
        if header is None:
            self._fault(sheet.name, None, None, "no_header")
            return Page(table, sheet.name, {}, ())
        places = self._places(sheet, optional_fields(table), header, wanted)
        letters = {name: letter_of(place) for name, place in places.items()}
        by_name = {column.name: column for column in wanted}
        shown = example(table, self.lang)
        lines = []
        for number, row in enumerate(sheet.rows[header + 1 :], start=header + 2):
            cells = {name: row[place] if place < len(row) else None for name, place in places.items()}
            read = {
                name: self._cell(sheet.name, number, letters[name], by_name[name], cell)
                for name, cell in cells.items()
                if name != VERDICT
            }
            if mark := read.pop(MARK, "").strip():
                self._marked(sheet.name, number, letters[MARK], mark, read, shown)
            elif _has_content(table, read):
                self._uncalculated(sheet.name, number, cells, letters, by_name)
                kept = {name: text for name, text in read.items() if by_name[name].kind != "identifying"}
                private = {name: text for name, text in read.items() if text and by_name[name].kind == "identifying"}
                lines.append(Line(number, kept, private))
        return Page(table, sheet.name, letters, tuple(lines))

    def _places(
        self, sheet: RawSheet, optional: frozenset[str], header: int, wanted: tuple[Column, ...]
    ) -> dict[str, int]:
        """Where each column stands.

        A column of their own is left and counted, one that an older workbook lacks is unknown; where both are so, a
        title was changed, and that is a fault.
        """
        by_title = {folded(column.title): column.name for column in wanted}
        places: dict[str, int] = {}
        strange: list[int] = []
        for place, title in enumerate(sheet.rows[header]):
            name = by_title.get(folded(title)) if isinstance(title, str) else None
            if name is not None and name not in places:
                places[name] = place
            elif any(len(row) > place and row[place] is not None for row in sheet.rows[header:]):
                strange.append(place)
        spared = {*places, *optional}
        missing = [
            each for each in wanted if each.name not in spared and each.kind not in (MARK, VERDICT, "identifying")
        ]
        if not missing:
            self.left += len(strange)
        elif strange:
            for place in strange:
                self._fault(sheet.name, header + 1, letter_of(place), "unknown_column")
            for column in missing:
                self._fault(sheet.name, header + 1, None, "missing_column", title=column.title)
        return places

    def _marked(
        self, sheet: str, number: int, letter: str, mark: str, read: Mapping[str, str], shown: Mapping[str, str]
    ) -> None:
        title = letter
        if folded(mark) != folded(message("workbook.example", self.lang)):
            word = message("workbook.example", self.lang)
            self._fault(sheet, number, title, "mark", example=word)
        elif any(text and text != shown.get(name) for name, text in read.items()):
            self._fault(sheet, number, title, "example_changed")

    def _uncalculated(
        self,
        sheet: str,
        number: int,
        cells: Mapping[str, Any],
        letters: Mapping[str, str],
        by_name: Mapping[str, Column],
    ) -> None:
        """Formulas without a value in a row that was filled in; the empty grids of a workbook are full of them."""
        for name, cell in cells.items():
            if isinstance(cell, Uncalculated) and name != VERDICT:
                title = by_name[name].title
                place = message("workbook.fault.column", self.lang, letter=letters[name], title=title)
                self._fault(sheet, number, place, cell.fault)

    def _cell(self, sheet: str, number: int, letter: str, column: Column, cell: Any) -> str:  # noqa: ANN401
        if (fault := fault_of(cell, column)) and fault != Uncalculated.fault:
            place = message("workbook.fault.column", self.lang, letter=letter, title=column.title)
            self._fault(sheet, number, place, fault)
        if fault:
            return ""
        return as_text(cell, column, self.lang)


def _header_row(sheet: RawSheet, wanted: tuple[Column, ...]) -> int | None:
    titles = {folded(column.title) for column in wanted}
    scores = [
        sum(isinstance(cell, str) and folded(cell) in titles for cell in row) for row in sheet.rows[:_SEEK_HEADER]
    ]
    return scores.index(max(scores)) if scores and max(scores) >= 2 else None


def _has_content(table: str, read: Mapping[str, str]) -> bool:
    return any(text for name, text in read.items() if not (table == "criteria" and name in _FORM))
