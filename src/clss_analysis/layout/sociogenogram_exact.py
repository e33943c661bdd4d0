"""The order on the rows with the fewest crossings, proven: clauses over « stands left of », solved by CP-SAT.

Each pair of slots on a row has one truth value.  Rules that must hold (partners side by side, no stranger in a
sibship, the elder left) make many of them equal, which leaves few; the rest is a small weighted satisfiability
problem.  One worker, a fixed seed and a limit in deterministic time: the same answer on every machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from clss_analysis.layout.sociogenogram_weave import Net, Rows, Weave

FAULT = 1000
EFFORT = 1.0
_NEARER = 0.05
_TRUE = 1


class NoOrderError(Exception):
    """The rules cannot all hold."""


@dataclass(frozen=True, slots=True)
class Order:
    """Slots of each row from left to right; no order has less than `bound` (faults, crossings)."""

    rows: Rows
    bound: tuple[int, int]
    proven: bool


def ordered(weave: Weave, natural: Rows, *, strict: bool, effort: float = EFFORT) -> Order:
    """The best order of every row.

    Args:
        weave: what is to be ordered.
        natural: an order to stay near where nothing else decides.
        strict: whether all rules must hold; else each breach counts more than all crossings.
        effort: limit of the search in CP-SAT's deterministic time, about seconds.

    Returns:
        The order, with the bound that is proven.

    Raises:
        NoOrderError: strict, and the rules contradict each other.
    """
    problem = _Problem(weave, strict=strict)
    return problem.solve(natural, effort)


class _Problem:
    """Variables are positive whole numbers, a negative one is its negation; 1 is true."""

    def __init__(self, weave: Weave, *, strict: bool) -> None:
        self.weave = weave
        self.strict = strict
        self.count = _TRUE
        self.same: list[int] = [0, _TRUE]
        self.pair: dict[tuple[int, str, str], int] = {}
        self.clauses: set[tuple[int, ...]] = set()
        self.cost: dict[int, int] = defaultdict(int)
        for row, slots in enumerate(weave.slots):
            for a, b in combinations(slots, 2):
                self.pair[row, a, b] = self.new()
        self.rules()
        self.order()
        for row, nets in enumerate(weave.nets):
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
        level = {slot: row for (slot, row) in weave.level if not slot.startswith("~") and not slot.startswith("=")}
        for couple in weave.couples:
            a, b = couple.partners
            allowed = weave.partners[a] | weave.partners[b] | {a, b}
            self.apart((a, b), couple.row, [e for e in weave.slots[couple.row] if e not in allowed])
        for sibship in weave.sibships:
            row, allowed = level[sibship[0]], weave.welcome(sibship)
            self.apart(sibship, row, [e for e in weave.slots[row] if e not in allowed and not e.startswith("~")])
        for twins in weave.twins:
            row = level[twins[0]]
            own = {*twins, *(p for c in twins for p in weave.partners[c])}
            siblings = {s for c in twins for s in weave.siblings[c]}
            self.apart(twins, row, [e for e in weave.slots[row] if e in siblings - own])
        for one, other in weave.elder:
            if self.strict:
                self.alike(self.left(level[one], one, other), _TRUE)
            else:
                self.cost[-self.left(level[one], one, other)] += FAULT

    def apart(self, people: tuple[str, ...], row: int, others: list[str]) -> None:
        """Nobody of the others stands between these."""
        for other in others:
            if self.strict or other.startswith("~"):
                for each in people[1:]:
                    self.alike(self.left(row, people[0], other), self.left(row, each, other))
            else:
                fault = self.new()
                self.cost[fault] += FAULT
                for each in people[1:]:
                    self.unlike_costs(self.left(row, people[0], other), self.left(row, each, other), fault)

    def order(self) -> None:
        for row, slots in enumerate(self.weave.slots):
            for a, b, c in combinations(slots, 3):
                ab, bc, ac = self.left(row, a, b), self.left(row, b, c), self.left(row, a, c)
                if ac not in (ab, bc):
                    self.clause(-ab, -bc, ac)
                    self.clause(ab, bc, -ac)

    def crossing(self, row: int, one: Net, other: Net) -> None:
        """Cost of the crossings of two nets: how often their ends alternate around the space between the rows."""
        top = self.top(row, one, other)
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
            self.cost[cross] += 1
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
            self.cost[cross] += 1
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

    def top(self, row: int, one: Net, other: Net) -> int:
        """The literal « the first net begins left of the second ».

        It compares ends that are not partners of one another: between those who are, the line to children of a long
        couple line may pass.
        """
        partners = self.weave.partners

        def closeness(a: str, b: str) -> tuple[bool, int, str, str]:
            near_a, near_b = partners.get(a, frozenset()), partners.get(b, frozenset())
            return (b in near_a, len(near_a & set(other.tops)) + len(near_b & set(one.tops)), a, b)

        ends = sorted(closeness(a, b) for a in one.tops for b in other.tops if a != b)
        if not ends:
            return self.new()
        shared = set(one.tops) & set(other.tops)
        apart = [e for e in ends if not shared & {e[2], e[3]}] or ends
        return self.left(row, apart[0][2], apart[0][3])

    def arches(self) -> None:
        """A couple line over another partner who stands between crosses the lines that come down to them."""
        weave = self.weave
        for couple in weave.couples:
            a, b = couple.partners
            for other in weave.slots[couple.row]:
                lines = [u for u in weave.arriving[other] if u != couple.union]
                if other in (a, b) or not lines or other.startswith("~"):
                    continue
                over = self.new()
                self.cost[over] += len(lines)
                for x, y in ((a, b), (b, a)):
                    self.clause(-self.left(couple.row, x, other), -self.left(couple.row, other, y), over)

    def solve(self, natural: Rows, effort: float) -> Order:
        from ortools.sat.python import cp_model

        model = cp_model.CpModel()
        used = sorted(self._used())
        literal = {v: model.new_bool_var(f"v{v}") for v in used}

        def said(x: int) -> cp_model.LiteralT:
            return literal[x] if x > 0 else literal[-x].negated()

        for clause in sorted(self.clauses):
            model.add_bool_or([said(x) for x in clause])
        weights: dict[int, int] = defaultdict(int)
        offset = 0
        for x, weight in self.cost.items():
            at = self.root(x)
            if at == _TRUE:
                offset += weight
            elif at != -_TRUE and abs(at) in literal:
                weights[at] += weight
        goal = sum(weight * said(x) for x, weight in sorted(weights.items()))
        wishes = self._wishes(natural)
        for v in used:
            if v in wishes:
                model.add_hint(literal[v], wishes[v] > 0)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = effort
        best, bound = offset, offset
        proven = True
        status = cp_model.OPTIMAL
        if weights:
            model.minimize(goal)
            status = solver.solve(model)
            if status == cp_model.INFEASIBLE:
                raise NoOrderError
            if status == cp_model.UNKNOWN:
                return Order((), (0, 0), proven=False)
            proven = status == cp_model.OPTIMAL
            best = offset + round(solver.objective_value)
            bound = best if proven else offset + max(0, int(-(-solver.best_objective_bound // 1)))
            for v in used:
                solver.value(literal[v])
            values = {v: solver.boolean_value(literal[v]) for v in used}
            model.clear_hints()  # type: ignore[no-untyped-call]  # ortools
            for v in used:
                model.add_hint(literal[v], values[v])
            model.add(goal <= best - offset)
        nearer = sum(
            abs(w) * (literal[v].negated() if w > 0 else literal[v]) for v, w in sorted(wishes.items()) if v in literal
        )
        if wishes:
            model.minimize(nearer)
            solver.parameters.max_deterministic_time = _NEARER
            second = solver.solve(model)
            if second == cp_model.INFEASIBLE:
                raise NoOrderError
            if second in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                values = {v: solver.boolean_value(literal[v]) for v in used}
            elif not weights:
                return Order((), (0, 0), proven=False)
        elif not weights:
            values = {}
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
