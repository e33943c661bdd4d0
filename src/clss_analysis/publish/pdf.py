"""The PDF: the tree in Typst's words, set with the house's template, tagged as PDF/UA-1 and kept as PDF/A-2a."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from clss_analysis.publish import figures, pandoc
from clss_analysis.publish.blocks import DENSE, IN_PLACE, OWN_PAGE, SHEET_START, callout, sheet_mark, testimony
from clss_analysis.publish.crossref import NUMBER, Page, first_sentence, numbered
from clss_analysis.publish.edition import Edition
from clss_analysis.publish.examples import examples, vignette
from clss_analysis.publish.fonts import showable, typst_text
from clss_analysis.publish.notions import INDEX, NOTION, terms
from clss_analysis.publish.segments import SEGMENT, SEGMENT_END, End, spaced, tightened
from clss_analysis.publish.sheets import is_plate, own_pages, sheets
from clss_analysis.publish.tree import Node, language_of, para, plain, raw, raw_inline, rewrite, text, value_of
from clss_analysis.records.escape import typst as typst_string
from clss_analysis.records.vocabulary import message

_FALLBACK = 160.0  # millimetres: the page's width, for a picture that does not say its own
_TALL = 150.0  # a figure that has nearly a page to itself does not keep its place between sentences
_MINOR = 4  # level from which a heading is one of a paragraph or two
_SETTINGS = 12  # how often the book is set before what stands where must do
_FREE = 2  # after so many of them it may no longer go up
_STILL = 0.05  # millimetres
_LINE = 76  # signs of a line of text
_SCREEN = 96  # dots an inch of the cover on a screen


class TypstError(RuntimeError):
    """Typst refused; the text is its own."""


def write_pdf(pages: list[Page], edition: Edition, pictures: Mapping[str, figures.Picture], out: Path) -> None:
    """Write the book as PDF/UA-1 and PDF/A-2a.

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

    with TemporaryDirectory(prefix=".typst-", dir=out.parent) as place:
        work = Path(place)
        for picture in pictures.values():
            target = work / picture.place
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(picture.path, target)
            if small := vignette(picture):
                shutil.copyfile(small.path, work / small.place)
        _dress(edition, work)
        source = typst_source(pages, edition, pictures)
        with as_file(files("clss_analysis.fonts")) as fonts:
            fixed: dict[str, Any] = {"root": str(work), "font_paths": [str(fonts)], "ignore_system_fonts": True}
            places: dict[str, float] = {}
            settled: dict[frozenset[tuple[int, int]], str] = {}

            def ends(tight: Mapping[int, int]) -> list[End]:
                nonlocal places
                (work / "clss.typ").write_text(spaced(source, tight), encoding="utf-8")
                for turn in range(_SETTINGS):
                    settled[frozenset(tight.items())] = written = json.dumps(places)
                    (work / "lieux.json").write_text(written, encoding="utf-8")
                    found = json.loads(typst.query(str(work / "clss.typ"), "<releve>", field="value", **fixed))
                    before, places = places, _places(found)
                    if turn > _FREE:  # what goes up and down for ever stays down
                        places = {name: max(y, before.get(name, y)) for name, y in places.items()}
                    if _same(before, places):
                        break
                return [End(int(each["rang"]), int(each["page"]), float(each["y"])) for each in found if "rang" in each]

            try:
                tight = tightened(ends)
                if (known := settled.get(frozenset(tight.items()))) is None:
                    ends(tight)
                else:  # set so before, where nothing moved any more
                    (work / "clss.typ").write_text(spaced(source, tight), encoding="utf-8")
                    (work / "lieux.json").write_text(known, encoding="utf-8")
                typst.compile(
                    str(work / "clss.typ"),
                    output=str(out),
                    pdf_standards=["ua-1", "a-2a"],
                    timestamp=edition.epoch,
                    **fixed,
                )
            except (RuntimeError, typst.TypstError) as error:
                detail = "\n".join([str(error), *(str(hint) for hint in getattr(error, "hints", ()))])
                raise TypstError(detail) from error


def _places(found: list[dict[str, Any]]) -> dict[str, float]:
    """Where what depends on its place stands, in millimetres from the top of its page."""
    return {str(each["lieu"]): float(each["y"]) for each in found if "lieu" in each}


def _same(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    return set(one) == set(other) and all(abs(one[name] - other[name]) < _STILL for name in one)


def typst_source(pages: list[Page], edition: Edition, pictures: Mapping[str, figures.Picture]) -> str:
    """The whole book as one Typst document that uses livre.typ."""
    blocks: list[Node] = []
    part, appendix = None, False
    for page in pages:
        if page.chapter.appendix and not appendix:
            blocks.append(raw("typst", "#show: annexes"))
        appendix = page.chapter.appendix
        if page.chapter.part and page.chapter.part != part:
            blocks.append(raw("typst", f"#partie({typst_text(page.chapter.part)})"))
        part = page.chapter.part
        blocks += [raw("typst", SEGMENT), *_typst(page.blocks, pictures), raw("typst", SEGMENT_END)]
    body = pandoc.write(blocks, ["--to", "typst-smart", "--wrap=none"]).decode()
    return _head(edition) + body


def cover(edition: Edition, folder: Path) -> Path:
    """The cover of the printed book as a picture in a folder, for the formats that have none of their own."""
    import typst

    _dress(edition, folder)
    (folder / "clss.typ").write_text(_head(edition), encoding="utf-8")
    (folder / "lieux.json").write_text("{}", encoding="utf-8")
    with as_file(files("clss_analysis.fonts")) as fonts:
        pages: Any = typst.compile(str(folder / "clss.typ"), root=str(folder), font_paths=[str(fonts)],
                              ignore_system_fonts=True, format="png", ppi=_SCREEN)  # fmt: skip
    (made := folder / "cover.png").write_bytes(pages[0])
    return made


def _dress(edition: Edition, folder: Path) -> None:
    """The theme and the house's logo, beside a document that is to be set."""
    theme = files("clss_analysis.publish").joinpath("theme", "livre.typ").read_text(encoding="utf-8")
    (folder / "livre.typ").write_text(theme, encoding="utf-8")
    if edition.logo[1]:
        (folder / f"logo{edition.logo[0]}").write_bytes(edition.logo[1])


def _head(edition: Edition) -> str:
    """The document's first lines: what stands before the chapters."""
    said = [*edition.colophon, *edition.made, *([edition.other] if edition.other else [])]
    lines = [typst_text(each) for each in said]
    if edition.original[1]:
        spoken, title = map(typst_text, edition.original)
        lines.append(f"[#{typst_text(edition.of_original)} #text(lang: {spoken}, {title})]")
    colophon = "".join(f"{each}, " for each in lines)
    banner = typst_string(edition.banner) if edition.banner else "none"
    language, _, region = edition.lang.partition("-")
    return f"""#import "livre.typ": *
#show: livre.with(
  titre: {typst_text(edition.title)},
  volume: {typst_text(edition.volume) if edition.volume else "none"},
  sous-titre: {typst_text(edition.subtitle)},
  auteur: {typst_text(edition.author)},
  annee: {typst_string(str(edition.date.year))},
  soutien: {typst_text(edition.support) if edition.support else "none"},
  logo: {typst_string(f"logo{edition.logo[0]}") if edition.logo[1] else "none"},
  bandeau: {banner},
  mots: ({_words_of_lists(edition.around)}),
  colophon: ({colophon}),
  langue: {typst_string(language)},
  region: {typst_string(region or "BE")},
)

"""


def _words_of_lists(lang: str) -> str:
    keys = {"sommaire": "contents", "figures": "list_of_figures", "tableaux": "list_of_tables"}
    keys |= {"lacunes": "numbers_elsewhere"}
    return ", ".join(f"{name}: {typst_string(message('book_' + key, lang))}" for name, key in keys.items())


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
        if kind == "Table":
            return _table(node)
        if kind == "Span" and NOTION in node["c"][0][1]:
            return _notion(node)
        if kind == "DefinitionList":
            return [block for term, meanings in node["c"] for block in _definition(term, meanings)]
        return None

    placed = examples(sheets(own_pages(_with_room(_announced(blocks)), pictures)), pictures)
    drawn = rewrite(placed, lambda node: _figure(node, pictures) if node["t"] == "Figure" else None)
    return list(rewrite(drawn, change))


def _heading(node: Node) -> Node:
    level, (identifier, _, _), inlines = node["c"]
    number = value_of(node["c"][1], NUMBER)
    numbering = f"numero({typst_string(number)})" if number else "none"
    label = f"] #label({typst_string(identifier)})" if identifier else "]"
    leaf = "#pagebreak(weak: true)" if OWN_PAGE in node["c"][1][1] else ""
    opening = raw_inline("typst", f"{leaf}#heading(level: {level}, numbering: {numbering})[")
    language = language_of(node)
    opened = raw_inline("typst", f"#text(lang: {typst_string(language)})[") if language else None
    words = [opened, *inlines, raw_inline("typst", "]")] if opened else inlines
    return para([opening, *words, raw_inline("typst", label)])


def _in_place(nodes: list[Node]) -> list[Node]:
    return [raw("typst", "#retenu.update(n => n + 1)"), *nodes, raw("typst", "#retenu.update(n => n - 1)")]


def _figure(node: Node, pictures: Mapping[str, figures.Picture]) -> list[Node] | None:
    images = figures.images(node["c"][2])
    if len(images) != 1:
        return None
    image = images[0]
    picture = pictures[image["c"][2][0]]
    width, height = picture.width or _FALLBACK, picture.height or _FALLBACK * 0.6
    blocks = node["c"][1][1]
    caption = blocks[0]["c"] if blocks else []
    sign, words = numbered(caption)
    title = picture.title or first_sentence(words)
    plate = is_plate(picture)
    identifier = node["c"][0][0]
    size = f"{width:.3f}mm, {height:.3f}mm"
    named = f"{typst_string(picture.place)}, {typst_string(figures.alt(image))}"
    described = f"{named}, {size}, {typst_string(sign)}, {typst_text(title)}"
    call = f"#{'planche' if plate else 'dessin'}({described}, ["
    if plate:
        label = f"], {typst_string(identifier) if identifier else 'none'})"
    else:
        label = f"]) #label({typst_string(identifier)})" if identifier else "])"
    drawn = [para([raw_inline("typst", call), *caption, raw_inline("typst", label)])]
    return _in_place(drawn) if IN_PLACE in node["c"][0][1] and not plate and height <= _TALL else drawn


def _announced(blocks: list[Node]) -> list[Node]:
    """Blocks in which a figure or table right below a heading stays there: the heading announces it.

    Below a minor heading one paragraph may stand between them; it goes where its figure goes.
    """
    result: list[Node] = []
    for block in blocks:
        if block["t"] in ("Figure", "Table") and result:
            heading = _minor_heading_above(result)
            if heading or result[-1]["t"] == "Header":
                identifier, classes, values = block["c"][0]
                announced = {**block, "c": [[identifier, [*classes, IN_PLACE], values], *block["c"][1:]]}
                if heading:
                    result[-1:] = [raw("typst", "#block(sticky: true)["), result[-1], raw("typst", "]")]
                result.append(announced)
                continue
        result.append(block)
    return result


def _with_room(blocks: list[Node]) -> list[Node]:
    """Blocks in which a heading stands where two lines below it have room.

    Typst counts neither the note that one of these calls nor what comes after a paragraph of a single line.  The
    questions of a household's sheet find their places otherwise.
    """
    result: list[Node] = []
    inside = False
    for block in blocks:
        inside = mark == SHEET_START if (mark := sheet_mark(block)) else inside
        if not inside and block["t"] == "Para" and result and result[-1]["t"] == "Header":
            said = block["c"]
            at = next((place for place, node in enumerate(said) if node["t"] == "Note"), None)
            if at is not None and len(plain(said[:at])) < 2 * _LINE:
                result.append(raw("typst", f"#place-pour(2, {typst_text(plain(said[at]['c']))})"))
            elif len(plain(said)) < _LINE:
                result.append(raw("typst", "#place-pour(6, [])"))
        result.append(block)
    return result


def _minor_heading_above(blocks: list[Node]) -> bool:
    last = blocks[-2:]
    return len(last) == 2 and last[0]["t"] == "Header" and last[0]["c"][0] >= _MINOR and last[1]["t"] == "Para"


def _table(node: Node) -> list[Node]:
    blocks = node["c"][1][1]
    setting = "outlined: false"
    if blocks:
        sign, words = numbered(blocks[0]["c"])
        setting = f"supplement: entree-courte({typst_string(sign)}, {typst_text(first_sentence(words))})"
    drawn = [raw("typst", f"#[#set figure({setting})"), node, raw("typst", "]")]
    return _in_place(drawn) if IN_PLACE in node["c"][0][1] else drawn


def _notion(node: Node) -> list[Node]:
    term = value_of(node["c"][0], "terme") or plain(node["c"][1])
    return [raw_inline("typst", f"#notion({typst_text(term)})["), *node["c"][1], raw_inline("typst", "]")]


def _inline_image(node: Node, pictures: Mapping[str, figures.Picture]) -> Node:
    picture = pictures[node["c"][2][0]]
    return raw_inline(
        "typst", f"#box(image({typst_string(picture.place)}, alt: {typst_string(figures.alt(node))}, height: 1em))"
    )


def _definition(term: list[Node], meanings: list[list[Node]]) -> list[Node]:
    head = para([raw_inline("typst", "#terme["), *term, raw_inline("typst", "]")])
    meant = [block for meaning in meanings for block in meaning]
    return [head, raw("typst", "#definition["), *meant, raw("typst", "]")]


def _division(node: Node) -> list[Node] | None:
    if INDEX in node["c"][0][1]:
        listed = ", ".join(typst_text(term) for term in terms(node))
        return [raw("typst", f"#index-notions(({listed}{',' if listed else ''}))")]
    if found := callout(node):
        kind, title, blocks = found
        return [raw("typst", f"#encadre({typst_string(kind)}, {typst_text(title)})["), *blocks, raw("typst", "]")]
    if DENSE in node["c"][0][1]:
        return [raw("typst", "#dense["), *node["c"][1], raw("typst", "]")]
    if node["c"][0][0] == "refs":
        return [raw("typst", "#oeuvres["), *node["c"][1], raw("typst", "]")]
    if "csl-entry" in node["c"][0][1]:
        spoken = f"#set text(lang: {typst_string(language_of(node) or '')})" if language_of(node) else ""
        return [
            raw("typst", f"#entree[{spoken}"),
            *node["c"][1],
            raw("typst", f"] #label({typst_string(node['c'][0][0])})"),
        ]
    if language := language_of(node):
        return [raw("typst", f"#[#set text(lang: {typst_string(language)})"), *node["c"][1], raw("typst", "]")]
    if told := testimony(node):
        blocks, signature = told
        end = [para([raw_inline("typst", "], signature: ["), *signature, raw_inline("typst", "])")])]
        return [raw("typst", "#temoignage(["), *blocks, *(end if signature else [raw("typst", "])")])]
    return None
