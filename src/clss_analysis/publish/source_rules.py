"""What only one of the two engines would render, found by file and line before either of them starts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from clss_analysis.privacy import clear
from clss_analysis.publish.bibliography import works
from clss_analysis.publish.facts import Facts, facts_of
from clss_analysis.publish.house_book import complete_book
from clss_analysis.publish.project import Project, read_project, recueil_chapters
from clss_analysis.publish.source import SHORTCODE, Line, Shelf, Source, assemble, outside_code
from clss_analysis.publish.typed_numbers import typed_faults
from clss_analysis.records import Records
from clss_analysis.records.faults import Fault, in_order
from clss_analysis.records.house import House
from clss_analysis.records.vocabulary import LANGUAGES, message
from clss_analysis.runs.markdown import FENCE

MADE = ("menages.md", "fabrication.md", "dictionnaire.md", "provenance.md", "notions.md")
CALLOUTS = ("note", "tip", "warning", "important", "caution")
CLASSES = frozenset(
    {f"callout-{kind}" for kind in CALLOUTS}
    | {"temoignage", "dense", "refs", "fiche-debut", "fiche-fin", "index-notions", "exemple"}
)
_DIV = re.compile(r"^ {0,3}:{3,}\s*(.*?)\s*:*$")
_DIV_ATTRIBUTES = re.compile(
    r"\{\s*(?:(?P<refs>#refs)|(?P<only>\.content-visible\s+(?:when|unless)-format=\"typst\")|(?P<lang>lang=\"?[a-z]{2}(?:-[A-Z]{2})?\"?)|\.(?P<name>[\w-]+)(?:\s+title=(?:\"[^\"]*\"|'[^']*'|\S+))?)\s*\}|(?P<bare>[\w-]+)"
)
_HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
_HTML = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>]*)?/?>|<!--|<\?|<!\[CDATA")
IMAGE = re.compile(
    r"!\[(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.)*\])*\]\(([^()\s]*)(?:\s[^()]*)?\)(\{(?:[^{}\"]|\"(?:[^\"\\]|\\.)*\")*\})?"
)
_ALT = re.compile(r"fig-alt=\"((?:[^\"\\]|\\.)*)\"")
_DEFINED = re.compile(r"\{#((?:fig|tbl|sec)-[\w-]+)")
_REFERENCE = re.compile(
    r"(?<![\w\\])@((?:fig|tbl|sec|eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|alg)-[\w-]*\w)", re.IGNORECASE
)
CITATION = re.compile(r"(?<![\w\\@.])@([A-Za-z0-9_][\w:.#$%&+?<>~/-]*\w|\w)")
_NOTE_USE = re.compile(r"\[\^([^\]\s]+)\](?!:)")
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:")
_MATH = re.compile(r"(?<!\\)\$(?=\S)[^$]*(?<=\S)\$(?!\d)")
_CELL = re.compile(r"\{(?:=?)\s*[\w.=]+.*\}")
_ATTRIBUTE = re.compile(r"\{[^{}]*\b(layout(?:-ncol|-nrow|-align)?|fig-pos|fig-env|column|lightbox|code-fold)\s*[=\s}]")
_SPAN = re.compile(r"\](?<!\\\])\{\s*([^{}]*?)\s*\}")
_SPAN_ATTRIBUTES = re.compile(r"\.notion(?:\s+terme)?|lang(?:=[a-z]{2}(?:-[A-Z]{2})?)?|\.fait\s+title\s+data-rows")
_INLINE_CELL = re.compile(r"(?<!`)`\{[a-z]\w*\}\s[^`]*`(?!`)")
_INLINE_RAW = re.compile(r"`[^`]*`\{=\w+\}")
_KINDS = ("fig", "tbl", "sec")


def lint(book: Path, runs: Path | None = None, facts: Facts | None = None) -> list[Fault]:
    """Faults of a book's sources.

    Both engines must be able to render everything in it: shortcodes other than include, var and pagebreak, raw HTML
    and TeX, executable cells, tab sets, layouts, subfigures, front matter, equations and callout options are named;
    so are a figure without alt text, a reference, citation or footnote without its target, and heading levels left
    out.  With the records that the chapters tell, so are what they cite in vain and each number or month that is typed
    and not said to be fixed.

    Args:
        book: the folder of `_quarto.yml`.
        runs: the folder of fragments; default `_runs` in the book.  Without it fragments are not followed.
        facts: the records that the chapters quote.

    Returns:
        The faults in order of file and line; none when the book is good.

    Raises:
        BookError: the project file itself cannot be read.
    """
    project = read_project(book)
    runs = book / "_runs" if runs is None else runs
    variables = {**project.variables, "jeu": {"titre": "-", "nom": "-", "sha256": "-"}}
    faults: list[Fault] = []
    if facts is not None:
        faults += typed_faults((chapter.file for chapter in project.chapters), book, facts.records, facts.lang)
    for chapters in (project.chapters, recueil_chapters(project)):
        shelf = Shelf(book, runs, dict.fromkeys(MADE, ""), variables, tolerant=not runs.is_dir(), facts=facts)
        sources, found = assemble(chapters, shelf)
        faults += found
        faults += source_faults(sources, project, book, dangling=runs.is_dir())
    return in_order(faults)


def told_faults(house: House, records: Records) -> list[Fault]:
    """What the chapters that tell a dataset say in vain or by hand, in each language; none where they tell another.

    Raises:
        BookError: the project file itself cannot be read.
        NotClearedError: the dataset may not leave the house.
    """
    faults: list[Fault] = []
    with TemporaryDirectory(prefix="book-") as place:
        for lang in filter(house.tells_in, LANGUAGES):
            book, within = complete_book(house, Path(place, lang), lang), lang != house.settings.language
            if read_project(book).variables.get("dataset") != records.name:
                return []
            found = lint(book, book / "no-runs", facts_of(clear(records), lang))
            faults += (replace(each, file=f"{lang}/{each.file}") for each in found) if within else found
    return faults


def source_faults(sources: tuple[Source, ...], project: Project, book: Path, *, dangling: bool = True) -> list[Fault]:
    """Faults of assembled chapters; without `dangling` references to what a run would bring are let through."""
    faults: list[Fault] = []
    defined: dict[str, str] = {}
    known = frozenset(work["id"] for work in works(book, project))
    for source in sources:
        faults += _headings(source)
        faults += _notes(source)
        for line in source.lines:
            faults += (Fault(line.file, line.number, None, rule) for rule in _line_rules(line))
            if line.code:
                continue
            for name in _DEFINED.findall(outside_code(line.text)):
                if name in defined:
                    faults.append(Fault(line.file, line.number, None, message("book_id_twice", name=name)))
                defined[name] = line.file
    for source in sources:
        for line in source.lines:
            faults += _targets(line, defined, known, dangling=dangling)
    return in_order(faults)


def _targets(line: Line, defined: dict[str, str], known: frozenset[str], *, dangling: bool) -> Iterator[Fault]:
    if line.code:
        return
    prose = outside_code(line.text)
    for name in _REFERENCE.findall(prose):
        lower = name[0].lower() + name[1:]
        if lower.split("-")[0] not in _KINDS:
            yield Fault(line.file, line.number, None, message("book_reference_kind", name=name))
        elif lower not in defined and (dangling or lower.startswith("sec-")):
            yield Fault(line.file, line.number, None, message("book_reference", name=name))
    for name in CITATION.findall(_REFERENCE.sub("", IMAGE.sub("", prose))):
        if name not in known and name.rstrip(".:") not in known:
            yield Fault(line.file, line.number, None, message("book_citation", name=name))


def _headings(source: Source) -> Iterator[Fault]:
    level = 0
    for line in source.lines:
        found = None if line.code else _HEADING.match(line.text)
        if not found:
            if level == 0 and line.text.strip():
                yield Fault(line.file, line.number, None, message("book_first_heading"))
                level = 1
            continue
        depth = len(found[1])
        if level == 0 and depth > 1:
            yield Fault(line.file, line.number, None, message("book_first_heading"))
        elif level > 0 and depth == 1:
            yield Fault(line.file, line.number, None, message("book_one_title"))
        elif level > 0 and depth > level + 1:
            yield Fault(line.file, line.number, None, message("book_heading_level"))
        level = depth


def _notes(source: Source) -> Iterator[Fault]:
    notes: set[str] = set()
    for line in source.lines:
        found = None if line.code else _NOTE.match(line.text)
        if found:
            if found[1] in notes:
                yield Fault(line.file, line.number, None, message("book_note_twice", name=found[1]))
            notes.add(found[1])
    for line in source.lines:
        if not line.code:
            for name in _NOTE_USE.findall(outside_code(line.text)):
                if name not in notes:
                    yield Fault(line.file, line.number, None, message("book_note", name=name))


def _line_rules(line: Line) -> Iterator[str]:
    if line.code:
        fence = FENCE.match(line.text)
        if fence and _CELL.match(fence[2].strip()):
            yield message("book_cell")
        return
    prose = outside_code(line.text)
    if line.number == 1 and prose.rstrip() == "---":
        yield message("book_front_matter")
    for found in SHORTCODE.finditer(prose):
        if found[1] not in ("include", "var", "pagebreak"):
            yield message("book_shortcode", name=found[1])
        elif found[1] != "var" and prose.strip() != found[0]:
            yield message("book_shortcode_alone", name=found[1])
    fenced = _DIV.match(line.text)
    if fenced and fenced[1]:
        shape = _DIV_ATTRIBUTES.fullmatch(fenced[1])
        name = shape and (shape["name"] or shape["bare"])
        if not shape or (name and name not in CLASSES):
            yield message("book_div")
        return
    if _INLINE_CELL.search(line.text):
        yield message("book_cell")
    if _INLINE_RAW.search(line.text):
        yield message("book_html")
    if any(not _SPAN_ATTRIBUTES.fullmatch(found[1]) for found in _SPAN.finditer(prose)):
        yield message("book_span")
    if _ATTRIBUTE.search(prose):
        yield message("book_layout")
    if _HTML.search(re.sub(r"<https?://[^>]*>|<[^<>\s]+@[^<>\s]+>", "", prose)):
        yield message("book_html")
    if _MATH.search(prose) or prose.strip().startswith("$$"):
        yield message("book_math")
    for found in IMAGE.finditer(line.text):
        alt = _ALT.search(found[2] or "")
        if not alt or not alt[1].strip():
            yield message("book_alt")
        if "://" in found[1] or found[1].startswith("/") or ".." in found[1].split("/"):
            yield message("book_image_place")
