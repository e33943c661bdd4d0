"""Problems and impacts told of the same households: for each pair the difference, with its interval, as a dot."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from clss_analysis.layout.chart import Scale, axis, decimal, word
from clss_analysis.layout.geometry import Layout, Mark, Symbol
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.page import (
    MARGIN,
    PLAIN,
    PORTRAIT,
    SMALL_STRONG,
    Entry,
    NothingToDrawError,
    Part,
    block,
    compose,
)
from clss_analysis.layout.words import capital, counted, counts_told
from clss_analysis.measures import association, code_of
from clss_analysis.privacy import clear
from clss_analysis.records import Records, Row, label, message

KIND = Kind(counts=True)
_MOST = 12
_LEAST_P = 0.01
_PLOT = (72.0, 120.0)
_COUNTS, _PITCH = PORTRAIT - MARGIN, 8.4


def lay_out(
    records: Records, *, rows: str = "housing_problems", columns: str = "health_impacts", lang: str = "fr"
) -> Layout:
    """Lay out the pairs of a problem and an impact that chance explains least (by mid-p), a line each.

    A dot stands at the posterior mean of the difference between the share of households with the impact among those
    with the problem and among the others; its bar is the credible interval.  Counts and adjusted p stand beside it.

    Args:
        records: the dataset.
        rows: table of the problems.
        columns: table of the impacts.
        lang: fr, nl or en.

    Raises:
        NothingToDrawError: no pair can be shown, for want of households or by the gate.

    >>> import clss_analysis as clss
    >>> clss.figures.associations(clss.read("data/demo")).geometry.kind
    'associations'
    """
    pairs = association(records, rows, columns)
    about = pairs.attrs
    shown = pairs.dropna(subset=["both"])
    if about["known"] < about["threshold"] or shown.empty:
        raise NothingToDrawError(message("measures.associations.nothing", lang, n=about["threshold"]))
    size = shown["mid_p"].rank(method="first")
    chosen = shown[size <= _MOST].sort_values("difference", ascending=False, kind="stable")
    notes = counts_told(about["known"], about["unknown"], about["withheld"], about["threshold"], lang=lang)
    notes.append(message("measures.associations.limits", lang, shown=len(chosen), pairs=len(pairs)))
    names = [code_of(table)[1] for table in (rows, columns)]
    said = [_said(line, names, lang) for line in chosen.to_dict("records")]
    found = int((shown["adjusted_p"] <= 0.05).sum())
    finding = (
        message("measures.associations.none", lang)
        if not found
        else counted("measures.associations.found", found, lang)
    )
    return compose(
        "associations",
        records,
        lambda top: _body(chosen, said, lang, top),
        title=message("measures.associations.title", lang),
        caption=f"{message('measures.associations.caption', lang)} {finding}",
        alt=" ".join(
            [
                finding,
                *(f"{first} × {second}{message('table.colon', lang)}{numbers}." for first, second, numbers, _ in said),
            ]
        ),
        rows=_rows(records, rows, columns),
        lang=lang,
        entries=[Entry(message("measures.associations.dot", lang), _sample, 10.0)],
        notes=notes,
    )


def _rows(records: Records, *tables: str) -> list[Row]:
    told = set(clear(records).told).intersection(*(records.table(name)["household"] for name in tables))
    frames = [(name, records.table(name)) for name in tables]
    return [Row(name, row) for name, frame in frames for row in frame.loc[frame["household"].isin(told), "id"]]


def _said(line: Mapping[Hashable, Any], names: list[str], lang: str) -> tuple[str, str, str, str]:
    first, second = (
        capital(label(name, str(line[key]), lang))
        for name, key in zip(names, ("first_code", "second_code"), strict=True)
    )
    both, one, other, neither = (int(line[key]) for key in ("both", "first", "second", "neither"))
    numbers = message("measures.associations.counts", lang, a=both, n=both + one, b=other, m=other + neither)
    p = float(line["adjusted_p"])
    key = "measures.associations.p_small" if p < _LEAST_P else "measures.associations.p"
    return first, second, numbers, message(key, lang, p=decimal(max(p, _LEAST_P), 2, lang))


def _body(chosen: pd.DataFrame, said: list[tuple[str, str, str, str]], lang: str, top: float) -> Part:
    scale = Scale(-1, 1, *_PLOT)
    heads = [
        ("head-pair", "pair", MARGIN, "left"),
        ("head-plot", "plot", sum(_PLOT) / 2, "center"),
        ("head-counts", "numbers", _COUNTS, "right"),
    ]
    part = Part(top)
    for name, key, x, align in heads:
        left = {"left": x, "center": x - 30, "right": x - 60}[align]
        head = block(
            name,
            message(f"measures.associations.{key}", lang),
            (left, top),
            60 if align != "left" else 66,
            SMALL_STRONG,
            align=align,
        )
        part += Part(head.box[3], labels=(head,))
    first = part.bottom + 1.5
    spans = chosen[["difference", "difference_low", "difference_high"]].astype(float).to_numpy().tolist()
    for number, ((mean, least, most), (problem, impact, numbers, p)) in enumerate(
        zip(spans, said, strict=True), start=1
    ):
        y = first + (number - 0.5) * _PITCH
        dot, name = scale(mean), f"pair-{number}"
        symbol = Symbol(name, "node", (dot - 1.1, y - 1.1, dot + 1.1, y + 1.1), "met-yes")
        text = [
            block(f"{name}-problem", problem, (MARGIN, y - 3.8), 66, PLAIN, of=name),
            block(f"{name}-impact", impact, (MARGIN + 3, y), 63, PLAIN, of=name),
            word(f"{name}-counts", numbers, _COUNTS, y - 1.7, align="right", of=name),
            word(f"{name}-p", p, _COUNTS, y + 1.7, align="right", of=name),
        ]
        bar = Mark(((scale(least), y), (scale(most), y)), "course")
        part += Part(y + _PITCH / 2, (symbol,), (), tuple(text), (bar,))
    ticks = [(value, decimal(value, 1, lang)) for value in (-1, -0.5, 0, 0.5, 1)]
    bottom = part.bottom + 1
    part += axis(scale, ticks, bottom, message("measures.associations.axis", lang), grid=first)
    return part + Part(bottom, marks=(Mark(((scale(0), first), (scale(0), bottom)), "axis-order"),))


def _sample(x: float, y: float) -> Part:
    dot = Mark(((x + 4, y - 1), (x + 6, y + 1)), "met-yes")
    return Part(y, marks=(Mark(((x, y), (x + 10, y)), "course"), dot))
