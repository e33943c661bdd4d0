"""A book in two volumes: what each holds, how they speak of each other, and one site for both."""

from __future__ import annotations

import json
import re
import shutil
import zipfile

import pypdf
import pytest
import yaml
from book_runs import CLEARANCE, DATASET, SAMPLE, SOFTWARE, make_runs
from test_book_epub import messages
from test_book_quarto import stand_in

from clss_analysis.publish import BookError, build_book, lint
from clss_analysis.publish.project import read_project

TECHNIQUE = ("02-deux.md", "90-grille.md")
ENDINGS = ("pdf", "epub", "docx")
SHEETS = ("essai-large", "essai-petite")
"""The figures that a fragment shows and the publication has already."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = make_runs(tmp_path_factory.mktemp("made") / "runs")
    small = (folder / "figures" / "essai-petite.md").read_text(encoding="utf-8")
    (folder / "reseau.md").write_text(f"### Réseau\n\n{small}\nVu d’ensemble.\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("deux-volumes") / "book"
    shutil.copytree(SAMPLE, folder)
    variables = folder / "_variables.yml"
    named = "".join(f"  - {name}\n" for name in TECHNIQUE)
    variables.write_text(f"{variables.read_text(encoding='utf-8')}technique:\n{named}", encoding="utf-8")
    first = (folder / "01-un.md").read_text(encoding="utf-8")
    first = first.replace("_runs/menage-E.md", "_runs/figures/essai-large.md").replace(
        "[voir @sepsac2009 ; @rogers2012]", ""
    )
    (folder / "01-un.md").write_text(first, encoding="utf-8")
    second = (folder / "02-deux.md").read_text(encoding="utf-8")
    more = "\n## Fiches\n\nSelon @sepsac2009, voir la @fig-essai-petite et [-@tbl-axes].\n"
    more += "\n{{< include _runs/menage-E.md >}}\n\n{{< include _runs/reseau.md >}}\n"
    (folder / "02-deux.md").write_text(second + more, encoding="utf-8")
    return folder


def build(book, runs, out, formats):
    build_book(book, runs, out, dataset=DATASET, software=SOFTWARE, clearance=CLEARANCE, formats=formats)
    return out


@pytest.fixture(scope="module")
def out(book, runs, tmp_path_factory):
    return build(book, runs, tmp_path_factory.mktemp("fait") / "out", ("html", *ENDINGS))


def words(path):
    if path.suffix == ".pdf":
        found = " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    else:
        inside = ".xhtml" if path.suffix == ".epub" else "word/document.xml"
        with zipfile.ZipFile(path) as opened:
            found = " ".join(opened.read(name).decode() for name in opened.namelist() if name.endswith(inside))
        found = re.sub(r"<[^>]*>", "", found)
    return re.sub(r"[\s\u00a0\u202f]+", " ", found)


def test_each_volume_is_a_file_of_each_format_and_the_manifest_and_crate_name_them(out):
    files = {name: [f"{stem}.{ending}" for ending in sorted(ENDINGS)]
             for name, stem in (("publication", "clss"), ("technique", "clss-technique"))}  # fmt: skip
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["volumes"] == files
    crate = json.loads((out / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    assert {name for names in files.values() for name in names} <= {each["@id"] for each in crate["@graph"]}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_volume_says_which_it_is_and_names_the_other(out, ending):
    publication, technical = words(out / f"clss.{ending}"), words(out / f"clss-technique.{ending}")
    assert "Un « Volume technique » accompagne ce livre" in publication
    assert f"« La publication », clss.{ending}" in technical
    assert "Une coupure." in publication
    assert "Une coupure." not in technical
    assert "Texte après les figures" in technical
    assert "Texte après les figures" not in publication


@pytest.mark.parametrize("ending", ENDINGS)
def test_numbers_run_from_one_volume_into_the_other_and_references_say_where(out, ending):
    publication, technical = words(out / f"clss.{ending}"), words(out / f"clss-technique.{ending}")
    assert re.findall(r"Figure (\d)\. ", publication) == ["1", "2"]
    assert sorted(re.findall(r"Figure (\d)\. ", technical)) == ["3", "4"], "a landscape page ends its section"
    assert "renvoie à la figure 3, volume technique, qui" in publication
    assert "voir la figure 1, publication et 1, publication" in technical
    assert "annexe A, volume technique" in publication
    assert not re.search(r"@(fig|tbl|sec)-", publication + technical)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_figure_of_the_publication_is_not_shown_again_in_a_sheet(out, ending):
    technical = words(out / f"clss-technique.{ending}")
    assert "Un ménage. Voir la figure 2, publication. Voilà." in technical
    assert "Voir la figure 1, publication. Vu d’ensemble." in technical


@pytest.mark.parametrize("ending", ENDINGS)
def test_each_volume_lists_the_works_that_it_cites(out, ending):
    publication, technical = (
        words(out / f"{stem}.{ending}").split("Références")[-1] for stem in ("clss", "clss-technique")
    )
    assert ("Rogers" in publication, "SEPSAC" in publication.upper()) == (True, False)
    assert ("Rogers" in technical, "SEPSAC" in technical.upper()) == (False, True)


def test_a_reference_leads_to_the_other_file_where_a_format_can(out):
    links = [note.get_object() for page in pypdf.PdfReader(out / "clss.pdf").pages for note in page.get("/Annots", [])]
    assert "clss-technique.pdf" in {str(link["/A"].get("/URI")) for link in links if "/A" in link}
    with zipfile.ZipFile(out / "clss-technique.docx") as opened:
        assert 'Target="clss.docx"' in opened.read("word/_rels/document.xml.rels").decode()
    assert messages(out / "clss.epub") == messages(out / "clss-technique.epub") == []


def test_the_two_epubs_are_two_books(out):
    about = []
    for stem in ("clss", "clss-technique"):
        with zipfile.ZipFile(out / f"{stem}.epub") as opened:
            package = opened.read("EPUB/content.opf").decode()
        about.append([re.search(rf"<dc:{name}[^>]*>([^<]*)<", package)[1] for name in ("title", "identifier")])
    assert "Volume technique" in about[1][0]
    assert about[0][0] != about[1][0]
    assert about[0][1] != about[1][1]


def test_the_site_is_one_in_two_parts_and_offers_every_file(out):
    page = (out / "02-deux.html").read_text(encoding="utf-8")
    contents = page[page.index('<nav id="sommaire"') :]
    parts = re.findall(r'<li class="partie"[^>]*>([^<]*)<|href="(?!#)([^"#]*)"', contents)
    listed = [part or file for part, file in parts]
    assert listed.index("La publication") < listed.index("01-un.html") < listed.index("11-notions.html")
    assert listed.index("11-notions.html") < listed.index("Volume technique") < listed.index("02-deux.html")
    assert {f"{stem}.{ending}" for stem in ("clss", "clss-technique") for ending in ENDINGS} <= set(listed)
    assert ">PDF, volume technique<" in contents
    assert re.search(r'href="01-un.html#fig-essai-large"[^>]*>figure.2</a>', page)
    assert ", publication" not in page


def test_a_word_that_names_no_chapter_is_told_with_its_line(book, tmp_path):
    copy = tmp_path / "book"
    shutil.copytree(book, copy)
    variables = copy / "_variables.yml"
    variables.write_text(variables.read_text(encoding="utf-8") + "  - 99-absent.md\n", encoding="utf-8")
    with pytest.raises(BookError) as told:
        read_project(copy)
    assert "_variables.yml" in str(told.value)
    assert "99-absent.md" in str(told.value)


def test_the_sources_of_two_volumes_pass_what_both_engines_ask(book, runs):
    assert lint(book, runs) == []


@pytest.fixture
def staged(book, runs, tmp_path, monkeypatch):
    """What a stand-in for Quarto was given, by format and name of the file."""
    kept = stand_in(tmp_path, monkeypatch)
    build_book(book, runs, tmp_path / "out", dataset=DATASET, software=SOFTWARE, clearance=CLEARANCE, engine="quarto",
               formats=("html", "pdf", "epub", "docx"))  # fmt: skip
    return kept


def test_quarto_gets_each_volume_by_itself_and_the_site_whole(staged):
    assert {path.name for path in staged.iterdir()} == {
        "html-clss", *(f"{to}-{stem}" for to in ("typst", "epub", "docx") for stem in ("clss", "clss-technique"))
    }  # fmt: skip
    books = {path.name: yaml.safe_load((path / "_quarto.yml").read_text(encoding="utf-8")) for path in staged.iterdir()}
    site = books["html-clss"]["book"]["chapters"]
    assert site[0] == "index.md"
    assert {"part": "La publication", "chapters": ["references.md", "11-notions.md"]} in site
    assert site[-1] == {"part": "Volume technique", "chapters": ["90-grille.md"]}
    technical = books["typst-clss-technique"]["book"]
    told = {"part": "Le récit", "chapters": ["02-deux.md"]}
    assert technical["chapters"] == ["index.md", told, "90-grille.md", "references.md"]
    assert "Volume technique" in technical["title"]
    assert books["typst-clss"]["book"]["chapters"][-1] == "11-notions.md"


def test_what_quarto_gets_says_where_the_other_volume_has_it(staged):
    first = (staged / "typst-clss" / "01-un.md").read_text(encoding="utf-8")
    assert re.search(r"à la \[figure.3, volume technique\]\(clss-technique\.pdf\)", first)
    assert re.search(r"\[figure.1\]\(#la-fig-essai-petite\)", first)
    second = (staged / "epub-clss-technique" / "02-deux.md").read_text(encoding="utf-8")
    assert re.search(r"voir la figure.1, publication et 1, publication\.", second)
    sheet = (staged / "docx-clss-technique" / "02-deux.md").read_text(encoding="utf-8")
    assert re.search(r"Voir la \[figure.2, publication\]\(clss\.docx\)", sheet)
    site = (staged / "html-clss" / "02-deux.md").read_text(encoding="utf-8")
    assert re.search(r"Voir la \[figure.2\]\(01-un\.html#la-fig-essai-large\)", site)
    assert "La publication" in (staged / "typst-clss-technique" / "index.md").read_text(encoding="utf-8")
