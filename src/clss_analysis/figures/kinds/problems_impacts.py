"""Problems and impacts told of the same households, as two columns of boxes joined by lines."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from clss_analysis.layout.geometry import Box, Layout, Line, Mark, Symbol
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.page import (
    MARGIN,
    PLAIN,
    PORTRAIT,
    SMALL_STRONG,
    STRONG,
    Entry,
    NothingToDrawError,
    Part,
    block,
    compose,
    count_notes,
)
from clss_analysis.layout.text import text_width
from clss_analysis.layout.two_rows import count
from clss_analysis.measures import association, code_of
from clss_analysis.privacy import clear
from clss_analysis.records import Records, Row, label, message
from clss_analysis.records.typography import capital, counted

KIND = Kind(counts=True)
MOST_LINES, MOST_BOXES = 24, 16
_WIDE, _PAD, _GAP, _SWEEPS = 52.0, 1.6, 2.4, 8
_CLASSES = 4


def lay_out(
    records: Records,
    *,
    rows: str = "housing_problems",
    columns: str = "health_impacts",
    problems: Collection[str] | None = None,
    impacts: Collection[str] | None = None,
) -> Layout:
    """Which problems and which impacts are told of the same households, a line for each pair.

    A box says of how many households its code is told, a line's width of how many both are.  Only pairs with enough
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
    vocabularies = [code_of(table)[1] for table in (rows, columns)]
    said = [
        (
            capital(label(vocabularies[0], line["first_code"], lang)),
            capital(label(vocabularies[1], line["second_code"], lang)),
            int(line["both"]),
        )
        for line in chosen.to_dict("records")
    ]
    least, most = int(chosen["both"].min()), int(chosen["both"].max())
    held = int(asked["both"].isna().sum())
    notes = count_notes(about["known"], about["unknown"], held, about["threshold"], lang=lang)
    if len(met) > len(chosen):
        notes.append(counted("problems_impacts.least", least, lang, hidden=len(met) - len(chosen)))
    notes.append(message("problems_impacts.limits", lang))
    told = set(clear(records).told).intersection(*(records.table(name)["household"] for name in (rows, columns)))
    codes = {rows: set(chosen["first_code"]), columns: set(chosen["second_code"])}
    frames = [(name, records.table(name)) for name in (rows, columns)]
    return compose(
        "problems-impacts",
        records,
        lambda top: _body(chosen, vocabularies, _scale(least, most), lang, top),
        title=message("problems_impacts.title", lang),
        caption=message("problems_impacts.caption", lang),
        alt=" ".join(counted("problems_impacts.pair", n, lang, first=a, second=b) for a, b, n in said),
        rows=[
            Row(name, row)
            for name, frame in frames
            for row in frame.loc[frame["household"].isin(told) & frame[code_of(name)[0]].isin(codes[name]), "id"]
        ],
        entries=[
            Entry(_band_words(low, high, lang), lambda x, y, rank=rank: _sample(x, y, rank), 12.0)  # type: ignore[misc]  # one sample a rank
            for rank, (low, high) in enumerate(_scale(least, most), start=1)
        ],
        notes=notes,
    )


def _strongest(met: pd.DataFrame) -> pd.DataFrame:
    """The pairs told of the most households, all of equal number together, as long as a page holds them."""
    for least in sorted(set(met["both"])):
        some: pd.DataFrame = met[met["both"] >= least]
        boxes = max(some["first_code"].nunique(), some["second_code"].nunique())
        if len(some) <= MOST_LINES and boxes <= MOST_BOXES:
            return some
    return met.iloc[:0]


def _scale(least: int, most: int) -> list[tuple[int, int]]:
    """Bands of household numbers, one for each width of a line, narrowest first."""
    step = -(-(most - least + 1) // _CLASSES)
    return [(low, min(low + step - 1, most)) for low in range(least, most + 1, step)]


def _band_words(low: int, high: int, lang: str) -> str:
    if low == high:
        return counted("problems_impacts.line", low, lang)
    return message("problems_impacts.lines", lang, low=low, high=high)


def _orders(chosen: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Both columns, told most often first, then moved where fewer lines cross."""
    totals = [chosen.groupby(side, sort=False)["total_" + side].first() for side in ("first_code", "second_code")]
    left, right = ([str(code) for code in total.sort_values(ascending=False, kind="stable").index] for total in totals)
    edges = set(zip(chosen["first_code"], chosen["second_code"], strict=True))

    def crossings(left: list[str], right: list[str]) -> int:
        near = [frozenset(n for n, a in enumerate(left) if (a, b) in edges) for b in right]
        return count(range(len(left)), range(len(right)), near)

    best = (crossings(left, right), left, right)
    for _ in range(_SWEEPS):
        place = {code: n for n, code in enumerate(left)}
        right = sorted(right, key=lambda b: _mean([place[a] for a in left if (a, b) in edges]))
        place = {code: n for n, code in enumerate(right)}
        left = sorted(left, key=lambda a: _mean([place[b] for b in right if (a, b) in edges]))
        if (now := crossings(left, right)) < best[0]:
            best = (now, left, right)
    return best[1], best[2]


def _mean(places: list[int]) -> float:
    return sum(places) / len(places)


def _body(chosen: pd.DataFrame, vocabularies: list[str], scale: list[tuple[int, int]], lang: str, top: float) -> Part:
    chosen = chosen.assign(
        total_first_code=chosen["both"] + chosen["first"], total_second_code=chosen["both"] + chosen["second"]
    )
    orders = _orders(chosen)
    part, boxes = Part(top), dict[str, Box]()
    lefts = (MARGIN, PORTRAIT - MARGIN - _WIDE)
    for side, left in zip(("first", "second"), lefts, strict=True):
        head = block(f"head-{side}", message(f"problems_impacts.{side}", lang), (left, top), _WIDE, SMALL_STRONG)
        part += Part(head.box[3], labels=(head,))
    first = part.bottom + 2
    columns: list[Part] = []
    for side, vocabulary, order, left in zip(("first_code", "second_code"), vocabularies, orders, lefts, strict=True):
        totals = chosen.groupby(side)[f"total_{side}"].first()
        column, y = Part(first), first
        for code in order:
            each = _box(f"{side}-{code}", capital(label(vocabulary, code, lang)), int(totals[code]), (left, y))
            column, y = column + each, each.bottom + _GAP
        columns.append(column)
    tallest = max(column.bottom for column in columns)
    for column in columns:
        lowered = column.lowered((tallest - column.bottom) / 2)
        boxes |= {symbol.id: symbol.box for symbol in lowered.symbols}
        part += lowered
    ends = {
        **_ends(chosen, "first_code", "second_code", boxes),
        **_ends(chosen, "second_code", "first_code", boxes),
    }
    lines = [
        Line(
            f"pair-{line['first_code']}-{line['second_code']}",
            "edge",
            (
                (lefts[0] + _WIDE, ends["first_code", line["first_code"], line["second_code"]]),
                (lefts[1], ends["second_code", line["second_code"], line["first_code"]]),
            ),
            f"meeting-{next(rank for rank, (_, high) in enumerate(scale, start=1) if line['both'] <= high)}",
            f"first_code-{line['first_code']}",
            f"second_code-{line['second_code']}",
        )
        for line in chosen.sort_values("both", kind="stable").to_dict("records")
    ]
    return part + Part(tallest, lines=tuple(lines))


def _ends(chosen: pd.DataFrame, side: str, other: str, boxes: dict[str, Box]) -> dict[tuple[str, str, str], float]:
    """Height of each line's end at the boxes of a side: one under the other, as they come from the other side."""
    ends: dict[tuple[str, str, str], float] = {}
    for code, lines in chosen.groupby(side):
        _, top, _, low = boxes[f"{side}-{code}"]
        far = sorted(lines[other], key=lambda each: boxes[f"{other}-{each}"][1])
        for rank, each in enumerate(far, start=1):
            ends[side, str(code), each] = top + (low - top) * rank / (len(far) + 1)
    return ends


def _box(name: str, text: str, number: int, at: tuple[float, float]) -> Part:
    x, y = at
    broad = text_width(str(number), STRONG.size, STRONG.face)
    words = block(f"{name}-text", text, (x + _PAD, y + 0.9), _WIDE - 3 * _PAD - broad, PLAIN, of=name)
    figure = block(f"{name}-n", str(number), (x + _WIDE - _PAD - broad - 0.1, y + 0.9), broad + 0.2, STRONG, of=name)
    bottom = words.box[3] + 0.9
    return Part(bottom, (Symbol(name, "node", (x, y, x + _WIDE, bottom), "step"),), (), (words, figure))


def _sample(x: float, y: float, rank: int) -> Part:
    return Part(y, marks=(Mark(((x, y), (x + 10, y)), f"meeting-{rank}"),))
