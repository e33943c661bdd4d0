"""The same book through Quarto, where it is on PATH: what is told is decided before, Quarto gives the form.

Numbers, references and citations are those of the numbered pages, so that both engines print the same ones; pages,
navigation, search, callouts and enlarged figures are Quarto's own.
"""

from __future__ import annotations

import copy
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from clss_analysis.publish import figures, pandoc
from clss_analysis.publish.blocks import sheet_mark
from clss_analysis.publish.crossref import Page
from clss_analysis.publish.edition import Edition, volume_name
from clss_analysis.publish.html import local_links, numbered_heading, places
from clss_analysis.publish.project import PROJECT_FILE, Project
from clss_analysis.publish.tree import Node, attr, div, para, rewrite, text, words
from clss_analysis.publish.word import reference
from clss_analysis.records.atomic import write_file
from clss_analysis.records.vocabulary import message

_NAMES = {".html": "html", ".pdf": "typst", ".epub": "epub", ".docx": "docx"}
# What Quarto is to read as it was written: no markup of a record, no quotes made round, no figure out of an image.
_WRITER = "markdown-smart-raw_html-raw_tex-raw_attribute-native_divs-native_spans-simple_tables-multiline_tables"
_READER = "markdown-smart"
_TAKEN = ("fig-", "tbl-", "ref")  # ids of which Quarto would make numbers and works cited of its own
_NOTE = re.compile(r"\[\^(\d+)\]")  # a number in each file, but Quarto binds the files as one
_BRAND = "_brand.yml"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_SETTLED = ("bibliography", "csl", "crossref", "number-depth")


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
    pages: list[Page],
    edition: Edition,
    pictures: Mapping[str, figures.Picture],
    out: Path,
    *,
    project: Project,
    book: Path,
    log: Path,
    say: Callable[[str], None],
) -> None:
    """Render a volume, or the site, with Quarto.

    Args:
        pages: the numbered chapters, their citations resolved.
        edition: title, subtitle, author and banner.
        pictures: image files by the address that chapters use.
        out: the file to make, which says the format: .pdf (Quarto's Typst format), .epub, .docx, or .html for the
            first page of a site in that folder.
        project: the book project.
        book: its folder, for the theme.
        log: where all that Quarto said is kept if it stops.
        say: told what Quarto warns of, a line each.

    Raises:
        QuartoMissingError: quarto is not on PATH.
        QuartoError: it ended with an error.
    """
    program = require_quarto()
    with TemporaryDirectory(prefix=".quarto-copy-", dir=out.parent) as place:
        work = Path(place)
        stage_sources(pages, edition, pictures, work, project=project, book=book, ending=out.suffix, stem=out.stem)
        command = [program, "render", str(work), "--to", _NAMES[out.suffix], "--no-execute"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=work)
        said = _COLOUR.sub("", f"{done.stdout}\n{done.stderr}")
        if done.returncode:
            write_file(log, said)
            reason = _reason(_COLOUR.sub("", done.stderr or done.stdout))
            raise QuartoError(message("book_quarto_failed", reason=reason, log=log))
        for line in said.splitlines():
            if "WARN" in line or line.lower().startswith("warning"):
                say(message("book_quarto_warned", line=line.strip()))
        made = work / "_book"
        if out.suffix == ".html":
            shutil.copytree(made, out.parent, dirs_exist_ok=True)
        else:
            shutil.copyfile(made / out.name, out)


def stage_sources(
    pages: list[Page],
    edition: Edition,
    pictures: Mapping[str, figures.Picture],
    work: Path,
    *,
    project: Project,
    book: Path,
    ending: str,
    stem: str,
) -> None:
    """Write a Quarto project of these pages: a file a chapter, figures, theme and settings.

    Without `index.md`, which Quarto asks for, there is one that names the volumes.
    """
    names = [page.chapter.file.rsplit("/", 1)[-1] for page in pages]
    where = places(pages, [page.chapter.page for page in pages]) if ending == ".html" else {}
    for page, name in zip(pages, names, strict=True):
        linked = local_links(page.blocks, where, page.chapter.page)
        blocks = rewrite(linked, lambda node: _quarto(node, pictures, ending))
        written = _written(_under_banner(blocks, edition))
        (work / name).write_text(_NOTE.sub(rf"[^{Path(name).stem}-\1]", written), encoding="utf-8")
    settings = _settings(pages, names, edition, project)
    if "index.md" not in names:
        settings["book"]["chapters"].insert(0, "index.md")
        title = {"t": "Header", "c": [1, attr("", ["unnumbered"]), words(edition.volume or edition.title)]}
        (work / "index.md").write_text(_written([title, para(words(edition.other))]), encoding="utf-8")
    settings["book"]["output-file"] = stem if ending != ".html" else "clss"
    (work / PROJECT_FILE).write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (work / figures.FOLDER).mkdir()
    for picture in pictures.values():
        path = _drawn(picture, ending)
        shutil.copyfile(path, work / figures.FOLDER / path.name)
    theme = work / "theme"
    (theme / "fonts").mkdir(parents=True)
    if (book / "theme").is_dir():
        shutil.copytree(book / "theme", theme, dirs_exist_ok=True)
    for style in ("livre.css", "epub.css", "quarto.scss", "quarto.typ", _BRAND):
        if not (theme / style).is_file():
            content = files("clss_analysis.publish").joinpath("theme", style).read_text("utf-8")
            # fonts are the brand's: an EPUB may name no file that it has not
            kept = "".join(line for line in content.splitlines(keepends=True) if not line.startswith("@font-face"))
            (theme / style).write_text(kept, encoding="utf-8")
    (theme / "styles.docx").write_bytes(reference())
    shutil.copyfile(theme / _BRAND, work / _BRAND)
    for font in files("clss_analysis.fonts").iterdir():
        if font.name.endswith(".ttf"):
            (theme / "fonts" / font.name).write_bytes(font.read_bytes())


def _settings(pages: list[Page], names: list[str], edition: Edition, project: Project) -> dict[str, Any]:
    """The project file of these pages: that of the book, without what is settled before Quarto reads them."""
    settings: dict[str, Any] = {
        key: copy.deepcopy(value) for key, value in project.settings.items() if key not in _SETTLED
    }
    settings |= {"lang": edition.lang, "number-sections": False, "from": _READER, "tbl-colwidths": False}
    settings["project"] = {"type": "book", "output-dir": "_book"}
    about = settings["book"]
    about |= {"title": edition.full_title, "subtitle": edition.subtitle, "author": edition.author}
    about["chapters"] = _listed(pages, names, edition)
    about.pop("appendices", None)
    formats = settings.get("format", {})
    if "typst" in formats:
        formats["typst"] |= {"font-paths": ["theme/fonts"], "include-before-body": "theme/quarto.typ"}
    if "docx" in formats:
        formats["docx"] = {"reference-doc": "theme/styles.docx"} | (formats["docx"] or {})
    return settings


def _listed(pages: list[Page], names: list[str], edition: Edition) -> list[Any]:
    """The chapters as the project file lists them, those of the site under the names of their volumes."""
    both = len({page.chapter.technical for page in pages}) > 1 and not edition.volume
    listed: list[Any] = []
    for page, name in zip(pages, names, strict=True):
        named = str(volume_name(edition.around, technical=page.chapter.technical)) if both and listed else None
        part = page.chapter.part or named
        if part and not (listed and isinstance(listed[-1], dict) and listed[-1]["part"] == part):
            listed.append({"part": part, "chapters": []})
        (listed[-1]["chapters"] if part else listed).append(name)
    return listed


def _quarto(node: Node, pictures: Mapping[str, figures.Picture], ending: str) -> list[Node] | None:
    """A node as Quarto reads it: figures as images with a caption, numbers as words."""
    if node["t"] == "Header":
        level, (identifier, classes, values), inlines = numbered_heading(node)["c"]
        return [{"t": "Header", "c": [level, [identifier, sorted({*classes, "unnumbered"}), values], inlines]}]
    if node["t"] == "Cite":
        return list(node["c"][1])
    if node["t"] == "Image":
        identifier, classes, values = node["c"][0]
        place = f"{figures.FOLDER}/{_drawn(pictures[node['c'][2][0]], ending).name}"
        return [{"t": "Image", "c": [[identifier, classes, values], node["c"][1], [place, ""]]}]
    if node["t"] == "Figure" and len(images := figures.images(node["c"][2])) == 1:
        caption = node["c"][1][1]
        alone = {**images[0], "c": [images[0]["c"][0], caption[0]["c"] if caption else [], images[0]["c"][2]]}
        return [div([para([alone])], attr(_renamed(node["c"][0][0]), ["figure"]))]
    if node["t"] == "Table":
        # Quarto's Typst format drops the caption of a table that it does not number itself
        caption, bare = node["c"][1][1], attr("")
        above = [para(caption[0]["c"])] if caption and ending == ".pdf" else []
        table = {**node, "c": [bare, [None, []] if above else node["c"][1], *node["c"][2:]]}
        return [div([*above, table], attr(_renamed(node["c"][0][0]), ["tableau"]))]
    if node["t"] == "Link" and not node["c"][2][0].startswith("http"):
        page, sign, name = node["c"][2][0].partition("#")
        return [{**node, "c": [*node["c"][:2], [page + sign + _renamed(name), ""]]}]
    if node["t"] == "Div" and {"csl-bib-body", "csl-entry"} & set(node["c"][0][1]):
        return [div(node["c"][1], attr(_renamed(node["c"][0][0]), ["oeuvre"]))]
    return [] if sheet_mark(node) else None


def _renamed(identifier: str) -> str:
    return f"la-{identifier}" if identifier.startswith(_TAKEN) else identifier


def _drawn(picture: figures.Picture, ending: str) -> Path:
    """The file of a picture: Word shows no SVG unless a program that Quarto may lack turns it into something else."""
    png = picture.path.with_suffix(".png")
    return png if ending == ".docx" and png.is_file() else picture.path


def _under_banner(blocks: list[Node], edition: Edition) -> list[Node]:
    if not edition.banner:
        return blocks
    titled = bool(blocks) and blocks[0]["t"] == "Header"
    told = div([para([text(edition.banner)])], attr("", ["callout-important"], title=edition.banner))
    return [*blocks[:titled], told, *blocks[titled:]]


def _written(blocks: list[Node]) -> str:
    """Markdown in which nothing is a shortcode: Quarto looks for those in alt texts too, which pandoc leaves as is."""
    return pandoc.write(blocks, ["--to", _WRITER, "--wrap=none"]).decode().replace("{{<", "{{&lt;")


def _reason(said: str) -> str:
    """The line in which Quarto gives its reason, without its stack."""
    lines = [line.strip() for line in said.splitlines()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR")]
    return next(filter(None, [*errors, *reversed(lines)]), "?")[:200]
