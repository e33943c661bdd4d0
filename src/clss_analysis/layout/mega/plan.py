"""The plan of a mega-sociogenogram: who stands where on the ring and how arrows are bundled, whatever the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from clss_analysis.layout.mega.choice import Choice, choose, grouped, rank, thresholds
from clss_analysis.layout.mega.order import Group, flat, ring_order
from clss_analysis.layout.mega.ring import sides
from clss_analysis.layout.mega.tracks import Bus, buses
from clss_analysis.layout.page import NothingToDrawError
from clss_analysis.measures.ties import HOME, OTHERS, TieNetwork
from clss_analysis.records import Row, message

_SINGLE = 48  # symbols: with more, each one's own spoke would leave the chords no room, and they share collectors


@dataclass(frozen=True, eq=False)
class Plan:
    """Groups on both sides with the codes of their sectors, clockwise; bundles of chords between ranks; where width
    classes start; the kinds of arrows to and from the households that are gathered by sector (none in a small
    network, where each runs by itself).
    """

    network: TieNetwork
    choice: Choice
    right: tuple[tuple[str, Group], ...]
    left: tuple[tuple[str, Group], ...]
    bundles: tuple[Bus, ...]
    starts: tuple[int, ...]
    gathered: tuple[str, ...]

    @cached_property
    def members(self) -> tuple[str, ...]:
        """All on the ring, clockwise from the top."""
        return flat([group for _, group in (*self.right, *self.left)])

    @property
    def levels(self) -> int:
        """How many tracks the chords need."""
        return 1 + max((bus.level for bus in self.bundles), default=-1)

    @property
    def most(self) -> int:
        """The largest number of households of a link drawn."""
        return int(self.choice.links["households"].max())

    @cached_property
    def links(self) -> tuple[Mapping[str, Any], ...]:
        """Links drawn, the weakest first, each with its `index` in the network and its `role`."""
        ordered = self.choice.links.sort_values(["households", "kind", "a", "b"], kind="stable")
        rows = zip(ordered.index, ordered.to_dict("records"), strict=True)
        return tuple({"index": int(i), "role": self._role(row), **row} for i, row in rows)  # type: ignore[dict-item]  # columns are texts

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Actors and ties drawn."""
        actors = [Row("actors", str(actor)) for actor in self.network.actors.index if actor != OTHERS]
        ties = self.network.ties
        drawn = ties.loc[ties["link"].isin(self.choice.links.index), "tie"]
        return (*actors, *(Row("ties", tie) for tie in sorted(set(drawn))))

    def _role(self, row: Mapping[Any, Any]) -> str:
        kind = str(row["kind"])
        if not (row["there"] or row["back"]) and kind in ("working", "other"):
            kind = "unknown-working" if kind == "working" else "unknown-mixed"
        both = "-both" if row["there"] and row["back"] else ""
        return f"mega-{kind}{both}-{rank(int(row['households']), self.starts)}"


def plan_network(network: TieNetwork, lang: str = "fr") -> Plan:
    """Choose what is drawn, order it on the ring and bundle it.

    Args:
        network: what was counted.
        lang: of the error's message.

    Raises:
        NothingToDrawError: no tie of a service may be shown.

    >>> import clss_analysis as clss
    >>> from clss_analysis.measures import tie_network
    >>> len(plan_network(tie_network(clss.read("data/publication"))).members)
    40
    """
    choice = choose(network)
    if network.actors.empty or choice.links.empty:
        raise NothingToDrawError(message("mega.nothing", lang))
    groups = grouped(network.actors)
    links = choice.links
    ends = zip(links["a"], links["b"], strict=True)
    pairs = sorted({(min(a, b), max(a, b)) for a, b in ends if HOME not in (a, b)})
    _, ordered = ring_order(tuple(groups.values()), pairs)
    right, left = _largest_above(*sides(ordered, heads=True), network)
    code_of = {member: code for code, group in groups.items() for member in flat([group])}
    members = flat((*right, *left))
    place = {member: index for index, member in enumerate(members)}
    spokes = set(links.loc[(links["a"] == HOME) | (links["b"] == HOME), "kind"])
    return Plan(
        network=network,
        choice=choice,
        right=tuple((code_of[group[0][0]], group) for group in right),
        left=tuple((code_of[group[0][0]], group) for group in left),
        bundles=buses(len(members), [(place[a], place[b]) for a, b in pairs]),
        starts=thresholds(int(n) for n in links["households"]),
        gathered=tuple(k for k in ("helps", "calls", "unknown-mixed") if k in spokes and len(members) > _SINGLE),
    )


def _largest_above(
    right: tuple[Group, ...], left: tuple[Group, ...], network: TieNetwork
) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """Both sides turned upside down where the service around most households would stand in the lower half."""
    counts = network.actors["households"]
    largest = min(flat((*right, *left)), key=lambda m: (-int(counts[m]), m))
    for side, upwards in ((right, False), (left, True)):
        members = flat(side)
        if largest in members and (2 * members.index(largest) >= len(members)) is not upwards:
            return _turned(right), _turned(left)
    return right, left


def _turned(groups: tuple[Group, ...]) -> tuple[Group, ...]:
    return tuple(tuple(tuple(reversed(block)) for block in reversed(group)) for group in reversed(groups))
