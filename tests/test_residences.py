"""Who leaves and returns, is placed, in hospital or prison, or lives here half the time: rows, rules, months."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from records_sample import Rows, sound_rows, write_rows

import clss_analysis as clss
from clss_analysis.measures import household_overview
from clss_analysis.records import read, validate, write
from clss_analysis.records.columns import texts
from clss_analysis.records.migration import migrate
from clss_analysis.records.residence import Residence, Stay, at_home
from clss_analysis.records.workbook import read_workbook, records_of_pages, write_workbook
from clss_analysis.records.workbook.form import write_form
from clss_analysis.records.workbook.spreadsheet import open_workbook
from clss_analysis.records.years import moment

COLUMNS = ("person", "kind", "share", "start", "end")


def stay(number: int, kind: str, start: str = "", end: str = "", share: str = "") -> Stay:
    return Stay(f"r{number}", kind, share, moment(start), moment(end))


def residence(*stays: tuple[str, ...], told: str = "household", arrival: str = "", departure: str = "") -> Residence:
    rows = tuple(stay(n, *each) for n, each in enumerate(stays))
    return Residence(told, moment(arrival), moment(departure), rows)


def where(told: Residence, *months: str) -> list[tuple[bool | None, str, str]]:
    found = [told.at(pd.Period(month, "M") if month else None) for month in months]
    return [(each.home, each.kind, each.part.share if each.part else "") for each in found]


def told_rows(*rows: tuple[str, ...], **person: str) -> Rows:
    """The sound sample with rows of residence: person, kind, share, start, end; cells of person A3 beside them."""
    found = sound_rows()
    found["residences"] = [
        {"id": f"R{n}", "household": each[0][0], "source": "essai", "reading": "false"}
        | dict(zip(COLUMNS, each, strict=False))
        for n, each in enumerate(rows)
    ]
    found["persons"][2] |= person
    return found


HOME, GONE, OPEN = (True, "household", ""), (False, "", ""), (None, "", "")


@pytest.mark.parametrize(
    ("told", "months"),
    [
        (residence(), {"": HOME, "1990-01": HOME}),
        (residence(told="elsewhere"), {"": (False, "elsewhere", ""), "2020-01": (False, "elsewhere", "")}),
        (
            residence(arrival="2019-03", departure="2020"),
            {"": HOME, "2019-02": GONE, "2019-03": HOME, "2020-05": OPEN, "2021-01": GONE},
        ),
        (
            residence(("placed", "2019-03", "2020-09")),
            {
                "": HOME, "2019-02": HOME, "2019-03": (False, "placed", ""), "2020-09": (False, "placed", ""),
                "2020-10": HOME,
            },
        ),
        (
            residence(("household", "", "2018-05"), ("prison", "2018-05", "2019"), ("household", "2021-02")),
            {
                "": HOME, "2018-05": HOME, "2018-06": (False, "prison", ""), "2019-04": OPEN, "2020-01": GONE,
                "2021-02": HOME,
            },
        ),
        (
            residence(("hosted", "2022-02", "2022-05"), told="elsewhere"),
            {"": (False, "elsewhere", ""), "2022-01": GONE, "2022-03": (True, "hosted", ""), "2022-06": GONE},
        ),
        (
            residence(("elsewhere", "2021-09", "", "half")),
            {"": (True, "household", "half"), "2021-08": HOME, "2021-09": (True, "household", "half")},
        ),
        (
            residence(("placed", "2020-01"), ("household", "2020-06", "", "weekends")),
            {"": (True, "household", "weekends"), "2020-02": (False, "placed", ""),
             "2020-07": (True, "household", "weekends")},
        ),
        (residence(("hospital", "2020-01")), {"": (False, "hospital", ""), "2019-12": HOME}),
        (residence(("prison", "2020-01", "2020-04"), told="elsewhere"), {"2020-02": (False, "prison", ""),
                                                                         "2020-05": (False, "elsewhere", "")}),
    ],
)  # fmt: skip
def test_one_function_says_where_somebody_lives(
    told: Residence, months: dict[str, tuple[bool | None, str, str]]
) -> None:
    assert where(told, *months) == list(months.values())


def test_what_is_told_changes_only_at_the_turns() -> None:
    told = residence(("household", "", "2018-05"), ("prison", "2018-05", "2019"), ("household", "2021"), arrival="")
    months = pd.period_range("2017-01", "2023-12", freq="M")
    changed = {b for a, b in pairwise(months) if told.at(a) != told.at(b)}
    assert changed <= told.turns()
    assert len(changed) > 4


@pytest.mark.parametrize(
    ("rows", "person", "fault"),
    [
        ([("A3", "placed", "", "2020-03", "2019-03")], {}, ("residences.csv", 2, "end")),
        ([("A3", "placed", "", "2019"), ("A3", "hospital", "", "2020-08")], {}, ("residences.csv", 3, "start")),
        ([("A3", "household"), ("A3", "prison", "", "2020")], {}, ("residences.csv", 3, "start")),
        ([("A3", "prison", "", "2020-04", "2020-04")] * 2, {}, ("residences.csv", 3, "start")),
        ([("A3", "household", "", "2019-03")], {"arrival": "2019-04"}, ("persons.csv", 4, "arrival")),
        ([("A3", "household", "", "2019-03", "2020-01")], {"departure": "2019-12"}, ("persons.csv", 4, "departure")),
        ([("A3", "household", "", "2019-03")], {"departure": "2019-12"}, ("persons.csv", 4, "departure")),
        ([("A3", "placed", "", "2019-03", "2020-01")], {"departure": "2019-12"}, ("persons.csv", 4, "departure")),
        ([("A3", "hosted", "", "2019-03")], {"residence": "elsewhere"}, ("persons.csv", 4, "residence")),
        ([("B1", "placed")], {"household": "B"}, None),
        ([("A3", "nowhere")], {}, ("residences.csv", 2, "kind")),
        ([("A9", "placed")], {}, ("residences.csv", 2, "person")),
    ],
)  # fmt: skip
def test_what_contradicts_is_told_by_row_and_column(
    rows: list[tuple[str, ...]], person: dict[str, str], fault: tuple[str, int, str] | None, tmp_path: Path
) -> None:
    made = told_rows(*rows, **person)
    if "household" in person:
        made["residences"][0]["household"] = "A"
        fault = ("residences.csv", 2, "person")
    found = validate(write_rows(tmp_path / "jeu", made))
    assert fault in [(each.file, each.row, each.column) for each in found]
    assert not any(cell in str(each) for each in found for cell in ("2019-12", "2020-08", "nowhere"))


@pytest.mark.parametrize(
    ("rows", "person"),
    [
        ([("A3", "placed", "", "2019-03", "2020-09")], {}),
        ([("A3", "hosted", "", "", "2019"), ("A3", "placed", "", "2019", "2020"), ("A3", "hosted", "", "2020")], {}),
        ([("A3", "household", "half", "2019"), ("A3", "elsewhere", "half", "2019")], {}),
        ([("A3", "placed", "", "2019-03"), ("A3", "household", "weekends", "2019-06")], {}),
        ([("A3", "household", "", "2019-03", "2020-01")], {"arrival": "2019-03", "departure": "2020"}),
        ([("A3", "placed", "", "2018-01", "2019-02")], {"arrival": "2019-03"}),
        ([("A3", "hosted", "", "2019-03", "2019-06")], {"residence": "elsewhere"}),
    ],
)  # fmt: skip
def test_what_can_be_is_taken_and_travels(rows: list[tuple[str, ...]], person: dict[str, str], tmp_path: Path) -> None:
    folder = write_rows(tmp_path / "jeu", told_rows(*rows, **person))
    assert validate(folder) == []
    records = read(folder)
    wanted = cells(records)
    assert wanted == [list(each) + [""] * (5 - len(each)) for each in rows]
    write(records, tmp_path / "autre")
    assert cells(read(tmp_path / "autre")) == wanted
    write_workbook(records, tmp_path / "jeu.xlsx")
    assert cells(records_of_pages(read_workbook(tmp_path / "jeu.xlsx"))) == wanted
    tables: dict[str, Any] = {name: records.table(name) for name in ("households", "persons", "residences", "consents")}
    assert cells(clss.Records.from_frames(**tables)) == wanted
    assert len(records.case("A").residences) == len(rows)
    assert records.case("B").residences.empty


def cells(records: clss.Records) -> list[list[str]]:
    columns = [texts(records.residences, name, "any" if name in ("start", "end") else "string") for name in COLUMNS]
    return [list(row) for row in zip(*columns, strict=True)]


def test_a_dataset_from_before_is_read_as_it_is(tmp_path: Path) -> None:
    folder = write_rows(tmp_path / "jeu", sound_rows())
    (folder / "residences.csv").unlink()
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [each for each in package["resources"] if each["name"] != "residences"]
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert validate(folder) == []
    assert migrate(folder) == ([], None)
    records = read(folder)
    assert records.residences.empty
    assert at_home(records).all()
    again = read(write(records, tmp_path / "autre"))
    assert again.persons.equals(records.persons)
    assert again.residences.empty


def test_an_older_workbook_has_no_such_sheet_and_a_form_asks(tmp_path: Path) -> None:
    write_workbook(read(write_rows(tmp_path / "jeu", sound_rows())), tmp_path / "jeu.xlsx")
    book = openpyxl.load_workbook(tmp_path / "jeu.xlsx")
    del book["Qui vit où"]
    book.save(tmp_path / "vieux.xlsx")
    assert records_of_pages(read_workbook(tmp_path / "vieux.xlsx")).residences.empty
    write_form(tmp_path / "form.xlsx")
    (survey,) = (sheet for sheet in open_workbook(tmp_path / "form.xlsx") if sheet.name == "survey")
    asked = [row[:2] for row in survey.rows]
    repeat = asked.index(("begin_repeat", "residences"))
    assert ("select_one residence_kind", "kind") in asked[repeat : repeat + 6]


def test_measures_count_who_lives_there_by_the_same_function() -> None:
    records = clss.read("data/demo")
    home = records.persons[at_home(records) & records.persons["life"].eq("alive")].iloc[0]
    row = {"id": "R1", "household": home["household"], "person": home["id"], "source": "synthetic", "reading": "false"}
    tables: dict[str, Any] = {name: records.table(name) for name in ("households", "persons")}

    def persons(**cells: str) -> int:
        told = clss.Records.from_frames(**tables, consents=records.consents, residences=[{**row, **cells}])
        return int(told.wide().set_index("household").loc[home["household"], "persons"])

    before = int(records.wide().set_index("household").loc[home["household"], "persons"])
    assert persons(kind="placed", start="2020-01") == before - 1
    assert persons(kind="placed", start="2020-01", end="2020-05") == before
    assert int(household_overview(records).set_index("household").loc[home["household"], "persons"]) >= before
