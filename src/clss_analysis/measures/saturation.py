"""Whether new cases still bring new codes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clss_analysis.measures.coding import HOUSEHOLD, coded
from clss_analysis.privacy import clear
from clss_analysis.records import Records


def saturation(records: Records, *, seed: int, orders: int = 1000, band: float = 0.9) -> pd.DataFrame:
    """New codes brought by each case, in the order of intake and over random orders of the same cases.

    After Guest, Bunce and Johnson (2006), who count the codes that each further interview adds.  The order in which
    cases came is one among many, so that its curve is set beside the mean of random orders and a band that holds the
    middle of them.  A flat end says that these cases, read with this codebook, bring nothing new; not that other cases
    would not, nor that the codebook sees all there is.

    Only households that may be told are cases here: a step of the curve tells what one household adds.

    Args:
        records: the dataset.
        seed: of the random orders.
        orders: how many, at least 1.
        band: share of the orders that the band holds, above 0 and up to 1.

    Returns:
        One row per case, in the order of intake (months first, unknown ones last, then as in the table): `case` (from
        1), `household`, `new` (codes not met before), `found` (codes met so far), `mean`, `low` and `high` (of the
        number found after so many cases, over the random orders).  `.attrs` tells `unknown_intake` (cases whose month
        is not known), `left_out` (coded households that may only be counted), `orders`, `seed` and `band`.

    Raises:
        ValueError: orders or band out of range.
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> saturation(clss.read("data/publication"), seed=1)["found"].is_monotonic_increasing
    True
    """
    if orders < 1 or not 0 < band <= 1:
        raise ValueError(f"orders must be at least 1 and band above 0 and up to 1; got {orders} and {band}")
    told = clear(records).told
    has = coded(records, HOUSEHOLD)
    homes = records.households[records.households["id"].isin(set(has.index) & told)]
    homes = homes.sort_values("intake", kind="stable", na_position="last")
    marks = has.loc[homes["id"]].to_numpy()
    found = _found(marks)
    shuffled = np.random.default_rng(seed)
    curves = np.array([_found(marks[shuffled.permutation(len(marks))]) for _ in range(orders)]).reshape(orders, -1)
    edges = [(1 - band) / 2, (1 + band) / 2]
    low, high = np.quantile(curves, edges, axis=0) if len(marks) else (found, found)
    curve = pd.DataFrame(
        {
            "case": np.arange(1, len(marks) + 1),
            "household": homes["id"].to_numpy(),
            "new": np.diff(found, prepend=0),
            "found": found,
            "mean": curves.mean(axis=0),
            "low": low,
            "high": high,
        }
    ).astype({"household": "string"})
    about = {"unknown_intake": int(homes["intake"].isna().sum()), "left_out": len(set(has.index) - told)}
    curve.attrs |= about | {"orders": orders, "seed": seed, "band": band}
    return curve


def _found(marks: np.ndarray) -> np.ndarray:
    return np.logical_or.accumulate(marks, axis=0).sum(axis=1) if len(marks) else np.zeros(0, dtype=int)
