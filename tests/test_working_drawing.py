"""A drawing before consent and review: only at home, marked, and in nothing that leaves."""

from __future__ import annotations

import csv
import shutil
import stat
from pathlib import Path

import pypdf
import pytest
from book_runs import CLEARANCE, DATASET, SAMPLE, SOFTWARE, make_runs

import clss_analysis as clss
from clss_analysis.cli import main
from clss_analysis.figures.working import MARK
from clss_analysis.privacy import NotClearedError
from clss_analysis.privacy.gate import clear_for_work
from clss_analysis.publish import BookError
from clss_analysis.publish.book import build_book

ROOT = Path(__file__).parents[1]
WORDS = "document de travail – ne pas diffuser"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house whose households nobody has agreed to tell."""
    folder = tmp_path / "seuil"
    shutil.copytree(ROOT / "data" / "publication", folder / "records")
    (folder / "clss.toml").write_text('name = "Le Seuil"\n', encoding="utf-8")
    path = folder / "records" / "households.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(row | {"consent": ""} for row in rows)
    return folder


def test_at_home_every_figure_of_a_case_is_drawn_and_marked(house: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(house)
    monkeypatch.setattr("clss_analysis.layout.genogram.tie_table.DENSE", 1)
    assert main(["figure", "sociogenogram", "--case", "Y"]) == 0
    assert "Document de travail" in capsys.readouterr().err
    drawn = house / "out" / "figures" / "sociogenogram-Y.svg"
    svg = drawn.read_text(encoding="utf-8")
    assert f"<title>{WORDS}. " in svg
    assert f'<g id="{MARK}"' in svg
    assert stat.S_IMODE(drawn.stat().st_mode) == 0o600
    table = drawn.with_name("sociogenogram-Y-liens.csv")
    assert table.read_text("utf-8-sig").splitlines()[-1] == f"{MARK},{WORDS},,,"
    assert stat.S_IMODE(table.stat().st_mode) == 0o600
    for name in ("Y.pdf", "Y.png"):
        assert main(["figure", "trajectory", "--case", "Y", "--out", name, "--layout", "Y.json"]) == 0
    assert WORDS in (house / "Y.json").read_text(encoding="utf-8")
    assert WORDS in str(pypdf.PdfReader(house / "Y.pdf").metadata.title)
    assert WORDS in pypdf.PdfReader(house / "Y.pdf").pages[0].extract_text()
    assert WORDS.encode() in (house / "Y.png").read_bytes()


def test_elsewhere_and_for_what_counts_it_is_refused(house: Path, tmp_path: Path, monkeypatch) -> None:
    away = shutil.copytree(house / "records", tmp_path / "ailleurs")
    asked = ["figure", "trajectory", "--case", "Y", "--out", str(tmp_path / "Y.svg"), "--dataset", str(away)]
    monkeypatch.chdir(house)
    assert main(asked) == 2
    assert main(["figure", "waiting"]) == 2
    for words in (["export", "--out", "x.graphml"], ["brief", "relogement", "--case", "Y"], ["build"]):
        assert main(words) == 2, words
    assert not (tmp_path / "Y.svg").exists()
    assert not any(path.is_file() for path in (house / "out").rglob("*"))


def test_what_is_released_bears_no_mark(house: Path, monkeypatch) -> None:
    shutil.copyfile(ROOT / "data" / "publication" / "households.csv", house / "records" / "households.csv")
    monkeypatch.chdir(house)
    assert main(["figure", "trajectory", "--case", "Y", "--out", "Y.svg"]) == 0
    assert MARK not in (house / "Y.svg").read_text(encoding="utf-8")


def test_a_working_clearance_lets_nothing_leave() -> None:
    clearance = clear_for_work(clss.read(ROOT / "data" / "publication"))
    with pytest.raises(NotClearedError):
        clearance.require_told("Y")
    with pytest.raises(NotClearedError):
        clearance.require(case=None, rows=(), synthetic=False)


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_a_book_with_a_working_drawing_in_it_is_refused(house: Path, tmp_path: Path, monkeypatch, ending: str) -> None:
    monkeypatch.chdir(house)
    book = tmp_path / "livre"
    shutil.copytree(SAMPLE, book)
    assert main(["figure", "trajectory", "--case", "Y", "--out", str(book / f"Y.{ending}")]) == 0
    chapter = book / "90-grille.md"
    line = len(chapter.read_text(encoding="utf-8").splitlines()) + 2
    with chapter.open("a", encoding="utf-8") as file:
        file.write(f'\n![Un parcours.](Y.{ending}){{#fig-vole fig-alt="Un parcours."}}\n')
    runs = make_runs(tmp_path / "runs", synthetic=True)
    with pytest.raises(BookError) as stopped:
        build_book(
            book, runs, tmp_path / "out", dataset=DATASET, software=SOFTWARE, formats=("html",), clearance=CLEARANCE
        )
    (fault,) = stopped.value.faults
    assert (fault.file, fault.row) == ("90-grille.md", line)
    assert "travail" in fault.rule
