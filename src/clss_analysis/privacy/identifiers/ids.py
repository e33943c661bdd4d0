"""Ids read for what they may say of someone: a name, a file number, an address written as a code."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from clss_analysis.privacy.identifiers.finding import Finding
from clss_analysis.privacy.identifiers.lists import bare, word_list
from clss_analysis.privacy.identifiers.memory import Memory, through
from clss_analysis.privacy.identifiers.model import is_word_without_accents
from clss_analysis.privacy.identifiers.search import version_of_rules
from clss_analysis.records.vocabulary import LANGUAGES, code_words, words_in

_SEAM = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_DIGITS = re.compile(r"\d(?:[._-]?\d){5}")
_YEAR = re.compile(r"(?<!\d)20[0-3]\d(?!\d)")
_NUMBERED = re.compile(r"(?<!\d)(?:19|20)\d\d[._-]\d{3,}(?!\d)|(?<!\d)\d{3,}[._-](?:19|20)\d\d(?!\d)")
_DAY = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[._-](?:0\d|1[0-2])[._-][0-3]\d|[0-3]\d[._-](?:0\d|1[0-2])[._-](?:19|20)\d\d)(?!\d)"
)
_PLATE = re.compile(r"(?<![A-Za-z0-9])[1-9]([._-])[A-Za-z]{3}\1\d{3}(?!\d)")
_READABLE = re.compile(r"(?=.*[aeiouy])[a-z]{3,}")
_CAPITAL = re.compile(r"(?:^|[^A-Za-z0-9])([A-Z][a-z]+)")
_MAY_TELL = re.compile(rf"[A-Za-z]{{3}}|[A-Z][a-z]|{_DIGITS.pattern}")
_KINDS_OF_LETTERS = bytes.maketrans(
    b"0123456789" + bytes(range(65, 91)) + bytes(range(97, 123)), b"0" * 10 + b"A" * 26 + b"a" * 26
)
_PUBLIC = ("commune", "country", "people", "body", "nl", "en")


def may_tell(code: str) -> bool:
    """Whether an id is longer than a code such as S001-p2.

    >>> may_tell("S001-p2"), may_tell("Ali"), may_tell("850712-123")
    (False, True, True)
    """
    return bool(_MAY_TELL.search(code))


def any_may_tell(codes: Iterable[str]) -> bool:
    """Whether an id among many may be longer than a code; mostly none is, and they are asked about at once.

    >>> any_may_tell(["S001-p2", "S002-p1"]), any_may_tell(["S001", "Ali"])
    (False, True)
    """
    joined = "\n".join(codes).encode().translate(_KINDS_OF_LETTERS)
    letters = (b"Aa", b"aaa", b"aaA", b"aAA", b"AAA")
    return any(each in joined for each in letters) or b"000000" in joined.translate(None, b"._-")


def find_in_ids(ids: Iterable[str], own: Collection[str], memory: Memory) -> list[tuple[Finding, ...]]:
    """For each id one finding of the whole of it, where a part of it may point at someone.

    A part is taken for a name where it is no French word (with or without its accents), no word of our own sentences
    and codes, of our lists, or of the dataset's texts, where it was looked at; and where it is written with a capital
    as names are, unless we or the dataset use the word.

    Args:
        ids: any ids.
        own: words of the dataset's own texts, in lower case and without accents.
        memory: what was read before.
    """
    wanted = list(ids)
    explained = _explained() | frozenset(own)
    words = {word for each in wanted for word in _words(each) if _READABLE.fullmatch(word) and word not in explained}
    strange = _strange(sorted(words), memory)
    in_words = {each: " ".join(_words(each)) for each in wanted}
    placed = through(memory, sorted(set(in_words.values())), f"id place {version_of_rules('fr')}", _placed)
    kinds = ((each, _kind(each, explained, strange, placed[words])) for each, words in in_words.items())
    found = {each: (Finding(0, len(each), kind, 0.6, "id"),) if kind else () for each, kind in kinds}
    return [found[each] for each in wanted]


def _placed(phrases: Sequence[str]) -> list[tuple[Finding, ...]]:
    if not phrases:  # which spares compiling its patterns
        return []
    from clss_analysis.privacy.identifiers.places import places

    return [tuple(places(each)) for each in phrases]


def _kind(code: str, explained: Collection[str], strange: frozenset[str], placed: Sequence[Finding]) -> str:
    if _DAY.search(code):
        return "date"
    if _PLATE.search(code):
        return "plate"
    if _NUMBERED.search(code) or _DIGITS.search(_YEAR.sub("", code)):
        return "dossier"
    parts = list(_words(code))
    capital = any(match[1].lower() not in explained for match in _CAPITAL.finditer(code))
    titled = any(part in word_list("honorific") and next_[1:].isalpha() for part, next_ in pairwise(parts))
    if capital or titled or not strange.isdisjoint(parts):
        return "person"
    return placed[0].kind if placed else ""


def _words(code: str) -> Iterator[str]:
    return (part.lower() for part in _SEAM.split(code) if part)


def _strange(words: list[str], memory: Memory) -> frozenset[str]:
    """Those words that are not French ones; each is looked up once and remembered."""

    def read(fresh: Sequence[str]) -> Iterator[tuple[Finding, ...]]:
        return (
            () if is_word_without_accents(each) else (Finding(0, len(each), "person", 0.6, "id"),) for each in fresh
        )

    found = through(memory, words, f"id {version_of_rules('fr')}", read)
    return frozenset(word for word, findings in found.items() if findings)


@cache
def _explained() -> frozenset[str]:
    told = (words_in(lang) - word_list("first-name") for lang in LANGUAGES)
    return frozenset(bare(word) for words in (*told, *map(word_list, _PUBLIC), code_words()) for word in words)
