"""Where each slot stands along its row: parents above the middle of their children, nobody closer than they may be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

from clss_analysis.layout.sociogenogram_weave import Net, Rows, Weave

_TURNS = 40
_LAST = 8
_STRAIGHT = 3.0


def columns(weave: Weave, rows: Rows, apart: Mapping[tuple[str, str], float]) -> dict[tuple[str, int], float]:
    """Positions by slot and row, in millimetres.

    Row after row takes the positions nearest to what its lines wish for, down and up in turns; the order stays.

    Args:
        weave: the lines between the rows.
        rows: slots from left to right.
        apart: least distance of neighbours.
    """
    gaps = [[apart[a, b] for a, b in pairwise(row)] for row in rows]
    xs: dict[tuple[str, int], float] = {}
    for row, (slots, own) in enumerate(zip(rows, gaps, strict=True)):
        x = -sum(own) / 2
        for slot, gap in zip(slots, [*own, 0.0], strict=True):
            xs[slot, row] = x
            x += gap
    for turn in range(_TURNS):
        for up in (True, False):
            wishes = _wishes(weave, xs, up=up)
            share = 1.0 if turn < _TURNS - _LAST else 0.5
            for row, (slots, own) in enumerate(zip(rows, gaps, strict=True)):
                moves = [_mean(wishes[slot, row]) for slot in slots]
                wanted = [xs[slot, row] + share * move for slot, move in zip(slots, moves, strict=True)]
                for slot, x in zip(slots, spaced(wanted, own), strict=True):
                    xs[slot, row] = x
    return {key: round(x, 3) for key, x in xs.items()}


def _wishes(
    weave: Weave, xs: Mapping[tuple[str, int], float], *, up: bool
) -> dict[tuple[str, int], list[tuple[float, float]]]:
    """Moves that each slot wishes for, with their weights: its own children's middle, or that of its parents."""
    wishes: dict[tuple[str, int], list[tuple[float, float]]] = defaultdict(list)
    for row, nets in enumerate(weave.nets):
        for net in nets:
            spots = [xs[b, row + 1] for b in net.bottoms]
            delta = (min(spots) + max(spots)) / 2 - sum(xs[t, row] for t in net.tops) / len(net.tops)
            if up:
                for top in net.tops:
                    wishes[top, row].append((delta, _weight(net)))
            else:
                for bottom in net.bottoms:
                    for each in {bottom, *weave.partners.get(bottom, ())}:
                        if (each, row + 1) in xs:
                            wishes[each, row + 1].append((-delta, _weight(net)))
    return wishes


def _weight(net: Net) -> float:
    return _STRAIGHT if net.tops[0].startswith("~") or net.bottoms[0].startswith("~") else 1.0


def _mean(wishes: list[tuple[float, float]]) -> float:
    return sum(move * weight for move, weight in wishes) / sum(weight for _, weight in wishes) if wishes else 0.0


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
