"""The search index of the site: a script that any page can load from its own folder, made when the book is built."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from clss_analysis.publish import figures
from clss_analysis.publish.crossref import NUMBER, Page
from clss_analysis.publish.tree import Node, nodes, plain, value_of

SCRIPT = "recherche.js"
INDEX = "recherche-index.js"
_SUBJECT = 3  # a heading of this level says what those below it are about: a household, for instance


def index_script(pages: list[Page], names: list[str]) -> str:
    """A script that holds every section of the book: page, id, title, and its words with those of its figures.

    Args:
        pages: the numbered chapters.
        names: file names of their pages.

    Returns:
        JavaScript; the same book gives the same bytes.
    """
    entries = [entry for page, name in zip(pages, names, strict=True) for entry in _sections(page, name)]
    written = ",\n".join(json.dumps(entry, ensure_ascii=False, sort_keys=True) for entry in entries)
    return f"window.livreIndex=[\n{written}\n];\n"


def _sections(page: Page, name: str) -> Iterator[Mapping[str, str]]:
    title, number, identifier, above = page.title, page.number, "", ""
    words: list[str] = []
    for block in page.blocks:
        if block["t"] == "Header":
            yield from _entry(name, identifier, number, title, words)
            title, number = plain(block["c"][2]), value_of(block["c"][1], NUMBER) or ""
            above = title if block["c"][0] == _SUBJECT else above if block["c"][0] > _SUBJECT else ""
            title = f"{above} – {title}" if above and above != title else title
            identifier, words = block["c"][1][0], []
        else:
            words += _words(block)
    yield from _entry(name, identifier, number, title, words)


def _entry(page: str, identifier: str, number: str, title: str, words: list[str]) -> Iterator[Mapping[str, str]]:
    text = " ".join(" ".join(words).split())
    if identifier or text:
        yield {"p": page, "i": identifier, "t": title, "n": f"{number} {title}".strip(), "x": text}


def _words(block: Node) -> Iterator[str]:
    for node in nodes(block):
        if node["t"] in ("Para", "Plain"):
            yield plain(node["c"])
        elif node["t"] == "Image":
            yield figures.alt(node)
        elif node["t"] == "DefinitionList":
            yield from (plain(term) for term, _ in node["c"])
