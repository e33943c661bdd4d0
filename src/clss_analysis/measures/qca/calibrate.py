"""From a number to a degree of membership in a set."""

from __future__ import annotations

from math import log

import numpy as np
import pandas as pd

_FULL = log(0.95 / 0.05)


def calibrate(values: pd.Series[float], *, out: float, crossover: float, full: float) -> pd.Series[float]:
    """Calibrate a number into a fuzzy set by the direct method, and record how.

    Args:
        values: one number per case; unknown stays unknown.
        out: value at which membership is .05, all but out of the set.
        crossover: value at which membership is .5, neither in nor out.
        full: value at which membership is .95; below `out` for a set of low values.

    Returns:
        Memberships, 0 to 1, `.attrs["calibration"]` telling method and anchors: chosen from knowledge of the cases,
        never from the result.

    Raises:
        ValueError: anchors that do not follow each other.

    Source: Ragin (2008), direct method, with log-odds of full membership at ln(.95/.05), as in R's QCA.

    >>> calibrate(pd.Series([300.0, 600, 720]), out=300, crossover=600, full=800).round(2).tolist()
    [0.05, 0.5, 0.85]
    """
    if not (out < crossover < full or out > crossover > full):
        raise ValueError("anchors must follow each other: out, crossover, full")
    numbers = values.astype(float)
    above = (numbers - crossover) / (full - crossover)
    below = (numbers - crossover) / (crossover - out)
    memberships = 1 / (1 + np.exp(-_FULL * above.where(above > 0, below).to_numpy()))
    result = pd.Series(memberships, index=values.index, name=values.name)
    result.attrs = {"calibration": {"method": "direct", "out": out, "crossover": crossover, "full": full}}
    return result
