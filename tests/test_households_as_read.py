"""What a reader of forty households found false or unsaid, one household for each kind."""

from __future__ import annotations

import pytest
from sociogenogram_cases import couple, household, person
from test_sociogenogram_months import union_shown, unions

from clss_analysis.layout.genogram.unshown import unshown

COURSE = [
    {"id": "c1", "state": "unmarried", "start": "2020-01", "end": "2022-08"},
    {"id": "c2", "state": "married", "start": "2022-09", "end": "2023-05"},
    {"id": "c3", "state": "separated", "start": "2023-06", "end": "2024-03"},
    {"id": "c4", "state": "divorced", "start": "2024-04", "end": "2024-09"},
    {"id": "c5", "state": "married", "start": "2024-10"},
]


@pytest.mark.parametrize(
    ("month", "state", "slashes"),
    [
        ("2022-08", "unmarried", 0),
        ("2022-09", "married", 0),
        ("2023-05", "married", 0),
        ("2023-06", "separated", 1),
        ("2024-03", "separated", 1),
        ("2024-04", "divorced", 2),
        ("2024-09", "divorced", 2),
    ],
)
def test_rows_that_follow_each_other_are_states_of_one_union(month: str, state: str, slashes: int) -> None:
    assert union_shown(unions(*COURSE), month) == ([f"couple-{state}"], slashes)
    assert union_shown(unions(*COURSE[::-1]), month) == ([f"couple-{state}"], slashes)


def test_who_marry_again_after_a_divorce_told_as_a_state_are_together_again() -> None:
    assert union_shown(unions(*COURSE), "2024-11")[0] == ["couple-married-again"]
    assert union_shown(unions(*COURSE), None)[0] == ["couple-married-again"]


def test_a_marriage_that_another_row_takes_over_from_does_not_end_unsaid() -> None:
    rows = [couple("M", "V") | row for row in COURSE]
    told = unshown(household({"persons": [person("M"), person("V")], "couples": rows}))
    assert [each for each in told if each.table == "couples"] == []
    told = unshown(household({"persons": [person("M"), person("V")], "couples": [rows[1]]}))
    assert [each.rows for each in told if each.why == "union.ended"] == [("c2",)]
