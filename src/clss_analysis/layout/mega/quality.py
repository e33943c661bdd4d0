"""How good a drawing with very many lines is: what geometry.py counts, counted in bulk."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from clss_analysis.layout.geometry import Box, Layout

_CELL = 3.0  # mm of a cell of the grid: about a letter's height, so that few cells hold much
_INSIDE = 0.05  # mm into a box: less only touches its edge
_Numbers = NDArray[np.float64]
_Indices = NDArray[np.int64]


def judge(layout: Layout) -> dict[str, Any]:
    """Overlaps, strikes and crossings of a layout whose lines all join two symbols.

    Returns:
        `overlaps` and `strikes` as geometry.py defines them; `crossings`, crossings of lines without a common end;
        `crossing_points`, places where such lines cross (where a bundle crosses, its lines cross in one place).
    """
    lines = _Pieces(layout)
    crossed, points = lines.crossings()
    return {"overlaps": _overlaps(layout), "strikes": lines.strikes(), "crossings": crossed, "crossing_points": points}


def _overlaps(layout: Layout) -> int:
    solid = [s for s in layout.symbols if s.kind != "household"]
    frames = [s for s in layout.symbols if s.kind == "household"]
    outside = [s for s in solid if s.kind in ("service", "other")]
    symbols, labels = _boxes([s.box for s in solid]), _boxes([b.box for b in layout.labels])
    found = int(np.triu(_meet(symbols, symbols), 1).sum()) + int(np.triu(_meet(labels, labels), 1).sum())
    found += int(_meet(_boxes([f.box for f in frames]), _boxes([s.box for s in outside])).sum())
    own = np.array([s.id for s in solid])[:, None] == np.array([b.of for b in layout.labels])[None, :]
    return found + int((_meet(symbols, labels) & ~own).sum())


def _boxes(boxes: list[Box]) -> _Numbers:
    return np.array(boxes, dtype=np.float64).reshape(-1, 4)


def _meet(a: _Numbers, b: _Numbers) -> NDArray[np.bool_]:
    p, q = a[:, None, :], b[None, :, :]
    return (p[..., 0] < q[..., 2]) & (q[..., 0] < p[..., 2]) & (p[..., 1] < q[..., 3]) & (q[..., 1] < p[..., 3])


class _Pieces:
    """All lines cut into pieces no longer than a cell of a grid, each in the cell of its middle."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        names = sorted({e for n in layout.lines for e in (n.source, n.target)})
        self._ids = {name: index for index, name in enumerate(names)}
        starts, steps, owners = [np.empty((0, 2))], [np.empty((0, 2))], [np.empty(0, dtype=np.int64)]
        for index, line in enumerate(layout.lines):
            path = np.array(line.path)
            step = np.diff(path, axis=0)
            parts = np.maximum(1, np.ceil(np.hypot(step[:, 0], step[:, 1]) / _CELL)).astype(np.int64)
            which = np.repeat(np.arange(len(parts)), parts)
            nth = np.arange(len(which)) - np.repeat(np.cumsum(parts) - parts, parts)
            piece = step[which] / parts[which, None]
            starts.append(path[which] + nth[:, None] * piece)
            steps.append(piece)
            owners.append(np.full(len(which), index))
        self.start, self.step, self.line = np.concatenate(starts), np.concatenate(steps), np.concatenate(owners)
        self.ends = np.array([(self._ids[n.source], self._ids[n.target]) for n in layout.lines]).reshape(-1, 2)
        cells = np.floor((self.start + self.step / 2) / _CELL).astype(np.int64) + 2
        self._wide = int(cells[:, 1].max()) + 4 if len(cells) else 4
        keys = cells[:, 0] * self._wide + cells[:, 1]
        self._order = np.argsort(keys, kind="stable")
        self._keys, self._cell = keys[self._order], keys

    def crossings(self) -> tuple[int, int]:
        """Crossings of lines without a common end, and the places where they are."""
        count, spots = 0, [np.empty((0, 2), dtype=np.int64)]
        for shift in (0, self._wide, 1, self._wide + 1, self._wide - 1):
            a, b = self._neighbours(self._cell + shift)
            p, q = self.line[a], self.line[b]
            keep = (p < q) if shift == 0 else (p != q)
            keep &= ~(self.ends[p][:, :, None] == self.ends[q][:, None, :]).any(axis=(1, 2))
            a, b = a[keep], b[keep]
            r, s, between = self.step[a], self.step[b], self.start[b] - self.start[a]
            turn = r[:, 0] * s[:, 1] - r[:, 1] * s[:, 0]
            with np.errstate(divide="ignore", invalid="ignore"):
                t = (between[:, 0] * s[:, 1] - between[:, 1] * s[:, 0]) / turn
                u = (between[:, 0] * r[:, 1] - between[:, 1] * r[:, 0]) / turn
            hit = (np.abs(turn) > 1e-12) & (t >= 0) & (t < 1) & (u >= 0) & (u < 1)
            count += int(hit.sum())
            where = self.start[a[hit]] + t[hit, None] * r[hit]
            spots.append(np.round(where / 0.3).astype(np.int64))
        return count, len(np.unique(np.concatenate(spots), axis=0))

    def strikes(self) -> int:
        """Pairs of a line and a symbol or label that is not its own, through which it runs."""
        frames = [s.box for s in self.layout.symbols if s.kind == "household"]
        things = [(s.id, s.box) for s in self.layout.symbols if s.kind != "household"]
        things += [(b.of, b.box) for b in self.layout.labels]
        found = 0
        for name, box in [*things, *(("", frame) for frame in frames)]:
            near = self._near(box)
            near = near[~(self.ends[self.line[near]] == self._ids.get(name, -1)).any(axis=1)]
            found += len(set(self.line[near[self._through(near, box)]].tolist()))
        return found

    def _near(self, box: Box) -> _Indices:
        """Pieces in the cells of a box and around it."""
        low = np.floor((np.array(box[:2]) - _CELL) / _CELL).astype(np.int64) + 2
        high = np.floor((np.array(box[2:]) + _CELL) / _CELL).astype(np.int64) + 2
        columns = np.arange(low[0], high[0] + 1) * self._wide
        first = np.searchsorted(self._keys, columns + max(int(low[1]), 0))
        last = np.searchsorted(self._keys, columns + min(int(high[1]), self._wide - 1), "right")
        return np.concatenate([self._order[a:b] for a, b in zip(first, last, strict=True)])

    def _neighbours(self, keys: _Indices) -> tuple[_Indices, _Indices]:
        """Pairs of a piece and every piece in the cell with its key."""
        first, last = np.searchsorted(self._keys, keys), np.searchsorted(self._keys, keys, "right")
        counts = last - first
        a = np.repeat(np.arange(len(keys)), counts)
        nth = np.arange(len(a)) - np.repeat(np.cumsum(counts) - counts, counts)
        return a, self._order[np.repeat(first, counts) + nth]

    def _through(self, pieces: _Indices, box: Box) -> NDArray[np.bool_]:
        enter, leave = np.zeros(len(pieces)), np.ones(len(pieces))
        for axis in (0, 1):
            low, high = box[axis] + _INSIDE, box[axis + 2] - _INSIDE
            start, step = self.start[pieces, axis], self.step[pieces, axis]
            level = np.abs(step) < 1e-12
            with np.errstate(divide="ignore", invalid="ignore"):
                one, two = (low - start) / step, (high - start) / step
            inside = (low < start) & (start < high)
            near = np.where(level, np.where(inside, 0.0, 1.0), np.minimum(one, two))
            far = np.where(level, np.where(inside, 1.0, 0.0), np.maximum(one, two))
            enter, leave = np.maximum(enter, near), np.minimum(leave, far)
        return enter < leave
