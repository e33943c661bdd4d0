"""How many rows look alike: k-anonymity, with missing values counted as asked."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clss_analysis.records.arguments import one_of

Codes = NDArray[np.int64]
CATEGORY, ANY = "category", "any"
MISSING = (CATEGORY, ANY)


def frequencies(
    keys: pd.DataFrame, *, missing: str = CATEGORY, weights: pd.Series | None = None, alpha: float = 1.0
) -> pd.DataFrame:
    """How often each row's combination of quasi-identifiers occurs, in the table and in the population.

    The smallest `fk` is the k of the table's k-anonymity (Samarati and Sweeney, 1998).

    Args:
        keys: one column per quasi-identifier.
        missing: how a missing value counts: `category`, a value of its own (nobody is hidden by what is not known);
            `any`, it may be any value, so that it matches every other: sdcMicro's `freqCalc`.
        weights: sampling weight of each row; default: every row stands for itself.
        alpha: for `any`: what a match counts that rests on a value missing in the other row, from 0 to 1 (sdcMicro's
            `alpha`).

    Returns:
        Columns `fk` (rows alike, the row itself included) and `Fk` (their weights in sum), indexed like `keys`.

    Raises:
        ValueError: no such way to count missing values, or no quasi-identifier.

    >>> frequencies(pd.DataFrame({"role": ["mother", "mother", None]}))["fk"].tolist()
    [2.0, 2.0, 1.0]
    >>> frequencies(pd.DataFrame({"role": ["mother", "mother", None]}), missing="any")["fk"].tolist()
    [3.0, 3.0, 3.0]
    """
    one_of("missing", missing, MISSING)
    if keys.empty and not len(keys.columns):
        raise ValueError("at least one quasi-identifier is needed")
    weight = np.ones(len(keys)) if weights is None else weights.to_numpy(dtype=float)
    codes = coded(keys)
    found: tuple[NDArray[np.float64], NDArray[np.float64]]
    if missing == CATEGORY or not (codes < 0).any():
        place = together(codes)
        found = np.bincount(place)[place].astype(float), np.bincount(place, weight)[place].astype(float)
    else:
        found = _wildcards(codes, weight, alpha)
    return pd.DataFrame({"fk": found[0], "Fk": found[1]}, index=keys.index)


def coded(keys: pd.DataFrame) -> Codes:
    """Every column as whole numbers from 0, a missing value as −1."""
    return np.column_stack([pd.factorize(keys[name], use_na_sentinel=True)[0] for name in keys.columns]).astype(
        np.int64
    )


def together(codes: Codes) -> NDArray[np.int64]:
    """For each row the number of its combination, from 0; −1 is a value like any other."""
    place = np.zeros(len(codes), dtype=np.int64)
    for column in codes.T:
        place = place * (int(column.max(initial=-1)) + 2) + column + 1
        place = np.unique(place, return_inverse=True)[1].astype(np.int64)
    return place


def _wildcards(
    codes: Codes, weight: NDArray[np.float64], alpha: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Matches where −1 matches every value, counted pattern of missing values by pattern."""
    alike, first, place = np.unique(codes, axis=0, return_index=True, return_inverse=True)
    place = place.reshape(-1)
    count, total = np.bincount(place).astype(float), np.bincount(place, weight)
    patterns, of = np.unique(alike < 0, axis=0, return_inverse=True)
    of = of.reshape(-1)
    fk, population = np.zeros(len(first)), np.zeros(len(first))
    for mine, my_gaps in enumerate(patterns):
        rows = np.flatnonzero(of == mine)
        for theirs, their_gaps in enumerate(patterns):
            others = np.flatnonzero(of == theirs)
            known = ~(my_gaps | their_gaps)
            both = together(np.vstack([alike[rows][:, known], alike[others][:, known]]))
            here, there = both[: len(rows)], both[len(rows) :]
            size = int(both.max(initial=0)) + 1
            found = np.bincount(there, count[others], size)[here]
            weighed = np.bincount(there, total[others], size)[here]
            full = 1.0 if not (their_gaps & ~my_gaps).any() else alpha
            fk[rows] += full * found
            population[rows] += full * weighed
    return fk[place], population[place]
