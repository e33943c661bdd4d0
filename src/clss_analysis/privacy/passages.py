"""The door: finished text, read once more right before it is written, against what was looked at and decided."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from clss_analysis.privacy.consents import TOLD, scopes_of
from clss_analysis.privacy.editions import as_published, published
from clss_analysis.privacy.gate import Clearance
from clss_analysis.privacy.identifiers import Finding, Memory, find_in_all, find_in_ids, find_translated, own_memory
from clss_analysis.privacy.identifiers.dates import dates
from clss_analysis.privacy.identifiers.finding import one_each, plain
from clss_analysis.privacy.identifiers.lists import bare, word_list
from clss_analysis.privacy.mentions import Mentions, mentions
from clss_analysis.privacy.review import WORD, Undecided, open_findings, undecided
from clss_analysis.privacy.telling_ids import ID, is_id
from clss_analysis.privacy.texts import BOOK, Text, texts_of
from clss_analysis.records import Records, message
from clss_analysis.records.decisions import Decision, read_decisions, text_hash
from clss_analysis.records.faults import InvalidRecordsError, NotClearedError
from clss_analysis.records.vocabulary import LANGUAGES, code_words, sentences_in, word, words_in

Passages = Mapping[Text, Sequence[str]]
"""`(BOOK, language, text)`, or `(BOOK, ID, name)`, → the places where it stands, such as `02-cadre.md, ligne 9`."""
_PARTS = re.compile(r"[^\W\d_]+")
_NUMBERED = re.compile(r"[\s,]{1,2}\d")
_BEFORE_NAME = re.compile(r"([^\W\d_]+)\.? [A-ZÀ-ÖØ-Þ][\w'’-]")
_TWO_NAMES = re.compile(r"(?!L[ae]s? |L['’])[A-ZÀ-ÖØ-Þ][\w'’-]+ [A-ZÀ-ÖØ-Þ][\w'’-]+$")
_LETTER = re.compile(r"^[A-Z]{1,2}\d{0,3}(?:\.?\s+|$)")
"""A pseudonym at the head of what a title names: « Y. Relèvent » names nobody."""
_FEW_DIGITS = 5  # digits: from so many on a number may be that of a person
_CLOSING = ".,;:!?)]}'’\""
_NAMES = ("person", "place", "workplace")
_LISTS = ("commune", "country", "people", "body", "number", "plain", "nl", "en")


def require_decided(
    passages: Passages, clearance: Clearance, decisions: Iterable[Decision] = (), *, known: Iterable[str] = ()
) -> None:
    """Stop where finished text may point at someone and nobody has decided about it.

    Args:
        passages: all that is about to be written.
        clearance: what `clear` gave for the records that it was made from.
        decisions: those that are kept beside the text, such as a book's.
        known: what in it is nobody's secret: names that are cited, words that come with this package.

    Raises:
        NotClearedError: files, lines and kinds, never the words, and how to decide.
    """
    told = clearance.records.among(clearance.told & set(clearance.records.households["id"]))
    untold = mentions(published(clearance.records))
    found = undecided_passages(passages, told, decisions, known=known, untold=untold)
    lines = [
        message(
            "identifiers.book_open", place=each.row, start=each.finding.start + 1, end=each.finding.end,
            kind=word("identifier_kind", each.finding.kind),
        )
        for each in found
    ]  # fmt: skip
    if lines:
        raise NotClearedError(*lines, message("identifiers.book_to_do"))


def undecided_passages(
    passages: Passages,
    told: Records,
    decisions: Iterable[Decision] = (),
    *,
    known: Iterable[str] = (),
    untold: Mentions | None = None,
    memory: Memory | None = None,
) -> tuple[Undecided, ...]:
    """What in finished text may point at someone, and neither was decided nor stands so in what was looked at.

    Looked at are the texts of the records that may be told, our own sentences and codes, and public names; so that
    what is computed from records asks nothing again.  A capital on an ordinary word is passed over, and on several as
    in the name of an association, but for two that stand as a given and a family name do.

    Args:
        passages: the text, in pieces.
        told: the records that it may tell.
        decisions: those kept beside the text; those of the records count too.
        known: what in it is nobody's secret: names that are cited, words that come with this package.
        untold: what the households are known by of which it may not speak; default: none.
        memory: what was read before; default: that of the user.
    """
    seen, memory = _Looked(told, known), memory or own_memory()
    asked = [key for key in passages if not seen.explains(key[2])]
    french, names = ([key for key in asked if key[1] == column] for column in ("fr", ID))
    found: dict[Text, Iterable[Finding]] = dict(
        zip(french, find_in_all([key[2] for key in french], memory=memory), strict=True)
    )
    found |= zip(names, find_in_ids([bare(key[2]) for key in names], seen.parts, memory), strict=True)
    others = [key for key in asked if key not in found]
    found |= zip(others, find_translated([(key[2], key[1]) for key in others], seen.written, memory), strict=True)
    kept = {key: [each for each in found[key] if not seen.passes(key[2], each)] for key in asked}
    if untold is not None:
        kept = {key: list(one_each([*each, *untold.find(key, passages[key])])) for key, each in kept.items()}
    open_ = open_findings(kept, [*decisions, *told.decisions])
    return tuple(
        Undecided(BOOK, passages[key][0], len(passages[key]), key[1], each, text_hash(*key), key[2])
        for key in asked
        for each in open_[key]
    )


def undecided_beside(
    records: Records,
    dataset: Path,
    beside: Passages,
    known: Iterable[str] = (),
    proposed: Callable[[str], Iterable[Finding]] | None = None,
) -> tuple[Undecided, ...]:
    """What is undecided in the records of a dataset, and in what leaves with them: a theme, and finished texts."""
    finished = {key: places for key, places in beside.items() if key[0] == BOOK}
    theme = {key: places for key, places in beside.items() if key[0] != BOOK}
    found = undecided(records, beside=theme, proposed=proposed)
    if not finished:
        return found
    now = as_published(records, dataset)
    told = now.among(each for each, scope in scopes_of(now).items() if scope == TOLD)
    return (*found, *undecided_passages(finished, told, records.decisions, known=known, untold=mentions(now)))


def kept_decisions(folder: Path) -> tuple[Decision, ...]:
    """What was decided about the words of a book, `review.csv` beside its chapters; none where there is no such file.

    Raises:
        InvalidRecordsError: the file has faults.
    """
    decisions, faults = read_decisions(folder)
    if faults:
        raise InvalidRecordsError(faults)
    return decisions


class _Looked:
    """What a person, or we, looked at before: whole texts, and the words of them."""

    def __init__(self, told: Records, known: Iterable[str]) -> None:
        texts = list(texts_of(told))
        self._texts = [*(key[2] for key in texts if not is_id(*key[:2])), *known, *told.households["id"]]
        self._ids = frozenset(key[2] for key in texts if is_id(*key[:2]))

    @cached_property
    def written(self) -> frozenset[str]:
        """Words as they are written in the texts."""
        return frozenset(word for text in self._texts for word in WORD.findall(plain(text)[0]))

    @cached_property
    def words(self) -> frozenset[str]:
        """Words of the texts, of our own sentences and codes, and of lists of what is public, in lower case."""
        ours = (*(words_in(lang) for lang in LANGUAGES), code_words(), *map(word_list, _LISTS))
        return frozenset(part for word in self.written for part in _PARTS.findall(word.lower())).union(*ours)

    @cached_property
    def parts(self) -> frozenset[str]:
        """Words as ids are written with them: in lower case, without accents."""
        return frozenset(map(bare, self.words))

    @cached_property
    def text(self) -> str:
        """All texts and our own sentences, as they are compared."""
        ours = (sentence for lang in LANGUAGES for sentence in sentences_in(lang))
        return "\n".join(map(_folded, (*self._texts, *ours)))

    def explains(self, text: str) -> bool:
        """Whether every word of a text is known, none follows a title, and no number or day is long enough to tell.

        Ids of rows are asked about as such, before.
        """
        if text in self._ids:
            return True
        if sum(char.isdigit() for char in text) >= _FEW_DIGITS or next(dates(plain(text)[0]), None):
            return False
        titled = any(word.lower() in word_list("title") for word in _BEFORE_NAME.findall(text))
        return not titled and all(map(self._knows, _PARTS.findall(text)))

    def passes(self, text: str, found: Finding) -> bool:
        """Whether the words found were looked at elsewhere, or are a capital on ordinary ones."""
        stretch = text[found.start : found.end]
        if found.rule == "capital" and not _TWO_NAMES.match(stretch):
            return True
        if found.kind == "place" and _NUMBERED.match(text, found.end):
            return False
        rest = _LETTER.sub("", stretch)
        named = found.rule == "title" and rest == stretch
        if found.kind in _NAMES and not named and all(map(self._knows, _PARTS.findall(rest))):
            return True
        said = _folded(stretch).rstrip(_CLOSING)  # an address takes in what our sentence puts behind it
        return bool(re.search(rf"(?<!\w){re.escape(said)}(?!\w)", self.text))

    def _knows(self, word: str) -> bool:
        return word.lower() in self.words


def _folded(text: str) -> str:
    return " ".join(plain(text)[0].lower().split())
