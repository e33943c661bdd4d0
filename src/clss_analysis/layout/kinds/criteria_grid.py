"""Criteria grid: the five intake criteria of one household, what shows them, and what the rule says."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from clss_analysis.layout.criteria_rule import criteria_rule
from clss_analysis.layout.geometry import Label, Layout, Mark, Symbol
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.page import (
    EVEN,
    FINE,
    HEADING,
    MARGIN,
    MUTED,
    PLAIN,
    PORTRAIT,
    STRONG,
    UNTOLD,
    VERDICT,
    NothingToDrawError,
    Part,
    Voice,
    block,
    compose,
)
from clss_analysis.layout.text import line_height
from clss_analysis.records import Case, Records, Row, Verdict, codes, intake_verdict, label, message
from clss_analysis.records.typography import capital, counted, sentence, text_of

KIND = Kind(per_case=True, or_dataset=True)
_Record = Mapping[Hashable, Any]
_Answers = dict[str, _Record]
_COLUMNS = {"number": 7.0, "criterion": 50.0, "keyword": 25.0, "met": 22.0, "evidence": 50.0}
_PAD_X, _PAD_Y, DISC = 2.0, 2.1, 2.1
_SIGNS = {True: ("yes", "✓", "inverse"), False: ("no", "✗", "text"), None: ("unknown", "?", "muted")}
_LINE = line_height(PLAIN.size)
_WORDS = {True: "yes", False: "no", None: "not_told"}


def lay_out(case: Records) -> Layout:
    """The criteria grid of one household, with the verdict of the intake rule at its foot.

    Of a whole dataset it shows the five criteria, their keywords and the rule, without answers.

    All five criteria are shown in their own order; one without a row, or with an empty answer, is *not told*,
    which is not *no*.

    Args:
        case: the household, or a dataset.

    Returns:
        The layout, 160 mm wide; each cell is a symbol of kind node.

    Raises:
        NothingToDrawError: the case has no criteria grid.
        ValueError: a criterion appears twice.

    Source of the rule: La Rue, retour d'expérience CLSS, II.3 (`records.intake_verdict`).

    >>> import clss_analysis as clss
    >>> clss.figures.criteria_grid(clss.read("data/publication").case("A")).geometry.kind
    'criteria-grid'
    """
    lang = case.lang
    if not isinstance(case, Case):
        return criteria_rule(case)
    frame = case.criteria
    if frame.empty:
        raise NothingToDrawError(message("criteria_grid.nothing", lang, case=case.label))
    verdict = intake_verdict(frame)
    met = counted("criteria_grid.met", verdict.met, lang)
    answers: _Answers = {str(record["criterion"]): record for record in frame.to_dict("records")}
    told_rows = [Row("criteria", answers[code]["id"]) for code in codes("criterion") if code in answers]
    reading = any(bool(record["reading"]) and bool(text_of(record["met"])) for record in answers.values())
    return compose(
        "criteria-grid",
        case,
        lambda top: _body(answers, verdict, lang, top),
        title=message("criteria_grid.title", lang, case=case.label),
        caption=message("criteria_grid.caption", lang, case=case.label, met=met),
        alt=_alt(case, answers, verdict, lang),
        rows=[Row("households", case.id), *told_rows],
        width=PORTRAIT,
        notes=[message("criteria_grid.rule", lang), *([message("figure.reading", lang)] if reading else [])],
    )


def verdict_sentence(verdict: Verdict, lang: str = "fr") -> str:
    """What the rule says, in one sentence.

    >>> verdict_sentence(Verdict(True, 4, 0, True, True), "en")
    '4 criteria met of 5, the psychological impact among them: the situation can be accompanied.'
    """
    met = counted("criteria_grid.met", verdict.met, lang)
    if verdict.eligible:
        key = "criteria_grid.eligible"
    elif verdict.eligible is None:
        key = "criteria_grid.open"
    elif verdict.required_met is False:
        key = "criteria_grid.without_required"
    else:
        key = "criteria_grid.too_few"
    return message(key, lang, met=met, unknown=counted("criteria_grid.unknown", verdict.unknown, lang))


def answer(record: _Record | None) -> bool | None:
    """Yes, no, or None where the criterion has no row or no answer."""
    return None if record is None or not text_of(record["met"]) else bool(record["met"])


def _body(answers: _Answers, verdict: Verdict, lang: str, top: float) -> Part:
    part, y = Part(top), top
    lefts, x = {}, MARGIN
    for name, width in _COLUMNS.items():
        lefts[name] = x
        x += width
    for name in ("criterion", "keyword", "met", "evidence"):
        words = message(f"criteria_grid.head.{name}", lang)
        text = block(f"head-{name}", words, (lefts[name] + _PAD_X, y), _COLUMNS[name] - 2 * _PAD_X, HEADING)
        part += Part(text.box[3] + 1, labels=(text,))
    y = part.bottom
    part += Part(y, marks=(Mark(((MARGIN, y), (x, y)), "strong-rule"),))
    for number, code in enumerate(codes("criterion"), start=1):
        row = _row(number, code, answers.get(code), lefts, lang, y)
        y = row.bottom
        part += row + Part(y, marks=(Mark(((MARGIN, y), (x, y)), "rule"),))
    return part + _verdict(verdict, lang, y + 3, x)


def _row(number: int, code: str, record: _Record | None, lefts: dict[str, float], lang: str, top: float) -> Part:
    met = answer(record)
    evidence = text_of(record["evidence"]) if record else ""
    reading = "\u00a0†" if record and bool(record["reading"]) else ""
    ids = {name: f"{code}-{name}" for name in _COLUMNS}
    y = top + _PAD_Y

    def cell(name: str, text: str, voice: Voice, inset: float = 0.0) -> Label:
        at = (lefts[name] + _PAD_X + inset, y)
        return block(f"{ids[name]}-text", text, at, _COLUMNS[name] - 2 * _PAD_X - inset, voice, of=ids[name])

    labels = [
        cell("number", str(number), MUTED),
        cell("criterion", label("criterion", code, lang), STRONG),
        cell("keyword", label("criterion_keyword", code, lang), EVEN),
        cell("met", message(_WORDS[met], lang), MUTED if met is None else PLAIN, 2 * DISC + 1.6),
    ]
    if evidence:
        labels.append(cell("evidence", evidence + reading, EVEN))
    elif met is not None:
        labels.append(cell("evidence", message("not_told", lang) + reading, UNTOLD))
    tag = {"psychological_impact": "criteria_grid.required", "eviction": "criteria_grid.weighs"}.get(code)
    if tag:
        at = (lefts["criterion"] + _PAD_X, labels[1].box[3] + 0.2)
        room = _COLUMNS["criterion"] - 2 * _PAD_X
        labels.append(block(f"{ids['criterion']}-tag", message(tag, lang), at, room, FINE, of=ids["criterion"]))
    bottom = max(text.box[3] for text in labels) + _PAD_Y
    rows = (Row("criteria", record["id"]),) if record else ()
    cells = tuple(
        Symbol(ids[name], "node", (lefts[name], top, lefts[name] + width, bottom), "cell", rows)
        for name, width in _COLUMNS.items()
    )
    disc = met_disc(ids["met"], lefts["met"] + _PAD_X + DISC, y + _LINE / 2, met=met)
    return disc + Part(bottom, symbols=cells, labels=tuple(labels))


def met_disc(of: str, x: float, y: float, *, met: bool | None) -> Part:
    """The sign of an answer about its centre: filled with a tick, open with a cross, dashed with a question mark."""
    name, sign, role = _SIGNS[met]
    at, voice = (x - DISC, y - _LINE / 2), Voice(face="semibold", role=role)
    text = block(f"{of}-sign", sign, at, 2 * DISC, voice, of=of, align="center")
    mark = Mark(((x - DISC, y - DISC), (x + DISC, y + DISC)), f"met-{name}")
    return Part(y, labels=(text,), marks=(mark,))


def _verdict(verdict: Verdict, lang: str, top: float, right: float) -> Part:
    pad, inset = 2.6, 2 * DISC + 5
    at, room = (MARGIN + inset, top + pad), right - MARGIN - inset - pad
    text = block("verdict-text", verdict_sentence(verdict, lang), at, room, VERDICT, of="verdict")
    bottom = text.box[3] + pad
    box = Symbol("verdict", "node", (MARGIN, top, right, bottom), "cell")
    band = Mark(((MARGIN, top), (right, bottom)), "band")
    disc = met_disc("verdict", MARGIN + pad + DISC, (top + bottom) / 2, met=verdict.eligible)
    return Part(bottom, symbols=(box,), labels=(text,), marks=(band,)) + disc


def _alt(case: Case, answers: _Answers, verdict: Verdict, lang: str) -> str:
    said = [message("criteria_grid.alt", lang, case=case.label)]
    for code in codes("criterion"):
        record = answers.get(code)
        evidence = text_of(record["evidence"]) if record else ""
        words = message(_WORDS[answer(record)], lang)
        criterion = label("criterion", code, lang)
        said.append(sentence(message("criteria_grid.alt.row", lang, criterion=criterion, met=words)))
        said += [sentence(evidence)] if evidence else []
    return " ".join([*said, capital(verdict_sentence(verdict, lang))])
