"""Chords bundled into buses on concentric tracks, so that lines cross at right angles and seldom run together unmeant.

A bus leaves one service (its hub) in one direction round the ring and serves partners on its way; all its chords share
a track and branch off it.  Buses that do not meet share a depth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, slots=True)
class Bus:
    """Chords from a hub: `way` is 1 clockwise or -1; `targets` are ranks on the ring; `level` 0 is the outermost."""

    hub: int
    way: int
    targets: tuple[int, ...]
    level: int = 0


def buses(count: int, pairs: Iterable[tuple[int, int]]) -> tuple[Bus, ...]:
    """Chords between ranks on a ring, bundled and given tracks.

    Hubs are taken greedily, the one with most chords left first.  Each chord goes the shorter way.  The order of
    depths is improved until no bus can be moved to lower the number of crossings of legs and tracks.

    Args:
        count: number of places on the ring.
        pairs: of ranks, once each.

    Returns:
        The buses, outermost first.

    >>> buses(8, [(0, 1), (0, 2), (0, 7), (3, 4)])
    (Bus(hub=0, way=-1, targets=(7,), level=0), Bus(hub=3, way=1, targets=(4,), level=0), Bus(hub=0, way=1, \
targets=(1, 2), level=0))
    """
    made = sorted(_bundled(count, pairs), key=lambda b: (_reach(b, count), b.hub, b.way))
    return _levelled([made[i] for i in _depths(made, count)], count)


def _bundled(count: int, pairs: Iterable[tuple[int, int]]) -> list[Bus]:
    left: dict[int, set[int]] = {}
    for a, b in pairs:
        left.setdefault(a, set()).add(b)
        left.setdefault(b, set()).add(a)
    made = []
    while any(left.values()):
        hub = min(left, key=lambda m: (-len(left[m]), m))
        ways: dict[int, list[int]] = {1: [], -1: []}
        for other in sorted(left[hub]):
            ahead = (other - hub) % count
            ways[1 if 2 * ahead <= count else -1].append(other)
            left[other].discard(hub)
        left[hub] = set()
        made += [Bus(hub, way, tuple(targets)) for way, targets in ways.items() if targets]
    return made


def _reach(bus: Bus, count: int) -> int:
    return max((bus.way * (target - bus.hub)) % count for target in bus.targets)


def _start(bus: Bus, count: int) -> int:
    """The first rank of its arc, clockwise."""
    return bus.hub if bus.way > 0 else (bus.hub - _reach(bus, count)) % count


def _depths(made: Sequence[Bus], count: int) -> list[int]:
    """An order of buses, outermost first, in which few legs cross foreign tracks."""
    n = len(made)
    starts = np.array([_start(b, count) for b in made], dtype=np.int64)
    spans = np.array([_reach(b, count) for b in made], dtype=np.int64)
    under = np.zeros((n, n), dtype=np.int64)  # under[i, j]: crossings when i lies outside j
    for j, bus in enumerate(made):
        legs = np.array([bus.hub, *bus.targets], dtype=np.int64)
        weights = np.array([len(bus.targets), *[1] * len(bus.targets)], dtype=np.int64)
        ahead = (legs[None, :] - starts[:, None]) % count
        under[:, j] = (((ahead > 0) & (ahead < spans[:, None])) * weights).sum(axis=1)
    np.fill_diagonal(under, 0)
    gain = under - under.T
    order = list(range(n))
    for _ in range(40):
        moved = False
        for each in range(n):
            at = order.index(each)
            rest = order[:at] + order[at + 1 :]
            # cost of standing before rest[k:] and after rest[:k], up to a constant
            steps = np.concatenate(([0], np.cumsum(-gain[each, rest]))) if rest else np.zeros(1)
            best = int(np.argmin(steps))
            if steps[best] < steps[at]:
                order = [*rest[:best], each, *rest[best:]]
                moved = True
        if not moved:
            break
    return order


def _levelled(ordered: Sequence[Bus], count: int) -> tuple[Bus, ...]:
    placed: list[Bus] = []
    arcs: list[tuple[int, int]] = []
    for bus in ordered:
        start, span = _start(bus, count), _reach(bus, count)
        level = 0
        for other, (first, length) in zip(placed, arcs, strict=True):
            if (first - start) % count < span or (start - first) % count < length:
                level = max(level, other.level + 1)
        placed.append(replace(bus, level=level))
        arcs.append((start, span))
    return tuple(placed)
