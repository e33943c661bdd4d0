"""Persons and unions as the record tells them: who is whose partner and child, siblings from the eldest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from math import inf
from typing import Any

import pandas as pd

from clss_analysis.layout.genogram.family.union_states import couples_of, last_union, state_of
from clss_analysis.records import Case, Row, label
from clss_analysis.records.residence import ROOF, Place, Residence, Stay, filiation_spans, residences
from clss_analysis.records.rules import SEVERAL
from clss_analysis.records.years import Moment, first_month, holds, last_month, reached
from clss_analysis.records.years import rows as rows_of

SHAPES = {"woman": "circle", "man": "square"}
UNBORN = ("expected", "lost")
TOLD = ("placed", "hospital", "prison", ROOF)
"""Places that are told beside the symbol of who lives there."""
UNTOLD = "?"
"""In the symbol of somebody of whom neither an age nor whether they are alive is told."""
NUMBERLESS = "n"
"""In the one symbol of children whose number is not told, as pedigrees write it."""
_HINTS = {"grandmother": -1, "grandfather": -1, "daughter": 1, "son": 1, "child": 1, SEVERAL: 1}


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the household or family, with what the picture needs of them.

    `life` is empty where unknown; `age` is empty of who is dead or unborn, and `UNTOLD` where life is unknown too;
    `whereabouts` is all that is told of where they live, `stays` its rows that hold in the month asked for, `units` the
    homes elsewhere that they name, `under_roof` whether they live in the household's dwelling in a home of their own,
    `note` what of them stands beside the symbol; `born` is the first month in which they can have been born or
    expected, None when not told; `unsure` is who may live in the household or elsewhere in the month asked for.
    `death` and `birth` are months, or years, `age_alive` is the age in the symbol before a death; `loss` is what the
    loss of a pregnancy was, empty where not said.
    """

    id: str
    label: str
    shape: str
    age: str
    gender: str | None
    life: str
    index: bool
    residence: str
    years: float | None
    birth_order: int | None
    twin_group: str | None
    hint: int
    whereabouts: Residence
    stays: tuple[Stay, ...] = ()
    note: str = ""
    lang: str = "fr"
    born: pd.Period | None = None
    unsure: bool = False
    death: Moment = None
    age_alive: str = ""
    birth: Moment = None
    identical: bool = False
    units: tuple[str, ...] = ()
    under_roof: bool = False
    loss: str = ""

    @property
    def numberless(self) -> bool:
        """Whether these are children whose number is not told, who are counted as nobody."""
        return self.age_alive == NUMBERLESS

    @property
    def inside(self) -> bool:
        """Whether the person lives in the household, hosted ones included."""
        return self.residence != "elsewhere"

    @property
    def moves(self) -> bool:
        """Whether the record tells when the person came to the household or left it."""
        return self.whereabouts.moves

    @property
    def steady(self) -> bool:
        """Whether the person lives in the household in every month, or in every one since they are expected or born."""
        told = self.whereabouts
        since = told.arrival is not None and self.born is not None and first_month(told.arrival) <= self.born
        return self.inside and (not self.moves or (since and told.departure is None and not told.stays))

    @property
    def notes(self) -> tuple[str, ...]:
        """All that stands beside the symbol in one month or another."""
        turns = self.whereabouts.turns() if self.whereabouts.stays else set()
        places = [self.whereabouts.at(month) for turn in turns for month in (turn - 1, turn)]
        notes = (self._beside(place) for place in (self.whereabouts.at(None), *places))
        return tuple(sorted({note for note in notes if note}))

    def living(self, place: Place) -> Member:
        """The same person where they live; where nobody knows, they stay where they are drawn without a month."""
        if place.home is None:
            return replace(self, unsure=True, note="")
        residence = place.kind if place.home else "elsewhere"
        return replace(
            self, residence=residence, stays=place.stays, units=place.units, note=self._beside(place),
            under_roof=place.kind == ROOF,
        )  # fmt: skip

    def _beside(self, place: Place) -> str:
        """What stands beside the symbol: what the loss of a pregnancy was, or which home or care is told."""
        return label("loss", self.loss, self.lang) if self.loss else _note(place, self.lang)

    def at(self, month: pd.Period) -> Member:
        """The same person as of a month: who has not come yet or has left lives elsewhere.

        In a year of which the month is not told they are `unsure`.  Before a death that is dated they are alive, and in
        the year of one without a month nobody knows; before a birth that is dated they are expected.  Who is not even
        expected yet lives with nobody.
        """
        expected = self.birth is not None and reached(self.birth, month) is False
        then = (replace(self, loss="") if expected else self).living(self.whereabouts.at(month))
        if self.born is not None and month < self.born:
            then = replace(then, residence="elsewhere", units=(), under_roof=False, note="")
        if expected:
            return replace(then, life="expected", age="", shape="triangle")
        dead = self.death is None or reached(self.death, month)
        if dead:
            return then
        return replace(then, life="", age=UNTOLD) if dead is None else replace(then, life="alive", age=self.age_alive)


@dataclass(frozen=True, slots=True)
class Union:
    """One or two parents and the children they have together, or a couple without children.

    `state` is the couple's state, None when unknown; `couple` is the id in the couples table, None when the record
    knows the two only as parents of the same child; `kinds` and `rows` are those of each child's filiations, `dated`
    the first and last month (or year) of those that are told to begin or end, births left out; one row may hold in
    several stretches.
    """

    id: str
    parents: tuple[str, ...]
    children: tuple[str, ...]
    state: str | None
    couple: str | None
    kinds: tuple[str, ...]
    rows: tuple[tuple[Row, ...], ...]
    dated: tuple[tuple[Row, Moment, Moment], ...] = ()

    def over(self, rows: tuple[Row, ...]) -> bool:
        """Whether what filiations tell has ended."""
        ended = {row for row, _, end in self.dated if end is not None}
        return (ended - {row for row, _, end in self.dated if end is None}).issuperset(rows)

    def at(self, month: pd.Period) -> Union:
        """The union with the children who are theirs as far as is known of a month."""
        gone = {row for row, _, _ in self.dated}
        gone -= {row for row, start, end in self.dated if holds(start, end, month) is not False}
        told = [e for e in zip(self.children, self.kinds, self.rows, strict=True) if not gone.issuperset(e[2])]
        children, kinds, rows = zip(*told, strict=True) if told else ((), (), ())
        return replace(self, children=children, kinds=kinds, rows=rows, dated=())


def sibling_key(member: Member) -> tuple[bool, float, float, str, str]:
    """Sorts siblings from the eldest: unborn last, then by age, birth order, twin group and id.

    A first born whose age does not tell, as that of the dead, is before all whose age does.
    """
    first = member.birth_order == 1 and (member.years is None or member.life == "deceased")
    years = inf if first else member.years if member.years is not None else -1.0
    order = float(member.birth_order) if member.birth_order is not None else float("inf")
    return (member.life == "expected", -years, order, member.twin_group or "", member.id)


def elder(one: Member, other: Member) -> bool | None:
    """Whether the record says that the first of two siblings is the elder; None when it does not say.

    The unborn come last; then by age, and by birth order where ages do not tell, as of the dead.  Who is the first born
    is elder than all of whom no order is told.
    """
    if (one.life == "expected") != (other.life == "expected"):
        return other.life == "expected"
    a, b = one.birth_order, other.birth_order
    ranked = a != b and (None not in (a, b) or 1 in (a, b))
    aged = one.years is not None and other.years is not None and one.years != other.years
    if aged and not (ranked and "deceased" in (one.life, other.life)):
        return one.years > other.years  # type: ignore[operator]  # both are known
    return (a or inf) < (b or inf) if ranked else None


def eldest_first(children: Iterable[str], members: Mapping[str, Member]) -> list[str]:
    """Siblings from the eldest, each before all of whom the record says that they are younger."""
    found: list[str] = []
    for child in sorted(children, key=lambda c: sibling_key(members[c])):
        younger = (i for i, other in enumerate(found) if elder(members[child], members[other]))
        found.insert(next(younger, len(found)), child)
    return found


def related(parents: Mapping[str, AbstractSet[str]], one: str, other: str) -> bool:
    """Whether two persons have an ancestor in common, or one of them is the other's; `parents` are those by birth."""
    lines = []
    for person in (one, other):
        line, queue = {person}, [person]
        while queue:
            fresh = parents.get(queue.pop(), frozenset()) - line
            line |= fresh
            queue += sorted(fresh)
        lines.append(line)
    return bool(lines[0] & lines[1])


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _note(place: Place, lang: str) -> str:
    """What stands beside a symbol: which care or whose home, or for which part of the time the person is at home."""
    units = place.units
    if place.home:
        there = [] if place.part is None or place.part.home else [label("residence_kind", place.part.kind, lang)]
        said = " ".join([*there, *([label("residence_share", place.part.share, lang)] if place.part else [])])
        return ", ".join([each for each in (said, *units) if each])
    return ", ".join([*([label("residence_kind", place.kind, lang)] if place.kind in TOLD else []), *units])


def _member(row: dict[str, Any], intake: pd.Period | None, whereabouts: Residence, lang: str) -> Member:
    band = _text(row["age_band"])
    age = row["age"]
    death = None if row["life"] == "lost" else row["death"]
    life = "deceased" if death is not None else _text(row["life"]) or ""
    told = NUMBERLESS if row["role"] == SEVERAL else str(age) if age is not None else _band(band, lang)
    gender = _text(row["gender"])
    years = float(str(age)) if age is not None else float(band.rstrip("+").split("-")[0]) if band else None
    birth = row["birth"]
    if years is None and birth is not None and intake is not None:
        years = (intake - first_month(birth)).n / 12
    elif years is not None and death is not None and intake is not None and last_month(death) < intake:
        years += (intake - last_month(death)).n / 12  # the age is that at the death
    member = Member(
        id=str(row["id"]),
        label=str(row["label"]),
        shape="triangle" if life in UNBORN else SHAPES.get(gender or "", "diamond"),
        age="" if life not in ("alive", "") else told or UNTOLD * (not life),
        gender=gender,
        life=life,
        index=bool(row["index"]),
        residence=str(row["residence"]),
        years=years,
        birth_order=int(str(row["birth_order"])) if row["birth_order"] is not None else None,
        twin_group=_text(row["twin_group"]),
        hint=_HINTS.get(str(row["role"]), 0),
        whereabouts=whereabouts,
        lang=lang,
        born=_born(row, intake),
        death=death,
        age_alive=told,
        birth=birth,
        identical=bool(row["identical"]),
        loss=_text(row["loss"]) or "",
    )
    return member.living(whereabouts.at(None))


def _born(row: dict[str, Any], intake: pd.Period | None) -> pd.Period | None:
    """The first month in which a person is born or expected, as far as is told: of the unborn, their arrival.

    Who comes to the household before a birth that is dated is expected from then on; else an age tells, at intake or at
    a death before it.
    """
    told = (row["birth"], row["arrival"], row["death"])
    birth, arrival, death = (None if each is None else first_month(each) for each in told)
    if row["life"] in UNBORN or (birth is not None and arrival is not None and arrival < birth):
        return birth if arrival is None else arrival
    if birth is not None:
        return birth
    oldest = row["age"] if row["age"] is not None else str(row["age_band"] or "").rpartition("-")[2]
    if intake is None or not str(oldest).isdigit() or (row["life"] == "deceased" and death is None):
        return None
    return min(intake, death or intake) - 12 * (int(str(oldest)) + 1) + 1


def _band(band: str | None, lang: str) -> str:
    """An age band as it fits in a symbol: « 30–44 », « 75+ »."""
    return "" if band is None else band if band.endswith("+") else label("age_band", band, lang).split(" ")[0]


def people(case: Case, *, lang: str = "fr") -> tuple[dict[str, Member], tuple[Union, ...]]:
    """Members by id, and their unions; the order of the rows in the tables does not matter.

    Args:
        case: the household.
        lang: fr, nl or en, for age bands.
    """
    intake = next(iter(case.households["intake"].dropna()), None)
    told = residences(case)
    found = (_member(row, intake, told[str(row["id"])], lang) for row in rows_of(case.persons))
    members = {m.id: m for m in sorted(found, key=lambda m: m.id)}
    role = {str(i): r for i, r in zip(case.persons["id"], case.persons["role"], strict=True)}
    index = next((m.hint for m in members.values() if m.index), None)
    open_ = {p for p in members if role[p] in ("sibling", "relative")}
    aged: dict[int, list[float]] = defaultdict(list)
    for m in members.values():
        if m.years is not None and m.life == "alive" and m.id not in open_:
            aged[m.hint].append(m.years)
    members |= {
        p: replace(members[p], hint=_generation(members[p], aged, index if role[p] == "sibling" else None))
        for p in open_
    }
    return members, _unions(case, members)


def _generation(open_: Member, aged: Mapping[int, list[float]], index: int | None) -> int:
    """The generation whose ages are nearest, since the role does not say it; a sibling without age is the index's."""
    if open_.years is None or not aged:
        return open_.hint if index is None else index
    return min(aged, key=lambda g: (abs(sum(aged[g]) / len(aged[g]) - (open_.years or 0.0)), g))


def _unions(case: Case, members: dict[str, Member]) -> tuple[Union, ...]:
    told: dict[frozenset[str], list[dict[str, object]]] = defaultdict(list)
    for row in couples_of(case):
        pair = frozenset((str(row["partner_a"]), str(row["partner_b"])))
        if len(pair) == 2 and pair <= members.keys():
            told[pair].append(row)
    couples = {pair: last_union(rows) for pair, rows in told.items()}
    parents: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for row in sorted(rows_of(case.filiations), key=lambda r: str(r["id"])):
        parent, child, kind = str(row["parent"]), str(row["child"]), _text(row["kind"]) or ""
        if parent in members and child in members and parent != child:
            parents[child, kind].append((parent, kind, str(row["id"])))
    children: dict[frozenset[str], list[tuple[str, str, tuple[Row, ...]]]] = defaultdict(list)
    for (child, kind), links in parents.items():
        for pair in _pairs([parent for parent, _, _ in links], couples):
            rows = tuple(Row("filiations", row) for parent, _, row in links if parent in pair)
            children[pair].append((child, kind, rows))
    spans: dict[str, list[tuple[Moment, Moment]]] = defaultdict(list)
    for told_, start, end in filiation_spans(case):
        spans[told_].append((start, end))
    found = []
    for pair in sorted({*couples, *children}, key=sorted):
        row = couples.get(pair, {})
        order = eldest_first({child for child, _, _ in children[pair]}, members)
        own = sorted(children[pair], key=lambda c: (order.index(c[0]), c[1]))
        found.append(
            Union(
                id="-".join(sorted(pair)),
                parents=tuple(sorted(pair)),
                children=tuple(child for child, _, _ in own),
                state=state_of(row, told[pair]) if row.get("state") else None,
                couple=_text(row.get("id")),
                kinds=tuple(kind for _, kind, _ in own),
                rows=tuple(rows for _, _, rows in own),
                dated=tuple(
                    (each, *span)
                    for _, _, rows in own
                    for each in rows
                    for span in spans.get(each.row, ())
                    if span != (None, None)
                ),
            )
        )
    return tuple(found)


def _pairs(parents: list[str], couples: dict[frozenset[str], dict[str, object]]) -> list[frozenset[str]]:
    """One or two parents are one union; more are split, declared couples first."""
    left = sorted(set(parents))
    if len(left) <= 2:
        return [frozenset(left)]
    split = []
    for pair in sorted(couples, key=sorted):
        if pair <= set(left):
            split.append(pair)
            left = [p for p in left if p not in pair]
    return [*split, *(frozenset((p,)) for p in left)]
