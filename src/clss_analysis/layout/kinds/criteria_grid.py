"""Criteria grid: the five intake criteria of one household, what shows them, and what the rule says."""

from __future__ import annotations

from clss_analysis.layout.boards.criteria_rule import lay_out_rule
from clss_analysis.layout.boards.criteria_table import PAD_X, Cell, lay_out_table
from clss_analysis.layout.boards.parts import Record, dagger
from clss_analysis.layout.geometry import Label, Layout, Mark, Symbol
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.page import (
    EVEN,
    FINE,
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
from clss_analysis.records.typography import capital, counted, opening, sentence, text_of

KIND = Kind(per_case=True, or_dataset=True)
_Answers = dict[str, Record]
_COLUMNS = {"number": 7.0, "criterion": 50.0, "keyword": 25.0, "met": 22.0, "evidence": 50.0}
DISC = 2.1  # millimetres, radius of the sign of an answer
_TAGS = {"psychological_impact": "criteria_grid.required", "eviction": "criteria_grid.weighs"}
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
        return lay_out_rule(case)
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
        finding=criteria_finding(verdict, lang),
    )


def criteria_finding(verdict: Verdict, lang: str = "fr") -> str:
    """How many criteria are met, and of how many nobody knows.

    >>> criteria_finding(Verdict(None, 3, 1, True, None), "en")
    'Three criteria met of five, one not stated'
    """
    said = message("criteria_grid.finding", lang, met=counted("criteria_grid.met", verdict.met, lang))
    said += counted("criteria_grid.finding.open", verdict.unknown, lang) if verdict.unknown else ""
    return opening(said, lang)


def verdict_sentence(verdict: Verdict, lang: str = "fr") -> str:
    """What the rule says, in one sentence.

    >>> verdict_sentence(Verdict(True, 4, 0, True, True), "en")
    'Four criteria met of five, the psychological impact among them: the situation can be supported.'
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
    return capital(message(key, lang, criteria=met, unknown=counted("criteria_grid.unknown", verdict.unknown, lang)))


def answer(record: Record | None) -> bool | None:
    """Yes, no, or None where the criterion has no row or no answer."""
    return None if record is None or not text_of(record["met"]) else bool(record["met"])


def _body(answers: _Answers, verdict: Verdict, lang: str, top: float) -> Part:
    def fill(code: str, cell: Cell) -> tuple[list[Label], Part]:
        record = answers.get(code)
        met = answer(record)
        evidence = text_of(record["evidence"]) if record else ""
        reading = dagger(record)
        said = cell("met", message(_WORDS[met], lang), MUTED if met is None else PLAIN, 2 * DISC + 1.6)
        more = [said]
        if evidence or met is not None:
            untold = message("not_told", lang)
            more.append(cell("evidence", (evidence or untold) + reading, EVEN if evidence else UNTOLD))
        if tag := _TAGS.get(code):
            name = cell("criterion", label("criterion", code, lang), STRONG)
            at, room = (name.box[0], name.box[3] + 0.2), _COLUMNS["criterion"] - 2 * PAD_X
            more.append(block(f"{name.of}-tag", message(tag, lang), at, room, FINE, of=name.of))
        x = said.box[0] - 2 * DISC - 1.6 + DISC
        return more, met_disc(said.of, x, said.box[1] + _LINE / 2, met=met)

    rows = {code: Row("criteria", record["id"]) for code, record in answers.items()}
    table = lay_out_table(_COLUMNS, fill, lang, top, rows)
    return table + _verdict(verdict, lang, table.bottom + 3, MARGIN + sum(_COLUMNS.values()))


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
