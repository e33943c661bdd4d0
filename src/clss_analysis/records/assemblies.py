"""What each communal council asks of who wants to speak before it: signatures, notice, form, whom to write to.

The table is `assemblies.csv` in a folder of context facts: a row for each commune, with its source and when that was
read.  An empty cell is not known; `older` names the columns that an older rule than the ordinance of 2024 bears.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from clss_analysis.records.arguments import nearest_first
from clss_analysis.records.context import ASSEMBLIES, ASSEMBLY_COLUMNS, ASSEMBLY_NEEDED, Forms, read_rows
from clss_analysis.records.descriptor import ID
from clss_analysis.records.faults import InvalidRecordsError, in_order
from clss_analysis.records.schema import MONTH_FORM
from clss_analysis.records.typography import plain
from clss_analysis.records.vocabulary import message

GENERIC = "generique"  # the row of no commune: what the ordinance asks everywhere
_NUMBER = (re.compile(r"[1-9][0-9]{0,2}"), "fault_number")
CODES = {
    "residence": ("register", "domicile", "inhabitant"),
    "days": ("clear", "calendar"),
    "form": ("written", "letter", "registered", "email", "desk"),
    "addressee": ("college", "mayor", "secretary"),
    "council": ("decision", "advice"),
    "college": ("decision", "advice"),
}
"""Column → the words that its cells are made of."""


def _words(allowed: tuple[str, ...]) -> tuple[re.Pattern[str], str]:
    word = "|".join(allowed)
    return re.compile(rf"(?:{word})(?: (?:{word}))*"), "context.code"


_FORMS: Forms = {
    "id": (ID, "fault_id"),
    "age": _NUMBER,
    "signatures": _NUMBER,
    "notice": _NUMBER,
    "minutes": _NUMBER,
    "single_case": (re.compile("true|false"), "fault_boolean"),
    "older": _words(ASSEMBLY_COLUMNS),
    "date": (MONTH_FORM, "fault_yearmonth"),
    "url": (re.compile(r"https?://[^\s]+"), "context.url"),
    **{column: _words(allowed) for column, allowed in CODES.items()},
}


class UnknownAssemblyError(ValueError):
    """No such commune; the text names the nearest ones."""


@dataclass(frozen=True)
class Assembly:
    """One council's rule: its cells by column; a column that is not known is not there."""

    id: str
    cells: Mapping[str, str]

    def name(self, lang: str) -> str:
        """The commune in Dutch, or in French; one that is none in particular in any language."""
        if self.id == GENERIC:
            return message("room.other", lang)
        return self.cells["name_nl" if lang == "nl" else "name_fr"]

    def number(self, column: str) -> int | None:
        """A whole number of the rule; None where it is not known."""
        return int(self.cells[column]) if column in self.cells else None

    def is_older(self, column: str) -> bool:
        """Whether a column comes from a rule older than the ordinance of 2024."""
        return column in self.cells.get("older", "").split()

    def deadline(self, council: datetime.date) -> datetime.date | None:
        """The last day on which the request may arrive; None where the notice is not known.

        Of clear days neither the day of arrival nor that of the council counts.

        >>> rooms = read_assemblies(Path("data/context"))
        >>> str(rooms["koekelberg"].deadline(datetime.date(2026, 12, 17)))
        '2026-12-09'
        """
        notice = self.number("notice")
        if notice is None:
            return None
        return council - datetime.timedelta(days=notice + (self.cells.get("days") == "clear"))


def read_assemblies(folder: Path) -> dict[str, Assembly]:
    """The rules of all councils, by id.

    Args:
        folder: of context facts, such as `data/context`.

    Raises:
        InvalidRecordsError: a row is not sound; one line per fault.
    """
    rows, faults = read_rows(folder / f"{ASSEMBLIES}.csv", ASSEMBLY_COLUMNS, ASSEMBLY_NEEDED, _FORMS)
    if faults:
        raise InvalidRecordsError(in_order(faults))
    return {
        row["id"]: Assembly(row["id"], {column: cell.strip() for column, cell in row.items() if cell.strip()})
        for row in rows.values()
    }


def find_assembly(rooms: Mapping[str, Assembly], commune: str) -> Assembly:
    """A commune by its id or its name, in French or Dutch, with or without accents.

    Raises:
        UnknownAssemblyError: there is none; the nearest names come first.

    >>> find_assembly(read_assemblies(Path("data/context")), "Sint-Jans-Molenbeek").id
    'molenbeek-saint-jean'
    """
    wanted = plain(commune)
    names = {plain(name): room for room in rooms.values() for name in (room.name("nl"), room.name("fr"), room.id)}
    if wanted in names:
        return names[wanted]
    raise UnknownAssemblyError(message("room.unknown", communes=nearest_first(wanted, rooms)))
