"""Families and associations of a GEDCOM file: who is whose partner, child and acquaintance, and nothing by name."""

from __future__ import annotations

from collections.abc import Mapping

from clss_analysis.records.exchange.family import set_acquaintances_apart
from clss_analysis.records.exchange.foreign import (
    LIMIT_NODES,
    ForeignCouple,
    ForeignFile,
    ForeignFiliation,
    ForeignPerson,
    ForeignTie,
    Why,
    foreign_words,
    stop,
)
from clss_analysis.records.exchange.gedcom_events import BORN, UNION_TAGS, Events, in_time
from clss_analysis.records.exchange.gedcom_lines import (
    COPARENTS,
    VOID,
    Structure,
    day_of,
    is_about,
    is_pointer,
    month_of,
    records_of,
)

_BY_SIDE = {"_FREL": "HUSB", "_MREL": "WIFE"}
"""What Family Tree Maker and others put below a child for the father and for the mother."""
_DISPROVED = {"disproven", "disproved"}
_CLOSEST = ("birth", "adoption", None, "foster", "step", "")
_TWIN = "twin"
_ByParent = dict[tuple[str, str], str]


def read_gedcom(content: bytes, file: str, *, year: int | None = None) -> ForeignFile:
    """What a GEDCOM file of version 5.5, 5.5.1 or 7 says of families and ties.

    Persons come without name, place or day.  A sex that the file calls unknown (U, N) is unknown, and so is the life
    of whom no event of death is asserted.  `FAM` gives a couple (two partners) and filiations (each partner, each
    child) of the kind that `PEDI`, `ADOP`, `_FREL` or `_MREL` tells; marriage, divorce and separation give the state
    of the union.  `ASSO` gives a tie of unknown direction, or twins, as a common birthday does; someone whom nothing
    but an acquaintance (friend, neighbour, godparent, witness, clergy) ties to the others is another person of
    collective life.  An event counts only where the file asserts it: `Y`, a date or a place; a death by its age or
    cause as well, or by a burial, cremation or probate.

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
        self.events = Events(found.tally)
        self.leave, self.leave_below = self.events.leave, self.events.leave_below
        self.by_xref: dict[str, Structure] = {}
        self.partners: dict[str, list[str]] = {}
        self.children: dict[str, dict[str, int]] = {}
        self.places: dict[str, dict[str, str]] = {}
        self.sides: dict[tuple[str, str, str], str] = {}
        self.twins: dict[str, str] = {}

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
        together: dict[frozenset[str], list[Structure]] = {}
        for family in self.families:
            for pointer in family.all("CHIL"):
                if pointer.value.strip() in self.children[family.xref]:
                    self.by_side(pointer, family.xref, pointer.value.strip())
            partners = self.partners[family.xref]
            together.setdefault(frozenset(partners if len(partners) == 2 else [family.xref]), []).append(family)
        for families in together.values():
            self.union(families)
        self.find_twins()
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

    def target(self, pointer: Structure, tag: str) -> str:
        """The record pointed at; empty where the file says that it points at nothing."""
        xref = pointer.value.strip()
        if xref == VOID:
            self.count(f"{pointer.tag} {VOID}", Why.UNCLEAR)
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
        places = self.places[family.xref] = {}
        for pointer in [*family.all("HUSB"), *family.all("WIFE")]:
            xref = self.target(pointer, "INDI")
            if xref and xref in partners:
                self.found.doubt(pointer.line, "self")
            elif xref and len(partners) < 2:
                partners.append(xref)
                places[xref] = pointer.tag
            elif xref:
                self.count(f"FAM.{pointer.tag}", Why.UNCLEAR)
            self.leave_below(f"FAM.{pointer.tag}", pointer)
        children: dict[str, int] = {}
        for pointer in family.all("CHIL"):
            if xref := self.target(pointer, "INDI"):
                if xref in children:
                    self.count("FAM.CHIL", Why.UNCLEAR)
                children.setdefault(xref, pointer.line)
            self.leave_below("FAM.CHIL", pointer, "PEDI", *_BY_SIDE)
        self.partners[family.xref], self.children[family.xref] = partners, children

    def memberships(self, person: Structure) -> None:
        """Links that only the person's own record tells."""
        for pointer in person.all("FAMS"):
            family = self.target(pointer, "FAM")
            if family and person.xref not in self.partners[family]:
                if len(self.partners[family]) < 2:
                    self.partners[family].append(person.xref)
                else:
                    self.count("INDI.FAMS", Why.UNCLEAR)
            self.leave_below("INDI.FAMS", pointer)
        for pointer in person.all("FAMC"):
            if not (family := self.target(pointer, "FAM")):
                continue
            if {pointer.text("STAT").lower(), pointer.text("PEDI").lower()} & _DISPROVED:
                self.children[family].pop(person.xref, None)
                self.count("INDI.FAMC", Why.UNCLEAR)
            else:
                self.children[family].setdefault(person.xref, pointer.line)

    def union(self, families: list[Structure]) -> None:
        """What the families of the same two tell of their union."""
        family, partners = families[0], self.partners[families[0].xref]
        course = self.events.course(families)
        coparents = any(event.text("TYPE") == COPARENTS for each in families for event in each.all("EVEN"))
        if len(partners) == 2 and not coparents:
            for state, start, end in course:
                self.found.couples.append(
                    ForeignCouple(a=partners[0], b=partners[1], line=family.line, state=state, start=start, end=end)
                )
        elif not partners and self.children[family.xref]:
            self.count("FAM (CHIL)", Why.UNCLEAR)
        for each in families:
            self.leave_below("FAM", each, "HUSB", "WIFE", "CHIL", *UNION_TAGS)

    def person(self, person: Structure) -> None:
        sex = person.text("SEX").lower()
        if sex and sex not in foreign_words("graphml.sex"):
            self.count("INDI.SEX", Why.UNCLEAR)
        for extra in person.all("SEX")[1:]:
            self.leave("INDI", extra)
        born = self.events.born(person, self.year)
        (life, death), age = self.events.life(person, born, self.year), None
        if self.year is not None and born is not None and life in ("alive", "") and born <= self.year:
            age = self.year - born
        gender, twins = foreign_words("graphml.sex").get(sex, ""), self.twins.get(person.xref, "")
        self.found.persons.append(
            ForeignPerson(key=person.xref, line=person.line, gender=gender, life=life, death=death, age=age, born=born,
                          birth_order=self.birth_order(person.xref), twin_group=twins, stays=self.events.stays(person))
        )  # fmt: skip
        told = ("SEX", "FAMS", "FAMC", "ASSO", "_TWIN", "ADOP", "DEAT", "BIRT", "NO", "EVEN", "FACT")
        self.leave_below("INDI", person, *told)
        for event in person.all("NO"):
            if event.first("DATE") or event.value.strip() not in ("BIRT", "DEAT"):
                self.leave("INDI", event)

    def birth_order(self, person: str) -> int | None:
        """Rank among the children of the first family that has several: by their births, where each tells a year.

        Else as the file has them: GEDCOM lists them eldest first, though not every program does.
        """
        for children in (self.children[family.xref] for family in self.families):
            if person in children and len(children) > 1:
                told = [(when, child, "") for child in children if (when := _born(self.by_xref[child]))]
                order = [child for _, child, _ in in_time(told)] if len(told) == len(children) else list(children)
                return order.index(person) + 1
        return None

    def filiations(self, person: Structure) -> None:
        """The parents of a person, each once: of several kinds that families tell of one parent, the closest."""
        kinds: dict[str, tuple[str | None, int]] = {}
        for pointer in person.all("FAMC"):
            family = pointer.value.strip()
            challenged = pointer.text("STAT").lower() == "challenged"
            tag = "_PEDI" if pointer.first("_PEDI") else "PEDI"
            told = "" if challenged else self.pedigree("INDI.FAMC", pointer, tag)
            self.leave_below("INDI.FAMC", pointer, tag, *_BY_SIDE)
            if family not in self.children:
                continue
            self.by_side(pointer, family, person.xref)
            if family in kinds:
                self.count("INDI.FAMC", Why.UNCLEAR)
            kinds.setdefault(family, (told, pointer.line))
        by_parent, adopted = self.adoptions(person, kinds)
        claims: dict[str, list[tuple[str | None, int]]] = {}
        for family in (each.xref for each in self.families):
            if person.xref not in self.children[family]:
                continue
            kind, line = kinds.get(family, (None, self.children[family][person.xref]))
            for parent in self.partners[family]:
                sides = (self.sides.get((family, person.xref, parent)), by_parent.get((family, parent)), kind)
                claims.setdefault(parent, []).append((next((each for each in sides if each is not None), None), line))
        for parent, said in claims.items():
            self.count("INDI.FAMC", Why.UNCLEAR, len(said) - 1)
            told, line = min(said, key=lambda each: _CLOSEST.index(each[0]))
            self.count("INDI.FAMC (PEDI)", Why.ASSUMED, int(told is None))
            kind = "birth" if told is None else told
            self.found.filiations.append(
                ForeignFiliation(parent=parent, child=person.xref, line=line, kind=kind, told=told is not None,
                                 start=adopted if kind == "adoption" else "")
            )  # fmt: skip

    def pedigree(self, where: str, pointer: Structure, tag: str) -> str | None:
        """Code of `filiation_kind` that a link tells; empty for a word that has none, None where it tells nothing."""
        said = pointer.first(tag)
        word = said.value.strip().lower() if said else ""
        word = (said.text("PHRASE").lower() or word) if said and word == "other" else word
        if word and word not in foreign_words("gedcom.pedigree"):
            self.count(f"{where}.{tag}", Why.UNCLEAR)
        return foreign_words("gedcom.pedigree").get(word, "") if word else None

    def by_side(self, pointer: Structure, family: str, child: str) -> None:
        """What a link between a family and a child tells of its father and its mother apart."""
        both = [("PEDI", side) for side in ("HUSB", "WIFE") if pointer.tag == "CHIL"]
        for tag, place in [*_BY_SIDE.items(), *both]:
            told, parent = self.pedigree("FAM.CHIL", pointer, tag), self.side(family, place)
            if told is not None and parent:
                self.sides.setdefault((family, child, parent), told)

    def side(self, family: str, place: str) -> str:
        """Who stands as HUSB or WIFE in a family; where two say the same of themselves, they stand in this order."""
        places = self.places[family]
        ranked = sorted(self.partners[family], key=lambda each: ("HUSB", "", "WIFE").index(places.get(each, "")))
        if len(ranked) == 2:
            return ranked[place == "WIFE"]
        return next((each for each in ranked if places.get(each, place) == place), "")

    def adoptions(self, person: Structure, kinds: Mapping[str, tuple[str | None, int]]) -> tuple[_ByParent, str]:
        """Adoptions that name the family, and the parent where only one adopted; the month or year where all agree."""
        by_parent: _ByParent = {}
        dates: set[str] = set()
        for event in person.all("ADOP"):
            if event.value.strip().upper() == "N":
                self.leave("INDI", event)
                continue
            dates.add(date := month_of(event.text("DATE")))
            self.count("INDI.ADOP.DATE (?)", Why.ASSUMED, int(bool(date) and is_about(event.text("DATE"))))
            self.leave_below("INDI.ADOP", event, "FAMC", *(["DATE"] if date else []))
            pointers = event.all("FAMC")
            if not pointers:
                self.count("INDI.ADOP", Why.UNCLEAR)
                untold = (family for family, (kind, _) in kinds.items() if kind is None)
                by_parent |= {(family, each): "" for family in untold for each in self.partners[family]}
            for pointer in pointers:
                family = self.target(pointer, "FAM")
                if not family:
                    continue
                self.children[family].setdefault(person.xref, pointer.line)
                parents, who = self.partners[family], pointer.text("ADOP").upper()
                adopting = [self.side(family, who)] if who in ("HUSB", "WIFE") else parents
                for parent in parents if kinds.get(family, (None, 0))[0] is None else adopting:
                    by_parent[family, parent] = "adoption" if parent in adopting else "birth"
        return by_parent, next(iter(dates)) if len(dates) == 1 else ""

    def find_twins(self) -> None:
        """Siblings of one family who call each other twins, or who were born into it on one day."""
        for family, children in self.children.items():
            days: dict[tuple[int, int, int], list[str]] = {}
            for child in children:
                record = self.by_xref[child]
                if not record.first("ADOP") and self.born_to(record, family) and (day := _birthday(record)):
                    days.setdefault(day, []).append(child)
                for pointer, _ in self.linked(record):
                    if self.relation(pointer) == _TWIN and pointer.value.strip() in children:
                        self.join(child, pointer.value.strip())
            for alike in days.values():
                for other in alike[1:]:
                    self.join(alike[0], other)

    def born_to(self, person: Structure, family: str) -> bool:
        """Whether no link says that someone came into a family otherwise than by birth."""
        words = [each.text("PEDI").lower() for each in person.all("FAMC") if each.value.strip() == family]
        kinds = {foreign_words("gedcom.pedigree").get(word, "") for word in words}
        kinds |= {self.sides.get((family, person.xref, parent), "") for parent in self.partners[family]}
        return kinds <= {"", "birth"}

    def join(self, one: str, other: str) -> None:
        """Put two into one group of twins."""
        group = self.twins.setdefault(one, self.twins.get(other, f"J{len(self.twins) + 1}"))
        old = self.twins.get(other, group)
        self.twins |= {each: group for each, theirs in self.twins.items() if theirs == old} | {other: group}

    def linked(self, person: Structure) -> list[tuple[Structure, str]]:
        """The associations of a person and of their events, and where each stands."""
        own = [(each, f"INDI.{each.tag}") for each in person.children if each.tag in ("ASSO", "_TWIN")]
        return own + [(each, f"INDI.{event.tag[:15]}.ASSO") for event in person.children for each in event.all("ASSO")]

    def associations(self, person: Structure) -> None:
        for pointer, where in self.linked(person):
            xref = pointer.value.strip()
            record = self.by_xref.get(xref)
            if record is not None and record.tag != "INDI":
                self.count(where, Why.NO_PLACE)
                continue
            other = self.target(pointer, "INDI")
            if not other:
                continue
            if other == person.xref:
                self.count(where, Why.UNCLEAR)
                continue
            self.leave_below(where, pointer, "ROLE", "RELA", "TYPE")
            relation = self.relation(pointer)
            if relation == _TWIN:
                group = self.twins.get(person.xref)
                self.count(where, Why.NO_PLACE, int(group is None or group != self.twins.get(other)))
                continue
            role, said = pointer.text("ROLE").upper(), pointer.text("RELA")
            self.count(f"{where}.ROLE", Why.NO_PLACE, int(bool(role) and not relation and role != "OTHER"))
            self.count(f"{where}.RELA", Why.IDENTIFIER, int(bool(said) and not relation))
            self.found.ties.append(ForeignTie(source=person.xref, target=other, line=pointer.line, relation=relation))

    def relation(self, pointer: Structure) -> str:
        """What an association tells by a role, or by words in one of three languages."""
        if pointer.tag == "_TWIN":
            return _TWIN
        role, words = pointer.first("ROLE"), foreign_words("gedcom.relation")
        said = [role.value, role.text("PHRASE")] if role else []
        for text in (*said, pointer.text("RELA"), pointer.text("TYPE")):
            word = " ".join(text.lower().split())
            if relation := words.get(word) or words.get(word.partition(" ")[0]):
                return relation
            if any(words.get(part) == _TWIN for part in word.split()):
                return _TWIN
        return ""


def _born(person: Structure) -> tuple[int, int, int] | None:
    """Year, month and day of a birth, 0 where not given; None where no one date tells the year."""
    dates = {" ".join(birth.text("DATE").upper().split()) for birth in person.all("BIRT")} - {""}
    date = dates.pop() if len(dates) == 1 else ""
    return day_of(date) if BORN.fullmatch(date) or is_about(date) else None


def _birthday(person: Structure) -> tuple[int, int, int] | None:
    """Year, month and day of a birth of which one event gives all three."""
    day = _born(person)
    return day if day and day[2] and not any(is_about(birth.text("DATE")) for birth in person.all("BIRT")) else None
