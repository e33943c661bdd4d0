"""Problems and impacts told of the same households: for each pair the difference, with its interval, as a dot."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes

from clss_analysis.figures.chart import draw_chart
from clss_analysis.figures.ink import Drawing
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.page import NothingToDrawError, count_notes
from clss_analysis.measures import association, code_of
from clss_analysis.palette import GREY
from clss_analysis.privacy import clear
from clss_analysis.records import Records, Row, label, message
from clss_analysis.records.typography import capital, counted, number

KIND = Kind(counts=True)
_MOST = 12  # pairs: what a page holds
_LEAST_P = 0.01  # a smaller p is said to be below it: two decimals are shown
_PITCH = 8.4  # millimetres a pair, two lines of text
_NAMES, _COUNTS = 66.0, 38.0  # millimetres left and right of the axes


class _Pair(NamedTuple):
    """A pair in words: problem, impact, the two shares, and the adjusted p."""

    problem: str
    impact: str
    numbers: str
    p: str


def draw(records: Records, *, rows: str = "housing_problems", columns: str = "health_impacts") -> Drawing:
    """The pairs of a problem and an impact that chance explains least (by mid-p), a line each.

    A dot stands at the posterior mean of the difference between the share of households with the impact among those
    with the problem and among the others; its bar is the credible interval.  Counts and adjusted p stand beside it.

    Args:
        records: the dataset.
        rows: table of the problems.
        columns: table of the impacts.

    Raises:
        NothingToDrawError: no pair can be shown, for want of households or by the gate.

    >>> import clss_analysis as clss
    >>> clss.figures.associations(clss.read("data/demo")).geometry.kind
    'associations'
    """
    lang = records.lang
    pairs = association(records, rows, columns)
    about = pairs.attrs
    shown = pairs.dropna(subset=["both"])
    if shown.empty or about["known"] < about["threshold"]:
        raise NothingToDrawError(message("measures.associations.nothing", lang, n=about["threshold"]))
    order = shown["mid_p"].rank(method="first")
    chosen = shown[order <= _MOST].sort_values("difference", ascending=False, kind="stable")
    said = [_pair(line, rows, columns, lang) for line in chosen.to_dict("records")]
    found = int((shown["adjusted_p"] <= 0.05).sum())
    finding = message("measures.associations.none", lang)
    if found:
        finding = counted("measures.associations.found", found, lang)
    colon = message("table.colon", lang)
    return draw_chart(
        "associations",
        records,
        lambda axes: _plot(axes, chosen, said, lang),
        height=_PITCH * (len(said) + 0.7),
        left=_NAMES,
        right=_COUNTS,
        legend=1,
        title=message("measures.associations.title", lang),
        finding=finding.rstrip("."),
        caption=f"{message('measures.associations.caption', lang)} {finding}",
        alt=" ".join([finding, *(f"{each.problem} × {each.impact}{colon}{each.numbers}." for each in said)]),
        rows=_rows(records, rows, columns),
        notes=[
            *count_notes(about["known"], about["unknown"], about["withheld"], about["threshold"], lang=lang),
            message("measures.associations.limits", lang, shown=len(chosen), pairs=len(pairs)),
        ],
    )


def _rows(records: Records, *tables: str) -> list[Row]:
    told = set(clear(records).told).intersection(*(records.table(name)["household"] for name in tables))
    frames = [(name, records.table(name)) for name in tables]
    return [Row(name, row) for name, frame in frames for row in frame.loc[frame["household"].isin(told), "id"]]


def _pair(line: Mapping[Hashable, Any], rows: str, columns: str, lang: str) -> _Pair:
    problem, impact = (
        capital(label(code_of(table)[1], str(line[key]), lang))
        for table, key in ((rows, "first_code"), (columns, "second_code"))
    )
    both, one, other, neither = (int(line[key]) for key in ("both", "first", "second", "neither"))
    numbers = message("measures.associations.counts", lang, a=both, n=both + one, b=other, m=other + neither)
    p = float(line["adjusted_p"])
    key = "measures.associations.p_small" if p < _LEAST_P else "measures.associations.p"
    return _Pair(problem, impact, numbers, message(key, lang, p=number(max(p, _LEAST_P), 2, lang)))


def _plot(axes: Axes, chosen: pd.DataFrame, said: list[_Pair], lang: str) -> None:
    places = range(len(said))
    mean, low, high = (chosen[name].astype(float) for name in ("difference", "difference_low", "difference_high"))
    dot = message("measures.associations.dot", lang)
    axes.errorbar(mean, places, xerr=(mean - low, high - mean), fmt="o", ms=6, elinewidth=1.3)
    axes.plot([], [], "o-", ms=6, lw=1.3, label=dot)
    axes.vlines(0, -0.5, len(said) - 0.5, colors=GREY, lw=0.8, ls=(0, (1, 2.4)))
    ticks = (-1, -0.5, 0, 0.5, 1)
    axes.set_xticks(ticks, [number(tick, 1, lang) for tick in ticks])
    axes.set_yticks(places, [f"{each.problem}\n{each.impact}" for each in said])
    axes.set(xlim=(-1, 1), ylim=(len(said) - 0.5, -1.2), xlabel=message("measures.associations.axis", lang))
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    beside = axes.get_yaxis_transform()
    for at, align, key in ((-0.04, "right", "pair"), (0.5, "center", "plot"), (1.04, "left", "numbers")):
        words = message(f"measures.associations.{key}", lang)
        axes.text(at, -0.65, words, transform=beside, va="bottom", ha=align, weight="semibold", gid=f"head-{key}")
    for place, each in enumerate(said):
        words = f"{each.numbers}\n{each.p}"
        axes.text(1.04, place, words, transform=beside, va="center", ha="left", gid=f"pair-{place + 1}-counts")
