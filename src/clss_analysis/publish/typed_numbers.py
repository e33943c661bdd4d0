"""Numbers and months that stand in a chapter as somebody typed them: bound to no row, and not said to be fixed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from clss_analysis.publish.forms import FORM, Spoken, stated
from clss_analysis.publish.source import outside_code, written
from clss_analysis.records import Records
from clss_analysis.records.faults import Fault
from clss_analysis.records.typography import FIXED, NARROW, month
from clss_analysis.records.vocabulary import LANGUAGES, message

FILE = "_fixed.csv"
COLUMNS = ("chapter", "passage", "reason")
_DIGITS = re.compile(r"(?<![\w.,-])\d+(?:[ .,\u00a0\u202f]\d+)*(?!\w)")
_NOT_PROSE = re.compile(
    r"\{\{<.*?>\}\}|\{[#.][^{}]*\}|\]\([^)]*\)|<?https?://\S+|\[[^\]]*@[^\]]*\]|\[\^[^\]]+\]:?|@[\w-]+"
)
_MARKER = re.compile(r"^\s*(?:\d+\.\s+)")


@dataclass(frozen=True)
class Fixed:
    """A passage whose numbers stay as they are typed, and the line of the file that gives the reason."""

    chapter: str
    passage: str
    line: int


def read_fixed(book: Path) -> tuple[tuple[Fixed, ...], list[Fault]]:
    """What `_fixed.csv` of a book says is fixed, and the rows of it that do not say why.

    A passage `*` is the whole chapter; a chapter `*` is any.
    """
    path = book / FILE
    if not path.is_file():
        return (), []
    fixed: list[Fixed] = []
    faults: list[Fault] = []
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        for row in reader:
            if set(row) == set(COLUMNS) and all((row[name] or "").strip() for name in COLUMNS):
                fixed.append(Fixed(row["chapter"], _plain(row["passage"]), reader.line_num))
            else:
                faults.append(Fault(FILE, reader.line_num, None, message("facts.fixed_row")))
    return tuple(fixed), faults


def typed_faults(chapters: Iterable[str], book: Path, records: Records | None = None, lang: str = "fr") -> list[Fault]:
    """Each number, month and household's name typed in these chapters, not bound and not fixed, by file and line.

    A number that stands in a `{{holds …}}` of its line is bound.  A passage of `_fixed.csv` that is in no line any
    more is a fault as well.

    Args:
        chapters: their files, in the folder of the book.
        book: that folder.
        records: the dataset, to name the statistic that bears a number.
        lang: the language of the chapters.
    """
    fixed, faults = read_fixed(book)
    names = tuple(chapters)
    used = {each for each in fixed if each.passage == "*" or each.chapter not in (*names, "*")}
    for name in names:
        own = [each for each in fixed if each.chapter in (name, "*")]
        if any(each.passage == "*" for each in own):
            continue
        for number, line, spoken in _prose(book / name, lang):
            text = _plain(line)
            for each in own:
                if each.passage in text:
                    used.add(each)
                    text = text.replace(each.passage, " ")
            found = [(label, row) for label, row in _names(records) if label in FORM.sub(" ", text)]
            for word, bearer in [*found, *((word, _bearing(word, records)) for word in typed(text, spoken))]:
                key = {"row": bearer} if bearer else {}
                rule = message("facts.borne" if bearer else "facts.typed", word=word, file=FILE, **key)
                faults.append(Fault(name, number, None, rule))
    stale = (Fault(FILE, each.line, None, message("facts.fixed_row")) for each in fixed if each not in used)
    return [*faults, *stale]


def typed(line: str, lang: str | None = None) -> Iterator[str]:
    """The numbers and months typed in a line of a language, of any where none is said; those of its conditions apart.

    >>> list(typed("Trois ménages en mai 2024, dont {{count households}} ici."))
    ['Trois', 'mai', '2024']
    >>> list(typed("Onze drie gezinnen.", "nl"))
    ['drie']
    >>> list(typed("Deux batailles. {{holds 2 case_notes section=battle}}"))
    []
    """
    held = {value for text in stated(line) for value in _values(text)}
    prose = _NOT_PROSE.sub(" ", outside_code(FORM.sub(" ", _MARKER.sub("", line))))
    for found in _numbers(lang).finditer(prose):
        if not _values(found[0]) <= held:
            yield found[0]


def _values(text: str) -> set[str]:
    """The numbers and months of a text, however they are written: « deux » and « 2 », « 2023-11 » and « novembre »."""
    values: set[str] = set()
    for found in re.finditer(r"(\d{4})-(\d{2})\b", text):
        values |= {found[1], f"month {int(found[2])}"}
    for found in _numbers().finditer(text):
        word = found[0].lower()
        digits = re.sub(r"[ \u00a0\u202f]", "", word)
        values.add(digits if digits[0].isdigit() else _words().get(word, word))
    return values


@cache
def _words(only: str | None = None) -> dict[str, str]:
    """What the words of numbers and months mean, in every language or in one."""
    words: dict[str, str] = {}
    for lang in (only,) if only else LANGUAGES:
        words |= {word: str(n) for n, word in enumerate(message("number.words", lang).split(), 1) if n > 1}
        words |= {word.replace("_", " "): word for word in message("number.round", lang).split()}
        named = (month(pd.Period(year=2024, month=n, freq="M"), lang).split(FIXED)[0] for n in range(1, 13))
        words |= {word.lower(): f"month {n}" for n, word in enumerate(named, 1)}
    return words


@cache
def _numbers(lang: str | None = None) -> re.Pattern[str]:
    verbs = ("may", "march")  # of English, unless they start with a capital
    words = "|".join(sorted(map(re.escape, {*_words(lang)} - {*verbs}), key=len, reverse=True))
    return re.compile(rf"{_DIGITS.pattern}|\b(?:(?i:{words})|{'|'.join(map(str.capitalize, verbs))})\b")


def _prose(path: Path, lang: str) -> Iterator[tuple[int, str, str]]:
    """The lines of a chapter that are neither code nor marks of a division, with their number and language."""
    spoken = Spoken(lang)
    for line in written(path.name, path.read_text(encoding="utf-8"), None, []):
        if not line.code:
            told = spoken.at(line.text)
            if not line.text.lstrip().startswith(":::"):
                yield line.number, line.text, told


def _names(records: Records | None) -> tuple[tuple[str, str], ...]:
    """The households' names, and how a chapter takes each from its row."""
    rows = () if records is None else zip(records.households["label"], records.households["id"], strict=True)
    return tuple((_plain(str(label)), f"households.{row}.label") for label, row in rows)


def _bearing(word: str, records: Records | None) -> str | None:
    """The statistic that has this value, as a chapter would name it."""
    value = next(iter(_values(word)))
    if records is None or not value.isdigit() or len(value) < 2:
        return None
    frame = records.context_statistics
    rows = frame.loc[frame["value"] == int(value), "id"]
    return f"context_statistics.{rows.iloc[0]}.value" if len(rows) else None


def _plain(text: str) -> str:
    return text.replace(FIXED, " ").replace(NARROW, " ")
