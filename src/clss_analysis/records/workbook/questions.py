"""The questions of a form for one household: what a workbook asks of it, as KoboToolbox and ODK ask."""

from __future__ import annotations

from dataclasses import dataclass

from clss_analysis.records.vocabulary import codes, label, message
from clss_analysis.records.workbook.plan import IDENTIFYING, Column, columns

REPEATS = (
    "persons", "couples", "filiations", "situations", "housing_problems", "health_impacts", "domain_impacts", "actors",
    "ties", "events", "statements",
)  # fmt: skip
"""Tables asked as repeated groups; what belongs to the project and not to a household is no question of the form."""

NUMBERED = {"persons": "-", "actors": "-x"}
"""Tables whose rows are cited by their rank in the form, and what stands between household and rank in their ids."""

_NOT_ASKED = {"households": ("consent", "source", "reading")}
MET, EVIDENCE = "met_", "evidence_"


@dataclass(frozen=True)
class Question:
    """A question: its name in the form, its words, and the column of the workbook that it fills."""

    name: str
    label: str
    column: Column
    criterion: str = ""


def main_questions(lang: str) -> list[Question]:
    """What is asked once: the household, then the five criteria with their evidence."""
    asked = _asked("households", lang)
    across = {column.name: column for column in columns("criteria", lang)}
    for criterion in codes("criterion"):
        said = label("criterion", criterion, lang)
        evidence = f"{said} ({across['evidence'].title.lower()})"
        asked.append(Question(f"{MET}{criterion}", said, across["met"], criterion))
        asked.append(Question(f"{EVIDENCE}{criterion}", evidence, across["evidence"], criterion))
    return asked


def repeated_questions(table: str, lang: str) -> list[Question]:
    """What is asked for every row of a table."""
    return _asked(table, lang)


def _asked(table: str, lang: str) -> list[Question]:
    left = _NOT_ASKED.get(table, ("id", "household", "source", "reading", "order"))
    return [
        Question(column.name, column.title, column)
        for column in columns(table, lang)
        if column.name not in left and column.kind not in ("mark", "verdict")
    ]


def group_name(table: str, lang: str) -> str:
    """The words of a repeated group: those of the sheet."""
    return message(f"workbook.sheet.{table}", lang)


def is_private(table: str, question: Question) -> bool:
    """Whether an answer never reaches a dataset."""
    return question.name in IDENTIFYING.get(table, ())
