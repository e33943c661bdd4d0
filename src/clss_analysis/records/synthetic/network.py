"""The network around a household of a synthetic cohort: services, other persons, and services among themselves."""

from __future__ import annotations

from clss_analysis.records.synthetic import words
from clss_analysis.records.synthetic.household import Household, month

_ALWAYS = {"permanence": 6.0, "social": 5.0, "agence": 4.0, "societe": 4.0, "maison-medicale": 3.5, "quartier": 1.5}
_SOMETIMES = {"hopital": 0.5, "population": 0.8, "emploi": 1.0, "mediation-dettes": 1.0, "psychologue": 1.2}
_DIRECTIONS = {"one_way": 0.78, "two_way": 0.17, "unknown": 0.05}
_QUALITIES = {"ordinary": 0.35, "strong": 0.2, "weak": 0.12, "tense": 0.1, "broken": 0.03, "": 0.2}
_FROM_HOUSEHOLD = 0.3  # share of ties in which the household asks the service, and is not offered


def make_network(household: Household) -> None:
    """Add four to twelve services with their ties, their ties to each other, and other persons around."""
    dice = household.dice
    wanted = dice.between(4, 12) - 1
    services = dice.some(_likely(household), wanted)
    _tie(household, "tsc", household.index.id, "one_way", "strong" if dice.chance(0.6) else "")
    for service in services:
        whole = dice.chance(0.45)
        person = "" if whole else _who(household, service)
        _tie(household, service, person, dice.weighted(_DIRECTIONS), dice.weighted(_QUALITIES))
    for other in dice.some(dict.fromkeys(services, 1.0), dice.between(1, 3)):
        if dice.chance(0.75):
            _between(household, "tsc", other)
        elif (third := dice.pick(services)) != other:
            _between(household, other, third)
    for rank, (label, does) in enumerate(dice.some(dict.fromkeys(words.OTHERS, 1.0), dice.between(0, 2)), start=1):
        actor = f"{household.id}-a{rank}"
        household.rows.append(
            ("actors", {"id": actor, "household": household.id, "label": label, "kind": "other_person"})
        )
        quality = "tense" if label == "Propriétaire" else dice.weighted({"strong": 0.4, "weak": 0.3, "": 0.3})
        household.add(
            "ties",
            "t",
            from_actor=actor,
            to_person=household.index.id,
            direction="one_way",
            quality=quality,
            label=does,
        )


def _likely(household: Household) -> dict[str, float]:
    threat, ill = household.threatened, bool(household.problems)
    children = household.children()
    young = any(child.age < 3 for child in children)
    return {
        **_ALWAYS,
        **_SOMETIMES,
        "justice": 5.0 * threat,
        "avocat": 4.0 * threat,
        "aide-juridique": 3.0 * threat,
        "locataires": 1.0 + 2.0 * threat,
        "mediation": 1.0 + threat,
        "bourgmestre": 0.5 * threat,
        "transit": 2.0 * threat + 0.5,
        "accueil": 1.0 * (threat or household.plight == "hosted"),
        "habitat": 0.3 + 2.5 * ill,
        "inspection": 0.1 + 1.2 * ill,
        "sante-mentale": 4.0,
        "devoirs": 3.0 * bool(household.pupils()),
        "ecole": 1.5 * bool(household.pupils()),
        "petite-enfance": 2.0 * young,
        "alphabetisation": 3.0 * (household.french in ("none", "some")),
        "maison-femmes": 1.0 * (household.index.role == "mother"),
    }


def _who(household: Household, service: str) -> str:
    children = household.children()
    if children and service in ("devoirs", "ecole", "petite-enfance"):
        return (children[-1] if service == "petite-enfance" else household.pupils()[-1]).id
    return household.index.id


def _tie(household: Household, service: str, person: str, direction: str, quality: str) -> None:
    dice = household.dice
    asks = service != "tsc" and direction == "one_way" and dice.chance(_FROM_HOUSEHOLD)
    ends = {"from_person": person, "to_actor": service} if asks else {"from_actor": service, "to_person": person}
    known = dice.chance(0.6)
    first = household.intake if service == "tsc" else household.intake + dice.between(0, household.months)
    closing = household.closing()
    last = closing if closing and dice.chance(0.5) else None
    household.add(
        "ties",
        "t",
        **ends,
        direction=direction,
        quality=quality,
        label=dice.pick(words.SUPPORT[service])
        if not asks and dice.chance(0.85)
        else dice.pick(words.REQUESTS)
        if asks
        else "",
        start=month(first) if known else "",
        end=month(max(first, last)) if known and last else "",
    )


def _between(household: Household, a: str, b: str) -> None:
    dice = household.dice
    label = dice.pick(("concertation", "transmet le dossier", "appels réguliers", "réunion commune"))
    direction = "one_way" if label == "transmet le dossier" else "two_way"
    household.add("ties", "t", from_actor=a, to_actor=b, direction=direction, label=label)
