"""What a workbook says beside its tables: the dataset sheet, and the hidden sheet of roles, decisions, translations."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, field
from functools import cache
from typing import Any

from clss_analysis.records.decisions import Decision, decision_of
from clss_analysis.records.descriptor import ID, SIGNATURE, describe, extra_keys
from clss_analysis.records.escape import xlsx_cell
from clss_analysis.records.faults import Fault
from clss_analysis.records.own_columns import ROLES, own_faults
from clss_analysis.records.schema import Descriptor, fields, table_names
from clss_analysis.records.small_counts import THRESHOLD
from clss_analysis.records.tables import Records
from clss_analysis.records.translations import LANGUAGES, Place, free_text
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook.plan import HEADER
from clss_analysis.records.workbook.spreadsheet import RawSheet
from clss_analysis.records.workbook.styles import Styles

PLAIN = ("name", "title", "description", "language", "synthetic", "source_line")
LISTED = {
    "contributors": ("title", "path", "role"),
    "sources": ("title", "path"),
    "licenses": ("title", "path", "name"),
}
"""Keys of the descriptor that are lists of entries, and the properties that have a column of their own."""


def write_dataset_sheet(book: Any, styles: Styles, records: Records, lang: str) -> None:  # noqa: ANN401
    """The sheet that holds what the descriptor says beside the tables."""
    sheet = book.add_worksheet(message("workbook.sheet.dataset", lang))
    sheet.hide_gridlines(2)
    for place, width in enumerate((22, 70, 34, 34)):
        sheet.set_column(place, place, width)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, message("workbook.sheet.dataset", lang), styles.title("family"))
    sheet.write_string(1, 0, message("workbook.dataset.about", lang), styles.about)
    for place, key in enumerate(("what", "value", "second", "third")):
        look = styles.header("family", required=place < 2, private=False)
        sheet.write_string(HEADER - 1, place, message(f"workbook.dataset.{key}", lang), look)
    for row, (key, cells) in enumerate(dataset_rows(records, lang), start=HEADER):
        sheet.set_row(row, styles.height(zip(cells, (70, 34, 34), strict=False)))
        sheet.write_string(row, 0, message(f"workbook.key.{key}", lang), styles.key)
        for place, cell in enumerate(cells, start=1):
            if cell:
                xlsx_cell(sheet, row, place, cell, styles.plain)
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
    extra = {key: each for key, each in records.extra.items() if key != SIGNATURE} or extra_keys(
        describe(name=records.name, title=records.title, synthetic=records.synthetic, source_line=records.source)
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


_KEYS = (*PLAIN, *LISTED, "figure_ids", "extra")


def read_dataset_sheet(sheet: RawSheet, where: str, lang: str) -> tuple[dict[str, Any], dict[str, int], list[Fault]]:
    """What the dataset sheet says.

    Returns:
        The keys of the descriptor, the row on which each stands, and the faults of form.
    """
    named = {message(f"workbook.key.{key}", lang): key for key in _KEYS}
    about: dict[str, Any] = {}
    rows: dict[str, int] = {}
    faults = []
    for number, row in enumerate(sheet.rows[HEADER:], start=HEADER + 1):
        cells = [("" if cell is None else str(cell)) for cell in (*row, None, None, None, None)[:4]]
        if not any(cells):
            continue
        key = named.get(cells[0].strip())
        if key is None or (key in PLAIN and key in about) or not _take(about, key, cells[1:], lang):
            faults.append(Fault(where, number, "A", message("workbook.fault.dataset_key", lang)))
        else:
            rows.setdefault(key, number)
    return about, rows, faults


def _take(about: dict[str, Any], key: str, cells: list[str], lang: str) -> bool:
    if key == "synthetic":
        about[key] = {message("workbook.yes", lang): True, message("workbook.no", lang): False}.get(cells[0].strip())
    elif key in PLAIN:
        about[key] = cells[0]
    elif key in LISTED:
        entry = {name: cell for name, cell in zip(LISTED[key], cells, strict=False) if cell}
        about.setdefault(key, []).append(entry)
    elif key == "figure_ids":
        figures = about.setdefault(key, {})
        if cells[0] in figures:
            return False
        figures[cells[0]] = {"kind": cells[1]} | ({"case": cells[2]} if cells[2] else {})
    else:
        try:
            about[cells[0]] = json.loads(cells[1])
        except (ValueError, RecursionError):
            return False
    return True


HIDDEN = "clss-porte"
_DECISION, _ROLE, _TRANSLATION, _OWN = "decision", "disclosure", "translation", "field"


@dataclass
class Hidden:
    """What the sheet says, and a fault for every row that says nothing known.

    `roles` are by « table.field », `own` the fields that the dataset adds, by table.
    """

    decisions: list[Decision] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    translations: dict[Place, dict[str, str]] = field(default_factory=dict)
    own: dict[str, tuple[Descriptor, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def write_hidden(book: Any, records: Records) -> None:  # noqa: ANN401  # xlsxwriter is untyped
    """A row for every own field, field whose role is the dataset's own, decision, and text in another language."""
    sheet = book.add_worksheet(HIDDEN)
    sheet.hide()
    for row, cells in enumerate(_rows(records)):
        for place, cell in enumerate(cells):
            xlsx_cell(sheet, row, place, cell, None)


def read_hidden(sheet: RawSheet, where: str, lang: str) -> Hidden:
    """What the hidden sheet of a workbook says."""
    found = Hidden()
    for number, row in enumerate(sheet.rows, start=1):
        what, *cells = ("" if cell is None else str(cell) for cell in (*row, *[None] * 6))
        if (what or any(cells)) and not _taken(found, what, cells):
            found.faults.append(Fault(where, number, None, message("workbook.fault.hidden", lang)))
    return found


def _taken(found: Hidden, what: str, cells: Sequence[str]) -> bool:
    decision = decision_of(list(cells[: len(Decision.__dataclass_fields__)])) if what == _DECISION else None
    if isinstance(decision, Decision):
        found.decisions.append(decision)
        return True
    if what == _ROLE and cells[0] in _known() and cells[1] in ROLES:
        found.roles[cells[0]] = cells[1]
        return True
    table, row, column, *said = cells
    if what == _OWN and table in table_names():
        return _add_own(found, table, row)
    if what == _TRANSLATION and column in free_text(table, found.own.get(table, ())) and ID.fullmatch(row):
        found.translations[table, row, column] = {
            lang: text for lang, text in zip(LANGUAGES, said, strict=False) if text.strip()
        }
        return True
    return False


def _add_own(found: Hidden, table: str, declared: str) -> bool:
    try:
        added = json.loads(declared)
    except (ValueError, RecursionError):
        return False
    whole = [*found.own.get(table, ()), added]
    ours = {field["name"] for field in fields(table)}
    if not isinstance(added, dict) or not isinstance(added.get("name"), str) or added["name"] in ours:
        return False
    if own_faults(table, enumerate(whole, start=1)):
        return False
    found.own[table] = tuple(whole)
    return True


@cache
def _known() -> frozenset[str]:
    return frozenset(f"{table}.{field['name']}" for table in table_names() for field in fields(table))


def _rows(records: Records) -> Iterator[tuple[str, ...]]:
    for table, declared in records.own_fields.items():
        for added in declared:
            yield _OWN, table, json.dumps(added, ensure_ascii=False)
    for name, role in sorted(records.disclosure.items()):
        yield _ROLE, name, role
    for each in sorted(set(records.decisions)):
        yield _DECISION, *map(str, astuple(each))
    for place, said in records.translations.items():
        yield _TRANSLATION, *place, *(said.get(lang, "") for lang in LANGUAGES)
