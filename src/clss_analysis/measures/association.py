"""Which housing problems and which impacts are told of the same households, more often than their numbers imply."""

from __future__ import annotations

from dataclasses import fields

import pandas as pd
from scipy import stats

from clss_analysis.measures.exact_table import ExactAssociation, exact_association
from clss_analysis.measures.incidence import presence
from clss_analysis.measures.whole_lines import whole_lines
from clss_analysis.records import Records

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
    first, second = presence(records, rows), presence(records, columns)
    known = first.index.intersection(second.index, sort=False)
    a, b = (each.loc[known].to_numpy(dtype=int) for each in (first, second))
    four = [(one.T @ other).ravel() for one in (a, 1 - a) for other in (b, 1 - b)]
    pairs = pd.MultiIndex.from_product([first.columns, second.columns])
    cells = pd.DataFrame(dict(zip(CELLS, four, strict=True)), index=pairs).astype("Int64")
    shown = whole_lines(cells, known, records)
    whole = shown.notna().all(axis=1)
    tables = [tuple(map(int, line)) for line in shown[whole].itertuples(index=False)]
    found = [exact_association(*table, prior=prior, level=level) for table in tables]
    said = pd.DataFrame(
        [[getattr(each, name) for name in SAID] for each in found],
        columns=list(SAID),
        index=shown.index[whole],
        dtype=float,
    )
    said["adjusted_p"] = stats.false_discovery_control(said["p"].to_numpy()) if len(said) else []
    table = shown.join(said.astype("Float64"))
    table.index.names = ["first_code", "second_code"]
    result = table.reset_index()
    result.attrs = {
        "rows": rows,
        "columns": columns,
        "known": len(known),
        "unknown": len(records.households) - len(known),
        "withheld": shown.attrs["withheld"],
        "threshold": shown.attrs["threshold"],
        "prior": prior,
        "level": level,
        "method": "odds ratio: conditional maximum likelihood, exact interval; p: Fisher, two-sided by probability",
        "units": UNITS,
    }
    return result
