"""Names written without capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clss_analysis.privacy.identifiers.finding import Finding
from clss_analysis.privacy.identifiers.lists import dictionary, word_list
from clss_analysis.privacy.identifiers.model import (
    bears_first_name,
    is_adjective,
    is_rather_name,
    is_small_word,
    is_word_without_accents,
)
from clss_analysis.privacy.identifiers.word import Word, joined, known_french, public_word

_APOSTROPHE = re.compile(r"(?<!\w)(?:[dnm]'|[a-z]\. ?)$")
_CUT = re.compile(r" [a-zA-Z]\.(?= [a-zà-ÿ(]|[,;)]|$)")


def lower_case(text: str, words: tuple[Word, ...], covered: set[int]) -> Iterator[Finding]:
    """Names written without capitals: unknown words after a title, a kinship or a preposition, or two in a row.

    A word that the model meets as a name only needs nothing before it; in Dutch and English, for which there is no
    list of words, it needs a title or a kinship.
    """
    run: list[int] = []
    for n in range(len(words) + 1):
        strange = n < len(words) and n not in covered and not words[n].capital and _strange(words, n, run)
        if strange and (not run or joined(text, words[n - 1], words[n])):
            run.append(n)
            continue
        if run:
            first = words[run[0]]
            before = words[run[0] - 1].low if run[0] else ""
            named = before in (word_list("title") | kin_words(first.lang) | word_list("naming"))
            led = named or (first.lang == "fr" and (before in word_list("before_lower") or first.opens or len(run) > 1))
            if led or any(_is_lower_name(words[each]) for each in run):
                led_by = n - len(run)
                while led_by and words[led_by - 1].low in word_list("particle"):
                    led_by -= 1
                while led_by < run[0] and words[led_by].low in word_list("links"):
                    led_by += 1
                whole = led_by and joined(text, words[led_by - 1], first) and not words[led_by - 1].capital
                led_by -= bool(whole and first.lang == "fr" and words[led_by - 1].low in word_list("name-and-word"))
                start, end = words[led_by].start, words[run[-1]].end
                start = found.start() if (found := _APOSTROPHE.search(text[:start])) else start
                end = cut.end() if (cut := _CUT.match(text, end)) else end
                yield Finding(start, end, "person", 0.7 if named else 0.45, "unknown-lower-case")
        run = [n] if strange else []


def _written_otherwise(word: Word) -> bool:
    """Whether a word in lower case is one of another language, or a French one without its accents."""
    return word.low in dictionary() or (word.lang == "fr" and is_word_without_accents(word.low))


def _is_lower_name(word: Word) -> bool:
    """Whether a word in lower case is met as a name only."""
    return bears_first_name(word.low.title()) or (word.lang == "fr" and is_rather_name(word.low))


def kin_words(lang: str) -> frozenset[str]:
    """Words for kinship in a language."""
    return word_list("kin" if lang == "fr" else f"kin-{lang}")


def _strange(words: tuple[Word, ...], n: int, run: list[int]) -> bool:
    """Whether a word in lower case is no ordinary one; after what announces a name, a short one neither."""
    word, before = words[n], words[n - 1].low if n else ""
    if before in word_list("honorific") and word.low in word_list("surname-and-word"):
        return True
    if word.known or public_word(word) or ("'" in word.text and not word.low.startswith("o'")) or len(word.low) < 2:
        return False
    if before in word_list("naming"):
        told = before == "prénom" and is_adjective(word.low)
        told |= word.low in word_list("given") | word_list("plain") or is_small_word(word.low, word.lang)
        return not told or bears_first_name(word.low.title())
    goes_on = bool(run) and bears_first_name(words[run[-1]].low.title())
    if before not in word_list("title") and not bears_first_name(word.low.title()) and _written_otherwise(word):
        return False
    if word.lang != "fr" and not (goes_on or is_rather_name(word.low) or bears_first_name(word.low.title())):
        return False
    if before not in word_list("title") and (word.low in word_list("nl") or word.low in word_list("en")):
        return bears_first_name(word.low.title())
    long = len(word.low) > 3 or before in word_list("honorific") or bears_first_name(word.low.title())
    return long and not known_french(word)
