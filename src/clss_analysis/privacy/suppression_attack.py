"""What can be worked out of a table with cells withheld: attacks on it, and the tables that defeat them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp
from ortools.sat.python import cp_model

from clss_analysis.privacy.suppression_model import CountModel, Mask

Counts = NDArray[np.int64]
INTEGER_WORK = 0.2  # seconds of deterministic time for a proof: the same on any machine
_NEAR = 1e-6  # distance at which two sums of floats are one number


class Need(NamedTuple):
    """A small cell that must be able to be at least (`up`) or at most `level`."""

    cell: int
    up: bool
    level: int


class Attack:
    """The sums of a model as linear programs over the changes of its cells, and the witnesses found so far."""

    def __init__(self, model: CountModel, threshold: int, fixed: Mask) -> None:
        self.counts, self.sums, self.fixed = model.counts, model.sums, fixed
        self.threshold = threshold
        self.room = int(self.counts.max(initial=0)) + threshold
        self._witnesses: list[Counts] = []
        self._changed: list[Mask] = []
        small = np.flatnonzero((self.counts > 0) & (self.counts < threshold))
        up = [Need(int(cell), up=True, level=threshold - 1) for cell in small if self.counts[cell] < threshold - 1]
        down = [Need(int(cell), up=False, level=1) for cell in small if self.counts[cell] > 1]
        self._needs = sorted(up + down, key=lambda need: (-abs(need.level - int(self.counts[need.cell])), need))
        self._lp = pywraplp.Solver.CreateSolver("GLOP")
        self._lp.SetSolverSpecificParametersAsString("use_preprocessing: false")
        self._more = [self._lp.NumVar(0, 0, "") for _ in self.counts]
        self._less = [self._lp.NumVar(0, 0, "") for _ in self.counts]
        self._free = np.zeros(len(self.counts), dtype=bool)
        self._weights = np.zeros(len(self.counts))
        self._rows = []
        for total, *parts in self.sums:
            row = self._lp.RowConstraint(0, 0, "")
            for cell, sign in [(total, -1), *((part, 1) for part in parts)]:
                row.SetCoefficient(self._more[cell], sign)
                row.SetCoefficient(self._less[cell], -sign)
            self._rows.append(row)

    def needs(self, chosen: Mask) -> list[Need]:
        """What every choice must allow, the hardest first."""
        return [need for need in self._needs if chosen[need.cell]]

    def safe(self, chosen: Mask, *, quick: bool = False) -> bool:
        """Whether a choice allows all that it must; `quick` asks only the witnesses that are known."""
        return all(self.known(need, chosen) if quick else self.holds(need, chosen) for need in self.needs(chosen))

    def holds(self, need: Need, chosen: Mask) -> bool:
        """Whether there is a table in whole numbers that agrees with what is shown and reaches the level."""
        if self.known(need, chosen):
            return True
        allowed = chosen & ~self.fixed
        witness = self._table(need, np.zeros(len(self.counts)), allowed)
        return witness is not None

    def cheapest(self, need: Need, cost: NDArray[np.int64]) -> Counts | None:
        """A table that reaches the level and differs from the true one in cells of little cost in sum."""
        return self._table(need, cost.astype(float), ~self.fixed)

    def dual(self, need: Need, chosen: Mask) -> tuple[NDArray[np.float64], float] | None:
        """The constraint that this attack gives: weights of the cells to be withheld, and their least sum.

        None where the attack succeeds in whole numbers only, so that its linear program gives no constraint.
        """
        self._bounds(chosen & ~self.fixed)
        sign = 1 if need.up else -1
        objective = self._lp.Objective()
        objective.Clear()
        objective.SetCoefficient(self._more[need.cell], sign)
        objective.SetCoefficient(self._less[need.cell], -sign)
        objective.SetMaximization()
        self._weights = np.zeros(len(self.counts))
        least = abs(need.level - int(self.counts[need.cell]))
        if self._lp.Solve() != pywraplp.Solver.OPTIMAL or objective.Value() > least - _NEAR:
            return None
        price = np.zeros(len(self.counts))
        price[need.cell] = sign
        for row, (total, *parts) in zip(self._rows, self.sums, strict=True):
            value = row.dual_value()
            price[total] += value
            price[parts] -= value
        weights = np.where(price > 0, price * self.room, -price * self.counts)
        return np.where(weights < _NEAR, 0.0, weights), float(least)

    def known(self, need: Need, chosen: Mask) -> bool:
        """Whether a table found before shows that the need holds."""
        for witness, changed in zip(reversed(self._witnesses), reversed(self._changed), strict=True):
            reached = witness[need.cell] >= need.level if need.up else witness[need.cell] <= need.level
            if reached and not (changed & ~chosen).any():
                return True
        return False

    def _bounds(self, allowed: Mask) -> None:
        """Let the cells allowed change and no other; what is so already is not said again."""
        for cell in np.flatnonzero(allowed != self._free):
            self._more[cell].SetBounds(0, self.room if allowed[cell] else 0)
            self._less[cell].SetBounds(0, int(self.counts[cell]) if allowed[cell] else 0)
        self._free = allowed.copy()

    def _minimize(self, weights: NDArray[np.float64]) -> None:
        """Make the weighted sum of all changes the objective; weights that are so already are not said again."""
        objective = self._lp.Objective()
        for cell in np.flatnonzero(weights != self._weights):
            objective.SetCoefficient(self._more[cell], float(weights[cell]))
            objective.SetCoefficient(self._less[cell], float(weights[cell]))
        objective.SetMinimization()
        self._weights = weights

    def _table(self, need: Need, cost: NDArray[np.float64], allowed: Mask) -> Counts | None:
        self._bounds(allowed)
        step = abs(need.level - int(self.counts[need.cell]))
        own, other = (self._more, self._less) if need.up else (self._less, self._more)
        own[need.cell].SetBounds(step, step)
        other[need.cell].SetBounds(0, 0)
        self._minimize((cost + 0.01) / np.maximum(1, np.minimum(self.counts, step)))
        solved = self._lp.Solve() == pywraplp.Solver.OPTIMAL
        change = np.zeros(len(self.counts))
        for cell in np.flatnonzero(allowed) if solved else ():
            change[cell] = self._more[cell].solution_value() - self._less[cell].solution_value()
        self._more[need.cell].SetBounds(0, self.room if allowed[need.cell] else 0)
        self._less[need.cell].SetBounds(0, int(self.counts[need.cell]) if allowed[need.cell] else 0)
        if not solved:
            return None
        whole = np.rint(change).astype(np.int64)
        table: Counts = self.counts + whole
        if np.abs(change - whole).max() > _NEAR or not self._agrees(table):
            near = allowed & ((cost == 0) | (np.abs(change) > _NEAR))
            found = self._whole(need, np.zeros(len(cost)), near, table)
            if found is None and cost.any():
                found = self._whole(need, cost, allowed, table)
            if found is None:
                return None
            table = found
        self._witnesses.append(table)
        self._changed.append(table != self.counts)
        return table

    def _agrees(self, table: Counts) -> bool:
        return bool((table >= 0).all()) and all(table[total] == table[parts].sum() for total, *parts in self.sums)

    def _whole(self, need: Need, cost: NDArray[np.float64], allowed: Mask, hint: Counts) -> Counts | None:
        """The same search in whole numbers, where the linear program ends between them."""
        model = cp_model.CpModel()
        values: dict[int, cp_model.IntVar] = {}
        spent = []
        for cell in np.flatnonzero(allowed):
            count = int(self.counts[cell])
            values[int(cell)] = model.new_int_var(0, count + self.room, "")
            model.add_hint(values[int(cell)], max(0, int(hint[cell])))
            if cost[cell] > 0:
                moved = model.new_bool_var("")
                model.add(values[int(cell)] == count).only_enforce_if(moved.negated())
                spent.append(int(cost[cell]) * moved)
        for total, *parts in self.sums:
            if any(cell in values for cell in (total, *parts)):
                model.add(sum(values.get(cell, int(self.counts[cell])) for cell in parts)
                          == values.get(total, int(self.counts[total])))  # fmt: skip
        goal = values[need.cell]
        model.add(goal >= need.level if need.up else goal <= need.level)
        if spent:
            model.minimize(sum(spent))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = INTEGER_WORK
        solver.parameters.linearization_level = 0
        if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        table = self.counts.copy()
        for place, value in values.items():
            table[place] = solver.value(value)
        return table
