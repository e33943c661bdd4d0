"""Records from a REFI-QDA project: passages become statements, users pseudonyms, cases households."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from clss_analysis.records.exchange.found import ASSUMED, NO_PLACE, UNCLEAR
from clss_analysis.records.exchange.household import frame_of
from clss_analysis.records.exchange.qda_words import QdaProject, QdaSelection, QdaSource
from clss_analysis.records.schema import table_names
from clss_analysis.records.sheet import FORBIDDEN
from clss_analysis.records.tables import Records
from clss_analysis.records.vocabulary import message

_LINE_END = re.compile("\r\n?")


def records_of(project: QdaProject, *, lang: str = "fr") -> Records:
    """Records that hold what a project says.

    Passages that overlap are one statement, whose codings keep their places in it; so coders who marked the same lines
    a word apart spoke of the same statement.  A passage that nobody coded is a statement without coding.  Text outside
    every passage stays where it is.  The sources of one case are one household; a source in none, or in several, is a
    household of its own.

    Args:
        project: what was read.
        lang: language of the designations.
    """
    return _Making(project, lang).records()


class _Making:
    def __init__(self, project: QdaProject, lang: str) -> None:
        self.project, self.lang = project, lang
        self.rows: dict[str, list[dict[str, str]]] = {name: [] for name in table_names()}
        self.source = message("exchange.source", lang, format=project.format)
        self.codes = {code.key: f"K{n}" for n, code in enumerate(project.codes, start=1)}
        self.homes: dict[str, str] = {}
        self.coders: dict[str, str] = {}

    def records(self) -> Records:
        for code in self.project.codes:
            label = _clean(code.name).replace("\n", " ").strip()
            self.project.tally.add("Code.name", ASSUMED, not label)
            parent = self.codes.get(code.parent, "")
            label = label or self.codes[code.key]
            self.add(
                "codes",
                id=self.codes[code.key],
                parent=parent,
                label=label,
                definition=_clean(code.description).strip(),
            )
        for source in self.project.sources:
            self.statements(source)
        if not self.homes:
            self.project.tally.add("households", ASSUMED)
            self.home_of("")
        tables: dict[str, Any] = {name: frame_of(self.rows[name], name) for name in table_names()}
        left = " ".join(f"{each.told(self.lang)}." for each in self.project.tally.listed())
        return Records(
            name="import-refi-qda",
            title=message("exchange.title", self.lang, format=self.project.format),
            synthetic=False,
            sha256="",
            source=self.source,
            description=message("exchange.description", self.lang, format=self.project.format, left=left or "—"),
            language=self.lang,
            **tables,
        )

    def statements(self, source: QdaSource) -> None:
        outside = len(source.text)
        for start, end, selections in _merged(source.selections):
            outside -= end - start
            text = _clean(source.text[start:end])
            if not text.strip():
                self.project.tally.add("PlainTextSelection", UNCLEAR)
                continue
            home = self.home_of(source.case or f"source {source.key}")
            statement = f"ST{len(self.rows['statements']) + 1}"
            self.project.tally.add("statements.context", ASSUMED)
            self.add("statements", id=statement, household=home, speaker=message("coding.speaker", self.lang),
                     context="individual", wording="verbatim", text=text)  # fmt: skip
            given: set[tuple[str, ...]] = set()
            for selection in selections:
                span = _span(source.text, start, selection, text)
                for code, user in selection.codings:
                    coding = (self.codes[code], self.coder_of(user), *span)
                    if coding not in given:
                        given.add(coding)
                        self.coding(home, statement, coding)
                    else:
                        self.project.tally.add("Coding", UNCLEAR)
        self.project.tally.add("characters", NO_PLACE, outside)

    def coding(self, home: str, statement: str, coding: tuple[str, ...]) -> None:
        code, coder, start, end = coding
        number = len(self.rows["codings"]) + 1
        self.add("codings", id=f"G{number}", household=home, statement=statement, code=code, coder=coder, start=start,
                 end=end)  # fmt: skip

    def home_of(self, key: str) -> str:
        if key not in self.homes:
            number = len(self.homes) + 1
            self.homes[key] = f"H{number}"
            self.add("households", id=f"H{number}", label=message("exchange.household", self.lang, n=number))
        return self.homes[key]

    def coder_of(self, user: str) -> str:
        if user not in self.coders:
            self.project.tally.add("Coding.creatingUser", ASSUMED, not user)
            self.coders[user] = f"C{len(self.coders) + 1}"
        return self.coders[user]

    def add(self, table: str, **cells: str) -> None:
        self.rows[table].append({"source": self.source, "reading": "false"} | cells)


def _merged(selections: Iterable[QdaSelection]) -> list[tuple[int, int, list[QdaSelection]]]:
    """Stretches of text covered by passages that overlap, in order, with those passages."""
    stretches: list[tuple[int, int, list[QdaSelection]]] = []
    for each in sorted(selections, key=lambda found: (found.start, -found.end)):
        if stretches and each.start < stretches[-1][1]:
            start, end, among = stretches[-1]
            stretches[-1] = (start, max(end, each.end), [*among, each])
        else:
            stretches.append((each.start, each.end, [each]))
    return stretches


def _clean(text: str) -> str:
    """Text as a cell may hold it: lines end in LF, and control characters are gone."""
    return FORBIDDEN.sub("", _LINE_END.sub("\n", text))


def _span(text: str, start: int, selection: QdaSelection, whole: str) -> tuple[str, str]:
    """Where a passage lies in its statement; empty for all of it."""
    first = len(_clean(text[start : selection.start]))
    last = len(_clean(text[start : selection.end]))
    if (first == 0 and last == len(whole)) or first >= last:
        return "", ""
    return str(first), str(last)
