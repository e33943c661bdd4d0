"""At which side of the family a service is wished to stand, and what a place costs that is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from clss_analysis.layout.genogram.arrows.segments import Floats, Ring
from clss_analysis.layout.genogram.service_words import Service

NOBODY: Mapping[str, str] = MappingProxyType({})


def wishes_of(services: tuple[Service, ...], groups: dict[str, str]) -> dict[str, str]:
    """The side at which each service is wished.

    What is of one institution stays together: as the first of it is wished, by id.
    """
    first: dict[str, str] = {}
    for each in sorted(services, key=lambda s: s.id):
        if each.place:
            first.setdefault(run_of(each.id, groups), each.place)
    return {s.id: first[run] for s in services if (run := run_of(s.id, groups)) in first}


def run_of(service: str, groups: dict[str, str]) -> str:
    """The services that a service stays together with, by a name of their own."""
    return f"group {groups[service]}" if service in groups else f"single {service}"


def unmet(
    ring: Ring, runs: tuple[tuple[str, ...], ...], wishes: Mapping[str, str], weight: float, middle: float
) -> Floats:
    """What each place of a ring (column) costs each run (row) because it is not where the run is wished.

    Args:
        ring: the places.
        runs: services that stay together.
        wishes: sides by service.
        weight: what a place elsewhere costs.
        middle: the height of the middle of the family.
    """
    x, y = np.array(ring.slots).reshape(-1, 2).T
    rows = np.array(ring.rows, dtype=int)
    beside = (rows == 0) | (rows > 0).all()
    sides = {"left": beside & (x < 0), "right": beside & (x > 0),
             "above": (rows > 0) & (y < middle), "below": (rows > 0) & (y > middle)}  # fmt: skip
    found = [weight * ~sides[wishes[run[0]]] if run[0] in wishes else 0.0 * x for run in runs]
    return np.array(found).reshape(len(runs), len(x))
