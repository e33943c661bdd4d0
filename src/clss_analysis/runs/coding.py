"""What the coding of statements amounts to, in words: how far it reaches, and how far coders agree."""

from __future__ import annotations

import pandas as pd
from IPython.display import Markdown

from clss_analysis.records import message
from clss_analysis.runs.markdown import shown
from clss_analysis.runs.telling import number


def coding_reach(frequencies: pd.DataFrame, *, lang: str = "fr") -> Markdown:
    """How many households the counts rest on, and how many statements belong to none that is known.

    Args:
        frequencies: what `measures.code_frequencies` gave, with its `.attrs`.
        lang: fr, nl or en.
    """
    about = frequencies.attrs
    sentences = [number("coding.known", about["known"], lang)]
    sentences += [number(f"coding.{name}", about[name], lang) for name in ("unknown", "unattributed") if about[name]]
    if about["withheld"]:
        sentences.append(number("findings.withheld", about["withheld"], lang, threshold=about["threshold"]))
    return shown(" ".join(sentences))


def agreement_words(agreement: pd.DataFrame, *, lang: str = "fr") -> pd.DataFrame:
    """Agreement by code with its intervals as text; what is not defined says why.

    Args:
        agreement: what `measures.coder_agreement` gave.
        lang: fr, nl or en.

    Returns:
        Columns `code` (its label), `units`, `given`, `alpha` and `ac1`, the last two as text.

    >>> row = {"label": ["Peur"], "units": [2], "given": [2], "undefined": ["variation"]}
    >>> row |= {name: [float("nan")] for name in ("alpha", "alpha_low", "alpha_high")}
    >>> row |= {"ac1": [1.0], "ac1_low": [1.0], "ac1_high": [1.0]}
    >>> agreement_words(pd.DataFrame(row))["ac1"].tolist()
    ['1,00 [1,00 à 1,00]']
    """
    words = agreement[["label", "units", "given"]].rename(columns={"label": "code"})
    for name in ("alpha", "ac1"):
        columns = [agreement[each] for each in (name, f"{name}_low", f"{name}_high", "undefined")]
        words[name] = [_interval(*cells, lang=lang) for cells in zip(*columns, strict=True)]
    return words


def _interval(value: float, low: float, high: float, why: str, *, lang: str) -> str:
    if pd.isna(value):
        return message(f"coding.undefined_{why}", lang)
    numbers = [f"{each:.2f}" for each in (value, low, high)]
    if lang != "en":
        numbers = [each.replace(".", ",") for each in numbers]
    return message("coding.interval", lang, value=numbers[0], low=numbers[1], high=numbers[2])
