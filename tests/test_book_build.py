"""The whole book from a sample that holds every construct: files, numbers, references, manifest, bytes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pypdf
import pytest
import yaml
from book_runs import CLEARANCE, DATASET, HOSTILE, SAMPLE, SIZES, SOFTWARE, make_runs, needs
from defusedxml import ElementTree

from clss_analysis.publish import BookError, build_book, sidecars
from clss_analysis.publish.figure_data import rows_csv
from clss_analysis.records import codes, read
from clss_analysis.records.escape import csv_cell

NARROW = "\u202f"
MM = 72 / 25.4
OWN_SCRIPT = [{"src": "recherche.js", "defer": None}]
_ALONE = """
import sys
from pathlib import Path
from clss_analysis.publish import build_book
from records_sample import clearance_for
book, runs, out = map(Path, sys.argv[1:4])
build_book(book, runs, out, formats=("html", "pdf", "epub", "docx"), software={"clss-analysis": "0", "pandoc": "3"},
    dataset={"name": "essai", "sha256": "ab" * 32, "synthetic": True}, clearance=clearance_for("E"))
"""


class Reader(HTMLParser):
    """Collects what a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def build(runs: Path, out: Path, *, book: Path = SAMPLE, formats=("html",), dataset=DATASET, **options) -> Path:
    options = {"clearance": CLEARANCE} | options
    build_book(book, runs, out, formats=formats, dataset=dataset, software=SOFTWARE, **options)
    return out


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return make_runs(tmp_path_factory.mktemp("made") / "runs")


@pytest.fixture(scope="module")
def out(runs, tmp_path_factory):
    return build(runs, tmp_path_factory.mktemp("book") / "out", formats=("html", "pdf", "epub", "docx"))


def pages(out: Path) -> dict[str, Reader]:
    return {path.name: Reader(path.read_text(encoding="utf-8")) for path in sorted(out.glob("*.html"))}


def pdf_words(path: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_a_book_has_all_its_files(out):
    names = {path.name for path in out.iterdir()}
    assert {"index.html", "clss.pdf", "clss.epub", "clss.docx", "manifest.json", "figures"} <= names
    assert not [name for name in names if name.startswith(".")]
    assert {path.name for path in (out / "figures").iterdir()} == {
        f"{name}.{ending}" for name in SIZES for ending in ("svg", "pdf", "png", "csv")
    }


def test_the_manifest_keeps_the_contract(out, runs):
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest) == {"dataset", "software", "figures", "failures"}
    assert manifest["dataset"] == DATASET
    assert [figure["id"] for figure in manifest["figures"]] == sorted(SIZES)
    for figure in manifest["figures"]:
        assert figure["rows"] == [{"table": "persons", "row": "e1"}]
        assert figure["notebook"] == "notebooks/01_menage.ipynb"
        assert figure["parameters"] == {"case": "E"}
        assert figure["alt"] != figure["caption"]
        assert set(figure["files"]) == {"svg", "pdf", "png", "csv"}
        for ending in figure["files"]:
            content = (out / figure["files"][ending]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == figure["sha256"][ending]
    assert str(runs.parent) not in (out / "manifest.json").read_text(encoding="utf-8")


def test_every_page_is_whole_without_scripts_and_network(out):
    for name, page in pages(out).items():
        assert len(page.all("main")) == 1, name
        assert len(page.all("h1")) == 1, name
        assert page.all("html")[0]["lang"] == "fr-BE"
        assert page.all("script") == OWN_SCRIPT
        assert "hidden" in page.all("form")[0], "the search box is for those who have scripts"
        assert page.all("a")[0]["href"] == "#texte"
        loaded = [tag["href"] for tag in page.all("link")] + [tag["src"] for tag in page.all("img")]
        assert all("://" not in address and (out / address).is_file() for address in loaded)
        contents = {tag["href"] for tag in page.all("a") if tag["href"].endswith(".html")}
        assert contents == set(pages(out)), name
    css = (out / "livre.css").read_text(encoding="utf-8")
    assert "://" not in css
    assert all((out / face).is_file() for face in re.findall(r'url\("([^"]+)"\)', css))


def test_every_link_inside_the_site_has_its_target(out):
    found = pages(out)
    ids = {name: {tag["id"] for _, tag in page.tags if "id" in tag} for name, page in found.items()}
    for name, page in found.items():
        for tag in page.all("a"):
            if "://" in tag["href"]:
                continue
            file, _, fragment = tag["href"].partition("#")
            assert (out / (file or name)).exists(), (name, tag["href"])
            assert not fragment or fragment in ids[file or name], (name, tag["href"])
    assert len(set().union(*ids.values()) & {"fig-essai-haute", "tbl-axes", "sec-grille"}) == 3


def test_numbers_run_through_the_book_and_references_follow(out):
    one = pages(out)["01-un.html"]
    words = re.sub(r"\s+", " ", one.words.replace("\u00a0", " "))
    assert "à la figure 3, qui" in words
    assert "au tableau 1. Figure 2 commence" in words
    assert "et 1 est un numéro seul" in words
    assert "(Rogers, 2012, p. 12)" in words
    assert "Boujut (2005)" in words
    assert {tag["href"] for tag in one.all("a") if tag.get("class") == "renvoi"} >= {
        "02-deux.html#fig-essai-paysage",
        "#fig-essai-petite",
        "#tbl-axes",
    }
    opening = re.sub(r"\s+", " ", pages(out)["index.html"].words.replace("\u00a0", " "))
    assert "Le chapitre I raconte ce temps, le chapitre II le mesure, l’annexe A le range" in opening
    assert "Figure 4. Légende de essai-haute" in pages(out)["02-deux.html"].words


def test_french_spaces_stand_in_prose_and_not_in_code_or_addresses(out):
    words = pages(out)["index.html"].words
    assert f"demande{NARROW}: un" in words
    assert f"«{NARROW}guillemets{NARROW}», «{NARROW}droits{NARROW}», 100{NARROW}000 habitants, 31{NARROW}%" in words
    assert "https://example.org/a:b?c=d" in words
    assert "code : ici ?" in words
    assert "du code : rien ne change ?" in pages(out)["01-un.html"].words


def test_what_is_in_another_language_says_so_and_keeps_its_own_marks(out):
    page = pages(out)["02-deux.html"]
    assert [tag for tag in page.all("div") if tag.get("lang") == "nl"]
    assert "“dak”: meer is er niet nodig?" in page.words


def test_alt_texts_are_the_figures_own_and_never_the_caption(out):
    images = [tag for page in pages(out).values() for tag in page.all("img")]
    assert len(images) == len(SIZES)
    assert {tag["alt"] for tag in images} == {
        f"Deux cases, l’une à gauche, l’autre à droite ({name})." for name in SIZES
    }


def alternatives(path: Path) -> list[str]:
    found: list[str] = []

    def visit(node) -> None:
        node = node.get_object()
        if isinstance(node, dict):
            if node.get("/S") == "/Figure":
                found.append(str(node.get("/Alt", "")))
            visit(node["/K"]) if "/K" in node else None
        elif isinstance(node, list):
            for item in node:
                visit(item)

    visit(pypdf.PdfReader(path).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


def test_the_pdf_is_tagged_in_french_and_says_what_its_figures_show(out):
    pdf = pypdf.PdfReader(out / "clss.pdf")
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "fr-BE"
    assert root["/MarkInfo"]["/Marked"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert pdf.metadata.title == f"«{NARROW}Un toit{NARROW}»{NARROW}: essai"
    assert sorted(alternatives(out / "clss.pdf")) == sorted(
        f"Deux cases, l’une à gauche, l’autre à droite ({name})." for name in SIZES
    )
    fonts = {str(font.get_object()["/BaseFont"]) for page in pdf.pages for font in page["/Resources"]["/Font"].values()}
    assert all("Clss" in font or "SourceS" in font for font in fonts), fonts
    assert [entry.title for entry in pdf.outline if not isinstance(entry, list)][1].startswith("I ")


def test_the_same_book_has_the_same_bytes_elsewhere_and_elsewhen(out, runs, tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "autre" / "livre")
    shutil.copytree(runs, tmp_path / "autre" / "runs")
    again = tmp_path / "autre" / "profond" / "out"
    environment = {**os.environ, "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    folders = [str(tmp_path / "autre" / "livre"), str(tmp_path / "autre" / "runs"), str(again)]
    subprocess.run([sys.executable, "-c", _ALONE, *folders], check=True, env=environment)
    here = {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    there = {path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()}
    assert set(here) == set(there)
    assert [name for name in here if here[name] != there[name]] == []


def test_a_build_that_fails_leaves_the_last_book_as_it_was(runs, tmp_path):
    out = build(runs, tmp_path / "out")
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    book = tmp_path / "livre"
    shutil.copytree(SAMPLE, book)
    (book / "02-deux.md").write_text("# Deux {#sec-deux}\n\nVoir @fig-nulle-part.\n", encoding="utf-8")
    with pytest.raises(BookError, match=r"02-deux\.md, ligne 3"):
        build(runs, out, book=book)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["livre", "out"]


def test_many_households_come_in_pages_of_a_hundred_on_the_site_alone(runs, tmp_path):
    many = Path(shutil.copytree(runs, tmp_path / "runs"))
    for n in range(1, 251):
        (many / f"menage-S{n:03}.md").write_text(f"### Ménage S{n:03}\n\nVoir plus loin.\n", encoding="utf-8")
    dataset = {**DATASET, "name": "autre", "synthetic": True}
    made = build(many, tmp_path / "out", dataset=dataset, formats=("html", "pdf", "epub"))
    found = pages(made)
    sheets = {f"fiches-{first}-{last}.html" for first, last in ((1, 100), (101, 200), (201, 251))}
    assert sheets == {name for name in found if name.startswith("fiches-")}
    linked = {tag["href"].partition("#")[0] for tag in found["menages.html"].all("a")}
    assert sheets <= linked
    assert "Ménage S101" in found["fiches-101-200.html"].words
    assert sum(page.words.count("Voir plus loin") for page in found.values()) == 250
    assert "fiches sont à la fin du site" in " ".join(pdf_words(made / "clss.pdf").split())
    assert "Voir plus loin" not in pdf_words(made / "clss.pdf")
    with zipfile.ZipFile(made / "clss.epub") as epub:
        assert not any("Voir plus loin" in epub.read(name).decode() for name in epub.namelist() if "xhtml" in name)


def test_a_folder_that_is_no_book_is_not_replaced(runs, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "souvenir.txt").write_text("à garder", encoding="utf-8")
    with pytest.raises(BookError):
        build(runs, tmp_path / "out")
    assert (tmp_path / "out" / "souvenir.txt").read_text(encoding="utf-8") == "à garder"


def test_another_dataset_gets_the_pages_without_narrative_and_its_banner_everywhere(runs, tmp_path):
    dataset = {"name": "autre", "title": "Vingt ménages : essai", "sha256": "cd" * 32, "synthetic": True}
    out = build(runs, tmp_path / "out", dataset=dataset, formats=("html", "pdf", "epub", "docx"))
    assert set(pages(out)) == {"index.html", "menages.html", "fabrication.html"}
    banner = f"Données synthétiques{NARROW}: aucune personne réelle"
    assert all(banner in page.words for page in pages(out).values())
    assert "récit" not in pdf_words(out / "clss.pdf").split("sans récit ajouté")[-1]
    for page in pypdf.PdfReader(out / "clss.pdf").pages:
        assert "Données synthétiques" in page.extract_text()
    with zipfile.ZipFile(out / "clss.epub") as epub:
        chapters = [name for name in epub.namelist() if re.fullmatch(r"EPUB/text/ch\d+\.xhtml", name)]
        assert len(chapters) == 3
        assert all(banner in epub.read(name).decode() for name in chapters)
    assert "Vingt ménages" in pages(out)["index.html"].words
    assert "CC BY" not in pages(out)["index.html"].words


def test_hostile_captions_and_alt_texts_stay_text(tmp_path):
    hostile = make_runs(tmp_path / "runs", hostile=True)
    out = build(hostile, tmp_path / "out", formats=("html", "pdf", "epub", "docx"))
    for page in pages(out).values():
        assert page.all("script") == OWN_SCRIPT
        assert all(HOSTILE in tag["alt"] for tag in page.all("img"))
    words = pages(out)["01-un.html"].words.replace(NARROW, " ")
    assert "<script>alert(1)</script> $x$" in words
    assert "[a](b) `c` {{< d >}} *e*" in words
    assert len(alternatives(out / "clss.pdf")) == len(SIZES)
    assert all(HOSTILE in text for text in alternatives(out / "clss.pdf"))
    assert "#panic()" in pdf_words(out / "clss.pdf").replace("\n", "")
    with zipfile.ZipFile(out / "clss.epub") as epub:
        assert not [name for name in epub.namelist() if name.endswith("xhtml") and b"<script" in epub.read(name)]


def test_a_run_that_failed_is_marked_in_the_book(runs, tmp_path):
    partial = tmp_path / "runs"
    shutil.copytree(runs, partial)
    (partial / "menage-E.md").unlink()
    with pytest.raises(BookError, match="menage-E"):
        build(partial, tmp_path / "out")
    out = build(partial, tmp_path / "out", failures=[{"run": "menage-E", "why": "CellError"}])
    assert "Ce passage manque" in pages(out)["01-un.html"].words
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["failures"][0]["run"] == "menage-E"


def test_characters_without_a_glyph_are_named_in_the_pdf(runs, tmp_path):
    book = tmp_path / "livre"
    shutil.copytree(SAMPLE, book)
    (book / "02-deux.md").write_text(
        "# Deux ⵣ {#sec-deux}\n\n{{< include _runs/figures/essai-haute.md >}}\n\n"
        "{{< include _runs/figures/essai-paysage.md >}}\n",
        encoding="utf-8",
    )
    out = build(runs, tmp_path / "out", book=book, formats=("html", "pdf"))
    assert "U+2D63" in pdf_words(out / "clss.pdf")
    assert "ⵣ" in pages(out)["02-deux.html"].words


def test_what_a_fragment_brings_stays_between_its_sentences(out):
    words = re.sub(r"\s+", " ", pdf_words(out / "clss.pdf"))
    assert re.search(r"Un ménage\. .{0,120}Légende de essai-large.{0,80} Voilà\.", words)


def test_sidecars_are_read_in_order_and_layouts_are_not_taken_for_them(runs):
    assert [figure["id"] for figure in sidecars(runs)] == sorted(SIZES)


@pytest.mark.parametrize("options", [{"formats": ("html", "odt")}, {"engine": "latex"}])
def test_unknown_formats_and_engines_are_named(runs, tmp_path, options):
    with pytest.raises(ValueError, match=r"odt|latex"):
        build(runs, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_the_search_index_holds_every_section_and_its_targets(out):
    script = (out / "recherche-index.js").read_text(encoding="utf-8")
    index = json.loads(script.removeprefix("window.livreIndex=").rstrip().removesuffix(";"))
    assert [entry for entry in index if "administrativement" in entry["x"] and entry["p"] == "01-un.html"]
    found = pages(out)
    for entry in index:
        ids = {tag["id"] for _, tag in found[entry["p"]].tags if "id" in tag}
        assert not entry["i"] or entry["i"] in ids, entry


def test_the_index_of_notions_has_pages_in_print_and_links_on_screen(out):
    page = pages(out)["11-notions.html"]
    assert {tag["href"] for tag in page.all("a") if tag.get("class") == "renvoi"} == {
        "01-un.html#sec-un",
        "02-deux.html#sec-deux",
    }
    assert re.search(r"accompagnement\s*\d+", pdf_words(out / "clss.pdf").split("Index")[-1])


def test_a_figure_says_where_it_comes_from_and_gives_its_data(out):
    one = pages(out)["01-un.html"]
    assert "figures/essai-petite.csv" in {tag["href"] for tag in one.all("a")}
    words = pages(out)["02-deux.html"].words
    assert "01_menage.ipynb" in words
    assert "persons 1 (e1)" in words
    assert "case = E" in words


def sizes(pdf: Path) -> list[tuple[float, float]]:
    return [tuple(round(float(side) / 72 * 25.4) for side in page.mediabox[2:]) for page in pypdf.PdfReader(pdf).pages]


def test_a_figure_wider_than_the_page_gets_a_landscape_page_and_no_other_does(out):
    pdf = pypdf.PdfReader(out / "clss.pdf")
    landscape = [page for page in pdf.pages if page.mediabox.width > page.mediabox.height]
    assert len(landscape) == 1
    assert "Légende de essai-paysage" in landscape[0].extract_text()
    assert set(sizes(out / "clss.pdf")) == {(210, 297), (297, 210)}


Box = tuple[float, float, float, float]


@cache
def boxes(pdf: Path, program: str) -> list[tuple[float, float, list[Box]]]:
    """Of each page its width and height, and the box of each of its words: left, top, right, bottom, in points."""
    listed = subprocess.run([program, "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True)
    number = r'="(-?[\d.]+)"'
    pages = []
    for page in listed.stdout.split("<page ")[1:]:
        width, height = map(float, re.search(f"width{number} height{number}", page).groups())
        found = re.findall(f"<word xMin{number} yMin{number} xMax{number} yMax{number}", page)
        pages.append((width, height, [tuple(map(float, word)) for word in found]))
    return pages


def block_faults(pdf: Path, program: str) -> list[str]:
    """Pages of a book without words, and words that leave the block of the page."""
    faults = []
    for number, (width, _, words) in enumerate(boxes(pdf, program), 1):
        block = [word for word in words if word[0] < width - 12 * MM]  # the tab at the outer edge stands beyond it
        if not words:
            faults.append(f"page {number} is empty")
        elif number > 1 and min(word[0] for word in block) <= 25 * MM - 1:
            faults.append(f"page {number} has words at the left of its block")
        elif number > 1 and max(word[2] for word in block) >= width - 25 * MM + 4:  # hanging punctuation at most
            faults.append(f"page {number} has words at the right of its block")
    return faults


def page_faults(pdf: Path, program: str) -> list[str]:
    """Headings with fewer than two lines below them on their page, and pages less than half full.

    Where a chapter ends a quarter is enough.  What stands at a page's foot as a note is no line; a heading in the
    margin of a sheet has its answer beside it.
    """
    book, pages = pypdf.PdfReader(pdf), boxes(pdf, program)
    heads = [(book.get_destination_page_number(each), float(each.top), each.title) for each in flat(book.outline)]
    chapters = {book.get_destination_page_number(each) for each in book.outline if not isinstance(each, list)}
    sheets = {number for number, _, title in heads if title.startswith("Fiche")}
    faults = []
    for number, (width, height, words) in enumerate(pages):
        own = [(height - top, title) for place, top, title in heads if place == number]
        text = [
            word for word in words if word[1] > 20 * MM and word[3] < height - 21 * MM and word[0] < width - 12 * MM
        ]
        lines: list[Box] = []
        for word in sorted(text, key=lambda word: word[1]):
            if not lines or word[1] - lines[-1][1] > 4:
                lines.append(word)
        last = max((word[3] for word in text), default=0.0)
        ends = number + 1 in {len(pages), *chapters, *sheets}
        if number > 3 and last < height / (4 if ends else 2) and number + 1 < len(pages):
            faults.append(f"page {number + 1} ends at {last / height:.2f} of it")
        for top, title in own:
            below = [line for line in lines if line[1] > top - 3]
            head = next((word for word in sorted(text) if abs(word[1] - below[0][1]) < 4), None) if below else None
            if head and head[0] < 57 * MM - 4 and not re.match(r"[IVX]+\b|[A-H]\b", title):
                continue
            size = (
                max((word[3] - word[1] for word in text if abs(word[1] - below[0][1]) < 6), default=0) if below else 0
            )
            said = [
                line
                for line in below[1:]
                if abs(line[3] - line[1] - size) > 0.2 and not NOTE[0] < line[3] - line[1] < NOTE[1]
            ]
            if len(said) < 2:
                faults.append(f"page {number + 1}: « {title} » has {len(said)} lines below it")
    return faults


def flat(outline: list) -> list:
    """The entries of an outline, whatever their depth."""
    return [each for entry in outline for each in (flat(entry) if isinstance(entry, list) else [entry])]


NOTE = (11.75, 11.85)
"""Heights of the boxes of a note's words, in points: they are set at 8.6 points in the serif face."""


def test_no_page_is_empty_no_text_is_small_or_leaves_its_block(out):
    program = shutil.which("pdftotext")
    needs(program, "pdftotext")
    assert block_faults(out / "clss.pdf", program) == []
    for page in pypdf.PdfReader(out / "clss.pdf").pages:
        assert min(found for found in heights(page)) >= 6.99


def heights(page) -> list[float]:
    """Sizes in points of all text of a page, of that in drawings as well: whatever scales it counts."""
    found: list[float] = []
    shown(page["/Resources"], page.get_contents(), page.pdf, np.eye(3), found)
    return found


def shown(resources, content, pdf, outer, found) -> None:
    scale, stack, size, text = outer, [], 0.0, np.eye(3)
    for operands, operator in pypdf.generic.ContentStream(content, pdf).operations:
        if operator == b"q":
            stack.append(scale)
        elif operator == b"Q":
            scale = stack.pop()
        elif operator == b"cm":
            scale = matrix(operands) @ scale
        elif operator == b"Tf":
            size = float(operands[1])
        elif operator == b"Tm":
            text = matrix(operands)
        elif operator in (b"Tj", b"TJ"):
            made = text @ scale
            found.append(abs(size) * float(np.hypot(made[1, 0], made[1, 1])))
        elif operator == b"Do":
            form = resources["/XObject"][operands[0]].get_object()
            if form["/Subtype"] == "/Form":
                inner = matrix(form.get("/Matrix", (1, 0, 0, 1, 0, 0))) @ scale
                shown(form.get("/Resources", resources), form, pdf, inner, found)


def matrix(values) -> np.ndarray:
    a, b, c, d, e, f = map(float, values)
    return np.array([[a, b, 0], [c, d, 0], [e, f, 1]])


def test_a_sheet_of_a_household_starts_a_page(out):
    texts = [page.extract_text() for page in pypdf.PdfReader(out / "clss.pdf").pages]
    (start,) = [text for text in texts if "Un ménage." in text]
    before = start.split("Ménage E")[0] if "Ménage E" in start.split("Un ménage.")[0] else start
    assert "Prudence" not in before
    assert "code : rien ne change" not in start


def test_the_crate_names_files_figures_and_software(out):
    crate = json.loads((out / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    graph = {entity["@id"]: entity for entity in crate["@graph"]}
    assert graph["./"]["datePublished"] == "2025-12-01"
    for path in out.rglob("*"):
        place = path.relative_to(out).as_posix()
        if path.is_file() and path.name not in ("ro-crate-metadata.json", "manifest.json"):
            assert graph[place]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    made = graph["#figure-essai-petite"]
    assert made["instrument"] == {"@id": "#notebooks/01_menage.ipynb"}
    for entity in crate["@graph"]:
        apart = entity["@id"].startswith(("#", "http")) or entity["@id"] in ("./", "ro-crate-metadata.json")
        assert apart or entity["@type"] == "File", "an entity is a file of the folder, or apart from it"
    assert {"@id": "figures/essai-petite.svg"} in made["result"]
    assert graph["#figure-essai-petite-case"]["value"] == "E"
    assert graph["#donnees"]["sha256"] == DATASET["sha256"]
    assert graph["#logiciel-pandoc"]["softwareVersion"] == "3"


ROOT = Path(__file__).parents[1]


def test_the_deposit_tells_of_cover_and_schema_and_of_no_row(out):
    datacite = json.loads((out / "datacite.json").read_text(encoding="utf-8"))
    assert (datacite["publicationYear"], datacite["dates"]) == ("2025", [{"date": "2025-12-01", "dateType": "Issued"}])
    assert datacite["titles"][0]["title"]
    assert datacite["creators"][0]["name"] == datacite["publisher"]["name"] != ""
    ddi = {"d": "ddi:codebook:2_5"}
    codebook = ElementTree.parse(out / "ddi.xml").getroot()
    assert codebook.findtext(".//d:titl", namespaces=ddi) == datacite["titles"][0]["title"]
    named = {(each.get("files"), each.get("name")) for each in codebook.iterfind(".//d:var", ddi)}
    tables = sorted(ROOT.glob("data/publication/*.csv"))
    headers = {f"F.{path.stem}": path.read_text(encoding="utf-8").splitlines()[0].split(",") for path in tables}
    for table in ("F.households", "F.persons", "F.ties", "F.criteria"):
        assert {name for file, name in named if file == table} == set(headers[table])
    outcome = codebook.find('.//d:var[@ID="V.households.outcome"]', ddi)
    assert [each.text for each in outcome.iterfind("d:catgry/d:catValu", ddi)] == list(codes("outcome"))


def test_the_word_file_names_its_styles(out):
    with zipfile.ZipFile(out / "clss.docx") as word:
        document, styles = word.read("word/document.xml").decode(), word.read("word/styles.xml").decode()
    for style in (
        "Heading1",
        "ImageCaption",
        "TableCaption",
        "Temoignage",
        "TemoignageSignature",
        "Encadre",
        "EncadreTitre",
    ):
        assert f'w:pStyle w:val="{style}"' in document, style
        assert f'w:styleId="{style}"' in styles, style
    assert document.count("<pic:pic") == len(SIZES)
    assert 'w:w="11906"' in document


def test_the_word_file_counts_its_captions_and_follows_them_in_its_references(out):
    with zipfile.ZipFile(out / "clss.docx") as word:
        document = word.read("word/document.xml").decode()
    field = r'<w:fldSimple w:instr=" {} ">\s*<w:r>\s*<w:t>([^<]+)</w:t>'
    last = {}
    counted = re.findall(field.format(r"SEQ (\w+) \\\* ARABIC(?: \\r (\d+))?"), document)
    for name, restart, shown in counted:
        last[name] = int(restart or last.get(name, 0) + 1)
        assert shown == str(last[name]), "a program that counts anew finds the same"
    assert sum(name == "Figure" for name, *_ in counted) == len(SIZES)
    assert len(counted) > len(SIZES)
    marked = dict(re.findall(r'w:name="(_Ref\d+)" ?/>(?:<w:fldSimple[^>]*>)?\s*<w:r>\s*<w:t>([^<]+)<', document))
    referred = re.findall(field.format(r"REF (_Ref\d+) \\h"), document)
    assert len(referred) > 2
    assert all(marked[mark] == shown for mark, shown in referred)


def test_the_word_file_opens_and_keeps_figures_and_captions(out, tmp_path):
    office = shutil.which("soffice")
    needs(office, "LibreOffice")
    profile = f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(out / "clss.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pdf = pypdf.PdfReader(tmp_path / "clss.pdf")
    assert len({image.data for page in pdf.pages for image in page.images}) == len(SIZES)
    words = " ".join(page.extract_text() for page in pdf.pages)
    assert all(f"Figure {n}." in words.replace("\u00a0", " ") for n in range(1, len(SIZES) + 1))


def test_rows_behind_a_figure_keep_to_the_gate_and_cannot_become_formulas():
    records = clss_read()
    rows = [
        {"table": "persons", "row": "A-p1"},
        {"table": "consents", "row": "recits"},
        {"table": "events", "row": "none"},
    ]
    named = str(records.persons["id"].iloc[0])
    household = str(records.persons["household"].iloc[0])
    rows[0]["row"] = named
    open_gate = rows_csv(records, rows, frozenset([household])).decode("utf-8-sig").splitlines()
    shut_gate = rows_csv(records, rows, frozenset()).decode("utf-8-sig").splitlines()
    assert household in open_gate[2]
    assert set(shut_gate[2].removeprefix(f"persons,{named}")) <= {","}
    assert set(open_gate[1].removeprefix("consents,recits")) <= {","}
    assert [csv_cell(cell)[0] for cell in ("=1", "+x", "-x", "@x", "\tx")] == ["'"] * 5


def clss_read():
    return read(Path(__file__).parents[1] / "data" / "publication")


def test_the_citation_file_has_the_version_of_the_package():
    root = Path(__file__).parents[1]
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]
    assert citation["authors"] == project["authors"]
