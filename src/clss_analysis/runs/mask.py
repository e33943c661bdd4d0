"""What may be said of an error: never a word of the records."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from clss_analysis.records import Records
from clss_analysis.records.schema import table_names

_WORD = re.compile(r"\w+")
_OURS = frozenset({"UnknownCaseError", "InvalidRecordsError", "ParameterError"})
HIDDEN = "…"


class Mask:
    """Hides every word of an error message that also stands in the records.

    An error raised deep in a library may quote a cell, whole, cut or wrapped; so words are masked one by one, and
    what the records do not hold (the library's own words) stays.  The package's own errors say rules and ids only,
    and are left as they are.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words = frozenset(word.casefold() for text in words for word in _WORD.findall(text))

    @classmethod
    def of(cls, records: Records) -> Mask:
        """The mask that hides what stands in the texts of a dataset, in any language, its ids and its numbers."""
        columns = [(table, str(field["name"])) for table in table_names() for field in records.fields(table)
                   if "vocabulary" not in field]  # fmt: skip
        cells = (str(value) for table, column in columns for value in records.table(table)[column].dropna())
        said = (text for texts in records.translations.values() for text in texts.values())
        return cls(chain(cells, said))

    def __call__(self, error: str, reason: str) -> str:
        """The reason of an error, on one line, without the records' words."""
        line = " ".join(reason.split())
        if error in _OURS:
            return line
        return _WORD.sub(lambda match: HIDDEN if match.group().casefold() in self._words else match.group(), line)
