"""Chance for synthetic cohorts: the same on every platform and Python, and for every household its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Draws that rest on `Random.random` alone, the one method whose sequence Python promises to keep.

    >>> Dice("2026/1").between(1, 6) == Dice("2026/1").between(1, 6)
    True
    """

    def __init__(self, seed: str) -> None:
        self._random = Random(seed).random  # noqa: S311  # a cohort, not a secret

    def chance(self, share: float) -> bool:
        """True in `share` of the draws (0 to 1)."""
        return self._random() < share

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included; `low` where `high` is less."""
        return low + int(self._random() * (max(low, high) - low + 1))

    def pick(self, among: Sequence[T]) -> T:
        """One of a sequence."""
        return among[int(self._random() * len(among))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One key, in proportion to its weight."""
        point = self._random() * sum(weights.values())
        for value, weight in weights.items():
            point -= weight
            if point < 0:
                return value
        return list(weights)[-1]

    def some(self, weights: Mapping[T, float], count: int) -> list[T]:
        """At most `count` different keys, in proportion to their weights, in the order of the mapping."""
        left = {value: weight for value, weight in weights.items() if weight > 0}
        drawn: set[T] = set()
        while left and len(drawn) < count:
            value = self.weighted(left)
            drawn.add(value)
            del left[value]
        return [value for value in weights if value in drawn]
