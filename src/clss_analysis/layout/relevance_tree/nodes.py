"""The nodes of a household's relevance tree: what each hangs on, what it serves besides, in which order they stand."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from clss_analysis.layout.page import NothingToDrawError
from clss_analysis.layout.two_rows import Orders, fewest_crossings
from clss_analysis.records import Case, message
from clss_analysis.records.typography import text_of

LEVELS = ("aim", "objective", "action", "means")

Record = Mapping[Hashable, Any]


@dataclass(frozen=True)
class Unit:
    """Nodes that never part over two pages: an action with all below it, say; `group` is what it hangs on."""

    group: str
    nodes: tuple[str, ...]


@dataclass(frozen=True)
class Tree:
    """A relevance tree: its records in the order of the tree, and its links (link id, objective, action)."""

    records: tuple[Record, ...]
    links: tuple[tuple[str, str, str], ...] = ()

    @cached_property
    def of(self) -> Mapping[str, Record]:
        """The records by id."""
        return {record["id"]: record for record in self.records}

    @cached_property
    def below(self) -> Mapping[str, tuple[str, ...]]:
        """Ids by the id of what they hang on (empty: on nothing), in the order of the tree."""
        found: dict[str, list[str]] = {}
        for record in self.records:
            found.setdefault(text_of(record["parent"]), []).append(record["id"])
        return {parent: tuple(ids) for parent, ids in found.items()}

    def level(self, level: str) -> tuple[str, ...]:
        """The ids of one level, in the order of the tree."""
        return tuple(record["id"] for record in self.records if record["level"] == level)

    def held(self, node: str) -> tuple[str, ...]:
        """A node and all below it, in the order of the tree."""
        return (node, *(low for child in self.below.get(node, ()) for low in self.held(child)))

    def above(self, node: str) -> tuple[str, ...]:
        """What a node hangs on, what that hangs on, and so on."""
        parent = text_of(self.of[node]["parent"])
        return (parent, *self.above(parent)) if parent else ()

    def served(self, action: str) -> tuple[str, ...]:
        """The objectives that an action serves: the one it hangs on, then those it is linked to."""
        return (text_of(self.of[action]["parent"]), *(parent for _, parent, child in self.links if child == action))

    @cached_property
    def orders(self) -> Orders:
        """Objectives and actions in the order in which they are drawn, by their place in the order of the tree."""
        objectives, actions = self.level("objective"), self.level("action")
        if not self.links:
            return Orders(tuple(range(len(objectives))), tuple(range(len(actions))), 0, proven=True)
        place = {name: i for i, name in enumerate(objectives)}
        near = [frozenset(place[parent] for parent in self.served(action)) for action in actions]
        return fewest_crossings(len(objectives), near, movable=len(self.level("aim")) < 2)

    @property
    def moved(self) -> bool:
        """Whether the drawn order is another than that of the tree."""
        return any(list(row) != sorted(row) for row in self.orders[:2])

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """All nodes but those that units hang on, in the order in which they are drawn."""
        roots = self.below[""]
        aims = [root for root in roots if self.is_at(root, "aim")]
        band = [low for aim in aims for low in self.below.get(aim, ()) if self.is_at(low, "means")]
        if self.links:
            units = self._woven()
        else:
            units = [unit for root in roots for unit in self._standing(root, 0, frozenset(band))]
        return (*units, *(Unit("", (mean,)) for mean in band))

    def _standing(self, node: str, depth: int, band: frozenset[str]) -> list[Unit]:
        children = [child for child in self.below.get(node, ()) if child not in band]
        if depth == 2 or not children:
            return [Unit(text_of(self.of[node]["parent"]), self.held(node) if node not in self.below[""] else (node,))]
        return [unit for child in children for unit in self._standing(child, depth + 1, band)]

    def _woven(self) -> list[Unit]:
        objectives, actions = self.level("objective"), self.level("action")
        row = [objectives[i] for i in self.orders.upper]
        units = [Unit(text_of(self.of[actions[i]]["parent"]), self.held(actions[i])) for i in self.orders.lower]
        for index, bare in enumerate(row):
            if not any(bare in self.served(action) for action in actions):
                after = set(row[:index])
                last = max((i for i, unit in enumerate(units) if unit.group in after), default=-1)
                units.insert(last + 1, Unit(bare, (bare,)))
        return units + [Unit("", (root,)) for root in self.below[""] if root not in self.below]

    def is_at(self, node: str, level: str) -> bool:
        """Whether a node is one of a level."""
        return bool(self.of[node]["level"] == level)


def relevance_nodes(case: Case, lang: str) -> Tree:
    """The tree of a household.

    Raises:
        NothingToDrawError: it has none.
        ValueError: a node hangs on none of a higher level, or a link does not lead from an objective to an action
            that hangs on another one.
    """
    frame = case.relevance_nodes
    if frame.empty:
        raise NothingToDrawError(message("relevance_tree.nothing", lang, case=case.label))
    rows = sorted(frame.to_dict("records"), key=lambda r: (LEVELS.index(r["level"]), r["order"], r["id"]))
    level = {record["id"]: LEVELS.index(record["level"]) for record in rows}
    for record in rows:
        parent = text_of(record["parent"])
        if parent and level.get(parent, len(LEVELS)) >= level[record["id"]]:
            raise ValueError("relevance_nodes: a node must hang on a node of a higher level of the same household")
    flat = Tree(tuple(rows))
    reading = [flat.of[name] for root in flat.below[""] for name in flat.held(root)]
    tree = Tree(tuple(reading), _links(case, flat))
    own = [text_of(record["parent"]) for record in reading if record["level"] == "action"] if tree.links else []
    if any(parent not in tree.level("objective") for parent in own):
        raise ValueError("relevance_nodes: with relevance_links, every action must hang on an objective")
    return tree


def _links(case: Case, tree: Tree) -> tuple[tuple[str, str, str], ...]:
    objectives, actions = tree.level("objective"), tree.level("action")
    links = []
    for record in case.relevance_links.to_dict("records"):
        parent, child = text_of(record["parent"]), text_of(record["child"])
        if parent not in objectives or child not in actions or text_of(tree.of[child]["parent"]) == parent:
            raise ValueError("relevance_links: a link leads from an objective to an action that hangs on another one")
        links.append((actions.index(child), objectives.index(parent), record["id"]))
    if len({link[:2] for link in links}) < len(links):
        raise ValueError("relevance_links: an action is linked twice to the same objective")
    return tuple((name, objectives[parent], actions[child]) for child, parent, name in sorted(links))
