"""The order on the rows with the fewest crossings, proven: clauses over « stands left of », solved by CP-SAT.

Each pair of slots on a row has one truth value.  Rules that must hold (partners side by side, no stranger in a
sibship, the elder left) make many of them equal, which leaves few; the rest is a small weighted satisfiability
problem.  One worker, a fixed seed and a limit in deterministic time: the same answer on every machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from clss_analysis.layout.genogram.family.rules import Couple, Net, NoOrderError, Order, Rows, Weave, interchangeable

FAULT = 1000  # what a stranger between two costs: more than all crossings of a family
CROSSED, INVERTED = 2, 1
"""What a crossing costs, and an elder right of a younger sibling where kinship breaks the order of births anyway."""
EFFORT = 1.5  # deterministic seconds of a proof: nearly all end far earlier
_NEARER = 0.05  # the same, for what is only nearer to the natural order
_CLAUSE, PACE = 7e-6, 0.4
"""Seconds of a processor for each clause that is written down, and for a deterministic second: measured, not asked."""
_TRUE = 1


def ordered(
    weave: Weave,
    natural: Rows,
    *,
    lenient: frozenset[str] = frozenset(),
    most: tuple[int, int] | None = None,
    effort: float = EFFORT,
) -> Order:
    """The best order of every row.

    Args:
        weave: what is to be ordered.
        natural: an order to stay near where nothing else decides; empty where crossings do not count either.
        lenient: persons among whom rules may be broken; a stranger between two counts more than all crossings.
        most: how much (faults, cost of crossings and inversions) is asked for, at most.
        effort: limit of the search in CP-SAT's deterministic time, about seconds.

    Returns:
        The order, with the bound that is proven.

    Raises:
        NoOrderError: the rules contradict each other, or ask for more crossings.
    """
    problem = _Problem(weave, lenient)
    if natural:
        problem.lines()
    try:
        found = problem.solve(natural, effort, most)
    except NoOrderError as none:
        none.work = problem.work
        raise
    return replace(found, work=problem.work)


class _Problem:
    """Variables are positive whole numbers, a negative one is its negation; 1 is true."""

    def __init__(self, weave: Weave, lenient: frozenset[str]) -> None:
        self.weave = weave
        self.lenient = lenient
        self.count = _TRUE
        self.work = 0.0
        self.same: list[int] = [0, _TRUE]
        self.pair: dict[tuple[int, str, str], int] = {}
        self.clauses: set[tuple[int, ...]] = set()
        self.cost: dict[int, int] = defaultdict(int)
        self.betweens: dict[tuple[int, int], int] = {}
        for row, slots in enumerate(weave.slots):
            for a, b in combinations(slots, 2):
                self.pair[row, a, b] = self.new()
        self.rules()
        self.same = [self.root(x) for x in range(len(self.same))]
        self.order()

    def lines(self) -> None:
        """What crossings cost."""
        for row, nets in enumerate(self.weave.nets):
            for one, other in combinations(nets, 2):
                self.crossing(row, one, other)
        self.arches()

    def new(self) -> int:
        self.count += 1
        self.same.append(self.count)
        return self.count

    def root(self, literal: int) -> int:
        sign, at = (1, literal) if literal > 0 else (-1, -literal)
        while abs(self.same[at]) != at:
            sign, at = (sign, self.same[at]) if self.same[at] > 0 else (-sign, -self.same[at])
        return sign * at

    def left(self, row: int, a: str, b: str) -> int:
        """The literal « a stands left of b »."""
        return self.root(self.pair[row, a, b] if a < b else -self.pair[row, b, a])

    def alike(self, one: int, other: int) -> None:
        a, b = self.root(one), self.root(other)
        if a == b:
            return
        if a == -b:
            raise NoOrderError
        if abs(a) < abs(b):
            a, b = b, a
        self.same[abs(a)] = b if a > 0 else -b

    def clause(self, *literals: int) -> None:
        roots = {self.root(x) for x in literals}
        if _TRUE in roots or any(-x in roots for x in roots):
            return
        roots.discard(-_TRUE)
        if not roots:
            raise NoOrderError
        self.clauses.add(tuple(sorted(roots)))

    def unlike_costs(self, one: int, other: int, fault: int) -> None:
        self.clause(-one, other, fault)
        self.clause(one, -other, fault)

    def rules(self) -> None:
        weave = self.weave
        level = {slot: row for (slot, row) in weave.level if slot in weave.partners}
        for leave, people in weave.leaves.items():
            row = level[people[0]]
            if len(people) == 2:
                self.alike(self.left(row, people[0], leave), self.left(row, leave, people[1]))
                continue
            self.alike(self.left(row, people[0], leave), _TRUE)
            for other in weave.slots[row]:
                if other not in (leave, people[0]) and weave.leaves.get(other) != people:
                    self.alike(self.left(row, people[0], other), self.left(row, leave, other))
        for couple in weave.couples:
            a, b = couple.partners
            self.apart((a, b), couple.row, self.others(couple.row, weave.partners[a] | weave.partners[b] | {a, b}))
        for sibship in weave.sibships:
            self.apart(sibship, level[sibship[0]], self.others(level[sibship[0]], weave.welcome(sibship)))
        for one, other in interchangeable(weave):
            for slot in set(weave.slots[level[one]]) - {one, other}:
                self.alike(self.left(level[one], one, slot), self.left(level[one], other, slot))
        for twins in weave.twins:
            own = {*twins, *(p for c in twins for p in weave.partners[c])}
            siblings = {s for c in twins for s in weave.siblings[c]}
            self.apart(twins, level[twins[0]], sorted((siblings - own) & set(weave.slots[level[twins[0]]])))
        for one, other in weave.elder:
            if self.strict((one, other)):
                self.alike(self.left(level[one], one, other), _TRUE)
            else:
                self.cost[-self.left(level[one], one, other)] += INVERTED

    def strict(self, people: tuple[str, ...]) -> bool:
        """Whether a rule about these must hold."""
        return len(self.lenient.intersection(people)) < 2

    def others(self, row: int, welcome: frozenset[str]) -> list[str]:
        """Persons of a row who are strangers to these."""
        return [e for e in self.weave.slots[row] if e in self.weave.partners and e not in welcome]

    def apart(self, people: tuple[str, ...], row: int, others: list[str]) -> None:
        """Nobody of the others stands between these, and so no line of theirs leaves there."""
        strict = self.strict(people)
        if strict:
            near = {*people, *(q for p in people for q in self.weave.partners[p])}
            couples = [(leave, of) for leave, of in self.weave.leaves.items() if set(of) <= set(others) - near]
            others = [*others, *(leave for leave, of in couples if self.strict(of))]
        for other in others:
            if strict:
                for each in people[1:]:
                    self.alike(self.left(row, people[0], other), self.left(row, each, other))
            else:
                fault = self.new()
                self.cost[fault] += FAULT
                for each in people[1:]:
                    self.unlike_costs(self.left(row, people[0], other), self.left(row, each, other), fault)

    def order(self) -> None:
        for row, slots in enumerate(self.weave.slots):
            if len(slots) < 3:
                continue
            left = np.zeros((len(slots), len(slots)), dtype=int)
            for (i, a), (j, b) in combinations(enumerate(slots), 2):
                left[i, j] = self.left(row, a, b)
            i, j, k = np.array(list(combinations(range(len(slots)), 3))).T
            ab, bc, ac = left[i, j], left[j, k], left[i, k]
            open_ = (ac != ab) & (ac != bc)
            triples = np.unique(np.stack((ab, bc, ac), axis=1)[open_], axis=0)
            x, y, z = sizes = np.abs(triples).T
            short = (sizes == _TRUE).any(axis=0) | (x == y) | (y == z) | (x == z)
            for x, y, z in triples[short].tolist():
                self.clause(-x, -y, z)
                self.clause(x, y, -z)
            free = triples[~short] * (-1, -1, 1)
            self.clauses.update(map(tuple, np.sort(np.concatenate((free, -free)), axis=1).tolist()))

    def crossing(self, row: int, one: Net, other: Net) -> None:
        """Cost of the crossings of two nets: how often their ends alternate around the space between the rows."""
        top = self.left(row, one.top, other.top)
        ours, theirs = one.bottoms, other.bottoms
        if len(ours) > len(theirs):
            ours, theirs, top = theirs, ours, -top
        ports = {shared: self.new() for shared in ours if shared in theirs}
        below = row + 1

        def left_end(c: str, d: str) -> int:
            return ports[c] if c == d else self.left(below, c, d)

        lefts = {left_end(c, d) for c in ours for d in theirs}
        if len(lefts) == 1 or len(ours) == 1:
            cross = self.new()
            self.cost[cross] += CROSSED
            for left in lefts:
                self.clause(-top, left, cross)
                self.clause(top, -left, cross)
            return
        between: dict[tuple[str, str, bool], list[int]] = {}
        for c in ours:
            for d in theirs:
                between[c, d, True] = self.among(below, [(o, c, d) for o in ours if o != c], left_end, ahead=True)
                between[c, d, False] = self.among(below, [(o, c, d) for o in ours if o != c], left_end, ahead=False)
        for c in ours:
            cross = self.new()
            self.cost[cross] += CROSSED
            for d in theirs:
                self.clause(-top, left_end(c, d), cross, *between[c, d, True])
                self.clause(top, -left_end(c, d), cross, *between[c, d, False])

    def among(
        self, row: int, triples: list[tuple[str, str, str]], left_end: Callable[[str, str], int], *, ahead: bool
    ) -> list[int]:
        """For each (o, c, d) the literal « o stands between d and c », d being first when `ahead`."""
        found = []
        for o, c, d in triples:
            inside = self.new()
            sign = 1 if ahead else -1
            self.clause(-inside, -sign * left_end(o, d))
            self.clause(-inside, sign * self.left(row, o, c))
            found.append(inside)
        return found

    def between(self, row: int, slot: str, pair: tuple[str, str]) -> int:
        """The literal « the slot stands between these two »."""
        if slot in pair:
            return -_TRUE
        one, other = self.left(row, pair[0], slot), self.left(row, slot, pair[1])
        if one in (other, -other):
            return _TRUE if one == other else -_TRUE
        key = (min(one, other), max(one, other))
        if key not in self.betweens:
            inside = self.betweens[key] = self.new()
            for x, y in ((one, other), (-one, -other)):
                self.clause(-x, -y, inside)
                self.clause(x, -y, -inside)
        return self.betweens[key]

    def costly(self, *literals: int) -> None:
        """A crossing where all of these are true."""
        literals = tuple(self.root(x) for x in literals)
        if -_TRUE not in literals:
            cross = self.new()
            self.cost[cross] += CROSSED
            self.clause(*(-x for x in literals), cross)

    def arches(self) -> None:
        """Couple lines cross passages and what comes down to partners between; two of them see `arching`."""
        weave = self.weave
        for couple in weave.couples:
            for other in weave.slots[couple.row]:
                lines = [other] if other.startswith("~") else weave.arriving.get(other, ())
                count = sum(u != couple.union for u in lines)
                if count:
                    self.cost[self.between(couple.row, other, couple.partners)] += CROSSED * count
        for first, second in combinations(weave.couples, 2):
            if first.row == second.row:
                self.arching(first, second)

    def arching(self, one: Couple, other: Couple) -> None:
        row = one.row
        leave, leaves = f"+{one.union}", f"+{other.union}"
        mine = [self.between(row, p, one.partners) for p in other.partners if p not in one.partners]
        theirs = [self.between(row, p, other.partners) for p in one.partners if p not in other.partners]
        parted, parts = -_TRUE, -_TRUE
        if leave in self.weave.leaves:
            parted = self.between(row, leave, other.partners)
            self.costly(*mine, parted)
        if leaves in self.weave.leaves:
            parts = self.between(row, leaves, one.partners)
            self.costly(*theirs, parts)
        if len(mine) == 2:
            for c, d in (mine, mine[::-1]):
                self.costly(c, -d)
                self.costly(c, -d, parted, parts)

    def solve(self, natural: Rows, effort: float, most: tuple[int, int] | None) -> Order:
        from ortools.sat.python import cp_model

        self.work = _CLAUSE * len(self.clauses)
        model = cp_model.CpModel()
        used = sorted(self._used())
        literal: dict[int, Any] = {v: model.new_bool_var(f"v{v}") for v in used}
        literal |= {-v: said.negated() for v, said in literal.items()}
        for clause in sorted(self.clauses):
            model.add_bool_or([literal[x] for x in clause])
        weights: dict[int, int] = defaultdict(int)
        offset = 0
        for x, weight in self.cost.items():
            at = self.root(x)
            if at == _TRUE:
                offset += weight
            elif at != -_TRUE and abs(at) in literal:
                weights[at] += weight
        terms = sorted(weights.items())
        goal = sum(weight * literal[x] for x, weight in terms)
        wishes = self._wishes(natural)
        for v in used:
            if v in wishes:
                model.add_hint(literal[v], wishes[v] > 0)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = effort
        solver.parameters.linearization_level = 0
        solver.parameters.cp_model_presolve = False
        solver.parameters.symmetry_level = 0
        solver.parameters.optimize_with_core = True
        best, bound = offset, offset
        proven = True
        status = cp_model.OPTIMAL
        if weights:
            model.minimize(goal)
            if most is not None:
                parts = zip(most, divmod(offset, FAULT), *(divmod(weight, FAULT) for _, weight in terms), strict=True)
                for asked, told, *counts in parts:
                    model.add(sum(n * literal[x] for n, (x, _) in zip(counts, terms, strict=True)) <= asked - told)
            status = solver.solve(model)
            self.work += PACE * solver.response_proto.deterministic_time
            if status == cp_model.INFEASIBLE:
                raise NoOrderError
            if status == cp_model.UNKNOWN:
                return Order((), (0, 0), proven=False)
            proven = status == cp_model.OPTIMAL
            best = offset + round(solver.objective_value)
            bound = best if proven else offset + max(0, int(-(-solver.best_objective_bound // 1)))
            values = {v: solver.boolean_value(literal[v]) for v in used}
            model.clear_hints()  # type: ignore[no-untyped-call]  # ortools
            for v in used:
                model.add_hint(literal[v], values[v])
            model.add(goal <= best - offset)
        nearer = sum(abs(w) * literal[-v if w > 0 else v] for v, w in sorted(wishes.items()) if v in literal)
        if wishes:
            model.minimize(nearer)
        if wishes or not weights:
            solver.parameters.optimize_with_core = False
            solver.parameters.max_deterministic_time = _NEARER
            second = solver.solve(model)
            self.work += PACE * solver.response_proto.deterministic_time
            if second == cp_model.INFEASIBLE:
                raise NoOrderError
            if second in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                values = {v: solver.boolean_value(literal[v]) for v in used}
            elif not weights:
                return Order((), (0, 0), proven=False)
        return Order(self._read(values), divmod(bound, FAULT), proven=proven)

    def _used(self) -> Iterator[int]:
        found = {abs(x) for clause in self.clauses for x in clause}
        found |= {abs(self.root(v)) for v in self.pair.values()} | {abs(self.root(x)) for x in self.cost}
        return iter(found - {_TRUE})

    def _wishes(self, natural: Rows) -> dict[int, int]:
        """For each variable how much the natural order wants it true (positive) or false."""
        wishes: dict[int, int] = defaultdict(int)
        for row, slots in enumerate(natural):
            for i, a in enumerate(slots):
                for b in slots[i + 1 :]:
                    at = self.left(row, a, b)
                    if abs(at) != _TRUE:
                        wishes[abs(at)] += 1 if at > 0 else -1
        return {v: w for v, w in wishes.items() if w}

    def _read(self, values: dict[int, bool]) -> Rows:
        def true(x: int) -> bool:
            return x == _TRUE or (x != -_TRUE and values[abs(x)] == (x > 0))

        rows = []
        for row, slots in enumerate(self.weave.slots):
            behind = {s: sum(true(self.left(row, o, s)) for o in slots if o != s) for s in slots}
            rows.append(tuple(sorted(slots, key=lambda s: (behind[s], s))))
        return tuple(rows)
