"""The framework matrix: what each household says of each theme, in paraphrase."""

from __future__ import annotations

import pandas as pd

from clss_analysis.measures.coding import READ_ONLY, codes_in_order, unattributed
from clss_analysis.privacy import clear
from clss_analysis.records import Records

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
        statement), `withheld` (those with one that may only be counted) and `unattributed` (coded statements of no
        known household).

    Raises:
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> framework_matrix(clss.read("data/publication"))["household"].unique().tolist()
    ['C3', 'N']
    """
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
    said: dict[str, list[tuple[str, str, str]]] = {}
    for home, *line in statements[["household", "id", "wording", "text"]].itertuples(index=False):
        said.setdefault(home, []).append(tuple(line))
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
    homes = set(codings["household"].dropna())
    matrix.attrs = {
        "households": len(homes & told),
        "withheld": len(homes - told),
        "unattributed": unattributed(records),
    }
    return matrix


def _themes(book: pd.DataFrame) -> dict[str, str]:
    """Code → the code at the top above it; the book tells parents first."""
    themes: dict[str, str] = {}
    for code, parent in zip(book["code"], book["parent"], strict=True):
        themes[code] = code if pd.isna(parent) else themes[parent]
    return themes
