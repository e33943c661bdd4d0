"""Codes met so far, case after case, beside what random orders of the same cases would give."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from clss_analysis.figures.chart import BAND, draw_chart
from clss_analysis.figures.ink import Drawing
from clss_analysis.layout.page import NothingToDrawError
from clss_analysis.measures import saturation
from clss_analysis.palette import GREY
from clss_analysis.records import Records, Row, message
from clss_analysis.records.typography import counted

FEWEST, MOST = 3, 60  # cases: fewer make no curve, more do not fit below it
_TICKS = 20  # at most, so that numbers of two digits stand apart


def draw(records: Records, *, seed: int = 1, orders: int = 1000) -> Drawing:
    """How many codes were met after so many cases, in the order of intake, with the mean of random orders.

    Args:
        records: the dataset; only households that may be told are cases.
        seed: of the random orders.
        orders: how many.

    Raises:
        NothingToDrawError: fewer than 3 coded households, or more than 60, or none was given a code.

    >>> import clss_analysis as clss
    >>> clss.figures.saturation(clss.read("data/demo")).geometry.kind
    'saturation'
    """
    lang = records.lang
    curve = saturation(records, seed=seed, orders=orders)
    about = curve.attrs
    if not FEWEST <= len(curve) <= MOST:
        raise NothingToDrawError(message("saturation.nothing", lang, few=FEWEST, most=MOST))
    found = [int(n) for n in curve["found"]]
    if not found[-1]:
        raise NothingToDrawError(message("saturation.without_code", lang))
    last_new = int(curve.loc[curve["new"] > 0, "case"].max())
    said = message("saturation.said", lang, n=found[-1], cases=len(curve), last=last_new)
    steps = [message("saturation.step", lang, case=n, found=each) for n, each in enumerate(found, start=1)]
    codings = records.codings[records.codings["household"].isin(set(curve["household"]))]
    return draw_chart(
        "saturation",
        records,
        lambda axes: _plot(axes, curve, lang),
        height=58,
        left=8,
        legend=1,
        title=message("saturation.title", lang),
        finding="" if about["unknown_intake"] else message("saturation.finding", lang, last=last_new, of=len(curve)),
        caption=message("saturation.caption", lang, orders=orders),
        alt=f"{said} {', '.join(steps)}.",
        rows=[Row("codings", row) for row in sorted(codings["id"])],
        notes=[
            said,
            *([message("coding.told_only", lang)] if about["told_only"] else []),
            *([counted("saturation.unknown_intake", n, lang)] if (n := about["unknown_intake"]) else []),
            message("saturation.limits", lang),
        ],
    )


def _plot(axes: Axes, curve: pd.DataFrame, lang: str) -> None:
    cases, codes = len(curve), int(curve["found"].iloc[-1])
    edges, middles = range(cases + 1), curve["case"] - 0.5
    axes.stairs(curve["found"], edges, baseline=None, lw=1.6, zorder=3, label=message("saturation.found", lang))
    axes.plot(middles, curve["mean"], color=GREY, lw=1.0, ls=(0, (3, 1.6)), label=message("saturation.mean", lang))
    band = message("saturation.band", lang)
    axes.stairs(curve["high"], edges, baseline=curve["low"], fill=True, color=BAND, zorder=1, label=band)
    axes.set(xlim=(0, cases), xlabel=message("saturation.axis", lang))
    axes.set_ylim(0, max(codes, 1) * 1.02)
    axes.set_yticks(range(0, codes + 1, -(-codes // 10) or 1))
    every = -(-cases // _TICKS)
    ticks = [case for case in range(1, cases + 1) if case == 1 or case % every == 0]
    axes.set_xticks([case - 0.5 for case in ticks], [str(case) for case in ticks])
    axes.grid(axis="y")
