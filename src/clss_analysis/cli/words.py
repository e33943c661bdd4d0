"""The words of the command: how it is spoken to, and how it answers, in the language of the house."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from clss_analysis.records.house import folder_around
from clss_analysis.records.house_settings import FILE, FORMATS
from clss_analysis.records.vocabulary import LANGUAGES, message

DONE, FAILED, MISUSED = 0, 1, 2
"""Exit codes of the contract: done; work ran and something failed; asked or given wrongly."""
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_ARGPARSE = (
    (r"the following arguments are required: (.*)", "cli.required"),
    (r"unrecognized arguments: (.*)", "cli.unrecognized"),
    (r"argument (\S+): expected one argument", "cli.expected_one"),
    (r"argument [^:]+: invalid choice: .*", "cli.no_command"),
)


class Parser(argparse.ArgumentParser):
    """argparse in the language of the house: one line per error, no abbreviations."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - argparse's own
        kwargs |= {"add_help": False, "allow_abbrev": False, "formatter_class": Formatter}
        super().__init__(**kwargs)
        self.words = self.add_argument_group(say("cli.head.words"))
        self.options = self.add_argument_group(say("cli.head.options"))
        self.options.add_argument("-h", "--help", action="help", help=say("cli.help.help"))

    def error(self, message: str) -> NoReturn:
        """Say what was wrong with the words, on one line, and leave with 2."""
        for pattern, key in _ARGPARSE:
            if found := re.fullmatch(pattern, message, re.DOTALL):
                message = say(key, what=found[1] if found.groups() else "")
                break
        complain(f"{self.prog}{say('cli.colon')}{message} {say('cli.see_help', prog=self.prog)}", MISUSED)
        sys.exit(MISUSED)


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help whose first word is in the language of the house."""

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:  # noqa: ANN401 - argparse's own
        """The usage line."""
        super().add_usage(usage, actions, groups, f"{say('cli.head.usage')} " if prefix is None else prefix)


def filled(key: str) -> str:
    """A sentence in lines that a terminal holds."""
    return textwrap.fill(say(key), 88)


def a_path(text: str) -> Path:
    """A path, not empty."""
    if not text.strip():
        raise argparse.ArgumentTypeError(say("cli.empty"))
    return Path(text)


def a_text(text: str) -> str:
    """A text, not empty."""
    if not text.strip():
        raise argparse.ArgumentTypeError(say("cli.empty"))
    return text


def a_pair(text: str) -> tuple[str, str]:
    """Two ids with = between them."""
    from clss_analysis.records.descriptor import ID  # pandas comes with it

    found = re.fullmatch(rf"({ID.pattern})=({ID.pattern})", text)
    if found is None:
        raise argparse.ArgumentTypeError(say("cli.pair"))
    return found[1], found[2]


def a_year(text: str) -> int:
    """A year of the last or this century."""
    if not re.fullmatch(r"(19|20)[0-9]{2}", text):
        raise argparse.ArgumentTypeError(say("cli.year"))
    return int(text)


def one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    """One of some words."""

    def convert(text: str) -> str:
        if text not in allowed:
            raise argparse.ArgumentTypeError(say("cli.one_of", allowed=", ".join(allowed)))
        return text

    return convert


def some_formats(text: str) -> tuple[str, ...]:
    """Formats of the book, in their own order."""
    asked = text.split(",")
    if not set(asked) <= set(FORMATS):
        raise argparse.ArgumentTypeError(say("cli.one_of", allowed=", ".join(FORMATS)))
    return tuple(name for name in FORMATS if name in asked)


def a_whole_number(text: str) -> int:
    """A whole number, zero or more."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise argparse.ArgumentTypeError(say("cli.whole"))
    return int(text)


def at_least_one(text: str) -> int:
    """A whole number, one or more."""
    if (number := a_whole_number(text)) < 1:
        raise argparse.ArgumentTypeError(say("cli.whole_one"))
    return number


def say(key: str, lang: str | None = None, /, **values: object) -> str:
    """A message in a language; default: that of the command."""
    return message(key, lang or language(), **values)


def say_of(key: str, n: int) -> str:
    """A message about a number, in the language of the command."""
    from clss_analysis.records.typography import counted

    return counted(key, n, language())


def language() -> str:
    """The language of the command itself: the environment variable CLSS_LANG, else that of the house, else French."""
    lang = os.environ.get("CLSS_LANG") or _of_the_house()
    return lang if lang in LANGUAGES else "fr"


def _of_the_house() -> str:
    """The language of the `clss.toml` around; empty where it has none, or is not sound, which is told elsewhere."""
    with suppress(OSError, ValueError):
        folder = folder_around()
        return "" if folder is None else _language_in((folder / FILE).read_text(encoding="utf-8"))
    return ""


@lru_cache(maxsize=1)
def _language_in(settings: str) -> str:
    """The language that the text of a `clss.toml` says; help alone asks some two hundred times."""
    return str(tomllib.loads(settings).get("language", ""))


def speak(line: str) -> None:
    """A line for who asked; nothing in it moves a terminal."""
    print(_UNPRINTABLE.sub("\ufffd", line))  # noqa: T201 - a command speaks


def speak_json(content: object) -> None:
    """An answer for a machine."""
    print(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True))  # noqa: T201 - a command speaks


def refuse(lines: Iterable[str]) -> int:
    """Say what will not do, a line each; gives the exit code for it."""
    for line in lines:
        complain(line, MISUSED)
    return MISUSED


def complain(line: str, code: int) -> int:
    """A line on stderr; gives the exit code back."""
    print(_UNPRINTABLE.sub("\ufffd", line), file=sys.stderr)  # noqa: T201 - a command speaks
    return code


def is_agreed(gone: int, *, yes: bool) -> bool:
    """Whether rows may go: said beforehand, or on a terminal now."""
    if not gone or yes:
        return True
    if sys.stdin is None or not sys.stdin.isatty():
        complain(say_of("update.needs_yes", gone), MISUSED)
        return False
    return input(say("update.ask", n=gone)).strip().casefold() in say("update.agreed").split()
