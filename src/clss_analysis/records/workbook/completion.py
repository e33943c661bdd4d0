"""From the rows of a workbook to records: what may be filled is filled, then everything is checked."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from clss_analysis.records.columns import typed_sheet
from clss_analysis.records.descriptor import as_json, describe, descriptor_faults, extra_keys
from clss_analysis.records.faults import Fault, InvalidRecordsError
from clss_analysis.records.schema import Descriptor, fields, table_names
from clss_analysis.records.sheet import FORBIDDEN, Sheet
from clss_analysis.records.small_counts import THRESHOLD
from clss_analysis.records.tables import Records
from clss_analysis.records.validation import sheet_faults
from clss_analysis.records.vocabulary import Sentence, message
from clss_analysis.records.workbook.pages import Line, Page, Pages, folded
from clss_analysis.records.workbook.plan import CITED, Column, sheet_names, words

_PREFIX = {
    "couples": "c", "filiations": "f", "residences": "r", "situations": "s", "housing_problems": "b", "criteria": "k",
    "health_impacts": "h", "domain_impacts": "d", "ties": "t", "events": "e", "case_notes": "n",
    "relevance_links": "l", "statements": "p", "codings": "g", "attendance": "a", "partnerships": "partenariat",
    "phases": "phase", "context_statistics": "chiffre",
}  # fmt: skip
_RANKED = {
    "situations": ("household",), "events": ("household",), "case_notes": ("household", "section"),
    "relevance_nodes": ("household", "parent", "level"), "phases": (), "programme": ("section", "parent"),
}  # fmt: skip
_LONGEST_ID = 32  # characters of an id that a completion makes, as the schema allows
_SHOWN = 5
"""Words of a list that a fault names at most."""
_MANY = 3
"""Cells of a column from which the same fault is told once."""
_NEAR, _ALIKE, _LONG = 0.75, 0.6, 4
"""How like a word must be to be the one that was meant, and to come first (0 to 1); letters of a telling part."""
_IN_WORKBOOK = {
    "fault_boolean": "workbook.fault.boolean",
    "fault_yearmonth": "workbook.fault.month",
    "fault_any": "workbook.fault.month_or_year",
}
"""Rules that are other ones in a workbook, which takes more than the tables do."""
_APART = 0.2
"""By how much a whole word must be more like what was said than another of which a part is as like."""


def records_of_pages(pages: Pages) -> Records:
    """Records from a workbook that was read.

    Cells left empty are filled where nothing is invented: the id of a row that no sheet cites, the order of rows,
    source and reading, the public name of a household from the designation of its index person.

    Raises:
        InvalidRecordsError: with every fault by sheet, row and column, in the workbook's own language.
    """
    records, faults = checked_pages(pages)
    if records is None:
        raise InvalidRecordsError(_once(faults, pages.lang), pages.lang)
    return records


def checked_pages(pages: Pages) -> tuple[Records | None, list[Fault]]:
    """Records from a workbook that was read, None where it has faults, and every fault at its own cell."""
    sheets, package, faults = _looked_at(pages)
    if faults:
        return None, faults
    tables: dict[str, Any] = {table: typed_sheet(sheet) for table, sheet in sheets.items()}
    records = Records(
        name=package["name"], title=package["title"], synthetic=package["synthetic"], sha256="",
        source=package["source_line"], description=package["description"], language=package["language"],
        figure_ids=package.get("figure_ids", {}), threshold=package.get("threshold", THRESHOLD),
        decisions=tuple(sorted(pages.hidden.decisions)), disclosure=pages.hidden.roles,
        translations=pages.hidden.translations,
        own_fields=pages.hidden.own, extra=extra_keys(package), **tables,
    )  # fmt: skip
    return records, []


def _looked_at(pages: Pages) -> tuple[dict[str, Sheet], Descriptor, list[Fault]]:
    sheets, places = {}, {}
    names = sheet_names(pages.lang)
    filled = {table: _filled(pages, table) for table in table_names()}
    for table in table_names():
        page = pages.tables.get(table) or Page(table, names[table], {}, ())
        own = pages.hidden.own.get(table, ())
        across = [str(field["name"]) for field in (*fields(table), *own)]
        whole = [[line.get(name, "") for name in across] for line in filled[table]]
        places[table] = page
        numbers = list(range(len(page.lines)))  # one row of a sheet may fill several of a table
        sheets[table] = Sheet(table, table, frozenset(across), whole, numbers, frozenset(), own)
    package, about_faults = _descriptor(pages)
    faults = [*pages.faults, *about_faults]
    known = {(fault.file, fault.row, fault.column) for fault in pages.faults}
    found = [*_control(sheets.values()), *sheet_faults(sheets, package)]
    placed = [_placed(fault, places, pages) for fault in found]
    faults += [each for each in placed if (each.file, each.row, each.column) not in known]
    sheet = {each.name: position for position, each in enumerate((*places.values(), *pages.tables.values()))}
    return sheets, package, _in_sheet_order(faults, sheet)


def _filled(pages: Pages, table: str) -> list[dict[str, str]]:
    lines = pages.tables[table].lines if table in pages.tables else ()
    rows = [dict(line.cells) for line in lines]
    source = message("workbook.file_source", pages.lang)
    for row in rows:
        row["source"] = row.get("source") or source
        row["reading"] = row.get("reading") or "false"
        if table == "persons":
            row["index"] = row.get("index") or "false"
            row["label"] = row.get("label") or words("family_role", pages.lang).get(row.get("role", ""), "")
    if table == "households":
        _public_names(rows, pages.tables["persons"].lines if "persons" in pages.tables else ())
    if table in _RANKED:
        _rank(rows, _RANKED[table])
    if table not in CITED:
        _name(rows, _PREFIX[table])
    return rows


def _public_names(rows: list[dict[str, str]], persons: Iterable[Line]) -> None:
    index = {
        line.cells.get("household", ""): line.cells.get("label", "")
        for line in persons
        if line.cells.get("index") == "true"
    }
    for row in rows:
        row["label"] = row.get("label") or index.get(row.get("id", ""), "") or row.get("id", "")


def _rank(rows: list[dict[str, str]], among: tuple[str, ...]) -> None:
    highest: defaultdict[tuple[str, ...], int] = defaultdict(int)
    for row in rows:
        group = tuple(row.get(name, "") for name in among)
        if not row.get("order"):
            row["order"] = str(highest[group] + 1)
        if row["order"].isdecimal():
            highest[group] = max(highest[group], int(row["order"][:9]))


def _name(rows: list[dict[str, str]], prefix: str) -> None:
    taken = {row.get("id", "") for row in rows}
    count: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if row.get("id"):
            continue
        home = row.get("household", "")
        stem = f"{home}-{prefix}" if home and len(home) + len(prefix) < _LONGEST_ID - 6 else prefix
        while not row.get("id"):
            count[stem] += 1
            if (made := f"{stem}{count[stem]}") not in taken:
                row["id"] = made
                taken.add(made)


def _descriptor(pages: Pages) -> tuple[Descriptor, list[Fault]]:
    said = dict(pages.about)
    given: dict[str, Any] = {key: said.get(key) for key in ("name", "title", "synthetic", "source_line")}
    given |= {"description": said.get("description", ""), "language": said.get("language", pages.lang)}
    given |= {"threshold": said.get("threshold", THRESHOLD), "figure_ids": said.get("figure_ids", {})}
    package, faults = _described(json.dumps({**given, "own": pages.hidden.own, "extra": extra_keys(said)}))
    return package, [_about(each, pages) for each in faults]


def _about(fault: Fault, pages: Pages) -> Fault:
    """A fault of what is said of the dataset, at its row of that sheet."""
    sheet = message("workbook.sheet.dataset", pages.lang)
    where = message("workbook.fault.where", pages.lang, file=pages.file, sheet=sheet)
    return Fault(where, pages.about_rows.get(fault.column or ""), "B", _rule(fault.rule, pages.lang))


@lru_cache(8)
def _described(said: str) -> tuple[Descriptor, tuple[Fault, ...]]:
    package = describe(**json.loads(said))
    return package, tuple(descriptor_faults(as_json(package))[1])


def _control(sheets: Iterable[Sheet]) -> Iterable[Fault]:
    for sheet in sheets:
        for number, row in zip(sheet.lines, sheet.rows, strict=True):
            for field, cell in zip(sheet.fields, row, strict=True):
                if FORBIDDEN.search(cell):
                    yield Fault(sheet.file, number, str(field["name"]), message("fault_control"))


def _placed(fault: Fault, places: Mapping[str, Page], pages: Pages) -> Fault:
    """A fault of the tables in the words of the sheet: letter and title of the column, words instead of codes."""
    page = places.get(fault.file)
    if page is None:
        return _about(fault, pages)
    across = pages.across(page.table)
    column = across.get(fault.column or "")
    where = message("workbook.fault.where", pages.lang, file=pages.file, sheet=page.name)
    line = None if fault.row is None else page.lines[fault.row]
    row = line.number if line else None
    shown = pages.shown(page, line, column) if column else None
    if column and line and isinstance(fault.rule, Sentence) and "allowed" in fault.rule.values:
        listed = list(words(column.vocabulary, pages.lang).values())
        return Fault(where, row, shown, unlisted(line.cells.get(column.name, ""), listed, pages.lang))
    return Fault(where, row, shown, _rule(fault.rule, pages.lang, across))


def unlisted(cell: str, listed: list[str], lang: str) -> str:
    """The rule of a word that is not in its list: the one that was meant, if one alone is near; else the nearest."""
    if near := nearest(cell, listed):
        return message("workbook.fault.nearest", lang, near=near)
    said = folded(cell)
    alike = sorted(listed, key=lambda word: -_likeness(said, folded(word)))[:_SHOWN]
    more = " · …" if len(listed) > _SHOWN else ""
    return message("fault_enum", lang, allowed=" · ".join(alike) + more)


def nearest(cell: str, listed: Sequence[str]) -> str:
    """The one word of a list that was meant; empty where none is near, or two are as near."""
    said = folded(cell)
    likeness = {word: _likeness(said, folded(word)) for word in listed}
    best = max(likeness.values(), default=0.0)
    whole = {word: _ratio(said, folded(word)) for word in listed if likeness[word] == best}
    first, *others = sorted(whole, key=lambda word: -whole[word]) or [""]
    return first if best >= _NEAR and (not others or whole[first] - whole[others[0]] > _APART) else ""


def _likeness(said: str, word: str) -> float:
    """How like two words are, 0 to 1: as wholes, or in the longest word of what was said; nothing alike is 0."""
    part = max(said.split(), key=len, default="")
    parts = [_ratio(part, each) for each in word.split()] if len(part) >= _LONG else []
    best = max([_ratio(said, word), *parts])
    return best if best >= _ALIKE else 0.0


def _ratio(said: str, word: str) -> float:
    return SequenceMatcher(None, said, word).ratio()


def _rule(rule: str, lang: str, across: Mapping[str, Column] | None = None) -> str:
    if not isinstance(rule, Sentence):
        return rule
    values = dict(rule.values)
    if across and "start" in values:
        values["start"] = across[str(values["start"])].title
    if "table" in values:
        values["table"] = message(f"workbook.sheet.{values['table']}", lang)
    return message(_IN_WORKBOOK.get(rule.key, rule.key), lang, **values)


def _once(faults: Iterable[Fault], lang: str) -> Iterable[Fault]:
    """The same fault in many cells of a column told once, at the first, with the rows of all."""
    alike: dict[tuple[str, str | None, str], list[Fault]] = {}
    for each in faults:
        alike.setdefault((each.file, each.column, str(each.rule)), []).append(each)
    for same in alike.values():
        if len(same) < _MANY or same[0].column is None:
            yield from same
        else:
            rows = ", ".join(str(each.row) for each in same)
            rule = message("workbook.fault.many", lang, rule=same[0].rule, n=len(same), rows=rows)
            yield Fault(same[0].file, same[0].row, same[0].column, rule)


def _in_sheet_order(faults: Iterable[Fault], order: Mapping[str, int]) -> list[Fault]:
    def place(fault: Fault) -> tuple[int, int, int, str, str]:
        sheet = fault.file.values.get("sheet") if isinstance(fault.file, Sentence) else ""
        column = fault.column or ""
        return order.get(str(sheet), -1), fault.row or 0, len(column.split(" ")[0]), column, fault.rule

    return sorted(set(faults), key=place)
