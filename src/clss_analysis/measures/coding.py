"""Which households and statements carry which code of the codebook, alone and together."""

from __future__ import annotations

import pandas as pd

from clss_analysis.privacy import clear
from clss_analysis.privacy.consents import quotable
from clss_analysis.privacy.ledger import ledger
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

    Only what households said that may be quoted is counted: a number of statements of those that may only be counted
    would tell of one of them.  A household counts once however often it is quoted: one talkative household is not a
    finding.  A code counts for the codes above it.  That a code is missing from a household means that nobody coded it
    there.

    Args:
        records: the dataset.

    Returns:
        One row per code, in the codebook's order: `code`, `label`, `depth`, `households` (with this code or one below
        it), `statements` (of these households) and `unattributed` (statements of no known household; `<NA>` where some
        household may only be counted, since they may be its).  `.attrs` tells `known` (households with a coded
        statement), `unknown` (others that may be quoted), `unattributed` (all coded statements of no known household
        that are counted), `told_only` (whether households may only be counted, and are left out) and `units`.

    Raises:
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> code_frequencies(clss.read("data/publication")).attrs["known"]
    2
    """
    counted, records = bool(clear(records).counted), ledger(records).records
    has, said = (coded(records, unit, rolled_up=True) for unit in (HOUSEHOLD, STATEMENT))
    unnamed = records.statements.set_index("id")["household"].reindex(said.index).isna().to_numpy()
    result = codes_in_order(records)[["code", "label", "depth"]]
    for name, counts in (("households", has.sum()), ("statements", said[~unnamed].sum())):
        result[name] = counts.astype("Int64").to_numpy()
    nameless = said[unnamed].sum().astype("Int64")
    result["unattributed"] = nameless.mask(nameless.notna() & counted).to_numpy()
    result.attrs = {
        "known": len(has),
        "unknown": len(quotable(records).difference(has.index)),
        "unattributed": unattributed(records),
        "told_only": counted,
        "units": {"households": "households", "statements": "statements", "unattributed": "statements"},
    }
    return result


def code_cooccurrence(records: Records, unit: str = HOUSEHOLD) -> pd.DataFrame:
    """Number of households, or of statements, that carry both of two codes; the diagonal is each code alone.

    Together in a household says that both were spoken of; together in a statement, that they were spoken of in one
    breath.  Neither says that one comes of the other.

    Args:
        records: the dataset.
        unit: `household` or `statement`.

    Returns:
        A symmetric table of `Int64`, codes in the codebook's order that somebody gave; as for `code_frequencies`, only
        words are counted that may be quoted.  `.attrs` tells `unit` and `known` (units read).

    Raises:
        ValueError: another unit.
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> table = code_cooccurrence(clss.read("data/publication"), "statement")
    >>> bool((table == table.T).all(axis=None))
    True
    """
    has = coded(ledger(records).records, unit)
    has = has.loc[:, has.any()]
    marks = has.to_numpy(dtype=int)
    counts = pd.DataFrame(marks.T @ marks, index=has.columns, columns=has.columns).astype("Int64")
    counts.attrs = {"unit": unit, "known": len(has)}
    counts.index.name = counts.columns.name = "code"
    return counts
