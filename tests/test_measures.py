from __future__ import annotations

import time
from pathlib import Path

import pandas as pd
import pytest
from records_sample import Rows, sound_rows, write_rows

import clss_analysis as clss
from clss_analysis.measures import completeness, cooccurrence, household_overview, incidence, partner_network
from clss_analysis.privacy import NotClearedError
from clss_analysis.records import Records, synthesise


@pytest.fixture
def rows() -> Rows:
    rows = sound_rows()
    rows["households"][1]["consent"] = "CO1"
    rows["households"].append(rows["households"][1] | {"id": "C", "label": "Ménage C"})
    rows["households"].append(rows["households"][1] | {"id": "D", "label": "Ménage D"})
    common = {"source": "essai", "reading": "false"}
    rows["housing_problems"] += [
        common | {"id": "P2", "household": "A", "problem": "health_parasites"},
        common | {"id": "P3", "household": "A", "problem": "health_damp"},
        common | {"id": "P4", "household": "B", "problem": "health_damp"},
        common | {"id": "P5", "household": "C", "problem": "none"},
    ]
    symptom = {"domain": "physical_health"}
    rows["health_impacts"] = [
        common | symptom | {"id": "H1", "household": "A", "symptom": "respiratory"},
        common | symptom | {"id": "H2", "household": "B", "symptom": "respiratory"},
        common | symptom | {"id": "H3", "household": "C", "symptom": "allergy"},
        common | symptom | {"id": "H4", "household": "D", "symptom": "respiratory"},
    ]
    rows["actors"].append(common | {"id": "X3", "label": "Justice", "kind": "service", "sector": "justice"})
    rows["actors"].append(common | {"id": "X4", "label": "Banque", "kind": "service"})
    rows["partnerships"] = [common | {"id": "R1", "actor": "X4", "kind": "occasional"}]
    rows["ties"] += [
        common | {"id": "T3", "household": "A", "from_actor": "X3", "to_actor": "X1", "direction": "two_way"},
        common | {"id": "T4", "household": "B", "from_actor": "X3", "direction": "one_way"},
        common | {"id": "T5", "household": "B", "from_actor": "X2", "direction": "one_way"},
    ]
    event = {"order": "1", "kind": "meeting", "lane": "support", "label": "Rencontre"}
    rows["events"] = [common | event | {"id": "E1", "household": "B", "actor": "X1"}]
    return rows


@pytest.fixture
def records(tmp_path: Path, rows: Rows) -> Records:
    return clss.read(write_rows(tmp_path / "jeu", rows))


def test_cooccurrence_counts_households_not_rows(records: Records) -> None:
    table = cooccurrence(records, "housing_problems", "health_impacts")
    assert table.index.tolist() == ["health_damp", "health_parasites"]
    assert table.columns.tolist() == ["respiratory", "allergy"]
    assert table.to_numpy().tolist() == [[2, 0], [1, 0]]


def test_none_counts_as_known_and_silence_as_unknown(records: Records) -> None:
    assert cooccurrence(records, "housing_problems", "health_impacts").attrs["known"] == 3
    assert cooccurrence(records, "housing_problems", "health_impacts").attrs["unknown"] == 1
    counts = incidence(records, "housing_problems")
    assert counts.to_dict("list") == {"code": ["health_damp", "health_parasites"], "households": [2, 1]}
    assert (counts.attrs["known"], counts.attrs["unknown"]) == (3, 1)


def test_small_counts_are_withheld_where_households_are_only_counted(tmp_path: Path, rows: Rows) -> None:
    rows["consents"][0]["scope"] = "counted"
    records = clss.read(write_rows(tmp_path / "compte", rows))
    table = cooccurrence(records, "housing_problems", "health_impacts")
    assert table.empty, "four are too few to be counted: not even their codes are named"
    assert (table.attrs["withheld"], table.attrs["known"], table.attrs["left_out"]) == (0, 0, True)
    assert incidence(records, "housing_problems").empty
    assert household_overview(records).empty
    network = partner_network(records)
    assert list(network.nodes) == ["X4"]
    assert network.graph["withheld"] == 0


def test_nothing_is_counted_without_consent(tmp_path: Path, rows: Rows) -> None:
    rows["households"][0]["consent"] = ""
    records = clss.read(write_rows(tmp_path / "sans", rows))
    for measure in (household_overview, partner_network, lambda r: incidence(r, "criteria")):
        with pytest.raises(NotClearedError):
            measure(records)


def test_an_unmet_criterion_is_known_and_not_counted(records: Records) -> None:
    changed = records.with_tables(criteria=records.criteria.assign(met=pd.array([False], dtype="boolean")))
    counts = incidence(changed, "criteria")
    assert counts["households"].tolist() == []
    assert counts.attrs["known"] == 1


def test_a_table_without_codes_is_refused_by_name(records: Records) -> None:
    with pytest.raises(ValueError, match=r"table must be one of situations, .*; got persons"):
        incidence(records, "persons")


def test_completeness_tells_known_from_unknown(records: Records) -> None:
    table = completeness(records).set_index(["table", "field"])
    assert table.loc[("persons", "age"), ["rows", "told", "unknown"]].tolist() == [5, 2, 3]
    assert table.loc[("phases", "label"), ["rows", "told", "unknown"]].tolist() == [0, 0, 0]
    assert bool(table.loc[("persons", "role"), "required"])


def test_partners_meet_around_households(records: Records) -> None:
    network = partner_network(records)
    assert list(network.nodes) == ["X1", "X3", "X4"]
    assert network.edges["X1", "X3"] == {"weight": 2, "tied": 1}
    assert network.nodes["X4"]["partnership"] == "occasional"
    assert network.degree["X4"] == 0
    assert network.nodes["X1"]["households"] == 2


def test_the_overview_keeps_unknown_apart_from_none(records: Records) -> None:
    overview = household_overview(records).set_index("household")
    assert overview.loc["A", ["persons", "children", "months", "problems"]].tolist() == [4, 1, 10, 3]
    assert overview.loc["C", "problems"] == 0
    assert pd.isna(overview.loc["D", "problems"])
    assert pd.isna(overview.loc["D", "eligible"])


def test_measures_run_on_a_cohort() -> None:
    cohort = synthesise(30, 1)
    assert len(household_overview(cohort)) == 30
    assert partner_network(cohort).nodes["tsc"]["households"] == 30
    assert cooccurrence(cohort, "housing_problems", "domain_impacts").attrs["withheld"] == 0


def test_measures_stay_quick_when_households_grow() -> None:
    cohort = synthesise(1500, 2)
    start = time.process_time()
    incidence(cohort, "health_impacts")
    cooccurrence(cohort, "housing_problems", "health_impacts")
    partner_network(cohort)
    household_overview(cohort)
    assert time.process_time() - start < 20
