"""The book and the notebooks of a house made whole: what does not stand there comes from the package."""

from __future__ import annotations

import copy
import os
import re
import shutil
from collections.abc import Iterable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import yaml

from clss_analysis.publish.project import PROJECT_FILE, RECUEIL, VARIABLES_FILE, Chapter
from clss_analysis.publish.source import included
from clss_analysis.records import Fault
from clss_analysis.records.atomic import write_file
from clss_analysis.records.descriptor import FILE as DESCRIPTOR
from clss_analysis.records.house import House, shipped
from clss_analysis.records.house_settings import FILE
from clss_analysis.records.sheet import read_sheet
from clss_analysis.records.typography import region
from clss_analysis.records.vocabulary import message

MADE = ("_runs", "_book", "_brief", "_cache", ".quarto")
NOTEBOOKS = "notebooks"
REFERENCES = "references.bib"
_SHEETS, _SHEET = "menages.md", "menage-"
_OURS, _CASE = "../data/publication", re.compile(r'("case = \\")\w+(\\")')
"""What our notebooks read, as the cell of their parameters says it."""
_WORKS, _WORKS_PAGE = "{#refs}", "references.md"


def complete_notebooks(house: House, place: Path) -> Path:
    """A folder with all notebooks: those of the house, and for each that it has not, the package's."""
    own, ours = house.folder / NOTEBOOKS, shipped().folder / NOTEBOOKS
    if own == ours:
        return ours
    made = place / NOTEBOOKS
    made.mkdir()
    for folder in (ours, own):
        for path in folder.glob("*.ipynb") if folder.is_dir() else ():
            shutil.copyfile(path, made / path.name)
    return made


def notebooks_to_open(house: House) -> Path:
    """The folder of notebooks that a person opens: that of the house, else copies of ours that read its records.

    Copies lie among what the house makes; those that are there stay as they are.
    """
    own, ours = house.folder / NOTEBOOKS, shipped().folder / NOTEBOOKS
    if own.is_dir():
        return own
    made = house.made(NOTEBOOKS)
    made.mkdir(parents=True, exist_ok=True)
    dataset = Path(os.path.relpath(house.records, made)).as_posix()
    sheet, _ = read_sheet(house.records, "households")
    cases = [row["id"] for _, row in sheet.records()] if sheet else []
    for path in sorted(ours.glob("*.ipynb")):
        text = path.read_text(encoding="utf-8")
        if _OURS not in text or (made / path.name).exists():
            continue
        text = text.replace(_OURS, dataset)
        write_file(made / path.name, _CASE.sub(rf"\g<1>{cases[0]}\g<2>", text) if cases else text)
    return made


def complete_book(house: House, place: Path) -> Path:
    """The folder of a house's book, whole: its own chapters and settings over what the package brings.

    The chapters tell the records of the house, where their `_variables.yml` does not name others.
    A house without `_quarto.yml` gets one: its chapters by their names, `index.md` first, then as appendices the works
    cited where it has a `references.bib`, and the pages that are computed, but for those that a chapter brings already.
    A page or notebook of the package is replaced by a file of the same name.

    Args:
        house: the house.
        place: a folder for it, if one must be made.

    Returns:
        The house's own folder where nothing is missing in it, else a folder below `place`.
    """
    ours, own = shipped().book, house.book
    if own == ours:
        return own
    made = place / house.settings.folders["book"]
    lang = house.settings.language
    _overlay(ours / "theme", made / "theme")
    _overlay(ours / RECUEIL, made / RECUEIL)
    with as_file(files("clss_analysis.publish").joinpath("skeleton", lang, RECUEIL)) as translated:
        _overlay(translated, made / RECUEIL)
    _overlay(own, made)
    if (house.folder / FILE).is_file():
        shutil.copyfile(house.folder / FILE, place / FILE)
    default = _loaded(ours / VARIABLES_FILE)
    said = _loaded(made / VARIABLES_FILE)
    if said or not (own / VARIABLES_FILE).is_file():
        told = {"dataset": name} if (name := _loaded(house.records / DESCRIPTOR).get("name")) else {}
        _dump(made / VARIABLES_FILE, {"recueil": default["recueil"], **told, **said})
    if not (made / PROJECT_FILE).is_file():
        chapters = sorted((path.name for path in own.glob("*.md")), key=lambda name: (name != "index.md", name))
        pages = [name for name in default["recueil"] if name != "index.md"]
        told = _project(_loaded(ours / PROJECT_FILE), chapters, _still(pages, chapters, made), lang)
        if (made / REFERENCES).is_file():
            _cite(told, made, lang)
        _dump(made / PROJECT_FILE, told)
        for name in pages:
            shutil.copyfile(made / RECUEIL / name, made / f"{RECUEIL}-{name}")
    elif "bibliography" in _loaded(made / PROJECT_FILE) and not (own / REFERENCES).exists():
        shutil.copyfile(ours / REFERENCES, made / REFERENCES)
    return made


def unread_bibliographies(house: House, bibliography: str | None) -> list[Fault]:
    """Bibliographies that lie in a house and that its book does not read.

    Args:
        house: the house.
        bibliography: the one that its book reads, by its place among the chapters.
    """
    read = bibliography and (house.book / bibliography).resolve()
    found = sorted({path.resolve() for folder in (house.folder, house.book) for path in folder.glob("*.bib")})
    place = f"{house.settings.folders['book']}/{REFERENCES}"
    return [Fault(path.name, 1, None, message("house.bibliography", place=place)) for path in found if path != read]


def _cite(project: dict[str, Any], book: Path, lang: str) -> None:
    """Let a project that we made read its own bibliography, and print the works cited where no chapter does."""
    ours = _loaded(shipped().book / PROJECT_FILE)
    project |= {"bibliography": REFERENCES} | {key: ours[key] for key in ("csl", "link-citations")}
    if not any(_WORKS in (book / name).read_text(encoding="utf-8") for name in project["book"]["chapters"]):
        title = message("house.works_cited", lang)
        (book / _WORKS_PAGE).write_text(f"# {title} {{.unnumbered}}\n\n::: {_WORKS}\n:::\n", encoding="utf-8")
        project["book"]["appendices"].insert(0, _WORKS_PAGE)


def _overlay(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*MADE))


def _still(pages: Iterable[str], chapters: Iterable[str], book: Path) -> list[str]:
    """The computed pages of which no chapter brings a part already."""
    asked = set(included(tuple(map(Chapter, chapters)), book))
    if any(name.startswith(_SHEET) for name in asked):
        asked.add(_SHEETS)
    left = []
    for name in pages:
        brings = included((Chapter(f"{RECUEIL}/{name}"),), book)
        if asked.isdisjoint(brings):
            left.append(name)
    return left


def _project(ours: dict[str, Any], chapters: list[str], pages: list[str], lang: str) -> dict[str, Any]:
    """The project file of a house that has none: ours, with its chapters, in its language."""
    made = copy.deepcopy(ours)
    about = {key: made["book"][key] for key in ("date-format", "output-file", "search", "page-navigation")}
    made["book"] = about | {"chapters": chapters, "appendices": [f"{RECUEIL}-{name}" for name in pages]}
    for key in ("bibliography", "csl", "link-citations"):
        made.pop(key)
    made["lang"] = f"{lang}-{region(lang)}"
    made["crossref"] |= {
        "fig-title": str(message("book_figure", lang, n="")).strip(),
        "tbl-title": str(message("book_table", lang, n="")).strip(),
        "fig-prefix": str(message("book_ref_figure", lang)),
        "tbl-prefix": str(message("book_ref_table", lang)),
        "sec-prefix": str(message("book_ref_section", lang)),
    }
    made["language"] = {"crossref-ch-prefix": str(message("book_ref_chapter", lang))}
    return made


def _loaded(path: Path) -> dict[str, Any]:
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):  # `read_project` says what is wrong with it
        return {}
    return said if isinstance(said, dict) else {}


def _dump(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8", newline="\n")
