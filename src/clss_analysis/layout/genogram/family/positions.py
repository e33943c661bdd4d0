"""The family part of a sociogenogram: generation rows, family lines and the household's boundary, in millimetres."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise

from clss_analysis.layout.genogram.family.abscissae import Leaves, columns
from clss_analysis.layout.genogram.family.filiations import (
    CLEAR,
    TRACK,
    Wires,
    between_rows,
    descents,
    forks,
    wires,
)
from clss_analysis.layout.genogram.family.kinship import Kin
from clss_analysis.layout.genogram.family.outline import (
    PAD,
    Cell,
    bays,
    boundary,
    captioned,
    hull,
    pushed_out,
    with_eaves,
)
from clss_analysis.layout.genogram.family.persons import Member
from clss_analysis.layout.genogram.family.rules import Weave, drawn, weave
from clss_analysis.layout.genogram.family.unions import (
    ARCH,
    HALF,
    PORT,
    Arch,
    arch_height,
    arches,
    couples,
    identical_bars,
    union_marks,
)
from clss_analysis.layout.geometry import Box, Label, Line, Mark, Point, Symbol, relocated
from clss_analysis.layout.page import FINE
from clss_analysis.layout.text import block_size, longest_word, wrap, wrap_evenly
from clss_analysis.records import Row
from clss_analysis.records.typography import agreed

SIZE = 8.0  # pt of names: one above the least of print
LABEL_DROP = 6.9  # mm from a symbol's middle to the name below, clear of the largest symbol
LABEL_WIDTH = 15.5  # mm in which names wrap, so that siblings stand close
LABEL_WIDEST = 22.0  # mm that a long word may have before it is broken
GAP = 3.4  # mm between neighbours' names
PASSAGE = 2.4  # mm for a line that passes or leaves between two: as far as arrows keep from one another


@dataclass(frozen=True)
class Family:
    """The family part as placed; `bonds` are the points of each person where family lines arrive.

    `rooms` is what each person takes up with their name; `words` has what the boundary needs beside them: the
    household's id and words, room for arches, and where an empty household stands.
    """

    symbols: tuple[Symbol, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    marks: tuple[Mark, ...]
    household: Box
    extent: Box
    bonds: dict[str, tuple[Point, ...]]
    rooms: dict[str, Box]
    words: tuple[str, str, float, float]


def family(kin: Kin, household: str, caption: str) -> Family:
    """Place a household and its relatives.

    Args:
        kin: who stands on which row in which order.
        household: id of the household.
        caption: the words on the boundary.

    Returns:
        Symbols, lines and labels around an origin of their own.
    """
    level = {person: row for row, people in enumerate(kin.rows) for person in people}
    slots = tuple(map(drawn, kin.slots))
    woven = weave(kin.members, kin.unions, level)
    arched = arches(woven, kin.slots)
    cells = {m.id: _cell(m, kin, woven, level[m.id]) for m in kin.members.values()}
    leave = _leave(kin, woven, cells)
    apart = {
        (a, b): _separation(kin, cells, a, b, _leaving(row, a)) for row in kin.slots for a, b in pairwise(drawn(row))
    }
    xs = columns(woven, slots, apart, leave)
    unions = {u.id: u for u in kin.unions}
    drops = _drops(leave, xs)
    forked = forks(woven, kin.slots)
    wired = wires(woven, kin.slots, unions, forked, xs, drops)
    ys, bars, over = _heights(kin, cells, wired, arched, level)
    top = ARCH * max((a.height for a in arched.values()), default=0)
    core = kin.core
    rooms = {p: _room(cells[p], xs[p, row], ys[row]) for p, row in level.items()}
    foot = ys[-1] + 24 if ys else 0.0
    frame = boundary([rooms[p] for p in sorted(core)], top, (caption, SIZE), foot)
    if pushed_out(slots, core, cells, xs, ys, frame):
        drops = _drops(leave, xs)
        wired = wires(woven, kin.slots, unions, forked, xs, drops)
        ys, bars, over = _heights(kin, cells, wired, arched, level)
        rooms = {p: _room(cells[p], xs[p, row], ys[row]) for p, row in level.items()}
    spots = {p: (xs[p, row], ys[row]) for p, row in level.items()}
    joints = _joints(kin, spots, drops, arched, level)
    apart_rows = {}
    for union in kin.unions:
        upper, lower = min(union.parents, key=level.__getitem__), max(union.parents, key=level.__getitem__)
        if level[upper] != level[lower]:
            start = (drops[f"={union.id}"], spots[upper][1] + HALF[kin.members[upper].shape])
            end = (lower, spots[lower], kin.members[lower])
            apart_rows[union.id] = between_rows(union.id, start, end, (level[upper], level[lower]), wired, bars)
    partners = couples(kin.unions, kin.members, spots, arched, apart_rows)
    lines = (*descents(kin.unions, kin.members, spots, joints, level, wired, forked, bars, over), *partners)
    members = [_person(m, cells[m.id], *spots[m.id]) for m in kin.members.values()]
    bonds: dict[str, list[Point]] = defaultdict(list)
    for line in lines:
        bonds[line.target].append(line.path[-1])
        bonds[line.source].append(line.path[0])
    bare = Family(
        tuple(symbol for symbol, _ in members),
        lines,
        tuple(entry for _, entries in members for entry in entries),
        (*union_marks(lines), *identical_bars(kin.members, lines)),
        (0.0, 0.0, 0.0, 0.0),
        (0.0, 0.0, 0.0, 0.0),
        {person: tuple(points) for person, points in bonds.items()},
        rooms,
        (household, caption, top, foot),
    )
    home = bounded(bare, kin)
    others = [bounded(bare, kin.at(month), kin.unborn(month)).household for month in kin.turns()]
    boxes = [*others, *(s.box for s in home.symbols), *(entry.box for entry in home.labels)]
    boxes += [(p[0], p[1], p[0], p[1]) for line in lines for p in line.path]
    return replace(home, extent=with_eaves(hull(boxes), kin.members.values()))


def bounded(home: Family, kin: Kin, unborn: AbstractSet[str] = frozenset()) -> Family:
    """The same family, everybody in the same place, with the boundary around those who live together.

    Args:
        home: the family as placed.
        kin: its kinship, all months together or as of one.
        unborn: who is not there yet.
    """
    household, caption, top, foot = home.words
    name = f"household-{household}"
    rooms = {p: room for p, room in home.rooms.items() if p not in unborn}
    inside = [room for p, room in rooms.items() if kin.members[p].inside]
    outside = [room for p, room in rooms.items() if not kin.members[p].inside]
    frame = boundary(inside, top, (caption, SIZE), foot, outside)
    labels = tuple(b for b in (*_aged(home, kin), *_notes(home, kin)) if b.of != name)
    away = bays(inside, outside, frame)
    taken = [b.box for b in labels if b.of.removeprefix("person-") not in unborn]
    words, frame, (x0, y0) = captioned(frame, (caption, SIZE), kin.lang, home.lines, taken, away, home.extent[3])
    width, height = block_size(words, SIZE, "italic")
    boundary_ = Symbol(name, "household", frame, "household", (Row("households", household),))
    named = Label(f"label-{name}", (x0, y0, x0 + width, y0 + height), words, name, SIZE, "italic")
    people = (s for s in home.symbols if s.kind == "person")
    symbols = tuple(_as_of(s, kin.members[s.id.removeprefix("person-")]) for s in people)
    marks = (m for m in home.marks if m.role not in ("bay", "bay-edge", "hosted-family", "unit", "roof"))
    return replace(
        home,
        symbols=(boundary_, *symbols),
        labels=(named, *labels),
        marks=(*bays(inside, outside, frame), *marks),
        household=frame,
    )


def _room(cell: Cell, x: float, y: float) -> Box:
    return (x - cell.left, y - 6.5, x + cell.right, y + max(cell.bottom, 6.5))


def moved(plan: Family, dx: float, dy: float) -> Family:
    """The same family elsewhere on the page."""

    def at(x: float, y: float) -> Point:
        return (x + dx, y + dy)

    def box(old: Box) -> Box:
        return (*at(*old[:2]), *at(*old[2:]))

    return replace(
        relocated(plan, at),
        household=box(plan.household),
        extent=box(plan.extent),
        bonds={person: tuple(at(*point) for point in points) for person, points in plan.bonds.items()},
        rooms={person: box(room) for person, room in plan.rooms.items()},
        words=(*plan.words[:3], plan.words[3] + dy),
    )


def person_role(member: Member) -> str:
    """The name of a person's look: where they live, their shape, index person and death where they apply."""
    where = "elsewhere" if not member.inside else "hosted" if member.residence == "hosted" else "person"
    marks = ("-index" if member.index else "") + ("-cross" if member.life in ("deceased", "lost") else "")
    return f"{where}-{member.shape}{marks}"


def _person(member: Member, cell: Cell, x: float, y: float) -> tuple[Symbol, tuple[Label, ...]]:
    half = HALF[member.shape]
    symbol = Symbol(
        f"person-{member.id}", "person", (x - half, y - half, x + half, y + half), person_role(member),
        (Row("persons", member.id), *(Row("residences", stay.id) for stay in member.stays)),
    )  # fmt: skip
    width, height = block_size(cell.lines, SIZE)
    align, x0, y0 = {
        "below": ("center", x - width / 2, y + LABEL_DROP),
        "right": ("left", x + half + 1, y - height / 2),
        "left": ("right", x - half - 1 - width, y - height / 2),
        "lower right": ("left", x + 1.4, y + LABEL_DROP),
    }[cell.side]
    labels = [Label(f"label-{symbol.id}", (x0, y0, x0 + width, y0 + height), cell.lines, symbol.id, SIZE, align=align)]
    return symbol, (*labels, *_age(member, x, y))


def _age(member: Member, x: float, y: float) -> tuple[Label, ...]:
    """What stands in a person's symbol."""
    if not member.age:
        return ()
    size = SIZE + 1 if len(member.age) < 3 else 7.0
    wide, high = block_size((member.age,), size)
    box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    return (Label(f"age-person-{member.id}", box, (member.age,), f"person-{member.id}", size, align="center"),)


def _aged(home: Family, kin: Kin) -> tuple[Label, ...]:
    """The labels of a family, those in the symbols as they are then: of who is born or dies they change."""
    dying = {f"person-{m.id}": m for m in kin.members.values() if m.death is not None or m.birth is not None}
    kept = [b for b in home.labels if not (b.of in dying and b.id == f"age-{b.of}") and b.id != f"stay-{b.of}"]
    middle = {s.id: ((s.box[0] + s.box[2]) / 2, (s.box[1] + s.box[3]) / 2) for s in home.symbols if s.id in dying}
    return (*kept, *(label for name, at in middle.items() for label in _age(dying[name], *at)))


def _notes(home: Family, kin: Kin) -> Iterator[Label]:
    """What stands under the names of those who are placed, in hospital or prison, or at home for a part of the time."""
    for name in home.labels:
        member = kin.members.get(name.of.removeprefix("person-"))
        if member is not None and member.note and name.id == f"label-{name.of}":
            lines, width, height = _note(member, member.note)
            x0, _, x1, y = name.box
            x = {"center": (x0 + x1 - width) / 2, "right": x1 - width, "left": x0}[name.align]
            box = (x, y, x + width, y + height)
            yield Label(f"stay-{name.of}", box, lines, name.of, FINE.size, "italic", name.align)


def _note(member: Member, note: str) -> tuple[tuple[str, ...], float, float]:
    """A note in lines, its width and height."""
    lines = wrap(agreed(note, member.gender), _room_of_words(member), FINE.size, "italic", member.lang)
    return lines, *block_size(lines, FINE.size, "italic")


def _room_of_words(member: Member) -> float:
    return max(LABEL_WIDTH, min(longest_word(member.label, SIZE), LABEL_WIDEST))


def _as_of(symbol: Symbol, member: Member) -> Symbol:
    """A person's symbol as of the month of which the member is."""
    rows = (symbol.rows[0], *(Row("residences", stay.id) for stay in member.stays))
    return replace(symbol, role=person_role(member), rows=rows)


def _cell(member: Member, kin: Kin, woven: Weave, at: int) -> Cell:
    """Room for a person; whose line to children leaves from the symbol itself has the label beside it."""
    half = HALF[member.shape]
    below = (member.id,) in woven.leaves.values()
    row = kin.rows[at]
    place = row.index(member.id)
    partners = woven.partners[member.id]
    lines = wrap_evenly(member.label, _room_of_words(member), SIZE, lang=kin.lang)
    width, height = block_size(lines, SIZE)
    notes = [_note(member, note) for note in member.notes]
    low = max((high for *_, high in notes), default=0.0)
    width = max([width, *(wide for _, wide, _ in notes)])
    if not below:
        return Cell(max(half, width / 2), max(half, width / 2), LABEL_DROP + height + low, lines, "below")
    if not (place + 1 < len(row) and row[place + 1] in partners):
        return Cell(half, half + 1 + width, max(half, height / 2 + low), lines, "right")
    if not (place and row[place - 1] in partners):
        return Cell(half + 1 + width, half, max(half, height / 2 + low), lines, "left")
    return Cell(half, max(half, 1.4 + width), LABEL_DROP + height + low, lines, "lower right")


def _leaving(row: tuple[str, ...], slot: str) -> int:
    """How many lines to children leave between a slot and the next that is drawn."""
    after = row[row.index(slot) + 1 :]
    return next((i for i, other in enumerate(after) if not other.startswith("+")), 0)


def _separation(kin: Kin, cells: Mapping[str, Cell], a: str, b: str, leaving: int) -> float:
    if a not in kin.members or b not in kin.members:
        reach = (cells[a].right if a in cells else 0.0) + (cells[b].left if b in cells else 0.0)
        return reach + PASSAGE * (1 + leaving)
    one, other = kin.members[a], kin.members[b]
    together = any({a, b} == set(u.parents) for u in kin.unions)
    apart = cells[a].right + cells[b].left + GAP
    if together:
        apart = max(apart + 1, HALF[one.shape] + HALF[other.shape] + 9)
    return apart + (2 * PAD if _stay(one) != _stay(other) else 0)


def _stay(member: Member) -> tuple[object, ...]:
    """Where and from when to when a person lives: between two who differ, the boundary may run."""
    told = () if member.steady else (member.whereabouts.arrival, member.whereabouts.departure, member.whereabouts.stays)
    return (member.steady, *told) if member.whereabouts.ever else ()


def _heights(
    kin: Kin, cells: Mapping[str, Cell], wired: Wires, arched: Mapping[str, Arch], level: Mapping[str, int]
) -> tuple[list[float], list[float], list[float]]:
    """Height of each row, of the lowest track of bars above it, and of the room for arches between the two."""
    inside = [{_stay(kin.members[p]) for p in row if kin.members[p].whereabouts.ever} for row in kin.rows]
    ys: list[float] = []
    bars: list[float] = []
    over: list[float] = []
    y = 0.0
    for index, row in enumerate(kin.rows):
        over.append(ARCH * max((a.height for a in arched.values() if level[a.left] == index), default=0))
        y += over[-1]
        ys.append(round(y, 3))
        bars.append(round(y - over[-1] - max(HALF.values()) - CLEAR, 3))
        tracks = 1 + max((w.track for (_, above), own in wired.items() if above == index for w in own), default=0)
        edge = 2.6 * PAD if index + 1 < len(kin.rows) and _parted(inside[index], inside[index + 1]) else 0.0
        low = max((cells[p].bottom for p in row), default=max(HALF.values()))
        y += low + CLEAR + TRACK * tracks + CLEAR + max(HALF.values()) + edge
    return ys, bars, over


def _parted(above: set[tuple[object, ...]], below: set[tuple[object, ...]]) -> bool:
    """Whether the boundary runs between two rows in some month."""
    return bool(above) != bool(below) or (bool(above) and not above & below)


def _joints(
    kin: Kin,
    spots: Mapping[str, Point],
    drops: Mapping[str, float],
    arched: Mapping[str, Arch],
    level: Mapping[str, int],
) -> dict[str, Point]:
    """Where the line to the children leaves each union."""
    joints = {}
    for union in kin.unions:
        lowest = max(union.parents, key=level.__getitem__)
        y = spots[lowest][1]
        if union.id in arched:
            y = arch_height(y, arched[union.id])
        elif len({level[p] for p in union.parents}) == 2 or len(union.parents) == 1:
            y += HALF[kin.members[lowest].shape]
        joints[union.id] = (drops.get(union.id, spots[lowest][0]), round(y, 3))
    return joints


def _drops(leave: Leaves, xs: Mapping[tuple[str, int], float]) -> dict[str, float]:
    return {
        union: round(sum(share * xs[slot] for slot, share in shares) + offset, 3)
        for union, (shares, offset) in leave.items()
    }


def _leave(kin: Kin, woven: Weave, cells: Mapping[str, Cell]) -> Leaves:
    """Where the line to the children leaves each union: between the labels, inside the boundary where it can be."""
    leave: Leaves = {}
    below: dict[tuple[str, int], list[str]] = defaultdict(list)
    shared: dict[tuple[int, str, str], list[str]] = defaultdict(list)
    for row, slots in enumerate(kin.slots):
        here = drawn(slots)
        before = -1
        for slot in slots:
            if not slot.startswith("+"):
                before += 1
            elif len(woven.leaves[slot]) == 1:
                below[woven.leaves[slot][0], row].append(slot[1:])
            else:
                shared[row, here[before], here[before + 1]].append(slot[1:])
    for person, leaving in below.items():
        for place, union in enumerate(leaving):
            leave[union] = (((person, 1.0),), PORT * (place - (len(leaving) - 1) / 2))
    for (row, a, b), couples_here in shared.items():
        left, right = cells[a].right if a in cells else 0.0, cells[b].left if b in cells else 0.0
        home = tuple(s in kin.members and kin.members[s].steady for s in (a, b))
        for nth, union in enumerate(couples_here):
            beside = PORT * (nth - (len(couples_here) - 1) / 2)
            if a in cells and b in cells and home[0] != home[1]:
                side = ((((a, row), 1.0),), left + 1.8) if home[0] else ((((b, row), 1.0),), -right - 1.8)
                leave[union] = (side[0], side[1] + beside)
            else:
                leave[union] = ((((a, row), 0.5), ((b, row), 0.5)), (left - right) / 2 + beside)
    return leave
