"""Problems and impacts told of the same households, as two columns of points joined by lines."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes

from clss_analysis.figures.chart import SIZE, draw_chart
from clss_analysis.figures.ink import Drawing
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.page import NothingToDrawError, count_notes
from clss_analysis.layout.text import wrap
from clss_analysis.layout.two_rows import count
from clss_analysis.measures import association, code_of
from clss_analysis.palette import PALE, SLATE
from clss_analysis.privacy import clear
from clss_analysis.records import Records, Row, label, message
from clss_analysis.records.typography import capital, counted

KIND = Kind(counts=True)
MOST_LINES, MOST_BOXES = 24, 16  # what a page holds, and an eye can follow
_WIDTHS = (0.5, 1.1, 1.9, 3.0)  # points, by band of household numbers
_ROW = 7.4  # millimetres a code: two lines of text and a gap
_NAMES = 48.0  # millimetres for the words on either side
_SWEEPS = 8  # rounds in which either column is moved by the other


def draw(
    records: Records,
    *,
    rows: str = "housing_problems",
    columns: str = "health_impacts",
    problems: Collection[str] | None = None,
    impacts: Collection[str] | None = None,
) -> Drawing:
    """Which problems and which impacts are told of the same households, a line for each pair.

    A point says of how many households its code is told, a line's width of how many both are.  Only pairs with enough
    households for no more than 24 lines to remain are drawn; how many that takes is said.  A pair of which one of the
    four counts must be withheld is not drawn.

    Args:
        records: the dataset.
        rows: table of the problems.
        columns: table of the impacts.
        problems: codes to draw; default: all.
        impacts: codes to draw; default: all.

    Raises:
        NothingToDrawError: no pair can be shown, or none of them more often than others.

    >>> import clss_analysis as clss
    >>> clss.figures.problems_impacts(clss.read("data/demo")).geometry.kind
    'problems-impacts'
    """
    lang = records.lang
    pairs = association(records, rows, columns)
    about = pairs.attrs
    asked = pairs
    for column, wanted in (("first_code", problems), ("second_code", impacts)):
        asked = asked if wanted is None else asked[asked[column].isin(set(wanted))]
    met = asked.dropna(subset=["both"]).query("both > 0")
    chosen = _strongest(met)
    if chosen.empty:
        raise NothingToDrawError(message("problems_impacts.nothing", lang, n=about["threshold"]))
    sides = _sides(chosen, (rows, columns), lang)
    least = int(chosen["both"].min())
    notes = count_notes(
        about["known"], about["unknown"], int(asked["both"].isna().sum()), about["threshold"], lang=lang
    )
    if len(met) > len(chosen):
        notes.append(counted("problems_impacts.least", least, lang, hidden=len(met) - len(chosen)))
    told = set(clear(records).told).intersection(*(records.table(name)["household"] for name in (rows, columns)))
    frames = [(name, records.table(name), set(side.order)) for name, side in zip((rows, columns), sides, strict=True)]
    return draw_chart(
        "problems-impacts",
        records,
        lambda axes: _plot(axes, chosen, sides, lang),
        height=_ROW * (max(len(side.order) for side in sides) + 0.6),
        left=_NAMES,
        right=_NAMES,
        below=2,
        legend=1,
        clear=1,
        title=message("problems_impacts.title", lang),
        finding=_finding(chosen, sides, lang),
        caption=message("problems_impacts.caption", lang),
        alt=" ".join(
            counted("problems_impacts.pair", both, lang, first=sides[0].words[a], second=sides[1].words[b])
            for a, b, both in zip(chosen["first_code"], chosen["second_code"], chosen["both"].astype(int), strict=True)
        ),
        rows=[
            Row(name, row)
            for name, frame, codes in frames
            for row in frame.loc[frame["household"].isin(told) & frame[code_of(name)[0]].isin(codes), "id"]
        ],
        notes=[*notes, message("problems_impacts.limits", lang)],
    )


def _finding(chosen: pd.DataFrame, sides: tuple[_Side, _Side], lang: str) -> str:
    """The pair that is told of most households; nothing where two are."""
    most = chosen.nlargest(1, "both", keep="all")
    first, second, n = most[["first_code", "second_code", "both"]].iloc[0]
    a, b = sides[0].words[first], sides[1].words[second]
    return counted("problems_impacts.most", int(n), lang, first=a, second=b) if len(most) == 1 else ""


class _Side(NamedTuple):
    """One column: its codes from top to bottom, what they are called, and of how many households each is told."""

    order: list[str]
    words: dict[str, str]
    totals: dict[str, int]


def _strongest(met: pd.DataFrame) -> pd.DataFrame:
    """The pairs told of the most households, all of equal number together, as long as a page holds them."""
    for least in sorted(set(met["both"])):
        some: pd.DataFrame = met[met["both"] >= least]
        boxes = max(some["first_code"].nunique(), some["second_code"].nunique())
        if len(some) <= MOST_LINES and boxes <= MOST_BOXES:
            return some
    return met.iloc[:0]


def _sides(chosen: pd.DataFrame, tables: tuple[str, str], lang: str) -> tuple[_Side, _Side]:
    """Both columns, told most often first, then moved where fewer lines cross."""
    totals = [
        {str(code): int(group["both"].iloc[0] + group[side].iloc[0]) for code, group in chosen.groupby(f"{side}_code")}
        for side in ("first", "second")
    ]
    found = [list(dict.fromkeys(chosen[f"{side}_code"])) for side in ("first", "second")]
    left, right = (sorted(order, key=lambda code: -own[code]) for order, own in zip(found, totals, strict=True))
    edges = set(zip(chosen["first_code"], chosen["second_code"], strict=True))

    def crossings(left: list[str], right: list[str]) -> int:
        near = [frozenset(n for n, a in enumerate(left) if (a, b) in edges) for b in right]
        return count(range(len(left)), range(len(right)), near)

    best = (crossings(left, right), left, right)
    for _ in range(_SWEEPS):
        right = sorted(right, key=lambda b: _mean([n for n, a in enumerate(left) if (a, b) in edges]))
        left = sorted(left, key=lambda a: _mean([n for n, b in enumerate(right) if (a, b) in edges]))
        if (now := crossings(left, right)) < best[0]:
            best = (now, left, right)
    names = [
        {code: capital(label(code_of(table)[1], code, lang)) for code in own}
        for table, own in zip(tables, totals, strict=True)
    ]
    return _Side(best[1], names[0], totals[0]), _Side(best[2], names[1], totals[1])


def _mean(places: list[int]) -> float:
    return sum(places) / len(places)


def _plot(axes: Axes, chosen: pd.DataFrame, sides: tuple[_Side, _Side], lang: str) -> None:
    tallest = max(len(side.order) for side in sides)
    axes.set(xlim=(0, 1), ylim=(tallest - 0.5, -1.1))
    axes.axis("off")
    heights = [{code: n + (tallest - len(side.order)) / 2 for n, code in enumerate(side.order)} for side in sides]
    ways = (("first", 0.0, -0.04, "right"), ("second", 1.0, 1.04, "left"))
    for side, height, (name, x, beside, align) in zip(sides, heights, ways, strict=True):
        head = message(f"problems_impacts.{name}", lang)
        axes.text(x, -0.9, head, ha=align, va="center", weight="semibold", gid=f"head-{name}")
        for code, y in height.items():
            words = "\n".join(wrap(side.words[code], _NAMES - 5, SIZE))
            axes.text(beside, y, words, ha=align, va="center", gid=f"{name}_code-{code}-text")
            box = {"boxstyle": "round,pad=0.3", "facecolor": PALE, "linewidth": 0}
            n = str(side.totals[code])
            axes.text(x, y, n, ha="center", va="center", weight="semibold", bbox=box, gid=f"{name}_code-{code}-n")
    bands = _bands(int(chosen["both"].min()), int(chosen["both"].max()))
    for low, high in bands:
        words = message("problems_impacts.lines", lang, low=low, high=high)
        words = counted("problems_impacts.line", low, lang) if low == high else words
        axes.plot([], [], lw=_WIDTHS[bands.index((low, high))], label=words)
    for line in chosen.sort_values("both", kind="stable").to_dict("records"):
        rank = next(rank for rank, (_, high) in enumerate(bands) if line["both"] <= high)
        ends = heights[0][line["first_code"]], heights[1][line["second_code"]]
        gid = f"first_code-{line['first_code']}--second_code-{line['second_code']}"
        axes.plot((0.035, 0.965), ends, lw=_WIDTHS[rank], color=SLATE, zorder=1, gid=gid)


def _bands(least: int, most: int) -> list[tuple[int, int]]:
    """Bands of household numbers, one for each width of a line, narrowest first."""
    step = -(-(most - least + 1) // len(_WIDTHS))
    return [(low, min(low + step - 1, most)) for low in range(least, most + 1, step)]
