"""Families made by a seeded generator: several unions, half-siblings, in-laws with parents, loops, twins."""

from __future__ import annotations

import random
from typing import Any

from sociogenogram_cases import Rows, child_of, couple, person

_STATES = ("married", "unmarried", "separated", "divorced", "")
_LABELS = ("Fils", "La fille cadette", "Grand-mère maternelle", "Beau-père", "Ami de la famille", "X", "La tante")


def family(seed: int, size: int, *, tangled: float = 0.08) -> Rows:
    """Persons, couples and filiations of one household and its relatives.

    Args:
        seed: any whole number.
        size: how many persons, two or more.
        tangled: share of steps that make a couple of two who are already in the family.
    """
    return _Maker(seed, size, tangled).rows()


class _Maker:
    def __init__(self, seed: int, size: int, tangled: float) -> None:
        self.rng = random.Random(f"family {seed}")  # the same families for ever
        self.size = size
        self.persons: list[str] = []
        self.level: dict[str, int] = {}
        self.unions: list[tuple[tuple[str, ...], str]] = []
        self.children: dict[tuple[str, ...], list[str]] = {}
        self.parents: dict[str, tuple[str, ...]] = {}
        self.chosen: list[tuple[str, tuple[str, ...], str]] = []
        self.cells: dict[str, dict[str, Any]] = {}
        self.grow(tangled)

    def add(self, level: int) -> str:
        name = f"P{len(self.persons) + 1:02d}"
        self.persons.append(name)
        self.level[name] = level
        self.cells[name] = {}
        return name

    def unite(self, a: str, b: str) -> tuple[str, ...]:
        pair = tuple(sorted((a, b)))
        if pair not in self.children:
            self.unions.append((pair, self.rng.choice(_STATES)))
            self.children[pair] = []
        return pair

    def born(self, pair: tuple[str, ...]) -> None:
        if not self.room(1):
            return
        child = self.add(max(self.level[p] for p in pair) + 1)
        self.children.setdefault(pair, []).append(child)
        self.parents[child] = pair

    def room(self, more: int) -> bool:
        return len(self.persons) + more <= self.size

    def grow(self, tangled: float) -> None:
        first = self.add(0)
        self.unite(first, self.add(0))
        while self.room(1):
            roll = self.rng.random()
            someone = self.rng.choice(self.persons)
            if roll < 0.45:
                pair = self.rng.choice([u for u, _ in self.unions])
                for _ in range(self.rng.choice((1, 1, 2, 3))):
                    self.born(pair)
            elif roll < 0.65:
                self.unite(someone, self.add(self.level[someone]))
            elif roll < 0.83:
                if someone not in self.parents and self.room(2):
                    pair = self.unite(self.add(self.level[someone] - 1), self.add(self.level[someone] - 1))
                    self.children[pair].append(someone)
                    self.parents[someone] = pair
            elif roll < 0.88:
                self.born((someone,))
            elif roll < 0.88 + tangled:
                self.tangle(someone)
            elif roll < 0.98:
                self.choose(someone)
            else:
                self.add(0)

    def tangle(self, someone: str) -> None:
        """A couple of two of one generation who are no siblings: cousins, an exchange of partners, in-laws."""
        near = [p for p in self.persons if self.level[p] == self.level[someone] and p != someone]
        near = [p for p in near if not set(self.parents.get(p, ())) & set(self.parents.get(someone, ()))]
        if near:
            self.unite(someone, self.rng.choice(near))

    def choose(self, someone: str) -> None:
        """Adoption or foster care by a couple of the generation above."""
        above = [u for u, _ in self.unions if all(self.level[p] < self.level[someone] for p in u)]
        above = [u for u in above if u != self.parents.get(someone)]
        if above and not any(c == someone for c, _, _ in self.chosen):
            self.chosen.append((someone, self.rng.choice(above), self.rng.choice(("adoption", "foster"))))

    def rows(self) -> Rows:
        rng = self.rng
        oldest = max(self.level.values())
        ages: dict[str, int] = {}
        for name in self.persons:
            cells = self.cells[name]
            cells["gender"] = rng.choice(("woman", "woman", "man", "man", "other", "undisclosed", ""))
            cells["residence"] = rng.choice(("household", "household", "household", "elsewhere", "hosted"))
            cells["life"] = rng.choice(("alive",) * 8 + ("deceased",))
            elders = [ages[p] for p in self.parents.get(name, ()) if p in ages]
            age = 2 + 24 * (oldest - self.level[name]) + rng.randrange(14)
            if rng.random() < 0.6 and age < 110 and all(age + 14 < elder for elder in elders):
                ages[name] = age
                cells["age"] = str(age)
        for pair, kids in self.children.items():
            if rng.random() < 0.3:
                cells_by_rank = rng.sample(kids, len(kids))
                if not any(k in ages for k in kids):
                    for rank, kid in enumerate(cells_by_rank, start=1):
                        self.cells[kid]["birth_order"] = str(rank)
            if len(kids) > 1 and rng.random() < 0.2:
                for kid in kids[:2]:
                    self.cells[kid] |= {"twin_group": f"T{'-'.join(pair)}", "age": self.cells[kids[0]].get("age", "")}
            last = kids[-1] if kids else None
            if last and not any(last in u for u, _ in self.unions) and rng.random() < 0.15:
                self.cells[last] |= {"life": rng.choice(("expected", "lost")), "age": "", "residence": "household"}
        people = [
            person(name, label=rng.choice(_LABELS), index="true" if name == "P01" else "false", **self.cells[name])
            for name in self.persons
        ]
        couples = [couple(*pair, state) for pair, state in self.unions if rng.random() < 0.9 or not self.children[pair]]
        links = [link for pair, kids in self.children.items() for kid in kids for link in child_of(kid, *pair)]
        links += [link for kid, pair, kind in self.chosen for link in child_of(kid, *pair, kind=kind)]
        return {"persons": people, "couples": couples, "filiations": links}
