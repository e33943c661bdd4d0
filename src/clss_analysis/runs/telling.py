"""What the rows of one household amount to, in sentences: nothing that they do not say, and what they leave open."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import pandas as pd
from IPython.display import Markdown

from clss_analysis.records import Case, codes, escape, intake_verdict, label, message
from clss_analysis.records.schema import table_names
from clss_analysis.runs.markdown import on_screens, shown

_FACTS = ("household_type", "french", "income", "outcome")
_TOLD = ("situations", "housing_problems", "health_impacts", "domain_impacts", "events", "relevance_nodes", "ties")


def number(key: str, n: int, lang: str, **values: object) -> str:
    """A sentence that counts, in the singular or the plural as the language has it.

    French says « 0 ligne » and « 1 ligne »; Dutch and English have the singular for one alone.

    Args:
        key: message key without its `.one` or `.many`.
        n: the number, also the sentence's place `{n}`.
        lang: fr, nl or en.
        values: its other places, already escaped.
    """
    one = n < 2 if lang == "fr" else n == 1
    return message(f"{key}.{'one' if one else 'many'}", lang, n=n, **values)


def heading(case: Case, *, lang: str = "fr") -> Markdown:
    """The household's name as a title of the first level."""
    return shown(f"# {message('telling.heading', lang, label=escape.markdown(case.label))}")


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
    parts = [message("telling.synthetic", lang)] if case.synthetic else []
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
        text = message("telling.verbatim", lang, text=said) if row["wording"] == "verbatim" else said
        blocks.append(f"> {text}\n>\n> — {by}")
    return shown("\n\n".join(blocks))


def verdict(case: Case, *, out: str = "", lang: str = "fr") -> Markdown:
    """What the intake rule says of the criteria that are told, and what it cannot say; `out` is as for `words`."""
    if case.criteria.empty:
        said = message("telling.verdict.none", lang)
        return shown(on_screens(said) if out else said)
    found = intake_verdict(case.criteria)
    met = number("telling.met", found.met, lang)
    unknown = number("telling.unknown", found.unknown, lang) if found.unknown else ""
    answer = {True: "yes", False: "no", None: "open"}[found.eligible]
    return shown(" ".join(filter(None, [met, unknown, message(f"telling.verdict.{answer}", lang)])))


def unknowns(case: Case, *, lang: str = "fr") -> Markdown:
    """What the records leave open about the household, and how much of them is a reading of the source."""
    household = case.households.iloc[0]
    fields = [field for field in (*_FACTS, "intake") if pd.isna(household[field])]
    lacking = [message(f"telling.field.{field}", lang) for field in fields]
    lacking += [message(f"telling.table.{name}", lang) for name in _TOLD if case.table(name).empty]
    ages = int((case.persons["age"].isna() & case.persons["age_band"].isna()).sum())
    open_criteria = len(codes("criterion")) - int(case.criteria["met"].notna().sum())
    sentences = []
    if lacking:
        sentences.append(message("telling.lacking", lang, what=listed(lacking, lang)))
    if ages:
        sentences.append(number("telling.ages", ages, lang, all=len(case.persons)))
    if open_criteria:
        sentences.append(number("telling.open_criteria", open_criteria, lang))
    if not sentences:
        sentences.append(message("telling.nothing_lacking", lang))
    rows, readings = _readings(case)
    sentences.append(number("telling.rows", rows, lang))
    sentences.append(number("telling.readings", readings, lang) if readings else message("telling.no_readings", lang))
    return shown(" ".join(sentences))


def listed(items: Iterable[str], lang: str) -> str:
    """Items in a row: « a, b et c ».

    >>> listed(["un toit", "du temps", "un réseau"], "fr")
    'un toit, du temps et un réseau'
    """
    *first, last = items
    return f"{', '.join(first)} {message('figure.and', lang)} {last}" if first else last


def month(value: object, lang: str) -> str:
    """A month in words.

    >>> month(pd.Period("2023-11", freq="M"), "fr")
    'novembre 2023'
    """
    period = cast("pd.Period", value)
    return f"{message(f'month.{period.month:02}', lang)} {period.year}"


def _people(case: Case, lang: str) -> str:
    inside = case.persons[case.persons["residence"] != "elsewhere"]
    if inside.empty:
        return message("telling.no_people", lang)
    people: dict[str, int] = {}
    for _, person in inside.iterrows():
        name = label("family_role", str(person["role"]), lang)
        if pd.notna(person["life"]) and person["life"] != "alive":
            name += f" ({label('life', str(person['life']), lang)})"
        elif pd.notna(person["age"]):
            age = int(person["age"])
            years = message("year" if age < 2 and (lang == "fr" or age == 1) else "years", lang, n=age)
            name += f" ({years})"
        elif pd.notna(person["age_band"]):
            name += f" ({label('age_band', str(person['age_band']), lang)})"
        people[name] = people.get(name, 0) + 1
    who = [name if times == 1 else f"{name} ×\u202f{times}" for name, times in people.items()]
    return number("telling.people", len(inside), lang, who=listed(who, lang))


def _word(field: str, code: str, lang: str) -> str:
    vocabulary = {"french": "language_level"}.get(field, field)
    return label(vocabulary, code, lang)


def _readings(case: Case) -> tuple[int, int]:
    frames = [case.table(name) for name in table_names() if "household" in case.table(name).columns]
    frames = [frame[frame["household"] == case.id] for frame in frames] + [case.households]
    return sum(len(frame) for frame in frames), sum(int(frame["reading"].sum()) for frame in frames)
