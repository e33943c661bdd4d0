"""An association's house: found from inside, its clss.toml checked key by key."""

from __future__ import annotations

import datetime
import subprocess
from pathlib import Path

import pytest

from clss_analysis.publish.house_book import complete_book, unread_bibliographies
from clss_analysis.publish.new_house import new_house
from clss_analysis.publish.project import read_project
from clss_analysis.records import InvalidRecordsError
from clss_analysis.records.house import find_house, house_at, shipped

ROOT = Path(__file__).parents[1]
MEANT = "il n’y a pas de clé de ce nom ; vouliez-vous dire "
NO_TOML = 'ce n’est pas du TOML : une ligne s’écrit cle = "texte", les guillemets droits'
FOLDER = "un dossier de la maison, écrit avec des / et sans .."
SECTION = "c’est une section : [edition] seul sur une ligne et ses clés dessous"


def told(folder: Path, text: str | bytes) -> list[str]:
    (folder / "clss.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InvalidRecordsError) as stopped:
        find_house(folder)
    return [str(fault).replace("\u202f", " ") for fault in stopped.value.faults]


def test_a_house_is_found_from_anywhere_inside_it(tmp_path: Path) -> None:
    (tmp_path / "clss.toml").write_text('name = "Le Seuil"\n[edition]\nyear = 2026\n', encoding="utf-8")
    (tmp_path / "records" / "deep").mkdir(parents=True)
    house = find_house(tmp_path / "records" / "deep")
    assert house is not None
    assert (house.settings.name, house.settings.signed) == ("Le Seuil", "Le Seuil")
    assert house.settings.date == datetime.date(2026, 1, 1)
    assert (house.records, house.register) == (tmp_path / "records", tmp_path / "register")
    assert house.made("book") == tmp_path / "out" / "book"


def test_without_clss_toml_there_is_no_house(tmp_path: Path) -> None:
    assert find_house(tmp_path) is None


def test_the_repository_is_itself_a_house() -> None:
    house = find_house(ROOT / "docs")
    assert house == shipped()
    assert house is not None
    assert house.records == ROOT / "data" / "publication"
    assert house.made("book") == ROOT / "book" / "_book"


@pytest.mark.parametrize(
    ("text", "place", "rule"),
    [
        ('name = "A"\ntitel = "B"\n', "ligne 2 : titel", MEANT + "« title » ?"),
        ('[edition]\nyear = 2026\ndatum = "2026-01-01"\n', "ligne 3 : edition.datum", MEANT + "« date » ?"),
        ('name = "A"\n\nthreshold = "5"\n', "ligne 3 : threshold", "un nombre entier de 3 à 100 est attendu"),
        ("threshold = 2\n", "ligne 1 : threshold", "un nombre entier de 3 à 100 est attendu"),
        ('language = "de"\n', "ligne 1 : language", "valeurs admises : fr, nl, en."),
        ('formats = ["html", "odt"]\n', "ligne 1 : formats", "valeurs admises : html, pdf, epub, docx."),
        ('[edition]\ndate = "2026-13-01"\n', "ligne 2 : edition.date", 'un jour s’écrit "AAAA-MM-JJ"'),
        ('name = "A"\nname = “B”\n', "ligne 2", NO_TOML),
        ('[folders]\nout = "../ailleurs"\n', "ligne 2 : folders.out", FOLDER),
        ("edition = 2026\n", "ligne 1 : edition", SECTION),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_the_nearest_key(tmp_path: Path, text: str, place: str, rule: str) -> None:
    assert told(tmp_path, text) == [f"clss.toml, {place} : {rule}"]


def test_all_mistakes_are_told_at_once_and_none_of_what_is_written(tmp_path: Path) -> None:
    lines = told(tmp_path, 'nme = "Anna Secrète"\nlicense = "x"\nzzz = 1\n')
    assert len(lines) == 3
    assert "licence" in lines[1]
    assert not any("Secrète" in line for line in lines)
    assert told(tmp_path, b'name = "\xe9"\n') == ["clss.toml : les octets ne sont pas de l’UTF-8"]


def test_the_wheel_carries_every_file_of_the_house_of_la_rue() -> None:
    places = ["clss.toml", "notebooks", "book", "data/publication", "data/context", "data/gallery"]
    listed = subprocess.run(["git", "ls-files", "-z", *places], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607 git is on PATH
    names = [name for name in listed.stdout.split("\0") if name]
    carried = ROOT / "src" / "clss_analysis" / "house"
    assert len(names) > 90
    absent = [name for name in names if (ROOT / name).is_file() and not (carried / name).exists()]
    assert absent == [], "make links"
    assert [path for path in carried.rglob("*") if not path.exists()] == []
    assert (carried / "clss.toml").read_bytes() == (ROOT / "clss.toml").read_bytes()


def test_a_house_cites_what_lies_beside_its_chapters_and_is_told_what_nothing_reads(tmp_path: Path) -> None:
    house = new_house(tmp_path / "maison").folder
    for name in ("book/references.bib", "sources.bib"):
        (house / name).write_text("@book{freire1974, title = {Pédagogie des opprimés}}\n", encoding="utf-8")
    (tmp_path / "whole").mkdir()
    project = read_project(complete_book(house_at(house), tmp_path / "whole"))
    assert project.bibliography == "references.bib"
    assert "references.md" in {each.file for each in project.chapters}
    (unread,) = unread_bibliographies(house_at(house), project.bibliography)
    assert (unread.file, "book/references.bib" in unread.rule) == ("sources.bib", True)
    (house / "book" / "references.bib").unlink()
    (tmp_path / "without").mkdir()
    assert read_project(complete_book(house_at(house), tmp_path / "without")).bibliography is None
