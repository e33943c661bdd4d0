"""docs/numbers.csv lists every number that an output says, and what holds it; what is not listed fails."""

from __future__ import annotations

import csv
import inspect
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from numbers import Number
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
from pandas.api.types import is_bool_dtype, is_numeric_dtype
from test_measures_suppression import COUNTS, FEW, public
from test_privacy_ledger import told_and_counted

from clss_analysis import measures, runs
from clss_analysis.figures import KINDS
from clss_analysis.privacy import clear
from clss_analysis.records import Records, synthesise
from clss_analysis.runs.explorer import VIEWS

LIST = Path(__file__).parents[1] / "docs" / "numbers.csv"
SQUARE = ("cooccurrence", "code_cooccurrence")


def listed() -> dict[str, dict[str, str]]:
    """Output → number → what holds it."""
    found: dict[str, dict[str, str]] = {}
    with LIST.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            assert line["held"] in {"told", "ledger", "size", "setting", "nothing", "own table"}
            assert line["by"] or line["held"] == "setting", line["output"]
            found.setdefault(line["output"], {}).update(dict.fromkeys(line["numbers"].split(), line["held"]))
    return found


HELD = listed()


@pytest.fixture(scope="module")
def some() -> tuple[Records, Records]:
    """Twenty households that may be told and forty that may only be counted; and the twenty alone."""
    records = told_and_counted(synthesise(60, 4), 20)
    return records, records.among(clear(records).told)


def numbers(thing: object, at: str = "", *, square: bool = False) -> Iterator[tuple[str, object]]:
    """The columns and attributes that are numbers, each with its name (`@`: an attribute)."""
    if isinstance(thing, pd.DataFrame):
        for name, column in thing.items():
            if is_numeric_dtype(column) and not is_bool_dtype(column):
                yield "cells" if square else f"{at}{name}", repr([(name, column.tolist())])
        yield from numbers(thing.attrs, "@")
    elif isinstance(thing, dict):
        for name, value in thing.items():
            if (isinstance(value, Number) and not isinstance(value, bool)) or value is pd.NA:
                yield f"{at}{name}", repr(value)
    elif isinstance(thing, nx.Graph):
        yield from numbers(pd.DataFrame([about for _, about in thing.nodes(data=True)]), "node.")
        yield from numbers(pd.DataFrame([about for *_, about in thing.edges(data=True)]), "edge.")
        yield from numbers(thing.graph, "@")
    elif is_dataclass(thing):
        for each in fields(thing):
            value = getattr(thing, each.name)
            one = {each.name + ".": value} if isinstance(value, int) else value
            yield from numbers(one, "" if isinstance(value, int) else f"{each.name}.")


def said(name: str, records: Records) -> dict[str, list[object]]:
    made = getattr(measures, name)
    taken = {word: value for word, value in FEW.items() if word in inspect.signature(made).parameters}
    found: dict[str, list[object]] = {}
    for number, value in numbers(made(records=records, **taken), square=name in SQUARE):
        found.setdefault(number, []).append(value)
    return found


@pytest.mark.parametrize("name", sorted(public()))
def test_every_number_of_a_measure_is_listed_and_those_of_the_told_do_not_know_the_others(
    name: str, some: tuple[Records, Records]
) -> None:
    records, told = some
    held, (all_of, without) = HELD[f"measure {name}"], (said(name, each) for each in some)
    assert set(all_of) <= set(held), "a number that nobody said how it is held"
    counted = len(records.households) - len(told.households)
    for number, value in all_of.items():
        if held[number] in ("told", "setting") and number != "unattributed" and name != "attack":
            assert value == without[number], number
        elif held[number] == "size":
            assert int(str(value[0])) == int(str(without[number][0])) + counted
        elif held[number] == "nothing":
            assert value[0] == "<NA>" or str(value[0]).endswith("[])]"), number
    assert {each for each in COUNTS if held.get(each) == "setting"} == set()


def test_every_other_output_is_listed_and_no_line_is_of_none() -> None:
    verbs = {f"notebook {name}" for name in runs.__all__ if hasattr(getattr(runs, name), "__wrapped__")}
    known = {f"measure {name}" for name in public()} | {f"figure {kind}" for kind in KINDS} | verbs
    known |= {f"chapter {form}" for form in ("fact", "count", "list", "holds")} | {"pack count"}
    assert set(HELD) == known | {f"explorer {view}" for view in VIEWS}
    for kind, about in KINDS.items():
        assert set(HELD[f"figure {kind}"].values()) == {"ledger" if about.about.counts else "told"}, kind
