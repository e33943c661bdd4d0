"""The intake rule: who can be accompanied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from clss_analysis.records.arguments import instance, one_of
from clss_analysis.records.typography import sentence, text_of
from clss_analysis.records.vocabulary import codes

if TYPE_CHECKING:
    from clss_analysis.records.tables import Records

REQUIRED = "psychological_impact"
WEIGHING = "eviction"
FEWEST_MET = 3  # criteria of five that must be met, by the publication's rule


@dataclass(frozen=True)
class Verdict:
    """What the rule says of one criteria grid.

    `eligible` is None when what is unknown could still decide.
    """

    eligible: bool | None
    met: int
    unknown: int
    required_met: bool | None
    eviction: bool | None


def intake_verdict(criteria: pd.DataFrame) -> Verdict:
    """Apply the intake rule to the criteria grid of one household.

    At least three of the five criteria, the psychological and emotional impact among them; eviction weighs but
    is not required.  A criterion without a row, or with an empty answer, is unknown, not unmet.

    Args:
        criteria: rows of the `criteria` table of one household, columns `criterion` and `met`.

    Returns:
        The verdict, with the number of criteria met and unknown (of five).

    Raises:
        ValueError: a criterion appears twice.

    Source: La Rue, retour d'expérience CLSS, II.3.  The worked grid of III.3.a (Mme A) meets four of five:

    >>> import clss_analysis as clss
    >>> intake_verdict(clss.read("data/publication").case("A").criteria)
    Verdict(eligible=True, met=4, unknown=0, required_met=True, eviction=True)
    """
    columns = instance("criteria", criteria, pd.DataFrame, "rows of the table criteria").columns
    for name in ("criterion", "met"):
        one_of("columns of criteria", name, columns)
    if criteria["criterion"].duplicated().any():
        raise ValueError("a criterion appears twice for one household")
    met_column: list[bool | None] = criteria["met"].astype("object").where(criteria["met"].notna(), None).tolist()
    answers = dict(zip(criteria["criterion"], met_column, strict=True))
    five = [answers.get(code) for code in codes("criterion")]
    count, unknown = five.count(True), five.count(None)
    required = answers.get(REQUIRED)
    eligible: bool | None
    if required and count >= FEWEST_MET:
        eligible = True
    elif required is False or count + unknown < FEWEST_MET:
        eligible = False
    else:
        eligible = None
    return Verdict(eligible, count, unknown, required, answers.get(WEIGHING))


def in_practice(records: Records) -> list[str]:
    """What a house says, beside the conditions of its rule, of those whom it has accompanied; one sentence each.

    >>> import clss_analysis as clss
    >>> len(in_practice(clss.read("data/publication")))
    1
    """
    rules = records.programme[records.programme["section"] == "intake_rule"]
    return [sentence(text_of(each)) for each in rules["detail"] if text_of(each)]
