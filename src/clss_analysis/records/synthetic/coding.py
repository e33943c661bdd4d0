"""How two made-up coders read the statements of a synthetic cohort; they do not always agree."""

from __future__ import annotations

from clss_analysis.records.synthetic import words
from clss_analysis.records.synthetic.dice import Dice
from clss_analysis.records.synthetic.household import Household

_AGREES, _NOTHING_FITS = 0.75, 0.1  # chances that the second coder agrees, or finds that no code fits


def make_coding(household: Household, dice: Dice) -> None:
    """Code every statement twice, with dice of its own so that the rest of the cohort stays as it is."""
    statements = [row for table, row in household.rows if table == "statements"]
    for row in statements:
        meant = words.STATEMENTS[row["text"]]
        for coder in ("L1", "L2"):
            given = meant
            if coder == "L2" and not dice.chance(_AGREES):
                others = sorted({*words.STATEMENTS.values()} - {meant})
                given = "none" if dice.chance(_NOTHING_FITS / (1 - _AGREES)) else dice.pick(others)
            household.add("codings", "g", statement=row["id"], code=given, coder=coder)


def codebook() -> list[tuple[str, dict[str, str]]]:
    """The codes that every cohort has."""
    return [
        (
            "codes",
            {"id": code, "parent": parent, "label": label, "definition": definition, "version": "1", "coder": "L1"},
        )
        for code, (parent, label, definition) in words.CODES.items()
    ]
