"""What would hide risky rows, and at what cost: coarser codes, or a field left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from clss_analysis.privacy.risk.k_anonymity import frequencies
from clss_analysis.records import codes
from clss_analysis.records.rules import CHILD_ROLES, SEVERAL

LEFT_OUT, BANDS, COARSER = "left_out", "bands", "coarser"
_MINORS = ("0-2", "3-5", "6-11", "12-17")
_ADULTS = ("18-29", "30-44", "45-59")
_COARSER: Mapping[str, Mapping[str, str]] = {
    "age_band": dict.fromkeys(_MINORS, "0-17")
    | dict.fromkeys(_ADULTS, "18-59")
    | dict.fromkeys(("60-74", "75+"), "60+"),
    "household_type": dict.fromkeys(("single", "couple"), "adults")
    | dict.fromkeys(("couple_children", "lone_mother", "lone_father", "extended"), "family"),
    "income": {"work": "work"}
    | dict.fromkeys(("unemployment", "invalidity", "social_assistance", "pension"), "benefit"),
    "french": dict.fromkeys(("fluent", "some"), "some"),
    "role": dict.fromkeys(("mother", "father", "parent", "partner"), "parent")
    | dict.fromkeys((*CHILD_ROLES, SEVERAL), "child")
    | dict.fromkeys(("grandmother", "grandfather", "sibling", "relative", "adult"), "other"),
}


@dataclass(frozen=True)
class Step:
    """A generalisation of one field: rows that it would hide, and the share of the fields' information it costs.

    `kind` is `bands` (an exact age becomes a band), `coarser` (codes are put together) or `left_out`.  Information is
    the entropy of the fields' combinations, in the table as it is.
    """

    field: str
    kind: str
    helped: int
    lost: float


def suggestions(keys: pd.DataFrame, k: int, *, missing: str) -> tuple[Step, ...]:
    """Single steps that would hide rows, those that cost least per row hidden first.

    Args:
        keys: one column per quasi-identifier.
        k: rows that must look alike for none of them to stand out.
        missing: how a missing value counts, as for `frequencies`.

    Returns:
        Steps that help at least one row.
    """
    before = frequencies(keys, missing=missing)["fk"]
    entropy = _entropy(keys)
    steps = []
    for field, kind, coarser in _coarser(keys):
        helped = int(((before < k) & (frequencies(coarser, missing=missing)["fk"] >= k)).sum())
        if helped:
            lost = (entropy - _entropy(coarser)) / entropy if entropy else 0.0
            steps.append(Step(field, kind, helped, float(lost)))
    return tuple(sorted(steps, key=lambda step: (step.lost / step.helped, step.field, step.kind)))


def age_bands(ages: pd.Series) -> pd.Series:
    """The age band of the vocabulary for each age, missing where the age is.

    >>> age_bands(pd.Series([4, 34, 80, None], dtype="Int64")).tolist()
    ['3-5', '30-44', '75+', <NA>]
    """
    names = codes("age_band")
    lowest = [int(name.rstrip("+").partition("-")[0]) for name in names]
    place = np.searchsorted(lowest, ages.fillna(0).to_numpy(dtype=float), side="right") - 1
    return pd.Series(np.array(names, dtype=object)[place], index=ages.index, dtype="string").where(ages.notna())


def _coarser(keys: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    for field in keys.columns:
        if field == "age":
            bands = age_bands(keys["age"])
            if "age_band" in keys.columns:
                bands = keys["age_band"].fillna(bands)
            yield "age", BANDS, keys.drop(columns="age").assign(age_band=bands)
        elif field in _COARSER:
            together = keys[field].map(lambda code, words=_COARSER[field]: words.get(code, code), na_action="ignore")
            yield str(field), COARSER, keys.assign(**{str(field): together})
        if len(keys.columns) > 1:
            yield str(field), LEFT_OUT, keys.drop(columns=field)


def _entropy(keys: pd.DataFrame) -> float:
    counts = keys.astype(object).value_counts(dropna=False).to_numpy(dtype=float)
    share = counts / counts.sum()
    return float(-(share * np.log2(share)).sum())
