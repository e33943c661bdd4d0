"""The order of services on the ring: sectors together, institutions together, few crossings, short ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import numpy as np

Block = tuple[str, ...]
Group = tuple[Block, ...]
Pairs = Iterable[tuple[str, str]]
_ROUNDS = 12  # passes at most, each goes on only where the one before lowered the cost


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

    >>> ring_order(((("a",),), (("b", "c", "d", "e"),)), [("a", "c"), ("a", "d")])
    (2, ((('a',),), (('c', 'b', 'e', 'd'),)))
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
        circle = _Circle(best, pairs)
        best = tuple(circle.sifted(group) for group in best)
        if (least := cost(best)) == before:
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


def _partners(members: Iterable[str], pairs: Pairs) -> dict[str, list[str]]:
    """Whom each is tied to."""
    partners: dict[str, list[str]] = {member: [] for member in members}
    for a, b in pairs:
        partners[a].append(b)
        partners[b].append(a)
    return partners


def _by_barycentre(groups: tuple[Group, ...], pairs: list[tuple[str, str]]) -> tuple[Group, ...]:
    """Each level sorted by the mean direction in which its members' partners lie, turned about its own place."""
    members = flat(groups)
    turn = {m: 2 * np.pi * i / len(members) for i, m in enumerate(members)}
    partners = _partners(members, pairs)

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


class _Circle:
    """Members in their places, and what each exchange of neighbours changes."""

    def __init__(self, groups: Sequence[Group], pairs: list[tuple[str, str]]) -> None:
        self.members = list(flat(groups))
        self.place = {m: i for i, m in enumerate(self.members)}
        self.partners = _partners(self.members, pairs)

    def sifted(self, group: Group) -> Group:
        """Blocks of a group, then members of each block, moved to where they cost least."""
        start = self.place[group[0][0]]
        blocks = self._moved(group, start)
        result = []
        for block in blocks:
            singles = self._moved(tuple((member,) for member in block), start)
            result.append(tuple(member for (member,) in singles))
            start += len(block)
        return tuple(result)

    def _moved(self, parts: tuple[Block, ...], start: int) -> tuple[Block, ...]:
        """Parts that stand in a row from a place on, each moved through the row to where the cost is least."""
        row = list(parts)
        for part in sorted(parts):
            at = row.index(part)
            best, total, goal = 0, 0, at
            for step in (*[-1] * at, *[1] * (len(row) - 1)):
                total += self._exchange(row, at if step > 0 else at - 1, start)
                at += step
                if total < best:
                    best, goal = total, at
            while at > goal:
                self._exchange(row, at - 1, start)
                at -= 1
        return tuple(row)

    def _exchange(self, row: list[Block], index: int, start: int) -> int:
        """Exchange a part of the row with the next; by how much the cost grows."""
        first, second = row[index], row[index + 1]
        at = start + sum(len(part) for part in row[:index])
        grown = 0
        for shift in range(len(second)):
            for place in range(at + shift + len(first) - 1, at + shift - 1, -1):
                u, v = self.members[place], self.members[place + 1]
                grown += self._change(u, v)
                self.members[place], self.members[place + 1] = v, u
                self.place[u], self.place[v] = place + 1, place
        row[index], row[index + 1] = second, first
        return grown

    def _change(self, u: str, v: str) -> int:
        """By how much the cost grows when u, just before v, comes just after it."""
        count, p = len(self.members), self.place[u]
        us = [(self.place[x] - p) % count for x in self.partners[u] if x != v]
        vs = [(self.place[x] - p) % count for x in self.partners[v] if x != u]
        grown = sum((x > y) - (y > x) for x in us for y in vs)
        for distance in us:
            grown += min(distance - 1, count - distance + 1) - min(distance, count - distance)
        for distance in vs:
            grown += min(distance, count - distance) - min(distance - 1, count - distance + 1)
        return grown
