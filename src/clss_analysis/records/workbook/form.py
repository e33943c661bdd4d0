"""The questions of a workbook as a form for one household, for KoboToolbox or ODK."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from clss_analysis.records.atomic import write_file
from clss_analysis.records.escape import xlsx_book
from clss_analysis.records.intake import FEWEST_MET, REQUIRED
from clss_analysis.records.schema import IDENTIFYING, MONTH_FORM, MONTH_OR_YEAR, MONTH_OR_YEAR_FORM
from clss_analysis.records.vocabulary import codes, label, message
from clss_analysis.records.workbook.plan import FORMS, Column, columns, words

REPEATS = (
    "persons", "couples", "filiations", "residences", "situations", "housing_problems", "health_impacts",
    "domain_impacts", "actors", "ties", "events", "statements",
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
    asked = questions_of("households", lang)
    across = {column.name: column for column in columns("criteria", lang)}
    for criterion in codes("criterion"):
        said = label("criterion", criterion, lang)
        evidence = f"{said} ({across['evidence'].title.lower()})"
        asked.append(Question(f"{MET}{criterion}", said, across["met"], criterion))
        asked.append(Question(f"{EVIDENCE}{criterion}", evidence, across["evidence"], criterion))
    return asked


def questions_of(table: str, lang: str) -> list[Question]:
    """What is asked of a row of a table."""
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


_COLUMNS = (
    "type", "name", "label", "hint", "required", "constraint", "constraint_message", "appearance", "calculation",
)  # fmt: skip
_MONTHS = {
    "yearmonth": f"regex(., '^{MONTH_FORM.pattern}$')",
    MONTH_OR_YEAR: f"regex(., '^{MONTH_OR_YEAR_FORM.pattern}$')",
}
_TYPES = {"integer": "integer", "number": "decimal", "boolean": "select_one yes_no"}
_LONG = ("summary", "detail", "note", "evidence", "text")
Row = dict[str, str]


def write_form(path: str | Path, lang: str = "fr", *, names: bool = False) -> None:
    """Write an XLSForm for one household per submission: its persons, family, dwelling, criteria, network and course.

    The intake rule is worked out on the spot, as in the workbook.  Persons and actors are cited by their rank in the
    form.  What the form gathers, exported as .xlsx, is imported like a workbook.

    Args:
        path: the file (.xlsx); one that is there is replaced.
        lang: language of the questions: fr, nl or en.
        names: whether the server may hold names, dates of birth, addresses and numbers: else none is asked.
    """
    write_file(Path(path), _bytes(lang, names=names))


def _bytes(lang: str, *, names: bool) -> bytes:
    buffer = io.BytesIO()
    book = xlsx_book(buffer)
    title = message("workbook.form_title", lang)
    settings = {"form_title": title, "form_id": "clss_menage", "version": "1", "default_language": lang}
    survey = list(_survey(lang, names=names))
    for name, header, rows in (
        ("survey", _COLUMNS, survey),
        ("choices", ("list_name", "name", "label"), list(_choices(survey, lang))),
        ("settings", tuple(settings), [settings]),
    ):
        sheet = book.add_worksheet(name)
        for place, column in enumerate(header):
            sheet.write_string(0, place, column)
            for number, row in enumerate(rows, start=1):
                if row.get(column):
                    sheet.write_string(number, place, row[column])
    book.close()
    return buffer.getvalue()


def _survey(lang: str, *, names: bool) -> Iterable[Row]:
    asked = [each for each in main_questions(lang) if names or not _identifies(each)]
    yield {"type": "begin_group", "name": "household", "label": group_name("households", lang)}
    yield from (_row(each, lang) for each in asked if not each.criterion)
    yield {"type": "end_group"}
    for table in REPEATS:
        name = group_name(table, lang)
        yield {"type": "begin_repeat", "name": table, "label": name}
        if table in NUMBERED:
            yield {"type": "calculate", "name": f"rank_{table}", "calculation": "position(..)"}
            rank = message("workbook.form_rank", lang, what=name, rank=f"${{rank_{table}}}")
            yield {"type": "note", "name": f"note_{table}", "label": rank}
        yield from (_row(each, lang) for each in questions_of(table, lang) if names or not _identifies(each))
        yield {"type": "end_repeat"}
    yield {"type": "begin_group", "name": "criteria", "label": group_name("criteria", lang)}
    yield from (_row(each, lang) for each in asked if each.criterion)
    yield from _verdict(lang)
    yield {"type": "end_group"}


def _verdict(lang: str) -> Iterable[Row]:
    def count(answer: str) -> str:
        return " + ".join(f"if(${{{MET}{each}}} = '{answer}', 1, 0)" for each in codes("criterion"))

    first, five = f"${{{MET}{REQUIRED}}}", len(codes("criterion"))
    said = {key: message(f"workbook.{key}", lang) for key in ("eligible", "not_eligible", "undecided")}
    yield {"type": "calculate", "name": "criteria_met", "calculation": count("yes")}
    yield {"type": "calculate", "name": "criteria_unmet", "calculation": count("no")}
    decided = (
        f"if({first} = 'yes' and ${{criteria_met}} >= {FEWEST_MET}, '{said['eligible']}', "
        f"if({first} = 'no' or {five} - ${{criteria_unmet}} < {FEWEST_MET}, '{said['not_eligible']}', "
        f"'{said['undecided']}'))"
    )
    yield {"type": "calculate", "name": "verdict", "calculation": decided}
    yield {"type": "note", "name": "note_verdict", "label": f"**${{verdict}}** (${{criteria_met}}/{five})"}


def _row(question: Question, lang: str) -> Row:
    column = question.column
    row = {"type": _TYPES.get(column.kind, "text"), "name": question.name, "label": question.label}
    if column.kind == "code":
        row["type"] = f"select_one {column.vocabulary}"
    if column.kind in _MONTHS:
        row |= {
            "constraint": _MONTHS[column.kind],
            "constraint_message": message(f"workbook.form.{FORMS[column.kind]}", lang),
        }
    if column.name in _LONG:
        row["appearance"] = "multiline"
    if column.required and column.kind != "id":
        row["required"] = "yes"
    cited = column.kind == "reference"
    row["hint"] = message("workbook.form_cited", lang, what=group_name(column.target, lang)) if cited else column.help
    if _identifies(question):
        row["hint"] = message("workbook.form_private", lang)
    return row


def _identifies(question: Question) -> bool:
    return question.column.kind == "identifying"


def _choices(survey: Iterable[Row], lang: str) -> Iterable[Row]:
    lists = {row["type"].removeprefix("select_one ") for row in survey if row["type"].startswith("select_one ")}
    for name in ("yes", "no"):
        yield {"list_name": "yes_no", "name": name, "label": message(f"workbook.{name}", lang)}
    for vocabulary in sorted(lists - {"yes_no"}):
        for code, word in words(vocabulary, lang).items():
            yield {"list_name": vocabulary, "name": code, "label": word}
