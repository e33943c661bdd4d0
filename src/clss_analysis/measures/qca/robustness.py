"""Whether a solution stands when a threshold moves or a case goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from clss_analysis.measures.qca.solve import solve
from clss_analysis.measures.qca.truth_table import truth_table


def robustness(
    cases: pd.DataFrame,
    outcome: str,
    conditions: Sequence[str],
    *,
    kind: str = "conservative",
    consistency: Sequence[float] = (0.75, 0.8, 0.85, 0.9),
    pri: float = 0.0,
    frequency: int = 1,
    expected: Mapping[str, bool] | None = None,
) -> pd.DataFrame:
    """Solve again at each consistency threshold, and without each case in turn at the second threshold given.

    Args:
        cases: memberships of 0 to 1, one line per case.
        outcome: column of the outcome.
        conditions: columns of the conditions.
        kind: of the solution, as for `solve`.
        consistency: thresholds; the second (or only) one is the reference.
        pri: least PRI, as for `truth_table`.
        frequency: least number of cases, as for `truth_table`.
        expected: as for `solve`.

    Returns:
        One line per threshold and per case left out: `consistency_threshold`, `dropped` (a case, empty for none),
        `solution`, `models` (how many), `same` (as the reference), `consistency` and `coverage` of the whole.
        `.attrs` tells `same` (share of lines like the reference) and `units`.

    Raises:
        ValueError: as for `truth_table` and `solve`.

    >>> cases = pd.DataFrame({"a": [1, 1, 0], "y": [1, 1, 0]}, index=["u", "v", "w"])
    >>> robustness(cases, "y", ["a"])["same"].tolist()
    [True, True, True, True, True, True, True]
    """
    reference = consistency[min(1, len(consistency) - 1)]
    runs = [(threshold, "", cases) for threshold in consistency]
    runs += [(reference, str(name), cases.drop(index=name)) for name in cases.index]
    lines = []
    for threshold, dropped, left in runs:
        table = truth_table(left, outcome, conditions, consistency=threshold, pri=pri, frequency=frequency)
        solution = solve(left, table, kind, expected=expected)
        whole = solution.paths.iloc[-1]
        lines.append((threshold, dropped, str(solution), len(solution.models), whole["consistency"], whole["coverage"]))
    columns = ["consistency_threshold", "dropped", "solution", "models", "consistency", "coverage"]
    frame = pd.DataFrame(lines, columns=columns)
    same = frame["solution"] == frame["solution"].iloc[min(1, len(consistency) - 1)]
    frame.insert(4, "same", same)
    frame.attrs = {
        "same": float(same.mean()),
        "units": {"models": "models", "consistency": "share, 0 to 1", "coverage": "share, 0 to 1"},
    }
    return frame
