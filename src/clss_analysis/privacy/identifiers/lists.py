"""The lists of words that the rules read: `words`, `kinds` and `known.csv`, `dictionary` and `openings.txt.gz`."""

from __future__ import annotations

import csv
import gzip
import re
import unicodedata
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


@cache
def one_of(kind: str) -> str:
    """A pattern for the names of one row of `kinds.csv`, in any case, with and without their accents.

    >>> one_of("floor").startswith("(?i:")
    True
    """
    given = lists("kinds")[kind]
    names = sorted({form for name in given for form in (name, bare(name))}, key=lambda name: (-len(name), name))
    return rf"(?i:{'|'.join(map(re.escape, names))})"


def bare(word: str) -> str:
    """A word without its accents.

    >>> bare("Société")
    'Societe'
    """
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


@cache
def dictionary() -> frozenset[str]:
    """Dutch and English words that are no name and no compound of two, in lower case, most of them rare.

    >>> "stagiair" in dictionary(), "sworn" in dictionary(), "peeters" in dictionary()
    (True, True, False)
    """
    return _packed("dictionary")


@cache
def openings() -> frozenset[str]:
    """Dutch and English words that families bear too: they explain a capital where a sentence begins, none within it.

    >>> "poort" in openings(), "glass" in openings(), "stagiair" in openings()
    (True, True, False)
    """
    return _packed("openings")


def _packed(name: str) -> frozenset[str]:
    return frozenset(gzip.decompress(files(__package__).joinpath(f"{name}.txt.gz").read_bytes()).decode().split())
