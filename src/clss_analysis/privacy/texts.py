"""Everything of a dataset that is words: cells, translations, what the descriptor says, ids; read and replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from clss_analysis.privacy.telling_ids import PACKAGE, ids_that_may_tell, is_id, with_other_ids
from clss_analysis.records import Case, Records
from clss_analysis.records.columns import texts as texts_in
from clss_analysis.records.descriptor import EDITIONS, LICENCES, SIGNATURE, edition_groups
from clss_analysis.records.exchange.foreign import is_standard
from clss_analysis.records.own_columns import OwnFields, scanned
from clss_analysis.records.schema import Descriptor, fields, table_names
from clss_analysis.records.vocabulary import LANGUAGES

TRANSLATIONS, THEME, BOOK = "translations", "theme", "book"
Text = tuple[str, str, str]
"""Table (or datapackage, translations, theme, book), column and text."""
_OF_PACKAGE = ("title", "description", "source")
_OF_FIELD = ("title", "description", "unit")
_EXTRA = "extra"
_KNOWN_KEYS = frozenset({
    "as_of", "brief", "contact", "contributors", "created", "email", "homepage", "id", "keywords", "left_by_import",
    "licenses", "name", "path", "role", "source_lines", "sources", "title", "version",
    *LANGUAGES,
})  # fmt: skip
_KNOWN_TEXTS = frozenset({*LICENCES, "author", "contributor", "maintainer", "publisher", "wrangler"})
_HASHES = re.compile(r"([0-9a-f]{12})*")
_WORDS = re.compile(r"[^\W_]{3}|\d{6}")


def text_columns(own: OwnFields = MappingProxyType({})) -> tuple[tuple[str, str], ...]:
    """Table and column of every free text, and of own columns all that may hold what points at someone.

    >>> ("events", "detail") in text_columns(), ("events", "kind") in text_columns()
    (True, False)
    """
    added = [(table, str(each["name"])) for table, declared in own.items() for each in declared if scanned(each)]
    return (*_text_columns(), *added)


def texts_of(records: Records) -> dict[Text, list[str]]:
    """Table, column and text of every cell that holds one, and the ids of its rows.

    What the descriptor says beyond its own keys is among them (`extra`, a text in another language `extra_nl`), ids
    that may tell and, of a whole dataset, what it says of its rows in other languages (`translations`, by language):
    whether a capital there is explained, only the whole dataset can tell.  Of records spoken of in another language the
    cells are given as they are written.
    """
    texts: dict[Text, list[str]] = {}
    for column in _OF_PACKAGE:
        if text := getattr(records, column):
            texts[PACKAGE, column, text] = [column]
    for path, text in _leaves({key: each for key, each in records.extra.items() if not _is_made(key, each)}):
        if path[0] == "left_by_import" and is_standard(text):
            continue
        if text not in _KNOWN_TEXTS and _WORDS.search(text):
            texts.setdefault((PACKAGE, _extra_column(path, records), text), []).append(".".join(path))
    for table, declared in records.own_fields.items():
        for each in declared:
            column = f"{table}.{each['name']}"
            for text in _said_of(each):
                texts.setdefault((PACKAGE, column, text), [column])
    columns = text_columns(records.own_fields)
    frames = {table: records.table(table) for table, _ in columns}
    for table, column in columns:
        frame = frames[table]
        rows, cells = frame["id"].tolist(), texts_in(frame, column, _kind(records, table, column))
        if translated := records.translations:
            other = [translated.get((table, row, column), {}) for row in rows]
            cells = [each.get(records.language, cell) for cell, each in zip(cells, other, strict=True)]
        places: dict[str, list[str]] = {}
        for row, cell, known in zip(rows, cells, frame[column].notna().tolist(), strict=True):
            if known:
                places.setdefault(cell, []).append(row)
        texts |= {(table, column, cell): of for cell, of in places.items()}
    spoken = {} if isinstance(records, Case) else records.translations
    for (_, row, _), said in spoken.items():
        for lang, text in said.items():
            if lang != records.language:
                texts.setdefault((TRANSLATIONS, lang, text), []).append(row)
    return texts | {key: [key[2]] for key in ids_that_may_tell(records)}


def with_texts(records: Records, renamed: Mapping[Text, str]) -> Records:
    """The dataset with texts replaced wherever they stand; a renamed id becomes a code, whatever it is to be."""
    words = {key: new for key, new in renamed.items() if not is_id(*key[:2])}
    told: dict[str, Any] = {name: _renamed(records, name, words) for name in table_names()}
    own = {column: words.get((PACKAGE, column, getattr(records, column))) for column in _OF_PACKAGE}
    said = {
        place: {lang: words.get((TRANSLATIONS, lang, text), text) for lang, text in spoken.items()}
        for place, spoken in records.translations.items()
    }

    def new(path: tuple[str, ...], text: str) -> str:
        return words.get((PACKAGE, _extra_column(path, records), text), text)

    told["own_fields"] = _own_renamed(records.own_fields, words)
    told |= {column: text for column, text in own.items() if text is not None}
    done = replace(records, translations=said, extra=_with_leaves(records.extra, new), **told)
    return with_other_ids(done, (key for key in renamed if is_id(*key[:2])))


def language_of(key: Text, records: Records) -> str:
    """The language that a text is in."""
    if key[0] in (TRANSLATIONS, THEME, BOOK):
        return key[1]
    return key[1].removeprefix(f"{_EXTRA}_") if key[1].startswith(f"{_EXTRA}_") else records.language


def _is_made(key: str, value: object) -> bool:
    """Whether a key of the descriptor holds what the program wrote, and nothing else: hashes of rows, groups of ids."""
    if key == EDITIONS:
        return not value or bool(edition_groups({key: value}))
    return (
        key == SIGNATURE
        and isinstance(value, Mapping)
        and all(
            table in (PACKAGE, *table_names()) and isinstance(each, str) and _HASHES.fullmatch(each)
            for table, each in value.items()
        )
    )


def _extra_column(path: tuple[str, ...], records: Records) -> str:
    lang = path[-1] if path[-1] in LANGUAGES and path[-1] != records.language else ""
    return f"{_EXTRA}_{lang}" if lang else _EXTRA


def _leaves(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text, number and unknown key of a descriptor, and where: known keys by name, others by their rank."""
    if isinstance(value, Mapping):
        for rank, (key, each) in enumerate(value.items(), start=1):
            place = (*path, key if key in _KNOWN_KEYS else str(rank))
            if key not in _KNOWN_KEYS:
                yield place, str(key)
            yield from _leaves(each, place)
    elif isinstance(value, list | tuple):
        for rank, each in enumerate(value, start=1):
            yield from _leaves(each, (*path, str(rank)))
    elif value is not None and not isinstance(value, bool):
        yield path, str(value)


def _with_leaves(value: Any, new: Callable[[tuple[str, ...], str], str], path: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - whatever a descriptor may hold
    """The same descriptor with its texts, numbers and unknown keys as `new` gives them."""
    if isinstance(value, Mapping):
        made: dict[str, Any] = {}
        for rank, (key, each) in enumerate(value.items(), start=1):
            place = (*path, key if key in _KNOWN_KEYS else str(rank))
            told = key if key in _KNOWN_KEYS else new(place, str(key))
            made[told if told not in made else f"{told} {rank}"] = _with_leaves(each, new, place)
        return made
    if isinstance(value, list | tuple):
        return [_with_leaves(each, new, (*path, str(rank))) for rank, each in enumerate(value, start=1)]
    if value is None or isinstance(value, bool):
        return value
    told = new(path, str(value))
    return value if told == str(value) else told


@cache
def _text_columns() -> tuple[tuple[str, str], ...]:
    return tuple(
        (table, str(each["name"]))
        for table in table_names()
        for each in fields(table)
        if each["type"] == "string" and "vocabulary" not in each and "pattern" not in each.get("constraints", {})
    )


def _kind(records: Records, table: str, column: str) -> str:
    return next(str(each["type"]) for each in records.fields(table) if each["name"] == column)


def _said_of(field: Descriptor) -> list[str]:
    """What a dataset says of a column of its own."""
    said = [*(field.get(key) for key in _OF_FIELD), *field.get("constraints", {}).get("enum", ())]
    return [str(each) for each in said if each]


def _own_renamed(own: OwnFields, renamed: Mapping[Text, str]) -> OwnFields:
    def other(field: Descriptor, column: str) -> Descriptor:
        now = {text: renamed.get((PACKAGE, column, text), text) for text in _said_of(field)}
        new = dict(field) | {key: now[field[key]] for key in _OF_FIELD if field.get(key)}
        if listed := field.get("constraints", {}).get("enum"):
            new["constraints"] = {**field["constraints"], "enum": [now[each] for each in listed]}
        return new

    return {table: tuple(other(each, f"{table}.{each['name']}") for each in of) for table, of in own.items()}


def _renamed(records: Records, table: str, renamed: Mapping[Text, str]) -> pd.DataFrame:
    """A table with some texts replaced; a number or a day in an own column that is masked becomes unknown."""
    frame = records.table(table)
    columns: dict[str, dict[str, str]] = {}
    for (name, column, text), new in renamed.items():
        if name == table:
            columns.setdefault(column, {})[text] = new
    changed = {}
    for column, texts in columns.items():
        kind = _kind(records, table, column)
        if kind == "string":
            changed[column] = frame[column].replace(texts).astype("string")
        else:
            changed[column] = frame[column].mask(np.array([text in texts for text in texts_in(frame, column, kind)]))
    return frame.assign(**changed) if changed else frame
