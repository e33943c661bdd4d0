"""The workbook of an interview: a place for every household on every sheet, lists that show people by their names."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from clss_analysis.palette import SHEETS
from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.escape import xlsx_book, xlsx_cell
from clss_analysis.records.intake import REQUIRED
from clss_analysis.records.vocabulary import codes, message
from clss_analysis.records.workbook.about import write_hidden
from clss_analysis.records.workbook.grid import add_colours, verdict_formula
from clss_analysis.records.workbook.interview import FORMAT, behind, directions, entries, listed, sheet_titles
from clss_analysis.records.workbook.pages import letter_of
from clss_analysis.records.workbook.plan import HEADER, VERDICT, sheet_names
from clss_analysis.records.workbook.styles import Styles
from clss_analysis.records.workbook.writing import (
    add_help,
    blank_records,
    column_width,
    last_row,
    write_guide,
    write_lists,
    write_table,
)

HOUSEHOLDS = 40
"""Households that have their place on every sheet from the start; there are rows for more behind them."""
_PLACES = {"household": 1, "people": 12, "grid": 1, "housing": 12, "course": 12, "around": 10, "aims": 10, "words": 4}
"""Rows of a household on each sheet."""
_MORE = 60  # rows beyond the households that are laid out, for those added below
_FAMILIES = {"household": "family", "people": "family", "grid": "criteria", "housing": "housing", "course": "course",
             "around": "network", "aims": "tree", "words": "voice"}  # fmt: skip
_WIDTHS = {"id": 9, "household": 9, "what": 54, "role": 16, "scope": 24, "verdict": 26, "direction": 24,
           **{f"met{n}": 22 for n in range(1, 6)}, **{f"evidence{n}": 30 for n in range(1, 6)}}  # fmt: skip
_STEMS = {"people": "", "around": "s", "aims": "b"}
_RULES = 8  # rules on the sheet that says how to fill in, `workbook.interview.guide.1` and so on
_FROM = HEADER
"""The first row to fill in, from 0."""


def write_interview(path: str | Path, lang: str = "fr") -> None:
    """Write the workbook that a house starts with, to be filled in with any spreadsheet program.

    Eight sheets in the order of an interview.  The numbers of households, people, services and aims are there already
    and stay with their row when it is moved, so that nobody types one; lists show the people of the row's household.
    The sheets of all other tables stand behind them, hidden.  The same language gives the same bytes.

    Args:
        path: the file; one that is there is replaced.
        lang: language of titles, lists and help: fr, nl or en.
    """
    buffer = io.BytesIO()
    book = xlsx_book(buffer, message("workbook.title", lang))
    styles, blank, names = Styles(book), blank_records(lang), sheet_names(lang)
    write_guide(book, styles, lang, [message(f"workbook.interview.guide.{n}", lang) for n in range(1, _RULES + 1)])
    for sheet in sheet_titles(lang):
        _write_sheet(book, styles, sheet, lang)
    for table, family in behind().items():
        write_table(book, styles, blank, table, family, lang).hide()
        _name_ids(book, f"ids_{table}", f"'{names[table]}'!$B$5:$B${last_row(0)}")
    write_lists(book, lang, FORMAT, {"what": [*listed(lang)], "direction": [*directions(lang)]})
    write_hidden(book, blank)
    titles = sheet_titles(lang)
    _name_ids(book, "ids_households", f"'{titles['household']}'!$A$4:$A${_FROM + HOUSEHOLDS + _MORE}")
    _name_ids(book, "ids_persons", _people(lang, range(HOUSEHOLDS * _PLACES["people"] + _MORE)))
    book.get_worksheet_by_name(titles["household"]).activate()
    book.close()
    write_file(Path(path), buffer.getvalue(), PRIVATE)


def _name_ids(book: Any, name: str, ids: str) -> None:  # noqa: ANN401  # xlsxwriter is untyped
    """A name for the filled part of a column."""
    first = ids.rpartition("!")[0] + "!" + ids.rpartition("!")[2].partition(":")[0]
    filled = f'SUMPRODUCT(MAX(({ids}<>"")*(ROW({ids})-ROW({first})+1)))'
    book.define_name(name, f"=OFFSET({first},0,0,MAX(1,{filled}),1)")


def _people(lang: str, rows: range) -> str:
    """The cells that show the people of some rows of their sheet as lists do."""
    letter = letter_of(len(entries("people", lang)) - 1)
    return f"'{sheet_titles(lang)['people']}'!${letter}${_FROM + 1 + rows.start}:${letter}${_FROM + rows.stop}"


def _write_sheet(book: Any, styles: Styles, sheet: str, lang: str) -> None:  # noqa: ANN401
    across, family = entries(sheet, lang), _FAMILIES[sheet]
    made = book.add_worksheet(sheet_titles(lang)[sheet])
    each, last = _PLACES[sheet], _FROM + HOUSEHOLDS * _PLACES[sheet] + _MORE
    place = {column.name: number for number, column in enumerate(across)}
    letter = {name: letter_of(number) for name, number in place.items()}
    made.set_tab_color(SHEETS[family])
    made.set_row(0, 30, styles.bare)
    made.set_row(1, None, styles.bare)
    made.set_row(HEADER - 1, 48)
    xlsx_cell(made, 0, 0, sheet_titles(lang)[sheet], styles.title(family))
    xlsx_cell(made, 1, 0, message(f"workbook.interview.about.{sheet}", lang), styles.about)
    for number, column in enumerate(across):
        prefilled = column.name in ("id", "household", "family")
        look = styles.group(first=False) if prefilled else styles.cell(column, family)
        width = _WIDTHS.get(column.name) or (
            18 if column.kind in (VERDICT, "code", "reference") else column_width(column)
        )
        made.set_column(number, number, width, look)
        head = styles.header(family, required=column.required, private=column.kind == "identifying")
        xlsx_cell(made, HEADER - 1, number, column.title, head)
    for row in range(_FROM, last):
        home = f"M{(row - _FROM) // each + 1}" if row < last - _MORE or sheet == "household" else ""
        _write_given(made, styles, sheet, row, home, place, message("workbook.yes", lang))
        if place.get("family") and home and (row - _FROM) % each == 0 and int(home[1:]) <= HOUSEHOLDS:
            first = _FROM + 1 + (int(home[1:]) - 1) * _PLACES["people"]
            people = f"'{sheet_titles(lang)['people']}'!"
            shown = f'=TRIM({people}$C${first}&" "&{people}$E${first})'
            made.write_formula(row, place["family"], shown, styles.group(first=False), "")
        if sheet == "people":
            given, role = f"$C{row + 1}", f"$D{row + 1}"
            behind_id = f'{given}&IF(AND({given}<>"",{role}<>""),", ","")&{role}'
            shown = f'=IF({given}&{role}="","",$B{row + 1}&" – "&{behind_id})'
            made.write_formula(row, place["shown"], shown, None, "")
        if sheet == "grid":
            _write_verdict(made, styles, row, place, letter, lang)
    if sheet == "people":
        made.set_column(place["shown"], place["shown"], None, None, {"hidden": True})
        for n in range(HOUSEHOLDS):
            _name_ids(book, f"gens_M{n + 1}", _people(lang, range(n * each, (n + 1) * each)))
    if sheet == "grid":
        add_colours(made, styles, f"{letter[VERDICT]}{_FROM + 1}:{letter[VERDICT]}{last}", lang)
    _add_lists(made, sheet, last, lang)
    if each > 1:
        first_of = {"type": "formula", "criteria": f"=$A{_FROM + 1}<>$A{_FROM}", "format": styles.ruled}
        made.conditional_format(_FROM, 0, last - 1, len(across) - 1, first_of)
    made.freeze_panes(HEADER, place.get("role", place.get("family", 0)) + 1)
    made.autofilter(HEADER - 1, 0, last - 1, len(across) - 1)
    made.set_landscape()
    made.set_paper(9)
    made.fit_to_pages(1, 0)
    made.repeat_rows(HEADER - 1)


def _write_given(made: Any, styles: Styles, sheet: str, row: int, home: str, place: dict[str, int], yes: str) -> None:  # noqa: ANN401
    """What a row holds before anybody fills it in: the household, its own number, who is accompanied."""
    each, look = _PLACES[sheet], styles.group(first=False)
    within, spare = (row - _FROM) % each + 1, row - _FROM - HOUSEHOLDS * each + 1
    if home:
        made.write_string(row, 0, home, look)
    if sheet in _STEMS:
        number = f"{home}-{_STEMS[sheet]}{within}" if home else f"X{_STEMS[sheet]}{spare}"
        made.write_string(row, place["id"], number, look)
    if sheet == "people" and home and within == 1:
        made.write_string(row, place["index"], yes, look)


def _write_verdict(
    made: Any,  # noqa: ANN401
    styles: Styles,
    row: int,
    place: dict[str, int],
    letter: dict[str, str],
    lang: str,
) -> None:
    """The intake rule, worked out from the five answers of the row."""
    met = f"${letter['met1']}{row + 1}:${letter['met5']}{row + 1}"
    required = codes("criterion").index(REQUIRED) + 1
    first = f"${letter[f'met{required}']}{row + 1}"
    yes, no = (f'COUNTIF({met},"{message(f"workbook.{word}", lang)}")' for word in ("yes", "no"))
    first_met, first_unmet = (f'IF({first}="{message(f"workbook.{word}", lang)}",1,0)' for word in ("yes", "no"))
    formula = verdict_formula(yes, no, first_met, first_unmet, lang)
    made.write_formula(row, place[VERDICT], f'=IF({yes}+{no}=0,"",{formula})', styles.verdict, "")


def _add_lists(made: Any, sheet: str, last: int, lang: str) -> None:  # noqa: ANN401
    """The list of every column; of people, that of each household in its own rows."""
    each = _PLACES[sheet]
    lists = {("housing", "what"): "=liste_what", ("around", "direction"): "=liste_direction"}
    people = {("people", "parents"), ("people", "parent"), ("people", "partner"),
              ("housing", "person"), ("around", "person"), ("words", "speaker")}  # fmt: skip
    for number, column in enumerate(entries(sheet, lang)):
        if (sheet, column.name) in people:
            for home in range(HOUSEHOLDS):
                rows = (_FROM + home * each, _FROM + (home + 1) * each - 1)
                add_help(made, column, number, rows, lang, f"=gens_M{home + 1}")
            add_help(made, column, number, (last - _MORE, last - 1), lang, "=ids_persons")
        else:
            add_help(made, column, number, (_FROM, last - 1), lang, lists.get((sheet, column.name), ""))
