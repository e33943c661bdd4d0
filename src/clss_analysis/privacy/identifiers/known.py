"""Public names that identify nobody: communes, stations, hospitals, services, shops, medicines, peoples, feasts."""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from clss_analysis.privacy.identifiers.finding import Finding
from clss_analysis.privacy.identifiers.model import bare, is_first_name, word_list

_TOKEN = re.compile(r"[^\W_]+")
_LIVES = re.compile(
    r"\b(?:habit\w+|vi[tv]\w*|log(?:e|ent|eait)|lou(?:e|ent)|dor[mt]\w*|camp(?:e|ent)|donne sur|retrouv\w+"
    r"|tra[iî]n\w+|mendi\w+"
    r"|face [àa]|woont|slaapt|verblijft|lives|sleeps|stays)\b[^.!?\n]*$",
    re.IGNORECASE,
)
_SURE = ("title", "kinship", "naming", "particle", "school", "business", "employer", "initial")
_STOPS = ("station", "quarter")
"""Kinds of public names that many families bear too: Simonis, Lemonnier, Delacroix."""
_ACTS = re.compile(
    r",? (?:est|a|va|dit|vient|veut|doit|peut|ne|n'\w+|s'\w+|me|nous|lui|is|has|was|says|heeft|komt|zegt|wil"
    r"|\d{1,2} (?:ans|jaar|years))\b"
)
"""What a person does, not a stop."""
_DOSED = re.compile(
    r"\b([A-Z][\w-]+)(?: (?:Retard|Forte|Exel|Odis|XR|LP))?,? (?:\d+(?:[.,/]\d+)? ?(?:mg|mcg|µg|ml|g|gr|ui|co"
    r"|cp|cpr|gouttes"
    r"|druppels|comprim\w+|g[ée]lules?|sachets?|x|puffs?)\b|si besoin|le soir|le matin|au coucher|zo nodig"
    r"|'s morgens|'s avonds)"
)
Span = tuple[int, int]


def public_spans(text: str) -> list[Span]:
    """Where a text says a public name of `known.csv`, the longest first at each place, or a medicine with its dose.

    >>> public_spans("Hospitalisée au CHU Saint-Pierre.")
    [(16, 32)]
    """
    tokens = [(match.start(), match.end(), _key(match[0])) for match in _TOKEN.finditer(text)]
    spans: list[Span] = []
    n = 0
    while n < len(tokens):
        size = next(
            (
                len(name)
                for name in _names().get(tokens[n][2], ())
                if tuple(key for *_, key in tokens[n : n + len(name)]) == name
            ),
            0,
        )
        if size and not (size == 1 and _of_a_person(text, *tokens[n])):
            spans.append((tokens[n][0], tokens[n + size - 1][1]))
        n += size or 1
    doses = [match.span(1) for match in _DOSED.finditer(text)]
    return sorted({*spans, *(dose for dose in doses if not within(spans, *dose))}) if doses else spans


def _of_a_person(text: str, start: int, end: int, key: str) -> bool:
    """Whether one public word is rather somebody's name: a first name, or a stop's that acts."""
    return is_first_name(text[start:end]) or ((key,) in _of_kinds(_STOPS) and bool(_ACTS.match(text, end)))


def within(spans: list[Span], start: int, end: int) -> bool:
    """Whether a stretch lies in one of the spans."""
    n = bisect_right(spans, start, key=lambda span: span[0]) - 1
    return n >= 0 and end <= spans[n][1]


def is_public(text: str, found: Finding, spans: list[Span]) -> bool:
    """Whether a finding says nothing but a public name, and perhaps what kind of place it is.

    A public place where somebody lives, sleeps or meets others may still tell who that is.
    """
    if found.kind not in ("person", "place", "workplace") or found.rule in _SURE:
        return False
    if found.rule == "spot" and _LIVES.search(text[: found.start]):
        return False
    told = False
    for match in _TOKEN.finditer(text, found.start, found.end):
        if within(spans, match.start(), match.end()):
            told = True
        elif _key(match[0]) not in word_list("around"):
            return False
    return told


@cache
def _names() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """By its first word, the words of every public name, the longest first."""
    names: dict[str, set[tuple[str, ...]]] = {}
    for words in _of_kinds(()):
        names.setdefault(words[0], set()).add(words)
    return {first: tuple(sorted(group, key=lambda words: (-len(words), words))) for first, group in names.items()}


@cache
def _of_kinds(kinds: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """The words of every public name of some kinds, of all where none is given."""
    table = files(__package__).joinpath("known.csv").read_text(encoding="utf-8").splitlines()
    return frozenset(
        tuple(_key(word) for word in _TOKEN.findall(name))
        for row in csv.DictReader(table)
        if not kinds or row["kind"] in kinds
        for name in row["names"].split(";")
    )


def _key(word: str) -> str:
    """How a word is compared; three capitals are a body's where « Jo » is a person's."""
    return word if word.isupper() and len(word) <= 3 else bare(word.lower().replace("œ", "oe"))
