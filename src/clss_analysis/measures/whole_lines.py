"""Lines of a table whose counts belong together: shown whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from clss_analysis.privacy import publishable_counts
from clss_analysis.records import Records


def whole_lines(counts: pd.DataFrame, households: Iterable[str], records: Records) -> pd.DataFrame:
    """Withhold every line of a table of counts in which one cell must be withheld, since the others would give it away.

    Args:
        counts: numbers of households.
        households: ids of all households that the table counts.
        records: the dataset they come from.

    Returns:
        As `publishable_counts`, with `.attrs["withheld"]` the number of lines.

    Raises:
        NotClearedError: a household has no consent.
    """
    shown = publishable_counts(counts, households, records)
    gone = shown.isna().any(axis=1)
    shown.loc[gone, :] = pd.NA
    shown.attrs["withheld"] = int(gone.sum())
    return shown
