"""Records never change: not by pandas in place, not by a copy, and what they hold is known by its content."""

from __future__ import annotations

import pytest

import clss_analysis as clss
from clss_analysis.records.writing import files_of


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
