"""What the rows of a household tell and no picture can show as they tell it, by reason, with the rows that it is of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from clss_analysis.layout.genogram.arrows.typed_ties import end_of, shown_quality
from clss_analysis.layout.genogram.family.household import at_home
from clss_analysis.layout.genogram.family.kinship import Kin, kin
from clss_analysis.layout.genogram.family.outline import hull
from clss_analysis.layout.genogram.family.persons import NUMBERLESS, UNTOLD
from clss_analysis.layout.genogram.family.positions import Family, bounded, family
from clss_analysis.layout.genogram.family.union_states import follows
from clss_analysis.layout.genogram.family.verdict import proof
from clss_analysis.records import Case, Records, message
from clss_analysis.records.residence import PARTS, ROOF, filiation_spans
from clss_analysis.records.synthetic.made_up import is_made_up
from clss_analysis.records.typography import counted
from clss_analysis.records.years import first_month, is_year, last_month
from clss_analysis.records.years import rows as rows_of

SHOWN_ROWS = 5  # rows of a table that a line names before it counts the others


@dataclass(frozen=True, slots=True)
class Unshown:
    """One reason, the key of its words; the table and ids of its rows; the words of what kinship forbids."""

    why: str
    table: str
    rows: tuple[str, ...]
    words: str = ""

    def told(self, lang: str = "fr") -> str:
        """The reason in words, with the keys of rows and never what stands in them."""
        more = [counted("unshown.more", n, lang)] if (n := len(self.rows) - SHOWN_ROWS) > 0 else []
        rows = ", ".join([*self.rows[:SHOWN_ROWS], *more])
        why = self.words or message(f"unshown.{self.why}", lang)
        return message("unshown.row", lang, why=why, table=self.table, rows=rows)


def unshown(case: Case, lang: str = "fr") -> list[Unshown]:
    """What of a household no picture shows as it is told: what has no date, is told by half, or has no room on paper.

    Args:
        case: the household.
        lang: fr, nl or en, for what kinship forbids.

    >>> import clss_analysis as clss
    >>> found = {each.why: each for each in unshown(clss.read("data/publication").case("Y"))}
    >>> found["tie.undated"].table
    'ties'
    """
    people = kin(case, lang=lang)
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for why, table, row in (*_persons(people), *_stays(case, people), *_links(case), *_ties(case), *_work(case)):
        found[why, table].append(row)
    forbidden = proof(people, (), lang)
    kept = [each for faults in forbidden["faults"].values() for each in faults]
    return [
        *(Unshown(why, table, tuple(dict.fromkeys(rows))) for (why, table), rows in found.items()),
        *(Unshown("kinship", "persons", tuple(each["ids"]), each["reason"]) for each in kept),
        *(Unshown("rows", "persons", tuple(apart)) for apart in forbidden["siblings_apart"]),
    ]


def unshown_report(records: Records, lang: str = "fr") -> tuple[list[str], dict[str, list[dict[str, Any]]]]:
    """What the pictures of each household cannot show, in lines, and as JSON has it.

    A made-up cohort has none: there is nobody to ask.
    """
    homes = () if is_made_up(records) else records.households["id"]
    found = {str(home): unshown(records.case(home), lang) for home in homes}
    lines = []
    for home, each in found.items():
        if each:
            lines += [f"  {message('unshown.home', lang, household=home)}", *(f"    {one.told(lang)}" for one in each)]
    told = {
        home: [{"why": one.why, "table": one.table, "rows": list(one.rows), "words": one.told(lang)} for one in each]
        for home, each in found.items()
    }
    return ["", message("unshown.head", lang), *lines] if lines else [], told


Found = Iterable[tuple[str, str, str]]


def _persons(people: Kin) -> Found:
    members = people.members
    linked = {p for union in people.unions for p in (*union.parents, *union.children)}
    groups: dict[str, list[str]] = defaultdict(list)
    for each in sorted(members):
        member = members[each]
        if len(members) > 1 and each not in linked:
            yield "person.unlinked", "persons", each
        if member.life == "deceased" and member.death is None:
            yield "person.dead", "persons", each
        lived = member.whereabouts
        if any(when is not None and is_year(when) for when in (lived.arrival, lived.departure)):
            yield "stay.year", "persons", each
        if not member.life and member.age not in (UNTOLD, NUMBERLESS):
            yield "person.life", "persons", each
        if member.twin_group:
            groups[member.twin_group].append(each)
    for twins in groups.values():
        if len(twins) < 2 or not any(set(twins) <= {*union.children} for union in people.unions):
            yield from (("person.twins", "persons", each) for each in twins)


def _stays(case: Case, people: Kin) -> Found:
    rows = rows_of(case.residences)
    units: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        away = row["kind"] not in ("household", "hosted")
        if row["start"] is None and row["end"] is None:
            yield "stay.undated", "residences", row["id"]
        if any(row[key] is not None and is_year(row[key]) for key in ("start", "end")):
            yield "stay.year", "residences", row["id"]
        if away and row["share"] in PARTS and row["unit"] is None:
            yield "stay.place", "residences", row["id"]
        if away and row["unit"] is not None:
            units[row["unit"]].append(row)
    shared = [("unit", those, 2) for those in units.values() if len({row["person"] for row in those}) > 1]
    shared += [("roof", [row], 1) for row in rows if row["kind"] == ROOF]
    plan = family(people, case.id, "") if shared else None
    for role, those, least in shared:
        dates = {first_month(row["start"]) for row in those if row["start"] is not None}
        months = [None, *sorted(dates)]
        if plan is not None and not any(_around(plan, people.at(month), role, those) >= least for month in months):
            yield from ((f"stay.{role}", "residences", row["id"]) for row in those)


def _around(plan: Family, now: Kin, role: str, those: list[dict[str, Any]]) -> int:
    """How many of these persons, who live in one home or dwelling, have an outline of it drawn around them."""
    drawn = at_home(bounded(plan, now), now, tied=True, bare=False, lang="fr")
    spots = [s.box for s in drawn.symbols if s.id in {f"person-{row['person']}" for row in those}]
    edges = [hull([(*point, *point) for point in mark.path]) for mark in drawn.marks if mark.role == role]
    within = (sum(e[0] < b[0] and b[2] < e[2] and e[1] < b[1] and b[3] < e[3] for b in spots) for e in edges)
    return max(within, default=0)


def _links(case: Case) -> Found:
    couples = rows_of(case.couples)
    for row in couples:
        if row["start"] is None and row["end"] is None:
            yield "union.undated", "couples", row["id"]
        if row["state"] is None:
            yield "union.state", "couples", row["id"]
        if row["state"] == "married" and row["end"] is not None and not any(follows(each, row) for each in couples):
            yield "union.ended", "couples", row["id"]
    for one, other in combinations(couples, 2):
        same = {one["partner_a"], one["partner_b"]} == {other["partner_a"], other["partner_b"]}
        if same and not (_before(one, other) or _before(other, one)):
            yield from (("union.twice", "couples", row["id"]) for row in (one, other))
    bare = {row for row, start, end in filiation_spans(case) if (start, end) == (None, None)}
    for row in rows_of(case.filiations):
        if row["kind"] is None:
            yield "link.kind", "filiations", row["id"]
        elif row["kind"] == "birth" and (row["start"], row["end"]) != (None, None):
            yield "link.custody", "filiations", row["id"]
        elif row["id"] in bare:
            yield "link.undated", "filiations", row["id"]


def _before(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether a union is over when another begins, as far as both months are told."""
    end, start = one["end"], other["start"]
    return end is not None and start is not None and first_month(end) <= last_month(start)


def _ties(case: Case) -> Found:
    between: dict[frozenset[str], list[tuple[str, str]]] = defaultdict(list)
    for row in rows_of(case.ties):
        if row["start"] is None and row["end"] is None:
            yield "tie.undated", "ties", row["id"]
        if row["direction"] != "unknown" and (row["quality"], row["strength"]) != (None, None):
            ends = (end_of(row[f"{way}_person"], row[f"{way}_actor"], case.id) for way in ("from", "to"))
            between[frozenset(ends)].append((row["id"], shown_quality(row)))
    for said in between.values():
        if len({quality for _, quality in said}) > 1:
            yield from (("tie.qualities", "ties", row) for row, _ in said)


def _work(case: Case) -> Found:
    events = rows_of(case.events)
    for row in events:
        if row["month"] is None:
            yield "event.undated", "events", row["id"]
        if row["actor"] is None:
            yield "event.nobody", "events", row["id"]
    ends = {row[end] for row in rows_of(case.ties) for end in ("from_actor", "to_actor")}
    met = ends | {row["actor"] for row in events}
    for row in rows_of(case.actors):
        if row["household"] == case.id and row["kind"] != "other_person" and row["id"] not in met:
            yield "actor.alone", "actors", row["id"]
