"""What is wrong with a dataset: file, row, column and rule, never what a cell holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clss_analysis.records.vocabulary import message, told


@dataclass(frozen=True)
class Fault:
    """One fault of a dataset.

    `row` is the line of the CSV file (the header is line 1); `row` and `column` are None where the fault is that
    of a whole file or line.  `rule` says in French what should have been there; neither it nor anything else here
    repeats the content of a cell.

    >>> str(Fault("households.csv", 4, "intake", "un mois s’écrit AAAA-MM")).replace("\u202f", " ")
    'households.csv, ligne 4, colonne intake : un mois s’écrit AAAA-MM'
    """

    file: str
    row: int | None
    column: str | None
    rule: str

    def __str__(self) -> str:
        return self.told("fr")

    def told(self, lang: str) -> str:
        """The line in a language; a rule that is no sentence of the catalogue stays as it is."""
        places = [self.file]
        if self.row is not None:
            places.append(message("fault_row", lang, n=self.row))
        if self.column is not None:
            places.append(message("fault_column", lang, name=self.column))
        return message("fault_line", lang, where=", ".join(places), rule=told(self.rule, lang))


class InvalidRecordsError(ValueError):
    """A dataset that cannot be read; `faults` holds every fault, and the text one line for each.

    `lang` is the language of what was read, that of a workbook; empty where it has none, and whoever asked has one.
    """

    def __init__(self, faults: Iterable[Fault], lang: str = "") -> None:
        self.faults = tuple(faults)
        self.lang = lang
        super().__init__("\n".join(fault.told(lang or "fr") for fault in self.faults))


class UnknownCaseError(ValueError):
    """A household id that the dataset does not hold, or that is no id at all."""


class LinesError(ValueError):
    """An error whose arguments are its lines, so that each can be told again in another language."""

    def __str__(self) -> str:
        return "\n".join(map(str, self.args))


class NotClearedError(LinesError):
    """Something would leave the house that nobody has released; the text says what to do, one line per reason."""


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Faults by file, row and column, each once."""
    return sorted(set(faults), key=lambda fault: (fault.file, fault.row or 0, fault.column or "", fault.rule))
