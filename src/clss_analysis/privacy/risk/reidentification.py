"""The probability that a row is matched to the right person or household."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clss_analysis.records.arguments import one_of

EXACT, APPROXIMATE = "exact", "approx"


def individual_risk(found: pd.DataFrame, *, survey: bool = False, method: str = EXACT) -> pd.Series:
    """Risk of each row, from the frequencies of its combination.

    Where the table is a whole population: 1/fk.  Where it is a sample with weights: the posterior mean of 1/F under
    the negative binomial model of Benedetti and Franconi (1998), as in sdcMicro's `indivRisk`.

    Args:
        found: what `frequencies` gave.
        survey: whether the table is a sample of which `Fk` estimates the population.
        method: `exact`, or `approx`, sdcMicro's default approximation for combinations that occur more than twice.

    Returns:
        A probability per row.

    Raises:
        ValueError: no such method.

    >>> individual_risk(pd.DataFrame({"fk": [1.0], "Fk": [215.0]}), survey=True).round(4).tolist()
    [0.0251]
    """
    one_of("method", method, (EXACT, APPROXIMATE))
    fk, population = found["fk"].to_numpy(), found["Fk"].to_numpy()
    risk = 1 / np.maximum(fk, 1)
    if survey:
        from scipy.special import hyp2f1  # of half a second of imports a quarter, for surveys alone

        inside = population > fk
        f, p = fk[inside], fk[inside] / population[inside]
        exact = p**f / f * hyp2f1(f, f, f + 1, 1 - p)
        risk[inside] = np.where(f > 2, p / (f - (1 - p)), exact) if method == APPROXIMATE else exact
    return pd.Series(risk, index=found.index, name="risk")


def household_risk(risk: pd.Series, households: pd.Series) -> pd.Series:
    """Risk that at least one of a household's persons is matched, by household: 1 − ∏(1 − r).

    >>> household_risk(pd.Series([0.02, 0.03, 0.03]), pd.Series(["A", "A", "A"])).round(3).tolist()
    [0.078]
    """
    return 1 - (1 - risk).groupby(households, sort=True).prod()
