"""The index of notions: where chapters mark a word with `[…]{.notion}`, listed by section, for every format."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from clss_analysis.publish.tree import Node, nodes, plain
from clss_analysis.records.typography import typeset

NOTION = "notion"
INDEX = "index-notions"
FRAGMENT = "notions.md"
_MARK = re.compile(r"\[([^\[\]]+)\]\{\.notion(?:\s+terme=\"([^\"]+)\")?\}")
_SECTION = re.compile(r"^#{1,6}\s.*\{#(sec-[\w-]+)[^}]*\}\s*$")


def index_fragment(texts: Iterable[str], lang: str = "fr") -> str:
    r"""The index as Markdown that both engines render: each notion with the sections it is marked in.

    A notion is written `[isolement]{.notion}`, or `[isolées]{.notion terme="isolement"}` where the text bends it.

    Args:
        texts: the chapters' Markdown, in order.
        lang: the language they are in.

    Returns:
        A division of class `index-notions` with one bullet a notion, in alphabetical order; empty without marks.

    >>> print(index_fragment(["# Un {#sec-un}\n\nUn [toit]{.notion}."]))
    ::: {.index-notions}
    - toit : @sec-un
    :::
    """
    found: dict[str, list[str]] = {}
    for text in texts:
        section = ""
        for line in text.split("\n"):
            if heading := _SECTION.match(line):
                section = heading[1]
            for words, term in _MARK.findall(re.sub(r"`[^`]*`", "", line)):
                places = found.setdefault(term or words, [])
                if section and section not in places:
                    places.append(section)
    if not found:
        return ""
    listed = ((term, ", ".join(f"@{place}" for place in found[term])) for term in sorted(found, key=_folded))
    lines = [typeset(f"- {term} : {places}", lang) for term, places in listed]
    return "\n".join(["::: {.index-notions}", *lines, ":::"])


def terms(index: Node) -> list[str]:
    """The notions that an index division lists."""
    items = [item for node in nodes(index) if node["t"] == "BulletList" for item in node["c"]]
    return [re.split(r"[\s\u202f]*:", plain(item), maxsplit=1)[0].strip() for item in items]


def _folded(term: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", term.casefold()) if not unicodedata.combining(char))
