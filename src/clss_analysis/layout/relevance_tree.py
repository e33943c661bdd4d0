"""Relevance tree (arbre de pertinence): aim, objectives, actions, and the means that carry the whole.

The tree reads from left to right, one column a level; every leaf has rows of its own and a parent stands in the
middle of its children, so that elbow edges cannot cross.  Means of an aim lie in a band under its tree.
"""

from __future__ import annotations

from dataclasses import dataclass

from clss_analysis.layout.geometry import Label, Layout, Line, Mark, Point, Symbol
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
from clss_analysis.layout.words import capital, counted, listed, sentence, told
from clss_analysis.records import Case, Row, codes, label, message

_LEVELS = ("aim", "objective", "action", "means")
_SHARES = {3: (0.265, 0.305, 0.43), 4: (0.2, 0.25, 0.3, 0.25)}
_PAD_X, _PAD_Y, _GUTTER = 2.2, 1.5, 9.0
_GAPS = {"aim": 8.0, "objective": 4.2, "action": 1.7, "means": 1.7}
_VOICES = {"aim": INVERSE, "objective": STRONG, "action": EVEN, "means": EVEN}
_SIGNS = {"planned": "○", "under_way": "→", "done": "✓", "abandoned": "✗"}


@dataclass(frozen=True, slots=True)
class _Node:
    id: str
    level: str
    text: str
    status: str
    reading: bool
    children: tuple[_Node, ...]

    def walk(self) -> list[_Node]:
        return [self, *(below for child in self.children for below in child.walk())]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Left edges and widths in millimetres of the columns of the levels.

    `read` holds the levels of which every node is a reading: their heads carry the dagger, not each node.
    """

    lefts: tuple[float, ...]
    widths: tuple[float, ...]
    read: frozenset[str]
    lang: str


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
    roots = _roots(case, lang)
    if width is not None:
        return _lay_out(case, roots, lang, width)
    layout = _lay_out(case, roots, lang, PORTRAIT)
    return layout if layout.height <= TALLEST else _lay_out(case, roots, lang, LANDSCAPE)


def _roots(case: Case, lang: str) -> tuple[_Node, ...]:
    frame = case.relevance_nodes
    if frame.empty:
        raise NothingToDrawError(message("relevance_tree.nothing", lang, case=case.label))
    records = sorted(frame.to_dict("records"), key=lambda r: (_LEVELS.index(r["level"]), r["order"], r["id"]))
    below: dict[str, list[str]] = {}
    levels = {r["id"]: _LEVELS.index(r["level"]) for r in records}
    for record in records:
        parent = told(record["parent"])
        if parent and levels.get(parent, len(_LEVELS)) >= levels[record["id"]]:
            raise ValueError("relevance_nodes: a node must hang on a node of a higher level of the same household")
        below.setdefault(parent, []).append(record["id"])
    nodes: dict[str, _Node] = {}
    for record in reversed(records):
        nodes[record["id"]] = _Node(
            record["id"],
            record["level"],
            told(record["label"]),
            told(record["status"]),
            bool(record["reading"]),
            tuple(nodes[child] for child in below.get(record["id"], [])),
        )
    return tuple(nodes[name] for name in below.get("", []))


def _lay_out(case: Case, roots: tuple[_Node, ...], lang: str, width: float) -> Layout:
    nodes = [node for root in roots for node in root.walk()]
    carrying = {child.id for node in nodes if node.level == "aim" for child in node.children}
    deep = any(node.level == "means" and node.id not in carrying for node in nodes)
    read = frozenset(lv for lv in _LEVELS if all(node.reading for node in nodes if node.level == lv))
    columns = _columns(width, 4 if deep else 3, read, lang)
    notes = [message("figure.reading", lang)] if any(node.reading for node in nodes) else []
    told_status = [code for code in codes("action_status") if any(node.status == code for node in nodes)]
    if told_status:
        signs = [f"{_SIGNS[code]} {label('action_status', code, lang)}" for code in told_status]
        notes.insert(0, message("relevance_tree.status", lang, signs=listed(signs, lang)))
    return compose(
        "relevance-tree",
        case,
        lambda top: _body(roots, nodes, columns, top, width),
        title=message("relevance_tree.title", lang, case=case.label),
        caption=message("relevance_tree.caption", lang, case=case.label, counts=listed(_counts(nodes, lang), lang)),
        alt=_alt(case, roots, nodes, lang),
        rows=[Row("households", case.id), *(Row("relevance_nodes", node.id) for node in nodes)],
        lang=lang,
        width=width,
        notes=notes,
    )


def _columns(width: float, count: int, read: frozenset[str], lang: str) -> _Columns:
    room = width - 2 * MARGIN - (count - 1) * _GUTTER
    widths = tuple(share * room for share in _SHARES[count])
    lefts = tuple(MARGIN + sum(widths[:i]) + i * _GUTTER for i in range(count))
    return _Columns(lefts, widths, read, lang)


def _body(roots: tuple[_Node, ...], nodes: list[_Node], columns: _Columns, top: float, width: float) -> Part:
    part = _heads(nodes, columns, top)
    y = part.bottom + 3
    for root in roots:
        band = tuple(child for child in root.children if root.level == "aim" and child.level == "means")
        drawn, middles = _place(root, [child for child in root.children if child not in band], columns, y)
        part += drawn
        if band:
            part += _means(root, band, columns, part.bottom + 5, width, middles[root.id])
        y = part.bottom + _GAPS["aim"]
    return part


def _heads(nodes: list[_Node], columns: _Columns, top: float) -> Part:
    part = Part(top)
    for level, left, width in zip(_LEVELS, columns.lefts, columns.widths, strict=False):
        many = sum(node.level == level for node in nodes) > 1
        words = message(f"relevance_tree.head.{level}.{'many' if many else 'one'}", columns.lang)
        words += "\u00a0†" if level in columns.read and any(node.level == level for node in nodes) else ""
        text = block(f"head-{level}", words, (left, top), width, HEADING)
        low = text.box[3] + 0.8
        part += Part(low, labels=(text,), marks=(Mark(((left, low), (left + width, low)), "rule"),))
    return part


def _place(node: _Node, children: list[_Node], columns: _Columns, top: float) -> tuple[Part, dict[str, float]]:
    """A subtree from a top edge down, with the middle height of each of its nodes."""
    column = _LEVELS.index(node.level)
    height = _card(node, columns, 0, column).bottom
    below, y = Part(top), top
    middles: dict[str, float] = {}
    branches = [_place(child, list(child.children), columns, top)[0].bottom - top for child in children]
    gaps = [_GAPS[child.level] for child in children[1:]]
    spread = sum(branches) + sum(gaps)
    y = top + max(0.0, (height - spread) / 2)
    for child, extent, gap in zip(children, branches, [*gaps, 0.0], strict=False):
        drawn, inner = _place(child, list(child.children), columns, y)
        below += drawn
        middles |= inner
        y += extent + gap
    own_top = top + max(0.0, (spread - height) / 2)
    own = _card(node, columns, own_top, column)
    middles[node.id] = own_top + height / 2
    near = [middles[child.id] for child in children if abs(middles[child.id] - middles[node.id]) < 1.5]
    anchor = near[0] if near else middles[node.id]
    edges = tuple(
        _edge(node.id, child.id, own, anchor, middles[child.id], columns.lefts[_LEVELS.index(child.level)])
        for child in children
    )
    middles[node.id] = anchor
    return own + below + Part(max(own.bottom, below.bottom), lines=edges), middles


def _card(node: _Node, columns: _Columns, top: float, column: int, width: float | None = None) -> Part:
    left = columns.lefts[column]
    width = columns.widths[column] if width is None else width
    text = node.text + ("\u00a0†" if node.reading and node.level not in columns.read else "")
    at, room = (left + _PAD_X, top + _PAD_Y), width - 2 * _PAD_X
    words = block(f"{node.id}-text", text, at, room, _VOICES[node.level], of=node.id)
    labels: tuple[Label, ...] = (words,)
    if node.status:
        status = f"{_SIGNS[node.status]} {label('action_status', node.status, columns.lang)}"
        below = (at[0], words.box[3] + 0.3)
        labels += (block(f"{node.id}-status", status, below, room, SMALL_MUTED, of=node.id),)
    bottom = labels[-1].box[3] + _PAD_Y
    card = Symbol(node.id, "node", (left, top, left + width, bottom), node.level, (Row("relevance_nodes", node.id),))
    return Part(bottom, symbols=(card,), labels=labels)


def _edge(source: str, target: str, card: Part, anchor: float, middle: float, left: float) -> Line:
    """An elbow from the right side of a card to the left side of another, straight where they are level."""
    x0 = card.symbols[0].box[2]
    spine = x0 + _GUTTER / 2
    path: tuple[Point, ...] = ((x0, anchor), (left, middle))
    if middle != anchor:
        path = ((x0, anchor), (spine, anchor), (spine, middle), (left, middle))
    return Line(f"{source}--{target}", "edge", path, "branch", source, target)


def _means(root: _Node, means: tuple[_Node, ...], columns: _Columns, top: float, width: float, middle: float) -> Part:
    """The band under the tree: means one under the other, each on the spine of the aim."""
    y, part = top + 2.5, Part(top)
    left, right = columns.lefts[1], columns.lefts[2] + columns.widths[2] - 2.5
    aim = columns.lefts[0] + columns.widths[0]
    for mean in means:
        card = _card(mean, columns, y, 1, right - left)
        centre = (y + card.bottom) / 2
        spine = aim + _GUTTER / 2
        path = ((aim, middle), (spine, middle), (spine, centre), (left, centre))
        edge = Line(f"{root.id}--{mean.id}", "edge", path, "branch", root.id, mean.id)
        part += card + Part(card.bottom, lines=(edge,))
        y = card.bottom + _GAPS["means"]
    words = message(f"relevance_tree.head.means.{'many' if len(means) > 1 else 'one'}", columns.lang)
    words += "\u00a0†" if "means" in columns.read else ""
    room = columns.widths[0] - 2 * _PAD_X
    x = MARGIN + _PAD_X
    name = block(f"{root.id}-means", words, (x, top + 2.5 + _PAD_Y), room, HEADING)
    whole = block(
        f"{root.id}-whole", message("relevance_tree.whole", columns.lang), (x, name.box[3]), room, SMALL_MUTED
    )
    bottom = max(part.bottom, whole.box[3]) + 2.5
    return part + Part(bottom, labels=(name, whole), marks=(Mark(((MARGIN, top), (width - MARGIN, bottom)), "band"),))


def _counts(nodes: list[_Node], lang: str) -> list[str]:
    numbers = {level: sum(node.level == level for node in nodes) for level in _LEVELS}
    return [counted(f"relevance_tree.count.{level}", n, lang) for level, n in numbers.items() if n]


def _alt(case: Case, roots: tuple[_Node, ...], nodes: list[_Node], lang: str) -> str:
    said = [message("relevance_tree.alt", lang, case=case.label, counts=listed(_counts(nodes, lang), lang))]
    for node in (below for root in roots for below in root.walk()):
        words = message(f"relevance_tree.head.{node.level}.one", lang)
        status = f" ({label('action_status', node.status, lang)})" if node.status else ""
        reading = f" ({message('reading', lang)})" if node.reading else ""
        said.append(sentence(message("relevance_tree.alt.node", lang, level=words + status + reading, text=node.text)))
    return " ".join(capital(part) for part in said)
