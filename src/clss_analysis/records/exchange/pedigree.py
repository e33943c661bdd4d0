"""PED, the six-column linkage format: family, person, father, mother, sex, phenotype."""

from __future__ import annotations

import re
from dataclasses import dataclass

from clss_analysis.records.exchange.foreign import (
    IDENTIFIER,
    LIMIT_LINE,
    LIMIT_NODES,
    NO_PLACE,
    UNCLEAR,
    ForeignFile,
    ForeignFiliation,
    ForeignPerson,
    foreign_words,
    refuse,
    stop,
)

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_COLUMNS = 6
_FIVE = ("family", "person", "father", "mother", "sex")
_MARKS = re.compile(r"[\t,;]")


@dataclass(frozen=True)
class _Row:
    line: int
    family: str
    person: str
    parents: tuple[str, str]
    sex: str


def read_pedigree(content: bytes, file: str) -> ForeignFile:
    """Families of a PED file: one household per family id, filiations from the columns of father and mother.

    Columns are set apart by tabs, spaces, commas or semicolons; a header line says their order where it names them, as
    tables of PLINK, Madeline and kinship2 do; other lines that start with # are passed over.  A parent 0, -9,
    -1, `.`, NA or None is unknown.  Sex 1 is man, 2 woman (or male, female, M, F), anything else unknown.  Two parents
    of a child are recorded as such, not as a couple: the format knows no unions.  The phenotype and further columns
    are counted and not carried.

    Raises:
        InvalidRecordsError: too few columns, a parent who is not in the family, a person twice, or no text at all.
    """
    found = ForeignFile(file=file, format="PED")
    rows = _rows(content, found)
    known: dict[tuple[str, str], _Row] = {}
    for row in rows:
        if known.setdefault((row.family, row.person), row) is not row:
            found.doubt(row.line, "twice")
    for row in known.values():
        sex = row.sex.lower()
        if sex not in foreign_words("ped.sex"):
            found.tally.add("sex", UNCLEAR)
        gender = foreign_words("ped.sex").get(sex, "")
        found.persons.append(
            ForeignPerson(key=_key(row.family, row.person), line=row.line, gender=gender, household=row.family)
        )
        for parent in row.parents:
            if not parent or parent.lower() in foreign_words("ped.nobody"):
                continue
            if (row.family, parent) not in known:
                found.doubt(row.line, "ped_parent")
            elif row.parents == (parent, parent):
                found.doubt(row.line, "self")
            else:
                key, child = _key(row.family, parent), _key(row.family, row.person)
                found.filiations.append(ForeignFiliation(parent=key, child=child, line=row.line))
        for column, parent in zip(("woman", "man"), row.parents, strict=True):
            other = known.get((row.family, parent))
            if other is not None and foreign_words("ped.sex").get(other.sex.lower()) == column:
                found.tally.add("father/mother", UNCLEAR)
    found.tally.add("family id", IDENTIFIER, len({row.family for row in rows}))
    found.tally.add("individual id", IDENTIFIER, len(rows))
    return found


def _key(family: str, person: str) -> str:
    return f"{family}\t{person}"


def _rows(content: bytes, found: ForeignFile) -> list[_Row]:
    file = found.file
    if content.startswith((b"PK\x03\x04", b"\x1f\x8b", b"%PDF")):
        raise stop(file, 1, "ped_columns", expected=_COLUMNS)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise stop(file, content.count(b"\n", 0, error.start) + 1, "encoding") from None
    rows: list[_Row] = []
    places, needed = dict(zip(_FIVE, range(_COLUMNS), strict=False)), _COLUMNS
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if len(line) > LIMIT_LINE:
            raise stop(file, number, "long_line", limit=LIMIT_LINE)
        if _CONTROL.search(line):
            raise stop(file, number, "control")
        cells = (
            [cell.strip().strip('"') for cell in _MARKS.split(line)] if _MARKS.search(line.strip()) else line.split()
        )
        if named := _named(cells) if not rows else {}:
            places, needed = named, 1 + max(named.values())
        if not line.strip() or line[0] == "#" or named:
            continue
        if len(cells) < needed:
            found.doubt(number, "ped_columns", expected=needed)
            continue
        if len(rows) == LIMIT_NODES:
            raise stop(file, number, "too_many", limit=LIMIT_NODES)
        others = [cell for place, cell in enumerate(cells) if place not in places.values()]
        if others and others[0].lower() not in foreign_words("ped.nobody"):
            found.tally.add("phenotype", NO_PLACE)
        found.tally.add("columns 7+", NO_PLACE, len(others) - 1 if others else 0)
        family, person, father, mother, sex = (cells[places[name]] if name in places else "" for name in _FIVE)
        rows.append(_Row(number, family, person, (father, mother), sex))
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
        plain = re.sub("[^a-z]", "", cell.lower())
        if plain in words:
            found.setdefault(words[plain], place)
    return found if {"person", "father", "mother"} <= found.keys() else {}
