"""Households made in memory for the tests of the sociogenogram: by hand, or drawn by hypothesis."""

from __future__ import annotations

import random
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from clss_analysis.records import Case, Records
from clss_analysis.records.columns import typed
from clss_analysis.records.schema import fields, table_names

Rows = dict[str, list[dict[str, Any]]]


def household(tables: Rows, *, synthetic: bool = False) -> Case:
    """A case of tables given as rows; what a row leaves out is unknown."""
    frames = {}
    for name in table_names():
        columns = [field["name"] for field in fields(name)]
        rows = [
            {c: row.get(c, "") for c in columns} | {"source": "essai", "reading": "false"}
            for row in tables.get(name, [])
        ]
        raw = pd.DataFrame(rows, columns=columns, dtype=str).replace("", None)
        frames[name] = typed(raw, name)
    frames["households"] = typed(
        pd.DataFrame(
            [
                {f["name"]: None for f in fields("households")}
                | {"id": "H", "label": "Ménage H", "source": "essai", "reading": "false"}
            ]
        ).astype("object"),
        "households",
    )
    records = Records(name="essai", title="Essai", synthetic=synthetic, sha256="0", source="Essai", **frames)
    return records.case("H")


def person(name: str, **cells: Any) -> dict[str, Any]:
    return {
        "id": name, "household": "H", "label": f"Personne {name}", "role": "adult", "life": "alive", "index": "false",
        "residence": "household",
    } | cells  # fmt: skip


def couple(a: str, b: str, state: str = "") -> dict[str, Any]:
    return {"id": f"c-{a}-{b}", "household": "H", "partner_a": a, "partner_b": b, "state": state}


def child_of(child: str, *parents: str, kind: str = "birth") -> list[dict[str, Any]]:
    return [
        {"id": f"f-{p}-{child}-{kind}", "household": "H", "parent": p, "child": child, "kind": kind} for p in parents
    ]


def actor(name: str, **cells: Any) -> dict[str, Any]:
    return {"id": name, "label": f"Service {name}", "kind": "service"} | cells


def tie(name: str, source: str = "", target: str = "", direction: str = "one_way", **cells: Any) -> dict[str, Any]:
    """A tie between ends written p:ID (person), a:ID (actor) or nothing (the household)."""
    row = {"id": name, "household": "H", "direction": direction}
    for end, side in ((source, "from"), (target, "to")):
        kind, _, key = end.partition(":")
        if key:
            row[f"{side}_{'person' if kind == 'p' else 'actor'}"] = key
    return row | cells


@st.composite
def households(draw: st.DrawFn, *, services: int = 9) -> Rows:
    """A couple or lone parent with children of one or two unions, grandparents, relatives elsewhere, services, ties."""
    rows: Rows = {"persons": [], "couples": [], "filiations": [], "actors": [], "ties": []}
    genders = st.sampled_from(["woman", "man", "other", ""])

    def add(name: str, **cells: Any) -> str:
        words = draw(st.sampled_from(["Fils", "La fille cadette", "Grand-mère maternelle", "Beau-père", "X"]))
        rows["persons"].append(person(name, label=words, gender=draw(genders), **cells))
        return name

    parents = [add("P1", role="mother", index="true")]
    if draw(st.booleans()):
        parents.append(add("P2", role="father", residence=draw(st.sampled_from(["household", "elsewhere"]))))
        if draw(st.booleans()):
            states = ["married", "unmarried", "separated", "divorced", ""]
            rows["couples"].append(couple("P1", "P2", draw(st.sampled_from(states))))
    unions = [parents]
    if draw(st.booleans()):
        unions.append(["P1", add("P3", residence="elsewhere")])
        rows["couples"].append(couple("P1", "P3", "separated"))
    for u, union in enumerate(unions):
        for n in range(draw(st.integers(0, 4))):
            cells = {"age": str(draw(st.integers(0, 17)))} if draw(st.booleans()) else {"birth_order": str(n + 1)}
            if draw(st.integers(0, 9)) == 0:
                cells = {"life": "expected"}
            name = add(
                f"K{u}{n}", role="child", residence=draw(st.sampled_from(["household"] * 4 + ["elsewhere"])), **cells
            )
            rows["filiations"] += child_of(name, *union, kind=draw(st.sampled_from(["birth"] * 4 + ["foster", "step"])))
    if draw(st.booleans()):
        grand = [add("G1", role="grandmother", residence=draw(st.sampled_from(["household", "elsewhere", "hosted"])))]
        if draw(st.booleans()):
            grand.append(add("G2", role="grandfather", life="deceased", residence="elsewhere"))
        rows["filiations"] += child_of("P1", *grand)
    ends = ["", *(f"p:{p['id']}" for p in rows["persons"] if p["residence"] != "elsewhere")]
    names = []
    for n in range(draw(st.integers(0, services))):
        kind = draw(st.sampled_from(["service", "service", "professional", "other_person"]))
        words = draw(st.sampled_from(["CPAS", "Service des logements temporaires de la commune", "École de devoirs"]))
        house = draw(st.sampled_from(["", "Commune", "Association"])) if kind != "other_person" else ""
        rows["actors"].append(
            actor(f"A{n}", label=words, kind=kind, institution=house, household="H" if kind == "other_person" else "")
        )
        names.append(f"a:A{n}")
    for n, name in enumerate(names):
        other = draw(st.sampled_from([*ends, *names[:n]]))
        pair = (name, other) if draw(st.booleans()) else (other, name)
        direction = draw(st.sampled_from(["one_way", "one_way", "two_way", "unknown"]))
        rows["ties"].append(tie(f"T{n}", *pair, direction, quality=draw(st.sampled_from(["", "tense", "strong"]))))
    for n in range(draw(st.integers(0, services))) if names else []:
        first = draw(st.sampled_from(names))
        second = draw(st.sampled_from([*ends, *names]))
        if first != second:
            rows["ties"].append(tie(f"U{n}", first, second, draw(st.sampled_from(["one_way", "two_way"]))))
    return rows


def dense(seed: int, entities: int = 42, ties: int = 100) -> Case:
    """A made-up household of so many persons and services with so many ties in 36 months, a quarter of them undated."""
    chance = random.Random(f"dense/{seed}")
    home = ["M", "F", *(f"K{n}" for n in range(chance.randint(2, 5)))]
    rows: Rows = {"persons": [person(name) for name in home], "couples": [couple("M", "F", "married")]}
    rows |= {"filiations": [row for kid in home[2:] for row in child_of(kid, "M", "F")], "actors": [], "ties": []}
    houses = [f"Institution {letter}" for letter in "ABCDEFGHI"]
    services = [f"s{n:02d}" for n in range(entities - len(home))]
    for name in services:
        house = chance.choice(houses) if chance.random() < 0.8 else ""
        rows["actors"].append(actor(name, label=f"Service {name}", institution=house))
    seen: set[tuple[str, str]] = set()
    while len(rows["ties"]) < ties:
        first, other = (
            chance.choice(services),
            chance.choice([*(f"a:{s}" for s in services), *(f"p:{p}" for p in home)]),
        )
        if other == f"a:{first}" or (first, other) in seen:
            continue
        seen.add((first, other))
        ends = (f"a:{first}", other) if chance.random() < 0.6 else (other, f"a:{first}")
        month = chance.randrange(36)
        start = f"{2021 + month // 12}-{month % 12 + 1:02d}" if chance.random() < 0.75 else ""
        quality = chance.choice(["", "", "", "", "tense", "broken"])
        rows["ties"].append(tie(f"t{len(seen):03d}", *ends, start=start, quality=quality))
    return household(rows, synthetic=True)
