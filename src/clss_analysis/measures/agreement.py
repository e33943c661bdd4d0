"""Agreement of coders beyond chance: Krippendorff's alpha and Gwet's AC1, code by code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from clss_analysis.measures.coding import codes_in_order
from clss_analysis.privacy.ledger import ledger
from clss_analysis.records import Records
from clss_analysis.records.arguments import least, one_of, share

Numbers = NDArray[np.float64]
Ratings = Numbers | Sequence[Sequence[float]] | pd.DataFrame
_METRICS = ("nominal", "ordinal", "interval", "ratio")


@dataclass(frozen=True)
class Agreement:
    """A coefficient with its interval; all three are NaN where it is not defined, and `why` says why not.

    `units` are those that two coders or more have judged; `why` is `units` (fewer than two of them), `variation` (no
    two different judgements: chance cannot be told from skill) or empty.
    """

    value: float
    low: float
    high: float
    units: int
    why: str = ""


def krippendorff_alpha(
    ratings: Ratings,
    *,
    units: str | None = None,
    metric: str = "nominal",
    seed: int,
    draws: int = 2000,
    level: float = 0.95,
) -> Agreement:
    """Krippendorff's alpha: one minus the observed over the expected disagreement.

    Computed from the coincidences of values within units (Krippendorff 2011, « Computing Krippendorff's
    Alpha-Reliability »); units judged by one coder only do not count.  The interval is a percentile bootstrap over
    units, drawn by their kinds: units judged alike weigh alike; draws in which alpha is not defined are passed over.

    Args:
        ratings: an array of coders (rows) by units (columns), NaN where a coder did not judge; or a DataFrame.
        units: whether each unit is one of the `columns` (default of an array) or of the `rows`; of a DataFrame, which
            may be either, it must be said.
        metric: `nominal`, `ordinal`, `interval` or `ratio`.
        seed: of the bootstrap.
        draws: number of bootstrap samples; 0 for no interval.
        level: confidence level.

    Returns:
        The coefficient; 1 is perfect agreement, 0 what chance gives.

    Raises:
        ValueError: no such metric or level; judgements that are no numbers; a DataFrame of which nobody says where its
            units are.

    >>> import numpy as np
    >>> meg_and_owen = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0.0]])
    >>> round(krippendorff_alpha(meg_and_owen, seed=1, draws=0).value, 3)
    0.095
    """
    one_of("metric", metric, _METRICS)
    share("level", level)
    least("draws", draws, 0)
    values, counts = _counts(_coders_by_units(ratings, units))
    counts = counts[counts.sum(axis=1) >= 2]
    if len(counts) < 2:
        return Agreement(np.nan, np.nan, np.nan, len(counts), "units")
    kinds, often = np.unique(counts, axis=0, return_counts=True)
    judged = kinds.sum(axis=1)
    within = (kinds[:, :, None] * kinds[:, None, :] - np.eye(len(values)) * kinds[:, None, :]) / (judged - 1)[
        :, None, None
    ]
    value = _alpha(np.tensordot(often.astype(float), within, axes=1), values, metric)
    if np.isnan(value):
        return Agreement(np.nan, np.nan, np.nan, len(counts), "variation")
    low = high = np.nan
    if draws:
        drawn = np.random.default_rng(seed).multinomial(len(counts), often / len(counts), size=draws)
        sums = np.tensordot(drawn.astype(float), within, axes=1)
        found = np.array([_alpha(each, values, metric) for each in sums])
        low, high = np.nanquantile(found, [(1 - level) / 2, (1 + level) / 2])
    return Agreement(value, float(low), float(high), len(counts))


def _alpha(coincidences: Numbers, values: Numbers, metric: str) -> float:
    totals = coincidences.sum(axis=0)
    distance = _distances(values, totals, metric)
    expected = totals @ distance @ totals / (totals.sum() - 1)
    return float(1 - (coincidences * distance).sum() / expected) if expected > 0 else np.nan


def _distances(values: Numbers, totals: Numbers, metric: str) -> Numbers:
    """Squared differences of values; ordinal ones count the judgements in between, the two themselves by half."""
    if metric == "nominal":
        return 1.0 - np.eye(len(values))
    if metric == "ordinal":
        values = np.cumsum(totals) - totals / 2
    apart: Numbers = values[:, None] - values[None, :]
    if metric == "ratio":
        total = values[:, None] + values[None, :]
        apart = np.divide(apart, total, out=np.zeros_like(total), where=total != 0)
    squared: Numbers = apart**2
    return squared


def gwet_ac1(
    ratings: Ratings, *, units: str | None = None, categories: int | None = None, level: float = 0.95
) -> Agreement:
    """Gwet's AC1: agreement beyond the chance that two coders guess alike.

    Unlike kappa and alpha it keeps its worth where nearly all judgements are the same.  Value and variance after Gwet
    (2008, British Journal of Mathematical and Statistical Psychology 61, 29–48; for missing judgements Gwet 2014,
    Handbook of Inter-Rater Reliability, 4th ed.); the interval is that of Student's t over units, cut at 1.

    Args:
        ratings: an array of coders (rows) by units (columns), NaN where a coder did not judge; or a DataFrame.
        units: as for `krippendorff_alpha`.
        categories: number of values that could have been given; default: those that were.
        level: confidence level.

    Returns:
        The coefficient; not defined for fewer than two units judged twice, nor where only one value was possible.

    Raises:
        ValueError: as for `krippendorff_alpha`; fewer categories than values given.

    >>> import numpy as np
    >>> one, two = [0] * 118 + [0] * 5 + [1] * 2, [0] * 118 + [1] * 5 + [0] * 2
    >>> round(gwet_ac1(np.array([one, two], dtype=float)).value, 4)
    0.9408
    """
    share("level", level)
    values, counts = _counts(_coders_by_units(ratings, units))
    if categories is not None and least("categories", categories, 1) < len(values):
        raise ValueError(f"categories must be {len(values)} or more, the values that were given; got {categories}")
    size = len(values) if categories is None else categories
    counts = counts[counts.sum(axis=1) > 0]
    judged = counts.sum(axis=1)
    paired = judged >= 2
    if paired.sum() < 2:
        return Agreement(np.nan, np.nan, np.nan, int(paired.sum()), "units")
    if size < 2:
        return Agreement(np.nan, np.nan, np.nan, int(paired.sum()), "variation")
    total = len(counts)
    means = (counts / judged[:, None]).mean(axis=0)
    chance = float((means * (1 - means)).sum() / (size - 1))
    alike = np.where(paired, (counts * (counts - 1)).sum(axis=1) / np.where(paired, judged * (judged - 1), 1), 0.0)
    value = float((alike[paired].mean() - chance) / (1 - chance))
    own = total / paired.sum() * (alike - chance * paired) / (1 - chance)
    own_chance = (counts / judged[:, None]) @ (1 - means) / (size - 1)
    influence = own - 2 * (1 - value) * (own_chance - chance) / (1 - chance)
    error = float(np.sqrt(((influence - value) ** 2).sum() / (total * (total - 1))))
    reach = float(stdtrit(total - 1, (1 + level) / 2)) * error
    return Agreement(value, max(-1.0, value - reach), min(1.0, value + reach), int(paired.sum()))


def _coders_by_units(ratings: Ratings, units: str | None) -> Numbers:
    if units is None and isinstance(ratings, pd.DataFrame):
        raise ValueError("units must be rows or columns: a DataFrame does not say which of the two its units are")
    try:
        table = ratings if isinstance(ratings, pd.DataFrame) else np.asarray(ratings, dtype=object)
        numbers = np.where(pd.isna(table), np.nan, table).astype(float)
    except (TypeError, ValueError):
        raise ValueError("ratings must be a table of numbers, NaN where a coder did not judge") from None
    if numbers.ndim != 2:
        raise ValueError(f"ratings must be a table of coders and units; got {numbers.ndim} dimensions")
    return numbers.T if units is not None and one_of("units", units, ("rows", "columns")) == "rows" else numbers


def _counts(ratings: Numbers) -> tuple[Numbers, Numbers]:
    """The values given, and how many coders gave each to each unit (units by values)."""
    values = np.unique(ratings[~np.isnan(ratings)])
    counts = np.zeros((ratings.shape[1], len(values)))
    for place, value in enumerate(values):
        counts[:, place] = (ratings == value).sum(axis=0)
    return values, counts


def coder_agreement(records: Records, *, seed: int, draws: int = 2000, level: float = 0.95) -> pd.DataFrame:
    """Agreement of two coders or more, code by code: given or not given to a statement.

    A coder has read a statement where they gave it any code, or the code `none` (read, and nothing fits); a statement
    without either was not read, and is missing rather than a « no ».  Places within a statement do not matter.  A code
    counts for the codes above it.  As in `code_frequencies`, only words are judged that may be quoted.

    Args:
        records: the dataset.
        seed: of alpha's bootstrap.
        draws: number of bootstrap samples.
        level: confidence level of both intervals.

    Returns:
        One row per code, in the codebook's order: `code`, `label`, `coders`, `units` (statements read by two or more),
        `given` (those that at least one of them gave the code), `alpha`, `alpha_low`, `alpha_high`, `ac1`, `ac1_low`,
        `ac1_high` and `undefined` (why alpha, or both, have no value: `units`, `variation`, or `unused` where nobody
        gave the code; else empty).

    Raises:
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> coder_agreement(clss.read("data/publication"), seed=1)["undefined"].unique().tolist()
    ['units']
    """
    records = ledger(records).records
    book = codes_in_order(records)
    codings = records.codings
    read = pd.crosstab(codings["coder"], codings["statement"]) > 0 if len(codings) else pd.DataFrame()
    twice = [each for each in read.columns if read[each].sum() >= 2]
    read = read[twice] if twice else read.iloc[:0, :0]
    under, rows = _under(book), []
    for code, label in zip(book["code"], book["label"], strict=True):
        mine = codings[codings["code"].isin(under[code])]
        pairs = set(zip(mine["coder"], mine["statement"], strict=True))
        ratings = np.array([[(coder, each) in pairs for each in twice] for coder in read.index], dtype=float).reshape(
            len(read.index), len(twice)
        )
        ratings[~read.to_numpy(dtype=bool)] = np.nan
        alpha = krippendorff_alpha(ratings, seed=seed, draws=draws, level=level)
        ac1 = gwet_ac1(ratings, categories=2, level=level)
        unused = bool(twice) and not pairs & {(coder, each) for coder in read.index for each in twice}
        if unused:
            alpha = ac1 = Agreement(np.nan, np.nan, np.nan, alpha.units, "unused")
        with_code = [each for each in twice if any((coder, each) in pairs for coder in read.index)]
        numbers = (alpha.value, alpha.low, alpha.high, ac1.value, ac1.low, ac1.high)
        rows.append((code, label, len(read.index), alpha.units, len(with_code), *numbers, alpha.why))
    columns = ["code", "label", "coders", "units", "given", *_NUMBERS, "undefined"]
    result = pd.DataFrame(rows, columns=columns).astype(
        {"code": "string", "label": "string", "undefined": "string"} | dict.fromkeys(_NUMBERS, "Float64")
    )
    result = result.astype(dict.fromkeys(("coders", "units", "given"), "Int64"))
    result.attrs = {"seed": seed, "draws": draws, "level": level}
    return result


def _under(book: pd.DataFrame) -> dict[str, set[str]]:
    """Code → itself and all codes below; the book tells parents first."""
    under: dict[str, set[str]] = {str(code): {str(code)} for code in book["code"]}
    for code, parent in reversed(list(zip(book["code"], book["parent"], strict=True))):
        if not pd.isna(parent):
            under[parent] |= under[code]
    return under


_NUMBERS = ("alpha", "alpha_low", "alpha_high", "ac1", "ac1_low", "ac1_high")
