"""Lines from parents to children: one bar for each net, on tracks that give the drawing the fewest crossings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from clss_analysis.layout.genogram.family.bars import Wire, tracked
from clss_analysis.layout.genogram.family.persons import Member, Union
from clss_analysis.layout.genogram.family.rules import Rows, Weave, crossed_below, meeting
from clss_analysis.layout.genogram.family.unions import PORT, top_of
from clss_analysis.layout.geometry import Line, Point
from clss_analysis.records import Row

TRACK = 2.6
CLEAR = 4.0
FORK = 3.4
OVER = "-ended"
LOOKS = {"adoption": "descent-chosen", "foster": "descent-chosen", "step": "descent-step"}


Wires = dict[tuple[str, int], tuple[Wire, ...]]
Forks = Mapping[str, tuple[str, ...]]


def forks(weave: Weave, rows: Rows) -> Forks:
    """Twins, by each of them, whose lines fork from one point: no other line comes down between them.

    A line from other parents to a twin of the group would cross that twin's own where it arrives on the inner side.
    """
    found, ports = {}, _ports(weave, rows)
    for twins in weave.twins:
        row = next(slots for slots in rows if twins[0] in slots)
        inner = sorted(twins, key=row.index)
        first, last = row.index(inner[0]), row.index(inner[-1])
        between = any(weave.arriving[slot] for slot in row[first:last] if slot not in twins)
        if not between and not any(_arrives_inside(twin, inner, ports) for twin in twins):
            found.update(dict.fromkeys(twins, twins))
    return found


def _arrives_inside(twin: str, twins: list[str], ports: Mapping[tuple[str, str], float]) -> bool:
    """Whether a line of one twin alone comes down on the side of the others, or to one who stands between two."""
    shared = {union for union, bottom in ports if bottom in twins and bottom != twin}
    own = [port for (union, bottom), port in ports.items() if bottom == twin and union in shared]
    others = [port for (union, bottom), port in ports.items() if bottom == twin and union not in shared]
    if not own or not others:
        return False
    if twin == twins[0]:
        return max(others) > min(own)
    return twin != twins[-1] or min(others) < max(own)


def wires(
    weave: Weave,
    rows: Rows,
    unions: Mapping[str, Union],
    forked: Forks,
    xs: Mapping[tuple[str, int], float],
    drops: Mapping[str, float],
) -> Wires:
    """All nets with their bars on tracks, by union and row above.

    Args:
        weave: the nets.
        rows: slots from left to right.
        unions: by id.
        forked: see `forks`.
        xs: positions of slots by row.
        drops: where each union's line leaves its parents.
    """
    found: Wires = {}
    ports = _ports(weave, rows)
    for row, nets in enumerate(weave.nets):
        loose = []
        for net in nets:
            top = xs[net.top, row] if net.top.startswith("~") else drops[net.union]
            ends = {b: _end(net.union, b, row + 1, unions, forked, xs, ports) for b in net.bottoms}
            loose.append(Wire(net.union, top, ends))
        for wire in tracked(loose, Counter(map(frozenset, crossed_below(weave, rows, row)))):
            found[wire.union, row] = (*found.get((wire.union, row), ()), wire)
    return found


def _ports(weave: Weave, rows: Rows) -> dict[tuple[str, str], float]:
    """How far from the middle a line arrives where several come down to one person, so that they do not cross."""
    found = {}
    for row, nets in enumerate(weave.nets):
        if not nets:
            continue
        under = {slot: i for i, slot in enumerate(rows[row + 1])}
        spot = {net.union: rows[row].index(net.top) for net in nets}
        for bottom in under:
            arriving = sorted((n for n in nets if bottom in n.bottoms), key=lambda n: (spot[n.union], n.union))
            if len(arriving) == 2:
                _, firsts = meeting(arriving[0], arriving[1], under, left=True)
                arriving = arriving if bottom in firsts else arriving[::-1]
            for place, net in enumerate(arriving):
                found[net.union, bottom] = PORT * (place - (len(arriving) - 1) / 2)
    return found


def _end(
    union: str,
    bottom: str,
    row: int,
    unions: Mapping[str, Union],
    forked: Forks,
    xs: Mapping[tuple[str, int], float],
    ports: Mapping[tuple[str, str], float],
) -> float:
    """Where along the bar the line to one end turns down; twins share a place."""
    if bottom.startswith("~") or union.startswith("="):
        return xs[bottom, row] + ports.get((union, bottom), 0.0)
    twins = [xs[c, row] + ports[union, c] for c in forked.get(bottom, ()) if c in unions[union].children]
    return round((min(twins) + max(twins)) / 2, 3) if len(twins) > 1 else xs[bottom, row] + ports[union, bottom]


def descents(
    unions: tuple[Union, ...],
    members: Mapping[str, Member],
    spots: Mapping[str, Point],
    joints: Mapping[str, Point],
    rows: Mapping[str, int],
    wired: Wires,
    forked: Forks,
    bars: list[float],
    over: list[float],
) -> tuple[Line, ...]:
    """One line for each child and the parents it comes from; twins fork from one point of the bar.

    Whom a step-parent adopts has one line, as it is last; its rows are those of all that it was.

    Args:
        unions: all unions.
        members: everybody.
        spots: centre of each person.
        joints: where the lines of each union begin.
        rows: row of each person.
        wired: nets as placed.
        forked: see `forks`.
        bars: height of the lowest track above each row.
        over: room for arches between that and each row.
    """
    lines = []
    for union in unions:
        first = max(rows[p] for p in union.parents)
        states: dict[str, list[tuple[str, tuple[Row, ...]]]] = defaultdict(list)
        for child, was, rows_ in zip(union.children, union.kinds, union.rows, strict=True):
            states[child].append((was, rows_))
        for child, told_ in states.items():
            kind, told = min(told_, key=lambda state: union.over(state[1]))
            path = _path(union.id, child, joints[union.id], range(first, rows[child]), wired, bars)
            x = path[-1][0]
            if len(set(forked.get(child, ())) & set(union.children)) > 1:
                x = spots[child][0]
                path = (*path, (x, bars[rows[child]] + FORK)) if over[rows[child]] else path
            path = _bent((*path, (x, top_of(members[child], spots[child], x))))
            ids = (*(f"person-{p}" for p in union.parents), f"person-{child}")
            role = LOOKS.get(kind, "descent") + OVER * (kind != "birth" and union.over(told))
            rows_ = tuple(dict.fromkeys((*told, *(row for _, other in told_ for row in other))))
            lines.append(Line(f"descent-{told[0].row}", "descent", path, role, ids[0], ids[-1], ids, rows_))
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
        at = end if row == gaps[-1] else f"~{key}"
        for wire in wired[key, row]:
            if at in wire.ends:
                bar = bars[row + 1] - TRACK * wire.track
                path += [(path[-1][0], bar), (wire.ends[at], bar)]
    return tuple(path)


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
