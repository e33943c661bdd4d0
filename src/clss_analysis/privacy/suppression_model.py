"""What a set of published count tables says together: cells, and the sums that tie them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Cell = tuple[tuple[str, str], ...]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class CountModel:
    """Cells with their counts, and sums: in each, the first cell is the total of the others.

    A cell is the set of traits that it counts, as (dimension, value) pairs; the cell of no trait is the grand total.
    Tables with a dimension in common share cells: what one withholds, another may not show.
    """

    cells: tuple[Cell, ...]
    counts: NDArray[np.int64]
    sums: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Pattern:
    """Which cells are withheld, what that costs, and how far this is known to be the least possible.

    `cost` counts the withheld cells that are not small, weighted by their counts; `bound` is a cost below which no
    safe choice exists; `proven` says that the two are equal.
    """

    withheld: Mask
    small: Mask
    cost: int
    bound: int

    @property
    def proven(self) -> bool:
        """Whether no cheaper choice is safe."""
        return self.cost == self.bound

    @property
    def gap(self) -> float:
        """How much of the cost might be spared, at most: 0 where it is proven to be the least."""
        return 0.0 if self.proven else (self.cost - self.bound) / self.cost


def count_model(tables: Sequence[pd.Series[int]]) -> CountModel:
    """The cells of tables with all their margins.

    Args:
        tables: inner counts of one population, each indexed by its named dimensions (one level each).

    Returns:
        Every cell once, margins included, in a fixed order.

    Raises:
        ValueError: an index without names, a negative count, or two tables that disagree about a cell.

    >>> table = pd.Series([2, 7], index=pd.Index(["oui", "non"], name="critère"))
    >>> model = count_model([table])
    >>> model.counts.tolist(), model.sums
    ([9, 7, 2], ((0, 1, 2),))
    """
    counts: dict[Cell, int] = {}
    parts: dict[tuple[Cell, str], list[Cell]] = {}
    for table in tables:
        names = [str(name) for name in table.index.names]
        if None in table.index.names or len(set(names)) < len(names):
            raise ValueError("every dimension of a table of counts has a name of its own")
        if (table < 0).any():
            raise ValueError("a count is not negative")
        found = _with_margins(table, names)
        for cell, count in found.items():
            if counts.setdefault(cell, count) != count:
                raise ValueError("two tables of one population disagree about a cell that they share")
        for cell in found:
            for trait in cell:
                above = tuple(each for each in cell if each != trait)
                inside = parts.setdefault((above, trait[0]), [])
                if cell not in inside:
                    inside.append(cell)
    cells = tuple(sorted(counts))
    place = {cell: position for position, cell in enumerate(cells)}
    sums = tuple((place[above], *sorted(place[cell] for cell in inside)) for (above, _), inside in parts.items())
    return CountModel(cells, np.array([counts[cell] for cell in cells], dtype=np.int64), sums)


def cell_of(names: Sequence[str], values: Sequence[object]) -> Cell:
    """The cell of the traits `names` = `values`."""
    return tuple(sorted((str(name), str(value)) for name, value in zip(names, values, strict=True)))


def _with_margins(table: pd.Series[int], names: list[str]) -> dict[Cell, int]:
    found: dict[Cell, int] = {(): int(table.sum())}
    for size in range(1, len(names) + 1):
        for kept in combinations(range(len(names)), size):
            levels = [table.index.get_level_values(place) for place in kept]
            margin = table.groupby(levels, sort=True).sum()
            for key, count in margin.items():
                values = key if isinstance(key, tuple) else (key,)
                found[cell_of([names[place] for place in kept], values)] = int(count)
    return found
