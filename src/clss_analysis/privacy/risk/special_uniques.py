"""Special uniques: rows that few fields suffice to single out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import comb, factorial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clss_analysis.privacy.risk.k_anonymity import CATEGORY, frequencies
from clss_analysis.records.arguments import one_of

SAMPLING_FRACTION = 0.01
"""Share of its population that a dataset is taken to be, as in sdcMicro where nobody knows it."""
ELLIOT, IHSN = "elliot", "ihsn"


def suda2(
    keys: pd.DataFrame, *, missing: str = CATEGORY, scores: str = ELLIOT, fraction: float = SAMPLING_FRACTION
) -> pd.DataFrame:
    """SUDA and DIS-SUDA scores (Elliot, Manning et al., 2005), as sdcMicro's `suda2` gives them.

    A minimal sample unique of a row is a set of fields that singles it out while no smaller part of the set does.
    One of k of the N fields scores (N−k)!; a row's score is the sum over its minimal sample uniques.

    Args:
        keys: one column per quasi-identifier.
        missing: how a missing value counts, as for `frequencies`.
        scores: `elliot`, as above and sdcMicro's default; `ihsn`: (2^(N−k) − 1) / C(N, k), the score of the first
            implementation, on which printed DIS-SUDA values rest.
        fraction: sampling fraction that the data intrusion simulation assumes.

    Returns:
        Columns `score`, `dis` (DIS-SUDA: the probability that a match found is right), `size` (of the smallest minimal
        sample unique; 0 for none), then one per field: its share in the row's score.

    Raises:
        ValueError: no such score.

    >>> suda2(pd.DataFrame({"age": [30, 30, 60], "role": ["mother"] * 3}))["score"].tolist()
    [0.0, 0.0, 1.0]
    """
    one_of("scores", scores, (ELLIOT, IHSN))
    names = list(keys.columns)
    score, size = np.zeros(len(keys)), np.zeros(len(keys), dtype=np.int64)
    shares = np.zeros((len(keys), len(names)))
    for fields, rows in minimal_rare(keys, 2, missing=missing):
        left = len(names) - len(fields)
        weight = factorial(left) if scores == ELLIOT else (2**left - 1) / comb(len(names), left)
        score[rows] += weight
        shares[np.ix_(np.flatnonzero(rows), np.array(fields))] += weight
        size = np.where(rows & (size == 0), len(fields), size)
    part = np.divide(shares, score[:, None], out=np.zeros_like(shares), where=score[:, None] > 0)
    found = pd.DataFrame({"score": score, "dis": _dis(keys, score, missing, fraction), "size": size}, index=keys.index)
    return found.assign(**{str(name): part[:, place] for place, name in enumerate(names)})


def minimal_rare(
    keys: pd.DataFrame, k: int, *, missing: str = CATEGORY
) -> Iterator[tuple[tuple[int, ...], NDArray[np.bool_]]]:
    """Sets of fields (by position, smaller ones first) and the rows for which they are minimal in being rare.

    A set is rare for a row when fewer than `k` rows share its values, and minimal when no part of it is rare.
    """
    seen: dict[tuple[int, ...], NDArray[np.bool_]] = {}
    for size in range(1, len(keys.columns) + 1):
        for fields in combinations(range(len(keys.columns)), size):
            part = [seen[rest] for rest in combinations(fields, size - 1)] if size > 1 else []
            below = np.logical_or.reduce(part) if part else np.zeros(len(keys), dtype=bool)
            few = below | (frequencies(keys.iloc[:, list(fields)], missing=missing)["fk"].to_numpy() < k)
            seen[fields] = few
            if (rows := few & ~below).any():
                yield fields, rows


def _dis(keys: pd.DataFrame, score: NDArray[np.float64], missing: str, fraction: float) -> NDArray[np.float64]:
    """The file's DIS risk spread over its uniques by their scores, with sdcMicro's calibration."""
    fk = frequencies(keys, missing=missing)["fk"].to_numpy()
    unique, paired = float((fk == 1).sum()), float((fk == 2).sum())
    told = score > 0
    if not told.any() or not unique:
        return np.zeros(len(keys))
    file_risk = unique * fraction / (unique * fraction + paired * (1 - fraction))
    power = 1 + (8 - len(keys.columns)) / 20
    scaled = np.where(told, score, 1.0) ** power
    spread = scaled * (1 / scaled[told]).sum()
    return np.where(told, 1 / (1 + (unique / file_risk - unique) / spread), 0.0)
