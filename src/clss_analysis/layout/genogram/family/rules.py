"""What the order on the rows decides: slots, the nets of lines between two rows, and what is counted about an order.

A slot is a person, the passage of a line through a row on which it has no end (its union's id after a tilde), or the
place where the line to a couple's children leaves the couple line (after a plus).  A net is what one union draws
between a row and the next: one end above, one or several below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise

from clss_analysis.layout.genogram.family.persons import Member, Union, elder

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Net:
    """Lines of one union from one row to the next; `top` is the slot where they begin."""

    union: str
    top: str
    bottoms: tuple[str, ...]

    @property
    def couple(self) -> bool:
        """Whether this is the couple line itself, between partners whom kinship keeps off one row."""
        return self.union.startswith("=")


@dataclass(frozen=True, slots=True)
class Couple:
    """Two partners on one row."""

    union: str
    row: int
    partners: tuple[str, str]


@dataclass(frozen=True)
class Weave:
    """Slots by row (unordered), nets by the row above them, couples, sibships by row (eldest first where known).

    `leaves` names the one or two persons from whose symbol or couple line a line to children leaves, by its slot.
    """

    slots: Rows
    nets: tuple[tuple[Net, ...], ...]
    couples: tuple[Couple, ...]
    sibships: tuple[tuple[str, ...], ...]
    elder: tuple[tuple[str, str], ...]
    twins: tuple[tuple[str, ...], ...]
    partners: dict[str, frozenset[str]]
    siblings: dict[str, frozenset[str]]
    leaves: dict[str, tuple[str, ...]]

    @cached_property
    def level(self) -> dict[tuple[str, int], int]:
        """Row by slot; a passage stands on several."""
        return {(slot, row): row for row, slots in enumerate(self.slots) for slot in slots}

    def welcome(self, sibship: Sequence[str]) -> frozenset[str]:
        """Who may stand among these siblings: siblings, half-siblings, and partners of either."""
        kin = {*sibship, *(s for c in sibship for s in self.siblings[c])}
        return frozenset(kin | {p for c in sibship for p in self.partners[c]})

    @cached_property
    def arriving(self) -> dict[str, list[str]]:
        """Unions whose lines come down to a slot."""
        found: dict[str, list[str]] = {slot: [] for row in self.slots for slot in row}
        for nets in self.nets:
            for net in nets:
                for bottom in net.bottoms:
                    found[bottom].append(net.union)
        return found

    @cached_property
    def pair(self) -> dict[str, tuple[str, str]]:
        """Partners on one row, by union."""
        return {couple.union: couple.partners for couple in self.couples}


class NoOrderError(Exception):
    """The rules cannot all hold; `work` as in `Order`."""

    work = 0.0


@dataclass(frozen=True, slots=True)
class Order:
    """Slots of each row from left to right; none has less than `bound` (faults, cost of crossings and inversions).

    `work` is what finding it took, by what was done and not by the clock: about a processor's seconds.
    """

    rows: Rows
    bound: tuple[int, int]
    proven: bool
    work: float = 0.0


def drawn(row: Sequence[str]) -> tuple[str, ...]:
    """The persons and passages of a row, without the places where lines leave."""
    return tuple(slot for slot in row if not slot.startswith("+"))


def weave(members: Mapping[str, Member], unions: tuple[Union, ...], level: Mapping[str, int]) -> Weave:
    """Slots, nets and rules for persons on their rows.

    Args:
        members: everybody.
        unions: all unions among them.
        level: row of each.
    """
    count = max(level.values(), default=-1) + 1
    slots: list[set[str]] = [set() for _ in range(count)]
    for person, row in level.items():
        slots[row].add(person)
    nets: list[list[Net]] = [[] for _ in range(count)]
    couples = []
    partners: dict[str, set[str]] = defaultdict(set)
    siblings: dict[str, set[str]] = defaultdict(set)
    offspring: dict[str, set[str]] = defaultdict(set)
    sibships, elder = set(), set()
    leaves: dict[str, tuple[str, ...]] = {}

    def run(key: str, tops: tuple[str, ...], row: int, ends: Sequence[str]) -> None:
        top = f"+{key}"
        leaves[top] = tops
        slots[row].add(top)
        last = max(level[e] for e in ends)
        for gap in range(row, last):
            here = tuple(sorted(e for e in ends if level[e] == gap + 1))
            onward = f"~{key}"
            bottoms = (*here, onward) if last > gap + 1 else here
            if last > gap + 1:
                slots[gap + 1].add(onward)
            nets[gap].append(Net(key, top, bottoms))
            top = onward

    for union in sorted(unions, key=lambda u: u.id):
        for person in union.parents:
            partners[person].update(set(union.parents) - {person})
            offspring[person].update(union.children)
        rows = sorted({level[p] for p in union.parents})
        lowest = tuple(p for p in union.parents if level[p] == rows[-1])
        if len(rows) == 2:
            upper = next(p for p in union.parents if level[p] == rows[0])
            run(f"={union.id}", (upper,), rows[0], lowest)
        elif len(union.parents) == 2:
            couples.append(Couple(union.id, rows[0], (union.parents[0], union.parents[1])))
        if union.children:
            run(union.id, lowest, rows[-1], union.children)
        for row in sorted({level[c] for c in union.children}):
            here = tuple(c for c in union.children if level[c] == row)
            sibships.add(here)
            elder.update(_elder(here, members))
    for kids in offspring.values():
        for child in kids:
            siblings[child].update(kids - {child})
    return Weave(
        tuple(tuple(sorted(row)) for row in slots),
        tuple(tuple(gap) for gap in nets),
        tuple(couples),
        tuple(sorted(s for s in sibships if len(s) > 1)),
        tuple(sorted(elder)),
        _twins(sibships, elder, members),
        {p: frozenset(partners[p]) for p in sorted(members)},
        {p: frozenset(siblings[p]) for p in sorted(members)},
        leaves,
    )


def _elder(siblings: tuple[str, ...], members: Mapping[str, Member]) -> list[tuple[str, str]]:
    """Pairs of siblings of whom the record says which is the elder."""
    pairs = []
    for one, other in combinations(siblings, 2):
        first = elder(members[one], members[other])
        if first is not None:
            pairs.append((one, other) if first else (other, one))
    return pairs


def _twins(
    sibships: set[tuple[str, ...]], elder: set[tuple[str, str]], members: Mapping[str, Member]
) -> tuple[tuple[str, ...], ...]:
    """Twins of a sibship, unless the record puts a sibling's birth between theirs."""
    found = set()
    for sibship in sibships:
        for group in sorted({members[c].twin_group or "" for c in sibship} - {""}):
            own = tuple(c for c in sibship if members[c].twin_group == group)
            others = set(sibship) - set(own)
            parted = any({(a, e), (e, b)} <= elder for e in others for a in own for b in own)
            if len(own) > 1 and not parted:
                found.add(own)
    return tuple(sorted(found))


def interchangeable(weave: Weave) -> list[tuple[str, str]]:
    """Siblings next to each other by birth of whom no rule tells more than of the other.

    Some best order has them side by side: wherever one of them costs least, the other costs no more.
    """
    bound = {p for those in (*weave.twins, *weave.leaves.values()) for p in those}
    order = {p: ({a for a, b in weave.elder if b == p}, {b for a, b in weave.elder if a == p}) for p in weave.partners}
    plain: dict[str, list[object]] = defaultdict(list)
    for sibship in weave.sibships:
        for child in sibship:
            if child not in bound and not weave.partners[child]:
                plain[child].append(sibship)
    told = {c: (*own, weave.siblings[c] | {c}, *weave.arriving[c]) for c, own in plain.items()}
    found = []
    for sibship in weave.sibships:
        for one, other in pairwise(c for c in sibship if c in told):
            pair = {one, other}
            same = all(mine - pair == theirs - pair for mine, theirs in zip(order[one], order[other], strict=True))
            if same and told[one] == told[other]:
                found.append((one, other))
    return found


def crossed(weave: Weave, rows: Rows) -> list[tuple[str, str]]:
    """Pairs of unions whose lines cross in a drawing of this order, once for each crossing that cannot be avoided."""
    found = [pair for row in range(len(weave.nets)) for pair in crossed_below(weave, rows, row)]
    for row, slots in enumerate(rows):
        at = {slot: i for i, slot in enumerate(slots)}
        here = [c for c in weave.couples if c.row == row]
        spans = {c.union: (min(at[p] for p in c.partners), max(at[p] for p in c.partners)) for c in here}
        for union, (low, high) in spans.items():
            for slot in slots[low + 1 : high]:
                over = [slot.removeprefix("~")] if slot.startswith("~") else weave.arriving.get(slot, ())
                found += [(union, other) for other in over if other != union]
        leave = {union: at.get(f"+{union}", -1) for union in spans}
        for one, other in combinations(spans, 2):
            found += [(one, other)] * arching(spans[one], spans[other], leave[one], leave[other])
    return found


def arching(one: tuple[int, int], other: tuple[int, int], leave: int, leaves: int) -> int:
    """How often two couple lines of a row, with the lines that leave them, must cross.

    Args:
        one: places of two partners, ascending.
        other: places of two more, of whom one may be the same.
        leave: where the line to the children of the first couple leaves.
        leaves: where that of the other does.
    """
    (a, b), (c, d) = one, other
    if (a <= c and d <= b) or (c <= a and b <= d):
        outer, (low, high) = (leave, other) if a <= c and d <= b else (leaves, one)
        return int(low < outer < high)
    if b <= c or d <= a:
        return 0
    return 1 + (max(a, c) < min(leave, leaves) and max(leave, leaves) < min(b, d))


def crossed_below(weave: Weave, rows: Rows, row: int, *, of: str | None = None) -> list[tuple[str, str]]:
    """The crossings between one row and the next: how often the ends of two nets alternate around that space.

    Args:
        weave: what stands on the rows.
        rows: an order of each row.
        row: the upper one.
        of: the union of whose lines alone crossings are told; passages of others may still be missing then.
    """
    if not weave.nets[row]:
        return []
    found: list[tuple[str, str]] = []
    at = {slot: i for i, slot in enumerate(rows[row])}
    under = {slot: i for i, slot in enumerate(rows[row + 1])}
    nets = [n for n in weave.nets[row] if of is None or (n.top in at and set(n.bottoms) <= under.keys())]
    for one, other in combinations(nets, 2):
        if of is None or of in (one.union, other.union):
            turns, _ = meeting(one, other, under, left=at[one.top] < at[other.top])
            found += [(one.union, other.union)] * turns
    return found


def meeting(one: Net, other: Net, under: Mapping[str, int], *, left: bool) -> tuple[int, frozenset[str]]:
    """How often two nets of one space between rows must cross.

    Args:
        one: a net.
        other: another.
        under: places on the lower row.
        left: whether the first begins left of the other.

    Returns:
        Crossings, and the ends that both share at which the first must arrive left of the other for that.
    """
    shared = sorted(set(one.bottoms) & set(other.bottoms))
    best: tuple[int, frozenset[str]] | None = None
    for firsts in (frozenset(c) for n in range(len(shared), -1, -1) for c in combinations(shared, n)):
        merged = sorted(
            [(under[b], b in shared and b not in firsts, 0) for b in one.bottoms]
            + [(under[b], b in firsts, 1) for b in other.bottoms]
        )
        first = 0 if left else 1
        runs = [first, *(side for *_, side in merged), 1 - first]
        turns = sum(a == 1 - first and b == first for a, b in pairwise(runs))
        if best is None or turns < best[0]:
            best = (turns, firsts)
    return best or (0, frozenset())


def strangers(weave: Weave, rows: Rows) -> dict[str, list[tuple[str, ...]]]:
    """Faults of an order by kind: strangers between partners or siblings, an elder right of a younger sibling."""
    place = {slot: (r, i) for r, row in enumerate(rows) for i, slot in enumerate(row) if slot in weave.partners}
    found: dict[str, list[tuple[str, ...]]] = {"couple": [], "sibship": [], "elder": []}
    for couple in weave.couples:
        a, b = couple.partners
        allowed = weave.partners[a] | weave.partners[b] | {a, b}
        found["couple"] += [(a, b, e) for e in _between(rows, place, (a, b)) if e not in allowed]
    for sibship in weave.sibships:
        allowed = weave.welcome(sibship)
        found["sibship"] += [(*sibship, e) for e in _between(rows, place, sibship) if e not in allowed]
    found["elder"] = [pair for pair in weave.elder if place[pair[0]] > place[pair[1]]]
    return found


def _between(rows: Rows, place: Mapping[str, tuple[int, int]], people: Sequence[str]) -> list[str]:
    row = place[people[0]][0]
    along = [place[p][1] for p in people]
    return [slot for slot in rows[row][min(along) : max(along) + 1] if slot in place]
