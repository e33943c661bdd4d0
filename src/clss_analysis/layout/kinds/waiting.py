"""How long households wait: the Kaplan–Meier steps of months from intake to an event, with the interval behind them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from clss_analysis.layout.chart import Scale, axis, decimal, word
from clss_analysis.layout.geometry import Layout, Mark
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.page import MARGIN, PORTRAIT, Entry, NothingToDrawError, Part, compose
from clss_analysis.layout.words import counts_told
from clss_analysis.measures import kaplan_meier
from clss_analysis.privacy import clear
from clss_analysis.records import Records, Row, message

KIND = Kind(counts=True)
_PLOT, _HIGH = (22.0, PORTRAIT - MARGIN - 3), 62.0


def lay_out(records: Records, *, event: str = "rehousing", lang: str = "fr") -> Layout:
    """Lay out the share of households to whom an event has not happened yet, by months since intake.

    Args:
        records: the dataset.
        event: rehousing, eviction or closing.
        lang: fr, nl or en.

    Raises:
        NothingToDrawError: fewer households than may be shown, or the event happened to none of them.

    >>> import clss_analysis as clss
    >>> clss.figures.waiting(clss.read("data/demo")).geometry.kind
    'waiting'
    """
    curve = kaplan_meier(records, event)
    about = curve.attrs
    if curve.empty or pd.isna(about["households"]) or about["households"] < about["threshold"]:
        raise NothingToDrawError(message("measures.waiting.nothing", lang, n=about["threshold"]))
    notes = counts_told(about["households"], about["unknown"], lang=lang)
    if about["binned"]:
        notes.append(message("measures.waiting.binned", lang, threshold=about["threshold"]))
    notes.append(message("measures.waiting.limits", lang))
    what = message(f"measures.waiting.{event}", lang)
    happened, last = int(curve["happened"].sum()), curve.iloc[-1]
    ends = [decimal(100 * float(last[name]), 0, lang) for name in ("waiting", "low", "high")]
    said = message(
        "measures.waiting.said", lang, n=happened, total=about["households"], month=int(last["months"]),
        share=ends[0], low=ends[1], high=ends[2],
    )  # fmt: skip
    return compose(
        "waiting",
        records,
        lambda top: _body(curve, lang, top),
        title=message("measures.waiting.title", lang, event=what),
        caption=f"{message('measures.waiting.caption', lang, event=what)} {message('measures.waiting.interval', lang)}",
        alt=f"{said} {_steps(curve, lang)}",
        rows=_rows(records, event),
        lang=lang,
        entries=[
            Entry(message("measures.waiting.curve", lang), _curve_sample, 10.0),
            Entry(message("measures.waiting.band", lang), _band_sample, 10.0),
        ],
        notes=[said, *notes],
    )


def _rows(records: Records, event: str) -> list[Row]:
    told = clear(records).told
    events = records.events[(records.events["kind"] == event) & records.events["household"].isin(told)]
    households = [each for each in records.households["id"] if each in told]
    return [*(Row("households", each) for each in households), *(Row("events", each) for each in events["id"])]


def _steps(curve: pd.DataFrame, lang: str) -> str:
    steps = [
        message("measures.waiting.step", lang, month=int(month), share=decimal(100 * share, 0, lang))
        for month, share in zip(curve["months"].tolist(), curve["waiting"].tolist(), strict=True)
    ]
    return ("\u202f; " if lang == "fr" else "; ").join(steps) + "."


def _body(curve: pd.DataFrame, lang: str, top: float) -> Part:
    last = max(12, int(np.ceil((curve["months"].max() + 1) / 6) * 6))
    across, up = Scale(0, last, *_PLOT), Scale(0, 1, top + 2 + _HIGH, top + 2)
    months = [0.0, *curve["months"], float(curve["months"].max() + 0.5)]
    values = [(1.0, 1.0, 1.0), *curve[["waiting", "low", "high"]].itertuples(index=False, name=None)]
    bands, path = [], [(across(0), up(1))]
    for (start, end), (share, low, high) in zip(pairwise(months), values, strict=True):
        right = across(min(end, last))
        if low < high:
            bands.append(Mark(((across(start), up(high)), (right, up(low))), "interval"))
        path += [(across(start), up(share)), (right, up(share))]
    marks = [*bands]
    labels = []
    for number, value in enumerate((0, 0.25, 0.5, 0.75, 1)):
        y = up(value)
        marks.append(Mark(((_PLOT[0], y), (_PLOT[1], y)), "hairline"))
        labels.append(
            word(
                f"share-{number}",
                message("measures.percent", lang, n=round(100 * value)),
                _PLOT[0] - 1.5,
                y,
                align="right",
            )
        )
    bottom = up(0)
    part = Part(bottom, labels=tuple(labels), marks=tuple(marks))
    ticks = [(value, str(value)) for value in range(0, last + 1, 3 if last <= 24 else 6)]
    part += axis(across, ticks, bottom, message("measures.waiting.axis", lang))
    part += Part(bottom, marks=(Mark(tuple(path), "curve"),))
    row = part.bottom + 3.5
    part += Part(row + 2, labels=(word("at-risk", message("measures.waiting.at_risk", lang), MARGIN, row),))
    low = row + 4.2
    at = [
        word(f"at-risk-{number}", str(left), across(month), low, align="center")
        for number, (month, left) in enumerate(zip(curve["months"].tolist(), curve["at_risk"].tolist(), strict=True))
    ]
    kept = at[:1]
    for each in at[1:]:
        if each.box[0] > kept[-1].box[2] + 1:
            kept.append(each)
    return part + Part(low + 2, labels=tuple(kept))


def _curve_sample(x: float, y: float) -> Part:
    return Part(y, marks=(Mark(((x, y - 1.2), (x + 5, y - 1.2), (x + 5, y + 1.2), (x + 10, y + 1.2)), "curve"),))


def _band_sample(x: float, y: float) -> Part:
    return Part(y, marks=(Mark(((x, y - 1.6), (x + 10, y + 1.6)), "interval"),))
