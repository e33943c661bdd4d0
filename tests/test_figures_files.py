"""A figure as a file: one SVG whose text is text and whose typeface is within, and what is made of it."""

from __future__ import annotations

import io
import re
import shutil
import struct
import subprocess
from xml.etree import ElementTree as ET

import pytest
from book_runs import needs
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

import clss_analysis as clss
from clss_analysis.figures import Drawing, save, typeface
from clss_analysis.figures.convert import convert, convert_files
from clss_analysis.layout.text import font_file, text_width
from clss_analysis.privacy import clear

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawing() -> Drawing:
    return clss.figures.sociogenogram(clss.read("data/publication").case("Y"))


@pytest.fixture(scope="module")
def svg(drawing: Drawing) -> str:
    return drawing.to_svg()


def test_text_is_text_and_the_figure_says_what_it_is(drawing: Drawing, svg: str) -> None:
    root = ET.fromstring(svg)  # noqa: S314  # made by the test itself
    layout = drawing.geometry
    assert root.findtext(f"{SVG}title") == layout.title
    assert root.findtext(f"{SVG}desc") == layout.alt
    assert root.get("role") == "img"
    lines = [line for label in layout.labels for line in label.lines]
    assert [each.text for each in root.iter(f"{SVG}text")] == lines
    named = {each.get("id") for each in root.iter(f"{SVG}g")}
    assert {each.id for each in (*layout.symbols, *layout.lines)} <= named
    assert (root.get("width"), root.get("height")) == (
        f"{layout.width:g}mm",
        f"{layout.height:.2f}mm".replace(".00", ""),
    )


def test_a_figure_is_small_carries_no_date_and_fetches_nothing(svg: str) -> None:
    assert len(svg) < 60_000
    assert not re.search(r"20\d\d-\d\d-\d\d", svg)
    assert set(re.findall(r"https?://[^\s\"<]+", svg)) == {"http://www.w3.org/2000/svg"}
    assert "<script" not in svg


def test_the_typeface_within_has_the_letters_of_the_figure_at_the_width_measured(svg: str) -> None:
    import base64

    faces = re.findall(r"@font-face\{(.*?)src:url\(data:font/ttf;base64,([^)]*)\)\}", svg)
    assert len(faces) >= 2
    plain = next(font for style, font in faces if "weight" not in style and "style:" not in style)
    with TTFont(io.BytesIO(base64.b64decode(plain))) as font:
        advances, letters, units = font["hmtx"], font.getBestCmap(), font["head"].unitsPerEm
        wide = sum(advances[letters[ord(each)]][0] for each in "Bailleur") / units * 9 * 25.4 / 72
        assert not {"GPOS", "GSUB"} & set(font.keys())
    assert wide == pytest.approx(text_width("Bailleur", 9), rel=1e-6)
    assert len(letters) < 100


def test_the_letters_asked_for_are_within_with_the_outlines_of_the_shipped_font_and_no_others() -> None:
    letters = {"É", "œ", "\u202f", "!", max(typeface._characters(font_file("italic")))}
    with (
        TTFont(font_file("italic")) as whole,
        TTFont(io.BytesIO(typeface._cut(font_file("italic"), "".join(sorted(letters))))) as cut,
    ):
        assert set(map(chr, cut.getBestCmap())) == letters
        for letter in letters:
            assert _outline(cut, letter) == _outline(whole, letter)


def _outline(font: TTFont, letter: str) -> list[object]:
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[font.getBestCmap()[ord(letter)]].draw(pen)
    return pen.value


def test_a_pdf_has_its_text_and_a_png_its_size(svg: str, drawing: Drawing, tmp_path) -> None:
    (tmp_path / "a.pdf").write_bytes(convert(svg, ".pdf"))
    png = convert(svg, ".png")
    wide, high = struct.unpack(">II", png[16:24])
    assert (wide, high) == pytest.approx(
        (drawing.geometry.width / 25.4 * 300, drawing.geometry.height / 25.4 * 300), abs=1
    )
    assert b"pHYs" + struct.pack(">IIB", 11811, 11811, 1) in png
    tool = shutil.which("pdftotext")
    needs(tool, "pdftotext")
    told = subprocess.run([str(tool), str(tmp_path / "a.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    for words in ("Madame Y", "Justice de paix", "École de devoirs"):
        assert words in told


@pytest.mark.parametrize("ending", [".pdf", ".png"])
def test_the_same_svg_gives_the_same_bytes(svg: str, ending: str) -> None:
    assert convert(svg, ending) == convert(svg, ending)


def test_a_format_is_made_once_for_one_content_and_forgotten_with_it(svg: str, tmp_path, monkeypatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("clss_analysis.figures.convert.convert", lambda _, ending: asked.append(ending) or b"made")
    (tmp_path / "a.svg").write_text(svg, encoding="utf-8")
    for _ in range(2):
        convert_files([tmp_path / "a.svg"], kept=tmp_path / "kept")
    assert sorted(asked) == [".pdf", ".png"]
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "a.png").read_bytes() == b"made"
    (tmp_path / "a.svg").write_text(svg + "<!-- -->", encoding="utf-8")
    convert_files([tmp_path / "a.svg"], [".pdf"], kept=tmp_path / "kept")
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_artists_are_made_when_they_are_asked_for(drawing: Drawing, tmp_path) -> None:
    drawing = clss.figures.trajectory(clss.read("data/publication").case("C1"))
    case = clss.read("data/publication").case("C1")
    assert drawing._page is not None
    save(drawing, tmp_path / "a.svg", clear(case))
    assert drawing._page is not None, "a file needs no artist"
    before = drawing.to_svg()
    assert len(drawing.axes) == 1
    assert drawing.axes[0].texts
    assert drawing.to_svg() == before
