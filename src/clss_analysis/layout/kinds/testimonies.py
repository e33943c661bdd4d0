"""Testimonies: what people said, set apart, never as a quotation when it is a paraphrase."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from clss_analysis.layout.boards.parts import Record, dagger, in_order, most_often, ruled, stack
from clss_analysis.layout.geometry import Layout, Mark, Symbol
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.page import EVEN, MARGIN, PORTRAIT, SMALL_STRONG, NothingToDrawError, Part, Voice, compose
from clss_analysis.records import Records, Row, codes, label, message
from clss_analysis.records.typography import capital, counted, opening, sentence, text_of

KIND = Kind(needs="statements")
_QUOTED = Voice(face="italic", even=True)
_GUTTER, _BAR = 8.0, 3.0
_WIDTH = (PORTRAIT - 2 * MARGIN - _GUTTER) / 2


def lay_out(records: Records) -> Layout:
    """The statements by where they were gathered; only what is verbatim stands between guillemets.

    Args:
        records: the dataset, or one case of it.

    Raises:
        NothingToDrawError: there are no statements.

    >>> import clss_analysis as clss
    >>> clss.figures.testimonies(clss.read("data/publication")).geometry.kind
    'testimonies'
    """
    lang = records.lang
    if records.statements.empty:
        raise NothingToDrawError(message("testimonies.nothing", lang))
    rows = in_order(records.statements, "id")
    groups = {code: [row for row in rows if row["context"] == code] for code in codes("statement_context")}
    groups = {code: held for code, held in groups.items() if held}
    drawn = [row for held in groups.values() for row in held]
    paraphrased = any(row["wording"] == "paraphrase" for row in rows)
    finding = counted("testimonies.finding", len(drawn), lang)
    finding += most_often(
        (row["context"] for row in drawn), len(drawn), lambda code: label("statement_context", code, lang), lang
    )
    said = [sentence(message("testimonies.title", lang))]
    said += [
        sentence(f"{row['speaker']} ({label('wording', row['wording'], lang)})\u202f: {row['text']}") for row in drawn
    ]
    return compose(
        "testimonies",
        records,
        lambda top: _body(groups, lang, top),
        title=message("testimonies.title", lang),
        finding=opening(finding, lang),
        caption=counted("testimonies.caption", len(drawn), lang),
        alt=" ".join(said),
        rows=[Row("statements", row["id"]) for row in drawn],
        notes=[
            *([message("testimonies.paraphrase", lang)] if paraphrased else []),
            *([message("figure.reading", lang)] if any(row["reading"] for row in rows) else []),
        ],
    )


def _body(groups: dict[str, list[dict[Hashable, Any]]], lang: str, top: float) -> Part:
    part, y = Part(top), top
    for code, held in groups.items():
        words = capital(label("statement_context", code, lang))
        head = ruled(code, words, (MARGIN, y), PORTRAIT - 2 * MARGIN)
        part += head
        lows = [head.bottom + 2.6, head.bottom + 2.6]
        for row in held:
            column = lows.index(min(lows))
            drawn = _statement(row, MARGIN + column * (_WIDTH + _GUTTER), lows[column], lang)
            part += drawn
            lows[column] = drawn.bottom + 3.6
        y = max(lows) + 1.4
    return part


def _statement(row: Record, left: float, top: float, lang: str) -> Part:
    name, x, room = row["id"], left + _BAR, _WIDTH - _BAR
    verbatim = row["wording"] == "verbatim"
    text = message("testimonies.quoted", lang, text=row["text"]) if verbatim else text_of(row["text"])
    said = ("text", text, _QUOTED if verbatim else EVEN, 0.0)
    labels = stack(name, (x, top), room, said, ("who", text_of(row["speaker"]) + dagger(row), SMALL_STRONG, 0.5))
    bottom = labels[-1].box[3]
    shape = Symbol(name, "node", (left, top, left + _WIDTH, bottom), "cell", (Row("statements", name),))
    bar = Mark(((left + 0.4, top + 0.4), (left + 0.4, bottom - 0.4)), "quote-bar")
    return Part(bottom, (shape,), (), labels, (bar,))
