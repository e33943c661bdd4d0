"""A house with little or nothing in a table: measures and their figures say so, and no library stumbles over it."""

from __future__ import annotations

import contextlib
import inspect
import warnings
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import pytest
from records_sample import signed

import clss_analysis as clss
from clss_analysis import measures
from clss_analysis.figures import KINDS
from clss_analysis.layout.page import NothingToDrawError
from clss_analysis.records import Records, synthesise

EVENTS = ("rehousing", "eviction", "closing")
DATED = ("situations", "housing_problems", "health_impacts", "domain_impacts")
# What a measure is asked for beside the records; the others take nothing more.
ASKED: dict[str, tuple[dict[str, Any], ...]] = {
    "association": ({"rows": "criteria", "columns": "events"}, {"rows": "situations", "columns": "domain_impacts"}),
    "before_after": tuple({"table": table} for table in DATED),
    "code_cooccurrence": ({"unit": "household"}, {"unit": "statement"}),
    "coder_agreement": ({"seed": 1, "draws": 20},),
    "cooccurrence": (
        {"rows": "housing_problems", "columns": "health_impacts"},
        {"rows": "events", "columns": "events"},
    ),
    "durations": tuple({"event": event} for event in EVENTS),
    "incidence": tuple({"table": table} for table in measures.CODED),
    "kaplan_meier": ({"event": "rehousing"}, {"event": "closing", "by": "household_type"}),
    "saturation": ({"seed": 1, "orders": 5},),
}
OF_RECORDS = sorted(
    name
    for name in measures.__all__
    if inspect.isfunction(made := getattr(measures, name))
    and next(iter(inspect.signature(made).parameters), "") == "records"
)
CHARTS = ("associations", "concept-lattice", "configurations", "courses", "framework", "problems-impacts", "saturation")
TABLES = (
    "situations", "persons", "criteria", "housing_problems", "health_impacts", "domain_impacts", "actors", "ties",
    "events", "statements", "codes", "codings",
)  # fmt: skip
# Rows that go with a table's, since they name them.
WITH = {
    "statements": ("codings",),
    "codes": ("codings",),
    "persons": ("couples", "filiations", "health_impacts", "domain_impacts", "ties", "attendance"),
    "actors": ("ties", "events", "workshops", "attendance", "partnerships"),
}


def _without(records: Records, table: str) -> Records:
    return records.with_tables(**{name: records.table(name).iloc[:0] for name in (table, *WITH.get(table, ()))})


def _bare(scope: str) -> Records:
    consent = {"id": "CO1", "label": "Accord", "scope": scope}
    return clss.Records.from_frames(consents=[consent], households=[{"id": "A", "consent": "CO1"}])


@pytest.fixture(scope="module")
def cohort() -> Records:
    return synthesise(4, 3)


HOUSES: dict[str, Callable[[Records], Records]] = {
    "told alone": lambda _: _bare("told"),
    "counted alone": lambda _: _bare("counted"),
    "nobody": lambda records: records.among([]),
    "whole": lambda records: records,
} | {table: lambda records, table=table: _without(records, table) for table in TABLES}


@pytest.mark.parametrize("house", HOUSES)
def test_measures_and_their_figures_bear_a_house_with_little_in_it(house: str, cohort: Records) -> None:
    records = HOUSES[house](cohort)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in OF_RECORDS:
            for asked in ASKED.get(name, ({},)) if name != "negative_cases" else ():
                getattr(measures, name)(records, **asked)
        cases = measures.qca.memberships(records)
        conditions = list(cases)[:-1]
        table = measures.qca.truth_table(cases, "housing_solved", conditions)
        for kind in ("conservative", "parsimonious"):
            measures.qca.solve(cases, table, kind)
        for kind in ("waiting", *CHARTS):
            with contextlib.suppress(NothingToDrawError):
                plt.close(KINDS[kind].draw(records))
    assert len(records.wide()) == len(records.households)
    assert len(records.to_networkx()) == len(records.households) + len(records.persons) + len(records.actors)


def test_statements_that_were_read_and_given_no_code_make_no_curve(cohort: Records) -> None:
    codings = cohort.codings.drop_duplicates("household").assign(code="none")
    read = signed(cohort.with_tables(codings=codings))
    assert (measures.saturation(read, seed=1, orders=5)["found"] == 0).all()
    with pytest.raises(NothingToDrawError, match="aucune n’a reçu de code" if len(codings) > 2 else "Trop peu"):
        KINDS["saturation"].draw(read)


def test_a_negative_case_is_asked_of_codes_that_there_are(cohort: Records) -> None:
    first, second = [code for code in cohort.codes["id"] if code != "none"][:2]
    assert measures.negative_cases(_without(cohort, "codings"), first, second).empty
