"""What of a household is to be drawn, before anything has a place; of a dense one, in bundles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from clss_analysis.layout.content_cache import cached_by_content
from clss_analysis.layout.genogram import months
from clss_analysis.layout.genogram.arrows.bundles import bundled
from clss_analysis.layout.genogram.arrows.lines import services_of, shafts, shapes
from clss_analysis.layout.genogram.arrows.typed_ties import Tie, ties
from clss_analysis.layout.genogram.clusters import clustered, frames_of, opened
from clss_analysis.layout.genogram.family.household import at_home
from clss_analysis.layout.genogram.family.kinship import Kin, kin
from clss_analysis.layout.genogram.family.persons import Member
from clss_analysis.layout.genogram.family.positions import Family, bounded, family
from clss_analysis.layout.genogram.legend_entries import legend_entries
from clss_analysis.layout.genogram.service_words import Service
from clss_analysis.layout.genogram.surroundings import Surroundings, surround
from clss_analysis.layout.genogram.text_version import finding
from clss_analysis.layout.genogram.views import View
from clss_analysis.layout.geometry import Line, Mark, Symbol
from clss_analysis.layout.page import Entry
from clss_analysis.records import Case

_surround = cached_by_content(surround)


@dataclass(frozen=True)
class Scene:
    """What is to be drawn, before anything has a place; `whole` is what is found in the picture without a date.

    In a view of some ties, `viewed` are those, and `left` says which are not drawn.
    """

    case: Case
    lang: str
    lived: pd.Period | None
    month: pd.Period | None
    people: Kin
    now: Kin
    arrows: tuple[Tie, ...]
    services: tuple[Service, ...]
    groups: dict[str, str]
    actors: dict[str, str]
    home: Family
    gone: frozenset[str]
    entries: tuple[Entry, ...]
    finding: str
    whole: str
    viewed: tuple[Tie, ...] | None = None
    left: str = ""


def scene_of(
    case: Case, lang: str, lived: pd.Period | None, month: pd.Period | None, view: View | None = None
) -> Scene:
    """Who lives in the household in the month `lived`, and what is there in the month `month`; all ties or a view."""
    people = kin(case, lang=lang)
    now = people.at(lived)
    arrows = ties(case, people)
    services, groups, actors = services_of(case, arrows)
    tied = any(f"household-{case.id}" in (t.source, t.target) for t in arrows)
    home = at_home(family(people, case.id, case.label), people, tied=tied, bare=not services, lang=lang)
    standing_ = at_home(bounded(home, now, now.unborn(lived)), now, tied=tied, bare=not services, lang=lang)
    seen = (*standing_.symbols, *shapes(services))
    lines = (*home.lines, *shafts(arrows))
    present = months.scene(case, month, seen, lines, people.unborn(month))
    gone = frozenset(s.id for s in seen) - {s.id for s in present.symbols}
    framed = [Mark((), "institution")] if {f"actor-{s}" for s in groups} - gone else []
    there = now.without(gone).members.values()
    found = _finding(present.symbols, present.lines, there, actors, lang)
    whole = _finding(seen, lines, people.members.values(), actors, lang)
    drawn, viewed, left = present.lines, None, ""
    if view is not None:
        asked = holding(case, people, ties(view.rows(case), people), month)
        viewed = tuple(filter(None, map(view.lane, asked)))
        drawn = (*(line for line in drawn if line.kind != "arrow"), *shafts(viewed))
        found, left = view.words(case, viewed, holding(case, people, arrows, month), lang)
    entries = legend_entries(
        present.symbols,
        drawn,
        (*framed, *months.on_lines(standing_.marks, drawn)),
        lang,
        ages=frozenset(m.age for m in there) - {""},
        notes=frozenset((m.note, m.inside) for m in there if m.note and not m.loss),
        genders=frozenset(m.gender for m in there if m.gender),
    )
    return Scene(
        case, lang, lived, month, people, now, arrows, services, groups, actors, home, gone, entries, found, whole,
        viewed, left
    )  # fmt: skip


def _finding(
    symbols: Iterable[Symbol], lines: Iterable[Line], there: Iterable[Member], actors: Mapping[str, str], lang: str
) -> str:
    """What is found of those who are there."""
    others = [s.id for s in symbols if s.id.startswith("actor-")]
    living = [m.numberless for m in there if m.life not in ("lost", "deceased")]
    return finding(lines, others, living.count(False), actors, lang, children=any(living))


def placed(
    scene: Scene, held: tuple[Tie, ...], room: tuple[float, float] | None, best: int, *, dense: bool
) -> tuple[Surroundings, ...]:
    """The services round the family; of a dense picture those of an institution in one column."""
    services, groups, frames = scene.services, scene.groups, {}
    if dense:
        (services, clusters), groups, frames = clustered(scene.services, scene.groups), {}, frames_of(scene.groups)
    ends = tuple((tie.source.removeprefix("actor-"), tie.target.removeprefix("actor-")) for tie in held)
    plain = tuple((frames.get(a, a), frames.get(b, b)) for a, b in ends)
    found = _surround(services, groups, plain, scene.home, room, best=best, dense=dense)
    return tuple(opened(each, clusters, scene.groups, ends) for each in found) if dense else found


def bundles_of(scene: Scene, arrows: tuple[Tie, ...]) -> tuple[Tie, ...]:
    """Ties as a dense picture has them."""
    frames = {f"actor-{service}": frame for service, frame in frames_of(scene.groups).items()}
    home = f"household-{scene.case.id}"
    inside = frozenset(f"person-{m.id}" for m in scene.people.members.values() if m.inside)
    there = any(s.id == home for s in scene.home.symbols)
    return bundled(arrows, frames, home if there else "", inside)


def holding(case: Case, people: Kin, arrows: tuple[Tie, ...], month: pd.Period | None) -> tuple[Tie, ...]:
    """The ties that hold in a month, as they are then."""
    lines = months.scene(case, month, (), shafts(arrows)).lines
    rows = {row.row for line in lines for row in line.rows}
    then = ties(replace(case, ties=case.ties[case.ties["id"].isin(rows)]), people)
    undated = {row for line in lines if months.quality_of(line.role)[2] for row in line.rows}
    return tuple(
        replace(tie, quality=f"{tie.quality}-{months.UNDATED}".lstrip("-")) if undated.issuperset(tie.rows) else tie
        for tie in then
    )
