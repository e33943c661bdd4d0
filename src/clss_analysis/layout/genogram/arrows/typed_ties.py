"""Ties of a case as arrows: typed by what their ends are, opposite ones side by side, repeated ones drawn once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from clss_analysis.layout.genogram.family.kinship import Kin
from clss_analysis.records import Case, Row

MARKED = ("strong", "weak", "tense", "broken")
LIVING, WORKING, OTHER = "living", "working", "other"
KINDS = {
    (LIVING, LIVING): "living",
    (WORKING, LIVING): "helps",
    (LIVING, WORKING): "calls",
    (WORKING, WORKING): "working",
}


@dataclass(frozen=True, slots=True)
class Tie:
    """One arrow, or two opposite ones between people who live and people who work.

    `heads` is 1 (at the target), 2 (at both ends) or 0 (direction unknown).  With `lanes` 2 the back arrow has the
    kind `back`.  `quality` is what `shown_quality` says of the first tie that tells any.  `told` holds, row by row,
    whether it runs from the source, its words (empty when it has none) and its first month.  A bundle of ties has in
    `counts` how many it stands for, there and, with two lanes, back.
    """

    id: str
    source: str
    target: str
    kind: str
    heads: int
    lanes: int
    back: str
    quality: str
    told: tuple[tuple[bool, str, pd.Period | None], ...]
    rows: tuple[Row, ...]
    counts: tuple[int, int] = (0, 0)


def ties(case: Case, kin: Kin) -> tuple[Tie, ...]:
    """The arrows of a case, in order of their ids.

    An end that is neither person nor actor is the household.  An end that is another person of collective life makes
    an arrow of no one of the four kinds ("other"), since they neither live with the household nor work for it.
    """
    actors = {str(a["id"]): str(a["kind"]) for a in case.actors.to_dict("records")}
    merged: dict[tuple[str, str], list[tuple[str, str, dict[str, object]]]] = {}
    for raw in sorted(case.ties.to_dict("records"), key=lambda r: str(r["id"])):
        row = {str(k): None if pd.isna(v) else v for k, v in raw.items()}
        source = end_of(row["from_person"], row["from_actor"], case.id)
        target = end_of(row["to_person"], row["to_actor"], case.id)
        known = {f"person-{p}" for p in kin.members} | {f"actor-{a}" for a in actors} | {f"household-{case.id}"}
        if source != target and {source, target} <= known:
            merged.setdefault((min(source, target), max(source, target)), []).append((source, target, row))
    return tuple(sorted((t for rows in merged.values() for t in _between(rows, actors)), key=lambda t: t.id))


def end_of(person: object, actor: object, household: str) -> str:
    """The id of a tie's end: a person, an actor, or else the household."""
    return (
        f"person-{person}"
        if person is not None
        else f"actor-{actor}"
        if actor is not None
        else f"household-{household}"
    )


def shown_quality(row: Mapping[str, object]) -> str:
    """What a line shows of a tie's strength and quality; empty where both are ordinary or not told.

    >>> shown_quality({"strength": "strong", "quality": "tense"}), shown_quality({"strength": None, "quality": "weak"})
    ('strong-tense', 'weak')
    """
    return "-".join(each for each in MARKED if each in (row["strength"], row["quality"]))


def _side(end: str, actors: dict[str, str]) -> str:
    if not end.startswith("actor-"):
        return LIVING
    return OTHER if actors[end.removeprefix("actor-")] == "other_person" else WORKING


def _between(rows: list[tuple[str, str, dict[str, object]]], actors: dict[str, str]) -> list[Tie]:
    """The arrows between two ends: one for all known ties, in lanes where both ways differ in kind, one for unknown."""
    found = []
    unknown = [entry for entry in rows if entry[2]["direction"] == "unknown"]
    known = [entry for entry in rows if entry[2]["direction"] != "unknown"]
    if known:
        source, target, _ = known[0]
        both = any(row["direction"] == "two_way" or (a, b) != (source, target) for a, b, row in known)
        there = KINDS.get((_side(source, actors), _side(target, actors)), "other")
        back = KINDS.get((_side(target, actors), _side(source, actors)), "other")
        found.append(_tie(known, there, 2 if both and there == back else 1, 2 if both and there != back else 1, back))
    if unknown:
        source, target, _ = unknown[0]
        sides = {_side(source, actors), _side(target, actors)}
        kind = "living" if sides == {LIVING} else "working" if sides == {WORKING} else "mixed"
        found.append(_tie(unknown, f"unknown-{kind}", 0, 1, ""))
    return found


def _tie(rows: list[tuple[str, str, dict[str, object]]], kind: str, heads: int, lanes: int, back: str) -> Tie:
    source, target, first = rows[0]
    qualities = [shown_quality(row) for _, _, row in rows if (row["quality"], row["strength"]) != (None, None)]
    return Tie(
        id=str(first["id"]),
        source=source,
        target=target,
        kind=kind,
        heads=heads,
        lanes=lanes,
        back=back if lanes == 2 else "",
        quality=qualities[0] if qualities else "",
        told=tuple((a == source, str(row["label"] or ""), row["start"]) for a, _, row in rows),  # type: ignore[misc]  # a period or None
        rows=tuple(Row("ties", str(row["id"])) for _, _, row in rows),
    )
