"""What figures of measures say in words: one household is one, and each reason for no figure is its own."""

from __future__ import annotations

import pytest
from records_sample import signed

import clss_analysis as clss
from clss_analysis.records import Records


@pytest.fixture(scope="module")
def demo() -> Records:
    return clss.read("data/demo")


@pytest.mark.parametrize(("happened", "said"), [(1, "C’est arrivé à 1 ménage sur 20."), (2, "à 2 ménages sur 20.")])
def test_one_household_is_said_in_the_singular(happened: int, said: str, demo: Records) -> None:
    rehoused = demo.events[demo.events["kind"] == "rehousing"]
    kept = demo.events.drop(index=rehoused.index[happened:])
    assert said in clss.figures.waiting(demo.with_tables(events=kept)).geometry.alt


def test_an_event_without_a_month_is_said_with_its_bounds(demo: Records) -> None:
    rehoused = demo.events["kind"] == "rehousing"
    silent = signed(demo.with_tables(events=demo.events.assign(month=demo.events["month"].mask(rehoused))))
    drawn = clss.figures.waiting(silent).geometry
    words = " ".join(line for each in drawn.labels for line in each.lines)
    assert "De 6 ménages, le mois n’est pas dit" in words
    assert "Au plus tôt, 70" in words  # 14 of 20 are not rehoused
    assert "le mois n’est pas dit" not in " ".join(
        line for each in clss.figures.waiting(demo).geometry.labels for line in each.lines
    )
