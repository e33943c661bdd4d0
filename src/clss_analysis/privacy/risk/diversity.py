"""How varied a sensitive field is among rows that look alike."""

from __future__ import annotations

import numpy as np
import pandas as pd


def l_diversity(classes: pd.Series, values: pd.Series) -> pd.DataFrame:
    """Distinct and entropy l-diversity of every class (Machanavajjhala et al., ACM TKDD 1(1), 2007).

    Args:
        classes: for each value the class of rows alike that it belongs to; a row may give several values.
        values: the sensitive values; missing ones are left out, so that they make no class more varied.

    Returns:
        One row per class: `distinct` (number of values) and `entropy` (the exponential of their entropy, the largest
        l for which the class is entropy l-diverse); 0 where no value is known.  The smallest is that of the table.

    >>> l_diversity(pd.Series([1, 1, 1, 1]), pd.Series(["a", "a", "b", "c"])).round(3).values.tolist()
    [[3.0, 2.828]]
    """
    counts = pd.crosstab(classes, values).reindex(pd.unique(classes), fill_value=0).sort_index()
    numbers = counts.to_numpy(dtype=float)
    total = numbers.sum(axis=1, keepdims=True)
    share = np.divide(numbers, total, out=np.zeros_like(numbers), where=total > 0)
    entropy = -(share * np.log(share, out=np.zeros_like(share), where=share > 0)).sum(axis=1)
    told = total.ravel() > 0
    return pd.DataFrame(
        {"distinct": (numbers > 0).sum(axis=1).astype(float), "entropy": np.where(told, np.exp(entropy), 0.0)},
        index=counts.index,
    )
