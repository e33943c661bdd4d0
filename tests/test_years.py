"""A month of which the year alone is told: before it not yet, after it done, within it neither is said."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records_sample import sound_rows, write_rows
from sociogenogram_cases import Rows, actor, child_of, couple, household, person, tie

import clss_analysis as clss
from clss_analysis.figures.slider import sociogenogram_slider
from clss_analysis.layout import sociogenogram
from clss_analysis.layout.genogram.changes import course
from clss_analysis.layout.genogram.family.union_states import union_at
from clss_analysis.records import import_file, read, validate, write
from clss_analysis.records.columns import texts
from clss_analysis.records.exchange.gedcom_writing import gedcom_text
from clss_analysis.records.exchange.transfer import left_behind
from clss_analysis.records.migration import migrate
from clss_analysis.records.workbook import read_workbook, records_of_pages, write_workbook
from clss_analysis.records.workbook.form import write_form
from clss_analysis.records.workbook.spreadsheet import open_workbook
from clss_analysis.records.years import YEAR, bounds, moment

COLUMNS = {
    "filiations": ("start", "end"),
    "persons": ("arrival", "departure", "death"),
    "couples": ("start", "end"),
    "ties": ("start", "end"),
}
WHEN = st.sampled_from(["", "2010", "2011", "2010-01", "2010-12", "2011-06"])


def told(records: clss.Records) -> dict[str, list[list[str]]]:
    return {
        table: [texts(records.table(table), name, "any") for name in names] for table, names in sorted(COLUMNS.items())
    }


@pytest.mark.parametrize(
    ("state", "start", "end", "month", "shown"),
    [
        ("divorced", "", "2010", "2009-12", "married"),
        ("divorced", "", "2010", "2010-01", None),
        ("divorced", "", "2010", "2010-12", None),
        ("divorced", "", "2010", "2011-01", "divorced"),
        ("separated", "2001-02", "2010", "2011-01", "separated"),
        ("married", "2010", "", "2010-07", None),
        ("married", "2010", "", "2011-01", "married"),
        ("unmarried", "2008", "2010", "2009-05", "unmarried"),
        ("unmarried", "2008", "2010", "2010-05", None),
    ],
)
def test_a_union_is_asserted_outside_the_year_alone(
    state: str, start: str, end: str, month: str, shown: str | None
) -> None:
    row = {"id": "c", "state": state, "start": moment(start), "end": moment(end)}
    found = union_at([row], pd.Period(month, freq="M"))
    assert found is not None
    assert found["state"] == shown
    assert union_at([row], pd.Period("1999-12", freq="M")) is None or not start
    if state == "unmarried":
        assert union_at([row], pd.Period("2011-01", freq="M")) is None


def family(**cells: str) -> Rows:
    return {
        "persons": [person("M", index="true"), person("P", label="Père", **cells), person("K")],
        "couples": [couple("M", "P", "divorced") | {"start": "2001", "end": "2010"}],
        "filiations": child_of("K", "M", "P"),
        "actors": [actor("s"), actor("u")],
        "ties": [tie("1", "a:s", "p:M", start="2010"), tie("2", "a:u", "p:M", start="2009-03", end="2010")],
    }


def drawn(case: clss.Case, month: str) -> tuple[str, dict[str, str], bool, str]:
    """Role of the union, of the ties, whether the father stands within the boundary, and the caption."""
    layout = sociogenogram(case, date=month)
    (union,) = (line.role for line in layout.lines if line.kind == "couple")
    ties = {line.id: line.role for line in layout.lines if line.kind == "arrow"}
    (father,) = (s.role for s in layout.symbols if s.id == "person-P")
    return union, ties, not father.startswith("elsewhere-"), layout.caption


def test_the_picture_of_a_month_says_what_the_year_alone_leaves_open() -> None:
    case = household(family(departure="2010"))
    before, within, after = (drawn(case, month) for month in ("2009-12", "2010-06", "2011-01"))
    assert before[:3] == ("couple-married", {"tie-2": "tie-helps"}, True)
    assert within[:3] == ("couple-unknown", {"tie-1": "tie-helps_undated", "tie-2": "tie-helps_undated"}, True)
    assert after[:3] == ("couple-divorced", {"tie-1": "tie-helps"}, False)
    assert "présence dans le ménage (Père), union (Personne M et Père) et 2 liens" in within[3]
    assert "année" not in before[3] + after[3]
    parts = sociogenogram(case, date="2010-06").parts
    words = " ".join(parts.values())
    assert "vit" not in parts["person-P"]
    assert "jusqu’en 2010" in words.replace("\u202f", " ")
    assert "depuis 2010" in words


def test_the_words_of_a_month_are_those_of_its_picture() -> None:
    rows = family()
    rows["couples"][0] |= {"start": "2001-02", "end": "2010-05"}
    said = {
        month: sociogenogram(household(rows), date=month).description for month in ("2000-01", "2005-01", "2011-01")
    }
    assert ["Couple marié" in words for words in said.values()] == [False, True, False]
    assert ["Couple divorcé" in words for words in said.values()] == [False, False, True]


def test_who_came_in_a_year_is_not_there_before_it() -> None:
    case = household(family(arrival="2005"))
    assert [drawn(case, f"{year}-06")[2] for year in (2004, 2005, 2006)] == [False, True, True]
    turned = [str(moment.month) for moment in course(case).moments]
    assert {"2010-01", "2011-01"} <= set(turned)


@settings(max_examples=10)
@given(cells=st.lists(WHEN, min_size=8, max_size=8), died=WHEN)
def test_years_survive_every_way_there_is(
    cells: list[str], died: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tmp = tmp_path_factory.mktemp("ans")
    rows = sound_rows()
    for (table, names), pair in zip(COLUMNS.items(), zip(cells[::2], cells[1::2], strict=True), strict=True):
        first, last = sorted(pair) if all(pair) else pair
        rows[table][0] |= {names[0]: first, names[1]: last}
    rows["persons"][0] |= {"death": died, "life": "deceased" if died else "alive"}
    folder = write_rows(tmp / "jeu", rows)
    assert validate(folder) == []
    records = read(folder)
    wanted = told(records)
    assert wanted["couples"][0][0] == rows["couples"][0]["start"]
    assert (f"start{YEAR}" in records.couples) == (len(rows["couples"][0]["start"]) == 4)
    write(records, tmp / "autre")
    assert told(read(tmp / "autre")) == wanted
    write_workbook(records, tmp / "jeu.xlsx")
    assert told(records_of_pages(read_workbook(tmp / "jeu.xlsx"))) == wanted
    frames: dict[str, Any] = {
        table: records.table(table) for table in ("households", "persons", "couples", "filiations", "actors")
    }
    again = clss.Records.from_frames(**frames, ties=records.ties, consents=records.consents)
    assert told(again) == wanted
    assert again.couples.equals(records.couples)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["schema_version"] = 5
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    migrate(folder)
    assert told(read(folder)) == wanted


@pytest.mark.parametrize(("table", "column"), [("couples", "end"), ("persons", "arrival"), ("ties", "start")])
def test_a_month_that_is_none_is_a_fault_and_a_year_is_not(table: str, column: str, tmp_path: Path) -> None:
    for cell, faults in (("2019", 0), ("2019-13", 1), ("19", 1), ("2019-03-04", 1)):
        rows = sound_rows()
        rows[table][0][column] = cell
        found = validate(write_rows(tmp_path / cell, rows))
        assert [(each.file, each.row, each.column) for each in found] == [(f"{table}.csv", 2, column)] * faults
        assert all("AAAA si seule l’année" in each.rule and cell not in each.rule for each in found)
    rows = sound_rows()
    rows["couples"][0] |= {"start": "2019-03", "end": "2018"}
    assert [each.column for each in validate(write_rows(tmp_path / "ordre", rows))] == ["end"]
    rows["couples"][0]["end"] = "2019"
    rows["housing_problems"][0]["start"] = "2019"
    assert [each.column for each in validate(write_rows(tmp_path / "mois", rows))] == ["start"], "a month elsewhere"


def test_a_dataset_of_yesterday_is_read_as_it_is(tmp_path: Path) -> None:
    folder = write_rows(tmp_path / "hier", sound_rows())
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["schema_version"] = 5
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            field["type"] = "yearmonth" if field["type"] == "any" else field["type"]
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert validate(folder) == []
    assert not any(str(name).endswith(YEAR) for name in read(folder).couples)


def test_researchers_find_years_where_months_are_not(tmp_path: Path) -> None:
    rows = sound_rows()
    rows["couples"][0] |= {"start": "2019"}
    rows["ties"][0] |= {"start": "2022-05", "end": "2023"}
    records = read(write_rows(tmp_path / "jeu", rows))
    assert records.couples["start"].isna().tolist() == [True]
    assert records.couples[f"start{YEAR}"].tolist() == [2019]
    assert [str(each[0]) for each in bounds(records.couples, "start")] == ["2019-01", "2019-12"]
    edges = {key: cells for _, _, key, cells in records.to_networkx().edges(keys=True, data=True)}
    assert (edges["AC1"]["start"], edges["AT1"]["end"]) == ("2019", "2023")
    assert not any(YEAR in name for name in edges["AC1"])
    ties = clss.measures.isolation(records.among("A")).set_index("household")
    assert ties.loc["A", ["before", "undated"]].tolist() == [0, 1], "its end may be before the intake of January 2023"
    assert {(each.what, each.count) for each in left_behind(records, {"couples": ("partner_a",)})} >= {
        ("couples.start", 1)
    }


def test_a_form_takes_a_year_where_a_year_may_be(tmp_path: Path) -> None:
    write_form(tmp_path / "form.xlsx")
    (survey,) = (sheet for sheet in open_workbook(tmp_path / "form.xlsx") if sheet.name == "survey")
    head = list(survey.rows[0])
    asked = {row[head.index("name")]: row[head.index("constraint")] for row in survey.rows[1:]}
    assert asked["arrival"] == "regex(., '^(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?$')"
    assert asked["intake"] == "regex(., '^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$')"


def dead(cell: str, **cells: str) -> clss.Case:
    persons = [
        person("M", label="Mère", age="31", index="true"),
        person("P", label="Père", age="40", death=cell, **{"life": ""} | cells),
        person("K"),
    ]
    return household({"persons": persons, "filiations": child_of("K", "M", "P")})


def as_of(case: clss.Case, month: str | None) -> tuple[str, str, str]:
    """The symbol of the father, what stands in it, and what is said of him."""
    layout = sociogenogram(case, date=month)
    (symbol,) = (s for s in layout.symbols if s.id == "person-P")
    inner = "".join(b.lines[0] for b in layout.labels if b.id == "age-person-P")
    return symbol.role, inner, layout.parts["person-P"].replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.parametrize("life", ["", "deceased"])
def test_who_died_is_alive_before_the_month_and_dead_from_it_on(life: str) -> None:
    case = dead("2023-05", life=life)
    assert as_of(case, "2023-04") == ("person-diamond", "40", "Père, 40 ans, vit dans le ménage")
    for month in ("2023-05", "2024-01", None):
        assert as_of(case, month) == ("person-diamond-cross", "", "Père, décédé·e, en mai 2023")
    assert as_of(dead("", life="deceased"), "1990-01")[0] == "person-diamond-cross", "no date: as it was"
    told = course(case, ["2023-04", "2023-05", "2023-06"])
    assert [moment.words.replace("\u202f", " ") for moment in told.moments[1:]] == [
        "Décès (mai\xa02023) : Père.",
        "Rien ne change.",
    ]
    assert [moment.scene.whole is told.base for moment in told.moments] == [False, True, True]


def test_within_the_year_of_a_death_nobody_knows() -> None:
    case = dead("2023", age_band="30-44")
    assert as_of(case, "2022-12")[:2] == ("person-diamond", "40")
    role, inner, words = as_of(case, "2023-07")
    assert (role, inner) == ("person-diamond", "?")
    assert "on ne sait pas si la personne est en vie" in words
    assert as_of(case, "2024-01") == ("person-diamond-cross", "", "Père, décédé·e, en 2023")
    picture = sociogenogram(case, date="2023-07")
    assert "décès (Père)" in picture.caption
    assert "on ne sait pas si la personne est en vie" in {" ".join(b.lines) for b in picture.labels if b.of == "legend"}
    assert "décès (" not in sociogenogram(case, date="2024-07").caption


def test_a_dated_death_is_nobody_s_who_is_alive(tmp_path: Path) -> None:
    for n, (life, death, faults) in enumerate(
        [("alive", "2020", 1), ("", "2020-02", 0), ("deceased", "2020", 0), ("", "2020-13", 1), ("lost", "2020-02", 0)]
    ):
        rows = sound_rows()
        rows["persons"][3] |= {"life": life, "death": death}
        rows["filiations"] = rows["filiations"][:1]
        if life == "lost":
            rows["filiations"].append(rows["filiations"][0] | {"id": "AF3", "child": "A4"})
        found = validate(write_rows(tmp_path / str(n), rows))
        assert [(each.row, each.column) for each in found] == [(5, "death")] * faults, life
    records = read(tmp_path / "1")
    assert clss.measures.household_overview(records.among("A"))["persons"].tolist() == [3], "the dead live nowhere"


@pytest.mark.parametrize(
    ("event", "life", "death"),
    [
        ("1 DEAT\n2 DATE 4 JUL 2015\n", "deceased", "2015-07"),
        ("1 DEAT Y\n2 DATE 2015\n", "deceased", "2015"),
        ("1 DEAT\n2 DATE ABT 2015\n", "deceased", "2015"),
        ("1 DEAT\n2 DATE BEF 2015\n", "deceased", ""),
        ("1 DEAT Y\n1 BURI\n2 DATE 3 FEB 2015\n", "deceased", "2015"),
        ("1 DEAT\n2 DATE JAN 2015\n1 BURI\n2 DATE 3 FEB 2015\n", "deceased", "2015-01"),
        ("1 DEAT\n2 DATE 2014\n1 DEAT\n2 DATE 2015\n", "deceased", ""),
        ("1 DEAT\n2 DATE 1815\n", "deceased", ""),
        ("1 DEAT N\n", "alive", ""),
    ],
)
def test_a_gedcom_dates_deaths(event: str, life: str, death: str, tmp_path: Path) -> None:
    file = tmp_path / "f.ged"
    head = "0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n0 @I1@ INDI\n1 SEX M\n"
    file.write_text(f"{head}{event}0 TRLR\n", encoding="utf-8")
    records, _ = import_file(file)
    assert records.persons["life"].fillna("").tolist() == [life]
    assert texts(records.persons, "death", "any") == [death]
    assert ("DEAT Y" in gedcom_text(records)) == (life == "deceased")


def placed(kind: str, start: str, end: str) -> clss.Case:
    """A child of one mother who was, or is, at home with another couple."""
    persons = [person("A", label="Anne"), person("B", label="Bob"), person("M", residence="elsewhere"), person("K")]
    rows: Rows = {"persons": persons, "couples": [couple("A", "B", "married")]}
    rows["filiations"] = [
        *(each | {"start": start, "end": end} for each in child_of("K", "A", "B", kind=kind)),
        *child_of("K", "M"),
    ]
    return household(rows)


def linked(case: clss.Case, month: str | None) -> tuple[list[str], int, str]:
    """Roles of the lines to the child, slashes beside the legend's, and what the long description says."""
    layout = sociogenogram(case, date=month)
    lines = [line.role for line in layout.lines if line.kind == "descent"]
    return sorted(lines), sum(m.role == "couple-slash" for m in layout.marks) // 2, layout.description


@pytest.mark.parametrize(("kind", "role"), [("foster", "descent-chosen"), ("step", "descent-step")])
def test_a_placement_that_ended_is_not_drawn_as_current(kind: str, role: str) -> None:
    case = placed(kind, "2019-03", "2021-06")
    assert linked(case, "2019-02")[:2] == linked(case, "2021-07")[:2] == (["descent"], 0)
    assert linked(case, "2019-03")[:2] == linked(case, "2021-06")[:2] == (["descent", role], 0)
    whole = linked(case, None)
    assert whole[:2] == (["descent", f"{role}-ended"], 1)
    assert "Anne et Bob : lien avec personne K, qui a pris fin." in whole[2].replace("\u202f", " ").replace("P", "p")
    assert "Anne" in linked(case, "2022-01")[2]
    assert "personne K ; parents : Anne" not in linked(case, "2022-01")[2].replace("\u202f", " ")
    assert linked(placed(kind, "2019-03", ""), None)[:2] == (["descent", role], 0), "not told to have ended"


def test_a_placement_of_years_is_open_within_them() -> None:
    case = placed("foster", "2019", "2021")
    assert [len(linked(case, month)[0]) for month in ("2018-12", "2019-06", "2020-06", "2021-06", "2022-01")] == [
        1, 2, 2, 2, 1,
    ]  # fmt: skip
    assert "lien entre Anne et" in linked(case, "2021-06")[2]
    assert "lien entre Anne et" not in linked(case, "2020-06")[2]


def test_a_child_by_birth_is_drawn_in_every_month() -> None:
    case = placed("birth", "2019-03", "2021-06")
    assert all(linked(case, month)[:2] == (["descent", "descent"], 0) for month in ("2018-01", "2022-01", None))


def test_a_slider_shows_slashes_while_they_hold() -> None:
    rows = family()
    rows["couples"][0] |= {"start": "", "end": "2010-05"}
    page = sociogenogram_slider(household(rows), ["2010-04", "2010-06"])("S")
    groups = re.findall(r'data-m="([0-9]-[0-9])" data-n="couple-(.*?)</g>', page, re.DOTALL)
    assert {when: words.count("<path") for when, words in groups} == {"0-0": 1, "1-1": 3}
    assert ["couple marié" in words for when, words in sorted(groups)] == [True, False]
    assert ["couple divorcé" in words for when, words in sorted(groups)] == [False, True]


@pytest.mark.parametrize(
    ("date", "start"), [("4 JUL 2015", "2015-07"), ("2015", "2015"), ("EST 2015", "2015"), ("AFT 2015", "")]
)
def test_a_gedcom_dates_adoptions(date: str, start: str, tmp_path: Path) -> None:
    file = tmp_path / "f.ged"
    file.write_text(
        "0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n0 @I1@ INDI\n1 SEX M\n1 FAMS @F1@\n0 @I2@ INDI\n1 FAMC @F1@\n"
        f"1 ADOP\n2 DATE {date}\n2 FAMC @F1@\n0 @F1@ FAM\n1 HUSB @I1@\n1 CHIL @I2@\n0 TRLR\n",
        encoding="utf-8",
    )
    records, report = import_file(file)
    assert records.filiations["kind"].tolist() == ["adoption"]
    assert texts(records.filiations, "start", "any") == [start]
    assert ("INDI.ADOP.DATE" in {each.what for each in report}) == (start == "")


def test_a_workbook_of_yesterday_keeps_its_own_column(tmp_path: Path) -> None:
    path = tmp_path / "jeu.xlsx"
    write_workbook(read(write_rows(tmp_path / "jeu", sound_rows())), path)
    book = openpyxl.load_workbook(path)
    sheet = book["Personnes"]
    titles = [cell.value for cell in sheet[3]]
    sheet.delete_cols(titles.index("Décès") + 1)
    for row, text in ((3, "Projet"), (5, "Maçon")):
        sheet.cell(row, len(titles) + 3, text)
    book.save(path)
    pages = read_workbook(path)
    assert (pages.faults, pages.columns_left) == ((), 1)
    assert records_of_pages(pages).persons["death"].isna().all()
