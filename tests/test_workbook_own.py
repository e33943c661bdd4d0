"""A workbook of an association's own: its titles and its words are asked once, and what is not known stays empty."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread

import openpyxl
import pytest

from clss_analysis.cli import main
from clss_analysis.records import InvalidRecordsError, read
from clss_analysis.records.workbook import read_workbook

Rows = list[tuple[object, ...]]
HOMES: Rows = [
    ("La Maison des Voisins",),
    ("N° famille", "Situation familiale", "Niveau de français", "Ressources", "1er contact", "Logement"),
    ("MV-01", "maman seule", "se débrouille", "CPAS", "03/2023", "privé"),
    ("MV-02", "couple avec enfants", "ne sait pas", "rente", "nov-23", "social"),
]
PEOPLE: Rows = [
    ("Famille", "Prénom", "Sexe", "Âge", "Lien dans la famille", "Habite là ?", "Décédé ?", "Contact principal"),
    ("MV-01", "Zohra", "F", 41, "maman", "oui", "non", "x"),
    ("MV-01", "Zébulon", "G", 7, "fils", "oui", "ne sait pas", None),
    ("MV-01", "Ahmed", "H", 44, "mari", "non", "?", None),
    ("MV-02", "Éva", "inconnu", 33, "épouse", "oui", None, "x"),
]


def workbook(path: Path, homes: Rows, people: Rows, **others: Rows) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {"Familles": homes, "Membres": people, **others}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def taken(path: Path) -> int:
    return main(["import", str(path), "--out", str(path.with_name("jeu")), "--yes"])


def test_their_titles_and_words_are_asked_once_and_a_new_word_alone_later(tmp_path: Path, capsys) -> None:
    january = workbook(tmp_path / "1.xlsx", HOMES, PEOPLE, Brouillon=[("choses",), ("à faire",)])
    assert taken(january) == 2
    mapping = tmp_path / "mapping.toml"
    said = mapping.read_text(encoding="utf-8")
    for ours in ('"maman" = "mère"', '"mari" = "partenaire"', '"CPAS" = "aide sociale du CPAS"', '"x" = "oui"',
                 '"G" = "homme"', '"se débrouille" = "parle peu le français"', '"rente" = ""'):  # fmt: skip
        assert ours in said
    assert not [each for each in ("Zohra", "ne sait pas", "inconnu", "privé", "à faire") if f'"{each}"' in said]
    life, home = said.index("words.life]"), said.index("words.residence]")
    assert life < home
    said = said[:life] + said[life:home].replace('"non" = ""', '"non" = "en vie"') + said[home:]
    said = said.replace('"oui" = ""', '"oui" = "vit dans le ménage"').replace('"non" = ""', '"non" = "vit ailleurs"')
    mapping.write_text(said, encoding="utf-8")
    assert taken(january) == 0
    assert "2" in capsys.readouterr().out
    records = read(tmp_path / "jeu")
    assert records.persons["role"].tolist() == ["mother", "son", "partner", "partner"]
    assert records.persons["gender"].fillna("").tolist() == ["woman", "man", "man", ""]
    assert records.persons["life"].fillna("").tolist() == ["alive", "", "", ""]
    assert records.persons["residence"].tolist() == ["household", "household", "elsewhere", "household"]
    assert records.persons["index"].tolist() == [True, False, False, True]
    assert records.households["household_type"].tolist() == ["lone_mother", "couple_children"]
    assert records.households[["french", "income"]].fillna("").to_numpy().tolist() == [
        ["some", "social_assistance"],
        ["", ""],
    ]
    later = ("MV-02", "Noé", "H", 3, "fils", "oui", None, None)
    assert taken(workbook(tmp_path / "2.xlsx", HOMES, [*PEOPLE, later])) == 0
    assert mapping.read_text(encoding="utf-8") == said
    march = workbook(
        tmp_path / "3.xlsx", HOMES, [*PEOPLE, later, ("MV-02", "Ida", "F", 20, "belle-fille", "oui", None, None)]
    )
    assert taken(march) == 2
    asked = set(mapping.read_text(encoding="utf-8").splitlines()) - set(said.splitlines())
    assert asked == {'"belle-fille" = "autre parent"'}
    assert taken(march) == 0
    assert read(tmp_path / "jeu").persons["role"].tolist()[-1] == "relative"


def test_of_two_sheets_of_one_table_the_second_is_told_and_a_cell_that_failed_is_no_word(tmp_path: Path) -> None:
    failed = ("MV-02", "Léo", "=1/0", 5, "fils", "oui", None, None)
    path = workbook(tmp_path / "1.xlsx", HOMES, [*PEOPLE, failed], Anciens=PEOPLE)
    with pytest.raises(InvalidRecordsError):
        read_workbook(path, tmp_path / "mapping.toml")
    said = (tmp_path / "mapping.toml").read_text(encoding="utf-8")
    assert said.count('table = "persons"') == 1
    assert '# "Anciens" : ' in said
    assert "Error" not in said
    assert "Uncalculated" not in said
    doubled = said + '[sheets.Anciens]\ntable = "persons"\n'
    (tmp_path / "mapping.toml").write_text(doubled, encoding="utf-8")
    with pytest.raises(InvalidRecordsError, match="y est deux fois"):
        read_workbook(path, tmp_path / "mapping.toml")


@pytest.mark.parametrize(
    "rows",
    [
        [("Famille", "Sexe (F/M)", "Lien", "Remarque", "Remarque")] * 2
        + [("Lo", "F", "mère", "a", "b"), ("LO ", "M", "fils", None, "c")],
        [("Liste",), ("FAMILLE", "Sexe", "Lien (avec qui ?)"), ("lo", "F", "mère"), ("Lo", "M", "fils")],
    ],
)
def test_titles_may_be_merged_doubled_or_explained_and_a_family_is_one_in_any_case(rows: Rows, tmp_path: Path) -> None:
    path = tmp_path / "1.xlsx"
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if rows[0] == rows[1]:
        for letter in "ABCDE":
            book.active.merge_cells(f"{letter}1:{letter}2")
    book.save(path)
    with pytest.raises(InvalidRecordsError):
        read_workbook(path, tmp_path / "mapping.toml")
    pages = read_workbook(path, tmp_path / "mapping.toml")
    told = [
        (line.cells["household"], line.cells["gender"], line.cells["role"]) for line in pages.tables["persons"].lines
    ]
    assert told == [("M1", "woman", "mother"), ("M1", "man", "son")]
    assert not pages.faults


@pytest.mark.parametrize(
    "text", ["sep=|\nFamille|Lien\n1|mère, dit-on\n", "Liste, au 3 mai, revue\nFamille;Lien\n1;mère\n"]
)
def test_the_mark_of_a_table_is_that_of_its_rows(text: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidRecordsError):
        read_workbook(tmp_path / "t.csv", tmp_path / "mapping.toml")
    said = (tmp_path / "mapping.toml").read_text(encoding="utf-8")
    assert '"Famille" = "household"' in said
    assert "header = 2" in said


@pytest.mark.parametrize(
    ("main_key", "key", "parent"),
    [("_index", 1, "_parent_index"), ("KEY", "uuid:1-a", "PARENT_KEY"), ("KEY", "uuid:9", "PARENT_KEY")],
)
def test_the_export_of_a_form_of_their_own_is_matched_by_its_keys(
    main_key: str, key: object, parent: str, tmp_path: Path
) -> None:
    homes: Rows = [("start", "groupe/Quartier", "Ressources", "Situation familiale", "_uuid", main_key)]
    homes += [("2024-01-02T10:00", "Forest", "travail", "couple avec enfants", "u", key)]
    people: Rows = [("Prénom", "Sexe", "Lien", parent), ("Zohra", "F", "mère", key), ("Noé", "H", "fils", key)]
    path = workbook(tmp_path / "1.xlsx", homes, people)
    with pytest.raises(InvalidRecordsError):
        read_workbook(path, tmp_path / "mapping.toml")
    pages = read_workbook(path, tmp_path / "mapping.toml").tables
    (home,) = (line.cells for line in pages["households"].lines)
    assert {line.cells["household"] for line in pages["persons"].lines} == {home["id"]}
    assert (home["income"], home["household_type"]) == ("work", "couple_children")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_is_no_mapping_and_is_not_waited_for(tmp_path: Path) -> None:
    pipe, said = tmp_path / "mapping.toml", []
    os.mkfifo(pipe)
    path = workbook(tmp_path / "1.xlsx", HOMES, PEOPLE)
    words = ["import", str(path), "--mapping", str(pipe), "--out", str(tmp_path / "jeu")]
    asked = Thread(target=lambda: said.append(main(words)), daemon=True)
    asked.start()
    asked.join(120)
    assert said == [2]
    assert not (tmp_path / "jeu").exists()
