from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

import clss_analysis as clss
from clss_analysis.records import Records, intake_verdict, synthesise, validate, write
from clss_analysis.records.schema import table_names, table_schema

DEMO = Path(__file__).parents[1] / "data" / "demo"


@pytest.fixture(scope="module")
def cohort() -> Records:
    return synthesise(300, 7)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_demo_dataset_is_what_the_program_makes(tmp_path: Path) -> None:
    assert files(write(synthesise(20, 2026), tmp_path / "demo")) == files(DEMO)


def test_the_demo_dataset_is_sound_and_marked() -> None:
    demo = clss.read(DEMO)
    assert demo.synthetic
    assert len(demo.households) == 20
    assert "synthétique" in demo.title
    assert "synthétique" in demo.source
    for name in table_names():
        assert (demo.table(name)["source"] == "synthetic").all()


def test_another_seed_is_another_cohort() -> None:
    assert not synthesise(3, 1).persons.equals(synthesise(3, 2).persons)


def test_cohorts_nest() -> None:
    small, large = synthesise(4, 5), synthesise(9, 5)
    for name in table_names():
        frame = large.table(name)
        if "household" in frame.columns:
            frame = frame[frame["household"].isna() | frame["household"].isin(small.households["id"])]
        elif name == "households":
            frame = frame.head(4)
        pd.testing.assert_frame_equal(frame.reset_index(drop=True), small.table(name))


def test_a_cohort_is_sound(cohort: Records, tmp_path: Path) -> None:
    assert validate(write(cohort, tmp_path / "cohorte")) == []


def test_no_household_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1, got 0"):
        synthesise(0, 1)


def test_the_profile_is_that_of_the_publication(cohort: Records) -> None:
    persons = cohort.persons
    mothers = cohort.households.loc[cohort.households["household_type"] == "lone_mother", "id"]
    assert len(mothers) > len(cohort.households) / 2.5
    index = persons[persons["household"].isin(mothers) & persons["index"]]
    assert index["age"].dropna().between(30, 45).mean() > 0.75
    children = persons[persons["household"].isin(mothers) & persons["role"].isin(["daughter", "son"])]
    assert (children.groupby("household").size() >= 3).mean() > 0.5
    assert {"extended", "couple_children", "lone_father", "single"} <= set(cohort.households["household_type"])
    assert {"expected", "deceased"} <= set(persons["life"])
    assert {"hosted", "elsewhere"} <= set(persons["residence"])
    assert {"separated", "divorced", "married"} <= set(cohort.couples["state"].dropna())


def test_parents_are_at_least_fifteen_years_older(cohort: Records) -> None:
    ages = cohort.persons.set_index("id")["age"]
    gap = ages.loc[cohort.filiations["parent"]].to_numpy() - ages.loc[cohort.filiations["child"]].to_numpy()
    known = pd.Series(gap).dropna()
    assert len(known) > 500
    assert known.min() >= 15


def test_every_household_satisfies_the_rule_and_most_meet_four_or_five(cohort: Records) -> None:
    verdicts = [intake_verdict(cohort.case(household).criteria) for household in cohort.households["id"]]
    assert all(verdict.eligible and verdict.required_met for verdict in verdicts)
    counts = Counter(verdict.met for verdict in verdicts)
    assert counts[4] + counts[5] > 0.65 * len(verdicts)


def test_every_household_has_a_network_and_a_tree(cohort: Records) -> None:
    services = cohort.actors.loc[cohort.actors["kind"] != "other_person", "id"]
    ends = cohort.ties.melt("household", ["from_actor", "to_actor"])
    direct = cohort.ties[cohort.ties[["from_actor", "to_actor"]].notna().sum(axis=1) == 1]
    tied = direct["from_actor"].fillna(direct["to_actor"])
    count = tied[tied.isin(services)].groupby(direct["household"]).nunique()
    assert len(count) == len(cohort.households)
    assert count.between(4, 12).all()
    assert ends["value"].dropna().isin(cohort.actors["id"]).all()
    levels = cohort.relevance_nodes.groupby(["household", "level"]).size().unstack(fill_value=0)
    assert (levels["aim"] == 1).all()
    assert levels["objective"].between(1, 4).all()
    assert levels["action"].between(2, 8).all()
    assert (levels["means"] >= 1).all()


def test_stages_come_in_order_of_time(cohort: Records) -> None:
    for _, events in cohort.events.groupby("household"):
        assert events["order"].tolist() == list(range(1, len(events) + 1))
        assert events["month"].dropna().is_monotonic_increasing
        assert events["kind"].iloc[0] == "contact"
    closed = cohort.households[cohort.households["closing"].notna()]
    last = cohort.events.groupby("household").last()
    assert (last.loc[closed["id"], "kind"] == "closing").all()


def test_damp_and_breathing_go_together_but_not_always(cohort: Records) -> None:
    def having(table: str, column: str, code: str) -> pd.Series:
        frame = cohort.table(table)
        return cohort.households["id"].isin(frame.loc[frame[column] == code, "household"])

    damp, breath = (
        having("housing_problems", "problem", "health_damp"),
        having("health_impacts", "symptom", "respiratory"),
    )
    assert breath[damp].mean() > breath[~damp].mean() + 0.1
    assert breath[~damp].mean() > 0
    assert breath[damp].mean() < 0.9


def test_some_cells_are_unknown(cohort: Records) -> None:
    for table, column in (("households", "income"), ("persons", "age"), ("criteria", "met"), ("events", "month")):
        unknown = cohort.table(table)[column].isna().mean()
        assert 0 < unknown < 0.5


def test_services_are_generic(cohort: Records) -> None:
    known = {"DIEDA", "Circuit", "Baita", "SAMPA", "Brusano", "Move", "La Rue", "CLTB", "Relais", "Toop", "Ransfort"}
    words = " ".join(cohort.actors["label"]) + " ".join(cohort.actors["institution"].dropna())
    assert not {name for name in known if name in words}


def test_a_thousand_households_take_a_few_seconds() -> None:
    start = time.process_time()
    synthesise(1000, 3)
    assert time.process_time() - start < 10


def test_the_descriptor_of_a_cohort_says_synthetic(tmp_path: Path) -> None:
    text = (write(synthesise(1, 1), tmp_path / "un") / "datapackage.json").read_text(encoding="utf-8")
    assert '"synthetic": true' in text
    assert table_schema("ties")["path"] in text
