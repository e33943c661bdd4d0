"""The phases of the project on an axis of months."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from clss_analysis.layout.boards.parts import dagger, in_order, stack
from clss_analysis.layout.geometry import Layout, Mark, Symbol
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.page import (
    EVEN,
    HEADING,
    MARGIN,
    PORTRAIT,
    SMALL_MUTED,
    STRONG,
    NothingToDrawError,
    Part,
    block,
    compose,
)
from clss_analysis.layout.text import line_height
from clss_analysis.records import Records, Row, message
from clss_analysis.records.typography import capital, counted, month, sentence, short_month, text_of

KIND = Kind(needs="phases")
_WORDS, _AXIS, _BAR = 62.0, 72.0, 4.0
_RIGHT = PORTRAIT - MARGIN


def lay_out(records: Records) -> Layout:
    """The phases of the project, each a bar from its first to its last month.

    A phase of which no last month is known runs on as an open bar to the end of the axis.  The axis covers whole
    years, from the first month told to the last.

    Args:
        records: the dataset.

    Raises:
        NothingToDrawError: the dataset tells no phases.

    >>> import clss_analysis as clss
    >>> clss.figures.phasing(clss.read("data/publication")).geometry.kind
    'phasing'
    """
    lang = records.lang
    if records.phases.empty:
        raise NothingToDrawError(message("phasing.nothing", lang))
    rows = in_order(records.phases)
    reading = any(bool(row["reading"]) for row in rows)
    opened = any(not pd.isna(row["start"]) and pd.isna(row["end"]) for row in rows)
    alt = [counted("phasing.alt", len(rows), lang)]
    for row in rows:
        alt += [sentence(f"{text_of(row['label'])} ({_when(row, lang)})"), sentence(text_of(row["detail"]))]
    return compose(
        "phasing",
        records,
        lambda top: _body(rows, lang, top),
        title=message("phasing.title", lang),
        finding=_finding(rows, lang),
        caption=message("phasing.caption", lang),
        alt=" ".join(part for part in alt if part),
        rows=[Row("phases", row["id"]) for row in rows],
        notes=[
            *([message("phasing.open", lang)] if opened else []),
            *([message("figure.reading", lang)] if reading else []),
        ],
    )


def _finding(rows: list[dict[Hashable, Any]], lang: str) -> str:
    """How many stages, and from when on, where that is told of each: those named phases may be fewer."""
    starts = [row["start"] for row in rows]
    since = "" if any(map(pd.isna, starts)) else message("phasing.from", lang, month=month(min(starts), lang))
    return capital(f"{counted('phasing.finding', len(rows), lang)} {since}".rstrip())


def _when(row: Mapping[Hashable, Any], lang: str) -> str:
    start, end = row["start"], row["end"]
    if pd.isna(start):
        return message("trajectory.no_month", lang)
    if pd.isna(end):
        return message("phasing.from", lang, month=short_month(start, lang))
    return short_month(start, lang) if start == end else f"{short_month(start, lang)}\u00a0– {short_month(end, lang)}"


def _body(rows: list[dict[Hashable, Any]], lang: str, top: float) -> Part:
    known = [row[name] for row in rows for name in ("start", "end") if not pd.isna(row[name])]
    years = list(range(min(known).year, max(known).year + 1)) if known else []
    scale = (_RIGHT - _AXIS) / (12 * len(years)) if years else 0.0

    def across(period: pd.Period, after: int = 0) -> float:
        return _AXIS + ((period.year - years[0]) * 12 + period.month - 1 + after) * scale

    part = Part(top)
    for i, year in enumerate(years):
        x = _AXIS + i * 12 * scale
        text = block(f"year-{year}", str(year), (x + 1, top), 12 * scale - 1, HEADING)
        part += Part(text.box[3] + 0.8, labels=(text,))
    y = rule = part.bottom
    bands: list[tuple[float, float]] = []
    for row in rows:
        drawn = _phase(row, lang, y)
        bands.append((y, y + 2.4 + line_height(STRONG.size) + 0.8))
        if not pd.isna(row["start"]):
            last = _RIGHT if pd.isna(row["end"]) else across(row["end"], 1)
            middle = y + 2.4 + line_height(STRONG.size) / 2
            corners = ((across(row["start"]), middle - _BAR / 2), (last, middle + _BAR / 2))
            drawn += Part(y, marks=(Mark(corners, "bar-open" if pd.isna(row["end"]) else "bar"),))
        y = drawn.bottom
        part += drawn + Part(y, marks=(Mark(((MARGIN, y), (_RIGHT, y)), "hairline"),))
    grid = [
        Mark(((x, low), (x, high)), "guide")
        for x in (_AXIS + i * 12 * scale for i in range(len(years)))
        for low, high in ((top, rule), *bands)
    ]
    return Part(y, marks=(*grid, Mark(((MARGIN, rule), (_RIGHT, rule)), "strong-rule"))) + part


def _phase(row: Mapping[Hashable, Any], lang: str, top: float) -> Part:
    name, at = row["id"], (MARGIN, top + 2.4)
    beside = (_AXIS, at[1] + line_height(STRONG.size) + 1.2)
    texts = (("text", text_of(row["label"]) + dagger(row), STRONG, 0.0), ("when", _when(row, lang), SMALL_MUTED, 0.2))
    detail = stack(name, beside, _RIGHT - _AXIS, ("detail", text_of(row["detail"]), EVEN, 0.0))
    labels = (*stack(name, at, _WORDS, *texts), *detail)
    bottom = max(label.box[3] for label in labels) + 2.4
    shape = Symbol(name, "node", (MARGIN, top, _RIGHT, bottom), "cell", (Row("phases", name),))
    return Part(bottom, symbols=(shape,), labels=labels)
