"""Codes met so far, case after case, beside what random orders of the same cases would give."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from clss_analysis.layout.chart import Scale, axis, word
from clss_analysis.layout.geometry import Layout, Mark
from clss_analysis.layout.page import MARGIN, PORTRAIT, Entry, NothingToDrawError, Part, compose
from clss_analysis.layout.words import counted
from clss_analysis.measures import saturation as curve_of
from clss_analysis.records import Records, Row, message

_PLOT, _HIGH = (16.0, PORTRAIT - MARGIN - 3), 58.0
FEWEST, MOST = 3, 60


def lay_out(records: Records, *, seed: int = 1, orders: int = 1000, lang: str = "fr") -> Layout:
    """Lay out how many codes were met after so many cases, in the order of intake, with the mean of random orders.

    Args:
        records: the dataset; only households that may be told are cases.
        seed: of the random orders.
        orders: how many.
        lang: fr, nl or en.

    Raises:
        NothingToDrawError: fewer than 3 coded households, or more than 60.

    >>> import clss_analysis as clss
    >>> clss.figures.saturation(clss.read("data/demo")).geometry.kind
    'saturation'
    """
    curve = curve_of(records, seed=seed, orders=orders)
    if not FEWEST <= len(curve) <= MOST:
        raise NothingToDrawError(message("saturation.nothing", lang, few=FEWEST, most=MOST))
    found, cases = [int(n) for n in curve["found"]], len(curve)
    last_new = int(curve.loc[curve["new"] > 0, "case"].max())
    said = message("saturation.said", lang, n=found[-1], cases=cases, last=last_new)
    notes = [said]
    if curve.attrs["left_out"]:
        notes.append(counted("saturation.left_out", curve.attrs["left_out"], lang))
    if curve.attrs["unknown_intake"]:
        notes.append(counted("saturation.unknown_intake", curve.attrs["unknown_intake"], lang))
    notes.append(message("saturation.limits", lang))
    codings = records.codings[records.codings["household"].isin(set(curve["household"]))]
    steps = [message("saturation.step", lang, case=n, found=each) for n, each in enumerate(found, start=1)]
    return compose(
        "saturation",
        records,
        lambda top: _body(curve, lang, top),
        title=message("saturation.title", lang),
        caption=message("saturation.caption", lang, orders=orders),
        alt=f"{said} {', '.join(steps)}.",
        rows=[Row("codings", row) for row in sorted(codings["id"])],
        lang=lang,
        entries=[
            Entry(message("saturation.found", lang), _found_sample, 10.0),
            Entry(message("saturation.mean", lang), _mean_sample, 10.0),
            Entry(message("saturation.band", lang), _band_sample, 10.0),
        ],
        notes=notes,
    )


def _body(curve: pd.DataFrame, lang: str, top: float) -> Part:
    cases, codes = len(curve), int(curve["found"].iloc[-1])
    across, up = Scale(0, cases, *_PLOT), Scale(0, max(codes, 1), top + 2 + _HIGH, top + 2)
    marks, labels = [], []
    step = -(-codes // 10) or 1
    for value in range(0, codes + 1, step):
        marks.append(Mark(((_PLOT[0], up(value)), (_PLOT[1], up(value))), "hairline"))
        labels.append(word(f"codes-{value}", str(value), _PLOT[0] - 1.5, up(value), align="right"))
    path = [(across(0), up(0))]
    for line in curve.to_dict("records"):
        left, right = across(line["case"] - 1), across(line["case"])
        if line["low"] < line["high"]:
            marks.append(Mark(((left, up(line["high"])), (right, up(line["low"]))), "interval"))
        path += [(left, up(line["found"])), (right, up(line["found"]))]
    middles = [(across(case - 0.5), up(mean)) for case, mean in zip(curve["case"], curve["mean"], strict=True)]
    marks += [Mark(piece, "mean") for piece in pairwise(middles)]
    marks.append(Mark(tuple(path), "curve"))
    part = Part(up(0), labels=tuple(labels), marks=tuple(marks))
    every = -(-cases // 20)
    ticks = [(n - 0.5, str(n)) for n in range(1, cases + 1) if n == 1 or n % every == 0]
    return part + axis(across, ticks, up(0), message("saturation.axis", lang))


def _found_sample(x: float, y: float) -> Part:
    return Part(y, marks=(Mark(((x, y + 1.2), (x + 5, y + 1.2), (x + 5, y - 1.2), (x + 10, y - 1.2)), "curve"),))


def _mean_sample(x: float, y: float) -> Part:
    return Part(y, marks=(Mark(((x, y), (x + 10, y)), "mean"),))


def _band_sample(x: float, y: float) -> Part:
    return Part(y, marks=(Mark(((x, y - 1.6), (x + 10, y + 1.6)), "interval"),))
