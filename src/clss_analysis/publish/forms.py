"""`{{fact …}}` and its kin in a chapter: words in their place before any engine reads them.

The grammar is that of `docs/howto-chapter.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd

from clss_analysis.publish.facts import FactError, Facts, passes
from clss_analysis.records import Row, typography
from clss_analysis.records.escape import attribute
from clss_analysis.records.vocabulary import LANGUAGES, message

FORM = re.compile(r"\{\{\s*(\w+)\b((?:[^{}]|\{[^{}]*\})*)\}\}")
OPTIONS = frozenset({"words", "digits", "ordinal", "month", "year", "lower", "capital", "rest"})
_OPEN = re.compile(r"\{\{(?!<)")
_CODE = re.compile(r"(?P<tick>`+)(?!`).*?(?<!`)(?P=tick)(?!`)")
_QUOTED = re.compile(r"=\"(?:[^\"\\]|\\.)*\"")
_TOKEN = re.compile(r"(?:[^\s\"]|\"[^\"]*\")+")
_CELL = re.compile(r"(\w+)\.([^=~!\s]+)\.(\w+)(?:(!?[=~])(.*))?", re.DOTALL)
_PLACE = re.compile(r"\{([a-z_]+(?: [a-z_]+)*)\}")
DIVISION = re.compile(r"^ {0,3}:{3,}\s*(\S.*)?$")
_LANGUAGE = re.compile(r"lang=\"?([a-z]{2})")
_SAID = re.compile(r"\[([^\]]*)\]\{lang=\w+\}")
_ESCAPED = re.compile(r"\\(.)")
_NAMED = 6  # rows that a pointer's hint names: what fits one line


@dataclass(frozen=True)
class Answer:
    """What a form says: the rows that bear it, its words by the largest number of the line, and its own number.

    `text` is Markdown; `worded` is the number where it stands in words.
    """

    rows: tuple[Row, ...]
    where: str
    text: Callable[[int], str]
    worded: int = 0


@dataclass
class Spoken:
    """The language of each line of a chapter: its own, or that of the innermost division that names one."""

    own: str
    _open: list[str | None] = field(default_factory=list)

    def at(self, line: str) -> str:
        """The language after this line, which may open or close a division."""
        if division := DIVISION.match(line):
            if division[1]:
                named = _LANGUAGE.search(division[1])
                self._open.append(named[1] if named else None)
            elif self._open:
                self._open.pop()
        return next((each for each in reversed(self._open) if each in LANGUAGES), None) or self.own


@dataclass
class Reading:
    """One chapter being read: the language of the division it stands in, and the rows it has cited so far."""

    facts: Facts
    cited: set[Row] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._spoken, self._lang = Spoken(self.facts.lang), self.facts.lang

    def line(self, text: str) -> tuple[list[str], list[str]]:
        """A line of Markdown that is no code, its forms put in: the lines it becomes, and the rules it breaks."""
        self._lang = self._spoken.at(text)
        if "{{" not in text:
            return [text], []
        code = [found.span() for found in _CODE.finditer(text)]
        faults: list[str] = []
        answers: list[tuple[re.Match[str], Answer | None]] = []
        for found in FORM.finditer(text):
            if any(start <= found.start() < end for start, end in code):
                continue
            try:
                answers.append((found, self._answer(found)))
            except FactError as error:
                faults.append(str(error))
                answers.append((found, None))
        most = max((answer.worded for _, answer in answers if answer), default=0)
        line, end = "", 0
        for found, answer in answers:
            line, end = self._put(line + text[end : found.start()], found, answer, most), found.end()
        line += text[end:]
        if not faults and _OPEN.search(_CODE.sub("", line)):
            faults.append(message("facts.form"))
        if not line.strip() and answers:
            return [], faults
        return (line.rstrip() if answers else line).split("\n"), faults

    def _put(self, before: str, found: re.Match[str], answer: Answer | None, most: int) -> str:
        words = answer.text(most) if answer else ""
        if not answer or not words:
            return before.rstrip(" ") if found[1] == "holds" else before
        before = typography.elided(before, words, self._lang)
        quoted = any(each.start() <= found.start() < each.end() for each in _QUOTED.finditer(found.string))
        if quoted or found[1] == "rows" or found.string.startswith("#"):
            return before + (attribute(_ESCAPED.sub(r"\1", _SAID.sub(r"\1", words))) if quoted else words)
        return before + (_span(words, answer.rows, answer.where, self._lang) if answer.rows else words)

    def _answer(self, found: re.Match[str]) -> Answer:
        verb, body = found[1], found[2]
        query, bar, rest = body.partition("|")
        form = f"{{{{{verb} {query.strip()}}}}}"
        tokens = _TOKEN.findall(query)
        options = frozenset(tokens) & OPTIONS
        asked = [token for token in tokens if token not in OPTIONS]
        forms = [each.strip(" ") for each in rest.split("|")] if bar else []
        answers = {"fact": self._fact, "count": self._count, "list": self._list, "holds": self._holds}
        if verb == "rows" and asked and bar:
            return self._rows(asked, options, rest.strip(" "), form)
        if verb not in answers:
            raise FactError(message("facts.form"))
        if not asked or (forms and verb in ("list", "holds")):
            raise FactError(message("facts.query", form=form))
        answer = answers[verb](asked, options, forms, form)
        self.cited.update(answer.rows)
        if "capital" not in options:
            return answer
        return Answer(answer.rows, answer.where, lambda most: typography.capital(answer.text(most)), answer.worded)

    def _fact(self, asked: list[str], options: frozenset[str], forms: list[str], form: str) -> Answer:
        found = _CELL.fullmatch(asked[0])
        if not found or len(asked) > 1:
            raise FactError(message("facts.query", form=form))
        where = (found[1], found[2], found[3])
        rows = (Row(found[1], found[2]),)
        value, about = self.facts.cell(*where, form)
        lang = self._lang
        if found[4] or about["type"] == "boolean":
            if not forms:
                raise FactError(message("facts.query", form=form))
            truth = None if pd.isna(value) else passes(value, found[4] or "=", [(found[5] or "true").strip('"')])
            chosen = {True: 0, False: 1, None: 2}[truth]
            if chosen >= len(forms):
                raise FactError(message("facts.choice", form=form))
            frame = forms[chosen]
            shown, worded = self.facts.shown(where, options, lang, form) if "#" in frame else ("", 0)
        else:
            number = about["type"] in ("integer", "number")
            if forms and not number:
                raise FactError(message("facts.query", form=form))
            shown, worded = self.facts.shown(where, options, lang, form)
            counts = number and not options & {"year", "ordinal", "digits"}
            frame = self._form(float(value), forms, form) if forms else "#"
            if not forms and counts and typography.is_singular(float(value), lang) and "\u202f%" not in shown:
                raise FactError(message("facts.singular", form=form))

        def text(most: int) -> str:
            return frame.replace("#", typography.in_words(worded, lang, most=most) if worded else shown)

        return Answer(rows, ".".join(where), text, worded)

    def _count(self, asked: list[str], options: frozenset[str], forms: list[str], form: str) -> Answer:
        frame = self.facts.rows(asked[0], asked[1:], form)
        n, lang = len(frame), self._lang
        words = not options & {"digits", "ordinal"}
        if not forms and words and typography.is_singular(n, lang):
            raise FactError(message("facts.singular", form=form))
        chosen = self._form(n, forms, form) if forms else "#"

        def text(most: int) -> str:
            plain = typography.ordinal(n, lang) if "ordinal" in options else str(typography.number(n, lang=lang))
            return chosen.replace("#", typography.in_words(n, lang, most=most) if words else plain)

        return Answer(_rows(asked[0], frame), "", text, n if words else 0)

    def _form(self, n: float, forms: list[str], form: str) -> str:
        """The form for a number, of « one | many » or « none | one | many »."""
        if len(forms) not in (2, 3) or (n == 0 and len(forms) == 2):
            raise FactError(message("facts.choice", form=form))
        none, one, many = forms if len(forms) == 3 else ("", *forms)
        return none if n == 0 else one if typography.is_singular(n, self._lang) else many

    def _list(self, asked: list[str], options: frozenset[str], _: list[str], form: str) -> Answer:
        table, column = asked[0].partition(".")[::2]
        frame = self.facts.rows(table, asked[1:], form)
        if frame.empty:
            raise FactError(message("facts.empty", form=form))
        parts = [self.facts.shown((table, str(row), column), options, self._lang, form)[0] for row in frame["id"]]
        if "lower" in options:
            parts = [part[:1].lower() + part[1:] for part in parts]
        said = typography.listed(list(dict.fromkeys(parts)), self._lang)
        return Answer(_rows(table, frame), "", lambda _: said)

    def _rows(self, asked: list[str], options: frozenset[str], template: str, form: str) -> Answer:
        table = asked[0]
        frame = self.facts.rows(table, asked[1:], form)
        if "rest" in options:
            frame = frame[[Row(table, str(each)) not in self.cited for each in frame["id"]]]
        ids = [str(each) for each in frame["id"]]
        if chosen := next((test.removeprefix("id=").split(",") for test in asked[1:] if test.startswith("id=")), None):
            for name in chosen:
                self.facts.cell(table, name, "id", form)
            ids.sort(key=chosen.index)
        lines = []
        for row in ids:
            cells = {each: self._in_row(table, row, each, form) for each in _PLACE.findall(template)}
            lines.append(_PLACE.sub(lambda place, cells=cells: cells[place[1]], template))  # type: ignore[misc]
        self.cited.update(rows := tuple(Row(table, row) for row in ids))
        return Answer(rows, table, lambda _: "\n".join(lines))

    def _in_row(self, table: str, row: str, columns: str, form: str) -> str:
        """The cells of a row that a template names together; what is not told is left out."""
        told = [each for each in columns.split() if not pd.isna(self.facts.cell(table, row, each, form)[0])]
        digits = frozenset({"digits"})
        said = [self.facts.shown((table, row, each), digits, self._lang, form)[0] for each in told]
        words = ", ".join(said) or message("facts.untold_cell", self._lang)
        return _span(words, (Row(table, row),), f"{table}.{row}", self._lang)

    def _holds(self, asked: list[str], _: frozenset[str], __: list[str], form: str) -> Answer:
        if re.fullmatch(r"\d+\+?", asked[0]) and len(asked) > 1:
            frame = self.facts.rows(asked[1], asked[2:], form)
            least = int(asked[0].rstrip("+"))
            true = len(frame) >= least if asked[0].endswith("+") else len(frame) == least
            rows = _rows(asked[1], frame)
        else:
            found = _CELL.fullmatch(asked[0])
            if not found or not found[4] or len(asked) > 1:
                raise FactError(message("facts.query", form=form))
            value = self.facts.cell(found[1], found[2], found[3], form)[0]
            true = passes(value, found[4], [found[5].strip('"')])
            rows = (Row(found[1], found[2]),)
        if not true:
            raise FactError(message("facts.holds", form=form))
        return Answer(rows, "", lambda _: "")


def stated(line: str) -> Iterator[str]:
    """What the conditions of a line state: the values and numbers of its `{{holds …}}`."""
    for found in FORM.finditer(line):
        if found[1] == "holds":
            for token in _TOKEN.findall(found[2]):
                cell = _CELL.fullmatch(token)
                yield cell[5] or "" if cell else token


def _rows(table: str, frame: pd.DataFrame) -> tuple[Row, ...]:
    return tuple(Row(table, str(each)) for each in frame["id"])


def _span(words: str, rows: Sequence[Row], where: str, lang: str) -> str:
    """Words with the rows they come from, which the HTML edition shows where a pointer rests on them."""
    named = ", ".join(f"{row.table}/{row.row}" for row in rows[:_NAMED]) + (", …" if len(rows) > _NAMED else "")
    title = attribute(message("facts.title", lang, where=where or named))
    bearing = " ".join(f"{row.table}/{row.row}" for row in rows)
    return f'[{words}]{{.fait title="{title}" data-rows="{attribute(bearing)}"}}'
