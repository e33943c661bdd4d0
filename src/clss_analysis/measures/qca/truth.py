"""Every combination of conditions, the cases in it, and how consistently the outcome goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from clss_analysis.records.arguments import one_of, share

MOST_CONDITIONS = 8  # conditions: 256 rows of a table, far more than a study of few cases can fill


def truth_table(
    cases: pd.DataFrame,
    outcome: str,
    conditions: Sequence[str],
    *,
    consistency: float = 0.8,
    pri: float = 0.0,
    frequency: int = 1,
) -> pd.DataFrame:
    """Lay out all combinations of conditions with their cases.

    A case belongs to the combination in which its membership, the least of its conditions, is above .5; to none if a
    condition is exactly .5.

    Args:
        cases: memberships of 0 to 1, one line per case.
        outcome: column of the outcome.
        conditions: columns of the conditions, at most eight: 256 combinations.
        consistency: least consistency of a combination that counts as leading to the outcome.
        pri: least proportional reduction in inconsistency for the same.
        frequency: least number of cases of a combination; fewer leave it a remainder.

    Returns:
        One line per combination in binary order: a column per condition (0 or 1), `out` (1, 0, or `<NA>` for a
        remainder), `n` (cases), `consistency`, `pri` (NaN in empty sets), `contradictory` (cases with and without the
        outcome) and `cases` (their names, by commas).  `.attrs` tells the thresholds, `outcome`, `conditions`, `units`.

    Raises:
        ValueError: no condition or more than eight, unknown columns, memberships or thresholds outside 0 to 1.

    Source: Ragin (2008); Schneider & Wagemann (2012).

    >>> table = truth_table(pd.DataFrame({"a": [1, 0], "y": [1, 0]}, index=["x", "z"]), "y", ["a"])
    >>> table[["a", "out", "cases"]].values.tolist()
    [[0, 0, 'z'], [1, 1, 'x']]
    """
    conditions = [conditions] if isinstance(conditions, str) else list(conditions)
    if not 1 <= len(conditions) <= MOST_CONDITIONS:
        raise ValueError(f"conditions must be 1 to {MOST_CONDITIONS}; got {len(conditions)}")
    one_of("outcome", outcome, cases.columns)
    for name in conditions:
        one_of("conditions", name, cases.columns)
    share("consistency", consistency, whole=True)
    share("pri", pri, whole=True)
    x, y = cases[conditions].to_numpy(dtype=float), cases[outcome].to_numpy(dtype=float)
    if not ((x >= 0) & (x <= 1)).all() or not ((y >= 0) & (y <= 1)).all():
        raise ValueError("memberships must lie between 0 and 1, and none be unknown")
    names = cases.index.astype(str).to_numpy()
    lines = []
    for row in product((0, 1), repeat=len(conditions)):
        member = np.where(np.array(row) == 1, x, 1 - x).min(axis=1)
        inside = member > 0.5
        n, measured = int(inside.sum()), consistency_pri(member, y)
        leads = measured[0] >= consistency - 1e-12 and measured[1] >= pri - 1e-12
        out = pd.NA if n < max(1, frequency) else int(leads)
        mixed = bool((y[inside] > 0.5).any() and (y[inside] <= 0.5).any())
        lines.append((*row, out, n, *measured, mixed, ",".join(sorted(names[inside]))))
    columns = [*conditions, "out", "n", "consistency", "pri", "contradictory", "cases"]
    frame = pd.DataFrame(lines, columns=columns).astype({"out": "Int64"})
    frame.attrs = {
        "outcome": outcome,
        "conditions": tuple(conditions),
        "thresholds": {"consistency": consistency, "pri": pri, "frequency": frequency},
        "units": {"n": "cases", "consistency": "share, 0 to 1", "pri": "share, 0 to 1"},
    }
    return frame


def consistency_pri(member: np.ndarray, outcome: np.ndarray) -> tuple[float, float]:
    """Consistency of a set as sufficient for an outcome, and its proportional reduction in inconsistency.

    >>> consistency_pri(np.array([1.0, 1.0]), np.array([1.0, 0.0]))
    (0.5, 0.5)
    """
    total = float(member.sum())
    if not total:
        return float("nan"), float("nan")
    common = float(np.minimum(member, outcome).sum())
    with_both = float(np.minimum(np.minimum(member, outcome), 1 - outcome).sum())
    rest = total - with_both
    return common / total, (common - with_both) / rest if rest > 0 else float("nan")
