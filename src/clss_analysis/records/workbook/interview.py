"""The sheets of an interview: what a social worker types about a household, and the tables that it fills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from clss_analysis.records.schema import MONTH_OR_YEAR, MONTHS
from clss_analysis.records.vocabulary import codes, first_message, label, message, shipped_rows
from clss_analysis.records.workbook.plan import FAMILIES, VERDICT, Column, columns, words

FORMAT = "clss-workbook 2"
GIVEN = ("id", "household", "index")
"""What the rows of an empty workbook hold already; a row with nothing else was not filled in."""
WHAT = {"situations": "ethos", "housing_problems": "problem", "health_impacts": "symptom", "domain_impacts": "impact"}
"""Tables that the one list of dwelling and health leads to, and the column that its word fills."""
_VOCABULARIES = {"ethos": "ethos", "problem": "housing_problem", "symptom": "symptom", "impact": "domain_impact"}
DIRECTIONS = ("out", "in", "both")


def sheet_titles(lang: str) -> dict[str, str]:
    """Key → name of each sheet of an interview, in its order.

    >>> list(sheet_titles("fr").values())[:3]
    ['Ménage', 'Personnes', 'Grille']
    """
    return {sheet: message(f"workbook.interview.{sheet}", lang) for sheet in dict.fromkeys(key for key, _ in _plan())}


def table_sheets() -> dict[str, str]:
    """Table → key of the sheet that fills it."""
    filled = {row["table"]: key for key, row in _plan() if row["field"] != VERDICT}
    return filled | dict.fromkeys(WHAT, "housing")


def behind() -> dict[str, str]:
    """The tables that no sheet of an interview fills, with their family: their sheets are on demand."""
    return {table: family for family, tables in FAMILIES for table in tables if table not in table_sheets()}


def entries(sheet: str, lang: str) -> tuple[Column, ...]:
    """The columns of a sheet of an interview, from left to right, each by its key."""
    return tuple(_entry(row, lang) for key, row in _plan() if key == sheet)


@cache
def _plan() -> tuple[tuple[str, dict[str, str]], ...]:
    return tuple((row["sheet"], row) for row in shipped_rows("clss_analysis.records.workbook", "interview.csv"))


def _entry(row: Mapping[str, str], lang: str) -> Column:
    column = next(each for each in columns(row["table"], lang) if each.name == row["field"])
    sheet, key = row["sheet"], row["key"]
    bare, number = key.rstrip("12345"), key[len(key.rstrip("12345")) :]
    title, hint = f"workbook.interview.{sheet}.{bare}", f"workbook.interview.help.{sheet}.{bare}"
    if key in (*GIVEN[:2], "family", "shown"):
        hint = "workbook.interview.help.given"
    elif column.kind in MONTHS:
        hint = f"workbook.interview.help.{'date' if column.kind == MONTH_OR_YEAR else 'month'}"
    criterion = label("criterion", codes("criterion")[int(number) - 1], lang) if number else ""
    said = {"n": number, "criterion": criterion}
    main = next((each["table"] for name, each in _plan() if name == sheet and each["key"] == "household"), "households")
    return replace(
        column,
        required=column.required and row["table"] == main and key not in (*GIVEN, "label", "lane", "residence"),
        name=key,
        title=first_message((title,), lang, column.title, **said),
        help=first_message((hint,), lang, column.help, **said),
    )


def listed(lang: str) -> dict[str, tuple[str, str]]:
    """Word → table and code, for the one list of dwelling, health and what they change."""
    return {
        word: (table, code)
        for table, column in WHAT.items()
        for code, word in words(_VOCABULARIES[column], lang).items()
    }


def directions(lang: str) -> dict[str, str]:
    """Word → who turns to whom."""
    return {message(f"workbook.interview.{each}", lang): each for each in DIRECTIONS}
