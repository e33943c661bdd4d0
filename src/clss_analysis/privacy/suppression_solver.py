"""Which counts to withhold so that no small one can be worked out: safe always, cheapest where it can be proven.

A cell of 1 to T − 1 is small and withheld.  Who reads the rest knows every sum, that counts are whole and not
negative, and nothing else of the withheld cells.  What is withheld besides is chosen so that for every small cell
there is a table that agrees with all that is shown and has 1 there or less, and one that has T − 1 or more: what can
be worked out says no more than the rule.  Other withheld cells keep two possible values at least.

Each such table is kept as a witness, in whole numbers, so that safety does not rest on a solver's tolerance.  Costs
are proven by cutting planes (Fischetti and Salazar-González, Management Science 47, 2001): a master problem chooses
cells, linear programs attack the choice, and the dual of an attack that succeeds is a new constraint.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from clss_analysis.privacy.suppression_attack import Attack
from clss_analysis.privacy.suppression_model import CountModel, Mask, Pattern

EXACT_CELLS = 400  # cells of tables up to which a choice is bettered in rounds; of more there is one
ROUNDS, WIDER_EVERY = 24, 6  # rounds of choosing and attacking; of so many the choice of one is built out and tried
HARDEST = 60  # cells attacked first in a large table: those that give most away
MASTER_WORK = 0.3  # seconds of deterministic time for a choice: the same on any machine
_SCALE, _NEAR = 1000, 1e-6  # costs become whole numbers, of a thousandth; floats nearer than that are one number


class UnprotectableError(ValueError):
    """Tables that cannot be protected while the cells that are public stay public."""


def protect(model: CountModel, threshold: int, *, public: Mask | None = None) -> Pattern:
    """Choose what to withhold.

    The same tables give the same choice on every machine: work is limited by counts of steps, never by time.

    Args:
        model: cells and sums.
        threshold: smallest count that may be shown, besides 0.
        public: cells that are known anyway and cannot be withheld.

    Returns:
        A safe choice.

    Raises:
        UnprotectableError: no choice is safe while `public` cells are shown.

    >>> import pandas as pd
    >>> from clss_analysis.privacy.suppression_model import count_model
    >>> model = count_model([pd.Series([2, 7, 30], index=pd.Index(["a", "b", "c"], name="type"))])
    >>> found = protect(model, 5)
    >>> [cell for cell, hidden in zip(model.cells, found.withheld) if hidden], found.proven
    ([(('type', 'a'),), (('type', 'b'),)], True)
    """
    fixed = np.zeros(len(model.counts), dtype=bool) if public is None else public
    small = (model.counts > 0) & (model.counts < threshold)
    if (small & fixed).any():
        raise UnprotectableError("a small count cannot be public")
    if not small.any():
        return Pattern(small, small, 0, 0)
    cost = np.where(small, 0, 1 + model.counts)
    attack = Attack(model, threshold, fixed)
    best = _extended(attack, small, cost)
    best = _pruned(attack, best, small, cost)
    rounds, hardest = (ROUNDS, None) if len(model.counts) <= EXACT_CELLS else (1, HARDEST)
    best, bound = _proven(attack, best, small, cost, rounds, hardest)
    return Pattern(best, small, int(cost[best].sum()), bound)


def _extended(attack: Attack, withheld: Mask, cost: NDArray[np.int64]) -> Mask:
    """Add to a choice, small cell by small cell, the cheapest cells that let it vary as it must."""
    chosen = withheld.copy()
    for need in attack.needs(chosen):
        if attack.holds(need, chosen):
            continue
        witness = attack.cheapest(need, np.where(chosen, 0, cost))
        if witness is None:
            raise UnprotectableError("no choice of cells protects a small count while public counts are shown")
        chosen |= witness != attack.counts
    return chosen


def _pruned(attack: Attack, chosen: Mask, small: Mask, cost: NDArray[np.int64]) -> Mask:
    """Show again, dearest first, what is not needed."""
    kept = chosen.copy()
    order = sorted(np.flatnonzero(chosen & ~small), key=lambda place: (-cost[place], place))
    for place in order[: 4 * EXACT_CELLS]:
        kept[place] = False
        if not attack.safe(kept, quick=len(attack.counts) > EXACT_CELLS):
            kept[place] = True
    return kept


def _proven(
    attack: Attack, best: Mask, small: Mask, cost: NDArray[np.int64], rounds: int, hardest: int | None
) -> tuple[Mask, int]:
    """Cutting planes: the best choice found, and a proven bound.  `hardest` limits the attacks of a round."""
    master = cp_model.CpModel()
    free = [int(place) for place in np.flatnonzero(~small & ~attack.fixed)]
    pick = {place: master.new_bool_var(str(place)) for place in free}
    master.minimize(sum(int(cost[place]) * pick[place] for place in free))
    bound = 0
    for weights, least in _cuts(attack, small, hardest):
        _add(master, pick, weights, least)
    for turn in range(rounds):
        for place in free:
            master.add_hint(pick[place], bool(best[place]))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = MASTER_WORK
        status = solver.solve(master)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            break
        bound = max(bound, int(np.ceil(solver.best_objective_bound - 1e-6)))
        if bound >= int(cost[best].sum()):
            break
        chosen = small.copy()
        chosen[[place for place in free if solver.value(pick[place])]] = True
        if turn == rounds - 1:
            break
        cuts = list(_cuts(attack, chosen, hardest))
        for weights, least in cuts:
            _add(master, pick, weights, least)
        if not cuts or turn % WIDER_EVERY == 0:
            wider = _pruned(attack, _extended(attack, chosen, cost), small, cost)
            if cost[wider].sum() < cost[best].sum():
                best = wider
        master.clear_hints()  # type: ignore[no-untyped-call]  # untyped in ortools
    return best, min(bound, int(cost[best].sum()))


def _cuts(attack: Attack, chosen: Mask, hardest: int | None) -> Iterator[tuple[NDArray[np.float64], float]]:
    """Constraints that the choice violates: weights of cells to be withheld, and their least sum."""
    for need in attack.needs(chosen)[:hardest]:
        if not attack.known(need, chosen) and (cut := attack.dual(need, chosen)) is not None:
            yield cut
        elif hardest is None and not attack.holds(need, chosen):
            yield (~chosen).astype(float), 1.0


def _add(
    master: cp_model.CpModel, pick: dict[int, cp_model.IntVar], weights: NDArray[np.float64], least: float
) -> None:
    """A constraint in whole numbers: weights rounded up and never above the sum, which is rounded down."""
    terms = {place: int(np.ceil(min(weights[place], least) * _SCALE - _NEAR)) for place in pick}
    master.add(sum(w * pick[place] for place, w in terms.items() if w) >= int(np.floor(least * _SCALE + _NEAR)))
