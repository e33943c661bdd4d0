"""Where each slot stands along its row: parents above the middle of their children, lines straight, rows close.

A convex problem with one answer: distances that lines have to bridge are least (their sum, found by reweighted least
squares), then siblings and partners close to one another, under the least distances of neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from clss_analysis.layout.genogram.family.rules import Rows, Weave

Floats = npt.NDArray[np.float64]
Slot = tuple[str, int]
Leaves = dict[str, tuple[tuple[tuple[Slot, float], ...], float]]
_SHARPNESS = (2.0, 0.6, 0.2, 0.06, 0.02)  # mm off straight below which a line counts as straight, round by round
_STRAIGHT = 3.0  # weight of a line that passes a row, whose bends lie in the open; 1 is that of one to children
_SIBLINGS = 0.006  # weights of what is drawn together: too little to bend a line that could be straight
_PARTNERS = 0.012  # twice as much: whoever lives together stands close before siblings do
_CLOSE = 0.0016  # of neighbours whom nothing links, so that rows stay compact


def columns(weave: Weave, rows: Rows, apart: Mapping[tuple[str, str], float], leaves: Leaves) -> dict[Slot, float]:
    """Positions by slot and row, in millimetres.

    Args:
        weave: the lines between the rows.
        rows: slots from left to right.
        apart: least distance of neighbours.
        leaves: where each union's line leaves its parents: shares of their positions, and an offset.
    """
    index = {(slot, row): i for i, (slot, row) in enumerate((s, r) for r, slots in enumerate(rows) for s in slots)}
    if not index:
        return {}
    count = len(index)
    limits = [(index[a, r], index[b, r], apart[a, b]) for r, slots in enumerate(rows) for a, b in pairwise(slots)]
    bounds: Floats = np.zeros((len(limits), count))
    for row, (a, b, _) in enumerate(limits):
        bounds[row, a], bounds[row, b] = -1.0, 1.0
    least: Floats = np.array([distance for _, _, distance in limits])
    lines, offsets, weights = _lines(weave, rows, leaves, index)
    loose = _loose(weave, rows, index)
    x: Floats = np.zeros(count)
    sharp: Floats = np.ones(len(weights))
    for near in _SHARPNESS:
        scaled = lines * (weights * sharp)[:, None]
        matrix = scaled.T @ lines + loose
        x = _nearest(matrix, -scaled.T @ offsets, bounds, least)
        sharp = 1.0 / np.maximum(np.abs(lines @ x + offsets), near)
    return {slot: round(float(x[i]), 3) for slot, i in index.items()}


def _lines(weave: Weave, rows: Rows, leaves: Leaves, index: Mapping[Slot, int]) -> tuple[Floats, Floats, Floats]:
    """One row for each net: how far its upper end is from the middle of its lower ends."""
    terms, offsets, weights = [], [], []
    for row, nets in enumerate(weave.nets):
        place = {slot: i for i, slot in enumerate(rows[row + 1])} if nets else {}
        for net in nets:
            term: Floats = np.zeros(len(index))
            passing = net.top.startswith("~")
            shares, offset = ((((net.top, row), 1.0),), 0.0) if passing else leaves[net.union]
            for slot, share in shares:
                term[index[slot]] += share
            ends = sorted(net.bottoms, key=place.__getitem__)
            for end in (ends[0], ends[-1]):
                term[index[end, row + 1]] -= 0.5
            terms.append(term)
            offsets.append(offset)
            weights.append(_STRAIGHT if passing or ends[0].startswith("~") else 1.0)
    return np.array(terms).reshape(-1, len(index)), np.array(offsets), np.array(weights)


def _loose(weave: Weave, rows: Rows, index: Mapping[Slot, int]) -> Floats:
    """Neighbours, siblings and partners drawn together a little, everybody towards the middle a trace."""
    matrix: Floats = np.eye(len(index)) * 1e-6

    def pull(a: int, b: int, weight: float) -> None:
        matrix[a, a] += weight
        matrix[b, b] += weight
        matrix[a, b] -= weight
        matrix[b, a] -= weight

    for row, slots in enumerate(rows):
        for a, b in pairwise(slots):
            pull(index[a, row], index[b, row], _CLOSE)
    for couple in weave.couples:
        a, b = couple.partners
        pull(index[a, couple.row], index[b, couple.row], _PARTNERS)
    for row, nets in enumerate(weave.nets):
        for net in nets:
            ends = [b for b in rows[row + 1] if b in net.bottoms]
            for a, b in pairwise(ends):
                pull(index[a, row + 1], index[b, row + 1], _SIBLINGS)
    return matrix


def _nearest(matrix: Floats, vector: Floats, bounds: Floats, least: Floats) -> Floats:
    """The x with `bounds @ x >= least` and the least `x·matrix·x / 2 - vector·x`, by its dual (active sets)."""
    free = np.linalg.solve(matrix, np.column_stack([vector, bounds.T]))
    start, spread = free[:, 0], free[:, 1:]
    if not len(least):
        return np.asarray(start)
    gram, lack = bounds @ spread, least - bounds @ start
    force = _forces(gram, lack)
    return np.asarray(start + spread @ force)


def _forces(gram: Floats, lack: Floats) -> Floats:
    """Forces f >= 0 with `gram @ f >= lack`, each zero or its row tight (Lawson and Hanson's way)."""
    force: Floats = np.zeros(len(lack))
    held = lack > 0
    for _ in range(30 * len(lack)):
        trial: Floats = np.zeros(len(lack))
        if held.any():
            trial[held] = np.linalg.solve(gram[np.ix_(held, held)], lack[held])
        if (trial[held] <= 0).any():
            falling = held & (trial <= 0)
            steps = force[falling] / np.maximum(force[falling] - trial[falling], 1e-12)
            force = force + float(steps.min()) * (trial - force)
            held &= ~(falling & (force <= 1e-9))
            force[~held] = 0.0
            continue
        force = trial
        missing = lack - gram @ force
        missing[held] = 0.0
        if missing.max() <= 1e-7:
            break
        held[int(np.argmax(missing.round(9)))] = True
    return force


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
