"""Words of a text as the rules of names read them: where they stand, whether they are ordinary or public."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from clss_analysis.privacy.identifiers.known import Span, within
from clss_analysis.privacy.identifiers.lists import bare, dictionary, one_of, openings, word_list
from clss_analysis.privacy.identifiers.model import (
    bears_first_name,
    is_adjective,
    is_infinitive,
    is_listed,
    is_rather_name,
    is_small_word,
    is_surname_too,
    is_verb,
    is_word,
    is_word_without_accents,
)

_WORD = re.compile(
    r"(?<![\w'.])[A-ZÀ-ÖØ-Þ](?:(?:\.-?|-)[A-ZÀ-ÖØ-Þ]){1,2}\.(?!\w)"
    r"|(?<![\d_])[^\W\d_]+(?:['-][^\W\d_]+)*(?!\w)\.?"
)
_ELIDED = re.compile(r"(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quelqu)'", re.IGNORECASE)
_OF_A_PERSON = re.compile(r",? \(?\d{1,2}(?: ?(?:ans?|a|mois|jaar|j|years?|yo?|m)\b|[,)])|,? (?:et|en|and|&) [A-ZÀ-Þ]")
"""What follows a person's name: an age, another name."""
_END = re.compile(r"[.!?:;\n«»\"“”(–•…*|>→=+]\s*$|^\s*$|\s-\s*$|\d\)\s*$")
_FIRM = re.compile(r" (?:asbl|vzw|sprl|srl|bvba|bv|scrl|sa|nv)\b", re.IGNORECASE)
INITIALS = re.compile(r"[A-ZÀ-ÖØ-Þ](?:(?:\.-?|-)[A-ZÀ-ÖØ-Þ])+\.")
_DUTCH = re.compile(rf"\w{{3,}}{one_of('service-end')}(?:en|s)?|\w{{4,}}(?:tions?|ology|ography|ability|eering)")
"""The ends of Dutch names of services and papers, and of English subjects, which no family name has."""
_INNER = re.compile(
    r"^(?!(?:Ma?c|D[eiu]|L[ae]|V[ao]n|Ben|[EA]l|Fitz|Ou?ld|Abd\w*)[A-Z])\w*[a-zà-ÿ][A-Z]|^[A-Z]{2}[a-z]{1,2}$"
)
"""A capital within a word, which acronyms have (RvV, QTc, UiTPAS) and few names."""
_PREFIX = re.compile(r"(?:télé|auto|anti|co|micro|multi|inter|pré|post|re|ré|dé|sous|néo|mono|psycho|socio)(?=\w{5})")


_PUBLIC = ("commune", "country", "people", "body")
_SUBSTANCE = re.compile(rf"\w{{3,}}{one_of('substance-end')}")
"""The ends of the names of medicines' substances."""


@dataclass(frozen=True)
class Word:
    """A word, where it stands, whether it opens a sentence, is a public name's, and the language of its note."""

    start: int
    end: int
    text: str
    opens: bool
    known: bool
    lang: str

    @property
    def low(self) -> str:
        """In lower case, without a point."""
        return self.text.lower().rstrip(".")

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()

    @property
    def shouted(self) -> bool:
        """Whether it is all capitals."""
        return len(self.low) > 1 and self.text.isupper()


def words_of(text: str, lang: str, public: list[Span]) -> Iterator[Word]:
    """The words of a text, without what is elided before them."""
    for match in _WORD.finditer(text):
        start, word = match.start(), match[0]
        if word.endswith(".") and len(word) > 2 and not INITIALS.fullmatch(word):
            word = word if word[:-1].lower() in word_list("short-title") else word[:-1]
        word = word.removesuffix("'s")
        opens = bool(_END.search(text[max(0, start - 6) : start]))
        if (elided := _ELIDED.match(word)) and not _part_of_name(word, elided.end(), opens=opens):
            if len(word) == elided.end():
                continue
            if word[0] in "lL" and word[elided.end()].islower():
                continue  # « l'olivier » is a thing
            start, word = start + elided.end(), word[elided.end() :]
        end = start + len(word)
        yield Word(start, end, word, opens, within(public, start, start + len(word.rstrip("."))), lang)


def _part_of_name(word: str, letter: int, *, opens: bool) -> bool:
    """Whether a capital with an apostrophe belongs to the name after it, as in D'hondt and N'Diaye."""
    rest = word[letter:]
    if not word[0].isupper() or not rest:
        return False
    if (
        len(rest) > 2
        and rest.isupper()
        and (rest.lower() in word_list("body") or is_word_without_accents(rest.lower()))
    ):
        return False
    ordinary = is_listed(rest.lower()) or is_word(rest.lower()) or rest.lower() in ("en", "y", "ex")
    if ordinary and word[0] in "lL":
        return False
    return not ordinary if opens else rest[0].isupper() or not is_word(rest.lower())


def acts(word: Word) -> bool:
    """Whether a word after the first of a sentence is what somebody does: a verb, or a pronoun before one."""
    if word.lang != "fr":
        return word.low in word_list(f"verb-{word.lang}")
    return word.low in word_list("clitic") or is_verb(word.low) or not (word.capital or known_french(word))


def gap(text: str, left: Word, right: Word) -> str:
    """What stands between two words."""
    return text[left.end : right.start]


def joined(text: str, left: Word, right: Word) -> bool:
    """Whether two words may belong to one name."""
    between = gap(text, left, right)
    initial = (between == ". " and len(left.low) == 1) or (between == "" and left.text.endswith("."))
    return between in (" ", "  ") or initial


def telling(word: Word) -> bool:
    """Whether a word has a capital that nothing explains."""
    return (
        word.capital
        and len(word.low) > 1
        and not _INNER.search(word.text)
        and not known_french(word)
        and not public_word(word)
    )


def known_french(word: Word) -> bool:
    """Whether a word is an ordinary one of its language."""
    if bears_first_name(word.text):
        return False
    if is_word(word.low) or is_small_word(word.low, word.lang):
        return True
    if (word.shouted or word.text[0] == "E") and is_word_without_accents(bare(word.low)):
        return True
    if _compound(word.text):
        return True
    if (
        word.capital
        and len(word.low) > (3 if word.opens else 5)
        and (word.low in word_list("nl") or word.low in word_list("en"))
    ):
        return True  # notes pass from one language to another within a sentence
    if is_listed(word.low) and not is_rather_name(word.low) and word.low not in word_list("name-and-word"):
        return True
    if is_dutch(word.low) or _SUBSTANCE.fullmatch(word.low):
        return True
    rare = (word.opens and len(word.low) > 3) or (word.lang != "fr" and (word.shouted or not word.capital))
    if rare and is_rare(word.low):
        return True  # a rare word explains the capital of a sentence, none within it
    prefix = _PREFIX.match(word.low)
    if prefix and is_listed(word.low[prefix.end() :]):
        return True
    return "-" in word.low and all(is_word(part) or is_small_word(part, word.lang) for part in word.low.split("-"))


def _compound(text: str) -> bool:
    """Whether a word with a dash ends in an ordinary one, as « Sibelga-factuur » and « X-ray » do."""
    head, _, tail = text.rpartition("-")
    ordinary = is_word(tail) or is_rare(tail) or is_dutch(tail) or any(tail in word_list(each) for each in ("nl", "en"))
    return bool(head) and tail.islower() and (len(head) == 1 or (len(tail) > 2 and ordinary))


@cache
def is_rare(word: str) -> bool:
    """Whether a word is in the Dutch and English dictionary, or put together of two that are.

    >>> is_rare("stagiair"), is_rare("vervoersbedrijf"), is_rare("diallo")
    (True, True, False)
    """
    words = dictionary() | word_list("nl") if len(word) > 7 else ()
    cuts = ((word[:n], word[n:]) for n in range(4, len(word) - 3)) if words else ()
    return word in dictionary() or any(
        tail in words and tail not in word_list("surname-end") and (head in words or head.removesuffix("s") in words)
        for head, tail in cuts
    )


@cache
def is_dutch(word: str) -> bool:
    """Whether a word is a listed Dutch one with an e, is put together of two, or ends as no family name does.

    >>> is_dutch("grensarbeid"), is_dutch("vriendelijke"), is_dutch("huisman"), is_dutch("peeters")
    (True, True, False, False)
    """
    listed = word_list("nl")
    for n in range(3, len(word) - 2) if len(word) > 6 else ():
        head, tail = word[:n], word[n:]
        known = tail in listed or tail.removesuffix("en") in listed or tail.removesuffix("s") in listed
        if known and tail not in word_list("surname-end") and (head in listed or head.removesuffix("s") in listed):
            return head not in word_list("particle")
    return bool(_DUTCH.fullmatch(word)) or (len(word) > 5 and word.endswith("e") and word[:-1] in listed)


def public_word(word: Word) -> bool:
    """Whether a word is a commune's, a country's, a people's or a public body's."""
    if "-" in word.low and all(any(part in word_list(name) for name in _PUBLIC) for part in word.low.split("-")):
        return True
    head, dash, tail = word.text.partition("-")
    if dash and len(head) > 1 and head.isupper() and tail.islower():
        return True
    return any(word.low in word_list(name) for name in _PUBLIC)


def may_be_surname(text: str, words: tuple[Word, ...], n: int) -> bool:
    """Whether an ordinary word with a capital is met so as often as without one, or does what persons do."""
    word = words[n]
    if word.low in word_list("name-and-word") or bears_first_name(word.text):
        return True
    if is_small_word(word.low, word.lang) or len(word.low) < 2:
        return False
    after = words[n + 1] if n + 1 < len(words) and gap(text, word, words[n + 1]) == " " else None
    does = after is not None and not after.capital and after.low not in word_list("given") and acts(after)
    before = words[n - 1].low if n and gap(text, words[n - 1], word) == " " else ""
    firm = bool(_FIRM.match(text, word.end))
    sure = before in word_list("clause") or (word.opens and is_short_surname(word))
    return firm or is_surname_too(word.low) or (does and sure)


def is_short_surname(word: Word) -> bool:
    """Whether two or three letters with a vowel are hardly a word, such as Li and Ba."""
    short = len(word.low) < 4 and not word.shouted and bool(re.search("[aeiouy]", word.low))
    rare = is_surname_too(word.low) or not is_listed(word.low)
    return short and word.lang == "fr" and rare and word.low not in word_list("given")


def only_told(text: str, words: tuple[Word, ...], chain: tuple[int, ...]) -> bool:
    """Whether capitals after a kinship are ordinary words of it, as in « Mère Épuisée », rather than its name."""
    ordinary = all(
        (known_french(words[n]) if words[n].lang == "fr" else is_small_word(words[n].low, words[n].lang))
        and not may_be_surname(text, words, n)
        for n in chain
    )
    return ordinary and not any(words[n].low in word_list("surname-and-word") for n in chain)


def all_told(text: str, words: tuple[Word, ...], chain: tuple[int, ...]) -> bool:
    """Whether capitals after a title that is a common word say what it is like, as in « Famille Nombreuse »."""
    return only_told(text, words, chain) and all(is_adjective(words[n].low) for n in chain)


def ordinary_opening(text: str, words: tuple[Word, ...], chain: list[int]) -> bool:
    """Whether the capital of the first word is only that of its sentence.

    A word of the language that is a first name too, such as Rose or Grace, is one where a verb or an age follows.
    """
    first = words[chain[0]]
    if INITIALS.fullmatch(first.text) or bears_first_name(first.text):
        return False
    following = " ".join(words[n].text for n in chain[1:4])
    rest = [n for n in chain[1:] if not words[n].known and words[n].capital and len(words[n].text) > 3]
    alone = not rest or bool(re.match(r"(?:de )?(?:La|Le|Les)\b|(?:de|à) la\b", following))
    if public_word(first) or first.low in word_list("given"):
        return not (rest and first.low in word_list("particle"))
    after = words[chain[0] + 1 : chain[0] + 2]
    next_to = after[0] if after and gap(text, first, after[0]) in (" ", " l'", " n'", " s'", " m'") else None
    if first.low in word_list("name-and-word"):
        return alone and not (_OF_A_PERSON.match(text, first.end) or (next_to and acts(next_to)))
    if is_small_word(first.low, first.lang) or (is_infinitive(first.low) and known_french(first)):
        return True
    if next_to and is_short_surname(first) and is_verb(next_to.low):
        return False
    if not alone or known_french(first):
        return alone
    if first.lang != "fr" and first.low in openings():
        return not (_OF_A_PERSON.match(text, first.end) or (next_to and acts(next_to)))
    if first.lang != "fr":
        return not (is_rather_name(first.low) or (next_to and acts(next_to)))
    goes_on = next_to and not next_to.capital and not acts(next_to)
    return bool(goes_on) and is_listed(first.low)


def surname_first(text: str, words: tuple[Word, ...], first: int) -> int:
    """Where a name begins that is told surname first, as in « OKEKE, Chiamaka » and « Van Damme, Rosa »."""
    n = first - 1
    if n < 0 or gap(text, words[n], words[first]) != ", " or not words[n].capital:
        return first
    led = n > 0 and words[n - 1].low in word_list("particle") and joined(text, words[n - 1], words[n])
    if not led and (words[n].known or not telling(words[n]) or not (words[n].shouted or words[n].opens)):
        return first
    while n and words[n - 1].low in word_list("particle") and joined(text, words[n - 1], words[n]):
        n -= 1
    return n
