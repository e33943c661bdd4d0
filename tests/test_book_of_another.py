"""Another association's book: its own chapters and households, its own date, and nothing of La Rue's."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from records_sample import signed

from clss_analysis.publish import BookError
from clss_analysis.publish.build import build
from clss_analysis.publish.edition import last_month
from clss_analysis.records import read, synthesise, write

ROOT = Path(__file__).parents[1]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A project of another association: one chapter that tells one of its two households."""
    book = tmp_path / "house" / "book"
    (book / "recueil").mkdir(parents=True)
    (tmp_path / "house" / "notebooks").symlink_to(ROOT / "notebooks")
    shutil.copytree(ROOT / "book" / "theme", book / "theme")
    shutil.copyfile(ROOT / "book" / "references.bib", book / "references.bib")
    settings = (ROOT / "book" / "_quarto.yml").read_text(encoding="utf-8")
    head, rest = settings.split("  chapters:\n")
    tail = rest.split("lang: fr-BE")[1]
    chapters = "  chapters:\n    - index.md\n    - 01-cas.md\n\nlang: fr-BE"
    (book / "_quarto.yml").write_text(head + chapters + tail, encoding="utf-8")
    (book / "_variables.yml").write_text("dataset: le-seuil\n", encoding="utf-8")
    (book / "index.md").write_text("# Le Seuil\n\nQuatre ans.\n", encoding="utf-8")
    (book / "01-cas.md").write_text("# Un cas\n\n```\n{{< include _runs/menage-X.md >}}\n```\n\n## Le ménage\n\n"
                                    "{{< include _runs/menage-S002.md >}}\n", encoding="utf-8")  # fmt: skip
    left_out = "chapter,passage,reason\nhouseholds.csv,S001,ce ménage n’est pas raconté dans ce livre\n"
    (book / "_fixed.csv").write_text(left_out, encoding="utf-8")
    return tmp_path / "house"


def records_of(house: Path, households: int) -> Path:
    made = signed(replace(synthesise(households, 5), name="le-seuil", title="Le Seuil"))
    return write(made, house / "dossiers", overwrite=True)


def test_a_house_without_the_cases_of_the_publication_builds_its_own_chapters(house: Path) -> None:
    built = build(house, records_of(house, 2), house / "out", formats=("html",))
    assert built.written
    assert built.failures == ()
    assert "S002" in (house / "out" / "01-cas.html").read_text(encoding="utf-8")
    assert not (house / "out" / "08-galerie.html").exists()


def test_a_household_that_left_is_told_by_file_and_line_before_any_notebook_runs(house: Path) -> None:
    with pytest.raises(BookError) as stopped:
        build(house, records_of(house, 1), house / "out", formats=("html",))
    (fault,) = stopped.value.faults
    assert (fault.file, fault.row) == ("01-cas.md", 9)
    assert not (house / "book" / "_cache").exists()


def test_a_book_that_tells_another_dataset_is_dated_by_what_it_tells() -> None:
    records = read(ROOT / "data" / "demo")
    until = last_month(records)
    assert until is not None
    assert (until.year, until.month) == (2025, 12)
    earlier = records.with_tables(**{
        name: records.table(name).iloc[:0] for name in ("events", "criteria", "situations", "phases", "statements")
    })  # fmt: skip
    assert last_month(earlier) != until
