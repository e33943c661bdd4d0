"""Columns that an association adds: they travel wherever ours go, and pass the gate as they do."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from records_sample import accepted, sound_rows, write_rows

from clss_analysis.cli import main
from clss_analysis.privacy import NotClearedError, clear
from clss_analysis.privacy.review import decide, mask_all, undecided
from clss_analysis.publish.figure_data import rows_csv
from clss_analysis.publish.provenance import dictionary
from clss_analysis.records import InvalidRecordsError, Records, read, write
from clss_analysis.records.own_columns import own_fields
from clss_analysis.records.translations import translated
from clss_analysis.records.workbook import read_workbook, records_of_pages, write_workbook
from clss_analysis.records.workbook.plan import FIRST, HEADER
from clss_analysis.records.writing import files_of

Declared = dict[str, object]


def dataset(folder: Path, added: dict[str, list[tuple[Declared, list[str]]]]) -> Path:
    """The sound sample with columns of its own: by table, a declaration and the cells, the last one repeated."""
    write_rows(folder, sound_rows(), own={table: [field for field, _ in columns] for table, columns in added.items()})
    for table, columns in added.items():
        rows = list(csv.reader((folder / f"{table}.csv").read_text(encoding="utf-8").splitlines()))
        for field, cells in columns:
            for place, row in enumerate(rows):
                row.append(str(field["name"]) if place == 0 else cells[min(place, len(cells)) - 1])
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        (folder / f"{table}.csv").write_text(text.getvalue(), encoding="utf-8")
    return folder


def charges(folder: Path) -> Path:
    return dataset(folder, {
        "households": [
            ({"name": "x_charges", "type": "number", "title": "Charges", "disclosure": "quasi-identifier"},
             ["112.5", ""]),
            ({"name": "Garant trouvé", "type": "boolean", "description": "Quelqu'un se porte garant."}, ["true", ""]),
        ],
        "ties": [({"name": "x_langue", "type": "string", "constraints": {"enum": ["arabe", "rif"]}}, ["arabe", "rif"])],
    })  # fmt: skip


def meters(folder: Path) -> Path:
    return dataset(folder, {
        "persons": [({"name": "x_mot", "type": "string"}, ["Voir Monsieur Haddad demain", ""])],
        "events": [],
        "housing_problems": [
            ({"name": "releve", "type": "date", "title": "Relevé"}, ["2023-04-17"]),
            ({"name": "compteur", "type": "number"}, ["85073003328"]),
            ({"name": "mois", "type": "yearmonth"}, ["2023-05"]),
            ({"name": "visites", "type": "integer"}, ["3"]),
        ],
    })  # fmt: skip


def test_each_type_is_read_and_written_as_declared(tmp_path: Path) -> None:
    records, other = read(charges(tmp_path / "a")), read(meters(tmp_path / "b"))
    homes, problems = records.households, other.housing_problems
    assert homes["x_charges"].tolist() == [112.5, pd.NA]
    assert str(homes["x_charges"].dtype) == "Float64"
    assert homes["Garant trouvé"].tolist() == [True, pd.NA]
    assert records.case("A").ties["x_langue"].tolist() == ["arabe", "rif"]
    assert [str(problems[name][0]) for name in ("releve", "compteur", "mois", "visites")] == [
        "2023-04-17", "85073003328.0", "2023-05", "3",
    ]  # fmt: skip
    for each, name in ((records, "c"), (other, "d")):
        again = read(write(each, tmp_path / name))
        assert again.content == each.content
        assert files_of(again) == files_of(each)
        assert again.among(["A"]).own_fields == each.own_fields
    assert records.fields_that_are("households", "quasi-identifier")[-1] == "x_charges"
    assert records.content != records.with_tables(households=homes.assign(x_charges=homes["x_charges"] + 1)).content


@pytest.mark.parametrize(
    ("column", "cell", "rule"),
    [
        ("x_charges", "cent", "un nombre"), ("Garant trouvé", "oui", "true"), ("x_langue", "chinois", "arabe, rif"),
        ("releve", "2023-02-30", "AAAA-MM-JJ"), ("mois", "2023-13", "AAAA-MM"), ("visites", "3.5", "entier"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_a_fault_by_file_row_and_column(column: str, cell: str, rule: str, tmp_path: Path) -> None:
    makes = charges if column in ("x_charges", "Garant trouvé", "x_langue") else meters
    folder = makes(tmp_path / "jeu")
    (table,) = [path for path in folder.glob("*.csv") if column in path.read_text(encoding="utf-8").split("\n", 1)[0]]
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    rows[0][column] = cell
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    table.write_text(text.getvalue(), encoding="utf-8")
    with pytest.raises(InvalidRecordsError) as error:
        read(folder)
    (fault,) = error.value.faults
    assert (fault.file, fault.row, fault.column) == (table.name, 2, column)
    assert rule in fault.rule
    assert cell not in str(fault)


@pytest.mark.parametrize(
    "declared",
    [
        {"name": "a,b", "type": "string"}, {"name": "Intake", "type": "string"},
        {"name": "household", "type": "string"}, {"name": "phone", "type": "string"},
        {"name": "x", "type": "geojson"}, {"name": "x"},
        {"name": "x", "type": "string", "constraints": {"pattern": "(a+)+"}},
        {"name": "x", "type": "string", "vocabulary": "nulle-part"},
        {"name": "x", "type": "string", "vocabulary": "income", "constraints": {"enum": ["Mme Benali"]}},
        {"name": "x", "type": "integer", "constraints": {"minimum": "0"}},
        {"name": "x", "type": "string", "disclosure": "nothing"},
    ],
)  # fmt: skip
def test_a_declaration_that_is_not_sound_is_refused_and_not_carried(declared: Declared, tmp_path: Path) -> None:
    folder = write_rows(tmp_path / "jeu", sound_rows())
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"][1]["schema"]["fields"].insert(3, declared)
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    with pytest.raises(InvalidRecordsError) as error:
        read(folder)
    assert [fault.file for fault in error.value.faults] == ["datapackage.json"]
    assert own_fields(package) == {}


def test_an_undeclared_column_and_a_declared_one_that_is_missing_are_told(tmp_path: Path) -> None:
    folder = charges(tmp_path / "jeu")
    table = folder / "ties.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("x_langue", "x_lang", 1), encoding="utf-8")
    with pytest.raises(InvalidRecordsError) as error:
        read(folder)
    assert [(fault.file, fault.column) for fault in error.value.faults] == [
        ("ties.csv", None),
        ("ties.csv", "x_langue"),
    ]


def test_what_points_at_someone_in_an_own_column_stops_what_leaves_until_it_is_decided(tmp_path: Path) -> None:
    records = read(meters(tmp_path / "jeu"))
    found = {(each.table, each.column) for each in undecided(records)}
    wanted = {("persons", "x_mot"), ("housing_problems", "releve"), ("housing_problems", "compteur")}
    assert wanted <= found
    assert ("housing_problems", "visites") not in found
    with pytest.raises(NotClearedError):
        clear(records)
    masked = mask_all(records)
    assert "Haddad" not in str(masked.persons["x_mot"].tolist())
    assert masked.housing_problems[["releve", "compteur"]].isna().all(axis=None)
    assert read(write(masked, tmp_path / "masque")).own_fields == records.own_fields
    assert not {(each.table, each.column) for each in undecided(accepted(records))} & wanted
    read(write(accepted(records), tmp_path / "decide"))


def test_what_a_declaration_says_is_looked_through_too(tmp_path: Path) -> None:
    field = {"name": "x_note", "type": "string", "description": "Comme le veut Madame Peeters, rue du Ham 14."}
    records = read(dataset(tmp_path / "jeu", {"ties": [(field, ["", ""])]}))
    assert "ties.x_note" in {each.column for each in undecided(records)}
    assert "Peeters" not in str(mask_all(records).own_fields)


def test_a_name_of_a_column_that_tells_is_decided_like_an_id_and_masked_everywhere(tmp_path: Path) -> None:
    columns = {
        "persons": [({"name": "x_fadila_vanhoutte", "type": "string"}, ["Voir Monsieur Haddad", ""])],
        "ties": [({"name": "Accompagné par", "type": "string"}, ["oui"]), ({"name": "x_1", "type": "integer"}, [""]),
                 ({"name": "suivi Mertens", "type": "string"}, ["", "non"])],
    }  # fmt: skip
    records = read(dataset(tmp_path / "jeu", columns))
    asked = {(each.column, each.text) for each in undecided(records) if each.column.endswith(".*")}
    assert asked == {("persons.*", "x_fadila_vanhoutte"), ("ties.*", "suivi Mertens")}
    kept = replace(records, decisions=accepted(records).decisions)
    assert not undecided(kept)
    masks = {each.key: {each.finding: ""} for each in undecided(records) if each.column.endswith(".*")}
    once = decide(kept, (), masks)
    assert [str(each["name"]) for of in once.own_fields.values() for each in of] == [
        "x_1", "Accompagné par", "x_1", "x_2",
    ]  # fmt: skip
    assert once.persons["x_1"].tolist() == records.persons["x_fadila_vanhoutte"].tolist()
    assert not undecided(once)
    assert once == decide(kept, (), masks)
    out = write(mask_all(records), tmp_path / "masque")
    assert read(out).persons["x_1"][0] == "Voir Monsieur [nom]"
    said = "".join(path.read_text(encoding="utf-8") for path in out.iterdir() if path.is_file())
    assert "vanhoutte" not in said
    assert "Mertens" not in said


def test_a_translation_leaves_no_text_behind(tmp_path: Path) -> None:
    records = read(meters(tmp_path / "jeu"))
    said = {("persons", "A1", "x_mot"): {"nl": "Morgen bellen"}}
    spoken, missing = translated(records.with_tables(), "nl")
    assert spoken.persons["x_mot"].isna().all()
    assert "persons/A1.x_mot" in missing
    (tmp_path / "jeu" / "translations.csv").write_text(
        "table,row,column,nl,en\npersons,A1,x_mot,Morgen bellen,\n", encoding="utf-8"
    )
    again = read(tmp_path / "jeu")
    assert dict(again.translations) == said
    assert translated(again, "nl")[0].persons["x_mot"][0] == "Morgen bellen"


@pytest.mark.parametrize("lang", ["fr", "nl"])
@pytest.mark.parametrize("make", [charges, meters])
def test_a_workbook_keeps_them_from_month_to_month(make, lang: str, tmp_path: Path) -> None:
    records: Records = read(make(tmp_path / "jeu"))
    first = tmp_path / "mois1.xlsx"
    write_workbook(records, first, lang)
    again = records_of_pages(read_workbook(first))
    assert again.own_fields == records.own_fields
    tables = [
        {name: text for name, text in files_of(each).items() if name.endswith(".csv")} for each in (again, records)
    ]
    assert tables[0] == tables[1]
    book = openpyxl.load_workbook(first)
    table, column, cell = ("Ménages" if lang == "fr" else "Huishoudens", "Charges", 99)
    if make is meters or table not in book.sheetnames:
        return
    sheet = book[table]
    heads = [each.value for each in sheet[HEADER]]
    sheet.cell(FIRST + 1, heads.index(column) + 1).value = cell
    book.save(tmp_path / "mois2.xlsx")
    assert main(["import", str(tmp_path / "mois2.xlsx"), "--out", str(tmp_path / "mois2")]) == 0
    second = read(tmp_path / "mois2")
    assert second.households["x_charges"].tolist() == [112.5, 99.0]
    assert second.households["Garant trouvé"].tolist() == [True, pd.NA]
    assert second.own_fields == records.own_fields


def test_rows_of_figures_and_the_dictionary_show_them(tmp_path: Path) -> None:
    records = read(charges(tmp_path / "jeu"))
    rows = [{"table": "households", "row": "A"}, {"table": "households", "row": "B"}]
    heads, first, second = csv.reader(io.StringIO(rows_csv(records, rows, frozenset("A")).decode("utf-8-sig")))
    assert first[heads.index("x_charges")] == "112.5"
    assert first[heads.index("Garant trouvé")] == "true"
    assert second[heads.index("x_charges")] == ""
    said = dictionary("fr", records.own_fields)
    assert "`x_charges`" in said
    assert "Quelqu'un se porte garant" in said.replace("\\", "")
    assert "`x_charges`" not in dictionary("fr")


def test_check_says_what_is_not_declared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(charges(tmp_path / "jeu"))])
    said = capsys.readouterr().out
    assert "ties.x_langue" in said
    assert "x_charges" not in said.partition("livrent")[2]
