"""What is being made up: one household, its rows so far, and what its parts must know of each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from clss_analysis.records.synthetic.dice import Dice

LAST = (2025, 12)  # year and month that made-up records end at


@dataclass
class Person:
    """A person of the household, with the true age (that the record may not tell)."""

    id: str
    role: str
    age: int
    alive: bool = True
    at_home: bool = True


@dataclass
class Household:
    """One household under way; its parts are added one after the other, each from the same dice."""

    id: str
    dice: Dice
    kind: str
    plight: str
    intake: int
    months: int
    outcome: str
    threatened: bool
    french: str
    rows: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    problems: set[str] = field(default_factory=set)
    affected: bool = False

    def add(self, table: str, part: str, **cells: str) -> str:
        """Add a row whose id is the household's, the part and a rank; gives the id."""
        prefix = f"{self.id}-{part}"
        rank = sum(1 for name, row in self.rows if name == table and row["id"].startswith(prefix)) + 1
        identifier = f"{prefix}{rank}"
        self.rows.append((table, {"id": identifier, "household": self.id, **cells}))
        return identifier

    @property
    def index(self) -> Person:
        """The person around whom the accompaniment is organised."""
        return self.persons[0]

    def children(self) -> list[Person]:
        """Children who live in the household, eldest first."""
        return [person for person in self.persons if person.role in ("daughter", "son") and person.at_home]

    def pupils(self) -> list[Person]:
        """Children of school age who live in the household, eldest first."""
        return [child for child in self.children() if 6 <= child.age <= 18]

    def closing(self) -> int | None:
        """Month of closing, None while the accompaniment goes on."""
        return None if self.outcome == "ongoing" else self.intake + self.months


def month(number: int) -> str:
    """A month counted from January of year 0, written YYYY-MM.

    >>> month(2024 * 12)
    '2024-01'
    """
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def number_of(year: int, month_of_year: int) -> int:
    """A month as a count from January of year 0.

    >>> month(number_of(2024, 2))
    '2024-02'
    """
    return year * 12 + month_of_year - 1
