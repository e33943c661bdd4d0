"""A sociogenogram in words: the short alternative, the long description, and what each part is called."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pandas as pd

from clss_analysis.layout.genogram.family.kinship import UNBORN, Kin, Member
from clss_analysis.layout.genogram.family.persons import NUMBERLESS, UNTOLD, related
from clss_analysis.layout.genogram.months import quality_of, unsure
from clss_analysis.layout.geometry import Line, Symbol
from clss_analysis.records import Case, label, message
from clss_analysis.records.residence import Stay
from clss_analysis.records.typography import agreed, counted, listed, opening, sentence, short_month
from clss_analysis.records.years import first_month, last_month, reached
from clss_analysis.records.years import rows as rows_of

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
    said = _persons(case, kin, lang)
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
    said = counted("sociogenogram.finding.around", len(services), lang, persons=around)
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
    groups: dict[str, list[str]] = defaultdict(list)
    for service, institution in sorted(institutions.items()):
        groups[institution].append(names[service])
    placed = [
        sentence(message("sociogenogram.alt.institution", lang, name=name, who=listed(sorted(who), lang)))
        for name, who in sorted(groups.items())
    ]
    paragraphs = [
        [*_persons(case, kin, lang), *_unions(kin, lang), *_alike(kin, lang)],
        placed,
        _arrows(lines, names, lang),
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
            said[symbol.id] = ", ".join([member.label, *_facts(member, lang), *where])
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
    way = "unknown" if kind.startswith("unknown") else "both" if base.endswith("-both") else "one"
    words = [message(f"part.{way}", lang, source=names[line.source], target=_said(line.target, names))]
    if way != "unknown":
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


def _persons(case: Case, kin: Kin, lang: str) -> list[str]:
    def say(key: str, **values: object) -> str:
        return sentence(message(f"sociogenogram.alt.{key}", lang, **values))

    inside = [kin.members[p] for row in kin.rows for p in row if kin.members[p].inside]
    outside = [kin.members[p] for row in kin.rows for p in row if not kin.members[p].inside]
    who = listed([_described(m, lang) for m in inside], lang)
    n = len(inside) + any(m.numberless for m in inside)  # children whose number is not told are more than one
    together = sentence(counted("sociogenogram.alt.together", n, lang, case=case.label, who=who)) if n else ""
    said = [together or say("nobody", case=case.label)]
    said = [say("vacant", case=case.label)] if outside and not inside else said
    return said + [say("elsewhere", who=listed([_described(m, lang) for m in outside], lang))] * bool(outside)


def _unions(kin: Kin, lang: str) -> list[str]:
    said = []
    born: dict[str, set[str]] = defaultdict(set)
    for union in kin.unions:
        for child, kind in zip(union.children, union.kinds, strict=True):
            born[child].update(union.parents if kind == "birth" else ())
    for union in kin.unions:
        parents = sorted(union.parents, key=lambda p: _place(kin, p))
        who = listed([within(kin.members[p].label) for p in parents], lang)
        if union.couple is not None:
            said.append(sentence(message(f"sociogenogram.alt.couple.{union.state or 'unknown'}", lang, who=who)))
        if len(parents) > 1 and related(born, *parents):
            said.append(sentence(message("sociogenogram.alt.kin", lang, who=who)))
        told = list(zip(union.children, union.kinds, map(union.over, union.rows), strict=True))
        still = {child for child, _, over in told if not over}
        past = [child for child, kind, over in told if over and kind != "birth" and child not in still]
        if former := [within(kin.members[child].label) for child in past]:
            said.append(sentence(message("sociogenogram.alt.former", lang, who=who, children=listed(former, lang))))
        if now := [(child, kind) for child, kind, over in told if not over or kind == "birth"]:
            kids = listed([within(kin.members[child].label) for child, _ in now], lang)
            kinds = {kind for _, kind in now}
            key = "step" if kinds == {"step"} else "children" if kinds <= {"birth", ""} else "chosen"
            said.append(sentence(message(f"sociogenogram.alt.{key}", lang, who=who, children=kids)))
    return said


def _alike(kin: Kin, lang: str) -> list[str]:
    """Who are identical twins, who lives together in one home elsewhere, and who under the household's roof."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for m in kin.members.values():
        if m.identical and m.twin_group:
            groups["identical", m.twin_group].append(within(m.label))
        for unit in m.units:
            groups["unit", unit].append(within(m.label))
        if m.under_roof:
            groups["roof", ""].append(within(m.label))
    return [
        sentence(message(f"sociogenogram.alt.{key}", lang, who=listed(sorted(who), lang), unit=word))
        for (key, word), who in sorted(groups.items())
        if len(who) > 1 or key == "roof"
    ]


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


def _said(end: str, names: Mapping[str, str]) -> str:
    return names[end] if end.startswith("actor-") else within(names[end])


def unsure_words(case: Case, kin: Kin, names: Mapping[str, str], month: pd.Period | None, lang: str) -> str:
    """What nobody knows of a month, since the year alone is told, in a sentence; empty where there is nothing."""
    if month is None:
        return ""
    unions, links, ties = unsure(case, month)
    who = [within(member.label) for member in kin.members.values() if member.unsure]
    what = [message("sociogenogram.unsure.home", lang, who=listed(who, lang))] if who else []
    dead = [within(member.label) for member in kin.members.values() if member.death is not None and not member.life]
    what += [message("sociogenogram.unsure.death", lang, who=listed(dead, lang))] if dead else []
    born = [within(m.label) for m in kin.members.values() if m.birth is not None and reached(m.birth, month) is None]
    what += [message("sociogenogram.unsure.birth", lang, who=listed(born, lang))] if born else []
    for pair in unions:
        both = listed([within(names[each]) for each in pair], lang)
        what.append(message("sociogenogram.unsure.union", lang, who=both))
    for parent, child in links:
        ends = {"parent": within(names[parent]), "child": within(names[child])}
        what.append(message("sociogenogram.unsure.link", lang, **ends))
    what += [counted("sociogenogram.count.tie", ties, lang)] * bool(ties)
    return message("sociogenogram.unsure", lang, what=listed(what, lang)) if what else ""


_ARTICLES = ("Le ", "La ", "Les ", "L’", "Un ", "Une ", "Ses ", "Haar ", "Her ", "De ", "Het ", "Een ", "The ")


def within(name: str) -> str:
    """A name as it stands inside a sentence: an article loses its capital.

    >>> within("Le fils"), within("The household"), within("Léa")
    ('le fils', 'the household', 'Léa')
    """
    return name[:1].lower() + name[1:] if name.startswith(_ARTICLES) else name


def _place(kin: Kin, person: str) -> tuple[int, int]:
    row = kin.row_of(person)
    return row, kin.rows[row].index(person)


def _described(member: Member, lang: str) -> str:
    facts, name = _facts(member, lang), within(member.label)
    return f"{name} ({', '.join(facts)})" if facts else name


def _stay(stay: Stay, lang: str) -> str:
    """A row of residence: where, from and until when, for which part of the time."""
    found = [label("residence_kind", stay.kind, lang)]
    found += [label("residence_share", stay.share, lang)] if stay.share else []
    found += [f"({stay.unit})"] if stay.unit else []
    for key, month in (("from", stay.start), ("to", stay.end)):
        if month is not None:
            found.append(message(f"sociogenogram.alt.stay.{key}", lang, month=short_month(month, lang)))
    return " ".join(found)


def _facts(member: Member, lang: str) -> list[str]:
    facts = []
    if member.life in UNBORN or member.life == "deceased":
        facts.append(label("life", member.life, lang))
        if member.death is not None and member.life == "deceased":
            facts.append(message("sociogenogram.alt.death", lang, month=short_month(member.death, lang)))
    elif member.gender is not None and member.gender != "undisclosed":
        facts.append(label("gender", member.gender, lang))
    if member.birth is not None and member.life != "expected":
        key = "lost" if member.life == "lost" else "birth"
        facts.append(
            agreed(message(f"sociogenogram.alt.{key}", lang, month=short_month(member.birth, lang)), member.gender)
        )
    if not member.life:
        facts.append(message("sociogenogram.legend.life-unknown", lang))
    if member.age and member.age.isdigit():
        facts.append(counted("sociogenogram.alt.age", int(member.age), lang))
    elif member.age == NUMBERLESS:
        facts.append(message("sociogenogram.legend.numberless", lang))
    elif member.age and member.age != UNTOLD:
        facts.append(message("sociogenogram.alt.age.many", lang, n=member.age))
    if member.residence == "hosted" and not member.stays:
        facts.append(label("residence", "hosted", lang))
    awaited = member.life in UNBORN or member.birth is not None
    if member.life in UNBORN and member.whereabouts.arrival is not None:
        when = short_month(member.whereabouts.arrival, lang)
        facts.append(agreed(message("sociogenogram.alt.expected", lang, month=when), member.gender))
    facts += [
        message(f"sociogenogram.alt.{key}", lang, month=short_month(month, lang))
        for key, month in (("since", member.whereabouts.arrival), ("until", member.whereabouts.departure))
        if month is not None and not member.whereabouts.home and not (awaited and key == "since")
    ]
    facts += [agreed(_stay(stay, lang), member.gender) for stay in member.stays]
    if member.index:
        facts.append(message("sociogenogram.alt.index", lang))
    return facts
