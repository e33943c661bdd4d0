"""Faults of a drawn family, counted from its items alone: what a reader with the layout JSON can see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

from clss_analysis.layout.geometry import Line, Symbol, runs_through

Box = tuple[float, ...]
Path = tuple[tuple[float, float], ...]
Found = dict[str, list[tuple[str, ...]]]


@dataclass(frozen=True)
class Drawn:
    """Boxes of persons, labels (with whom they name), lines (id, union, child or nothing, path)."""

    persons: dict[str, Box]
    labels: dict[str, tuple[Box, str]]
    lines: tuple[tuple[str, frozenset[str], str, Path], ...]
    twice: tuple[str, ...] = ()

    @staticmethod
    def of(symbols: Iterable[Symbol], lines: Iterable[Line]) -> Drawn:
        """Symbols and lines, without labels."""
        items = [{"id": s.id, "kind": s.kind, "box": s.box} for s in symbols]
        items += [{"id": n.id, "kind": n.kind, "path": n.path, "members": n.members} for n in lines]
        return Drawn.read(items)

    @staticmethod
    def read(items: Iterable[dict[str, Any]]) -> Drawn:
        """The items of a layout JSON."""
        items = list(items)
        people = [i for i in items if i["kind"] == "person"]
        lines = []
        for item in items:
            if item["kind"] in ("couple", "descent"):
                *some, last = item["members"]
                child = last if item["kind"] == "descent" else ""
                union = frozenset(some if child else [*some, last])
                lines.append((item["id"], union, child, tuple(map(tuple, item["path"]))))
        names = [i["id"] for i in people]
        return Drawn(
            {i["id"]: tuple(i["box"]) for i in people},
            {i["id"]: (tuple(i["box"]), i["of"]) for i in items if i["kind"] == "label"},
            tuple(lines),
            tuple(sorted(n for n in set(names) if names.count(n) > 1)),
        )


def faults(drawn: Drawn, elder: Iterable[tuple[str, str]] = ()) -> Found:
    """Every fault, by kind, as the ids that it concerns.

    Args:
        drawn: what is on the page.
        elder: pairs of siblings, the elder first.
    """
    unions: dict[frozenset[str], set[str]] = defaultdict(set)
    for _, union, child, _ in drawn.lines:
        unions[union].update({child} - {""})
    middle = {p: ((b[0] + b[2]) / 2, (b[1] + b[3]) / 2) for p, b in drawn.persons.items()}
    partners: dict[str, set[str]] = defaultdict(set)
    children: dict[str, set[str]] = defaultdict(set)
    for union, kids in unions.items():
        for person in union:
            partners[person] |= union - {person}
            children[person] |= kids
    siblings: dict[str, set[str]] = defaultdict(set)
    for kids in children.values():
        for kid in kids:
            siblings[kid] |= kids - {kid}

    def between(people: list[str]) -> list[str]:
        (low, high), y = _ends([middle[p][0] for p in people]), middle[people[0]][1]
        return [p for p, (x, v) in sorted(middle.items()) if low < x < high and abs(v - y) <= 1]

    found: Found = {"twice": [(name,) for name in drawn.twice]}
    found |= {kind: [] for kind in ("off_row", "not_below", "couple", "sibship", "elder", "parted")}
    for union, kids in unions.items():
        pair = sorted(union)
        found["not_below"] += [(p, c) for p in pair for c in sorted(kids) if drawn.persons[c][1] < drawn.persons[p][3]]
        if len(pair) == 2:
            if abs(middle[pair[0]][1] - middle[pair[1]][1]) > 1:
                found["off_row"].append(tuple(pair))
            else:
                allowed = union | partners[pair[0]] | partners[pair[1]]
                found["couple"] += [(*pair, p) for p in between(pair) if p not in allowed]
        rows: dict[int, list[str]] = defaultdict(list)
        for kid in sorted(kids):
            rows[round(middle[kid][1])].append(kid)
        if kids and max(middle[k][1] for k in kids) - min(middle[k][1] for k in kids) > 1:
            found["parted"].append(tuple(sorted(kids)))
        for row in rows.values():
            kin = {*row, *(s for c in row for s in siblings[c])}
            allowed = frozenset(kin | {q for c in row for q in partners[c]})
            found["sibship"] += [(*row, p) for p in between(row) if p not in allowed]
    found["elder"] = [(a, b) for a, b in elder if middle[a][0] > middle[b][0] and abs(middle[a][1] - middle[b][1]) <= 1]
    found["crossings"] = _crossings(drawn)
    found["struck"] = _struck(drawn)
    found["overlaps"] = _overlaps(drawn)
    return found


def _ends(xs: list[float]) -> tuple[float, float]:
    return min(xs), max(xs)


def _crossings(drawn: Drawn) -> list[tuple[str, ...]]:
    """Places where lines of different unions cross or run upon one another; what one union draws counts once."""
    found: dict[tuple[Any, ...], tuple[str, ...]] = {}
    boxes = [(min(x for x, _ in p), min(y for _, y in p), max(x for x, _ in p), max(y for _, y in p)) if p else None
             for *_, p in drawn.lines]  # fmt: skip
    for (i, one), (j, other) in combinations(enumerate(drawn.lines), 2):
        a, b = boxes[i], boxes[j]
        if one[1] == other[1] or a is None or b is None or a[0] > b[2] or b[0] > a[2] or a[1] > b[3] or b[1] > a[3]:
            continue
        for first in pairwise(one[3]):
            for second in pairwise(other[3]):
                place = _meet(*first, *second)
                if place is not None:
                    found[(frozenset((one[1], other[1])), place)] = (one[0], other[0])
    return sorted(found.values())


def _meet(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float], d: tuple[float, float]
) -> tuple[float, float] | None:
    dx, dy, ex, ey = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    turn = dx * ey - dy * ex
    if abs(turn) < 1e-9:
        upright = abs(dx) < 1e-6 and abs(ex) < 1e-6 and abs(a[0] - c[0]) < 0.05
        level = abs(dy) < 1e-6 and abs(ey) < 1e-6 and abs(a[1] - c[1]) < 0.05
        axis = 1 if upright else 0
        low, high = max(min(a[axis], b[axis]), min(c[axis], d[axis])), min(max(a[axis], b[axis]), max(c[axis], d[axis]))
        return (round(a[0], 1), round(low, 1)) if (upright or level) and high - low > 0.3 else None
    s = ((c[0] - a[0]) * ey - (c[1] - a[1]) * ex) / turn
    t = ((c[0] - a[0]) * dy - (c[1] - a[1]) * dx) / turn
    near = 1e-7
    inside = near < s < 1 - near and near < t < 1 - near
    return (round(a[0] + s * dx, 1), round(a[1] + s * dy, 1)) if inside else None


def _struck(drawn: Drawn) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, union, child, path in drawn.lines:
        own = union | {child}
        found += [(name, p) for p, box in drawn.persons.items() if p not in own and runs_through(path, box)]  # type: ignore[arg-type]
        found += [(name, n) for n, (box, _) in drawn.labels.items() if runs_through(path, box)]  # type: ignore[arg-type]
    return sorted(found)


def _overlaps(drawn: Drawn) -> list[tuple[str, ...]]:
    boxes = [(p, p, box) for p, box in drawn.persons.items()]
    boxes += [(n, of, box) for n, (box, of) in drawn.labels.items()]
    return sorted(
        (m, n)
        for (m, of, a), (n, whose, b) in combinations(boxes, 2)
        if of != n and whose != m and a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    )
