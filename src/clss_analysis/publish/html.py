"""The site: one page a chapter, readable without JavaScript and without network; a script adds the search."""

from __future__ import annotations

import base64
import html
import mimetypes
import shutil
from collections.abc import Iterator, Mapping
from functools import partial
from importlib.resources import files
from itertools import count
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment
from markupsafe import Markup

from clss_analysis.figures.inline import SCRIPT as DRAWINGS_SCRIPT
from clss_analysis.figures.inline import STYLE, asset
from clss_analysis.publish import figures, pandoc
from clss_analysis.publish.blocks import callout, sheet_mark, testimony
from clss_analysis.publish.crossref import NUMBER, Page
from clss_analysis.publish.edition import Edition, volume_name
from clss_analysis.publish.fonts import FACES, woff
from clss_analysis.publish.search import INDEX, SCRIPT, index_script
from clss_analysis.publish.tree import (
    SPACE,
    Node,
    attr,
    div,
    identifiers,
    link,
    nodes,
    para,
    plain,
    raw,
    rewrite,
    span,
    text,
    value_of,
)
from clss_analysis.records.typography import typeset
from clss_analysis.records.vocabulary import message
from clss_analysis.runs.figure_files import INLINE

DRAWINGS = "dessins.js"
WRITER = ["--to", "html5", "--wrap=none", "--email-obfuscation=none", "--section-divs", "--no-highlight"]


def write_html(
    pages: list[Page],
    edition: Edition,
    pictures: Mapping[str, figures.Picture],
    out: Path,
    *,
    lang: str = "fr",
    downloads: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Write the site into a folder that already holds `figures/`.

    Args:
        pages: the numbered chapters; the first becomes index.html.
        edition: title, author, banner.
        pictures: image files by the address that chapters use.
        out: the folder.
        lang: language of the words around the text.
        downloads: files of the folder that the contents offer, and how each is called.
    """
    names = page_names(pages)
    where = places(pages, names)
    theme = files("clss_analysis.publish").joinpath("theme")
    environment = Environment(autoescape=True, keep_trailing_newline=True, finalize=_escaped)
    template = environment.from_string(theme.joinpath("page.html").read_text(encoding="utf-8"))
    starts = {page.chapter.technical: turn for turn, page in reversed(list(enumerate(pages)))}
    volumes = {turn: volume_name(lang, technical=each) for each, turn in starts.items() if len(starts) > 1}
    ending, content = edition.logo
    logo = f"data:{mimetypes.types_map[ending]};base64,{base64.b64encode(content).decode()}" if content else ""
    for index, page in enumerate(pages):
        blocks = local_links(html_blocks(page.blocks, pictures, out, lang), where, names[index])
        ways = ((index - 1, "book_previous", "prev"), (index + 1, "book_next", "next"))
        filled = template.render(
            body=pandoc.write(blocks, WRITER, {"lang": edition.lang}).decode(),
            around=[way for way in ways if 0 <= way[0] < len(pages)],
            pages=pages, names=names, index=index, volumes=volumes, edition=edition, logo=logo, downloads=downloads,
            lang=lang, say=partial(message, lang=lang),
        )  # fmt: skip
        (out / names[index]).write_text(filled, encoding="utf-8")
    style = theme.joinpath("livre.css").read_text(encoding="utf-8") + asset(STYLE)
    (out / "livre.css").write_text(style, encoding="utf-8")
    (out / DRAWINGS).write_text(asset(DRAWINGS_SCRIPT), encoding="utf-8")
    (out / SCRIPT).write_text(theme.joinpath(SCRIPT).read_text(encoding="utf-8"), encoding="utf-8")
    (out / INDEX).write_text(index_script(pages, names), encoding="utf-8")
    (out / "fonts").mkdir()
    for face in FACES:
        (out / "fonts" / f"{face}.woff").write_bytes(woff(face))
    licence = files("clss_analysis.fonts").joinpath("LICENSE.md").read_text(encoding="utf-8")
    (out / "fonts" / "LICENSE.md").write_text(licence, encoding="utf-8")


def page_names(pages: list[Page]) -> list[str]:
    """File names of the pages: index.html first."""
    return ["index.html", *(page.chapter.page for page in pages[1:])]


def places(pages: list[Page], names: list[str]) -> dict[str, str]:
    """Every id of the book with the page that it is on."""
    found: dict[str, str] = {}
    for page, name in zip(pages, names, strict=True):
        for identifier in identifiers(page.blocks):
            found.setdefault(identifier, name)
    return found


def local_links(blocks: list[Node], where: Mapping[str, str], here: str) -> list[Node]:
    """Links inside the book, made links between its pages."""

    def change(node: Node) -> list[Node] | None:
        if node["t"] != "Link" or not node["c"][2][0].startswith("#"):
            return None
        page = where.get(node["c"][2][0][1:], here)
        target = node["c"][2][0] if page == here else page + node["c"][2][0]
        return [{"t": "Link", "c": [node["c"][0], node["c"][1], [target, ""]]}]

    return list(rewrite(blocks, change))


def html_blocks(
    blocks: list[Node], pictures: Mapping[str, figures.Picture], out: Path | None = None, lang: str = "fr"
) -> list[Node]:
    """A tree as HTML wants it: numbered headings, figures with their files, callouts and testimonies with roles."""

    def figure(node: Node) -> list[Node] | None:
        images = figures.images(node["c"][2]) if node["t"] == "Figure" else []
        if len(images) != 1:
            return None
        place = pictures[images[0]["c"][2][0]].place
        linked = link([figures.with_alt(images[0], place)], place, "dessin")
        drawn = _drawn(pictures[images[0]["c"][2][0]], {"t": "Plain", "c": [linked]})
        caption = list(node["c"][1][1])
        files_line = _files_line(place, plain(caption[0]["c"][:1]) if caption else "", out, lang)
        return [{"t": "Figure", "c": [node["c"][0], [None, [*caption, *files_line]], drawn]}]

    unnamed = _names_of_tables(blocks, lang)

    def change(node: Node) -> list[Node] | None:
        if node["t"] == "Header":
            return [numbered_heading(node)]
        if node["t"] == "Table":
            label = plain(node["c"][1][1]) or next(unnamed)
            return [div([node], attr("", ["tableau"], role="region", tabindex="0", **{"aria-label": label}))]
        if node["t"] == "Image" and figures.alt(node):
            return [figures.with_alt(node, pictures[node["c"][2][0]].place)]
        return marked(node)

    return list(rewrite(rewrite(blocks, figure), change))


def _drawn(picture: figures.Picture, still: Node) -> list[Node]:
    """A figure's picture: inline where the run left that; one with months replaces the still once scripts run."""
    live = picture.path.with_name(picture.path.stem + INLINE)
    if not live.is_file():
        return [still]
    markup = live.read_text(encoding="utf-8").strip()
    if 'class="vif-mois"' not in markup:
        return [raw("html", markup)]
    return [raw("html", f'<div class="vif-remplace" hidden>{markup}</div>'), still]


def _names_of_tables(blocks: list[Node], lang: str) -> Iterator[str]:
    """A name for each table without caption, in order, after the heading above it; no name comes twice."""
    unnamed = heading = message("book_table_unnamed", lang)
    used: set[tuple[str, int]] = set()
    for node in nodes(blocks):
        if node["t"] == "Header":
            heading = plain(node["c"][2])
        elif node["t"] == "Table" and not plain(node["c"][1][1]):
            name = typeset(f"{unnamed} : {heading}", lang)
            turn = next(turn for turn in count(1) if (name, turn) not in used)
            used.add((name, turn))
            yield name if turn == 1 else f"{name} ({turn})"


def numbered_heading(node: Node) -> Node:
    """A heading with its number as its first word."""
    level, attributes, inlines = node["c"]
    number = value_of(attributes, NUMBER)
    kept = [attributes[0], attributes[1], [pair for pair in attributes[2] if pair[0] == "lang"]]
    words = [span([text(number)], NUMBER), SPACE, *inlines] if number else inlines
    return {"t": "Header", "c": [level, kept, words]}


def marked(node: Node) -> list[Node] | None:
    """Callouts and testimonies as divisions that say what they are; marks that only the printed page needs are gone."""
    if sheet_mark(node):
        return []
    if found := callout(node):
        kind, title, blocks = found
        head = div([para([{"t": "Strong", "c": [text(title)]}])], attr("", ["encadre-titre"]))
        return [div([head, *blocks], attr("", ["encadre", f"encadre-{kind}"], role="note", **{"aria-label": title}))]
    if said := testimony(node):
        blocks, signature = said
        end = [div([para(signature)], attr("", ["signature"]))] if signature else []
        return [div([div(blocks, attr("", ["paroles"])), *end], attr("", ["temoignage"]))]
    if node["t"] == "Cite":
        return list(node["c"][1])
    return None


def _files_line(place: str, label: str, out: Path | None, lang: str) -> list[Node]:
    stem = place.rsplit(".", 1)[0]
    endings = [ending for ending in figures.OFFERED if out is not None and (out / f"{stem}.{ending}").is_file()]
    if not endings:
        return []
    named = label.rstrip(".").strip()
    inlines: list[Node] = []
    for ending in endings:
        hidden = span([text(f"{named}, " if named else "")], "lecteur")
        word = message("book_data_file", lang) if ending == figures.DATA else ending.upper()
        inlines += [*([SPACE] if inlines else []), link([hidden, text(word)], f"{stem}.{ending}")]
    return [div([{"t": "Plain", "c": inlines}], attr("", ["fichiers"]))]


def _escaped(value: object) -> Markup:
    """A text of a template as HTML; what is marked as that already stays."""
    return value if isinstance(value, Markup) else Markup(html.escape(str(value)))  # noqa: S704 - escaped here


def copy_figures(pictures: Mapping[str, figures.Picture], out: Path) -> None:
    """Every picture of the book, in all its file kinds, into `figures/` of a folder."""
    for picture in pictures.values():
        for path in (picture.path, *(picture.path.with_suffix(f".{ending}") for ending in figures.OFFERED)):
            target = out / figures.FOLDER / path.name
            if path.is_file() and not target.exists():
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(path, target)
