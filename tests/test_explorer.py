"""The explorer without a browser: what is chosen, the code it gives, and what the gate keeps back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from records_sample import signed
from test_measures_association import only_counted

import clss_analysis as clss
from clss_analysis.privacy import NotClearedError
from clss_analysis.records import Records, UnknownCaseError, synthesise

widgets = pytest.importorskip("ipywidgets")


@pytest.fixture(scope="module")
def demo() -> Records:
    return clss.read("data/demo")


class Hand:
    """What a hand does to the widget, and what an eye sees."""

    def __init__(self, records: Records, lang: str = "fr") -> None:
        self.whole = clss.explore(records, lang=lang)
        parts = list(self.parts(self.whole))
        self.households, self.problems, self.impacts = (
            each for each in parts if isinstance(each, widgets.SelectMultiple)
        )
        self.table, self.since, self.until = (each for each in parts if isinstance(each, widgets.Dropdown))
        (self.view,) = (each for each in parts if isinstance(each, widgets.ToggleButtons))
        (self.code,) = (each for each in parts if isinstance(each, widgets.Textarea))
        self.seen, self.notes = (each for each in parts if isinstance(each, widgets.HTML))
        self.records = records

    def parts(self, widget: Any) -> Iterator[Any]:
        yield widget
        for child in getattr(widget, "children", ()):
            yield from self.parts(child)

    def run(self) -> Any:
        return eval(self.code.value, {"clss": clss, "records": self.records})  # noqa: S307  # what a reader would run


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_a_view_that_leaves_a_choice_aside_says_so(demo: Records, lang: str) -> None:
    hand = Hand(demo, lang)
    said = {}
    for view in ("network", "lattice", "matrix", "statements"):
        hand.view.value, hand.problems.value = view, ()
        nothing_chosen = hand.notes.value
        hand.problems.value = ("health_damp",)
        said[view] = hand.notes.value != nothing_chosen
        assert ("health_damp" in hand.code.value) != said[view]
    assert said == {"network": False, "lattice": True, "matrix": False, "statements": True}


def test_the_code_gives_the_figure_that_is_seen(demo: Records) -> None:
    hand = Hand(demo)
    hand.households.value = ("S001", "S004", "S006", "S008", "S013")
    hand.problems.value = ("health_damp", "health_lighting")
    hand.since.value = hand.since.options[2][1]
    for view in ("network", "lattice"):
        hand.view.value = view
        svg = hand.run()._repr_mimebundle_()["image/svg+xml"]
        assert svg[svg.index("<svg") :] in hand.seen.value


def test_the_code_gives_the_table_that_is_seen(demo: Records) -> None:
    hand = Hand(demo)
    hand.impacts.value = ("anxiety", "stress")
    hand.view.value = "matrix"
    table = hand.run()
    assert list(table.columns) == ["anxiety", "stress"]
    assert re.findall(r"<td>(\d+)</td>", hand.seen.value) == [str(n) for n in table.to_numpy().ravel()]
    hand.table.value = "domain_impacts"
    assert hand.impacts.value == ()
    assert "isolation" in hand.run().columns
    hand.view.value = "statements"
    assert all(each in hand.seen.value for each in hand.run()["statement"])


def test_choosing_narrows_to_households_and_months(demo: Records) -> None:
    hand = Hand(demo)
    hand.view.value = "matrix"
    hand.until.value = "2023-06"
    kept = demo.households[demo.households["intake"] <= pd.Period("2023-06", freq="M")]
    pd.testing.assert_frame_equal(
        hand.run(), clss.measures.cooccurrence(demo.among(kept["id"]), "housing_problems", "health_impacts")
    )
    untold = demo.households.assign(intake=demo.households["intake"].mask(demo.households["id"].notna()))
    unknown = demo.with_tables(households=untold)
    assert unknown.among(since="2020-01").households.empty
    with pytest.raises(UnknownCaseError):
        demo.among(["ZZZ"])


def test_a_household_that_may_only_be_counted_cannot_be_chosen_nor_told_by_choosing() -> None:
    cohort = synthesise(30, 5)
    counted = only_counted(cohort)
    told = cohort.households["id"].isin({"S001", "S002", "S003"})
    consents = pd.concat([counted.consents, counted.consents.assign(id="t", scope="told")], ignore_index=True)
    homes = counted.households.assign(consent=["t" if each else "c" for each in told])
    hand = Hand(replace(counted, consents=consents, households=homes))
    hand.view.value = "matrix"
    assert {value for _, value in hand.households.options} == {"S001", "S002", "S003"}
    assert "retenu" in hand.seen.value
    assert hand.notes.value
    for change in ({"since": hand.since.options[1][1]}, {"households": ("S001", "S002")}):
        for name, value in change.items():
            getattr(hand, name).value = value
        (listed,) = re.findall(r"among\(\[([^]]*)\]", hand.code.value)
        assert set(re.findall(r"S\d+", listed)) <= {"S001", "S002", "S003"}
        assert "seuls les ménages qui peuvent être racontés" in hand.notes.value
    hand.view.value = "statements"
    assert not set(re.findall(r"S\d{3}", hand.seen.value)) - {"S001", "S002", "S003"}


def test_a_view_that_shows_nothing_says_why() -> None:
    hand = Hand(clss.read("data/publication"))
    hand.households.value = ("C1",)
    hand.view.value = "lattice"
    assert hand.seen.value.startswith("<p>Trop peu de ménages")


def test_a_shut_dataset_is_not_explored(demo: Records) -> None:
    with pytest.raises(NotClearedError):
        clss.explore(replace(only_counted(demo), consents=demo.consents))


def test_hostile_labels_are_text(demo: Records) -> None:
    bad = "<script>alert(1)</script>"
    homes, codes = demo.households.assign(label=bad), demo.codes.assign(label=bad)
    hand = Hand(signed(demo.with_tables(households=homes, codes=codes)))
    for view in ("network", "lattice", "matrix", "statements"):
        hand.view.value = view
        assert "<script" not in hand.seen.value


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_it_speaks_three_languages(demo: Records, lang: str) -> None:
    hand = Hand(demo, lang)
    assert f'lang="{lang}"' in hand.code.value
    assert hand.run().geometry.lang == lang
