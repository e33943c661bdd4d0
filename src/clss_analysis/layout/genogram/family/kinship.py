"""Kinship without coordinates: who is whose child and partner, on which generation row, in which order."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import lru_cache

import pandas as pd

from clss_analysis.layout.genogram.family.persons import UNBORN, Member, Union, people, sibling_key
from clss_analysis.layout.genogram.family.row_search import Verdict, arranged
from clss_analysis.layout.genogram.family.rules import Rows
from clss_analysis.records import Case

__all__ = ["UNBORN", "Kin", "Member", "Union", "kin", "sibling_key"]


@dataclass(frozen=True, slots=True)
class Kin:
    """Members by id, unions, and the generation rows from the oldest down, each ordered from left to right.

    `slots` are the rows with the passages of longer lines and the places where lines leave couples; `verdict` is what
    is proven of the order; `lang` is the language of the labels.
    """

    members: dict[str, Member]
    unions: tuple[Union, ...]
    rows: Rows
    slots: Rows = ()
    verdict: Verdict = field(default_factory=Verdict)
    lang: str = "fr"

    def row_of(self, person: str) -> int:
        """Index of the row on which a person stands."""
        return next(i for i, row in enumerate(self.rows) if person in row)

    def at(self, month: pd.Period | None) -> Kin:
        """The same kinship as of a month: who has not come yet or has left lives elsewhere; None for all months.

        Children whom somebody adopts, fosters or raises later, or no more, are not theirs.
        """
        if month is None:
            return self
        unions = tuple(union.at(month) if union.dated else union for union in self.unions)
        return replace(self, members={p: m.at(month) for p, m in self.members.items()}, unions=unions)

    @property
    def core(self) -> frozenset[str]:
        """Who lives in the household in every month; where nobody does, whoever ever lives there."""
        steady = frozenset(p for p, m in self.members.items() if m.steady)
        return steady or frozenset(p for p, m in self.members.items() if m.whereabouts.ever)

    def turns(self) -> tuple[pd.Period, ...]:
        """The months from which on other persons live in the household, and the month before the first."""
        told = sorted({month for m in self.members.values() if m.moves for month in m.whereabouts.turns()})
        return (told[0] - 1, *told) if told else ()

    def unborn(self, month: pd.Period | None) -> frozenset[str]:
        """Who cannot have been born or expected yet in a month."""
        found = {p for p, m in self.members.items() if m.born is not None and month is not None and month < m.born}
        return frozenset(found)

    def without(self, gone: AbstractSet[str]) -> Kin:
        """The kinship among those who are there; `gone` has ids of symbols."""
        members = {p: m for p, m in self.members.items() if f"person-{p}" not in gone}
        rows = tuple(tuple(p for p in row if p in members) for row in self.rows)
        unions = []
        for union in self.unions:
            if all(p in members for p in union.parents):
                told = [
                    each for each in zip(union.children, union.kinds, union.rows, strict=True) if each[0] in members
                ]
                children, kinds, filiations = zip(*told, strict=True) if told else ((), (), ())
                unions.append(replace(union, children=children, kinds=kinds, rows=filiations))
        return Kin(members, tuple(unions), rows)


@lru_cache(maxsize=8)
def kin(case: Case, *, lang: str = "fr") -> Kin:
    """Persons, couples and filiations of a case as rows of generations in the best order.

    Partners stand on one row, children on a later one.  Within a row: partners side by side, siblings from the eldest
    with nobody among them but partners and half-siblings; under these rules the fewest crossings.

    Returns:
        The kinship; row order of the tables does not matter.
    """
    members, unions = people(case, lang=lang)
    slots, verdict = arranged(members, unions)
    rows = tuple(tuple(s for s in row if s in members) for row in slots)
    return Kin(members, unions, rows, slots, verdict, case.lang)
