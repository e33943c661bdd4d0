"""Charts of the measures: sound geometry, words in three languages, nothing small, and no household untold."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from test_measures_association import only_counted

import clss_analysis as clss
from clss_analysis.figures import MEASURES
from clss_analysis.layout.geometry import overlaps, strikes
from clss_analysis.layout.page import NothingToDrawError
from clss_analysis.measures import false_findings
from clss_analysis.records import Records, synthesise

BOOK = Path(__file__).parents[1] / "book"


@pytest.fixture(scope="module")
def demo() -> Records:
    return clss.read("data/demo")


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
@pytest.mark.parametrize("kind", MEASURES)
def test_charts_are_sound_in_every_language(demo: Records, kind: str, lang: str) -> None:
    layout = MEASURES[kind].draw(demo, lang=lang).geometry
    assert overlaps(layout) == []
    assert strikes(layout) == []
    assert layout.height <= 205
    assert min(label.size for label in layout.labels) >= 7
    assert all(label.box[0] >= 0 and label.box[2] <= layout.width for label in layout.labels)
    assert layout.alt != layout.caption
    assert layout.rows
    held = {name: set(demo.table(name)["id"]) for name in {row.table for row in layout.rows}}
    assert all(row.row in held[row.table] for row in layout.rows)
    assert "synth" in " ".join(layout.labels[0].lines).lower()


@pytest.mark.parametrize("kind", MEASURES)
def test_the_order_of_rows_does_not_move_a_chart(demo: Records, kind: str) -> None:
    mixed = demo.with_tables(
        **{name: demo.table(name).iloc[::-1] for name in ("situations", "events", "criteria", "housing_problems")}
    )
    layouts = [MEASURES[kind].draw(each).geometry for each in (demo, mixed)]
    assert layouts[0].labels == layouts[1].labels
    assert layouts[0].symbols == layouts[1].symbols


@pytest.mark.parametrize("kind", MEASURES)
def test_the_publication_is_too_few(kind: str) -> None:
    with pytest.raises(NothingToDrawError, match=r"^Trop peu"):
        MEASURES[kind].draw(clss.read("data/publication"))


def test_charts_of_a_counted_cohort_show_no_household_and_no_small_count() -> None:
    counted = only_counted(synthesise(120, 3))
    for kind in ("courses", "configurations"):
        with pytest.raises(NothingToDrawError):
            MEASURES[kind].draw(counted)
    for kind in ("associations", "waiting"):
        layout = MEASURES[kind].draw(counted).geometry
        assert layout.rows == ()
        words = " ".join(" ".join(label.lines) for label in layout.labels)
        assert not set(counted.households["id"]) & set(re.findall(r"\w+", words))
        shown = [label for label in layout.labels if re.fullmatch(r"at-risk-\d+|pair-\d+-counts", label.id)]
        assert shown
        for label in shown:
            for number in re.findall(r"\d+", label.lines[0]):
                assert int(number) == 0 or int(number) >= 5


def test_a_chart_needs_no_pair_or_case_that_is_not_there(demo: Records) -> None:
    silent = replace(demo, situations=demo.situations.iloc[:0], events=demo.events.iloc[:0])
    for kind in ("courses", "waiting"):
        with pytest.raises(NothingToDrawError):
            MEASURES[kind].draw(silent)


def test_the_trial_printed_in_the_annex_is_the_one_that_runs() -> None:
    text = (BOOK / "13-mesures.md").read_text(encoding="utf-8")
    printed = [
        [cell.strip() for cell in line.strip("|").split("|")[2:]]
        for line in text.splitlines()
        if re.match(r"\| (sans|avec) assoc", line)
    ]
    numbers = false_findings()[["false_share", "any_false", "false_discovery", "found"]].to_numpy().tolist()
    ours = [["–" if n != n else f"{n:.3f}".replace(".", ",") for n in row] for row in numbers]
    assert printed == ours
    weak = false_findings(households=20, odds=9).set_index(["cohort", "method"]).loc[("planted", "adjusted"), "found"]
    assert 1 / 7 < weak < 1 / 5
