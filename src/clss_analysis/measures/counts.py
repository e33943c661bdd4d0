"""How many households have what, alone and together, and which counts are withheld."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from clss_analysis.privacy import clear, publishable_counts
from clss_analysis.records import Records, codes
from clss_analysis.records.arguments import one_of
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
    one_of("table", table, CODED)
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


Mask = npt.NDArray[np.bool_]


def least_shown(households: Iterable[str], records: Records) -> int:
    """The smallest number of households that a count may show, 0 where all of them may be told one by one.

    Raises:
        NotClearedError: the gate is shut.
    """
    clearance = clear(records)
    return 0 if clearance.open_to_all(households) else clearance.threshold


def tells(rest: npt.ArrayLike, least: int) -> Mask:
    """Where a number of households is small enough to be withheld.

    >>> tells(np.array([0, 2, 5]), 5).tolist()
    [False, True, False]
    """
    numbers = np.asarray(rest, dtype=float)
    return (numbers > 0) & (numbers < least)


def pairs_that_tell(both: pd.DataFrame, rows: pd.Series, columns: pd.Series, known: int, least: int) -> pd.DataFrame:
    """Which counts of two traits together would tell a small count, beside the count of each trait and of all.

    Where 10 households have damp and 8 of them damp and asthma, 2 have damp without asthma.  A pair that nobody has
    tells that only where both its traits are shown.

    Args:
        both: households with the trait of the row and that of the column.
        rows: households with each trait of the rows.
        columns: the same of the columns.
        known: households counted.
        least: smallest number that may be shown.

    Returns:
        True where the count is to be withheld.
    """
    have = both.to_numpy(dtype=int)
    first, second = (rows.to_numpy(dtype=int)[:, None] - have), (columns.to_numpy(dtype=int)[None, :] - have)
    rest = known - have - first - second
    alone = tells(first, least) | tells(second, least)
    told = np.where(have > 0, alone | tells(rest, least), ~alone & tells(rest, least))
    return pd.DataFrame(tells(have, least) | told, index=both.index, columns=both.columns)
