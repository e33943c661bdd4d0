"""Records never change: not by pandas in place, not by a copy, and what they hold is known by its content."""

from __future__ import annotations

import dataclasses
import json
import pickle
from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pandas as pd
import pytest

import clss_analysis as clss
from clss_analysis.records.content import digest
from clss_analysis.records.faults import NotClearedError
from clss_analysis.records.writing import files_of


def test_a_household_that_is_asked_for_again_is_the_same_one() -> None:
    records = clss.read("data/demo")
    one = records.case("S001")
    assert records.case("S001") is one
    assert one.case("S001") is one
    assert [records.case(each).households["id"].tolist() for each in ("S002", "S001")] == [["S002"], ["S001"]]
    assert records.in_language("nl").case("S001").lang == "nl"
    with pytest.raises(clss.records.faults.UnknownCaseError):
        one.case("S002")


def test_a_language_is_that_of_the_copy_alone() -> None:
    records = clss.read("data/publication")
    dutch = records.in_language("nl")
    assert (records.lang, dutch.lang, dutch.case("Y").lang, records.case("Y").in_language("en").lang) == (
        "fr", "nl", "nl", "en",
    )  # fmt: skip
    assert type(records.case("Y").in_language("en")) is clss.Case
    assert dutch.sha256 == records.sha256
    assert files_of(dutch) == files_of(records)
    with pytest.raises(ValueError, match="lang: fr, nl, en, not 'de'"):
        records.in_language("de")


@pytest.fixture(scope="module")
def records() -> clss.Records:
    return clss.read("data/publication")


IN_PLACE: dict[str, Callable[[pd.DataFrame], object]] = {
    "loc": lambda f: f.loc.__setitem__((f.index[0], "source"), "autre"),
    "at": lambda f: f.at.__setitem__((f.index[0], "source"), "autre"),
    "iloc": lambda f: f.iloc.__setitem__((0, 1), "autre"),
    "iat": lambda f: f.iat.__setitem__((0, 1), "autre"),
    "mask": lambda f: f.__setitem__(f == f.iloc[0, 0], pd.NA),
    "column": lambda f: f.__setitem__("source", "autre"),
    "new column": lambda f: f.insert(0, "x_new", 1),
    "deleted column": lambda f: f.__delitem__("source"),
    "popped column": lambda f: f.pop("source"),
    "column names": lambda f: setattr(f, "columns", [name.upper() for name in f.columns]),
    "index": lambda f: setattr(f, "index", [f"r{place}" for place in range(len(f))]),
    "drop": lambda f: f.drop(f.index, inplace=True),
    "sort": lambda f: f.sort_values("id", ascending=False, inplace=True),
    "rename": lambda f: f.rename(columns={"id": "key"}, inplace=True),
    "fill": lambda f: f.fillna({"source": "autre"}, inplace=True),
    "update": lambda f: f.update(pd.DataFrame({"source": ["autre"]})),
    "row added": lambda f: f.loc.__setitem__(len(f) + 9, f.iloc[0]),
    "series": lambda f: f["source"].__setitem__(f.index[0], "autre"),
    "series iloc": lambda f: f["source"].iloc.__setitem__(0, "autre"),
    "series replace": lambda f: f["source"].replace(f["source"].iloc[0], "autre", inplace=True),
    "slice": lambda f: f.iloc[:1].loc.__setitem__((f.index[0], "source"), "autre"),
    "slice of a slice": lambda f: f[["id", "source"]][:2].iloc.__setitem__((0, 1), "autre"),
    "values": lambda f: f.values.__setitem__((0, 0), "autre"),
    "series values": lambda f: f["source"].values.__setitem__(0, "autre"),
    "series numpy": lambda f: f["source"].to_numpy().__setitem__(0, "autre"),
    "series asarray": lambda f: np.asarray(f["source"]).__setitem__(0, "autre"),
    "series array": lambda f: f["source"].array.__setitem__(0, "autre"),
    "slice array": lambda f: f.iloc[:1]["source"].array.__setitem__(0, "autre"),
    "month array": lambda f: [f[c].array.__setitem__(0, pd.NaT) for c in f if f[c].dtype == "period[M]"],
    "truth array": lambda f: f["reading"].array.__setitem__(0, pd.NA),
    "index values": lambda f: f.index.values.__setitem__(0, 9),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("way", IN_PLACE)
@pytest.mark.parametrize("table", ["ties", "households"])
def test_no_change_in_place_reaches_records_or_a_case(records: clss.Records, way: str, table: str) -> None:
    for held in (records, records.case("Y")):
        before, known = held.table(table).copy(deep=True), held.content
        if before.empty:
            continue
        for frame in (getattr(held, table), held.table(table)):
            with suppress(ValueError):  # a read-only array says so
                IN_PLACE[way](frame)
        pd.testing.assert_frame_equal(held.table(table), before)
        assert dataclasses.replace(held).content == known


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("way", IN_PLACE)
def test_a_frame_that_was_given_stays_with_who_gave_it(records: clss.Records, way: str) -> None:
    given = records.statements.copy(deep=True)
    held = dataclasses.replace(records, statements=given)
    with suppress(ValueError):
        IN_PLACE[way](given)
    pd.testing.assert_frame_equal(held.statements, records.statements)
    assert held.content == records.content


def test_other_rows_are_another_dataset(records: clss.Records) -> None:
    ties = records.ties
    ties.loc[ties.index[0], "start"] = pd.Period("2031-01", freq="M")
    changed = [
        dataclasses.replace(records, ties=ties),
        records.with_tables(ties=records.ties.iloc[::-1]),
        records.with_tables(ties=records.ties.drop(columns="start")),
        records.with_tables(ties=records.ties.rename(columns={"start": "begin"})),
        records.with_tables(ties=records.ties.astype({"source": object})),
        dataclasses.replace(records, threshold=records.threshold + 1),
        dataclasses.replace(records, decisions=records.decisions[1:]),
        dataclasses.replace(records, translations={}),
        dataclasses.replace(records, disclosure={"ties.kind": "none"}),
        dataclasses.replace(records, synthetic=True),
        records.case("Y"),
        records.case("A"),
        records.among(["Y"]),
    ]
    assert len({records.content, *(each.content for each in changed)}) == len(changed) + 1
    assert all(each != records for each in changed)
    same = [clss.read("data/publication"), records.with_tables(ties=records.ties.copy()), dataclasses.replace(records),
            pickle.loads(pickle.dumps(records))]  # fmt: skip # noqa: S301 - our own bytes
    assert {records.content} == {each.content for each in same}
    assert all(each == records and hash(each) == hash(records) for each in same)


def test_equal_numbers_and_truths_are_told_apart() -> None:
    cells = [1, 1.0, True, "1", "True", None, float("nan"), pd.NA, "nan", "<NA>"]
    frames = [pd.DataFrame({"a": pd.Series([cell], dtype=object)}) for cell in cells]
    texts = [pd.DataFrame({"a": pd.array(each, dtype="string")}) for each in (["a", "b"], ["a, b"], ["a', 'b"], [])]
    kinds = [pd.DataFrame({"a": pd.array([1], dtype=kind)}) for kind in ("Int64", "Float64", "boolean")]
    months = [pd.DataFrame({"a": pd.PeriodIndex([month], freq="M")}) for month in ("2023-01", "2023-02", None)]
    every = [*frames, *texts, *kinds, *months]
    assert len({digest(each) for each in every}) == len(every)


def test_what_the_descriptor_says_is_fixed_as_well(records: clss.Records) -> None:
    before = records.content
    for change in (
        lambda: records.translations.update({}),
        lambda: records.figure_ids["F1"].__setitem__("kind", "partners"),
        lambda: records.disclosure.setdefault("ties.kind", "none"),
        lambda: records.extra.pop("sources", None),
        lambda: records.translations.__ior__({}),
        records.extra.clear,
    ):
        with pytest.raises(TypeError, match="never changed in place"):
            change()
    with pytest.raises(dataclasses.FrozenInstanceError):
        records.ties = records.ties  # type: ignore[misc]
    again = pickle.loads(pickle.dumps(records))  # noqa: S301 - our own bytes
    assert (again.translations, again.extra, again.content) == (records.translations, records.extra, before)
    assert json.loads(json.dumps(records.figure_ids)) == records.figure_ids


def test_what_was_drawn_or_cleared_is_known_by_its_rows_alone(records: clss.Records) -> None:
    case = records.case("Y")
    drawn = sum(line.kind == "arrow" for line in clss.figures.sociogenogram(case).geometry.lines)
    bare = case.with_tables(ties=case.ties.iloc[:0])
    assert drawn > 0
    assert not any(line.kind == "arrow" for line in clss.figures.sociogenogram(bare).geometry.lines)
    assert not any(line.kind == "arrow" for line in clss.figures.sociogenogram(bare, labels=True).geometry.lines)
    clss.privacy.clear(records)
    said = records.statements
    said.loc[said.index[0], "text"] = "Madame Fatima Benali, 0470 12 34 56, rue de Ribaucourt 14, NISS 85.07.30-033.28"
    clss.privacy.clear(records)
    for changed in (records.with_tables(statements=said), dataclasses.replace(records, statements=said)):
        with pytest.raises(NotClearedError):
            clss.privacy.clear(changed)
