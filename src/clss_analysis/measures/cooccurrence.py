"""What comes together in the same households."""

from __future__ import annotations

import pandas as pd

from clss_analysis.measures.incidence import presence
from clss_analysis.measures.nested import least_shown, pairs_that_tell
from clss_analysis.privacy import publishable_counts
from clss_analysis.records import Records


def cooccurrence(records: Records, rows: str, columns: str) -> pd.DataFrame:
    """Number of households in which a code of one table and a code of another both occur.

    Only households of which both tables say something are counted; that a code is missing there means that it was not
    told, not that it was looked for.  Counts at this size show what was met together, never that one causes the other.

    A count is withheld also where too few households have one of the codes without the other, or neither: who reads
    the counts by code beside it would work that out.

    Args:
        records: the dataset.
        rows: table of the row codes, such as `housing_problems`.
        columns: table of the column codes, such as `health_impacts`.

    Returns:
        Counts (`Int64`, `<NA>` where withheld), codes that occur in the order of their vocabularies, `none` left out.
        `.attrs` tells `rows` and `columns` (the tables), `known` (households counted), `unknown` (households left
        out), `withheld` and `threshold`.

    Raises:
        ValueError: a table has no code to count by.
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> table = cooccurrence(clss.read("data/publication"), "housing_problems", "health_impacts")
    >>> int(table.loc["health_damp", "depressive"])
    1
    """
    first, second = presence(records, rows), presence(records, columns)
    both = first.index.intersection(second.index, sort=False)
    a, b = (each.loc[both].to_numpy(dtype=int) for each in (first, second))
    product = pd.DataFrame(a.T @ b, index=first.columns, columns=second.columns)
    counts = publishable_counts(product, both, records)
    alone, among = (pd.Series(each.sum(axis=0)) for each in (a, b))
    told = pairs_that_tell(product, alone, among, len(both), least_shown(both, records))
    hidden = counts.isna().to_numpy(dtype=bool) | told.to_numpy(dtype=bool)
    threshold = counts.attrs["threshold"]
    counts = counts.mask(hidden)
    counts.index.name, counts.columns.name = rows, columns
    counts.attrs = {
        "rows": rows,
        "columns": columns,
        "known": len(both),
        "unknown": len(records.households) - len(both),
        "withheld": int(hidden.sum()),
        "threshold": threshold,
    }
    return counts
