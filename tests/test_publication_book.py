"""The book of the publication itself, made once as a user makes it, and read back."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader
from test_book_browser import browser, violations  # noqa: F401 the browser is a fixture
from test_book_build import alternatives
from test_book_epub import messages

import clss_analysis as clss

ROOT = Path(__file__).parents[1]
PUBLISHED = {*(f"F{number}" for number in range(1, 14)), "T1", "T2"}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    out = tmp_path_factory.mktemp("publication") / "livre"
    words = [sys.executable, "-m", "clss_analysis", "build", "--out", str(out)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return out


@pytest.fixture(scope="module")
def manifest(book):
    return json.loads((book / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def records():
    return clss.read(ROOT / "data" / "publication")


def test_every_household_has_its_run_and_its_figures(manifest, records):
    assert manifest["failures"] == []
    for household in records.households["id"]:
        own = [figure for figure in manifest["figures"] if figure["case"] == household]
        assert "sociogenogram" in {figure["kind"] for figure in own}, household
        assert {figure["parameters"]["case"] for figure in own} == {household}
        assert {Path(figure["notebook"]).name for figure in own} == {"01_menage.ipynb"}


def test_every_figure_of_the_publication_is_there(manifest):
    ids = [figure["id"] for figure in manifest["figures"]]
    assert set(ids) >= PUBLISHED
    assert len(ids) == len(set(ids))


def test_every_figure_names_records_that_exist(manifest, records):
    for figure in manifest["figures"]:
        assert figure["rows"], figure["id"]
        for row in figure["rows"]:
            place, _, table = row["table"].rpartition("/")
            of = clss.read(ROOT / "data" / "publication" / place) if place else records
            assert (of.table(table)["id"] == row["row"]).any(), (figure["id"], row)


def test_the_gallery_is_there_and_says_that_it_is_invented(manifest):
    drawn = {figure["case"]: figure for figure in manifest["figures"] if figure["id"].startswith("galerie-")}
    assert set(drawn) == set(clss.read(ROOT / "data" / "gallery").households["id"])
    assert all(row["table"].startswith("../gallery/") for figure in drawn.values() for row in figure["rows"])


def test_files_are_what_the_manifest_says(book, manifest):
    for figure in manifest["figures"]:
        assert {"svg", "pdf", "png", "csv"} <= set(figure["files"])
        for ending, digest in figure["sha256"].items():
            assert hashlib.sha256((book / figure["files"][ending]).read_bytes()).hexdigest() == digest


def test_the_book_is_long_enough_tagged_and_says_what_each_figure_shows(book, manifest):
    pdf = PdfReader(book / "clss.pdf")
    assert len(pdf.pages) >= 30
    assert pdf.root_object["/Lang"] == "fr-BE"
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    told = set(alternatives(book / "clss.pdf"))
    for figure in manifest["figures"]:
        assert figure["alt"].strip() != figure["caption"].strip()
        assert figure["alt"] in told, figure["id"]


def test_epubcheck_has_nothing_to_say(book):
    assert messages(book / "clss.epub") == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_an_axe_violation(book, browser, scheme):  # noqa: F811
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    for path in sorted(book.glob("*.html")):
        page.goto(path.as_uri())
        assert violations(page) == [], path.name
    page.close()


def test_the_search_finds_expulsion(book, browser):  # noqa: F811
    page = browser.new_page()
    page.goto((book / "index.html").as_uri())
    page.locator(".recherche input").fill("expulsion")
    page.locator(".trouvailles a").first.wait_for()
    assert page.locator(".trouvailles a").count() > 3
    page.close()
