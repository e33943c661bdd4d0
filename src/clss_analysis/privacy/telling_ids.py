"""Ids that say who is meant: found like words of a text, and replaced wherever a table cites them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from clss_analysis.privacy.identifiers import Finding, Memory, find_in_all
from clss_analysis.records import Records
from clss_analysis.records.schema import table_names, table_schema

ID = "id"
_MAY_TELL = re.compile(r"[A-Za-z]{4}|\d(?:[_-]?\d){5}")
_SEAM = re.compile(r"[_-]|(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")


def ids_that_may_tell(records: Records) -> Iterable[tuple[str, str]]:
    """Table and id of every row of a household, and of every consent, whose id is longer than a code.

    >>> import clss_analysis as clss
    >>> list(ids_that_may_tell(clss.records.synthesise(2, 1)))
    []
    """
    for table in table_names():
        frame = records.table(table)
        if "household" in frame.columns:
            frame = frame[frame["household"].notna()]
        elif table not in ("households", "consents"):
            continue
        yield from ((table, str(each)) for each in frame[ID] if _MAY_TELL.search(each))


def find_in_ids(ids: Iterable[str], lang: str, memory: Memory) -> list[tuple[Finding, ...]]:
    """For each id one finding of the whole of it, where a part may point at someone."""
    wanted = list(ids)
    found = find_in_all([_SEAM.sub(" ", each) for each in wanted], lang, memory=memory)
    return [
        (Finding(0, len(each), inside[0].kind, inside[0].confidence, inside[0].rule),) if inside else ()
        for each, inside in zip(wanted, found, strict=True)
    ]


def with_other_ids(records: Records, telling: Iterable[tuple[str, str]]) -> Records:
    """The records with some ids (table, id) replaced by codes, in their table and wherever they are cited."""
    codes: dict[str, dict[str, str]] = {}
    for table, told in sorted(set(telling)):
        codes.setdefault(table, {})[told] = ""
    for table, renamed in codes.items():
        taken, number = set(records.table(table)[ID]), 0
        for told in renamed:
            while not renamed[told] or renamed[told] in taken:
                number += 1
                renamed[told] = f"x{number}"
    tables = {}
    for table in table_names():
        frame = records.table(table)
        for column, target in ((ID, table), *_cited(table)):
            if target in codes:
                frame = frame.assign(**{column: frame[column].replace(codes[target]).astype("string")})
        if frame is not records.table(table):
            tables[table] = frame
    homes = codes.get("households", {})
    said = {
        (table, codes.get(table, {}).get(row, row), column): texts
        for (table, row, column), texts in records.translations.items()
    }
    return replace(records.with_tables(**tables), figure_ids=_renamed(records.figure_ids, homes), translations=said)


def _cited(table: str) -> Iterable[tuple[str, str]]:
    for key in table_schema(table)["schema"]["foreignKeys"]:
        yield key["fields"][0], key["reference"]["resource"] or table


def _renamed(figures: Mapping[str, Mapping[str, str]], homes: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {
        figure: {**what, "case": homes.get(what["case"], what["case"])} if "case" in what else dict(what)
        for figure, what in figures.items()
    }
