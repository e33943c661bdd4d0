"""Relevance tree (arbre de pertinence): aim, objectives, actions, and the means that carry the whole.

The tree reads from left to right, one column a level.  A tree that is taller than a page goes on to the next one; its
text never shrinks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clss_analysis.layout.boards.tree import Branch
from clss_analysis.layout.geometry import Layout
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.page import (
    EVEN,
    INVERSE,
    LANDSCAPE,
    PORTRAIT,
    ROOM,
    SMALL_INVERSE,
    SMALL_MUTED,
    STRONG,
    TALLEST,
    compose,
)
from clss_analysis.layout.relevance_tree.nodes import LEVELS, Record, Tree, relevance_nodes
from clss_analysis.layout.relevance_tree.page import Page, page_body, page_columns
from clss_analysis.layout.two_rows import count
from clss_analysis.records import Case, Row, label, message
from clss_analysis.records.typography import counted, decimal, listed, opening, sentence, text_of

KIND = Kind(per_case=True, needs="relevance_nodes")
_FULL = 0.7  # a page that ends with its objective is full enough from this share of its height
_SPARE = 3.5  # a line of a note more than measured, where a page number gets a digit more
_VOICES = {"aim": INVERSE, "objective": STRONG, "action": EVEN, "means": EVEN}
_SIGNS = {"planned": "○", "under_way": "→", "blocked": "■", "done": "✓", "abandoned": "✗"}


def lay_out(case: Case, *, width: float | None = None) -> tuple[Layout, ...]:
    """The relevance tree of one household on as many pages as it takes.

    Nothing shrinks: a page ends where its room does, between two actions, and rather between two objectives.  An
    objective that goes on says so on both pages; the aim stands on each.

    Args:
        case: the household.
        width: of the pages in millimetres; by default portrait (160), or one landscape page (240) for a tree that
            fits there and not on a portrait one.

    Returns:
        The pages, at most 205 mm high when portrait and 140 mm when landscape (which is what a page of the book
        holds), unless a single node needs more.  `quality` also has `page` and `pages`, and `crossings_of_all`.

    Raises:
        NothingToDrawError: the case has no relevance tree.
        ValueError: a node hangs on none, on a node of a lower level, or on itself; or a link is none.

    >>> import clss_analysis as clss
    >>> [page.width for page in lay_out(clss.read("data/publication").case("Y"))]
    [160.0]
    """
    lang = case.lang
    tree = relevance_nodes(case, lang)
    whole = [Page(tree, tree.units)]
    for wide in (PORTRAIT, LANDSCAPE) if width is None else (width,):
        layout = _page(case, whole, 0, wide, lang)
        if layout.height <= ROOM.get(wide, TALLEST):
            return (layout,)
    wide = width or PORTRAIT
    pages = _split(case, tree, wide, lang)
    return tuple(_page(case, pages, number, wide, lang) for number in range(len(pages)))


def _split(case: Case, tree: Tree, width: float, lang: str) -> list[Page]:
    """Fill page after page; every page is measured as it would be drawn."""
    pages: list[Page] = []
    left = tree.units
    while left:
        size = _fitting(case, pages, Page(tree, left), width, lang)
        pages.append(Page(tree, left[:size]))
        left = left[size:]
    return pages


def _fitting(case: Case, before: list[Page], left: Page, width: float, lang: str) -> int:
    """How many of the units left a page takes: all that fit, or fewer that end where an objective does."""
    tree, units = left.tree, left.units

    def height(size: int) -> float:
        after = [Page(tree, units[size:])] if size < len(units) else []
        return _page(case, [*before, Page(tree, units[:size]), *after], len(before), width, lang).height

    room = ROOM.get(width, TALLEST) - _SPARE
    low, high = 1, len(units)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if height(middle) <= room else (low, middle - 1)
    if low == len(units):
        return low
    only_means = not any(unit.group for unit in units[low:])
    first = low - 1 if only_means else low
    while first and units[first - 1].group == units[low - 1 if only_means else low].group:
        first -= 1
    if only_means and units[0].group:
        return first or max(1, low // 2)
    return first if 0 < first < low and height(first) >= _FULL * room else low


def _page(case: Case, pages: Sequence[Page], number: int, width: float, lang: str) -> Layout:
    page = pages[number]
    tree = page.tree
    read = frozenset(lv for lv in LEVELS if all(r["reading"] for r in tree.records if r["level"] == lv))
    across = page_columns(tree, width)
    names = [(level, _name(level, tree, read, lang)) for level in LEVELS]
    words = {"case": case.label, "counts": listed(_counts(tree, lang), lang)}
    title = message("relevance_tree.title", lang, case=case.label)
    caption = message("relevance_tree.caption", lang, **words)
    alt = message("relevance_tree.alt", lang, **words)
    if len(pages) > 1:
        place = {"n": number + 1, "of": len(pages)}
        title = message("relevance_tree.page", lang, title=title, **place)
        caption = message("relevance_tree.caption_page", lang, caption=caption, **place)
        alt += " " + message("relevance_tree.alt_page", lang, **place)

    def make(node: str, children: tuple[Branch, ...]) -> Branch:
        return _branch(tree.of[node], read, _onward(node, pages, number, lang), children, lang)

    layout = compose(
        "relevance-tree",
        case,
        lambda top: page_body(page, make, names, across, top, width, lang),
        title=title,
        caption=caption,
        alt=alt + _told(page, lang),
        rows=[
            Row("households", case.id),
            *(Row("relevance_nodes", node) for node in page.nodes),
            *(Row("relevance_links", name) for name, _, _ in page.links),
        ],
        width=width,
        notes=_notes(page, lang),
        finding=_finding(tree, lang) + (f" ({number + 1}/{len(pages)})" if len(pages) > 1 else ""),
    )
    return replace(layout, quality=_quality(page, number, len(pages)))


def _finding(tree: Tree, lang: str) -> str:
    """How many actions for how many objectives, and how many are told to be done, where any status is told."""
    actions, objectives = ([tree.of[node] for node in tree.level(level)] for level in ("action", "objective"))
    aims = counted("relevance_tree.finding.objective", len(objectives), lang)
    said = counted("relevance_tree.finding.action", len(actions), lang, objectives=aims)
    states = [text_of(record["status"]) for record in actions]
    if any(states):
        said += counted("relevance_tree.finding.done", states.count("done"), lang, of=len(actions))
    return opening(said, lang)


def _branch(
    record: Record, read: frozenset[str], onward: Sequence[str], children: tuple[Branch, ...], lang: str
) -> Branch:
    name, level = record["id"], record["level"]
    progress = text_of(record["progress"])
    return Branch(
        name,
        LEVELS.index(level),
        text_of(record["label"]) + ("\u00a0†" if record["reading"] and level not in read else ""),
        _VOICES[level],
        level,
        (Row("relevance_nodes", name),),
        " · ".join([*_state(record, lang, signs=True), *onward]),
        children,
        SMALL_INVERSE if level == "aim" else SMALL_MUTED,
        int(progress) / 100 if progress else None,
    )


def _state(record: Record, lang: str, *, signs: bool = False) -> list[str]:
    """Relevance, status and progress of a node in words, each where it is told."""
    status, progress, weight = (text_of(record[name]) for name in ("status", "progress", "relevance"))
    said = []
    if weight:
        said.append(message("relevance_tree.weight", lang, number=decimal(f"{round(float(weight), 3):g}", lang)))
    if status:
        said.append((f"{_SIGNS[status]} " if signs else "") + label("action_status", status, lang))
    if progress:
        said.append(message("relevance_tree.percent", lang, n=progress))
    return said


def _onward(node: str, pages: Sequence[Page], number: int, lang: str) -> list[str]:
    """Where a node was shown before and is shown again; the aim, which is on every page, needs no word."""
    if pages[number].tree.of[node]["level"] == "aim":
        return []
    before = [n for n in range(number) if node in pages[n].shown]
    after = [n for n in range(number + 1, len(pages)) if node in pages[n].shown]
    said = [message("relevance_tree.from", lang, n=before[-1] + 1)] if before else []
    return said + ([message("relevance_tree.to", lang, n=after[0] + 1)] if after else [])


def _notes(page: Page, lang: str) -> list[str]:
    shown = [page.tree.of[node] for node in page.nodes]
    asked = {
        "relevance_tree.note.shared": bool(page.links),
        "relevance_tree.note.moved": page.tree.moved,
        "relevance_tree.note.weight": any(text_of(record["relevance"]) for record in shown),
        "figure.reading": any(record["reading"] for record in shown),
    }
    return [message(key, lang) for key, wanted in asked.items() if wanted]


def _quality(page: Page, number: int, pages: int) -> dict[str, int | bool]:
    tree = page.tree
    place = {name: i for i, name in enumerate(tree.level("objective"))}
    near = [frozenset(place[up] for up in tree.served(a) if up in place) for a in tree.level("action")]
    lower = [i for i in tree.orders.lower if tree.level("action")[i] in page.shown]
    found: dict[str, int | bool] = {
        "crossings": count(tree.orders.upper, lower, near) if tree.links else 0,
        "proven": tree.orders.proven,
    }
    return found | (
        {"page": number + 1, "pages": pages, "crossings_of_all": tree.orders.crossings} if pages > 1 else {}
    )


def _name(level: str, tree: Tree, read: frozenset[str], lang: str) -> str:
    number = len(tree.level(level))
    words = message(f"relevance_tree.head.{level}.{'many' if number > 1 else 'one'}", lang)
    return words + ("\u00a0†" if number and level in read else "")


def _counts(tree: Tree, lang: str) -> list[str]:
    numbers = {level: len(tree.level(level)) for level in LEVELS}
    return [counted(f"relevance_tree.count.{level}", n, lang) for level, n in numbers.items() if n]


def _told(page: Page, lang: str) -> str:
    """Every node as a sentence, in the order of the tree; objectives are numbered where actions are shared."""
    tree, said = page.tree, ""
    rank = {name: n for n, name in enumerate(tree.level("objective"), start=1)}
    for node in page.nodes:
        record = tree.of[node]
        level = message(f"relevance_tree.head.{record['level']}.one", lang)
        if tree.links and node in rank:
            level = message("relevance_tree.numbered", lang, level=level, n=rank[node])
        marks = _state(record, lang)
        others = [
            message("relevance_tree.also.objective", lang, n=rank[up]) for _, up, low in page.links if low == node
        ]
        marks += [message("relevance_tree.also", lang, objectives=listed(others, lang))] if others else []
        marks += [message("reading", lang)] if record["reading"] else []
        level += f" ({', '.join(marks)})" if marks else ""
        said += " " + sentence(message("relevance_tree.alt.node", lang, level=level, text=text_of(record["label"])))
    return said
