"""Numbers, truths, merged cells and formulas as spreadsheet programs of several languages leave them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from clss_analysis.records import InvalidRecordsError
from clss_analysis.records.workbook import blank_records, read_workbook, records_of_pages, write_workbook
from clss_analysis.records.workbook.pages import as_text, is_ambiguous
from clss_analysis.records.workbook.plan import FIRST, Column, columns, sheet_names

NUMBER = Column("value", "Valeur", "", "number")
TRUTH = Column("index", "Index", "", "boolean")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("53 000", "53000"),
        ("53\u202f000,5", "53000.5"),
        ("53’000", "53000"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("53.000,50", "53000.50"),
        ("53,000.50", "53000.50"),
        ("0,125", "0.125"),
        ("53,5", "53.5"),
        ("-2.5", "-2.5"),
        ("1234.567", "1234.567"),
        ("12 3", "12 3"),
        ("1.23.456", "1.23.456"),
    ],
)
def test_a_number_is_read_as_its_language_writes_it(cell: str, text: str) -> None:
    assert not is_ambiguous(cell)
    assert as_text(cell, NUMBER, "fr") == text


@pytest.mark.parametrize("cell", ["53.000", "1,250", " 7.125 ", "-999,000"])
def test_a_number_that_two_languages_read_otherwise_is_not_guessed(cell: str) -> None:
    assert is_ambiguous(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("VRAI", "true"),
        ("Faux", "false"),
        ("Ja", "true"),
        ("nee", "false"),
        ("OUI", "true"),
        ("WAAR", "true"),
        ("ONWAAR", "false"),
        ("TRUE", "true"),
        (False, "false"),
    ],
)
def test_a_truth_is_read_in_three_languages(cell: object, text: str) -> None:
    assert {as_text(cell, TRUTH, lang) for lang in ("fr", "nl", "en")} == {text}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("nov-23", "2023-11"), ("mrt-24", "2024-03"), ("août 2019", "2019-08"), ("Sept. 07", "2007-09"),
        ("11/2023", "2023-11"), ("2023/4", "2023-04"), ("jui-23", "jui-23"), ("nov-63", "nov-63"),
        ("12/11/2023", "12/11/2023"), ("13/2023", "13/2023"),
    ],
)  # fmt: skip
def test_a_month_is_read_as_its_language_writes_it(cell: str, text: str) -> None:
    assert {as_text(cell, Column("start", "", "", "any"), lang) for lang in ("fr", "nl", "en")} == {text}


def filled(tmp_path: Path, change: Callable[[openpyxl.Workbook], None]) -> Path:
    """A workbook of two persons in one household, and what is done to it."""
    path = tmp_path / "dossiers.xlsx"
    write_workbook(blank_records(), path)
    book = openpyxl.load_workbook(path)
    put(book, "consents", FIRST, {"id": "c", "label": "accord", "scope": "counted"})
    put(book, "households", FIRST, {"id": "M1", "label": "Mme A", "household_type": "lone_mother", "consent": "c"})
    for row, role in enumerate(("mother", "daughter"), start=FIRST):
        cells = {"id": f"M1-{row}", "household": "M1", "label": f"P{row}", "role": role, "age": "30", "life": "alive"}
        put(book, "persons", row, cells | {"residence": "household", "index": "oui" if row == FIRST else "non"})
    change(book)
    book.save(path)
    return path


def put(book: openpyxl.Workbook, table: str, row: int, cells: dict[str, str]) -> None:
    for name, cell in cells.items():
        book[sheet_names("fr")[table]].cell(row, place(table, name)).value = cell


def place(table: str, name: str) -> int:
    return [column.name for column in columns(table, "fr")].index(name) + 1


def rules(path: Path) -> list[tuple[int | None, str]]:
    with pytest.raises(InvalidRecordsError) as refused:
        records_of_pages(read_workbook(path))
    return [(fault.row, fault.rule) for fault in refused.value.faults]


@pytest.mark.parametrize("name", ["household", "residence", "age"])
def test_what_stands_in_a_merged_cell_holds_for_every_row_under_it(name: str, tmp_path: Path) -> None:
    column = place("persons", name)
    ends = {"start_row": FIRST, "end_row": FIRST + 1, "start_column": column, "end_column": column}
    path = filled(tmp_path, lambda book: book["Personnes"].merge_cells(**ends))
    records = records_of_pages(read_workbook(path))
    assert records.persons[name].notna().all()
    assert records.persons[name].nunique() == 1


@pytest.mark.parametrize(("name", "formula"), [("household", "=$C$5"), ("label", '=B6&""')])
def test_a_formula_saved_without_its_value_is_said_as_such(name: str, formula: str, tmp_path: Path) -> None:
    found = rules(filled(tmp_path, lambda book: put(book, "persons", FIRST + 1, {name: formula})))
    assert [row for row, _ in found] == [FIRST + 1]
    assert "sans son résultat" in found[0][1]


@pytest.mark.parametrize("formula", ['=IF($C$5="","",$C$5)', '=IF(C5="","",C5)'])
def test_what_the_formula_of_our_grids_shows_is_known_without_its_value(formula: str, tmp_path: Path) -> None:
    path = filled(tmp_path, lambda book: put(book, "persons", FIRST + 1, {"household": formula}))
    assert records_of_pages(read_workbook(path)).persons["household"].tolist() == ["M1", "M1"]


def test_an_ambiguous_number_names_its_cell_and_nothing_of_it(tmp_path: Path) -> None:
    found = rules(filled(tmp_path, lambda book: put(book, "persons", FIRST, {"age": "1.030"})))
    assert [row for row, _ in found] == [FIRST]
    assert "de deux façons" in found[0][1]
    assert "1.030" not in found[0][1]


@pytest.mark.parametrize(("told", "whole"), [("33.0", "33"), ("9,00", "9"), ("33.5", "33.5"), ("40", "40")])
def test_a_whole_number_may_have_a_point_and_zeros(told: str, whole: str) -> None:
    assert as_text(told, Column("age", "", "", "integer"), "fr") == whole


@pytest.mark.parametrize(
    ("woman", "man", "encoding", "mark"),
    [("female", "Male", "utf-16", "\t"), ("Mevr.", "dhr", "cp1252", ";"), ("V", "M", "utf-8-sig", ",")],
)
def test_a_table_of_their_own_may_be_in_any_encoding_and_language(
    woman: str, man: str, encoding: str, mark: str, tmp_path: Path
) -> None:
    rows = [["Gezin nr", "Voornaam", "Sex", "Rol"], ["G1", "Zoë", woman, "moeder"], ["G1", "Léo", man, "zoon"]]
    path, mapping = tmp_path / "t.csv", tmp_path / "mapping.toml"
    path.write_bytes("\r\n".join(mark.join(row) for row in rows).encode(encoding))
    with pytest.raises(InvalidRecordsError):
        read_workbook(path, mapping, "nl")
    lines = read_workbook(path, mapping, "nl").tables["persons"].lines
    assert [(each.cells["household"], each.cells["gender"], each.cells["role"]) for each in lines] == [
        ("G1", "woman", "mother"),
        ("G1", "man", "son"),
    ]
    assert [each.identifying["given_name"] for each in lines] == ["Zoë", "Léo"]
