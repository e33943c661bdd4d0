"""La Rue's publication in Dutch and English: bound as the French is, and no French word outside what is marked."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest

import clss_analysis as clss
from clss_analysis.figures import KINDS
from clss_analysis.publish.facts import facts_of
from clss_analysis.publish.house_book import complete_book
from clss_analysis.publish.project import read_project
from clss_analysis.publish.source import Shelf, assemble
from clss_analysis.publish.source_rules import MADE, source_faults
from clss_analysis.publish.typed_numbers import typed_faults
from clss_analysis.records.house import house_at

ROOT = Path(__file__).parents[1]
BOOK = ROOT / "book"
TRANSLATED = ("nl", "en")
FRENCH = {
    "en": "le les des du une un est et au aux avec dans sur qui que ne nous vous ils elle elles leur leurs cette ces "
    "ses sont été être où par sans ou à la de il se retour ménage",
    "nl": "le une un est et au aux avec pour dans sur qui nous vous elle elles leur leurs cette ces ses sont été être "
    "où sans à du la ou il que retour ménage",
}
"""Words that French sentences cannot do without, and that are none of the other language."""
NAMES = ("La Rue", "Le Relais", "La Porte Verte", "Syndicat des locataires", "Logement pour Tous",
         "D’Ici et d’Ailleurs",
         "Maison médicale du Vieux Molenbeek")  # fmt: skip
MARKED = re.compile(r"\[[^\[\]]*\]\{lang=fr\}|^#+ .*\{[^}]*lang=fr\}$", re.MULTILINE)
REFERENCE = re.compile(r"@(?:sec|fig|tbl)-[\w-]*\w")
NOT_WORDS = re.compile(r"\]\([^)]*\)|\{\{<[^>]*>\}\}|\{[^{}]*\}|(?<![\w\\])@[\w-]+|www\.\S+|`[^`]*`")
ELSEWHERE = {"@sec-methode", "@sec-resumes", "@sec-lire-sociogenogramme", "@fig-c1-trajectory", "@fig-y-sociogenogram"}
"""What the technical volume has, which is in French alone."""


def french_words(text, lang):
    for name in NAMES:
        text = text.replace(name, " ")
    return set(re.findall(r"[^\W\d_]+", text.lower())) & set(FRENCH[lang].split())


def bound(text):
    """What ties a chapter to records, figures and works: forms without what they print, ids, fragments, citations."""
    forms = re.findall(r"\{\{(\w+) ([^|}]*)", text)
    return (
        sorted((verb, *sorted(set(asked.split()) - {"capital", "lower", "words"})) for verb, asked in forms),
        re.findall(r"\{#([\w-]+)", text),
        re.findall(r"\{\{< include (\S+) >\}\}", text),
        sorted(re.findall(r"(?<![\w\\])@(?!sec-|fig-|tbl-)(\w+)", text)),
    )  # fmt: skip


def outline(text):
    """Level, id and number of paragraphs of each section, in order; tables, forms and marks are none."""
    sections, inside = [], False
    for line in text.splitlines():
        if line.startswith("#"):
            sections.append([len(line.split()[0]), *re.findall(r"\{#([\w-]+)", line), 0])
            inside = False
        elif not line.strip() or line.startswith((":::", "{{<", "|", "{{rows")):
            inside = False
        elif not inside:
            sections[-1][-1] += 1
            inside = True
    return sections


@pytest.fixture(scope="module")
def records():
    return clss.read(ROOT / "data" / "publication")


@pytest.fixture(scope="module", params=TRANSLATED)
def edition(request, records):
    with tempfile.TemporaryDirectory() as place:
        book = complete_book(house_at(ROOT), Path(place), request.param)
        project = read_project(book)
        facts = facts_of(clss.privacy.clear(records), request.param)
        variables = project.variables | {"jeu": dict.fromkeys(("titre", "nom", "sha256"), "-")}
        shelf = Shelf(
            book, book / "no-runs", dict.fromkeys(MADE, ""), variables, tolerant=True, facts=facts, lang=request.param
        )
        sources, faults = assemble(project.chapters, shelf)
        faults += source_faults(sources, project, book, dangling=False)
        yield (
            request.param,
            project,
            sources,
            [*faults, *typed_faults([each.file for each in project.chapters], book, lang=request.param)],
        )


def test_every_chapter_of_the_publication_is_translated_and_sound(edition):
    lang, project, _, faults = edition
    french = read_project(BOOK).chapters
    assert [each.file for each in project.chapters] == [each.file for each in french if not each.technical]
    assert [str(each) for each in faults if getattr(each.rule, "key", "") != "book_reference"] == []
    assert project.title != read_project(BOOK).title
    assert project.lang == {"nl": "nl-BE", "en": "en-GB"}[lang]


@pytest.mark.parametrize("lang", TRANSLATED)
@pytest.mark.parametrize("name", [each.file for each in read_project(BOOK).chapters if not each.technical])
def test_a_translated_chapter_is_bound_as_the_french_one_is(lang, name):
    french, told = ((place / name).read_text(encoding="utf-8") for place in (BOOK, BOOK / lang))
    assert bound(told) == bound(french)
    assert outline(told) == outline(french)
    assert set(REFERENCE.findall(french)) - set(REFERENCE.findall(told)) <= ELSEWHERE


def test_no_french_word_or_space_stands_in_it_outside_what_is_marked(edition):
    lang, _, sources, _ = edition
    for source in sources:
        for line in source.lines:
            text = NOT_WORDS.sub(" ", MARKED.sub(" ", line.text))
            assert not french_words(text, lang), f"{lang}/{line.file}, {line.number}: {text}"
            assert not re.search(r"[«»\u202f]|\w [;:!?]", text), f"{lang}/{line.file}, {line.number}: {text}"


@pytest.mark.parametrize("lang", TRANSLATED)
def test_no_french_word_stands_in_its_figures(records, lang):
    for name, figure in records.figure_ids.items():
        drawn = KINDS[figure["kind"]].draw(records.case(figure["case"]) if figure.get("case") else records, lang=lang)
        shown = drawn.geometry
        words = [shown.title, shown.caption, shown.alt, shown.source, shown.description]
        for text in (*words, *(" ".join(label.lines) for label in shown.labels)):
            assert not french_words(text, lang), f"{lang}, {name}: {text}"
            assert not re.search(r"[«»]|[^\d\W]\u202f", text), f"{lang}, {name}: {text}"


def test_the_rule_itself_can_fail():
    assert french_words("Elle ne sortait plus.", "en") == {"elle", "ne"}
    assert french_words("Aucune famille à Bruxelles", "nl") == {"à"}
    assert not french_words("La Rue and its son on the road", "en")
