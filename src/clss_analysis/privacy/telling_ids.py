"""Ids and names of own columns that say who is meant: found like words of a text, and replaced wherever they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from clss_analysis.privacy.identifiers import any_may_tell, may_tell
from clss_analysis.records import Records
from clss_analysis.records.schema import table_names, table_schema

PACKAGE, ID = "datapackage", "id"
_COLUMNS = ".*"
"""After the name of a table: the names of the columns that a dataset adds to it, which hold no asterisk."""
_IDS = (*((table, ID) for table in table_names()), ("persons", "twin_group"))


def ids_that_may_tell(records: Records) -> Iterable[tuple[str, str, str]]:
    """Table, column and id of every row, group of twins, figure and own column, and the dataset's name, but for codes.

    >>> import clss_analysis as clss
    >>> ("persons", "id", "S001-p1") in ids_that_may_tell(clss.records.synthesise(2, 1))
    False
    """
    for table, column in _IDS:
        told = records.table(table)[column].dropna().tolist()
        if any_may_tell(told):
            yield from ((table, column, each) for each in dict.fromkeys(told) if may_tell(each))
    added = ((f"{table}{_COLUMNS}", [str(each["name"]) for each in of]) for table, of in records.own_fields.items())
    for column, named in (("figure_ids", records.figure_ids), ("name", (records.name,)), *added):
        yield from ((PACKAGE, column, each) for each in named if may_tell(each))


def is_id(table: str, column: str) -> bool:
    """Whether a column of the tables or of the descriptor holds ids rather than words."""
    return (table, column) in _IDS or (
        table == PACKAGE and (column in ("figure_ids", "name") or column.endswith(_COLUMNS))
    )


def other_columns(records: Records, telling: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], str]:
    """By table and name, the new names (x_1, x_2 …) of those own columns that tell: `datapackage`, `table.*`, name."""
    new: dict[tuple[str, str], str] = {}
    for place, column, told in sorted(set(telling)):
        if place == PACKAGE and column.endswith(_COLUMNS):
            table = column.removesuffix(_COLUMNS)
            taken = {str(each["name"]).casefold() for each in records.fields(table)} | set(new.values())
            new[table, told] = next(name for n in count(1) if (name := f"x_{n}") not in taken)
    return new


def with_columns(records: Records, new: Mapping[tuple[str, str], str]) -> Records:
    """The records with own columns (table, name) under other names, wherever something is said of them."""

    def now(table: str, column: str) -> str:
        return new.get((table, column), column)

    if not new:
        return records
    own = {
        table: tuple({**each, "name": now(table, str(each["name"]))} for each in of)
        for table, of in records.own_fields.items()
    }
    frames = {table: records.table(table) for table, _ in new}
    tables: dict[str, Any] = {
        table: frame.rename(columns={column: now(table, str(column)) for column in frame})
        for table, frame in frames.items()
    }
    said = {(table, row, now(table, column)): text for (table, row, column), text in records.translations.items()}
    roles = {
        f"{table}.{now(table, column)}": role
        for (table, _, column), role in ((key.partition("."), role) for key, role in records.disclosure.items())
    }
    return replace(records, own_fields=own, translations=said, disclosure=roles, **tables)


def with_other_ids(records: Records, telling: Iterable[tuple[str, str, str]]) -> Records:
    """The records with some ids (table, column, id) replaced by codes, where they stand and wherever they are cited."""
    telling = sorted(set(telling))
    codes: dict[str, dict[str, str]] = {}
    others: dict[str, dict[str, str]] = {"twin_group": {}, "figure_ids": {}, "name": {}}
    for table, column, told in telling:
        if column.endswith(_COLUMNS):
            continue
        if column == ID:
            codes.setdefault(table, {})[told] = ""
        else:
            others[column][told] = f"x{len(others[column]) + 1}"
    for table, renamed in codes.items():
        taken, number = set(records.table(table)[ID]), 0
        for told in renamed:
            while not renamed[told] or renamed[told] in taken:
                number += 1
                renamed[told] = f"x{number}"
    tables = {}
    for table in table_names():
        columns = {column: codes[target] for column, target in ((ID, table), *_cited(table)) if target in codes}
        if columns:
            frame = records.table(table)
            coded = {column: frame[column].replace(new).astype("string") for column, new in columns.items()}
            tables[table] = frame.assign(**coded)
    if twins := others["twin_group"]:
        persons = tables.get("persons", records.persons)
        tables["persons"] = persons.assign(twin_group=persons["twin_group"].replace(twins).astype("string"))
    homes = codes.get("households", {})
    said = {
        (table, codes.get(table, {}).get(row, row), column): texts
        for (table, row, column), texts in records.translations.items()
    }
    figures = _renamed(records.figure_ids, homes, others["figure_ids"])
    name = others["name"].get(records.name, records.name)
    done = replace(records.with_tables(**tables), figure_ids=figures, name=name, translations=said)
    return with_columns(done, other_columns(records, telling))


def _cited(table: str) -> Iterable[tuple[str, str]]:
    for key in table_schema(table)["schema"]["foreignKeys"]:
        yield key["fields"][0], key["reference"]["resource"] or table


def _renamed(
    figures: Mapping[str, Mapping[str, str]], homes: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    told = {names.get(figure, figure): dict(what) for figure, what in figures.items()}
    return {
        figure: {key: homes.get(each, each) if key == "case" else each for key, each in what.items()}
        for figure, what in told.items()
    }
