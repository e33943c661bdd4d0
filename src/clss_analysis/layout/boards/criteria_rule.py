"""The five intake criteria themselves: keyword, question and rule, before anyone has answered."""

from __future__ import annotations

from clss_analysis.layout.boards.criteria_table import Cell, lay_out_table
from clss_analysis.layout.boards.programme import Item, section, spoken
from clss_analysis.layout.geometry import Label, Layout, Mark, Symbol
from clss_analysis.layout.page import (
    HEADING,
    MARGIN,
    PORTRAIT,
    SMALL_MUTED,
    STRONG,
    Part,
    Voice,
    block,
    compose,
)
from clss_analysis.records import Records, codes, label, message

_COLUMNS = {"number": 7.0, "criterion": 57.0, "keyword": 30.0, "question": 60.0}
_DISC = 2.1  # millimetres, radius of the sign of a number
_NUMBER = Voice(8.5, "semibold", "inverse")


def lay_out_rule(records: Records) -> Layout:
    """Lay out the five intake criteria with their keywords and the conditions of the rule; no answers.

    The conditions are the dataset's own words (section `intake_rule` of `programme`) where it has them.

    Args:
        records: the dataset.

    Returns:
        The layout, 160 mm wide, of kind criteria-grid and no case.

    Source of the rule: La Rue, retour d'expérience CLSS, II.3 (`records.intake_verdict`).

    >>> import clss_analysis as clss
    >>> lay_out_rule(clss.read("data/publication")).case is None
    True
    """
    lang = records.lang
    own = bool((records.programme["section"] == "intake_rule").any())
    conditions = section(records, "intake_rule") if own else _standing(lang)
    return compose(
        "criteria-grid",
        records,
        lambda top: _body(conditions, lang, top, own=own),
        title=message("criteria_grid.five.title", lang),
        caption=message("criteria_grid.five.caption", lang),
        alt=_alt(conditions, lang),
        rows=[row for condition in conditions for row in condition.rows] if own else [],
        width=PORTRAIT,
        notes=[message("figure.reading", lang)] if any(condition.reading for condition in conditions) else [],
    )


def question(code: str, lang: str = "fr") -> str:
    """What one wants to know under a criterion.

    >>> question("isolation", "en")
    'Is the household isolated, with little or no help from family, friends or social services?'
    """
    return message(f"criteria_grid.question.{code}", lang)


def _standing(lang: str) -> tuple[Item, ...]:
    """The conditions of `records.intake_verdict`, for a dataset that does not tell them in its own words."""
    keys = ("three", "required", "weighs")
    return tuple(Item(key, message(f"criteria_grid.rule.{key}", lang), "", reading=False) for key in keys)


def _body(conditions: tuple[Item, ...], lang: str, top: float, *, own: bool) -> Part:
    def fill(code: str, cell: Cell) -> tuple[list[Label], Part]:
        return [cell("question", question(code, lang))], Part(top)

    table = lay_out_table(_COLUMNS, fill, lang, top)
    return table + _conditions(conditions, lang, table.bottom + 4, MARGIN + sum(_COLUMNS.values()), own=own)


def _conditions(conditions: tuple[Item, ...], lang: str, top: float, right: float, *, own: bool) -> Part:
    """The rule in a tinted band: each condition with its number in a disc."""
    pad = 3.0
    name = block("rule", message("criteria_grid.head.rule", lang), (MARGIN + pad, top + pad), right - MARGIN, HEADING)
    y, part = name.box[3] + 1.4, Part(top, labels=(name,))
    left = MARGIN + pad + 2 * _DISC + 2.2
    for number, item in enumerate(conditions, start=1):
        of = f"rule-{number}"
        words = block(f"{of}-text", item.marked(), (left, y), right - pad - left, STRONG, of=of)
        middle = (y + words.box[3]) / 2 if len(words.lines) == 1 else y + (words.box[3] - y) / len(words.lines) / 2
        at = (MARGIN + pad, middle - (words.box[3] - y) / len(words.lines) / 2)
        sign = block(f"{of}-number", str(number), at, 2 * _DISC, _NUMBER, of=of, align="center")
        disc = Mark(((at[0], middle - _DISC), (at[0] + 2 * _DISC, middle + _DISC)), "number")
        texts = [words, sign]
        if item.detail:
            texts.append(
                block(f"{of}-detail", item.detail, (left, words.box[3] + 0.2), right - pad - left, SMALL_MUTED, of=of)
            )
        low = max(text.box[3] for text in texts)
        box = (at[0], min(y, middle - _DISC), right - pad, low)
        symbol = Symbol(of, "node", box, "cell", item.rows if own else ())
        part += Part(low, symbols=(symbol,), labels=tuple(texts), marks=(disc,))
        y = low + 1.8
    bottom = part.bottom + pad
    band = Mark(((MARGIN, top), (right, bottom)), "band")
    return Part(bottom, part.symbols, part.lines, part.labels, (band, *part.marks))


def _alt(conditions: tuple[Item, ...], lang: str) -> str:
    said = [message("criteria_grid.five.alt", lang)]
    for n, code in enumerate(codes("criterion"), start=1):
        words = {"criterion": label("criterion", code, lang), "keyword": label("criterion_keyword", code, lang)}
        said.append(message("criteria_grid.five.alt.row", lang, n=n, question=question(code, lang), **words))
    return " ".join([*said, message("criteria_grid.five.alt.rule", lang, rule=spoken(conditions))])
