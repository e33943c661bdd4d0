"""What the coding of statements amounts to, in words: how far it reaches, and how far coders agree."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from clss_analysis.privacy.origin import remembered
from clss_analysis.records import message
from clss_analysis.records.typography import number as decimal
from clss_analysis.runs.findings import number
from clss_analysis.runs.markdown import shown
from clss_analysis.runs.tellable import by_origin

FEWEST_UNITS = 50
"""Statements read by two below which no interval is printed: of nominal 95 %, a bootstrap of alpha and AC1's variance
held the truth in 41 to 86 % of samples of 11 statements, 87 to 93 % of 30, 91 to 95 % of 50 (two coders, a code true of
10 to 50 %, errors of 5 to 10 %, 300 samples each)."""


@by_origin
def coding_reach(frequencies: pd.DataFrame, *, lang: str = "fr") -> Markdown:
    """How many households the counts rest on, and how many statements belong to none that is known.

    Args:
        frequencies: what `measures.code_frequencies` gave, with its `.attrs`.
        lang: fr, nl or en.
    """
    about = frequencies.attrs
    said = ["known", *(name for name in ("unknown", "unattributed") if about[name])]
    sentences = [number(f"coding.{name}", about[name], lang) for name in said]
    return shown(" ".join([*sentences, *([message("coding.told_only", lang)] if about.get("told_only") else [])]))


@remembered
def agreement_words(agreement: pd.DataFrame, *, lang: str = "fr") -> pd.DataFrame:
    """Agreement by code as text, with its interval where it means something; what is not defined says why.

    On few statements an interval of 95 % holds the truth far less often than it says, and where no sample of them
    differs it has no width: the value stands alone then.

    Args:
        agreement: what `measures.coder_agreement` gave.
        lang: fr, nl or en.

    Returns:
        Columns `code` (its label), `units`, `given`, `alpha` and `ac1`, the last two as text.

    >>> row = {"label": ["Peur"], "units": [2], "given": [2], "undefined": ["variation"]}
    >>> row |= {name: [float("nan")] for name in ("alpha", "alpha_low", "alpha_high")}
    >>> row |= {"ac1": [1.0], "ac1_low": [1.0], "ac1_high": [1.0]}
    >>> agreement_words(pd.DataFrame(row))["ac1"].tolist()
    ['1,00']
    """
    words = agreement[["label", "units", "given"]].rename(columns={"label": "code"})
    for name in ("alpha", "ac1"):
        columns = [agreement[each] for each in ("units", name, f"{name}_low", f"{name}_high", "undefined")]
        words[name] = [_interval(*cells, lang=lang) for cells in zip(*columns, strict=True)]
    return words


def _interval(units: int, value: float, low: float, high: float, why: str, *, lang: str) -> str:
    if pd.isna(value):
        return message(f"coding.undefined_{why}", lang)
    shown, least, most = (decimal(each, 2, lang) for each in (value, low, high))
    if units < FEWEST_UNITS or least == most:
        return shown
    return message("coding.interval", lang, value=shown, low=least, high=most)
