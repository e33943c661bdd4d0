"""Networks, the work itself, indicators, and what leaves with them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from test_measures_association import only_counted
from test_notebook_gate import half_counted

import clss_analysis as clss
from clss_analysis.measures import (
    accompaniment,
    household_network,
    indicators,
    isolation,
    service_dependence,
    write_measure,
)
from clss_analysis.privacy import NotClearedError
from clss_analysis.records import Records, codes, intake_verdict, label, synthesise, write


@pytest.fixture(scope="module")
def publication() -> Records:
    return clss.read("data/publication")


def tied(records: Records, *pairs: tuple[str, str]) -> Records:
    """The publication with these ties alone, of the household Y; an empty end is the household itself."""
    rows = [
        {"id": f"T{n}", "household": "Y", "from_actor": a or pd.NA, "to_actor": b or pd.NA, "from_person": pd.NA,
         "to_person": pd.NA, "direction": "two_way", "source": "essai", "reading": False}
        for n, (a, b) in enumerate(pairs)
    ]  # fmt: skip
    ties = pd.DataFrame(rows).reindex(columns=records.ties.columns).astype(records.ties.dtypes.to_dict())
    return records.with_tables(ties=ties)


def test_who_is_reached_only_through_the_worker(publication: Records) -> None:
    records = tied(publication, ("tsc", ""), ("tsc", "dieda"), ("tsc", "circuit"), ("commune", ""), ("commune", "tsc"))
    line = household_network(records).set_index("household").loc["Y"]
    assert line["only_through_worker"] == "circuit,dieda"
    assert line["cut_points"] == "tsc"
    assert (line["services"], line["through_worker"]) == (4, 2)
    assert line["density"] == pytest.approx(3 / 6)
    assert line["brokerage"] == 1.0


def test_a_direct_tie_makes_the_worker_dispensable(publication: Records) -> None:
    records = tied(publication, ("tsc", ""), ("tsc", "dieda"), ("dieda", ""))
    line = household_network(records).set_index("household").loc["Y"]
    assert line["only_through_worker"] == ""
    assert line["cut_points"] == ""


def test_what_would_break_if_a_service_closed(publication: Records) -> None:
    services = service_dependence(publication).set_index("actor")
    assert services.loc["tsc", "households"] == 6
    assert services.index[0] == "permanence"
    assert services.loc["tsc", "sole"] == 0
    one = service_dependence(tied(publication, ("tsc", "")).with_tables(events=publication.events.iloc[:0]))
    assert one[["actor", "alone", "sole"]].to_numpy().tolist() == [["tsc", 1, 1]]


def test_households_that_may_only_be_counted_are_not_shown_one_by_one() -> None:
    counted = only_counted(synthesise(30, 5))
    for measure in (household_network, accompaniment, isolation):
        frame = measure(counted)
        assert frame.empty
        assert frame.attrs["counted"] == 30
    services = service_dependence(counted)
    shown = services[["households", "alone", "sole"]].dropna()
    assert ((shown == 0) | (shown >= services.attrs["threshold"])).all(axis=None)
    table = indicators(counted)
    numbers = table[["numerator", "denominator"]].dropna()
    rest = numbers["denominator"] - numbers["numerator"]
    assert table.attrs["withheld"] > 0
    assert ((rest == 0) | (rest >= table.attrs["threshold"])).all()
    assert ((numbers == 0) | (numbers >= table.attrs["threshold"])).all(axis=None)
    assert not any(table.attrs["rows"].values())


def test_indicators_divide_what_is_told(publication: Records) -> None:
    table = indicators(publication).set_index("indicator")
    assert table.loc["threatened", ["numerator", "denominator", "unknown"]].tolist() == [4, 4, 2]
    assert table.loc["solved", ["numerator", "denominator", "unknown"]].tolist()[2] >= 1
    assert ((table["denominator"] + table["unknown"]) == 6).all()
    for lang in ("fr", "nl", "en"):
        assert indicators(publication, lang=lang)["definition"].is_unique
    rows = indicators(publication).attrs["rows"]
    assert {row.table for row in rows["threatened"]} == {"criteria"}
    turned = publication.with_tables(events=publication.events.iloc[::-1], criteria=publication.criteria.iloc[::-1])
    pd.testing.assert_frame_equal(indicators(turned).set_index("indicator"), table)


def test_psychological_support_is_dated_only_where_its_month_is_told() -> None:
    work = accompaniment(clss.read("data/demo")).set_index("household")
    assert work.loc[work["to_support"].notna(), "support"].all()
    assert not work["support"].all()
    assert (work["contacts_per_month"].dropna() > 0).all()


def test_eligibility_is_the_intake_rule_applied_one_by_one(publication: Records) -> None:
    for records in (publication, clss.read("data/demo")):
        groups = records.criteria.groupby("household")
        verdicts = [intake_verdict(rows).eligible for _, rows in groups]
        line = indicators(records).set_index("indicator").loc["eligible"]
        assert line[["numerator", "denominator"]].tolist() == [
            verdicts.count(True),
            len(verdicts) - verdicts.count(None),
        ]


def test_ties_are_counted_at_the_months_they_are_told_for(publication: Records) -> None:
    records = tied(publication, ("tsc", ""), ("dieda", ""), ("circuit", ""), ("commune", ""))
    months = {"start": ["2021-01", "2021-06", None, "2022-01"], "end": ["2021-03", None, None, None]}
    ties = records.ties.assign(**{name: pd.PeriodIndex(values, freq="M") for name, values in months.items()})
    households = records.households.assign(
        intake=records.households["intake"].mask(records.households["id"] == "Y", pd.Period("2021-02", freq="M")),
        closing=records.households["closing"].mask(records.households["id"] == "Y", pd.Period("2021-12", freq="M")),
    )
    line = isolation(records.with_tables(ties=ties, households=households)).set_index("household").loc["Y"]
    assert line[["before", "after", "undated"]].tolist() == [1, 1, 1]


def test_a_measure_leaves_with_its_units(tmp_path: Path, publication: Records) -> None:
    pairs = clss.measures.association(publication, "housing_problems", "health_impacts")
    table, meta = write_measure(pairs, tmp_path / "paires.csv", publication)
    first = table.read_bytes(), meta.read_bytes()
    about = json.loads(meta.read_text(encoding="utf-8"))
    assert about["units"]["both"] == "households"
    assert about["unknown"] == 3
    assert pd.read_csv(table).shape == pairs.shape
    assert (table.read_bytes(), meta.read_bytes()) == first
    with pytest.raises(ValueError, match=r"\.csv"):
        write_measure(pairs, tmp_path / "paires.xlsx", publication)


def test_households_that_may_only_be_counted_do_not_leave_in_a_table(tmp_path: Path) -> None:
    counted = only_counted(clss.read("data/demo"))
    waits = clss.measures.durations(counted, "rehousing")
    assert len(waits) == 20
    with pytest.raises(NotClearedError):
        write_measure(waits, tmp_path / "attentes.csv", counted)
    assert list(tmp_path.iterdir()) == []


def _saying(records: Records, **more: object) -> pd.DataFrame:
    given = clss.measures.incidence(records, "housing_problems").copy()
    given.attrs = given.attrs | more
    return given


OF_ROWS = {
    "a table without its household": lambda records: records.persons.drop(columns="household"),
    "the households themselves": lambda records: records.households,
    "a column by another name": lambda records: records.situations.rename(columns={"household": "h"}),
    "a measure by another name": lambda records: clss.measures.durations(records, "rehousing").rename(
        columns={"household": "h"}
    ),
    "the households in what it says of itself": lambda records: _saying(records, rows=records.households.to_dict()),
    "a household in the name of a column": lambda records: clss.measures.incidence(records, "housing_problems").rename(
        columns={"households": "S007 a deux enfants"}
    ),
    "as many empty lines": lambda records: records.households[[]],
    "counts of one's own": lambda records: records.housing_problems["problem"].value_counts().reset_index(),
    "what a measure gave, with a cell changed": lambda records: clss.measures.incidence(
        records, "housing_problems"
    ).assign(households=1),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Records:
    """Households half of which may only be counted, read from a folder as a user reads them."""
    folder = tmp_path_factory.mktemp("comptés") / "jeu"
    write(half_counted(), folder)
    return clss.read(folder)


@pytest.mark.parametrize("frame", OF_ROWS.values(), ids=OF_ROWS)
def test_no_other_table_leaves_where_some_may_only_be_counted(frame, house: Records, tmp_path: Path) -> None:
    with pytest.raises(NotClearedError):
        write_measure(frame(house), tmp_path / "lignes.csv", house)
    assert list(tmp_path.iterdir()) == []


def test_what_a_measure_gave_leaves_where_some_may_only_be_counted(house: Records, tmp_path: Path) -> None:
    given = clss.measures.incidence(house, "housing_problems")
    table, _ = write_measure(given, tmp_path / "problèmes.csv", house)
    assert pd.read_csv(table)["households"].dropna().tolist() == given["households"].dropna().tolist() != []


def test_states_are_the_ethos_groups() -> None:
    assert set(clss.measures.monthly_states(clss.read("data/demo"))["state"].dropna()) <= set(clss.measures.STATES)
    assert len(codes("ethos")) == 14
    assert label("ethos", "housed") == "Logement adéquat"


@pytest.mark.parametrize("folder", ["data/publication", "data/demo"])
def test_figure_and_table_of_services_count_the_same_households(folder: str) -> None:
    records = clss.read(folder)
    drawn, listed = clss.measures.tie_network(records).actors, clss.measures.partner_network(records)
    services = [actor for actor in drawn.index if actor in listed]
    assert len(services) > 20
    assert {actor: drawn.loc[actor, "households"] for actor in services} == {
        actor: listed.nodes[actor]["households"] for actor in services
    }
