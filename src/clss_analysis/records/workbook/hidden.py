"""The hidden sheet of what a dataset holds and nobody fills in: decisions about texts, roles of fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from typing import Any

from clss_analysis.records.decisions import Decision, decision_of
from clss_analysis.records.descriptor import ROLES
from clss_analysis.records.faults import Fault
from clss_analysis.records.schema import fields, table_names
from clss_analysis.records.tables import Records
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook.looks import put
from clss_analysis.records.workbook.opening import RawSheet

HIDDEN = "clss-porte"
_DECISION, _ROLE = "decision", "disclosure"


def write_hidden(book: Any, records: Records) -> None:  # noqa: ANN401  # xlsxwriter is untyped
    """A row for every decision and for every field whose role is the dataset's own; no word of any text."""
    sheet = book.add_worksheet(HIDDEN)
    sheet.hide()
    for row, cells in enumerate(_rows(records)):
        for place, cell in enumerate(cells):
            put(sheet, row, place, cell, None)


def read_hidden(sheet: RawSheet, where: str, lang: str) -> tuple[tuple[Decision, ...], dict[str, str], list[Fault]]:
    """The decisions, the roles by « table.field », and a fault for every row that is neither."""
    known = {f"{table}.{field['name']}" for table in table_names() for field in fields(table)}
    decisions: list[Decision] = []
    roles: dict[str, str] = {}
    faults = []
    for number, row in enumerate(sheet.rows, start=1):
        what, *cells = ("" if cell is None else str(cell) for cell in (*row, None, None, None))
        decision = decision_of(cells[: len(Decision.__dataclass_fields__)]) if what == _DECISION else None
        if isinstance(decision, Decision):
            decisions.append(decision)
        elif not what and not any(cells):
            continue
        elif what == _ROLE and cells[0] in known and cells[1] in ROLES:
            roles[cells[0]] = cells[1]
        else:
            faults.append(Fault(where, number, None, message("workbook.fault.hidden", lang)))
    return tuple(sorted(decisions)), roles, faults


def _rows(records: Records) -> Iterator[tuple[str, ...]]:
    for field, role in sorted(records.disclosure.items()):
        yield _ROLE, field, role
    for each in sorted(set(records.decisions)):
        yield _DECISION, *map(str, astuple(each))
