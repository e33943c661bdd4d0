"""Families and associations of a GEDCOM file: who is whose partner, child and acquaintance, and nothing by name."""

from __future__ import annotations

import re

from clss_analysis.records.exchange.family import set_acquaintances_apart
from clss_analysis.records.exchange.foreign import (
    ASSUMED,
    IDENTIFIER,
    LIMIT_NODES,
    NO_PLACE,
    UNCLEAR,
    ForeignCouple,
    ForeignFile,
    ForeignFiliation,
    ForeignPerson,
    ForeignTie,
    foreign_words,
    stop,
)
from clss_analysis.records.exchange.gedcom_lines import (
    COPARENTS,
    COUPLE_UNSTATED,
    VOID,
    Structure,
    day_of,
    is_pointer,
    records_of,
)

_BORN = re.compile(
    r"(?:@#DGREGORIAN@ |GREGORIAN )?(?:(?:[0-9]{1,2} )?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC) )?([0-9]{4})"
)
_TAG = re.compile("_?[A-Z][A-Z0-9]{1,14}")
_ANNULLED = "annulled"
_COURSE = ("", "unmarried", "married", "separated", "divorced", _ANNULLED)
"""States of a union in the order in which they follow each other; one annulled is neither married nor divorced."""
_ENDS = {"DIV": "divorced", "SEPR": "separated", "_SEPR": "separated", "ANUL": _ANNULLED}
_AFTER_DEATH = ("BURI", "CREM", "PROB")
"""Events that the file can assert of the dead only."""
_LIVED = 110
"""Years after which somebody without an event of death is taken for dead, where ages are asked for."""


def read_gedcom(content: bytes, file: str, *, year: int | None = None) -> ForeignFile:
    """What a GEDCOM file of version 5.5, 5.5.1 or 7 says of families and ties.

    Persons come without name, place or date.  A sex that the file calls unknown (U, N) is unknown.  `FAM` gives a
    couple (two partners) and filiations (each partner, each child) of the kind that `PEDI` or `ADOP` tells; marriage,
    divorce and separation give the state of the union.  `ASSO` gives a tie of unknown direction; someone whom nothing
    but an acquaintance (friend, neighbour, godparent, witness, clergy) ties to the others is another person of
    collective life.  An event counts only where the file asserts it: `Y`,
    a date or a place; a death by its age or cause as well, or by a burial, cremation or probate.

    Args:
        content: the bytes of the file.
        file: its name, for faults.
        year: the year at which ages are taken; default: no ages.

    Returns:
        Persons, couples, filiations, ties, and the count of what was not carried.

    Raises:
        InvalidRecordsError: the file is no sound GEDCOM, or points at nobody.
    """
    found = ForeignFile(file=file, format="GEDCOM")
    records, version = records_of(content, found)
    found.format = f"GEDCOM {version}"
    reader = _Reader(found, records, year)
    reader.read()
    return found


class _Reader:
    def __init__(self, found: ForeignFile, records: list[Structure], year: int | None) -> None:
        self.found, self.records, self.year = found, records, year
        self.count = found.tally.add
        self.by_xref: dict[str, Structure] = {}
        self.partners: dict[str, list[str]] = {}
        self.children: dict[str, dict[str, int]] = {}

    def read(self) -> None:
        self.keys()
        self.people = [record for record in self.records if record.tag == "INDI"]
        self.families = [record for record in self.records if record.tag == "FAM"]
        if len(self.people) > LIMIT_NODES:
            raise stop(self.found.file, self.people[LIMIT_NODES].line, "too_many", limit=LIMIT_NODES)
        for record in self.records:
            if record.tag not in ("INDI", "FAM", "HEAD", "TRLR"):
                self.leave("", record)
        if not self.people:
            raise stop(self.found.file, self.records[-1].line, "nobody")
        for family in self.families:
            self.family(family)
        for person in self.people:
            self.memberships(person)
        for family in self.families:
            self.union(family)
        for person in self.people:
            self.person(person)
            self.filiations(person)
            self.associations(person)
        set_acquaintances_apart(self.found)

    def keys(self) -> None:
        """Records by cross-reference; the second of one is left, and a record without gets its line for one."""
        kept = []
        for record in self.records:
            if not record.xref and record.tag in ("INDI", "FAM"):
                record.xref = f"#{record.line}"
            if record.xref and self.by_xref.setdefault(record.xref, record) is not record:
                self.found.doubt(record.line, "twice")
            else:
                kept.append(record)
        self.records = kept

    def leave(self, where: str, structure: Structure) -> None:
        """Count a structure that has no place in records."""
        tag = structure.tag if _TAG.fullmatch(structure.tag) else "_…"
        reason = IDENTIFIER if tag in foreign_words("gedcom.identifying") else NO_PLACE
        self.count(f"{where}.{tag}" if where else tag, reason)

    def leave_below(self, where: str, structure: Structure, *but: str) -> None:
        for child in structure.children:
            if child.tag not in but:
                self.leave(where, child)

    def target(self, pointer: Structure, tag: str) -> str:
        """The record pointed at; empty where the file says that it points at nothing."""
        xref = pointer.value.strip()
        if xref == VOID:
            self.count(f"{pointer.tag} {VOID}", UNCLEAR)
            return ""
        record = self.by_xref.get(xref)
        if not is_pointer(xref) or record is None:
            self.found.doubt(pointer.line, "dangling")
            return ""
        if record.tag != tag:
            self.found.doubt(pointer.line, "wrong_record", tag=tag)
            return ""
        return xref

    def family(self, family: Structure) -> None:
        partners: list[str] = []
        for pointer in [*family.all("HUSB"), *family.all("WIFE")]:
            xref = self.target(pointer, "INDI")
            if xref and xref in partners:
                self.found.doubt(pointer.line, "self")
            elif xref and len(partners) < 2:
                partners.append(xref)
            elif xref:
                self.count(f"FAM.{pointer.tag}", UNCLEAR)
            self.leave_below(f"FAM.{pointer.tag}", pointer)
        children: dict[str, int] = {}
        for pointer in family.all("CHIL"):
            if xref := self.target(pointer, "INDI"):
                if xref in children:
                    self.count("FAM.CHIL", UNCLEAR)
                children.setdefault(xref, pointer.line)
            self.leave_below("FAM.CHIL", pointer)
        self.partners[family.xref], self.children[family.xref] = partners, children

    def memberships(self, person: Structure) -> None:
        """Links that only the person's own record tells."""
        for pointer in person.all("FAMS"):
            family = self.target(pointer, "FAM")
            if family and person.xref not in self.partners[family]:
                if len(self.partners[family]) < 2:
                    self.partners[family].append(person.xref)
                else:
                    self.count("INDI.FAMS", UNCLEAR)
            self.leave_below("INDI.FAMS", pointer)
        for pointer in person.all("FAMC"):
            if family := self.target(pointer, "FAM"):
                self.children[family].setdefault(person.xref, pointer.line)

    def union(self, family: Structure) -> None:
        partners = self.partners[family.xref]
        state = self.state(family)
        coparents = any(event.text("TYPE") == COPARENTS for event in family.all("EVEN"))
        if len(partners) == 2 and not coparents:
            self.found.couples.append(ForeignCouple(a=partners[0], b=partners[1], line=family.line, state=state))
        elif not partners and self.children[family.xref]:
            self.count("FAM (CHIL)", UNCLEAR)
        told = ("HUSB", "WIFE", "CHIL", "MARR", "EVEN", "NO", *_ENDS)
        self.leave_below("FAM", family, *told)

    def state(self, family: Structure) -> str:
        """State of a union at the end of what the file tells of it; empty where it is unknown.

        The event with the last date counts; one without a date counts where it comes later in the course of a union.
        """
        dated: list[tuple[tuple[int, int, int], str]] = []
        undated = [""]
        for event in family.children:
            if (state := self.union_event(event)) and (when := day_of(event.text("DATE"))):
                dated.append((when, state))
            else:
                undated.append(state)
        last = [state for _, state in sorted(dated, key=lambda each: each[0])][-1:]
        state = max([*undated, *last], key=_COURSE.index)
        return "" if state == _ANNULLED else state

    def union_event(self, event: Structure) -> str:
        """The state that an event leaves a union in; empty where it says none."""
        kind, phrase = event.text("TYPE").lower(), event.text("DATE").strip("() ").lower()
        where = f"FAM.{event.tag}"
        if event.tag == "MARR":
            never = kind in foreign_words("gedcom.not_married")
            if phrase in foreign_words("gedcom.not_married"):
                return "unmarried"
            if not self.asserted(where, event):
                return ""
            self.leave_below(where, event, *(("TYPE",) if never else ()))
            return "unmarried" if never else "married"
        if event.tag in _ENDS and self.asserted(where, event):
            self.leave_below(where, event)
            return _ENDS[event.tag]
        if event.tag == "NO" and event.value.strip() == "MARR":
            self.leave_below(where, event)
            return "unmarried"
        if event.tag == "EVEN" and kind in foreign_words("gedcom.separated"):
            self.leave_below(where, event, "TYPE")
            return "separated"
        if event.tag == "NO" or (event.tag == "EVEN" and event.text("TYPE") not in (COUPLE_UNSTATED, COPARENTS)):
            self.leave("FAM", event)
        return ""

    def asserted(self, where: str, event: Structure, *by: str) -> bool:
        """Whether the file says that the event took place: `Y`, a date that is more than a phrase, a place, or `by`."""
        said, date = event.value.strip().upper(), event.text("DATE")
        dated = bool(date) and not (date.startswith("(") and where == "FAM.MARR")
        if said == "Y" or (said != "N" and (dated or any(event.first(tag) for tag in ("PLAC", *by)))):
            return True
        self.count(where, UNCLEAR)
        return False

    def person(self, person: Structure) -> None:
        sex = person.text("SEX").upper()
        if sex not in foreign_words("gedcom.sex"):
            self.count("INDI.SEX", UNCLEAR)
        for extra in person.all("SEX")[1:]:
            self.leave("INDI", extra)
        born = self.born(person)
        life, age = self.life(person, born), None
        if self.year is not None and born is not None and life == "alive" and born <= self.year:
            age = self.year - born
        self.found.persons.append(
            ForeignPerson(
                key=person.xref,
                line=person.line,
                gender=foreign_words("gedcom.sex").get(sex, ""),
                life=life,
                age=age,
                born=born,
                birth_order=self.birth_order(person.xref),
            )
        )
        told = ("SEX", "FAMS", "FAMC", "ASSO", "ADOP", "DEAT", "BIRT", "NO")
        self.leave_below("INDI", person, *told)
        for event in person.all("NO"):
            if event.value.strip() != "BIRT":
                self.leave("INDI", event)

    def born(self, person: Structure) -> int | None:
        """The birth year, where one event gives it exactly; the date itself goes no further."""
        years: set[int] = set()
        for birth in person.all("BIRT"):
            self.leave_below("INDI.BIRT", birth, "FAMC")
            date = " ".join(birth.text("DATE").upper().split())
            if exact := _BORN.fullmatch(date):
                years.add(int(exact[1]))
            elif date and self.year is not None:
                self.count("INDI.BIRT.DATE (?)", UNCLEAR)
        return years.pop() if len(years) == 1 else None

    def life(self, person: Structure, born: int | None) -> str:
        unborn = any(event.value.strip() == "BIRT" for event in person.all("NO"))
        dead = any(self.asserted(f"INDI.{event.tag}", event) for tag in _AFTER_DEATH for event in person.all(tag))
        for death in person.all("DEAT"):
            stillborn = death.text("AGE").upper() == "STILLBORN"
            unborn = unborn or stillborn
            if stillborn or self.asserted("INDI.DEAT", death, "AGE", "CAUS"):
                dead = True
            elif death.value.strip().upper() != "N":
                self.count("INDI.DEAT (?)", ASSUMED)  # records have no word for "perhaps"; alive would be the opposite
                dead = True
            self.leave_below("INDI.DEAT", death, *(("AGE",) if stillborn else ()))
        if dead or unborn:
            return "lost" if dead and unborn else "deceased" if dead else "expected"
        if self.year is not None and born is not None and self.year - born > _LIVED:
            self.count("INDI.DEAT (−)", ASSUMED)
            return "deceased"
        self.count("INDI (DEAT)", ASSUMED)
        return "alive"

    def birth_order(self, person: str) -> int | None:
        """Rank among the children of the first family that has several; GEDCOM lists them eldest first."""
        for children in (self.children[family.xref] for family in self.families):
            if person in children and len(children) > 1:
                return list(children).index(person) + 1
        return None

    def filiations(self, person: Structure) -> None:
        kinds: dict[str, tuple[str, int]] = {}
        for pointer in person.all("FAMC"):
            family = pointer.value.strip()
            code = pointer.text("PEDI").upper()
            if code and code not in foreign_words("gedcom.pedigree"):
                self.count("INDI.FAMC.PEDI", UNCLEAR)
            self.leave_below("INDI.FAMC", pointer, "PEDI")
            if family not in self.children:
                continue
            if family in kinds:
                self.count("INDI.FAMC", UNCLEAR)
            kinds.setdefault(family, (foreign_words("gedcom.pedigree").get(code, ""), pointer.line))
        by_parent = self.adoptions(person, kinds)
        done: set[str] = set()
        for family in (each.xref for each in self.families):
            if person.xref not in self.children[family]:
                continue
            kind, line = kinds.get(family, ("", self.children[family][person.xref]))
            for parent in self.partners[family]:
                if parent in done:
                    self.count("INDI.FAMC", UNCLEAR)
                    continue
                done.add(parent)
                told = by_parent.get((family, parent), kind)
                if not told:
                    self.count("INDI.FAMC (PEDI)", ASSUMED)
                self.found.filiations.append(
                    ForeignFiliation(parent=parent, child=person.xref, line=line, kind=told or "birth", told=bool(told))
                )

    def adoptions(self, person: Structure, kinds: dict[str, tuple[str, int]]) -> dict[tuple[str, str], str]:
        """Adoptions that name the family, and the parent where only one adopted."""
        by_parent: dict[tuple[str, str], str] = {}
        for event in person.all("ADOP"):
            self.leave_below("INDI.ADOP", event, "FAMC")
            pointers = event.all("FAMC")
            if not pointers:
                self.count("INDI.ADOP", UNCLEAR)
            for pointer in pointers:
                family = self.target(pointer, "FAM")
                if not family:
                    continue
                self.children[family].setdefault(person.xref, pointer.line)
                parents = self.partners[family]
                who = pointer.text("ADOP").upper()
                adopting = {"HUSB": parents[:1], "WIFE": parents[1:]}.get(who, parents)
                for parent in parents if kinds.get(family, ("", 0))[0] == "" else adopting:
                    by_parent[family, parent] = "adoption" if parent in adopting else "birth"
        return by_parent

    def associations(self, person: Structure) -> None:
        for where, pointer in [
            *(("INDI.ASSO", each) for each in person.all("ASSO")),
            *((f"INDI.{event.tag[:15]}.ASSO", each) for event in person.children for each in event.all("ASSO")),
        ]:
            xref = pointer.value.strip()
            record = self.by_xref.get(xref)
            if record is not None and record.tag != "INDI":
                self.count(where, NO_PLACE)
                continue
            other = self.target(pointer, "INDI")
            if not other:
                continue
            if other == person.xref:
                self.count(where, UNCLEAR)
                continue
            self.leave_below(where, pointer, "ROLE", "RELA", "TYPE")
            relation = self.relation(where, pointer)
            self.found.ties.append(ForeignTie(source=person.xref, target=other, line=pointer.line, relation=relation))

    def relation(self, where: str, pointer: Structure) -> str:
        role, said = pointer.text("ROLE").upper(), pointer.text("RELA").lower()
        relation = foreign_words("gedcom.role").get(role) or foreign_words("gedcom.relation").get(said, "")
        if role and not relation and role != "OTHER":
            self.count(f"{where}.ROLE", NO_PLACE)
        if said and not relation:
            self.count(f"{where}.RELA", IDENTIFIER)
        return relation
