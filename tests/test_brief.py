"""The interpellation pack: two pages, six slides, every number borne by a row, nothing French left in Dutch."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from clss_analysis.figures.style import LOOKS
from clss_analysis.publish.brief import BUILT_IN, prepare, tell
from clss_analysis.publish.brief.facts import Sentence
from clss_analysis.publish.brief.make import BRIEF, LOOKS_OF_PAGES, SLIDES, page_content
from clss_analysis.publish.brief.pages import Sheets, fitted, roomy
from clss_analysis.publish.brief.story import Stage
from clss_analysis.records import Row

ROOT = Path(__file__).parents[1]
PUBLICATION, CONTEXT = ROOT / "data" / "publication", ROOT / "data" / "context"
PACKS = [(theme, lang) for theme in BUILT_IN for lang in ("fr", "nl")] + [("expulsion", "en")]
THEME = ROOT / "src" / "clss_analysis" / "publish" / "theme"


@pytest.fixture(scope="module")
def packs():
    made = {}

    def pack(theme, lang):
        if (theme, lang) not in made:
            made[theme, lang] = prepare(tell(theme, PUBLICATION, context=CONTEXT, lang=lang))
        return made[theme, lang]

    return pack


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


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


def test_a_number_that_no_row_bears_is_found(packs):
    pack = packs("expulsion", "fr")
    borne = {number for row in rows_of(pack) for number in numbers(row["value"])}
    assert numbers("4\u202f321 ménages") - borne == {"4321"}


@pytest.mark.parametrize(("theme", "lang"), PACKS)
def test_each_spoken_sentence_has_its_footnote(packs, theme, lang):
    pack = packs(theme, lang)
    text = pack.files["speech.md"].decode()
    said = [sentence for part in (*pack.speech.long, *pack.speech.short) for sentence in part]
    notes = re.findall(r"^\[\^(\d+)\]: (.+)$", text, re.MULTILINE)
    assert [number for number, _ in notes] == [str(n) for n in range(1, len(said) + 1)]
    for sentence, (_, note) in zip(said, notes, strict=True):
        assert sentence.rows
        assert all(row.row in note.replace("\\", "") for row in sentence.rows)
    words = sum(len(sentence.text.split()) for part in pack.speech.long for sentence in part)
    assert 380 <= words <= 430
    assert 110 <= sum(len(sentence.text.split()) for part in pack.speech.short for sentence in part) <= 150


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
    for theme in BUILT_IN:
        sizes = [size for size, _, _ in runs(packs(theme, "nl").files[file])]
        assert sizes
        assert min(sizes) >= least - 0.01


def grey(colour: str) -> float:
    """Relative luminance of a colour, which is all that a copier sees of it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    high, low = sorted((grey(a), grey(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("template", ["brief.typ", "diapos.typ"])
def test_text_keeps_its_contrast_in_grey(template):
    source = (THEME / template).read_text(encoding="utf-8")
    colours = dict(re.findall(r'#let (\w+) = rgb\("(#[0-9a-f]{6})"\)', source))
    used = set(re.findall(r"text\([^()]*fill: (\w+)", source)) | set(re.findall(r"\bfill: (vert|gris|encre)\b", source))
    assert {"vert", "gris", "encre"} <= used
    for name in used - {"white"}:
        assert contrast(colours[name], "#ffffff") >= 4.5, name
    assert contrast(colours["encre"], colours["pale"]) >= 4.5


def test_the_pages_in_grey_are_dark_on_light(packs):
    pytest.importorskip("PIL")
    from PIL import Image

    story = packs("expulsion", "fr").story
    with Sheets("brief.typ", 0) as sheets:
        content = roomy(page_content(story), LOOKS_OF_PAGES, sheets.overflowing)
        pages = sheets._typst(__import__("typst").compile, content, format="png", ppi=60.0)
    for page in pages:
        picture = Image.open(io.BytesIO(page)).convert("L")
        shades = picture.histogram()
        assert sum(shades[:90]) > 2000, "ink"
        assert sum(shades[225:]) > 0.8 * sum(shades), "paper"


def test_kinds_of_arrows_are_told_apart_without_colour():
    kinds = [LOOKS[f"tie-{kind}"] for kind in ("living", "helps", "calls", "working", "other")]
    assert len({look.dash for look in kinds}) == len(kinds)
    for look in kinds:
        assert contrast(look.edge, "#ffffff") >= 3


def test_signs_of_stages_are_shapes_of_their_own():
    source = (THEME / "brief.typ").read_text(encoding="utf-8")
    body = source[source.index("#let signe") : source.index("#let etape")]
    drawn = re.findall(r"\{ ((?:polygon|rect|circle)\(.*)\) \}", body)
    assert len(drawn) == 6
    assert len({re.sub(r"fill: \w+", "", each) + ("white" if "white" in each else "") for each in drawn}) == 6


SENTENCES = st.lists(st.integers(3, 60), min_size=1, max_size=40)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(story=SENTENCES, services=SENTENCES, stages=st.lists(st.integers(0, 50), max_size=30), recos=SENTENCES,
       theme=st.sampled_from(BUILT_IN), lang=st.sampled_from(("fr", "nl")))  # fmt: skip
def test_two_pages_never_become_three_nor_one(packs, story, services, stages, recos, theme, lang):
    def said(lengths):
        return tuple(
            Sentence(("maatschappelijk " * n)[:419].strip() + ".", (Row("events", f"e{i}"),))
            for i, n in enumerate(lengths)
        )

    made = packs(theme, lang).story
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
            content = roomy(page_content(long), LOOKS_OF_PAGES, sheets.overflowing)
            content, cuts = fitted(content, sections, sheets.overflowing)
            assert len(PdfReader(io.BytesIO(sheets.pdf(content))).pages) == pages
        lost = sum(cut.sentences for cut in cuts)
        kept = sum(len(content[section.name]) for section in sections)
        assert lost + kept == sum(len(page_content(long)[section.name]) for section in sections)


def test_what_is_cut_is_said(packs):
    with Sheets("brief.typ", 0) as sheets:
        story = packs("expulsion", "fr").story
        story = replace(story, services=story.services * 9)
        _, cuts = fitted({**page_content(story), "scale": 1.0, "columns": 2}, BRIEF, sheets.overflowing)
    assert [(cut.page, cut.section) for cut in cuts] == [(1, "services")]


def test_the_same_bytes_twice(packs):
    again = prepare(tell("relogement", PUBLICATION, context=CONTEXT, lang="nl"))
    assert again.files == packs("relogement", "nl").files
