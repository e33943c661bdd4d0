"""Whether coders who read the same statements gave the same codes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clss_analysis.measures.agreement import Agreement, gwet_ac1, krippendorff_alpha
from clss_analysis.measures.coding import codes_in_order
from clss_analysis.privacy import publishable_counts
from clss_analysis.records import Records


def coder_agreement(records: Records, *, seed: int, draws: int = 2000, level: float = 0.95) -> pd.DataFrame:
    """Agreement of two coders or more, code by code: given or not given to a statement.

    A coder has read a statement where they gave it any code, or the code `none` (read, and nothing fits); a statement
    without either was not read, and is missing rather than a « no ».  Places within a statement do not matter.  A code
    counts for the codes above it.

    Args:
        records: the dataset.
        seed: of alpha's bootstrap.
        draws: number of bootstrap samples.
        level: confidence level of both intervals.

    Returns:
        One row per code, in the codebook's order: `code`, `label`, `coders`, `units` (statements read by two or more),
        `given` (those that at least one of them gave the code), `alpha`, `alpha_low`, `alpha_high`, `ac1`, `ac1_low`,
        `ac1_high` and `undefined` (why alpha, or both, have no value: `units`, `variation`, or `unused` where nobody
        gave the code; else empty).  Numbers are `<NA>`, and `undefined` is `withheld`, where few households stand
        behind them.

    Raises:
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> coder_agreement(clss.read("data/publication"), seed=1)["undefined"].unique().tolist()
    ['units']
    """
    book = codes_in_order(records)
    codings = records.codings
    read = pd.crosstab(codings["coder"], codings["statement"]) > 0 if len(codings) else pd.DataFrame()
    twice = [each for each in read.columns if read[each].sum() >= 2]
    read = read[twice] if twice else read.iloc[:0, :0]
    homes = records.statements.set_index("id")["household"].astype(object)
    named = {each: homes[each] for each in twice if not pd.isna(homes[each])}
    under = _under(book)
    rows, behind = [], []
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
        behind.append(len({named[each] for each in with_code if each in named}))
        numbers = (alpha.value, alpha.low, alpha.high, ac1.value, ac1.low, ac1.high)
        rows.append((code, label, len(read.index), alpha.units, len(with_code), *numbers, alpha.why))
    columns = ["code", "label", "coders", "units", "given", *_NUMBERS, "undefined"]
    result = pd.DataFrame(rows, columns=columns).astype(
        {"code": "string", "label": "string", "undefined": "string"} | dict.fromkeys(_NUMBERS, "Float64")
    )
    result = result.astype(dict.fromkeys(("coders", "units", "given"), "Int64"))
    shown = publishable_counts(pd.Series(behind, dtype="Int64"), set(named.values()), records)
    small = shown.isna().to_numpy()
    for name in ("units", "given", *_NUMBERS):
        result[name] = result[name].mask(small)
    result["undefined"] = result["undefined"].mask(small, "withheld")
    result.attrs = {**shown.attrs, "seed": seed, "draws": draws, "level": level}
    return result


def _under(book: pd.DataFrame) -> dict[str, set[str]]:
    """Code → itself and all codes below; the book tells parents first."""
    under: dict[str, set[str]] = {str(code): {str(code)} for code in book["code"]}
    for code, parent in reversed(list(zip(book["code"], book["parent"], strict=True))):
        if not pd.isna(parent):
            under[parent] |= under[code]
    return under


_NUMBERS = ("alpha", "alpha_low", "alpha_high", "ac1", "ac1_low", "ac1_high")
