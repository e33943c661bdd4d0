"""Lines from parents to children: one bar for each net, on tracks that give the drawing the fewest crossings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations

from clss_analysis.layout.geometry import Line, Point
from clss_analysis.layout.sociogenogram_couples import top_of
from clss_analysis.layout.sociogenogram_members import Member, Union
from clss_analysis.layout.sociogenogram_weave import Weave

TRACK = 2.6
CLEAR = 4.0
PORT = 3.2
_MAX_TRIED = 6


@dataclass(frozen=True, slots=True)
class Wire:
    """A net between two rows, placed: where it leaves above, where each end below is reached, its track (0 lowest)."""

    union: str
    top: float
    ends: dict[str, float]
    track: int

    @property
    def span(self) -> tuple[float, float]:
        """First and last place along its bar."""
        return min([self.top, *self.ends.values()]), max([self.top, *self.ends.values()])


Wires = dict[tuple[str, int], Wire]


def wires(
    weave: Weave, unions: Mapping[str, Union], members: Mapping[str, Member], xs: Mapping[tuple[str, int], float],
    drops: Mapping[str, float],
) -> Wires:  # fmt: skip
    """All nets with their bars on tracks, by union and row above.

    Bars of one space between rows that overlap get tracks of their own, in the order with the fewest crossings of one
    net's lines by another's.

    Args:
        weave: the nets.
        unions: by id.
        members: everybody.
        xs: positions of slots by row.
        drops: where each union's line leaves its parents.
    """
    found: Wires = {}
    ports = _ports(weave, xs, drops)
    for row, nets in enumerate(weave.nets):
        loose = []
        for net in nets:
            top = drops[net.union] if not net.tops[0].startswith("~") else xs[net.tops[0], row]
            ends = {b: _end(net.union, b, row + 1, unions, members, xs, ports) for b in net.bottoms}
            loose.append(Wire(net.union, top, ends, 0))
        for wire in _tracked(loose):
            found[wire.union, row] = wire
    return found


def _ports(
    weave: Weave, xs: Mapping[tuple[str, int], float], drops: Mapping[str, float]
) -> dict[tuple[str, str], float]:
    """How far from the middle a line arrives where several come down to one person."""
    arriving: dict[tuple[str, int], list[tuple[float, str]]] = defaultdict(list)
    for row, nets in enumerate(weave.nets):
        for net in nets:
            top = xs[net.tops[0], row] if net.tops[0].startswith("~") else drops[net.union]
            for bottom in net.bottoms:
                if not bottom.startswith("~"):
                    arriving[bottom, row + 1].append((top, net.union))
    found = {}
    for (bottom, _), lines in arriving.items():
        for place, (_, union) in enumerate(sorted(lines)):
            found[union, bottom] = PORT * (place - (len(lines) - 1) / 2)
    return found


def _end(
    union: str,
    bottom: str,
    row: int,
    unions: Mapping[str, Union],
    members: Mapping[str, Member],
    xs: Mapping[tuple[str, int], float],
    ports: Mapping[tuple[str, str], float],
) -> float:
    """Where along the bar the line to one end turns down; twins share a place."""
    if bottom.startswith("~") or union.startswith("="):
        return xs[bottom, row] + ports.get((union, bottom), 0.0)
    group = members[bottom].twin_group
    twins = [
        xs[c, row] + ports[union, c]
        for c in unions[union].children
        if group is not None and members[c].twin_group == group and (c, row) in xs
    ]
    return round((min(twins) + max(twins)) / 2, 3) if len(twins) > 1 else xs[bottom, row] + ports[union, bottom]


def _tracked(loose: list[Wire]) -> list[Wire]:
    """Bars that overlap, stacked in the best order; small groups by trying all orders, large ones by exchanges."""
    done: list[Wire] = []
    for group in _touching(loose):
        costs = {(a.union, b.union): _crossed(a, b) for a in group for b in group if a is not b}
        tried = permutations(group) if len(group) <= _MAX_TRIED else iter(_exchanged(group, costs))
        best: tuple[int, int, list[Wire]] | None = None
        for order in tried:
            stacked = _stacked(order)
            cost = sum(costs[a.union, b.union] for a in stacked for b in stacked if a.track > b.track)
            high = sum(w.track for w in stacked)
            if best is None or (cost, high) < best[:2]:
                best = (cost, high, stacked)
        done += best[2] if best else []
    return done


def _touching(loose: list[Wire]) -> list[list[Wire]]:
    groups: list[list[Wire]] = []
    right = float("-inf")
    for wire in sorted(loose, key=lambda w: (w.span, w.union)):
        if not groups or wire.span[0] > right + 2:
            groups.append([])
        groups[-1].append(wire)
        right = max(right, wire.span[1])
    return groups


def _exchanged(group: list[Wire], costs: Mapping[tuple[str, str], int]) -> list[tuple[Wire, ...]]:
    """One order, from the left to the right, bettered by moving single bars until no move helps."""
    order = list(group)

    def cost(wires: list[Wire]) -> int:
        return sum(costs[b.union, a.union] for i, a in enumerate(wires) for b in wires[i + 1 :])

    best, bettered = cost(order), True
    while bettered:
        bettered = False
        for wire in group:
            rest = [w for w in order if w is not wire]
            trials = [[*rest[:i], wire, *rest[i:]] for i in range(len(order))]
            trial = min(trials, key=cost)
            if cost(trial) < best:
                order, best, bettered = trial, cost(trial), True
    return [tuple(order)]


def _stacked(order: tuple[Wire, ...]) -> list[Wire]:
    """The lowest track above all earlier bars that overlap."""
    placed: list[Wire] = []
    for wire in order:
        low, high = wire.span
        under = [w.track for w in placed if w.span[0] <= high + 2 and w.span[1] >= low - 2]
        placed.append(Wire(wire.union, wire.top, wire.ends, max(under, default=-1) + 1))
    return placed


def _crossed(upper: Wire, lower: Wire) -> int:
    """Crossings of two nets when one bar is above the other."""
    (low, high), (under_low, under_high) = upper.span, lower.span
    trunk = low < lower.top < high
    return trunk + sum(under_low < x < under_high for x in set(upper.ends.values()))


def descents(
    unions: tuple[Union, ...],
    members: Mapping[str, Member],
    spots: Mapping[str, Point],
    joints: Mapping[str, Point],
    rows: Mapping[str, int],
    wired: Wires,
    bars: list[float],
) -> tuple[Line, ...]:
    """One line for each child and the parents it comes from; twins fork from one point of the bar.

    Args:
        unions: all unions.
        members: everybody.
        spots: centre of each person.
        joints: where the lines of each union begin.
        rows: row of each person.
        wired: nets as placed.
        bars: height of the lowest track above each row.
    """
    lines = []
    for union in unions:
        first = max(rows[p] for p in union.parents)
        for child, kind, told in zip(union.children, union.kinds, union.rows, strict=True):
            path = _path(union.id, child, joints[union.id], range(first, rows[child]), wired, bars)
            x = path[-1][0] if not _twin(union, child, members, rows) else spots[child][0]
            path = _bent((*path, (x, top_of(members[child], spots[child], x))))
            ids = (*(f"person-{p}" for p in union.parents), f"person-{child}")
            role = "descent" if kind == "birth" else "descent-chosen"
            lines.append(Line(f"descent-{told[0].row}", "descent", path, role, ids[0], ids[-1], ids, told))
    return tuple(sorted(lines, key=lambda line: (line.role == "descent", line.id)))


def between_rows(
    union: str, start: Point, end: tuple[str, Point, Member], rows: tuple[int, int], wired: Wires, bars: list[float]
) -> tuple[Point, ...]:
    """The couple line of partners whom kinship keeps off one row."""
    name, spot, member = end
    path = _path(f"={union}", name, start, range(*rows), wired, bars)
    x = path[-1][0]
    return _bent((*path, (x, top_of(member, spot, x))))


def _path(key: str, end: str, start: Point, gaps: range, wired: Wires, bars: list[float]) -> tuple[Point, ...]:
    path = [start]
    for row in gaps:
        wire = wired[key, row]
        at = end if row == gaps[-1] else f"~{key}"
        bar = bars[row + 1] - TRACK * wire.track
        path += [(path[-1][0], bar), (wire.ends[at], bar)]
    return tuple(path)


def _twin(union: Union, child: str, members: Mapping[str, Member], rows: Mapping[str, int]) -> bool:
    group = members[child].twin_group
    same = [c for c in union.children if group is not None and members[c].twin_group == group]
    return sum(rows[c] == rows[child] for c in same) > 1


def _bent(path: tuple[Point, ...]) -> tuple[Point, ...]:
    """A path without the points at which it does not turn."""
    kept: list[Point] = []
    for point in path:
        if kept and abs(point[0] - kept[-1][0]) < 0.02 and abs(point[1] - kept[-1][1]) < 0.02:
            continue
        while len(kept) > 1 and any(
            abs(kept[-2][i] - kept[-1][i]) < 0.02 and abs(kept[-1][i] - point[i]) < 0.02 for i in (0, 1)
        ):
            kept.pop()
        kept.append(point)
    return tuple(kept)
