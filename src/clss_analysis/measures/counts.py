"""How many households have what, alone and together, and which counts are withheld."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from clss_analysis.privacy.ledger import Ledger, Reach, ledger
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
"""Tables whose rows say by a code what holds of a household, and the column that has it."""


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


def lines_by_home(frame: pd.DataFrame, *columns: str) -> dict[str, list[tuple[Any, ...]]]:
    """Household → its rows in the order of the table, as tuples of these columns."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for household, *values in frame[["household", *columns]].itertuples(index=False):
        found.setdefault(household, []).append(tuple(values))
    return found


def presence(records: Records, table: str) -> pd.DataFrame:
    """Which households have which code: households known (rows) by codes that occur (columns, vocabulary order).

    A household is known when the table says something of it, be it `none`; `none` itself is no column.  A criterion
    counts where it is met, and is unknown where that is not told.  Households that may only be counted are there where
    they may be counted at all.  `.attrs` tells `known`, `unknown` and `left_out`, as `incidence` does.

    Raises:
        NotClearedError: the gate is shut.
    """
    entered = ledger(records)
    column, vocabulary = code_of(table)
    rows = entered.records.table(table)
    if table == "criteria":
        rows = rows[rows["met"].notna()].assign(criterion=lambda f: f["criterion"].where(f["met"], NONE))
    reach = entered.reach(pd.Index(rows["household"].unique()))
    found = set(zip(rows["household"], rows[column], strict=True))
    told = set(rows[column])
    occurring = [code for code in codes(vocabulary) if code != NONE and code in told]
    cells = [[(household, code) in found for code in occurring] for household in reach.homes]
    frame = pd.DataFrame(cells, index=pd.Index(reach.homes, name="household"), columns=occurring, dtype=bool)
    frame.attrs = said_of(reach, entered)
    return frame


def said_of(reach: Reach, entered: Ledger) -> dict[Hashable | None, Any]:
    """What a table of counts says of the households it reaches: how many, of how many nothing is told, who is out."""
    return {"known": reach.known, "unknown": reach.unknown, "left_out": entered.left_out}


def incidence(records: Records, table: str) -> pd.DataFrame:
    """Number of households per code of a table.

    Args:
        records: the dataset.
        table: situations, criteria, housing_problems, health_impacts, domain_impacts or events.

    Returns:
        One row per code that occurs, in the vocabulary's order: `code` and `households` (`<NA>` where withheld); a
        code whose number is withheld is no row where no household has it that is told.
        `.attrs` tells `known` and `unknown` (households of which the table says something, or nothing; None where
        withheld), `left_out` (whether there are households that are too few to be counted at all), `withheld` and
        `threshold`.  Counts are of households, never of persons or rows.

    Raises:
        ValueError: the table has no code to count by.
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> counts = incidence(clss.read("data/publication"), "criteria")
    >>> counts["code"].tolist()[0]
    'psychological_impact'
    """
    entered = ledger(records)
    has = presence(records, table)
    counts = entered.counts(has, listed=True)
    result = pd.DataFrame({"code": list(counts.index), "households": counts.to_numpy()})
    result["households"] = result["households"].astype("Int64")
    result.attrs = has.attrs | counts.attrs
    return result


def numbers_by_code(records: Records) -> Iterator[list[str]]:
    """The households in each number that `incidence` shows of any table."""
    for table in CODED:
        has = presence(records, table)
        shown = ledger(records).counts(has)
        yield from (has.index[has[code]].tolist() for code in has.columns if not pd.isna(shown[code]))


def cooccurrence(records: Records, rows: str, columns: str) -> pd.DataFrame:
    """Number of households in which a code of one table and a code of another both occur.

    Only households of which both tables say something are counted; that a code is missing there means that it was not
    told, not that it was looked for.  Counts at this size show what was met together, never that one causes the other.

    A count is withheld also where too few households have one of the codes, one without the other, or neither: who
    reads the counts by code beside it would work that out.

    Args:
        records: the dataset.
        rows: table of the row codes, such as `housing_problems`.
        columns: table of the column codes, such as `health_impacts`.

    Returns:
        Counts (`Int64`, `<NA>` where withheld), codes as `incidence` lists them, `none` left out.
        `.attrs` tells `rows` and `columns` (the tables), `known` (households counted), `unknown` (households of which
        one of the tables says nothing), `left_out`, `withheld` and `threshold`, as `incidence` does.

    Raises:
        ValueError: a table has no code to count by.
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> table = cooccurrence(clss.read("data/publication"), "housing_problems", "health_impacts")
    >>> int(table.loc["health_damp", "depressive"])
    1
    """
    pairs = pairs_of(records, rows, columns)
    a, b = (has.to_numpy(dtype=int) for has in (pairs.first, pairs.second))
    counts = pd.DataFrame(a.T @ b, index=pairs.first.columns, columns=pairs.second.columns).astype("Int64")
    counts = counts.mask(~pairs.shown) if counts.size else counts
    counts.index.name, counts.columns.name = rows, columns
    held = {"withheld": int(counts.isna().to_numpy().sum()), "threshold": records.threshold}
    counts.attrs = {"rows": rows, "columns": columns} | pairs.about | held
    return counts


class Pairs(NamedTuple):
    """Codes of two tables in the households of which both say something, and of which pairs counts are shown."""

    first: pd.DataFrame
    second: pd.DataFrame
    shown: pd.DataFrame
    about: dict[Hashable | None, Any]


def pairs_of(records: Records, rows: str, columns: str) -> Pairs:
    """The codes of two tables by household, and whether what a pair of them makes of the households is shown.

    Raises:
        ValueError: a table has no code to count by.
        NotClearedError: a household has no consent.
    """
    entered = ledger(records)
    first, second = (entered.listed(presence(records, table)) for table in (rows, columns))
    reach = entered.reach(first.index, second.index)
    every = pairs_shown(records)
    of = {rows: first, columns: second}
    mine = np.ix_(*([every.index.get_loc((name, code)) for code in of[name].columns] for name in (rows, columns)))
    frame = pd.DataFrame(every.to_numpy()[mine], index=first.columns, columns=second.columns, dtype=bool)
    return Pairs(first.loc[reach.homes], second.loc[reach.homes], frame, said_of(reach, entered))


@lru_cache(maxsize=8)
def pairs_shown(records: Records) -> pd.DataFrame:
    """Whether the count of households with both of two codes is shown: codes by codes, each with its table.

    So it is where every combination of the two is had by none or by enough (`Ledger.shows`), but for what
    `without_three` takes out.
    """
    entered = ledger(records)
    traits = {
        (table, str(code)): entered.trait(has[code])
        for table in CODED for has in [presence(records, table)] for code in has.columns
    }  # fmt: skip
    values, names = list(traits.values()), pd.MultiIndex.from_tuples(list(traits), names=["table", "code"])
    shown = np.array([[entered.shows(one, other) for other in values] for one in values], dtype=bool)
    shown = without_three(entered, values, shown.reshape(len(values), len(values)))
    return pd.DataFrame(shown, index=names, columns=names)


def without_three(
    entered: Ledger, traits: Sequence[npt.NDArray[np.int64]], shown: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Which counts of two traits are shown, so that they do not give away few who have three.

    Of three traits all pairs of which could be shown, the last pair is not where a combination of the three is had by
    few and those counts leave no other number open.

    Args:
        entered: the ledger.
        traits: as `Ledger.trait` gives them.
        shown: whether the count of each two could be shown, traits by traits.
    """
    kept = shown.copy()
    for a, b in combinations(range(len(traits)), 2) if len(entered.only_counted) else ():
        for c in np.flatnonzero(kept[a, b] & kept[a] & kept[b] & (np.arange(len(traits)) > b)).tolist():
            if any(given_away(entered, traits[a], traits[b], traits[c])):
                kept[b, c] = kept[c, b] = False
    return kept


def given_away(entered: Ledger, *three: npt.NDArray[np.int64]) -> Iterator[bool]:
    """By group and combination of three traits, whether few have it and the counts of two show that they are few.

    They do not where as many households can be thought to stand two traits further, and as many more one or three
    further, so that the combination is had by none; or the other way round, so that it is had by enough.
    """
    place = three[0] * 9 + three[1] * 3 + three[2]
    for group in np.unique(entered.came):
        have = np.bincount(place[entered.came == group], minlength=27)
        for cell in np.flatnonzero((have > 0) & (have < entered.threshold)):
            few, at = have[cell], np.array([cell // 9, cell // 3 % 3, cell % 3])
            yield not any(
                min(have[_moved(at, by, axes)] for axes in _TWO) >= few
                or min(have[_moved(at, by, axes)] for axes in _ODD) >= entered.threshold - few
                for by in product((1, 2), repeat=3)
            )


_TWO = ((1, 1, 0), (1, 0, 1), (0, 1, 1))
_ODD = ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1))


def _moved(at: npt.NDArray[np.int64], by: tuple[int, ...], axes: tuple[int, ...]) -> int:
    return int((at + np.multiply(by, axes)) % 3 @ (9, 3, 1))
