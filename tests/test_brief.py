"""The interpellation pack: two pages, six slides, every number borne by a row, nothing French left in Dutch."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pypandoc
import pytest
from brief_packs import CONTEXT, PACKS, PUBLICATION, ROOT, made, pack, text_of, told
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from clss_analysis.publish.brief import BUILT_IN, prepare, tell
from clss_analysis.publish.brief.checks import checks
from clss_analysis.publish.brief.facts import Sentence
from clss_analysis.publish.brief.make import BRIEF, SLIDES, laid_out, page_content
from clss_analysis.publish.brief.pages import Sheets
from clss_analysis.publish.brief.story import Stage
from clss_analysis.publish.brief.wording import readable
from clss_analysis.records import Row, message

THEME = ROOT / "src" / "clss_analysis" / "publish" / "theme"
LONG = int(os.environ.get("CLSS_BRIEF_EXAMPLES", "10"))


@pytest.fixture(scope="module")
def packs():
    return pack


def numbers(text: str) -> set[str]:
    """Digits as a reader takes them: thousands joined, the decimal comma a point; written without the package's own."""
    joined = re.sub(r"(?<=\d)[\u202f\u00a0 .,](?=\d{3}(?!\d))", "", text)
    return {found.replace(",", ".") for found in re.findall(r"\d+(?:[.,]\d+)?", joined)}


def rows_of(pack) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(pack.files["data.csv"].decode("utf-8-sig"))))


@pytest.mark.parametrize(("theme", "lang"), PACKS)
def test_a_pack_is_whole(packs, theme, lang):
    files = packs(theme, lang).files
    named = {"brief.pdf", "slides.pdf", "speech.md", "speech.docx", "data.csv", "sources.md", "checks.txt"}
    assert named <= set(files)
    for file, pages in (("brief.pdf", 2), ("slides.pdf", 6)):
        reader = PdfReader(io.BytesIO(files[file]))
        assert len(reader.pages) == pages
        assert reader.trailer["/Root"]["/Lang"] == {"fr": "fr-BE", "nl": "nl-BE", "en": "en-GB"}[lang]
        assert b"<pdfuaid:part>1</pdfuaid:part>" in files[file]
    width, height = PdfReader(io.BytesIO(files["slides.pdf"])).pages[0].mediabox[2:]
    assert abs(float(width) / float(height) - 16 / 9) < 0.01
    sidecars = [name for name in files if name.startswith("figures/") and name.endswith(".json")]
    assert sidecars
    for name in sidecars:
        about = json.loads(files[name])
        assert about["title"]
        assert about["source"]
        assert len(about["alt"]) > len(about["title"])
        assert {Path(each).suffix for each in about["files"]} == {".svg", ".pdf", ".png"}
        assert {each.rsplit("-", 1)[1].split(".")[0] for each in about["files"]} == {"square", "wide"}
        assert {f"figures/{each}" for each in about["files"]} <= set(files)


@pytest.mark.parametrize(("theme", "lang"), PACKS)
def test_a_pack_is_made_in_time(theme, lang):
    _, seconds = made(theme, lang)
    assert seconds < 15, "processor time, everything imported, as in the warm engine"


@pytest.mark.parametrize(("theme", "lang"), PACKS)
def test_every_number_is_borne_by_a_row_with_its_source(packs, theme, lang):
    pack = packs(theme, lang)
    rows = rows_of(pack)
    borne = {number for row in rows for number in numbers(row["value"]) | numbers(row["period"])}
    borne |= {number for row in rows for number in numbers(row["publisher"]) | numbers(row["source"])}
    assert all(row["source"] for row in rows)
    ranks = {str(n) for n in range(1, len(pack.story.recommendations) + 1)}
    for file, pages in (("brief.pdf", 2), ("slides.pdf", 6)):
        text = re.sub(rf"\b[1-6] / {pages}\b", "", text_of(pack.files[file]))
        assert numbers(text) - borne - ranks == set(), file
    speech = re.sub(r"\[\^\d+\](:.*)?|^## .*$|\\", "", pack.files["speech.md"].decode(), flags=re.MULTILINE)
    assert numbers(speech) - borne == set()


WORDS = {
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "en": "two three four five six seven eight nine ten eleven twelve",
}
OF_THE_PACK = ("Trois chiffres", "Drie cijfers", "Three figures", "plus de trois ans", "ouder dan drie jaar",
               "over three years", "laissons deux pages", "geven u twee pagina’s", "leave you two pages")  # fmt: skip


def in_words(text: str, lang: str) -> set[str]:
    found = set(re.findall(r"\w+", text.lower()))
    return {str(n) for n, word in enumerate(WORDS[lang].split(), 2) if word in found}


@pytest.mark.parametrize(("theme", "lang"), PACKS)
def test_every_number_in_words_is_borne_too(packs, theme, lang):
    files = packs(theme, lang).files
    rows = rows_of(packs(theme, lang))
    borne = {n for row in rows for n in numbers(row["value"]) | in_words(row["value"], "fr")}
    for file in ("brief.pdf", "slides.pdf", "speech.md"):
        text = text_of(files[file]) if file.endswith("pdf") else files[file].decode()
        text = " ".join(text.split())
        for own in OF_THE_PACK:
            text = text.replace(own, "")
        assert in_words(text, lang) <= borne, file


@pytest.mark.parametrize(("theme", "lang"), PACKS)
def test_each_sentence_is_borne_by_its_own_rows(theme, lang):
    story, facts = told(theme, lang).story, told(theme, lang).facts
    for sentence in (story.demand, *story.story, *story.services, *story.recommendations):
        cells = [str(value).removesuffix(".0") for row in sentence.rows for value in (facts.row(row) or {}).values()]
        borne = {n for cell in cells for n in numbers(cell) | in_words(cell, "fr")}
        assert (numbers(sentence.text) | in_words(sentence.text, lang)) <= borne, sentence.text


def test_a_number_that_no_row_bears_is_found(packs):
    pack = packs("expulsion", "fr")
    borne = {number for row in rows_of(pack) for number in numbers(row["value"])}
    assert numbers("4\u202f321 ménages") - borne == {"4321"}


@pytest.mark.parametrize(("theme", "lang"), PACKS)
def test_each_spoken_sentence_has_its_footnote(packs, theme, lang):
    pack = packs(theme, lang)
    text = pack.files["speech.md"].decode()
    spoken = [sentence for part in (*pack.speech.long, *pack.speech.short) for sentence in part]
    said = [sentence for sentence in spoken if sentence.rows]
    keys = ("opening", "numbers", "case", "services", "recommendations", "left", "closing")
    links = {message(f"brief.speech.{key}", lang) for key in keys}
    assert {sentence.text for sentence in spoken if not sentence.rows} <= links
    notes = re.findall(r"^\[\^(\d+)\]: (.+)$", text, re.MULTILINE)
    assert [number for number, _ in notes] == [str(n) for n in range(1, len(said) + 1)]
    for sentence, (_, note) in zip(said, notes, strict=True):
        assert sentence.rows
        plain = note.replace("\\", "")
        titles = {row.table: message(f"title.{row.table}", lang) for row in sentence.rows}
        assert all(titles[row.table] in plain and row.row in plain for row in sentence.rows)
        assert not re.search(r"\b\w+/[A-Z]\d|\w+\[\d", plain), "a key of a program in a note that is read"
        assert pack.story.source in plain or titles.get("context", "?") in plain
    words = sum(len(sentence.text.split()) for part in pack.speech.long for sentence in part)
    assert 350 <= words <= 380, "three minutes at 120 to 130 words each"
    assert 110 <= sum(len(sentence.text.split()) for part in pack.speech.short for sentence in part) <= 140


FRENCH = {"une", "dans", "avec", "sont", "été", "qui", "elle", "ménage", "logement", "expulsion", "jugement"}


@pytest.mark.parametrize("theme", BUILT_IN)
def test_nothing_french_is_left_in_dutch(packs, theme):
    pack = packs(theme, "nl")
    names = ("Logement pour Tous", "Logement Molenbeekois", pack.story.source, "Front anti-expulsions")
    for file in ("brief.pdf", "slides.pdf"):
        text = " ".join(text_of(pack.files[file]).split())
        for name in names:
            text = text.replace(name, "")
        assert set(re.findall(r"\w+", text.lower())) & FRENCH == set(), file
        assert "gemeenteraad" in text or "gemeente" in text


PLACES = {"cas", "fiche du", "grille", "arbre", "processus", "lecture", "témoignages", "de mai", "et", "au", "ligne"}


@pytest.mark.parametrize("theme", BUILT_IN)
def test_places_in_the_work_are_said_in_dutch(packs, theme):
    files = packs(theme, "nl").files
    notes = re.findall(r"^(?:\[\^\d+\]:|- ) ?(.+)$", (files["speech.md"] + files["sources.md"]).decode(), re.MULTILINE)
    assert len(notes) > 60
    for note in notes:
        plain = re.sub(r"«[^»]*»|“[^”]*”|\\", "", note).replace(packs(theme, "nl").story.source, "")
        for place in PLACES:
            assert not re.search(rf"(?<!\w){place}(?!\w)", plain), note
    assert "geval 1" in packs("expulsion", "nl").files["speech.md"].decode()


INERT = ["a. un (cas 1), 3.908 [x](y): z", "M. *N*, l_e_s - 60%: non?", "i) x\\, y", "1. a. b", "Table: x, y",
         "dit : oui. -- ... ::: {.x} a-b", "x! [^1] (@a) (b) http://a.b/c, d", "zie https://a.b/c-d/ *x*"]  # fmt: skip


@pytest.mark.parametrize("text", INERT)
def test_speech_is_inert_and_readable(text):
    tree = json.loads(pypandoc.convert_text(readable(text), "json", format="markdown"))
    (block,) = tree["blocks"]
    assert block["t"] == "Para"
    assert {each["t"] for each in block["c"]} <= {"Str", "Space"}
    assert "".join(each.get("c", " ") for each in block["c"]) == text
    assert readable("Non, deux fois. Oui: l’AIS-x (2) va.") == "Non, deux fois. Oui: l’AIS-x (2) va."


def texts(story) -> list[str]:
    many = (*story.story, *story.services, *story.recommendations, *story.limits, story.demand)
    return [story.title, *(each.text for each in many), *(each.sentence.text for each in story.numbers)]


@pytest.mark.parametrize(("theme", "lang"), PACKS)
def test_typography_of_each_language(packs, theme, lang):
    story = packs(theme, lang).story
    for text in [*texts(story), packs(theme, lang).files["checks.txt"].decode()]:
        assert '"' not in text
        assert not re.search(r"\w'\w", text)
        if lang == "fr":
            assert not re.search(r"(?<![\u202f\d])[;!?»%](?=\s|$)|(?<!\u202f):(?=\s)|«(?!\u202f)", text), text
        else:
            assert not re.search(r"[\s\u202f][;:!?%]|[«»]", text), text
    shown = {number.shown for number in story.numbers}
    if theme == "expulsion":
        assert shown >= {"fr": {"3\u202f908", "60\u202f%"}, "nl": {"3.908", "60%"}, "en": {"3,908", "60%"}}[lang]


def test_an_old_number_is_bold_and_named(packs):
    pack = packs("expulsion", "fr")
    assert [number.old for number in pack.story.numbers] == [True, False, False]
    assert "2018 (Brussels Studies 176), plus de trois ans" in pack.files["checks.txt"].decode()
    young = prepare(tell("expulsion", PUBLICATION, context=CONTEXT, date="2021-12"))
    assert [number.old for number in young.story.numbers] == [False, False, False]
    fonts = {font for size, font, text in runs(pack.files["brief.pdf"]) if "2018" in text and size < 12}
    assert any("Bold" in font for font in fonts)


def runs(pdf: bytes) -> list[tuple[float, str, str]]:
    """Every run of text: its size in points as printed, its font, its words."""
    found: list[tuple[float, str, str]] = []

    def visit(text, cm, tm, font, size):
        if text.strip() and font:
            scale = abs(tm[3] * cm[3]) ** 1.0 if cm[3] else abs(tm[3])
            found.append((size * scale, str(font["/BaseFont"]), text))

    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize(("file", "least"), [("brief.pdf", 9), ("slides.pdf", 18)])
def test_type_is_large_enough(packs, file, least):
    for theme, lang in PACKS:
        sizes = [size for size, _, _ in runs(packs(theme, lang).files[file])]
        assert sizes
        assert min(sizes) >= least - 0.01


def test_signs_of_stages_are_shapes_of_their_own():
    source = (THEME / "brief.typ").read_text(encoding="utf-8")
    body = source[source.index("#let signe") : source.index("#let etape")]
    drawn = re.findall(r"\{ ((?:polygon|rect|circle)\(.*)\) \}", body)
    assert len(drawn) == 6
    assert len({re.sub(r"fill: \w+", "", each) + ("white" if "white" in each else "") for each in drawn}) == 6


SENTENCES = st.lists(st.integers(3, 60), min_size=1, max_size=40)


@settings(max_examples=LONG)
@given(story=SENTENCES, services=SENTENCES, stages=st.lists(st.integers(0, 50), max_size=30), recos=SENTENCES,
       theme=st.sampled_from(BUILT_IN), lang=st.sampled_from(("fr", "nl")))  # fmt: skip
def test_two_pages_never_become_three_nor_one(story, services, stages, recos, theme, lang):
    def said(lengths):
        return tuple(
            Sentence(("maatschappelijk " * n)[:419].strip() + ".", (Row("events", f"e{i}"),))
            for i, n in enumerate(lengths)
        )

    made = told(theme, lang).story
    course = tuple(
        Stage(
            "legal", "november 2023", "Vonnis tot uithuiszetting", ("woord " * n + ".",) * (n > 0), Row("events", "e")
        )
        for n in stages
    )
    long = replace(made, story=said(story), services=said(services), stages=course, recommendations=said(recos),
                   borne_by=("SEPSAC (2009)",) * len(recos))  # fmt: skip
    for template, sections, pages in (("brief.typ", BRIEF, 2), ("diapos.typ", SLIDES, 6)):
        with Sheets(template, 0) as sheets:
            content, cuts = laid_out(long, sheets)
            assert len(PdfReader(io.BytesIO(sheets.pdf(content))).pages) == pages
        before = page_content(long)
        for name in {section.name for section in sections}:
            gone = sum(cut.sentences for cut in cuts if cut.section == name)
            assert content[name] == before[name][: len(before[name]) - gone], "cut from the end, whole sentences"
        said = checks(long, told(theme, lang).facts, [(template, cut) for cut in cuts], ())
        lines = re.findall(rf"^- {template}.*$", said, re.MULTILINE)
        assert [re.findall(r"\d+", line) for line in lines] == [[str(c.page), str(c.sentences)] for c in cuts]


def test_what_is_cut_is_said():
    with Sheets("brief.typ", 0) as sheets:
        story = told("expulsion", "fr").story
        story = replace(story, services=story.services * 9)
        _, cuts = laid_out(story, sheets)
    assert [(cut.page, cut.section) for cut in cuts] == [(1, "services")]


def test_the_same_bytes_twice(packs):
    again = prepare(tell("relogement", PUBLICATION, context=CONTEXT, lang="nl"))
    assert again.files == packs("relogement", "nl").files
