"""Words that may point at someone, put before a person: what is undecided, and what a decision does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd

from clss_analysis.privacy.identifiers import Finding, Memory, find_in_all, find_in_translation, masked, own_memory
from clss_analysis.privacy.identifiers.finding import plain
from clss_analysis.privacy.telling_ids import ID, find_in_ids, ids_that_may_tell, with_other_ids
from clss_analysis.records import Case, Records, label, message
from clss_analysis.records.columns import texts as texts_in
from clss_analysis.records.decisions import Decision, text_hash
from clss_analysis.records.own_columns import OwnFields, scanned
from clss_analysis.records.schema import Descriptor, fields, table_names
from clss_analysis.records.translations import Words

PACKAGE, TRANSLATIONS = "datapackage", "translations"
_OF_PACKAGE = ("title", "description", "source")
_OF_FIELD = ("title", "description", "unit")
_SERVICES = (("actors", "label"), ("actors", "institution"))
_PUBLIC = ("public_body", "public_role")
MASK = "mask"
_FORMATS = ("GEDCOM", "GraphML", "PED")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


@dataclass(frozen=True)
class Undecided:
    """A finding that nobody has decided about: where it is, never what it says.

    `row` is the id of the first row that holds the text, `rows` how many do.
    """

    table: str
    row: str
    rows: int
    column: str
    finding: Finding
    hash: str
    text: str = field(repr=False)

    def __str__(self) -> str:
        return message(
            "identifiers.undecided",
            where=f"{self.table}.csv" if self.table != PACKAGE else "datapackage.json",
            row=self.row,
            column=self.column,
            kind=label("identifier_kind", self.finding.kind),
            start=self.finding.start + 1,
            end=self.finding.end,
        )


def undecided(records: Records, memory: Memory | None = None) -> tuple[Undecided, ...]:
    """What in the free text of a dataset, or of one household, may point at someone and has not been decided.

    Every column of text is read, of synthetic datasets too, and the ids of households and of what is theirs.  Names
    of the dataset's own services are passed over in other texts, once nothing in the service's own row is undecided;
    of words within such a name those that were accepted as public.  In translations, words of the dataset's own texts
    are passed over, where nothing is undecided in these.

    Args:
        records: a dataset or a case.
        memory: what was read before; default: that of the user.

    Returns:
        The findings without a decision, by table, row and place.

    >>> import clss_analysis as clss
    >>> undecided(clss.read("data/publication"))
    ()
    """
    texts = texts_of(records)
    memory = memory or own_memory()
    decided = _by_text(records.decisions)
    bare = [key for key in texts if key[:2] in _SERVICES]
    ids = [key for key in texts if key[1] == ID]
    foreign = [key for key in texts if key[0] == TRANSLATIONS]
    others = [key for key in texts if key[:2] not in _SERVICES and key[1] != ID and key[0] != TRANSLATIONS]
    known = _known(records, decided, memory)
    found = dict(zip(bare, find_in_all([key[2] for key in bare], records.language, memory=memory), strict=True))
    rest = find_in_all([key[2] for key in others], records.language, known=known, memory=memory)
    found |= dict(zip(others, rest, strict=True))
    found |= dict(zip(ids, find_in_ids((key[2] for key in ids), records.language, memory), strict=True))
    open_ = {key: [each for each in found[key] if not _covered(each, decided.get(_hash(key), ()))] for key in found}
    sound = (plain(key[2])[0] for key, findings in open_.items() if foreign and not findings)
    own = {word for text in sound for word in _WORD.findall(text)}
    for key in foreign:
        seen = find_in_translation(key[2], key[1], own)
        open_[key] = [each for each in seen if not _covered(each, decided.get(_hash(key), ()))]
    return tuple(
        Undecided(key[0], rows[0], len(rows), key[1], each, _hash(key), key[2])
        for key, rows in texts.items()
        for each in open_[key]
    )


def decide(
    records: Records, decisions: Iterable[Decision], masks: Mapping[tuple[str, str, str], Sequence[Finding]]
) -> Records:
    """The dataset with words masked, and with decisions kept.

    Args:
        records: a dataset.
        decisions: what may stay, by the texts as they are now.
        masks: what goes, by table, column and text.

    Returns:
        A new dataset: every masked stretch is a typed placeholder, such as [nom], a masked id a code; decisions about
        masked texts move with the words they are about; decisions about texts that are no longer there are dropped.
    """
    kept = [*records.decisions, *decisions]
    texts = {(table, column, _hash((table, column, text))): text for table, column, text in texts_of(records)}
    renamed = {key: masked(key[2], spans, _lang(key, records)) for key, spans in masks.items() if key[1] != ID}
    moved: set[Decision] = set()
    for each in kept:
        text = texts.get((each.table, each.column, each.text))
        if text is None:
            continue
        key = (each.table, each.column, text)
        if key not in masks:
            moved.add(each)
        elif not any(span.start < each.end and each.start < span.end for span in masks[key]):
            spans = [span for span in masks[key] if span.end <= each.start]
            before = len(masked(text[: each.start], spans, _lang(key, records)))
            text_now = text_hash(each.table, each.column, renamed[key])
            moved.add(replace(each, text=text_now, start=before, end=before + each.end - each.start))
    tables = {name: _renamed(records, name, renamed) for name in table_names()}
    own = {column: renamed.get((PACKAGE, column, getattr(records, column))) for column in _OF_PACKAGE}
    told = {column: text for column, text in own.items() if text is not None}
    said = _translations(records.translations, renamed)
    own_fields = _own_renamed(records.own_fields, renamed)
    done = replace(records, decisions=tuple(sorted(moved)), translations=said, own_fields=own_fields, **tables, **told)  # type: ignore[arg-type]  # field names
    return with_other_ids(done, (key[::2] for key in masks if key[1] == ID))


def mask_all(records: Records, memory: Memory | None = None) -> Records:
    """The dataset with every undecided finding masked, read again until nothing is undecided."""
    while open_findings := undecided(records, memory):
        masks: dict[tuple[str, str, str], list[Finding]] = {}
        for each in open_findings:
            masks.setdefault((each.table, each.column, each.text), []).append(each.finding)
        records = decide(records, (), masks)
    return records


def text_columns(own: OwnFields = MappingProxyType({})) -> tuple[tuple[str, str], ...]:
    """Table and column of every free text, and of own columns all that may hold what points at someone.

    >>> ("events", "detail") in text_columns(), ("events", "kind") in text_columns()
    (True, False)
    """
    added = [(table, str(each["name"])) for table, declared in own.items() for each in declared if scanned(each)]
    return (*_text_columns(), *added)


def texts_of(records: Records) -> dict[tuple[str, str, str], list[str]]:
    """Table, column and text of every cell that holds one, and the ids of its rows.

    Ids that may tell are among them and, of a whole dataset, what it says of its rows in other languages
    (`translations`, by language): whether a capital there is explained, only the whole dataset can tell.
    """
    texts: dict[tuple[str, str, str], list[str]] = {}
    for column in _OF_PACKAGE:
        if text := getattr(records, column):
            texts[PACKAGE, column, text] = [column]
    for table, declared in records.own_fields.items():
        for each in declared:
            column = f"{table}.{each['name']}"
            for text in _said_of(each):
                texts.setdefault((PACKAGE, column, text), [column])
    for table, column in text_columns(records.own_fields):
        frame = records.table(table)
        frame = frame[frame[column].notna()]
        for row, text in zip(frame["id"], texts_in(frame[column], _kind(records, table, column)), strict=True):
            texts.setdefault((table, column, text), []).append(str(row))
    spoken = {} if isinstance(records, Case) else records.translations
    for (_, row, _), said in spoken.items():
        for lang, text in said.items():
            texts.setdefault((TRANSLATIONS, lang, text), []).append(row)
    return texts | {(table, ID, each): [each] for table, each in ids_that_may_tell(records)}


@cache
def _text_columns() -> tuple[tuple[str, str], ...]:
    return tuple(
        (table, str(each["name"]))
        for table in table_names()
        for each in fields(table)
        if each["type"] == "string" and "vocabulary" not in each and "pattern" not in each.get("constraints", {})
    )


def _known(records: Records, decided: Mapping[str, Sequence[Decision]], memory: Memory) -> list[str]:
    """Names of services about which nothing is undecided, and what was accepted in them as public."""
    known = list(_FORMATS)
    names = records.services
    for name, findings in zip(names, find_in_all(names, records.language, memory=memory), strict=True):
        choices = [each for place in _SERVICES for each in decided.get(text_hash(*place, name), ())]
        if all(_covered(each, choices) for each in findings):
            known += [name, *re.findall(r"\(([^()]+)\)", name)]
            known += [name[each.start : each.end] for each in choices if each.reason in _PUBLIC]
    return known


def _lang(key: tuple[str, str, str], records: Records) -> str:
    return key[1] if key[0] == TRANSLATIONS else records.language


def _translations(words: Words, renamed: Mapping[tuple[str, str, str], str]) -> Words:
    return {
        place: {lang: renamed.get((TRANSLATIONS, lang, text), text) for lang, text in said.items()}
        for place, said in words.items()
    }


def _by_text(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    by_text: dict[str, list[Decision]] = {}
    for each in decisions:
        by_text.setdefault(each.text, []).append(each)
    return by_text


def _covered(found: Finding, decisions: Iterable[Decision]) -> bool:
    return any(each.start <= found.start and found.end <= each.end for each in decisions)


def _hash(key: tuple[str, str, str]) -> str:
    return text_hash(*key)


def _kind(records: Records, table: str, column: str) -> str:
    return next(str(each["type"]) for each in records.fields(table) if each["name"] == column)


def _said_of(field: Descriptor) -> list[str]:
    """What a dataset says of a column of its own."""
    said = [*(field.get(key) for key in _OF_FIELD), *field.get("constraints", {}).get("enum", ())]
    return [str(each) for each in said if each]


def _own_renamed(own: OwnFields, renamed: Mapping[tuple[str, str, str], str]) -> OwnFields:
    def other(field: Descriptor, column: str) -> Descriptor:
        now = {text: renamed.get((PACKAGE, column, text), text) for text in _said_of(field)}
        new = dict(field) | {key: now[field[key]] for key in _OF_FIELD if field.get(key)}
        if listed := field.get("constraints", {}).get("enum"):
            new["constraints"] = {**field["constraints"], "enum": [now[each] for each in listed]}
        return new

    return {table: tuple(other(each, f"{table}.{each['name']}") for each in of) for table, of in own.items()}


def _renamed(records: Records, table: str, renamed: Mapping[tuple[str, str, str], str]) -> pd.DataFrame:
    """A table with some texts replaced; a number or a day in an own column that is masked becomes unknown."""
    frame = records.table(table)
    columns: dict[str, dict[str, str]] = {}
    for (name, column, text), new in renamed.items():
        if name == table:
            columns.setdefault(column, {})[text] = new
    changed = {}
    for column, texts in columns.items():
        kind = _kind(records, table, column) if column != ID else "string"
        if kind == "string":
            changed[column] = frame[column].replace(texts).astype("string")
        else:
            changed[column] = frame[column].mask(np.array([text in texts for text in texts_in(frame[column], kind)]))
    return frame.assign(**changed) if changed else frame
