"""Charts of the measures: sound geometry, words in three languages, nothing small, and no household untold."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from test_measures_association import only_counted

import clss_analysis as clss
from clss_analysis.figures import KINDS
from clss_analysis.layout.geometry import overlaps, strikes
from clss_analysis.layout.page import NothingToDrawError
from clss_analysis.measures import concept_lattice, cooccurrence, false_findings, framework_matrix, incidence
from clss_analysis.records import Records, synthesise

MEASURES = (
    "associations",
    "waiting",
    "courses",
    "configurations",
    "problems-impacts",
    "concept-lattice",
    "saturation",
    "framework",
)
BOOK = Path(__file__).parents[1] / "book"


@pytest.fixture(scope="module")
def demo() -> Records:
    return clss.read("data/demo")


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
@pytest.mark.parametrize("kind", MEASURES)
def test_charts_are_sound_in_every_language(demo: Records, kind: str, lang: str) -> None:
    layout = KINDS[kind].draw(demo, lang=lang).geometry
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
    layouts = [KINDS[kind].draw(each).geometry for each in (demo, mixed)]
    assert layouts[0].labels == layouts[1].labels
    assert layouts[0].symbols == layouts[1].symbols


OF_CASES = ("problems-impacts", "concept-lattice", "framework")


@pytest.mark.parametrize("kind", [each for each in MEASURES if each not in OF_CASES])
def test_the_publication_is_too_few_to_compare(kind: str) -> None:
    with pytest.raises(NothingToDrawError, match=r"^Trop peu"):
        KINDS[kind].draw(clss.read("data/publication"))


@pytest.mark.parametrize("kind", OF_CASES)
def test_the_publication_has_cases_to_set_side_by_side(kind: str) -> None:
    layout = KINDS[kind].draw(clss.read("data/publication")).geometry
    assert layout.rows
    assert overlaps(layout) == strikes(layout) == []


@pytest.mark.parametrize("kind", OF_CASES)
@pytest.mark.parametrize("seed", range(8))
def test_figures_of_cases_are_sound_on_any_cohort(kind: str, seed: int) -> None:
    records = synthesise(4 + 5 * seed, seed)
    try:
        drawn = KINDS[kind].draw(records)
    except NothingToDrawError:
        return
    for page in (drawn, *drawn.following):
        layout = page.geometry
        assert overlaps(layout) == strikes(layout) == []
        assert layout.height <= 205
        assert all(label.box[0] >= 0 and label.box[2] <= layout.width for label in layout.labels)


def test_lines_of_the_lattice_lead_from_many_households_to_fewer(demo: Records) -> None:
    layout = KINDS["concept-lattice"].draw(demo).geometry
    boxes = {symbol.id: symbol.box for symbol in layout.symbols}
    assert layout.lines
    for line in layout.lines:
        assert line.path[0][1] == boxes[line.source][3] < boxes[line.target][1] == line.path[-1][1]
    lattice = concept_lattice(demo, least=6)
    concepts = lattice[(lattice["rows"] != "") | (lattice["columns"] != "")]
    assert len([symbol for symbol in layout.symbols if symbol.id.startswith("concept-")]) == len(concepts)
    with pytest.raises(NothingToDrawError):
        KINDS["concept-lattice"].draw(synthesise(140, 1))


def test_the_network_counts_households_and_keeps_to_the_codes_asked_for(demo: Records) -> None:
    layout = KINDS["problems-impacts"].draw(demo, problems=["health_damp"], impacts=["anxiety", "allergy"]).geometry
    met = cooccurrence(demo, "housing_problems", "health_impacts").loc["health_damp", ["anxiety", "allergy"]]
    assert {line.target.removeprefix("second_code-") for line in layout.lines} == set(met[met > 0].index)
    said = {label.of: label.lines[0] for label in layout.labels if label.id.endswith("-n")}
    count = incidence(demo, "housing_problems").set_index("code").loc["health_damp", "households"]
    assert said["first_code-health_damp"] == str(count)
    assert {row.table for row in layout.rows} == {"housing_problems", "health_impacts"}


def test_the_framework_shows_every_statement_once_a_theme(demo: Records) -> None:
    drawn = KINDS["framework"].draw(demo)
    shown = [
        label.lines[0]
        for page in (drawn, *drawn.following)
        for label in page.geometry.labels
        if label.id.endswith("-id")
    ]
    assert sorted(shown) == sorted(framework_matrix(demo)["statement"])


def test_charts_of_a_counted_cohort_show_no_household_and_no_small_count() -> None:
    counted = only_counted(synthesise(120, 3))
    for kind in ("courses", "configurations", "concept-lattice", "saturation", "framework"):
        with pytest.raises(NothingToDrawError):
            KINDS[kind].draw(counted)
    for kind in ("associations", "waiting", "problems-impacts"):
        layout = KINDS[kind].draw(counted).geometry
        assert layout.rows == ()
        words = " ".join(" ".join(label.lines) for label in layout.labels)
        assert not set(counted.households["id"]) & set(re.findall(r"\w+", words))
        shown = [
            label for label in layout.labels if re.fullmatch(r"at-risk-\d+|pair-\d+-counts|.*_code-.*-n", label.id)
        ]
        assert shown
        for label in shown:
            for number in re.findall(r"\d+", label.lines[0]):
                assert int(number) == 0 or int(number) >= 5


def test_a_chart_needs_no_pair_or_case_that_is_not_there(demo: Records) -> None:
    silent = replace(demo, situations=demo.situations.iloc[:0], events=demo.events.iloc[:0])
    for kind in ("courses", "waiting"):
        with pytest.raises(NothingToDrawError):
            KINDS[kind].draw(silent)


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
