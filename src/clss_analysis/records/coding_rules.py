"""Rules of codings: the same household as the statement, a passage that lies within it, each given once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clss_analysis.records.faults import Fault
from clss_analysis.records.sheet import Sheet
from clss_analysis.records.vocabulary import message


def coding_faults(sheets: Mapping[str, Sheet]) -> Iterable[Fault]:
    """Faults of the table `codings` that the schema cannot say.

    Args:
        sheets: the tables that could be read.
    """
    if "codings" not in sheets or "statements" not in sheets:
        return
    sheet = sheets["codings"]
    statements = {row["id"]: row for _, row in sheets["statements"].records()}
    seen: set[tuple[str, ...]] = set()
    for line, row in sheet.records():
        key = tuple(row[name] for name in ("statement", "code", "coder", "start", "end"))
        if key in seen:
            yield _at(sheet, line, "code", "coding.fault_twice")
        seen.add(key)
        if (row["start"] == "") != (row["end"] == ""):
            yield _at(sheet, line, "end" if row["start"] else "start", "coding.fault_half")
        statement = statements.get(row["statement"])
        if statement is None:
            continue
        if row["household"] != statement["household"]:
            yield _at(sheet, line, "household", "coding.fault_elsewhere")
        if row["start"].isdecimal() and row["end"].isdecimal() and max(len(row["start"]), len(row["end"])) < 10:
            start, end = int(row["start"]), int(row["end"])
            if not start < end <= len(statement["text"]):
                yield _at(sheet, line, "end", "coding.fault_outside")


def _at(sheet: Sheet, line: int, column: str, key: str) -> Fault:
    return Fault(sheet.file, line, column, message(key))
