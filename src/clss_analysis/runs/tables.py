"""A frame as a table of the book: words for codes, everything escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd
from IPython.display import Markdown
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from clss_analysis.privacy.origin import cleared_as_read, is_drawn
from clss_analysis.records import Case, Records, escape, label, message
from clss_analysis.records.schema import fields, table_names, table_schema
from clss_analysis.records.typography import decimal, says_number
from clss_analysis.records.vocabulary import codes as codes_of
from clss_analysis.records.vocabulary import column_title, first_message, message_keys
from clss_analysis.records.years import merged
from clss_analysis.runs.markdown import on_screens, shown
from clss_analysis.runs.tellable import is_literal
from clss_analysis.runs.telling import said_met

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_OF_ALL = ("health_impacts", "domain_impacts")
_NARROWEST, _WIDEST = 4, 48  # dashes under a column, which pandoc takes for its share of the width


def table(
    frame: pd.DataFrame,
    name: str,
    *,
    caption: str | None = None,
    of: str | None = None,
    codes: Mapping[str, str] | None = None,
    records: Records | None = None,
    out: str = "",
    lang: str = "fr",
) -> Markdown:
    """A frame as a Markdown pipe table with caption and label.

    Args:
        frame: one row per line of the table; the index is not shown.
        name: label without its `tbl-`; `@tbl-<name>` refers to the table.
        caption: plain text, or the name of a caption of the catalogue; default: what `of` holds, and the household
            when `records` is one.
        of: what the table is of, for its caption; a table of the records also says its columns' vocabularies, titles
            and keys.
        codes: column → vocabulary, for columns that `of` does not know.
        records: where the labels of persons, actors and households are looked up, in place of their ids.
        out: as for `keep`; where it goes into the book, that a household has no such rows is said on screens alone.
        lang: fr, nl or en.

    Returns:
        What a notebook shows as a table; unknown cells say that they are not told, those of a table of counts that
        they are withheld.  A frame without rows gives a sentence that says that nothing is told.  Where some may only
        be counted, the book takes a table each row of which is one that a measure gave, or of a household that may be
        told (`privacy.origin.is_drawn`), under a name and a caption that stand in a cell, without numbers of
        its own.

    Raises:
        ValueError: the label is no label, or there is neither `caption` nor `of`.
        KeyError: nothing is known by the name `of`.
    """
    name = name.lower()
    if not _ID.fullmatch(name):
        raise ValueError("a table label is made of letters without accent, digits, hyphens and underscores")
    if caption is None:
        if of is None:
            raise ValueError("a table needs a caption, or of: what it is a table of")
        what = message(f"table.caption.{of}", lang)
        of_whom = f"{records.label}{message('table.colon', lang)}" if isinstance(records, Case) else ""
        caption = of_whom + (what if of_whom else what[:1].upper() + what[1:])
        own = ""
    else:
        own = "" if f"table.caption.{caption}" in message_keys() else caption
        caption = first_message((f"table.caption.{caption}",), lang, caption)
    told = records is None or cleared_as_read(records) is not None
    own += " " + " ".join(str(each) for each in frame.columns if column_title(str(each), lang, of or "") == each)
    sound = not says_number(own) and is_literal(f"{own} {name}")
    weighed = True if told and is_drawn(frame) and sound else None
    if frame.empty:
        key = f"table.nothing.{of}" if f"table.nothing.{of}" in message_keys() else "table.nothing"
        met = isinstance(records, Case) and said_met(records, str(of))
        said = message(f"{key}.met" if met else key, lang, caption=escape.markdown(caption))
        said = message("findings.left_out", lang) if frame.attrs.get("left_out") else said
        return shown(on_screens(said) if out and isinstance(records, Case) else said, weighed=sound)
    frame = merged(frame)
    known = {str(field["name"]): field for field in _fields(of, records)}
    vocabularies = {column: str(field["vocabulary"]) for column, field in known.items() if "vocabulary" in field}
    vocabularies |= dict(codes or {})
    labels = _labels(of, records)
    held = message("findings.held" if frame.attrs.get("withheld") else "not_told", lang)
    of_all = message("table.household", lang)  # a row of a household that names no person speaks of the household
    columns = [
        [
            _cell(
                value,
                vocabularies.get(str(key)),
                labels.get(str(key), {}),
                lang,
                of_all if key == "person" and of in _OF_ALL else held,
            )
            for value in column.astype("object")
        ]
        for key, column in frame.items()
    ]
    heads = [_head(str(column), of, known, lang) for column in frame.columns]
    numbers = [is_numeric_dtype(column) and not is_bool_dtype(column) for _, column in frame.items()]
    widths = [
        min(_WIDEST, max(_NARROWEST, *(len(cell) for cell in [head, *cells])))
        for head, cells in zip(heads, columns, strict=True)
    ]
    rule = ["-" * (width - 1) + (":" if right else "-") for width, right in zip(widths, numbers, strict=True)]
    lines = [heads, rule, *(list(row) for row in zip(*columns, strict=True))]
    body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return shown(f"{body}\n\n: {escape.markdown(caption)} {{#tbl-{name}}}", weighed=weighed)


def _fields(of: str | None, records: Records | None) -> tuple[Mapping[str, object], ...]:
    if of not in table_names():
        return ()
    return fields(of) if records is None else records.fields(of)


def _labels(of: str | None, records: Records | None) -> dict[str, dict[str, str]]:
    """Column → id → label, for the columns that hold keys of a table with labels."""
    if of not in table_names() or records is None:
        return {}
    found: dict[str, dict[str, str]] = {}
    for key in table_schema(of)["schema"].get("foreignKeys", []):
        column, target = str(key["fields"][0]), str(key["reference"]["resource"])
        if target in ("persons", "actors", "households"):
            frame = records.table(target)
            found[column] = dict(zip(frame["id"], frame["label"], strict=True))
    return found


def _head(column: str, of: str | None, known: Mapping[str, Mapping[str, object]], lang: str) -> str:
    return escape.markdown(column_title(column, lang, of or "", str(known.get(column, {}).get("title", column))))


def _cell(value: object, vocabulary: str | None, labels: Mapping[str, str], lang: str, missing: str) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return escape.markdown(missing)
    if isinstance(value, bool):
        return message("yes" if value else "no", lang)
    if vocabulary is not None and value in codes_of(vocabulary):
        return escape.markdown(label(vocabulary, str(value), lang))
    if isinstance(value, float):
        return decimal(f"{value:g}", lang)
    return escape.markdown(labels.get(str(value), str(value)))
