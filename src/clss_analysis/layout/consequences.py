"""Consequences of bad housing: by domain of life, with the mechanisms named under each."""

from __future__ import annotations

from clss_analysis.layout.geometry import Layout
from clss_analysis.layout.page import EVEN, INVERSE, PORTRAIT, STRONG, Part
from clss_analysis.layout.programme import Item, board, section
from clss_analysis.layout.tree import Branch, columns, heads, place
from clss_analysis.records import Records, message


def consequences(records: Records, *, lang: str = "fr") -> Layout:
    """Lay out the consequences of bad housing as a tree: domains of life, and mechanisms in each.

    Args:
        records: the dataset.
        lang: fr, nl or en, for all words that are not the record's own.

    Raises:
        NothingToDrawError: the dataset tells no consequences.

    >>> import clss_analysis as clss
    >>> consequences(clss.read("data/publication")).kind
    'consequences'
    """
    return programme_tree("consequences", "consequence", records, lang, (0.2, 0.27, 0.53))


def programme_tree(kind: str, name: str, records: Records, lang: str, shares: tuple[float, float, float]) -> Layout:
    """A section of two levels as a tree under one root, which is ours."""
    items = section(records, name, lang)
    across = columns(PORTRAIT, shares, {1: 2.8, 2: 1.1})
    root = Branch(
        "root",
        0,
        message(f"programme.{name}.root", lang),
        INVERSE,
        "aim",
        children=tuple(_branch(item, 1) for item in items),
    )
    names = [(str(i), message(f"programme.{name}.head.{i}", lang)) for i in range(3)]

    def body(top: float) -> Part:
        head = heads(names, across, top)
        return head + place(root, across)[0].lowered(head.bottom + 3)

    return board(kind, name, records, items, body, lang=lang)


def _branch(item: Item, column: int) -> Branch:
    return Branch(
        item.id,
        column,
        item.marked(),
        STRONG if column == 1 else EVEN,
        "objective" if column == 1 else "action",
        item.rows,
        item.detail,
        tuple(_branch(child, 2) for child in item.children),
    )
