"""One view of a household's ties: those of one person, of one service, or of one kind of arrow; nobody moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from clss_analysis.layout.genogram.arrows.typed_ties import MARKED, Tie
from clss_analysis.layout.genogram.persons_in_words import within
from clss_analysis.records import Case, message
from clss_analysis.records.arguments import one_of
from clss_analysis.records.typography import counted, opening

KINDS = ("living", "helps", "calls", "working", "other", "unknown")
"""Kinds of arrow in the order of the legend; beside them stand the words for a tie's strength and quality."""


@dataclass(frozen=True)
class View:
    """Which ties are drawn: those that fulfil all that is asked; None for what is not.

    Args:
        person: id of one end.
        service: id of one end, a service, professional or other person.
        arrow: one of `KINDS`, or strong, weak, tense or broken.
    """

    person: str | None = None
    service: str | None = None
    arrow: str | None = None

    def rows(self, case: Case) -> Case:
        """The household with no ties but those of these ends and of this strength or quality.

        Raises:
            ValueError: the household has no such person or service, or there is no such kind of arrow.
        """
        ties = case.ties
        for name, end, asked, table in self._ends(case):
            one_of(name, asked, table["id"])
            ties = ties[(ties[f"from_{end}"] == asked) | (ties[f"to_{end}"] == asked)]
        if self.arrow and one_of("arrow", self.arrow, (*KINDS, *MARKED)) in MARKED:
            ties = ties[(ties["quality"] == self.arrow) | (ties["strength"] == self.arrow)]
        return replace(case, ties=ties)

    def _ends(self, case: Case) -> list[tuple[str, str, str, pd.DataFrame]]:
        told = (("person", "person", self.person, case.persons), ("service", "actor", self.service, case.actors))
        return [(name, end, asked, table) for name, end, asked, table in told if asked]

    def lane(self, tie: Tie) -> Tie | None:
        """A tie, or the one of its two lanes that is of this kind; None where there is none."""
        if self.arrow not in KINDS:
            return tie
        if tie.kind.partition("-")[0] == self.arrow:
            return replace(tie, lanes=1, back="")
        told = tuple((not there, words, start) for there, words, start in tie.told)
        turned = replace(tie, source=tie.target, target=tie.source, kind=tie.back, lanes=1, back="", told=told)
        return turned if tie.back == self.arrow else None

    def words(self, case: Case, drawn: Sequence[Tie], whole: Sequence[Tie], lang: str) -> tuple[str, str]:
        """A title, and a sentence that says how many ties are left out."""
        what = [within(table.set_index("id")["label"][asked]) for _, _, asked, table in self._ends(case)]
        look = "quality" if self.arrow in MARKED else "tie"
        what += [message(f"sociogenogram.legend.{look}-{self.arrow}", lang)] if self.arrow else []
        shown, told = (len({row for tie in ties for row in tie.rows}) for ties in (drawn, whole))
        title, left = (
            counted(f"sociogenogram.view.{key}", n, lang, of=told, what=", ".join(what))
            for key, n in (("title", shown), ("left", told - shown))
        )
        return opening(title, lang), left
