"""How good a sociogenogram is, in numbers that can be compared between drawings and programs.

Priorities of the layout, in this order: no fault (overlap or line through something), fewest crossings of family
lines, fewest crossings of arrows, then short arrows and a compact page.

Sources: H. C. Purchase, Metrics for graph drawing aesthetics, Journal of Visual Languages and Computing 13 (2002);
G. J. Mooney, H. C. Purchase, M. Wybrow, S. G. Kobourov, The multi-dimensional landscape of graph drawing metrics,
IEEE PacificVis 2024.  Theirs are scaled to 0–1; here are the plain numbers behind them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations, pairwise
from typing import Any

import networkx as nx
import numpy as np

from clss_analysis.layout.genogram.arrows.coincidence import coincident, hidden_heads
from clss_analysis.layout.genogram.arrows.segments import cross, meeting
from clss_analysis.layout.geometry import Box, Layout, Line, length, overlaps, strikes
from clss_analysis.records import message
from clss_analysis.records.typography import decimal
from clss_analysis.records.vocabulary import first_message

_NEVER = 180.0  # degrees: what is measured where no two lines meet


def assess(layout: Layout) -> dict[str, Any]:
    """The quality of a finished sociogenogram.

    Returns:
        `overlaps`: pairs of symbols or labels that overlap.  `strikes`: lines through a foreign symbol or label.
        `crossings`: of lines as they are drawn: arrows without a common end, arrow with family line, family lines
        without a common member.  `crossings_at_ends`: of arrows that have an end in common.  `coincidences`: arrows
        that run along another arrow, a family line or the boundary, and `hidden_heads`: arrows whose head another
        line passes over (see `arrows.coincidence`).  `arrow_crossings`: how many of arrows with arrows there are
        (`best`), how few there can be at least (`bound`, see `least_crossings`), and whether both are equal (`proven`).
        `arrow_length`: coefficient of variation of the lengths, detour (length over distance of the end points) in the
        mean and at most.  `angular_resolution`: see there, in degrees; None when no symbol has two arrows.  `arrows`,
        `bent_arrows`: how many.
    """
    arrows = [line for line in layout.lines if line.kind == "arrow"]
    kinds, at_ends = _crossings(layout.lines)
    bound = least_crossings(layout) if kinds["arrow-arrow"] else 0
    return {
        "overlaps": len(overlaps(layout)),
        "strikes": len(strikes(layout)),
        "crossings": kinds,
        "crossings_at_ends": at_ends,
        "coincidences": len(coincident(layout.lines, tuple(s for s in layout.symbols if s.kind == "household"))),
        "hidden_heads": len(hidden_heads(layout.lines)),
        "arrow_crossings": {"best": kinds["arrow-arrow"], "bound": bound, "proven": bound == kinds["arrow-arrow"]},
        "arrow_length": _lengths(arrows),
        "angular_resolution": angular_resolution(layout),
        "arrows": len(arrows),
        "bent_arrows": sum(len(line.path) > 2 for line in arrows),
    }


def least_crossings(layout: Layout) -> int:
    """How many crossings of arrows without a common end any drawing of the same ties must have, at least.

    Whoever is drawn inside the household boundary is one node with it.  Every subgraph that cannot be drawn in the
    plane has a crossing of two lines without a common end (Hanani 1934, Tutte 1970); subgraphs without a common line
    each have one of their own.  So the number of such subgraphs, taken out one after the other, is a bound.
    """
    homes = [s for s in layout.symbols if s.kind == "household"]
    inside = {
        s.id: home.id for home in homes for s in layout.symbols if s.kind == "person" and _within(s.box, home.box)
    }
    pairs = {
        (min(a, b), max(a, b))
        for line in layout.lines
        if line.kind == "arrow"
        for a, b in [(inside.get(line.source, line.source), inside.get(line.target, line.target))]
        if a != b
    }
    graph = nx.Graph(sorted(pairs))
    found = 0
    while not nx.check_planarity(graph)[0]:
        graph.remove_edges_from(_obstruction(graph))
        found += 1
    return found


def _obstruction(graph: nx.Graph) -> list[tuple[str, str]]:
    """Of a graph that cannot be drawn in the plane, lines of which all together cannot be either, but any fewer can.

    networkx's counterexample, in half the time: no line that stays is tried twice, none that leads nowhere once.
    """
    left = nx.Graph(graph)
    for line in list(left.edges):
        if not left.has_edge(*line):
            continue
        left.remove_edge(*line)
        if nx.check_planarity(left)[0]:
            left.add_edge(*line)
        while loose := [node for node, lines in left.degree if lines < 2]:
            left.remove_nodes_from(loose)
    return list(left.edges)


def angular_resolution(layout: Layout) -> float | None:
    """The smallest angle in degrees, over all symbols, between two arrows that meet it, seen from its middle.

    Purchase (2002) measures it where lines meet in a point; here arrows meet an outline, so what counts is where.
    Two lanes of one tie count as one arrow, and the household's boundary, which is as long as a page, is left out.
    """
    middles = {s.id: ((s.box[0] + s.box[2]) / 2, (s.box[1] + s.box[3]) / 2) for s in layout.symbols}
    homes = {s.id for s in layout.symbols if s.kind == "household"}
    met: dict[str, list[float]] = defaultdict(list)
    for line in layout.lines:
        if line.kind == "arrow" and not line.id.endswith("-back"):
            for end, (x, y) in ((line.source, line.path[0]), (line.target, line.path[-1])):
                if end not in homes:
                    met[end].append(math.degrees(math.atan2(y - middles[end][1], x - middles[end][0])))
    least = _NEVER
    for angles in met.values():
        for one, other in combinations(angles, 2):
            apart = abs(one - other) % 360
            least = min(least, apart, 360 - apart)
    return round(least, 1) if any(len(a) > 1 for a in met.values()) else None


def _crossings(lines: tuple[Line, ...]) -> tuple[dict[str, int], int]:
    """Crossings by kind, as `geometry.crossings` has them; of arrows with a common end."""
    kinds = {"arrow-arrow": 0, "arrow-family": 0, "family": 0}
    owners = [i for i, line in enumerate(lines) for _ in line.path[1:]]
    table = np.array([(*a, *b) for line in lines for a, b in pairwise(line.path)]).reshape(-1, 4)
    first, second = meeting(table, table)
    met = (first < second) & cross(table[first], table[second])
    first, second = first[met], second[met]
    at_ends = 0
    for i, j in zip(first.tolist(), second.tolist(), strict=True):
        a, b = lines[owners[i]], lines[owners[j]]
        arrows = (a.kind == "arrow") + (b.kind == "arrow")
        if arrows == 1 or not {a.source, a.target, *a.members} & {b.source, b.target, *b.members}:
            kinds[("family", "arrow-family", "arrow-arrow")[arrows]] += 1
        elif arrows == 2 and a is not b:
            at_ends += 1
    return kinds, at_ends


def _lengths(arrows: list[Line]) -> dict[str, float]:
    if not arrows:
        return {"variation": 0.0, "detour": 1.0, "longest_detour": 1.0}
    lengths = [length(line.path) for line in arrows]
    detours = [
        reach / max(math.dist(line.path[0], line.path[-1]), 1e-6) for reach, line in zip(lengths, arrows, strict=True)
    ]
    mean = sum(lengths) / len(lengths)
    spread = math.sqrt(sum((n - mean) ** 2 for n in lengths) / len(lengths))
    return {
        "variation": round(spread / mean, 3),
        "detour": round(sum(detours) / len(detours), 3),
        "longest_detour": round(max(detours), 2),
    }


def _within(inner: Box, outer: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def report(quality: Mapping[str, Any], lang: str = "fr") -> list[str]:
    r"""One line for each figure of a layout's `quality`.

    Args:
        quality: as in the layout; what is nested is named by the words for its whole path.
        lang: fr, nl or en.

    Returns:
        Lines in the order of the keys.

    >>> report({"overlaps": 0, "arrow_length": {"variation": 0.42}})
    ['éléments qui se recouvrent\u202f: 0', 'longueur des flèches, coefficient de variation\u202f: 0,42']
    """
    return [
        message("quality.line", lang, what=first_message((f"quality.{key}",), lang, key), value=_said(value, lang))
        for key, value in _flat(quality, "")
    ]


def _flat(values: Mapping[str, Any], path: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in values.items():
        found += _flat(value, f"{path}{key}.") if isinstance(value, Mapping) and value else [(f"{path}{key}", value)]
    return found


def _said(value: Any, lang: str) -> str:  # noqa: ANN401  # whatever a layout holds
    if value is None or value == {}:
        return message("quality.none", lang)
    if isinstance(value, bool):
        return message("quality.yes" if value else "quality.no", lang)
    if isinstance(value, Mapping):
        return f"{', '.join(value['ids'])} ({value['reason']})"
    if isinstance(value, (list, tuple)):
        return ", ".join(_said(each, lang) for each in value) or message("quality.none", lang)
    return decimal(str(value), lang) if isinstance(value, float) else str(value)
