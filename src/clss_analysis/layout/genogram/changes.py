"""The sociogenogram over time: which months to show, what is there in each, what came and what went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd

from clss_analysis.layout.genogram.drawing import sociogenogram, standing
from clss_analysis.layout.genogram.family.kinship import Member, kin
from clss_analysis.layout.genogram.months import BORN, CHILD, DEAD, STAY, UNION, Scene, scene, spans
from clss_analysis.layout.genogram.persons_in_words import called, within
from clss_analysis.layout.geometry import Layout, Symbol
from clss_analysis.layout.page import NothingToDrawError
from clss_analysis.records import Case, Row, label, message
from clss_analysis.records.arguments import month as month_told
from clss_analysis.records.typography import FIXED, agreed, counted, listed, sentence, short_month
from clss_analysis.records.typography import month as month_in_full
from clss_analysis.records.years import rows as rows_of
from clss_analysis.records.years import turns

MOST = 6
_LONGEST = 120


@dataclass(frozen=True)
class Moment:
    """One month of a course; `came` and `went` are ids of symbols and lines, against the moment before."""

    month: pd.Period
    scene: Scene
    came: frozenset[str]
    went: frozenset[str]
    words: str


@dataclass(frozen=True)
class Course:
    """A household's picture of everything, and what of it is there moment by moment."""

    base: Layout
    moments: tuple[Moment, ...]
    names: dict[str, str]


def course(
    case: Case,
    months: Sequence[str] | None = None,
    *,
    lang: str = "fr",
    every: bool = False,
    whole: Layout | None = None,
    quick: bool = False,
) -> Course:
    """A household's moments.

    Args:
        case: the household.
        months: YYYY-MM each; default: intake, the months in which something changes (at most six, those in which most
            does), closing.  A last month that the record tells makes a change in the month after it.
        lang: fr, nl or en.
        every: all months between the first and the last, up to ten years.
        whole: the household's sociogenogram without a date, where it is laid out already.
        quick: whether the boundary of the whole stands for those of all months, which take time to lay out.

    Returns:
        The moments in order of time; every one has the places of the same whole picture.

    Raises:
        NothingToDrawError: nothing that changes the picture has a month, and no months are given.
        ValueError: one of `months` is no month, or there is none.
    """
    base = whole or sociogenogram(case, lang=lang)
    pictures = _Pictures(case, base, quick=quick)
    chosen = _chosen(case, pictures) if months is None else sorted({month_told("months", month) for month in months})
    if not chosen:
        raise ValueError("a series needs one month, YYYY-MM, or more")
    if every and months is None and 1 < (chosen[-1] - chosen[0]).n < _LONGEST:
        chosen = list(pd.period_range(chosen[0], chosen[-1], freq="M"))
    names = _names(case, base)
    moments: list[Moment] = []
    for month in chosen:
        now = pictures.scene(month)
        before = moments[-1].scene if moments else now
        came = now.ids - before.ids
        went = frozenset(i for i in before.ids - now.ids if not i.startswith((UNION, CHILD)))
        said = _told(now, names, pictures.kin.members, lang)
        if moments:
            lived, living = (pictures.kin.at(each).members for each in (moments[-1].month, month))
            moved = [
                m for m in living.values()
                if m.note and m.note != lived[m.id].note and came & {f"{STAY}{stay.id}" for stay in m.stays}
            ]  # fmt: skip
            unions = [*_unions(before, now, names, lang), *_children(case, before, now, names, lang)]
            said = _changed(base, came, went, names, pictures.kin.members, (moved, unions), lang)
        moments.append(Moment(month, now, came, went, said))
    return Course(base, tuple(moments), names)


def month_words(month: pd.Period, lang: str = "fr") -> str:
    """A month in full.

    >>> month_words(pd.Period("2023-12", freq="M"))
    'décembre 2023'
    """
    return month_in_full(month, lang).replace(FIXED, " ")


def heading(case: Case, month: pd.Period, lang: str = "fr") -> str:
    """A month in full, with its part in the follow-up: start, closing, after the closing."""
    row = case.households.iloc[0]
    intake, closing = (None if pd.isna(row[column]) else row[column] for column in ("intake", "closing"))
    parts = [message("series.intake", lang)] * (month == intake) + [message("series.closing", lang)] * (
        month == closing
    )
    if closing is not None and month > closing:
        parts.append(message("series.after", lang))
    return ", ".join([month_words(month, lang), *parts])


class _Pictures:
    """The whole picture within each boundary that the household has in some month, laid out once."""

    def __init__(self, case: Case, base: Layout, *, quick: bool) -> None:
        self.case, self.base, self.quick = case, base, quick
        self.kin = kin(case, lang=base.lang)
        self.laid = {self._as_of(None): base}
        self.scenes: dict[pd.Period, Scene] = {}

    def scene(self, month: pd.Period) -> Scene:
        """What is there in a month, at its places."""
        if month not in self.scenes:
            self.scenes[month] = self._scene(month)
        return self.scenes[month]

    def _scene(self, month: pd.Period) -> Scene:
        now = self._as_of(month)
        if now not in self.laid:
            self.laid[now] = self.base if self.quick else standing(self.case, month, lang=self.base.lang)
        layout = self.laid[now]
        living = self.kin.at(month).members
        drawn = tuple(_as_of(s, living) for s in layout.symbols if s.kind != "legend")
        there = scene(self.case, month, drawn, layout.lines, self.kin.unborn(month))
        return replace(there, whole=layout)

    def _as_of(self, month: pd.Period | None) -> frozenset[tuple[object, ...]]:
        """Who lives where, and who is alive."""
        return frozenset((p, m.residence, m.note, m.life) for p, m in self.kin.at(month).members.items())


def _as_of(symbol: Symbol, living: Mapping[str, Member]) -> Symbol:
    """A symbol with the rows that hold in the month, wherever it was laid out."""
    if symbol.kind != "person":
        return symbol
    member = living[symbol.id.removeprefix("person-")]
    return replace(symbol, rows=(Row("persons", member.id), *(Row("residences", stay.id) for stay in member.stays)))


def _chosen(case: Case, pictures: _Pictures) -> list[pd.Period]:
    """Intake, the months of most change, closing; a month in which the picture is as before is left out."""
    row = case.households.iloc[0]
    intake, closing = (None if pd.isna(row[column]) else row[column] for column in ("intake", "closing"))
    told = [span for each in spans(case).values() for span in each]
    dates = {month for span in told for month in turns(*span)}
    dates = {d for d in dates if (intake is None or d > intake) and (closing is None or d <= closing + 1)}
    if not dates:
        raise NothingToDrawError(message("show.nothing.sociogenogram-series"))
    first = intake if intake is not None else min(dates) - 1
    scenes = {month: pictures.scene(month) for month in sorted({first, *dates})}
    ordered = sorted(scenes)
    change = {b: len(scenes[a].ids ^ scenes[b].ids) for a, b in pairwise(ordered)}
    most = sorted((m for m in change if change[m]), key=lambda m: (-change[m], m))[:MOST]
    if not most:
        raise NothingToDrawError(message("show.nothing.sociogenogram-series"))
    return sorted({first, *most, *({closing} if closing is not None and closing > first else ())})


def _names(case: Case, base: Layout) -> dict[str, str]:
    names = {f"person-{p}": who for p, who in called(kin(case, lang=base.lang).members.values(), base.lang).items()}
    names |= {f"actor-{row['id']}": str(row["label"]) for row in case.actors.to_dict("records")}
    return {s.id: names[s.id] for s in base.symbols if s.id in names}


def _told(now: Scene, names: dict[str, str], members: Mapping[str, Member], lang: str) -> str:
    people = [s.id.removeprefix("person-") for s in now.symbols if s.kind == "person"]
    several = [
        message("sociogenogram.numberless", lang, who=within(m.label)) for p in people if (m := members[p]).numberless
    ]
    others = sum(s.id in names for s in now.symbols) - len(people)
    arrows = sum(line.kind == "arrow" for line in now.lines)
    persons = counted("series.person", len(people) - len(several), lang)
    counts = [("series.service", others), ("sociogenogram.count.tie", arrows)]
    return f"{listed([persons, *several, *(counted(key, n, lang) for key, n in counts)], lang)}."


def _changed(
    base: Layout,
    came: frozenset[str],
    went: frozenset[str],
    names: dict[str, str],
    members: Mapping[str, Member],
    told: tuple[list[Member], list[str]],
    lang: str,
) -> str:
    """What changed in words.

    `told` are those beside whom a word came that says where they live, and what changed in unions and filiations.
    """
    lives = [
        (way, m, when)
        for way, mark in (("died", DEAD), ("born", BORN), ("lost", DEAD))
        for m in members.values()
        if f"{mark}person-{m.id}" in came and (when := m.death if way == "died" else m.birth) is not None
        and (way == "lost") == (m.life == "lost")
    ]  # fmt: skip
    came -= {f"person-{m.id}" for way, m, _ in lives if way == "born"}
    arrows = {line.id for line in base.lines if line.kind == "arrow"}
    parts = []
    for ids, way in ((came, "came"), (went, "went")):
        who = [names[s.id] for s in base.symbols if s.id in ids and s.id in names]
        ties = len(ids & arrows)
        who += [counted(f"series.tie-{way}", ties, lang)] if ties else []
        if who:
            parts.append(message(f"series.{way}", lang, who=listed(who, lang)))
    for way, m, when in lives:
        loss = [agreed(label("loss", m.loss, lang), m.gender)] if way == "lost" and m.loss else []
        told_of = ", ".join([names[f"person-{m.id}"], *loss])
        parts.append(message(f"series.{way}", lang, who=told_of, when=short_month(when, lang)))
    where = ((names[f"person-{m.id}"], agreed(m.note, m.gender)) for m in told[0] if not m.loss)
    parts += [message("series.where", lang, who=who, where=note) for who, note in where]
    parts += told[1]
    return " ".join(parts) or message("series.same", lang)


def _unions(before: Scene, now: Scene, names: Mapping[str, str], lang: str) -> list[str]:
    """What became of every union that is told in one of two months: what it is now, or that it has ended."""
    said = []
    then, there = (
        {frozenset(n.members): n for n in each.lines if n.kind == "couple" and n.rows} for each in (before, now)
    )
    for pair in sorted({*then, *there}, key=sorted):
        old, new = then.get(pair), there.get(pair)
        if (old and old.role) != (new and new.role):
            what = f"sociogenogram.legend.{new.role}" if new else "series.union.over"
            who = listed([within(names[each]) for each in sorted(pair)], lang)
            said.append(sentence(message("part.family", lang, who=who, what=message(what, lang))))
    return said


def _children(case: Case, before: Scene, now: Scene, names: Mapping[str, str], lang: str) -> list[str]:
    """Who adopts, fosters or raises a child from a month on, and who does no more."""
    kinds = {str(row["id"]): row["kind"] for row in rows_of(case.filiations)}
    then, there = (
        {n.members: n for n in each.lines if n.role.startswith(("descent-chosen", "descent-step"))}
        for each in (before, now)
    )
    said = []
    for members in sorted({*then, *there}):
        old, new = ([kinds[row.row] for row in each[members].rows] if members in each else [] for each in (then, there))
        if old != new and all(member in names for member in members):
            over = (
                message(f"sociogenogram.legend.{then[members].role.removesuffix('-ended')}-ended", lang) if old else ""
            )
            what = label("filiation_kind", new[0], lang) if new else over
            who = listed([within(names[member]) for member in members], lang)
            said.append(sentence(message("part.family", lang, who=who, what=what)))
    return said
