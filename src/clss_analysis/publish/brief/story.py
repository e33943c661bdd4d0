"""What a pack says, put together from a theme and the records: the one content that pages, slides and speech share."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from clss_analysis.layout.kinds.trajectory import sign_of
from clss_analysis.publish.brief.facts import Facts, Number, Sentence
from clss_analysis.publish.brief.theme import Said, Theme
from clss_analysis.records import Case, Row, label, message, typography
from clss_analysis.records.synthetic.made_up import is_made_up
from clss_analysis.records.typography import capital, text_of

LONGEST = 320  # characters of a stage's words: four lines of the note
MOST_NUMBERS = 3  # numbers that a listener keeps in mind
SIGNS = ("threat", "legal", "voice", "life", "support", "home")


@dataclass(frozen=True)
class Stage:
    """One stage of the household's course: its sign, when, what, and who acted."""

    sign: str
    when: str
    label: str
    detail: tuple[str, ...]
    row: Row


@dataclass(frozen=True)
class Story:
    """Everything that a pack says, in one language, before anything is cut to fit.

    `banner` marks synthetic data; `untold` lists the texts that exist in another language only; `decides` says who can
    decide on the demand, where the theme says so.  `around` says that the services are only those that the record
    names, not what they did.  Where nobody may be told, `household`, `case`, `story`, `stages` and `services` are
    empty.
    """

    theme: str
    lang: str
    as_of: str
    kicker: str
    title: str
    demand: Sentence
    numbers: tuple[Number, ...]
    household: str
    case: str
    story: tuple[Sentence, ...]
    stages: tuple[Stage, ...]
    ordered: bool
    services: tuple[Sentence, ...]
    around: bool
    recommendations: tuple[Sentence, ...]
    borne_by: tuple[str, ...]
    limits: tuple[Sentence, ...]
    contact: str
    source: str
    banner: str
    untold: tuple[str, ...] = ()
    decides: str = ""


def compose(theme: Theme, facts: Facts, case: Case | None, contact: str, untold: tuple[str, ...]) -> Story:
    """Put a pack's content together.

    Args:
        theme: what is asked.
        facts: the rows at hand; remembers which were used.
        case: the household told, its texts in the language of the pack; None where nobody may be told.
        contact: the line that says whom to write to.
        untold: texts that exist in another language only.

    Raises:
        BriefError: the theme asks for what is not there, or not released.
        NotClearedError: a household may not be told.
    """
    lang = facts.lang
    demand = facts.said(theme.demand)
    numbers = _numbers(facts, theme)
    own = case is not None and case.id == theme.case and theme.dataset in ("", facts.records.name)
    story = _said(facts, theme.story) if own else ()
    services = _said(facts, theme.services) if own else ()
    recommendations = _said(facts, theme.recommendations)
    if lang not in theme.title:
        facts.fault("title", "no_language", language=lang)
    facts.stop_if_faulty()
    stages = () if case is None else _stages(facts, case)
    return Story(
        theme=theme.name,
        lang=lang,
        as_of=typography.month(facts.as_of, lang),
        kicker=message("brief.kicker", lang),
        title=typography.typeset(theme.title[lang], lang),
        demand=demand or Sentence("", ()),
        numbers=numbers,
        household="" if case is None else _label(facts, case),
        case="" if case is None else case.id,
        story=story if case is None else story or _summary(facts, case),
        stages=stages,
        ordered=not any(stage.when for stage in stages),
        services=services if case is None else services or _actors(facts, case),
        around=not services,
        recommendations=recommendations,
        borne_by=tuple(_bearer(facts, each) for each in recommendations),
        limits=_limits(facts),
        contact=typography.typeset(contact, lang),
        source=facts.source,
        banner=message("synthetic", lang) if is_made_up(facts.records) else "",
        untold=untold,
        decides=theme.decides,
    )


def _numbers(facts: Facts, theme: Theme) -> tuple[Number, ...]:
    """The first three key figures of the theme that hold."""
    found: list[Number] = []
    for each in theme.numbers:
        if len(found) < MOST_NUMBERS and (number := facts.number(each)) is not None:
            found.append(number)
    if not found:
        facts.fault("numbers", "none_holds")
    return tuple(found)


def _label(facts: Facts, case: Case) -> str:
    """The household's name in the pack, without the word for a household where no number follows; else its id."""
    said = typography.typeset(" ".join(facts.sentences(case.label)) or case.id, facts.lang)
    return re.sub(rf"^{message('brief.household', facts.lang)} +(?=[^\s\d])", "", said, flags=re.IGNORECASE)


def _said(facts: Facts, many: tuple[Said, ...]) -> tuple[Sentence, ...]:
    return tuple(sentence for each in many if (sentence := facts.said(each)) is not None)


def _summary(facts: Facts, case: Case) -> tuple[Sentence, ...]:
    """The household's own summary, sentence by sentence; where the language has none, what its stages are."""
    row = Row("households", case.id)
    facts.use([row])
    found = text_of(case.households["summary"].iloc[0])
    texts = facts.sentences(found, until=True)
    if texts:
        shortened = (typography.sentence(_short(part, facts.lang)) for part in texts)
        told = (Sentence(text, (row,)) for text in shortened)
        return (Sentence(message("brief.summary", facts.lang), ()), *told)
    rows = tuple(Row("events", str(each)) for each in _in_order(case)["id"])
    if not rows:
        return (Sentence(message("brief.no_summary", facts.lang), (row,)),)
    first = _in_order(case)[:4].to_dict("records")
    said = [_within(facts, event) for event in first]
    labels = typography.listed(said, facts.lang)
    text = typography.counted("brief.stages_are", len(said), facts.lang, stages=labels)
    return (Sentence(_short(text, facts.lang), rows[:4]),)


def _stage(facts: Facts, event: Mapping[Hashable, object]) -> str:
    """The label of a stage; the word of its kind where something in it is masked."""
    whole = " ".join(facts.sentences(text_of(event["label"])))
    return whole or label("event_kind", str(event["kind"]), facts.lang)


def _within(facts: Facts, event: Mapping[Hashable, object]) -> str:
    """A stage within a sentence: the word of its kind, « a, b » being « a ou b », or the record's own, quoted."""
    own, kind = _stage(facts, event), label("event_kind", str(event["kind"]), facts.lang)
    if own.lower() != kind.lower():
        return typography.quoted(own, facts.lang)
    return typography.listed(kind.split(", "), facts.lang, style="or")


def _actors(facts: Facts, case: Case) -> tuple[Sentence, ...]:
    """The services that the household's ties name, when the theme says nothing of them."""
    found = case.actors[case.actors["kind"] != "other_person"]
    found = found[[bool(facts.sentences(text_of(each))) for each in found["label"]]]
    if found.empty:
        row = Row("households", case.id)
        return (Sentence(message("brief.no_services", facts.lang), (row,)),)
    sentences = []
    for sector, group in sorted(found.groupby(found["sector"].fillna("")), key=lambda each: str(each[0])):
        names = typography.listed([text_of(each) for each in group["label"]], facts.lang)
        rows = tuple(Row("actors", str(each)) for each in group["id"])
        facts.use(rows)
        what = _sector(str(sector), facts.lang)
        text = message("brief.services_are", facts.lang, sector=capital(what), names=names)
        sentences.append(Sentence(_short(text, facts.lang), rows))
    return tuple(sentences)


def _sector(sector: str, lang: str) -> str:
    return label("sector", sector, lang) if sector else message("brief.other_sector", lang)


def _stages(facts: Facts, case: Case) -> tuple[Stage, ...]:
    names = dict(zip(case.actors["id"], case.actors["label"], strict=True))
    stages = []
    for event in _in_order(case).to_dict("records"):
        row = Row("events", str(event["id"]))
        facts.use([row])
        actor = " ".join(facts.sentences(text_of(names.get(event["actor"], ""))))
        detail = text_of(event["detail"]) or ("" if actor.lower() in text_of(event["label"]).lower() else actor)
        stages.append(
            Stage(
                sign=sign_of(str(event["kind"])),
                when=_when(event["month"], event["until"], facts.lang),
                label=capital(_short(_stage(facts, event), facts.lang, 90)),
                detail=tuple(_short(part, facts.lang) for part in facts.sentences(detail)),
                row=row,
            )
        )
    return tuple(stages)


def _in_order(case: Case) -> pd.DataFrame:
    return case.events.sort_values(["order", "id"], kind="stable")


def _when(start: object, end: object, lang: str) -> str:
    if not isinstance(start, pd.Period):
        return ""
    first = typography.month(start, lang)
    if not isinstance(end, pd.Period) or end == start:
        return first
    return f"{first}\u00a0– {typography.month(end, lang)}"


def _limits(facts: Facts) -> tuple[Sentence, ...]:
    """Method and limits: whose stories these are, what a symptom is, where the words and numbers come from.

    Only the first rests on rows: the households told.
    """
    cleared = [each for each in facts.records.households["id"] if each in facts.cleared.told]
    rows = tuple(Row("households", each) for each in cleared)
    facts.use(rows)
    month = typography.month(facts.as_of, facts.lang)
    key = "brief.limit.source" if cleared else "brief.limit.source_counts"
    said = (
        (typography.counted("brief.limit.selection", len(cleared), facts.lang), rows),
        (message("brief.limit.symptoms", facts.lang), ()),
        (message(key, facts.lang, source=facts.source, month=month), ()),
    )
    return tuple(Sentence(typography.typeset(text, facts.lang), borne) for text, borne in said)


def _bearer(facts: Facts, sentence: Sentence) -> str:
    """What a recommendation is drawn from in the programme, and whose that is; else where its rows are printed."""
    programme = [row for row in sentence.rows if row.table == "programme"]
    names = [facts.reference(row, facts.row(row) or {}) for row in sentence.rows if not programme]
    for row in programme:
        said, whose = (facts.text(row, column, facts.row(row) or {}) for column in ("label", "detail"))
        words = message("brief.drawn_from", facts.lang, label=said, whose=whose[:1].lower() + whose[1:])
        names += [words if said and whose else whose]
    return " ".join(typography.typeset(name, facts.lang) for name in dict.fromkeys(names) if name)


def _short(text: str, lang: str, longest: int = LONGEST) -> str:
    """A text of the records set in its language, cut at a word when a single sentence is longer than a page bears."""
    text = typography.typeset(text, lang)
    if len(text) <= longest:
        return text
    return (
        text[: text.rfind(" ", 0, longest - 4) if " " in text[: longest - 4] else longest - 4].rstrip(" ,;:") + " […]"
    )
