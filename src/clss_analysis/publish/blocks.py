"""Divisions with a meaning of their own: callouts and testimonies, read from a tree."""

from __future__ import annotations

from collections.abc import Mapping

from clss_analysis.publish.tree import Node, plain, rewrite, value_of
from clss_analysis.records.vocabulary import message

IN_PLACE = "sur-place"
DENSE = "dense"
OWN_PAGE = "page"  # class of a heading that starts one
SHEET_START, SHEET_END = "fiche-debut", "fiche-fin"
_CALLOUT = "callout-"
_EXAMPLE = "exemple"


def sheet_mark(node: Node) -> str | None:
    """Whether a block marks the start or the end of a household's sheet."""
    classes = node["c"][0][1] if node["t"] == "Div" else []
    return next((mark for mark in (SHEET_START, SHEET_END) if mark in classes), None)


def is_example(node: Node) -> bool:
    """Whether a block is an example of a convention: a sentence and its drawing."""
    return node["t"] == "Div" and _EXAMPLE in node["c"][0][1]


def callout(node: Node) -> tuple[str, str, list[Node]] | None:
    """Kind, title and contents of a callout; None for any other division."""
    if node["t"] != "Div":
        return None
    (_, classes, _), blocks = node["c"]
    kind = next((name.removeprefix(_CALLOUT) for name in classes if name.startswith(_CALLOUT)), None)
    if kind is None:
        return None
    return kind, value_of(node["c"][0], "title") or "", list(blocks)


def titled(blocks: list[Node], lang: str) -> list[Node]:
    """Callouts with a title: one that has none is called by its kind."""

    def change(node: Node) -> list[Node] | None:
        found = callout(node)
        if not found or found[1]:
            return None
        identifier, classes, values = node["c"][0]
        named = [*values, ["title", message(f"book_callout_{found[0]}", lang)]]
        return [{"t": "Div", "c": [[identifier, classes, named], node["c"][1]]}]

    return list(rewrite(blocks, change))


def foreign_works(blocks: list[Node], spoken: Mapping[str, str], lang: str) -> list[Node]:
    """Entries of the bibliography, and citations, that say their language where it is not that of the book."""

    def change(node: Node) -> list[Node] | None:
        if node["t"] not in ("Div", "Link"):
            return None
        (identifier, classes, values), *rest = node["c"]
        name = identifier if node["t"] == "Div" else rest[1][0].removeprefix("#")
        told = spoken.get(name.removeprefix("ref-")) if name.startswith("ref-") else None
        if told is None or told == lang[:2]:
            return None
        return [{"t": node["t"], "c": [[identifier, classes, [*values, ["lang", told]]], *rest]}]

    return list(rewrite(blocks, change))


def testimony(node: Node) -> tuple[list[Node], list[Node]] | None:
    """What was said, and by whom; None for any other division.

    The last paragraph says by whom when it starts with a dash or is all in italics.
    """
    if node["t"] != "Div" or "temoignage" not in node["c"][0][1]:
        return None
    said = [inner for block in node["c"][1] for inner in (block["c"] if block["t"] == "BlockQuote" else [block])]
    if len(said) > 1 and said[-1]["t"] == "Para":
        last = list(said[-1]["c"])
        if len(last) == 1 and last[0]["t"] == "Emph":
            return said[:-1], list(last[0]["c"])
        if plain(last).lstrip()[:1] in ("—", "–"):
            return said[:-1], last
    return said, []


def free_columns(blocks: list[Node]) -> list[Node]:
    """Tables whose columns are as wide as their content asks: the dashes of a Markdown table mean no width."""

    def change(node: Node) -> list[Node] | None:
        if node["t"] != "Table":
            return None
        free = [[align, {"t": "ColWidthDefault"}] for align, _ in node["c"][2]]
        return [{**node, "c": [*node["c"][:2], free, *node["c"][3:]]}]

    return list(rewrite(blocks, change))


def in_place(blocks: list[Node], identifiers: frozenset[str]) -> list[Node]:
    """Figures and tables that stay where they stand in the text, because the sentences around them need them there."""

    def change(node: Node) -> list[Node] | None:
        if node["t"] not in ("Figure", "Table") or node["c"][0][0] not in identifiers:
            return None
        identifier, classes, values = node["c"][0]
        return [{**node, "c": [[identifier, [*classes, IN_PLACE], values], *node["c"][1:]]}]

    return list(rewrite(blocks, change))
