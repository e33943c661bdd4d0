"""What was found in an exchange file, as a whole `Records`: neutral designations, places in the family, residence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from clss_analysis.records.columns import typed
from clss_analysis.records.exchange.family import GONE, leave_impossible, roles_of
from clss_analysis.records.exchange.foreign import (
    NUMBERED,
    ForeignFile,
    ForeignPerson,
    ForeignTie,
    Tally,
    Why,
    actor_word,
    person_word,
    stop,
)
from clss_analysis.records.schema import fields, table_names
from clss_analysis.records.tables import Records
from clss_analysis.records.vocabulary import message

Row = dict[str, str]

_WORKING = "import"


def records_from(found: ForeignFile, *, index: str | None = None, lang: str = "fr") -> Records:
    """Records of everything found, one household for each that the file tells apart.

    The index person is the one asked for, else whom the file marks alone, all it marks where we wrote it, else
    nobody. Where the file says nothing of residence, the index person (or the first who is not dead), their present
    partners and the children of these who have no family of their own live together, and everyone else lives
    elsewhere; such rows are marked as a reading of the source.

    Args:
        found: persons, couples, filiations, actors and ties by their keys in the file.
        index: key of the index person in the file.
        lang: language of the designations.

    Returns:
        Records of scope « working », so that the gate lets no household be told, whatever the file says of itself.

    Raises:
        InvalidRecordsError: it is larger than a limit, or no person has the key asked for.
    """
    leave_impossible(found)
    if index is not None and not any(_is(person.key, index) for person in found.persons):
        raise stop(found.file, None, "no_index")
    return _Maker(found, index, lang).records()


class _Maker:
    def __init__(self, found: ForeignFile, index: str | None, lang: str) -> None:
        self.found, self.lang = found, lang
        self.source = found.format
        self.rows: dict[str, list[Row]] = {name: [] for name in table_names()}
        members: dict[str, list[ForeignPerson]] = {key: [] for key in found.households}
        for person in found.persons:
            members.setdefault(person.household, []).append(person)
        for actor in found.actors:
            if actor.household is not None:
                members.setdefault(actor.household, [])
        self.members = members or {"": []}
        self.home = {key: f"H{number}" for number, key in enumerate(self.members, start=1)}
        self.index = {key: self._index(persons, index) for key, persons in self.members.items()}
        found.tally.add(
            "persons.index", Why.OPEN, sum(not self.index[key] for key, persons in self.members.items() if persons)
        )
        found.tally.add("persons.life", Why.OPEN, sum(not each.life for each in found.persons))
        self.ids: dict[str, str] = {}
        for key, persons in self.members.items():
            self.ids |= {each.key: f"{self.home[key]}P{n}" for n, each in enumerate(persons, start=1)}
        self.around = {each.key: each.household for each in found.actors}
        self.actor_ids = {each.key: f"X{n}" for n, each in enumerate(found.actors, start=1)}

    def _index(self, persons: list[ForeignPerson], asked: str | None) -> tuple[str, ...]:
        wanted = [each.key for each in persons if asked is not None and _is(each.key, asked)]
        marked = [each for each in persons if each.index]
        if wanted or len(marked) == 1 or self.found.own:
            return tuple(wanted[:1] or (each.key for each in marked))
        for each in marked[1:]:  # whom the record is about is not for us to choose
            self.found.doubt(each.line, "two_index", "open")
        return ()

    def records(self) -> Records:
        self.add("consents", id=_WORKING, label=self.say("consent"), scope="working")
        for household in self.members:
            label = self.say("household", n=self.home[household][1:])
            self.add("households", id=self.home[household], label=label, consent=_WORKING)
            self.persons(household)
        for n, couple in enumerate(self.found.couples, start=1):
            home = self.home_of(couple.a)
            ends = {"partner_a": self.ids[couple.a], "partner_b": self.ids[couple.b]}
            self.add(
                "couples", id=f"C{n}", household=home, **ends, state=couple.state, start=couple.start, end=couple.end
            )
        for n, each in enumerate(self.found.filiations, start=1):
            home, parent, child = self.home_of(each.parent), self.ids[each.parent], self.ids[each.child]
            reading = _truth(not each.told)
            self.add(
                "filiations", id=f"F{n}", household=home, parent=parent, child=child, kind=each.kind, start=each.start,
                reading=reading,
            )  # fmt: skip
        self.actors()
        self.ties()
        return made_of(self.rows, self.found.format, self.found.tally, self.lang)

    def persons(self, household: str) -> None:
        persons = self.members[household]
        keys = {person.key for person in persons}
        couples = [each for each in self.found.couples if each.a in keys]
        filiations = [each for each in self.found.filiations if each.child in keys]
        first = [each.key for each in persons if each.life not in GONE] or [each.key for each in persons]
        roles, at_home = roles_of(persons, couples, filiations, next(iter([*self.index[household], *first]), ""))
        words = self.designations(persons, roles)
        genders = Counter(twins for twins, _ in {(p.twin_group, p.gender) for p in persons if p.identical and p.gender})
        for person in persons:
            alike = person.identical and genders[person.twin_group] < 2 and bool(person.twin_group)
            self.found.tally.add("persons.identical", Why.UNCLEAR, int(person.identical and not alike))
            if not person.residence:
                self.found.tally.add("persons.residence", Why.ASSUMED)
            self.add(
                "persons",
                reading="true",
                id=self.ids[person.key],
                household=self.home[household],
                label=words[person.key],
                role=roles[person.key],
                gender=person.gender,
                age=_text(person.age),
                age_band="" if person.age is not None else person.age_band,
                life=person.life,
                death=person.death,
                index=_truth(person.key in self.index[household]),
                residence=person.residence or ("household" if person.key in at_home else "elsewhere"),
                birth_order=_text(person.birth_order),
                twin_group=person.twin_group,
                identical="true" if alike else "",
            )
            for kind, start, end in person.stays:
                number, home = len(self.rows["residences"]) + 1, self.home[household]
                where = {"kind": kind, "start": start, "end": end}
                self.add("residences", id=f"R{number}", household=home, person=self.ids[person.key], **where)

    def designations(self, persons: list[ForeignPerson], roles: dict[str, str]) -> dict[str, str]:
        """« Mère », « Fille 2 », « Personne 7 »: a place in the family, numbered where several have it."""
        alike, ranks = Counter(roles.values()), Counter[str]()
        words: dict[str, str] = {}
        for n, person in enumerate(persons, start=1):
            role = roles[person.key]
            ranks[role] += 1
            several = alike[role] > 1 and role not in NUMBERED
            words[person.key] = person_word(role, n, self.lang) + several * f" {ranks[role]}"
        return words

    def actors(self) -> None:
        ranks: dict[str, int] = defaultdict(int)
        words = [self.actor_word(each.kind, each.relation, each.sector) for each in self.found.actors]
        alike = Counter(words)
        for actor, word in zip(self.found.actors, words, strict=True):
            ranks[word] += 1
            named = word if alike[word] == 1 else f"{word} {ranks[word]}"
            self.add(
                "actors",
                id=self.actor_ids[actor.key],
                label=actor.label or named,
                kind=actor.kind,
                sector=actor.sector,
                household="" if actor.household is None else self.home[actor.household],
            )

    def actor_word(self, kind: str, relation: str, sector: str) -> str:
        if relation:
            return message(f"exchange.relation_{relation}", self.lang).capitalize()
        return actor_word(kind, sector, self.lang)

    def ties(self) -> None:
        seen: set[ForeignTie] = set()
        n = 0
        for tie in self.found.ties:
            same = replace(tie, line=0)
            if same in seen:
                continue
            seen.add(same)
            homes = {self.home_of(end) for end in (tie.source, tie.target) if end is not None} - {""}
            homes |= {self.home[tie.household]} if tie.household in self.home else set()
            if len(homes) > 1:
                self.found.doubt(tie.line, "elsewhere")
                continue
            n += 1
            ends = self.end("from", tie.source) | self.end("to", tie.target)
            relation = message(f"exchange.relation_{tie.relation}", self.lang) if tie.relation else ""
            home = next(iter(homes), next(iter(self.home.values())))
            self.add("ties", id=f"T{n}", household=home, **ends, direction=tie.direction, quality=tie.quality,
                     strength=tie.strength, label=relation)  # fmt: skip

    def end(self, side: str, key: str | None) -> Row:
        if key is None:
            return {}
        if key in self.ids:
            return {f"{side}_person": self.ids[key]}
        return {f"{side}_actor": self.actor_ids[key]}

    def home_of(self, key: str) -> str:
        """The household of a person or actor; empty for an actor who works with several."""
        if key in self.ids:
            return self.ids[key].partition("P")[0]
        household = self.around[key]
        return "" if household is None else self.home[household]

    def add(self, table: str, **cells: str) -> None:
        self.rows[table].append({"source": self.source, "reading": "false"} | cells)

    def say(self, key: str, **values: object) -> str:
        return message(f"exchange.{key}", self.lang, **values)


def made_of(rows: Mapping[str, Sequence[Row]], kind: str, left: Tally, lang: str, what: str = "description") -> Records:
    """Records of rows by table, called after the format they came from, with what of the file was left.

    Args:
        rows: the rows of each table.
        kind: the format, with its version.
        left: what was not carried.
        lang: language of title, source and description.
        what: the message that describes them.
    """
    frames: dict[str, Any] = {name: frame_of(rows[name], name) for name in table_names()}
    title, source = (message(f"exchange.{key}", lang, format=kind) for key in ("title", "source"))
    extra = {"left_by_import": [each.told(lang) for each in left.listed()]}
    return Records(
        name="import-" + kind.split()[0].lower(), title=title, synthetic=False, sha256="", source=source, extra=extra,
        description=message(f"exchange.{what}", lang), language=lang, **frames,
    )  # fmt: skip


def frame_of(rows: Sequence[Mapping[str, str]], table: str) -> pd.DataFrame:
    """Rows of text as a table with the types of the schema; a cell that a row does not have is empty."""
    names = [str(field["name"]) for field in fields(table)]
    cells = [[row.get(name, "") for name in names] for row in rows]
    return typed(pd.DataFrame(cells, columns=names, dtype=object), table)


def _is(key: str, asked: str) -> bool:
    """Whether this key was asked for: cross-references go without signs, a person's id without the family's."""
    return asked.strip("@") in (key.strip("@"), key.rpartition("\t")[2])


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def _truth(value: bool) -> str:  # noqa: FBT001 - a cell
    return "true" if value else "false"
