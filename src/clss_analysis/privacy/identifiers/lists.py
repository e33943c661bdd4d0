"""The lists of words that the rules read: `words.csv`, `kinds.csv`, `known.csv`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def lists(table: str) -> Mapping[str, tuple[str, ...]]:
    """By their kind, the names of one table: first column and last, parted by `;`, in `words` by blanks.

    >>> lists("kinds")["street-en"][:2]
    ('Street', 'Road')
    """
    lines = files(__package__).joinpath(f"{table}.csv").read_text(encoding="utf-8").splitlines()
    gathered: dict[str, tuple[str, ...]] = {}
    for kind, *_, names in list(csv.reader(lines))[1:]:
        gathered[kind] = (*gathered.get(kind, ()), *names.split(None if table == "words" else ";"))
    return gathered


@cache
def word_list(name: str) -> frozenset[str]:
    """One list of `words.csv`, in lower case."""
    return frozenset(word.lower() for word in lists("words").get(name, ()))
