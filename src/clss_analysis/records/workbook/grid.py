"""The criteria sheet as a form: five criteria a household, and the intake rule worked out live."""

from __future__ import annotations

from typing import Any

import pandas as pd

from clss_analysis.records.intake import FEWEST_MET, REQUIRED, intake_verdict
from clss_analysis.records.vocabulary import codes, label, message
from clss_analysis.records.workbook.pages import letter_of
from clss_analysis.records.workbook.plan import FIRST, VERDICT, Column
from clss_analysis.records.workbook.styles import Styles

LIVE_ROWS = 2_000
"""Rows of the criteria table above which no verdict is worked out live: every one styles at all rows."""


def write_verdicts(
    sheet: Any,  # noqa: ANN401  # xlsxwriter is untyped
    styles: Styles,
    criteria: pd.DataFrame,
    across: tuple[Column, ...],
    last: int,
    lang: str,
) -> None:
    """Add the verdict of every household, and empty grids of five rows to fill in.

    The formula says what `intake_verdict` says: three criteria of five at least, the first among them; a criterion
    that is empty is unknown and may still decide.  In an empty grid the household is chosen on its first row.
    """
    place = {column.name: number for number, column in enumerate(across)}
    letter = {name: letter_of(number) for name, number in place.items()}
    next_row = FIRST + len(criteria)
    if len(criteria) <= LIVE_ROWS:
        homes = criteria["household"].tolist()
        for position, home in enumerate(homes):
            if position == 0 or homes[position - 1] != home:
                now = verdict_words(criteria[criteria["household"] == home], lang)
                formula = _formula(letter, FIRST + position, last, lang)
                sheet.write_formula(FIRST - 1 + position, place[VERDICT], formula, styles.verdict, now)
    for row in range(next_row, last - len(codes("criterion")) + 2, len(codes("criterion"))):
        for step, criterion in enumerate(codes("criterion")):
            look = styles.group(first=step == 0)
            sheet.write_string(row - 1 + step, place["criterion"], label("criterion", criterion, lang), look)
            if step:
                first = f"${letter['household']}${row}"
                sheet.write_formula(
                    row - 1 + step, place["household"], f'=IF({first}="","",{first})', styles.example, ""
                )
        if len(criteria) <= LIVE_ROWS:
            sheet.write_formula(row - 1, place[VERDICT], _formula(letter, row, last, lang), styles.verdict, "")
    add_colours(sheet, styles, f"{letter[VERDICT]}{FIRST}:{letter[VERDICT]}{last}", lang)


def _formula(letter: dict[str, str], row: int, last: int, lang: str) -> str:
    """The rule for the household of a row, over all rows of the sheet."""

    def whole(name: str) -> str:
        return f"${letter[name]}${FIRST}:${letter[name]}${last}"

    home = f"${letter['household']}{row}"
    yes, no = (_quoted(message(f"workbook.{word}", lang)) for word in ("yes", "no"))
    here = f"({whole('household')}={home})"
    first = f"({whole('criterion')}={_quoted(label('criterion', REQUIRED, lang))})"

    def count(answer: str, among: str = here) -> str:
        return f"SUMPRODUCT({among}*({whole('met')}={answer}))"

    first_met, first_unmet = (count(answer, f"{here}*{first}") for answer in (yes, no))
    return f'=IF({home}="","",{verdict_formula(count(yes), count(no), first_met, first_unmet, lang)})'


def verdict_formula(met: str, unmet: str, first_met: str, first_unmet: str, lang: str) -> str:
    """The intake rule as a formula, of the formulas that count what is met and what is not, and the first of them."""
    five = len(codes("criterion"))
    eligible, not_eligible, undecided = (_quoted(_word(outcome, lang)) for outcome in (True, False, None))
    decided = (
        f"IF(AND({first_met}>0,{met}>={FEWEST_MET}),{eligible},"
        f"IF(OR({first_unmet}>0,{five}-{unmet}<{FEWEST_MET}),{not_eligible},{undecided}))"
    )
    return f'{decided}&" ("&{met}&"/{five})"'


def verdict_words(criteria: pd.DataFrame, lang: str) -> str:
    """What the intake rule says of one household's grid, as the sheet shows it; empty where a criterion is twice."""
    if criteria["criterion"].duplicated().any():
        return ""
    verdict = intake_verdict(criteria)
    return f"{_word(verdict.eligible, lang)} ({verdict.met}/{len(codes('criterion'))})"


def _word(eligible: bool | None, lang: str) -> str:  # noqa: FBT001  # three states, as the rule gives them
    key = {True: "eligible", False: "not_eligible", None: "undecided"}[eligible]
    return message(f"workbook.{key}", lang)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def add_colours(sheet: Any, styles: Styles, where: str, lang: str) -> None:  # noqa: ANN401
    """A colour for each verdict, as its formula gives it."""
    for eligible, look in ((True, styles.good), (False, styles.bad), (None, styles.open)):
        rule = {"type": "text", "criteria": "begins with", "value": _word(eligible, lang), "format": look}
        sheet.conditional_format(where, rule)
