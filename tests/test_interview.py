"""The workbook of an interview: few sheets, her words, no number typed, and the tables that come of it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from clss_analysis.cli import main
from clss_analysis.privacy.key_file import new_key
from clss_analysis.privacy.pseudonyms import pseudonymise
from clss_analysis.publish.new_house import new_house
from clss_analysis.records import InvalidRecordsError, Records, read
from clss_analysis.records.schema import MONTH_OR_YEAR, MONTHS, table_names
from clss_analysis.records.vocabulary import LANGUAGES
from clss_analysis.records.workbook import read_workbook, records_of_pages, write_interview
from clss_analysis.records.workbook.completion import unlisted
from clss_analysis.records.workbook.interview import entries, listed, sheet_titles
from clss_analysis.records.workbook.pages import folded
from clss_analysis.records.workbook.plan import CITED

Cells = tuple[str, str, int, dict[str, object]]
"""Sheet, household, which of its rows from 1, cells by title."""

HOME = "Logement et santé"
SMALL: tuple[Cells, ...] = (
    ("Ménage", "M1", 1, {"Accord": "raconté et compté", "Accord donné": "03/2024", "Issue": "accompagnement en cours"}),
    ("Personnes", "M1", 1, {"Prénom": "Awa", "Qui est-ce": "mère", "Nom de famille": "Sow", "Né·e le": "05/06/1990"}),
    ("Personnes", "M1", 2, {"Prénom": "Ibra", "Qui est-ce": "fils", "Âge": "2 ans", "Ses parents": "M1-1 – Awa, mère"}),
    ("Personnes", "M1", 3, {"Prénom": "Lila", "Qui est-ce": "fille", "Âge": "8 mois", "Ses parents": "Awa et Modou"}),
    ("Personnes", "M1", 4, {"Prénom": "Modou", "Qui est-ce": "père", "Où": "vit ailleurs", "En couple avec": "Awa",
                            "Union": "séparation", "Union jusqu’à": "2022"}),
    ("Grille", "M1", 1, {"1.": "oui", "2.": "oui", "5.": "oui", "Indices 1": "Awa ne dort plus"}),
    (HOME, "M1", 1, {"Quoi": "9 Logement précaire : menace d’expulsion", "Depuis": "janv. 2024"}),
    (HOME, "M1", 2, {"Quoi": "troubles du sommeil", "Qui": "Awa", "Depuis": "2023"}),
    ("Parcours", "M1", 1, {"Quand": "12/03/2024", "Quoi": "premier contact"}),
    ("Parcours", "M1", 2, {"Quand": "28 avril 2024", "Quoi": "jugement", "Avec quel service": "justice de paix"}),
    ("Autour d’eux", "M1", 1, {"Service ou personne": "CPAS", "Avec qui": "Awa", "Secteur": "aide sociale",
                               "Qui s’adresse à qui": "ils s’adressent à lui"}),
    ("Autour d’eux", "M1", 2, {"Service ou personne": "Justice de paix", "Qui s’adresse à qui": "il s’adresse à eux"}),
    ("Ménage", "M2", 1, {"Accord": "compté seulement", "Accord donné": "2024-05"}),
    ("Personnes", "M2", 1, {"Prénom": "Piet", "Qui est-ce": "père", "Né·e le": "1985"}),
    ("Personnes", "M2", 2, {"Prénom": "Rosa", "Qui est-ce": "mère", "Âge": 36, "En couple avec": "Piet",
                            "Union": "mariage"}),
    ("Personnes", "M2", 3, {"Qui est-ce": "enfant", "En vie": "à naître", "Ses parents": "Piet et Rosa"}),
    (HOME, "M2", 1, {"Quoi": "salubrité : humidité", "Précision": "La chambre de Rosa"}),
    (HOME, "M2", 2, {"Quoi": "aucun symptôme rapporté"}),
    ("Parcours", "M2", 1, {"Quand": "05/2024", "Quoi": "premier contact"}),
    ("Autour d’eux", "M2", 1, {"Service ou personne": "cpas ", "Avec qui": "Piet"}),
    ("But et actions", "M2", 1, {"Niveau": "but", "Texte": "Un logement sec"}),
    ("But et actions", "M2", 2, {"Niveau": "objectif", "Texte": "Faire constater l’humidité"}),
    ("But et actions", "M2", 3, {"Niveau": "action", "Texte": "Demander une visite", "Avancement": "en cours"}),
    ("Personnes", "M3", 1, {"Prénom": "Zoé", "Qui est-ce": "adulte", "Genre": "femme", "Âge": 50}),
    ("Parcours", "M3", 1, {"Quand": "06/2024", "Quoi": "premier contact"}),
    ("Paroles", "M3", 1, {"Qui parle": "M3-1 – Zoé, adulte", "Texte": "« Ici on m’écoute. »",
                          "Cadre": "accompagnement individuel", "Forme": "mot pour mot"}),
)  # fmt: skip


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("interview") / "dossiers.xlsx"
    write_interview(path)
    return path


def typed(empty: Path, path: Path, cells: Iterable[Cells]) -> int:
    """Type cells into the rows of a household, as its sheet shows them; gives how many."""
    book, count = openpyxl.load_workbook(empty), 0
    for name, home, which, told in cells:
        sheet = book[name]
        titles = {str(cell.value): cell.column for cell in sheet[3]}
        row = [cell.row for cell in sheet["A"] if cell.value == home][which - 1]
        for title, value in told.items():
            place = titles.get(title) or next(column for each, column in titles.items() if each.startswith(title))
            sheet.cell(row, place).value = value
            count += 1
    book.save(path)
    return count


def records_in(path: Path) -> Records:
    pages = read_workbook(path)
    return records_of_pages(pseudonymise(pages, new_key())[0])


def test_what_she_typed_is_what_the_tables_hold(empty: Path, tmp_path: Path) -> None:
    typed(empty, tmp_path / "d.xlsx", SMALL)
    records = records_in(tmp_path / "d.xlsx")
    assert records.households["id"].tolist() == ["M1", "M2", "M3"]
    assert records.households["label"].tolist() == ["Mme A", "M. E", "Mme G"]
    assert records.households["household_type"].tolist() == ["lone_mother", "couple", "single"]
    assert [str(each) for each in records.households["intake"]] == ["2024-03", "2024-05", "2024-06"]
    people = records.persons.set_index("id")
    assert people.loc[["M1-2", "M1-3"], "age"].tolist() == [2, 0]
    assert people["gender"].dropna().tolist() == ["woman", "man", "woman", "man", "man", "woman", "woman"]
    assert people.loc["M1-4", ["residence", "index"]].tolist() == ["elsewhere", False]
    assert pd.isna(people.loc["M1-4", "life"]), "of who lives elsewhere nobody said it"
    assert people.loc["M2-3", "life"] == "expected"
    assert people.loc[people["index"], "label"].tolist() == ["Mme A", "M. E", "Mme G"]
    parents = sorted(zip(records.filiations["parent"], records.filiations["child"], strict=True))
    assert parents == [("M1-1", "M1-2"), ("M1-1", "M1-3"), ("M1-4", "M1-3"), ("M2-1", "M2-3"), ("M2-2", "M2-3")]
    assert records.couples["end:year"].tolist()[0] == 2022
    assert records.criteria["criterion"].tolist() == ["psychological_impact", "other_domains", "eviction"]
    assert records.criteria["evidence"].tolist()[0] == "Mme A ne dort plus"
    assert str(records.situations["start"].iloc[0]) == "2024-01"
    slept = records.health_impacts.iloc[0]
    assert [slept["domain"], slept["person"], slept["detail"]] == ["mental_health", "M1-1", "depuis 2023"]
    assert records.health_impacts.iloc[1:]["domain"].tolist() == ["mental_health", "physical_health"]
    assert records.housing_problems["detail"].tolist() == ["La chambre de Mme F"]
    assert records.events["lane"].tolist() == ["support", "justice", "support", "support"]
    assert records.events["actor"].dropna().tolist() == ["M1-s2"]
    assert records.actors["label"].tolist() == ["CPAS", "Justice de paix"]
    ties = records.ties.astype(object).where(records.ties.notna(), "")
    ends = ["from_person", "from_actor", "to_person", "to_actor", "direction"]
    assert ties[ends].to_numpy().tolist() == [
        ["M1-1", "", "", "M1-s1", "one_way"],
        ["", "M1-s2", "", "", "one_way"],
        ["M2-1", "", "", "M1-s1", "unknown"],
    ]
    assert records.relevance_nodes["parent"].fillna("").tolist() == ["", "M2-b1", "M2-b2"]
    assert records.statements["speaker"].tolist() == ["Mme G"]
    assert records.consents["scope"].tolist() == ["told", "counted"]
    assert records.households["consent"].fillna("").tolist() == ["accord-M1", "accord-M2", ""]


def test_three_small_households_take_half_of_the_cells_and_no_id(empty: Path, tmp_path: Path) -> None:
    count = typed(empty, tmp_path / "d.xlsx", SMALL)
    records = records_in(tmp_path / "d.xlsx")
    by_itself = {"source", "reading", "order"}
    before = sum(
        int(records.table(table)[name].notna().sum())
        for table in table_names()
        for name in records.table(table).columns
        if name not in by_itself and not (name == "id" and table not in CITED)
    )
    named = sum(title in ("Prénom", "Nom de famille", "Né·e le") for *_, told in SMALL for title in told)
    assert count <= 205
    assert 2 * count <= before + named, (count, before + named)
    assert not {title for *_, told in SMALL for title in told} & {"Ménage", "N°", "Identifiant"}


FAULTS: tuple[tuple[Cells, str, str], ...] = (
    (("Personnes", "M1", 2, {"Ses parents": "Awaa"}), "ligne 5, colonne J « Ses parents »", "choisissez-la dans la"),
    (("Personnes", "M2", 1, {"En couple avec": "Awa"}), "ligne 16, colonne M « En couple avec »", "dans ce ménage"),
    (("Personnes", "M1", 2, {"Qui est-ce": "filles"}), "ligne 5, colonne D « Qui est-ce »", "dire « fille »"),
    (("Personnes", "M1", 1, {"Né·e le": "au printemps"}), "ligne 4, colonne G « Né·e le »", "date"),
    (("Grille", "M1", 1, {"2.": "peut-être"}), "ligne 4, colonne D « 2.", "oui ou non est attendu"),
    ((HOME, "M1", 2, {"Quoi": "troubles du someil"}), "ligne 5, colonne C « Quoi »", "« troubles du sommeil »"),
    ((HOME, "M2", 5, {"Précision": "humide"}), "ligne 20, colonne C « Quoi »", "ne peut pas être vide"),
    (("Parcours", "M1", 1, {"Quand": "cet hiver"}), "ligne 4, colonne C « Quand »", "un mois s’écrit"),
    (("Parcours", "M1", 2, {"Avec quel service": "tribunal"}), "ligne 5, colonne H « Avec quel service »", "comme là"),
    (("Autour d’eux", "M1", 1, {"Qui s’adresse à qui": "l’un l’autre"}), "ligne 4, colonne F « Qui", "codes admis"),
)  # fmt: skip


@pytest.mark.parametrize(("wrong", "place", "rule"), FAULTS, ids=[each[1] for each in FAULTS])
def test_a_fault_is_told_where_she_typed_it(wrong: Cells, place: str, rule: str, empty: Path, tmp_path: Path) -> None:
    typed(empty, tmp_path / "d.xlsx", (*SMALL, wrong))
    pages = read_workbook(tmp_path / "d.xlsx")
    with pytest.raises(InvalidRecordsError) as refusal:
        records_of_pages(pseudonymise(pages, new_key())[0])
    (told,) = [str(each).replace("\u202f", " ") for each in refusal.value.faults]
    assert told.startswith(f"d.xlsx, feuille « {wrong[0]} », {place}"), told
    assert rule in told
    assert not any(str(value) in told for value in wrong[3].values())


def test_names_are_shown_in_lists_and_rows_keep_their_numbers(empty: Path) -> None:
    book = openpyxl.load_workbook(empty)
    visible = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    assert visible == ["Lisez-moi", *sheet_titles("fr").values()]
    people = book["Personnes"]
    assert [people.cell(4, place).value for place in (1, 2)] == ["M1", "M1-1"]
    lists = {
        str(rule.sqref): rule.formula1
        for sheet in book
        for rule in sheet.data_validations.dataValidation
        if sheet.title == "Personnes" and rule.formula1 and "gens" in rule.formula1
    }
    assert lists["J4:J15"] == "gens_M1"
    assert "Personnes" in book.defined_names["gens_M1"].attr_text
    letters = {cell.column_letter for cell in people[4] if str(cell.value).startswith("=IF($C4&$D4")}
    assert {letter in book.defined_names["gens_M1"].attr_text for letter in letters} == {True}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_titles_and_words_can_be_told_apart_in_every_language(lang: str, tmp_path: Path) -> None:
    write_interview(tmp_path / "a.xlsx", lang)
    write_interview(tmp_path / "b.xlsx", lang)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    pages = read_workbook(tmp_path / "a.xlsx")
    assert not pages.faults
    assert not pages.columns_left
    assert not any(page.lines for page in pages.tables.values())
    for sheet, name in sheet_titles(lang).items():
        assert len(name) <= 31
        across = entries(sheet, lang)
        assert len({folded(each.title) for each in across}) == len(across)
        assert all(each.help and len(each.help) <= 255 for each in across), sheet
    assert len({folded(word) for word in listed(lang)}) == len(listed(lang))


def test_the_second_month_is_an_update(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    """A first name corrected, somebody in another household, a row taken away, a row between, a household more."""
    house = new_house(tmp_path / "maison").folder
    monkeypatch.chdir(house)
    book = house / "dossiers.xlsx"
    typed(book, book, SMALL)
    assert main(["import", "dossiers.xlsx"]) == 0
    before = read("records").persons.set_index("id")["label"].to_dict()
    later = openpyxl.load_workbook(book)
    people = later["Personnes"]
    people["C4"] = "Awatif"  # corrected here, and not where she is cited by her first name
    people["A5"] = "M3"  # Ibra lives with Zoé now, and keeps his number
    people["J5"] = None
    for place in range(1, 27):  # Rosa's row is taken away, and with it who cites her
        people.cell(17, place).value = None
    people["J18"] = "Piet"
    people["C40"], people["D40"] = "Nour", "mère"  # the first row of a fourth household
    later[HOME].insert_rows(5)
    later[HOME]["C5"] = "angoisse, crises d’angoisse"
    later[HOME]["D6"] = "M1-1 – Awa, mère"
    later["Autour d’eux"]["E4"] = "M1-1 – Awa, mère"
    people["M7"], people["J6"] = "M1-1 – Awa, mère", "M1-1"
    later.save(book)
    capsys.readouterr()
    assert main(["import", "dossiers.xlsx"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert main(["import", "dossiers.xlsx", "--yes"]) == 0
    told = capsys.readouterr().out
    assert "Personnes : nouveau M4-1 ; changé M1-2 ; parti M2-2" in told.replace("\u202f", " ")
    records = read("records")
    after = records.persons.set_index("id")["label"].to_dict()
    assert {key: after[key] for key in before if key in after} == {key: before[key] for key in before if key != "M2-2"}
    assert records.persons.set_index("id").loc["M1-2", "household"] == "M3"
    anxious = records.health_impacts[records.health_impacts["symptom"] == "anxiety"]
    assert anxious["household"].tolist() == ["M1"]
    assert main(["undo"]) == 0
    assert read("records").persons.set_index("id")["label"].to_dict() == before


def test_faults_are_coloured_in_a_copy_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    house = new_house(tmp_path / "maison").folder
    monkeypatch.chdir(house)
    typed(house / "dossiers.xlsx", house / "dossiers.xlsx", (*SMALL, *(each for each, _, _ in FAULTS[:3])))
    assert main(["import", "dossiers.xlsx"]) == 2
    capsys.readouterr()
    copy = openpyxl.load_workbook(house / "dossiers-a-corriger.xlsx")
    marked = {cell.coordinate for row in copy["Personnes"].iter_rows() for cell in row if cell.comment}
    assert marked == {"J5", "M16", "D5"}


def test_nobody_is_meant_by_a_name_that_two_bear(empty: Path, tmp_path: Path) -> None:
    twice = (
        ("Personnes", "M1", 1, {"Prénom": "Mina", "Qui est-ce": "mère"}),
        ("Personnes", "M1", 2, {"Prénom": "Mina", "Qui est-ce": "fille", "Ses parents": "Mina"}),
    )
    typed(empty, tmp_path / "d.xlsx", twice)
    assert [str(each.column)[:1] for each in read_workbook(tmp_path / "d.xlsx").faults] == ["J"]
    chosen = (*twice, ("Personnes", "M1", 2, {"Ses parents": "M1-1 – Mina, mère"}))
    typed(empty, tmp_path / "d.xlsx", chosen)
    assert records_in(tmp_path / "d.xlsx").filiations["parent"].tolist() == ["M1-1"]


def test_every_word_of_the_one_list_leads_to_one_table(empty: Path, tmp_path: Path) -> None:
    words = [*listed("fr").items()]
    assert not [pair for pair in combinations((folded(word) for word, _ in words), 2) if pair[0] == pair[1]]
    for start in range(0, len(words), 12):
        rows = [
            (HOME, f"M{start // 12 + 1}", place, {"Quoi": word})
            for place, (word, _) in enumerate(words[start : start + 12], start=1)
        ]
        typed(empty if not start else tmp_path / "d.xlsx", tmp_path / "d.xlsx", rows)
    pages = read_workbook(tmp_path / "d.xlsx")
    assert not pages.faults
    for table, code in dict(words).values():
        assert any(code in line.cells.values() for line in pages.tables[table].lines), code


def test_a_word_as_near_to_two_of_a_list_is_not_guessed() -> None:
    scopes = ["raconté et compté", "compté seulement"]
    assert "vouliez-vous dire" not in unlisted("compté", scopes, "fr")
    assert "vouliez-vous dire « raconté et compté »" in unlisted("raconté", scopes, "fr").replace("\u202f", " ")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_cell_asks_for_what_is_taken_there(lang: str) -> None:
    """A year alone is promised only where it is read; of names that fill themselves nothing of the grid is said."""
    columns = [each for sheet in sheet_titles(lang) for each in entries(sheet, lang)]
    months = {each.kind: each.help for each in columns if each.kind in MONTHS}
    assert "2022" in months[MONTH_OR_YEAR]
    assert "2022" not in months["yearmonth"]
    (given,) = {each.help for each in columns if each.name in ("family", "shown", "household")}
    assert given not in {each.help for each in columns if each.name == "verdict"}
