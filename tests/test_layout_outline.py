"""The boundary where somebody who lives elsewhere stands half outside it."""

from __future__ import annotations

import pytest

from clss_analysis.layout.genogram.family.outline import bays
from clss_analysis.layout.geometry import Box


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ([(0, 0, 50, 20), (36, 50, 60, 70)], (58, 2, 90, 20)),
        ([(16, 0, 66, 20), (6, 50, 30, 70)], (-24, 2, 8, 20)),
    ],
)
def test_no_edge_of_a_bay_stands_outside_the_boundary(inside: list[Box], outside: Box) -> None:
    frame = (-4.0, -6.0, 70.0, 75.0) if outside[0] < 0 else (-4.0, -6.0, 65.0, 75.0)
    marks = bays(inside, [outside], frame)
    edges = [point for mark in marks if mark.role == "bay-edge" for point in mark.path]
    assert edges
    assert all(frame[0] <= x <= frame[2] and frame[1] <= y <= frame[3] for x, y in edges)
