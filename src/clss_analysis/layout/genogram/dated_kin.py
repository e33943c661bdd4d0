"""The state at a month: who and what is there, nothing moved."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import pandas as pd

from clss_analysis.layout.genogram.arrows.typed_ties import Tie
from clss_analysis.layout.genogram.family.kinship import Kin
from clss_analysis.layout.geometry import Label, Line, Symbol
from clss_analysis.records import Case


def absent(
    case: Case, people: Kin, arrows: tuple[Tie, ...], actors: dict[str, str], month: pd.Period | None
) -> frozenset[str]:
    """Ids of symbols that are not there at that month."""
    if month is None:
        return frozenset()
    gone = set()
    for row in case.persons.to_dict("records"):
        if str(row["id"]) in people.members:
            late = not pd.isna(row["arrival"]) and month < row["arrival"]
            left = not pd.isna(row["departure"]) and row["departure"] < month
            if late or left:
                gone.add(f"person-{row['id']}")
    there: dict[str, bool] = defaultdict(bool)
    for tie in arrows:
        for end in (tie.source, tie.target):
            there[end] = there[end] or (tie.at(month) and not {tie.source, tie.target} & gone)
    return frozenset(gone | {f"actor-{a}" for a in actors if f"actor-{a}" in there and not there[f"actor-{a}"]})


def without(
    gone: frozenset[str],
    month: pd.Period | None,
    arrows: tuple[Tie, ...],
    symbols: tuple[Symbol, ...],
    labels: tuple[Label, ...],
    lines: tuple[Line, ...],
) -> tuple[tuple[Symbol, ...], tuple[Label, ...], tuple[Line, ...]]:
    """What is there of symbols, labels and lines: nothing of who is gone, no tie that cannot be active."""
    idle = {f"tie-{t.id}" for t in arrows if month is not None and not t.at(month)}
    idle |= {f"{name}-back" for name in idle}
    kept = tuple(n for n in lines if n.id not in idle and not {n.source, n.target, *n.members} & gone)
    return (
        tuple(s for s in symbols if s.id not in gone),
        tuple(b for b in labels if b.of not in gone),
        kept,
    )


def present_kin(people: Kin, gone: frozenset[str]) -> Kin:
    """The kinship among those who are there."""
    members = {p: m for p, m in people.members.items() if f"person-{p}" not in gone}
    rows = tuple(tuple(p for p in row if p in members) for row in people.rows)
    unions = []
    for union in people.unions:
        keep = [i for i, c in enumerate(union.children) if c in members]
        if all(p in members for p in union.parents):
            unions.append(
                replace(
                    union,
                    children=tuple(union.children[i] for i in keep),
                    kinds=tuple(union.kinds[i] for i in keep),
                    rows=tuple(union.rows[i] for i in keep),
                )
            )
    return Kin(members, tuple(unions), rows)
