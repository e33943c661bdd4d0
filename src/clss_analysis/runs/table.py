"""A frame as a table of the book: words for codes, everything escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd
from IPython.display import Markdown

from clss_analysis.privacy import escape
from clss_analysis.records import label, message
from clss_analysis.records.schema import fields, table_names
from clss_analysis.records.vocabulary import codes as codes_of
from clss_analysis.records.vocabulary import message_keys

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_NARROWEST, _WIDEST = 4, 48


def table(
    frame: pd.DataFrame,
    caption: str,
    name: str,
    *,
    of: str | None = None,
    codes: Mapping[str, str] | None = None,
    lang: str = "fr",
) -> Markdown:
    """A frame as a Markdown pipe table with caption and label.

    Args:
        frame: one row per line of the table; the index is not shown.
        caption: plain text.
        name: label without its `tbl-`; `@tbl-<name>` refers to the table.
        of: the table of the records that the columns come from; it says their vocabularies and titles.
        codes: column → vocabulary, for columns that `of` does not know.
        lang: fr, nl or en.

    Returns:
        What a notebook shows as a table; unknown cells say that they are not told.  A frame without rows gives a
        sentence that says that nothing is told.

    Raises:
        ValueError: the label is no label.
        KeyError: a code that its vocabulary does not hold.
    """
    name = name.lower()
    if not _ID.fullmatch(name):
        raise ValueError("a table label is made of letters without accent, digits, hyphens and underscores")
    if frame.empty:
        return Markdown(message("table.nothing", lang, caption=escape.markdown(caption)))
    known = {str(field["name"]): field for field in fields(of)} if of in table_names() and of is not None else {}
    vocabularies = {column: str(field["vocabulary"]) for column, field in known.items() if "vocabulary" in field}
    vocabularies |= dict(codes or {})
    heads = [_head(str(column), known, lang) for column in frame.columns]
    columns = [
        [_cell(value, vocabularies.get(str(column)), lang) for value in frame[column].astype("object")]
        for column in frame.columns
    ]
    numbers = [pd.api.types.is_numeric_dtype(frame[column]) and not _boolean(frame[column]) for column in frame.columns]
    widths = [
        min(_WIDEST, max(_NARROWEST, *(len(cell) for cell in [head, *cells])))
        for head, cells in zip(heads, columns, strict=True)
    ]
    rule = ["-" * (width - 1) + (":" if right else "-") for width, right in zip(widths, numbers, strict=True)]
    lines = [heads, rule, *(list(row) for row in zip(*columns, strict=True))]
    body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return Markdown(f"{body}\n\n: {escape.markdown(caption)} {{#tbl-{name}}}")


def _head(column: str, known: Mapping[str, Mapping[str, object]], lang: str) -> str:
    key = f"column.{column}"
    if key in message_keys():
        return escape.markdown(message(key, lang))
    return escape.markdown(str(known.get(column, {}).get("title", column)))


def _cell(value: object, vocabulary: str | None, lang: str) -> str:
    if pd.isna(value):  # type: ignore[call-overload]  # cells are scalars
        return escape.markdown(message("not_told", lang))
    if isinstance(value, bool):
        return message("yes" if value else "no", lang)
    if vocabulary is not None and value in codes_of(vocabulary):
        return escape.markdown(label(vocabulary, str(value), lang))
    if isinstance(value, float):
        text = f"{value:g}"
        return text if lang == "en" else text.replace(".", ",")
    return escape.markdown(str(value))


def _boolean(column: pd.Series[object]) -> bool:
    return pd.api.types.is_bool_dtype(column)
