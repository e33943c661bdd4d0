"""What of a sociogenogram stays where it was when a row of its household changes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from clss_analysis.layout.genogram.arrows.neighbours import Path
from clss_analysis.layout.genogram.arrows.typed_ties import Tie
from clss_analysis.layout.genogram.family.positions import Family, moved
from clss_analysis.layout.genogram.service_words import WIDTH, Service
from clss_analysis.layout.genogram.surroundings import MARGIN, ROW_GAP, Surroundings

_SAME = 0.01  # millimetres that no reader sees, and sums of other numbers give


@dataclass(frozen=True)
class Kept:
    """The places of a picture: the family and what stands around it, the ways of its arrows."""

    around: Surroundings | None = None
    services: tuple[Service, ...] = ()
    groups: dict[str, str] = field(default_factory=dict)
    ties: tuple[Tie, ...] = ()
    paths: dict[str, Path] = field(default_factory=dict)

    def of(
        self, home: Family, services: tuple[Service, ...], groups: dict[str, str], ties: tuple[Tie, ...]
    ) -> tuple[Surroundings | None, dict[str, Path]]:
        """What stays of it for the same household after a change.

        Returns:
            The surroundings, with a new service in a row of its own at the foot; None where the family takes
            more room.  The ways of the arrows whose ends stand where they stood.
        """
        if self.around is None or self.groups != groups:
            return None, {}
        (x0, y0, x1, y1), (u0, v0, u1, v1) = home.extent, self.around.family.extent
        if x1 - x0 > u1 - u0 + _SAME or y1 - y0 > v1 - v0 + _SAME:
            return None, {}
        home = moved(home, u0 - x0, v0 - y0)
        was = {each.id: each.box for each in self.around.family.symbols}
        fresh = {s.id for s in home.symbols if s.id not in was or math.dist(was[s.id], s.box) > _SAME}
        tall = {each.id: each.height for each in self.services}
        cells = {s.id: self.around.cells[s.id] for s in services if tall.get(s.id) == s.height}
        new = [s for s in services if s.id not in cells]
        foot = self.around.height + ROW_GAP
        for place, each in enumerate(new):
            left = MARGIN + place * (WIDTH + MARGIN)
            cells[each.id] = (left, foot, left + WIDTH, foot + each.height)
        around = replace(
            self.around,
            family=home,
            cells=cells,
            height=foot + max(s.height for s in new) if new else self.around.height,
            width=max(self.around.width, 2 * MARGIN + len(new) * (WIDTH + MARGIN)),
        )
        fresh |= {f"actor-{each.id}" for each in new}
        ends = {each.id: (each.source, each.target, each.lanes) for each in self.ties}
        still = [
            t for t in ties if ends.get(t.id) == (t.source, t.target, t.lanes) and not fresh & {t.source, t.target}
        ]
        return around, {t.id: self.paths[t.id] for t in still}
