"""How one household of a draft looks: its faults beside their cells, and its working drawing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from clss_analysis.desk.draft import Draft
from clss_analysis.figures.inline import inline
from clss_analysis.figures.registry import KINDS
from clss_analysis.figures.slider import sociogenogram_slider
from clss_analysis.figures.working import marked
from clss_analysis.layout.genogram.drawing import sketch
from clss_analysis.layout.genogram.kept import Kept
from clss_analysis.layout.page import NothingToDrawError
from clss_analysis.privacy.key_file import new_key, open_key
from clss_analysis.privacy.pseudonyms import pseudonymise
from clss_analysis.privacy.register import register_of
from clss_analysis.records import Case, Fault
from clss_analysis.records.content import digest
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook import Pages, checked_pages
from clss_analysis.records.workbook.grid import verdict_words
from clss_analysis.records.workbook.plan import words

TREES = ("trajectory", "relevance-tree")
_UNNAMED = {"households": ("id", ""), "persons": ("role", "family_role"), "actors": ("kind", "actor_kind")}
"""What is drawn in place of a name that is not told yet: column, and the vocabulary of its words."""
_DRAWN = ("households", "persons", "couples", "filiations", "residences", "actors", "ties", "events")
_UNDRAWN = ["summary", "consent", "note", "source", "reading"]


@dataclass(frozen=True)
class Misfit:
    """A fault at a cell of the draft, in the words of the import; `column` is None where it is that of a row."""

    table: str
    key: int | None
    column: str | None
    rule: str


@dataclass(frozen=True)
class Look:
    """A household as it is now; `case` has what is sound of it, and is None where nothing is."""

    faults: tuple[Misfit, ...]
    case: Case | None


def look(draft: Draft, household: str, lang: str) -> Look:
    """Look at one household as an import would, without the rest of the draft.

    What has a fault is left out of the case: the cell, and the row where it cannot stand without it.
    """
    register = register_of(draft.house.records)
    key = open_key(register, draft.house.records) if register and register.exists() else new_key()
    pages, places = draft.pages(lang, household)
    pages, _ = pseudonymise(pages, key)
    records, found = checked_pages(pages)
    first, rest = found, pages
    while records is None and all(each.row for each in found):
        rest = _without(rest, found)
        records, found = checked_pages(rest)
    return Look(tuple(misfits(first, pages, places)), None if records is None else records.case(household))


def misfits(faults: Iterable[Fault], pages: Pages, places: dict[str, list[int]]) -> Iterable[Misfit]:
    """Faults of pages as those of the draft that the pages were made of."""
    tables, titles = _tables(pages), _titles(pages)
    for each in faults:
        table = tables.get(each.file, "")
        key = places[table][each.row - 2] if table and each.row else None
        yield Misfit(table, key, titles.get((table, each.column or "")), in_fields(each.rule, pages.lang))


def in_fields(rule: str, lang: str) -> str:
    """A rule of the workbook in the words of a form, which has fields and no cells.

    >>> in_fields("la cellule ne peut pas être vide", "fr")
    'le champ ne peut pas être vide'
    """
    for pair in message("desk.instead", lang).split("|"):
        word, ours = pair.split("=")
        rule = re.sub(rf"\b{word}\b", ours, rule)
    return rule


def drawing(case: Case, lang: str, kept: Kept | None = None) -> tuple[str, Kept]:
    """The working drawing of a household as HTML, with a slider where there are months to slide through.

    Args:
        case: the household.
        lang: fr, nl or en.
        kept: of the drawing before: what is new is put beside it at once.  Default: the drawing as it should be.

    Returns:
        The drawing, and what the next one may keep.
    """
    whole, places = sketch(case, lang=lang, kept=kept)
    try:
        made = sociogenogram_slider(case, lang=lang, whole=whole, quick=kept is not None)
    except NothingToDrawError:
        made = inline(whole)
    return marked(made("vif"), lang, alone=False), places


def drawn_of(case: Case) -> str:
    """All that the drawing of a household shows, to tell whether it must be made again."""
    return repr([digest(case.table(table).drop(columns=_UNDRAWN, errors="ignore")) for table in _DRAWN])


def picture(case: Case, kind: str, lang: str) -> str:
    """Another working drawing of a household as SVG; empty where there is nothing to draw."""
    try:
        return marked(KINDS[kind].draw(case, lang=lang).to_svg(), lang)
    except NothingToDrawError:
        return ""


def verdict(case: Case, lang: str) -> str:
    """What the intake rule says."""
    return verdict_words(case.criteria, lang)


def _without(pages: Pages, faults: Iterable[Fault]) -> Pages:
    tables, titles = _tables(pages), _titles(pages)
    gone: dict[str, dict[int, set[str]]] = {}
    for each in faults:
        table = tables[each.file]
        gone.setdefault(table, {}).setdefault(each.row or 0, set()).add(titles.get((table, each.column or ""), ""))
    changed: dict[str, Any] = dict(pages.tables)
    for table, rows in gone.items():
        lines = []
        for line in pages.tables[table].lines:
            at = rows.get(line.number, set())
            cells = {name: "" if name in at else cell for name, cell in line.cells.items()}
            if at == {"label"} and table in _UNNAMED:  # a name comes later, the drawing does not wait for it
                column, vocabulary = _UNNAMED[table]
                code = cells.get(column, "")
                lines.append(
                    replace(
                        line,
                        cells=cells | {"label": (words(vocabulary, pages.lang) if vocabulary else {}).get(code, code)},
                    )
                )
            elif all(line.cells.get(name) for name in at):  # else something is missing, or in no cell
                lines.append(replace(line, cells=cells))
        changed[table] = replace(pages.tables[table], lines=tuple(lines))
    return replace(pages, tables=changed, faults=())


def _tables(pages: Pages) -> dict[str, str]:
    return {
        message("workbook.fault.where", pages.lang, file=pages.file, sheet=page.name): table
        for table, page in pages.tables.items()
    }


def _titles(pages: Pages) -> dict[tuple[str, str], str]:
    return {
        (
            table,
            message("workbook.fault.column", pages.lang, letter=page.letters.get(name, ""), title=column.title),
        ): name
        for table, page in pages.tables.items()
        for name, column in pages.across(table).items()
    }
