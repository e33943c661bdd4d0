"""Texts of a dataset in another language: what `translations.csv` says, else a code's words, else nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from clss_analysis.records.context import read_rows
from clss_analysis.records.descriptor import ID
from clss_analysis.records.escape import csv_text
from clss_analysis.records.faults import Fault, InvalidRecordsError, in_order
from clss_analysis.records.own_columns import OwnFields
from clss_analysis.records.schema import Descriptor, fields, table_names
from clss_analysis.records.vocabulary import in_terms, label, message

if TYPE_CHECKING:
    from clss_analysis.records.tables import Records

FILE = "translations.csv"
LANGUAGES = ("nl", "en")
COLUMNS = ("table", "row", "column", *LANGUAGES)
Some = TypeVar("Some", bound="Records")
Place = tuple[str, str, str]
Words = Mapping[Place, Mapping[str, str]]
_BY_CODE = {
    ("events", "label"): ("event_kind", "kind"),
    ("persons", "label"): ("family_role", "role"),
    ("programme", "label"): ("programme_section", "section"),
}
_NAMES = frozenset({("actors", "label"), ("actors", "institution"), ("households", "neighbourhood")})
_KEPT = frozenset({"source"})


def read_translations(folder: Path, own: OwnFields = MappingProxyType({})) -> Words:
    """Read `translations.csv` of a dataset: table, row, column, and the text in Dutch and English.

    Args:
        folder: the dataset.
        own: columns that it adds to tables.

    Returns:
        (table, row id, column) → language → text; empty where the dataset has no such file.

    Raises:
        InvalidRecordsError: the file is not sound; one line per fault.

    >>> read_translations(Path("data/publication"))["events", "C1-e1", "label"]["nl"]
    'Dreigende uithuiszetting'
    """
    if not (folder / FILE).exists():
        return {}
    translatable = {table: free_text(table, own.get(table, ())) for table in table_names()}
    rows, faults = read_rows(folder / FILE, COLUMNS, frozenset(), {}, ("table", "column", "row"))
    faults += [
        Fault(FILE, line, "column", message("translations.place"))
        for line, row in rows.items()
        if not ID.fullmatch(row["row"]) or row["column"] not in translatable.get(row["table"], ())
    ]
    if faults:
        raise InvalidRecordsError(in_order(faults))
    told = {(row["table"], row["row"], row["column"]): row for row in rows.values()}
    return {place: {lang: row[lang] for lang in LANGUAGES if row[lang].strip()} for place, row in told.items()}


def translations_text(words: Words) -> str:
    """The text of `translations.csv`."""
    rows = ((*place, *(said.get(lang, "") for lang in LANGUAGES)) for place, said in words.items())
    return csv_text([COLUMNS, *rows])


def free_text(table: str, own: Sequence[Descriptor] = ()) -> tuple[str, ...]:
    """The columns of a table that hold words rather than codes; `source` stays in the language of what it names.

    Args:
        table: the table.
        own: columns that the dataset adds to it.

    >>> free_text("events")
    ('label', 'detail')
    """
    if table not in table_names():
        return ()
    return tuple(
        str(field["name"])
        for field in (*fields(table), *own)
        if field["type"] == "string" and not {"enum", "pattern"} & set(field.get("constraints", {}))
        and "vocabulary" not in field
        and field["name"] not in _KEPT
    )  # fmt: skip


def translated(records: Some, lang: str) -> tuple[Some, tuple[str, ...]]:
    """The records with their texts in a language, and nothing left in another one.

    A text that `records.translations` does not hold becomes the words of the row's code (the kind of an event, the role
    of a person), a household's label its id; a name of a service that is a term of the glossary is said in it, another
    stays a name; any other text is left out.

    Args:
        records: a dataset or a case of it.
        lang: fr, nl or en; in the dataset's own language nothing changes.

    Returns:
        The records, and the places without a translation, as `table/row.column`.
    """
    if lang == records.language:
        return records, ()
    tables: dict[str, pd.DataFrame] = {}
    missing: list[str] = []
    for table in table_names():
        frame, columns = records.table(table), free_text(table, records.own_fields.get(table, ()))
        if frame.empty or not columns:
            continue
        rows = frame.to_dict("records")
        for column in columns:
            said = [_cell(table, column, row, records.translations, (records.language, lang)) for row in rows]
            missing += [f"{table}/{row['id']}.{column}" for row, (_, told) in zip(rows, said, strict=True) if not told]
            frame[column] = pd.array([cell for cell, _ in said], dtype="string")
        tables[table] = frame
    return records.with_tables(**tables), tuple(missing)


def spoken(records: Some, lang: str) -> Some:
    """The records spoken of in a language, with the texts that `records.translations` has in it; the others stay.

    What a cell says as it is written stands among the translations of what comes back.

    >>> import clss_analysis as clss
    >>> spoken(clss.read("data/publication"), "nl").programme["label"].iloc[0]
    'Huisvesting'
    """
    if lang == records.language:
        return records if lang == records.lang else records.in_language(lang)
    told = {at: said[lang] for at, said in records.translations.items() if lang in said}
    tables: dict[str, pd.DataFrame] = {}
    words = dict(records.translations)
    for table, column in sorted({(table, column) for table, _, column in told}):
        frame = tables.get(table, records.table(table))
        if not frame.empty:
            cells = [((table, row, column), cell) for row, cell in zip(frame["id"], frame[column], strict=True)]
            written = {at: cell for at, cell in cells if at in told and pd.notna(cell) and cell != told[at]}
            words |= {at: {**words[at], records.language: cell} for at, cell in written.items()}
            frame[column] = pd.array([told.get(at, cell) for at, cell in cells], dtype="string")
            tables[table] = frame
    return replace(records, translations=words).with_tables(**tables).in_language(lang)


def credited(records: Records) -> str:
    """What the source line of a figure says: `source`, or its words in `lang`, of `source_lines` in the descriptor."""
    return str(records.extra.get("source_lines", {}).get(records.lang, records.source))


def _cell(table: str, column: str, row: Mapping[Any, Any], words: Words, between: tuple[str, str]) -> tuple[Any, bool]:
    own, lang = between
    if pd.isna(row[column]):
        return pd.NA, True
    said = words.get((table, str(row["id"]), column), {}).get(lang)
    if said is not None:
        return said, True
    if (table, column) in _NAMES:
        return in_terms(str(row[column]), own, lang) or row[column], True
    if (table, column) in _BY_CODE:
        vocabulary, code = _BY_CODE[table, column]
        text = label(vocabulary, str(row[code]), lang)
        return text[:1].upper() + text[1:], False
    return (row["id"] if column == "label" and table == "households" else pd.NA), False
