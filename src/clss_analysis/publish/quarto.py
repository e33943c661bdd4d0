"""The same book through Quarto, where it is on PATH."""

from __future__ import annotations

import copy
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from clss_analysis.publish.edition import Edition
from clss_analysis.publish.project import PROJECT_FILE, VARIABLES_FILE, Chapter, Project
from clss_analysis.publish.source import Shelf, written
from clss_analysis.publish.unchanged import CACHE
from clss_analysis.records.atomic import write_file
from clss_analysis.records.vocabulary import message

_NAMES = {"html": "html", "pdf": "typst", "epub": "epub", "docx": "docx"}
_MADE = ("_book", "_runs", "_brief", ".quarto", "recueil")


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
    chapters: tuple[Chapter, ...],
    shelf: Shelf,
    edition: Edition,
    out: Path,
    *,
    formats: tuple[str, ...],
) -> None:
    """Render the book with Quarto on a copy of its sources, and put the result into `out`.

    Args:
        project: the book project.
        chapters: the chapters to render.
        shelf: where chapters and fragments are.
        edition: title, subtitle, author and banner.
        out: a folder that exists.
        formats: some of html, pdf, epub, docx; a PDF is Quarto's Typst format.

    Raises:
        QuartoMissingError: quarto is not on PATH.
        QuartoError: it ended with an error.
    """
    program = require_quarto()
    work = out / ".quarto-copy"
    stage_sources(project, chapters, shelf, edition, work)
    try:
        for name in formats:
            command = [program, "render", str(work), "--to", _NAMES[name], "--no-execute"]
            done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=work)
            if done.returncode:
                log = write_file(shelf.book / CACHE / "quarto.log", f"{done.stdout}\n{done.stderr}")
                raise QuartoError(message("book_quarto_failed", reason=_reason(done.stderr or done.stdout), log=log))
            # each render empties Quarto's folder: what one format gave is taken before the next
            shutil.copytree(work / str(project.settings["project"].get("output-dir", "_book")), out, dirs_exist_ok=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def stage_sources(project: Project, chapters: tuple[Chapter, ...], shelf: Shelf, edition: Edition, work: Path) -> None:
    """A copy of the sources that Quarto can render as it stands: chapters at the root, fragments in `_runs`."""
    shutil.copytree(shelf.book, work, ignore=shutil.ignore_patterns(*_MADE))
    shutil.copytree(shelf.runs, work / "_runs", dirs_exist_ok=True)
    for name, text in shelf.generated.items():
        (work / "_runs" / name).write_text(text, encoding="utf-8")
    settings: dict[str, Any] = copy.deepcopy(project.settings)
    about = settings["book"]
    about |= {"title": edition.title, "subtitle": edition.subtitle, "author": edition.author}
    if chapters != project.chapters:
        about["chapters"] = [chapter.file.rsplit("/", 1)[-1] for chapter in chapters]
        about.pop("appendices", None)
        for chapter in project.chapters:
            (work / chapter.file).unlink()
    for chapter in chapters:
        text = "\n".join(line.text for line in written(chapter.file, shelf.read(chapter.file) or "", shelf.facts, []))
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
    variables = yaml.safe_dump(dict(shelf.variables), allow_unicode=True, sort_keys=True)
    (work / VARIABLES_FILE).write_text(variables, encoding="utf-8")


def _reason(said: str) -> str:
    """The line in which Quarto gives its reason, without colours and stack."""
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in said.splitlines()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR")]
    return next(filter(None, [*errors, *reversed(lines)]), "?")[:200]
