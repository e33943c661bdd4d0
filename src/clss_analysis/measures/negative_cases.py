"""The cases that do not fit: where one code was given and the expected other one was not."""

from __future__ import annotations

import pandas as pd

from clss_analysis.measures.coding import HOUSEHOLD, coded, codes_in_order
from clss_analysis.privacy import clear, publishable_counts
from clss_analysis.records import Records


def negative_cases(records: Records, condition: str, expected: str) -> pd.DataFrame:
    """Households that carry one code and not another that is expected with it, to be read again.

    A claim such as « where there is fear there is isolation » is held against the cases that lack the second half
    (Lincoln and Guba 1985, negative case analysis).  That the code is missing means that nobody gave it: the statements
    are named so that they can be read again.  A code counts for the codes above it.

    Args:
        records: the dataset.
        condition: id of the code that sets the claim going.
        expected: id of the code that the claim expects.

    Returns:
        One row per household that may be told and speaks against the claim, with `household`, `label` and `statements`
        (row ids that carry the condition).  `.attrs` tells `with_condition`, `fitting` and `against` (numbers of
        households, `<NA>` where withheld).

    Raises:
        ValueError: no such code.
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> book = clss.read("data/publication")
    >>> negative_cases(book, "limites", "confiance")["household"].tolist()
    ['C3']
    """
    told = clear(records).told
    book = set(codes_in_order(records)["code"])
    for code in (condition, expected):
        if code not in book:
            raise ValueError(f"code must be one of {', '.join(sorted(book))}; got {code}")
    has = coded(records, HOUSEHOLD, rolled_up=True)
    said = coded(records, "statement", rolled_up=True)
    with_condition, fitting = has[condition], has[condition] & has[expected]
    against = with_condition & ~fitting
    counts = pd.Series([int(each.sum()) for each in (with_condition, fitting, against)], dtype="Int64")
    shown = publishable_counts(counts, has.index, records)
    if shown.isna().any():
        shown = shown.mask(counts > 0)
    homes = dict(zip(records.statements["id"], records.statements["household"], strict=True))
    names = dict(zip(records.households["id"], records.households["label"], strict=True))
    spoken: dict[str, list[str]] = {}
    for each in said.index[said[condition]]:
        spoken.setdefault(homes[each], []).append(each)
    rows = [(home, names[home], ", ".join(spoken.get(home, []))) for home in has.index[against] if home in told]
    cases = pd.DataFrame(rows, columns=["household", "label", "statements"], dtype="string")
    cases.attrs = dict(zip(("with_condition", "fitting", "against"), shown, strict=True))
    return cases
