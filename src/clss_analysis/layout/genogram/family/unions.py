"""Couple lines: straight between neighbours, an arch over who stands between, slashes for what has ended."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from clss_analysis.layout.genogram.family.persons import Member, Union, related
from clss_analysis.layout.genogram.family.rules import Rows, Weave
from clss_analysis.layout.genogram.family.union_states import ENDED
from clss_analysis.layout.geometry import Line, Mark, Point
from clss_analysis.records import Row

HALF = {"square": 5.2, "circle": 5.6, "diamond": 6.2, "triangle": 5.4}
PORT = 3.2  # mm between two lines that come down to one person, or leave one couple
ARCH = 3.0  # mm from one arch to the next: a mark of a union fits between
_EDGE = 4.8  # mm from a symbol's middle, where every shape still has an upper outline
_SECOND = 1.4  # mm between the two lines of partners who are kin: two strokes that stay apart in print
_SLANT = 0.02  # mm: less off upright or level is rounding
_HALFWAY = 0.6  # of the way down the fork of identical twins, where their bar is clear of both its ends


@dataclass(frozen=True, slots=True)
class Arch:
    """A couple line over who stands between: left and right partner, height above the symbols (1 is lowest)."""

    left: str
    right: str
    height: int


def arches(weave: Weave, rows: Rows) -> dict[str, Arch]:
    """The couples whose partners are no neighbours, by union; an arch runs above those that it spans."""
    found: dict[str, Arch] = {}
    for row, slots in enumerate(rows):
        at = {slot: i for i, slot in enumerate(slots)}
        spans: dict[str, tuple[int, int]] = {}
        for couple in weave.couples:
            if couple.row == row:
                low, high = sorted(at[p] for p in couple.partners)
                if any(slot in weave.partners for slot in slots[low + 1 : high]):
                    spans[couple.union] = (low, high)
        under = {union: {o for o in spans if o != union and _above(union, o, spans, at)} for union in spans}
        placed: dict[str, int] = {}
        while len(placed) < len(spans):
            left = sorted((spans[u][1] - spans[u][0], *spans[u], u) for u in spans.keys() - placed.keys())
            *_, union = next((one for one in left if under[one[-1]] <= placed.keys()), left[0])
            low, high = spans[union]
            over = [h for o, h in placed.items() if spans[o][0] < high and low < spans[o][1]]
            placed[union] = 1 + max(over, default=0)
            found[union] = Arch(slots[low], slots[high], placed[union])
    return found


def _above(one: str, other: str, spans: Mapping[str, tuple[int, int]], at: Mapping[str, int]) -> bool:
    """Whether the first arch runs above the second: it spans it, or what leaves the second would cross the first."""
    (a, b), (c, d) = spans[one], spans[other]
    if b <= c or d <= a or (c <= a and b <= d):
        return False
    mine, theirs = (low < at.get(f"+{u}", -1) < high for u, (low, high) in ((one, (c, d)), (other, (a, b))))
    return (a <= c and d <= b) or (theirs and not mine)


def couples(
    unions: tuple[Union, ...],
    members: Mapping[str, Member],
    spots: Mapping[str, Point],
    arched: Mapping[str, Arch],
    crossed: Mapping[str, tuple[Point, ...]],
) -> tuple[Line, ...]:
    """Couple lines.

    Args:
        unions: all unions; a lone parent has no couple line.
        members: everybody.
        spots: centre of each person.
        arched: see `arches`.
        crossed: paths of the couple lines between two rows, by union.
    """
    lines: list[Line] = []
    feet = _feet(arched, spots, unions)
    for union in unions:
        if len(union.parents) == 1:
            continue
        a, b = sorted(union.parents, key=lambda p: (spots[p], p))
        (xa, ya), (xb, yb) = spots[a], spots[b]
        path: tuple[Point, ...] = ((xa + HALF[members[a].shape], ya), (xb - HALF[members[b].shape], yb))
        if union.id in arched:
            top = arch_height(ya, arched[union.id])
            left, right = feet[union.id]
            path = ((left, top_of(members[a], spots[a], left)), (left, top), (right, top),
                    (right, top_of(members[b], spots[b], right)))  # fmt: skip
        elif union.id in crossed:
            path = crossed[union.id]
        state = union.state or "unknown"
        known = () if union.couple is None else (Row("couples", union.couple),)
        ids = (f"person-{a}", f"person-{b}")
        lines.append(
            Line(f"couple-{union.couple or union.id}", "couple", path, f"couple-{state}", ids[0], ids[1], ids, known)
        )
    return tuple(lines)


def union_marks(lines: Iterable[Line]) -> list[Mark]:
    """The slashes across what has ended, and the second stroke of partners who are related by birth.

    Args:
        lines: couple lines and lines to children, as drawn.
    """
    lines = tuple(lines)
    parents: dict[str, set[str]] = defaultdict(set)
    drops = {}
    for line in lines:
        if line.kind == "descent":
            drops[frozenset(line.members[:-1])] = line.path[0][0]
            parents[line.members[-1]].update(line.members[:-1] if line.role == "descent" else ())
    marks: list[Mark] = []
    for line in (each for each in lines if each.kind == "couple"):
        state = line.role.removeprefix("couple-")
        if related(parents, *line.members):
            (x0, y0), (x1, y1) = _longest(line.path)
            dx, dy = (0.0, -_SECOND) if abs(x1 - x0) > abs(y1 - y0) else (_SECOND, 0.0)
            marks.append(Mark(((x0 + dx, y0 + dy), (x1 + dx, y1 + dy)), "couple-kin"))
        if state in ENDED:
            marks += slashes(line.path, drops.get(frozenset(line.members)), 1 + (state == "divorced"))
        if state.endswith("-again"):
            (stroke,) = slashes(line.path, drops.get(frozenset(line.members)), 1)
            (x0, y0), (x1, y1) = stroke.path
            marks += [stroke, Mark(((x0, y1), (x1, y0)), "couple-slash")]
    return marks + [_stroke(line.path) for line in lines if line.kind == "descent" and line.role.endswith("-ended")]


def identical_bars(members: Mapping[str, Member], lines: Iterable[Line]) -> list[Mark]:
    """The bar between the lines of identical twins, where these fork from one point."""
    forked: dict[tuple[str, Point], list[tuple[Point, Point]]] = defaultdict(list)
    for line in lines:
        twin = members[line.members[-1].removeprefix("person-")]
        if line.kind == "descent" and twin.twin_group and twin.identical:
            for a, b in pairwise(line.path):
                if abs(a[0] - b[0]) > _SLANT < abs(a[1] - b[1]):
                    forked[twin.twin_group, a].append((a, b))
    marks = []
    for forks in forked.values():
        (_, first), (_, last) = forks[0], forks[-1]
        low = min(first[1], last[1])
        ends = [((1 - (t := _HALFWAY * (low - a[1]) / (b[1] - a[1]))) * a[0] + t * b[0], a[1] + _HALFWAY * (low - a[1]))
                for a, b in sorted(forks, key=lambda each: each[1])]  # fmt: skip
        marks += [Mark((one, other), "twin-bar") for one, other in pairwise(ends)]
    return marks


def _stroke(path: tuple[Point, ...]) -> Mark:
    """The slash across the end of a line to a child which is no longer so."""
    (x, y0), (_, y1) = path[-2:]
    y = (y0 + y1) / 2
    return Mark(((x - 2.0, y + 0.9), (x + 2.0, y - 0.9)), "couple-slash")


def _longest(path: tuple[Point, ...]) -> tuple[Point, Point]:
    return max(pairwise(path), key=lambda s: (abs(s[1][0] - s[0][0]), abs(s[1][1] - s[0][1])))


def arch_height(y: float, arch: Arch) -> float:
    """Height of an arch's level part over a row whose symbols have their centres at `y`."""
    return y - max(HALF.values()) - ARCH * arch.height


def _feet(
    arched: Mapping[str, Arch], spots: Mapping[str, Point], unions: tuple[Union, ...]
) -> dict[str, tuple[float, float]]:
    """Where the ends of arches stand on the symbols: the wider the arch, the nearer to the middle.

    Beside the lines that come down to a person, where these are several.
    """
    stand: dict[tuple[str, int], list[str]] = defaultdict(list)
    for union, arch in sorted(arched.items(), key=lambda item: (-item[1].height, item[0])):
        stand[arch.left, 1].append(union)
        stand[arch.right, -1].append(union)
    coming = Counter(child for union in unions for child in set(union.children))

    def foot(person: str, side: int, union: str) -> float:
        those = stand[person, side]
        nth, lines = 1 + those.index(union), PORT * max(0, coming[person] - 1) / 2
        beside = lines + (_EDGE - lines) * nth / (len(those) + 0.5) if lines else 2.4 * nth / (0.5 + 0.5 * len(those))
        return round(spots[person][0] + side * beside, 3)

    return {union: (foot(arch.left, 1, union), foot(arch.right, -1, union)) for union, arch in arched.items()}


def slashes(path: tuple[Point, ...], drop: float | None, count: int) -> list[Mark]:
    """The slashes across a couple line, one for a separation, two for a divorce, beside the line to children."""
    (x0, y0), (x1, y1) = _longest(path)
    middle, y = (x0 + x1) / 2, (y0 + y1) / 2
    if drop is not None and abs(drop - middle) < 3:
        middle = sum((x0, drop) if drop - x0 > x1 - drop else (drop, x1)) / 2
    offsets = [0.0] if count == 1 else [-0.7, 0.7]
    return [Mark(((middle + o - 0.9, y + 2.0), (middle + o + 0.9, y - 2.0)), "couple-slash") for o in offsets]


def top_of(member: Member, spot: Point, at: float) -> float:
    """Height of the upper outline of a symbol at a place along the row."""
    half, (x, y) = HALF[member.shape], spot
    if member.shape == "circle":
        return y - float((half**2 - (at - x) ** 2) ** 0.5)
    if member.shape == "diamond":
        return y - (half - abs(at - x))
    return y - half if member.shape == "square" else y - half + 2 * abs(at - x)
