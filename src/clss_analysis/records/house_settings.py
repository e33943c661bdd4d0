"""`clss.toml`: what an association says of itself, checked key by key."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import chain
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from clss_analysis.records.atomic import new_file
from clss_analysis.records.faults import Fault, InvalidRecordsError
from clss_analysis.records.small_counts import LEAST_THRESHOLD, MOST_THRESHOLD
from clss_analysis.records.vocabulary import LANGUAGES, message

FILE = "clss.toml"
FORMATS = ("html", "pdf", "epub", "docx")
ENGINES = ("builtin", "quarto")
"""What a book is made by: our own writers, or Quarto."""
FOLDERS = MappingProxyType(
    {"records": "records", "register": "register", "book": "book", "themes": "themes", "out": "out"}
)
TEXTS = ("name", "place", "title", "subtitle", "author", "licence", "contact", "support", "responsible")
_SAID_AGAIN = ("place", "title", "subtitle", "author", "licence", "contact", "support")
_KEYS = (
    *TEXTS,
    "logo",
    "edition",
    "language",
    "threshold",
    "formats",
    "form_asks_names",
    "passphrase",
    "folders",
    *LANGUAGES,
)
_INSIDE = {"edition": ("year", "date"), "folders": tuple(FOLDERS), **dict.fromkeys(LANGUAGES, _SAID_AGAIN)}
_COMMENT = re.compile(r'[^"#]*(?:"(?:[^"\\]|\\.)*")?\s*(#.*)$')
_AT_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True)
class Settings:
    """What `clss.toml` says; an empty text is a thing not said.

    `date` is the day that the edition bears, the first of its year where only the year is given, None without either;
    `threshold` the smallest number of households that a published count may show, None for the usual one;
    `support` says with whose support the book is made, `responsible` who answers for it in law (éditeur responsable);
    `form_asks_names` whether the form for a server may ask for names; `passphrase` whether the register is locked;
    `logo` a picture in the folder of the book, for its cover; `folders` the places of the house by what they hold;
    `again` what `[nl]`, say, says in another language; `original` the language and title of the house's own book, where
    `title` is that of another language.
    """

    name: str = ""
    place: str = ""
    title: str = ""
    subtitle: str = ""
    author: str = ""
    language: str = "fr"
    licence: str = ""
    contact: str = ""
    support: str = ""
    responsible: str = ""
    logo: str = ""
    date: datetime.date | None = None
    threshold: int | None = None
    formats: tuple[str, ...] = ("html", "pdf", "epub")
    form_asks_names: bool = False
    passphrase: bool = False
    folders: Mapping[str, str] = field(default_factory=lambda: FOLDERS)
    again: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    original: tuple[str, str] = ("", "")

    @property
    def signed(self) -> str:
        """Who signs the book: the author, else the association."""
        return self.author or self.name

    def in_language(self, lang: str) -> Settings:
        """What a book in this language says of the house."""
        said = dict[str, Any](self.again.get(lang, {}))
        original = (self.language, self.title) if said.get("title", self.title) != self.title else self.original
        return replace(self, language=lang, original=original, **said)


def read_settings(path: Path) -> Settings:
    """Read a `clss.toml`.

    Args:
        path: the file.

    Returns:
        The settings.

    Raises:
        InvalidRecordsError: no TOML, a key that there is not, a value of another kind; one line per fault, with its
            line and, for a key, the nearest one that there is.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        said = tomllib.loads(text)
    except UnicodeDecodeError:
        raise InvalidRecordsError([Fault(FILE, None, None, message("book_not_utf8"))]) from None
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        last = path.read_bytes().count(b"\n")
        raise InvalidRecordsError([Fault(FILE, int(at[1]) if at else last, None, message("house.not_toml"))]) from None
    faults = [
        Fault(FILE, _line(text, key, within), None, message("house.key", name=f"{within}.{key}".strip("."), rule=rule))
        for within, key, rule in _wrong(said)
    ]
    if faults:
        raise InvalidRecordsError(faults)
    edition = said.pop("edition", {})
    date = edition.get("date", datetime.date(edition["year"], 1, 1) if "year" in edition else None)
    said["folders"] = MappingProxyType({**FOLDERS, **said.get("folders", {})})
    said["again"] = {lang: said.pop(lang) for lang in LANGUAGES if lang in said}
    if "formats" in said:
        said["formats"] = tuple(name for name in FORMATS if name in said["formats"])
    return Settings(**said, date=datetime.date.fromisoformat(date) if isinstance(date, str) else date)


def write_settings(path: Path, said: Mapping[str, str]) -> None:
    """Say some things anew in a `clss.toml`; all else stays as it is written, its comments too.

    Args:
        path: the file, which is sound.
        said: by key (`edition.date`), what it shall say.

    Raises:
        InvalidRecordsError: a value will not do, or its key is written in a way that only a person can change.
    """
    text, wanted = path.read_text("utf-8-sig"), tomllib.loads(path.read_text("utf-8-sig"))
    for name, value in said.items():
        within, _, key = name.rpartition(".")
        place = wanted.setdefault(within, {}) if within else wanted
        if place.get(key, "") == value:
            continue
        place[key], lines = value, text.rstrip("\n").split("\n")
        at, head = _line(text, key, within), _line(text, within, "") if within else 0
        line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
        if at:
            comment = _COMMENT.match(lines[at - 1])
            lines[at - 1] = f"{line}  {comment[1]}" if comment else line
        elif head is None:
            lines += [f"[{within}]", line]
        else:
            lines.insert(head, line)
        text = "\n".join(lines) + "\n"
    with new_file(path) as beside:
        beside.write_text(text, "utf-8")
        try:
            sound = tomllib.loads(text) == wanted
        except tomllib.TOMLDecodeError:
            sound = False
        if not sound:
            raise InvalidRecordsError([Fault(FILE, None, None, message("house.by_hand"))])
        read_settings(beside)


def _wrong(said: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Section, key and rule of each thing that will not do."""
    wrong = []
    for key, value in said.items():
        if key not in _KEYS:
            wrong.append(("", key, _unknown(key, tuple(dict.fromkeys((*_KEYS, *chain(*_INSIDE.values())))))))
        elif key not in _INSIDE:
            wrong += [("", key, rule) for rule in _value(key, value)]
        elif not isinstance(value, dict):
            wrong.append(("", key, message("house.section", name=key)))
        else:
            for inner, each in value.items():
                known = inner in _INSIDE[key]
                rules = _value(f"{key}.{inner}", each) if known else [_unknown(inner, (*_INSIDE[key], *_KEYS))]
                wrong += [(key, inner, rule) for rule in rules]
    return wrong


def _unknown(key: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(key.casefold(), known, n=1)
    return message("house.nearest", near=near[0]) if near else message("house.unknown", known=", ".join(known))


def _value(key: str, value: object) -> list[str]:
    """Why a value will not do; empty when it will."""
    good, rule = True, ""
    if key.rpartition(".")[2] in TEXTS:
        good, rule = isinstance(value, str) and "\n" not in value, message("house.text")
    elif key == "language":
        good, rule = value in LANGUAGES, message("cli.one_of", allowed=", ".join(LANGUAGES))
    elif key == "threshold":
        good = type(value) is int and LEAST_THRESHOLD <= value <= MOST_THRESHOLD
        rule = message("fault_threshold", least=LEAST_THRESHOLD, most=MOST_THRESHOLD)
    elif key == "formats":
        good = isinstance(value, list) and bool(value) and all(each in FORMATS for each in value)
        rule = message("cli.one_of", allowed=", ".join(FORMATS))
    elif key in ("form_asks_names", "passphrase"):
        good, rule = type(value) is bool, message("house.boolean")
    elif key == "edition.year":
        good, rule = type(value) is int and 1900 <= value <= 2999, message("cli.year")
    elif key == "edition.date":
        good, rule = _is_day(value), message("house.date")
    elif key == "logo" or key.startswith("folders."):
        good = isinstance(value, str) and (bool(value) or key == "logo") and "\\" not in value and ":" not in value
        good = good and not PurePosixPath(str(value)).is_absolute() and ".." not in PurePosixPath(str(value)).parts
        rule = message("house.logo" if key == "logo" else "house.folder")
    return [] if good else [rule]


def _is_day(value: object) -> bool:
    if type(value) is datetime.date:
        return True
    try:
        return isinstance(value, str) and bool(datetime.date.fromisoformat(value))
    except ValueError:
        return False


def _line(text: str, key: str, section: str) -> int | None:
    """The line on which a key stands, in its section or written with a point."""
    at = ""
    for number, line in enumerate(text.split("\n"), 1):
        if head := re.match(r"\s*\[\s*([^\]]*?)\s*\]", line):
            at = head[1]
            if head[1] == key and not section:
                return number
        name = re.escape(key)
        here = rf"\s*[\"']?{name}[\"']?\s*[=.]" if at == section else rf"\s*{re.escape(section)}\s*(\.\s*{name}|=)"
        if re.match(here, line):
            return number
    return None
