"""The EPUB: the whole tree in one, as pandoc's writer wants it."""

from __future__ import annotations

import html
import shutil
import uuid
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from clss_analysis.publish import figures, pandoc
from clss_analysis.publish.crossref import Page
from clss_analysis.publish.edition import Edition
from clss_analysis.publish.fonts import FACES, woff
from clss_analysis.publish.html import marked, numbered_heading
from clss_analysis.publish.pdf import cover
from clss_analysis.publish.tree import SPACE, Node, attr, div, para, raw, rewrite, text, words
from clss_analysis.records.vocabulary import message

_NAMESPACE = uuid.UUID("7f1d3c52-8f0e-5a38-9a35-2f6f0b6a4c11")


def identifier(digest: str) -> str:
    """The URN of a book made from what this digest stands for."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, digest)}"


def write_epub(pages: list[Page], edition: Edition, pictures: Mapping[str, figures.Picture], out: Path) -> None:
    """Write the book as EPUB 3, its fonts and figures inside.

    Args:
        pages: the numbered chapters.
        edition: title, author, identifier, banner.
        pictures: image files by the address that chapters use.
        out: the .epub file.
    """
    with TemporaryDirectory(prefix=".epub-", dir=out.parent) as place:
        work = Path(place)
        for picture in pictures.values():
            target = work / picture.place
            target.parent.mkdir(exist_ok=True)
            if picture.path.suffix == ".svg":
                svg = picture.path.read_text(encoding="utf-8")
                target.write_text(figures.clean_svg(svg), encoding="utf-8")
            else:
                shutil.copyfile(picture.path, target)
        css = files("clss_analysis.publish").joinpath("theme", "epub.css").read_text(encoding="utf-8")
        (work / "epub.css").write_text(css, encoding="utf-8")
        arguments = ["--to", "epub3", "--wrap=none", "--split-level=1", "--toc", "--toc-depth=2", "--no-highlight"]
        arguments += [f"--css={work / 'epub.css'}", f"--resource-path={work}", "--output=-"]
        arguments.append(f"--epub-cover-image={cover(edition, work)}")
        for face in FACES:
            (work / f"{face}.woff").write_bytes(woff(face))
            arguments.append(f"--epub-embed-font={work / (face + '.woff')}")
        blocks = rewrite(whole(pages, edition), lambda node: _epub(node, pictures, edition.around))
        meta = {
            "title": edition.full_title,
            "subtitle": edition.subtitle,
            "author": edition.author,
            **({"rights": edition.licence} if edition.licence else {}),
            "date": edition.issued,
            "lang": edition.lang,
            "toc-title": message("book_contents", edition.around),
            "identifier": edition.identifier,
            "accessModes": ["textual", "visual"],
            "accessModeSufficient": ["textual"],
            "accessibilityFeatures": ["alternativeText", "structuralNavigation", "tableOfContents", "readingOrder"],
            "accessibilityHazards": ["none"],
            "accessibilitySummary": message("book_accessibility", edition.around),
        }
        out.write_bytes(pandoc.write(blocks, arguments, meta, epoch=edition.epoch))


def whole(pages: list[Page], edition: Edition) -> list[Node]:
    """All chapters in one, each under its banner of synthetic data; the first names the other volume, the original."""
    blocks: list[Node] = []
    for page in pages:
        titled = bool(page.blocks) and page.blocks[0]["t"] == "Header"
        under = [div([para([text(edition.banner)])], attr("", ["bandeau"]))] if edition.banner and titled else []
        if titled and page is pages[0]:
            under += [para(words(edition.other))] if edition.other else []
            under += (
                [para([*words(edition.of_original), SPACE, _in_its_language(edition)])] if edition.original[1] else []
            )
        blocks += [*page.blocks[:titled], *under, *page.blocks[titled:]]
    return blocks


def _in_its_language(edition: Edition) -> Node:
    spoken, title = edition.original
    return {"t": "Span", "c": [attr(lang=spoken), words(title)]}


def _epub(node: Node, pictures: Mapping[str, figures.Picture], lang: str) -> list[Node] | None:
    if node["t"] == "Header":
        return [numbered_heading(node)]
    if node["t"] == "Image":
        return [figures.with_alt(node, pictures[node["c"][2][0]].place)]
    if node["t"] in ("Figure", "Table"):
        triple = node["c"][0]
        if node["t"] == "Figure":  # wider than a small screen, it is drawn past with a finger or with the keys
            node = {**node, "c": [triple, node["c"][1], rewrite(node["c"][2], _scrolled)]}
        bare = {**node, "c": [["", triple[1], triple[2]], *node["c"][1:]]}
        told = _described(node, pictures, lang) if node["t"] == "Figure" else []
        return [div([bare, *told], attr(triple[0], ["tableau" if node["t"] == "Table" else "figure"]))]
    return marked(node)


def _scrolled(node: Node) -> list[Node] | None:
    return [{"t": "Span", "c": [attr("", ["dessin"], tabindex="0"), [node]]}] if node["t"] == "Image" else None


def _described(node: Node, pictures: Mapping[str, figures.Picture], lang: str) -> list[Node]:
    """The long description of a figure, folded away under it; the image has gone to its place in the book by now."""
    places = {picture.place: picture.path for picture in pictures.values()}
    told = [p for image in figures.images(node["c"][2]) for p in figures.long_description(places[image["c"][2][0]])]
    if not told:
        return []
    head = html.escape(message("figure.description", lang))
    return [
        raw("html", f"<details><summary>{head}</summary>{''.join(f'<p>{html.escape(p)}</p>' for p in told)}</details>")
    ]
