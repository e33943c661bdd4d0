"""What tells made-up rows from others: a dataset that was made up says the hash of each of its rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import TypeVar

import pandas as pd

from clss_analysis.records.columns import texts
from clss_analysis.records.descriptor import FILE, SIGNATURE
from clss_analysis.records.schema import Descriptor, table_names
from clss_analysis.records.tables import Records

_LONG = 12  # hexadecimal digits of a row's mark: of a million rows two are alike by chance in 2 of 1,000 cohorts
Some = TypeVar("Some", bound=Records)


def signed(records: Some) -> Some:
    """The records with the hashes of all their rows in the descriptor: who calls this says that they are made up.

    >>> import clss_analysis as clss
    >>> list(signed(clss.read("data/demo")).extra["synthetic_rows"])[:2]
    ['datapackage', 'households']
    """
    hashes = {table: "".join(dict.fromkeys(map(_hash, rows))) for table, rows in _rows(records)}
    return replace(records, extra={**records.extra, SIGNATURE: {table: each for table, each in hashes.items() if each}})


def agrees(records: Records, said: object) -> bool:
    """Whether every row and word of the records is among the hashes that a descriptor said."""
    if not isinstance(said, Mapping):
        return False
    for table, rows in _rows(records):
        text = str(said.get(table, ""))
        known = {text[place : place + _LONG] for place in range(0, len(text), _LONG)}
        if not all(_hash(row) in known for row in rows):
            return False
    return True


def _rows(records: Records) -> Iterator[tuple[str, list[str]]]:
    """Every table and its rows as one text each; what the descriptor says and translations are rows as well."""
    extra = ({key: each} for key, each in sorted(records.extra.items()) if key != SIGNATURE)
    figures = ({key: each} for key, each in sorted(records.figure_ids.items()))
    words = ([*place, said] for place, said in sorted(records.translations.items()))
    own = ({table: list(added)} for table, added in sorted(records.own_fields.items()))
    told = [records.name, records.title, records.description, records.source, *extra, *figures, *own, *words]
    yield FILE.removesuffix(".json"), [json.dumps(each, ensure_ascii=False, sort_keys=True) for each in told]
    for table in table_names():
        if (frame := records.table(table)).empty:
            continue
        columns = [_signed(frame, field) for field in records.fields(table)]
        rows = zip(*columns, strict=True)
        yield table, ["\x1f".join((table, *(cell for cell in row if cell is not None))) for row in rows]


def _signed(frame: pd.DataFrame, field: Descriptor) -> Iterable[str | None]:
    """The cells of a column; of one that older datasets do without, those that say something, with its name."""
    cells = texts(frame, str(field["name"]), field["type"])
    return [f"{field['name']}={cell}" if cell else None for cell in cells] if field.get("optional") else cells


def _hash(row: str) -> str:
    return blake2b(row.encode("utf-8", "surrogatepass"), digest_size=_LONG // 2).hexdigest()
