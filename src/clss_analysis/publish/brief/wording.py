"""Numbers, months and typography of French, Dutch and English as Brussels writes them."""

from __future__ import annotations

import datetime
import re

import pandas as pd
from babel.dates import format_skeleton
from babel.numbers import format_decimal, format_percent

from clss_analysis.privacy.escape import markdown
from clss_analysis.publish.typography import FIXED, NARROW, french_text
from clss_analysis.records import message

_PLACES = tuple(
    f"brief.place.{name}"
    for name in ("sheet_of", "and_sheet", "case", "note", "criteria", "situation", "tree", "process", "synopsis",
                 "testimonies", "gazette", "section", "chapter", "table", "figure", "annex", "page", "and")
)  # fmt: skip
LOCALES = {"fr": "fr_BE", "nl": "nl_BE", "en": "en_GB"}
_WORDS = {
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "en": "two three four five six seven eight nine ten eleven twelve",
}
_GROUPED = re.compile(r"(?<=\d)[\u202f\u00a0.,](?=\d{3}(?!\d))")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)?")
_QUIET = re.compile(r"(?<=[^\W_])\\[,;:.?%)](?= |$)|(?<=[^\W_])\\[-./,](?=[^\W_])|(?<= )\\\((?=[^\W_])")
_END = re.compile(r"(?<=[.!?…])(?:[\s\u202f]*[»”’])?\s+(?=[A-ZÀ-ÖØ-Þ«“‘0-9])")


def number(value: float, unit: str, lang: str) -> str:
    r"""A number as the language writes it, with its sign where it is a percentage.

    >>> number(3908, "ménages", "fr"), number(3908, "ménages", "nl"), number(60, "%", "nl"), number(4.5, "mois", "fr")
    ('3\u202f908', '3.908', '60%', '4,5')
    """
    if unit == "%":
        shown = str(format_percent(value / 100, "#,##0.##%" if lang != "fr" else None, locale=LOCALES[lang]))
    else:
        shown = str(format_decimal(value, locale=LOCALES[lang]))
    return shown.replace(FIXED, NARROW)


def month(period: pd.Period, lang: str) -> str:
    r"""A month in full.

    >>> month(pd.Period("2023-11", freq="M"), "nl")
    'november\xa02023'
    """
    day = datetime.date(period.year, period.month, 1)
    return str(format_skeleton("yMMMM", day, locale=LOCALES[lang])).replace(" ", FIXED)


def typeset(text: str, lang: str) -> str:
    r"""A text with the spaces and quotation marks of its language.

    >>> typeset('Qui ? "Moi", dit-elle : l\'avis.', "fr") == "Qui\u202f? «\u202fMoi\u202f», dit-elle\u202f: l’avis."
    True
    >>> typeset('« Wie » : "ik".', "nl")
    '‘Wie’: ‘ik’.'
    """
    text = " ".join(part for part in re.split(r"[ \t\r\n]+", text) if part)
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    left, right = {"fr": (f"«{NARROW}", f"{NARROW}»"), "nl": ("‘", "’"), "en": ("“", "”")}[lang]
    text = re.sub(r'"([^"]*)"', lambda found: f"{left}{found[1]}{right}", text)
    if lang == "fr":
        return french_text(re.sub(r"(?<=[\w)\]’…»])(?=[;!?])", NARROW, text))
    text = re.sub(r"«[ \u00a0\u202f]*", left, text)
    text = re.sub(r"[ \u00a0\u202f]*»", right, text)
    return re.sub(r"[ \u00a0\u202f]+(?=[;:!?])", "", text)


def readable(text: str) -> str:
    r"""A text as Markdown that a person can read as it stands: inert, without the backslashes that prevent nothing.

    Within a line a comma, a full stop or a hyphen after a letter begins nothing; in its first word it may.

    >>> print(readable("Nee, het gezin (cas 1) krijgt 3.908 euro."), readable("1. [x](y), niet"))
    Nee\, het gezin (cas 1) krijgt 3.908 euro. 1\. \[x\]\(y\)\, niet
    """
    first, space, rest = markdown(text).partition(" ")
    return first + space + _QUIET.sub(lambda found: found[0][1:], " " + rest)[1:] if space else first


def place(text: str, lang: str) -> str:
    """Where in a French work something stands, in another language; titles between guillemets stay.

    >>> place("III.3.a, fiche du cas 1", "nl"), place("V, « Le cas de la note »", "en")
    ('III.3.a, fiche bij geval 1', 'V, « Le cas de la note »')
    """
    words = {message(key, "fr"): message(key, lang) for key in _PLACES}
    longest_first = "|".join(re.escape(each) for each in sorted(words, key=len, reverse=True))
    found = re.compile(rf"«[^»]*»|(?<!\w)(?:{longest_first})(?!\w)", re.IGNORECASE)
    return re.sub(r"[ \u00a0\u202f]+(?=[;:])", "", found.sub(lambda m: words.get(m[0].lower(), m[0]), text))


def sentences(text: str) -> list[str]:
    """A text cut at the ends of its sentences.

    >>> sentences("Une famille attend. Elle a trois enfants. Le bail court.")
    ['Une famille attend.', 'Elle a trois enfants.', 'Le bail court.']
    """
    return [part.strip() for part in _END.split(text) if part.strip()]


def figures_in(text: str) -> set[str]:
    r"""The numbers written in digits in a text, without the language's spaces and points between thousands.

    >>> sorted(figures_in("3\u202f908 jugements, 4,5 mois, 18–64 ans"))
    ['18', '3908', '4.5', '64']
    """
    return {found.replace(",", ".") for found in _DIGITS.findall(_GROUPED.sub("", text))}


def has_number(text: str, lang: str) -> bool:
    """Whether a text says a number above one, in digits or in a word up to twelve.

    >>> has_number("deux fois au tribunal", "fr"), has_number("une fois", "fr")
    (True, False)
    """
    return bool(figures_in(text)) or not set(_WORDS[lang].split()).isdisjoint(re.findall(r"\w+", text.lower()))
