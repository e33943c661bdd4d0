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

from clss_analysis.publish.project import LOADER, PROJECT_FILE, RECUEIL, VARIABLES_FILE, Chapter
from clss_analysis.publish.source import included
from clss_analysis.records import Fault
from clss_analysis.records.atomic import write_file
from clss_analysis.records.descriptor import FILE as DESCRIPTOR
from clss_analysis.records.house import House, shipped
from clss_analysis.records.house_settings import FILE
from clss_analysis.records.sheet import read_sheet
from clss_analysis.records.typography import region
from clss_analysis.records.vocabulary import LANGUAGES, message

MADE = ("_runs", "_book*", "_brief", "_cache", ".quarto")
NOTEBOOKS = "notebooks"
REFERENCES = "references.bib"
_SHEETS, _SHEET = "menages.md", "menage-"
_OURS, _CASE = "../data/publication", re.compile(r'("case = \\")\w+(\\")')
"""What our notebooks read, as the cell of their parameters says it."""
_WORKS, _WORKS_PAGE = "{#refs}", "references.md"
_OF_WORKS = ("bibliography", "csl", "link-citations")
_FIXED = "_fixed.csv"


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


def notebooks_to_open(house: House) -> tuple[Path, Path]:
    """A house, and the notebooks that a person opens in it: its own, else copies of ours that read its records.

    Copies lie among what the house makes; those that are there stay as they are.
    """
    own, ours = house.folder / NOTEBOOKS, shipped().folder / NOTEBOOKS
    if own.is_dir():
        return house.folder, own
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
    return house.folder, made


def complete_book(house: House, place: Path, lang: str = "") -> Path:
    """The folder of a house's book, whole: its own chapters and settings over what the package brings.

    The chapters tell the records of the house, where their `_variables.yml` does not name others.
    A house without `_quarto.yml` gets one: its chapters by their names, `index.md` first, then as appendices the works
    cited where it has a `references.bib`, and the pages that are computed, but for those that a chapter brings already.
    A page or notebook of the package is replaced by a file of the same name.

    In a language that is not the house's, the chapters are those of the folder `nl`, say, of its book, in the same
    order; a technical volume, and a chapter that is not in that folder, are left out.  Without such a folder they stay
    what they are, and the computed pages alone speak the language.

    Args:
        house: the house.
        place: a folder for it, if one must be made.
        lang: fr, nl or en; default: the language of the house.

    Returns:
        The house's own folder where nothing is missing in it, else a folder below `place`.
    """
    ours, own = shipped().book, house.book
    at_home = not lang or lang == house.settings.language
    if own == ours and at_home:
        return own
    made = place / house.settings.folders["book"]
    lang = lang or house.settings.language
    _overlay(ours / "theme", made / "theme")
    _overlay(ours / RECUEIL, made / RECUEIL)
    with as_file(files("clss_analysis.publish").joinpath("skeleton", lang, RECUEIL)) as translated:
        _overlay(translated, made / RECUEIL)
    _overlay(own, made, *(() if at_home else (RECUEIL,)))
    if again := not at_home and house.tells_in(lang):
        for path in (*made.glob("*.md"), made / _FIXED):
            path.unlink(missing_ok=True)
        _overlay(own / lang, made)
    if (house.folder / FILE).is_file():
        shutil.copyfile(house.folder / FILE, place / FILE)
    default = _loaded(ours / VARIABLES_FILE)
    said = _loaded(made / VARIABLES_FILE)
    if said or not (own / VARIABLES_FILE).is_file():
        told = {"dataset": name} if (name := _loaded(house.records / DESCRIPTOR).get("name")) else {}
        _dump(made / VARIABLES_FILE, {"recueil": default["recueil"], **told, **said})
    if not (made / PROJECT_FILE).is_file():
        chapters = sorted((path.name for path in made.glob("*.md")), key=lambda name: (name != "index.md", name))
        pages = [name for name in default["recueil"] if name != "index.md"]
        bare = _project(_loaded(ours / PROJECT_FILE), lang if again or not chapters else house.settings.language)
        bare["book"] |= {"chapters": chapters}
        bare["book"] |= {"appendices": [f"{RECUEIL}-{name}" for name in _still(pages, chapters, made)]}
        if (made / REFERENCES).is_file():
            _print_works(bare, made, lang)
        else:
            bare = {key: each for key, each in bare.items() if key not in _OF_WORKS}
        _dump(made / PROJECT_FILE, bare)
        for name in pages:
            shutil.copyfile(made / RECUEIL / name, made / f"{RECUEIL}-{name}")
    elif again:
        variables = _loaded(made / VARIABLES_FILE)
        apart = variables.pop("technique", ())
        _dump(made / VARIABLES_FILE, variables)
        _dump(made / PROJECT_FILE, _told_again(_loaded(made / PROJECT_FILE), lang, apart, made))
    if "bibliography" in _loaded(made / PROJECT_FILE) and not (own / REFERENCES).exists():
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


def _print_works(project: dict[str, Any], book: Path, lang: str) -> None:
    """Print the works cited where no chapter of a project that we made does."""
    if not any(_WORKS in (book / name).read_text(encoding="utf-8") for name in project["book"]["chapters"]):
        title = message("house.works_cited", lang)
        (book / _WORKS_PAGE).write_text(f"# {title} {{.unnumbered}}\n\n::: {_WORKS}\n:::\n", encoding="utf-8")
        project["book"]["appendices"].insert(0, _WORKS_PAGE)


def _overlay(source: Path, target: Path, *but: str) -> None:
    made = shutil.ignore_patterns(*MADE)

    def left_out(at: str, names: list[str]) -> set[str]:
        return made(at, names) | ({*LANGUAGES, *but} if Path(at) == source else set())

    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True, ignore=left_out)


def _told_again(said: dict[str, Any], lang: str, apart: Iterable[str], book: Path) -> dict[str, Any]:
    """A project file whose chapters are those that stand in `book`, in their language: no parts, nothing set apart."""
    made = _project(said, lang)
    for key in ("title", "subtitle", "description"):
        made["book"].pop(key, None)
    for key in ("chapters", "appendices"):
        entries = said["book"].get(key) or ()
        names = [name for each in entries for name in (each["chapters"] if isinstance(each, dict) else (each,))]
        made["book"][key] = [name for name in names if name not in apart and (book / name).is_file()]
    return made


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


def _project(said: dict[str, Any], lang: str) -> dict[str, Any]:
    """A project file in a language."""
    made = copy.deepcopy(said)
    made["lang"] = f"{lang}-{region(lang)}"
    made["crossref"] = made.get("crossref", {}) | {
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
        said = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - a SafeLoader
    except (OSError, UnicodeDecodeError, yaml.YAMLError):  # `read_project` says what is wrong with it
        return {}
    return said if isinstance(said, dict) else {}


def _dump(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8", newline="\n")
