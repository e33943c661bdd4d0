"""Identifiers in a text that a dataset holds in another language beside its own."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from functools import cache

from clss_analysis.privacy.identifiers.finding import Finding, one_each, placed, plain
from clss_analysis.privacy.identifiers.lists import word_list
from clss_analysis.privacy.identifiers.memory import Memory, through
from clss_analysis.privacy.identifiers.search import version_of_rules
from clss_analysis.records.vocabulary import words_in

_WORD = re.compile(r"(?<![\d_])[^\W\d_]+(?:['-][^\W\d_]+)*(?![\d_])")
_PSEUDONYM = re.compile(r"[A-Z]{1,2}\d{0,3}")
_TITLES = frozenset({"mevrouw", "mevr", "mijnheer", "meneer", "heer", "dhr", "mrs", "ms", "mr", "miss", "madam", "sir"})
_ENDINGS = ("en", "n", "s", "e", "t", "ing")
_PUBLIC = ("commune", "country", "people", "body", "title")


def find_translated(
    said: Sequence[tuple[str, str]], own: Container[str], memory: Memory | None = None
) -> list[tuple[Finding, ...]]:
    """What in translations may point at a person: shapes, days, addresses, and every capital that is not explained.

    There is no model for it.  A word with a capital, wherever it stands, is taken for a name unless our own sentences
    use it in that language, a list knows it, or the dataset's own texts have it, where it was looked at.

    Args:
        said: any texts, each with its language, nl or en.
        own: words of the dataset's own texts, as they are written there.
        memory: the shapes that were found before; default: nothing is remembered.

    >>> [each.kind for each in find_translated([("Fatima belt naar 0470 12 34 56.", "nl")], ())[0]]
    ['person', 'phone']
    >>> find_translated([("Het gezin Y vraagt hulp aan het OCMW.", "nl")], ())
    [()]
    """
    from clss_analysis.privacy.identifiers.known import is_public, public_spans

    read = [plain(text) for text, _ in said]
    texts = list(dict.fromkeys(readable for readable, _ in read))
    shapes = through(memory, texts, f"shapes {version_of_rules('nl')}", _shapes)
    findings = []
    for (text, lang), (readable, where) in zip(said, read, strict=True):
        found = [*shapes[readable], *_capitals(readable, lang, own)]
        public = public_spans(readable) if found else []
        kept = one_each(each for each in found if not is_public(readable, each, public))
        findings.append(tuple(placed(each, text, where) for each in kept))
    return findings


def _shapes(texts: Sequence[str]) -> list[tuple[Finding, ...]]:
    if not texts:  # which spares compiling their patterns
        return []
    from clss_analysis.privacy.identifiers.dates import dates
    from clss_analysis.privacy.identifiers.numbers import numbers
    from clss_analysis.privacy.identifiers.places import places

    return [(*numbers(text), *dates(text), *places(text)) for text in texts]


def _capitals(text: str, lang: str, own: Container[str]) -> Iterator[Finding]:
    """Runs of words with a capital, and particles between them, of which nothing explains at least one."""
    run: list[re.Match[str]] = []
    telling, end, before = False, 0, ""
    for word in [*_WORD.finditer(text), None]:
        joined = word is not None and text[end : word.start()] in (" ", ". ")
        titled = joined and before in _TITLES
        if word is None or not (joined and _may_belong(word[0], run)):
            yield from _named(run) if telling else ()
            run, telling = [], False
        if word is not None:
            end, before = word.end(), word[0].lower()
            if _may_belong(word[0], run):
                run.append(word)
                telling = telling or _strange(word[0], lang, own, titled=titled)


def _may_belong(word: str, run: Sequence[object]) -> bool:
    named = word[0].isupper() and word.lower() not in _TITLES and not _PSEUDONYM.fullmatch(word)
    return named or (bool(run) and word.lower() in word_list("particle"))


def _named(run: list[re.Match[str]]) -> Iterator[Finding]:
    last = max(place for place, word in enumerate(run) if word[0][0].isupper())
    yield Finding(run[0].start(), run[last].end(), "person", 0.4, "capital-in-translation")


def _strange(word: str, lang: str, own: Container[str], *, titled: bool) -> bool:
    if not word[0].isupper() or word in own:
        return False
    known = (_ordinary(lang), *(word_list(name) for name in _PUBLIC))
    parts = word.lower().removesuffix("'s").split("-")
    return titled or not all(any(form in words for words in known for form in _forms(part)) for part in parts)


def _forms(word: str) -> Iterator[str]:
    """A word, and what it would be without the ending of a plural or a verb, if it is long."""
    yield word
    yield from (word[: -len(ending)] for ending in _ENDINGS if word.endswith(ending) and len(word) > len(ending) + 6)


@cache
def _ordinary(lang: str) -> frozenset[str]:
    """Words of a language, without the first names that our own sentences give as examples."""
    return (words_in(lang) | word_list(lang)) - word_list("first-name")
