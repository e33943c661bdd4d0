"""The hidden sheet of what nobody fills in: roles of fields, decisions about texts, translations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, field
from functools import cache
from typing import Any

from clss_analysis.records.decisions import Decision, decision_of
from clss_analysis.records.descriptor import ID, ROLES
from clss_analysis.records.escape import xlsx_cell
from clss_analysis.records.faults import Fault
from clss_analysis.records.schema import fields, table_names
from clss_analysis.records.tables import Records
from clss_analysis.records.translations import LANGUAGES, Place, free_text
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook.opening import RawSheet

HIDDEN = "clss-porte"
_DECISION, _ROLE, _TRANSLATION = "decision", "disclosure", "translation"


@dataclass
class Hidden:
    """What the sheet says, and a fault for every row that says nothing known; `roles` are by « table.field »."""

    decisions: list[Decision] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    translations: dict[Place, dict[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def write_hidden(book: Any, records: Records) -> None:  # noqa: ANN401  # xlsxwriter is untyped
    """A row for every decision, every field whose role is the dataset's own, and every text in another language."""
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
    if what == _TRANSLATION and column in free_text(table) and ID.fullmatch(row):
        found.translations[table, row, column] = {
            lang: text for lang, text in zip(LANGUAGES, said, strict=False) if text.strip()
        }
        return True
    return False


@cache
def _known() -> frozenset[str]:
    return frozenset(f"{table}.{field['name']}" for table in table_names() for field in fields(table))


def _rows(records: Records) -> Iterator[tuple[str, ...]]:
    for name, role in sorted(records.disclosure.items()):
        yield _ROLE, name, role
    for each in sorted(set(records.decisions)):
        yield _DECISION, *map(str, astuple(each))
    for place, said in records.translations.items():
        yield _TRANSLATION, *place, *(said.get(lang, "") for lang in LANGUAGES)
