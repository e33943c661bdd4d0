"""The persons of a household in words: who lives together, what is told of each, and how they are related."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from clss_analysis.layout.genogram.family.kinship import UNBORN, Kin, Member
from clss_analysis.layout.genogram.family.persons import NUMBERLESS, UNTOLD, related
from clss_analysis.records import Case, label, message
from clss_analysis.records.residence import Stay
from clss_analysis.records.typography import agreed, counted, listed, sentence, short_month
from clss_analysis.records.years import Moment
from clss_analysis.records.years import rows as rows_of

_APART = {"deceased": "deceased", "expected": "expected.who", "lost": "lost.who"}
"""Who lives with nobody, by their life, and the sentence that says so."""
_ARTICLES = ("Le ", "La ", "Les ", "Des ", "L’", "Un ", "Une ", "Ses ", "Haar ", "Her ", "De ", "Het ", "Een ", "The ")


def called(members: Iterable[Member], lang: str) -> dict[str, str]:
    """What to call each person, by id: their label, and their age or life besides where others have the same label."""
    members = list(members)
    alike = Counter(m.label for m in members)
    told = {m.id: _age(m, lang) if m.life == "alive" else _life(m, lang) for m in members}
    return {m.id: f"{m.label} ({told[m.id]})" if alike[m.label] > 1 and told[m.id] else m.label for m in members}


def within(name: str) -> str:
    """A name as it stands inside a sentence: an article loses its capital.

    >>> within("Le fils"), within("The household"), within("Léa")
    ('le fils', 'the household', 'Léa')
    """
    return name[:1].lower() + name[1:] if name.startswith(_ARTICLES) else name


def present(case: Case, kin: Kin, lang: str) -> list[str]:
    """Who lives together and who elsewhere, and apart from them who is dead, expected, or was never born."""

    def say(key: str, **values: object) -> str:
        return sentence(message(f"sociogenogram.alt.{key}", lang, **values))

    members = [kin.members[p] for row in kin.rows for p in row]
    living = [m for m in members if m.life in ("alive", "")]
    inside = [m for m in living if m.inside]
    n = len(inside) + any(m.numberless for m in inside)  # children whose number is not told are more than one
    who = listed([_described(m, lang) for m in inside], lang)
    together = sentence(counted("sociogenogram.alt.together", n, lang, case=case.label, who=who)) if n else ""
    said = [together or say("vacant" if members else "nobody", case=case.label)]
    elsewhere = [m for m in living if not m.inside]
    for key, those in (("elsewhere", elsewhere), *((life, [m for m in members if m.life == life]) for life in _APART)):
        said += [say(_APART.get(key, key), who=listed([_described(m, lang) for m in those], lang))] * bool(those)
    return said + [say("ages")] * any(_age(m, lang) for m in living)


def related_words(case: Case, kin: Kin, lang: str) -> list[str]:
    """Unions and children, identical twins, shared homes, and with whom children are by a decision of custody."""
    names = called(kin.members.values(), lang)
    return [*_unions(kin, names, lang), *_custody(case, names, lang), *_alike(kin, names, lang)]


def _unions(kin: Kin, names: Mapping[str, str], lang: str) -> list[str]:
    said = []
    born: dict[str, set[str]] = defaultdict(set)
    for union in kin.unions:
        for child, kind in zip(union.children, union.kinds, strict=True):
            born[child].update(union.parents if kind == "birth" else ())
    for union in kin.unions:
        parents = sorted(union.parents, key=lambda p: _place(kin, p))
        who = listed([within(names[p]) for p in parents], lang)
        if union.couple is not None:
            said.append(sentence(message(f"sociogenogram.alt.couple.{union.state or 'unknown'}", lang, who=who)))
        if len(parents) > 1 and related(born, *parents):
            said.append(sentence(message("sociogenogram.alt.kin", lang, who=who)))
        told = list(zip(union.children, union.kinds, map(union.over, union.rows), strict=True))
        still = {child for child, _, over in told if not over}
        past = [child for child, kind, over in told if over and kind != "birth" and child not in still]
        if former := [within(names[child]) for child in past]:
            said.append(sentence(message("sociogenogram.alt.former", lang, who=who, children=listed(former, lang))))
        if now := [(child, kind) for child, kind, over in told if not over or kind == "birth"]:
            step = {kind for _, kind in now} == {"step"}
            kids = listed([_child(within(names[c]), "" if step else kind, lang) for c, kind in now], lang)
            key = "step" if step else "children"
            said.append(sentence(message(f"sociogenogram.alt.{key}", lang, who=who, children=kids)))
    return said


def _child(name: str, kind: str, lang: str) -> str:
    """A child, and whose it is where not by birth."""
    return name if kind in ("birth", "") else f"{name} ({label('filiation_kind', kind, lang)})"


def _custody(case: Case, names: Mapping[str, str], lang: str) -> list[str]:
    """With whom a child is by a decision, and when: what the months of a filiation by birth say."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows_of(case.filiations):
        when = _span(row["start"], row["end"], lang)
        if row["kind"] == "birth" and when and {row["parent"], row["child"]} <= names.keys():
            found[names[row["child"]]].append(f"{within(names[row['parent']])} ({' '.join(when)})")
    return [
        sentence(message("sociogenogram.alt.custody", lang, child=within(child), who=listed(who, lang)))
        for child, who in sorted(found.items())
    ]


def _alike(kin: Kin, names: Mapping[str, str], lang: str) -> list[str]:
    """Who are identical twins, who lives together in one home elsewhere, and who under the household's roof."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for m in kin.members.values():
        if m.identical and m.twin_group:
            groups["identical", m.twin_group].append(within(names[m.id]))
        for unit in () if m.under_roof else m.units:  # beside them stands in whose home under the roof they live
            groups["unit", unit].append(within(names[m.id]))
        if m.under_roof:
            groups["roof", ""].append(within(names[m.id]))
    return [
        sentence(message(f"sociogenogram.alt.{key}", lang, who=listed(sorted(who), lang), unit=word))
        for (key, word), who in sorted(groups.items())
        if len(who) > 1 or key == "roof"
    ]


def _place(kin: Kin, person: str) -> tuple[int, int]:
    row = kin.row_of(person)
    return row, kin.rows[row].index(person)


def _described(member: Member, lang: str) -> str:
    """Somebody and what is told of them; of whom a sentence says that they are dead or unborn, what else is told."""
    facts, name = facts_of(member, lang)[member.life in _APART :], within(member.label)
    return f"{name} ({', '.join(facts)})" if facts else name


def _stay(stay: Stay, lang: str) -> str:
    """A row of residence: where, from and until when, for which part of the time."""
    found = [label("residence_kind", stay.kind, lang)]
    found += [label("residence_share", stay.share, lang)] if stay.share else []
    found += [f"({stay.unit})"] if stay.unit else []
    return " ".join([*found, *_span(stay.start, stay.end, lang)])


def _span(start: Moment, end: Moment, lang: str) -> list[str]:
    return [
        message(f"sociogenogram.alt.stay.{key}", lang, month=short_month(month, lang))
        for key, month in (("from", start), ("to", end))
        if month is not None
    ]


def _age(member: Member, lang: str) -> str:
    if member.age and member.age.isdigit():
        return counted("sociogenogram.alt.age", int(member.age), lang)
    told = member.age and member.age not in (UNTOLD, NUMBERLESS)
    return message("sociogenogram.alt.age.many", lang, n=member.age) if told else ""


def _life(member: Member, lang: str) -> str:
    return agreed(label("life", member.life, lang), member.gender) if member.life else ""


def facts_of(member: Member, lang: str) -> list[str]:
    """What is told of a person, in a few words each; of the dead and the unborn, first that they are."""
    facts = []
    if member.life in _APART:
        facts.append(_life(member, lang))
        if member.death is not None and member.life == "deceased":
            facts.append(message("sociogenogram.alt.death", lang, month=short_month(member.death, lang)))
        if member.loss:
            facts.append(agreed(label("loss", member.loss, lang), member.gender))
    elif member.gender is not None and member.gender != "undisclosed":
        other = message("sociogenogram.alt.gender.other", lang) if member.gender == "other" else ""
        facts.append(other or label("gender", member.gender, lang))
    if member.birth is not None and member.life != "expected":
        key = "lost" if member.life == "lost" else "birth"
        words = message(f"sociogenogram.alt.{key}", lang, month=short_month(member.birth, lang))
        facts.append(agreed(words, member.gender))
    if not member.life and not member.numberless:
        facts.append(message("sociogenogram.legend.life-unknown", lang))
    if age := _age(member, lang):
        facts.append(age)
    elif member.age == NUMBERLESS:
        facts.append(message("sociogenogram.legend.numberless", lang))
    if member.life in UNBORN and member.whereabouts.arrival is not None:
        when = short_month(member.whereabouts.arrival, lang)
        facts.append(agreed(message("sociogenogram.alt.expected", lang, month=when), member.gender))
    facts += _home(member, lang)
    if member.index:
        facts.append(message("sociogenogram.alt.index", lang))
    return facts


def _home(member: Member, lang: str) -> list[str]:
    """Where somebody lives, with the months of it."""
    facts = []
    if member.residence == "hosted" and not member.stays:
        facts.append(agreed(label("residence", "hosted", lang), member.gender))
    told = member.whereabouts
    awaited = member.life in UNBORN or member.birth is not None
    span = _span(None if awaited else told.arrival, told.departure, lang) if not told.home else []
    facts += [message("sociogenogram.alt.home", lang, when=" ".join(span))] * bool(span)
    return facts + [agreed(_stay(stay, lang), member.gender) for stay in member.stays]
