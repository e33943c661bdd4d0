"""The first two sheets of a workbook: what it is and how to fill it in, and what the dataset says of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from clss_analysis.records.descriptor import THRESHOLD, descriptor, extra_keys
from clss_analysis.records.escape import xlsx_cell
from clss_analysis.records.tables import Records
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook.looks import Looks
from clss_analysis.records.workbook.plan import FAMILIES, HEADER, sheet_names

PLAIN = ("name", "title", "description", "language", "synthetic", "source_line")
LISTED = {
    "contributors": ("title", "path", "role"),
    "sources": ("title", "path"),
    "licenses": ("title", "path", "name"),
}
"""Keys of the descriptor that are lists of entries, and the properties that have a column of their own."""
_RULES = 9


def write_guide(book: Any, looks: Looks, lang: str) -> None:  # noqa: ANN401  # xlsxwriter is untyped
    """The sheet that says how to fill in the others, with a link to each."""
    sheet = book.add_worksheet(message("workbook.sheet.guide", lang))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 30)
    sheet.set_column(2, 2, 96)
    sheet.set_row(0, 36)
    sheet.write_string(0, 1, message("workbook.title", lang), looks.big)
    row = 2
    for number in range(1, _RULES + 1):
        sheet.write_number(row, 0, number, looks.key)
        sheet.merge_range(row, 1, row, 2, message(f"workbook.guide.{number}", lang), looks.plain)
        sheet.set_row(row, 33)
        row += 1
    row += 1
    sheet.write_string(row, 1, message("workbook.contents", lang), looks.title("family"))
    names = sheet_names(lang)
    for family, tables in FAMILIES:
        row += 1
        for position, table in enumerate(tables):
            if position == 0:
                sheet.write_string(row, 1, message(f"workbook.family.{family}", lang), looks.title_small(family))
                row += 1
            sheet.write_url(row, 1, f"internal:'{names[table]}'!A1", looks.link, names[table])
            sheet.write_string(row, 2, message(f"workbook.about.{table}", lang), looks.plain)
            row += 1
        row -= 1
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def write_dataset_sheet(book: Any, looks: Looks, records: Records, lang: str) -> None:  # noqa: ANN401
    """The sheet that holds what the descriptor says beside the tables."""
    sheet = book.add_worksheet(message("workbook.sheet.dataset", lang))
    sheet.hide_gridlines(2)
    for place, width in enumerate((22, 70, 34, 34)):
        sheet.set_column(place, place, width)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, message("workbook.sheet.dataset", lang), looks.title("family"))
    sheet.write_string(1, 0, message("workbook.dataset.about", lang), looks.about)
    for place, key in enumerate(("what", "value", "second", "third")):
        look = looks.header("family", required=place < 2, private=False)
        sheet.write_string(HEADER - 1, place, message(f"workbook.dataset.{key}", lang), look)
    for row, (key, cells) in enumerate(dataset_rows(records, lang), start=HEADER):
        sheet.set_row(row, looks.height(zip(cells, (70, 34, 34), strict=False)))
        sheet.write_string(row, 0, message(f"workbook.key.{key}", lang), looks.key)
        for place, cell in enumerate(cells, start=1):
            if cell:
                xlsx_cell(sheet, row, place, cell, looks.plain)
    sheet.freeze_panes(HEADER, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def dataset_rows(records: Records, lang: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Key and cells of every row of the dataset sheet; what has no column of its own is one cell of JSON."""
    yes, no = (message(f"workbook.{word}", lang) for word in ("yes", "no"))
    plain = {"name": records.name, "title": records.title, "description": records.description,
             "language": records.language, "synthetic": yes if records.synthetic else no,
             "source_line": records.source}  # fmt: skip
    for key in PLAIN:
        yield key, (plain[key],)
    extra = dict(records.extra) or extra_keys(
        descriptor(name=records.name, title=records.title, synthetic=records.synthetic, source_line=records.source)
    )
    for key, properties in LISTED.items():
        if _fits(extra.get(key), properties):
            for entry in extra.pop(key):
                yield key, tuple(entry.get(each, "") for each in properties)
    for figure, what in records.figure_ids.items():
        yield "figure_ids", (figure, what["kind"], what.get("case", ""))
    if records.threshold != THRESHOLD:
        extra["threshold"] = records.threshold
    for key in sorted(extra):
        yield "extra", (key, json.dumps(extra[key], ensure_ascii=False, sort_keys=True))


def _fits(entries: object, properties: tuple[str, ...]) -> bool:
    """Whether entries lose nothing in columns: texts only, no other property, a title each."""
    return (
        isinstance(entries, list)
        and bool(entries)
        and all(
            isinstance(entry, dict)
            and "title" in entry
            and set(entry) <= set(properties)
            and all(isinstance(each, str) and each for each in entry.values())
            for entry in entries
        )
    )
