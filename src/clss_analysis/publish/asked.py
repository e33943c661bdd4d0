"""What the chapters of a book ask of a dataset, and what stands in none of them: told before any notebook runs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from clss_analysis.figures import KINDS
from clss_analysis.privacy import Clearance
from clss_analysis.publish import figures as pictures_of
from clss_analysis.publish.facts import facts_of
from clss_analysis.publish.project import BookError, Chapter, Project, read_project, recueil_chapters
from clss_analysis.publish.source import RUNS, SHEET, SHORTCODE, Shelf, assemble, included
from clss_analysis.publish.source_rules import IMAGE, MADE, source_faults
from clss_analysis.publish.typed_numbers import FILE, read_fixed
from clss_analysis.records import Fault, Records, message
from clss_analysis.records.faults import in_order
from clss_analysis.records.rules import CHILD_ROLES
from clss_analysis.records.sheet import read_sheet
from clss_analysis.records.typography import in_words
from clss_analysis.runs.figure_files import known_id

ALL_SHEETS = "menages.md"
HOUSEHOLDS = "households.csv"
_PAGE = re.compile(r"-\d+$")


def asked_of(book: Path, records: Records) -> dict[str, tuple[str, int]]:
    """Fragments that the chapters of this dataset's book ask for, with the file and line that asks."""
    return included(chapters_of(read_project(book), records), book)


def require_all(
    book: Path, dataset: Path, clearance: Clearance, asked: dict[str, tuple[str, int]], fragments: Collection[str]
) -> None:
    """Stop before anything runs where the chapters and the dataset do not fit each other.

    Args:
        book: the folder of `_quarto.yml`.
        dataset: the folder of the tables.
        clearance: what the gate gave for it.
        asked: what `asked_of` gave.
        fragments: names of the fragments that runs and build will bring, those of single figures apart.

    Raises:
        BookError: a chapter asks for a fragment, figure or image that nothing will bring or cites a record that is
            not there; a sentence no longer holds; a household that may be told is placed nowhere; a rule of
            `source_rules` is broken.
    """
    project, records = read_project(book), clearance.records
    known = {*fragments, *MADE} | {
        f"{pictures_of.FOLDER}/{name}.md" for name in _figures(records, clearance.told, asked)
    }
    faults = [
        Fault(*place, None, message("book_include", name=f"{RUNS}{name}"))
        for name, place in asked.items()
        if name not in known and _PAGE.sub("", name.removesuffix(".md")) + ".md" not in known
    ]
    faults += _unplaced(book, dataset, clearance.told, asked)
    faults += _miscounted(dataset, records) if project.tells(records.name) else []
    variables = {**project.variables, "jeu": {"titre": "-", "nom": "-", "sha256": "-"}}
    nothing = dataset / "no-runs"  # fragments do not exist yet
    shelf = Shelf(
        book, nothing, dict.fromkeys(MADE, ""), variables, tolerant=True, facts=facts_of(clearance, project.language)
    )
    sources, found = assemble(chapters_of(project, records), shelf)
    rules = source_faults(sources, project, book, dangling=False)
    faults += [*found, *(each for each in rules if getattr(each.rule, "key", "") != "book_reference")]
    for source in sources:
        for line in source.lines:
            names = () if line.code else IMAGE.findall(line.text)
            faults += (
                Fault(line.file, line.number, None, message("book_image_missing"))
                for name, _ in names
                if not name.startswith(RUNS) and pictures_of.picture(name, book, nothing) is None
            )
    if faults:
        raise BookError(in_order(faults))


def unused_chapters(book: Path) -> list[Fault]:
    """Chapters that lie in the folder of a book and are in no list; names that start with « _ » or « . » are none."""
    project = read_project(book)
    used = {chapter.file for chapter in project.chapters}
    names = sorted(path.name for path in book.glob("*.md"))
    for name in names:
        told = SHORTCODE.findall((book / name).read_text(encoding="utf-8"))
        used |= {target for verb, target in told if verb == "include"}
    return [Fault(name, 1, None, message("facts.unused")) for name in names if name not in used and name[0] not in "_."]


def chapters_of(project: Project, records: Records) -> tuple[Chapter, ...]:
    """The chapters of the book of a dataset: all, or the computed pages alone where they tell another one."""
    return project.chapters if project.tells(records.name) else recueil_chapters(project)


def _figures(records: Records, told: Collection[str], asked: Collection[str]) -> Iterator[str]:
    """Ids of the figures that the notebooks may keep, those of households among what is asked for: no other is read."""
    names = {name.removesuffix(".md").removeprefix(f"{pictures_of.FOLDER}/") for name in asked}
    names |= {_PAGE.sub("", name) for name in names}
    for kind, registered in KINDS.items():
        yield known_id(records, kind, None)
        if registered.about.per_case:
            yield from names & {known_id(records, kind, case) for case in told}


def _unplaced(book: Path, dataset: Path, told: Collection[str], asked: Collection[str]) -> Iterator[Fault]:
    """Households without a place, in a book that places sheets one by one."""
    sheets = {name for name in asked if f"{RUNS}{name}".startswith(SHEET)}
    if not sheets - {ALL_SHEETS} or ALL_SHEETS in asked:
        return
    left_out = {each.passage for each in read_fixed(book)[0] if each.chapter == HOUSEHOLDS}
    sheet, _ = read_sheet(dataset, "households")
    for line, row in sheet.records() if sheet else ():
        name = f"{SHEET}{row['id']}.md"
        if row["id"] in told and name.removeprefix(RUNS) not in sheets and row["id"] not in left_out:
            yield Fault(HOUSEHOLDS, line, None, message("facts.placed", name=name, file=FILE))


def _miscounted(dataset: Path, records: Records) -> Iterator[Fault]:
    """Summaries that say of how many children a parent is (« ses trois enfants »), and persons that say otherwise."""
    persons = records.persons[records.persons["life"].isin(["alive"]) & records.persons["role"].isin(CHILD_ROLES)]
    numbers = {in_words(n, records.lang): n for n in range(2, 17)}
    whose, who = (message(f"facts.children.{part}", records.lang).replace(" ", "|") for part in ("whose", "who"))
    children = re.compile(rf"\b(?:{whose}) (\w+) (?:\w+ )?(?:{who})\b")
    sheet, _ = read_sheet(dataset, "households")
    for line, row in sheet.records() if sheet else ():
        drawn = int((persons["household"] == row["id"]).sum())
        told = children.search(row["summary"])
        if drawn and told and numbers.get(told[1], drawn) != drawn:
            yield Fault(HOUSEHOLDS, line, "summary", message("facts.children", n=drawn))
