"""The chapters' Markdown with everything included, each line still knowing the file and line it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from clss_analysis.publish.facts import Facts
from clss_analysis.publish.forms import DIVISION, Reading
from clss_analysis.publish.project import Chapter
from clss_analysis.records.escape import markdown
from clss_analysis.records.faults import Fault
from clss_analysis.records.vocabulary import message
from clss_analysis.runs.markdown import UNLESS_PRINT, lines_of

RUNS = "_runs/"
SHORTCODE = re.compile(r"\{\{<\s*(\S+)\s*(.*?)\s*>\}\}")
_COMMENT = re.compile(r"^\s*<!--(?:(?!-->).)*-->\s*$")
_VERBATIM = re.compile(r"\\[^\w\s]|=\"(?:[^\"\\]|\\.)*\"|(?P<tick>`+)(?!`).*?(?<!`)(?P=tick)(?!`)")
_DEFINED = re.compile(r"\{#((?:fig|tbl)-[\w-]+)")
_FIGURE = re.compile(r"(?m)^!\[.*\{#(fig-[\w-]+) .*\}$")
_SINGLE = RUNS + "figures/"
SHEET = RUNS + "menage-"
_DEPTH = 5  # includes within includes: a chapter has two, a circle has no end


@dataclass(frozen=True)
class Line:
    """A line of Markdown and where it was written; `code` when it stands in a fenced block."""

    text: str
    file: str
    number: int
    code: bool = False


@dataclass(frozen=True)
class Source:
    """One chapter with its lines."""

    chapter: Chapter
    lines: tuple[Line, ...]

    @property
    def markdown(self) -> str:
        """Its text."""
        return "\n".join(line.text for line in self.lines) + "\n"

    @property
    def figures(self) -> frozenset[str]:
        """Ids of all its figures."""
        found = (name for line in self.lines if not line.code for name in _DEFINED.findall(line.text))
        return frozenset(name for name in found if name.startswith("fig-"))

    @property
    def printed(self) -> frozenset[str]:
        """Ids of the figures that the printed book has: those that stand in no passage for screens alone."""
        found: list[str] = []
        screens = depth = 0
        for line in self.lines:
            fence = None if line.code else DIVISION.match(line.text)
            if fence and fence[1]:
                depth += 1
                screens = screens or (depth if UNLESS_PRINT in line.text else 0)
            elif fence:
                depth -= 1
                screens = screens if depth >= screens else 0
            elif not screens and not line.code:
                found += _DEFINED.findall(line.text)
        return frozenset(name for name in found if name.startswith("fig-"))

    @property
    def from_runs(self) -> frozenset[str]:
        """Ids of the figures and tables that a whole fragment brought; not those of a figure included alone."""
        lines = (line for line in self.lines if line.file.startswith(RUNS) and not line.code)
        return frozenset(
            name for line in lines if not line.file.startswith(_SINGLE) for name in _DEFINED.findall(line.text)
        )


@dataclass(frozen=True)
class Shelf:
    """Where chapters and fragments come from.

    `generated` are fragments that the build itself makes; `tolerant` puts a notice in the place of a fragment that
    is missing because its run failed; `facts` are the records that chapters quote, None where there are none to quote
    and forms stay as they are; `alone` are ids of figures that a chapter shows by themselves, and `lang` is the
    language in which a fragment says where its own figure is then.
    """

    book: Path
    runs: Path
    generated: Mapping[str, str]
    variables: Mapping[str, Any]
    tolerant: bool = False
    facts: Facts | None = None
    alone: frozenset[str] = frozenset()
    lang: str = "fr"

    def read(self, name: str) -> str | None:
        """Text of a file of the book or of a fragment; None when there is none or it lies outside.

        Where a chapter shows a figure by itself, a whole fragment refers to it and does not show it again.
        """
        text = self._read(name)
        if text is None or not name.startswith(RUNS) or name.startswith(_SINGLE):
            return text
        return _FIGURE.sub(lambda found: self._see(found[1]) if found[1] in self.alone else found[0], text)

    def _see(self, name: str) -> str:
        return message("book_see", self.lang, reference=f"@{name}")

    def _read(self, name: str) -> str | None:
        if name.startswith(RUNS):
            inner = name.removeprefix(RUNS)
            if inner in self.generated:
                return self.generated[inner]
            root, path = self.runs.resolve(), (self.runs / inner).resolve()
        else:
            root, path = self.book.resolve(), (self.book / name).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            return None
        return path.read_text(encoding="utf-8")


def assemble(chapters: tuple[Chapter, ...], shelf: Shelf) -> tuple[tuple[Source, ...], list[Fault]]:
    """Chapters with their includes and variables put in, and the faults met on the way."""
    faults: list[Fault] = []
    shelf = showing(chapters, shelf)
    sources = tuple(Source(chapter, tuple(_lines(chapter.file, shelf, faults, 0))) for chapter in chapters)
    return sources, faults


def fragment(name: str, shelf: Shelf, told_as: str) -> Source:
    """One fragment of a runs folder alone, its lines named after what chapters call it."""
    lines = _lines(f"{RUNS}{name}", shelf, [], _DEPTH)
    return Source(Chapter(told_as), tuple(replace(line, file=told_as) for line in lines))


def included(chapters: tuple[Chapter, ...], book: Path) -> dict[str, tuple[str, int]]:
    """Fragments of runs that chapters ask for, by name without `_runs/`: the file and line that asks first.

    Code blocks are passed over; what fragments include in their turn is not followed.
    """
    asked: dict[str, tuple[str, int]] = {}
    for chapter in chapters:
        for name, number in _includes((book / chapter.file).read_text(encoding="utf-8")):
            asked.setdefault(name, (chapter.file, number))
    return asked


def showing(chapters: tuple[Chapter, ...], shelf: Shelf) -> Shelf:
    """The shelf that knows which figures these chapters show by themselves."""
    try:
        texts = [shelf.read(chapter.file) or "" for chapter in chapters]
    except UnicodeDecodeError:
        return shelf  # named with its file where its lines are read
    names = [name for text in texts for name, _ in _includes(text) if (RUNS + name).startswith(_SINGLE)]
    return replace(shelf, alone=frozenset(f"fig-{Path(name).stem.lower()}" for name in names))


def _includes(text: str) -> Iterator[tuple[str, int]]:
    """Fragments of runs that a text asks for outside its code, without `_runs/`, with their lines."""
    for number, (line, code) in enumerate(lines_of(text), 1):
        found = SHORTCODE.fullmatch(line.strip())
        if not code and found and found[1] == "include" and found[2].startswith(RUNS):
            yield found[2].removeprefix(RUNS), number


def outside_code(line: str) -> str:
    """A line with code, escaped characters and quoted attributes blanked, so that what is searched there is prose.

    >>> outside_code("avant `@fig-x` après")
    'avant          après'
    """
    return _VERBATIM.sub(lambda found: " " * len(found[0]), line)


def _lines(name: str, shelf: Shelf, faults: list[Fault], depth: int) -> Iterator[Line]:
    try:
        text = shelf.read(name)
    except UnicodeDecodeError:
        faults.append(Fault(name, None, None, message("book_not_utf8")))
        return
    if text is None:
        faults.append(Fault(name, None, None, message("book_no_file")))
        return
    for line in written(name, text, None if name.startswith(RUNS) else shelf.facts, faults):
        yield from (line,) if line.code else _prose(line, shelf, faults, depth)


def written(name: str, text: str, facts: Facts | None, faults: list[Fault]) -> Iterator[Line]:
    """The lines of a file with what they take from the records put in; what is met in vain is added to the faults."""
    reading = Reading(facts) if facts else None
    for number, (line, code) in enumerate(lines_of(text), 1):
        if code or reading is None:
            yield Line(line, name, number, code=code)
            continue
        lines, rules = reading.line(line)
        faults += (Fault(name, number, None, rule) for rule in rules)
        yield from (Line(each, name, number) for each in lines)


def _prose(line: Line, shelf: Shelf, faults: list[Fault], depth: int) -> Iterator[Line]:
    found = SHORTCODE.fullmatch(line.text.strip())
    if found and found[1] == "include":
        target = found[2]
        if depth >= _DEPTH:
            faults.append(Fault(line.file, line.number, None, message("book_include_depth")))
        elif shelf.read(target) is None:
            if shelf.tolerant and target.startswith(RUNS):
                notice = f"::: {{.callout-warning}}\n{message('book_missing_run', shelf.lang)}\n:::"
                yield from (Line(text, line.file, line.number) for text in notice.split("\n"))
            else:
                faults.append(Fault(line.file, line.number, None, message("book_include", name=target)))
        else:
            sheet = target.startswith(SHEET)
            yield from _mark("debut", line) if sheet else ()
            yield from _lines(target, shelf, faults, depth + 1)
            yield Line("", line.file, line.number)
            yield from _mark("fin", line) if sheet else ()
    elif _COMMENT.match(line.text):
        yield Line("", line.file, line.number)
    else:
        yield Line(_variables(line, shelf.variables, faults), line.file, line.number)


def _mark(which: str, line: Line) -> Iterator[Line]:
    for text in sheet_lines(which):
        yield Line(text, line.file, line.number, code=True)


def sheet_lines(which: str) -> tuple[str, ...]:
    """Markdown of the mark where a household's sheet starts (`debut`) or ends (`fin`)."""
    return ("", f"::: {{.fiche-{which}}}", ":::", "")


def _variables(line: Line, variables: Mapping[str, Any], faults: list[Fault]) -> str:
    if "{{<" not in line.text:
        return line.text

    def value(found: re.Match[str]) -> str:
        if found[1] != "var":
            return found[0]
        inner: Any = variables
        for key in found[2].split("."):
            inner = inner.get(key) if isinstance(inner, Mapping) else None
        if inner is None or isinstance(inner, (dict, list)):
            faults.append(Fault(line.file, line.number, None, message("book_variable", name=found[2])))
            return ""
        return markdown(str(inner))

    spans = [found.span() for found in _VERBATIM.finditer(line.text)]

    def unless_code(found: re.Match[str]) -> str:
        inside = any(start <= found.start() < end for start, end in spans)
        return found[0] if inside else value(found)

    return SHORTCODE.sub(unless_code, line.text)
