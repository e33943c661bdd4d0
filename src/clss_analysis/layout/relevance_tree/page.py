"""One page of a relevance tree: the cards of some of its nodes, their edges, and the band of means.

Without shared actions a parent stands in the middle of its children and elbow edges cannot cross.  With them, actions
and objectives stand in two rows of their own (`two_rows`), and each edge is the same curve from row to row, so that two
edges cross once where their ends are in opposite order, and never elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from clss_analysis.layout.boards.tree import PAD_X, PAD_Y, Branch, Columns, card, columns, edge, heads, place
from clss_analysis.layout.geometry import Line, Mark, Point
from clss_analysis.layout.page import HEADING, MARGIN, SMALL_MUTED, Part, block
from clss_analysis.layout.relevance_tree.nodes import Tree, Unit
from clss_analysis.records import Row, message

GAPS = {0: 8.0, 1: 4.2, 2: 1.7, 3: 1.7}  # mm between siblings by column: what belongs together stands closer
_SHARES = {3: (0.265, 0.305, 0.43), 4: (0.2, 0.25, 0.3, 0.25)}  # of the width: actions have the longest texts
_WIDER = 13.0  # mm more before a column to which links run crosswise: they need room to pass each other
_STEPS = 41  # pieces of a curve: smooth at any size that is printed

Maker = Callable[[str, tuple[Branch, ...]], Branch]


@dataclass(frozen=True)
class Page:
    """What a page shows: the units of it, and all nodes that they hang on."""

    tree: Tree
    units: tuple[Unit, ...]

    @cached_property
    def shown(self) -> frozenset[str]:
        """The ids of all nodes on the page."""
        own = {node for unit in self.units for node in unit.nodes}
        served = {up for node in own if self.tree.is_at(node, "action") for up in self.tree.served(node)}
        return frozenset(own | served | {up for node in own | served for up in self.tree.above(node)})

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """The same in the order of the tree."""
        shown = self.shown
        return tuple(record["id"] for record in self.tree.records if record["id"] in shown)

    @cached_property
    def links(self) -> tuple[tuple[str, str, str], ...]:
        """The links whose action is on the page."""
        return tuple(link for link in self.tree.links if link[2] in self.shown)


def page_columns(tree: Tree, width: float) -> Columns:
    """The columns of a tree: means have one of their own when some hang on an action or objective."""
    aims = {*tree.level("aim"), ""}
    deep = any(up not in aims for mean in tree.level("means") for up in tree.above(mean)[:1])
    return columns(width, _SHARES[4 if deep else 3], GAPS, {2: _WIDER} if tree.links else None)


def page_body(
    page: Page, make: Maker, names: Sequence[tuple[str, str]], across: Columns, top: float, width: float, lang: str
) -> Part:
    """The drawing from a top edge down.

    Args:
        page: the nodes to draw.
        make: a branch from the id of a node and its children.
        names: id and words of the heading of each column; the last are those of the band of means.
        across: columns.
        top: in millimetres.
        width: of the page.
        lang: fr, nl or en.
    """
    tree, shown = page.tree, page.shown
    part = heads(names[: len(across.lefts)], across, top)
    y = part.bottom + 3

    def branch(node: str) -> Branch:
        return make(node, tuple(branch(low) for low in tree.below.get(node, ()) if low in shown))

    roots = [branch(root) for root in tree.below[""] if root in shown]
    bands = {root.id: _band(root) for root in roots}
    if tree.links:
        drawn, ports = _woven(page, [_without(root, bands[root.id]) for root in roots], across)
        part += drawn.lowered(y)
        middles = {name: at + y for name, at in ports.items()}
        for root in roots:
            if bands[root.id]:
                part += _means(root, bands[root.id], names[-1][1], across, part.bottom + 5, width, middles, lang)
        return part
    for root in roots:
        drawn, middle = place(_without(root, bands[root.id]), across)
        part += drawn.lowered(y)
        if bands[root.id]:
            middles = {root.id: middle + y}
            part += _means(root, bands[root.id], names[-1][1], across, part.bottom + 5, width, middles, lang)
        y = part.bottom + GAPS[0]
    return part


def _band(root: Branch) -> tuple[Branch, ...]:
    return tuple(child for child in root.children if root.role == "aim" and child.role == "means")


def _without(root: Branch, band: tuple[Branch, ...]) -> Branch:
    return replace(root, children=tuple(child for child in root.children if child not in band))


def _woven(page: Page, roots: list[Branch], across: Columns) -> tuple[Part, dict[str, float]]:
    """Aims, objectives and actions in rows of their own from 0 down, and the height of each card's edges."""
    tree = page.tree
    objectives = {low.id: low for root in roots for low in root.children if low.role == "objective"}
    actions = {low.id: low for objective in objectives.values() for low in objective.children}
    upper = [name for i in tree.orders.upper if (name := tree.level("objective")[i]) in objectives]
    lower = [name for i in tree.orders.lower if (name := tree.level("action")[i]) in actions]
    part, ports, y = Part(0.0), dict[str, float](), 0.0
    for name in lower:
        drawn, middle = place(actions[name], across)
        part += drawn.lowered(y)
        ports[name] = middle + y
        y += drawn.bottom + across.gaps[2]
    near = {name: [ports[action] for action in lower if name in tree.served(action)] for name in upper}
    cards = [card(replace(objectives[name], children=()), across) for name in upper]
    part += _row(upper, cards, near, across.gaps[1], ports)
    under = {root.id: [ports[low.id] for low in root.children if low.id in objectives] for root in roots}
    aims = [card(replace(root, children=()), across) for root in roots]
    part += _row([root.id for root in roots], aims, under, across.gaps[0], ports)
    lift = min(symbol.box[1] for symbol in part.symbols)
    part, ports = part.lowered(-lift), {name: at - lift for name, at in ports.items()}
    right = {symbol.id: symbol.box[2] for symbol in part.symbols}
    lines = [
        edge(root.id, low.id, (right[root.id], ports[root.id]), (across.lefts[1], ports[low.id]))
        for root in roots
        for low in root.children
        if low.id in objectives
    ]
    linked = {(parent, child): name for name, parent, child in page.links}
    for action in lower:
        for parent in tree.served(action):
            start, end = (right[parent], ports[parent]), (across.lefts[2], ports[action])
            lines.append(_curve(parent, action, start, end, linked.get((parent, action), "")))
    place_of = {name: i for i, name in enumerate(page.nodes)}
    symbols = tuple(sorted(part.symbols, key=lambda symbol: place_of[symbol.id]))
    labels = tuple(sorted(part.labels, key=lambda text: place_of[text.of]))
    return Part(part.bottom, symbols, part.lines + tuple(lines), labels, part.marks), ports


def _row(
    names: Sequence[str],
    cards: Sequence[Part],
    near: Mapping[str, Sequence[float]],
    gap: float,
    ports: dict[str, float],
) -> Part:
    """Cards one under the other in their order, each as near as it can be to the middle of what it leads to."""
    wanted: list[float] = []
    for name in names:
        heights = near[name]
        wanted.append(sum(heights) / len(heights) if heights else (wanted[-1] if wanted else 0.0))
    part = Part(0.0)
    for name, drawn, top in zip(names, cards, _tops(wanted, [c.bottom for c in cards], gap), strict=True):
        part += drawn.lowered(top)
        ports[name] = top + drawn.bottom / 2
    return part


def _tops(wanted: Sequence[float], heights: Sequence[float], gap: float) -> list[float]:
    """Tops of boxes that keep their order and gap, with the least sum of squares of what their middles are off.

    Source of the method: pool adjacent violators (Barlow et al. 1972).
    """
    shifts, run = [], 0.0
    for height in heights:
        shifts.append(run + height / 2)
        run += height + gap
    pools: list[tuple[float, int]] = []
    for want, shift in zip(wanted, shifts, strict=True):
        pool = (want - shift, 1)
        while pools and pools[-1][0] > pool[0]:
            mean, size = pools.pop()
            pool = ((mean * size + pool[0] * pool[1]) / (size + pool[1]), size + pool[1])
        pools.append(pool)
    means = [mean for mean, size in pools for _ in range(size)]
    return [mean + shift - height / 2 for mean, shift, height in zip(means, shifts, heights, strict=True)]


def _curve(parent: str, action: str, start: Point, end: Point, link: str) -> Line:
    """A smooth step from card to card; `link` is the record of an action that serves this objective as well."""
    (x0, y0), (x1, y1) = start, end
    steps = [i / _STEPS for i in range(_STEPS + 1)]
    path = (
        (start, end) if y0 == y1 else tuple((x0 + (x1 - x0) * t, y0 + (y1 - y0) * t * t * (3 - 2 * t)) for t in steps)
    )
    rows = (Row("relevance_links", link),) if link else ()
    role = "branch-shared" if link else "branch"
    return Line(f"{parent}--{action}", "edge", (*path[:-1], end), role, parent, action, rows=rows)


def _means(
    root: Branch,
    means: tuple[Branch, ...],
    heading: str,
    across: Columns,
    top: float,
    width: float,
    middles: Mapping[str, float],
    lang: str,
) -> Part:
    """The band under the tree: means one under the other, each on the spine of the aim."""
    y, part = top + 2.5, Part(top)
    left, right = across.lefts[1], width - MARGIN - 2.5
    aim = (across.lefts[0] + across.widths[0], middles[root.id])
    for mean in means:
        drawn = card(mean, across, (left, right - left)).lowered(y)
        line = edge(root.id, mean.id, aim, (left, (y + drawn.bottom) / 2))
        part += drawn + Part(drawn.bottom, lines=(line,))
        y = drawn.bottom + GAPS[3]
    x, room = MARGIN + PAD_X, across.widths[0] - 2 * PAD_X
    name = block(f"{root.id}-means", heading, (x, top + 2.5 + PAD_Y), room, HEADING)
    whole = block(f"{root.id}-whole", message("relevance_tree.whole", lang), (x, name.box[3]), room, SMALL_MUTED)
    bottom = max(part.bottom, whole.box[3]) + 2.5
    return part + Part(bottom, labels=(name, whole), marks=(Mark(((MARGIN, top), (width - MARGIN, bottom)), "band"),))
