"""How far apart the courses of households are: Hamming, longest common subsequence, optimal matching."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
import pandas as pd

METHODS = ("hamming", "lcs", "om")


def sequence_distances(
    sequences: Mapping[str, Sequence[Hashable]], method: str = "om", *, indel: float = 1.0, substitution: float = 2.0
) -> pd.DataFrame:
    """Distances between sequences of states, two by two.

    Args:
        sequences: states in order, by household; as `as_sequences` makes them of monthly states.
        method: hamming (number of places that differ), lcs (length of both less twice that of their longest common
            subsequence) or om (optimal matching: least cost of insertions, deletions and substitutions).
        indel: cost of an insertion or deletion, for om.
        substitution: cost of a substitution, the same for any two states, for om; 2 × indel gives lcs.

    Returns:
        A symmetric frame with the households in the order given, zeros on the diagonal; `.attrs` tells `method`, the
        costs and `units`.

    Raises:
        ValueError: no such method, or sequences of unequal length for hamming.

    Source: Gabadinho et al. (2011), TraMineR's `seqdist` with HAM, LCS and OM at constant costs.

    >>> sequence_distances({"a": "SUM", "b": "SUMM"}, "lcs").loc["a", "b"]
    np.float64(1.0)
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}; got {method}")
    names = list(sequences)
    values = [tuple(sequences[name]) for name in names]
    if method == "hamming" and len({len(each) for each in values}) > 1:
        raise ValueError("hamming needs sequences of one length; choose lcs or om")
    costs = (1.0, 2.0) if method == "lcs" else (indel, substitution)
    known: dict[tuple[tuple[Hashable, ...], tuple[Hashable, ...]], float] = {}
    matrix = np.zeros((len(names), len(names)))
    for i, a in enumerate(values):
        for j, b in enumerate(values[:i]):
            if (a, b) not in known:
                known[a, b] = (
                    float(sum(x != y for x, y in zip(a, b, strict=True)))
                    if method == "hamming"
                    else _edit(a, b, *costs)
                )
            matrix[i, j] = matrix[j, i] = known[a, b]
    frame = pd.DataFrame(matrix, index=names, columns=names)
    frame.attrs = {"method": method, "indel": costs[0], "substitution": costs[1], "units": "cost, 0 for equal courses"}
    return frame


def as_sequences(states: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Monthly states as one tuple per household; a month of unknown state is the state « ? », like any other.

    Args:
        states: what `monthly_states` gave, in any order of rows.

    >>> as_sequences(pd.DataFrame({"household": ["A", "A"], "month": [1, 0], "state": ["housed", pd.NA]}))
    {'A': ('?', 'housed')}
    """
    ordered = states.sort_values(["household", "month"], kind="stable")
    filled = ordered["state"].astype(object).where(ordered["state"].notna(), "?")
    return {str(name): tuple(group) for name, group in filled.groupby(ordered["household"], sort=True)}


def _edit(a: tuple[Hashable, ...], b: tuple[Hashable, ...], indel: float, substitution: float) -> float:
    row = [indel * j for j in range(len(b) + 1)]
    for i, x in enumerate(a, start=1):
        diagonal, row[0] = row[0], indel * i
        for j, y in enumerate(b, start=1):
            best = min(diagonal + (0.0 if x == y else substitution), row[j] + indel, row[j - 1] + indel)
            diagonal, row[j] = row[j], best
    return float(row[-1])
