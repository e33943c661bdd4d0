"""A dataset as a figure of the whole may show it: without the households that may only be counted."""

from __future__ import annotations

from typing import TypeVar

from clss_analysis.privacy import Clearance, clear
from clss_analysis.records import Records
from clss_analysis.records.schema import table_names

Told = TypeVar("Told", bound=Records)


def tellable(records: Told, clearance: Clearance | None = None) -> Told:
    """The records without any row of a household that may not be told; rows of no household stay.

    Args:
        records: the dataset, or one household.
        clearance: what the gate gave for it; default: what it gives now.

    Raises:
        NotClearedError: a household has no consent at all.
    """
    told = (clearance or clear(records)).told
    if told >= set(records.households["id"]):
        return records
    kept = {"households": records.households[records.households["id"].isin(told)].reset_index(drop=True)}
    for name in table_names():
        frame = records.table(name)
        if "household" in frame.columns:
            kept[name] = frame[frame["household"].isna() | frame["household"].isin(told)].reset_index(drop=True)
    return records.with_tables(**kept)  # type: ignore[return-value]  # a case stays a case
