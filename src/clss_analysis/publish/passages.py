"""A finished book in pieces that a person can decide about: a line, a cell of a table, a caption, an alt text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from clss_analysis.privacy.telling_ids import ID
from clss_analysis.privacy.texts import BOOK, Text, texts_of
from clss_analysis.publish.bibliography import Work, authors, is_public, language, said, works
from clss_analysis.publish.figures import words_drawn
from clss_analysis.publish.forms import DIVISION
from clss_analysis.publish.house_book import NOTEBOOKS
from clss_analysis.publish.project import PROJECT_FILE, RECUEIL, Project, read_project
from clss_analysis.publish.source import RUNS, SHORTCODE, Line, Source, written
from clss_analysis.publish.source_rules import CITATION
from clss_analysis.records import read
from clss_analysis.records.house import shipped
from clss_analysis.records.house_settings import FILE, TEXTS
from clss_analysis.records.vocabulary import message
from clss_analysis.runs.markdown import FENCE
from clss_analysis.runs.plan import GALLERY

_ATTRIBUTES = re.compile(r"\{[^{}]*\}")
_QUOTED = re.compile(r'([\w-]+)=\s*"((?:[^"\\]|\\.)*)"')
_BEARING = "data-rows="
_OF_TABLE = re.compile(r"^[a-z_]+[./]")
_KEY = re.compile(r"^[#.=-]*(?:(?:sec|fig|tbl)-|[\w-]+=)?")
_LANG = re.compile(r"\blang=\"?(fr|nl|en)\b")
_TARGET = re.compile(r"\]\(<?([^()\s>]*)>?([^()]*)\)")
_AWAY = re.compile(r"\w+:")
_HEAD = re.compile(r"^\s*(?:#{1,6}|>|[-*+]|\d{1,3}[.)]|:{1,}|\[\^\w+\]:)\s+")
_MARKS = re.compile(r"(?<!\\)[*`\[\]|]|(?<![\\\w])_|(?<!\\)_(?!\w)")
_ESCAPED = re.compile(r"\\([^\w\s]|_)")
_CELL = re.compile(r"(?<!\\)\|")
_OWN = (f"{RUNS}figures/", "_extensions/")
_SAID = ("title", "caption", "alt", "source", "description")
_OWN_NAME = ("name", "place")
"""Keys of `clss.toml` that say who the house is: nobody's secret."""
_SETTINGS = ("title", "subtitle", "author", "description", "part", "date-format", "output-file")


def passages(
    sources: Iterable[Source],
    project: Project,
    described: Iterable[Mapping[str, Any]] = (),
    *,
    drawn: Iterable[Path] = (),
    made: Iterable[str] = (),
    cited: Iterable[Work] = (),
    lang: str = "fr",
) -> dict[Text, list[str]]:
    """Every text of a book and where it stands: chapters, works, fragments, the project's words, what figures say.

    Args:
        sources: the chapters, assembled.
        project: for the language of its chapters and the words of its cover.
        described: the figures' own descriptions.
        drawn: the figures themselves, SVG files.
        made: names of fragments that the build itself wrote.
        cited: the works of its bibliography.
        lang: the language that the runs were computed in.
    """
    found: dict[Text, list[str]] = {}

    def add(text: str, place: str, spoken: str) -> None:
        if text := " ".join(text.split()):
            found.setdefault((BOOK, spoken, text), []).append(place)

    written_in, own = project.language, {f"{RUNS}{name}" for name in made}
    for source in sources:
        if not source.chapter.file.startswith(RUNS):
            add(_stem(source.chapter.file), source.chapter.file, ID)
        spoken: list[str] = []
        for line in source.lines:
            base = lang if line.file.startswith(RUNS) else written_in
            if not line.code and (fence := DIVISION.match(line.text)):
                spoken = [*spoken, _lang(line.text) or (spoken[-1] if spoken else base)] if fence[1] else spoken[:-1]
            if line.file not in own and not line.file.startswith(_OWN):
                told = _lang(line.text) or (spoken[-1] if spoken else base)
                place = message("identifiers.line", file=line.file, n=line.number)
                for text in pieces(line):
                    add(text, place, told)
                for name in names(line):
                    add(name, place, ID)
    for work in cited:
        place = f"{project.bibliography}, {work['id']}"
        add("" if is_public(work) else work["id"], place, ID)
        for text in said(work):
            add(text, place, language(work) or written_in)
    for key, text in _said(project.settings.get("book")):
        add(text, f"{PROJECT_FILE}, {key}", ID if key == "output-file" else written_in)
    for key in TEXTS:
        if key not in _OWN_NAME:
            add(getattr(project.house, key), f"{FILE}, {key}", project.house.language)
    for figure in described:
        add(str(figure["id"]), f"figures/{figure['id']}", ID)
        add(_stem(str(figure.get("notebook") or "")), f"{figure['id']}, notebook", ID)
        for key in _SAID:
            add(str(figure.get(key) or ""), f"{figure['id']}, {key}", lang)
    for path in drawn:
        for text in words_drawn(path):
            add(text, f"figures/{path.name}", lang)
    return found


def pieces(line: Line) -> Iterator[str]:
    """The texts of a line of Markdown without its marks: the cells of a table, words in attributes, where links go.

    >>> list(pieces(Line('![Le *plan*](plan.svg){#fig-x fig-alt="Un plan."}', "a.md", 1)))
    ['Un plan.', '!Le plan']
    """
    if line.code:
        if not FENCE.match(line.text):
            yield line.text
        return
    text = SHORTCODE.sub(" ", line.text)
    for braces in _ATTRIBUTES.findall(text):
        if _BEARING not in braces:
            yield from (_bare(quoted) for _, quoted in _QUOTED.findall(braces))
    text = _ATTRIBUTES.sub(" ", text)
    for target, title in _TARGET.findall(text):
        yield from (each for each in (target if _AWAY.match(target) else "", title.strip(" \"'")) if each)
    text = _HEAD.sub("", CITATION.sub(" ", _TARGET.sub("]", text)))
    for cell in _CELL.split(text):
        bare = _bare(_MARKS.sub("", cell)).strip()
        if re.search(r"[^\W_]", bare):
            yield bare


def names(line: Line) -> Iterator[str]:
    """What in a line is a name rather than words: an id, a bare attribute, a row, a work cited, a file beside it.

    >>> list(names(Line('![Le plan](plan.svg){#fig-x} [@rogers2012]', "a.md", 1)))
    ['x', 'plan', 'rogers2012']
    """
    if line.code:
        return
    text = SHORTCODE.sub(" ", line.text)
    for braces in _ATTRIBUTES.findall(text):
        for told in _QUOTED.sub(" ", braces).strip("{}").split():
            yield _KEY.sub("", told).strip("'")
        if _BEARING in braces:
            rows = " ".join(_bare(quoted) for _, quoted in _QUOTED.findall(braces))
            yield from (_OF_TABLE.sub("", row.strip(",")) for row in rows.split())
    text = _ATTRIBUTES.sub(" ", text)
    for target, _ in _TARGET.findall(text):
        if not _AWAY.match(target) and not target.startswith(RUNS):
            yield _stem(unquote(target).lstrip("#"))
    yield from (_KEY.sub("", key) for key in CITATION.findall(_TARGET.sub("]", text)))


def _bare(marked: str) -> str:
    return html.unescape(_ESCAPED.sub(r"\1", marked))


def _stem(file: str) -> str:
    """The name that a file or page has, without its ending."""
    return re.sub(r"\.\w+(?=#|$)", "", file)


def known_words(book: Path, project: Project) -> list[str]:
    """What in a book is nobody's secret: whoever it cites, the house's own name, and what this package brought."""
    cited = [name for work in works(book, project) if is_public(work) for name in (work["id"], *authors(work))]
    ours = shipped().book
    brought: list[str] = []
    if project.house.name != read_project(ours).house.name:
        brought = [*_pieces_of(sorted((ours / RECUEIL).glob("*.md"))), *_works(ours)]
    return [*cited, *brought, *(getattr(project.house, key) for key in _OWN_NAME), *_skeleton(), *_gallery()]


def _works(book: Path) -> Iterator[str]:
    for work in works(book, read_project(book)):
        yield from (work["id"], *authors(work), *said(work))


@cache
def _skeleton() -> tuple[str, ...]:
    with as_file(files("clss_analysis.publish").joinpath("skeleton")) as folder:
        return tuple(_pieces_of(sorted(folder.rglob("*.md"))))


@cache
def _gallery() -> tuple[str, ...]:
    """The names of our notebooks, and what the invented records of the gallery say."""
    ours = shipped().folder
    invented = texts_of(read(ours / "data" / GALLERY)) if (ours / "data" / GALLERY).is_dir() else ()
    return (*sorted(path.stem for path in (ours / NOTEBOOKS).glob("*.ipynb")), *(key[2] for key in invented))


def _pieces_of(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        for line in written(path.name, path.read_text(encoding="utf-8"), None, []):
            yield from (*pieces(line), *names(line))


def _lang(text: str) -> str:
    found = _LANG.search(text)
    return found[1] if found else ""


def _said(value: object, key: str = "book") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _said(each, str(name))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            yield from _said(each, key)
    elif key in _SETTINGS and value is not None:
        yield key, str(value)
