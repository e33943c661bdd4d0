"""Which conditions the outcome does not go without."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def necessity(cases: pd.DataFrame, outcome: str, conditions: Sequence[str]) -> pd.DataFrame:
    """Measure each condition, and its absence, as necessary for the outcome.

    A condition that every case has is consistent with any outcome and says nothing: see its relevance.

    Args:
        cases: memberships of 0 to 1, one line per case.
        outcome: column of the outcome.
        conditions: columns of the conditions.

    Returns:
        Two lines per condition: `condition` (with `~` where absent), `consistency` (share of the outcome within the
        condition), `coverage` (share of the condition within the outcome) and `relevance` (relevance of necessity, 0
        where the condition is next to constant); NaN in empty sets.  `.attrs["units"]`.

    Source: Ragin (2006); relevance of necessity after Schneider & Wagemann (2012), p. 236.

    >>> table = necessity(pd.DataFrame({"a": [1, 1, 0], "y": [1, 0, 0]}), "y", ["a"]).set_index("condition")
    >>> table.loc["a"].tolist()
    [1.0, 0.5, 0.5]
    """
    y = cases[outcome].to_numpy(dtype=float)
    lines = []
    for name in conditions:
        present = cases[name].to_numpy(dtype=float)
        for said, x in ((name, present), (f"~{name}", 1 - present)):
            common = float(np.minimum(x, y).sum())
            spare = float((1 - np.minimum(x, y)).sum())
            lines.append((said, _share(common, y.sum()), _share(common, x.sum()), _share(float((1 - x).sum()), spare)))
    frame = pd.DataFrame(lines, columns=["condition", "consistency", "coverage", "relevance"])
    frame.attrs = {"units": dict.fromkeys(("consistency", "coverage", "relevance"), "share, 0 to 1")}
    return frame


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
