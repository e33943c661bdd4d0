"""Counts small enough to point at someone, withheld."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import pandas as pd

from clss_analysis.privacy.gate import clear
from clss_analysis.records import Records

Counts = TypeVar("Counts", "pd.Series[int]", pd.DataFrame)
THRESHOLD = 5


def publishable_counts(
    counts: Counts, households: Iterable[str], records: Records, threshold: int = THRESHOLD
) -> Counts:
    """Withhold the cells of a table of counts in which fewer than `threshold` households stand.

    A cell of 1 to `threshold` − 1 becomes `<NA>`, unless every household counted is one that may be told: those are
    published one by one already.  Zero says that nobody is concerned, and stays.

    This is the plain threshold.  A withheld cell can still be worked out from totals and from other tables; secondary
    suppression comes with the full gate.

    Args:
        counts: numbers of households.
        households: ids of all households that the table counts.
        records: the dataset they come from.
        threshold: smallest number of households that may be shown.

    Returns:
        A new table of the same shape, `Int64`, with `.attrs["withheld"]` (number of cells) and `.attrs["threshold"]`.

    Raises:
        NotClearedError: a household of the dataset has no consent.

    >>> import clss_analysis as clss
    >>> counts = pd.Series([0, 3, 7])
    >>> cohort = clss.records.synthesise(2, 1)
    >>> publishable_counts(counts, cohort.households["id"], cohort).tolist()
    [0, 3, 7]
    """
    open_to_all = set(households) <= clear(records).told
    numbers = counts.astype("Int64")
    small = (numbers > 0) & (numbers < threshold) & (not open_to_all)
    result = numbers.mask(small)
    result.attrs = {**counts.attrs, "withheld": int(small.to_numpy().sum()), "threshold": threshold}
    return result
