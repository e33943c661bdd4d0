"""Known names found again in free text, however they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clss_analysis.privacy.identifiers.finding import plain

PARTICLES = frozenset({
    "abd", "abu", "ait", "al", "aux", "ben", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "des",
    "di", "do", "dos", "du", "el", "ibn", "la", "las", "le", "les", "los", "mac", "mc", "oulad", "ould", "saint",
    "sainte", "san", "sidi", "ter", "van", "vande", "vanden", "vander", "von",
})  # fmt: skip
_TITLE = r"(?:(?:mme|mlle|madame|monsieur|mademoiselle|mevr|mevrouw|dhr|meneer|mr|mrs|ms|m)\b\.?\s+)?"
_ELIDED = r"(?:\b(?P<elided>d|qu)['’])?"
_GAP = r"[\s\-'’.]*"
_DIVIDED = re.compile(r"(?<=[^\W\d_])(-\s+)(?=[^\W\d_])")
_OPENS = re.compile(r"(?:^|[.!?…]\s)[\s«“\"]*$")
_SHORTEST_PART = 3  # letters: shorter parts of a name are words of every sentence
_PLAIN = str.maketrans({"ı": "i", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
"""Letters that Unicode does not take apart into a plain one and a mark."""


@dataclass(frozen=True)
class Known:
    """A pattern over folded text, and what replaces it.

    `words` are those that a text must have one of before the pattern is tried at all: with many names it is long.
    `digits` says that a text with five digits or more is tried too.
    """

    pattern: re.Pattern[str]
    replacements: Mapping[str, str]
    words: frozenset[str]
    digits: bool = False

    def replace(self, text: str) -> tuple[str, int]:
        """The text with every known name replaced, and how often that was."""
        folded, places = _folded(text)
        many = self.digits and sum(char.isdigit() for char in folded) > _SHORTEST_PART + 1
        if not many and self.words.isdisjoint(re.findall(r"[^\W_]+", folded) + re.findall(r"[^\W\d_]+", folded)):
            return text, 0
        pieces, at, count = [], 0, 0
        for found in self.pattern.finditer(folded):
            start, end = places[found.start()], places[found.end()]
            article = {"d": "de ", "qu": "que "}.get(found["elided"] or "", "")
            told = article + self.replacements[_squeezed(found["name"])]
            pieces += [
                text[at:start],
                told[:1].upper() + told[1:] if text[start].isupper() and _OPENS.search(text[:start]) else told,
            ]
            at, count = end, count + 1
        return ("".join([*pieces, text[at:]]), count) if count else (text, 0)


def known_names(names: Iterable[tuple[str, str, str]], someone: str, families: Mapping[str, str]) -> Known | None:
    """A pattern for the names of persons: whole, either way round, and their parts.

    Args:
        names: given name, family name and designation of each person; either name may be empty.
        someone: what replaces a name that several persons bear.
        families: folded family name → what replaces it where several persons of one household bear it.

    >>> known = known_names([("Zoé", "El Amrani", "Mme A")], "[nom]", {})
    >>> known.replace("L’école appelle Mme EL-AMRANI ; le fils de Zoe va mieux.")
    ('L’école appelle Mme A ; le fils de Mme A va mieux.', 2)
    """
    owners: dict[str, set[str]] = {}
    shapes: dict[str, str] = {}
    words: set[str] = set()
    for given, family, label in names:
        whole = [f"{given} {family}", f"{family} {given}"] if given and family else []
        for form in [*whole, *_forms(given), *_forms(family)]:
            parts = _parts(form)
            if key := "".join(parts):
                owners.setdefault(key, set()).add(label)
                shapes[key] = _GAP.join(re.escape(part) for part in parts)
                words |= _joined(parts)
    if not shapes:
        return None
    replacements = {
        key: next(iter(labels)) if len(labels) == 1 else families.get(key, someone) for key, labels in owners.items()
    }
    return Known(_any_of(shapes, titled=True), replacements, frozenset(words))


def known_marks(marks: Iterable[str], removed: str) -> Known | None:
    """A pattern for numbers, addresses and e-mails, with any separators between their parts.

    >>> known_marks(["0470 12.34.56"], "[supprimé]").replace("rappeler au 0470/123456")
    ('rappeler au [supprimé]', 1)
    """
    shapes: dict[str, str] = {}
    words: set[str] = set()
    for mark in marks:
        parts = _parts(mark)
        squeezed = "".join(parts)
        if len(squeezed) > _SHORTEST_PART + 1:
            glyphs = list(squeezed) if squeezed.isdecimal() else parts
            words |= _joined(parts)
            shapes[squeezed] = r"[\s\-'’./,@_+]*".join(re.escape(glyph) for glyph in glyphs)
    if not shapes:
        return None
    return Known(_any_of(shapes, titled=False), dict.fromkeys(shapes, removed), frozenset(words), digits=True)


def holds_name(identifier: str, known: Known) -> bool:
    """Whether an id is made of a known name."""
    return any(known.pattern.search(part) for part in re.split(r"[-_0-9]+", _folded(identifier)[0]) if part)


def squeezed(name: str) -> str:
    """A name as it is compared: letters and digits only, without case or diacritics."""
    return "".join(_parts(name))


def keys_of(name: str) -> list[str]:
    """The forms under which a name is known, as they are compared: whole, and its telling parts.

    >>> keys_of("El Amrani")
    ['elamrani', 'amrani']
    """
    return [squeezed(form) for form in _forms(name)]


def _any_of(shapes: Mapping[str, str], *, titled: bool) -> re.Pattern[str]:
    longest_first = sorted(shapes, key=lambda key: (-len(key), key))
    before = _ELIDED + _TITLE if titled else r"(?P<elided>(?!))?"
    inner = r"[^\W\d_]" if titled else r"[^\W_]"  # beside a name stands the number of a footnote, not beside a number
    names = "|".join(shapes[key] for key in longest_first)
    return re.compile(rf"(?<!{inner}){before}(?<!{inner})(?P<name>{names})(?!{inner})")


def _forms(name: str) -> list[str]:
    parts = _parts(name)
    alone = [part for part in parts if len(part) >= _SHORTEST_PART and part not in PARTICLES]
    return [name, *alone] if len("".join(parts)) > 1 else []


def _joined(parts: list[str]) -> set[str]:
    """Every run of parts written as one word; a particle alone tells nothing."""
    runs = {"".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, len(parts) + 1)}
    return {run for run in runs if run not in PARTICLES} or runs


def _parts(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", _folded(name)[0])


def _squeezed(found: str) -> str:
    return "".join(re.findall(r"[^\W_]+", found))


def _folded(text: str) -> tuple[str, list[int]]:
    """Text without case and diacritics, and for each of its characters the place in the original (and the end).

    A word that was divided at the end of a line, and copied as « Ben- ali », is one word.
    """
    said, at = plain(text)
    divided = {place for each in _DIVIDED.finditer(said) for place in range(each.start(1), each.end(1))}
    letters, places = [], []
    for n, (place, char) in enumerate(zip(at, said, strict=False)):
        if n in divided:
            continue
        simple = unicodedata.normalize("NFKD", char.casefold()).translate(_PLAIN)
        kept = "".join(each for each in simple if not unicodedata.combining(each))
        if not kept and not unicodedata.combining(char):
            kept = char
        letters.append(kept)
        places += [place] * len(kept)
    return "".join(letters), [*places, len(text)]
