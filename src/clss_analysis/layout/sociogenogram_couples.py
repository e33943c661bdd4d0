"""Couple lines: straight between neighbours, an arch over who stands between, slashes for what has ended."""

from __future__ import annotations

from collections import defaultdict

from clss_analysis.layout.geometry import Line, Mark, Point
from clss_analysis.layout.sociogenogram_kin import ENDED, Kin, Member, Union
from clss_analysis.records import Row

HALF = {"square": 5.2, "circle": 5.6, "diamond": 6.2, "triangle": 5.4}


def _adjacent(union: Union, kin: Kin) -> bool:
    a, b = union.parents
    row = kin.rows[kin.row_of(a)]
    return b in row and abs(row.index(a) - row.index(b)) == 1


def arched(union: Union, kin: Kin) -> bool:
    """Whether the couple line must pass over somebody who stands between the two on their row."""
    return (
        len(union.parents) == 2
        and kin.row_of(union.parents[0]) == kin.row_of(union.parents[1])
        and not _adjacent(union, kin)
    )


def couples(
    kin: Kin, xs: dict[str, float], ys: list[float], drops: dict[str, float]
) -> tuple[tuple[Line, ...], tuple[Mark, ...], dict[str, Point]]:
    """Couple lines, their slashes, and for each union the point where the line to the children leaves it."""
    lines, marks, joints = [], [], {}
    arches: dict[int, int] = defaultdict(int)
    for union in kin.unions:
        row = kin.row_of(union.parents[0])
        y = ys[row]
        if len(union.parents) == 1:
            joints[union.id] = (drops[union.id], y + HALF[kin.members[union.parents[0]].shape])
            continue
        a, b = sorted(union.parents, key=lambda p: (xs[p], p))
        xa, xb = xs[a] + HALF[kin.members[a].shape], xs[b] - HALF[kin.members[b].shape]
        path: tuple[Point, ...] = ((xa, y), (xb, ys[kin.row_of(b)]))
        joints[union.id] = (drops[union.id], y)
        if arched(union, kin):
            arches[row] += 1
            top = y - max(HALF.values()) - 3.0 * arches[row]
            ends = [xs[a] + 2.4, xs[b] - 2.4]
            feet = [_top(kin.members[a], xs[a], y, ends[0]), _top(kin.members[b], xs[b], y, ends[1])]
            path = ((ends[0], feet[0]), (ends[0], top), (ends[1], top), (ends[1], feet[1]))
            joints[union.id] = (drops[union.id], top)
        state = union.state or "unknown"
        role = f"couple-{state}"
        known = () if union.couple is None else (Row("couples", union.couple),)
        ids = (f"person-{a}", f"person-{b}")
        lines.append(Line(f"couple-{union.couple or union.id}", "couple", path, role, ids[0], ids[1], ids, known))
        marks += _slashes(path, drops[union.id] if union.children else None, 1 + (state == "divorced")) * (
            state in ENDED
        )
    return tuple(lines), tuple(marks), joints


def _slashes(path: tuple[Point, ...], drop: float | None, count: int) -> list[Mark]:
    (x0, y), (x1, _) = (path[0], path[1]) if len(path) == 2 else (path[1], path[2])
    middle = (x0 + x1) / 2
    if drop is not None and abs(drop - middle) < 3:
        wider = (x0, drop) if drop - x0 > x1 - drop else (drop, x1)
        middle = sum(wider) / 2
    offsets = [0.0] if count == 1 else [-0.7, 0.7]
    return [Mark(((middle + o - 0.9, y + 2.0), (middle + o + 0.9, y - 2.0)), "couple-slash") for o in offsets]


def _top(member: Member, x: float, y: float, at: float) -> float:
    half = HALF[member.shape]
    if member.shape == "circle":
        return y - float((half**2 - (at - x) ** 2) ** 0.5)
    if member.shape == "diamond":
        return y - (half - abs(at - x))
    return y - half if member.shape == "square" else y - half + 2 * abs(at - x)
