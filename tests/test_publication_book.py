"""The book of the publication itself, made once as a user makes it, and read back."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pdf_ua
import pytest
from book_runs import needs
from pypdf import PdfReader
from test_book_browser import browser, violations  # noqa: F401 the browser is a fixture
from test_book_build import alternatives, block_faults, heights
from test_book_epub import messages

import clss_analysis as clss
from clss_analysis.publish.figures import svg_size

ROOT = Path(__file__).parents[1]
PUBLISHED = {*(f"F{number}" for number in range(1, 14)), "T1", "T2"}
FORMATS = ("html", "pdf", "epub", "docx")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    out = tmp_path_factory.mktemp("publication") / "livre"
    words = [sys.executable, "-m", "clss_analysis", "build", "--out", str(out), "--formats", ",".join(FORMATS)]
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
    sources = {"": records}
    for figure in manifest["figures"]:
        assert figure["rows"], figure["id"]
        for row in figure["rows"]:
            place, _, table = row["table"].rpartition("/")
            if place not in sources:
                sources[place] = clss.read(ROOT / "data" / "publication" / place)
            assert row["row"] in set(sources[place].table(table)["id"]), (figure["id"], row)


def test_the_gallery_is_there_and_says_that_it_is_invented(manifest):
    drawn = {figure["case"]: figure for figure in manifest["figures"] if figure["id"].startswith("galerie-")}
    assert set(drawn) == set(clss.read(ROOT / "data" / "gallery").households["id"])
    assert all(row["table"].startswith("../gallery/") for figure in drawn.values() for row in figure["rows"])


def test_files_are_what_the_manifest_says(book, manifest):
    for figure in manifest["figures"]:
        assert {"svg", "pdf", "png", "csv"} <= set(figure["files"])
        for ending, digest in figure["sha256"].items():
            assert hashlib.sha256((book / figure["files"][ending]).read_bytes()).hexdigest() == digest


def test_every_figure_has_caption_alt_rows_and_its_files(manifest):
    for figure in manifest["figures"]:
        assert all((figure["caption"].strip(), figure["alt"].strip(), figure["rows"])), figure["id"]
        assert figure["alt"].strip() != figure["caption"].strip()
        assert set(figure["files"]) == {"svg", "pdf", "png", "csv"} == set(figure["sha256"]), figure["id"]


def on_screens_only(figure, records):
    """Whether the printed book leaves a figure to the screens."""
    if figure["id"] in PUBLISHED:
        return False
    told = set(records.case_notes["household"])
    stages = (records.events["household"] == figure["case"]).sum()
    further = re.fullmatch(r"galerie-\d+-\d+", figure["id"])
    series = figure["kind"] == "sociogenogram-series" and not figure["id"].startswith("galerie-")
    repeated = figure["kind"] == "trajectory" and (figure["case"] in told or stages < 2)
    kinds = ("criteria-grid", "problems-impacts", "concept-lattice", "framework")
    return bool(further or series or repeated or figure["kind"] in kinds)


def test_the_printed_book_says_what_each_of_its_figures_shows_and_screens_have_them_all(book, manifest, records):
    pdf = PdfReader(book / "clss.pdf")
    assert 55 <= len(pdf.pages) <= 72
    assert pdf.root_object["/Lang"] == "fr-BE"
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    metadata = pdf.root_object["/Metadata"].get_object().get_data().decode()
    for claim in ("<pdfuaid:part>1<", "<pdfaid:part>2<", "<pdfaid:conformance>A<"):
        assert claim in metadata
    printed = {figure["id"] for figure in manifest["figures"] if not on_screens_only(figure, records)}
    assert set(alternatives(book / "clss.pdf")) == {f["alt"] for f in manifest["figures"] if f["id"] in printed}
    site = "".join(path.read_text(encoding="utf-8") for path in sorted(book.glob("*.html")))
    with zipfile.ZipFile(book / "clss.epub") as opened:
        epub = "".join(opened.read(name).decode() for name in opened.namelist() if name.endswith(".xhtml"))
    for figure in manifest["figures"]:
        assert f'id="fig-{figure["id"].lower()}"' in site, figure["id"]
        assert f'id="fig-{figure["id"].lower()}"' in epub, figure["id"]


def test_the_printed_book_is_set_well(book):
    """Fonts embedded, pictures drawn and not dotted, no small text, nothing over the edge, no empty page."""
    pdf = PdfReader(book / "clss.pdf")
    for number, page in enumerate(pdf.pages, 1):
        for font in page["/Resources"].get("/Font", {}).values():
            about = font.get_object()
            about = about["/DescendantFonts"][0].get_object() if "/DescendantFonts" in about else about
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(about["/FontDescriptor"]), (
                number,
                about["/BaseFont"],
            )
        assert not [image for image in drawn(page) if image["/Subtype"] == "/Image"], f"page {number} has a bitmap"
        assert min(heights(page)) >= 6.99, number
    program = shutil.which("pdftotext")
    needs(program, "pdftotext")
    assert block_faults(book / "clss.pdf", program) == []


def test_every_printed_page_carries_its_own_number_and_the_contents_name_it(book):
    """A book that was set before everything had found its place shows numbers of pages that were never printed."""
    pages = PdfReader(book / "clss.pdf").pages
    words = [page.extract_text() for page in pages]
    assert [int(re.findall(r"\d+", text)[-1]) for text in words[1:]] == list(range(2, len(pages) + 1))
    chapter = next(n for n, text in enumerate(words, 1) if n > 4 and "Mise en œuvre" in text and "deux jambes" in text)
    assert re.search(rf"Mise en œuvre\s*{chapter}\b", words[2])


def test_the_printed_book_can_be_read_by_ear(book):
    assert pdf_ua.faults(book / "clss.pdf") == []


def drawn(page, seen=None):
    """The pictures of a page, those inside others too."""
    seen = set() if seen is None else seen
    for reference in page.get("/Resources", {}).get("/XObject", {}).values():
        if reference.idnum not in seen:
            seen.add(reference.idnum)
            inner = reference.get_object()
            yield inner
            yield from drawn(inner, seen)


def test_a_figure_is_printed_at_its_own_size_and_its_text_can_be_read(book, manifest, records):
    for figure in manifest["figures"]:
        pages = PdfReader(book / figure["files"]["pdf"]).pages
        assert min(height for page in pages for height in heights(page)) >= 6.99, figure["id"]
        width, height = svg_size(book / figure["files"]["svg"])
        plate = width > 170 and width > height
        if not on_screens_only(figure, records) and not figure["id"].startswith("galerie-"):
            assert (width <= 247 and height <= 142) if plate else (width <= 160.1 and height <= 229), figure["id"]


def test_the_word_file_opens_with_every_figure_and_numbered_captions(book, manifest, tmp_path):
    program = shutil.which("soffice") or shutil.which("libreoffice")
    needs(program, "LibreOffice")
    command = [program, "--headless", f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(book / "clss.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    words = " ".join(page.extract_text() for page in PdfReader(tmp_path / "clss.pdf").pages)
    captions = set(re.findall(r"Figure[ \u00a0](\d+)\.", words))
    assert captions == {str(number) for number in range(1, len(manifest["figures"]) + 1)}
    with zipfile.ZipFile(book / "clss.docx") as opened:
        document = opened.read("word/document.xml").decode()
    assert document.count("<pic:pic") == len(manifest["figures"])
    listed = re.findall(r'w:val="TOC[12]"/></w:pPr><w:hyperlink w:anchor="([^"]+)"', document)
    assert len(listed) > 60, "the contents are there before any program updates them"
    assert set(listed) <= set(re.findall(r'<w:bookmarkStart w:id="\d+" w:name="([^"]+)"', document))


def test_epubcheck_has_nothing_to_say(book):
    assert messages(book / "clss.epub") == []


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_an_axe_violation_scrolls_sideways_or_asks_anyone(book, browser, scheme, width):  # noqa: F811
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in sorted(book.glob("*.html")):
        page.goto(path.as_uri())
        assert violations(page) == [], path.name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
    assert [url for url in asked if not url.startswith((book.as_uri(), "data:"))] == []
    context.close()


def test_the_search_finds_expulsion_and_the_first_page_is_light(book, browser):  # noqa: F811
    page = browser.new_page()
    sizes = []
    page.on("requestfinished", lambda request: sizes.append(Path(request.url.removeprefix("file://")).stat().st_size))
    page.goto((book / "index.html").as_uri(), wait_until="networkidle")
    assert 0 < sum(sizes) < 500_000
    page.locator(".recherche input").fill("expulsion")
    page.locator(".trouvailles a").first.wait_for()
    assert page.locator(".trouvailles a").count() > 3
    page.close()
