"""The order of services on the ring: sectors together, institutions together, few crossings, short ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import numpy as np

Block = tuple[str, ...]
Group = tuple[Block, ...]
Pairs = Iterable[tuple[str, str]]
_ROUNDS = 12


def ring_order(groups: Sequence[Group], pairs: Pairs) -> tuple[int, tuple[Group, ...]]:
    """Order groups, blocks in their group and members in their block, around a circle.

    What is lowered is the number of crossings of chords plus the number of members that chords pass on their shorter
    way: barycentres first, then groups, blocks and members are moved as long as it helps.  Nothing is left to chance;
    the first of equal orders stays.

    Args:
        groups: of blocks of members, in the order that counts where nothing else does.
        pairs: members joined by a chord, once each.

    Returns:
        The cost that remains, and the groups in order.

    >>> ring_order(((("a",),), (("b",), ("c",), ("d",))), [("a", "b"), ("a", "d")])
    (4, ((('d',), ('c',), ('b',)), (('a',),)))
    """
    pairs = sorted(pairs)
    cost = _costing(pairs)
    best = tuple(groups)
    least = cost(best)
    tried = best
    for _ in range(_ROUNDS):
        tried = _by_barycentre(tried, pairs)
        if (now := cost(tried)) < least:
            best, least = tried, now
    for _ in range(_ROUNDS):
        before = least
        best, least = _moved(best, cost, least)
        for index, group in enumerate(best):
            if len(group) > 1:
                def inside(blocks: Group, around: tuple[Group, ...] = best, at: int = index) -> int:
                    return cost((*around[:at], blocks, *around[at + 1 :]))

                blocks, least = _swapped(group, inside, least)
                best = (*best[:index], blocks, *best[index + 1 :])
        best = _sifted(best, pairs)
        least = cost(best)
        if least == before:
            break
    return least, best


def flat(groups: Sequence[Group]) -> tuple[str, ...]:
    """All members in order."""
    return tuple(chain.from_iterable(chain.from_iterable(groups)))


def _costing(pairs: list[tuple[str, str]]) -> Callable[[Sequence[Group]], int]:
    def cost(groups: Sequence[Group]) -> int:
        members = flat(groups)
        place = {member: index for index, member in enumerate(members)}
        ends = np.array([sorted((place[a], place[b])) for a, b in pairs], dtype=np.int64).reshape(-1, 2)
        low, high = ends[:, 0], ends[:, 1]
        inside = (low[:, None] < low[None, :]) & (low[None, :] < high[:, None]) & (high[:, None] < high[None, :])
        apart = high - low
        return int(inside.sum() + np.minimum(apart, len(members) - apart).sum())

    return cost


def _by_barycentre(groups: tuple[Group, ...], pairs: list[tuple[str, str]]) -> tuple[Group, ...]:
    """Each level sorted by the mean direction in which its members' partners lie, turned about its own place."""
    members = flat(groups)
    turn = {m: 2 * np.pi * i / len(members) for i, m in enumerate(members)}
    partners: dict[str, list[str]] = {m: [] for m in members}
    for a, b in pairs:
        partners[a].append(b)
        partners[b].append(a)

    def lean(some: Iterable[str]) -> float:
        some = tuple(some)
        own = np.angle(sum(np.exp(1j * turn[m]) for m in some) + 1e-12)
        pulls = [np.angle(np.exp(1j * (turn[p] - own))) for m in some for p in partners[m]]
        return round(float(np.mean(pulls)), 9) if pulls else 0.0

    result = []
    for group in groups:
        base = {m: lean([m]) for block in group for m in block}
        blocks = [tuple(sorted(block, key=lambda m: base[m])) for block in group]
        result.append(tuple(sorted(blocks, key=lambda b: round(float(np.mean([base[m] for m in b])), 9))))
    return tuple(result)


def _moved(
    groups: tuple[Group, ...], cost: Callable[[Sequence[Group]], int], least: int
) -> tuple[tuple[Group, ...], int]:
    """Each group taken out and put in, as it is or reversed, wherever it costs least."""
    for group in sorted(groups):
        rest = tuple(g for g in groups if g != group)
        mirrored = tuple(tuple(reversed(block)) for block in reversed(group))
        for place in range(1 if rest else 0, len(rest) + 1):
            for way in (group, mirrored):
                tried = (*rest[:place], way, *rest[place:])
                if (now := cost(tried)) < least:
                    groups, least = tried, now
    return groups, least


def _swapped(blocks: Group, cost: Callable[[Group], int], least: int) -> tuple[Group, int]:
    """Neighbouring blocks exchanged as long as it helps."""
    helped = True
    while helped:
        helped = False
        for index in range(len(blocks) - 1):
            tried = (*blocks[:index], blocks[index + 1], blocks[index], *blocks[index + 2 :])
            if (now := cost(tried)) < least:
                blocks, least, helped = tried, now, True
    return blocks, least


def _sifted(groups: tuple[Group, ...], pairs: list[tuple[str, str]]) -> tuple[Group, ...]:
    """Each member moved through its block to where it costs least, by what each exchange of neighbours changes."""
    members = list(flat(groups))
    count = len(members)
    place = {m: i for i, m in enumerate(members)}
    partners: dict[str, list[str]] = {m: [] for m in members}
    for a, b in pairs:
        partners[a].append(b)
        partners[b].append(a)

    def change(u: str, v: str) -> int:
        """By how much the cost grows when u, just before v, comes just after it."""
        p = place[u]
        us = sorted((place[x] - p) % count for x in partners[u] if x != v)
        vs = sorted((place[x] - p) % count for x in partners[v] if x != u)
        here, there = np.asarray(us), np.asarray(vs)
        before = len(vs) * len(us) - int(np.searchsorted(there, here, "right").sum()) if us and vs else 0
        after = int(np.searchsorted(there, here, "left").sum()) if us and vs else 0
        gained = after - before
        for distances, step in ((us, -1), (vs, 1)):
            for d in distances:
                old = d if step < 0 else d - 1
                new = old + step
                gained += min(new % count, -new % count) - min(old % count, -old % count)
        return gained

    start = 0
    for block in chain.from_iterable(groups):
        for member in sorted(block):
            if len(block) < 2:
                continue
            first, last = start, start + len(block) - 1
            best, total, goal = 0, 0, place[member]
            while place[member] > first:
                left = members[place[member] - 1]
                total += change(left, member)
                _exchange(members, place, place[member] - 1)
                if total < best:
                    best, goal = total, place[member]
            while place[member] < last:
                right = members[place[member] + 1]
                total += change(member, right)
                _exchange(members, place, place[member])
                if total < best:
                    best, goal = total, place[member]
            while place[member] > goal:
                _exchange(members, place, place[member] - 1)
        start += len(block)
    result, at = [], 0
    for group in groups:
        blocks = []
        for block in group:
            blocks.append(tuple(members[at : at + len(block)]))
            at += len(block)
        result.append(tuple(blocks))
    return tuple(result)


def _exchange(members: list[str], place: dict[str, int], index: int) -> None:
    a, b = members[index], members[index + 1]
    members[index], members[index + 1] = b, a
    place[a], place[b] = index + 1, index
