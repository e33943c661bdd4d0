"""Days, in figures and in words, and births told to the month."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clss_analysis.privacy.identifiers.finding import Finding
from clss_analysis.privacy.identifiers.lists import one_of

MONTH, WEEKDAY = one_of("month"), one_of("weekday")
_DAY = rf"(?:0?[1-9]|[12]\d|3[01])(?: ?(?:er|e|de|ste|st|nd|rd|th))?|{one_of('day-word')}"
_YEAR = (
    r"(?:19|20)\d\d|['’]\d\d|deux[- ]mille(?:[- ]\w+){0,2}|(?:mil|mille|dix)[- ]neuf[- ]cents?(?:[- ]\w+){1,3}"
    r"|(?:soixante|septante|quatre-vingts?|nonante)(?:[- ]\w+){0,2}|negentien ?honderd ?\w+"
    r"|tweeduizend(?:[- ]?\w+)?|\d\d(?! ?(?:€|eur|%|ans|h))"
)
_IN_WORDS = re.compile(
    rf"(?<![\w/])(?:(?:le|ce|du|au|les) )?(?:(?:{WEEKDAY}) )?"
    rf"(?!(?:dix|(?:vingt|trente)(?:[- ]et)?)[ -]sept\b(?!\.? \d{{4}}))"
    rf"(?:{_DAY})[ -](?:of )?(?:{MONTH})(?!\w)"
    rf"(?:(?:[ -]|, )(?:{_YEAR})| (?:dernier|prochain|passé|de cette année)\b)?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    rf" (?:(?:[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?|{one_of('day-word')}|(?:thir|four|fif|six|seven|eigh|nine)teen)"
    r"(?:,? (?:19|20)\d\d)?(?!\w)"
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
    rf"\b(?:n[ée]e?s?|naissance|geboren|accouch\w+)\b[^.;\n]{{0,40}}?\b((?:en |in "
    rf"|de )?(?:{MONTH}) (?:de )?(?:{_YEAR}))",
    re.IGNORECASE,
)


_LAW = re.compile(rf"\b{one_of('law')}(?: [\w-]+){{0,2}} (?:(?i:du|de|van|of) )?$")
_UNTIL = re.compile(
    r"(?:\b(?:start|begin|d[ée]but|commenc)\w*\b[^.;\n]{0,40} (?:le |op |on )?"
    r"|jusqu'|\bavant |[àa] partir |\bd[èe]s |\bd'ici |\btot (?:en met )?|\bvanaf |\buiterlijk |\bplus tard "
    r"|(?:remettre|rendre|payer|fournir|d[ée]poser|renvoyer|introduire|r[ée]sili\w+"
    r"|lib[ée]r\w+|quitt\w+|vider|promi\w+|attendu\w*|pr[êe]te?s?)\b[^.;]{0,20} pour |\buntil |\bby )$",
    re.IGNORECASE,
)
_COLLECTIVE = re.compile(rf"\b{one_of('day-of-all')}(?!\w)", re.IGNORECASE)
_OWN = re.compile(
    r"\b(?:n[ée]e?s?|naissance|anniversaire|geboren|born|accouch\w+|d[ée]c[èée]\w+|mort\w*|mari\w+|Mme|Madame|M\.|Monsieur|Mr|Mevr\w*)(?!\w)|°",
    re.IGNORECASE,
)
_FEAST = re.compile(rf"\b{one_of('feast')}$")
"""The feasts of all, whose day is nobody's own."""
_WITH_YEAR = re.compile(r"(?:19|20)\d\d$|['’/.]\d\d$")


def dates(text: str) -> Iterator[Finding]:
    """Every day, and every birth told to the month, in a text that `plain` has made.

    The day of a law, a day and month until or from which something runs, and those of a meeting, an opening or a
    holiday for all are no day of a person's life.
    """
    for pattern, rule, confidence in (
        (_IN_WORDS, "day-in-words", 0.9),
        (_MONTH_FIRST, "day-in-words", 0.9),
        (_IN_FIGURES, "day-in-figures", 0.9),
        (_SHORT, "day-and-month", 0.6),
    ):
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 40) : match.start()]
            sentence = text[max(text.rfind(end, 0, match.start()) for end in (". ", "\n", "! ", "? ")) + 1 :]
            sentence = re.split(r"[.!?\n] ?(?=[A-ZÀ-Þ]|$)", sentence, maxsplit=1)[0]
            shared = _COLLECTIVE.search(sentence) or _FEAST.search(match[0])
            of_year = pattern is not _SHORT and _WITH_YEAR.search(match[0])
            if shared and not _OWN.search(sentence) and not of_year:
                continue
            if not (_UNTIL.search(before) and not of_year) and not _LAW.search(before):
                yield Finding(match.start(), match.end(), "date", confidence, rule)
    for match in _BIRTH.finditer(text):
        yield Finding(match.start(1), match.end(1), "date", 0.8, "birth-month")
