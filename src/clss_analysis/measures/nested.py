"""Counts that lie in one another: what their difference would tell is withheld with them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from clss_analysis.privacy import clear
from clss_analysis.records import Records

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
