"""Numbers, months, lists and sentences as French, Dutch and English write them in Brussels."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import cache
from typing import Literal

import pandas as pd
from babel.dates import format_date, format_skeleton, get_month_names
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent, get_decimal_symbol

from clss_analysis.records.vocabulary import message, message_keys
from clss_analysis.records.years import is_year

NARROW = "\u202f"
FIXED = "\u00a0"
LOCALES = {"fr": "fr_BE", "nl": "nl_BE", "en": "en_GB"}
FORMS = ("none", "all", "only")
"""Forms of a sentence with a number beside `one` and `many`: of nothing, of all there are, of the only one."""
_QUOTES = {"fr": (f"«{NARROW}", f"{NARROW}»"), "nl": ("“", "”"), "en": ("“", "”")}


def region(lang: str) -> str:
    """The region whose habits a language follows here, as documents name it.

    >>> region("nl"), region("en")
    ('BE', 'GB')
    """
    return LOCALES[lang].partition("_")[2]


def number(value: float, places: int | None = None, lang: str = "fr") -> str:
    r"""A number in digits, thousands apart, the sign a true minus.

    Args:
        value: the number.
        places: decimals; as many as the number has (three at most) where not given.
        lang: fr, nl or en.

    >>> number(3908), number(3908, lang="nl"), number(-0.25, 2), number(0.25, 1, "en")
    ('3\u202f908', '3.908', '−0,25', '0.2')
    """
    pattern = None if places is None else "#,##0" + ("." + "0" * places if places else "")
    shown = str(format_decimal(value, pattern, locale=LOCALES[lang])).replace(FIXED, NARROW).replace("-", "−")
    return shown.removeprefix("−") if not re.search(r"[1-9]", shown) else shown


def decimal(digits: str, lang: str = "fr") -> str:
    """Digits with a point, written with the language's decimal mark and nothing else changed.

    >>> decimal("0.00021"), decimal("0.00021", "en")
    ('0,00021', '0.00021')
    """
    return digits.replace(".", str(get_decimal_symbol(LOCALES[lang])))


def percent(value: float, lang: str = "fr") -> str:
    r"""A share of a hundred with its sign, two decimals at most.

    >>> percent(37.5), percent(60, "nl")
    ('37,5\u202f%', '60%')
    """
    pattern = "#,##0.##%" if lang != "fr" else f"#,##0.##{FIXED}%"
    return str(format_percent(value / 100, pattern, locale=LOCALES[lang])).replace(FIXED, NARROW)


def month(period: pd.Period, lang: str = "fr") -> str:
    r"""A month in full, held together by a no-break space; a year where that alone is told.

    >>> month(pd.Period("2023-11", freq="M"), "nl")
    'november\xa02023'
    """
    if is_year(period):
        return str(period.year)
    day = datetime.date(period.year, period.month, 1)
    return str(format_skeleton("yMMMM", day, locale=LOCALES[lang])).replace(" ", FIXED)


def day(date: datetime.date, lang: str = "fr") -> str:
    r"""A day in full with its name, as a letter to a council has it; no record is told by the day.

    >>> day(datetime.date(2026, 12, 17)) == "jeudi 17\xa0décembre\xa02026", day(datetime.date(2026, 12, 17), "nl")[:9]
    (True, 'donderdag')
    """
    name = format_date(date, "EEEE", locale=LOCALES[lang])
    return f"{name} {date.day}{FIXED}{month(pd.Period(date, freq='M'), lang)}"


def short_month(period: pd.Period, lang: str = "fr") -> str:
    r"""A month in short, as a figure says it; a year where that alone is told.

    >>> short_month(pd.Period("2023-11", freq="M"))
    'nov.\xa02023'
    """
    if is_year(period):
        return str(period.year)
    return f"{message(f'figure.month.{period.month:02d}', lang)}{FIXED}{period.year}"


def agreed(words: str, gender: str | None) -> str:
    """Words that leave the gender of a person open, as French has them where it is told.

    >>> [agreed("placé·e", gender) for gender in ("woman", "man", "other", None)]
    ['placée', 'placé', 'placé·e', 'placé·e']
    """
    ending = {"woman": "e", "man": ""}.get(gender or "")
    return words if ending is None else words.replace("·e", ending)


def text_of(value: object) -> str:
    """The text of a cell of a table, empty when the cell is unknown.

    >>> text_of(pd.NA), text_of(" préavis")
    ('', 'préavis')
    """
    return "" if value is None or value is pd.NA or value is pd.NaT or value != value else str(value).strip()  # NaN


def in_words(n: int, lang: str = "fr", *, most: int | None = None) -> str:
    """A number as a sentence has it: in words up to sixteen, in digits above.

    Args:
        n: the number.
        lang: fr, nl or en.
        most: the largest number of the same phrase, so that words and digits do not mix in it.

    >>> in_words(4), in_words(4, "nl", most=26), in_words(26, "en")
    ('quatre', '4', '26')
    """
    words = message("number.words", lang).split()
    return words[n - 1] if 0 < n <= max(n, most or 0) <= len(words) else number(n, lang=lang)


def says_number(text: str) -> bool:
    """Whether a text says a number, in signs or in a word of any of the languages; not by an article before a noun.

    >>> [says_number(text) for text in ("sept", "vingt-et-unième", "un ménage", "un ; un", "VII", "½", "Cet été.")]
    [True, True, False, True, True, True, False]
    """
    plain = unicodedata.normalize("NFKC", "".join(each for each in text if unicodedata.category(each) != "Cf"))
    return any(each.isnumeric() for each in text) or _numbers_in_words().search(plain) is not None


@cache
def _numbers_in_words() -> re.Pattern[str]:
    keys = ("number.words", "number.more", "number.round", "number.ordinals")
    words = {word for key in keys for lang in LOCALES for word in message(key, lang).split()}
    words -= {"un", "one", *(message("number.ordinals", lang).split()[0] for lang in LOCALES)}
    told = "|".join(sorted((re.escape(word).replace("_", r"\s") for word in words), key=len, reverse=True))
    roman = r"(?=[IVXLC]{2})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
    return re.compile(rf"\b(?:(?i:{told}|(?:une?|een|one)(?!\s+[^\W\d]))|{roman})\b")


def is_singular(n: float, lang: str = "fr") -> bool:
    """Whether a noun after this number is singular: after 1, in French after anything below 2.

    >>> is_singular(0), is_singular(1.5), is_singular(0, "en")
    (True, True, False)
    """
    return n < 2 if lang == "fr" else n == 1


def ordinal(n: int, lang: str = "fr") -> str:
    """The place of something in a row, in words up to sixteenth, else in digits with their ending.

    >>> ordinal(4), ordinal(2, "nl"), ordinal(21, "en")
    ('quatrième', 'tweede', '21st')
    """
    words = message("number.ordinals", lang).split()
    if 0 < n <= len(words):
        return words[n - 1]
    if lang == "en":
        return f"{n}{'th' if n % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"
    return f"{n}e"


def elided(before: str, word: str, lang: str = "fr") -> str:
    """The text before a word, its last « de » or « que » elided where French asks for it before that word.

    >>> elided("à partir de ", "avril") + "avril", elided("plus de ", "onze") + "onze"
    ('à partir d’avril', 'plus de onze')
    """
    if lang != "fr" or not re.match(r"[aeiouyâàéèêîôœ](?!nz|ui\b)", word, re.IGNORECASE):
        return before
    return re.sub(r"\b([Dd]|(?:[Jj]us|[Ll]ors|[Pp]uis)?[Qq]u)e $", r"\1’", before)


def form_of(n: int, lang: str, known: Collection[str], of: int | None = None) -> str:
    """Which of the forms of a sentence a number takes: `one` or `many`; before them those of `FORMS` that it has.

    >>> form_of(0, "fr", ()), form_of(0, "nl", ()), form_of(1, "fr", ["only"], of=1)
    ('one', 'many', 'only')
    """
    forms = ["one" if is_singular(n, lang) else "many"]
    if n == of and n:
        forms[:0] = ["only", "all"] if n == 1 else ["all"]
    if n == 0:
        forms.insert(0, "none")
    return next(each for each in forms if each in known or each in ("one", "many"))


def counted(key: str, n: int, lang: str = "fr", *, of: int | None = None, **values: object) -> str:
    """A number with its noun, singular or plural as the language has it (French: singular for 0 and 1).

    Args:
        key: stem of the message; `<key>.one` and `<key>.many` hold the two forms.  Where there are such, `<key>.none`
            is said of 0, `<key>.all` of all there are, and `<key>.only` of the only one there is.
        n: the number, the message's place `{n}`, `{words}` in words, and `{long}` in words below a hundred.
        lang: fr, nl or en.
        of: how many there are, its place `{of}`, and `{of_words}`.
        values: further places of the message.

    >>> counted("relevance_tree.count.objective", 1), counted("relevance_tree.count.objective", 1872, "nl")
    ('un objectif', '1.872 doelstellingen')
    >>> counted("telling.ages", 1, of=1), counted("telling.ages", 1, of=3, lang="nl")
    ('L’âge de cette personne n’est pas dit.', 'De leeftijd van een van de drie personen is niet vermeld.')
    """
    form = form_of(n, lang, [each for each in FORMS if f"{key}.{each}" in message_keys()], of)
    most = max(n, of or 0)
    words = {"words": in_words(n, lang, most=most), "long": _spelled(n, lang)}
    words |= {} if of is None else {"of": number(of, lang=lang), "of_words": in_words(of, lang, most=most)}
    return message(f"{key}.{form}", lang, **{"n": number(n, lang=lang), **words, **values})


def month_begun(word: str) -> int | None:
    """The month whose name or short form a word begins, in any of the languages; None where none or two.

    >>> month_begun("janv"), month_begun("mrt"), month_begun("jui")
    (1, 3, None)
    """
    found = {number for name, number in _month_names() if name.startswith(plain(word))}
    return found.pop() if len(found) == 1 else None


@cache
def _month_names() -> list[tuple[str, int]]:
    named = [get_month_names(width, locale=lang) for width in ("wide", "abbreviated") for lang in LOCALES]
    return [(plain(name), int(number)) for names in named for number, name in names.items()]


def plain(text: str) -> str:
    """A title as titles are compared: small letters without accents or signs.

    >>> plain("Né(e) le :")
    'ne e le'
    """
    spread = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(each if each.isalnum() else " " for each in spread if not unicodedata.combining(each))
    return " ".join(bare.split())


def quoted(text: str, lang: str = "fr") -> str:
    r"""A text in the quotation marks of its language; those within it become “ ”, in Dutch and English ‘ ’.

    >>> quoted("un « chez-soi »") == "«\u202fun “chez-soi”\u202f»", quoted("thuis", "nl")
    (True, '“thuis”')
    """
    left, right = _QUOTES[lang]
    opening, closing = ("“", "”") if lang == "fr" else ("‘", "’")
    within = re.sub(r"«[ \u00a0\u202f]*", opening, re.sub(r"[ \u00a0\u202f]*»", closing, text))
    return f"{left}{within}{right}"


def listed(parts: Sequence[str], lang: str = "fr", *, style: Literal["standard", "or"] = "standard") -> str:
    """Parts as a list in a sentence, joined by « et », or by « ou ».

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c"], "en"), listed(["a", "b"], "nl", style="or")
    ('a, b et c', 'a, b and c', 'a of b')
    """
    return str(format_list(list(parts), style, LOCALES[lang])) if parts else ""


def capital(text: str) -> str:
    """The text with its first letter in upper case, the rest as it is.

    >>> capital("éviter l’expulsion de Monsieur"), capital("één huishouden")
    ('Éviter l’expulsion de Monsieur', 'Eén huishouden')
    """
    return f"Eé{text[2:]}" if text.startswith("éé") else text[:1].upper() + text[1:]


_HEAD = re.compile(
    r"(\d{1,2})([ \u00a0\u202f]?%)?( (?:des|sur les|sur|à|van de|tot|of the|of|to) )?(\d{1,2})?(?= (?!\d))"
)
_FEMININE = re.compile(
    r"(?: (?:des?|ces|les|autres?|seules?|jeunes?))* (?:collaboration|famille|personne|femme|mère|situation)s?\b"
)


def _spelled(n: int, lang: str) -> str:
    words = f"{message('number.words', lang)} {message('number.more', lang)}".split()
    return words[n - 1] if 0 < n <= len(words) else number(n, lang=lang)


def opening(text: str, lang: str = "fr") -> str:
    """A sentence with its first letter upper; a number at its head, below a hundred, stands in words.

    So does the number of which it is a part.

    >>> opening("2 des 40 ménages attendent."), opening("60% of them wait.", "en"), opening("118 actions.")
    ('Deux des quarante ménages attendent.', 'Sixty per cent of them wait.', '118 actions.')
    """
    found = _HEAD.match(text)
    if found is None or (found[3] is None) != (found[4] is None):
        return capital(text)
    said = [_spelled(int(digits), lang) if digits and int(digits) else digits for digits in (found[1], found[4])]
    rest = text[found.end() :]
    if lang == "fr" and said[0].endswith("un") and not found[2] and _FEMININE.match(rest):
        said[0] += "e"
    share = f" {message('number.percent', lang)}" if found[2] else ""
    return capital(f"{said[0]}{share}{found[3] or ''}{said[1] or ''}{rest}")


def sentence(text: str) -> str:
    """The text as a sentence: first letter upper, a full stop unless it ends on one of its own, quoted or not.

    >>> sentence("quatre critères sont remplis"), sentence("“Kom!”"), sentence("le cycle “Angst en wonen”")
    ('Quatre critères sont remplis.', '“Kom!”', 'Le cycle “Angst en wonen”.')
    """
    text = capital(text.strip())
    return text if not text or text.rstrip("»”’ \u202f").endswith((".", "!", "?", "…")) else f"{text}."


def spaced(text: str) -> str:
    r"""A French line with narrow no-break spaces before ; : ! ? » % € and after «.

    >>> spaced("Qui : « moi » ?")
    'Qui\u202f: «\u202fmoi\u202f»\u202f?'
    """
    text = re.sub(r"[ \u00a0](?=[;:!?»%€])", NARROW, text)
    return re.sub(r"(?<=«)[ \u00a0]", NARROW, text)


def typeset(text: str, lang: str = "fr") -> str:
    r"""A text on one line with the apostrophes, spaces and quotation marks of its language.

    >>> typeset('Qui ? "Moi", dit-elle : l\'avis.') == "Qui\u202f? «\u202fMoi\u202f», dit-elle\u202f: l’avis."
    True
    >>> typeset('« Wie » : "ik".', "nl")
    '“Wie”: “ik”.'
    """
    text = " ".join(part for part in re.split(r"[ \t\r\n]+", text) if part)
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    left, right = _QUOTES[lang]
    text = re.sub(r'"([^"]*)"', lambda found: f"{left}{found[1]}{right}", text)
    if lang == "fr":
        return spaced(re.sub(r"(?<=[\w)\]’…»])(?=[;!?])", NARROW, text))
    text = re.sub(r"«[ \u00a0\u202f]*", left, text)
    text = re.sub(r"[ \u00a0\u202f]*»", right, text)
    return re.sub(r"[ \u00a0\u202f]+(?=[;:!?])", "", text)
