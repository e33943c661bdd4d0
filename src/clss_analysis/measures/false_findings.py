"""How often the method finds what is not there, and whether it finds what is: a trial on made-up cohorts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats


def false_findings(
    *,
    seeds: int = 200,
    households: int = 40,
    pairs: int = 20,
    planted: int = 5,
    odds: float = 60.0,
    level: float = 0.05,
) -> pd.DataFrame:
    """Try Fisher's test and the false discovery rate on cohorts whose associations are known.

    In every cohort each pair of traits is drawn anew, each trait in about half of the households.  In the cohorts
    « none », no pair is associated; in the cohorts « planted », the first `planted` pairs are, at the odds given.

    Args:
        seeds: number of cohorts of either sort; cohort k is drawn with the seed k.
        households: in each cohort.
        pairs: of traits compared in each cohort.
        planted: pairs that are associated in the second sort of cohort.
        odds: their odds ratio.
        level: at which a p-value, plain or adjusted, counts as a finding.

    Returns:
        One line per sort of cohort and method (`plain`: p ≤ level; `adjusted`: Benjamini–Hochberg): `cohort`,
        `method`, `false_share` (share of the unassociated pairs that were found), `any_false` (share of cohorts with
        a false finding), `false_discovery` (mean share of false ones among the findings), `found` (share of planted
        pairs found; NaN where none is).  `.attrs` tells the arguments and `units`.

    >>> trial = false_findings(seeds=20, pairs=10, planted=2).set_index(["cohort", "method"])
    >>> bool(trial.loc[("none", "adjusted"), "any_false"] <= 0.15)
    True
    """
    lines = []
    for cohort, real in (("none", 0), ("planted", planted)):
        p = np.array([_p_values(np.random.default_rng(seed), households, pairs, real, odds) for seed in range(seeds)])
        for method, values in (("plain", p), ("adjusted", stats.false_discovery_control(p, axis=1))):
            hits = values <= level
            false, true = hits[:, real:], hits[:, :real]
            share = false.sum(axis=1) / np.maximum(1, hits.sum(axis=1))
            found = float(true.mean()) if real else float("nan")
            lines.append(
                (cohort, method, float(false.mean()), float(false.any(axis=1).mean()), float(share.mean()), found)
            )
    columns = ["cohort", "method", "false_share", "any_false", "false_discovery", "found"]
    frame = pd.DataFrame(lines, columns=columns)
    frame.attrs = {
        "seeds": seeds,
        "households": households,
        "pairs": pairs,
        "planted": planted,
        "odds": odds,
        "level": level,
        "units": dict.fromkeys(columns[2:], "share, 0 to 1"),
    }
    return frame


def _p_values(dice: np.random.Generator, households: int, pairs: int, planted: int, odds: float) -> np.ndarray:
    """Fisher's two-sided p of every pair of one cohort."""
    ratio = np.where(np.arange(pairs) < planted, odds, 1.0)
    first = dice.random((pairs, households)) < 0.5
    half = np.sqrt(ratio)[:, None]
    second = dice.random((pairs, households)) < np.where(first, half / (1 + half), 1 / (1 + half))
    both = (first & second).sum(axis=1)
    return np.array(
        [
            _fisher(households, int(n), int(m), int(k))
            for n, m, k in zip(first.sum(axis=1), second.sum(axis=1), both, strict=True)
        ]
    )


_KNOWN: dict[tuple[int, int, int], np.ndarray] = {}


def _fisher(households: int, row: int, column: int, both: int) -> float:
    if (households, row, column) not in _KNOWN:
        chances = stats.hypergeom.pmf(np.arange(households + 1), households, row, column)
        likely = chances[None, :] <= chances[:, None] * (1 + 1e-7)
        _KNOWN[households, row, column] = np.minimum(1.0, (likely * chances[None, :]).sum(axis=1))
    return float(_KNOWN[households, row, column][both])
