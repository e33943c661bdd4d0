"""The draft of a house: the rows of its workbook, names and all, changed cell by cell and kept in its register."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from clss_analysis.privacy.register import prepare_folder
from clss_analysis.privacy.updating import Differences, between
from clss_analysis.records import InvalidRecordsError, read
from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.descriptor import extra_keys
from clss_analysis.records.house import House
from clss_analysis.records.schema import home_column
from clss_analysis.records.sheet import FORBIDDEN
from clss_analysis.records.tables import load
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook import (
    Pages,
    blank_records,
    open_workbook,
    pages_of_rows,
    read_workbook,
    write_workbook,
)
from clss_analysis.records.workbook.about import HIDDEN, read_hidden
from clss_analysis.records.workbook.pages import as_text
from clss_analysis.records.workbook.plan import CITED, Column, columns, sheet_names
from clss_analysis.records.workbook.spreadsheet import RawSheet

WAYS = ("undo", "redo")
_MOST = 99
"""Changes that can be taken back, beside the last."""
FILE, JOURNAL = "draft.json", "draft.jsonl"
COLLECTIVE = (
    "workshops", "attendance", "partnerships", "phases", "programme", "context_statistics", "codes", "codings",
)  # fmt: skip
"""Tables of no household."""
LONGEST = 30_000
"""Characters of a cell that is changed here, fewer than a spreadsheet holds."""
_STEMS = {"households": "M", "actors": "s", "consents": "accord-", "codes": "c", "workshops": "a", "programme": "p"}

Row = dict[str, Any]
Edit = tuple[str, str, int, Any]


class ChangedError(ValueError):
    """A cell that is to be changed does not say any more what whoever changes it saw; `now` is what it says."""

    def __init__(self, now: str | None) -> None:
        self.now = now
        super().__init__("the cell was changed meanwhile")


class Draft:
    """Rows by table and number, in the order of the sheets.

    An edit is on the disk before the method that makes it returns: one line of a journal, which the next start puts
    into the file.  Whoever changes a cell says what it saw there, so that nobody's words are lost.

    Args:
        house: whose rows these are.
        looking: whether nothing is written, since another desk writes.
    """

    def __init__(self, house: House, *, looking: bool = False) -> None:
        folder = prepare_folder(house.records)
        self.house, self._file, self._journal = house, folder / FILE, folder / JOURNAL
        said = json.loads(self._file.read_text("utf-8")) if self._file.exists() else _begun(house)
        self.tables: dict[str, dict[int, Row]] = {
            table: {int(key): row for key, row in said["tables"].get(table, {}).items()} for table in sheet_names("fr")
        }
        self.about, self._hidden, self.count = said["about"], said["hidden"], int(said["count"])
        self.marks: dict[str, dict[str, str]] = said.get("marks", {})
        self._steps: dict[str, list[list[Edit]]] = {way: said.get(way, []) for way in WAYS}
        for number, edits, way in self._entries():
            if number > self.count:
                self._take(edits, way)
        if not looking:
            self.save()

    def save(self) -> None:
        """Put the journal into the file."""
        said = {"about": self.about, "hidden": self._hidden, "count": self.count, "tables": self.tables,
                "marks": self.marks, **self._steps}  # fmt: skip
        write_file(self._file, json.dumps(said, ensure_ascii=False), PRIVATE)
        write_file(self._journal, "", PRIVATE)

    def mark(self, what: str, without: Collection[str] = ()) -> None:
        """Remember what each household says: now (« taken » into the records), or then, when a « book » was made."""
        now = {home: said for home, said in self.told().items() if home not in without}
        self.marks = self.marks | {what: now if what == "taken" else self.marks.get("taken", {})}
        self.save()

    def told(self) -> dict[str, str]:
        """By household, a mark that changes with its rows."""
        digests = {str(row.get("id", "")): sha256() for row in self.tables["households"].values()}
        for table, rows in self.tables.items():
            for row in rows.values():
                home = _home(table, row)
                if home in digests:
                    digests[home].update(repr((table, sorted(each for each in row.items() if each[1]))).encode())
        return {home: digest.hexdigest()[:16] for home, digest in digests.items()}

    def across(self, table: str, lang: str) -> list[Column]:
        """The columns of a table that are filled in."""
        own = read_hidden(RawSheet(HIDDEN, self._hidden), "", lang).own.get(table, ())
        return [each for each in columns(table, lang, own) if each.kind not in ("mark", "verdict")]

    def change(self, table: str, key: int, column: str, text: str, seen: str) -> None:
        """Change one cell.

        Raises:
            ChangedError: it no longer says what was seen, or the row is gone.
            ValueError: there is no such cell, or its text may stand in none.
        """
        text, row = self._sound(table, column, text), self.tables[table].get(key)
        now = None if row is None else self.shown(table, row)[column]
        if now not in (seen, text):
            raise ChangedError(now)
        self._commit([("set", table, key, {column: text})])

    def shown(self, table: str, row: Row, lang: str = "fr") -> dict[str, str]:
        """The cells of a row as a form shows them."""
        return {each.name: as_text(row.get(each.name, ""), each, lang) for each in self.across(table, lang)}

    def add(self, table: str, cells: Mapping[str, str]) -> int:
        """Add a row; one that others may cite gets an id of its own.  Gives its number.

        Raises:
            ValueError: there is no such column, or a text may stand in no cell.
        """
        row = {name: self._sound(table, name, text) for name, text in cells.items()}
        if table in CITED:
            home = row.get("household", "")
            stem = _STEMS.get(table) or (f"{home}-" if table == "persons" else f"{home}-n")
            ids = (str(each.get("id", "")) for each in self.tables[table].values())
            used = [int(n) for each in ids if (n := each.removeprefix(stem)).isascii() and n.isdigit()]
            row = {"id": f"{stem}{max(used, default=0) + 1}"} | row
        key = self._next()
        self._commit([("add", table, key, row)])
        return key

    def drop(self, table: str, key: int) -> None:
        """Take a row away; of a household, all that is its own."""
        gone = [(table, key)]
        if table == "households" and (home := self.tables[table].get(key, {}).get("id")):
            gone += [(each, n) for each in self.tables for n, row in self.tables[each].items()
                     if each != table and row.get("household") == home]  # fmt: skip
        self._commit([("drop", *each, None) for each in gone if each[1] in self.tables[each[0]]])

    def step(self, way: str) -> bool:
        """Take back what was changed last (undo), or do again what was taken back last (redo), also after a restart.

        Returns:
            Whether there was anything.
        """
        if not self._steps[way]:
            return False
        self._commit(self._steps[way][-1], way)
        return True

    def write_workbook(self) -> None:
        """Write the workbook of the house as the draft is, names and all; the one before is kept in the register."""
        path, lang = self.house.workbook, self.about.get("language", "fr")
        hidden = read_hidden(RawSheet(HIDDEN, self._hidden), "", lang)
        told = {key: self.about[key] for key in ("name", "title", "description", "synthetic") if key in self.about}
        records = replace(
            blank_records(lang), source=self.about["source_line"], decisions=tuple(hidden.decisions),
            disclosure=hidden.roles, translations=hidden.translations, own_fields=hidden.own,
            extra=extra_keys(self.about), **told,
        )  # fmt: skip
        if path.exists():
            write_file(self._file.with_name(path.name), path.read_bytes(), PRIVATE)
        write_workbook(records, path, lang, {table: list(rows.values()) for table, rows in self.tables.items()})

    def offered(self, path: Path) -> tuple[dict[str, Any], list[Differences]]:
        """What a workbook says, for `replace`, and what of the rows it would change; nothing is changed yet.

        Raises:
            InvalidRecordsError: the workbook cannot be read.
        """
        said = _of_workbook(path)
        found = [_changed(table, rows, said["tables"].get(table, {})) for table, rows in self.tables.items()]
        return said, [each for each in found if each.new or each.changed or each.gone]

    def replace(self, said: Mapping[str, Any]) -> None:
        """Take rows of a workbook in place of those of the draft; one undo brings these back."""
        key = self._next()
        gone: list[Edit] = [("drop", table, n, None) for table, rows in self.tables.items() for n in rows]
        come: list[Edit] = [
            ("add", table, key + n, row) for table, rows in said["tables"].items() for n, row in rows.items()
        ]
        self._commit([*gone, *come])

    def pages(
        self, lang: str, household: str | None = None, without: Collection[str] = ()
    ) -> tuple[Pages, dict[str, list[int]]]:
        """The draft as the pages of a workbook, of one household or all but some, and the numbers of rows by table."""
        hidden, tables = read_hidden(RawSheet(HIDDEN, self._hidden), "", lang), dict(self.tables)
        places = {
            table: [key for key, row in rows.items()
                    if _home(table, row) not in without and (household is None or _home(table, row) in ("", household))]
            if household is None or table not in COLLECTIVE
            else []
            for table, rows in tables.items()
        }  # fmt: skip
        rows = {table: [tables[table][key] for key in keys] for table, keys in places.items()}
        return pages_of_rows(message("desk.file", lang), lang, rows, self.about, hidden), places

    def _sound(self, table: str, column: str, text: str) -> str:
        if column == "id" or column not in {each.name for each in self.across(table, "fr")}:
            raise ValueError("no column of the table")
        if not isinstance(text, str) or len(text) > LONGEST or FORBIDDEN.search(text):
            raise ValueError("no text of a cell")
        return text

    def _next(self) -> int:
        return 1 + max((key for rows in self.tables.values() for key in rows), default=0)

    def _commit(self, edits: list[Edit], way: str = "") -> None:
        line = json.dumps([self.count + 1, edits, way], ensure_ascii=False) + "\n"
        with self._journal.open("ab") as journal:
            journal.write(line.encode())
            journal.flush()
            os.fsync(journal.fileno())
        self._take(edits, way)

    def _take(self, edits: list[Edit], way: str) -> None:
        """Do edits, and remember what takes them back; what was taken back before is not done again after a change."""
        self.count += 1
        back = self._apply(edits)
        if way:
            self._steps[way].pop()
        else:
            self._steps["redo"] = []
        other = "redo" if way == "undo" else "undo"
        self._steps[other] = [*self._steps[other][-_MOST:], back]

    def _apply(self, edits: list[Edit]) -> list[Edit]:
        """Do what edits say; gives those that take them back."""
        back: list[Edit] = []
        for what, table, key, cells in edits:
            rows = dict(self.tables[table])  # a new one, since a household may be looked at meanwhile
            before = rows.get(key)
            if what == "drop":
                rows.pop(key, None)
                back.insert(0, ("add", table, key, before))
            elif what == "set":
                old = {name: (before or {}).get(name, "") for name in cells}
                rows[key] = {**(before or {}), **cells}
                back.insert(0, ("set", table, key, old))
            else:
                rows = dict(sorted({**rows, key: dict(cells)}.items()))
                back.insert(0, ("drop", table, key, None))
            self.tables[table] = rows
        return back

    def _entries(self) -> Iterator[tuple[int, list[Edit], str]]:
        """Whole lines of the journal; one that was cut short was never told to be saved."""
        for line in self._journal.read_bytes().splitlines(keepends=True) if self._journal.exists() else ():
            if line.endswith(b"\n"):
                number, edits, way = (*json.loads(line), "")[:3]
                yield number, edits, way


def _home(table: str, row: Row) -> str:
    """Whose a row is; empty where it is of no household in particular."""
    return str(row.get(home_column(table)) or "")


def name_of(row: dict[str, Any]) -> str:
    """The name of a person or service, else what stands for it."""
    return full_name(row) or str(row.get("label") or row.get("person_name") or "")


def full_name(row: dict[str, Any]) -> str:
    """Given and family name, as far as they are written."""
    return " ".join(str(row[name]) for name in ("given_name", "family_name") if row.get(name))


def named(row: Row) -> str:
    """What a row is called where it is listed: the name that it has, else its id, else whose it is."""
    return name_of(row) or str(row.get("id") or row.get("household") or "")


def _changed(table: str, before: dict[int, Row], after: dict[int, Row]) -> Differences:
    """What of a table's rows is new, changed and gone, by id; by number where no row cites them."""
    said = [{str(row.get("id")) if table in CITED else f"{side}-{n}":
             tuple(sorted(f"{name}={cell}" for name, cell in row.items() if str(cell)))
             for n, row in each.items()} for side, each in enumerate((before, after))]  # fmt: skip
    return between(table, *said)


def _begun(house: House) -> dict[str, Any]:
    """What a draft starts from: the workbook where it has rows, else the records."""
    if house.workbook.is_file() and (said := _of_workbook(house.workbook))["tables"]:
        return said
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draft.xlsx"
        try:
            records = read(house.records)
        except InvalidRecordsError:
            households = house.records / "households.csv"
            if households.exists() and len(households.read_bytes().splitlines()) > 1:
                raise
            records = load(house.records)  # one that nobody has filled yet is not sound
        write_workbook(records, path, records.language)
        return _of_workbook(path)


def _of_workbook(path: Path) -> dict[str, Any]:
    pages = read_workbook(path)
    if pages.faults:
        raise InvalidRecordsError(pages.faults, pages.lang)
    hidden = next((sheet.rows for sheet in open_workbook(path, HIDDEN)), ())
    tables: dict[str, dict[int, Row]] = {}
    key = 0
    for table in sheet_names("fr"):
        numbers = {each.name for each in columns(table, "fr") if each.kind in ("number", "integer")}
        for line in pages.tables[table].lines if table in pages.tables else ():
            key += 1
            cells = {**line.cells, **line.identifying}
            tables.setdefault(table, {})[key] = {
                name: _number(text) if name in numbers else text for name, text in cells.items() if text
            }
    return {"about": dict(pages.about), "hidden": hidden, "count": 0, "tables": tables}


def _number(text: str) -> str | float:
    """A number that the workbook held as one stays one, so that nobody asks what its point means."""
    return float(text) if re.fullmatch(r"-?[0-9]+\.[0-9]+", text) else text
