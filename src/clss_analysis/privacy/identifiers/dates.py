"""Days, in figures and in words, and births told to the month."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clss_analysis.privacy.identifiers.finding import Finding

_MONTH = (
    "janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre"
    "|janv\\.?|f[ée]vr?\\.?|avr\\.?|juil\\.?|sept?\\.?|oct\\.?|nov\\.?|d[ée]c\\.?"
    "|januari|februari|maart|april|mei|juni|juli|augustus|oktober|december"
    "|january|february|march|may|june|july|august|october"
)
_WEEKDAY = (
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
)
_DAY = (
    r"(?:0?[1-9]|[12]\d|3[01])(?: ?er)?"
    "|premier|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
    "|dix[- ]sept|dix[- ]huit|dix[- ]neuf|vingt(?:[- ](?:et[- ]un|deux|trois|quatre|cinq|six|sept|huit|neuf))?"
    "|trente(?:[- ]et[- ]un)?"
)
_YEAR = r"(?:19|20)\d\d|['’]\d\d|deux[- ]mille(?:[- ]\w+){0,2}|mille neuf cent(?:[- ]\w+){1,3}"
_IN_WORDS = re.compile(
    rf"(?<![\w/])(?:(?:le|ce|du|au|les) )?(?:(?:{_WEEKDAY}) )?(?:{_DAY}) (?:{_MONTH})(?!\w)"
    rf"(?: (?:{_YEAR})| (?:dernier|prochain|passé|de cette année)\b)?",
    re.IGNORECASE,
)
_IN_FIGURES = re.compile(
    r"(?<![\d/.,-])(?:(?:0?[1-9]|[12]\d|3[01]) ?([/.-]) ?(?:0?[1-9]|1[0-2]) ?\1 ?(?:(?:19|20)?\d\d)"
    r"|(?:19|20)\d\d([/.-])(?:0[1-9]|1[0-2])\2(?:0[1-9]|[12]\d|3[01]))(?![\d/-]|[.,]\d)"
)
_SHORT = re.compile(r"\b(?:le|du|au) (?:0?[1-9]|[12]\d|3[01])[/.](?:0?[1-9]|1[0-2])(?![\w/%]|[.,]\d)", re.IGNORECASE)
_BIRTH = re.compile(
    rf"\b(?:n[ée]e?s?|naissance|geboren|accouch\w+)\b[^.;\n]{{0,40}}?\b((?:en |in "
    rf"|de )?(?:{_MONTH}) (?:de )?(?:{_YEAR}))",
    re.IGNORECASE,
)


def dates(text: str) -> Iterator[Finding]:
    """Every day, and every birth told to the month, in a text that `plain` has made."""
    for match in _IN_WORDS.finditer(text):
        yield Finding(match.start(), match.end(), "date", 0.9, "day-in-words")
    for match in _IN_FIGURES.finditer(text):
        yield Finding(match.start(), match.end(), "date", 0.9, "day-in-figures")
    for match in _SHORT.finditer(text):
        yield Finding(match.start(), match.end(), "date", 0.6, "day-and-month")
    for match in _BIRTH.finditer(text):
        yield Finding(match.start(1), match.end(1), "date", 0.8, "birth-month")
