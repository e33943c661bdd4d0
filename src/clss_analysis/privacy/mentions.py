"""Where a text speaks of a household that may not be told: by its label, or by its id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from clss_analysis.privacy.consents import TOLD, scopes_of
from clss_analysis.privacy.identifiers import Finding
from clss_analysis.privacy.identifiers.finding import placed, plain
from clss_analysis.privacy.identifiers.lists import bare, word_list
from clss_analysis.privacy.texts import TRANSLATIONS, Text
from clss_analysis.records import Case, Records, read
from clss_analysis.records.faults import InvalidRecordsError
from clss_analysis.records.schema import home_column, table_names
from clss_analysis.records.tables import fingerprint

_TOKEN = re.compile(r"[^\W_]+")
_LEAST = 4  # letters: a shorter sign alone, « B » or « la », is a word of every sentence
_MOST = 2  # letters of a word whose capitals count


Before = tuple[frozenset[str], ...]
"""What stands before the last word of a sign: in each place, the words that may."""


@dataclass(frozen=True)
class Mentions:
    """The households that may not be told, and their signs by their last word; whose each row is, by table.

    Tables whose rows are nobody's are not in `homes`; under translations stand the rows of those households alone.
    """

    untold: frozenset[str]
    signs: Mapping[str, list[Before]]
    homes: Mapping[str, Mapping[str, str]]

    def find(self, key: Text, rows: Iterable[str]) -> Iterator[Finding]:
        """Where a text, which stands in some rows, speaks of a household that may not be told and is not its own.

        What households say that may not be told does not leave, and is not looked through.
        """
        homes = self.homes.get(key[0])
        of = {None} if homes is None else {homes.get(row) for row in rows}
        if of <= self.untold:
            return
        said, places = plain(key[2])
        words = [(each.span(), _key(each[0])) for each in _TOKEN.finditer(said)]
        for n, ((_, end), last) in enumerate(words):
            for before in self.signs.get(last, ()):
                first = n - len(before)
                ahead = [word for _, word in words[max(first, 0) : n]]
                if first >= 0 and all(word in may for word, may in zip(ahead, before, strict=True)):
                    found = Finding(words[first][0][0], end, "person", 1.0, "untold_household")
                    yield placed(found, key[2], places)


def mentions(records: Records) -> Mentions | None:
    """The signs of the households of a dataset, or of that of a household, that may not be told; None where all may.

    A label is known by its last word after a title (« Mme B »), or by all of it where it holds a letter, a number or a
    name; an id by itself where it is long or holds a number, and else after a title.

    >>> import clss_analysis as clss
    >>> mentions(clss.read("data/publication"))
    """
    if isinstance(records, Case) and records.folder is not None:
        with suppress(OSError, InvalidRecordsError):  # which is said where the dataset itself is read
            records = _whole(records.folder, fingerprint(records.folder))
    untold = frozenset(home for home, scope in scopes_of(records).items() if scope != TOLD)
    if not untold:
        return None
    labels = dict(zip(records.households["id"], records.households["label"].fillna(""), strict=True))
    signs: dict[str, list[Before]] = {}
    for home in sorted(untold):
        for said in (plain(str(labels[home]))[0], home):
            words = _TOKEN.findall(said)
            if any(len(word) == 1 or not word.islower() for word in words[-1:] + words[1:]):
                *ahead, last = map(_key, words)
                before = tuple(frozenset({word}) for word in ahead)
                alone = not ahead and len(last) < _LEAST and last.isalpha()
                if alone or (len(ahead) == 1 and ahead[0] in _leads()):
                    before = (_leads(),)
                signs.setdefault(last, []).append(before)
    homes: dict[str, dict[str, str]] = {TRANSLATIONS: {}}
    for table in table_names():
        frame, column = records.table(table), home_column(table)
        if column in frame.columns:
            told = frame[frame[column].notna()]
            homes[table] = of = dict(zip(told["id"], told[column], strict=True))
            homes[TRANSLATIONS] |= {row: home for row, home in of.items() if home in untold}
    return Mentions(untold, signs, homes)


@lru_cache(maxsize=4)
def _whole(folder: Path, _content: str) -> Records:
    return read(folder)


@cache
def _leads() -> frozenset[str]:
    return frozenset(map(bare, word_list("title") | word_list("household")))


def _key(word: str) -> str:
    """How a word is compared: a short one with its capitals, since « B » and « M2 » are no « b » and no « m2 »."""
    low = bare(word.lower())
    return low if len(word) > _MOST or low in _leads() else word
