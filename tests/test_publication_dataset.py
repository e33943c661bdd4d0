"""The facts of the publication that `data/publication` must hold."""

from __future__ import annotations

import json
import re
from pathlib import Path

import frictionless
import pandas as pd
import pytest

from clss_analysis.records import Records, codes, intake_verdict
from clss_analysis.records.schema import table_names, table_schema
from clss_analysis.records.tables import load

FOLDER = Path(__file__).parents[1] / "data" / "publication"
DAY = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"
    r"|\b(?:1er|\d{1,2}) (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\b",
)
PLAIN_SPACE = re.compile(r"[ \u00a0][;:!?%»]|«[ \u00a0]|'")
SERVICES = ("service", "professional")


@pytest.fixture(scope="module")
def records() -> Records:
    return load(FOLDER)


def texts(records: Records) -> list[tuple[str, str, str]]:
    return [
        (table, f"{row_id}.{column}", str(value))
        for table in table_names()
        for column in records.table(table).select_dtypes("string")
        for row_id, value in zip(records.table(table)["id"], records.table(table)[column], strict=True)
        if not pd.isna(value)
    ]


def test_the_descriptor_is_valid_and_repeats_the_schema() -> None:
    report = frictionless.Package(str(FOLDER / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "type"])
    descriptor = json.loads((FOLDER / "datapackage.json").read_text(encoding="utf-8"))
    described = {resource["name"]: (resource["path"], resource["schema"]) for resource in descriptor["resources"]}
    assert described == {name: (table_schema(name)["path"], table_schema(name)["schema"]) for name in table_names()}
    assert descriptor["synthetic"] is False


def test_figure_ids_of_the_publication() -> None:
    descriptor = json.loads((FOLDER / "datapackage.json").read_text(encoding="utf-8"))
    assert {key: (of["kind"], of.get("case")) for key, of in descriptor["figure_ids"].items()} == {
        "F1": ("axes", None),
        "F2": ("consequences", None),
        "F3": ("criteria-grid", None),
        "F4": ("phasing", None),
        "F5": ("process", None),
        "F6": ("case-sheet", "C1"),
        "F7": ("sociogenogram", "C1"),
        "F8": ("collective", None),
        "F9": ("initiatives", None),
        "F10": ("partners", None),
        "F11": ("strengths", None),
        "F12": ("testimonies", None),
        "F13": ("synoptic", None),
        "T1": ("criteria-grid", "A"),
        "T2": ("relevance-tree", "Y"),
    }


def test_six_households_each_told_with_a_consent(records: Records) -> None:
    assert list(records.households["id"]) == ["A", "C1", "C2", "C3", "Y", "N"]
    told = records.consents.loc[records.consents["scope"] == "told", "id"]
    assert records.households["consent"].isin(told).all()


def test_every_row_says_its_source_and_none_is_synthetic(records: Records) -> None:
    for table in table_names():
        frame = records.table(table)
        assert frame["source"].str.match(r"[IV]+\b").all(), table
        assert frame["reading"].notna().all(), table
        assert frame["id"].is_unique, table


def test_no_day_of_a_date_anywhere(records: Records) -> None:
    assert [(table, place) for table, place, text in texts(records) if DAY.search(text)] == []
    assert DAY.search("condamné au 30 juin 2022")
    assert DAY.search("2022-06-30")


def test_french_is_typeset(records: Records) -> None:
    assert [(table, place) for table, place, text in texts(records) if PLAIN_SPACE.search(text) and text != "%"] == []


def test_mme_a_meets_four_criteria_of_five(records: Records) -> None:
    case = records.case("A")
    assert list(case.criteria["criterion"]) == list(codes("criterion"))
    verdict = intake_verdict(case.criteria)
    assert (verdict.eligible, verdict.met, verdict.unknown) == (True, 4, 0)
    unmet = case.criteria.loc[~case.criteria["met"], "criterion"]
    assert list(unmet) == ["independent_difficulties"]
    friends = case.actors[(case.actors["kind"] == "other_person") & case.actors["label"].str.contains("amie")]
    assert len(friends) == 2


@pytest.mark.parametrize(("grid", "eligible"), [
    ("+++--", True), ("+++??", True), ("+++++", True), ("++---", False), ("-++++", False), ("-++??", False),
    ("-....", False), ("?+---", False), ("+.---", False), ("?++--", None), (".++++", None), ("++?--", None),
    ("++...", None), (".....", None),
])  # fmt: skip
def test_three_of_five_criteria_and_the_required_one_among_them(grid: str, eligible: bool | None) -> None:
    """The required criterion first: met, not met, answered with nothing, or without a row."""
    asked = ["psychological_impact", *(code for code in codes("criterion") if code != "psychological_impact")]
    told = [(code, sign) for code, sign in zip(asked, grid, strict=True) if sign != "."]
    met = pd.array([{"+": True, "-": False}.get(sign) for _, sign in told], dtype="boolean")
    verdict = intake_verdict(pd.DataFrame({"criterion": [code for code, _ in told], "met": met}))
    assert verdict.eligible is eligible
    assert (verdict.met, verdict.unknown) == (grid.count("+"), grid.count("?") + grid.count("."))
    assert verdict.required_met is {"+": True, "-": False}.get(grid[0])


def test_untold_criteria_stay_unknown(records: Records) -> None:
    other = records.criteria[records.criteria["household"] != "A"]
    assert not other["met"].eq(False).any()
    assert other["met"].isna().any()
    assert other.loc[other["met"].isna(), "evidence"].isna().all()


def test_seven_stages_of_case_one_in_order(records: Records) -> None:
    events = records.case("C1").events.sort_values("order")
    assert list(events["kind"]) == [
        "eviction_threat",
        "mobilisation",
        "suspension",
        "appeal",
        "judgment",
        "interpellation",
        "rehousing",
        "follow_up",
    ]
    assert str(events["month"].iloc[0]) == "2023-11"
    assert str(events["until"].iloc[1]) == "2024-02"


def test_household_of_case_one(records: Records) -> None:
    case = records.case("C1")
    assert list(case.persons["role"]) == ["mother", "father", *["child"] * 4]
    assert list(case.persons["life"]) == [*["alive"] * 5, "expected"]
    assert len(case.filiations) == 8
    assert case.persons["age"].isna().all()


def test_network_of_case_one_holds_every_actor_told(records: Records) -> None:
    told = {
        *("tsc", "cpas", "tribunal", "syndicat", "avocate", "front", "cabinet", "presse", "comite-transit"),
        *("ecole-devoirs", "sampa", "one", "ais-lpt", "frb", "mediation", "brusano", "C1-proprietaire"),
    }
    case = records.case("C1")
    assert told <= set(case.actors["id"])
    services = case.actors.loc[case.actors["kind"].isin(SERVICES), "id"]
    starts, ends = case.ties["from_actor"].isin(services), case.ties["to_actor"].isin(services)
    assert all(kind.any() for kind in (starts & ends, starts & ~ends, ~starts & ends))


def test_no_child_is_invented_where_the_number_is_not_told(records: Records) -> None:
    assert list(records.case("C2").persons["role"]) == ["mother", "children"]
    assert list(records.case("N").persons["label"]) == ["M. N"]


def test_one_index_person_a_household_and_ties_stay_inside(records: Records) -> None:
    assert (records.persons.groupby("household")["index"].sum() == 1).all()
    home = records.persons.set_index("id")["household"]
    of_actor = records.actors.set_index("id")["household"]
    for tie in records.ties.itertuples():
        for person in (tie.from_person, tie.to_person):
            assert pd.isna(person) or home[person] == tie.household, tie.id
        for actor in (tie.from_actor, tie.to_actor):
            assert pd.isna(actor) or pd.isna(of_actor[actor]) or of_actor[actor] == tie.household, tie.id
        assert pd.isna(tie.from_person) or pd.isna(tie.from_actor), tie.id
        assert pd.isna(tie.to_person) or pd.isna(tie.to_actor), tie.id
        ends = (tie.from_person, tie.from_actor, tie.to_person, tie.to_actor)
        assert not all(pd.isna(end) for end in ends), tie.id


def test_madame_y(records: Records) -> None:
    case = records.case("Y")
    children = case.persons[case.persons["age"].notna()]
    assert list(zip(children["role"], children["age"], strict=True)) == [("son", 14), ("daughter", 11), ("daughter", 6)]
    assert set(case.housing_problems["problem"]) >= {"health_damp", "health_parasites", "equipment_sanitary"}
    waiting = case.ties.loc[case.ties["label"].str.startswith("liste d’attente"), "to_actor"]
    assert list(waiting) == ["logement-molenbeekois", "cltb", "mais", "ais-etterbeek"]


def test_relevance_tree_of_madame_y(records: Records) -> None:
    nodes = records.case("Y").relevance_nodes
    assert set(records.relevance_nodes["household"]) == {"Y"}
    assert nodes["level"].value_counts().to_dict() == {"aim": 1, "objective": 4, "action": 7, "means": 1}
    level = nodes.set_index("id")["level"]
    above = {"objective": "aim", "action": "objective", "means": "aim"}
    for node in nodes[nodes["level"] != "aim"].itertuples():
        assert level[node.parent] == above[node.level]
    actions = nodes[nodes["level"] == "action"]
    assert list(actions.groupby("parent").size()) == [2, 1, 3, 1]
    assert actions["reading"].all()


def test_partnerships(records: Records) -> None:
    structural = records.partnerships[records.partnerships["kind"] == "structural"]
    assert list(structural["actor"]) == ["dieda", "circuit"]
    assert structural.set_index("actor")["limit"].notna()["circuit"]
    assert len(records.partnerships) - len(structural) == 21


def test_phases(records: Records) -> None:
    starts = " ".join(records.phases["start"].astype(str))
    assert starts == "2022-09 2022-09 2022-11 2023-09 2023-12 2025-01"


@pytest.mark.parametrize(
    ("row", "value", "unit"),
    [
        ("menages-permanence", 114, "ménages par an"),
        ("menages-2020", 59, "ménages"),
        ("menages-accompagnes", 20, "ménages"),
        ("supervision", 26, "séances"),
        ("allocations-commune", 31, "%"),
        ("allocations-region", 21, "%"),
        ("jugements-defaut", 60, "%"),
        ("habitants", 100_000, "habitants"),
        ("associations", 3, "associations"),
        ("cycle-anxiete", 2, "ateliers"),
        ("recommandations", 8, "recommandations"),
    ],
)
def test_numbers(records: Records, row: str, value: float, unit: str) -> None:
    number = records.context_statistics.set_index("id").loc[row]
    assert (number["value"], number["unit"]) == (value, unit)


def test_programme_sections(records: Records) -> None:
    tops = records.programme[records.programme["parent"].isna()]
    assert tops["section"].value_counts().to_dict() == {
        "axis": 3,
        "consequence": 6,
        "intake_rule": 3,
        "process": 10,
        "collective_aim": 4,
        "initiative": 8,
        "psychological_support": 5,
        "supervision": 3,
        "strength": 5,
        "recommendation": 9,
        "synoptic": 10,
    }
    end = tops.loc[tops["section"] == "process", "id"].iloc[-1]
    assert (records.programme["parent"] == end).sum() == 3
    consequences = tops.loc[tops["section"] == "consequence", "id"]
    assert consequences.isin(records.programme["parent"]).all()


def test_three_testimonies_and_every_word_paraphrased(records: Records) -> None:
    assert records.statements["wording"].eq("paraphrase").all()
    assert records.statements["source"].str.contains("témoignages").sum() == 3
