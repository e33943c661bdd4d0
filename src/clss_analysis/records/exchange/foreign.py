"""What an exchange file says of families and ties, before it is records: neutral keys, codes and lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

import pandas as pd

from clss_analysis.records.faults import Fault, InvalidRecordsError
from clss_analysis.records.schema import fields, table_names
from clss_analysis.records.vocabulary import LANGUAGES, label, message, shipped_rows

LIMIT_MB = 16  # megabytes of a file, which is read whole
LIMIT_LINE = 32_768  # characters of a line: GEDCOM 5.5.1 allows 255, and programs write longer ones
LIMIT_LINES = 400_000  # lines of a file within the limit of its size
LIMIT_KEYS = 200  # attributes of a graph: a questionnaire has some dozens
LIMIT_NODES = 5_000  # persons and services of a file, far beyond those of one household
LIMIT_LINKS = 20_000  # ties and family links, four for each person
LIMIT_DEPTH = 99  # levels within levels: the highest that GEDCOM has


class Why(StrEnum):
    """Why something of a file is left behind, or what is there otherwise than the file has it."""

    IDENTIFIER = "identifier"
    NO_PLACE = "no_place"
    UNCLEAR = "unclear"
    ASSUMED = "assumed"
    OPEN = "open"


@dataclass(frozen=True, order=True)
class NotCarried:
    r"""Something that an import or export left behind, by kind and number, never by content.

    `reason` is `identifier` (it names or dates people), `no_place` (the other side has no place for it), `unclear`
    (it does not say enough, or contradicts what stands before it), `assumed` (the file does not say it and the
    records must, so that a plain assumption was made) or `open` (the file does not say it, and nor do the records).

    >>> str(NotCarried("INDI.NAME", 12, "identifier")).replace("\u202f", " ")
    'INDI.NAME × 12 : identifie des personnes'
    """

    what: str
    count: int
    reason: Why

    def __str__(self) -> str:
        return self.told("fr")

    def told(self, lang: str) -> str:
        """One line for a reader."""
        why = message(f"exchange.reason_{self.reason}", lang)
        return message("exchange.not_carried", lang, what=self.what, n=self.count, why=why)


_LINE = re.compile(r"(?P<what>[A-Za-z0-9_., ()?-]+) × (?P<n>\d+)\W")
_NAMES = """
node edge data graph kind name ABBR ADDR ADOP AGE AGNC ALIA ANCI ANUL ASSO AUTH BAPL BAPM BARM BASM BIRT BLES
BURI CALN CAST CAUS CENS CHAN CHAR CHIL CHR CHRA CITY CONC CONF CONL CONT COPR CORP CREA CREM CTRY DATA DATE
DEAT DESC DESI DEST DIV DIVF DSCR EDUC EMAIL EMIG ENDL ENGA EVEN EXID FACT FAM FAMC FAMF FAMS FAX FCOM FILE FORM
GEDC GIVN GRAD HEAD HUSB IDNO IMMI INDI INIL LANG LATI LONG MAP MARB MARC MARL MARR MARS MEDI MIME NAME NATI
NATU NCHI NICK NMR NO NOTE NPFX NSFX OBJE OCCU ORDI ORDN PAGE PEDI PHON PHRASE PLAC POST PROB PROP PUBL QUAY
REFN RELA RELI REPO RESI RESN RETI RFN RIN ROLE ROMN SCHMA SEX SLGC SLGS SNOTE SOUR SPFX SSN STAE STAT SUBM SUBN
SURN TAG TEMP TEXT TIME TITL TRAN TRLR TYPE UID VERS WIFE WILL WWW
FID IID PAT MAT SEX PHENO1 COV self filiation synthetic hyperedge port
AudioSource Case Code Coding Description Graph Link Note NoteRef PDFSelection PDFSource PictureSource
PlainTextSelection Project Set TextSource User Variable VariableValue VideoSource characters color creatingUser
creationDateTime isCodable startPosition
"""
_STANDARD_NAMES = frozenset(_NAMES.split())
"""Names of structures in the standards (GEDCOM 5.5.1 and 7, GraphML, PED, REFI-QDA), which say nothing of anybody."""


def is_standard(line: str) -> bool:
    """Whether a line of what an import left is in our words and names nothing but what the standards or tables name.

    >>> is_standard(str(NotCarried("INDI.BIRT.PLAC", 3, "identifier"))), is_standard("INDI._DUPONT × 1 : autre")
    (True, False)
    """
    found = _LINE.match(line)
    if not found:
        return False
    ours = {name for table in table_names() for name in (table, *(str(each["name"]) for each in fields(table)))}
    ours |= {word for of in ("node", "edge", "identifying") for word in foreign_words(f"graphml.{of}")}
    parts = [part for part in re.split(r"[. ,()?]+", found["what"]) if part]
    said = (NotCarried(found["what"], int(found["n"]), why).told(lang) for why in Why for lang in LANGUAGES)
    return all(part in _STANDARD_NAMES or part in ours or part.lower() in ours for part in parts) and line in said


LEFT, JOINED, KEPT = "left", "joined", "kept"


@dataclass(frozen=True)
class Doubt:
    """A line of a file that is not sound, and what was done: `left` out, `joined` to the one before, `kept`, `open`."""

    fault: Fault
    done: str

    def told(self, lang: str) -> str:
        """One line for a reader: file, line, rule, and what was done; never content."""
        done = message(f"exchange.doubt_{self.done}", lang)
        return message("exchange.doubt", lang, fault=self.fault.told(lang), done=done)


class Report(list[NotCarried]):
    """What an import or export did not carry; `doubts` are the lines of an imported file that are not sound."""

    def __init__(self, left: Iterable[NotCarried] = (), doubts: Iterable[Doubt] = ()) -> None:
        super().__init__(left)
        self.doubts = tuple(sorted(set(doubts), key=lambda each: (each.fault.row or 0, each.fault.rule)))


class Tally:
    """Counts of what was not carried, by what and why."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, Why]] = Counter()

    def add(self, what: str, reason: Why, count: int = 1) -> None:
        """Count one more, or several."""
        if count:
            self._counts[what, reason] += count

    def listed(self) -> list[NotCarried]:
        """Everything counted, by reason and name."""
        found = [NotCarried(what, count, reason) for (what, reason), count in self._counts.items()]
        return sorted(found, key=lambda each: (list(Why).index(each.reason), each.what))


@dataclass(frozen=True, kw_only=True)
class ForeignPerson:
    """A person by their key in the file; `born` is a birth year known exactly, used for checks and ages only.

    `life` is empty where the file does not say whether they are alive, `death` a month or a year where it dates one;
    `stays` are kind, first and last month or year of each placement, stay in hospital or in prison.
    """

    key: str
    line: int
    gender: str = ""
    life: str = ""
    death: str = ""
    age: int | None = None
    age_band: str = ""
    born: int | None = None
    role: str = ""
    residence: str = ""
    index: bool = False
    birth_order: int | None = None
    twin_group: str = ""
    identical: bool = False
    stays: tuple[tuple[str, str, str], ...] = ()
    household: str = ""


@dataclass(frozen=True, kw_only=True)
class ForeignActor:
    """A service, professional or other person.

    `relation` is a code of ours (friend, neighbour, …), `label` a service's name; `household` is empty for who stands
    around the one household there is, and None for who works with several.
    """

    key: str
    line: int
    kind: str
    relation: str = ""
    label: str = ""
    sector: str = ""
    household: str | None = None


@dataclass(frozen=True, kw_only=True)
class ForeignCouple:
    """Two partners and the state of their union, its first and last month; empty where unknown."""

    a: str
    b: str
    line: int
    state: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True, kw_only=True)
class ForeignFiliation:
    """A parent and a child; `told` is False where the file gives no kind, `kind` empty where no code says it.

    `start` is the month or year of an adoption that the file dates.
    """

    parent: str
    child: str
    line: int
    kind: str = "birth"
    told: bool = True
    start: str = ""


@dataclass(frozen=True, kw_only=True)
class ForeignTie:
    """A tie between two keys; an end that is None is the whole household, `relation` a code of ours."""

    source: str | None
    target: str | None
    line: int
    direction: str = "unknown"
    quality: str = ""
    strength: str = ""
    relation: str = ""
    household: str = ""


@dataclass(kw_only=True)
class ForeignFile:
    """Everything an exchange file says that records can hold; `own` is one that bears the mark of our exports."""

    file: str
    format: str
    own: bool = False
    households: list[str] = field(default_factory=list)
    persons: list[ForeignPerson] = field(default_factory=list)
    actors: list[ForeignActor] = field(default_factory=list)
    couples: list[ForeignCouple] = field(default_factory=list)
    filiations: list[ForeignFiliation] = field(default_factory=list)
    ties: list[ForeignTie] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    doubts: list[Doubt] = field(default_factory=list)

    def doubt(self, line: int, key: str, done: str = LEFT, **values: object) -> None:
        """Note a line that is not sound, and what is done with it; the rest of the file is taken all the same."""
        self.doubts.append(Doubt(fault(self.file, line, key, **values), done))

    def doubted(self, line: int, key: str, done: str = LEFT, **values: object) -> bool:
        """Whether a rule is broken, which is a doubt; `key` is empty where none is."""
        if key:
            self.doubt(line, key, done, **values)
        return bool(key)


MARK = "clss"
"""The attribute of a graph by which we know a network that we wrote."""
NUMBERED = ("", "relative", "adult")
"""Roles that say too little to know somebody by: their persons have a number instead."""


def person_word(role: str, number: int | str, lang: str) -> str:
    """« Mère »; « Personne 7 » where no role says enough to know one by."""
    if role in NUMBERED:
        return message("exchange.person", lang, n=number)
    return label("family_role", role, lang).capitalize()


def actor_word(kind: str, sector: str, lang: str) -> str:
    """« Logement » where the sector is told, else « Service », « Autre personne »."""
    if sector:
        return label("sector", sector, lang).capitalize()
    return message("exchange.other", lang) if kind == "other_person" else label("actor_kind", kind, lang).capitalize()


def cell(row: pd.Series, column: str) -> str:
    """A cell as text, empty where unknown."""
    value = row[column]
    return "" if pd.isna(value) else str(value)


@cache
def foreign_words(of: str) -> Mapping[str, str]:
    """Words that files of other programs use, and the code that records have for each; empty where there is none.

    Args:
        of: a list of `words.csv`, such as `gedcom.relation`.

    >>> foreign_words("gedcom.relation")["buur"]
    'neighbour'
    """
    rows = shipped_rows("clss_analysis.records.exchange", "words.csv")
    return {row["word"]: row["code"] for row in rows if row["list"] == of}


def working_kind(words: str) -> str:
    """Code of a service or of those who work there, by its name or the first word of it; empty of anything else.

    >>> working_kind("école de devoirs"), working_kind("maison médicale"), working_kind("famille élargie")
    ('service', 'service', '')
    """
    kinds = foreign_words("graphml.kind")
    kind = kinds.get(words) or kinds.get(words.partition(" ")[0], "")
    return kind if kind in ("service", "professional") else ""


def fault(file: str, line: int | None, key: str, **values: object) -> Fault:
    """A fault of an exchange file, with its rule from the catalogue."""
    return Fault(file, line, None, message(f"exchange.{key}", "fr", **values))


def refuse(faults: Iterable[Fault]) -> None:
    """Stop where there is any fault.

    Raises:
        InvalidRecordsError: with all of them, by line.
    """
    found = sorted(set(faults), key=lambda each: (each.row or 0, each.rule))
    if found:
        raise InvalidRecordsError(found)


def stop(file: str, line: int | None, key: str, **values: object) -> InvalidRecordsError:
    """The error of one fault, to be raised."""
    return InvalidRecordsError([fault(file, line, key, **values)])


def content_of(path: Path, limit_mb: int | None = None) -> bytes:
    """The bytes of a regular file within the limit.

    Raises:
        InvalidRecordsError: there is no such file, it cannot be read, is empty or is too large.
    """
    name = str(path)
    limit_mb = LIMIT_MB if limit_mb is None else limit_mb
    try:
        if not path.is_file():
            raise stop(name, None, "no_file")
        if path.stat().st_size > limit_mb * 2**20:
            raise stop(name, None, "too_large", limit=limit_mb)
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, InvalidRecordsError):
            raise
        raise stop(name, None, "unreadable") from None
    if not content.strip():
        raise stop(name, None, "empty")
    return content
