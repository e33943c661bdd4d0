"""Which codes are found together, in the same household or in the same statement."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clss_analysis.measures.coding import HOUSEHOLD, coded
from clss_analysis.measures.nested import least_shown, pairs_that_tell
from clss_analysis.privacy import clear, publishable_counts
from clss_analysis.records import Records


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
