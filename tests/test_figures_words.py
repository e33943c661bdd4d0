"""What figures of measures say in words: one household is one, and each reason for no figure is its own."""

from __future__ import annotations

import pytest

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
