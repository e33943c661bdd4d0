"""What comes together in the same households."""

from __future__ import annotations

import pandas as pd

from clss_analysis.measures.incidence import presence
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
    products = (one.T @ other for one in (a, 1 - a) for other in (b, 1 - b))
    tables = (pd.DataFrame(each, index=first.columns, columns=second.columns) for each in products)
    four = [publishable_counts(each, both, records) for each in tables]
    small, only_a, only_b, neither = (each.isna().to_numpy(dtype=bool) for each in four)
    of_a, of_b = (
        publishable_counts(pd.Series(each.sum(axis=0)), both, records).notna().to_numpy(dtype=bool) for each in (a, b)
    )
    hidden = small | only_a & of_a[:, None] | only_b & of_b | neither & of_a[:, None] & of_b
    counts = four[0].mask(hidden)
    counts.index.name, counts.columns.name = rows, columns
    counts.attrs = {
        "rows": rows,
        "columns": columns,
        "known": len(both),
        "unknown": len(records.households) - len(both),
        "withheld": int(hidden.sum()),
        "threshold": four[0].attrs["threshold"],
    }
    return counts
