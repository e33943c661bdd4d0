"""Case sheet: one household on one page, from who it is to what was learnt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from clss_analysis.layout.boards.parts import Record, dagger, in_order, ruled, stack
from clss_analysis.layout.geometry import Layout, Mark, Symbol
from clss_analysis.layout.kinds import Kind
from clss_analysis.layout.kinds.criteria_grid import DISC, answer, criteria_finding, met_disc
from clss_analysis.layout.kinds.trajectory import sign_of, stage_count
from clss_analysis.layout.page import (
    EVEN,
    MARGIN,
    PLAIN,
    PORTRAIT,
    SMALL,
    SMALL_MUTED,
    SMALL_STRONG,
    STRONG,
    UNTOLD,
    NothingToDrawError,
    Part,
    block,
    compose,
)
from clss_analysis.layout.text import line_height
from clss_analysis.records import Case, Row, codes, label, message
from clss_analysis.records.intake import in_practice, intake_verdict
from clss_analysis.records.typography import capital, counted, listed, opening, sentence, short_month, text_of, typeset

KIND = Kind(per_case=True, needs="case_notes")
_RIGHT, _GUTTER, _LEFT_WIDTH, _PAD = PORTRAIT - MARGIN, 8.0, 62.0, 1.2
_SIGN = 3.4
_FACTS = {"household_type": "household_type", "french": "language_level", "income": "income", "outcome": "outcome"}


def lay_out(case: Case) -> Layout:
    """The sheet of one household: summary, facts, criteria, battles, trajectory, pitfalls, resources, network.

    What is not told says so; nothing is left out silently.

    Args:
        case: the household.

    Raises:
        NothingToDrawError: of this household neither criteria, stages nor notes are told.

    >>> import clss_analysis as clss
    >>> clss.figures.case_sheet(clss.read("data/publication").case("C1")).geometry.kind
    'case-sheet'
    """
    lang = case.lang
    if case.criteria.empty and case.events.empty and case.case_notes.empty:
        raise NothingToDrawError(message("case_sheet.nothing", lang, case=case.label))
    events = in_order(case.events)
    notes = in_order(case.case_notes)
    answers = {record["criterion"]: record for record in case.criteria.to_dict("records")}
    drawn = [*answers.values(), *events, *notes]
    verdict = intake_verdict(case.criteria)
    left_open = not case.criteria.empty and verdict.unknown
    open_note = "case_sheet.open" + (".required" if verdict.required_met is None else "")
    under = [" ".join([message(open_note, lang), *in_practice(case)])] if left_open else []
    under += [message("figure.reading", lang)] if any(record["reading"] for record in drawn) else []
    return compose(
        "case-sheet",
        case,
        lambda top: _body(case, answers, events, notes, lang, top),
        title=message("case_sheet.title", lang, case=case.label),
        caption=message("case_sheet.caption", lang, case=case.label),
        alt=_alt(case, answers, events, notes, lang),
        rows=[
            Row("households", case.id),
            *(Row("criteria", answers[code]["id"]) for code in codes("criterion") if code in answers),
            *(Row("events", event["id"]) for event in events),
            *(Row("case_notes", note["id"]) for note in notes),
        ],
        notes=under,
        finding=_finding(case, [text_of(note["label"]) for note in notes if note["section"] == "battle"], lang),
    )


def _finding(case: Case, battles: Sequence[str], lang: str) -> str:
    """The battles; where none is told, the criteria met if all are told, the stages and the pitfalls."""
    if battles:
        said = [each[:1].lower() + each[1:] if each[1:2].islower() else each for each in battles[1:]]
        return listed([battles[0], *said], lang)
    verdict = intake_verdict(case.criteria)
    told = {"stages": stage_count(case.events["kind"]), "pitfall": int((case.case_notes["section"] == "pitfall").sum())}
    said = [] if case.criteria.empty or verdict.unknown else [criteria_finding(verdict, lang)]
    follows = 0 < told["stages"] < len(case.events)
    after = {"stages": message("case_sheet.finding.after", lang)} if follows else {}
    said += [counted(f"case_sheet.finding.{what}", n, lang) + after.get(what, "") for what, n in told.items() if n]
    return opening(", ".join(said), lang) if said else ""


def _facts(case: Case, lang: str) -> dict[str, str]:
    """Each fact in words, empty where it is not told."""
    record = case.households.iloc[0]
    facts = {name: label(words, record[name], lang) if text_of(record[name]) else "" for name, words in _FACTS.items()}
    start, end = record["intake"], record["closing"]
    span = "" if pd.isna(start) else message("phasing.from", lang, month=short_month(start, lang))
    if not pd.isna(start) and not pd.isna(end):
        span = f"{short_month(start, lang)}\u00a0– {short_month(end, lang)}"
    return {**facts, "follow_up": span, "neighbourhood": text_of(record["neighbourhood"])}


def _body(
    case: Case, answers: Mapping[str, Record], events: Sequence[Record], notes: Sequence[Record], lang: str, top: float
) -> Part:
    part, y = Part(top), top
    summary = text_of(case.households["summary"].iloc[0])
    if summary:
        text = block("summary", summary, (MARGIN, y), _RIGHT - MARGIN, PLAIN)
        part += Part(text.box[3], labels=(text,))
        y = text.box[3] + 4
    facts = _fact_grid(_facts(case, lang), lang, y)
    y = facts.bottom + 5
    right = MARGIN + _LEFT_WIDTH + _GUTTER
    left_side = _criteria(answers, lang, y)
    by_section = {code: [note for note in notes if note["section"] == code] for code in codes("case_section")}
    battles = _notes("battle", by_section["battle"], right, y, _RIGHT - right, lang)
    stages = _stages(events, right, battles.bottom + 4, _RIGHT - right, lang)
    pitfalls = _notes("pitfall", by_section["pitfall"], MARGIN, left_side.bottom + 4, _LEFT_WIDTH, lang)
    part += facts + left_side + pitfalls + battles + stages
    y, width = part.bottom + 5, (_RIGHT - MARGIN - _GUTTER) / 2
    for i, code in enumerate(("resource", "network")):
        part += _notes(code, by_section[code], MARGIN + i * (width + _GUTTER), y, width, lang)
    return part


def _heading(name: str, words: str, left: float, top: float, width: float) -> Part:
    head = ruled(name, words, (left, top), width)
    return head + Part(head.bottom + 1.4)


def _untold(name: str, left: float, top: float, width: float, lang: str) -> Part:
    text = block(f"{name}-untold", message("not_told", lang), (left, top), width, UNTOLD)
    return Part(text.box[3], labels=(text,))


def _fact_grid(facts: dict[str, str], lang: str, top: float) -> Part:
    columns, part, y = 3, Part(top), top
    width = (_RIGHT - MARGIN - (columns - 1) * _GUTTER) / columns
    names = list(facts)
    for start in range(0, len(names), columns):
        low = y
        for i, name in enumerate(names[start : start + columns]):
            left = MARGIN + i * (width + _GUTTER)
            head = block(f"fact-{name}", message(f"case_sheet.{name}", lang), (left, y), width, SMALL_MUTED)
            words, voice = (facts[name], EVEN) if facts[name] else (message("not_told", lang), UNTOLD)
            value = block(f"fact-{name}-text", words, (left, head.box[3]), width, voice)
            part += Part(value.box[3], labels=(head, value))
            low = max(low, value.box[3])
        y = low + 1.8
    return part


def _criteria(answers: Mapping[str, Record], lang: str, top: float) -> Part:
    part = _heading("criteria", message("case_sheet.criteria", lang), MARGIN, top, _LEFT_WIDTH)
    if not answers:
        return part + _untold("criteria", MARGIN, part.bottom, _LEFT_WIDTH, lang)
    y = part.bottom
    for code in codes("criterion"):
        record = answers.get(code)
        met, x = answer(record), MARGIN + 2 * DISC + 2
        mark = "\u00a0†" if record and record["reading"] and met is not None else ""
        at, room = (x, y + _PAD), MARGIN + _LEFT_WIDTH - x
        words = block(f"{code}-text", label("criterion", code, lang) + mark, at, room, SMALL, of=code)
        bottom = words.box[3] + _PAD
        rows = (Row("criteria", record["id"]),) if record else ()
        shape = Symbol(code, "node", (MARGIN, y, MARGIN + _LEFT_WIDTH, bottom), "cell", rows)
        disc = met_disc(code, MARGIN + DISC, y + _PAD + line_height(SMALL.size) / 2 + 0.3, met=met)
        part += Part(bottom, symbols=(shape,), labels=(words,)) + disc
        y = bottom + 0.8
    return part


def _stages(events: Sequence[Record], left: float, top: float, width: float, lang: str) -> Part:
    part = _heading("stages", message("case_sheet.stages", lang), left, top, width)
    if not events:
        return part + _untold("stages", left, part.bottom, width, lang)
    y, x, before = part.bottom, left + _SIGN / 2, 0.0
    for event in events:
        name = event["id"]
        words = block(
            f"{name}-text", text_of(event["label"]) + dagger(event), (left + 6, y + _PAD), width - 32, EVEN, of=name
        )
        labels = [words]
        if not pd.isna(event["month"]):
            at = (left + width - 24, y + _PAD + 0.2)
            labels.append(
                block(f"{name}-month", short_month(event["month"], lang), at, 24, SMALL_MUTED, of=name, align="right")
            )
        bottom, middle = words.box[3] + _PAD, y + _PAD + line_height(PLAIN.size) / 2
        shape = Symbol(name, "node", (left, y, left + width, bottom), "cell", (Row("events", name),))
        half = _SIGN / 2
        sign = Mark(((x - half, middle - half), (x + half, middle + half)), f"stage-{sign_of(event['kind'])}")
        thread = (Mark(((x, before), (x, middle - half)), "course"),) if before else ()
        part += Part(bottom, symbols=(shape,), labels=tuple(labels), marks=(*thread, sign))
        before, y = middle + half, bottom + 0.2
    return part


def _notes(code: str, notes: Sequence[Record], left: float, top: float, width: float, lang: str) -> Part:
    part = _heading(code, capital(label("case_section", code, lang)), left, top, width)
    if not notes:
        return part + _untold(code, left, part.bottom, width, lang)
    y, voice = part.bottom, STRONG if code == "battle" else SMALL_STRONG
    for note in notes:
        texts = (
            ("text", text_of(note["label"]) + dagger(note), voice, 0.0),
            ("detail", text_of(note["detail"]), SMALL_MUTED, 0.0),
        )
        labels = stack(note["id"], (left, y), width, *texts)
        bottom = labels[-1].box[3] + 0.2
        shape = Symbol(note["id"], "node", (left, y, left + width, bottom), "cell", (Row("case_notes", note["id"]),))
        part += Part(bottom, symbols=(shape,), labels=labels)
        y = bottom + 1.4
    return part


def _alt(
    case: Case, answers: Mapping[str, Record], events: Sequence[Record], notes: Sequence[Record], lang: str
) -> str:
    said = [
        sentence(message("case_sheet.title", lang, case=case.label)),
        sentence(text_of(case.households["summary"].iloc[0])),
    ]
    untold = message("not_told", lang)
    said += [
        sentence(f"{message(f'case_sheet.{name}', lang)}\u202f: {words or untold}")
        for name, words in _facts(case, lang).items()
    ]
    words_of = {True: message("yes", lang), False: message("no", lang), None: untold}
    if answers:
        said += [
            sentence(f"{label('criterion', code, lang)}\u202f: {words_of[answer(answers.get(code))]}")
            for code in codes("criterion")
        ]
    if events:
        said.append(
            sentence(
                f"{message('case_sheet.stages', lang)}\u202f: "
                + "\u202f; ".join(text_of(event["label"]) for event in events)
            )
        )
    for code in codes("case_section"):
        held = [
            f"{text_of(n['label'])}" + (f" ({text_of(n['detail']).rstrip('.')})" if text_of(n["detail"]) else "")
            for n in notes
            if n["section"] == code
        ]
        if held:
            said.append(sentence(f"{label('case_section', code, lang)}\u202f: " + "\u202f; ".join(held)))
    return typeset(" ".join(part for part in said if part), lang)
