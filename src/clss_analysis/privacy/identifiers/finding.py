"""What a search for identifiers brings back: a kind and a place, never the words themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import unquote

from clss_analysis.records.vocabulary import codes, label

KINDS = codes("identifier_kind")
PLACEHOLDER = re.compile(r"\[[^\[\]]+\]")
"""What stands in a text where something was masked."""
_ENTITY = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8});|%[2-7][0-9A-Fa-f]|(?:%[89A-Fa-f][0-9A-Fa-f]){2,4}"
)
"""One character as HTML writes it, or the address of a page."""
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−－"), "-")
_FILLERS = "\u115f\u1160\u3164\uffa0"
"""Letters of Korean that are seen as nothing."""
_QUOTES = dict.fromkeys(map(ord, "‘’ʼ＇`´"), "'")


@dataclass(frozen=True, order=True)
class Finding:
    """A stretch of a text that may point at someone.

    `start` and `end` are positions in the text, `confidence` is between 0 and 1 (a rank, no probability), `rule` names
    what found it.  It holds no part of the text, so that it can be shown, logged and stored.
    """

    start: int
    end: int
    kind: str
    confidence: float
    rule: str


def plain(text: str) -> tuple[str, list[int]]:
    """The text as the rules read it, and where each of its characters stands in the original.

    Invisible characters go, and all but one of several blanks; every kind of space, dash, apostrophe, digit and letter
    (in a circle, raised) becomes the plain one, and accents written as characters of their own join their letter; a
    character written as an entity of HTML, or as in the address of a page (%20), is that character: none of them hides
    an identifier.

    >>> plain("0470\u202f12\u201134")[0]
    '0470 12-34'
    """
    if "&" not in text and "%" not in text and len(said := text.translate(_READ)) == len(text) and "  " not in said:
        return said, [*range(len(text) + 1)]
    kept: list[str] = []
    places: list[int] = []
    place = -1
    while (place := place + 1) < len(text):
        start, char = place, text[place]
        if char in "&%" and (entity := _ENTITY.match(text, place)) and len(said := unescape(unquote(entity[0]))) == 1:
            place, char = entity.end() - 1, said
        if unicodedata.combining(char) and kept:
            kept[-1] = joined if len(joined := unicodedata.normalize("NFC", kept[-1] + char)) == 1 else kept[-1]
            continue
        if (one := _one(char)) is not None and not (one == " " and kept[-1:] == [" "]):
            kept.append(one)
            places.append(start)
    return "".join(kept), [*places, len(text)]


class _Read(dict[int, str]):
    """How each character is read by itself; what has no place of its own, or joins its letter, is nothing."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = said = "" if unicodedata.combining(char) else _one(char) or ""
        return said


_READ = _Read()


def placed(found: Finding, text: str, places: list[int]) -> Finding:
    """A finding in what `plain` made of a text, at its place in the text itself."""
    last = places[found.end - 1]
    entity = _ENTITY.match(text, last) if places[found.end] - last > 1 else None
    return replace(found, start=places[found.start], end=entity.end() if entity else last + 1)


def _one(char: str) -> str | None:
    if char.isascii():
        return char
    if unicodedata.category(char) in ("Cf", "Mn", "Me") or char in _FILLERS:
        return None
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if char.isspace():
        return " " if char not in "\u2028\u2029\x85" else "\n"
    if char not in "ºª" and len(said := unicodedata.normalize("NFKC", char)) == 1 and said != char:
        return _one(said)
    return _DASHES.get(ord(char)) or _QUOTES.get(ord(char)) or char


def one_each(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in order of place, none over another.

    Where two overlap the surer one gives kind and rule, and the place covers both: no half of an identifier is left.
    """
    merged: list[Finding] = []
    for each in sorted(found):
        if merged and each.start < merged[-1].end:
            last = merged[-1]
            surer = max((last, each), key=lambda one: (one.confidence, one.end - one.start, one.kind))
            merged[-1] = replace(surer, start=last.start, end=max(last.end, each.end))
        else:
            merged.append(each)
    return tuple(merged)


def masked(text: str, findings: Iterable[Finding], lang: str = "fr") -> str:
    """The text with a typed placeholder, or a word that the findings are given (a mapping), in place of every finding.

    >>> masked("Appeler Anna au 0470", [Finding(8, 12, "person", 0.9, "x"), Finding(16, 20, "phone", 0.9, "x")])
    'Appeler [nom] au [téléphone]'
    """
    words = findings if isinstance(findings, Mapping) else {}
    for each in sorted(one_each(findings), reverse=True):
        word = words.get(each) or f"[{label('identifier_kind', each.kind, lang)}]"
        text = f"{text[: each.start]}{word}{text[each.end :]}"
    return text
