"""The workbook in LibreOffice: filled in there, it becomes a dataset; its live verdict is the intake rule's."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pandas as pd
from calc import type_in

from clss_analysis.cli import main
from clss_analysis.records import intake_verdict, read
from clss_analysis.records.vocabulary import codes
from clss_analysis.records.workbook import new_dataset, open_workbook
from clss_analysis.records.workbook.cells import letter_of
from clss_analysis.records.workbook.plan import FIRST, columns

LETTER = {
    table: {column.name: letter_of(place) for place, column in enumerate(columns(table, "fr"))}
    for table in ("households", "persons", "couples", "filiations", "criteria", "consents", "events")
}


def at(table: str, column: str, row: int) -> str:
    return f"{LETTER[table][column]}{row}"


def test_a_workbook_filled_in_libreoffice_becomes_a_dataset(tmp_path: Path, capsys) -> None:
    book = new_dataset(tmp_path / "depart")
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


def test_the_live_verdict_is_the_intake_rule(tmp_path: Path) -> None:
    """All 3⁵ grids; an empty template has room for 60 households, so that they come in five workbooks."""
    book = new_dataset(tmp_path / "depart")
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
