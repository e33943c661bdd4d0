"""Reading coded statements: the framework matrix, the cases that do not fit, and saturation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from clss_analysis.measures.coding import HOUSEHOLD, READ_ONLY, coded, codes_in_order, unattributed
from clss_analysis.measures.counts import lines_by_home
from clss_analysis.privacy import clear
from clss_analysis.privacy.ledger import ledger
from clss_analysis.records import Records
from clss_analysis.records.arguments import least, one_of, share

PARAPHRASE = "paraphrase"


def framework_matrix(records: Records) -> pd.DataFrame:
    """Statements of each household under each theme, a theme being a code at the top of the codebook.

    After Ritchie and Spencer (1994): cases in rows, themes in columns, a summary with its reference in every cell, so
    that reading along a row tells a case and down a column a theme.  Only paraphrases are shown, and only of households
    that may be told; a statement word for word stands there by its id alone.

    Args:
        records: the dataset.

    Returns:
        One row per household, theme and statement, in the orders of their tables: `household`, `household_label`,
        `theme`, `theme_label`, `codes` (those given under the theme), `statement` (row id of `statements`) and `text`
        (`<NA>` where it is word for word).  `.attrs` tells `households` (of those told, how many have a coded
        statement), `told_only` (whether households may only be counted, and are left out) and `unattributed` (coded
        statements of no known household; 0 where some may only be counted, since they may be theirs).

    Raises:
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> framework_matrix(clss.read("data/publication"))["household"].unique().tolist()
    ['C3', 'N']
    """
    counted, records = bool(clear(records).counted), ledger(records).records
    told = clear(records).told
    codings = records.codings[records.codings["code"] != READ_ONLY]
    book = codes_in_order(records)
    themes, rank = _themes(book), {code: n for n, code in enumerate(book["code"])}
    labels = dict(zip(book["code"], book["label"], strict=True))
    names = dict(zip(records.households["id"], records.households["label"], strict=True))
    given: dict[tuple[str, str], set[str]] = {}
    for statement, code in zip(codings["statement"], codings["code"], strict=True):
        given.setdefault((statement, themes[code]), set()).add(code)
    rows = []
    statements = records.statements[records.statements["household"].isin(told)]
    said = lines_by_home(statements, "id", "wording", "text")
    top = [code for code in book["code"] if themes[code] == code]
    for home in records.households["id"]:
        for theme in top:
            for statement, wording, text in said.get(home, []):
                if codes := given.get((statement, theme)):
                    listed = ", ".join(sorted(codes, key=lambda code: rank[code]))
                    shown = text if wording == PARAPHRASE else pd.NA
                    rows.append((home, names[home], theme, labels[theme], listed, statement, shown))
    columns = ["household", "household_label", "theme", "theme_label", "codes", "statement", "text"]
    matrix = pd.DataFrame(rows, columns=columns, dtype="string")
    homes = codings["household"].nunique()
    matrix.attrs = {"households": homes, "told_only": counted, "unattributed": unattributed(records)}
    return matrix


def _themes(book: pd.DataFrame) -> dict[str, str]:
    """Code → the code at the top above it; the book tells parents first."""
    themes: dict[str, str] = {}
    for code, parent in zip(book["code"], book["parent"], strict=True):
        themes[code] = code if pd.isna(parent) else themes[parent]
    return themes


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
        households whose words may be quoted).

    Raises:
        ValueError: no such code.
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> book = clss.read("data/publication")
    >>> negative_cases(book, "limites", "confiance")["household"].tolist()
    ['C3']
    """
    records = ledger(records).records
    book = set(codes_in_order(records)["code"])
    for code in (condition, expected):
        one_of("code", code, sorted(book))
    has = coded(records, HOUSEHOLD, rolled_up=True)
    said = coded(records, "statement", rolled_up=True)
    with_condition, fitting = has[condition], has[condition] & has[expected]
    against = with_condition & ~fitting
    homes = dict(zip(records.statements["id"], records.statements["household"], strict=True))
    names = dict(zip(records.households["id"], records.households["label"], strict=True))
    spoken: dict[str, list[str]] = {}
    for each in said.index[said[condition]]:
        spoken.setdefault(homes[each], []).append(each)
    rows = [(home, names[home], ", ".join(spoken.get(home, []))) for home in has.index[against]]
    cases = pd.DataFrame(rows, columns=["household", "label", "statements"], dtype="string")
    numbers = {"with_condition": with_condition, "fitting": fitting, "against": against}
    cases.attrs = {name: int(each.sum()) for name, each in numbers.items()}
    return cases


def saturation(records: Records, *, seed: int, orders: int = 1000, band: float = 0.9) -> pd.DataFrame:
    """New codes brought by each case, in the order of intake and over random orders of the same cases.

    After Guest, Bunce and Johnson (2006), who count the codes that each further interview adds.  The order in which
    cases came is one among many, so that its curve is set beside the mean of random orders and a band that holds the
    middle of them.  A flat end says that these cases, read with this codebook, bring nothing new; not that other cases
    would not, nor that the codebook sees all there is.

    Only households that may be told are cases here: a step of the curve tells what one household adds.

    Args:
        records: the dataset.
        seed: of the random orders.
        orders: how many, at least 1.
        band: share of the orders that the band holds, 0 to 1.

    Returns:
        One row per case, in the order of intake (months first, unknown ones last, then as in the table): `case` (from
        1), `household`, `new` (codes not met before), `found` (codes met so far), `mean`, `low` and `high` (of the
        number found after so many cases, over the random orders).  `.attrs` tells `unknown_intake` (cases whose month
        is not known), `told_only` (whether households may only be counted, and are left out), `orders`, `seed` and
        `band`.

    Raises:
        ValueError: orders or band out of range.
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> saturation(clss.read("data/publication"), seed=1)["found"].is_monotonic_increasing
    True
    """
    least("orders", orders, 1)
    share("band", band, whole=True)
    counted, records = bool(clear(records).counted), ledger(records).records
    has = coded(records, HOUSEHOLD)
    homes = records.households[records.households["id"].isin(has.index)]
    homes = homes.sort_values("intake", kind="stable", na_position="last")
    marks = has.loc[homes["id"]].to_numpy()
    found = _found(marks)
    shuffled = np.random.default_rng(seed)
    curves = np.array([_found(marks[shuffled.permutation(len(marks))]) for _ in range(orders)]).reshape(orders, -1)
    edges = [(1 - band) / 2, (1 + band) / 2]
    low, high = np.quantile(curves, edges, axis=0) if len(marks) else (found, found)
    curve = pd.DataFrame(
        {
            "case": np.arange(1, len(marks) + 1),
            "household": homes["id"].to_numpy(),
            "new": np.diff(found, prepend=0),
            "found": found,
            "mean": curves.mean(axis=0),
            "low": low,
            "high": high,
        }
    ).astype({"household": "string"})
    about = {"unknown_intake": int(homes["intake"].isna().sum()), "told_only": counted}
    curve.attrs |= about | {"orders": orders, "seed": seed, "band": band}
    return curve


def _found(marks: np.ndarray) -> np.ndarray:
    return np.logical_or.accumulate(marks, axis=0).sum(axis=1) if len(marks) else np.zeros(0, dtype=int)
