"""Every month of invented households: nobody is lost, no line of descent, and nothing lies over anything.

All 300 households: `CLSS_HOUSEHOLDS=300 pytest tests/test_households_in_time.py`; by default every tenth of them.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace

import pandas as pd
import pytest
from families import family
from sociogenogram_cases import Rows, actor, household, tie

from clss_analysis.layout import sociogenogram
from clss_analysis.layout.geometry import Layout, overlap, overlaps, strikes
from clss_analysis.records import Case

COUNT = int(os.environ.get("CLSS_HOUSEHOLDS", "30"))
SEEDS = range(0, 300, max(1, 300 // COUNT))
FIRST = pd.Period("2023-01", freq="M")


def moving(seed: int) -> tuple[Case, Rows]:
    """A family of up to twelve persons of whom some come, some leave, and services that they have to do with."""
    rng = random.Random(seed)
    rows = family(seed, 3 + seed % 10)
    for each in rows["persons"]:
        each["residence"] = rng.choice(("household", "household", "household", "elsewhere", "hosted"))
        come, leave = sorted(rng.sample(range(1, 34), 2))
        if rng.random() < 0.25:
            each["arrival"] = str(FIRST + come)
        if rng.random() < 0.25:
            each["departure"] = str(FIRST + leave)
    for each in rows["couples"]:
        if rng.random() < 0.5:
            each["end"] = str(FIRST + rng.randrange(36))
    rows["actors"] = [actor(f"s{n}", label=rng.choice(("CPAS", "École de devoirs"))) for n in range(rng.randrange(4))]
    ends = ["", *(f"p:{p['id']}" for p in rows["persons"])]
    rows["ties"] = [
        tie(str(n), f"a:{each['id']}", rng.choice(ends), start=rng.choice(("", str(FIRST + rng.randrange(36)))))
        for n, each in enumerate(rows["actors"])
    ]
    case = household(rows)
    return replace(case, households=case.households.assign(intake=pd.array([FIRST], dtype="period[M]"))), rows


def turns(rows: Rows) -> list[pd.Period]:
    """A month of every stretch in which the household's members, unions and ties are the same."""
    told = [(each.get(key, ""), int(key in ("departure", "end"))) for table in ("persons", "couples", "ties")
            for each in rows[table] for key in ("arrival", "departure", "start", "end")]  # fmt: skip
    return sorted({FIRST, FIRST + 35} | {pd.Period(month, freq="M") + after for month, after in told if month})


def boundary(layout: Layout) -> tuple[list[tuple[float, ...]], list[tuple[float, ...]]]:
    """Boxes of the boundary and of the bays that are cut into it."""
    homes = [s.box for s in layout.symbols if s.kind == "household"]
    return list(homes), [(*m.path[0], *m.path[1]) for m in layout.marks if m.role == "bay"]


def within(box: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return outer[0] <= box[0] and outer[1] <= box[1] and box[2] <= outer[2] and box[3] <= outer[3]


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_and_no_line_of_descent_is_lost_in_any_month(seed: int) -> None:
    case, rows = moving(seed)
    places: dict[str, tuple[float, ...]] = {}
    for month in turns(rows):
        layout = sociogenogram(case, date=str(month))
        assert overlaps(layout) == strikes(layout) == [], (seed, month)
        drawn = {s.id.removeprefix("person-"): s for s in layout.symbols if s.kind == "person"}
        homes, bays = boundary(layout)
        for each in rows["persons"]:
            name = each["id"]
            if name not in drawn:
                assert each["label"] in layout.caption and each["label"] in layout.description, (seed, month, name)  # noqa: PT018
                assert each.get("arrival", "") > str(month) or each.get("age", "") != "", (seed, month, name)
                continue
            box = drawn[name].box
            assert places.setdefault(name, box) == box, (seed, month, name, "nobody moves")
            lives = each["residence"] != "elsewhere"
            lives = lives and (each.get("arrival") or str(month)) <= str(month) <= (each.get("departure") or str(month))
            inside = any(within(box, home) for home in homes) and not any(overlap(box, bay) for bay in bays)
            assert inside <= lives, (seed, month, name, "outside the boundary")
            if lives and homes:
                assert inside, (seed, month, name, "within the boundary")
        lines = [set(n.members) for n in layout.lines if n.kind == "descent"]
        for link in rows["filiations"]:
            if {link["parent"], link["child"]} <= drawn.keys():
                both = {f"person-{link['parent']}", f"person-{link['child']}"}
                assert any(both <= members for members in lines), (seed, month, link["id"])
