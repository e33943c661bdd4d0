"""What paper shows and what screens show: conditional passages, household sheets, the gallery as a contact sheet."""

from __future__ import annotations

import math
import re
import shutil
import zipfile

import pdf_ua
import pypdf
import pytest
from book_runs import CLEARANCE, DATASET, SAMPLE, SOFTWARE, make_runs
from fontTools.ttLib import TTFont

from clss_analysis import layout, read
from clss_analysis.figures import draw, save
from clss_analysis.fonts.__main__ import FACES, HERE, for_screens
from clss_analysis.layout.cropping import crop
from clss_analysis.privacy import clear
from clss_analysis.publish import build_book, pandoc
from clss_analysis.publish.crossref import Page
from clss_analysis.publish.figures import Picture
from clss_analysis.publish.fonts import woff
from clss_analysis.publish.printed import answered
from clss_analysis.publish.segments import End, tightened
from clss_analysis.publish.sheets import is_large, own_pages
from clss_analysis.publish.word import _columns, _wide
from clss_analysis.runs.gallery import VIGNETTE

ON_SCREENS = '::: {.content-visible unless-format="typst"}'
IN_PRINT = '::: {.content-visible when-format="typst"}'
CHAPTER = f"""# Deux {{#sec-deux}}

On voit d’abord la @fig-essai-large.

{ON_SCREENS}

Ceci est pour l’écran.

{{{{< include _runs/figures/essai-large.md >}}}}

:::

{IN_PRINT}
Ceci est pour le papier.
:::

{{{{< include _runs/figures/essai-petite.md >}}}}

## Les ménages {{#sec-les-menages}}

{{{{< include _runs/menage-E.md >}}}}

## Après la fiche {{#sec-apres}}

Le texte continue.
"""
GALLERY = """# Galerie {#sec-grille}

Une convention par dessin.

## Les dessins {#sec-dessins}

### Un groupe

#### Premier exemple

::: {.exemple}
Une phrase sur la convention.

![Légende du premier.](_runs/figures/essai-haute.svg){#fig-essai-haute fig-alt="Premier dessin."}
:::

#### Second exemple

::: {.exemple}
Une autre phrase.

![Légende du second.](_runs/figures/essai-paysage.svg){#fig-essai-paysage fig-alt="Second dessin."}
:::
"""
SHEET = """### Fiche : ménage E

Un ménage.

#### Que s’est-il passé ?

{screen}

Rien n’est dit.

:::

#### Ce que le dossier ne dit pas

Tout le reste.
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("papier")
    runs = make_runs(folder / "runs")
    (runs / "menage-E.md").write_text(SHEET.format(screen=ON_SCREENS), encoding="utf-8")
    for name in ("essai-haute", "essai-paysage"):
        shutil.copyfile(runs / "figures" / "essai-petite.svg", runs / "figures" / f"{name}{VIGNETTE}")
    book = folder / "book"
    shutil.copytree(SAMPLE, book)
    (book / "02-deux.md").write_text(CHAPTER, encoding="utf-8")
    (book / "90-grille.md").write_text(GALLERY, encoding="utf-8")
    first = (book / "01-un.md").read_text(encoding="utf-8")
    first = re.sub(r"\{\{< include _runs/figures/\S+ >\}\}|\{\{< include _runs/menage-E.md >\}\}", "", first)
    (book / "01-un.md").write_text(first, encoding="utf-8")
    build_book(
        book,
        runs,
        folder / "out",
        formats=("html", "pdf", "epub", "docx"),
        dataset={**DATASET, "synthetic": True},
        software=SOFTWARE,
        clearance=CLEARANCE,
    )
    return folder / "out"


def printed(out):
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(out / "clss.pdf").pages]


def archive(path, ending):
    with zipfile.ZipFile(path) as opened:
        return "".join(opened.read(name).decode() for name in opened.namelist() if name.endswith(ending))


def test_each_edition_shows_what_is_for_it(out):
    screens = {
        "site": (out / "02-deux.html").read_text(encoding="utf-8"),
        "epub": archive(out / "clss.epub", ".xhtml"),
    }
    for name, text in screens.items():
        assert "Ceci est pour l’écran." in text, name
        assert "Ceci est pour le papier." not in text, name
    for paper in (" ".join(printed(out)), archive(out / "clss.docx", "document.xml")):
        assert "Ceci est pour le papier." in paper
        assert "Ceci est pour l’écran." not in paper


def test_a_figure_has_the_same_number_everywhere_and_paper_says_where_the_others_are(out):
    site = (out / "02-deux.html").read_text(encoding="utf-8")
    large, small = (
        re.search(rf'id="fig-essai-{name}".*?Figure (\d)', site, re.DOTALL)[1] for name in ("large", "petite")
    )
    assert (large, small) == ("1", "2")
    paper = " ".join(printed(out)).replace("\u00a0", " ")
    assert "figure 1, en ligne" in paper
    assert "Figure 1." not in paper
    assert "Figure 2." in paper


def test_a_sheet_ends_its_chapter_on_pages_of_its_own_and_keeps_no_question_without_answer(out):
    pages = printed(out)
    sheet = next(n for n, page in enumerate(pages) if "Tout le reste." in page)
    after = next(n for n, page in enumerate(pages) if "Le texte continue." in page)
    assert after < sheet
    assert "Le texte continue." not in pages[sheet]
    assert "Que s’est-il passé" not in pages[sheet]
    assert "Que s’est-il passé" in (out / "02-deux.html").read_text(encoding="utf-8")


def test_examples_share_a_page_and_say_that_they_are_invented(out):
    (page,) = [page for page in printed(out) if "Une phrase sur la convention" in page]
    assert "Premier exemple" in page
    assert "Second exemple" in page
    assert page.count("aucune personne réelle") == 2 + 1, "each drawing, and the page's head"
    assert re.search(r"Figure \d\. Une phrase sur la convention", page)
    assert "Un groupe" not in page
    assert "Légende du premier." in (out / "90-grille.html").read_text(encoding="utf-8")


def test_a_book_can_be_read_by_ear_and_one_that_is_spoilt_is_told(out, tmp_path):
    assert pdf_ua.faults(out / "clss.pdf") == []
    writer = pypdf.PdfWriter(clone_from=out / "clss.pdf")
    parts = [part for part in (each.get_object() for each in writer._objects) if isinstance(part, dict)]
    del next(part for part in parts if part.get("/S") == "/Figure")["/Alt"]
    next(part for part in parts if part.get("/S") == "/H3")[pypdf.generic.NameObject("/S")] = pypdf.generic.NameObject(
        "/H5"
    )
    del next(part for part in parts if part.get("/Subtype") == "/Link")["/Contents"]
    writer.write(tmp_path / "faux.pdf")
    assert {fault[:6] for fault in pdf_ua.faults(tmp_path / "faux.pdf")} == {"13-004", "14-003", "28-012"}


@pytest.mark.parametrize("size", [(200.0, 100.0), (267.0, 494.0)])
def test_a_landscape_or_large_page_follows_the_sheet_that_it_was_in(tmp_path, size):
    """Typst refuses a page among the questions of a sheet; the demo book has such a tree."""
    sheet = ("::: {.fiche-debut}", ":::", "", "## Fiche", "", "![Large.](a.svg){#fig-a}", "", "::: {.fiche-fin}", ":::")
    blocks = pandoc.parse("\n".join([*sheet, "", "Après.", ""]))
    pictures = {"a.svg": Picture(tmp_path / "a.svg", "figures/a.svg", *size, "")}
    assert [block["t"] for block in own_pages(blocks, pictures)] == ["Para", "Div", "Header", "Div", "Figure"]


def test_a_picture_is_large_where_no_page_holds_nine_tenths_of_it_and_fills_a_page_in_word(tmp_path):
    sizes = {
        (160, 229): False,
        (177, 254): False,
        (178, 229): True,
        (160, 255): True,
        (270, 155): False,
        (267, 494): True,
    }
    pictures = {size: Picture(tmp_path / "a.svg", "figures/a.svg", *map(float, size), "") for size in sizes}
    assert {size: is_large(picture) for size, picture in pictures.items()} == sizes
    assert [round(_wide(pictures[size])) for size in ((160, 229), (267, 494))] == [87, 116]


@pytest.mark.parametrize("case", ["G02", "G05", "G14"])
def test_a_vignette_is_the_drawing_without_its_frame(case, tmp_path):
    whole = layout.sociogenogram(read("data/gallery").case(case))
    small = crop(whole)
    assert {s.id for s in small.symbols} == {s.id for s in whole.symbols} - {"legend"}
    assert {n.id for n in small.lines} == {n.id for n in whole.lines}
    assert {b.id for b in small.labels} == {b.id for b in whole.labels if b.of not in ("figure", "legend")}
    for box in (*(s.box for s in small.symbols), *(b.box for b in small.labels)):
        assert 0 <= box[0] <= box[2] <= small.width
        assert 0 <= box[1] <= box[3] <= small.height
    assert small.synthetic
    assert {b.size for b in small.labels} <= {b.size for b in whole.labels}
    assert save(draw(small), tmp_path / "petit.svg", clear(read("data/gallery").case(case))).stat().st_size > 1000


def test_a_heading_under_which_nothing_is_printed_is_left_out_of_the_word_file():
    def head(level, name):
        return {"t": "Header", "c": [level, [name, [], []], []]}

    said = {"t": "Para", "c": []}
    blocks = [head(1, "a"), head(2, "b"), head(2, "c"), said, head(3, "d"), head(3, "e"), said, head(2, "f")]
    kept = answered(Page(None, blocks)).blocks
    assert [block["c"][1][0] for block in kept if block["t"] == "Header"] == ["a", "c", "e"]


@pytest.mark.parametrize(
    ("last", "step"),
    [
        ([(9, 50.0), (9, 50.0), (8, 240.0), (8, 240.0)], {0: 2}),  # a few lines on a page of their own are saved
        ([(9, 155.0), (9, 155.0), (9, 154.0), (9, 90.0)], {0: 3}),  # a figure alone on the last page goes back
        ([(9, 155.0), (9, 153.0), (9, 150.0), (9, 148.0)], {}),  # nothing is gained: the usual lines
        ([(9, 155.0), (9, 153.0), (9, 60.0), (9, 60.0)], {}),  # what would be left is but a few lines
        ([(9, 230.0), (8, 270.0), (8, 260.0), (8, 250.0)], {}),  # a page well filled is left as it is
    ],
)
def test_lines_are_set_tighter_where_a_page_or_a_figure_comes_of_it(last, step):
    def ends(tight):
        page, y = last[min(tight.get(0, 0), 3)]
        return [End(0, page, y)]

    assert tightened(ends) == step


def test_a_face_for_screens_is_cut_from_the_shipped_one():
    assert woff("sans") == for_screens("sans")


@pytest.mark.parametrize("face", FACES.values())
def test_no_face_draws_the_letters_of_professionnelles_as_one(face):
    """Catalan has one letter l·l; the dot of « professionnel·les » stands between two."""
    with TTFont(HERE / face) as font:
        for table in ("GSUB", "GPOS"):
            for lookup in font[table].table.LookupList.Lookup:
                for rules in (getattr(each, "ExtSubTable", each) for each in lookup.SubTable):
                    made = [each for all_of in getattr(rules, "ligatures", {}).values() for each in all_of]
                    assert not any("periodcentered" in each.Component for each in made)
                    between = any("periodcentered" in cover.glyphs for cover in getattr(rules, "InputCoverage", ()))
                    assert not (between and rules.PosLookupRecord)


def test_a_table_of_the_word_file_gives_each_column_what_it_has_to_say():
    table, even = pandoc.parse(
        "| Wie | Wat |\n|---|---|\n| verantwoordelijke | een zin die veel langer is dan het woord ernaast |\n"
        "\nEt\n\n| a | b |\n|---|---|\n| c | d |\n"
    )[::2]
    (_, first), (_, second) = _columns(*table["c"][2:5])
    assert first["c"] * 92 >= len("verantwoordelijke"), "a long word stays whole"
    assert second["c"] > 2 * first["c"]
    assert [width["c"] for _, width in _columns(*even["c"][2:5])] == [0.5, 0.5]


def test_nothing_is_printed_smaller_than_seven_points(out):
    """Text of figures too, as it stands on the page."""
    sizes = set()

    def note(text, outer, inner, _, size):
        if text.strip():
            sizes.add(round(size * math.hypot(*inner[2:4]) * math.hypot(*outer[2:4]), 2))

    for page in pypdf.PdfReader(out / "clss.pdf").pages:
        page.extract_text(visitor_text=note)
    assert 7 <= min(sizes) < 8
