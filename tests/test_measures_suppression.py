"""Nothing small leaves a measure or a figure, neither as a number nor as the difference of two numbers."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from itertools import combinations

import networkx as nx
import pandas as pd
import pytest
from test_figures_measures import MEASURES
from test_measures_association import only_counted

import clss_analysis as clss
from clss_analysis import measures
from clss_analysis.figures import KINDS
from clss_analysis.layout.page import NothingToDrawError
from clss_analysis.measures.counts import CODED
from clss_analysis.records import Records, synthesise

LEAST = 5
ONE_BY_ONE = {"durations": "a researcher’s own table, of households one by one; write_measure refuses it"}
OF_ROWS = {"completeness": "tells how full the tables are, not what is in them"}
FEW = {"table": "situations", "rows": "housing_problems", "columns": "health_impacts", "event": "rehousing",
       "seed": 1, "condition": "vecu", "expected": "isolement"}  # fmt: skip
COUNTS = {"households", "both", "first", "second", "neither", "stayed", "gained", "lost", "held", "never", "numerator",
          "given", "denominator", "alone", "sole", "at_risk", "happened", "censored", "statements",
          "units"}  # fmt: skip


@pytest.fixture(scope="module", params=[(60, 4), (24, 7)], ids=["60", "24"])
def counted(request: pytest.FixtureRequest) -> Records:
    """A cohort of which every household may only be counted, so small that most counts are; all is told of it."""
    cohort = synthesise(*request.param)
    told = [set(cohort.table(name)["household"]) for name in ("housing_problems", "health_impacts", "domain_impacts")]
    return only_counted(cohort.among(set.intersection(*told)))


def public() -> Iterator[str]:
    for name in measures.__all__:
        made = getattr(measures, name)
        if inspect.isfunction(made) and "records" in inspect.signature(made).parameters and name != "write_measure":
            yield name


def given(name: str, records: Records) -> object:
    made: Callable[..., object] = getattr(measures, name)
    taken = inspect.signature(made).parameters
    return made(**{word: value for word, value in FEW.items() if word in taken}, records=records)


def numbers(found: object) -> Iterator[tuple[str, float]]:
    """Every count of households that a measure shows, with the name it goes by."""
    if isinstance(found, nx.Graph):
        for _, about in found.nodes(data=True):
            yield "node", about["households"]
        for a, b, about in found.edges(data=True):
            yield f"edge {a} {b}", about["weight"]
            yield f"tied {a} {b}", about["tied"] or 0
        return
    if not isinstance(found, pd.DataFrame):
        return
    square = bool(len(found.columns)) and set(map(str, found.columns)).isdisjoint({"household", *COUNTS, "code"})
    for column in found.select_dtypes("number").columns:
        if square or column in COUNTS:
            yield from ((str(column), float(value)) for value in found[column].dropna())


@pytest.mark.parametrize("name", sorted(public()))
def test_no_measure_shows_a_small_count_or_an_untold_household(name: str, counted: Records) -> None:
    if name in ONE_BY_ONE | OF_ROWS:
        return
    found = given(name, counted)
    if isinstance(found, pd.DataFrame) and name != "completeness":
        homes = set(counted.households["id"])
        assert not any(homes & set(found[column].astype(str)) for column in found.columns), name
        assert not homes & set(map(str, found.index))
    small = [(what, value) for what, value in numbers(found) if 0 < value < LEAST]
    assert small == [], name


def test_the_search_for_small_counts_can_find_one() -> None:
    told = synthesise(24, 7)
    for name in ("incidence", "cooccurrence", "association", "before_after", "indicators", "code_frequencies",
                 "code_cooccurrence", "partner_network", "service_dependence"):  # fmt: skip
        assert [value for _, value in numbers(given(name, told)) if 0 < value < LEAST], name


@pytest.mark.parametrize("columns", ["health_impacts", "domain_impacts"])
def test_no_difference_of_two_tables_tells_a_small_count(columns: str, counted: Records) -> None:
    met = measures.cooccurrence(counted, "housing_problems", columns)
    known = met.attrs["known"]
    alone = [measures.incidence(counted, each).set_index("code") for each in ("housing_problems", columns)]
    assert [each.attrs["known"] for each in alone] == [known, known]
    seen = 0
    for row in met.index:
        for column in met.columns:
            a, b, n = alone[0]["households"][row], alone[1]["households"][column], met.loc[row, column]
            if pd.isna(n):
                continue
            seen += 1
            rests = [x - n for x in (a, b) if pd.notna(x)]
            rests += [known - a - b + n] if pd.notna(a) and pd.notna(b) else []
            assert all(rest == 0 or rest >= LEAST for rest in rests), (row, column)
    assert seen


def test_no_difference_within_the_codes_tells_a_small_count(counted: Records) -> None:
    together = measures.code_cooccurrence(counted)
    for a, b in combinations(together.index, 2):
        if pd.notna(together.loc[a, b]):
            for each in (a, b):
                whole = together.loc[each, each]
                assert pd.isna(whole) or whole - together.loc[a, b] == 0 or whole - together.loc[a, b] >= LEAST
    counts = measures.code_frequencies(counted).set_index("code")["households"]
    parents = counted.codes.set_index("id")["parent"].dropna()
    for code, parent in parents.items():
        if code in counts and pd.notna(counts[code]) and pd.notna(counts[parent]):
            assert counts[parent] - counts[code] == 0 or counts[parent] - counts[code] >= LEAST


def test_no_difference_within_the_networks_tells_a_small_count(counted: Records) -> None:
    network = measures.partner_network(counted)
    for a, b, about in network.edges(data=True):
        rests = [network.nodes[each]["households"] - about["weight"] for each in (a, b)]
        rests += [about["weight"] - about["tied"]] if about["tied"] is not None else []
        assert all(rest == 0 or rest >= LEAST for rest in rests)
    ties = measures.tie_network(counted)
    for link in ties.links.itertuples():
        rests = [
            ties.actors.loc[end, "households"] - link.households for end in (link.a, link.b) if end in ties.actors.index
        ]
        assert all(rest == 0 or rest >= LEAST for rest in rests)
    services = measures.service_dependence(counted)
    for name in ("alone", "sole"):
        rests = (services["households"] - services[name]).dropna()
        assert ((rests == 0) | (rests >= LEAST)).all()


def test_no_month_of_a_counted_household_is_told(counted: Records) -> None:
    table = measures.indicators(counted)
    assert table[["first", "last"]].isna().all(axis=None)


@pytest.mark.parametrize("kind", MEASURES)
def test_no_figure_shows_a_small_count_or_an_untold_household(kind: str, counted: Records) -> None:
    try:
        drawn = KINDS[kind].draw(counted)
    except NothingToDrawError:
        return
    homes = set(counted.households["id"])
    for page in (drawn, *drawn.following):
        layout = page.geometry
        assert layout.rows == ()
        words = " ".join([layout.title, layout.caption, layout.alt, *(" ".join(each.lines) for each in layout.labels)])
        assert not homes & set(re.findall(r"\w+", words))
        shown = [each for each in layout.labels if re.search(r"-n$|-counts$|^at-risk-\d|^size-|^legend-\d", each.id)]
        for each in shown:
            for number in re.findall(r"\d+", re.sub(r"\d+[.,]\d+|95", "", " ".join(each.lines))):
                assert int(number) == 0 or int(number) >= LEAST, (each.id, each.lines)
        for number in re.findall(r"(\d+)\s+ménages?\b", layout.alt):
            assert int(number) == 0 or int(number) >= LEAST, layout.alt


def test_every_coded_table_is_tried(counted: Records) -> None:
    for table in CODED:
        for value in measures.incidence(counted, table)["households"].dropna():
            assert value == 0 or value >= LEAST


def test_some_figures_of_a_larger_counted_cohort_are_drawn() -> None:
    large = only_counted(synthesise(150, 3))
    drawn = 0
    for kind in ("associations", "waiting", "problems-impacts"):
        test_no_figure_shows_a_small_count_or_an_untold_household(kind, large)
        drawn += bool(KINDS[kind].draw(large).geometry.labels)
    assert drawn == 3
    assert clss.measures.concept_lattice(large).empty
