"""What is there in a month: persons, services, couples and ties, as far as the record knows.

Unknown is not absent: what has no month is there in every month.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

import pandas as pd

from clss_analysis.layout.genogram.arrows.typed_ties import end_of, shown_quality
from clss_analysis.layout.genogram.family.filiations import LOOKS
from clss_analysis.layout.genogram.family.union_states import couples_of, is_open, state_of, union_at
from clss_analysis.layout.genogram.family.unions import union_marks
from clss_analysis.layout.genogram.legend_entries import quality_strokes
from clss_analysis.layout.geometry import Layout, Line, Mark, Point, Symbol, length
from clss_analysis.records import Case, Row
from clss_analysis.records.residence import filiation_spans
from clss_analysis.records.years import Moment, holds, is_told
from clss_analysis.records.years import rows as rows_of

UNDATED = "undated"
DEAD, STAY, BORN, UNION, CHILD = "dead-", "stay-", "born-", "union-", "child-"
Span = tuple[Moment, Moment]
_ALWAYS: Span = (None, None)


@dataclass(frozen=True)
class Scene:
    """Symbols and lines that are there in a month; an arrow that has one direction only then has one head.

    `whole` is the whole picture within the boundary of that month, where that is known.
    """

    symbols: tuple[Symbol, ...]
    lines: tuple[Line, ...]
    whole: Layout | None = None

    @property
    def ids(self) -> frozenset[str]:
        """Ids of all that is there; of the persons, of those who live in the household, `DEAD` of the dead, `BORN` of
        those who are born, rows of `residences` that hold, `UNION` with what each union is, and `CHILD` with the rows
        by which a child is somebody's.
        """
        there = (s.id for s in self.symbols if not s.role.startswith("elsewhere-"))
        dead = (f"{DEAD}{s.id}" for s in self.symbols if s.role.endswith("-cross"))
        born = (f"{BORN}{s.id}" for s in self.symbols if s.kind == "person" and "-triangle" not in s.role)
        stays = (f"{STAY}{row.row}" for s in self.symbols for row in s.rows if row.table == "residences")
        unions = (f"{UNION}{line.id}-{line.role}" for line in self.lines if line.kind == "couple")
        kids = (f"{CHILD}{line.id}-{row.row}" for line in self.lines if line.kind == "descent" for row in line.rows)
        return frozenset([*there, *dead, *born, *stays, *unions, *kids, *(line.id for line in self.lines)])


def scene(
    case: Case,
    month: pd.Period | None,
    symbols: tuple[Symbol, ...],
    lines: tuple[Line, ...],
    unborn: frozenset[str] = frozenset(),
) -> Scene:
    """What of a whole picture is there in a month.

    Persons are there, in the household or outside its boundary, but for those who were not born or expected yet.
    A service is there while one of its ties is, and in the months of the events in which it acts.
    A couple line says what the union of the two was in that month (`union_at`): of several unions the one that held,
    a divorce only once it was pronounced, and afterwards still.  Where nothing is told of that month, the line stays
    only between parents of a child in the picture, its state unknown.

    Args:
        case: the household.
        month: None for all that is told.
        symbols: all symbols of the picture.
        lines: all its lines.
        unborn: persons who are not there yet.

    Returns:
        The same symbols and lines without what is not there, in the same places; ties of which no month is told are
        marked as undated.
    """
    if month is None:
        return Scene(symbols, lines)
    away = {f"person-{person}" for person in unborn}
    cells = {str(row["id"]): row for row in _rows(case, "ties")}
    arrows = [_arrow(line, cells, case.id, month) for line in lines if line.kind == "arrow"]
    there = {line.id: line for line in arrows if line is not None and not {line.source, line.target} & away}
    tied = {end for line in lines if line.kind == "arrow" for end in _ends(line, cells, case.id)}
    active = {end for line in there.values() for end in _ends(line, cells, case.id)} | _acting(case, month)
    away |= {end for end in tied if end.startswith("actor-") and end not in active}
    told = _dated(case)
    kinds = {str(row["id"]): row["kind"] for row in _rows(case, "filiations")}
    lines = tuple(each for line in lines if (each := _filiation(line, told, kinds, month)) is not None)
    parents = [set(line.members[:-1]) for line in lines if line.kind == "descent" and line.members[-1] not in away]
    unions = _unions_of(case)
    kept = []
    for line in lines:
        if {line.source, line.target, *line.members} & away:
            continue
        if line.kind == "couple" and frozenset(line.members) in unions:
            row = union_at(unions[frozenset(line.members)], month)
            if row is not None:
                rows = (Row("couples", str(row["id"])),)
                state = state_of(row, unions[frozenset(line.members)])
                kept.append(replace(line, role=f"couple-{state}", rows=rows))
            elif set(line.members) in parents:
                kept.append(replace(line, role="couple-unknown", rows=()))
        elif line.kind == "arrow":
            kept += [there[line.id]] if line.id in there else []
        else:
            kept.append(line)
    return Scene(tuple(s for s in symbols if s.id not in away), tuple(kept))


def _filiation(
    line: Line, told: Mapping[str, list[Span]], kinds: Mapping[str, str | None], month: pd.Period
) -> Line | None:
    """A line to a child as of a month, None when it is known not to be so; others as they are, and a birth always."""
    if line.kind != "descent":
        return line
    rows = tuple(r for r in line.rows if any(holds(*span, month) is not False for span in told.get(r.row, [_ALWAYS])))
    sure = (r for r in rows if any(holds(*span, month) for span in told.get(r.row, [_ALWAYS])))
    now = next(sure, next(iter(rows), None))
    return None if now is None else replace(line, role=LOOKS.get(kinds[now.row] or "", "descent"), rows=rows)


def unsure(case: Case, month: pd.Period) -> tuple[list[list[str]], list[list[str]], int]:
    """Of what nobody knows, since the year alone is told: symbols of unions, of parent and child, number of ties."""
    pairs = [sorted(pair) for pair, rows in _unions_of(case).items() if any(is_open(row, month) for row in rows)]
    dated = {row: [{"start": start, "end": end} for start, end in spans] for row, spans in _dated(case).items()}
    links = [r for r in _rows(case, "filiations") if any(is_open(each, month) for each in dated.get(r["id"], ()))]
    kin = [[f"person-{row['parent']}", f"person-{row['child']}"] for row in links]
    return sorted(pairs), kin, sum(holds(row["start"], row["end"], month) is None for row in _rows(case, "ties"))


@lru_cache(maxsize=8)
def _unions_of(case: Case) -> dict[frozenset[str], list[dict[str, Any]]]:
    found: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for row in couples_of(case):
        found[frozenset((f"person-{row['partner_a']}", f"person-{row['partner_b']}"))].append(row)
    return found


def tie_strokes(lines: Iterable[Line]) -> tuple[Mark, ...]:
    """The short strokes across the ties that the record calls tense or broken."""
    marks = []
    for line in lines:
        base, quality, _ = quality_of(line.role)
        crossed = quality.rpartition("-")[2]
        if line.kind == "arrow" and crossed in ("tense", "broken"):
            look = f"{base.removesuffix('-both')}_strokes"
            marks += [Mark(stroke, look) for stroke in quality_strokes(line.path, crossed)]
    return tuple(marks)


def quality_of(role: str) -> tuple[str, str, bool]:
    """The kind of an arrow, its quality (empty when not told), and whether no month of it is known.

    >>> quality_of("tie-helps_tense-undated"), quality_of("tie-calls_undated"), quality_of("tie-working-both")
    (('tie-helps', 'tense', True), ('tie-calls', '', True), ('tie-working-both', '', False))
    """
    base, _, said = role.partition("_")
    return base, said.removesuffix(UNDATED).rstrip("-"), said.endswith(UNDATED)


def along(path: tuple[Point, ...]) -> Point:
    """A point a third of the way, so that the signs of two opposite arrows stand apart."""
    left = length(path) / 3
    for a, b in pairwise(path):
        long = math.dist(a, b)
        if left <= long and long:
            return a[0] + (b[0] - a[0]) * left / long, a[1] + (b[1] - a[1]) * left / long
        left -= long
    return path[-1]


def on_lines(marks: Iterable[Mark], lines: Iterable[Line]) -> tuple[Mark, ...]:
    """Marks with those of the unions as these lines say that they are in this picture."""
    lines = tuple(lines)
    kept = (mark for mark in marks if mark.role not in ("couple-slash", "couple-kin", "twin-bar"))
    paths = [line.path for line in lines if line.kind == "descent"]
    bars = (m for m in marks if m.role == "twin-bar" and all(any(_on(end, path) for path in paths) for end in m.path))
    return (*kept, *bars, *union_marks(lines))


def _on(point: Point, path: tuple[Point, ...]) -> bool:
    return any(math.dist(a, point) + math.dist(point, b) - math.dist(a, b) < 0.01 for a, b in pairwise(path))


def spans(case: Case) -> dict[str, list[Span]]:
    """First and last month or year of all that has any, by table and id: `ties/C1-t01`, `persons/…`, `couples/…`."""
    found: dict[str, list[Span]] = defaultdict(list)
    for table, first, last in (
        ("persons", "arrival", "departure"),
        ("residences", "start", "end"),
        ("persons", "death", ""),
        ("persons", "birth", ""),
        ("couples", "start", "end"),
        ("filiations", "start", "end"),
        ("ties", "start", "end"),
    ):
        for row in _rows(case, table):
            span = (row[first], row[last] if last else None)
            if span != (None, None):
                found[f"{table}/{row['id']}"].append(span)
    return dict(found)


def untold(case: Case) -> tuple[int, int]:
    """How many ties have neither month nor year, and how many ties there are."""
    bare = ~is_told(case.ties, "start") & ~is_told(case.ties, "end")
    return int(bare.sum()), len(case.ties)


@lru_cache(maxsize=8)
def _dated(case: Case) -> dict[str, list[Span]]:
    """The stretches of all filiations that are no births, by id."""
    found: dict[str, list[Span]] = defaultdict(list)
    for row, start, end in filiation_spans(case):
        found[row].append((start, end))
    return dict(found)


@lru_cache(maxsize=8)
def _rows(case: Case, table: str) -> list[dict[str, Any]]:
    """Rows with None for what is unknown; every month of a household asks for them."""
    return rows_of(case.table(table))


def _acting(case: Case, month: pd.Period) -> set[str]:
    return {
        f"actor-{row['actor']}"
        for row in _rows(case, "events")
        if row["actor"] is not None
        and row["month"] is not None
        and holds(row["month"], row["until"] or row["month"], month)
    }


def _ends(line: Line, cells: dict[str, dict[str, Any]], household: str) -> set[str]:
    """Whom an arrow ties: its own ends, and of a bundle those of each tie in it."""
    rows = [cells[row.row] for row in line.rows]
    found = {end_of(row[f"{side}_person"], row[f"{side}_actor"], household) for row in rows for side in ("from", "to")}
    return {line.source, line.target} | found


def _arrow(line: Line, cells: dict[str, dict[str, Any]], household: str, month: pd.Period) -> Line | None:
    """An arrow as its ties of that month make it, None when none of them is active."""
    spans_of = {r: (cells[r.row]["start"], cells[r.row]["end"]) for r in line.rows}
    active = [r for r, span in spans_of.items() if holds(*span, month) is not False]
    if not active:
        return None
    if len(_ends(line, cells, household)) > 2:  # a bundle stays while one of its ties does
        return replace(line, rows=tuple(active))
    ways = set()
    for row in (cells[r.row] for r in active):
        source = end_of(row["from_person"], row["from_actor"], household)
        ways |= {True, False} if row["direction"] == "two_way" else {source == line.source}
    base, _, _ = line.role.partition("_")
    if not base.startswith("tie-unknown"):
        if base.endswith("-both") and len(ways) == 1:
            base = base.removesuffix("-both")
            if ways == {False}:
                line = replace(line, path=line.path[::-1], source=line.target, target=line.source)
        elif not base.endswith("-both") and True not in ways:
            return None
    rows = [cells[r.row] for r in active]
    told = [shown_quality(row) for row in rows if (row["quality"], row["strength"]) != (None, None)]
    said = [quality for quality in told[:1] if quality]
    said += [UNDATED] * all(spans_of[r] == (None, None) or holds(*spans_of[r], month) is None for r in active)
    return replace(line, role="_".join([base, *(["-".join(said)] if said else [])]), rows=tuple(active))
