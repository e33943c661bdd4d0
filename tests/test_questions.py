"""The research questions of `docs/questions`: each finds the truth of two hundred cohorts as often as it says."""

from pathlib import Path

import nbformat
import pytest

QUESTIONS = Path(__file__).parents[1] / "docs" / "questions"
SEEDS = range(200)


def functions(name, monkeypatch):
    """What the cells of a notebook define, each of them having run."""
    monkeypatch.chdir(QUESTIONS.parents[1])
    cells = nbformat.read(QUESTIONS / f"{name}.ipynb", as_version=4).cells
    names: dict[str, object] = {}
    for cell in cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            exec(compile(cell.source, name, "exec"), names)  # noqa: S102 - a notebook of this project
    return names


@pytest.mark.parametrize(("exposed", "found"), [(0.5, (0.95, 1.0)), (0.2, (0.0, 0.09))])
def test_a_symptom_that_begins_later_is_told_from_one_that_does_not(exposed, found, monkeypatch):
    result = functions("unstable-housing-and-sleep", monkeypatch)["recovered"](SEEDS, exposed)
    assert abs(result["mean"] - result["truth"]) < 0.02
    assert 0.92 <= result["covered"] <= 0.99  # an interval of 95 %, over 200 seeds
    assert found[0] <= result["found"] <= found[1]


def test_one_who_reported_before_or_without_a_month_is_left_out(monkeypatch):
    told = functions("unstable-housing-and-sleep", monkeypatch)
    frames, states = told["cohort"](3)
    began = frames.health_impacts["start"]
    early = (began < frames.households["intake"][0] + 6).sum()
    table, left_out = told["lagged"](frames, states)
    assert left_out == early + began.isna().sum() > 0
    assert table.to_numpy().sum() == 200 - left_out


def test_the_rule_of_eviction_is_found_where_there_is_one(monkeypatch):
    told = functions("what-goes-with-eviction", monkeypatch)
    with_rule, without = (told["recovered"](SEEDS, rule=rule) for rule in (True, False))
    assert with_rule["exactly"] >= 0.75
    assert without["exactly"] == 0
    assert without["any"] <= 0.2
    assert told["solution"](told["cohort"](1))["by chance"] == 0
    assert told["solution"](told["cohort"](1, rule=False))["solution"] == ""


def test_support_that_does_nothing_is_not_found_to_do_something(monkeypatch):
    recovered = functions("support-and-rehousing", monkeypatch)["recovered"]
    nothing, doubled = recovered(SEEDS, 1.0), recovered(SEEDS, 2.0)
    assert nothing["landmark"] <= 0.09  # a test at .05
    assert nothing["ever against never"] >= 0.95  # what the notebook warns of
    assert 0.45 <= doubled["landmark"] <= 0.7
