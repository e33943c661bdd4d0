"""The book of the publication itself, made once as a user makes it, and read back."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pdf_ua
import pytest
from book_runs import needs
from chromium import violations
from pypdf import PdfReader
from test_book_build import alternatives, block_faults, heights, page_faults
from test_book_epub import messages

import clss_analysis as clss
from clss_analysis.publish.figures import svg_size

ROOT = Path(__file__).parents[1]
PUBLISHED = {*(f"F{number}" for number in range(1, 14)), "T1", "T2"}
VOLUMES = {"clss": (35, 48), "clss-technique": (30, 40)}
"""Stem of each volume's files, and its fewest and most pages."""
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
    printed = {figure["id"] for figure in manifest["figures"] if not on_screens_only(figure, records)}
    for stem, (fewest, most) in VOLUMES.items():
        pdf = PdfReader(book / f"{stem}.pdf")
        assert fewest <= len(pdf.pages) <= most, stem
        assert pdf.root_object["/Lang"] == "fr-BE"
        assert pdf.root_object["/MarkInfo"]["/Marked"]
        metadata = pdf.root_object["/Metadata"].get_object().get_data().decode()
        for claim in ("<pdfuaid:part>1<", "<pdfaid:part>2<", "<pdfaid:conformance>A<"):
            assert claim in metadata
        held = printed & PUBLISHED if stem == "clss" else printed - PUBLISHED
        assert sorted(alternatives(book / f"{stem}.pdf")) == sorted(
            f["alt"] for f in manifest["figures"] if f["id"] in held
        ), stem
    site = "".join(path.read_text(encoding="utf-8") for path in sorted(book.glob("*.html")))
    epubs = ""
    for stem in VOLUMES:
        with zipfile.ZipFile(book / f"{stem}.epub") as opened:
            epubs += "".join(opened.read(name).decode() for name in opened.namelist() if name.endswith(".xhtml"))
    for figure in manifest["figures"]:
        assert site.count(f'id="fig-{figure["id"].lower()}"') == 1, figure["id"]
        assert epubs.count(f'id="fig-{figure["id"].lower()}"') == 1, figure["id"]


@cache
def page_texts(path):
    return [page.extract_text() for page in PdfReader(path).pages]


def numbers(words, kind):
    return [int(number) for number in re.findall(rf"(?m)^\s*{kind}[ \u00a0](\d+)\.", words)]


def test_figures_and_tables_are_numbered_as_a_reader_meets_them(book):
    """The publication has no gap on paper; both volumes count up, and the second goes on where the first ends."""
    told = {stem: "\n".join(page_texts(book / f"{stem}.pdf")[4:]) for stem in VOLUMES}
    figures, tables = (numbers(told["clss"], kind) for kind in ("Figure", "Tableau"))
    assert figures == list(range(1, len(PUBLISHED) + 1))
    assert tables == list(range(1, len(tables) + 1))
    for kind, first in (("Figure", figures), ("Tableau", tables)):
        further = numbers(told["clss-technique"], kind)
        assert further == sorted(set(further))
        assert further[0] > first[-1]


@pytest.mark.parametrize("ending", ["pdf", "epub", "docx"])
def test_each_volume_names_the_other_and_leaves_no_label_unresolved(book, ending):
    manifest = json.loads((book / "manifest.json").read_text(encoding="utf-8"))
    assert {f"clss.{ending}", f"clss-technique.{ending}"} == {
        name for names in manifest["volumes"].values() for name in names if name.endswith(ending)
    }
    first, second = (text_of(book / f"{stem}.{ending}") for stem in VOLUMES)
    assert "Un « Volume technique » accompagne ce livre" in first
    assert f"« La publication », clss.{ending}" in second
    assert re.search(r"(annexe [A-H]|section [A-H]\.\d|figure \d+), volume technique", first)
    assert "Voir la figure 6, publication." in second
    for said in (first, second):
        assert not re.search(r"@(fig|tbl|sec)-[a-z]", said)


def text_of(path):
    if path.suffix == ".pdf":
        found = " ".join(page_texts(path))
    else:
        with zipfile.ZipFile(path) as opened:
            names = [name for name in opened.namelist() if name.endswith((".xhtml", "word/document.xml"))]
            found = re.sub(r"<[^>]*>", "", " ".join(opened.read(name).decode() for name in names))
    return re.sub(r"[\s\u00a0\u202f]+", " ", found)


@pytest.mark.parametrize("stem", VOLUMES)
def test_the_printed_book_is_set_well(book, stem):
    """Fonts embedded, pictures drawn, no small text, nothing over the edge; no page or heading left alone."""
    pdf = PdfReader(book / f"{stem}.pdf")
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
    assert block_faults(book / f"{stem}.pdf", program) == []
    assert page_faults(book / f"{stem}.pdf", program) == []


@pytest.mark.parametrize(
    ("stem", "title", "says"),
    [
        ("clss", "Mise en œuvre", "Le phasage"),
        ("clss-technique", "Galerie des conventions", "Aucun de ces ménages n’existe"),
    ],
)
def test_every_printed_page_carries_its_own_number_and_the_contents_name_it(book, stem, title, says):
    """A book that was set before everything had found its place shows numbers of pages that were never printed."""
    words = page_texts(book / f"{stem}.pdf")
    assert [int(re.findall(r"\d+", text)[-1]) for text in words[1:]] == list(range(2, len(words) + 1))
    chapter = next(n for n, text in enumerate(words, 1) if n > 4 and title in text and says in text)
    assert re.search(rf"{title}\s*{chapter}\b", words[2])


@pytest.mark.parametrize("stem", VOLUMES)
def test_the_lists_of_figures_and_tables_name_the_page_on_which_each_caption_stands(book, stem):
    """A figure that goes to the top of the next page is listed there, and not where the text has let it go."""
    words = page_texts(book / f"{stem}.pdf")
    lists = words[2].split("Table des figures", 1)[1].split("Table des tableaux", 1)
    for listed, kind in zip(lists, ("Figure", "Tableau"), strict=True):
        told = {int(n): int(page) for n, page in re.findall(r"(?ms)^(\d+) .+? (\d+)$", listed)}
        stands = {n: page for page, text in enumerate(words, 1) if page > 3 for n in numbers(text, kind)}
        assert told == stands, kind


def test_the_association_speaks_in_the_colophon_and_the_technical_volume_says_what_was_computed(book):
    first, second = (" ".join(page_texts(book / f"{stem}.pdf")[1].split()) for stem in VOLUMES)
    for said in ("La Rue asbl", "COCOM", "Éditeur responsable", "02 410 33 03"):
        assert said in first
    assert "SHA-256" in second
    assert not re.search(r"SHA|clss-molenbeek|\.pdf", first)
    datacite = json.loads((book / "datacite.json").read_text(encoding="utf-8"))
    assert [each["name"] for each in datacite["creators"]] == ["La Rue asbl"]
    assert datacite["dates"] == [{"date": "2025", "dateType": "Issued"}], "nobody has told a day"


def test_the_abbreviations_listed_are_those_that_the_volume_uses(book):
    told, listed = "\n".join(page_texts(book / "clss.pdf")[3:]).split("Les sigles employés dans ce livre", 1)
    unexplained, rows = re.match(
        r"\. (.*?), que le cahier ne développe pas.*?\n(.*?)Index des notions", listed, re.DOTALL
    ).groups()
    listed = set(re.findall(r"(?m)^([A-Z]{3,}) ", rows))
    used = set(re.findall(r"\b[A-ZÉ]{3,}\b", re.sub(r"[\u00ad-]\n", "", told)))
    assert listed <= used
    assert used - listed - set(re.findall(r"[A-Z]{3,}", unexplained)) == {"III", "ESF"}, "a part, and a publisher"


@pytest.mark.parametrize("stem", VOLUMES)
def test_the_printed_book_can_be_read_by_ear(book, stem):
    assert pdf_ua.faults(book / f"{stem}.pdf") == []


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


def test_the_word_file_opens_with_every_printed_figure_and_numbered_captions(book, manifest, records, tmp_path):
    program = shutil.which("soffice") or shutil.which("libreoffice")
    needs(program, "LibreOffice")
    command = [program, "--headless", f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), *(str(book / f"{stem}.docx") for stem in VOLUMES)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    captions, pictures, contents = [], 0, 0
    for stem in VOLUMES:
        pages = PdfReader(tmp_path / f"{stem}.pdf").pages
        printed = len(PdfReader(book / f"{stem}.pdf").pages)
        assert abs(len(pages) - printed) <= printed / 10, (stem, len(pages), printed)
        words = " ".join(page.extract_text() for page in pages)
        captions += set(re.findall(r"Figure[ \u00a0](\d+)\.", words))
        with zipfile.ZipFile(book / f"{stem}.docx") as opened:
            document = opened.read("word/document.xml").decode()
        pictures += document.count("<pic:pic")
        listed = re.findall(r'w:val="TOC[12]"/></w:pPr><w:hyperlink w:anchor="([^"]+)"', document)
        contents += len(listed)
        assert set(listed) <= set(re.findall(r'<w:bookmarkStart w:id="\d+" w:name="([^"]+)"', document))
        assert (book / f"{stem}.docx").stat().st_size <= 5_000_000
    shown = sum(not on_screens_only(figure, records) for figure in manifest["figures"])
    assert len(captions) == pictures == shown
    assert contents > 60, "the contents are there before any program updates them"


@pytest.mark.parametrize("stem", VOLUMES)
def test_epubcheck_has_nothing_to_say(book, stem):
    assert messages(book / f"{stem}.epub") == []


SMALLEST_DRAWN = """() => Math.min(99, ...[...document.querySelectorAll('.dessin img[src$=".svg"], .vif svg')]
  .filter(drawn => drawn.getClientRects().length)
  .map(drawn => drawn.getBoundingClientRect().width / (drawn.naturalWidth || drawn.width.baseVal.value))
  .map(scale => scale * 7 * 96 / 72))"""
"""Pixels of the smallest words that a figure of a page draws: they are drawn at 7 points or more."""


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_an_axe_violation_scrolls_sideways_or_asks_anyone(book, browser, scheme, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in sorted(book.glob("*.html")):
        page.goto(path.as_uri())
        assert violations(page) == [], path.name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
        assert page.evaluate(SMALLEST_DRAWN) >= 11 or width > 640, path.name
    assert [url for url in asked if not url.startswith((book.as_uri(), "data:"))] == []
    context.close()


def test_the_search_finds_expulsion_and_the_first_page_is_light(book, browser):
    page = browser.new_page()
    sizes = []
    page.on("requestfinished", lambda request: sizes.append(Path(request.url.removeprefix("file://")).stat().st_size))
    page.goto((book / "index.html").as_uri(), wait_until="networkidle")
    assert 0 < sum(sizes) < 500_000
    page.locator(".recherche input").fill("expulsion")
    page.locator(".trouvailles a").first.wait_for()
    assert page.locator(".trouvailles a").count() > 3
    page.close()
