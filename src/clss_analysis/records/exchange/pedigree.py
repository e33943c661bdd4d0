"""PED, the six-column linkage format: family, person, father, mother, sex, phenotype."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

from clss_analysis.records.exchange.foreign import (
    KEPT,
    LIMIT_LINE,
    LIMIT_NODES,
    ForeignFile,
    ForeignFiliation,
    ForeignPerson,
    Why,
    foreign_words,
    refuse,
    stop,
)
from clss_analysis.records.typography import plain

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_COLUMNS = 6  # columns that every PED file has
_FIVE = ("family", "person", "father", "mother", "sex")
_REMARK = re.compile("^[ \\t]*//.*", re.MULTILINE)
_MARKS = re.compile(r"[\t,;]")
_YES = ("1", "y", "yes", "oui", "ja", "true", "d", "dead", "deceased", "x")


@dataclass(frozen=True)
class _Row:
    line: int
    family: str
    person: str
    parents: tuple[str, str]
    sex: str
    told: Mapping[str, str]
    sign: str = ""


def read_pedigree(content: bytes, file: str) -> ForeignFile:
    """Families of a PED file: one household per family id, filiations from the columns of father and mother.

    Columns are set apart by tabs, spaces, commas or semicolons; a header line says their order where it names them, as
    tables of PLINK, Madeline and kinship2 do, also with one name a line; other lines that start with # or // are
    passed over.  A parent 0, -9, -1, `.`, NA or None is unknown.  Sex 1 is man, 2 woman (or male, female, M, F),
    anything else unknown.  Who is dead, the proband and twins are taken where the header names their column.  Two
    parents of a child are recorded as such, not as a couple: the format knows no unions.  The phenotype and further
    columns are counted and not carried.  In a table with a header an id that begins with + is of a person as
    adopted, and with - as born.

    Raises:
        InvalidRecordsError: too few columns, a parent who is not in the family, a person twice, or no text at all.
    """
    found = ForeignFile(file=file, format="PED")
    rows = _rows(content, found)
    known: dict[tuple[str, str], _Row] = {}
    twins: dict[tuple[str, ...], str] = {}
    nobody = {"", *foreign_words("ped.nobody")}
    for row in rows:
        first = known.setdefault((row.family, row.person), row)
        if first is not row and not (row.sign and row.sign != first.sign):
            found.doubt(row.line, "twice")
    for row in (each for each in rows if each.sign or known[each.family, each.person] is each):
        sex = row.sex.lower()
        if sex not in foreign_words("ped.sex"):
            found.tally.add("SEX", Why.UNCLEAR)
        gender = foreign_words("ped.sex").get(sex, "")
        pair = (row.family, *row.parents, row.told.get("twins", "").lower())
        if known[row.family, row.person] is row:
            found.persons.append(ForeignPerson(
                key=_key(row.family, row.person), line=row.line, gender=gender, household=row.family,
                life="deceased" if row.told.get("deceased", "").lower() in _YES else "",
                index=row.told.get("index", "").lower() in _YES,
                twin_group="" if pair[-1] in nobody else twins.setdefault(pair, f"J{len(twins) + 1}"),
            ))  # fmt: skip
        for parent in row.parents:
            if parent.lower() in nobody:
                continue
            if (row.family, parent) not in known:
                found.doubt(row.line, "ped_parent")
            elif row.parents == (parent, parent):
                found.doubt(row.line, "self")
            else:
                key, child = _key(row.family, parent), _key(row.family, row.person)
                kind = "adoption" if row.sign == "+" else "birth"
                found.filiations.append(ForeignFiliation(parent=key, child=child, line=row.line, kind=kind))
        for column, parent in zip(("woman", "man"), row.parents, strict=True):
            other = known.get((row.family, parent))
            if other is not None and foreign_words("ped.sex").get(other.sex.lower()) == column:
                found.tally.add("PAT, MAT", Why.UNCLEAR)
    found.tally.add("FID", Why.IDENTIFIER, len({row.family for row in rows}))
    found.tally.add("IID", Why.IDENTIFIER, len(rows))
    return found


def _key(family: str, person: str) -> str:
    return f"{family}\t{person}"


def _rows(content: bytes, found: ForeignFile) -> list[_Row]:
    file = found.file
    if content.startswith((b"PK\x03\x04", b"\x1f\x8b", b"%PDF")):
        raise stop(file, 1, "ped_columns", expected=_COLUMNS)
    try:
        text = content.decode("utf-16" if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig")
    except UnicodeDecodeError as error:  # no text of it is carried, and ids differ in any encoding
        found.doubt(content.count(b"\n", 0, error.start) + 1, "encoding", KEPT)
        text = content.decode("latin-1")
    rows: list[_Row] = []
    places = unnamed = dict(zip(_FIVE, range(_COLUMNS), strict=False))
    needed, shift = _COLUMNS, 0
    lines = re.split(r"\r\n|\n|\r", _REMARK.sub("", text))
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    stood = list(takewhile(lambda line: len(line.split()) == 1, lines[first:]))
    if named := _named(stood):  # Madeline: the name of each column on a line of its own
        places, needed, begun = named, 1 + max(named.values()), first + len(stood)
        lines[:begun] = [""] * begun
    for number, line in enumerate(lines, start=1):
        if len(line) > LIMIT_LINE:
            raise stop(file, number, "long_line", limit=LIMIT_LINE)
        if _CONTROL.search(line):
            raise stop(file, number, "control")
        cells = [
            cell.strip().strip('"') for cell in (_MARKS.split(line) if _MARKS.search(line.strip()) else line.split())
        ]
        if named := _named(cells) if not rows else {}:
            places, needed, shift = named, 1 + max(named.values()), len(cells) + 1
        if not line.strip() or line[0] == "#" or named:
            continue
        if len(cells) == shift and not rows:  # R numbers its rows in a first column without a name
            places = {name: place + 1 for name, place in places.items()}
        if len(cells) < needed:
            found.doubt(number, "ped_columns", expected=needed)
            continue
        if len(rows) == LIMIT_NODES:
            raise stop(file, number, "too_many", limit=LIMIT_NODES)
        others = [cell for place, cell in enumerate(cells) if place not in places.values()]
        if others and others[0].lower() not in foreign_words("ped.nobody"):
            found.tally.add("PHENO1", Why.NO_PLACE)
        found.tally.add("COV", Why.NO_PLACE, len(others) - 1 if others else 0)
        told = {name: cells[place] for name, place in places.items()}
        family, person, father, mother, sex = (told.get(name, "") for name in _FIVE)
        sign = person[:1] if person[:1] in ("+", "-") and places is not unnamed else ""
        rows.append(_Row(number, family, person.removeprefix(sign), (father, mother), sex, told, sign))
    if not rows:
        refuse(each.fault for each in found.doubts)
        raise stop(file, 1, "nobody")
    return rows


def _named(cells: list[str]) -> dict[str, int]:
    """Where the columns stand that a header names; empty where the line is no header.

    >>> _named(["#FID", "IID", "SEX", "PAT", "MAT"])
    {'family': 0, 'person': 1, 'sex': 2, 'father': 3, 'mother': 4}
    """
    words, found = foreign_words("ped.column"), dict[str, int]()
    for place, cell in enumerate(cells):
        title = re.sub("[^a-z]", "", plain(cell))
        if title in words:
            found.setdefault(words[title], place)
    return found if {"person", "father", "mother"} <= found.keys() else {}
