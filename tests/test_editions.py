"""A book in another language than its house's: one language throughout, with its typography, and a word for none."""

from __future__ import annotations

import re
import shutil
import zipfile

import pypdf
import pytest
from book_runs import CLEARANCE, DATASET, SAMPLE, SOFTWARE, make_runs

from clss_analysis.publish import build_book
from clss_analysis.publish.build import _of_language
from clss_analysis.publish.house_book import complete_book
from clss_analysis.publish.project import read_project
from clss_analysis.records.house import house_at

NARROW = "\u202f"
HOUSE = """name = "La Maison"
title = "« Un toit » : essai"
language = "fr"

[edition]
year = 2025

[en]
title = "“A roof”: an attempt"
subtitle = "What we learned"
"""
ENGLISH = {
    "index.md": "# Before we start {.unnumbered}\n\n@Sec-one tells it; what we said: “stay”; 'so'.\n\n"
    "Our paper was called [Un toit : pour qui ?]{lang=fr}.\n",
    "01-un.md": "# One {#sec-one}\n\n"
    "See @fig-essai-petite, @tbl-axes and @sec-index. We listen [@rogers2012, p. 12].\n\n"
    "{{< include _runs/figures/essai-petite.md >}}\n\n| a | b |\n|---|---|\n| one | two |\n\n"
    ": The axes. {#tbl-axes}\n\n::: {.callout-caution}\nCare.\n:::\n\n"
    "A [home]{.notion}.\n\n| c | d |\n|---|---|\n| three | four |\n",
    "11-notions.md": "# Where words stand {#sec-index .unnumbered}\n\n{{< include _runs/notions.md >}}\n",
    "references.md": "# References {.unnumbered}\n\n::: {#refs}\n:::\n",
}
SAID = {
    r"Légende de (\S+) : ce que l’on y voit.": r"Caption of \1: what is seen.",
    r"Légende de (\S+) \\: ce que l’on y voit\\.": r"Caption of \1\\: what is seen\\.",
    r"Deux cases, l’une à gauche, l’autre à droite": "Two boxes, one on the left, one on the right",
    r"À gauche de": "Left of",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("maison")
    (folder / "clss.toml").write_text(HOUSE, encoding="utf-8")
    shutil.copytree(SAMPLE, folder / "book")
    project = (folder / "book" / "_quarto.yml").read_text(encoding="utf-8")
    (folder / "book" / "_quarto.yml").write_text(
        re.sub(r"  (sub)?title: .*\n|  date: .*\n|  author: .*\n", "", project)
    )
    variables = folder / "book" / "_variables.yml"
    variables.write_text(variables.read_text() + "technique:\n  - 90-grille.md\n", encoding="utf-8")
    (folder / "book" / "en").mkdir()
    for name, text in ENGLISH.items():
        (folder / "book" / "en" / name).write_text(text, encoding="utf-8")
    return house_at(folder)


@pytest.fixture(scope="module")
def out(house, tmp_path_factory):
    place = tmp_path_factory.mktemp("made")
    runs = make_runs(place / "runs")
    for path in [path for path in runs.rglob("*") if path.suffix in (".md", ".json", ".svg")]:
        text = path.read_text(encoding="utf-8")
        for french, english in SAID.items():
            text = re.sub(french, english, text)
        path.write_text(text, encoding="utf-8")
    book = complete_book(house, place / "house", "en")
    build_book(
        book,
        runs,
        place / "out",
        dataset=DATASET,
        software=SOFTWARE,
        clearance=CLEARANCE,
        formats=("html", "pdf", "epub", "docx"),
        lang="fr",  # the chapters tell the dataset: all is in their language
    )
    return place / "out"


def inside(path, ending):
    with zipfile.ZipFile(path) as opened:
        return "\n".join(opened.read(name).decode() for name in opened.namelist() if name.endswith(ending))


def test_an_edition_has_the_chapters_of_its_folder_in_the_order_of_the_house(house, tmp_path):
    project = read_project(complete_book(house, tmp_path, "en"))
    assert [chapter.file for chapter in project.chapters] == ["index.md", "01-un.md", "references.md", "11-notions.md"]
    assert (project.lang, project.title, project.subtitle) == ("en-GB", "“A roof”: an attempt", "What we learned")
    assert not any(chapter.technical or chapter.part for chapter in project.chapters)


def test_a_house_without_chapters_in_a_language_gets_its_own_and_a_word(house, tmp_path):
    project = read_project(complete_book(house, tmp_path, "nl"))
    assert (project.lang, len(project.chapters)) == ("fr-BE", 6)
    assert _of_language(project, "nl", "nl") == (
        "geen hoofdstukken in “nl” (map nl van het boek): het boek is in de taal van zijn hoofdstukken, “fr”",
    )


def test_every_format_says_its_language(out):
    assert '<html lang="en-GB">' in (out / "01-un.html").read_text(encoding="utf-8")
    assert pypdf.PdfReader(out / "clss.pdf").root_object["/Lang"] == "en-GB"
    assert "<dc:language>en-GB</dc:language>" in inside(out / "clss.epub", ".opf")
    assert re.search(r'<w:lang [^>]*w:val="en-GB"', inside(out / "clss.docx", "styles.xml"))


def test_the_original_title_is_told_in_its_language(out):
    told = f'<p>Original title: <span lang="fr">«{NARROW}Un toit{NARROW}»{NARROW}: essai</span></p>'
    assert told in (out / "index.html").read_text(encoding="utf-8")
    assert f'lang="fr">«{NARROW}Un toit{NARROW}»{NARROW}: essai</span></p>' in inside(out / "clss.epub", ".xhtml")
    pdf = pypdf.PdfReader(out / "clss.pdf")
    assert "Original title" in pdf.pages[1].extract_text()
    assert pdf.metadata.title == "“A roof”: an attempt"


def test_references_captions_callouts_and_lists_speak_the_language(out):
    html = (out / "01-un.html").read_text(encoding="utf-8")
    for said in ("Figure\u00a01", "Table\u00a01", ">figure\u00a01<", ">table\u00a01<", 'aria-label="Caution"',
                 'aria-label="Table: One"', "data (CSV)"):  # fmt: skip
        assert said in html.replace("Figure 1", "Figure\u00a01").replace("Table 1", "Table\u00a01"), said
    assert ">chapter\u00a0I</a> tells it" in (out / "index.html").read_text(encoding="utf-8").replace(
        "Chapter", "chapter"
    )
    assert "<li>home: " in (out / "11-notions.html").read_text(encoding="utf-8")


def test_french_spaces_stand_in_french_words_alone(out):
    html = (out / "index.html").read_text(encoding="utf-8")
    assert f'<span lang="fr">Un toit{NARROW}: pour qui{NARROW}?</span>' in html
    rest = re.sub(r'<span lang="fr">[^<]*</span>', "", "".join(path.read_text("utf-8") for path in out.glob("*.html")))
    assert not {NARROW, "«"} & set(rest)
    assert "“stay”; ‘so’" in rest
