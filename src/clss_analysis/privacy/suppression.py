"""The one door of published counts: what is small is withheld, and as much more as keeps it from being worked out.

A drawn bar, the size of a node or a step of a curve is a count too.  What the door states of every count
that it withholds is in `suppression_solver`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

from clss_analysis.privacy.editions import published
from clss_analysis.privacy.gate import clear
from clss_analysis.privacy.ledger import ledger
from clss_analysis.privacy.suppression_model import Pattern, count_model
from clss_analysis.records import Records
from clss_analysis.records.arguments import instance
from clss_analysis.records.descriptor import edition_groups

Counts = TypeVar("Counts", "pd.Series[int]", pd.DataFrame)


def publishable_counts(
    counts: Counts, households: Iterable[str], records: Records, *, threshold: int | None = None
) -> Counts:
    """Withhold the cells of a table of counts that say something of few households.

    Each cell counts the households that have a trait, among all those that the table counts; a household may be in
    several cells.  A cell is withheld where fewer than `threshold` households have the trait, or where fewer than
    that lack it, since the number of all is said beside the table.  Zero, and all, stay: they single nobody out.  For
    a table in which every household stands once, whose cells add up, see `withhold`.

    Where every household counted may be told, nothing is withheld: those are published one by one already.  Where some
    of them may be told, everything is: who reads them subtracts them, and numbers alone do not say what is left.  The
    ledger does (`ledger.Ledger`); every measure goes through it.  Beside an edition that counted some of them (a
    house's own records) everything is too, unless they came into its counts together and stand here as they did then.

    Args:
        counts: numbers of households.
        households: ids of all households that the table counts.
        records: the dataset they come from.
        threshold: smallest number of households that may be shown; default: the dataset's own (5 unless it says
            otherwise).

    Returns:
        A new table of the same shape, `Int64`, `<NA>` where withheld, with `.attrs["withheld"]` (number of cells) and
        `.attrs["threshold"]`.

    Raises:
        NotClearedError: the gate is shut.

    >>> import clss_analysis as clss
    >>> counts = pd.Series([0, 3, 7])
    >>> cohort = clss.records.synthesise(8, 1)
    >>> publishable_counts(counts, cohort.households["id"], cohort).tolist()
    [0, 3, 7]
    """
    instance("counts", counts, (pd.Series, pd.DataFrame), "a series or DataFrame of counts")
    clearance = clear(records)
    least = clearance.threshold if threshold is None else threshold
    counted = set(households)
    numbers = counts.astype("Int64")
    lacking = len(counted) - numbers
    small = (numbers > 0) & ((numbers < least) | ((lacking > 0) & (lacking < least)))
    if clearance.open_to_all(counted):
        small = small & False
    elif not clearance.told.isdisjoint(counted) or _apart(counted, records):
        small = small | True
    result = numbers.mask(small)
    result.attrs = {**counts.attrs, "withheld": int(small.to_numpy().sum()), "threshold": least}
    return result


def withhold(
    tables: Sequence[pd.Series[int]], households: Iterable[str], records: Records, *, threshold: int | None = None
) -> tuple[list[pd.DataFrame], Pattern]:
    """Tables of one population with all their margins, so much of them withheld that no small count can be worked out.

    Every household stands in one cell of each table, so that cells add up to margins; tables that have a dimension
    in common are protected together.

    Args:
        tables: inner counts, each indexed by its named dimensions.
        households: ids of all households that they count.
        records: the dataset they come from.
        threshold: smallest number of households that may be shown; default: the dataset's own.

    Returns:
        For each table its cells and margins in a column `households` (`Int64`, `<NA>` where withheld), one column per
        dimension, `<NA>` for « all »; and the pattern, which says what it cost and whether that is proven least.

    Raises:
        NotClearedError: the gate is shut.
        ValueError: two tables disagree about a margin that they share.

    >>> import clss_analysis as clss
    >>> cohort = clss.records.synthesise(8, 1)
    >>> table = pd.Series([3, 5], index=pd.Index(["oui", "non"], name="relogé"))
    >>> withhold([table], cohort.households["id"], cohort)[0][0]["households"].tolist()
    [8, 5, 3]
    """
    from clss_analysis.privacy.suppression_solver import protect  # with two solvers, for a quarter of a second

    instance("tables", tables, (list, tuple), "a list of series")
    clearance = clear(records)
    least = clearance.threshold if threshold is None else threshold
    model = count_model(tables)
    nothing = np.zeros(len(model.counts), dtype=bool)
    pattern = Pattern(nothing, nothing, 0, 0)
    counted = set(households)
    if not clearance.open_to_all(counted):
        pattern = Pattern(~nothing, ~nothing, 0, 0) if _apart(counted, records) else protect(model, least)
    place = {cell: position for position, cell in enumerate(model.cells)}
    shown = []
    for table in tables:
        names = [str(name) for name in table.index.names]
        rows = [cell for cell in model.cells if {name for name, _ in cell} <= set(names)]
        frame = pd.DataFrame([dict(cell) for cell in rows], columns=names, dtype="string")
        values = [pd.NA if pattern.withheld[place[cell]] else int(model.counts[place[cell]]) for cell in rows]
        frame["households"] = pd.array(values, dtype="Int64")
        frame.attrs = {"withheld": int(frame["households"].isna().sum()), "threshold": least}
        shown.append(frame)
    return shown, pattern


def _apart(households: set[str], records: Records) -> bool:
    """Whether editions keep a table made by hand back: it counts their households otherwise than they did.

    So it does where the rows are those of today, and where some came into the counts apart from others or are in none.
    """
    shown = published(records)
    mine = clear(records).counted & households
    if not mine or not edition_groups(shown.extra):
        return False
    entered = ledger(shown)
    came = entered.came[entered.only_counted.isin(mine)]
    return shown is not records or len(came) < len(mine) or len(set(came)) > 1


__all__ = ["publishable_counts", "withhold"]
