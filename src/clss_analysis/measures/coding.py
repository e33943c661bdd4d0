"""Which households and statements carry which code of the codebook, alone and together."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pandas as pd

from clss_analysis.measures.counts import said_of, without_three
from clss_analysis.privacy.ledger import Ledger, ledger
from clss_analysis.records import Records
from clss_analysis.records.arguments import one_of

READ_ONLY = "none"
HOUSEHOLD, STATEMENT = "household", "statement"


def codes_in_order(records: Records) -> pd.DataFrame:
    """The codebook as a tree told line by line: every code after its parent, siblings in the order of the table.

    Returns:
        `code`, `parent` (`<NA>` at the top), `depth` (0 at the top), `label`; the code `none` is no code and left out.
    """
    codes = records.codes[records.codes["id"] != READ_ONLY]
    known = set(codes["id"])
    under: dict[str, list[tuple[str, str]]] = {}
    for code, parent, label in codes[["id", "parent", "label"]].itertuples(index=False):
        under.setdefault(parent if parent in known else "", []).append((code, label))
    rows: list[tuple[str, object, int, str]] = []
    left = [(code, "", 0, label) for code, label in reversed(under.get("", []))]
    while left:
        code, parent, depth, label = left.pop()
        rows.append((code, parent or pd.NA, depth, label))
        left += [(child, code, depth + 1, words) for child, words in reversed(under.get(code, []))]
    frame = pd.DataFrame(rows, columns=["code", "parent", "depth", "label"])
    return frame.astype({"code": "string", "parent": "string", "depth": "Int64", "label": "string"})


def coded(records: Records, unit: str, *, rolled_up: bool = False) -> pd.DataFrame:
    """Which unit carries which code, whoever gave it.

    Args:
        records: the dataset.
        unit: `household` or `statement`.
        rolled_up: whether a code counts for the codes above it too.

    Returns:
        True and False: units that somebody read (rows, in the order of their table) by codes (columns, the codebook's
        order).  Statements of no known household are no rows where the unit is the household.

    Raises:
        ValueError: another unit.
    """
    one_of("unit", unit, (HOUSEHOLD, STATEMENT))
    table = records.households if unit == HOUSEHOLD else records.statements
    codings = records.codings[records.codings[unit].notna()]
    read = set(codings[unit])
    book = codes_in_order(records)
    columns = {str(code): n for n, code in enumerate(book["code"])}
    above = dict(zip(book["code"], book["parent"], strict=True))
    rows = [each for each in table["id"] if each in read]
    place = {each: n for n, each in enumerate(rows)}
    cells = [[False] * len(columns) for _ in rows]
    for each, code in zip(codings[unit], codings["code"], strict=True):
        named = code
        while named in columns:
            cells[place[each]][columns[named]] = True
            named = above[named] if rolled_up and not pd.isna(above[named]) else ""
    return pd.DataFrame(cells, index=pd.Index(rows, name=unit, dtype="string"), columns=list(columns), dtype=bool)


def unattributed(records: Records) -> int:
    """Number of coded statements whose household is not known."""
    return int(records.codings.loc[records.codings["household"].isna(), "statement"].nunique())


def code_frequencies(records: Records) -> pd.DataFrame:
    """Number of households per code, and of the mentions behind them.

    A household counts once however often it is quoted: one talkative household is not a finding.  A code counts for
    the codes above it.  That a code is missing from a household means that nobody coded it there.

    Args:
        records: the dataset.

    Returns:
        One row per code, in the codebook's order: `code`, `label`, `depth`, `households` (with this code or one below
        it), `statements` (of these households; `<NA>` where `households` is withheld) and `unattributed` (statements
        of no known household; `<NA>` where some household may only be counted, since they may be its).  `.attrs` tells
        `known` (households with a coded statement), `unknown` (without one), `unattributed` (all coded statements of
        no known household), `withheld` and `threshold`.

    Raises:
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> code_frequencies(clss.read("data/publication")).attrs["known"]
    2
    """
    entered = ledger(records)
    records = entered.records
    has = coded(records, HOUSEHOLD, rolled_up=True)
    reach = entered.reach(has.index)
    said = coded(records, "statement", rolled_up=True)
    homes = records.statements.set_index("id")["household"].reindex(said.index)
    unnamed = homes.isna().to_numpy()
    book = codes_in_order(records)
    above = {code: parent for code, parent in zip(book["code"], book["parent"], strict=True) if pd.notna(parent)}
    counts = entered.counts(has, has[[above.get(code, code) for code in has]].set_axis(has.columns, axis=1))
    result = book[["code", "label", "depth"]].copy()
    result["households"] = counts.to_numpy()
    result["statements"] = said[~unnamed].sum().astype("Int64").to_numpy()
    result["unattributed"] = said[unnamed].sum().astype("Int64").to_numpy()
    result = result.astype(dict.fromkeys(("households", "statements", "unattributed"), "Int64"))
    result["statements"] = result["statements"].mask(result["households"].isna())
    if entered.left_out or len(entered.only_counted):
        result["unattributed"] = pd.array([pd.NA] * len(result), dtype="Int64")
    result.attrs = said_of(reach, entered) | {"unattributed": unattributed(records)} | counts.attrs
    return result


def code_cooccurrence(records: Records, unit: str = HOUSEHOLD) -> pd.DataFrame:
    """Number of households, or of statements, that carry both of two codes; the diagonal is each code alone.

    Together in a household says that both were spoken of; together in a statement, that they were spoken of in one
    breath.  Neither says that one comes of the other.

    Args:
        records: the dataset.
        unit: `household` or `statement`.

    Returns:
        A symmetric table of `Int64`, codes in the codebook's order that a household has which is told, or whose own
        number is shown; `<NA>` where few households stand behind the cell, whatever the unit.  `.attrs` tells `unit`,
        `known` (units read; None where that would tell of few households), `withheld` and `threshold`.

    Raises:
        ValueError: another unit.
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> table = code_cooccurrence(clss.read("data/publication"), "statement")
    >>> bool((table == table.T).all(axis=None))
    True
    """
    entered = ledger(records)
    has = coded(entered.records, unit)
    has = has.loc[:, has.any()]
    homes = pd.Series(_homes(entered.records, unit, list(has.index)), index=has.index, dtype=object)
    marks = has.to_numpy(dtype=int)
    counts = pd.DataFrame(marks.T @ marks, index=has.columns, columns=has.columns).astype("Int64")
    if entered.left_out or len(entered.only_counted):
        counts = counts.where(_pairs_shown(entered, has, homes))
        mine = has[homes.notna() & ~homes.isin(entered.only_counted)].any()
        mine |= pd.Series(counts.notna().to_numpy().diagonal(), index=counts.index)
        counts = counts.loc[mine.to_numpy(), mine.to_numpy()]
    withheld = int(counts.isna().to_numpy().sum())
    known = len(has) if entered.says(pd.Index(homes.dropna().unique())) else None
    counts.attrs = {"withheld": withheld, "threshold": entered.threshold, "unit": unit, "known": known}
    counts.index.name = counts.columns.name = "code"
    return counts


def _pairs_shown(entered: Ledger, has: pd.DataFrame, homes: pd.Series) -> pd.DataFrame:
    """Whether the counts of two codes together are shown, beside those of each and of all codes above them.

    A count of statements of which no household is known is not: they may be of those who may only be counted.
    """
    book = codes_in_order(entered.records)
    above = dict(zip(book["code"], book["parent"], strict=True))
    rolled = coded(entered.records, HOUSEHOLD, rolled_up=True)
    shown = pd.DataFrame(data=False, index=has.columns, columns=has.columns)
    alone = {code: entered.trait(has[code].groupby(homes).any()) for code in has}
    for a, b in combinations_with_replacement(has.columns, 2):
        both = has[a] & has[b]
        over = [a, b]
        for code in over:
            over += [above[code]] if pd.notna(above[code]) and above[code] not in over else []
        traits = [alone[a], alone[b], entered.trait(both.groupby(homes).any())]
        known = not both.any() or bool(homes[both].notna().any())
        shown.loc[a, b] = shown.loc[b, a] = known and entered.shows(
            *traits, *(entered.trait(rolled[code]) for code in over)
        )
    return pd.DataFrame(without_three(entered, list(alone.values()), shown.to_numpy()), shown.index, shown.columns)


def _homes(records: Records, unit: str, units: list[str]) -> list[str | None]:
    if unit == HOUSEHOLD:
        return list(units)
    homes = records.statements.set_index("id")["household"].loc[units]
    return [None if pd.isna(home) else str(home) for home in homes]
