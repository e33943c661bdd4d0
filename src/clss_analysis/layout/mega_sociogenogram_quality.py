"""How good a drawing with very many lines is: what `geometry.crossings` counts, counted in bulk."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from clss_analysis.layout.geometry import Layout, overlaps, strikes

_CELL = 4.0


def quality(layout: Layout) -> dict[str, int]:
    """Overlaps, strikes and crossings of a layout.

    Returns:
        `overlaps` and `strikes` as geometry.py defines them; `crossings`, pairs of lines without a common end that
        cross, each crossing counted; `crossing_points`, places where such lines cross (lines bundled into one stroke
        cross another in one place).
    """
    crossed, points = _crossings(layout)
    return {
        "overlaps": len(overlaps(layout)),
        "strikes": len(strikes(layout)),
        "crossings": crossed,
        "crossing_points": points,
    }


def _crossings(layout: Layout) -> tuple[int, int]:
    pieces = _pieces(layout)
    if pieces.empty:
        return 0, 0
    count, spots = 0, set()
    for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1), (1, -1)):
        shifted = pieces.assign(cx=pieces["cx"] - dx, cy=pieces["cy"] - dy)
        both = pieces.merge(shifted, on=["cx", "cy"], suffixes=("", "_"))
        both = both[(both["line"] < both["line_"])] if (dx, dy) == (0, 0) else both[both["line"] != both["line_"]]
        apart = both["a"].ne(both["a_"]) & both["a"].ne(both["b_"]) & both["b"].ne(both["a_"]) & both["b"].ne(both["b_"])
        both = both[apart]
        px, py = both["x"].to_numpy(), both["y"].to_numpy()
        rx, ry = both["dx"].to_numpy(), both["dy"].to_numpy()
        sx, sy = both["dx_"].to_numpy(), both["dy_"].to_numpy()
        qx, qy = both["x_"].to_numpy() - px, both["y_"].to_numpy() - py
        turn = rx * sy - ry * sx
        with np.errstate(divide="ignore", invalid="ignore"):
            t, u = (qx * sy - qy * sx) / turn, (qx * ry - qy * rx) / turn
        hit = (np.abs(turn) > 1e-12) & (t >= 0) & (t < 1) & (u >= 0) & (u < 1)
        count += int(hit.sum())
        x, y = px[hit] + t[hit] * rx[hit], py[hit] + t[hit] * ry[hit]
        spots |= set(zip((x / 0.3).round().astype(int).tolist(), (y / 0.3).round().astype(int).tolist(), strict=True))
    return count, len(spots)


def _pieces(layout: Layout) -> pd.DataFrame:
    """All lines cut into pieces no longer than a cell of the grid, each with the cell of its middle."""
    ids = {name: index for index, name in enumerate(sorted({e for n in layout.lines for e in (n.source, n.target)}))}
    rows = []
    for index, line in enumerate(layout.lines):
        for (x0, y0), (x1, y1) in pairwise(line.path):
            parts = max(1, int(np.hypot(x1 - x0, y1 - y0) / _CELL) + 1)
            dx, dy = (x1 - x0) / parts, (y1 - y0) / parts
            a, b = ids[line.source], ids[line.target]
            rows += [(index, a, b, x0 + k * dx, y0 + k * dy, dx, dy) for k in range(parts)]
    frame = pd.DataFrame(rows, columns=["line", "a", "b", "x", "y", "dx", "dy"])
    middle_x, middle_y = frame["x"] + frame["dx"] / 2, frame["y"] + frame["dy"] / 2
    return frame.assign(cx=(middle_x // _CELL).astype(int), cy=(middle_y // _CELL).astype(int))
