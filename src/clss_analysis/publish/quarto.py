"""The same book through Quarto, where it is on PATH."""

from __future__ import annotations

import copy
import re
import shutil
import subprocess
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from clss_analysis.publish.edition import Edition, volume_name
from clss_analysis.publish.facts import Facts
from clss_analysis.publish.project import PROJECT_FILE, VARIABLES_FILE, Chapter, Project
from clss_analysis.publish.source import Line, Shelf, outside_code, showing, written
from clss_analysis.publish.unchanged import CACHE
from clss_analysis.publish.volumes import Volume, elsewhere
from clss_analysis.records.atomic import write_file
from clss_analysis.records.escape import markdown
from clss_analysis.records.vocabulary import message

_NAMES = {"html": "html", "pdf": "typst", "epub": "epub", "docx": "docx"}
_REFERENCE = re.compile(r"(\[)?(?<![\w\\])-?@([FfTtSs](?:ig|bl|ec)-[\w-]*\w)(?(1)\])")
_MADE = ("_book*", "_runs", "_brief", ".quarto", "recueil")


class QuartoMissingError(RuntimeError):
    """Quarto is not on PATH; the text says in French what to do."""


class QuartoError(RuntimeError):
    """Quarto refused; the text gives its reason in a line, and the file that holds all it said."""


def require_quarto() -> str:
    """Path of the quarto program.

    Raises:
        QuartoMissingError: it is not on PATH.
    """
    found = shutil.which("quarto")
    if found is None:
        raise QuartoMissingError(message("book_no_quarto"))
    return found


def render(
    project: Project,
    volumes: tuple[Volume, ...],
    shelf: Shelf,
    edition: Edition,
    out: Path,
    *,
    formats: tuple[str, ...],
    labels: Mapping[str, tuple[str, Chapter]],
) -> None:
    """Render the book with Quarto on copies of its sources, and put the results into `out`.

    Args:
        project: the book project.
        volumes: what is bound; the site has the chapters of all.
        shelf: where chapters and fragments are.
        edition: title, subtitle, author and banner.
        out: a folder that exists.
        formats: some of html, pdf, epub, docx; a PDF is Quarto's Typst format.
        labels: how the text refers to each section, figure and table, and its chapter.

    Raises:
        QuartoMissingError: quarto is not on PATH.
        QuartoError: it ended with an error.
    """
    program = require_quarto()
    work = out / ".quarto-copy"
    site = Volume(tuple(dict.fromkeys(each for volume in volumes for each in volume.chapters)), alone=True)
    shelf = showing(site.chapters, shelf)
    for name in formats:
        for volume in (site,) if name == "html" else volumes:
            try:
                stage_sources(project, volume.chapters, shelf, volume.of(edition, name), work,
                              stem="" if volume.alone else volume.stem,
                              away=_away(volume, volumes, labels, name, edition.around))  # fmt: skip
                command = [program, "render", str(work), "--to", _NAMES[name], "--no-execute"]
                done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=work)
                if done.returncode:
                    log = write_file(shelf.book / CACHE / "quarto.log", f"{done.stdout}\n{done.stderr}")
                    reason = _reason(done.stderr or done.stdout)
                    raise QuartoError(message("book_quarto_failed", reason=reason, log=log))
                # each render empties Quarto's folder: what one format gave is taken before the next
                made = work / str(project.settings["project"].get("output-dir", "_book"))
                shutil.copytree(made, out, dirs_exist_ok=True)
            finally:
                shutil.rmtree(work, ignore_errors=True)


def stage_sources(
    project: Project,
    chapters: tuple[Chapter, ...],
    shelf: Shelf,
    edition: Edition,
    work: Path,
    *,
    stem: str = "",
    away: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """A copy of the sources that Quarto can render as it stands: chapters at the root, fragments in `_runs`.

    Without `index.md`, which Quarto asks for, there is one that names the volumes.  `away` has the Markdown to put
    in the place of a reference to what is in none of these chapters.
    """
    shutil.copytree(shelf.book, work, ignore=shutil.ignore_patterns(*_MADE))
    shutil.copytree(shelf.runs, work / "_runs", dirs_exist_ok=True)
    for name, text in shelf.generated.items():
        (work / "_runs" / name).write_text(text, encoding="utf-8")
    for path in (work / "_runs").rglob("*.md"):
        text = shelf.read(path.relative_to(work).as_posix()) or ""
        path.write_text(_told(text, None, away), encoding="utf-8")
    settings: dict[str, Any] = copy.deepcopy(project.settings)
    about = settings["book"]
    about |= {"title": edition.full_title, "subtitle": edition.subtitle, "author": edition.author}
    about |= {"output-file": stem} if stem else {}
    if chapters != project.chapters or any(chapter.technical for chapter in chapters):
        for chapter in project.chapters:
            (work / chapter.file).unlink()
        about["chapters"] = _listed(chapters, edition, appendix=False)
        about["appendices"] = _listed(chapters, edition, appendix=True)
        if not any(chapter.page == "index.html" for chapter in chapters):
            about["chapters"].insert(0, "index.md")
            first = f"# {edition.volume} {{.unnumbered}}\n\n{markdown(edition.other)}\n"
            (work / "index.md").write_text(first, encoding="utf-8")
        if not about["appendices"]:
            del about["appendices"]
    for chapter in chapters:
        text = _told(shelf.read(chapter.file) or "", shelf.facts, away)
        if edition.banner:
            first, _, rest = text.partition("\n")
            text = f'{first}\n\n::: {{.callout-important title="{edition.banner}"}}\n{edition.banner}.\n:::\n{rest}'
        (work / chapter.file.rsplit("/", 1)[-1]).write_text(text, encoding="utf-8")
    for style in ("livre.css", "epub.css"):
        own = work / "theme" / style
        if not own.is_file():
            own.write_text(files("clss_analysis.publish").joinpath("theme", style).read_text("utf-8"), encoding="utf-8")
    fonts = work / "theme" / "fonts"
    fonts.mkdir(parents=True)
    for font in files("clss_analysis.fonts").iterdir():
        if font.name.endswith(".ttf"):
            (fonts / font.name).write_bytes(font.read_bytes())
    if "typst" in settings.get("format", {}):
        settings["format"]["typst"]["font-paths"] = ["theme/fonts"]
    dumped = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
    (work / PROJECT_FILE).write_text(dumped, encoding="utf-8")
    told = {key: value for key, value in shelf.variables.items() if key != "technique"}  # the chapters are these
    variables = yaml.safe_dump(told, allow_unicode=True, sort_keys=True)
    (work / VARIABLES_FILE).write_text(variables, encoding="utf-8")


def _listed(chapters: tuple[Chapter, ...], edition: Edition, *, appendix: bool) -> list[Any]:
    """The chapters or appendices as the project file lists them, those of the site under the names of their volumes."""
    both = len({chapter.technical for chapter in chapters}) > 1 and not edition.volume
    listed: list[Any] = []
    for chapter in (each for each in chapters if each.appendix == appendix):
        name = chapter.file.rsplit("/", 1)[-1]
        named = both and name != "index.md" and (chapter.technical or not appendix)
        part = chapter.part or (str(volume_name(edition.around, technical=chapter.technical)) if named else None)
        if part and not (listed and isinstance(listed[-1], dict) and listed[-1]["part"] == part):
            listed.append({"part": part, "chapters": []})
        (listed[-1]["chapters"] if part else listed).append(name)
    return listed


def _away(
    volume: Volume, volumes: tuple[Volume, ...], labels: Mapping[str, tuple[str, Chapter]], ending: str, lang: str
) -> dict[str, str]:
    """Markdown for a reference to each thing that this volume has not."""
    found = {}
    for name, (words, chapter) in labels.items():
        if chapter not in volume.chapters:
            other = next(each for each in volumes if chapter in each.chapters)
            told = markdown(elsewhere(words, other, lang))
            found[name] = told if ending == "epub" else f"[{told}]({other.stem}.{ending})"
    return found


def _told(text: str, facts: Facts | None, away: Mapping[str, str]) -> str:
    """A file with what it takes from the records put in, and what is in another volume told."""

    def line(each: Line) -> str:
        prose = "" if each.code else outside_code(each.text)
        told = each.text
        for found in reversed([*_REFERENCE.finditer(prose)]):
            words = away.get(found[2][0].lower() + found[2][1:])
            if words:
                words = (
                    words if found[2][0].islower() else re.sub(r"\w", lambda first: first[0].upper(), words, count=1)
                )
                told = told[: found.start()] + words + told[found.end() :]
        return told

    return "\n".join(line(each) for each in written("", text, facts, []))


def _reason(said: str) -> str:
    """The line in which Quarto gives its reason, without colours and stack."""
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in said.splitlines()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR")]
    return next(filter(None, [*errors, *reversed(lines)]), "?")[:200]
