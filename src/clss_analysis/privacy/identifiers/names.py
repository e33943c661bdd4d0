"""Names of persons: what titles, kinship, capitals and unknown words give away, beside what the model says.

A capital letter within a sentence on a word that is no French word, no commune and no public body is taken for a
name: few lists of names hold those of Molenbeek, while the list of French words is nearly closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from clss_analysis.privacy.identifiers.finding import Finding
from clss_analysis.privacy.identifiers.known import Span, within
from clss_analysis.privacy.identifiers.model import (
    Entity,
    is_first_name,
    is_infinitive,
    is_listed,
    is_rather_name,
    is_small_word,
    is_verb,
    is_word,
    language_of,
    word_list,
)
from clss_analysis.records.vocabulary import LANGUAGES, message

_WORD = re.compile(
    r"(?<![\w'.])[A-ZÀ-ÖØ-Þ](?:\.-?[A-ZÀ-ÖØ-Þ]){1,2}\.(?!\w)"
    r"|(?<![\d_])[^\W\d_]+(?:['-][^\W\d_]+)*(?![\d_])\.?"
)
_ELIDED = re.compile(r"(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quelqu)'", re.IGNORECASE)
_PSEUDONYM = re.compile(r"[A-Z]{1,2}\d{0,3}|[A-Z]\d{1,3}")
_END = re.compile(r"[.!?:;\n«»\"“”(–•…*|>→=+]\s*$|^\s*$|\s-\s*$|\d\)\s*$")
_INITIALS = re.compile(r"[A-ZÀ-ÖØ-Þ](?:\.-?[A-ZÀ-ÖØ-Þ])+\.")
_PREFIX = re.compile(r"(?:télé|auto|anti|co|micro|multi|inter|pré|post|re|ré|dé|sous|néo|mono|psycho|socio)(?=\w{5})")
_OR = re.compile(r"\((?:ou|of|or|alias|dite?) ([\w' -]{2,30}?) ?\??\)")


_OF_A_PERSON = re.compile(r",? \(?\d{1,2} ?(?:ans?|a|mois|jaar|j|years?|yo?|m)\b|,? (?:et|en|and|&) [A-ZÀ-Þ]")
"""What follows a person's name: an age, another name."""
_CUT = re.compile(r" [a-zA-Z]\.(?= [a-zà-ÿ(]|,|$)")


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    text: str
    opens: bool
    known: bool
    lang: str

    @property
    def low(self) -> str:
        return self.text.lower().rstrip(".")

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def shouted(self) -> bool:
        return len(self.low) > 1 and self.text.isupper()


def names(text: str, found_by_model: Iterable[Entity], public: list[Span]) -> Iterator[Finding]:
    """Every stretch of a text that `plain` has made that may name a person, place or employer.

    Args:
        text: the text.
        found_by_model: what the model takes for names in it.
        public: where it says a name that identifies nobody.
    """
    for each in _names(text, found_by_model, public):
        yield each
        if other := _OR.match(text, each.end + 1):
            yield replace(each, start=other.start(1), end=other.end(1))


def _names(text: str, found_by_model: Iterable[Entity], public: list[Span]) -> Iterator[Finding]:
    words = tuple(_words(text, language_of(text), public))
    chains = tuple(_chains(text, words))
    covered = {n for chain, *_ in chains for n in chain}
    model = tuple(found_by_model)
    for chain, confidence, rule in chains:
        start, end = words[chain[0]].start, words[chain[-1]].end
        if text[max(0, start - 3) : start].lower() == "'t ":
            start -= 3
        if _designations().fullmatch(text[start:end]):
            continue
        led = chain[0] > 0 and words[chain[0] - 1].low in word_list("where")
        yield Finding(start, end, _kind(start, end, rule, model) if led else "person", confidence, rule)
    yield from _lower(text, words, covered)
    for start, end, label in model:
        inside = [word for word in words if word.start >= start and word.end <= end and not word.known]
        while inside and not _telling(inside[0]):
            inside.pop(0)
        while inside and not _telling(inside[-1]):
            inside.pop()
        places = [n for n, word in enumerate(words) if word in inside]
        if len(inside) == 1 and inside[0].opens and _ordinary_opening(text, words, places):
            continue
        if inside and label in ("PER", "LOC"):
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


def _words(text: str, lang: str, public: list[Span]) -> Iterator[_Word]:
    for match in _WORD.finditer(text):
        start, word = match.start(), match[0]
        if word.endswith(".") and len(word) > 2 and not _INITIALS.fullmatch(word):
            word = word if word[:-1].lower() in word_list("short-title") else word[:-1]
        if word[0].isupper():
            word = word.removesuffix("'s")
        opens = bool(_END.search(text[max(0, start - 6) : start]))
        if (elided := _ELIDED.match(word)) and not _part_of_name(word, elided.end(), opens=opens):
            if len(word) == elided.end():
                continue
            start, word = start + elided.end(), word[elided.end() :]
        end = start + len(word)
        yield _Word(start, end, word, opens, within(public, start, start + len(word.rstrip("."))), lang)


def _part_of_name(word: str, letter: int, *, opens: bool) -> bool:
    """Whether a capital with an apostrophe belongs to the name after it, as in D'hondt and N'Diaye."""
    rest = word[letter:]
    if not word[0].isupper() or not rest:
        return False
    return not is_listed(rest.lower()) if opens else rest[0].isupper() or not is_word(rest.lower())


def _chains(text: str, words: tuple[_Word, ...]) -> Iterator[tuple[tuple[int, ...], float, str]]:
    n = 0
    while n < len(words):
        title = n > 0 and _joined(text, words[n - 1], words[n]) and words[n - 1].low in word_list("title")
        if words[n].low in word_list("title") and not title:
            n += 1
            continue
        kin = (
            n > 0
            and words[n - 1].low in _kin(words[n].lang)
            and bool(re.fullmatch(r"[ ,]{1,2}", _gap(text, words[n - 1], words[n])))
        )
        chain = _chain(text, words, n, named=title or kin)
        if chain and (chosen := _judged(text, words, chain, title=title, kin=kin)):
            yield chosen
            n = chosen[0][-1] + 1
        else:
            n += 1


def _chain(text: str, words: tuple[_Word, ...], first: int, *, named: bool) -> tuple[int, ...]:
    """Words from `first` on that could be one name: capitals, with particles between them."""
    chain: list[int] = []
    n = first
    while n < len(words) and (not chain or _joined(text, words[n - 1], words[n])):
        word = words[n]
        begins = word.capital and not (chain and word.low in word_list("title"))
        joins = word.low in word_list("particle") and (chain or named) and _leads_on(text, words, n)
        if not begins and not joins:
            break
        chain.append(n)
        n += 1
    return tuple(chain)


def _leads_on(text: str, words: tuple[_Word, ...], n: int) -> bool:
    following = n + 1
    while following < len(words) and words[following].low in word_list("particle") and not words[following].capital:
        following += 1
    return (
        following < len(words)
        and words[following].capital
        and words[following].low not in word_list("title")
        and _joined(text, words[following - 1], words[following])
    )


def _judged(
    text: str, words: tuple[_Word, ...], chain: tuple[int, ...], *, title: bool, kin: bool
) -> tuple[tuple[int, ...], float, str] | None:
    if title or kin:
        first = words[chain[0] - 1]
        if len(chain) == 1 and _PSEUDONYM.fullmatch(words[chain[0]].text.rstrip(".")):
            return (chain, 0.5, "initial") if _cut_short(text, words[chain[0]]) else None
        if title and (first.low in word_list("honorific") or not _public(words[chain[0]])):
            return chain, 0.9, "title"
        told = any(not words[n].known for n in chain) and words[chain[0]].low not in word_list("links")
        if kin and told and not _public(words[chain[0]]):
            return chain, 0.85, "kinship"
    if len(chain) > 1 and any(_begins_surname(words, n) for n in chain[:-1]):
        begins = words[chain[0]].opens and words[chain[0]].low in word_list("given")
        return chain[begins:], 0.5, "particle"
    kept = _trimmed(words, list(chain))
    if kept and words[kept[0]].opens and _ordinary_opening(text, words, kept):
        kept.pop(0)
    kept = _trimmed(words, kept)
    unknown = [n for n in kept if _telling(words[n]) and not words[n].known]
    if not unknown:
        kept = _trimmed(words, [n for n in kept if not words[n].known])
    if len(kept) == 1 and _INITIALS.fullmatch(words[kept[0]].text):
        return (tuple(kept), 0.4, "initials") if _initials(words[kept[0]], text) else None
    if not unknown and (not kept or len(words[kept[0]].low) < 2 or _institution(text, words, chain, kept)):
        return None
    led = kept[0] > 0 and _joined(text, words[kept[0] - 1], words[kept[0]])
    if led and words[kept[0] - 1].low in word_list("head") and not is_first_name(words[kept[0]].text):
        return None
    if len(kept) == 1 and len(words[kept[0]].text) < (6 if words[kept[0]].shouted else 2):
        return None
    return tuple(kept), (0.7 if len(kept) > 1 else 0.6) if unknown else 0.4, "unknown-capital" if unknown else "capital"


def _institution(text: str, words: tuple[_Word, ...], chain: tuple[int, ...], kept: list[int]) -> bool:
    """Whether capitals on ordinary words are those of an institution: several, or after an article or a public word."""
    if any(words[n].low in word_list("name-and-word") for n in chain):
        return False
    before = words[kept[0] - 1]
    article = text[max(0, words[kept[0]].start - 5) : words[kept[0]].start].lower().replace("'", "' ").split()
    led = bool(article) and article[-1].rstrip("'") in word_list("article")
    return sum(words[n].low not in word_list("particle") and len(words[n].low) > 1 for n in chain) > 1 or bool(
        kept[0] and (led or _public(before) or before.known)
    )


def _trimmed(words: tuple[_Word, ...], kept: list[int]) -> list[int]:
    """A chain without public bodies and particles at its ends."""
    while kept and (_public(words[kept[-1]]) or words[kept[-1]].low in word_list("particle")):
        kept = kept[:-1]
    while kept and (
        _public(words[kept[0]]) or (words[kept[0]].low in word_list("particle") and not words[kept[0]].capital)
    ):
        kept = kept[1:]
    return kept


def _begins_surname(words: tuple[_Word, ...], n: int) -> bool:
    """Whether a particle has a capital of its own before another, as in Van Damme, where Damme is a commune too."""
    return (
        words[n].low in ("van", "vander", "vanden") and words[n].capital and not words[n].opens and words[n + 1].capital
    )


def _cut_short(text: str, word: _Word) -> bool:
    """Whether a letter has a point and its sentence goes on: a name cut short, where a pseudonym has none."""
    return word.text.endswith(".") and bool(re.match(r",| [a-zà-ÿ]", text[word.end :]))


def _initials(word: _Word, text: str) -> bool | None:
    """Whether two letters with points stand for a person rather than for a body, a file or a unit."""
    letters = word.low.replace(".", "").replace("-", "")
    known = letters in word_list("abbreviation") or letters in word_list("body")
    return True if len(letters) == 2 and not known and not re.match(r" ?(?:n°|:? ?\d)", text[word.end :]) else None


def _ordinary_opening(text: str, words: tuple[_Word, ...], chain: list[int]) -> bool:
    """Whether the capital of the first word is only that of its sentence.

    A word of the language that is a first name too, such as Rose or Grace, is one where a verb or an age follows.
    """
    first = words[chain[0]]
    if _INITIALS.fullmatch(first.text) or is_first_name(first.text):
        return False
    following = " ".join(words[n].text for n in chain[1:4])
    rest = [n for n in chain[1:] if not words[n].known and words[n].capital and len(words[n].text) > 3]
    alone = not rest or bool(re.match(r"(?:de )?(?:La|Le|Les)\b|(?:de|à) la\b", following))
    if _public(first) or first.low in word_list("given"):
        return not (rest and first.low in word_list("particle"))
    after = words[chain[0] + 1 : chain[0] + 2]
    next_to = after[0] if after and _gap(text, first, after[0]) in (" ", " l'", " n'", " s'", " m'") else None
    if first.low in word_list("name-and-word"):
        return alone and not (_OF_A_PERSON.match(text, first.end) or (next_to and _acts(next_to)))
    if is_small_word(first.low, first.lang) or (is_infinitive(first.low) and _known_french(first)):
        return True
    if not alone or _known_french(first):
        return alone
    if first.lang != "fr":
        return not is_rather_name(first.low)
    goes_on = next_to and not next_to.capital and not _acts(next_to)
    return bool(goes_on) and is_listed(first.low)


def _acts(word: _Word) -> bool:
    """Whether a word after the first of a sentence is what somebody does: a verb, or a pronoun before one."""
    if word.lang == "en":
        return word.low in word_list("verb-en")
    return word.low in word_list("clitic") or is_verb(word.low) or not (word.capital or _known_french(word))


def _lower(text: str, words: tuple[_Word, ...], covered: set[int]) -> Iterator[Finding]:
    """Names written without capitals: unknown words after a title, a kinship or a preposition, or two in a row.

    A word that the model meets as a name only needs nothing before it; in Dutch and English, for which there is no
    list of words, it needs a title or a kinship.
    """
    run: list[int] = []
    for n in range(len(words) + 1):
        strange = n < len(words) and n not in covered and not words[n].capital and _strange(words, n)
        if strange and (not run or _joined(text, words[n - 1], words[n])):
            run.append(n)
            continue
        if run:
            first = words[run[0]]
            before = words[run[0] - 1].low if run[0] else ""
            named = before in (word_list("title") | _kin(first.lang) | word_list("naming"))
            led = named or (first.lang == "fr" and (before in word_list("before_lower") or first.opens or len(run) > 1))
            if led or any(_is_lower_name(words[each]) for each in run):
                start = run[0] - 1 if before in word_list("particle") and before not in word_list("links") else run[0]
                end = words[run[-1]].end
                end = cut.end() if (cut := _CUT.match(text, end)) else end
                yield Finding(words[start].start, end, "person", 0.7 if named else 0.45, "unknown-lower-case")
        run = [n] if strange else []


def _is_lower_name(word: _Word) -> bool:
    """Whether a word in lower case is met as a name only."""
    return is_first_name(word.low.title()) or (word.lang == "fr" and is_rather_name(word.low))


def _kind(start: int, end: int, rule: str, model: tuple[Entity, ...]) -> str:
    if rule not in ("unknown-capital", "capital"):
        return "person"
    labels = [label for other_start, other_end, label in model if other_start < end and start < other_end]
    return "place" if labels == ["LOC"] else "person"


def _gap(text: str, left: _Word, right: _Word) -> str:
    return text[left.end : right.start]


def _joined(text: str, left: _Word, right: _Word) -> bool:
    gap = _gap(text, left, right)
    return gap in (" ", "  ") or (gap == ". " and len(left.low) == 1) or (gap == "" and left.text.endswith("."))


def _kin(lang: str) -> frozenset[str]:
    return word_list("kin" if lang == "fr" else f"kin-{lang}")


def _telling(word: _Word) -> bool:
    return word.capital and len(word.low) > 1 and not _known_french(word) and not _public(word)


def _strange(words: tuple[_Word, ...], n: int) -> bool:
    """Whether a word in lower case is no ordinary one; after what announces a name, a short one neither."""
    word, before = words[n], words[n - 1].low if n else ""
    if word.known or _public(word) or "'" in word.text or len(word.low) < 2:
        return False
    if before in word_list("naming"):
        return word.low not in word_list("given")
    if word.lang != "fr" and not (is_rather_name(word.low) or is_first_name(word.low.title())):
        return False
    long = len(word.low) > 3 or before in word_list("honorific")
    return long and not _known_french(word)


def _known_french(word: _Word) -> bool:
    if is_first_name(word.text):
        return False
    if is_word(word.low) or is_small_word(word.low, word.lang):
        return True
    if is_listed(word.low) and not is_rather_name(word.low) and word.low not in word_list("name-and-word"):
        return True
    prefix = _PREFIX.match(word.low)
    if prefix and is_listed(word.low[prefix.end() :]):
        return True
    return "-" in word.low and all(is_word(part) or is_small_word(part, word.lang) for part in word.low.split("-"))


def _public(word: _Word) -> bool:
    head, dash, tail = word.text.partition("-")
    if dash and len(head) > 1 and head.isupper() and tail.islower():
        return True
    return any(word.low in word_list(name) for name in ("commune", "country", "people", "body"))
