"""Births, losses, identical twins, homes elsewhere, placements told by stays, strength of ties: rows and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from records_sample import sound_rows, write_rows
from sociogenogram_cases import actor, child_of, couple, household, person, tie
from test_households_in_time import boundary, within

from clss_analysis.layout import sociogenogram
from clss_analysis.layout.genogram.changes import course
from clss_analysis.layout.genogram.unshown import unshown
from clss_analysis.layout.geometry import Layout, overlaps, strikes
from clss_analysis.records import Case, import_file, read, validate, write
from clss_analysis.records.columns import texts
from clss_analysis.records.exchange.gedcom_writing import gedcom_text
from clss_analysis.records.exchange.graphml_writing import graphml_text
from clss_analysis.records.workbook import read_workbook, records_of_pages, write_workbook


def followed(persons: list[dict[str, Any]], filiations: list[dict[str, Any]], **tables: Any) -> Case:
    case = household({"persons": persons, "filiations": filiations, **tables})
    return replace(case, households=case.households.assign(intake=pd.array(["2023-01"], dtype="period[M]")))


def stay(who: str, kind: str, start: str = "", end: str = "", **cells: str) -> dict[str, str]:
    return {
        "id": f"r-{who}-{kind}-{start}",
        "household": "H",
        "person": who,
        "kind": kind,
        "start": start,
        "end": end,
    } | cells


def role(layout: Layout, name: str) -> str:
    return next((s.role for s in layout.symbols if s.id == f"person-{name}"), "")


M, P = person("M", label="Mère", gender="woman", age="30", index="true"), person("P", label="Père", gender="man")
BABY = person("B", label="Bébé", gender="man", birth="2024-05", arrival="2023-11")


@pytest.mark.parametrize(
    ("cells", "roles"),
    [
        ({}, {"2023-10": "", "2023-11": "person-triangle", "2024-04": "person-triangle", "2024-05": "person-square"}),
        ({"arrival": ""}, {"2024-04": "", "2024-05": "person-square"}),
        ({"arrival": "", "residence": "elsewhere"}, {"2024-04": "", "2024-05": "elsewhere-square"}),
        ({"life": "lost"}, {"2023-10": "", "2024-04": "person-triangle", "2024-05": "person-triangle-cross"}),
        ({"life": "deceased", "death": "2024-05"}, {"2024-04": "person-triangle", "2024-05": "person-square-cross"}),
        ({"arrival": "", "birth": "2024"}, {"2023-12": "", "2024-02": "person-square", "2025-01": "person-square"}),
    ],
)
def test_a_child_is_expected_born_or_lost_in_its_month(cells: dict[str, str], roles: dict[str, str]) -> None:
    case = followed([M, P, BABY | cells], child_of("B", "M", "P"))
    for month, wanted in roles.items():
        layout = sociogenogram(case, date=month)
        assert overlaps(layout) == strikes(layout) == []
        assert role(layout, "B") == wanted, month
        assert bool(wanted) != ("plus tard seulement" in layout.caption), "who is not there is named"
        assert any("person-B" in line.members for line in layout.lines) == bool(wanted)


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        ("miscarriage", ("fausse couche", "miskraam", "miscarriage")),
        ("stillbirth", ("né sans vie", "levenloos geboren", "stillborn")),
        ("termination", ("interruption de grossesse", "zwangerschapsafbreking", "termination of pregnancy")),
        ("", ("", "", "")),
    ],
)
def test_what_a_loss_was_stands_under_its_symbol_from_its_month_on(loss: str, words: tuple[str, ...]) -> None:
    case = followed([M, P, BABY | {"life": "lost", "loss": loss}], child_of("B", "M", "P"))
    for lang, word in zip(("fr", "nl", "en"), words, strict=True):
        after, before = (sociogenogram(case, date=month, lang=lang) for month in ("2024-06", "2024-02"))
        assert overlaps(after) == strikes(after) == []
        assert [b.text for b in after.labels if b.id == "stay-person-B"] == [word] * bool(word)
        assert word in after.parts["person-B"]
        assert word in after.description
        assert not any(b.id == "stay-person-B" for b in before.labels)
        assert not word or word not in before.description
        assert role(after, "B") == "person-triangle-cross"
    moments = {str(each.month): each.words for each in course(case, every=True).moments}
    told = f"Bébé, {words[0]}" if loss else "Bébé"
    assert f"Grossesse perdue (mai\xa02024)\u202f: {told}." in moments["2024-05"]


def test_a_loss_is_told_of_a_pregnancy_lost_alone(tmp_path: Path) -> None:
    rows = sound_rows()
    rows["persons"][0]["loss"] = "miscarriage"
    (fault,) = validate(write_rows(tmp_path / "jeu", rows))
    assert fault.column == "loss"
    assert "grossesse perdue" in str(fault)


def test_words_tell_a_birth_in_three_languages_and_what_a_year_leaves_open() -> None:
    case = followed([M, P, BABY], child_of("B", "M", "P"))
    assert "né en mai\xa02024" in sociogenogram(case, date="2024-06").description
    expected = sociogenogram(case, date="2024-02").parts["person-B"]
    assert "grossesse dite dès nov.\xa02023" in expected
    assert "né" not in expected.replace("à naître", "")
    said = [sociogenogram(case, date="2024-06", lang=lang).parts["person-B"] for lang in ("nl", "en")]
    assert ["geboren in mei" in said[0], "born in May" in said[1]] == [True, True]
    moments = {str(each.month): each.words for each in course(case, every=True).moments}
    assert "Naissance (mai\xa02024)\u202f: Bébé." in moments["2024-05"]
    year = followed([M, BABY | {"birth": "2024", "arrival": ""}], child_of("B", "M"))
    assert "naissance (Bébé)" in sociogenogram(year, date="2024-06").description
    assert "naissance (" not in sociogenogram(year, date="2025-06").description


def test_identical_twins_have_a_bar_and_others_none() -> None:
    twins = [person(n, label=f"Jumelle {n}", gender="woman", age="6", twin_group="t", identical="true") for n in "AB"]
    others = [person(n, label=f"Jumeau {n}", gender="man", age="3", twin_group="u") for n in "CD"]
    links = [link for name in "ABCD" for link in child_of(name, "M", "P")]
    layout = sociogenogram(followed([M, P, *twins, *others], links))
    ((left, right),) = (mark.path for mark in layout.marks if mark.role == "twin-bar" and mark.path[0][1] < 60)
    tops = {line.members[-1]: line.path[-1] for line in layout.lines if line.kind == "descent"}
    assert left[1] == pytest.approx(right[1])
    assert tops["person-A"][0] < left[0] < right[0] < tops["person-B"][0]
    assert "même œuf" in " ".join(b.text for b in layout.labels if b.of == "legend")
    assert "Jumelle A et Jumelle B\u202f: issus d’un même œuf." in layout.description


def test_a_home_elsewhere_has_its_outline_and_a_child_of_two_homes_both_marks() -> None:
    father, sister = P | {"residence": "elsewhere"}, person("D", label="Sœur", residence="elsewhere")
    case = followed(
        [M, father, sister, person("A", label="Fille", gender="woman", age="6")],
        child_of("A", "M", "P") + child_of("D", "P"),
        couples=[couple("M", "P", "divorced")],
        residences=[stay(who, "elsewhere", unit="chez le père") for who in "PD"]
        + [stay("A", "household", share="half"), stay("A", "elsewhere", share="half", unit="chez le père")],
    )
    layout = sociogenogram(case, date="2023-06")
    homes, _ = boundary(layout)
    boxes = {s.id: s.box for s in layout.symbols}
    unit, _ = (mark.path for mark in layout.marks if mark.role == "unit")  # the other is the legend's
    outline = (*unit[0], *unit[2])
    assert [within(boxes[f"person-{who}"], outline) for who in "PDAM"] == [True, True, False, False]
    assert within(boxes["person-A"], homes[0])
    assert "la moitié du temps, chez le père" in {b.text.replace("\n", " ") for b in layout.labels}
    assert "Vivent ensemble ailleurs, chez le père\u202f: Fille, Père et Sœur." in layout.description


def under_one_roof(*more: dict[str, Any]) -> Case:
    """A family of three, the grandparents upstairs until he goes to hospital, and an uncle beside them."""
    old = [person("G", label="Grand-mère", gender="woman", age="66"), person("H", label="Grand-père", gender="man")]
    elsewhere = [each | {"residence": "elsewhere"} for each in (*old, person("U", label="Oncle", gender="man"))]
    stays = [stay(who, "same_roof", "2022-01", until) for who, until in (("G", ""), ("H", "2023-09"))]
    return followed(
        [M, P, *elsewhere, person("A", label="Fille", gender="woman", age="6")],
        child_of("A", "M", "P") + child_of("M", "G", "H") + child_of("U", "G", "H"),
        couples=[couple("M", "P", "married"), couple("G", "H", "married")],
        residences=[*stays, stay("H", "hospital", "2023-10"), *more],
    )


@pytest.mark.parametrize(("date", "under"), [("2021-06", ""), ("2023-06", "GH"), ("2024-01", "G")])
def test_one_roof_stands_over_the_household_and_who_lives_there_apart(date: str, under: str) -> None:
    layout = sociogenogram(under_one_roof(), date=date)
    roofs = [mark.path for mark in layout.marks if mark.role == "roof" and len(mark.path) > 5]
    assert len(roofs) == bool(under)
    assert ("Sous le même toit que le ménage" in layout.description) == bool(under)
    spots = {s.id.removeprefix("person-"): ((s.box[0] + s.box[2]) / 2, (s.box[1] + s.box[3]) / 2)
             for s in layout.symbols if s.kind == "person"}  # fmt: skip
    for roof in roofs:
        assert {who for who, spot in spots.items() if inside(spot, roof)} == {*"MPA", *under}
        assert 0 <= min(x for x, _ in roof) <= max(x for x, _ in roof) <= layout.width


def test_one_house_stands_around_all_where_nobody_else_is_among_them() -> None:
    layout = sociogenogram(under_one_roof(stay("U", "same_roof", "2022-01", "2022-12")), date="2022-06")
    (roof,) = (mark.path for mark in layout.marks if mark.role == "roof" and len(mark.path) > 5)
    assert len(roof) == 6


def test_a_roof_without_room_is_told_in_words_and_by_the_check() -> None:
    brothers = [
        person(who, label=f"Frère {who}", age=age, residence="elsewhere") for who, age in (("U", "20"), ("V", "9"))
    ]
    mother = person("G", label="Grand-mère", residence="elsewhere")
    case = followed(
        [M, mother, *brothers],
        [link for who in "MUV" for link in child_of(who, "G")],
        residences=[stay("V", "same_roof", "2022-01")],
    )
    assert "stay.roof" in {each.why for each in unshown(case)}
    assert "Sous le même toit que le ménage, dans un foyer à part\u202f: Frère V." in sociogenogram(case).description


def inside(point: tuple[float, float], outline: Sequence[tuple[float, float]]) -> bool:
    """Whether a point lies within an outline, by the edges to its right."""
    x, y = point
    crossed = [
        (one[1] > y) != (two[1] > y) and x < one[0] + (y - one[1]) / (two[1] - one[1]) * (two[0] - one[0])
        for one, two in pairwise(outline)
    ]
    return sum(crossed) % 2 == 1


@pytest.mark.parametrize(
    ("stays", "drawn"),
    [
        ([("placed", "2023-05", "2024-02")], {"2023-04": False, "2023-05": True, "2024-02": True, "2024-03": False}),
        ([("placed", "2023-05", ""), ("prison", "2022-01", "2022-03")], {"2023-04": False, "2025-01": True}),
        ([("placed", "2023-05", "2023-08"), ("placed", "2024-05", "2024-08")], {"2023-01": True, "2024-01": True}),
        ([], {"2023-01": True}),
    ],
)
def test_a_stay_dates_the_placement_that_it_is(stays: list[tuple[str, ...]], drawn: dict[str, bool]) -> None:
    foster = person("F", label="Accueillante", residence="elsewhere")
    links = child_of("A", "M") + child_of("A", "F", kind="foster")
    case = followed([M, foster, person("A", age="6")], links, residences=[stay("A", *each) for each in stays])
    for month, there in drawn.items():
        lines = {line.id for line in sociogenogram(case, date=month).lines}
        assert ("descent-f-F-A-foster" in lines) == there, month
        assert "descent-f-M-A-birth" in lines


def test_a_child_fostered_at_home_twice_is_theirs_while_it_is_there() -> None:
    stays = [stay("K", "hosted", "2023-03", "2023-06"), stay("K", "hosted", "2024-01", "2024-05")]
    child = person("K", label="Enfant", residence="elsewhere")
    case = followed([M, child], child_of("K", "M", kind="foster"), residences=stays)
    months = ("2023-02", "2023-03", "2023-09", "2024-01", "2024-06")
    assert [any(n.kind == "descent" for n in sociogenogram(case, date=m).lines) for m in months] == [
        False, True, False, True, False,
    ]  # fmt: skip


def test_a_tie_is_strong_and_tense_and_two_persons_are_those_of_reference() -> None:
    ties = [tie("1", "p:M", "a:s", quality="tense", strength="strong"), tie("2", "a:s", "p:P", strength="weak")]
    case = followed([M, P | {"index": "true"}], [], actors=[actor("s")], ties=ties)
    layout = sociogenogram(case)
    assert {n.id: n.role for n in layout.lines if n.kind == "arrow"} == {
        "tie-1": "tie-calls_strong-tense", "tie-2": "tie-helps_weak",
    }  # fmt: skip
    assert {"lien fort", "lien tendu"} <= set(layout.parts["tie-1"].split(", "))
    assert {role(layout, "M"), role(layout, "P")} == {"person-circle-index", "person-square-index"}


def test_an_identical_twin_need_not_say_a_gender(tmp_path: Path) -> None:
    rows = sound_rows()
    for row, gender in zip(rows["persons"], ("woman", "undisclosed"), strict=False):
        row |= {"twin_group": "t", "identical": "true", "gender": gender}
    assert validate(write_rows(tmp_path / "jeu", rows)) == []


def test_the_new_columns_travel(tmp_path: Path) -> None:
    rows = sound_rows()
    rows["persons"][2] |= {"birth": "2024", "age": "", "age_band": ""}
    rows["persons"][0] |= {"twin_group": "t", "identical": "true"}
    rows["persons"][1]["index"] = "true"
    rows["ties"][0] |= {"quality": "tense", "strength": "strong"}
    rows["residences"] = [stay("A3", "elsewhere", "2023", unit="chez le père") | {"household": "A", "source": "essai",
                                                                                  "reading": "false"}]  # fmt: skip
    folder = write_rows(tmp_path / "jeu", rows)
    assert validate(folder) == []
    records = read(folder)
    write_workbook(records, tmp_path / "jeu.xlsx")
    again = (read(write(records, tmp_path / "autre")), records_of_pages(read_workbook(tmp_path / "jeu.xlsx")))
    for other in again:
        for table, name, kind in (("persons", "birth", "any"), ("persons", "identical", "boolean"),
                                  ("ties", "strength", "string"), ("residences", "unit", "string")):  # fmt: skip
            assert texts(other.table(table), name, kind) == texts(records.table(table), name, kind), name
        assert other.persons["index"].sum() == records.persons["index"].sum()
    (tmp_path / "jeu.graphml").write_text(graphml_text(records), encoding="utf-8")
    back, _ = import_file(tmp_path / "jeu.graphml")
    assert back.persons["identical"].sum() == 1
    assert back.persons.groupby("household")["index"].sum().tolist() == [2, 0]
    assert sorted(back.ties["strength"].dropna()) == ["strong"]


RAISED = [
    *child_of("B", "M"),
    *({**row, "start": start, "end": end} for kind, start, end in
      (("step", "2016", "2018-05"), ("adoption", "2018-06", "")) for row in child_of("B", "P", kind=kind)),
]  # fmt: skip


def test_whom_a_step_parent_adopts_has_one_line_that_is_each_month_what_it_was_then() -> None:
    case = followed([M, P, BABY | {"birth": "", "arrival": "", "age": "9"}], RAISED)
    roles = {}
    for month in (None, "2015-06", "2017-01", "2018-05", "2018-06", "2020-01"):
        layout = sociogenogram(case, date=month)
        lines = [line for line in layout.lines if line.kind == "descent" and "person-P" in line.members]
        roles[month] = [(line.role, len(line.rows)) for line in lines]
        assert not overlaps(layout) + strikes(layout)
    assert roles == {
        None: [("descent-chosen", 2)], "2015-06": [], "2017-01": [("descent-step", 1)],
        "2018-05": [("descent-step", 1)], "2018-06": [("descent-chosen", 1)], "2020-01": [("descent-chosen", 1)],
    }  # fmt: skip
    assert "pris fin" not in sociogenogram(case).description


@pytest.mark.parametrize(
    ("kinds", "sound"),
    [(("step", "adoption"), True), (("foster", "adoption"), True), (("step", "step"), False),
     (("birth", "adoption"), False), (("step", "birth"), False), (("", "step"), False)],
)  # fmt: skip
def test_two_persons_have_one_filiation_or_several_one_after_the_other(kinds, sound, tmp_path: Path) -> None:
    rows = sound_rows()
    about = {"household": "A", "parent": "A2", "child": "A3", "source": "essai", "reading": "false"}
    rows["filiations"] += [about | {"id": f"AF{kind}{n}", "kind": kind} for n, kind in enumerate(kinds)]
    faults = validate(write_rows(tmp_path / "jeu", rows))
    assert [(each.file, each.column) for each in faults] == ([] if sound else [("filiations.csv", "child")])


def test_a_step_parent_who_adopts_survives_workbook_and_networks(tmp_path: Path) -> None:
    rows = sound_rows()
    about = {"household": "A", "parent": "A2", "child": "A3", "source": "essai", "reading": "false"}
    rows["filiations"] += [about | {"id": "AF8", "kind": "step", "start": "2016", "end": "2018-05"},
                           about | {"id": "AF9", "kind": "adoption", "start": "2018-06"}]  # fmt: skip
    records = read(write_rows(tmp_path / "jeu", rows))
    write_workbook(records, tmp_path / "jeu.xlsx")
    again = records_of_pages(read_workbook(tmp_path / "jeu.xlsx")).filiations
    assert again["kind"].tolist() == ["birth", "birth", "step", "adoption"]
    for ending, text, kinds in (("graphml", graphml_text, ["step", "adoption"]), ("ged", gedcom_text, ["adoption"])):
        (tmp_path / f"jeu.{ending}").write_text(text(records), encoding="utf-8")
        back, left = import_file(tmp_path / f"jeu.{ending}")
        told = back.filiations[back.filiations["kind"] != "birth"]
        assert told["kind"].tolist() == kinds
        assert not left.doubts
