"""The workbook in LibreOffice: filled in there, it becomes a dataset; its live verdict is the intake rule's."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pandas as pd
from calc import type_in
from records_sample import sound_rows, write_rows

from clss_analysis.cli import main
from clss_analysis.records import intake_verdict, read
from clss_analysis.records.schema import table_names
from clss_analysis.records.vocabulary import codes
from clss_analysis.records.workbook import blank_records, open_workbook, write_workbook
from clss_analysis.records.workbook.pages import letter_of
from clss_analysis.records.workbook.plan import EXAMPLE, FIRST, HEADER, columns, sheet_names

LETTER = {
    table: {column.name: letter_of(place) for place, column in enumerate(columns(table, "fr"))}
    for table in table_names()
}


def at(table: str, column: str, row: int) -> str:
    return f"{LETTER[table][column]}{row}"


def test_a_workbook_filled_in_libreoffice_becomes_a_dataset(tmp_path: Path, capsys) -> None:
    book = tmp_path / "depart.xlsx"
    write_workbook(blank_records(), book)
    typed: list[tuple[str, str, str | int]] = []
    for row, cells in enumerate(
        ({"id": "accord", "label": "Peut être raconté", "scope": "raconté et compté", "granted": "2024-01"},),
        start=FIRST,
    ):
        typed += [("Consentements", at("consents", name, row), cell) for name, cell in cells.items()]
    household = {
        "id": "007", "household_type": "mère seule avec enfants", "intake": "2023-11", "consent": "accord",
        "summary": "=1+1 ; Benali n’a plus d’eau chaude", "address": "Rue du Moulin 3, 1080 Molenbeek",
    }  # fmt: skip
    typed += [("Ménages", at("households", name, FIRST), cell) for name, cell in household.items()]
    persons = (
        {"id": "007-1", "household": "007", "role": "mère", "gender": "femme", "life": "en vie", "index": "oui",
         "residence": "vit dans le ménage", "given_name": "Amina", "family_name": "Benali",
         "birth_date": "12/05/1990"},
        {"id": "007-2", "household": "007", "role": "fils", "gender": "homme", "age": 7, "life": "en vie",
         "residence": "vit dans le ménage"},
    )  # fmt: skip
    for row, cells in enumerate(persons, start=FIRST):
        typed += [("Personnes", at("persons", name, row), cell) for name, cell in cells.items() if name != "label"]
    typed += [("Personnes", at("persons", "label", FIRST + 1), "Le fils d’Amina")]
    typed += [("Filiations", at("filiations", "household", FIRST), "007")]
    typed += [("Filiations", at("filiations", "parent", FIRST), "007-1")]
    typed += [("Filiations", at("filiations", "child", FIRST), "007-2")]
    typed += [("Filiations", at("filiations", "kind", FIRST), "naissance")]
    typed += [("Critères", at("criteria", "household", FIRST), "007")]
    typed += [
        ("Critères", at("criteria", "met", FIRST + step), word) for step, word in enumerate(("oui", "non", "oui"))
    ]
    type_in(tmp_path, book, tmp_path / "rempli.xlsx", typed)
    out = tmp_path / "dossiers"
    assert main(["import", str(tmp_path / "rempli.xlsx"), "--out", str(out)]) == 0
    records = read(out)
    assert records.households["id"].tolist() == ["007"]
    assert records.households["label"].tolist() == ["Mme A"]
    assert records.households["neighbourhood"].tolist() == ["Molenbeek-Saint-Jean"]
    assert records.households["summary"].tolist() == ["=1+1 ; Mme A n’a plus d’eau chaude"]
    assert records.persons["label"].tolist() == ["Mme A", "Le fils de Mme A"]
    assert records.persons["age"].tolist() == [33, 7]
    assert records.criteria["met"].tolist() == [True, False, True]
    assert "Benali" not in "".join(path.read_text(encoding="utf-8") for path in out.iterdir())
    assert "Benali" not in "".join(capsys.readouterr())
    assert main(["check", str(out)]) == 0
    assert main(["build", "--dataset", str(out), "--out", str(tmp_path / "livre"), "--formats", "html"]) == 0
    page = (tmp_path / "livre" / "menages.html").read_text(encoding="utf-8")
    assert "Mme A" in page
    assert not [path for path in (tmp_path / "livre").rglob("*.*") if b"Benali" in path.read_bytes()]


TYPED_FAULTS: tuple[tuple[str, str, int, str | int, str], ...] = (
    ("households", "household_type", FIRST, "tribu", "code inconnu"),
    ("households", "intake", FIRST + 1, "hiver 2023", "un mois s’écrit AAAA-MM"),
    ("households", "closing", FIRST, "2019-01", "la fin précède le début"),
    ("households", "consent", FIRST, "CO9", "aucune ligne de Consentements"),
    ("households", "mark", FIRST + 2, "x", "seule la marque"),
    ("households", "neighbourhood", HEADER, "Coin", "ce titre de colonne n’est pas du classeur"),
    ("households", "income", EXAMPLE, "travail", "la ligne est marquée comme exemple mais a été remplie"),
    ("persons", "role", FIRST, "", "la cellule ne peut pas être vide"),
    ("persons", "age", FIRST + 1, "trente", "un nombre entier est attendu"),
    ("persons", "age", FIRST, 150, "la valeur doit être au plus 120"),
    ("persons", "index", FIRST + 2, "peut-être", "oui ou non est attendu"),
    ("persons", "id", FIRST + 5, "A1", "cet identifiant est déjà pris"),
    ("persons", "id", FIRST + 4, "B 1", "un identifiant s’écrit avec 1 à 32 lettres"),
    ("persons", "household", FIRST + 4, "Z", "aucune ligne de Ménages n’a cet identifiant"),
    ("couples", "partner_b", FIRST, "A1", "ne peut pas être lié à soi-même"),
    ("filiations", "kind", FIRST, "voisinage", "code inconnu"),
    ("criteria", "assessed", FIRST, "2023-13", "un mois s’écrit AAAA-MM"),
    ("events", "order", FIRST, "premier", "un nombre entier est attendu"),
    ("events", "household", FIRST, "Z9", "aucune ligne de Ménages n’a cet identifiant"),
    ("actors", "source", FIRST, "synthetic", "une ligne synthétique exige"),
    ("consents", "scope", FIRST, "tout", "code inconnu"),
    ("ties", "to_actor", FIRST, "X1", "ce bout du lien est à la fois"),
)


def test_twenty_kinds_of_fault_typed_in_libreoffice_are_named_by_sheet_row_and_column(tmp_path: Path, capsys) -> None:
    rows = sound_rows()
    rows["events"] = [{"id": "E1", "household": "A", "order": "1", "kind": "contact", "lane": "support",
                       "label": "Vu", "source": "essai", "reading": "false"}]  # fmt: skip
    write_workbook(read(write_rows(tmp_path / "jeu", rows)), tmp_path / "juste.xlsx")
    typed = [(sheet_names("fr")[table], at(table, column, row), text) for table, column, row, text, _ in TYPED_FAULTS]
    type_in(tmp_path, tmp_path / "juste.xlsx", tmp_path / "faux.xlsx", typed)
    assert len(TYPED_FAULTS) >= 20
    assert main(["import", str(tmp_path / "faux.xlsx"), "--out", str(tmp_path / "sorti")]) == 2
    told = capsys.readouterr().err.replace("\u202f", " ").splitlines()
    for table, column, row, _, rule in TYPED_FAULTS:
        letter = LETTER[table]["mark" if row == EXAMPLE else column]
        where = f"faux.xlsx, feuille « {sheet_names('fr')[table]} », ligne {row}, colonne {letter}"
        assert [line for line in told if line.startswith(where) and rule in line], (where, rule, told)
    for word in ("tribu", "hiver", "trente", "peut-être", "voisinage", "2023-13", "Coin", "CO9"):
        assert not [line for line in told if word in line]
    assert not (tmp_path / "sorti").exists()


def test_the_live_verdict_is_the_intake_rule(tmp_path: Path) -> None:
    """All 3⁵ grids; an empty template has room for 60 households, so that they come in five workbooks."""
    book = tmp_path / "depart.xlsx"
    write_workbook(blank_records(), book)
    grids = list(product((True, False, None), repeat=len(codes("criterion"))))
    outcome = {True: "admissible", False: "non admissible", None: "pas encore décidable"}
    for start in range(0, len(grids), 58):
        some = grids[start : start + 58]
        typed: list[tuple[str, str, str | int]] = []
        for number, grid in enumerate(some):
            row = FIRST + 5 * number
            typed.append(("Critères", at("criteria", "household", row), f"M{number}"))
            for step, met in enumerate(grid):
                if met is not None:
                    typed.append(("Critères", at("criteria", "met", row + step), "oui" if met else "non"))
        filled = tmp_path / f"grilles-{start}.xlsx"
        type_in(tmp_path, book, filled, typed)
        sheet = next(sheet for sheet in open_workbook(filled) if sheet.name == "Critères")
        place = [column.name for column in columns("criteria", "fr")].index("verdict")
        for number, grid in enumerate(some):
            verdict = intake_verdict(pd.DataFrame({"criterion": codes("criterion"), "met": grid}))
            shown = sheet.rows[FIRST - 1 + 5 * number][place]
            assert shown == f"{outcome[verdict.eligible]} ({verdict.met}/5)", grid
