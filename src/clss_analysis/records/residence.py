"""Where a person lives at a month: in the household, elsewhere, or not known.

Rows of `residences` tell it stretch by stretch.  Who has none there is where `persons` says: `residence`, from
`arrival` to `departure`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from clss_analysis.records.faults import Fault
from clss_analysis.records.sheet import Sheet
from clss_analysis.records.vocabulary import message
from clss_analysis.records.years import Moment, first_month, holds, last_month, rows, turns

if TYPE_CHECKING:
    from clss_analysis.records.tables import Records

HOME = ("household", "hosted")
ROOF = "same_roof"
"""In the same dwelling, in a home of their own: neither of the household nor elsewhere to the eye."""
PARTS = ("half", "weekends")
"""Shares of the time that leave room for another place."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A row of `residences`: where, which share of the time (empty where not told), first and last month or year.

    `unit` is at whose home, in words; empty where not told.
    """

    id: str
    kind: str
    share: str = ""
    start: Moment = None
    end: Moment = None
    unit: str = ""

    @property
    def home(self) -> bool:
        """Whether it is told of the household."""
        return self.kind in HOME


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody lives: `home` is None where nobody knows, `kind` a code of `residence_kind`, empty if not told.

    `part` is the row by which who lives in the household does so for a part of the time; `stays` are all that say so,
    `units` the homes elsewhere that those name.
    """

    home: bool | None
    kind: str = ""
    part: Stay | None = None
    stays: tuple[Stay, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Residence:
    """All that is told of where one person lives: their cells in `persons`, and their rows from the first begun."""

    told: str
    arrival: Moment = None
    departure: Moment = None
    stays: tuple[Stay, ...] = ()

    @property
    def home(self) -> tuple[Stay, ...]:
        """The rows in the household for all of the time: where there are any, `arrival` and `departure` say no more."""
        return tuple(stay for stay in self.stays if stay.home and stay.share not in PARTS)

    @property
    def ever(self) -> bool:
        """Whether the person lives in the household in some month, as far as is told."""
        return self.told in HOME or any(stay.home for stay in self.stays)

    @property
    def moves(self) -> bool:
        """Whether a month or year of coming or leaving is told."""
        if any((stay.start, stay.end) != (None, None) for stay in self.stays):
            return True
        return self.told in HOME and not self.home and (self.arrival, self.departure) != (None, None)

    def at(self, month: pd.Period | None) -> Place:
        """Where the person lives in a month; None for a picture of all months, which shows the last that is told.

        What holds for a part of the time leaves the person where they live otherwise; who lives in the household for
        a part of it is at home.  In a month that two rows share, the last of one and the first of the next, that of the
        household counts.

        >>> placed = Stay("r1", "placed", "", pd.Period("2019-03", "M"), pd.Period("2020", "Y"))
        >>> son = Residence("household", stays=(placed,))
        >>> [son.at(pd.Period(month, "M")).home for month in ("2019-02", "2019-03", "2020-06", "2021-01")]
        [True, False, None, True]
        """
        place = self._last() if month is None else self._then(month)
        named = [stay for stay in place.stays if not stay.home]
        if month is None:  # where the person has been is named only while nothing is told after it
            named = [stay for stay in named if stay.end is None] or ([] if place.home else named[-1:])
        return replace(place, units=tuple(dict.fromkeys(stay.unit for stay in named if stay.unit)))

    def _then(self, month: pd.Period) -> Place:
        now = [(stay, holds(stay.start, stay.end, month)) for stay in self.stays]
        there = [stay for stay, so in now if so]
        parts = tuple(stay for stay in there if not stay.home and stay.share in PARTS)
        if whole := [stay for stay in there if stay.home] or [stay for stay in there if stay not in parts]:
            stay = whole[-1]
            part = stay if stay.share in PARTS else parts[-1] if parts else None
            return Place(home=stay.home, kind=stay.kind, part=part if stay.home else None, stays=tuple(there))
        if any(so is None and (stay.home or stay.share not in PARTS) for stay, so in now):
            return Place(home=None)
        here = False if self.home or self.told not in HOME else holds(self.arrival, self.departure, month)
        if not parts or here is None:
            return Place(home=here, kind=self.told if here or not (self.home or self.told in HOME) else "")
        return Place(
            home=here, kind=self.told if here else parts[-1].kind, part=parts[-1] if here else None, stays=parts
        )

    def _last(self) -> Place:
        home, kind = self.told in HOME, self.told
        whole = [stay for stay in self.stays if stay.home or stay.share not in PARTS]
        parts = [stay for stay in self.stays if stay.share in PARTS and stay.end is None]
        if whole:
            stay = whole[-1]
            if stay.home and (home or stay.end is None):
                home, kind = True, stay.kind
            elif not stay.home and (stay.end is None or self.home):
                home, kind = False, stay.kind
        return Place(home=home, kind=kind, part=parts[-1] if home and parts else None, stays=self.stays)

    def turns(self) -> set[pd.Period]:
        """The months from which on something else is told."""
        found = {month for stay in self.stays for month in turns(stay.start, stay.end)}
        if self.told not in HOME or self.home:
            return found
        found |= {first_month(self.arrival)} if self.arrival is not None else set()
        return found | ({last_month(self.departure) + 1} if self.departure is not None else set())


def residences(records: Records) -> dict[str, Residence]:
    """What is told of where each person lives, by their id."""
    stays: dict[str, list[Stay]] = defaultdict(list)
    for row in rows(records.residences):
        stay = Stay(row["id"], row["kind"], row["share"] or "", row["start"], row["end"], row["unit"] or "")
        stays[row["person"]].append(stay)
    return {
        row["id"]: Residence(
            row["residence"], row["arrival"], row["departure"], tuple(sorted(stays[row["id"]], key=_begun))
        )
        for row in rows(records.persons)
    }


def filiation_spans(records: Records) -> list[tuple[str, Moment, Moment]]:
    """The first and last month, or year, of each filiation that is no birth, by its id; one may hold several times.

    A placement in a foster family without months of its own is as long as the child lives there: at home with foster
    parents who live in the household; else while the one stay tells that the child is placed, where no other foster
    parents outside the household could be meant.
    """
    told, links = residences(records), [row for row in rows(records.filiations) if row["kind"] != "birth"]
    outside: dict[str, int] = defaultdict(int)
    for row in links:
        outside[row["child"]] += row["kind"] == "foster" and not told[row["parent"]].ever
    found = []
    for row in links:
        spans, child = [(row["start"], row["end"])], told[row["child"]]
        if row["kind"] == "foster" and spans == [(None, None)]:
            if told[row["parent"]].ever:
                spans = [(each.start, each.end) for each in child.home] or [(child.arrival, child.departure)]
            else:
                placed = [(each.start, each.end) for each in child.stays if each.kind == "placed"]
                spans = placed if len(placed) == 1 and outside[row["child"]] <= len(("mother", "father")) else spans
        found += [(row["id"], *span) for span in spans]
    return found


def at_home(records: Records, month: pd.Period | None = None) -> pd.Series:
    """Whether each row of `persons` lives in the household at a month (None: the last that is told), `<NA>` unknown.

    >>> import clss_analysis as clss
    >>> int(at_home(clss.read("data/publication").case("Y")).sum())
    5
    """
    persons = records.persons
    if month is None and records.residences.empty:
        return persons["residence"].isin(HOME).astype("boolean")
    told = residences(records)
    return pd.Series([told[name].at(month).home for name in persons["id"]], persons.index, dtype="boolean")


def _begun(stay: Stay) -> tuple[bool, str, bool, str, str]:
    return stay.start is not None, str(stay.start or ""), stay.end is None, str(stay.end or ""), stay.id


def residence_faults(sheets: Mapping[str, Sheet]) -> Iterable[Fault]:
    """Rows of one person that tell of two places at once, and cells of `persons` that say otherwise than their rows."""
    if "residences" not in sheets or "persons" not in sheets:
        return
    sheet = sheets["residences"]
    of: dict[str, list[tuple[int, dict[str, str]]]] = defaultdict(list)
    for line, row in sheet.records():
        of[row["person"]].append((line, row))
    for told in of.values():
        for (_, one), (line, other) in combinations(told, 2):
            if not {one["share"], other["share"]} & {*PARTS} and at_once(one, other):
                yield Fault(sheet.file, line, "start", message("fault_two_places", "fr"))
    persons = sheets["persons"]
    for line, person in persons.records() if of else ():
        stays = [row for _, row in of.get(person["id"], ())]
        for column in _contradicted(person, stays):
            yield Fault(persons.file, line, column, message("fault_residence", "fr"))


def _contradicted(person: Mapping[str, str], stays: list[dict[str, str]]) -> Iterable[str]:
    home = [row for row in stays if row["kind"] in HOME and row["share"] not in PARTS]
    away = [row for row in stays if row["kind"] not in HOME and row["share"] not in PARTS]
    if person["residence"] == "elsewhere" and any(not row["end"] for row in home):
        yield "residence"
    for column, side, pick in (("arrival", "start", min), ("departure", "end", max)):
        said = person[column]
        if said and home:
            cells = [row[side] for row in home]
            edge = "" if "" in cells else pick(cells)
            if not edge or not (said.startswith(edge) or edge.startswith(said)):
                yield column
        elif said and any(_certain(row)[0] < said < _certain(row)[1] for row in away):
            yield column


def at_once(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two rows hold in one month for certain, more than the last of one and the first of the other."""
    (a, b), (c, d) = _certain(one), _certain(other)
    return max(a, c) < min(b, d) or (a == c and b == d and a <= b)


def _certain(row: Mapping[str, str]) -> tuple[str, str]:
    """The first and last month in which a row holds for certain, as text that sorts."""
    start, end = row["start"], row["end"]
    first = start if "-" in start or not start.isdecimal() else f"{int(start) + 1}-01"
    last = end if "-" in end or not end.isdecimal() else f"{int(end) - 1}-12"
    return first, last or "9999-12"
