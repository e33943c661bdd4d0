"""Ages made of birth months: only what is known at the month of intake."""

from __future__ import annotations

import pytest

from clss_analysis.privacy.birth import age_cells


@pytest.mark.parametrize(
    ("birth", "intake", "cells"),
    [
        ((1985, 4), "2024-03", {"age": "38"}),
        ((1985, 4), "2024-04", {"age_band": "30-44"}),
        ((1985, 4), "2024-05", {"age": "39"}),
        ((2006, 9), "2024-09", {}),
        ((2021, 1), "2024-01", {}),
        ((2021, 12), "2024-11", {"age": "2"}),
        ((2024, 6), "2024-06", {"age": "0"}),
        ((2024, 7), "2024-06", {}),
        ((1985, None), "2024-04", {"age_band": "30-44"}),
        ((2024, None), "2024-04", {}),
        ((1904, 3), "2024-04", {"age": "120"}),
        ((1903, 3), "2024-04", {}),
    ],
)
def test_an_age_is_said_where_it_is_known(birth: tuple[int, int | None], intake: str, cells: dict[str, str]) -> None:
    assert age_cells(birth, intake, bands=False) == cells


@pytest.mark.parametrize(("intake", "band"), [("2024-08", "12-17"), ("2024-10", "18-29"), ("2024-09", None)])
def test_a_band_is_said_where_both_ages_are_of_it(intake: str, band: str | None) -> None:
    assert age_cells((2006, 9), intake, bands=True) == ({"age_band": band} if band else {})
