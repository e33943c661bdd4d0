"""What the project is made of, as figures: rows of the `programme` table, section by section."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from clss_analysis.layout.boards.parts import in_order
from clss_analysis.layout.boards.tree import Branch, columns, heads, place
from clss_analysis.layout.geometry import Layout
from clss_analysis.layout.page import EVEN, INVERSE, PORTRAIT, ROOM, STRONG, NothingToDrawError, Part, compose
from clss_analysis.records import Records, Row, message
from clss_analysis.records.typography import in_words, opening, sentence, text_of


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the programme with what hangs on it."""

    id: str
    text: str
    detail: str
    reading: bool
    children: tuple[Item, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The record it shows."""
        return (Row("programme", self.id),)

    def marked(self, text: str | None = None) -> str:
        """Its text, or another, with the dagger of a reading."""
        return (self.text if text is None else text) + ("\u00a0†" if self.reading else "")

    def walk(self) -> list[Item]:
        """Itself and all below it, in order."""
        return [self, *(below for child in self.children for below in child.walk())]


def section(records: Records, name: str) -> tuple[Item, ...]:
    """The lines of one section of the programme, in their order, with their sublines.

    Raises:
        NothingToDrawError: the dataset has no line of this section.

    >>> import clss_analysis as clss
    >>> [item.text for item in section(clss.read("data/publication"), "axis")]
    ['Logement', 'Social et santé', 'Transversal']
    """
    frame = records.programme[records.programme["section"] == name]
    if frame.empty:
        lang = records.lang
        raise NothingToDrawError(message("programme.nothing", lang, section=message(f"programme.{name}.title", lang)))
    rows = in_order(frame)
    held = {row["id"] for row in rows}

    def below(parent: str) -> tuple[Item, ...]:
        return tuple(
            Item(row["id"], text_of(row["label"]), text_of(row["detail"]), bool(row["reading"]), below(row["id"]))
            for row in rows
            if (text_of(row["parent"]) if text_of(row["parent"]) in held else "") == parent
        )

    return below("")


def board(
    kind: str,
    name: str,
    records: Records,
    items: Sequence[Item],
    body: Callable[[float], Part],
    *,
    notes: Sequence[str] = (),
) -> Layout:
    """A figure of one section: title, caption and alt text from its messages and lines."""
    lang = records.lang
    every = [item for top in items for item in top.walk()]
    title = message(f"programme.{name}.title", lang)
    words = in_words(len(items), lang)
    finding = opening(message(f"programme.{name}.finding", lang, words=words), lang) if items[1:] else ""
    made = partial(
        compose,
        kind,
        records,
        body,
        caption=message(f"programme.{name}.caption", lang, words=words),
        alt=f"{sentence(title)} {spoken(items)}",
        rows=[Row("programme", item.id) for item in every],
        notes=[*notes, *([message("figure.reading", lang)] if any(item.reading for item in every) else [])],
    )
    laid = made(title=title, finding=finding)  # a board as tall as its page has no room for a topic below its title
    return laid if laid.height <= ROOM[PORTRAIT] else made(title=finding or title)


def spoken(items: Iterable[Item], number: str = "") -> str:
    """The lines as numbered sentences, each followed by its detail and sublines."""
    said = []
    for index, item in enumerate(items, start=1):
        mine = f"{number}{index}."
        said += [f"{mine} {sentence(item.text)}", sentence(item.detail), spoken(item.children, mine)]
    return " ".join(part for part in said if part)


def programme_tree(kind: str, name: str, records: Records, shares: tuple[float, float, float]) -> Layout:
    """A section of two levels as a tree under one root, which is ours."""
    lang, items = records.lang, section(records, name)
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

    return board(kind, name, records, items, body)


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
