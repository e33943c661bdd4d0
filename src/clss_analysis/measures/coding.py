"""Which statements, and so which households, carry which code: what the qualitative measures share."""

from __future__ import annotations

import pandas as pd

from clss_analysis.records import Records

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
    if unit not in (HOUSEHOLD, STATEMENT):
        raise ValueError(f"unit must be {HOUSEHOLD} or {STATEMENT}; got {unit}")
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
