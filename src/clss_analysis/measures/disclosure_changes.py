"""More of the attack: what became of a code, beside who has it and who is followed to the end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from clss_analysis.measures.changes import DATED, states_at_both
from clss_analysis.measures.counts import CODED
from clss_analysis.measures.disclosure_joint import ends
from clss_analysis.records import Records

Numbers = dict[str, int]
"""What an edition says of a code, by name: of `MOVES`, `has` and `known`."""
MOVES = {"stayed": (0,), "gained": (1,), "lost": (2,), "never": (3,), "unknown": (4,), "held": (0, 1)}
_SHAPE = (5, 3, 2)  # how it stood at both moments; whether it was ever there (not known, no, yes); whether followed
_MOVE, _EVER, _FOLLOWED = (each.ravel() for each in np.indices(_SHAPE))
_LINES = {name: np.isin(_MOVE, places) for name, places in MOVES.items()} | {
    "has": _EVER == 2,
    "known": _EVER > 0,
    "followed": _FOLLOWED == 1,
}
_ONE_BY_ONE = {"change": _MOVE, "ever": _EVER, "followed": _FOLLOWED}
_GOALS = {f"{name} {n}": each == n for name, each in _ONE_BY_ONE.items() for n in range(max(each) + 1)}
_GOALS |= {f"{a}, {b}": _GOALS[a] & _GOALS[b] for a, b in combinations(_GOALS, 2) if a.split()[0] != b.split()[0]}
_GOALS |= {"held": _LINES["held"], "there once": _MOVE < 3}
_GOALS |= {f"cell {n}": np.arange(len(_MOVE)) == n for n in range(len(_MOVE))}


def changes(
    records: Records, homes: Sequence[Sequence[str]], said: Sequence[dict[tuple[str, str], Numbers]], threshold: int
) -> tuple[int, list[list[object]]]:
    """The small numbers of who had a code at two moments that all editions together give away.

    A reader is taken to know how many households are followed to their end, unless these, or the others, are few; and
    to suppose that nobody had a code in between alone, where that is so.

    Args:
        records: the dataset as the last edition has it.
        homes: the households that are told, then each group that came into the counts together.
        said: of each edition, what is said of each code.
        threshold: below which a number is small.

    Returns:
        How many there are, and lines as `attack` gives them.

    Raises:
        ArithmeticError: a measure says another number than the rows.
    """
    every = records.households.set_index("id")[["intake", "closing"]].notna().all(axis=1)
    tried, found = 0, []
    for table in DATED:
        rows = records.table(table)
        known, here = set(rows["household"]), set(zip(rows["household"], rows[CODED[table]], strict=True))
        for code, moves in states_at_both(records, table).items():
            numbers = [each.get((table, str(code)), {}) for each in said]
            if not any(set(MOVES).intersection(each) for each in numbers):
                continue
            ever = pd.Series({home: 2 if (home, code) in here else int(home in known) for home in every.index})
            place = (moves.reindex(every.index) * 3 + ever) * 2 + every
            told, *cells = (np.bincount(place[list(group)], minlength=len(_MOVE)) for group in homes)
            small, out = _worked_out(np.array(cells), told, numbers, threshold, dated=table != "situations")
            tried += small
            found += [[f"before_after.{table}.{code}", f"{table}.{code}", edition, asked] for edition, asked in out]
    return tried, found


def _worked_out(
    cells: npt.NDArray[np.int64], told: npt.NDArray[np.int64], numbers: list[Numbers], threshold: int, *, dated: bool
) -> tuple[int, list[tuple[int, str]]]:
    enough = all(n == 0 or n >= threshold for n in [*(cells @ _LINES["followed"]), *(cells @ ~_LINES["followed"])])
    sums = []
    for edition, mine in enumerate(numbers):
        there = (np.arange(len(cells)) <= edition).astype(np.int64)
        for name, n in mine.items():
            if n != (there @ cells + told) @ _LINES[name]:
                raise ArithmeticError(f"{name}: a comparison says another number than the rows")
        lines = [np.ones(len(_MOVE), dtype=bool), *(_LINES[name] for name in [*mine, *["followed"] * enough])]
        sums += [(np.kron(there, line.astype(np.int64)), int(there @ cells @ line)) for line in lines]
    between = (_MOVE == 3) & (_EVER == 2)
    supposed = _possible(dated=dated) * (~between | bool(cells[:, between].any()))
    possible = np.tile(supposed, len(cells))
    tried, found = 0, []
    for edition, who in enumerate([np.ones(len(cells)), *np.eye(len(cells))] if len(cells) > 1 else [np.ones(1)]):
        for asked, goal in _GOALS.items():
            if 0 < who @ cells @ goal < threshold:
                tried += 1
                low, high = ends(np.kron(who, goal.astype(float)), sums, possible)
                found += [(edition, asked)] if low > 0 and high < threshold else []
    return tried, found


def _possible(*, dated: bool) -> npt.NDArray[np.int64]:
    """The cells in which a household can stand; spells (dated) are known of who is followed to the end alone."""
    once, never, unknown = _MOVE < 3, _MOVE == 3, _MOVE == 4
    told = (once & (_EVER == 2)) | (never & (_EVER > 0))
    left = unknown & ((_FOLLOWED == 0) | (_EVER != 1)) if dated else unknown & (_EVER == 0)
    possible: npt.NDArray[np.int64] = ((told & ((_FOLLOWED == 1) | (not dated))) | left).astype(np.int64)
    return possible
