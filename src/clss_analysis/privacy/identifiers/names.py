"""Names of persons: what titles, kinship, capitals and unknown words give away, beside what the model says.

A capital letter within a sentence on a word that is no French word, no commune and no public body is taken for a
name: few lists of names hold those of Molenbeek, while the list of French words is nearly closed.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from clss_analysis.privacy.identifiers.called import called
from clss_analysis.privacy.identifiers.finding import Finding
from clss_analysis.privacy.identifiers.known import Span
from clss_analysis.privacy.identifiers.lists import word_list
from clss_analysis.privacy.identifiers.lower import kin_words, lower_case
from clss_analysis.privacy.identifiers.model import (
    Entity,
    bears_first_name,
    begins_word,
    is_ordinary,
    is_small_word,
    is_surname_too,
    is_word,
    language_of,
)
from clss_analysis.privacy.identifiers.word import (
    INITIALS,
    Word,
    all_told,
    gap,
    joined,
    may_be_surname,
    only_told,
    ordinary_opening,
    public_word,
    surname_first,
    telling,
    words_of,
)
from clss_analysis.records.vocabulary import LANGUAGES, message

_SENTENCE = re.compile(r"(?:[^.!?:;\n]|[.:](?=\S))*(?:[.!?:;\n]+|$)\s*")
"""Up to the next stop: notes pass from one language to another between two of them."""
_PSEUDONYM = re.compile(r"[A-Z]{1,2}\d{0,3}|[A-Z]\d{1,3}")
_OR = re.compile(r"\((?:ou|of|or|alias|dite?) ([\w' -]{2,30}?) ?\??\)")


_SPACED = re.compile(r"\b(?:M|Mr|Mme|Mlle|Dr|Me)\.? ([A-ZÀ-Þ]\.(?: ?(?:[A-ZÀ-Þ]|[dvl])[a-z]?\.){1,3})")
"""A title and more than one initial: M. V. d. B."""
_APART = re.compile(
    r"(?<!\w)(?:[A-Za-zÀ-Þ](?:[ ._-][a-zà-ÿ]){3,}|[A-ZÀ-Þ](?: [A-ZÀ-Þ]){3,}|[A-ZÀ-Þ](?:[-_][A-ZÀ-Þ]){3,}"
    r"|[A-Za-zÀ-Þ](?: ?\| ?[A-Za-zà-ÿ]){2,})(?![\w'])"
)
"""A word with its letters set apart."""
_OVER_LINES = re.compile(r"\b([A-ZÀ-Þ][a-zà-ÿ]+)(?:[\\-]? ?\n[a-zà-ÿ]+)+\b")
_NO_CASE = re.compile(
    r"[\u0590-\u0fff\u1000-\u109f\u1100-\u139f\u1780-\u18af\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
    r"(?:[ ·・]?[\u0590-\u0fff\u1000-\u109f\u1100-\u139f\u1780-\u18af\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])*"
)
"""Words in letters that have no capitals: Chinese, Arabic, Amharic."""
_INITIAL = re.compile(
    r"(?<![\w.])(?:(?:[A-LN-Z]\.-?){1,2} ?(?:[vV]\.? ?[dD]\.? ?)?"
    r"|(?:Mama|Maman|Papa|Papi|Papy|Mamie|Tonton|Tata|Tantine|Tante|Nonkel|Pépé|Mémé|Pa|Ma|Nonna|Oma|Opa"
    r"|Auntie|Uncle|(?:(?i:le|la|den|de|the) )?(?i:gran[dt]e?|gros(?:se)?|p'?tit|vieux|vieille|big|little|old|young|fat"
    r"|grote|kleine|dikke|lange|ouwe|oude)) )$"
)
"""What belongs to the name after it: an initial, and how the whole street calls someone."""
_MEANT = re.compile(
    r"\b(?i:mots?|termes?|expressions?|verbe|notion|concept|woord\w*|term|words?)\b[^.;\n]{0,20}[«\"“'] ?$"
)
"""What tells of a word rather than of whom it may name."""
_LETTER = re.compile(
    r" [A-Z]\.?(?=[,;)]|$| [a-zà-ÿ])"
    r"|,? (?i:veuve|vve|[ée]pouse|[ée]p\.|n[ée]e|geb\.|wed\.|weduwe|echtg\.) [A-ZÀ-Þ][\w'-]+"
    r"| (?:le|la|den|the) (?!CPAS|OCMW)[A-ZÀ-Þ][a-zà-ÿ]{2,}"
)
"""What belongs to the name before it: the initial of a surname, a name before marriage, what someone is called."""


def names(text: str, found_by_model: Iterable[Entity], public: list[Span], lang: str) -> Iterator[Finding]:
    """Every stretch of a text that `plain` has made that may name a person, place or employer.

    Args:
        text: the text.
        found_by_model: what the model takes for names in it.
        public: where it says a name that identifies nobody.
        lang: its language where its own words do not tell.
    """
    yield from (Finding(found.start(1), found.end(1), "person", 0.8, "initial") for found in _SPACED.finditer(text))
    yield from called(text, public)
    yield from (Finding(*found.span(), "person", 0.5, "other-letters") for found in _NO_CASE.finditer(text))
    for found in (*_APART.finditer(text), *_OVER_LINES.finditer(text)):
        letters = re.sub(r"[\W_]", "", found[0])
        ordinary = is_word(letters.lower()) or "".join(sorted(letters)) == letters
        if bears_first_name(letters.title()) or (not found.lastindex and not ordinary):
            yield Finding(*found.span(), "person", 0.6, "apart")
    persons = [] if _names_nobody(text) else list(_names(text, found_by_model, public, lang))
    yield from _again(text, persons)
    for each in persons:
        if _MEANT.search(text, 0, each.start):
            continue
        letter = _LETTER.match(text, each.end) if each.kind == "person" else None
        before = _INITIAL.search(text[: each.start]) if each.kind == "person" else None
        yield replace(each, start=before.start() if before else each.start, end=letter.end() if letter else each.end)
        if other := _OR.match(text, each.end + 1):
            yield replace(each, start=other.start(1), end=other.end(1))


def _again(text: str, persons: Iterable[Finding]) -> Iterator[Finding]:
    """A word that is somebody's at one place of a text is so at every other, where it has a capital."""
    low = text.lower()
    told = {word for each in persons for word in re.findall(r"[A-ZÀ-Þ][^\W\d_]{2,}", text[each.start : each.end])}
    for word in sorted(told):
        if low.count(word.lower()) > 1 and not is_word(word.lower()) and word.lower() not in word_list("particle"):
            for match in re.finditer(
                rf"(?<!\w)(?-i:[A-ZÀ-Þ])(?<={word[0]}){re.escape(word[1:])}(?!\w)", text, re.IGNORECASE
            ):
                yield Finding(*match.span(), "person", 0.5, "again")


_ODD = re.compile(r"[^\W\d_a-zà-öø-ÿœ]|[^\W\d_][\d_]|[\d_][^\W\d_]")
"""Capitals, letters of other scripts, and letters beside a digit."""


def _names_nobody(text: str) -> bool:
    """Whether a text is one of ordinary words, the first of which alone has a capital, and nothing announces a name."""
    first, *others = re.findall(r"[^\W\d_]+", text.lower()) or [""]
    announced = word_list("naming").isdisjoint(others) and first not in word_list("naming")
    plainly = len(first) > 3 and first not in word_list("name-and-word") and announced
    return plainly and not _ODD.search(text, 1) and is_ordinary(text)


def _names(text: str, found_by_model: Iterable[Entity], public: list[Span], lang: str) -> Iterator[Finding]:
    said = text
    for start, end in public:
        said = f"{said[:start]}{'_' * (end - start)}{said[end:]}"
    whole = language_of(said, lang)
    sentences = [(each.end(), each[0]) for each in _SENTENCE.finditer(said) if each[0]] or [(0, said)]
    ends = [end for end, _ in sentences]
    spoken = [whole] if len(sentences) == 1 else [language_of(each, whole) for _, each in sentences]
    words = tuple(replace(each, lang=spoken[bisect(ends, each.start)]) for each in words_of(text, whole, public))
    chains = tuple(_chains(text, words))
    covered = {n for chain, *_ in chains for n in chain}
    model = tuple(found_by_model)
    for chain, confidence, rule in chains:
        start, end = words[surname_first(text, words, chain[0])].start, words[chain[-1]].end
        if text[max(0, start - 3) : start].lower() == "'t ":
            start -= 3
        if _designations().fullmatch(text[start:end]):
            continue
        if rule in ("unknown-capital", "capital") and _is_organisation(words, chain, _labels(start, end, model)):
            continue
        led = chain[0] > 0 and words[chain[0] - 1].low in word_list("where")
        yield Finding(start, end, _kind(start, end, rule, model) if led else "person", confidence, rule)
    yield from lower_case(text, words, covered)
    for start, end, label in model:
        inside = [word for word in words if word.start >= start and word.end <= end and not word.known]
        while inside and not telling(inside[0]):
            inside.pop(0)
        while inside and not telling(inside[-1]):
            inside.pop()
        places = [n for n, word in enumerate(words) if word in inside]
        if len(inside) == 1 and inside[0].opens and ordinary_opening(text, words, places):
            continue
        head = _head(text, words, places[0]) if len(inside) == 1 and places[0] else None
        if head and head.low in word_list("head") and not bears_first_name(inside[0].text):
            continue
        if inside and label in ("PER", "LOC"):
            if len(inside) == 1 and inside[0].shouted and len(inside[0].low) < 6:
                continue
            kind = "person" if label == "PER" else "place"
            yield Finding(inside[0].start, inside[-1].end, kind, 0.35, "model")


@cache
def _designations() -> re.Pattern[str]:
    """What an import writes in place of a name, such as « Fils B », in any language."""
    made = {
        re.escape(message(f"pseudonyms.{who}", lang, letter="{}")).replace(r"\{\}", r"[A-Z]{1,2}\d{0,3}")
        for who in ("woman", "man", "person", "daughter", "son", "child")
        for lang in LANGUAGES
    }
    return re.compile(rf"(?:{'|'.join(sorted(made))})\.?")


_UNIT = re.compile(r"[\d/] ?$")
"""What stands before a metre or a millisecond, not before a title."""


def _chains(text: str, words: tuple[Word, ...]) -> Iterator[tuple[tuple[int, ...], float, str]]:
    n = 0
    while n < len(words):
        title = n > 0 and joined(text, words[n - 1], words[n]) and words[n - 1].low in word_list("title")
        title = title and not _UNIT.search(text, 0, words[n - 1].start)
        if words[n].low in word_list("title") and not title:
            n += 1
            continue
        kin = (
            n > 0
            and words[n - 1].low in kin_words(words[n].lang)
            and bool(re.fullmatch(r"[ ,]{1,2}", gap(text, words[n - 1], words[n])))
        )
        chain = _chain(text, words, n, named=title or kin)
        if chain and (chosen := _judged(text, words, chain, title=title, kin=kin)):
            yield chosen
            n = chosen[0][-1] + 1
        else:
            n += 1


def _chain(text: str, words: tuple[Word, ...], first: int, *, named: bool) -> tuple[int, ...]:
    """Words from `first` on that could be one name: capitals, with particles between them."""
    chain: list[int] = []
    n = first
    while n < len(words) and (not chain or joined(text, words[n - 1], words[n])):
        word = words[n]
        begins = word.capital and not (chain and word.low in word_list("title"))
        joins = word.low in word_list("particle") and (chain or named) and _leads_on(text, words, n)
        if not begins and not joins:
            break
        chain.append(n)
        n += 1
    return tuple(chain)


def _leads_on(text: str, words: tuple[Word, ...], n: int) -> bool:
    following = n + 1
    while following < len(words) and words[following].low in word_list("particle") and not words[following].capital:
        following += 1
    return (
        following < len(words)
        and words[following].capital
        and words[following].low not in word_list("title")
        and joined(text, words[following - 1], words[following])
    )


def _judged(
    text: str, words: tuple[Word, ...], chain: tuple[int, ...], *, title: bool, kin: bool
) -> tuple[tuple[int, ...], float, str] | None:
    if title or kin:
        first = words[chain[0] - 1]
        if len(chain) == 1 and _PSEUDONYM.fullmatch(words[chain[0]].text.rstrip(".")):
            return (chain, 0.5, "initial") if _cut_short(text, words[chain[0]]) else None
        sure = first.low in word_list("honorific") or first.text.endswith(".")
        if title and len(chain) == 1 and is_small_word(words[chain[0]].low, words[chain[0]].lang):
            return None
        if title and (sure or not (public_word(words[chain[0]]) or all_told(text, words, chain))):
            return chain, 0.9, "title"
        told = any(not words[n].known for n in chain) and words[chain[0]].low not in word_list("links")
        if kin and told and not only_told(text, words, chain) and not public_word(words[chain[0]]):
            return chain, 0.85, "kinship"
    if len(chain) > 1 and any(_begins_surname(words, n) for n in chain[:-1]):
        begins = words[chain[0]].opens and words[chain[0]].low in word_list("given")
        return chain[begins:], 0.5, "particle"
    kept = _trimmed(words, list(chain))
    if kept and words[kept[0]].opens and ordinary_opening(text, words, kept):
        kept.pop(0)
    kept = _trimmed(words, kept)
    unknown = [n for n in kept if telling(words[n]) and not words[n].known]
    if len(kept) > 1 and all(words[n].shouted and len(words[n].low) < 6 for n in unknown) and not text.isupper():
        unknown = [n for n in unknown if bears_first_name(words[n].text.title())]  # Séance EVRAS, Equipe SPAD
    if not unknown:
        kept = _trimmed(words, [n for n in kept if not words[n].known])
    if len(kept) == 1 and INITIALS.fullmatch(words[kept[0]].text):
        return (tuple(kept), 0.4, "initials") if _initials(words[kept[0]], text) else None
    if not unknown and (not kept or len(words[kept[0]].low) < 2 or _institution(text, words, chain, kept)):
        return None
    if not unknown and not any(may_be_surname(text, words, n) for n in kept):
        return None
    led = kept[0] > 0 and joined(text, words[kept[0] - 1], words[kept[0]])
    named = _head(text, words, kept[0]) if led else words[kept[0]] if len(kept) > 1 and words[kept[0]].opens else None
    if named and named.low in word_list("head") and not any(bears_first_name(words[n].text) for n in kept):
        return None
    if len(kept) == 1 and _abbreviated(text, words[kept[0]]):
        return None
    if len(kept) > 1 and _is_body(words[kept[0]]) and not any(bears_first_name(words[n].text) for n in kept):
        return None
    if len(kept) == 1 and len(words[kept[0]].text) < (6 if words[kept[0]].shouted else 2):
        return None
    return tuple(kept), (0.7 if len(kept) > 1 else 0.6) if unknown else 0.4, "unknown-capital" if unknown else "capital"


def _head(text: str, words: tuple[Word, ...], n: int) -> Word | None:
    """The word that says what a name is of, before a capital: « modèle de », « methode »."""
    of = n - 2 if n > 1 and words[n - 1].low in word_list("links") | {"van", "of"} else n - 1
    return words[of] if of >= 0 and len(gap(text, words[n - 1], words[n])) < 3 else None


def _institution(text: str, words: tuple[Word, ...], chain: tuple[int, ...], kept: list[int]) -> bool:
    """Whether capitals on ordinary words are those of an institution: several, or after an article or a public word."""
    before = words[kept[0] - 1]
    article = text[max(0, words[kept[0]].start - 5) : words[kept[0]].start].lower().replace("'", "' ").split()
    led = bool(article) and article[-1].rstrip("'") in word_list("article")
    if any(words[n].low in word_list("name-and-word") for n in chain):
        others = [n for n in chain if words[n].low not in word_list("name-and-word") | word_list("particle")]
        if others and not any(
            is_surname_too(words[n].low) or words[n].low in word_list("surname-and-word") for n in others
        ):
            return True
        return led and article[-1].rstrip("'") != "des" and len(chain) == 1 and not words[kept[0]].opens
    return sum(words[n].low not in word_list("particle") and len(words[n].low) > 1 for n in chain) > 1 or bool(
        kept[0] and (led or public_word(before) or before.known)
    )


def _trimmed(words: tuple[Word, ...], kept: list[int]) -> list[int]:
    """A chain without public bodies and particles at its ends."""
    while kept and (public_word(words[kept[-1]]) or words[kept[-1]].low in word_list("particle")):
        if len(kept) > 1 and bears_first_name(words[kept[-2]].text) and not words[kept[-1]].shouted:
            break
        kept = kept[:-1]
    while kept and (
        public_word(words[kept[0]]) or (words[kept[0]].low in word_list("particle") and not words[kept[0]].capital)
    ):
        kept = kept[1:]
    return kept


def _begins_surname(words: tuple[Word, ...], n: int) -> bool:
    """Whether a particle has a capital of its own before another, as in Van Damme, where Damme is a commune too."""
    return (
        words[n].low in ("van", "vander", "vanden")
        and words[n].capital
        and (words[n].shouted or not words[n].opens)
        and words[n + 1].capital
    )


def _cut_short(text: str, word: Word) -> bool:
    """Whether a letter has a point and its sentence goes on: a name cut short, where a pseudonym has none."""
    return word.text.endswith(".") and bool(re.match(r",| [a-zà-ÿ]", text[word.end :]))


def _is_body(word: Word) -> bool:
    """Whether a word is the capitals of a body rather than a surname, as in « AZ Damiaan » and « CGG Ahasverus »."""
    said = word.low in word_list("head") or word.low in word_list("body")
    return word.shouted and len(word.low) < 5 and (said or not re.search("[aeiouy]", word.low))


def _abbreviated(text: str, word: Word) -> bool:
    """Whether a word has a point itself, as « Hosp. », « Inscrip. » and « Ger.W. » have."""
    after, short = text[word.end : word.end + 3], len(word.low) < 5
    cut = re.match(r"\. " if word.opens else r"\. [a-zà-ÿ\d]", after) and (
        begins_word(word.low) or (short and word.opens)
    )
    return bool(cut or (short and re.match(r"\.[A-Z]", after))) and not bears_first_name(word.text)


def _initials(word: Word, text: str) -> bool | None:
    """Whether two or three letters with points stand for a person rather than for a body, a file or a unit."""
    letters = word.low.replace(".", "").replace("-", "")
    known = letters in word_list("abbreviation") or letters in word_list("body")
    return True if len(letters) in (2, 3) and not known and not re.match(r" ?(?:n°|:? ?\d)", text[word.end :]) else None


def _kind(start: int, end: int, rule: str, model: tuple[Entity, ...]) -> str:
    if rule not in ("unknown-capital", "capital"):
        return "person"
    return "place" if _labels(start, end, model) == ["LOC"] else "person"


def _labels(start: int, end: int, model: tuple[Entity, ...]) -> list[str]:
    return [label for other_start, other_end, label in model if other_start < end and start < other_end]


def _is_organisation(words: tuple[Word, ...], chain: tuple[int, ...], labels: list[str]) -> bool:
    """Whether the model takes a lone capital of a French text, which is no first name, for an organisation."""
    word = words[chain[0]]
    lone = len(chain) == 1 and not ("-" in word.text and telling(word))
    return lone and labels == ["ORG"] and word.lang == "fr" and not bears_first_name(word.text)
