"""What identifies people stays out of the dataset, its report, its key file and what is printed."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from records_sample import sound_rows, write_rows

import clss_analysis as clss
from clss_analysis.cli import main
from clss_analysis.privacy.key_file import new_key
from clss_analysis.privacy.names_in_text import known_names
from clss_analysis.privacy.pseudonyms import pseudonymise
from clss_analysis.records.workbook import Pages, read_workbook, records_of_pages, write_workbook
from clss_analysis.records.workbook.plan import FIRST, columns, sheet_names

SECRETS = (
    "Fatima", "Benali", "El Amrani", "Youssef", "Zoë", "91.05.12-123.45", "910512", "0470", "benali@example.be",
    "Rue du Moulin", "RG 23/456", "12/05", "1991-05", "Claessens",
)  # fmt: skip
ADDRESS = "Rue du Moulin 3 bte 1000, 1080 Bruxelles"
SUMMARY = "FATIMA BENALI et sa fille Zoe voient Me Claessens. Dossier RG 23-456."


def filled(path: Path, lang: str = "fr") -> Path:
    rows = sound_rows()
    for row in rows["persons"]:
        row["label"] = ""
        row["age"] = ""
        row["role"] = {"A1": "mother", "A2": "father", "A3": "daughter"}.get(row["id"], row["role"])
    rows["households"][0] |= {
        "label": "",
        "summary": "FATIMA BENALI et sa fille Zoe voient Me Claessens. Dossier RG 23-456.",
    }
    rows["households"][1] |= {"summary": "Pierre qui roule ; la fatidique. d’Amrani, rappeler au 0470 12 34 56."}
    write_rows(path.parent / "jeu-source", rows)
    write_workbook(_unchecked(path.parent / "jeu-source"), path, lang)
    book = openpyxl.load_workbook(path)

    def put(table: str, row: int, **cells: object) -> None:
        place = {column.name: number for number, column in enumerate(columns(table, lang), start=1)}
        for name, cell in cells.items():
            book[sheet_names(lang)[table]].cell(row, place[name]).value = cell

    put("households", FIRST, address=ADDRESS, file_number="RG 23/456", intake="15/01/2023")
    put("persons", FIRST, given_name="Fatima", family_name="Benali", birth_date="12/05/1991",
        national_number="91.05.12-123.45", phone="0470/12.34.56", email="benali@example.be")  # fmt: skip
    put("persons", FIRST + 1, given_name="Youssef", family_name="El Amrani", birth_date="1985-02-03")
    put("persons", FIRST + 2, given_name="Zoë", family_name="El Amrani", birth_date="2019-03-04")
    put("actors", FIRST + 1, person_name="Anne Claessens")
    book.save(path)
    return path


def _unchecked(folder: Path) -> clss.records.Records:
    from clss_analysis.records.tables import load

    return load(folder)


def test_names_dates_addresses_and_numbers_stay_out(tmp_path: Path, capsys) -> None:
    path = filled(tmp_path / "dossiers.xlsx")
    out, key = tmp_path / "jeu", tmp_path / "cle.json"
    first = ["--out", str(tmp_path / "premier"), "--key", str(tmp_path / "autre.json")]
    assert main(["import", str(path), *first]) == 0
    unnamed = clss.read(tmp_path / "premier").persons["label"].tolist()[3:]
    assert unnamed == ["grand-mère", "mère"], "persons without a name are called by their place"
    capsys.readouterr()
    _name_the_rest(path)
    assert main(["import", str(path), "--out", str(out), "--key", str(key)]) == 0
    printed = "".join(capsys.readouterr())
    records = clss.read(out)
    assert records.persons["label"].tolist()[:3] == ["Mme A", "M. C", "Fille D"], "B is taken"
    assert records.persons["age"].tolist()[:3] == [31, 37, 3]
    assert records.households["label"].tolist()[0] == "Mme A"
    assert records.households["neighbourhood"].tolist()[0] == "Molenbeek-Saint-Jean"
    assert str(records.households["intake"].iloc[0]) == "2023-01"
    summary = records.households["summary"].tolist()
    assert summary[0] == "Mme A et sa fille Fille D voient Me Personne E. Dossier [supprimé]."
    assert summary[1] == "Pierre qui roule ; la fatidique. de la famille C, rappeler au [supprimé]."
    written = [*out.iterdir(), key, tmp_path / "jeu-import.csv"]
    everything = printed + "".join(each.read_text(encoding="utf-8") for each in written)
    # The key and its fingerprints are drawn anew each time: any four digits may stand in them by chance.
    told = re.sub(r"\b[0-9a-f]{64}\b", "", everything.lower())
    for secret in SECRETS:
        assert secret.lower() not in told, secret
    report = (tmp_path / "jeu-import.csv").read_text(encoding="utf-8")
    assert "noms devenus des pseudonymes,4" in report
    assert "noms remplacés dans les textes,4" in report
    assert "jours devenus des mois,1" in report


@pytest.mark.parametrize(
    "written",
    ["910512", "12.05.91", "12/5/1991", "12-05-1991", "19910512", "12 mai 1991", "12 mei 1991", "12 May 1991"],
)
def test_a_birth_date_that_is_known_leaves_every_text_however_it_is_written(written: str, tmp_path: Path) -> None:
    path = filled(tmp_path / "dossiers.xlsx")
    _name_the_rest(path)
    book = openpyxl.load_workbook(path)
    place = [column.name for column in columns("households", "fr")].index("summary") + 1
    book["Ménages"].cell(FIRST, place).value = f"Elle est du {written} et attend depuis 1991."
    book.save(path)
    out = tmp_path / "jeu"
    assert main(["import", str(path), "--out", str(out), "--key", str(tmp_path / "cle.json")]) == 0
    assert clss.read(out).households["summary"].iloc[0] == "Elle est du [supprimé] et attend depuis 1991."


def _name_the_rest(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    for row in (FIRST + 3, FIRST + 4):
        book["Personnes"].cell(row, 4).value = f"Adulte {row}"
    book.save(path)


def test_letters_are_the_same_at_the_next_import_whatever_the_order(tmp_path: Path) -> None:
    path = filled(tmp_path / "dossiers.xlsx")
    key = new_key()
    first, _ = pseudonymise(read_workbook(path), key)
    pages = read_workbook(path)
    persons = pages.tables["persons"]
    turned = {
        **pages.tables,
        "persons": type(persons)(persons.table, persons.name, persons.letters, persons.lines[::-1]),
    }
    second, _ = pseudonymise(Pages(pages.file, pages.lang, turned, pages.about, pages.about_rows), key)

    def by_id(pages: Pages) -> dict[str, str]:
        return {line.cells["id"]: line.cells["label"] for line in pages.tables["persons"].lines}

    assert by_id(first) == by_id(second)
    assert len(set(key.letters.values())) == 4


@pytest.mark.parametrize(("lang", "woman"), [("nl", "Mevr. A"), ("en", "Ms A")])
def test_pseudonyms_speak_the_workbook_s_language(lang: str, woman: str, tmp_path: Path) -> None:
    pages, _ = pseudonymise(read_workbook(filled(tmp_path / "x.xlsx", lang)), new_key())
    assert pages.tables["persons"].lines[0].cells["label"] == woman


def test_bands_in_place_of_ages(tmp_path: Path) -> None:
    pages, _ = pseudonymise(read_workbook(filled(tmp_path / "x.xlsx")), new_key(), bands=True)
    cells = [line.cells for line in pages.tables["persons"].lines[:3]]
    assert [(each["age"], each["age_band"]) for each in cells] == [("", "30-44"), ("", "30-44"), ("", "3-5")]


def test_an_id_made_of_a_name_is_a_fault(tmp_path: Path, capsys) -> None:
    path = filled(tmp_path / "dossiers.xlsx")
    book = openpyxl.load_workbook(path)
    book["Acteurs"].cell(FIRST, 2).value = "benali-1"
    book.save(path)
    assert main(["import", str(path), "--out", str(tmp_path / "jeu")]) == 2
    told = capsys.readouterr().err
    assert f"feuille «\u202fActeurs\u202f», ligne {FIRST}, colonne B" in told
    assert "benali" not in told


def test_a_birth_date_that_is_none_is_a_fault_without_its_content(tmp_path: Path, capsys) -> None:
    path = filled(tmp_path / "dossiers.xlsx")
    book = openpyxl.load_workbook(path)
    place = [column.name for column in columns("persons", "fr")].index("birth_date") + 1
    book["Personnes"].cell(FIRST, place).value = "vers 1991"
    book.save(path)
    assert main(["import", str(path), "--out", str(tmp_path / "jeu")]) == 2
    told = capsys.readouterr().err
    assert "une date de naissance s’écrit" in told
    assert "vers" not in told


# The key file ------------------------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = filled(tmp_path / "dossiers.xlsx")
    _name_the_rest(path)
    return path


def run(book: Path, key: Path, out: Path) -> int:
    return main(["import", str(book), "--out", str(out), "--key", str(key)])


def test_the_key_file_is_private_and_holds_no_name(book: Path, tmp_path: Path) -> None:
    key = tmp_path / "cle.json"
    assert run(book, key, tmp_path / "un") == 0
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    said = json.loads(key.read_text(encoding="utf-8"))
    assert set(said) == {"format", "salt", "letters", "people", "words"}
    assert all(len(each) == 64 for each in (*said["letters"], *said["words"]))
    assert said["people"] == {"persons/A1": "A", "persons/A2": "C", "persons/A3": "D", "actors/X2": "E"}
    before = key.read_bytes()
    assert run(book, key, tmp_path / "deux") == 0
    assert key.read_bytes() == before
    assert (tmp_path / "un" / "persons.csv").read_bytes() == (tmp_path / "deux" / "persons.csv").read_bytes()


def test_a_key_in_the_folder_written_or_in_a_dataset_is_refused(book: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "sous").mkdir()
    for key in (
        tmp_path / "jeu" / "cle.json",
        tmp_path / "jeu-source" / "cle.json",
        tmp_path / "nulle-part" / "c.json",
    ):
        assert run(book, key, tmp_path / "jeu") == 2
        assert "cle" in capsys.readouterr().err or key.name == "c.json"
        assert not (tmp_path / "jeu").exists()
        assert not key.exists()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_key_in_a_git_work_tree_must_be_ignored(book: Path, tmp_path: Path, capsys) -> None:
    tree = tmp_path / "depot"
    tree.mkdir()
    subprocess.run([shutil.which("git"), "init", "-q", str(tree)], check=True)
    assert run(book, tree / "cle.json", tmp_path / "jeu") == 2
    assert "git" in capsys.readouterr().err
    (tree / ".gitignore").write_text("cle.json\n", encoding="utf-8")
    assert run(book, tree / "cle.json", tmp_path / "jeu") == 0


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"format": "clss-key 1", "salt": "00", "letters": {}}',
                '{"format": "clss-key 1", "salt": "zz", "letters": {"a": "Mme"}}', "Fatima Benali"]
)  # fmt: skip
def test_a_damaged_key_stops_the_import(content: str, book: Path, tmp_path: Path, capsys) -> None:
    key = tmp_path / "cle.json"
    key.write_text(content, encoding="utf-8")
    assert run(book, key, tmp_path / "jeu") == 2
    assert "Benali" not in capsys.readouterr().err
    assert key.read_text(encoding="utf-8") == content
    assert not (tmp_path / "jeu").exists()


def test_a_dataset_with_a_key_in_it_goes_nowhere(book: Path, tmp_path: Path, capsys) -> None:
    assert run(book, tmp_path / "cle.json", tmp_path / "jeu") == 0
    shutil.copy(tmp_path / "cle.json", tmp_path / "jeu" / "notes.txt")
    capsys.readouterr()
    for words in (
        ["check", str(tmp_path / "jeu")],
        ["export", str(tmp_path / "jeu"), "--out", str(tmp_path / "x.xlsx")],
        ["build", "--dataset", str(tmp_path / "jeu"), "--out", str(tmp_path / "livre")],
        ["figure", "trajectory", "--case", "A", "--dataset", str(tmp_path / "jeu"), "--out", str(tmp_path / "f.svg")],
    ):
        assert main(words) == 2, words
        assert "fichier de clé" in capsys.readouterr().err
    assert not (tmp_path / "x.xlsx").exists()


# Names in text -----------------------------------------------------------------------------------------------------

PEOPLE = [
    ("Fatima", "Benali", "Mme A"), ("Jean-Luc", "Van den Broeck", "M. B"), ("Ömer", "Yıldız", "M. C"),
    ("Oksana", "Шевченко", "Mme D"), ("Chloé", "D’Hondt", "Fille E"), ("Ngọc", "Œuvrard", "Personne F"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Fatima BENALI pleure.", "Mme A pleure."),
        ("Mme Benali, Madame benali et Mme. BÉNALI", "Mme A, Mme A et Mme A"),
        ("Benali Fatima ; BENALI-FATIMA", "Mme A ; Mme A"),
        ("Jean Luc et Jean-Luc Vandenbroeck", "M. B et M. B"),
        ("l’école d’Ömer, qu’Omer aime", "l’école de M. C, que M. C aime"),
        ("M. Yildiz", "M. C"),
        ("Oksana ШЕВЧЕНКО", "Mme D"),
        ("chez les dhondt", "chez les Fille E"),
        ("OEUVRARD", "Personne F"),
        (
            "site.be/Fatima%20Benali%20hier, benali_2, Fa\u00adtima&nbsp;Ben\u200bali",
            "site.be/Mme A%20hier, Mme A_2, Mme A",
        ),
        ("Fatimatou, Benalia, jeanne, van, den, Lucarne", "Fatimatou, Benalia, jeanne, van, den, Lucarne"),
        ("", ""),
    ],
)
def test_a_name_is_found_however_it_is_written(text: str, clean: str) -> None:
    known = known_names(PEOPLE, "[nom]", {})
    assert known is not None
    assert known.replace(text)[0] == clean


@given(before=st.text(max_size=12), after=st.text(max_size=12))
def test_around_a_name_nothing_changes(before: str, after: str) -> None:
    known = known_names([("", "Qwertzu", "M. X")], "[nom]", {})
    assert known is not None
    text = f"{before} . Qwertzu . {after}"
    assert known.replace(text)[0] == f"{before} . M. X . {after}"


def test_a_name_that_two_bear_is_nobody_s() -> None:
    known = known_names([("Ali", "Kaya", "M. A"), ("Ali", "Demir", "M. B")], "[nom]", {})
    assert known is not None
    assert known.replace("Ali Kaya parle à Ali.")[0] == "M. A parle à [nom]."


def test_without_identifying_columns_nothing_changes(tmp_path: Path) -> None:
    write_workbook(clss.read("data/publication"), tmp_path / "x.xlsx")
    pages, changes = pseudonymise(read_workbook(tmp_path / "x.xlsx"), new_key())
    assert changes == []
    assert records_of_pages(pages).persons.equals(clss.read("data/publication").persons)
