"""Days, in figures and in words, and births told to the month."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clss_analysis.privacy.identifiers.finding import Finding
from clss_analysis.privacy.identifiers.lists import lists, one_of

MONTH, WEEKDAY = one_of("month"), one_of("weekday")
_DAY = rf"(?:0?[1-9]|[12]\d|3[01])(?: ?(?:er|e|de|ste|st|nd|rd|th))?|{one_of('day-word')}"
_YEAR = (
    r"(?:19|20)\d\d|['’]\d\d|deux[- ]mille(?:[- ]\w+){0,2}|(?:mil|mille|dix)[- ]neuf[- ]cents?(?:[- ]\w+){1,3}"
    r"|(?:soixante|septante|quatre-vingts?|nonante)(?:[- ]\w+){0,2}|negentien ?honderd ?\w+"
    r"|tweeduizend(?:[- ]?\w+)?|\d\d(?!\d| ?(?:€|eur|%|ans|h))"
)
_IN_WORDS = re.compile(
    rf"(?<![\w/])(?:(?:le|ce|du|au|les) )?(?:(?:{WEEKDAY}) )?"
    rf"(?!(?:dix|(?:vingt|trente)(?:[- ]et)?)[ -]sept\b(?!\.? \d{{4}}))"
    rf"(?:{_DAY})[ -](?:of )?(?:{MONTH})(?!\w)"
    rf"(?:(?:[ -]|, )(?P<year>{_YEAR}))?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    rf" (?:(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?|{one_of('day-word')}|(?:thir|four|fif|six|seven|eigh|nine)teen)"
    r"(?P<year>,? (?:19|20)\d\d)?(?!\w)"
)
_IN_FIGURES = re.compile(
    r"(?<![\d/.,-])(?:(?:0?[1-9]|1er|[12]\d|3[01]) ?([/.-]) ?(?:0?[1-9]|1[0-2]) ?\1 ?(?:(?:19|20|')?\d\d)"
    r"|(?:0?[1-9]|[12]\d|3[01])[./ -](?:I{1,3}|IV|VI{0,3}|IX|XI{0,2}|X)[./ -](?:19|20)?\d\d"
    r"|(?:0[1-9]|[12]\d|3[01]) (?:0[1-9]|1[0-2]) (?:19|20)\d\d"
    r"|(?:19|20)\d\d([/.-])(?:0[1-9]|1[0-2])\2(?:0[1-9]|[12]\d|3[01]))(?![\d/-]|[.,]\d)"
)
_SHORT = re.compile(
    rf"\b(?:le|du|au|op|anniv\w*\.?|{WEEKDAY}) (?:0?[1-9]|[12]\d|3[01])[/.]"
    r"(?:0?[1-9]|1[0-2])(?![\w/%]|[.,]\d)",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    rf"\b(?:née?s?|naissance|geboren|accouch\w+)\b[^.;\n]{{0,40}}?\b((?:en |in "
    rf"|de )?(?:{MONTH}) (?:de )?(?:{_YEAR}))",
    re.IGNORECASE,
)


_LAW = re.compile(
    rf"\b(?:{one_of('law')}|[\w-]{{4,}}(?:decreet|wet|besluit))(?: [\w-]+){{0,2}} (?:(?i:du|de|van|of|the) )?$"
)
_LIFE = re.compile(
    rf"\b(?:{one_of('life')}|(?:née?s?|mariée?s?|nee? (?:le|a|à)"
    rf"|(?i:{'|'.join(lists('kinds')['life-stem'])})\w*))(?!\w)"
)
"""What tells of a birth, an age, a death or a marriage, of which a day is somebody's even without its year."""
_YEAR_SAID = re.compile(r"\w{3}|['’]\d\d|\d\d(?:[,;)\n]|\.(?!\d)|$)")


def dates(text: str) -> Iterator[Finding]:
    """Every day with its year, and every birth told to the month, in a text that `plain` has made.

    A day and a month without a year are those of an appointment, a hearing or a term unless a birth, an age,
    a death or a marriage is told of beside it.  The day of a law is nobody's.
    """
    for pattern, rule, confidence in (
        (_IN_WORDS, "day-in-words", 0.9),
        (_MONTH_FIRST, "day-in-words", 0.9),
        (_IN_FIGURES, "day-in-figures", 0.9),
        (_SHORT, "day-and-month", 0.6),
    ):
        for match in pattern.finditer(text):
            before, after = text[: match.start()][-60:], text[match.end() :]
            year = match.groupdict().get("year", "year") if pattern is not _SHORT else None
            near = re.split(r"(?:19|20)\d\d", before)[-1] + re.split(r"[.!?\n]", after[:30], maxsplit=1)[0]
            if not (year and _YEAR_SAID.search(year + after[:2])) and not _LIFE.search(near):
                continue
            if not _LAW.search(before) and not re.match(r" (?:Act|Law)\b", after):
                yield Finding(match.start(), match.end(), "date", confidence, rule)
    for match in _BIRTH.finditer(text):
        yield Finding(match.start(1), match.end(1), "date", 0.8, "birth-month")
