"""What the rows of one household amount to, in sentences: nothing that they do not say, and what they leave open."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from clss_analysis.records import Case, codes, escape, intake_verdict, label, message
from clss_analysis.records.residence import at_home
from clss_analysis.records.rules import CHILD_ROLES, SEVERAL
from clss_analysis.records.schema import table_names
from clss_analysis.records.synthetic.made_up import is_made_up
from clss_analysis.records.typography import capital, counted, listed, month, quoted
from clss_analysis.records.years import lives
from clss_analysis.runs.markdown import on_screens, shown
from clss_analysis.runs.tellable import by_origin

_FACTS = ("household_type", "french", "income", "outcome")
_PARENTS, _CHILDREN = {"mother", "father"}, {*CHILD_ROLES, SEVERAL}
_CRITERION = {"domain_impacts": "other_domains", "health_impacts": "psychological_impact"}
_TOLD = ("situations", "housing_problems", "health_impacts", "domain_impacts", "events", "relevance_nodes", "ties")


@by_origin
def heading(case: Case, *, lang: str = "fr") -> Markdown:
    """The household's name as a title of the first level."""
    return shown(f"# {message('telling.heading', lang, label=escape.markdown(case.label))}")


@by_origin
def overview(case: Case, *, aside: bool = False, lang: str = "fr") -> Markdown:
    """Who the household is: its summary as recorded, who lives in it, and the facts that are told.

    Args:
        case: one household.
        aside: whether the printed book leaves this to the screens, because a figure tells it there.
        lang: fr, nl or en; the summary stays in the language it was recorded in.

    Returns:
        One to three paragraphs.
    """
    household = case.households.iloc[0]
    parts = [message("telling.synthetic", lang)] if is_made_up(case) else []
    if pd.notna(household["summary"]):
        parts.append(escape.markdown(str(household["summary"])))
    facts = [_people(case, lang)]
    facts += [
        message(f"telling.{field}", lang, what=_word(field, str(household[field]), lang))
        for field in _FACTS
        if pd.notna(household[field])
    ]
    facts += [
        message(f"telling.{field}", lang, month=month(household[field], lang))
        for field in ("intake", "closing")
        if pd.notna(household[field])
    ]
    told = "\n\n".join([*parts, " ".join(facts)])
    return shown(on_screens(told) if aside else told)


@by_origin
def words(case: Case, *, out: str = "", lang: str = "fr") -> Markdown:
    """What was said in or about the household, each statement marked as paraphrase or verbatim.

    That nothing was said the printed book leaves to the screens, so that `out` is asked for, as for `keep`.
    """
    if case.statements.empty:
        said = message("telling.no_words", lang)
        return shown(on_screens(said) if out else said)
    blocks = []
    for _, row in case.statements.iterrows():
        said = escape.markdown(str(row["text"]))
        by = message(
            "telling.said",
            lang,
            speaker=escape.markdown(str(row["speaker"])),
            context=label("statement_context", str(row["context"]), lang),
            wording=label("wording", str(row["wording"]), lang),
        )
        text = quoted(said, lang) if row["wording"] == "verbatim" else said
        blocks.append(f"> {text}\n>\n> — {by}")
    return shown("\n\n".join(blocks))


@by_origin
def verdict(case: Case, *, out: str = "", lang: str = "fr") -> Markdown:
    """What the intake rule says of the criteria that are told, and what it cannot say; `out` is as for `words`."""
    if case.criteria.empty:
        said = message("telling.verdict.none", lang)
        return shown(on_screens(said) if out else said)
    found, five = intake_verdict(case.criteria), len(codes("criterion"))
    if found.unknown == five:
        return shown(counted("telling.unknown", five, lang, of=five))
    sentences = [capital(counted("telling.met", found.met, lang, of=five))]
    sentences += [capital(counted("telling.unknown", found.unknown, lang))] if found.unknown else []
    if found.eligible is not None:
        sentences.append(message(f"telling.verdict.{'yes' if found.eligible else 'no'}", lang))
    return shown(" ".join(sentences))


@by_origin
def unknowns(case: Case, *, lang: str = "fr") -> Markdown:
    """What the records leave open about the household, and how much of them is a reading of the source."""
    household = case.households.iloc[0]
    fields = [field for field in (*_FACTS, "intake") if pd.isna(household[field])]
    lacking = [message(f"telling.field.{field}", lang) for field in fields]
    lacking += [
        message(f"telling.table.{name}", lang) for name in _TOLD if case.table(name).empty and not said_met(case, name)
    ]
    persons = case.persons[case.persons["role"] != SEVERAL]
    ages = int((persons["age"].isna() & persons["age_band"].isna()).sum())
    five = len(codes("criterion"))
    open_criteria = five - int(case.criteria["met"].notna().sum())
    sentences = []
    if lacking:
        sentences.append(message("telling.lacking", lang, what=listed(lacking, lang)))
    if ages:
        sentences.append(counted("telling.ages", ages, lang, of=len(persons)))
    if open_criteria:
        sentences.append(counted("telling.open_criteria", open_criteria, lang, of=five))
    if not sentences:
        sentences.append(message("telling.nothing_lacking", lang))
    rows, readings = _readings(case)
    sentences.append(counted("telling.rows", rows, lang))
    sentences.append(counted("telling.readings", readings, lang, of=rows))
    return shown(" ".join(capital(each) for each in sentences))


def said_met(case: Case, table: str) -> bool:
    """Whether the criterion that a table details is recorded as met: then the record is not silent on the matter."""
    met = case.criteria.loc[case.criteria["criterion"] == _CRITERION.get(table), "met"]
    return bool(met.fillna(value=False).any())


def _people(case: Case, lang: str) -> str:
    persons = case.persons.assign(life=lives(case.persons))
    inside = persons[at_home(case)]
    if inside.empty:
        return message("telling.no_people", lang)
    people: dict[tuple[str, str], int] = {}
    for _, person in inside.iterrows():
        life, about = str(person["life"]), ""
        role = life if life in ("expected", "lost") else str(person["role"])
        if life == "deceased":
            about = label("life", life, lang)
        elif pd.notna(person["age"]):
            about = counted("sociogenogram.alt.age", int(person["age"]), lang)
        elif pd.notna(person["age_band"]):
            about = label("age_band", str(person["age_band"]), lang)
        people[role, about] = people.get((role, about), 0) + 1
    who = [
        counted(f"role.{role}", times, lang) + (f" ({about})" if about else "")
        for (role, about), times in people.items()
    ]
    roles = set(case.persons["role"])
    untold = bool(roles & _PARENTS) and not roles & _CHILDREN
    told = message("telling.people", lang, who=listed(who, lang))
    return " ".join([told, *([message("telling.children_untold", lang)] if untold else [])])


def _word(field: str, code: str, lang: str) -> str:
    vocabulary = {"french": "language_level"}.get(field, field)
    return label(vocabulary, code, lang)


def _readings(case: Case) -> tuple[int, int]:
    frames = [case.table(name) for name in table_names() if "household" in case.table(name).columns]
    frames = [frame[frame["household"] == case.id] for frame in frames] + [case.households]
    return sum(len(frame) for frame in frames), sum(int(frame["reading"].sum()) for frame in frames)
