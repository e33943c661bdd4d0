"""The search itself: every rule over every text, and what was read before taken from memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import chain

from clss_analysis.privacy.identifiers.finding import Finding, one_each, placed, plain
from clss_analysis.privacy.identifiers.memory import Memory, through
from clss_analysis.privacy.identifiers.model import entities, model_version

_NAMED = ("person", "place", "workplace", "address")


def find_identifiers(text: str, lang: str = "fr", *, known: Iterable[str] = ()) -> tuple[Finding, ...]:
    """What in a text may point at a person.

    Shapes (python-stdnum, phonenumbers, patterns), days, addresses and names (rules, and spaCy's French model).  No
    recogniser is complete: what it finds is a proposal for a person who decides, and what it misses is missed.

    Args:
        text: any text.
        lang: the language of whoever writes; that of a text whose words do not tell theirs.  In Dutch and English,
            which have no list of words here, a word in lower case is asked about where it is a first name, a title or
            a kinship stands before it, or it is a shape.
        known: names that identify nobody, such as those of services on record: a name, place or workplace that is
            one of them is passed over.

    Returns:
        Findings in order of place, none over another.

    >>> [each.kind for each in find_identifiers("Rappeler Mme Benhaddou au 0470 12 34 56.")]
    ['person', 'phone']
    >>> find_identifiers("Madame Y demande un logement de transit au CPAS.")
    ()
    """
    return find_in_all([text], lang, known=known)[0]


def find_in_all(
    texts: Sequence[str], lang: str = "fr", *, known: Iterable[str] = (), memory: Memory | None = None
) -> list[tuple[Finding, ...]]:
    """`find_identifiers` for many texts: each text read once, the model run over all in batches.

    Args:
        texts: any texts.
        lang: as in `find_identifiers`.
        known: as in `find_identifiers`.
        memory: what was read before; default: nothing is remembered.
    """
    wanted = list(dict.fromkeys(texts))
    found = through(memory, wanted, version_of_rules(lang), lambda fresh: _read(fresh, lang))
    terms = _terms(known)
    passed = {text: tuple(each for each in found[text] if not _is_known(text, each, terms)) for text in wanted}
    return [passed[text] for text in texts]


def _read(texts: Sequence[str], lang: str) -> Iterator[tuple[Finding, ...]]:
    if not texts:
        return
    from clss_analysis.privacy.identifiers.dates import dates
    from clss_analysis.privacy.identifiers.health import health
    from clss_analysis.privacy.identifiers.known import is_public, public_spans
    from clss_analysis.privacy.identifiers.names import names
    from clss_analysis.privacy.identifiers.numbers import numbers
    from clss_analysis.privacy.identifiers.places import places

    readable = [plain(text) for text in texts]
    for original, (text, where), found_by_model in zip(
        texts, readable, entities(text for text, _ in readable), strict=True
    ):
        public = public_spans(text)
        rules = chain(numbers(text), dates(text), places(text), health(text), names(text, found_by_model, public, lang))
        yield tuple(
            placed(replace(each, confidence=round(each.confidence, 2)), original, where)
            for each in one_each(each for each in rules if not is_public(text, each, public))
        )


def _terms(known: Iterable[str]) -> re.Pattern[str] | None:
    terms = sorted(
        {" ".join(plain(term)[0].split()) for term in known if len(term.strip()) > 1}, key=lambda t: (-len(t), t)
    )
    joined = "|".join(re.escape(term) for term in terms)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE) if terms else None


def _is_known(text: str, found: Finding, terms: re.Pattern[str] | None) -> bool:
    if terms is None or found.kind not in _NAMED or found.rule in ("title", "kinship"):
        return False
    readable, where = plain(text)
    return any(
        where[match.start()] <= found.start and found.end <= where[match.end() - 1] + 1
        for match in terms.finditer(readable)
    )


@cache
def version_of_rules(lang: str) -> str:
    """What changes whenever a rule, a word list or the model does."""
    digest = sha256(f"{model_version()} {lang}".encode())
    for path in sorted(files(__package__).iterdir(), key=lambda entry: entry.name):
        if path.name.endswith((".py", ".csv", ".gz")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:32]
