"""An import into a dataset that is there: what is new, changed and gone, and the state before kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from clss_analysis.records import Fault, InvalidRecordsError, Records, read
from clss_analysis.records.descriptor import FILE
from clss_analysis.records.schema import table_names
from clss_analysis.records.tables import load
from clss_analysis.records.typography import counted
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook.plan import CITED

_SHOWN = 12
"""Ids named in one line; more are counted."""
_OF_PLACE = ("id", "order")
"""What a row has by its place in a sheet, where nothing cites it."""


@dataclass(frozen=True)
class Differences:
    """Ids of a table's rows that an import brings, changes and takes away."""

    table: str
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]

    def told(self, lang: str) -> str:
        """One line by sheet and id."""
        parts = [
            message(f"update.{kind}", lang, ids=_some(ids, lang))
            for kind, ids in (("new", self.new), ("changed", self.changed), ("gone", self.gone))
            if ids
        ]
        sheet, what = message(f"workbook.sheet.{self.table}", lang), message("update.apart", lang).join(parts)
        return message("update.line", lang, sheet=sheet, what=what)


def dataset_before(out: Path, homes: Iterable[str], *, own: bool) -> Records | None:
    """The dataset that an import is about to replace.

    Args:
        out: its folder.
        homes: ids of the households imported.
        own: whether it is the dataset of the house, or else has to share a household with what is imported.

    Returns:
        The dataset; None where the folder holds none, or another one, which writing refuses to replace.

    Raises:
        InvalidRecordsError: the dataset that is there is not sound.
    """
    if not (out / FILE).is_file():
        return None
    try:
        before = read(out)
    except InvalidRecordsError:
        if len((out / "households.csv").read_bytes().splitlines()) > 1:
            raise
        before = load(out)  # one that nobody has filled yet is not sound
    shared = set(map(str, before.households["id"])) & set(homes)
    return before if own or shared or not len(before.households) else None


def differences(before: Records, after: Records) -> list[Differences]:
    """What an import changes, by table in the order of the schema; tables that stay as they are are left out."""
    found = [between(table, _rows(before, table), _rows(after, table)) for table in table_names()]
    return [each for each in found if each.new or each.changed or each.gone]


def refuse_emptied(before: Records, after: Records, file: str, lang: str) -> None:
    """Refuse an import after which a table that had rows has none.

    Raises:
        InvalidRecordsError: one line, with the sheets.
    """
    emptied = [each for each in table_names() if len(before.table(each)) and not len(after.table(each))]
    if emptied:
        sheets = ", ".join(message(f"workbook.sheet.{each}", lang) for each in emptied)
        raise InvalidRecordsError([Fault(file, None, None, message("update.emptied", lang, sheets=sheets))], lang)


def between(table: str, before: dict[str, tuple[str, ...]], after: dict[str, tuple[str, ...]]) -> Differences:
    """Rows compared by id; where ids were given by place, a row that only moved is none.

    Args:
        table: whose rows these are.
        before: what each row said, by id.
        after: what it says now.
    """
    if table not in CITED:
        common = Counter(before.values()) & Counter(after.values())
        before, after = _without(before, common.copy()), _without(after, common.copy())
    return Differences(
        table,
        tuple(each for each in after if each not in before),
        tuple(each for each, row in after.items() if each in before and before[each] != row),
        tuple(each for each in before if each not in after),
    )


def _without(rows: dict[str, tuple[str, ...]], common: Counter[tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    left = {}
    for each, row in rows.items():
        if common[row]:
            common[row] -= 1
        else:
            left[each] = row
    return left


def _rows(records: Records, table: str) -> dict[str, tuple[str, ...]]:
    frame = records.table(table)
    passed = ("id",) if table in CITED else _OF_PLACE
    names = [name for name in frame.columns if name not in passed]
    told = (
        [f"{name}={cell}" if known and str(cell) else "" for cell, known in zip(cells, cells.notna(), strict=True)]
        for name, cells in ((name, frame[name].astype("object")) for name in names)
    )
    return {str(key): tuple(filter(None, row)) for key, row in zip(frame["id"], zip(*told, strict=True), strict=True)}


def _some(ids: tuple[str, ...], lang: str) -> str:
    shown = ", ".join(ids[:_SHOWN])
    return shown if len(ids) <= _SHOWN else counted("update.more", len(ids) - _SHOWN, lang, ids=shown)
