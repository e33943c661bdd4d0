"""Thousands of records that nobody thought of, each sentence made of them held against the rules of its language.

Courses and families come from plain frames and one drawing each: a whole pack of each would take minutes.
"""

from __future__ import annotations

import copy
import random
import re
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from brief_packs import told
from test_brief_sentences import CITED, faults_of

from clss_analysis.layout.genogram.persons_in_words import present, related_words
from clss_analysis.layout.genogram.scenes import scene_of
from clss_analysis.layout.genogram.text_version import caption
from clss_analysis.publish.brief import story
from clss_analysis.records import codes, label, synthesise
from clss_analysis.records.translations import translated
from clss_analysis.records.vocabulary import LANGUAGES

COUNTS = (0, 1, 2, 5)
MANY = 500  # courses in each language, and as many families
WORDS = {
    "fr": {
        "household": ("Madame A", "Ménage 12", "ménage 3", "Couple D et E", "Famille de Mme [nom]"),
        "summary": ("Une famille attend un logement.", "M. B vit seul. Le bail court.", "Une mère et [nom]."),
        "event": ("CPAS\u202f: refus", "le cycle «\u202fVoisins\u202f»", "Madame part", "Préavis de M. [nom]"),
        "actor": ("CPAS", "Service social de l’école", "Avocat·e", "Chez Mme [nom]", "La Rue"),
    },
    "nl": {
        "household": ("Mevrouw A", "Huishouden 12", "huishouden 3", "Koppel D en E", "Familie van mevr. [naam]"),
        "summary": ("Een gezin wacht op een woning.", "Dhr. B woont alleen. De huur loopt.", "Moeder en [naam]."),
        "event": ("OCMW: weigering", "de reeks “Buren”", "Mevrouw vertrekt", "Opzegging van dhr. [naam]"),
        "actor": ("OCMW", "Sociale dienst van de school", "Advocate", "Bij mevr. [naam]", "La Rue"),
    },
    "en": {
        "household": ("Mrs A", "Household 12", "household 3", "Couple D and E", "Family of Mrs [name]"),
        "summary": ("A family waits for a home.", "Mr B lives alone. The lease runs.", "Mother and [name]."),
        "event": ("OCMW: refusal", "the series “Neighbours”", "Mrs A leaves", "Notice from Mr [name]"),
        "actor": ("OCMW", "Social service of the school", "Lawyer", "At Mrs [name]’s", "La Rue"),
    },
}  # fmt: skip


def course(dice: random.Random, lang: str) -> SimpleNamespace:
    """A household with some stages and services, or none, as a pack reads it."""
    words = WORDS[lang]

    def maybe(kind: str) -> str | None:
        return dice.choice((None, *words[kind]))

    def actor(n: int) -> dict[str, object]:
        kind = dice.choice(codes("actor_kind"))
        return {"id": f"a{n}", "label": dice.choice(words["actor"]), "kind": kind,
                "sector": dice.choice((None, *codes("sector")))}  # fmt: skip

    def stage(n: int) -> dict[str, object]:
        start = dice.choice((None, pd.Period("2023-04", "M"), pd.Period("2024-11", "M")))
        until = dice.choice((None, start, pd.Period("2025-02", "M"))) if start is not None else None
        kind = dice.choice(codes("event_kind"))
        own = maybe("event")
        return {"id": f"e{n}", "order": n, "month": start, "until": until, "kind": kind, "detail": maybe("summary"),
                "label": label("event_kind", kind, lang) if own is None else own,
                "actor": dice.choice((None, "a1"))}  # fmt: skip

    events = [stage(n) for n in range(1, dice.choice(COUNTS) + 1)]
    actors = [actor(n) for n in range(1, dice.choice(COUNTS) + 1)]
    return SimpleNamespace(
        id="S1",
        label=dice.choice(words["household"]),
        households=pd.DataFrame([{"summary": maybe("summary")}]),
        events=pd.DataFrame(events, columns=["id", "order", "month", "until", "kind", "detail", "label", "actor"]),
        actors=pd.DataFrame(actors, columns=["id", "label", "kind", "sector"]),
    )


def held(text: str, lang: str) -> None:
    assert not faults_of(CITED.sub("X", text), lang), text
    assert text[:1] == text[:1].upper(), text
    assert not re.match(r"\d", text), text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whatever_stages_and_services_a_record_has_its_sentences_are_sound(lang):
    dice, facts = random.Random(19), copy.copy(told("expulsion", lang).facts)
    facts.used = {}  # its own: other tests share what is told
    seen = set()
    for _ in range(MANY):
        case = course(dice, lang)
        name = story._label(facts, case)
        said, services, stages = story._summary(facts, case), story._actors(facts, case), story._stages(facts, case)
        for text in (*(each.text for each in (*said, *services)), *(stage.label for stage in stages)):
            held(text, lang)
        assert not re.search(r"\[|^\d", " ".join([name, *(part for stage in stages for part in stage.detail)])), name
        assert all(re.search(r"[.!?…”»]$", each.text) for each in (*said, *services))
        assert len(stages) == len(case.events)
        assert [bool(stage.when) for stage in stages] == list(case.events["month"].notna())
        seen |= {each.text for each in (*said, *services)}
    assert len(seen) > 150


@pytest.fixture(scope="module")
def families():
    """The families of a few made-up households in each language."""
    cohort = synthesise(12, 19)
    cases = [cohort.case(home) for home in cohort.households["id"]]
    spoken = {lang: [translated(case, lang)[0] for case in cases] for lang in LANGUAGES}
    return {lang: [(case, scene_of(case, lang, None, None).people) for case in spoken[lang]] for lang in LANGUAGES}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whoever_the_persons_of_a_record_are_its_sentences_are_sound(families, lang):
    """One person or several; woman, man, other or not told; of any age, unborn, dead, or nobody knows."""
    dice, seen = random.Random(91), set()
    for _ in range(MANY):
        case, kin = dice.choice(families[lang])
        members = {
            name: replace(
                each,
                gender=dice.choice((None, *codes("gender"))),
                life=dice.choice(("", "alive", "alive", *codes("life"))),
                age=dice.choice((None, "0", "1", "2", "5", "44", "30–44")),
                residence=dice.choice(("household", "household", *codes("residence"))),
            )
            for name, each in kin.members.items()
        }
        shown = replace(kin, members=members)
        texts = [*present(case, shown, lang), *related_words(case, shown, lang)]
        texts.append(caption(case, dice.choice(COUNTS), members.values(), lang))
        for text in texts:
            held(text, lang)
        seen |= set(texts)
    assert len(seen) > MANY
