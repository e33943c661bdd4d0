"""How many households have what."""

from __future__ import annotations

import pandas as pd

from clss_analysis.privacy import publishable_counts
from clss_analysis.records import Records, codes
from clss_analysis.records.schema import fields

NONE = "none"
CODED = {
    "situations": "ethos",
    "criteria": "criterion",
    "housing_problems": "problem",
    "health_impacts": "symptom",
    "domain_impacts": "impact",
    "events": "kind",
}


def code_of(table: str) -> tuple[str, str]:
    """The column of a table that holds its code, and the vocabulary of the code.

    Raises:
        ValueError: the table has no code to count by.

    >>> code_of("health_impacts")
    ('symptom', 'symptom')
    """
    if table not in CODED:
        raise ValueError(f"table must be one of {', '.join(CODED)}; got {table}")
    vocabulary = next(field["vocabulary"] for field in fields(table) if field["name"] == CODED[table])
    return CODED[table], vocabulary


def presence(records: Records, table: str) -> pd.DataFrame:
    """Which households have which code: households known (rows) by codes that occur (columns, vocabulary order).

    A household is known when the table says something of it, be it `none`; `none` itself is no column.  A criterion
    counts where it is met, and is unknown where that is not told.
    """
    column, vocabulary = code_of(table)
    rows = records.table(table)
    if table == "criteria":
        rows = rows[rows["met"].notna()].assign(criterion=lambda f: f["criterion"].where(f["met"], NONE))
    told_of, told = set(rows["household"]), set(rows[column])
    found = set(zip(rows["household"], rows[column], strict=True))
    known = [each for each in records.households["id"] if each in told_of]
    occurring = [code for code in codes(vocabulary) if code != NONE and code in told]
    cells = [[(household, code) in found for code in occurring] for household in known]
    return pd.DataFrame(cells, index=pd.Index(known, name="household"), columns=occurring, dtype=bool)


def incidence(records: Records, table: str) -> pd.DataFrame:
    """Number of households per code of a table.

    Args:
        records: the dataset.
        table: situations, criteria, housing_problems, health_impacts, domain_impacts or events.

    Returns:
        One row per code that occurs, in the vocabulary's order: `code` and `households` (`<NA>` where withheld).
        `.attrs` tells `known` and `unknown` (households of which the table says something, or nothing), `withheld`
        and `threshold`.  Counts are of households, never of persons or rows.

    Raises:
        ValueError: the table has no code to count by.
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> counts = incidence(clss.read("data/publication"), "criteria")
    >>> counts["code"].tolist()[0]
    'psychological_impact'
    """
    has = presence(records, table)
    counts = publishable_counts(has.sum().astype("Int64"), has.index, records)
    result = pd.DataFrame({"code": list(has.columns), "households": counts.to_numpy()})
    result["households"] = result["households"].astype("Int64")
    result.attrs = {"known": len(has), "unknown": len(records.households) - len(has), **counts.attrs}
    return result
