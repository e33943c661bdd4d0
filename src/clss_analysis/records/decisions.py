"""`review.csv`: what a person decided about words in free text that may point at someone.

The file holds no word of any text: a text is known by its hash, a stretch of it by its place.  A decision holds for
that very text in that column, so that a text that changes has to be looked at again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from hashlib import sha256
from pathlib import Path

from clss_analysis.records.faults import Fault
from clss_analysis.records.own_columns import NAME
from clss_analysis.records.schema import MONTH_FORM
from clss_analysis.records.sheet import decode, read_bytes
from clss_analysis.records.vocabulary import codes, message

DECISIONS = "review.csv"
_HASH = re.compile(r"[0-9a-f]{64}")
_PLACE = re.compile(r"[0-9]{1,7}")
_TABLE = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, order=True)
class Decision:
    """A stretch of a text that may stay, why, and who said so in which month."""

    table: str
    column: str
    text: str
    start: int
    end: int
    kind: str
    decision: str
    reason: str
    role: str
    month: str


_COLUMNS = tuple(each.name for each in fields(Decision))
_ALLOWED = {
    "kind": codes("identifier_kind"),
    "decision": tuple(code for code in codes("review_decision") if code != "mask"),
    "reason": codes("review_reason"),
    "role": codes("review_role"),
}
_FORMS = {"table": _TABLE, "column": NAME, "text": _HASH, "start": _PLACE, "end": _PLACE, "month": MONTH_FORM}


def text_hash(table: str, column: str, text: str) -> str:
    """The name under which a text of a column is known in `review.csv`.

    >>> text_hash("events", "detail", "Bail signé.")[:8]
    'fc2ee3b2'
    """
    return sha256(f"{table}.{column}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()


def decisions_text(decisions: Iterable[Decision]) -> str:
    """The text of `review.csv`."""
    lines = [",".join(_COLUMNS), *(",".join(map(str, astuple(each))) for each in sorted(set(decisions)))]
    return "".join(f"{line}\n" for line in lines)


def read_decisions(folder: Path) -> tuple[tuple[Decision, ...], list[Fault]]:
    """The decisions of a dataset folder, none where it has no such file, and the faults of the file."""
    if not (folder / DECISIONS).exists() and not (folder / DECISIONS).is_symlink():
        return (), []
    content = read_bytes(folder / DECISIONS, DECISIONS)
    text = content if isinstance(content, Fault) else decode(content, DECISIONS)
    if isinstance(text, Fault):
        return (), [text]
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return (), [Fault(DECISIONS, None, None, message("fault_quoting"))]
    if not lines or tuple(lines[0]) != _COLUMNS:
        return (), [Fault(DECISIONS, 1, None, message("identifiers.columns", columns=", ".join(_COLUMNS)))]
    faults: list[Fault] = []
    decisions: list[Decision] = []
    for line, row in enumerate(lines[1:], start=2):
        decision = decision_of(row)
        if isinstance(decision, Decision):
            decisions.append(decision)
        else:
            faults += [Fault(DECISIONS, line, column, rule) for column, rule in decision]
    return tuple(sorted(decisions)), faults


def decision_of(row: list[str]) -> Decision | list[tuple[str | None, str]]:
    """The decision that a row of texts says, or what is wrong with it, by column and rule."""
    if wrong := _wrong(row):
        return wrong
    cells = dict(zip(_COLUMNS, row, strict=True))
    places = {name: int(cells.pop(name)) for name in ("start", "end")}
    return Decision(**cells, **places)  # type: ignore[arg-type]  # the columns are the fields


def _wrong(row: list[str]) -> list[tuple[str | None, str]]:
    if len(row) != len(_COLUMNS):
        return [(None, message("fault_cells", expected=len(_COLUMNS), found=len(row)))]
    wrong: list[tuple[str | None, str]] = []
    for column, cell in zip(_COLUMNS, row, strict=True):
        if column in _ALLOWED and cell not in _ALLOWED[column]:
            wrong.append((column, message("identifiers.code", allowed=", ".join(_ALLOWED[column]))))
        elif column in _FORMS and not _FORMS[column].fullmatch(cell):
            wrong.append((column, message("identifiers.form")))
    return wrong
