"""The course of an accompaniment in a synthetic cohort: successive situations, and stages in order of time."""

from __future__ import annotations

from clss_analysis.records.synthetic import words
from clss_analysis.records.synthetic.household import LAST, Household, month, number_of

_FIRST = {"insalubrity": "e12", "eviction": "e9", "overcrowding": "e13", "loss": "e8", "hosted": "e8"}
_LANES = {
    "notice": "housing", "judgment": "justice", "suspension": "justice", "appeal": "justice", "eviction": "housing",
    "mobilisation": "public", "interpellation": "public", "transit": "housing", "health": "health",
    "training": "support", "collective": "collective", "rehousing": "housing",
}  # fmt: skip
_ACTORS = {
    "notice": "", "judgment": "justice", "suspension": "justice", "appeal": "avocat", "mobilisation": "locataires",
    "interpellation": "bourgmestre", "transit": "transit", "health": "sante-mentale", "training": "alphabetisation",
    "collective": "quartier", "rehousing": "agence", "relay": "maison-medicale",
}  # fmt: skip
_LASTING = ("health", "training", "collective", "transit")


def make_course(household: Household) -> None:
    """Add events from first contact to closing (or to the last month told), and the housing situations they make."""
    dice = household.dice
    kinds = ["contact", "meeting", *_middle(household)]
    if household.outcome == "housing_solved":
        kinds.append("rehousing")
    if household.outcome == "relay":
        kinds.append("relay")
    last = household.closing() or number_of(*LAST)
    steps = [dice.between(0, 100) for _ in kinds[1:]]
    total = sum(steps) or 1
    span = min(last, household.intake + household.months) - household.intake
    at = [household.intake + span * sum(steps[:rank]) // total for rank in range(len(kinds))]
    if household.outcome != "ongoing":
        kinds.append("closing")
        at.append(last)
    months = dict(zip(kinds, at, strict=True))
    for rank, kind in enumerate(kinds, start=1):
        known = kind in ("contact", "closing") or dice.chance(0.93)
        until = min(last, months[kind] + dice.between(1, 8)) if kind in _LASTING and known else None
        pupils = kind == "training" and bool(household.pupils())
        household.add(
            "events",
            "e",
            order=str(rank),
            month=month(months[kind]) if known else "",
            until=month(until) if until else "",
            kind=kind,
            lane=_LANES.get(kind, "support"),
            label=dice.pick(words.EVENTS["schooling" if pupils else kind]),
            actor="devoirs" if pupils else _ACTORS.get(kind, "tsc"),
        )
    _situations(household, months)


def _middle(household: Household) -> list[str]:
    dice = household.dice
    kinds = []
    if household.threatened:
        kinds.append("notice")
        if dice.chance(0.7):
            kinds.append("judgment")
            kinds += [kind for kind, share in (("suspension", 0.35), ("appeal", 0.15)) if dice.chance(share)]
            kinds += ["eviction", "transit"] if dice.chance(0.4) else []
    elif household.plight in ("loss", "hosted") and dice.chance(0.6):
        kinds.append("transit")
    shares = {"health": 0.5, "training": 0.35, "collective": 0.35, "mobilisation": 0.25, "interpellation": 0.08}
    for kind, share in shares.items():
        if dice.chance(share):
            kinds.insert(dice.between(0, len(kinds)), kind)
    return kinds


def _situations(household: Household, months: dict[str, int]) -> None:
    first = "e9" if household.threatened and household.plight != "overcrowding" else _FIRST[household.plight]
    courses = [(first, household.intake - household.dice.between(1, 30))]
    if "transit" in months:
        courses.append(("e3", months["transit"]))
    if "rehousing" in months:
        courses.append(("housed", months["rehousing"]))
    for rank, (ethos, start) in enumerate(courses):
        later = courses[rank + 1][1] if rank + 1 < len(courses) else None
        known = rank > 0 or household.dice.chance(0.6)
        household.add(
            "situations",
            "s",
            order=str(rank + 1),
            ethos=ethos,
            start=month(start) if known else "",
            end=month(later) if later else "",
        )
