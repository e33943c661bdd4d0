"""PED, the six-column linkage format: family, person, father, mother, sex, phenotype."""

from __future__ import annotations

import re
from dataclasses import dataclass

from clss_analysis.records.exchange.found import (
    IDENTIFIER,
    LIMIT_LINE,
    LIMIT_NODES,
    NO_PLACE,
    UNCLEAR,
    Found,
    FoundFiliation,
    FoundPerson,
    fault,
    refuse,
    stop,
)
from clss_analysis.records.faults import Fault

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SEX = {"1": "man", "m": "man", "male": "man", "2": "woman", "f": "woman", "female": "woman"}
_SEX_UNKNOWN = {"0", "-9", "-1", "3", "other", "unknown", "none", "na", "u"}
_NOBODY = {"0", "-9", "-1", "none", "na", "."}
_HEADER = re.compile(r"#|(family|fid|kindred|ped|famid)[ _-]?(id)?\s", re.IGNORECASE)
_COLUMNS = 6


@dataclass(frozen=True)
class _Row:
    line: int
    family: str
    person: str
    parents: tuple[str, str]
    sex: str


def read_pedigree(content: bytes, file: str) -> Found:
    """Families of a PED file: one household per family id, filiations from the columns of father and mother.

    Columns are set apart by tabs or spaces; lines that start with # and a header line are passed over.  A parent 0, -9,
    -1, `.`, NA or None is unknown.  Sex 1 is man, 2 woman (or male, female, M, F), anything else unknown.  Two parents
    of a child are recorded as such, not as a couple: the format knows no unions.  The phenotype and further columns
    are counted and not carried.

    Raises:
        InvalidRecordsError: too few columns, a parent who is not in the family, a person twice, or no text at all.
    """
    found = Found(file=file, format="PED")
    rows = _rows(content, found)
    faults: list[Fault] = []
    known: dict[tuple[str, str], _Row] = {}
    faults += [
        fault(file, row.line, "twice") for row in rows if known.setdefault((row.family, row.person), row) is not row
    ]
    for row in rows:
        sex = row.sex.lower()
        if sex not in _SEX and sex not in _SEX_UNKNOWN:
            found.tally.add("sex", UNCLEAR)
        gender = _SEX.get(sex, "")
        found.persons.append(
            FoundPerson(key=_key(row.family, row.person), line=row.line, gender=gender, household=row.family)
        )
        for parent in row.parents:
            if parent.lower() in _NOBODY:
                continue
            if (row.family, parent) not in known:
                faults.append(fault(file, row.line, "ped_parent"))
            elif row.parents == (parent, parent):
                faults.append(fault(file, row.line, "self"))
            else:
                key, child = _key(row.family, parent), _key(row.family, row.person)
                found.filiations.append(FoundFiliation(parent=key, child=child, line=row.line))
        for column, parent in zip(("woman", "man"), row.parents, strict=True):
            other = known.get((row.family, parent))
            if other is not None and _SEX.get(other.sex.lower()) == column:
                found.tally.add("father/mother", UNCLEAR)
    refuse(faults)
    found.tally.add("family id", IDENTIFIER, len({row.family for row in rows}))
    found.tally.add("individual id", IDENTIFIER, len(rows))
    return found


def _key(family: str, person: str) -> str:
    return f"{family}\t{person}"


def _rows(content: bytes, found: Found) -> list[_Row]:
    file = found.file
    if content.startswith((b"PK\x03\x04", b"\x1f\x8b", b"%PDF")):
        raise stop(file, 1, "ped_columns", expected=_COLUMNS)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise stop(file, content.count(b"\n", 0, error.start) + 1, "encoding") from None
    rows: list[_Row] = []
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if len(line) > LIMIT_LINE:
            raise stop(file, number, "long_line", limit=LIMIT_LINE)
        if _CONTROL.search(line):
            raise stop(file, number, "control")
        if not line.strip() or (_HEADER.match(line) and (line[0] == "#" or not rows)):
            continue
        cells = line.split()
        if len(cells) < _COLUMNS:
            raise stop(file, number, "ped_columns", expected=_COLUMNS)
        if len(rows) == LIMIT_NODES:
            raise stop(file, number, "too_many", limit=LIMIT_NODES)
        if cells[5].lower() not in _NOBODY:
            found.tally.add("phenotype", NO_PLACE)
        found.tally.add("columns 7+", NO_PLACE, len(cells) - _COLUMNS)
        rows.append(_Row(number, cells[0], cells[1], (cells[2], cells[3]), cells[4]))
    if not rows:
        raise stop(file, 1, "nobody")
    return rows
