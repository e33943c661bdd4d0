"""Families of a synthetic cohort: mostly lone mothers of thirty to forty-five with three children or more."""

from __future__ import annotations

from clss_analysis.records.synthetic.household import Household, Person
from clss_analysis.records.vocabulary import age_band as age_band_of

_HOME_UNTIL, _FERTILE_UNTIL, _OF_AGE = 26, 44, 18
"""Years: at home until, may bear a child until, may live elsewhere from."""
_CHILDREN = {1: 0.1, 2: 0.2, 3: 0.38, 4: 0.2, 5: 0.12}


def make_family(household: Household) -> None:
    """Add persons, couples and filiations."""
    dice, kind = household.dice, household.kind
    lone_mother = kind == "lone_mother" or (kind == "extended" and dice.chance(0.6))
    woman = kind != "lone_father" and not (kind == "single" and dice.chance(0.5))
    has_children = kind not in ("single", "couple")
    older = dice.chance(0.15) if has_children else dice.chance(0.5)
    age = dice.between(46, 58) if older else dice.between(30, 45) if has_children else dice.between(21, 45)
    wanted = dice.weighted(_CHILDREN) if has_children else 0
    ages = _ages(household, age, wanted)
    role = ("mother" if woman else "father") if has_children else "adult"
    index = _person(household, role, age, gender="woman" if woman else "man", index=True)
    partner = _partner(household, index, ages, lone=lone_mother or kind in ("lone_father", "single"))
    parents = [index, partner] if partner else [index]
    previous = _previous_father(household, index, ages) if lone_mother and len(ages) > 2 and dice.chance(0.15) else None
    twins = dice.between(1, len(ages) - 1) if len(ages) > 1 and dice.chance(0.04) else 0
    if twins:
        ages[twins] = ages[twins - 1]
    for rank, years in enumerate(ages):
        group = f"{household.id}-j1" if twins and rank in (twins - 1, twins) else ""
        child = _child(household, years, rank + 1, twin_group=group)
        if previous and rank == 0:
            _descend(household, [index, previous], child)
        else:
            _descend(household, parents, child)
    if ages and partner and age < _FERTILE_UNTIL and dice.chance(0.12):
        _unborn(household, parents, len(ages) + 1)
    if has_children and dice.chance(0.03):
        fostered = _child(household, dice.between(3, 15), 0, note="Accueilli dans la famille.")
        _descend(household, [index], fostered, kind="foster")
    if kind == "extended":
        _grandparent(household, index)
    if dice.chance(0.06):
        _person(household, "relative", dice.between(20, 50), residence="hosted", note="Dort au salon depuis peu.")


def _ages(household: Household, age: int, wanted: int) -> list[int]:
    """Ages of the children, eldest first, the first born to a parent of at least eighteen."""
    dice = household.dice
    years = age - dice.between(18, max(18, min(32, age - 2 * wanted)))
    ages: list[int] = []
    while len(ages) < wanted and years >= 0:
        if years <= _HOME_UNTIL:
            ages.append(years)
        years -= dice.between(1, 4)
    return ages


def _partner(household: Household, index: Person, ages: list[int], *, lone: bool) -> Person | None:
    dice = household.dice
    if household.kind == "single" or (lone and dice.chance(0.3)):
        return None
    at_least = ages[0] + 17 if ages else 19
    years = max(at_least, index.age + dice.between(-3, 9))
    role = {"mother": "father", "father": "mother"}.get(index.role, "partner")
    gender = "man" if role != "mother" else "woman"
    if lone:
        alive = not dice.chance(0.06)
        partner = _person(household, role, years, gender=gender, residence="elsewhere", alive=alive)
        states = {"separated": 0.5, "divorced": 0.3, "": 0.2} if alive else {"married": 0.7, "unmarried": 0.3}
    else:
        partner = _person(household, role, years, gender=gender)
        states = {"married": 0.65, "unmarried": 0.3, "": 0.05}
    state = dice.weighted(states)
    household.add("couples", "c", partner_a=index.id, partner_b=partner.id, state=state)
    return partner


def _previous_father(household: Household, index: Person, ages: list[int]) -> Person:
    years = max(ages[0] + 18, index.age + household.dice.between(0, 8))
    father = _person(household, "father", years, gender="man", residence="elsewhere", note="Père de l’aîné.")
    household.add("couples", "c", partner_a=index.id, partner_b=father.id, state="divorced")
    return father


def _child(household: Household, years: int, rank: int, *, twin_group: str = "", note: str = "") -> Person:
    role = household.dice.pick(("daughter", "son"))
    gender = {"daughter": "woman", "son": "man"}[role]
    order = str(rank) if rank else ""
    residence = "elsewhere" if years >= _OF_AGE and household.dice.chance(0.3) else "household"
    return _person(
        household, role, years, gender=gender, birth_order=order, twin_group=twin_group, note=note, residence=residence
    )


def _unborn(household: Household, parents: list[Person], rank: int) -> None:
    child = household.add(
        "persons", "p", label="Enfant à naître", role="child", life="expected", index="false", residence="household",
        birth_order=str(rank),
    )  # fmt: skip
    _descend(household, parents, Person(child, "child", 0))


def _grandparent(household: Household, index: Person) -> None:
    dice = household.dice
    woman = dice.chance(0.75)
    years = min(92, index.age + dice.between(18, 36))
    role, gender = ("grandmother", "woman") if woman else ("grandfather", "man")
    _descend(household, [_person(household, role, years, gender=gender)], index)


def _descend(household: Household, parents: list[Person], child: Person, kind: str = "birth") -> None:
    for parent in parents:
        household.add("filiations", "f", parent=parent.id, child=child.id, kind=kind)


def _person(
    household: Household,
    role: str,
    age: int,
    *,
    gender: str = "",
    index: bool = False,
    residence: str = "household",
    alive: bool = True,
    **cells: str,
) -> Person:
    dice = household.dice
    told = dice.weighted({"age": 0.85, "band": 0.1, "": 0.05})
    identifier = household.add(
        "persons",
        "p",
        label=_label(role, gender, residence),
        role=role,
        gender="" if gender and dice.chance(0.01) else gender,
        age=str(age) if told == "age" else "",
        age_band=age_band_of(age) if told == "band" else "",
        life="alive" if alive else "deceased",
        index="true" if index else "false",
        residence=residence,
        **cells,
    )
    person = Person(identifier, role, age, alive=alive, at_home=residence == "household")
    household.persons.append(person)
    return person


def _label(role: str, gender: str, residence: str) -> str:
    labels = {
        "mother": "Mère",
        "father": "Père",
        "daughter": "Fille",
        "son": "Fils",
        "grandmother": "Grand-mère",
        "grandfather": "Grand-père",
        "partner": "Compagne" if gender == "woman" else "Compagnon",
        "adult": "Madame" if gender == "woman" else "Monsieur",
        "relative": "Parent hébergé" if residence == "hosted" else "Parent",
    }
    return labels[role]
