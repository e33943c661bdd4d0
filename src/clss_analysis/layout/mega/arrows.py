"""All arrows of a mega-sociogenogram, once the ring is laid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from clss_analysis.layout.geometry import Box, Line, Point
from clss_analysis.layout.mega.order import flat
from clss_analysis.layout.mega.paths import chord, depths, gathered, spoke
from clss_analysis.layout.mega.plan import Plan
from clss_analysis.layout.mega.ring import Ring
from clss_analysis.measures.ties import HOME, OTHERS
from clss_analysis.records import Row

HOME_ID, OTHERS_ID = "households", "others"
_LANE = 0.3  # of a symbol's width from one arrow at its rim to the next
_TRUNK = 2.4  # mm between lines that gather arrows: two heads side by side


@dataclass(frozen=True, slots=True)
class Places:
    """Where members sit: arc lengths on the ring, and the boxes of their symbols."""

    at: Mapping[str, float]
    boxes: Mapping[str, Box]


def symbol_id(member: str) -> str:
    """The id of the symbol of an end.

    >>> symbol_id("cpas")
    'actor-cpas'
    """
    return {HOME: HOME_ID, OTHERS: OTHERS_ID}.get(member, f"actor-{member}")


def lay_arrows(plan: Plan, curve: Ring, seats: Places) -> tuple[Line, ...]:
    """The lines of all links, the weakest first, so that the widest of a bundle lies on top."""
    behind: dict[int, list[Row]] = defaultdict(list)
    for link, tie in zip(plan.network.ties["link"], plan.network.ties["tie"], strict=True):
        behind[int(link)].append(Row("ties", str(tie)))
    widest = max(box[2] - box[0] for box in seats.boxes.values())
    collectors, tracks = depths(curve, plan.levels, len(plan.gathered), widest)
    chords = _chords(plan, curve, seats, tracks)
    spokes = _spokes(plan, curve, seats, collectors)
    lines = []
    for link in plan.links:
        a, b = str(link["a"]), str(link["b"])
        source, target = (a, b) if link["there"] or not link["back"] else (b, a)
        if HOME in (a, b):
            path = spokes[link["index"]]
            path = path[::-1] if source == HOME else path
        else:
            path = chords[source, target]
        path = tuple((round(x, 3), round(y, 3)) for x, y in path)
        name = f"{link['kind']}.{symbol_id(a)}.{symbol_id(b)}"
        rows = tuple(behind[link["index"]])
        lines.append(Line(name, "arrow", path, str(link["role"]), symbol_id(source), symbol_id(target), rows=rows))
    return tuple(lines)


def _chords(
    plan: Plan, curve: Ring, seats: Places, tracks: tuple[float, ...]
) -> dict[tuple[str, str], tuple[Point, ...]]:
    """The way between two members, in both directions."""
    along = [seats.at[m] for m in plan.members]
    boxes = [seats.boxes[m] for m in plan.members]
    found = {}
    for bus in plan.bundles:
        for target in bus.targets:
            path = chord(curve, bus, target, tracks[bus.level], along, boxes)
            hub, end = plan.members[bus.hub], plan.members[target]
            found[hub, end], found[end, hub] = path, path[::-1]
    return found


def _spokes(plan: Plan, curve: Ring, seats: Places, collectors: tuple[float, ...]) -> dict[int, tuple[Point, ...]]:
    """By link, the way from a member to the households: straight, or gathered by sector."""
    lanes: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for link in plan.links:
        if HOME in (link["a"], link["b"]):
            lanes[str(link["b"] if link["a"] == HOME else link["a"])].append((str(link["kind"]), int(link["index"])))
    trunks: dict[str, float] = {}
    for _, group in (*plan.right, *plan.left):
        members = flat([group])
        middle = (seats.at[members[0]] + seats.at[members[-1]]) / 2
        trunks |= dict.fromkeys(members, middle)
    found = {}
    for member, some in lanes.items():
        box = seats.boxes[member]
        for nth, (kind, index) in enumerate(sorted(some)):
            at = seats.at[member] + (nth - (len(some) - 1) / 2) * _LANE * (box[2] - box[0])
            if kind in plan.gathered:
                order = plan.gathered.index(kind)
                trunk = trunks[member] + (order - (len(plan.gathered) - 1) / 2) * _TRUNK
                found[index] = gathered(curve, at, trunk, collectors[order], box)
            else:
                found[index] = spoke(curve, at, box)
    return found
