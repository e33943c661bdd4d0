"""The PDF: the tree in Typst's words, set with the house's template, tagged as PDF/UA-1."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path

from clss_analysis.publish import figures, pandoc
from clss_analysis.publish.blocks import IN_PLACE, callout, testimony
from clss_analysis.publish.crossref import NUMBER, Page
from clss_analysis.publish.edition import Edition
from clss_analysis.publish.fonts import showable
from clss_analysis.publish.tree import Node, language_of, para, raw, raw_inline, rewrite, text, value_of
from clss_analysis.records.vocabulary import message

_FALLBACK = 160.0


class TypstError(RuntimeError):
    """Typst refused; the text is its own."""


def write_pdf(pages: list[Page], edition: Edition, pictures: Mapping[str, figures.Picture], out: Path) -> None:
    """Write the book as PDF/UA-1.

    Fonts are those of the package and no others; the date is the book's, so that the same book has the same bytes.

    Args:
        pages: the numbered chapters.
        edition: what stands on cover and colophon.
        pictures: image files by the address that chapters use.
        out: the .pdf file.

    Raises:
        TypstError: the document does not compile, or is not accessible: a figure without alt text, for instance.
    """
    import typst

    work = out.parent / ".typst"
    work.mkdir()
    try:
        for picture in pictures.values():
            target = work / picture.place
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(picture.path, target)
        theme = files("clss_analysis.publish").joinpath("theme", "livre.typ").read_text(encoding="utf-8")
        (work / "livre.typ").write_text(theme, encoding="utf-8")
        (work / "clss.typ").write_text(typst_source(pages, edition, pictures), encoding="utf-8")
        with as_file(files("clss_analysis.fonts")) as fonts:
            try:
                typst.compile(
                    str(work / "clss.typ"),
                    output=str(out),
                    root=str(work),
                    font_paths=[str(fonts)],
                    ignore_system_fonts=True,
                    pdf_standards=["ua-1"],
                    timestamp=edition.epoch,
                )
            except (RuntimeError, typst.TypstError) as error:
                detail = "\n".join([str(error), *(str(hint) for hint in getattr(error, "hints", ()))])
                raise TypstError(detail) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def typst_source(pages: list[Page], edition: Edition, pictures: Mapping[str, figures.Picture]) -> str:
    """The whole book as one Typst document that uses livre.typ."""
    blocks: list[Node] = []
    part = None
    for page in pages:
        if page.chapter.part and page.chapter.part != part:
            blocks.append(raw("typst", f"#partie({quoted(showable(page.chapter.part))})"))
        part = page.chapter.part
        blocks += _typst(page.blocks, pictures)
    body = pandoc.write(blocks, ["--to", "typst-smart", "--wrap=none"]).decode()
    colophon = ", ".join(quoted(showable(line)) for line in edition.colophon)
    banner = quoted(edition.banner) if edition.banner else "none"
    language, _, region = edition.lang.partition("-")
    head = f"""#import "livre.typ": *
#show: livre.with(
  titre: {quoted(showable(edition.title))},
  sous-titre: {quoted(showable(edition.subtitle))},
  auteur: {quoted(showable(edition.author))},
  annee: {quoted(str(edition.date.year))},
  bandeau: {banner},
  mots: (sommaire: {quoted(message("book_contents"))}, figures: {quoted(message("book_list_of_figures"))}),
  colophon: ({colophon}{"," if edition.colophon else ""}),
  langue: {quoted(language)},
  region: {quoted(region or "BE")},
)

"""
    return head + body


def quoted(value: str) -> str:
    r"""A text as a Typst string, in which nothing is code.

    >>> quoted('a"b#c')
    '"a\\"b#c"'
    """
    flat = "".join(char if char.isprintable() or char in "\u202f\u00a0\u00ad" else " " for char in value)
    return '"' + flat.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _typst(blocks: list[Node], pictures: Mapping[str, figures.Picture]) -> list[Node]:
    def change(node: Node) -> list[Node] | None:
        kind = node["t"]
        if kind == "Str":
            return [text(showable(node["c"]))]
        if kind in ("Code", "CodeBlock"):
            return [{**node, "c": [node["c"][0], showable(node["c"][1])]}]
        if kind == "Header":
            return [_heading(node)]
        if kind == "Image":
            return [_inline_image(node, pictures)]
        if kind == "Cite":
            return list(node["c"][1])
        if kind == "Div":
            return _division(node)
        if kind == "Table" and IN_PLACE in node["c"][0][1]:
            return _in_place([node])
        if kind == "DefinitionList":
            return [block for term, meanings in node["c"] for block in _definition(term, meanings)]
        return None

    drawn = rewrite(blocks, lambda node: _figure(node, pictures) if node["t"] == "Figure" else None)
    return list(rewrite(drawn, change))


def _heading(node: Node) -> Node:
    level, (identifier, _, _), inlines = node["c"]
    number = value_of(node["c"][1], NUMBER)
    numbering = f"numero({quoted(number)})" if number else "none"
    label = f"] #label({quoted(identifier)})" if identifier else "]"
    opening = raw_inline("typst", f"#heading(level: {level}, numbering: {numbering})[")
    said = language_of(node)
    words = (
        [raw_inline("typst", f"#text(lang: {quoted(said)})["), *inlines, raw_inline("typst", "]")] if said else inlines
    )
    return para([opening, *words, raw_inline("typst", label)])


def _in_place(nodes: list[Node]) -> list[Node]:
    return [raw("typst", "#flotte.update(false)"), *nodes, raw("typst", "#flotte.update(true)")]


def _figure(node: Node, pictures: Mapping[str, figures.Picture]) -> list[Node] | None:
    images = figures.images(node["c"][2])
    if len(images) != 1:
        return None
    image = images[0]
    picture = pictures[image["c"][2][0]]
    width, height = picture.width or _FALLBACK, picture.height or _FALLBACK * 0.6
    blocks = node["c"][1][1]
    caption = blocks[0]["c"] if blocks else []
    call = f"#dessin({quoted(picture.place)}, {quoted(figures.alt(image))}, {width:.3f}mm, {height:.3f}mm)["
    label = f"] #label({quoted(node['c'][0][0])})" if node["c"][0][0] else "]"
    drawn = [para([raw_inline("typst", call), *caption, raw_inline("typst", label)])]
    return _in_place(drawn) if IN_PLACE in node["c"][0][1] else drawn


def _inline_image(node: Node, pictures: Mapping[str, figures.Picture]) -> Node:
    picture = pictures[node["c"][2][0]]
    return raw_inline("typst", f"#box(image({quoted(picture.place)}, alt: {quoted(figures.alt(node))}, height: 1em))")


def _definition(term: list[Node], meanings: list[list[Node]]) -> list[Node]:
    head = para([raw_inline("typst", "#terme["), *term, raw_inline("typst", "]")])
    said = [block for meaning in meanings for block in meaning]
    return [head, raw("typst", "#definition["), *said, raw("typst", "]")]


def _division(node: Node) -> list[Node] | None:
    if found := callout(node):
        kind, title, blocks = found
        return [raw("typst", f"#encadre({quoted(kind)}, {quoted(showable(title))})["), *blocks, raw("typst", "]")]
    if "csl-entry" in node["c"][0][1]:
        return [raw("typst", "#entree["), *node["c"][1], raw("typst", f"] #label({quoted(node['c'][0][0])})")]
    if language := language_of(node):
        return [raw("typst", f"#[#set text(lang: {quoted(language)})"), *node["c"][1], raw("typst", "]")]
    said = testimony(node)
    if said:
        blocks, signature = said
        end = [para([raw_inline("typst", "], signature: ["), *signature, raw_inline("typst", "])")])]
        return [raw("typst", "#temoignage(["), *blocks, *(end if signature else [raw("typst", "])")])]
    return None
