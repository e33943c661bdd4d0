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
from clss_analysis.layout.genogram.family.kinship import Kin
from clss_analysis.layout.genogram.family.persons import people
from clss_analysis.layout.genogram.months import scene
from clss_analysis.layout.geometry import Layout, Line, Symbol, overlap, overlaps, strikes
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


def changing(seed: int) -> tuple[Case, Rows]:
    """The same households with births and pregnancies in these months, stays elsewhere, and placements."""
    case, rows = moving(seed)
    rng = random.Random(f"changing {seed}")
    parents = {each["parent"] for each in rows["filiations"]}
    partners = {each[side] for each in rows["couples"] for side in ("partner_a", "partner_b")}
    rows["residences"] = []
    for each in rows["persons"]:
        name = each["id"]
        if name not in parents | partners and each["life"] in ("alive", "lost") and rng.random() < 0.5:
            birth = FIRST + rng.randrange(36)
            each |= {"age": "", "birth": rng.choice((str(birth), str(birth), str(birth.year)))}
            each["arrival"] = rng.choice(("", str(birth - rng.randrange(1, 9))))
        elif rng.random() < 0.4:
            first, last = sorted(rng.sample(range(36), 2))
            stay = {
                "id": f"r-{name}",
                "household": "H",
                "person": name,
                "kind": rng.choice(("placed", "prison", "household")),
            }
            rows["residences"].append(stay | {"start": str(FIRST + first), "end": str(FIRST + last)})
    return replace(household(rows), households=case.households), rows


def test_no_month_loses_anybody_or_a_line_of_descent_to_births_and_stays() -> None:
    """Without geometry: who is not drawn is not born or expected yet, and told so; a birth is a line in every month."""
    absent = 0
    for seed in SEEDS:
        case, rows = changing(seed)
        members, unions = people(case)
        symbols = tuple(Symbol(f"person-{p}", "person", (0, 0, 1, 1), "person-circle") for p in members)
        lines = tuple(
            Line(f"descent-{told[0].row}", "descent", (), "descent", ids[0], ids[-1], ids, told)
            for union in unions
            for child, told in zip(union.children, union.rows, strict=True)
            for ids in [(*(f"person-{p}" for p in union.parents), f"person-{child}")]
        )
        told_ = {each["id"]: each for each in rows["persons"]}
        moments = {pd.Period(each["birth"], freq="M") for each in rows["persons"] if each.get("birth")}
        for month in sorted({*turns(rows), *moments, *(each + 11 for each in moments)}):
            unborn = Kin(members, unions, ()).unborn(month)
            seen = scene(case, month, symbols, lines, unborn)
            there = {s.id.removeprefix("person-") for s in seen.symbols}
            assert told_.keys() - there == unborn, (seed, month)
            for name in unborn:
                cells = told_[name]
                moment = cells.get("arrival") or cells.get("birth", "")
                known = "".join((cells.get("age") or "", cells.get("age_band") or ""))
                assert moment[:7] > str(month)[: len(moment)] or known, (seed, month, name, "the reason")
            drawn = [set(line.members) for line in seen.lines]
            for link in rows["filiations"]:
                both = {f"person-{link['parent']}", f"person-{link['child']}"}
                if link["kind"] == "birth" and {link["parent"], link["child"]} <= there:
                    assert any(both <= line for line in drawn), (seed, month, link["id"])
            absent += len(unborn)
    assert absent > 10, "the households have births"
