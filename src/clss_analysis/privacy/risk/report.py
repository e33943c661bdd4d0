"""The disclosure risk of a dataset: table by table, with the rows that stand out and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clss_analysis.privacy.risk.closeness import t_closeness
from clss_analysis.privacy.risk.diversity import l_diversity
from clss_analysis.privacy.risk.generalise import Step, suggestions
from clss_analysis.privacy.risk.k_anonymity import CATEGORY, coded, frequencies, together
from clss_analysis.privacy.risk.reidentification import individual_risk
from clss_analysis.privacy.risk.special_uniques import minimal_rare, suda2
from clss_analysis.records import Records

QUASI_IDENTIFIER, SENSITIVE = "quasi-identifier", "sensitive"
LEAST_ALIKE = 3  # households or persons that look alike below which a row is told as one at risk
_UNITS = {"households": "household", "persons": "person"}


@dataclass(frozen=True)
class RiskyRow:
    """A row that fewer than k rows look like: its id, how many do, and the fewest fields that make it so."""

    row: str
    alike: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Spread:
    """A sensitive field among rows that look alike: least distinct and entropy l-diversity, largest t."""

    field: str
    distinct: float
    entropy: float
    t: float


@dataclass(frozen=True, eq=False)
class TableRisk:
    """The risk of one table.

    `k` is the size of its smallest group of rows alike, `expected` the number of rows that an attacker who holds all
    quasi-identifiers would match, `rows` has one line per row: `fk`, `risk`, and SUDA2's `score`, `dis` and `size`.
    """

    table: str
    quasi_identifiers: tuple[str, ...]
    missing: str
    k: int
    expected: float
    special_uniques: int
    rows: pd.DataFrame
    risky: tuple[RiskyRow, ...]
    spread: tuple[Spread, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class DatasetRisk:
    """The risk of a dataset, one entry per table that has quasi-identifiers and rows."""

    least_alike: int
    tables: tuple[TableRisk, ...]


def assess(
    records: Records,
    *,
    least_alike: int = LEAST_ALIKE,
    missing: str = CATEGORY,
    weights: dict[str, pd.Series] | None = None,
) -> DatasetRisk:
    """How far rows of a dataset can be recognised by their quasi-identifiers.

    Which fields are quasi-identifiers and which are sensitive is declared in the data package, as the property
    `disclosure` of a field.  An exact age also counts as its band where only a band is given elsewhere.  A household
    and a person are described by the fields of their own table; a sensitive field of another table belongs to the
    household or person that its rows name.

    Args:
        records: the dataset.
        least_alike: k: fewer rows alike are risky.
        missing: how a missing value counts: `category`, a value of its own, or `any`, as sdcMicro does it.
        weights: table → sampling weight of each of its rows; default: the dataset is all there is.

    Returns:
        The risk, nothing of it a content of a cell.

    >>> import clss_analysis as clss
    >>> found = assess(clss.read("data/publication"))
    >>> [(table.table, table.k) for table in found.tables]
    [('households', 1), ('persons', 1)]
    """
    found = []
    for table in _UNITS:
        names = records.fields_that_are(table, QUASI_IDENTIFIER)
        frame = records.table(table)
        if names and len(frame):
            weight = (weights or {}).get(table)
            found.append(_table_risk(records, table, names, least_alike, missing, weight))
    return DatasetRisk(least_alike, tuple(found))


def _table_risk(
    records: Records, table: str, names: tuple[str, ...], k: int, missing: str, weights: pd.Series | None
) -> TableRisk:
    keys = records.table(table).set_index("id")[list(names)]
    told = [name for name in names if keys[name].notna().any()] or list(names[:1])
    keys = keys[told]
    found = frequencies(keys, missing=missing, weights=weights)
    risk = individual_risk(found, survey=weights is not None)
    special = suda2(keys, missing=missing)
    rows = pd.DataFrame({"fk": found["fk"], "risk": risk, **{name: special[name] for name in ("score", "dis", "size")}})
    return TableRisk(
        table=table,
        quasi_identifiers=tuple(told),
        missing=missing,
        k=int(found["fk"].min()),
        expected=float(risk.sum()),
        special_uniques=int(((special["size"] > 0) & (special["size"] < len(told))).sum()),
        rows=rows,
        risky=_risky(keys, found["fk"], k, missing),
        spread=_spread(records, table, keys),
        steps=suggestions(keys, k, missing=missing),
    )


def _risky(keys: pd.DataFrame, fk: pd.Series, k: int, missing: str) -> tuple[RiskyRow, ...]:
    fewest: dict[int, tuple[str, ...]] = {}
    for fields, rows in minimal_rare(keys, k, missing=missing):
        for place in np.flatnonzero(rows):
            fewest.setdefault(int(place), tuple(str(keys.columns[field]) for field in fields))
    order = np.flatnonzero(fk.to_numpy() < k)
    found = [RiskyRow(str(keys.index[int(place)]), int(fk.iloc[place]), fewest[int(place)]) for place in order]
    return tuple(sorted(found, key=lambda row: (row.alike, len(row.fields), row.row)))


def _spread(records: Records, table: str, keys: pd.DataFrame) -> tuple[Spread, ...]:
    classes = dict(zip(keys.index, together(coded(keys)), strict=True))
    found = []
    for other in ("households", "persons", "residences", "health_impacts"):
        for name in records.fields_that_are(other, SENSITIVE):
            frame = records.table(other)
            unit = "id" if other == table else _UNITS[table]
            if unit not in frame.columns:
                continue
            place = frame[unit].map(classes)
            told = place.notna() & frame[name].notna()
            if not told.any():
                continue
            pairs = pd.DataFrame({"unit": frame[unit], "class": place, "value": frame[name]})[told].drop_duplicates()
            diverse = l_diversity(pairs["class"], pairs["value"])
            far = t_closeness(pairs["class"], pairs["value"])
            distinct, entropy = (float(diverse[measure].min()) for measure in ("distinct", "entropy"))
            found.append(Spread(f"{other}.{name}", distinct, entropy, float(far.max())))
    return tuple(found)
