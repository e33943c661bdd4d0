"""Two rows of nodes joined by edges: the orders in which fewest edges cross, and whether that is proven.

Upper nodes are searched by branch and bound, one group that shares lower nodes at a time; for each order of them the
lower nodes follow by their pairwise counts, which is exact wherever the pairwise wishes do not run in a circle, and by
dynamic programming over the circle where they do.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

import networkx as nx
import numpy as np
import numpy.typing as npt

_LONGEST_CIRCLE = 12  # kinds whose every order is weighed by subsets (4,096); each one more doubles the time
_MOST_STEPS = 200_000  # of the search, so that it ends; then the best order found is taken, and said not to be proven

Neighbours = Sequence[frozenset[int]]
Counts = npt.NDArray[np.int64]


class Orders(NamedTuple):
    """Both rows in their order, by index; how many pairs of edges cross; whether fewer are impossible."""

    upper: tuple[int, ...]
    lower: tuple[int, ...]
    crossings: int
    proven: bool


def fewest_crossings(upper: int, lower: Neighbours, *, movable: bool = True) -> Orders:
    """Orders of two rows with the fewest crossings of straight edges between them.

    The given order stays where no other has fewer crossings, and so always where every lower node has one neighbour
    and stands with it.

    Args:
        upper: number of upper nodes.
        lower: for each lower node, in its given order, the upper nodes that it is joined to.
        movable: whether upper nodes may change places; if not, the fewest for their given order are looked for.

    Returns:
        The orders.  `proven` is false only where a search was cut short, which takes far more shared nodes than a
        household's tree has.

    Source of the method: pairwise crossing numbers (Jünger & Mutzel 1997), here under a search over the upper row.

    >>> fewest_crossings(3, [frozenset({0}), frozenset({0, 2}), frozenset({1}), frozenset({2})])
    Orders(upper=(0, 2, 1), lower=(0, 1, 3, 2), crossings=0, proven=True)
    """
    given = tuple(range(upper))
    best, proven = _follow(given, lower), True
    if movable and best.crossings:
        order: list[int] = []
        for group in _groups(upper, lower):
            inner, sure = _search(group, [near for near in lower if near and near <= group])
            order += inner
            proven &= sure
        found = _follow(tuple(order), lower)
        best, proven = (found, proven) if found.crossings < best.crossings else (best, proven)
    proven &= best.proven
    if count(given, range(len(lower)), lower) == best.crossings:
        return Orders(given, tuple(range(len(lower))), best.crossings, proven)
    return best._replace(proven=proven)


def count(upper: Sequence[int], lower: Sequence[int], near: Neighbours) -> int:
    """How many pairs of edges cross when both rows stand in these orders.

    >>> count((0, 1), (0, 1), [frozenset({1}), frozenset({0})])
    1
    """
    place = {node: position for position, node in enumerate(upper)}
    at = [[place[node] for node in near[low]] for low in lower]
    return sum(j < i for a, b in combinations(at, 2) for i in a for j in b)


def _groups(upper: int, lower: Neighbours) -> list[frozenset[int]]:
    """Upper nodes that shared lower nodes tie together, each group where its first member stands."""
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(upper))
    for near in lower:
        graph.add_edges_from(pairwise(sorted(near)))
    return [frozenset(group) for group in sorted(nx.connected_components(graph), key=min)]


def _search(group: frozenset[int], lower: Neighbours) -> tuple[tuple[int, ...], bool]:
    """The order of one group with the fewest crossings, and whether all orders were ruled out or tried."""
    members = sorted(group)
    kinds = sorted({tuple(sorted(near)) for near in lower})
    weights = np.array([sum(tuple(sorted(near)) == kind for near in lower) for kind in kinds], dtype=np.int64)
    joined = np.array([[member in kind for member in members] for kind in kinds], dtype=np.int64)
    pair = np.triu(np.outer(weights, weights), 1)
    same = sum(int(w) * (int(w) - 1) // 2 * len(k) * (len(k) - 1) // 2 for w, k in zip(weights, kinds, strict=True))
    best = min((_follow(order, lower).crossings, order) for order in (tuple(members), _middle(members, lower)))
    steps = 0
    stack: list[tuple[tuple[int, ...], Counts]] = [((), np.zeros((len(kinds), len(kinds)), dtype=np.int64))]
    while stack and steps < _MOST_STEPS:
        placed, crossed = stack.pop()
        steps += 1
        if int((np.minimum(crossed, crossed.T) * pair).sum()) + same >= best[0]:
            continue
        if len(placed) == len(members):
            order = tuple(members[i] for i in placed)
            best = min(best, (_follow(order, lower).crossings, order))
            continue
        left = joined.sum(axis=1) - joined[:, list(placed)].sum(axis=1)
        for index in reversed([i for i in range(len(members)) if i not in placed]):
            now = joined[:, index]
            stack.append(((*placed, index), crossed + np.outer(left - now, now)))
    return best[1], not stack


def _middle(members: list[int], lower: Neighbours) -> tuple[int, ...]:
    """A good order to start from: each upper node at the mean place of its lower ones, and again."""
    order = tuple(members)
    for _ in range(4):
        row = _follow(order, lower).lower
        at = {low: position for position, low in enumerate(row)}
        mean = {m: [at[low] for low, near in enumerate(lower) if m in near] for m in members}
        order = tuple(sorted(order, key=lambda m: sum(mean[m]) / len(mean[m]) if mean[m] else 0.0))
    return order


def _follow(upper: tuple[int, ...], lower: Neighbours) -> Orders:
    """The lower row with the fewest crossings for an order of the upper one, as near to its given order as that is."""
    place = {node: position for position, node in enumerate(upper)}
    kinds: dict[tuple[int, ...], list[int]] = {}
    for low, near in enumerate(lower):
        kinds.setdefault(tuple(sorted(place[node] for node in near)), []).append(low)
    wishes: nx.DiGraph[tuple[int, ...]] = nx.DiGraph()
    wishes.add_nodes_from(kinds)
    cost: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
    for a, b in combinations(kinds, 2):
        times = len(kinds[a]) * len(kinds[b])
        cost[a, b] = times * sum(j < i for i in a for j in b)
        cost[b, a] = times * sum(i < j for i in a for j in b)
        if cost[a, b] != cost[b, a]:
            wishes.add_edge(*((a, b) if cost[a, b] < cost[b, a] else (b, a)))
    proven = True
    for circle in [sorted(found) for found in nx.strongly_connected_components(wishes) if len(found) > 1]:
        proven &= len(circle) <= _LONGEST_CIRCLE
        row = _least(circle, cost) if len(circle) <= _LONGEST_CIRCLE else sorted(circle, key=lambda k: sum(k) / len(k))
        wishes.remove_edges_from(list(wishes.subgraph(circle).edges))
        wishes.add_edges_from(combinations(row, 2))
    order = _soonest(kinds, wishes)
    return Orders(upper, order, count(upper, order, lower), proven)


def _least(
    circle: list[tuple[int, ...]], cost: dict[tuple[tuple[int, ...], tuple[int, ...]], int]
) -> list[tuple[int, ...]]:
    """The order of a few kinds with the least cost, by dynamic programming over their sets."""
    size = len(circle)
    least: list[tuple[int, int]] = [(0, -1)] * (1 << size)
    for held in range(1, 1 << size):
        inside = [i for i in range(size) if held >> i & 1]
        least[held] = min(
            (least[held & ~(1 << last)][0] + sum(cost[circle[i], circle[last]] for i in inside if i != last), last)
            for last in inside
        )
    row, held = [], (1 << size) - 1
    while held:
        last = least[held][1]
        row.append(circle[last])
        held &= ~(1 << last)
    return row[::-1]


def _soonest(kinds: dict[tuple[int, ...], list[int]], wishes: nx.DiGraph[tuple[int, ...]]) -> tuple[int, ...]:
    """Lower nodes one after the other, the earliest in the given order first among those whose turn it may be."""
    waiting = {kind: wishes.in_degree(kind) * 1 for kind in kinds}
    left = {kind: len(lows) for kind, lows in kinds.items()}
    ready = [(low, kind) for kind, lows in kinds.items() if not waiting[kind] for low in lows]
    heapq.heapify(ready)
    order: list[int] = []
    while ready:
        low, kind = heapq.heappop(ready)
        order.append(low)
        left[kind] -= 1
        if not left[kind]:
            for after in wishes.successors(kind):
                waiting[after] -= 1
                if not waiting[after]:
                    for waited in kinds[after]:
                        heapq.heappush(ready, (waited, after))
    return tuple(order)
