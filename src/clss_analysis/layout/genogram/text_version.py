"""A sociogenogram in words: the short alternative, the long description, and what each part is called."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pandas as pd

from clss_analysis.layout.genogram.family.kinship import Kin, Member
from clss_analysis.layout.genogram.months import UNDATED, quality_of, unsure
from clss_analysis.layout.genogram.persons_in_words import called, facts_of, present, related_words, within
from clss_analysis.layout.geometry import Line, Symbol
from clss_analysis.records import Case, label, message
from clss_analysis.records.typography import counted, listed, opening, sentence, short_month
from clss_analysis.records.years import first_month, last_month, reached
from clss_analysis.records.years import rows as rows_of

_QUALITIES = ("strong", "weak", "tense", "broken", UNDATED)
_HUB = 3  # others to whom somebody has ties, for a title to say so
_ORDER = ("living-both", "living", "helps", "calls", "working-both", "working", "other-both", "other", "unknown")


def alt_text(case: Case, kin: Kin, names: Mapping[str, str], lines: Iterable[Line], lang: str) -> str:
    """In short: who lives together, on whom they call, who comes to them, and around whom the others work together.

    Args:
        case: the household.
        kin: its persons, as drawn.
        names: what to call every end of an arrow.
        lines: all lines, as drawn.
        lang: fr, nl or en.
    """
    arrows: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.kind == "arrow":
            arrows[line.role.removeprefix("tie-").partition("_")[0].removesuffix("-both")].append(line)
    said = present(case, kin, lang)
    for kind, end in (("calls", "target"), ("helps", "source")):
        if who := sorted({names[getattr(line, end)] for line in arrows[kind]}):
            said.append(sentence(message(f"sociogenogram.alt.short.{kind}", lang, who=listed(who, lang))))
    if work := arrows["working"]:
        met = Counter(end for line in work for end in (line.source, line.target))
        hub = names[min(met, key=lambda end: (-met[end], names[end]))]
        said.append(sentence(counted("sociogenogram.alt.short.working", len(work), lang, who=hub)))
    if not any(arrows.values()):
        said.append(sentence(message("sociogenogram.alt.no-ties", lang)))
    return " ".join(said)


def finding(
    lines: Iterable[Line],
    services: Collection[str],
    persons: int,
    names: Mapping[str, str],
    lang: str,
    *,
    children: bool = False,
) -> str:
    """The title: how many work around how many, and who of them has ties to most of the others.

    Args:
        lines: those drawn.
        services: ids of the symbols of services and other persons.
        persons: how many persons are drawn who are alive or expected.
        names: what to call the services within a sentence, by their own id.
        lang: fr, nl or en.
        children: whether there are children besides, whose number is not told.
    """
    around = counted("sociogenogram.finding.persons", persons, lang)
    around += message("sociogenogram.finding.children", lang) if children and persons else ""
    if not services:
        alone = persons and not children
        return opening(counted("sociogenogram.finding.alone", persons, lang), lang) if alone else ""
    who = names[next(iter(services)).removeprefix("actor-")]
    said = counted("sociogenogram.finding.around", len(services), lang, persons=around, who=who)
    met: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if line.kind == "arrow" and {line.source, line.target} <= {*services}:
            met[line.source].add(line.target)
            met[line.target].add(line.source)
    first = sorted(met, key=lambda end: (-len(met[end]), end))[:2]
    most = [len(met[end]) for end in first]
    if most and most[0] >= _HUB and most[1:] != most[:1]:
        name = names[first[0].removeprefix("actor-")]
        said += counted("sociogenogram.finding.hub", most[0], lang, of=len(services) - 1, hub=name)
        said = said.replace(" à le ", " au ").replace(" à les ", " aux ")
    return opening(said, lang)


def description(
    case: Case, kin: Kin, names: Mapping[str, str], institutions: Mapping[str, str], lines: Iterable[Line], lang: str
) -> str:
    """Who lives together and how they are related, who works where, who calls on whom and who works with whom.

    Args:
        case: the household.
        kin: its persons, as drawn.
        names: what to call every end of an arrow.
        institutions: institution of each service that is drawn in an institution's frame.
        lines: all lines, as drawn.
        lang: fr, nl or en.

    Returns:
        Paragraphs of sentences, one a line: the persons, the institutions, the ties.
    """
    lines = tuple(lines)
    groups: dict[str, list[str]] = defaultdict(list)
    for service, institution in sorted(institutions.items()):
        groups[institution].append(names[service])
    placed = [
        sentence(message("sociogenogram.alt.institution", lang, name=name, who=listed(sorted(who), lang)))
        for name, who in sorted(groups.items())
    ]
    paragraphs = [
        [*present(case, kin, lang), *related_words(case, kin, lang)],
        placed,
        [*_arrows(lines, names, lang), *_qualities(lines, names, lang)],
    ]
    return "\n".join(" ".join(paragraph) for paragraph in paragraphs if paragraph)


def caption(case: Case, services: int, members: Iterable[Member], lang: str, month: str = "") -> str:
    """The figure's caption; children whose number is not told are named, and counted as nobody."""
    members = list(members)
    persons = [counted("sociogenogram.count.person", sum(not m.numberless for m in members), lang)]
    persons += [message("sociogenogram.numberless", lang, who=within(m.label)) for m in members if m.numberless]
    key = "sociogenogram.caption.month" if month else "sociogenogram.caption"
    return message(
        key,
        lang,
        case=case.label,
        persons=listed(persons, lang),
        services=counted("sociogenogram.count.service", services, lang),
        month=month,
    )


def parts(
    case: Case, kin: Kin, names: Mapping[str, str], symbols: Iterable[Symbol], lines: Iterable[Line], lang: str
) -> dict[str, str]:
    """What each symbol and line is, in a few words, by its id.

    Args:
        case: the household.
        kin: its persons, as drawn.
        names: what to call persons, services and the household, by id.
        symbols: those drawn.
        lines: those drawn.
        lang: fr, nl or en.
    """
    actors = {f"actor-{row['id']}": row for row in case.actors.to_dict("records")}
    ties = {str(row["id"]): row for row in rows_of(case.ties)}
    said: dict[str, str] = {}
    for symbol in symbols:
        if symbol.kind == "person":
            member = kin.members[symbol.id.removeprefix("person-")]
            told = member.unsure or member.residence == "hosted" or member.life not in ("alive", "")
            where = [] if told or member.stays else [label("residence", member.residence, lang)]
            said[symbol.id] = ", ".join([member.label, *facts_of(member, lang), *where])
        elif symbol.id in actors:
            row = actors[symbol.id]
            house = [] if pd.isna(row["institution"]) else [str(row["institution"])]
            said[symbol.id] = ", ".join([str(row["label"]), label("actor_kind", str(row["kind"]), lang), *house])
        elif symbol.kind == "institution":
            held = listed([str(actors[f"actor-{row.row}"]["label"]) for row in symbol.rows], lang)
            said[symbol.id] = message("part.family", lang, who=names[symbol.id], what=held)
        elif symbol.kind == "household":
            said[symbol.id] = f"{case.label}, {message('sociogenogram.legend.household', lang)}"
    for line in lines:
        if line.kind == "arrow":
            said[line.id] = _arrow_words(line, names, [ties[row.row] for row in line.rows], lang)
        else:
            who = listed([within(names[member]) for member in line.members], lang)
            said[line.id] = message(
                "part.family", lang, who=who, what=message(f"sociogenogram.legend.{line.role}", lang)
            )
    return said


def _arrow_words(line: Line, names: Mapping[str, str], rows: list[dict[str, Any]], lang: str) -> str:
    base, quality, undated = quality_of(line.role.removeprefix("tie-"))
    kind = base.removesuffix("-both")
    words = [_between(base, names[line.source], _said(line.target, names), lang)]
    if not kind.startswith("unknown"):
        words.append(message(f"sociogenogram.legend.tie-{kind}", lang))
    words += [message(f"sociogenogram.legend.quality-{each}", lang) for each in quality.split("-") if each]
    words += [message("sociogenogram.legend.quality-undated", lang)] * undated
    words += [counted("sociogenogram.count.tie", len(rows), lang)] * (len(rows) > 1)
    words += list(dict.fromkeys(str(row["label"]) for row in rows if not pd.isna(row["label"])))
    return ", ".join([*words, *when_words(rows, lang)])


def when_words(rows: list[dict[str, Any]], lang: str) -> list[str]:
    """Since when and until when these ties hold together, as far as every one of them says."""
    starts, ends = ([row[end] for row in rows] for end in ("start", "end"))
    words = []
    if not any(pd.isna(start) for start in starts):
        words.append(message("part.since", lang, month=short_month(min(starts, key=first_month), lang)))
    if not any(pd.isna(end) for end in ends):
        words.append(message("part.until", lang, month=short_month(max(ends, key=last_month), lang)))
    return words


def _arrows(lines: Iterable[Line], names: Mapping[str, str], lang: str) -> list[str]:
    """One sentence for each kind of arrow and source (or target, for what services do)."""
    grouped: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line in lines:
        if line.kind != "arrow":
            continue
        kind = line.role.removeprefix("tie-").partition("_")[0]
        there, back = (_said(end, names) for end in (line.source, line.target))
        if kind.startswith("unknown"):
            grouped["unknown", there].append(back)
        elif kind == "helps":
            grouped["helps", back].append(there)
        else:
            grouped[kind, there].append(back)
    said = [
        sentence(message(f"sociogenogram.alt.{kind}", lang, pivot=pivot, who=listed(sorted(set(others)), lang)))
        for kind in _ORDER
        for (found, pivot), others in sorted(grouped.items())
        if found == kind
    ]
    return said or [sentence(message("sociogenogram.alt.no-ties", lang))]


def _qualities(lines: Iterable[Line], names: Mapping[str, str], lang: str) -> list[str]:
    """Which ties are strong, weak, tense or broken, and of which no month is known."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        if line.kind == "arrow":
            base, quality, undated = quality_of(line.role)
            ends = (_said(line.source, names), _said(line.target, names))
            for each in [*filter(None, quality.split("-")), *([UNDATED] if undated else [])]:
                found[each].append(_between(base.removeprefix("tie-"), *ends, lang))
    order = [quality for quality in _QUALITIES if quality in found]
    return [
        sentence(
            message(
                "part.family",
                lang,
                who=opening(message(f"sociogenogram.legend.quality-{quality}", lang), lang),
                what=message("part.next", lang).join(sorted(found[quality])),
            )
        )
        for quality in order
    ]


def _between(base: str, source: str, target: str, lang: str) -> str:
    """The two ends of an arrow in its direction."""
    way = "unknown" if base.startswith("unknown") else "both" if base.endswith("-both") else "one"
    return message(f"part.{way}", lang, source=source, target=target)


def _said(end: str, names: Mapping[str, str]) -> str:
    return names[end] if end.startswith("actor-") else within(names[end])


def unsure_words(case: Case, kin: Kin, names: Mapping[str, str], month: pd.Period | None, lang: str) -> str:
    """What nobody knows of a month, since the year alone is told, in a sentence; empty where there is nothing."""
    if month is None:
        return ""
    unions, links, ties = unsure(case, month)
    call = called(kin.members.values(), lang)
    who = [within(call[m.id]) for m in kin.members.values() if m.unsure]
    what = [message("sociogenogram.unsure.home", lang, who=listed(who, lang))] if who else []
    dead = [within(call[m.id]) for m in kin.members.values() if m.death is not None and not m.life]
    what += [message("sociogenogram.unsure.death", lang, who=listed(dead, lang))] if dead else []
    born = [within(call[m.id]) for m in kin.members.values() if m.birth is not None and reached(m.birth, month) is None]
    what += [message("sociogenogram.unsure.birth", lang, who=listed(born, lang))] if born else []
    for pair in unions:
        both = listed([within(names[each]) for each in pair], lang)
        what.append(message("sociogenogram.unsure.union", lang, who=both))
    for parent, child in links:
        ends = {"parent": within(names[parent]), "child": within(names[child])}
        what.append(message("sociogenogram.unsure.link", lang, **ends))
    what += [counted("sociogenogram.count.tie", ties, lang)] * bool(ties)
    return message("sociogenogram.unsure", lang, what=listed(what, lang)) if what else ""
