"""Words that figures share: months, counts, lists and sentences in the three languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from clss_analysis.records import message


def told(value: Any) -> str:  # noqa: ANN401  # a cell of any column
    """The text of a cell, empty when the cell is unknown.

    >>> told(pd.NA), told("préavis")
    ('', 'préavis')
    """
    return "" if pd.isna(value) else str(value).strip()


def month(period: pd.Period, lang: str = "fr") -> str:
    r"""A month in short, held together by a no-break space.

    >>> month(pd.Period("2023-11", freq="M"))
    'nov.\xa02023'
    """
    return f"{message(f'figure.month.{period.month:02d}', lang)}\u00a0{period.year}"


def counted(key: str, n: int, lang: str = "fr", **values: object) -> str:
    """A number with its noun, singular or plural as the language has it (French: singular for 0 and 1).

    Args:
        key: stem of the message; `<key>.one` and `<key>.many` hold the two forms.
        n: the number.
        lang: fr, nl or en.
        values: further places of the message.

    >>> counted("relevance_tree.count.objective", 1), counted("relevance_tree.count.objective", 4)
    ('1 objectif', '4 objectifs')
    """
    singular = n < 2 if lang == "fr" else n == 1
    return message(f"{key}.{'one' if singular else 'many'}", lang, n=n, **values)


def counts_told(known: int, unknown: int, withheld: int = 0, threshold: int = 0, *, lang: str = "fr") -> list[str]:
    r"""The notes under a figure of counts: households it rests on, those left out, counts that the gate keeps back.

    >>> counts_told(12, 0)
    ['Comptés\u202f: 12 ménages.']
    """
    notes = [counted("measures.known", known, lang)]
    if unknown:
        notes.append(counted("measures.left_out", unknown, lang))
    if withheld:
        notes.append(counted("measures.withheld", withheld, lang, threshold=threshold))
    return notes


def listed(parts: Sequence[str], lang: str = "fr") -> str:
    """Parts as a list in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b et c'
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {message('figure.and', lang)} {parts[-1]}"


def capital(text: str) -> str:
    """The text with its first letter in upper case, the rest as it is.

    >>> capital("éviter l’expulsion de Monsieur")
    'Éviter l’expulsion de Monsieur'
    """
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text as a sentence: first letter upper, a full stop unless it ends on one of its own.

    >>> sentence("quatre critères sont remplis")
    'Quatre critères sont remplis.'
    """
    text = capital(text.strip())
    return text if not text or text.endswith((".", "!", "?", "…", "»")) else f"{text}."
