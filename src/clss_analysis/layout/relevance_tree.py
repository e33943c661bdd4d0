"""Relevance tree (arbre de pertinence): aim, objectives, actions, and the means that carry the whole.

The tree reads from left to right, one column a level; every leaf has rows of its own and a parent stands in the
middle of its children, so that elbow edges cannot cross.  Means of an aim lie in a band under its tree.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

from clss_analysis.layout.geometry import Layout, Mark
from clss_analysis.layout.page import (
    EVEN,
    HEADING,
    INVERSE,
    LANDSCAPE,
    MARGIN,
    PORTRAIT,
    SMALL_MUTED,
    STRONG,
    TALLEST,
    NothingToDrawError,
    Part,
    block,
    compose,
)
from clss_analysis.layout.tree import PAD_X, PAD_Y, Branch, Columns, card, columns, edge, heads, place
from clss_analysis.layout.words import counted, listed, sentence, told
from clss_analysis.records import Case, Row, label, message

_LEVELS = ("aim", "objective", "action", "means")
_SHARES = {3: (0.265, 0.305, 0.43), 4: (0.2, 0.25, 0.3, 0.25)}
_GAPS = {0: 8.0, 1: 4.2, 2: 1.7, 3: 1.7}
_VOICES = {"aim": INVERSE, "objective": STRONG, "action": EVEN, "means": EVEN}
_SIGNS = {"planned": "○", "under_way": "→", "done": "✓", "abandoned": "✗"}

_Record = Mapping[Hashable, Any]


def relevance_tree(case: Case, *, lang: str = "fr", width: float | None = None) -> Layout:
    """Lay out the relevance tree of one household.

    Args:
        case: the household.
        lang: fr, nl or en, for all words that are not the record's own.
        width: of the page in millimetres; by default portrait (160), or landscape (240) where the tree would
            otherwise be taller than a page.

    Returns:
        The layout; its symbols stand in reading order, which is the order of the tree.

    Raises:
        NothingToDrawError: the case has no relevance tree.
        ValueError: a node hangs on none, on a node of a lower level, or on itself.

    Source of the method: arbre de pertinence as La Rue uses it (after PATTERN, Honeywell 1963).

    >>> import clss_analysis as clss
    >>> relevance_tree(clss.read("data/publication").case("Y")).kind
    'relevance-tree'
    """
    records = _checked(case, lang)
    if width is not None:
        return _lay_out(case, records, lang, width)
    layout = _lay_out(case, records, lang, PORTRAIT)
    return layout if layout.height <= TALLEST else _lay_out(case, records, lang, LANDSCAPE)


def _checked(case: Case, lang: str) -> list[_Record]:
    """The nodes of the case by level and order, each hanging on a higher one."""
    frame = case.relevance_nodes
    if frame.empty:
        raise NothingToDrawError(message("relevance_tree.nothing", lang, case=case.label))
    records = sorted(frame.to_dict("records"), key=lambda r: (_LEVELS.index(r["level"]), r["order"], r["id"]))
    levels = {record["id"]: _LEVELS.index(record["level"]) for record in records}
    for record in records:
        parent = told(record["parent"])
        if parent and levels.get(parent, len(_LEVELS)) >= levels[record["id"]]:
            raise ValueError("relevance_nodes: a node must hang on a node of a higher level of the same household")
    return list(records)


def _branches(records: list[_Record], read: frozenset[str], lang: str) -> tuple[Branch, ...]:
    below: dict[str, list[Branch]] = {}
    for record in reversed(records):
        name, level, status = record["id"], record["level"], told(record["status"])
        branch = Branch(
            name,
            _LEVELS.index(level),
            told(record["label"]) + ("\u00a0†" if record["reading"] and level not in read else ""),
            _VOICES[level],
            level,
            (Row("relevance_nodes", name),),
            f"{_SIGNS[status]} {label('action_status', status, lang)}" if status else "",
            tuple(below.get(name, ())),
        )
        below.setdefault(told(record["parent"]), []).insert(0, branch)
    return tuple(below[""])


def _lay_out(case: Case, records: list[_Record], lang: str, width: float) -> Layout:
    read = frozenset(lv for lv in _LEVELS if all(r["reading"] for r in records if r["level"] == lv))
    roots = _branches(records, read, lang)
    aims = {record["id"] for record in records if record["level"] == "aim"}
    deep = any(record["level"] == "means" and told(record["parent"]) not in aims for record in records)
    across = columns(width, _SHARES[4 if deep else 3], _GAPS)
    names = [(level, _name(level, records, read, lang)) for level in _LEVELS]
    counts = listed(_counts(records, lang), lang)
    return compose(
        "relevance-tree",
        case,
        lambda top: _body(roots, names, across, top, width, lang),
        title=message("relevance_tree.title", lang, case=case.label),
        caption=message("relevance_tree.caption", lang, case=case.label, counts=counts),
        alt=message("relevance_tree.alt", lang, case=case.label, counts=counts) + _told(roots, records, lang),
        rows=[Row("households", case.id), *(Row("relevance_nodes", record["id"]) for record in records)],
        lang=lang,
        width=width,
        notes=[message("figure.reading", lang)] if any(record["reading"] for record in records) else [],
    )


def _name(level: str, records: list[_Record], read: frozenset[str], lang: str) -> str:
    count = sum(record["level"] == level for record in records)
    words = message(f"relevance_tree.head.{level}.{'many' if count > 1 else 'one'}", lang)
    return words + ("\u00a0†" if count and level in read else "")


def _body(
    roots: tuple[Branch, ...], names: list[tuple[str, str]], across: Columns, top: float, width: float, lang: str
) -> Part:
    part = heads(names[: len(across.lefts)], across, top)
    y = part.bottom + 3
    for root in roots:
        band = tuple(child for child in root.children if root.role == "aim" and child.role == "means")
        above = tuple(child for child in root.children if child not in band)
        drawn, middle = place(replace(root, children=above), across)
        part += drawn.lowered(y)
        if band:
            part += _means(root, band, names[-1][1], across, part.bottom + 5, width, middle + y, lang)
        y = part.bottom + _GAPS[0]
    return part


def _means(
    root: Branch,
    means: tuple[Branch, ...],
    heading: str,
    across: Columns,
    top: float,
    width: float,
    middle: float,
    lang: str,
) -> Part:
    """The band under the tree: means one under the other, each on the spine of the aim."""
    y, part = top + 2.5, Part(top)
    left, right = across.lefts[1], width - MARGIN - 2.5
    aim = (across.lefts[0] + across.widths[0], middle)
    for mean in means:
        drawn = card(mean, across, (left, right - left)).lowered(y)
        line = edge(root.id, mean.id, aim, (left, (y + drawn.bottom) / 2))
        part += drawn + Part(drawn.bottom, lines=(line,))
        y = drawn.bottom + _GAPS[3]
    x, room = MARGIN + PAD_X, across.widths[0] - 2 * PAD_X
    name = block(f"{root.id}-means", heading, (x, top + 2.5 + PAD_Y), room, HEADING)
    whole = block(f"{root.id}-whole", message("relevance_tree.whole", lang), (x, name.box[3]), room, SMALL_MUTED)
    bottom = max(part.bottom, whole.box[3]) + 2.5
    return part + Part(bottom, labels=(name, whole), marks=(Mark(((MARGIN, top), (width - MARGIN, bottom)), "band"),))


def _counts(records: list[_Record], lang: str) -> list[str]:
    numbers = {level: sum(record["level"] == level for record in records) for level in _LEVELS}
    return [counted(f"relevance_tree.count.{level}", n, lang) for level, n in numbers.items() if n]


def _told(roots: tuple[Branch, ...], records: list[_Record], lang: str) -> str:
    """Every node as a sentence, in the order of the tree."""
    of = {record["id"]: record for record in records}
    said = ""
    todo = list(roots)
    while todo:
        branch = todo.pop(0)
        todo = [*branch.children, *todo]
        record = of[branch.id]
        marks = [label("action_status", told(record["status"]), lang)] if told(record["status"]) else []
        marks += [message("reading", lang)] if record["reading"] else []
        level = message(f"relevance_tree.head.{branch.role}.one", lang) + (f" ({', '.join(marks)})" if marks else "")
        said += " " + sentence(message("relevance_tree.alt.node", lang, level=level, text=told(record["label"])))
    return said
