"""A dataset as a workbook: one sheet per table, to be filled in with any spreadsheet program."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from clss_analysis.palette import SHEETS
from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.columns import empty_table, texts
from clss_analysis.records.escape import xlsx_book, xlsx_cell
from clss_analysis.records.faults import Fault, InvalidRecordsError
from clss_analysis.records.schema import table_names, table_schema
from clss_analysis.records.tables import Records
from clss_analysis.records.vocabulary import message, vocabularies
from clss_analysis.records.workbook.about import write_dataset_sheet, write_hidden
from clss_analysis.records.workbook.grid import write_verdicts
from clss_analysis.records.workbook.pages import letter_of
from clss_analysis.records.workbook.plan import (
    EXAMPLE,
    FAMILIES,
    FIRST,
    FORMAT,
    HEADER,
    LISTS,
    MARK,
    VERDICT,
    Column,
    columns,
    example,
    sheet_names,
    words,
)
from clss_analysis.records.workbook.styles import Styles

LONGEST = 32_767
"""Characters that a cell of a spreadsheet holds, in UTF-16 units."""
_ROOM = 300  # rows that are laid out to be filled in where a table has few
_WIDTHS = {"mark": 9, "id": 13, "reference": 13, "yearmonth": 11, "any": 11, "date": 12, "integer": 9, "number": 10,
           "boolean": 10, "code": 32, "verdict": 30, "identifying": 19}  # fmt: skip
_LONG = ("summary", "detail", "note", "evidence", "text", "purpose", "limit")


Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def write_workbook(records: Records, path: str | Path, lang: str = "fr", rows: Rows | None = None) -> None:
    """Write a dataset as an .xlsx workbook, to be filled in further and imported again.

    Every table has its sheet, with drop-downs from the vocabularies and from the ids of other sheets, help texts,
    one example row, and on the criteria sheet the intake rule worked out live.  No macros; a text is never a formula
    or a link.  Reading the workbook again gives the same dataset.  The same records give the same bytes.

    Args:
        records: the dataset; one without rows gives an empty workbook.
        path: the file; one that is there is replaced.
        lang: language of titles, lists and help: fr, nl or en.
        rows: cells by table and column in place of those of the dataset, which may be unsound, with the identifying
            columns that no dataset has.

    Raises:
        InvalidRecordsError: a text is longer than the 32,767 characters of a cell.
    """
    path = Path(path)
    if faults := list(_too_long(records)):
        raise InvalidRecordsError(faults)
    content = workbook_bytes(records, lang, rows)
    write_file(path, content, PRIVATE)


def workbook_bytes(records: Records, lang: str = "fr", rows: Rows | None = None) -> bytes:
    """The bytes of the workbook; see `write_workbook`."""
    buffer = io.BytesIO()
    book = xlsx_book(buffer, message("workbook.title", lang))
    styles = Styles(book)
    names = sheet_names(lang)
    guide = write_guide(book, styles, lang, [message(f"workbook.guide.{n}", lang) for n in range(1, _RULES + 1)])
    write_contents(guide, styles, lang)
    write_dataset_sheet(book, styles, records, lang)
    for family, tables in FAMILIES:
        for table in tables:
            write_table(book, styles, records, table, family, lang, rows)
    write_lists(book, lang)
    write_hidden(book, records)
    for table, name in names.items():
        quoted = f"'{name}'"
        last = last_row(len(records.table(table) if rows is None else rows.get(table, ())))
        ids = f"{quoted}!$B${FIRST}:$B${last}"
        filled = f'SUMPRODUCT(MAX(({ids}<>"")*(ROW({ids})-{FIRST - 1})))'
        book.define_name(f"ids_{table}", f"=OFFSET({quoted}!$B${FIRST},0,0,MAX(1,{filled}),1)")
    book.close()
    return buffer.getvalue()


def last_row(count: int) -> int:
    """The last row, counted from 1, that has drop-downs on a sheet of so many rows."""
    return FIRST - 1 + (max(_ROOM, count + 200) // 5) * 5


def _too_long(records: Records) -> Any:  # noqa: ANN401  # a generator of faults
    for table in sheet_names("fr"):
        for field in records.fields(table):
            if field["type"] == "string":
                for position, text in enumerate(texts(records.table(table), str(field["name"]), "string")):
                    if len(text) > LONGEST // 2 and len(text.encode("utf-16-le")) // 2 > LONGEST:
                        rule = message("workbook.fault.too_long", "fr", limit=LONGEST)
                        yield Fault(table_schema(table)["path"], position + 2, field["name"], rule)


def write_table(
    book: Any,  # noqa: ANN401
    styles: Styles,
    records: Records,
    table: str,
    family: str,
    lang: str,
    rows: Rows | None = None,
) -> Any:  # noqa: ANN401
    """Write the sheet of a table, and give it."""
    sheet = book.add_worksheet(sheet_names(lang)[table])
    across = columns(table, lang, records.own_fields.get(table, ()))
    frame = records.table(table)
    types = {str(field["name"]): str(field["type"]) for field in records.fields(table)}
    cells_of = {name: texts(frame, name, kind) for name, kind in types.items()}
    count = len(frame)
    if rows is not None:
        count = len(rows.get(table, ()))
        cells_of = {each.name: [row.get(each.name, "") for row in rows.get(table, ())] for each in across}
        across = tuple(replace(each, kind="string") if each.kind in ("integer", "number") else each for each in across)
    last = last_row(count)
    sheet.set_tab_color(SHEETS[family])
    sheet.set_row(0, 30, styles.bare)
    sheet.set_row(1, 18, styles.bare)
    sheet.set_row(HEADER - 1, 34, styles.bare)
    sheet.set_row(EXAMPLE - 1, None, styles.bare)
    xlsx_cell(sheet, 0, 1, sheet_names(lang)[table], styles.title(family))
    xlsx_cell(sheet, 1, 1, message(f"workbook.about.{table}", lang), styles.about)
    shown = example(table, lang)
    for place, column in enumerate(across):
        private = column.kind == "identifying"
        sheet.set_column(place, place, column_width(column), styles.cell(column, family))
        xlsx_cell(
            sheet, HEADER - 1, place, column.title, styles.header(family, required=column.required, private=private)
        )
        if private and across[place - 1].kind != "identifying":
            xlsx_cell(sheet, 1, place, message("workbook.identifying", lang), styles.private)
        if shown:
            text = message("workbook.example", lang) if column.name == MARK else shown.get(column.name, "")
            xlsx_cell(sheet, EXAMPLE - 1, place, _worded(column, text, lang), styles.example)
            sheet.set_row(
                EXAMPLE - 1,
                styles.height((shown.get(each.name, ""), column_width(each)) for each in across),
                styles.bare,
            )
        for position, cell in enumerate(cells_of.get(column.name, ())):
            if cell:
                _put_cell(sheet, FIRST - 1 + position, place, column, cell, lang, styles.cell(column, family))
        add_help(sheet, column, place, (FIRST - 1, last - 1), lang)
    wrapped = [([*map(str, cells_of[each.name])], column_width(each)) for each in across if each.kind == "string"]
    for position in range(count):
        sheet.set_row(FIRST - 1 + position, styles.height((cells[position], width) for cells, width in wrapped))
    if table == "criteria":
        write_verdicts(sheet, styles, frame if rows is None else _grid(rows[table]), across, last, lang)
    sheet.freeze_panes(HEADER, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER - 1)
    return sheet


def _grid(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows of criteria as the intake rule reads them."""
    says = {"true": True, "false": False}
    cells = [(row.get("household", ""), row.get("criterion", ""), says.get(row.get("met", ""))) for row in rows]
    return pd.DataFrame(cells, columns=["household", "criterion", "met"])


def _put_cell(sheet: Any, row: int, place: int, column: Column, cell: str | float, lang: str, look: Any) -> None:  # noqa: ANN401
    if isinstance(cell, float):
        sheet.write_number(row, place, cell, look)
    elif column.kind == "integer" or (column.kind == "number" and float(f"{float(cell):.16G}") == float(cell)):
        sheet.write_number(row, place, float(cell), look)
    else:
        xlsx_cell(sheet, row, place, _worded(column, cell, lang), look)


def _worded(column: Column, cell: str, lang: str) -> str:
    if column.kind == "code":
        return words(column.vocabulary, lang).get(cell, cell)
    if column.kind == "boolean" and cell:
        return message("workbook.yes" if cell == "true" else "workbook.no", lang)
    return cell


def add_help(sheet: Any, column: Column, place: int, rows: tuple[int, int], lang: str, source: str = "") -> None:  # noqa: ANN401
    """What a cell shows when it is entered, and its list: that of its column, or another one."""
    rule: dict[str, Any] = {"validate": "any", "input_title": column.title[:32], "input_message": column.help[:255]}
    if column.kind == "code":
        rule |= {"validate": "list", "source": f"=liste_{column.vocabulary}",
                 "error_title": message("workbook.choose", lang),
                 "error_message": message("workbook.not_listed", lang)}  # fmt: skip
    elif column.kind == "boolean":
        rule |= {"validate": "list", "source": [message(f"workbook.{word}", lang) for word in ("yes", "no")]}
    elif column.kind == "reference":
        where = message(f"workbook.sheet.{column.target}", lang)
        rule |= {"validate": "list", "source": f"=ids_{column.target}", "error_type": "warning",
                 "error_message": message("workbook.not_an_id", lang, sheet=where)}  # fmt: skip
    elif column.kind == MARK:
        rule |= {"validate": "list", "source": [message("workbook.example", lang)]}
    elif column.kind == VERDICT:
        rule = {"validate": "any", "input_title": column.title[:32], "input_message": column.help[:255]}
    if source:
        rule |= {"validate": "list", "source": source, "show_error": False}
    sheet.data_validation(rows[0], place, rows[1], place, rule)


def column_width(column: Column) -> int:
    """Characters that a column is wide."""
    if column.kind == "string":
        return 46 if column.name in _LONG else 24
    return 54 if column.vocabulary in ("criterion", "ethos") else _WIDTHS[column.kind]


def write_lists(book: Any, lang: str, form: str = FORMAT, more: Mapping[str, Sequence[str]] | None = None) -> None:  # noqa: ANN401
    """The hidden sheet of format, language and lists; `more` are lists that are no vocabulary."""
    sheet = book.add_worksheet(LISTS)
    sheet.hide()
    xlsx_cell(sheet, 0, 0, form, None)
    xlsx_cell(sheet, 0, 1, lang, None)
    lists = {vocabulary: list(words(vocabulary, lang).values()) for vocabulary in vocabularies()} | dict(more or {})
    for place, (vocabulary, listed) in enumerate(lists.items()):
        xlsx_cell(sheet, 1, place, vocabulary, None)
        for row, word in enumerate(listed, start=2):
            xlsx_cell(sheet, row, place, word, None)
        letter = letter_of(place)
        book.define_name(f"liste_{vocabulary}", f"={LISTS}!${letter}$3:${letter}${len(listed) + 2}")


_RULES = 9
"""Sentences of the guide, in the catalogue."""


def write_guide(book: Any, styles: Styles, lang: str, rules: Sequence[str]) -> tuple[Any, int]:  # noqa: ANN401
    """The sheet that says how to fill in the others, and its next free row."""
    sheet = book.add_worksheet(message("workbook.sheet.guide", lang))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, 2, 96)
    sheet.set_row(0, 36)
    sheet.write_string(0, 1, message("workbook.title", lang), styles.big)
    for row, rule in enumerate(rules, start=2):
        sheet.write_number(row, 0, row - 1, styles.key)
        sheet.merge_range(row, 1, row, 2, rule, styles.plain)
        sheet.set_row(row, 33)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return sheet, len(rules) + 3


def write_contents(guide: tuple[Any, int], styles: Styles, lang: str) -> None:
    """A link to the sheet of every table, below the guide."""
    sheet, row = guide
    sheet.write_string(row, 1, message("workbook.contents", lang), styles.title("family"))
    names = sheet_names(lang)
    for family, tables in FAMILIES:
        row += 1
        for position, table in enumerate(tables):
            if position == 0:
                sheet.write_string(row, 1, message(f"workbook.family.{family}", lang), styles.title_small(family))
                row += 1
            sheet.write_url(row, 1, f"internal:'{names[table]}'!A1", styles.link, names[table])
            sheet.write_string(row, 2, message(f"workbook.about.{table}", lang), styles.plain)
            row += 1
        row -= 1


def blank_records(lang: str = "fr") -> Records:
    """Records without any row.

    Args:
        lang: language of the texts that will come in: fr, nl or en.

    >>> len(blank_records().households)
    0
    """
    tables: dict[str, Any] = {table: empty_table(table) for table in table_names()}
    return Records(
        name="dossiers", title=message("workbook.new.title", lang), synthetic=False, sha256="",
        source=message("workbook.new.source_line", lang), language=lang, **tables,
    )  # fmt: skip
