"""How far a sensitive field among rows that look alike is from what it is in the whole table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Hierarchy = Mapping[str, Sequence[str]]
EQUAL, ORDERED = "equal", "ordered"


def t_closeness(classes: pd.Series, values: pd.Series, distance: str | Hierarchy = EQUAL) -> pd.Series:
    """Distance of each class from the whole table (Li, Li and Venkatasubramanian, ICDE 2007).

    Args:
        classes: for each value the class of rows alike that it belongs to.
        values: the sensitive values; missing ones are left out.
        distance: `equal` (all values as far apart), `ordered` (by rank, for numbers and scales), or for each value
            its ancestors from the root down, all of the same depth.

    Returns:
        The earth mover's distance per class, from 0 to 1; the largest is the t of the table.  NaN where no value of
        the class is known.

    >>> t_closeness(pd.Series([1, 1, 2, 2]), pd.Series(["a", "a", "b", "b"])).tolist()
    [0.5, 0.5]
    """
    counts = pd.crosstab(classes, values).reindex(pd.unique(classes), fill_value=0).sort_index()
    numbers = counts.to_numpy(dtype=float)
    whole = numbers.sum(axis=0) / max(numbers.sum(), 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = numbers / numbers.sum(axis=1, keepdims=True)
    found = earth_mover(shares, whole, [str(value) for value in counts.columns], distance)
    return pd.Series(found, index=counts.index, name="t")


def earth_mover(
    shares: NDArray[np.float64], whole: NDArray[np.float64], values: Sequence[str], distance: str | Hierarchy = EQUAL
) -> NDArray[np.float64]:
    """Earth mover's distance of distributions (rows of `shares`) from one of the same values, in their order.

    Raises:
        ValueError: no such distance, or a hierarchy that lacks a value or is not of one depth.

    >>> earth_mover(np.array([[1.0, 0.0]]), np.array([0.5, 0.5]), ["low", "high"], "ordered").tolist()
    [0.5]
    """
    extra = shares - whole
    if isinstance(distance, str):
        if distance == EQUAL:
            return np.asarray(np.abs(extra).sum(axis=1) / 2)
        if distance == ORDERED:
            return np.asarray(np.abs(extra.cumsum(axis=1)).sum(axis=1) / max(len(values) - 1, 1))
        raise ValueError(f"distance must be {EQUAL}, {ORDERED} or a hierarchy; got {distance}")
    depths = {len(distance.get(value, ())) for value in values}
    if len(depths) != 1 or 0 in depths:
        raise ValueError("a hierarchy has ancestors for every value, to the same depth")
    height = depths.pop()
    cost = np.zeros(len(shares))
    below = {(*distance[value], value): extra[:, place] for place, value in enumerate(values)}
    for level in range(1, height + 1):
        above: dict[tuple[str, ...], list[NDArray[np.float64]]] = {}
        for path, surplus in below.items():
            above.setdefault(path[:-1], []).append(surplus)
        for surpluses in above.values():
            up = sum(np.maximum(each, 0) for each in surpluses)
            down = sum(np.maximum(-each, 0) for each in surpluses)
            cost += level / height * np.minimum(up, down)
        below = {path: np.asarray(sum(surpluses)) for path, surpluses in above.items()}
    return cost
