"""Numbers of chapters, sections, figures and tables, and the references to them across the whole book."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from clss_analysis.publish.project import Chapter
from clss_analysis.publish.tree import SPACE, Node, link, plain, rewrite, span, text, value_of
from clss_analysis.records.typography import quoted
from clss_analysis.records.vocabulary import message

KINDS = ("fig", "tbl", "sec")
NUMBER = "numero"
_KEEP = "\u00a0"


@dataclass(frozen=True)
class Heading:
    """A heading as tables of contents need it."""

    level: int
    identifier: str
    number: str
    title: str
    lang: str | None = None


@dataclass(frozen=True)
class Page:
    """A chapter ready to be written: its tree, title, number and headings."""

    chapter: Chapter
    blocks: list[Node] = field(hash=False)
    headings: tuple[Heading, ...] = ()

    @property
    def title(self) -> str:
        """Words of its first heading."""
        return self.headings[0].title if self.headings else self.chapter.file

    @property
    def number(self) -> str:
        """Number of the chapter, empty when it has none."""
        return self.headings[0].number if self.headings else ""

    @property
    def identifier(self) -> str:
        """Id of its first heading."""
        return self.headings[0].identifier if self.headings else ""


@dataclass(frozen=True)
class Target:
    """Something that can be referred to."""

    kind: str
    number: str
    title: str
    level: int = 0
    appendix: bool = False
    lang: str | None = None


def number(
    chapters: list[tuple[Chapter, list[Node]]], depth: int, *, tolerant: bool = False, lang: str = "fr"
) -> list[Page]:
    """Number a book and resolve its references.

    Chapters are numbered in Roman numerals, appendices by letters, sections down to `depth`; figures and tables run
    through the whole book.  A chapter or section with the class `unnumbered` has no number.  Every id is made unique
    in the book.  A heading gets its number as the attribute `numero`; a figure or table as the first words of its
    caption.

    Args:
        chapters: each with its parsed blocks.
        depth: the deepest heading level with a number; 0 for none.
        tolerant: put a word in the place of a reference without target.
        lang: language of the words of captions and references.

    Returns:
        The pages, in order.

    Raises:
        KeyError: a reference without target, unless `tolerant`.
    """
    targets: dict[str, Target] = {}
    used: set[str] = set()
    counts = {"fig": 0, "tbl": 0, "chapter": 0, "appendix": 0}
    pages: list[Page] = []
    for chapter, parsed in chapters:
        titled, headings = _headings(chapter, _levelled(parsed), depth, counts, used)
        for heading in headings:
            targets[heading.identifier] = Target(
                "sec", heading.number, heading.title, heading.level, chapter.appendix, heading.lang
            )
        captioned = rewrite(titled, lambda node: _captioned(node, counts, targets, lang))
        pages.append(Page(chapter, captioned, headings))
    return [
        replace(page, blocks=rewrite(page.blocks, lambda node: _reference(node, targets, tolerant=tolerant, lang=lang)))
        for page in pages
    ]


def roman(value: int) -> str:
    """A number from 1 to 3999 in Roman numerals.

    >>> roman(14)
    'XIV'
    """
    result = ""
    signs = ["M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"]
    for worth, sign in zip((1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1), signs, strict=True):
        result += sign * (value // worth)
        value %= worth
    return result


def first_sentence(words: str) -> str:
    """A caption as far as its first full stop.

    >>> first_sentence("Les nombres. Chacun avec sa source.")
    'Les nombres'
    """
    return re.split(r"\.(?=\s|$)", words.strip(), maxsplit=1)[0]


def numbered(caption: list[Node]) -> tuple[str, str]:
    """The number in a caption, as the margin of a list shows it, and the words after it."""
    first = caption[0] if caption else None
    if first and first["t"] == "Span" and NUMBER in first["c"][0][1]:
        return plain([first]).rstrip(".").split("\u00a0")[-1].split()[-1], plain(caption[1:])
    return "", plain(caption)


def _levelled(blocks: list[Node]) -> list[Node]:
    """No heading more than one level below the one before it: PDF/UA and readers of headings need it."""
    levels: list[tuple[int, int]] = []
    result = []
    for block in blocks:
        if block["t"] == "Header":
            given = block["c"][0]
            while levels and levels[-1][0] >= given:
                levels.pop()
            level = min(given, levels[-1][1] + 1) if levels else 1
            levels.append((given, level))
            result.append({"t": "Header", "c": [level, *block["c"][1:]]})
        else:
            result.append(block)
    return result


def _headings(
    chapter: Chapter, blocks: list[Node], depth: int, counts: dict[str, int], used: set[str]
) -> tuple[list[Node], tuple[Heading, ...]]:
    headings: list[Heading] = []
    renamed: dict[str, str] = {}
    result: list[Node] = []
    path: list[str] = []
    places: list[int] = [0] * 7
    for block in blocks:
        if block["t"] != "Header":
            result.append(block)
            continue
        level, (identifier, classes, values), inlines = block["c"]
        unnumbered = "unnumbered" in classes or level > depth or (level > 1 and not (path and path[0]))
        label = "" if unnumbered else _next(chapter, level, places, path, counts)
        path = [*path[: level - 1], label]
        unique = _unique(identifier, used)
        renamed.setdefault(identifier, unique)
        headings.append(Heading(level, unique, label, plain(inlines), value_of(block["c"][1], "lang")))
        numbered = [*values, [NUMBER, label]] if label else values
        result.append({"t": "Header", "c": [level, [unique, classes, numbered], inlines]})

    def follow(node: Node) -> list[Node] | None:
        if node["t"] == "Link" and node["c"][2][0].startswith("#"):
            name = node["c"][2][0][1:]
            if renamed.get(name, name) != name:
                return [link(node["c"][1], "#" + renamed[name])]
        return None

    return rewrite(result, follow), tuple(headings)


def _next(chapter: Chapter, level: int, places: list[int], path: list[str], counts: dict[str, int]) -> str:
    if level == 1:
        kind = "appendix" if chapter.appendix else "chapter"
        counts[kind] += 1
        return chr(ord("A") + counts[kind] - 1) if chapter.appendix else roman(counts[kind])
    places[level] += 1
    places[level + 1 :] = [0] * len(places[level + 1 :])
    parent = path[level - 2] if len(path) >= level - 1 else path[-1]
    return f"{parent}.{places[level]}"


def _unique(identifier: str, used: set[str]) -> str:
    name, turn = identifier or "section", 1
    while name in used:
        turn += 1
        name = f"{identifier or 'section'}-{turn}"
    used.add(name)
    return name


def _captioned(node: Node, counts: dict[str, int], targets: dict[str, Target], lang: str) -> list[Node] | None:
    if node["t"] == "Figure":
        kind, word = "fig", "book_figure"
    elif node["t"] == "Table":
        kind, word = "tbl", "book_table"
    else:
        return None
    identifier = node["c"][0][0]
    if not identifier.startswith(kind + "-"):
        return None
    counts[kind] += 1
    label = str(counts[kind])
    blocks = node["c"][1][1]
    words = blocks[0]["c"] if blocks else []
    targets[identifier] = Target(kind, label, plain(words))
    first = span([text(message(word, lang, n=label) + ".")], NUMBER)
    caption = [None, [{"t": "Plain", "c": [first, SPACE, *words]}, *blocks[1:]]]
    return [{**node, "c": [node["c"][0], caption, *node["c"][2:]]}]


def _reference(node: Node, targets: Mapping[str, Target], *, tolerant: bool, lang: str) -> list[Node] | None:
    if node["t"] != "Cite":
        return None
    citations = node["c"][0]
    names = [citation["citationId"] for citation in citations]
    if not all(name.split("-")[0].lower() in KINDS and "-" in name for name in names):
        return None
    result: list[Node] = []
    for turn, citation in enumerate(citations):
        if turn:
            result += [text(","), SPACE]
        if citation["citationPrefix"]:
            result += [*citation["citationPrefix"], SPACE]
        name = citation["citationId"]
        target = targets.get(name[0].lower() + name[1:])
        if target is None:
            if not tolerant:
                raise KeyError(name)
            result.append(text(message("book_missing_figure", lang)))
        else:
            bare = citation["citationMode"]["t"] == "SuppressAuthor"
            words = _words(target, lang, bare=bare, capital=name[0].isupper())
            found = link([text(words)], "#" + name[0].lower() + name[1:], "renvoi")
            found["c"][0][2] += [["lang", target.lang]] if target.lang and not target.number else []
            result.append(found)
        result += citation["citationSuffix"]
    return result


def _words(target: Target, lang: str, *, bare: bool, capital: bool) -> str:
    if not target.number:
        return quoted(target.title, lang)
    if bare:
        return target.number
    if target.kind == "sec":
        word = (
            "book_ref_section" if target.level > 1 else "book_ref_appendix" if target.appendix else "book_ref_chapter"
        )
    else:
        word = "book_ref_figure" if target.kind == "fig" else "book_ref_table"
    words = f"{message(word, lang)}{_KEEP}{target.number}"
    return words[0].upper() + words[1:] if capital else words
