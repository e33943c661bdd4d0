"""Pictures of a house's own in its book: seen as they are, and silent about who made them, where and with what."""

import base64
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from book_runs import CLEARANCE, DATASET, SAMPLE, SOFTWARE, make_runs
from PIL import Image, PngImagePlugin
from pypdf import PdfReader

from clss_analysis.privacy import NotClearedError
from clss_analysis.publish.book import build_book
from clss_analysis.publish.figures import words_drawn
from clss_analysis.publish.new_house import new_house
from clss_analysis.publish.own_pictures import bare
from clss_analysis.publish.project import BookError

TELLS = "Ghislaine Vandermotte"
GPS, ORIENTATION, ARTIST = 0x8825, 0x0112, 0x013B


def photograph() -> bytes:
    """A JPEG of 30 x 20, turned by its camera, that says who took it and where."""
    about = Image.Exif()
    about[ARTIST], about[ORIENTATION] = TELLS, 6
    about.get_ifd(GPS)[2] = (50.0, 51.0, 12.0)
    file = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(file, "JPEG", exif=about, comment=TELLS.encode())
    return file.getvalue() + TELLS.encode()


def screenshot(mode: str = "RGB") -> bytes:
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", TELLS)
    about.add_itxt("XML:com.adobe.xmp", f"<x>{TELLS}</x>")
    file = io.BytesIO()
    Image.new(mode, (12, 9), 3 if mode == "P" else "teal").save(file, "PNG", pnginfo=about)
    return file.getvalue() + TELLS.encode()


def plan(words: str = "Le quartier") -> str:
    inside = base64.b64encode(photograph()).decode()
    return f"""<?xml version="1.0"?><!-- {TELLS} -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40mm" height="20mm"
 xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" inkscape:docname="/home/{TELLS}/plan.svg">
<style>.Ghislaine_V, #{TELLS.replace(" ", "_")} {{fill: #abc}} /* {TELLS} */ .Vandermotte-g {{stroke: red}}</style>
<metadata><who>{TELLS}</who></metadata><inkscape:layer>{TELLS}</inkscape:layer><script>alert("{TELLS}")</script>
<defs><clipPath id="{TELLS.replace(" ", "_")}"><rect width="9" height="9"/></clipPath></defs>
<g clip-path="url(#{TELLS.replace(" ", "_")})" inkscape:label="{TELLS}" data-by="{TELLS}" onclick="x('{TELLS}')">
<text class="Ghislaine_V plain" x="3" y="9" xlink:title="{TELLS}">{words}</text>
<image xlink:href="data:image/jpeg;base64,{inside}" width="3" height="2"/></g></svg>"""


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.jpg", photograph()), ("a.png", screenshot()), ("a.png", screenshot("P")), ("a.svg", plan().encode())],
)
def test_nothing_that_is_not_seen_is_left(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    made = bare(tmp_path / name)
    assert made == bare(tmp_path / name)
    for word in (*TELLS.split(), "inkscape", "script", "/home"):
        assert word.encode() not in made
    if name.endswith(".svg"):
        assert b"Le quartier" in made
        assert b'clip-path="url(#n0)"' in made
        assert b".c0, #n0 {fill: #abc}" in made
        assert b'class="c0 c2"' in made
        assert base64.b64encode(photograph()) not in made
    else:
        shown = Image.open(io.BytesIO(made)).convert("RGB")
        assert shown.size == ((20, 30) if name == "a.jpg" else (12, 9))
        assert not Image.open(io.BytesIO(made)).getexif()
        given = Image.open(io.BytesIO(content)).convert("RGB")
        assert max(abs(a - b) for a, b in zip(shown.getpixel((3, 3)), given.getpixel((3, 3)), strict=True)) < 4


def test_a_word_in_pieces_is_read_as_it_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text("<svg><text><tspan>Fa</tspan><tspan>ti</tspan>ma</text><text>Rue</text></svg>")
    assert words_drawn(tmp_path / "a.svg") == [" Fa  ti ma", "Fatima", "Rue"]


@pytest.mark.parametrize(("name", "content"), [("a.gif", b"GIF89a"), ("a.png", b"rien"), ("a.svg", b"<svg")])
def test_what_cannot_be_looked_at_is_no_picture(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError, match=r"\."):
        bare(tmp_path / name)


def built(
    tmp_path: Path,
    line: str,
    own: dict[str, bytes] | None = None,
    left: dict[str, bytes] | None = None,
    formats: tuple[str, ...] = ("html", "epub", "docx"),
) -> Path:
    """The sample book with a line more, pictures of the house's own, and files that a notebook left."""
    book, runs = tmp_path / "book", make_runs(tmp_path / "runs")
    shutil.copytree(SAMPLE, book)
    for folder, files in ((book, own or {}), (runs / "figures", left or {})):
        for name, content in files.items():
            (folder / name).write_bytes(content)
    chapter = book / "01-un.md"
    chapter.write_text(chapter.read_text("utf-8") + f"\n{line}\n", encoding="utf-8")
    out = tmp_path / "livre"
    build_book(book, runs, out, dataset=DATASET, software=SOFTWARE, clearance=CLEARANCE, formats=formats)
    return out


def test_a_picture_is_bare_in_every_format(tmp_path: Path) -> None:
    line = '![Une photo.](photo.jpg){#fig-photo fig-alt="Une rue."}'
    out = built(tmp_path, line, {"photo.jpg": photograph()})
    held = [path.read_bytes() for path in out.rglob("*") if path.is_file()]
    for name in ("clss.epub", "clss.docx"):
        with zipfile.ZipFile(out / name) as opened:
            held += [opened.read(each) for each in opened.namelist()]
    assert (out / "figures" / "photo.jpg").is_file()
    assert not any(word.encode() in content for content in held for word in TELLS.split())


def test_words_that_a_drawing_shows_are_asked_about(tmp_path: Path) -> None:
    line = '![Un plan.](plan.svg){#fig-plan fig-alt="Un plan."}'
    with pytest.raises(NotClearedError):
        built(tmp_path, line, {"plan.svg": plan(TELLS).encode()})


def test_a_picture_that_no_notebook_kept_stops_the_book(tmp_path: Path) -> None:
    line = '![Une image.](_runs/figures/qx.png){#fig-qx fig-alt="Une image."}'
    with pytest.raises(BookError, match="n’a pas gardée"):
        built(tmp_path, line, left={"qx.png": screenshot()})


def test_git_takes_nothing_of_the_records(tmp_path: Path) -> None:
    house = new_house(tmp_path / "maison").folder
    kept = {"clss.toml", ".gitignore"}
    for name in (
        "dessin.svg",
        "dessin.json",
        "r.csv",
        "mapping.toml",
        ".~lock.dossiers.xlsx#",
        "kobo.csv",
        "e.graphml",
    ):
        (house / name).write_text(TELLS, encoding="utf-8")
    (house / "book" / ".~lock.x.odt#").write_text(TELLS, encoding="utf-8")
    git = ["git", "-C", str(house)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    listed = subprocess.run([*git, "ls-files"], check=True, capture_output=True, text=True).stdout.split("\n")
    files = {name.strip('"') for name in listed if name}
    assert kept <= files
    assert all(name in kept or name.startswith(("book/", "themes/", "notebooks/", "Ouvrir.")) for name in files), files
    assert not any(TELLS in (house / name).read_text("utf-8", errors="replace") for name in files)


def test_the_picture_of_a_house_stands_on_its_cover(tmp_path: Path) -> None:
    (tmp_path / "clss.toml").write_text('name = "Atelier du hublot"\nlogo = "logo.png"\n', encoding="utf-8")
    out = built(tmp_path, "", {"logo.png": screenshot()}, formats=("html", "pdf"))
    home = (out / "index.html").read_text("utf-8")
    shown = re.search(r'<img class="livre-logo" src="data:image/png;base64,([^"]+)" alt="([^"]+)">', home)
    assert shown
    assert Image.open(io.BytesIO(base64.b64decode(shown[1]))).size == (12, 9)
    assert TELLS.split()[0].encode() not in base64.b64decode(shown[1])
    assert [each.image.size for each in PdfReader(out / "clss.pdf").pages[0].images] == [(12, 9)]


@pytest.mark.parametrize(("name", "content"), [("logo.png", None), ("logo.gif", b"GIF89a")])
def test_a_picture_of_a_house_that_is_none_is_named(name: str, content: bytes | None, tmp_path: Path) -> None:
    (tmp_path / "clss.toml").write_text(f'name = "Atelier du hublot"\nlogo = "{name}"\n', encoding="utf-8")
    with pytest.raises(BookError, match="une image de book/"):
        built(tmp_path, "", {name: content} if content else {})
