"""The family part of a sociogenogram: generation rows, family lines and the household's boundary, in millimetres."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from clss_analysis.layout.geometry import Box, Label, Line, Mark, Point, Symbol, runs_through
from clss_analysis.layout.sociogenogram_couples import HALF, arched, couples
from clss_analysis.layout.sociogenogram_descent import descent_tracks, descents
from clss_analysis.layout.sociogenogram_kin import Kin, Member
from clss_analysis.layout.text import block_size, text_width, wrap, wrap_evenly
from clss_analysis.records import Row

SIZE = 8.0
LABEL_DROP = 6.9
LABEL_WIDTH = 15.5
GAP = 3.4
PAD = 4.4
EMPTY_HOUSEHOLD = (46.0, 22.0)


@dataclass(frozen=True)
class Family:
    """The family part as placed; `bonds` are the points of each person where family lines arrive."""

    symbols: tuple[Symbol, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    marks: tuple[Mark, ...]
    household: Box
    extent: Box
    bonds: dict[str, tuple[Point, ...]]


@dataclass(frozen=True)
class _Cell:
    left: float
    right: float
    bottom: float
    lines: tuple[str, ...]
    side: str


def family(kin: Kin, household: str, caption: str) -> Family:
    """Place a household and its relatives.

    Args:
        kin: who stands on which row in which order.
        household: id of the household.
        caption: the words on the boundary.

    Returns:
        Symbols, lines and labels around an origin of their own.
    """
    cells = {m.id: _cell(m, kin) for m in kin.members.values()}
    xs = _columns(kin, cells)
    ys, tracks = _row_heights(kin, cells, xs)
    boundary = _boundary(kin, cells, xs, ys, caption)
    if _pushed_out(kin, cells, xs, ys, boundary):
        tracks = descent_tracks(kin, xs, _drops(kin, cells, xs))
    drops = _drops(kin, cells, xs)
    partners, slashes, joints = couples(kin, xs, ys, drops)
    bars = descents(kin, xs, ys, joints, tracks, HALF)
    members = [_person(m, cells[m.id], xs[m.id], ys[kin.row_of(m.id)]) for m in kin.members.values()]
    words = wrap(caption, boundary[2] - boundary[0] - 6, SIZE, "italic")
    width, height = block_size(words, SIZE, "italic")
    boundary, (x0, y0) = _caption_spot(boundary, (width, height), (*bars, *partners))
    frame = Symbol(f"household-{household}", "household", boundary, "household", (Row("households", household),))
    named = Label(f"label-household-{household}", (x0, y0, x0 + width, y0 + height), words, frame.id, SIZE, "italic")
    symbols = (frame, *(symbol for symbol, _ in members))
    labels = (named, *(entry for _, entries in members for entry in entries))
    lines = (*bars, *partners)
    bonds: dict[str, list[Point]] = defaultdict(list)
    for line in lines:
        bonds[line.target].append(line.path[-1])
        bonds[line.source].append(line.path[0])
    boxes = [s.box for s in symbols] + [entry.box for entry in labels]
    boxes += [(p[0], p[1], p[0], p[1]) for line in lines for p in line.path]
    return Family(
        symbols,
        lines,
        labels,
        (*_notches(kin, cells, xs, ys, boundary), *slashes),
        boundary,
        _hull(boxes),
        {person: tuple(points) for person, points in bonds.items()},
    )


def moved(plan: Family, dx: float, dy: float) -> Family:
    """The same family elsewhere on the page."""

    def box(b: Box) -> Box:
        return (b[0] + dx, b[1] + dy, b[2] + dx, b[3] + dy)

    def path(points: tuple[Point, ...]) -> tuple[Point, ...]:
        return tuple((x + dx, y + dy) for x, y in points)

    return Family(
        tuple(Symbol(s.id, s.kind, box(s.box), s.role, s.rows) for s in plan.symbols),
        tuple(Line(n.id, n.kind, path(n.path), n.role, n.source, n.target, n.members, n.rows) for n in plan.lines),
        tuple(Label(b.id, box(b.box), b.lines, b.of, b.size, b.face, b.align, b.role) for b in plan.labels),
        tuple(Mark(path(m.path), m.role) for m in plan.marks),
        box(plan.household),
        box(plan.extent),
        {person: path(points) for person, points in plan.bonds.items()},
    )


def person_role(member: Member) -> str:
    """The name of a person's look: where they live, their shape, index person and death where they apply."""
    where = "elsewhere" if not member.inside else "hosted" if member.residence == "hosted" else "person"
    marks = ("-index" if member.index else "") + ("-cross" if member.life in ("deceased", "lost") else "")
    return f"{where}-{member.shape}{marks}"


def _hull(boxes: list[Box]) -> Box:
    return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))


def _cell(member: Member, kin: Kin) -> _Cell:
    half = HALF[member.shape]
    alone = any(u.parents == (member.id,) and u.children for u in kin.unions)
    row = kin.rows[kin.row_of(member.id)]
    at = row.index(member.id)
    partners = {p for u in kin.unions if member.id in u.parents for p in u.parents} - {member.id}
    lines = wrap_evenly(member.label, LABEL_WIDTH, SIZE)
    width, height = block_size(lines, SIZE)
    if not alone:
        return _Cell(max(half, width / 2), max(half, width / 2), LABEL_DROP + height, lines, "below")
    if not (at + 1 < len(row) and row[at + 1] in partners):
        return _Cell(half, half + 1 + width, max(half, height / 2), lines, "right")
    if not (at and row[at - 1] in partners):
        return _Cell(half + 1 + width, half, max(half, height / 2), lines, "left")
    return _Cell(half, max(half, 1.4 + width), LABEL_DROP + height, lines, "lower right")


def _person(member: Member, cell: _Cell, x: float, y: float) -> tuple[Symbol, tuple[Label, ...]]:
    half = HALF[member.shape]
    symbol = Symbol(
        f"person-{member.id}", "person", (x - half, y - half, x + half, y + half), person_role(member),
        (Row("persons", member.id),),
    )  # fmt: skip
    width, height = block_size(cell.lines, SIZE)
    align, x0, y0 = {
        "below": ("center", x - width / 2, y + LABEL_DROP),
        "right": ("left", x + half + 1, y - height / 2),
        "left": ("right", x - half - 1 - width, y - height / 2),
        "lower right": ("left", x + 1.4, y + LABEL_DROP),
    }[cell.side]
    labels = [Label(f"label-{symbol.id}", (x0, y0, x0 + width, y0 + height), cell.lines, symbol.id, SIZE, align=align)]
    if member.age:
        size = SIZE + 1 if len(member.age) < 3 else 7.0
        wide, high = block_size((member.age,), size)
        box = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
        labels.append(Label(f"age-{symbol.id}", box, (member.age,), symbol.id, size, align="center"))
    return symbol, tuple(labels)


def _separation(kin: Kin, cells: dict[str, _Cell], a: str, b: str) -> float:
    one, other = kin.members[a], kin.members[b]
    together = any({a, b} == set(u.parents) for u in kin.unions)
    apart = cells[a].right + cells[b].left + GAP
    if together:
        apart = max(apart + 1, HALF[one.shape] + HALF[other.shape] + 9)
    return apart + (2 * PAD if one.inside != other.inside else 0)


def _columns(kin: Kin, cells: dict[str, _Cell]) -> dict[str, float]:
    """Positions along the rows: parents above the middle of their children, never closer than they may stand."""
    gaps = [[_separation(kin, cells, a, b) for a, b in pairwise(row)] for row in kin.rows]
    xs: dict[str, float] = {}
    for row, apart in zip(kin.rows, gaps, strict=True):
        x = -sum(apart) / 2
        for person, gap in zip(row, [*apart, 0.0], strict=True):
            xs[person] = x
            x += gap
    parents_of = [u for u in kin.unions if u.children]
    for turn in range(24):
        for up in (True, False):
            wish: dict[str, list[float]] = defaultdict(list)
            for union in parents_of:
                middle = sum(xs[p] for p in union.parents) / len(union.parents)
                spots = [xs[c] for c in union.children]
                delta = (min(spots) + max(spots)) / 2 - middle
                if up:
                    for parent in union.parents:
                        wish[parent].append(delta)
                else:
                    for child in union.children:
                        wish[child].append(-delta)
                        for partner in {p for u in kin.unions if child in u.parents for p in u.parents} - {child}:
                            wish[partner].append(-delta)
            for row, apart in zip(kin.rows, gaps, strict=True):
                moves = [sum(wish[p]) / len(wish[p]) if wish[p] else 0.0 for p in row]
                share = 1.0 if turn < 20 else 0.5
                placed = spaced([xs[p] + share * m for p, m in zip(row, moves, strict=True)], apart)
                xs.update(zip(row, placed, strict=True))
    return {person: round(x, 3) for person, x in xs.items()}


def spaced(wanted: list[float], apart: list[float]) -> list[float]:
    """Nearest positions in the least-squares sense that keep order and distances (pool adjacent violators)."""
    offsets = [0.0]
    for gap in apart:
        offsets.append(offsets[-1] + gap)
    blocks: list[list[float]] = []
    for want, offset in zip(wanted, offsets, strict=False):
        blocks.append([want - offset, 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            value, weight = blocks.pop()
            before = blocks[-1]
            before[0] = (before[0] * before[1] + value * weight) / (before[1] + weight)
            before[1] += weight
    flat = [value for value, weight in blocks for _ in range(int(weight))]
    return [value + offset for value, offset in zip(flat, offsets, strict=False)]


def _row_heights(
    kin: Kin, cells: dict[str, _Cell], xs: dict[str, float]
) -> tuple[list[float], dict[tuple[str, int], int]]:
    tracks = descent_tracks(kin, xs, _drops(kin, cells, xs))
    inside = [any(kin.members[p].inside for p in row) for row in kin.rows]
    ys: list[float] = []
    y = 0.0
    for index, row in enumerate(kin.rows):
        arches = sum(1 for u in kin.unions if arched(u, kin) and u.parents[0] in row)
        y += 3.0 * arches
        ys.append(round(y, 3))
        bars = 1 + max((track for (_, row_below), track in tracks.items() if row_below == index + 1), default=0)
        edge = 2.6 * PAD if index + 1 < len(kin.rows) and inside[index] != inside[index + 1] else 0.0
        y += max(cells[p].bottom for p in row) + 4.0 + 2.6 * bars + 4.0 + max(HALF.values()) + edge
    return ys, tracks


def _boundary(kin: Kin, cells: dict[str, _Cell], xs: dict[str, float], ys: list[float], caption: str) -> Box:
    boxes = [
        (xs[p] - cells[p].left, ys[i] - 6.5, xs[p] + cells[p].right, ys[i] + max(cells[p].bottom, 6.5))
        for i, row in enumerate(kin.rows)
        for p in row
        if kin.members[p].inside
    ]
    if not boxes:
        y = ys[-1] + 24 if ys else 0.0
        boxes = [(-EMPTY_HOUSEHOLD[0] / 2, y, EMPTY_HOUSEHOLD[0] / 2, y + EMPTY_HOUSEHOLD[1] - 2 * PAD)]
    x0, y0, x1, y1 = _hull(boxes)
    widest = max(text_width(line, SIZE, "italic") for line in wrap(caption, max(x1 - x0, 40.0), SIZE, "italic"))
    slack = max(0.0, widest + 8 - (x1 - x0 + 2 * PAD)) / 2
    top = 3.0 * sum(1 for u in kin.unions if arched(u, kin))
    return (x0 - PAD - slack, y0 - PAD - 1.5 - top, x1 + PAD + slack, y1 + PAD - 1.4)


def _caption_spot(boundary: Box, size: tuple[float, float], lines: tuple[Line, ...]) -> tuple[Box, Point]:
    """Room for the words on the boundary: the leftmost free place in a strip at its foot, else at its top.

    Arrows come from above for the most part.
    """
    x0, y0, x1, y1 = boundary
    foot = (x0, y0, x1, y1 + size[1] + 1)
    steps = int(max(0.0, x1 - x0 - 6 - size[0])) + 1
    for frame, top in ((foot, y1 - 0.6), (boundary, y0 + 1.2)):
        for step in range(steps):
            left = x0 + 3 + step
            box = (left - 1, top - 0.3, left + size[0] + 1, top + size[1] + 0.3)
            if not any(runs_through(line.path, box) for line in lines):
                return frame, (left, top)
    return foot, (x0 + 3, y1 - 0.6)


def _pushed_out(kin: Kin, cells: dict[str, _Cell], xs: dict[str, float], ys: list[float], boundary: Box) -> bool:
    """Move those who live elsewhere, at either end of a row beside the household, out of its boundary."""
    changed = False
    for index, row in enumerate(kin.rows):
        if not boundary[1] - 8 < ys[index] < boundary[3] + 8:
            continue
        ends: tuple[tuple[list[str], Callable[[str], float]], ...] = (
            (list(row), lambda p: boundary[0] - PAD - xs[p] - cells[p].right),
            (list(row[::-1]), lambda p: boundary[2] + PAD - xs[p] + cells[p].left),
        )
        for side, (order, missing) in enumerate(ends):
            run = []
            for person in order:
                if kin.members[person].inside:
                    break
                run.append(person)
            if len(run) == len(row) and side:
                continue
            shifts = [missing(p) for p in run]
            shift = min([0.0, *shifts]) if side == 0 else max([0.0, *shifts])
            for person in run:
                xs[person] = round(xs[person] + shift, 3)
            changed = changed or bool(shift)
    return changed


def _notches(
    kin: Kin, cells: dict[str, _Cell], xs: dict[str, float], ys: list[float], boundary: Box
) -> tuple[Mark, ...]:
    """A bay cut into the boundary for whoever lives elsewhere but stands between those who live in the household."""
    marks: list[Mark] = []
    inside_rows = [i for i, row in enumerate(kin.rows) if any(kin.members[p].inside for p in row)]
    for index in inside_rows:
        for person in kin.rows[index]:
            x0, x1 = xs[person] - cells[person].left - 1.6, xs[person] + cells[person].right + 1.6
            if kin.members[person].inside or x1 < boundary[0] or x0 > boundary[2]:
                continue
            y0, y1 = ys[index] - 8.2, ys[index] + cells[person].bottom + 1.2
            if index == inside_rows[-1]:
                outline = ((x0, boundary[3]), (x0, y0), (x1, y0), (x1, boundary[3]))
                marks += [Mark(((x0, y0), (x1, boundary[3] + 0.6)), "bay"), Mark(outline, "bay-edge")]
            else:
                outline = ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))  # type: ignore[assignment]
                marks += [Mark(((x0, y0), (x1, y1)), "bay"), Mark(outline, "bay-edge")]
    return tuple(marks)


def _drops(kin: Kin, cells: dict[str, _Cell], xs: dict[str, float]) -> dict[str, float]:
    """Where the line to the children leaves each union: between the labels, inside the boundary where it can be."""
    drops: dict[str, float] = {}
    for union in kin.unions:
        if len(union.parents) == 1:
            drops[union.id] = xs[union.parents[0]]
            continue
        a, b = sorted(union.parents, key=lambda p: xs[p])
        if arched(union, kin):
            row = kin.rows[kin.row_of(a)]
            a = row[row.index(b) - 1]
        left, right = xs[a] + cells[a].right, xs[b] - cells[b].left
        if kin.members[a].inside and not kin.members[b].inside:
            drops[union.id] = left + 1.8
        elif kin.members[b].inside and not kin.members[a].inside:
            drops[union.id] = right - 1.8
        else:
            drops[union.id] = (left + right) / 2
    return {union: round(x, 3) for union, x in drops.items()}
