"""How long households wait: the Kaplan–Meier steps of months from intake to an event, with the interval behind them."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from clss_analysis.figures.chart import BAND, draw_chart
from clss_analysis.figures.ink import Drawing
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.page import NothingToDrawError, count_notes
from clss_analysis.measures import kaplan_meier
from clss_analysis.privacy import clear
from clss_analysis.records import Records, Row, message
from clss_analysis.records.typography import counted, number

KIND = Kind(counts=True)
_APART = 0.04  # of the axis: least distance between two numbers at risk, three digits wide


def draw(records: Records, *, event: str = "rehousing") -> Drawing:
    r"""The share of households to whom an event has not happened yet, by months since intake.

    Args:
        records: the dataset; those that may only be counted are counted too, over bins of months.
        event: rehousing, eviction or closing.

    Raises:
        NothingToDrawError: fewer households than may be shown, or the event happened to none of them.

    Source: Kaplan and Meier (1958), by `measures.kaplan_meier`.

    >>> import clss_analysis as clss
    >>> clss.figures.waiting(clss.read("data/demo"), event="eviction").geometry.title
    '7 ménages sur 20 arrivés à l’expulsion'
    """
    lang = records.lang
    curve = kaplan_meier(records, event)
    about = curve.attrs
    if curve.empty or pd.isna(about["households"]) or about["households"] < about["threshold"]:
        raise NothingToDrawError(message("measures.waiting.nothing", lang, n=about["threshold"]))
    what, end = message(f"measures.waiting.{event}", lang), curve.iloc[-1]
    shares = {name: number(100 * float(end[name]), 0, lang) for name in ("waiting", "low", "high")}
    said = counted(
        "measures.waiting.said", int(curve["happened"].sum()), lang, total=about["households"],
        month=int(end["months"]), share=shares["waiting"], low=shares["low"], high=shares["high"],
    )  # fmt: skip
    steps = [
        message("measures.waiting.step", lang, month=int(month), share=number(100 * share, 0, lang))
        for month, share in zip(curve["months"].tolist(), curve["waiting"].tolist(), strict=True)
    ]
    apart = "\u202f; " if lang == "fr" else "; "
    return draw_chart(
        "waiting",
        records,
        lambda axes: _plot(axes, curve, lang),
        height=62,
        left=16,
        below=19,
        legend=1,
        title=message("measures.waiting.title", lang, event=what),
        finding=counted(
            "measures.waiting.finding", int(curve["happened"].sum()), lang, of=about["households"], event=what
        ),
        caption=f"{message('measures.waiting.caption', lang, event=what)} {message('measures.waiting.interval', lang)}",
        alt=f"{said} {apart.join(steps)}.",
        rows=_rows(records, event),
        notes=[
            said,
            *count_notes(about["households"], about["unknown"], lang=lang),
            *([message("measures.waiting.binned", lang, threshold=about["threshold"])] if about["binned"] else []),
            *_undated(curve, lang),
            message("measures.waiting.limits", lang),
        ],
    )


def _undated(curve: pd.DataFrame, lang: str) -> list[str]:
    """How far the curve could be off, where the event of some households has no month."""
    n, end = curve.attrs["undated"], curve.iloc[-1]
    if pd.isna(n):
        return [message("measures.waiting.undated.some", lang)]
    if not n:
        return []
    share = number(100 * float(end["earliest"]), 0, lang)
    return [counted("measures.waiting.undated", n, lang, share=share, month=int(end["months"]))]


def _rows(records: Records, event: str) -> list[Row]:
    told = clear(records).told
    events = records.events[(records.events["kind"] == event) & records.events["household"].isin(told)]
    households = [each for each in records.households["id"] if each in told]
    return [*(Row("households", each) for each in households), *(Row("events", each) for each in events["id"])]


def _plot(axes: Axes, curve: pd.DataFrame, lang: str) -> None:
    last = max(12, -(-int(curve["months"].max() + 1) // 6) * 6)
    edges = [0.0, *curve["months"].astype(float), float(curve["months"].max() + 0.5)]
    share, low, high = ([1.0, *curve[name].astype(float)] for name in ("waiting", "low", "high"))
    name, band = (message(f"measures.waiting.{key}", lang) for key in ("curve", "band"))
    axes.stairs(share, edges, baseline=None, lw=1.6, zorder=3, clip_on=False, label=name)
    axes.stairs(high, edges, baseline=low, fill=True, color=BAND, zorder=1, label=band)
    axes.set(xlim=(0, last), ylim=(0, 1), xlabel=message("measures.waiting.axis", lang))
    axes.set_xticks(range(0, last + 1, 3 if last <= 24 else 6))
    marks = (0, 25, 50, 75, 100)
    axes.set_yticks([mark / 100 for mark in marks], [message("measures.percent", lang, n=mark) for mark in marks])
    axes.grid(axis="y")
    below = axes.get_xaxis_transform()
    axes.text(0, -0.22, message("measures.waiting.at_risk", lang), transform=below, ha="left", va="top", gid="at-risk")
    before = -float(last)
    for month, left in zip(curve["months"].tolist(), curve["at_risk"].tolist(), strict=True):
        if month - before >= _APART * last:
            axes.text(month, -0.28, str(left), transform=below, ha="center", va="top", gid=f"at-risk-{int(month)}")
            before = month
