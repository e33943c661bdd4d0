"""Lines from parents to children: one bar for each sibship, on tracks that keep the bars of two sibships apart."""

from __future__ import annotations

from itertools import permutations

from clss_analysis.layout.geometry import Line, Point
from clss_analysis.layout.sociogenogram_kin import Kin, Union

TRACK = 2.6
_CLEAR = 4.0
_MAX_TRIED = 5


def descent_tracks(kin: Kin, xs: dict[str, float], drops: dict[str, float]) -> dict[tuple[str, int], int]:
    """The height at which each sibship's bar runs.

    Bars over the same children's row that overlap get tracks of their own, in the order with the fewest crossings of
    one sibship's lines by another's.

    Returns:
        Track (0 is lowest) by union and row of the children.
    """
    found: dict[tuple[str, int], int] = {}
    for row in range(len(kin.rows)):
        spans = []
        for union in kin.unions:
            here = [xs[c] for c in union.children if kin.row_of(c) == row]
            if here:
                spans.append((union.id, min([drops[union.id], *here]), max([drops[union.id], *here]), here))
        tried = permutations(spans) if len(spans) <= _MAX_TRIED else iter([tuple(sorted(spans, key=lambda s: s[1]))])
        best: tuple[float, dict[str, int]] | None = None
        for order in tried:
            track = _stacked(order)
            cost = _crossed(spans, track, drops) + 0.01 * max(track.values(), default=0)
            if best is None or cost < best[0] - 1e-9:
                best = (cost, track)
        chosen = best[1] if best else {}
        found |= {(union, row): track for union, track in chosen.items()}
    return found


def descents(
    kin: Kin,
    xs: dict[str, float],
    ys: list[float],
    joints: dict[str, Point],
    tracks: dict[tuple[str, int], int],
    half: dict[str, float],
) -> tuple[Line, ...]:
    """One line for each child and the parents it comes from; twins fork from one point of the bar."""
    lines = []
    for union in kin.unions:
        for child, kind, rows in zip(union.children, union.kinds, union.rows, strict=True):
            row = kin.row_of(child)
            x, y = joints[union.id]
            bar = ys[row] - max(half.values()) - _CLEAR - TRACK * tracks[union.id, row]
            turn = _fork(union, child, kin, xs)
            path = _bent(((x, y), (x, bar), (turn, bar), (xs[child], ys[row] - half[kin.members[child].shape])))
            members = (*(f"person-{p}" for p in union.parents), f"person-{child}")
            role = "descent" if kind == "birth" else "descent-chosen"
            name = f"descent-{rows[0].row}"
            lines.append(Line(name, "descent", path, role, members[0], members[-1], members, rows))
    return tuple(sorted(lines, key=lambda line: (line.role == "descent", line.id)))


def _bent(path: tuple[Point, ...]) -> tuple[Point, ...]:
    """A path without the points at which it does not turn."""
    kept: list[Point] = []
    for point in path:
        if kept and abs(point[0] - kept[-1][0]) < 0.02 and abs(point[1] - kept[-1][1]) < 0.02:
            continue
        if len(kept) > 1 and abs(kept[-2][0] - kept[-1][0]) < 0.02 and abs(kept[-1][0] - point[0]) < 0.02:
            kept.pop()
        kept.append(point)
    return tuple(kept)


def _fork(union: Union, child: str, kin: Kin, xs: dict[str, float]) -> float:
    group = kin.members[child].twin_group
    twins = [xs[c] for c in union.children if group is not None and kin.members[c].twin_group == group]
    return (min(twins) + max(twins)) / 2 if len(twins) > 1 else xs[child]


def _stacked(order: tuple[tuple[str, float, float, list[float]], ...]) -> dict[str, int]:
    track: dict[str, int] = {}
    spans = {union: (low, high) for union, low, high, _ in order}
    for union, low, high, _ in order:
        taken = {track[o] for o in track if spans[o][0] <= high + 2 and spans[o][1] >= low - 2}
        track[union] = next(t for t in range(len(order)) if t not in taken)
    return track


def _crossed(spans: list[tuple[str, float, float, list[float]]], track: dict[str, int], drops: dict[str, float]) -> int:
    """Crossings of a bar by another sibship's trunk (from above) or branches (to below)."""
    total = 0
    for union, low, high, _ in spans:
        for other, _, _, children in spans:
            if other != union and low < drops[other] < high and track[other] < track[union]:
                total += 1
            if other != union and track[other] > track[union]:
                total += sum(low < x < high for x in children)
    return total
