"""More of the attack: three traits at a time where all pairs of them are shown, and the steps of curves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import combinations, product

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from clss_analysis.measures.competing import cumulative_incidence
from clss_analysis.measures.survival import EVENTS, durations, kaplan_meier
from clss_analysis.records import Records

Cells = npt.NDArray[np.int64]
Small = tuple[int, str]
"""The group (from 1; 0 is all of them) and the name of a small number that can be worked out."""
_TURNS = tuple(product((1, 2), repeat=3))


def ends(goal: npt.NDArray[np.float64], said: Sequence[tuple[Cells, int]], possible: Cells) -> tuple[int, int]:
    """The least and the most that sums of cells leave to a number, in whole numbers.

    Args:
        goal: which cells the number counts.
        said: which cells each sum counts, and what it is.
        possible: 1 for the cells in which a household can stand.
    """
    matrix, values = np.array([each for each, _ in said]), np.array([value for _, value in said])
    low, high = (
        round(sign * milp(sign * goal, constraints=LinearConstraint(matrix, values, values),
                          integrality=np.ones(len(goal)), bounds=Bounds(0, np.where(possible, np.inf, 0))).fun)
        for sign in (1, -1)
    )  # fmt: skip
    return low, high


def steps_of_curves(
    records: Records, edition: int, told: Sequence[str], course: pd.DataFrame, met: Collection[str], *, known: bool
) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """What the curves of one edition tell of those in it who may only be counted.

    Every household stands in one cell: in no curve, or in a step of it, with the event or without, by whether its
    course tells of the event, does not, or is not known.

    Args:
        records: the dataset as this edition has it.
        edition: its number.
        told: the households that are told, which a reader takes off every number.
        course: 0 not known, 1 lacks, 2 has: households by kind of event.
        met: the events of which it is said in how many courses they are.
        known: whether it is said how many courses are known.

    Yields:
        Per event, how many small numbers there are, and those of which a reader can be sure: event and what was asked.
    """
    counted = sorted(set(records.households["id"]) - set(told))
    for event in EVENTS if counted else ():
        curve = kaplan_meier(records, event)
        if curve.attrs["binned"] and len(curve) and not pd.isna(curve.attrs["households"]):
            yield _steps(records, event, curve, (told, counted), course, met=event in met, known=known)
    if counted:
        rival, groups = cumulative_incidence(records), kaplan_meier(records, "rehousing", by="household_type")
        shown = [name for name, each in (("incidence", rival), ("groups", groups)) if not each.attrs["withheld"]]
        yield 2, [(name, f"shown in edition {edition}") for name in shown]


def _steps(
    records: Records, event: str, curve: pd.DataFrame, homes: tuple[Sequence[str], Sequence[str]],
    course: pd.DataFrame, *, met: bool, known: bool,
) -> tuple[int, list[tuple[str, str]]]:  # fmt: skip
    waits, lines = durations(records, event).set_index("household"), len(curve)
    place = np.minimum(np.searchsorted(curve["months"], waits["months"]), lines - 1)
    happened = (waits["happened"] & (waits["months"] <= curve["months"].max())).to_numpy()
    stands = pd.Series(2 + 2 * place - happened, index=waits.index)
    states = course[event] if event in course else pd.Series(1, index=course.index).where(course.any(axis=1), 0)
    size = 3 * (2 * lines + 1)
    of_told, cells = (
        np.bincount(stands.reindex(each).fillna(0).astype(int) * 3 + states[each].to_numpy(), minlength=size)
        for each in (list(homes[0]), list(homes[1]))
    )
    cell = np.arange(size)
    step, state = cell // 3, cell % 3
    published = {0: curve.attrs["unknown"]}
    for line in range(lines):
        published |= {1 + 2 * line: curve["happened"].iloc[line], 2 + 2 * line: curve["censored"].iloc[line]}
    for number, value in published.items():
        if value != (cells + of_told)[step == number].sum():
            raise ArithmeticError(f"the curve of {event} says another number than the rows")
    sums = [step == number for number in published] + [state == 2] * met + [state > 0] * known
    said = [(each.astype(np.int64), int(cells[each].sum())) for each in (cell >= 0, *sums)]
    possible = (step == 0) | (state == 2) | ((state == 1) & ((step % 2 == 0) | (event == "closing")))
    asked = {f"step {n}": step == n for n in published} | {
        "has": state == 2,
        "lacks": state == 1,
        "unknown": state == 0,
    }
    asked |= {f"step {n}, {s}": (step == n) & (state == s) for n in published for s in range(3)}
    threshold, small, found = records.threshold, 0, []
    for name, goal in asked.items():
        if 0 < cells[goal].sum() < threshold:
            small += 1
            low, high = ends(goal.astype(float), said, possible.astype(np.int64))
            found += [(f"curve.{event}", name)] if low > 0 and high < threshold else []
    return small, found


def threes(
    states: npt.NDArray[np.int64], groups: Sequence[npt.NDArray[np.int64]], said: Sequence[npt.NDArray[np.bool_]],
    threshold: int, sums_of: Callable[[tuple[int, int], int], list[Cells]], same_known: npt.NDArray[np.bool_],
) -> tuple[int, list[tuple[tuple[int, int, int], Small]]]:  # fmt: skip
    """Small numbers of households by three traits that the counts by two give away.

    Only where all three pairs are shown: with one of them withheld, a cell of three traits can be as large as one of
    two, and those are none or many.

    Args:
        states: 0 not known, 1 lacks, 2 has: households by traits.
        groups: the rows of each group of households that came into the counts together.
        said: by edition, whether the count of each two traits is shown.
        threshold: below which a number is small.
        sums_of: the sums of nine cells (state of the one by state of the other) that an edition says of two traits.
        same_known: whether two traits are known of the same households.

    Returns:
        How many small numbers were tried, and for three traits the small ones that can be worked out.
    """
    last, found, tried = said[-1], [], 0
    for a, b in zip(*np.nonzero(np.triu(last, 1)), strict=True):
        thirds = np.flatnonzero(last[a] & last[b] & (np.arange(len(last)) > b))
        kinds = (states[:, [a]] * 3 + states[:, [b]]) * 3 + states[:, thirds]
        cells = np.zeros((len(groups) + 1, len(thirds), 27), dtype=np.int64)
        for n, group in enumerate(groups, start=1):
            np.add.at(cells[n], (np.arange(len(thirds)), kinds[group].astype(np.int64)), 1)
        cells[0] = cells[1:].sum(axis=0) if len(groups) > 1 else 0
        small = (cells > 0) & (cells < threshold)
        safe = _safe(cells.reshape(-1, 3, 3, 3), threshold).reshape(cells.shape)
        safe[0] = False  # groups can move apart
        tried += int(small.sum())
        for third in np.flatnonzero((small & ~safe).any(axis=(0, 2))):
            three, mine = (int(a), int(b), int(thirds[third])), cells[1:, third]
            every = _constraints(three, mine, sums_of, len(said))
            possible = np.tile(_possible(three, same_known), len(mine))
            for n, k in zip(*np.nonzero(small[:, third] & ~safe[:, third]), strict=True):
                goal = np.zeros(27)
                goal[k] = 1
                who = np.eye(len(mine))[n - 1] if n else np.ones(len(mine))
                low, high = ends(np.kron(who, goal), every, possible)
                if low > 0 and high < threshold:
                    found.append((three, (int(n), f"cell {k // 9}{k // 3 % 3}{k % 3}")))
    return tried, found


def _safe(cells: Cells, threshold: int) -> npt.NDArray[np.bool_]:
    """Cells that a change which leaves all counts of two traits as they are brings to none, or to enough."""
    safe = np.zeros_like(cells, dtype=bool)
    for turn in _TURNS:

        def at(*moved: int, turn: tuple[int, ...] = turn) -> Cells:
            return np.roll(cells, tuple(-x * y for x, y in zip(moved, turn, strict=True)), axis=(-3, -2, -1))

        less = np.minimum.reduce([at(0, 1, 1), at(1, 0, 1), at(1, 1, 0)])
        more = np.minimum.reduce([at(1, 0, 0), at(0, 1, 0), at(0, 0, 1), at(1, 1, 1)])
        safe |= (less >= cells) | (more >= threshold - cells)
    return safe


def _constraints(
    traits: tuple[int, int, int], cells: Cells, sums_of: Callable[[tuple[int, int], int], list[Cells]], editions: int
) -> list[tuple[Cells, int]]:
    every = []
    for edition in range(editions):
        there = (np.arange(len(cells)) <= edition).astype(np.int64)
        lines = [np.ones((3, 3, 3), dtype=np.int64)]
        for one, other in combinations(range(3), 2):
            third = ({0, 1, 2} - {one, other}).pop()
            lines += [np.broadcast_to(np.expand_dims(nine.reshape(3, 3), third), (3, 3, 3))
                      for nine in sums_of((traits[one], traits[other]), edition)]  # fmt: skip
        every += [(np.kron(there, line.ravel()), int(there @ cells @ line.ravel())) for line in lines]
    return every


def _possible(traits: tuple[int, int, int], same_known: npt.NDArray[np.bool_]) -> Cells:
    kinds = np.array(list(product(range(3), repeat=3)))
    possible = np.ones(27, dtype=bool)
    for one, other in combinations(range(3), 2):
        if same_known[traits[one], traits[other]]:
            possible &= (kinds[:, one] > 0) == (kinds[:, other] > 0)
    return possible.astype(np.int64)
