"""Which codes are told of the same households more often than their numbers imply, by exact methods."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from math import exp, inf, nan

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy
from scipy import optimize, special

from clss_analysis.measures.counts import pairs_of
from clss_analysis.records import Records
from clss_analysis.records.arguments import least, share

_TIE = 1 + 1e-7  # two tables whose probabilities differ by less are equally likely, as in R's fisher.test
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(240)
_SHARES = (_NODES + 1) / 2
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ExactAssociation:
    """What a 2×2 table says, the effect first and the p-values last; NaN where the table cannot say it.

    `odds_ratio` is the conditional maximum likelihood estimate and `low`, `high` its exact interval.  `difference` is
    the posterior mean of the difference of shares (with the trait minus without), `difference_low` and
    `difference_high` its equal-tailed credible interval, `greater` the posterior probability that it is above 0.
    `mid_p` and `p` are two-sided.
    """

    odds_ratio: float
    low: float
    high: float
    difference: float
    difference_low: float
    difference_high: float
    greater: float
    mid_p: float
    p: float


@lru_cache(maxsize=65536)
def exact_association(
    both: int, first: int, second: int, neither: int, *, prior: tuple[float, float] = (0.5, 0.5), level: float = 0.95
) -> ExactAssociation:
    """Measure how two traits hang together in one 2×2 table, by methods that hold at any size.

    Given the margins, the number of households with both traits follows Fisher's noncentral hypergeometric
    distribution; odds ratio, interval and p-values are read from it, nothing is approximated by a normal law.

    Args:
        both: households with both traits.
        first: households with the first trait alone.
        second: households with the second trait alone.
        neither: households with neither.
        prior: parameters a, b of the Beta prior on each of the two shares; default: Jeffreys, Beta(½, ½).
        level: of the intervals, 0 to 1.

    Returns:
        The association; odds ratio, interval and p-values are NaN, NaN and 1 where a margin is empty, since the table
        then says nothing of an association.

    Raises:
        ValueError: a count that is no whole number from 0, a level outside 0 to 1, a prior that is none.

    Source: Fisher's two-sided test by probability ordering and the conditional estimate with its exact interval are
    those of R's `fisher.test` (whose printed interval carries its solver's tolerance of 1.2e-4); mid-p after Lydersen,
    Fagerland & Laake (2009), half the probability of the tables as likely as the one observed; independent Beta
    priors after Altham (1969).

    >>> tea = exact_association(3, 1, 1, 3)
    >>> round(tea.odds_ratio, 3), round(tea.p, 4)
    (6.408, 0.4857)
    """
    both, first, second, neither = (
        least(name, count, 0) for name, count in zip(CELLS, (both, first, second, neither), strict=True)
    )
    share("level", level)
    if len(prior) != 2 or min(prior) < 0:
        raise ValueError(f"prior must be two numbers, 0 or more, a and b of Beta(a, b); got {prior}")
    row, column, total = both + first, both + second, both + first + second + neither
    difference, low, high, greater = _difference(
        (both + prior[0], first + prior[1]), (second + prior[0], neither + prior[1]), level
    )
    if row in (0, total) or column in (0, total):
        return ExactAssociation(nan, nan, nan, difference, low, high, greater, 1.0, 1.0)
    support = np.arange(max(0, row + column - total), min(row, column) + 1)
    weights: _Floats = scipy.stats.hypergeom.logpmf(support, total, row, column)
    at = both - int(support[0])
    chances = np.exp(weights)
    likely = chances <= chances[at] * _TIE
    as_likely = likely & (chances >= chances[at] / _TIE)
    p = min(1.0, float(chances[likely].sum()))
    mid_p = min(1.0, float(chances[likely].sum() - chances[as_likely].sum() / 2))
    ratio, lowest, highest = _odds(support, weights, at, (1 - level) / 2)
    return ExactAssociation(ratio, lowest, highest, difference, low, high, greater, mid_p, p)


def _odds(support: npt.NDArray[np.int64], weights: _Floats, at: int, tail: float) -> tuple[float, float, float]:
    """The conditional estimate of the odds ratio, and its exact interval with `tail` on either side."""
    centred = support - support[at]

    def chances(log_odds: float) -> _Floats:
        terms = weights + log_odds * centred
        terms = np.exp(terms - terms.max())
        shares: _Floats = terms / terms.sum()
        return shares

    def solved(value: float, lower: bool) -> float:  # noqa: FBT001  # a side, said at both calls
        if value == 0:
            return 0.0
        if value == inf:
            return inf
        side = slice(at, None) if lower else slice(None, at + 1)
        return exp(optimize.brentq(lambda x: float(chances(x)[side].sum()) - tail, -60, 60, xtol=1e-10))

    last = len(support) - 1
    if at == 0:
        estimate = 0.0
    elif at == last:
        estimate = inf
    else:
        estimate = exp(optimize.brentq(lambda x: float((chances(x) * centred).sum()), -60, 60, xtol=1e-10))
    low = solved(0.0 if at == 0 else 1.0, lower=True)
    high = solved(inf if at == last else 1.0, lower=False)
    return estimate, low, high


def _difference(
    one: tuple[float, float], other: tuple[float, float], level: float
) -> tuple[float, float, float, float]:
    """Posterior mean, interval and chance of being positive of the difference of two shares with Beta posteriors."""
    mean = one[0] / sum(one) - other[0] / sum(other) if sum(one) and sum(other) else nan
    if min(*one, *other) <= 0:
        return mean, nan, nan, nan
    points = special.betaincinv(*one, _SHARES)

    def above(difference: float) -> float:
        within = np.clip(points - difference, 0, 1)
        return float((_WEIGHTS * special.betainc(*other, within)).sum() / 2)

    tail = (1 - level) / 2
    low = optimize.brentq(lambda x: above(x) - (1 - tail), -1, 1, xtol=1e-6)
    high = optimize.brentq(lambda x: above(x) - tail, -1, 1, xtol=1e-6)
    return mean, float(low), float(high), above(0.0)


CELLS = ("both", "first", "second", "neither")
SAID = tuple(field.name for field in fields(ExactAssociation))
UNITS = {
    **dict.fromkeys(CELLS, "households"),
    **dict.fromkeys(("odds_ratio", "low", "high"), "ratio of odds"),
    **dict.fromkeys(("difference", "difference_low", "difference_high"), "difference of shares, -1 to 1"),
    "greater": "posterior probability, 0 to 1",
    **dict.fromkeys(("mid_p", "p", "adjusted_p"), "probability, 0 to 1"),
}


def association(
    records: Records, rows: str, columns: str, *, prior: tuple[float, float] = (0.5, 0.5), level: float = 0.95
) -> pd.DataFrame:
    """Measure every pair of a code of one table and a code of another, household by household, by exact methods.

    Only households of which both tables say something are counted: unknown is not none.  Cases that are told because
    they speak are no sample, and what goes together need not be cause and effect.

    Args:
        records: the dataset.
        rows: table of the first code, such as `housing_problems`.
        columns: table of the second code, such as `health_impacts` or `domain_impacts`.
        prior: of the Bayesian comparison, Beta(a, b) on the share of either group; default: Jeffreys, Beta(½, ½).
        level: of both intervals, 0 to 1.

    Returns:
        One line per pair of codes that occur, in the order of the vocabularies: `first_code`, `second_code`, the four
        cells `both`, `first`, `second`, `neither` (households), then what `exact_association` says, the effect first,
        and `adjusted_p` (Benjamini–Hochberg over the pairs shown).  A pair is all `<NA>` where one of its cells must
        be withheld.  `.attrs` tells `rows`, `columns`, `known` and `unknown` (households counted and left out),
        `withheld` (pairs), `threshold`, `prior`, `level`, `method` and `units`.

    Raises:
        ValueError: a table has no code to count by.
        NotClearedError: a household has no consent.

    Source: `exact_association`; Benjamini & Hochberg (1995).

    >>> import clss_analysis as clss
    >>> pairs = association(clss.read("data/publication"), "housing_problems", "health_impacts")
    >>> pairs.attrs["known"], bool((pairs["adjusted_p"] > 0.05).all())
    (3, True)
    """
    found_in = pairs_of(records, rows, columns)
    a, b = (each.to_numpy(dtype=int) for each in (found_in.first, found_in.second))
    four = [(one.T @ other).ravel() for one in (a, 1 - a) for other in (b, 1 - b)]
    pairs = pd.MultiIndex.from_product([found_in.first.columns, found_in.second.columns])
    cells = pd.DataFrame(dict(zip(CELLS, four, strict=True)), index=pairs).astype("Int64")
    safe = found_in.shown.to_numpy(dtype=bool).ravel() & (found_in.about["known"] is not None)
    shown = cells[safe].reindex(pairs)
    whole = shown.notna().all(axis=1)
    tables = [tuple(map(int, line)) for line in shown[whole].itertuples(index=False)]
    found = [exact_association(*table, prior=tuple(prior), level=level) for table in tables]
    said = pd.DataFrame(
        [[getattr(each, name) for name in SAID] for each in found],
        columns=list(SAID),
        index=shown.index[whole],
        dtype=float,
    )
    said["adjusted_p"] = scipy.stats.false_discovery_control(said["p"].to_numpy()) if len(said) else []
    table = shown.join(said.astype("Float64"))
    table.index.names = ["first_code", "second_code"]
    result = table.reset_index()
    result.attrs = {
        "rows": rows,
        "columns": columns,
        **found_in.about,
        "withheld": int((~whole).sum()),
        "threshold": records.threshold,
        "prior": prior,
        "level": level,
        "method": "odds ratio: conditional maximum likelihood, exact interval; p: Fisher, two-sided by probability",
        "units": UNITS,
    }
    return result


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

    Raises:
        ValueError: a number below 1, or no pair that is not planted.

    Returns:
        One line per sort of cohort and method (`plain`: p ≤ level; `adjusted`: Benjamini–Hochberg): `cohort`,
        `method`, `false_share` (share of the unassociated pairs that were found), `any_false` (share of cohorts with
        a false finding), `false_discovery` (mean share of false ones among the findings), `found` (share of planted
        pairs found; NaN where none is).  `.attrs` tells the arguments and `units`.

    >>> trial = false_findings(seeds=20, pairs=10, planted=2).set_index(["cohort", "method"])
    >>> bool(trial.loc[("none", "adjusted"), "any_false"] <= 0.15)
    True
    """
    for name, number in (("seeds", seeds), ("households", households), ("pairs", pairs)):
        least(name, number, 1)
    if not 0 <= planted < pairs:
        raise ValueError(f"planted must be from 0 to fewer than pairs ({pairs}); got {planted}")
    lines = []
    for cohort, real in (("none", 0), ("planted", planted)):
        p = np.array([_p_values(np.random.default_rng(seed), households, pairs, real, odds) for seed in range(seeds)])
        for method, values in (("plain", p), ("adjusted", scipy.stats.false_discovery_control(p, axis=1))):
            hits = values <= level
            false, true = hits[:, real:], hits[:, :real]
            wrong = false.sum(axis=1) / np.maximum(1, hits.sum(axis=1))
            found = float(true.mean()) if real else float("nan")
            lines.append(
                (cohort, method, float(false.mean()), float(false.any(axis=1).mean()), float(wrong.mean()), found)
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
            _fisher(households, int(n), int(m))[int(k)]
            for n, m, k in zip(first.sum(axis=1), second.sum(axis=1), both, strict=True)
        ]
    )


@lru_cache(maxsize=65536)
def _fisher(households: int, row: int, column: int) -> _Floats:
    """The p-value for each number of households with both traits, from none to all."""
    chances = scipy.stats.hypergeom.pmf(np.arange(households + 1), households, row, column)
    likely = chances[None, :] <= chances[:, None] * (1 + 1e-7)
    every: _Floats = np.minimum(1.0, (likely * chances[None, :]).sum(axis=1))
    return every
