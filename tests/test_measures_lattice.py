"""The concept lattice: a published example, what must hold of any context, and what may not be shown."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_measures_association import only_counted

import clss_analysis as clss
from clss_analysis.measures import concept_lattice
from clss_analysis.measures.counts import CODED
from clss_analysis.measures.lattice import _lines
from clss_analysis.records import synthesise

TABLES = ("housing_problems", "health_impacts")
WATER = {"leech": "abg", "bream": "abgh", "frog": "abcgh", "dog": "acghi",
         "spike-weed": "abdf", "reed": "abcdf", "bean": "acde", "maize": "acdf"}  # fmt: skip


def marks(context: dict[str, str], letters: str) -> pd.DataFrame:
    columns = pd.MultiIndex.from_tuples([("rows" if n % 2 else "columns", each) for n, each in enumerate(letters)])
    cells = [[each in has for each in letters] for has in context.values()]
    return pd.DataFrame(cells, index=list(context), columns=columns, dtype=bool)


def concepts(context: dict[str, str], letters: str, least: int = 0) -> list[tuple[set[str], set[str]]]:
    return [
        (set(filter(None, line[2].split(","))), set(filter(None, f"{line[3]},{line[4]}".split(","))))  # type: ignore[attr-defined]
        for line in _lines(marks(context, letters), least)
    ]


def test_living_beings_and_water() -> None:
    """Ganter & Wille (1999), Formal Concept Analysis, § 1.1, figures 1.1 and 1.4: 8 objects, 9 attributes, 19 concepts.

    The concept without an object, which carries every attribute, is no line of ours.
    """
    found = concepts(WATER, "abcdefghi")
    assert len(found) == 18
    assert ({"bream", "frog"}, set("abgh")) in found
    assert ({"spike-weed", "reed", "bean", "maize"}, set("ad")) in found
    assert ({"reed", "maize"}, set("acdf")) in found
    assert found[0] == (set(WATER), {"a"})
    lines = _lines(marks(WATER, "abcdefghi"), 1)
    assert lines[0][0] == 18
    own = {name for line in lines for name in str(line[7]).split(",") if name}
    assert own == set(WATER)


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.sets(st.sampled_from("uvwxyz")).map(sorted), min_size=1))
@settings(max_examples=60)
def test_concepts_are_closed_and_all_there(context: dict[str, list[str]]) -> None:
    held = {name: "".join(has) for name, has in context.items()}
    found = concepts(held, "uvwxyz")

    def shared(objects: set[str]) -> set[str]:
        return {each for each in "uvwxyz" if all(each in held[name] for name in objects)}

    def holders(letters: set[str]) -> set[str]:
        return {name for name in held if letters <= set(held[name])}

    for objects, letters in found:
        assert shared(objects) == letters
        assert holders(letters) == objects
    expected = {frozenset(holders(shared({name}))) for name in held}
    expected |= {frozenset(holders({each})) for each in "uvwxyz"} - {frozenset()}
    assert expected <= {frozenset(objects) for objects, _ in found}


def test_lines_below_are_the_next_ones() -> None:
    records = clss.read("data/demo")
    lattice = concept_lattice(records)
    has = {name: records.table(name).groupby("household")[CODED[name]].agg(set) for name in TABLES}
    for line in lattice.itertuples():
        for name, told in zip(TABLES, (line.rows, line.columns), strict=True):
            held = [has[name].get(home, set()) - {"none"} for home in line.members.split(",")]
            assert set(filter(None, told.split(","))) == set.intersection(*held)
    members = {line.concept: set(line.members.split(",")) for line in lattice.itertuples()}
    for line in lattice.itertuples():
        for lower in map(int, filter(None, line.below.split(","))):
            assert members[lower] < members[line.concept]
            assert not any(members[lower] < between < members[line.concept] for between in members.values())
    assert lattice.attrs["concepts"] == len(lattice)
    texts = dict.fromkeys(("members", "rows", "columns", "own_rows", "own_columns", "own", "below"), "string")
    kinds = {"concept": "int64", "households": "Int64", **texts}
    assert [(name, str(kind)) for name, kind in lattice.dtypes.items()] == list(kinds.items())
    told = {name: lattice.attrs[name] for name in ("rows", "columns", "known", "unknown", "left_out", "least", "units")}
    units = {"households": "households", "below": "concepts"}
    assert told == dict(zip(told, (*TABLES, 20, 0, 0, 1, units), strict=True))
    upper = concept_lattice(clss.read("data/demo"), least=4)
    assert upper["members"].tolist() == lattice.loc[lattice["households"] >= 4, "members"].tolist()


def test_households_that_may_only_be_counted_are_no_objects_and_many_are_refused() -> None:
    counted = concept_lattice(only_counted(synthesise(30, 5)))
    assert counted.empty
    assert counted.attrs["known"] == 0
    assert (counted.attrs["unknown"], counted.attrs["left_out"]) == (None, None), "the silent are 2, too few to be said"
    spoken = concept_lattice(only_counted(synthesise(30, 5)), "health_impacts", "criteria")
    assert (spoken.attrs["unknown"], spoken.attrs["left_out"]) == (0, 30)
    with pytest.raises(ValueError, match="more than 100 households"):
        concept_lattice(synthesise(140, 1))
    with pytest.raises(ValueError, match="least must be 1 or more"):
        concept_lattice(synthesise(3, 1), least=0)


def test_every_cell_of_a_lattice_worked_out_by_hand() -> None:
    """Codes of the first table are b and d, of the second a and c: all codes, those of its own, homes."""
    three = marks({"X": "ab", "Y": "abc", "Z": "ad"}, "abcd")
    assert _lines(three, 1) == [
        (4, 3, "X,Y,Z", "", "a", "", "a", "", "2,4"),
        (4, 2, "X,Y", "b", "a", "b", "", "X", "3"),
        (4, 1, "Y", "b", "a,c", "", "c", "Y", ""),
        (4, 1, "Z", "d", "a", "d", "", "Z", ""),
    ]
    assert _lines(three, 2) == [
        (4, 3, "X,Y,Z", "", "a", "", "a", "Z", "2"),
        (4, 2, "X,Y", "b", "a", "b", "", "X,Y", ""),
    ]
