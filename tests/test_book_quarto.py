"""The Quarto engine: said clearly when missing; given sources that stand on their own when there."""

from __future__ import annotations

import os
import shutil

import pytest
import yaml
from book_runs import CLEARANCE, DATASET, SAMPLE, SOFTWARE, make_runs, needs

from clss_analysis.publish import QuartoMissingError, build_book, lint
from clss_analysis.publish.edition import edition
from clss_analysis.publish.project import read_project, recueil_chapters
from clss_analysis.publish.quarto import QuartoError, stage_sources
from clss_analysis.publish.source import Shelf


@pytest.fixture
def runs(tmp_path):
    return make_runs(tmp_path / "runs")


def test_without_quarto_the_build_says_so_in_french_and_makes_nothing(runs, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(QuartoMissingError, match="Quarto est introuvable"):
        build_book(
            SAMPLE, runs, tmp_path / "out", dataset=DATASET, software=SOFTWARE, clearance=CLEARANCE, engine="quarto"
        )
    assert not (tmp_path / "out").exists()


def test_staged_sources_of_another_dataset_are_a_whole_book(runs, tmp_path):
    project = read_project(SAMPLE)
    dataset = {"name": "autre", "title": "Autre", "sha256": "0", "synthetic": True}
    variables = {**project.variables, "jeu": {"titre": "Autre", "nom": "autre", "sha256": "0"}}
    made = {"menages.md": "## Ménage E\n", "fabrication.md": "Rien.\n"}
    shelf = Shelf(SAMPLE, runs, made, variables)
    staged = tmp_path / "copie"
    told = edition(project, dataset, "urn:x", narrative=False)
    stage_sources(project, recueil_chapters(project), shelf, told, staged)
    settings = yaml.safe_load((staged / "_quarto.yml").read_text(encoding="utf-8"))
    assert settings["book"]["chapters"] == ["index.md", "menages.md", "fabrication.md"]
    assert "appendices" not in settings["book"]
    assert (staged / "_runs" / "menages.md").is_file()
    assert "Données synthétiques" in (staged / "menages.md").read_text(encoding="utf-8")
    assert not (staged / "01-un.md").exists()


def test_staged_sources_of_the_narrative_keep_every_chapter(runs, tmp_path):
    project = read_project(SAMPLE)
    shelf = Shelf(SAMPLE, runs, {"menages.md": "", "fabrication.md": ""}, {**project.variables, "recueil": []})
    told = edition(project, DATASET, "urn:x", narrative=True)
    stage_sources(project, project.chapters, shelf, told, tmp_path / "copie")
    settings = yaml.safe_load((tmp_path / "copie" / "_quarto.yml").read_text(encoding="utf-8"))
    assert settings["book"]["chapters"] == project.settings["book"]["chapters"]
    read_project(tmp_path / "copie")
    assert lint(tmp_path / "copie") == lint(SAMPLE, runs) == []


@pytest.fixture
def a_quarto(tmp_path, monkeypatch):
    """A stand-in that, like the real one, empties its output folder at each render."""
    program = tmp_path / "bin" / "quarto"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        'test -f "$2/theme/livre.css" || { echo "ERROR: no style sheet" >&2; exit 1; }\n'
        'said="at file:///x.js:1\\n\\033[31mERROR: no such key\\033[0m\\n  at y\\n"\n'
        'test -f "$2/stop" && { printf "$said" >&2; exit 1; }\n'
        'rm -rf "$2/_book"; mkdir "$2/_book"; echo made > "$2/_book/clss.$4"\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")


@pytest.mark.usefixtures("a_quarto")
def test_every_format_that_was_asked_for_is_there_in_the_end(runs, tmp_path):
    build_book(SAMPLE, runs, tmp_path / "out", dataset=DATASET, software=SOFTWARE, clearance=CLEARANCE, engine="quarto",
               formats=("html", "pdf", "epub"))  # fmt: skip
    assert {"clss.html", "clss.typst", "clss.epub"} <= {path.name for path in (tmp_path / "out").iterdir()}


@pytest.mark.usefixtures("a_quarto")
def test_what_quarto_refuses_is_one_sentence_and_the_path_of_its_log(runs, tmp_path):
    book = tmp_path / "livre"
    shutil.copytree(SAMPLE, book)
    (book / "stop").touch()
    with pytest.raises(QuartoError) as stopped:
        build_book(
            book, runs, tmp_path / "out", dataset=DATASET, software=SOFTWARE, clearance=CLEARANCE, engine="quarto"
        )
    assert len(str(stopped.value).splitlines()) == 1
    assert "no such key" in str(stopped.value)
    assert "x.js" in (book / "_cache" / "quarto.log").read_text(encoding="utf-8")
    assert not (tmp_path / "out").exists()


def test_quarto_itself_renders_the_sample(runs, tmp_path):
    needs(shutil.which("quarto"), "Quarto") if not _required_without_quarto() else pytest.skip("no Quarto here")
    build_book(SAMPLE, runs, tmp_path / "out", dataset=DATASET, software=SOFTWARE, clearance=CLEARANCE, engine="quarto")
    assert {"index.html", "clss.pdf", "clss.epub", "manifest.json"} <= {
        path.name for path in (tmp_path / "out").iterdir()
    }


def _required_without_quarto() -> bool:
    """Quarto comes with conda only: even where everything else is required it may be missing."""
    return shutil.which("quarto") is None
