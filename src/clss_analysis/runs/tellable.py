"""A dataset as a figure of the whole may show it: without the households that may only be counted."""

from __future__ import annotations

from clss_analysis.privacy import Clearance, clear
from clss_analysis.privacy.consents import Given, without_words
from clss_analysis.privacy.gate import part_of


def tellable(records: Given, clearance: Clearance | None = None) -> Given:
    """The records without any row of a household that may not be told, its consent too; rows of no household stay.

    Nor are words there that may not be quoted, nor consents that no household names: those of one that is gone, or that
    is counted as it was once.

    Args:
        records: the dataset, or one household.
        clearance: what the gate gave for it; default: what it gives now.

    Raises:
        NotClearedError: a household has no consent at all.
    """
    told = (clearance or clear(records)).told
    homes = records.households
    whole = told >= set(homes["id"]) and records.consents["id"].isin(homes["consent"]).all()
    return without_words(records if whole else part_of(records, told))
