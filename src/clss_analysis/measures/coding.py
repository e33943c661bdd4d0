"""Which households and statements carry which code of the codebook, alone and together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clss_analysis.measures.counts import least_shown, pairs_that_tell, tells
from clss_analysis.privacy import clear, publishable_counts
from clss_analysis.records import Records

READ_ONLY = "none"
HOUSEHOLD, STATEMENT = "household", "statement"


def codes_in_order(records: Records) -> pd.DataFrame:
    """The codebook as a tree told line by line: every code after its parent, siblings in the order of the table.

    Returns:
        `code`, `parent` (`<NA>` at the top), `depth` (0 at the top), `label`; the code `none` is no code and left out.
    """
    codes = records.codes[records.codes["id"] != READ_ONLY]
    known = set(codes["id"])
    under: dict[str, list[tuple[str, str]]] = {}
    for code, parent, label in codes[["id", "parent", "label"]].itertuples(index=False):
        under.setdefault(parent if parent in known else "", []).append((code, label))
    rows: list[tuple[str, object, int, str]] = []
    left = [(code, "", 0, label) for code, label in reversed(under.get("", []))]
    while left:
        code, parent, depth, label = left.pop()
        rows.append((code, parent or pd.NA, depth, label))
        left += [(child, code, depth + 1, words) for child, words in reversed(under.get(code, []))]
    frame = pd.DataFrame(rows, columns=["code", "parent", "depth", "label"])
    return frame.astype({"code": "string", "parent": "string", "depth": "Int64", "label": "string"})


def coded(records: Records, unit: str, *, rolled_up: bool = False) -> pd.DataFrame:
    """Which unit carries which code, whoever gave it.

    Args:
        records: the dataset.
        unit: `household` or `statement`.
        rolled_up: whether a code counts for the codes above it too.

    Returns:
        True and False: units that somebody read (rows, in the order of their table) by codes (columns, the codebook's
        order).  Statements of no known household are no rows where the unit is the household.

    Raises:
        ValueError: another unit.
    """
    if unit not in (HOUSEHOLD, STATEMENT):
        raise ValueError(f"unit must be {HOUSEHOLD} or {STATEMENT}; got {unit}")
    table = records.households if unit == HOUSEHOLD else records.statements
    codings = records.codings[records.codings[unit].notna()]
    read = set(codings[unit])
    book = codes_in_order(records)
    columns = {str(code): n for n, code in enumerate(book["code"])}
    above = dict(zip(book["code"], book["parent"], strict=True))
    rows = [each for each in table["id"] if each in read]
    place = {each: n for n, each in enumerate(rows)}
    cells = [[False] * len(columns) for _ in rows]
    for each, code in zip(codings[unit], codings["code"], strict=True):
        named = code
        while named in columns:
            cells[place[each]][columns[named]] = True
            named = above[named] if rolled_up and not pd.isna(above[named]) else ""
    return pd.DataFrame(cells, index=pd.Index(rows, name=unit, dtype="string"), columns=list(columns), dtype=bool)


def unattributed(records: Records) -> int:
    """Number of coded statements whose household is not known."""
    return int(records.codings.loc[records.codings["household"].isna(), "statement"].nunique())


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
    named = np.array([not pd.isna(homes[each]) for each in said.index], dtype=bool)
    counts = publishable_counts(has.sum().astype("Int64"), has.index, records)
    book = codes_in_order(records)
    result = book[["code", "label", "depth"]].copy()
    result["households"] = _without_differences(counts, book, least_shown(has.index, records)).to_numpy()
    result["statements"] = said[named].sum().astype("Int64").to_numpy()
    result["unattributed"] = said[~named].sum().astype("Int64").to_numpy()
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


def code_cooccurrence(records: Records, unit: str = HOUSEHOLD) -> pd.DataFrame:
    """Number of households, or of statements, that carry both of two codes; the diagonal is each code alone.

    Together in a household says that both were spoken of; together in a statement, that they were spoken of in one
    breath.  Neither says that one comes of the other.

    Args:
        records: the dataset.
        unit: `household` or `statement`.

    Returns:
        A symmetric table of `Int64`, codes that occur in the codebook's order, `<NA>` where few households stand behind
        the cell, whatever the unit.  `.attrs` tells `unit`, `known` (units read), `withheld` and `threshold`.

    Raises:
        ValueError: another unit.
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> table = code_cooccurrence(clss.read("data/publication"), "statement")
    >>> bool((table == table.T).all(axis=None))
    True
    """
    has = coded(records, unit)
    has = has.loc[:, has.any()]
    everyone = set(records.households["id"])
    homes = _homes(records, unit, list(has.index))
    marks = has.to_numpy(dtype=int)
    of_home: dict[str, list[int]] = {}
    for row, home in enumerate(homes):
        if home is not None:
            of_home.setdefault(home, []).append(row)
    counts = _table(marks.T @ marks, has)
    support = np.zeros(counts.shape, dtype=int)
    for rows in of_home.values():
        support += marks[rows].T @ marks[rows] > 0
    behind = _table(support, has)
    shown = publishable_counts(behind, set(of_home), records)
    unnamed = (behind == 0) & (counts > 0) & (not everyone <= clear(records).told)
    alone = pd.Series(np.diag(support), index=behind.index)
    nested = pairs_that_tell(behind, alone, alone, known=len(of_home), least=least_shown(set(of_home), records))
    result = counts.mask(shown.isna() | unnamed | nested)
    withheld = int((result.isna()).to_numpy().sum())
    result.attrs = {**shown.attrs, "withheld": withheld, "unit": unit, "known": len(has)}
    result.index.name = result.columns.name = "code"
    return result


def _homes(records: Records, unit: str, units: list[str]) -> list[str | None]:
    if unit == HOUSEHOLD:
        return list(units)
    homes = records.statements.set_index("id")["household"].loc[units]
    return [None if pd.isna(home) else str(home) for home in homes]


def _table(numbers: NDArray[np.int64], has: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(numbers, index=has.columns, columns=has.columns).astype("Int64")
