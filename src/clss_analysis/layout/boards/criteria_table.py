"""The table of the five intake criteria: a row for each, whatever its further columns say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import accumulate

from clss_analysis.layout.geometry import Label, Mark, Symbol
from clss_analysis.layout.page import EVEN, HEADING, MARGIN, MUTED, STRONG, Part, Voice, block
from clss_analysis.records import Row, codes, label, message

PAD_X, PAD_Y = 2.0, 2.1  # millimetres within a cell

Cell = Callable[..., Label]
"""Makes the words of a cell: name of the column, text, voice; `inset` moves them right, in millimetres."""


def lay_out_table(
    columns: Mapping[str, float],
    fill: Callable[[str, Cell], tuple[list[Label], Part]],
    lang: str,
    top: float,
    rows: Mapping[str, Row] | None = None,
) -> Part:
    """Heads, then number, name and keyword of each criterion with what `fill` adds.

    Args:
        columns: widths in millimetres by name, those of number, criterion and keyword first.
        fill: gives the further words of a criterion, and what is drawn besides, from its code and a maker of cells.
        lang: fr, nl or en.
        top: edge in millimetres.
        rows: the records that rows show, by criterion.
    """
    lefts = dict(zip(columns, accumulate(columns.values(), initial=MARGIN), strict=False))
    right, part = MARGIN + sum(columns.values()), Part(top)
    for name in list(columns)[1:]:
        words = message(f"criteria_grid.head.{name}", lang)
        text = block(f"head-{name}", words, (lefts[name] + PAD_X, top), columns[name] - 2 * PAD_X, HEADING)
        part += Part(text.box[3] + 1, labels=(text,))
    part += Part(part.bottom, marks=(Mark(((MARGIN, part.bottom), (right, part.bottom)), "strong-rule"),))
    for number, code in enumerate(codes("criterion"), start=1):
        y = part.bottom

        def cell(
            name: str, text: str, voice: Voice = EVEN, inset: float = 0.0, code: str = code, y: float = y
        ) -> Label:
            at, of = (lefts[name] + PAD_X + inset, y + PAD_Y), f"{code}-{name}"
            return block(f"{of}-text", text, at, columns[name] - 2 * PAD_X - inset, voice, of=of)

        first = [
            cell("number", str(number), MUTED),
            cell("criterion", label("criterion", code, lang), STRONG),
            cell("keyword", label("criterion_keyword", code, lang)),
        ]
        more, besides = fill(code, cell)
        low = max(text.box[3] for text in (*first, *more)) + PAD_Y
        held = (rows[code],) if rows and code in rows else ()
        cells = tuple(
            Symbol(f"{code}-{name}", "node", (lefts[name], y, lefts[name] + width, low), "cell", held)
            for name, width in columns.items()
        )
        rule = Mark(((MARGIN, low), (right, low)), "rule")
        part += besides + Part(low, symbols=cells, labels=(*first, *more)) + Part(low, marks=(rule,))
    return part
