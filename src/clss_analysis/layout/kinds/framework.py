"""The framework matrix on pages: a household a row, a theme a column, paraphrased statements with their ids."""

from __future__ import annotations

from itertools import groupby

import pandas as pd

from clss_analysis.layout.geometry import Label, Layout, Mark, Symbol
from clss_analysis.layout.page import (
    FINE,
    HEADING,
    MARGIN,
    PORTRAIT,
    ROOM,
    SMALL,
    SMALL_STRONG,
    NothingToDrawError,
    Part,
    block,
    compose,
)
from clss_analysis.measures import framework_matrix
from clss_analysis.records import Records, Row, message
from clss_analysis.records.typography import counted, quoted

MOST_THEMES, MOST_PAGES = 4, 8
_NAME, _GAP, _PAD = 26.0, 3.0, 1.6
_BODY = ROOM[PORTRAIT] - 57


def lay_out(records: Records) -> tuple[Layout, ...]:
    """What each household says of each theme, as many pages as it takes.

    Args:
        records: the dataset; only households that may be told are rows.

    Raises:
        NothingToDrawError: no statement of such a household is coded, or there are more than 4 themes or 8 pages.

    >>> import clss_analysis as clss
    >>> len(lay_out(clss.read("data/demo")))
    2
    """
    lang = records.lang
    matrix = framework_matrix(records)
    themes = dict(zip(matrix["theme"], matrix["theme_label"], strict=True))
    known = [code for code in records.codes["id"] if code in themes]
    if not known or len(known) > MOST_THEMES:
        raise NothingToDrawError(message("framework.nothing", lang, themes=MOST_THEMES, pages=MOST_PAGES))
    wide = (PORTRAIT - 2 * MARGIN - _NAME - len(known) * _GAP) / len(known)
    lefts = {code: MARGIN + _NAME + _GAP + n * (wide + _GAP) for n, code in enumerate(known)}
    rows = [
        _row(str(home), lines, lefts, wide, lang)
        for home, lines in matrix.groupby("household", sort=False, dropna=False)
    ]
    pages: list[list[Part]] = [[]]
    for row in rows:
        if pages[-1] and sum(each.bottom for each in pages[-1]) + row.bottom > _BODY:
            pages.append([])
        pages[-1].append(row)
    if len(pages) > MOST_PAGES:
        raise NothingToDrawError(message("framework.nothing", lang, themes=MOST_THEMES, pages=MOST_PAGES))
    heads = {code: str(themes[code]) for code in known}
    return tuple(
        _page(records, matrix, part, heads, lefts, wide, (number, len(pages)), lang)
        for number, part in enumerate(pages, start=1)
    )


def _page(
    records: Records,
    matrix: pd.DataFrame,
    rows: list[Part],
    heads: dict[str, str],
    lefts: dict[str, float],
    wide: float,
    page: tuple[int, int],
    lang: str,
) -> Layout:
    shown = {symbol.id.removeprefix("row-") for row in rows for symbol in row.symbols}
    here = matrix[matrix["household"].isin(shown)]
    about = matrix.attrs
    of_pages = message("framework.page", lang, n=page[0], of=page[1]) if page[1] > 1 else ""
    notes = [
        *([message("coding.told_only", lang)] if about["told_only"] else []),
        *([counted("framework.unattributed", about["unattributed"], lang)] if about["unattributed"] else []),
        message("framework.limits", lang),
    ]

    def body(top: float) -> Part:
        part = Part(top)
        for code, text in heads.items():
            head = block(f"theme-{code}", text, (lefts[code], top), wide, SMALL_STRONG)
            part += Part(head.box[3], labels=(head,))
        y = part.bottom + 1.5
        for row in rows:
            part += Part(y, marks=(Mark(((MARGIN, y), (PORTRAIT - MARGIN, y)), "rule"),)) + row.lowered(y)
            y = part.bottom
        return part

    return compose(
        "framework",
        records,
        body,
        title=" ".join(filter(None, [message("framework.title", lang), of_pages])),
        finding=_finding(matrix, lang),
        caption=message("framework.caption", lang),
        alt=" ".join(
            message(
                "framework.cell",
                lang,
                household=home,
                theme=theme,
                statements=", ".join(line["statement"] for line in lines),
            )
            for (home, theme), lines in (
                (key, list(group))
                for key, group in groupby(
                    here.to_dict("records"), lambda line: (line["household_label"], line["theme_label"])
                )
            )
        ),
        rows=[Row("statements", row) for row in here["statement"]],
        notes=notes,
    )


def _finding(matrix: pd.DataFrame, lang: str) -> str:
    """The theme of most households; where several are, that none is of more; nothing of one household or no theme."""
    most = matrix.groupby(["theme", "theme_label"])["household"].nunique().nlargest(1, keep="all")
    of, n = matrix["household"].nunique(), int(most.max()) if len(most) else 0
    key = "shared" if n > 1 == len(most) else "apart"
    return counted(f"framework.{key}", n, lang, of=of, theme=quoted(most.index[0][1], lang)) if of > 1 and n else ""


def _row(home: str, lines: pd.DataFrame, lefts: dict[str, float], wide: float, lang: str) -> Part:
    """One household from height 0 down."""
    name = f"row-{home}"
    labels: list[Label] = [
        block(f"{name}-name", str(lines["household_label"].iloc[0]), (MARGIN, _PAD), _NAME, HEADING, of=name)
    ]
    for theme, cell in lines.groupby("theme", sort=False):
        y = _PAD
        for line in cell.to_dict("records"):
            each = f"{name}-{theme}-{line['statement']}"
            text = message("framework.verbatim", lang) if pd.isna(line["text"]) else str(line["text"])
            said = block(each, text, (lefts[str(theme)], y), wide, SMALL, of=name)
            place = block(f"{each}-id", str(line["statement"]), (lefts[str(theme)], said.box[3]), wide, FINE, of=name)
            labels += [said, place]
            y = place.box[3] + 0.8
    low = max(each.box[3] for each in labels) + _PAD
    return Part(low, (Symbol(name, "node", (MARGIN, 0.1, PORTRAIT - MARGIN, low - 0.1), "cell"),), (), tuple(labels))
