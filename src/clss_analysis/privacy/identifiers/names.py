"""Names of persons: what titles, kinship, capitals and unknown words give away, beside what the model says.

A capital letter within a sentence on a word that is no French word, no commune and no public body is taken for a
name: few lists of names hold those of Molenbeek, while the list of French words is nearly closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from clss_analysis.privacy.identifiers.finding import Finding
from clss_analysis.privacy.identifiers.model import Entity, is_word, word_list
from clss_analysis.records.vocabulary import LANGUAGES, message

_WORD = re.compile(r"(?<![\d_])[^\W\d_]+(?:['-][^\W\d_]+)*(?![\d_])\.?")
_ELIDED = re.compile(r"(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quelqu)'", re.IGNORECASE)
_PSEUDONYM = re.compile(r"[A-Z]{1,2}\d{0,3}|[A-Z]\d{1,3}")
_END = re.compile(r"[.!?:;\n«»\"“”(–•]\s*$|^\s*$|\s-\s*$")


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    text: str
    opens: bool

    @property
    def low(self) -> str:
        return self.text.lower().rstrip(".")

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def shouted(self) -> bool:
        return len(self.low) > 1 and self.text.isupper()


def names(text: str, found_by_model: Iterable[Entity]) -> Iterator[Finding]:
    """Every stretch of a text that `plain` has made that may name a person, place or employer."""
    words = tuple(_words(text))
    chains = tuple(_chains(text, words))
    covered = {n for chain, *_ in chains for n in chain}
    model = tuple(found_by_model)
    for chain, confidence, rule in chains:
        start, end = words[chain[0]].start, words[chain[-1]].end
        if _designations().fullmatch(text[start:end]):
            continue
        led = chain[0] > 0 and words[chain[0] - 1].low in word_list("where")
        yield Finding(start, end, _kind(start, end, rule, model) if led else "person", confidence, rule)
    yield from _lower(text, words, covered)
    for start, end, label in model:
        inside = [word for word in words if word.start >= start and word.end <= end]
        while inside and not _telling(inside[0]):
            inside.pop(0)
        while inside and not _telling(inside[-1]):
            inside.pop()
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


def _words(text: str) -> Iterator[_Word]:
    for match in _WORD.finditer(text):
        start, word = match.start(), match[0]
        if word.endswith(".") and len(word) > 2 and word[:-1].lower() not in word_list("title"):
            word = word[:-1]
        if elided := _ELIDED.match(word):
            if len(word) == elided.end():
                continue
            start, word = start + elided.end(), word[elided.end() :]
        yield _Word(start, start + len(word), word, bool(_END.search(text[max(0, match.start() - 6) : match.start()])))


def _chains(text: str, words: tuple[_Word, ...]) -> Iterator[tuple[tuple[int, ...], float, str]]:
    n = 0
    while n < len(words):
        title = n > 0 and _joined(text, words[n - 1], words[n]) and words[n - 1].low in word_list("title")
        if words[n].low in word_list("title") and not title:
            n += 1
            continue
        kin = (
            n > 0
            and words[n - 1].low in word_list("kin")
            and bool(re.fullmatch(r"[ ,]{1,2}", _gap(text, words[n - 1], words[n])))
        )
        chain = _chain(text, words, n, named=title or kin)
        if chain and (chosen := _judged(words, chain, title=title, kin=kin)):
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
    words: tuple[_Word, ...], chain: tuple[int, ...], *, title: bool, kin: bool
) -> tuple[tuple[int, ...], float, str] | None:
    if title or kin:
        first = words[chain[0] - 1]
        if len(chain) == 1 and _PSEUDONYM.fullmatch(words[chain[0]].text.rstrip(".")):
            return None
        if title and (first.low in word_list("honorific") or not _public(words[chain[0]])):
            return chain, 0.9, "title"
        if kin and not _public(words[chain[0]]) and words[chain[0]].low not in word_list("links"):
            return chain, 0.85, "kinship"
    kept = list(chain)
    while kept and (_public(words[kept[-1]]) or words[kept[-1]].low in word_list("particle")):
        kept.pop()
    while kept and (
        _public(words[kept[0]]) or (words[kept[0]].low in word_list("particle") and not words[kept[0]].capital)
    ):
        kept.pop(0)
    if kept and words[kept[0]].opens and _ordinary_opening(words, kept):
        kept.pop(0)
    while kept and words[kept[0]].low in word_list("particle") and not words[kept[0]].capital:
        kept.pop(0)
    unknown = [n for n in kept if _telling(words[n])]
    if not unknown and (not kept or len(words[kept[0]].low) < 2):
        return None
    if len(kept) == 1 and words[kept[0]].shouted and len(words[kept[0]].text) <= 5:
        return None
    if len(kept) == 1 and len(words[kept[0]].low) < 2:
        return None
    return tuple(kept), (0.7 if len(kept) > 1 else 0.6) if unknown else 0.4, "unknown-capital" if unknown else "capital"


def _ordinary_opening(words: tuple[_Word, ...], chain: list[int]) -> bool:
    """Whether the capital of the first word is only that of its sentence."""
    first = words[chain[0]]
    following = " ".join(words[n].text for n in chain[1:4])
    alone = len(chain) == 1 or bool(re.match(r"(?:de )?(?:La|Le|Les)\b|(?:de|à) la\b", following))
    return _public(first) or first.low in word_list("given") or (alone and _known_french(first))


def _lower(text: str, words: tuple[_Word, ...], covered: set[int]) -> Iterator[Finding]:
    """Names written without capitals: unknown words after a title, a kinship or a preposition, or two in a row."""
    run: list[int] = []
    for n in range(len(words) + 1):
        strange = n < len(words) and n not in covered and not words[n].capital and _strange(words[n])
        if strange and (not run or _joined(text, words[n - 1], words[n])):
            run.append(n)
            continue
        if run:
            before = words[run[0] - 1].low if run[0] else ""
            led = before in (word_list("title") | word_list("kin")) | word_list("before_lower") or words[run[0]].opens
            if led or len(run) > 1:
                start = run[0] - 1 if before in word_list("particle") and before not in word_list("links") else run[0]
                confidence = 0.7 if before in (word_list("title") | word_list("kin")) else 0.45
                yield Finding(words[start].start, words[run[-1]].end, "person", confidence, "unknown-lower-case")
        run = [n] if strange else []


def _kind(start: int, end: int, rule: str, model: tuple[Entity, ...]) -> str:
    if rule not in ("unknown-capital", "capital"):
        return "person"
    labels = [label for other_start, other_end, label in model if other_start < end and start < other_end]
    return "place" if labels == ["LOC"] else "person"


def _gap(text: str, left: _Word, right: _Word) -> str:
    return text[left.end : right.start]


def _joined(text: str, left: _Word, right: _Word) -> bool:
    return _gap(text, left, right) in (" ", ". ", "  ") and not (
        _gap(text, left, right) == ". " and left.low not in word_list("title") and len(left.low) > 1
    )


def _telling(word: _Word) -> bool:
    return word.capital and len(word.low) > 1 and not _known_french(word) and not _public(word)


def _strange(word: _Word) -> bool:
    return len(word.low) > 3 and not _known_french(word) and not _public(word) and "'" not in word.text


def _known_french(word: _Word) -> bool:
    return is_word(word.low) or all(is_word(part) for part in word.low.split("-"))


def _public(word: _Word) -> bool:
    return any(word.low in word_list(name) for name in ("commune", "country", "people", "body"))
