"""The Quarto engine: said clearly when missing; given a project of its own, numbers and all, when there."""

from __future__ import annotations

import os
import re
import shutil

import pytest
import yaml
from book_runs import CLEARANCE, DATASET, SAMPLE, SOFTWARE, make_runs, needs

from clss_analysis.publish import QuartoMissingError, build_book
from clss_analysis.publish.pandoc import pandoc
from clss_analysis.publish.quarto import QuartoError

FAKE = """#!/bin/sh
mkdir -p "{kept}"
name=$(sed -n "s/^  output-file: //p" "$2/_quarto.yml")
cp -r "$2" "{kept}/$4-$name"
test -f "$2/_brand.yml" && test -f "$2/theme/livre.css" || {{ echo "ERROR: no style sheet" >&2; exit 1; }}
said="at file:///x.js:1\\n\\033[31mERROR: no such key\\033[0m\\n  at y\\n"
test -f "$2/theme/stop" && {{ printf "$said" >&2; exit 1; }}
test -f "$2/theme/warn" && printf "\\033[33mWARN: one thing\\033[39m\\n" >&2
case $4 in html) made=index.html ;; typst) made=$name.pdf ;; *) made=$name.$4 ;; esac
rm -rf "$2/_book"; mkdir "$2/_book"; echo made > "$2/_book/$made"
"""


def stand_in(folder, monkeypatch):
    """A program that, like the real one, empties its output folder at each render, and keeps what it was given."""
    program = folder / "bin" / "quarto"
    program.parent.mkdir()
    program.write_text(FAKE.format(kept=folder / "kept"), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return folder / "kept"


@pytest.fixture
def runs(tmp_path):
    return make_runs(tmp_path / "runs")


def build(book, runs, out, **more):
    build_book(
        book, runs, out, software=SOFTWARE, clearance=CLEARANCE, engine="quarto", **({"dataset": DATASET} | more)
    )


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    """What Quarto was given for the sample, by format, and beside it what the build made."""
    folder = tmp_path_factory.mktemp("quarto")
    with pytest.MonkeyPatch.context() as patched:
        kept = stand_in(folder, patched)
        build(SAMPLE, make_runs(folder / "runs", hostile=True), folder / "out", formats=("html", "pdf", "docx"))
    return kept


def test_without_quarto_the_build_says_so_in_french_and_makes_nothing(runs, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(QuartoMissingError, match="Quarto est introuvable"):
        build(SAMPLE, runs, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_another_dataset_gets_the_pages_of_the_collection_alone_under_their_banner(runs, tmp_path, monkeypatch):
    kept = stand_in(tmp_path, monkeypatch)
    dataset = {"name": "autre", "title": "Autre", "sha256": "0", "synthetic": True}
    build(SAMPLE, runs, tmp_path / "out", dataset=dataset, formats=("epub",))
    settings = yaml.safe_load((kept / "epub-clss" / "_quarto.yml").read_text(encoding="utf-8"))
    assert settings["book"]["chapters"] == ["index.md", "menages.md", "fabrication.md"]
    assert "appendices" not in settings["book"]
    assert "Données synthétiques" in (kept / "epub-clss" / "menages.md").read_text(encoding="utf-8")
    assert not (kept / "epub-clss" / "01-un.md").exists()


def test_quarto_reads_the_numbers_of_the_built_in_engine_and_makes_none_of_its_own(staged, tmp_path):
    kept, runs = staged, staged.parent / "runs"
    build_book(
        SAMPLE, runs, tmp_path / "ours", dataset=DATASET, software=SOFTWARE, clearance=CLEARANCE, formats=("html",)
    )
    signs = re.compile(r"(?:Figure|Tableau)\u00a0\d+\.|(?:figure|tableau|section|chapitre)\u00a0[\dIVX.]+\b")
    seen = 0
    for name in ("01-un", "02-deux", "90-grille"):
        texts = {to: (kept / f"{to}-clss" / f"{name}.md").read_text(encoding="utf-8") for to in ("html", "typst")}
        ours = (tmp_path / "ours" / f"{name}.html").read_text(encoding="utf-8")
        ours = pandoc(
            ["--from", "html", "--to", "plain", "--wrap=none"], ours[ours.index("<main") : ours.index("</main")]
        )
        read = pandoc(["--from", "markdown-smart", "--to", "plain", "--wrap=none"], texts["html"]).decode()
        assert signs.findall(read) == signs.findall(ours.decode())
        seen += len(signs.findall(read))
        for text in texts.values():
            assert not re.search(r"\{#(?:fig|tbl)-|\{\{[<f]", text)
            assert len(re.findall(r"^#+ ", text, re.MULTILINE)) == len(
                re.findall(r"^#+ .*\.unnumbered", text, re.MULTILINE)
            )
    assert seen >= 5
    assert "@font-face" not in (kept / "html-clss" / "theme" / "epub.css").read_text(encoding="utf-8")
    settings = yaml.safe_load((kept / "html-clss" / "_quarto.yml").read_text(encoding="utf-8"))
    assert (settings["number-sections"], "bibliography" in settings) == (False, False)
    assert ".png)" in (kept / "docx-clss" / "01-un.md").read_text(encoding="utf-8")


def test_nothing_of_a_record_is_markup_for_quarto(staged):
    text = (staged / "html-clss" / "01-un.md").read_text(encoding="utf-8")
    assert "alert(1)" in text
    assert "{{<" not in text
    read = pandoc(["--from", "markdown-smart", "--to", "native"], text).decode()
    assert "{{< d >}}" in read
    assert not re.search(r"\b(?:Raw\w+|Math|Cite)\b", read)


def test_notes_keep_their_place_when_quarto_binds_the_chapters_as_one(staged):
    notes = [
        note
        for path in sorted((staged / "typst-clss").glob("*.md"))
        for note in re.findall(r"^\[\^([^\]]+)\]:", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert notes
    assert len(notes) == len(set(notes))


def test_every_format_that_was_asked_for_is_there_in_the_end(staged):
    made = {path.name for path in (staged.parent / "out").iterdir()}
    assert {"index.html", "clss.pdf", "clss.docx", "manifest.json"} <= made


def test_what_quarto_warns_of_is_told(runs, tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch)
    book, said = tmp_path / "livre", []
    shutil.copytree(SAMPLE, book)
    (book / "theme" / "warn").touch()
    build(book, runs, tmp_path / "out", formats=("epub",), say=said.append)
    assert "Quarto avertit\u202f: WARN: one thing" in said


def test_what_quarto_refuses_is_one_sentence_and_the_path_of_its_log(runs, tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch)
    book = tmp_path / "livre"
    shutil.copytree(SAMPLE, book)
    (book / "theme" / "stop").touch()
    with pytest.raises(QuartoError) as stopped:
        build(book, runs, tmp_path / "out")
    assert len(str(stopped.value).splitlines()) == 1
    assert "no such key" in str(stopped.value)
    log = tmp_path / "out.quarto.log"  # beside the book, since the folder of the sources may be one for the moment
    assert str(log) in str(stopped.value)
    assert "x.js" in log.read_text(encoding="utf-8")
    assert not (tmp_path / "out").exists()


def test_quarto_itself_renders_the_sample(runs, tmp_path):
    needs(shutil.which("quarto"), "Quarto") if not _required_without_quarto() else pytest.skip("no Quarto here")
    said = []
    build(SAMPLE, runs, tmp_path / "out", say=said.append)
    assert [line for line in said if "avertit" in line] == []
    assert {"index.html", "clss.pdf", "clss.epub", "manifest.json"} <= {
        path.name for path in (tmp_path / "out").iterdir()
    }


def _required_without_quarto() -> bool:
    """Quarto comes with conda only: even where everything else is required it may be missing."""
    return shutil.which("quarto") is None
