"""What the team writes in a synthetic cohort: relevance tree, notes, statements, workshops followed."""

from __future__ import annotations

from clss_analysis.records.synthetic import words
from clss_analysis.records.synthetic.household import Household

_OBJECTIVES = {
    "Obtenir un logement adéquat": 6.0,
    "Rester dans les lieux le temps de trouver": 0.0,
    "Faire cesser les manquements du logement": 0.0,
    "Retrouver la sérénité": 4.0,
    "Soutenir la scolarité des enfants": 0.0,
    "Rompre l’isolement": 2.0,
}
_SECTIONS = {"battle": (1, 2), "pitfall": (0, 2), "resource": (1, 2), "network": (0, 1)}


def make_story(household: Household) -> None:
    """Add one tree (one to four objectives, two to eight actions, means), and notes, statements and workshops."""
    _tree(household)
    dice = household.dice
    for section, (low, high) in _SECTIONS.items():
        notes = dice.some(dict.fromkeys(words.NOTES[section], 1.0), dice.between(low, high))
        for rank, label in enumerate(notes, start=1):
            household.add("case_notes", "n", section=section, order=str(rank), label=label)
    for text in dice.some(dict.fromkeys(words.STATEMENTS, 1.0), dice.between(0, 2)):
        context = "collective" if dice.chance(0.3) else "individual"
        speaker = {"mother": "Une mère", "father": "Un père"}.get(household.index.role, "Une personne accompagnée")
        household.add("statements", "v", speaker=speaker, context=context, wording="paraphrase", text=text)
    if any(row["kind"] == "collective" for table, row in household.rows if table == "events"):
        for workshop in dice.some(dict.fromkeys(words.WORKSHOPS, 1.0), dice.between(1, 3)):
            sessions = str(dice.between(1, words.WORKSHOPS[workshop][2])) if dice.chance(0.85) else ""
            household.add("attendance", "w", workshop=workshop, person=household.index.id, sessions=sessions)


def _tree(household: Household) -> None:
    dice = household.dice
    weights = _OBJECTIVES | {
        "Rester dans les lieux le temps de trouver": 4.0 * household.threatened,
        "Faire cesser les manquements du logement": 3.0 * bool(household.problems - {"destroyed"}),
        "Soutenir la scolarité des enfants": 2.0 * bool(household.children()),
    }
    objectives = dice.some(weights, dice.between(1, 4))
    aim = _node(household, "aim", "", 1, dice.pick(words.AIMS))
    left = max(2, len(objectives), dice.between(2, 8))
    for rank, objective in enumerate(objectives, start=1):
        node = _node(household, "objective", aim, rank, objective)
        still = len(objectives) - rank
        pool = words.OBJECTIVES[objective]
        count = min(len(pool), left - still) if still == 0 else dice.between(1, min(len(pool), left - still, 3))
        left -= count
        for place, action in enumerate(dice.some(dict.fromkeys(pool, 1.0), count), start=1):
            _node(household, "action", node, place, action, status=_status(household))
    for rank, means in enumerate(dice.some(dict.fromkeys(words.MEANS, 1.0), dice.between(1, 3)), start=1):
        _node(household, "means", aim, rank, means)


def _node(household: Household, level: str, parent: str, rank: int, label: str, status: str = "") -> str:
    return household.add(
        "relevance_nodes", "r", level=level, parent=parent, order=str(rank), label=label, status=status
    )


def _status(household: Household) -> str:
    if household.outcome == "ongoing":
        return household.dice.weighted({"planned": 0.35, "under_way": 0.35, "done": 0.2, "": 0.1})
    return household.dice.weighted({"done": 0.65, "abandoned": 0.2, "": 0.15})
