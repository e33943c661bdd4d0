"""Problems and their reported effects in a synthetic cohort: some association, some noise, some silence."""

from __future__ import annotations

from clss_analysis.records.synthetic import words
from clss_analysis.records.synthetic.household import Household, Person, month

_PROBLEMS = {
    "health_damp": 0.75, "health_parasites": 0.45, "security_heating": 0.3, "health_ventilation": 0.3,
    "health_configuration": 0.3, "security_electricity": 0.25, "equipment_sanitary": 0.2, "equipment_hot_water": 0.15,
    "health_lighting": 0.15, "security_gas": 0.1, "health_toxic": 0.08, "security_stability": 0.08,
    "equipment_heating": 0.08, "security_sewers": 0.05, "equipment_cooking": 0.05,
}  # fmt: skip
_BODILY = ("respiratory", "allergy", "injury", "illness")


def make_problems(household: Household) -> None:
    """Add housing problems; none where none was found, no row where nobody said."""
    dice = household.dice
    count = {"insalubrity": dice.between(2, 5), "eviction": dice.between(0, 3), "overcrowding": dice.between(0, 2)}
    found = dice.some(_PROBLEMS, count.get(household.plight, dice.between(0, 1)))
    if household.plight == "overcrowding" and "health_configuration" not in found:
        found.append("health_configuration")
    if household.plight == "loss":
        found = ["destroyed"]
    household.problems = set(found)
    for problem in found or (["none"] if dice.chance(0.5) else []):
        known = problem != "none" and dice.chance(0.7)
        household.add(
            "housing_problems",
            "b",
            problem=problem,
            detail=dice.pick(words.PROBLEMS[problem]) if problem in words.PROBLEMS and dice.chance(0.4) else "",
            start=month(household.intake - dice.between(2, 40)) if known else "",
        )


def make_impacts(household: Household) -> None:
    """Add symptoms as they are reported, more of them where the dwelling explains them, and effects on life."""
    dice, problems = household.dice, household.problems
    damp, vermin = "health_damp" in problems, "health_parasites" in problems
    cramped = "health_configuration" in problems
    cold = bool(problems & {"security_heating", "equipment_heating"})
    unsafe = bool(problems & {"security_electricity", "security_gas", "security_stability"})
    threat, lost, many = household.threatened, household.plight == "loss", len(problems) > 2
    symptoms = {
        "anxiety": 0.35 + 0.35 * threat + 0.1 * unsafe,
        "insomnia": 0.25 + 0.2 * threat + 0.15 * vermin + 0.1 * cramped,
        "distress": 0.3 + 0.3 * lost,
        "depressive": 0.25 + 0.15 * many + 0.2 * lost,
        "hallucinations": 0.01,
        "exhaustion": 0.25,
        "withdrawal": 0.12 + 0.1 * many,
        "appetite": 0.08,
        "stress": 0.4,
        "respiratory": 0.12 + 0.35 * damp + 0.1 * cold,
        "allergy": 0.08 + 0.25 * damp + 0.15 * vermin,
        "injury": 0.03 + 0.1 * unsafe,
        "illness": 0.1 + 0.1 * cold,
    }
    reported = [symptom for symptom, share in symptoms.items() if dice.chance(share)]
    if not any(symptom not in _BODILY for symptom in reported):
        reported.insert(0, "unspecified_mental")
    for symptom in reported:
        bodily = symptom in _BODILY
        household.add(
            "health_impacts",
            "h",
            person=_who(household, bodily=bodily),
            domain="physical_health" if bodily else "mental_health",
            symptom=symptom,
            detail=dice.pick(words.SYMPTOMS) if dice.chance(0.25) else "",
            start=month(household.intake - dice.between(0, 14)) if dice.chance(0.5) else "",
        )
    if not any(symptom in _BODILY for symptom in reported) and dice.chance(0.5):
        household.add("health_impacts", "h", domain="physical_health", symptom="none")
    _effects(household, cramped=cramped, vermin=vermin)


def make_criteria(household: Household) -> None:
    """Add the grid of an accompanied household: the rule is satisfied, by four or five criteria for the most part."""
    dice = household.dice
    answers = {
        "psychological_impact": True,
        "other_domains": household.affected or dice.chance(0.8),
        "independent_difficulties": dice.chance({"none": 0.9, "some": 0.7}.get(household.french, 0.5)),
        "isolation": dice.chance(0.88),
        "eviction": household.threatened,
    }
    for criterion in ("other_domains", "isolation"):
        if sum(answers.values()) < 3:
            answers[criterion] = True
    spare = sum(answers.values()) - 3
    for criterion, met in answers.items():
        silent = criterion != "psychological_impact" and (spare > 0 or not met) and dice.chance(0.05)
        spare -= silent and met
        household.add(
            "criteria",
            "k",
            criterion=criterion,
            met="" if silent else "true" if met else "false",
            evidence=dice.pick(words.EVIDENCE[criterion]) if met and not silent and dice.chance(0.9) else "",
            assessed=month(household.intake),
        )


def _who(household: Household, *, bodily: bool) -> str:
    dice = household.dice
    if dice.chance(0.12):
        return ""
    children = household.children()
    if bodily and children and dice.chance(0.6):
        return dice.pick(children).id
    adults: list[Person] = [p for p in household.persons if p.at_home and p.alive and p not in children]
    return household.index.id if dice.chance(0.7) else dice.pick(adults).id


def _effects(household: Household, *, cramped: bool, vermin: bool) -> None:
    dice = household.dice
    pupils = household.pupils()
    young = household.children()
    shares = {
        ("schooling", "schooling_affected"): (0.3 + 0.2 * cramped) * bool(pupils),
        ("schooling", "no_place_to_study"): (0.15 + 0.4 * cramped) * bool(pupils),
        ("social_life", "social_life_stopped"): 0.25,
        ("social_life", "isolation"): 0.3,
        ("family_relations", "family_harmony"): 0.25 + 0.15 * cramped,
        ("family_relations", "children_affected"): 0.3 * bool(young),
        ("employment", "training_at_risk"): 0.08,
        ("employment", "job_at_risk"): 0.12,
        ("employment", "job_lost"): 0.04,
        ("neighbourhood", "neighbour_conflict"): 0.1 + 0.1 * vermin,
    }
    for (domain, impact), share in shares.items():
        if dice.chance(share):
            household.affected = True
            person = dice.pick(pupils).id if domain == "schooling" and dice.chance(0.6) else ""
            household.add("domain_impacts", "d", domain=domain, impact=impact, person=person)
    if not household.affected and dice.chance(0.3):
        household.add("domain_impacts", "d", domain="social_life", impact="none")
