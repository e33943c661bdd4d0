"""How many households speak of what, which is not how often it is spoken of."""

from __future__ import annotations

import pandas as pd

from clss_analysis.measures.coding import HOUSEHOLD, coded, codes_in_order, unattributed
from clss_analysis.measures.nested import least_shown, tells
from clss_analysis.privacy import clear, publishable_counts
from clss_analysis.records import Records


def code_frequencies(records: Records) -> pd.DataFrame:
    """Number of households per code, and of the mentions behind them.

    A household counts once however often it is quoted: one talkative household is not a finding.  A code counts for
    the codes above it.  That a code is missing from a household means that nobody coded it there.

    Args:
        records: the dataset.

    Returns:
        One row per code, in the codebook's order: `code`, `label`, `depth`, `households` (with this code or one below
        it), `statements` (of these households; `<NA>` where `households` is withheld) and `unattributed` (statements
        of no known household; `<NA>` where some household may only be counted, since they may be its).  `.attrs` tells
        `known` (households with a coded statement), `unknown` (without one), `unattributed` (all coded statements of
        no known household), `withheld` and `threshold`.

    Raises:
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> code_frequencies(clss.read("data/publication")).attrs["known"]
    2
    """
    has = coded(records, HOUSEHOLD, rolled_up=True)
    said = coded(records, "statement", rolled_up=True)
    homes = dict(zip(records.statements["id"], records.statements["household"], strict=True))
    named = [not pd.isna(homes[each]) for each in said.index]
    counts = publishable_counts(has.sum().astype("Int64"), has.index, records)
    book = codes_in_order(records)
    result = book[["code", "label", "depth"]].copy()
    result["households"] = _without_differences(counts, book, least_shown(has.index, records)).to_numpy()
    result["statements"] = said[named].sum().astype("Int64").to_numpy()
    result["unattributed"] = said[[not each for each in named]].sum().astype("Int64").to_numpy()
    result = result.astype(dict.fromkeys(("households", "statements", "unattributed"), "Int64"))
    result["statements"] = result["statements"].mask(result["households"].isna())
    if not set(records.households["id"]) <= clear(records).told:
        result["unattributed"] = pd.array([pd.NA] * len(result), dtype="Int64")
    about = {"known": len(has), "unknown": len(records.households) - len(has), "unattributed": unattributed(records)}
    result.attrs = counts.attrs | about | {"withheld": int(result["households"].isna().sum())}
    return result


def _without_differences(counts: pd.Series[int], book: pd.DataFrame, least: int) -> pd.Series[int]:
    """A code is withheld too where it leaves few households to the code above it; the book tells parents first."""
    shown = counts.copy()
    for code, parent in zip(book["code"], book["parent"], strict=True):
        if pd.notna(parent) and pd.notna(shown[parent]) and pd.notna(shown[code]):
            shown = shown.mask((shown.index == code) & tells(shown[[parent]] - shown[code], least).any())
    return shown
