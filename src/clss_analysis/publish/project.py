"""The book project file: `_quarto.yml` and `_variables.yml`, read as Quarto reads them."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from clss_analysis.records.faults import Fault
from clss_analysis.records.house import find_house
from clss_analysis.records.house_settings import Settings
from clss_analysis.records.typography import capital
from clss_analysis.records.vocabulary import message

PROJECT_FILE = "_quarto.yml"
VARIABLES_FILE = "_variables.yml"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where PyYAML was built with it, as wheels are
RECUEIL = "recueil"

# Keys after Quarto's reference (project, book, crossref, and the options of its formats) that both engines honour
# or that Quarto alone may use without the built-in book saying something else.  Anything else stops real Quarto 1.9
# or would be silently different in one of the two.
_FORMAT_KEYS = frozenset({"toc", "toc-depth", "number-sections", "number-depth", "css", "lang"})
KEYS: dict[str, frozenset[str]] = {
    "": frozenset({"project", "book", "lang", "bibliography", "csl", "link-citations", "crossref", "language"})
    | frozenset({"format", "number-sections", "number-depth", "toc", "toc-depth"}),
    "project": frozenset({"type", "output-dir"}),
    "book": frozenset({"title", "subtitle", "author", "date", "date-format", "description", "chapters", "appendices"})
    | frozenset({"output-file", "search", "page-navigation"}),
    "crossref": frozenset({"fig-title", "tbl-title", "title-delim", "fig-prefix", "tbl-prefix", "sec-prefix"}),
    "language": frozenset({"crossref-ch-prefix", "section-title-references", "crossref-apx-prefix"}),
    "format": frozenset({"html", "typst", "epub", "docx"}),
    "format.html": _FORMAT_KEYS | {"theme", "lightbox"},
    "format.typst": _FORMAT_KEYS | {"papersize", "margin", "mainfont", "fontsize", "font-paths"},
    "format.typst.margin": frozenset({"x", "y", "top", "bottom", "left", "right"}),
    "format.epub": _FORMAT_KEYS,
    "format.docx": _FORMAT_KEYS | {"reference-doc"},
}
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.md")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class BookError(ValueError):
    """A book that cannot be built; `faults` names file and line of each reason, and the text has one line for each."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True)
class Chapter:
    """A chapter: its file, the part it stands in, whether it is an appendix, and whether of the technical volume."""

    file: str
    part: str | None = None
    appendix: bool = False
    technical: bool = False

    @property
    def page(self) -> str:
        """Name of its HTML page."""
        return self.file.rsplit("/", 1)[-1].removesuffix(".md") + ".html"


@dataclass(frozen=True)
class Project:
    """What the project file says, and where it says nothing the `clss.toml` of the house; `date` None without any."""

    title: str
    subtitle: str
    author: str
    date: datetime.date | None
    house: Settings
    lang: str
    chapters: tuple[Chapter, ...]
    bibliography: str | None
    csl: str | None
    number_depth: int
    variables: dict[str, Any]
    settings: dict[str, Any]

    @property
    def language(self) -> str:
        """Language of the chapters: fr, nl or en."""
        return self.lang[:2]

    def tells(self, dataset: str) -> bool:
        """Whether the chapters tell the dataset of this name; those that name none tell any."""
        return self.variables.get("dataset") in (None, dataset)


def read_project(book: Path) -> Project:
    """Read the project file of a book.

    Args:
        book: the folder that holds `_quarto.yml`.

    Returns:
        The project.

    Raises:
        BookError: no such file, not YAML, a key that Quarto does not know or the built-in engine does not honour,
            a chapter that is not a Markdown file of the book's own folder.
    """
    faults: list[Fault] = []
    settings = _load(book / PROJECT_FILE, PROJECT_FILE, faults)
    variables = _load(book / VARIABLES_FILE, VARIABLES_FILE, faults) if (book / VARIABLES_FILE).is_file() else {}
    if faults:
        raise BookError(faults)
    lines = _key_lines(book / PROJECT_FILE)
    _check_keys(settings, "", lines, faults)
    about = _mapping(settings.get("book"))
    chapters = [
        *_chapters(about.get("chapters"), lines, faults, appendix=False),
        *_chapters(about.get("appendices"), lines, faults, appendix=True),
    ]
    if not chapters:
        faults.append(_fault(lines, "book", message("book_no_chapters")))
    absent = [chapter.file for chapter in chapters if not (book / chapter.file).is_file()]
    faults += [Fault(name, None, None, message("book_no_file")) for name in absent]
    if len({chapter.file for chapter in chapters}) < len(chapters):
        faults.append(_fault(lines, "book.chapters", message("book_chapter_twice")))
    chapters, apart = _in_volumes(chapters, variables.get("technique") or [])
    if apart:
        line = _key_lines(book / VARIABLES_FILE)["technique"]
        faults += [Fault(VARIABLES_FILE, line, None, message("book_technique", name=name)) for name in apart]
    house = find_house(book)
    said = Settings() if house is None or house.book.resolve() != book.resolve() else house.settings
    lang = str(settings.get("lang", "fr-BE"))
    said = said.in_language(lang[:2])
    found = _DATE.fullmatch(str(about.get("date", said.date or "")))
    if not found and "date" in about:
        faults.append(_fault(lines, "book.date", message("book_date")))
    for key in ("bibliography", "csl"):
        name = settings.get(key)
        if name is not None and not (isinstance(name, str) and _inside(book, name)):
            faults.append(_fault(lines, key, message("book_no_file")))
    if faults:
        raise BookError(faults)
    return Project(
        title=str(about.get("title", said.title or said.name)),
        subtitle=str(about.get("subtitle", said.subtitle)),
        author=str(about.get("author", said.signed)),
        date=datetime.date(int(found[1]), int(found[2]), int(found[3])) if found else None,
        house=said,
        lang=lang,
        chapters=tuple(chapters),
        bibliography=settings.get("bibliography"),
        csl=settings.get("csl"),
        number_depth=int(settings.get("number-depth", 6)) if settings.get("number-sections") else 0,
        variables={"maison": _of_house(said)} | variables,
        settings=settings,
    )


def _of_house(said: Settings) -> dict[str, str]:
    """What chapters may take from `clss.toml` as `maison.nom` and the like; what is not said is no variable."""
    year = str(said.date.year) if said.date else ""
    given = {"nom": said.name, "lieu": said.place, "titre": said.title, "annee": year}
    answers = said.responsible or message("book_no_responsible", said.language)
    given |= {"contact": said.contact, "licence": capital(said.licence), "editeur": capital(answers)}
    return {key: value for key, value in given.items() if value}


def _in_volumes(chapters: list[Chapter], technique: object) -> tuple[list[Chapter], list[str]]:
    """The chapters, those of the technical volume last, and what `technique` names that is no chapter."""
    names = [str(name) for name in technique] if isinstance(technique, list) else [str(technique)]
    told = [replace(chapter, technical=chapter.file in names) for chapter in chapters]
    known = {chapter.file for chapter in chapters}
    return sorted(told, key=lambda chapter: chapter.technical), [name for name in names if name not in known]


def recueil_chapters(project: Project) -> tuple[Chapter, ...]:
    """The pages of a book that has no narrative: those that `recueil` of `_variables.yml` lists, in its order."""
    names = project.variables.get("recueil") or ()
    return tuple(Chapter(f"{RECUEIL}/{name}") for name in names)


def _inside(book: Path, name: str) -> bool:
    path = (book / name).resolve()
    return path.is_file() and path.is_relative_to(book.resolve())


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _load(path: Path, name: str, faults: list[Fault]) -> dict[str, Any]:
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - a SafeLoader
    except FileNotFoundError:
        faults.append(Fault(name, None, None, message("book_no_file")))
    except UnicodeDecodeError:
        faults.append(Fault(name, None, None, message("book_not_utf8")))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        faults.append(Fault(name, mark.line + 1 if mark else None, None, message("book_not_yaml")))
    else:
        if isinstance(loaded, dict):
            return loaded
        faults.append(Fault(name, None, None, message("book_not_yaml")))
    return {}


def _key_lines(path: Path) -> dict[str, int]:
    lines: dict[str, int] = {}

    def visit(node: object, prefix: str) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                name = f"{prefix}.{key.value}" if prefix else str(key.value)
                lines[name] = key.start_mark.line + 1
                visit(value, name)

    visit(yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER), "")
    return lines


def _fault(lines: dict[str, int], key: str, rule: str) -> Fault:
    return Fault(PROJECT_FILE, lines.get(key), None, rule)


def _check_keys(value: object, where: str, lines: dict[str, int], faults: list[Fault]) -> None:
    if where not in KEYS or not isinstance(value, dict):
        return
    for key, inner in value.items():
        name = f"{where}.{key}" if where else str(key)
        if key not in KEYS[where]:
            faults.append(_fault(lines, name, message("book_unknown_key", name=name)))
        else:
            _check_keys(inner, name, lines, faults)


def _chapters(value: object, lines: dict[str, int], faults: list[Fault], *, appendix: bool) -> list[Chapter]:
    chapters: list[Chapter] = []
    key = "book.appendices" if appendix else "book.chapters"
    for entry in value if isinstance(value, list) else ():
        if isinstance(entry, dict) and set(entry) == {"part", "chapters"} and not str(entry["part"]).endswith(".md"):
            names, part = list(entry["chapters"]), str(entry["part"])
        else:
            names, part = [entry], None
        for name in names:
            if isinstance(name, str) and _FILE.fullmatch(name):
                chapters.append(Chapter(name, part, appendix))
            else:
                faults.append(_fault(lines, key, message("book_chapter_name")))
    return chapters
