"""What kinship itself forbids, with the fewest relations that forbid it.

Rows can always be told apart: whoever are partners, one by one, can have a row of their own below all their parents.
So a drawing without fault exists if and only if no union closes a circle of descent, and the partners of each such
group can be ordered on a row where nobody else stands.  Both are small enough to be decided for every family.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from clss_analysis.layout.genogram.family.exact import ordered
from clss_analysis.layout.genogram.family.levels import Generations, circle
from clss_analysis.layout.genogram.family.persons import Member, Union
from clss_analysis.layout.genogram.family.rules import NoOrderError, Weave, weave

_EFFORT = 0.3


@dataclass(frozen=True, slots=True)
class Conflict:
    """Persons who cannot be drawn without fault, and relations of which none can be left out for that to be so.

    `least` is how many strangers they have to have among them on a row of their own, at least (none where they cannot
    share one); `proven` is false when the search was too long.
    """

    people: frozenset[str]
    least: int
    couples: tuple[tuple[str, ...], ...]
    siblings: tuple[tuple[str, ...], ...] = ()
    elder: tuple[tuple[str, str], ...] = ()
    proven: bool = True


def conflicts(members: Mapping[str, Member], unions: tuple[Union, ...], base: Generations) -> tuple[Conflict, ...]:
    """What cannot be drawn without fault on any rows.

    Args:
        members: everybody.
        unions: all unions among them.
        base: their generations.
    """
    found = []
    for split in base.split:
        round_it = circle(members, unions, split)
        people = frozenset(p for u in round_it for p in u.parents)
        found.append(Conflict(people, 0, tuple(u.parents for u in round_it)))
    woven = weave(members, unions, base.level)
    for group in sorted(set(base.group.values())):
        row = tuple(sorted(p for p, g in base.group.items() if g == group))
        alone = _alone(woven, row)
        if len(row) > 2 and _sound(alone) is False:
            found.append(_least(alone))
    return tuple(found)


def _alone(woven: Weave, row: tuple[str, ...]) -> Weave:
    """A group of partners and siblings on a row of its own, the order of births told from each to the next."""
    elder = {e for e in woven.elder if set(e) <= set(row)}
    skipped = {(a, c) for a, b in elder for d, c in elder if b == d}
    return Weave(
        (row,),
        ((),),
        tuple(replace(c, row=0) for c in woven.couples if set(c.partners) <= set(row)),
        tuple(own for s in woven.sibships for own in [tuple(p for p in s if p in row)] if len(own) > 1),
        tuple(sorted(elder - skipped)),
        tuple(own for t in woven.twins for own in [tuple(p for p in t if p in row)] if len(own) > 1),
        woven.partners,
        woven.siblings,
        {},
    )


def _sound(alone: Weave) -> bool | None:
    """Whether some order keeps all rules; None when that was not found out.

    Who is in no rule can stand at an end of the row, and is left out.
    """
    bound = {p for those in (*alone.sibships, *alone.elder, *alone.twins) for p in those}
    bound.update(p for couple in alone.couples for p in couple.partners)
    try:
        return True if ordered(replace(alone, slots=(tuple(sorted(bound)),)), (), effort=_EFFORT).rows else None
    except NoOrderError:
        return False


def _without(rest: Weave, rules: str, some: Sequence[object]) -> Weave:
    changed: dict[str, Any] = {rules: tuple(r for r in getattr(rest, rules) if r not in some)}
    return replace(rest, **changed)


def _least(alone: Weave) -> Conflict:
    """The relations left when all that are not needed for the contradiction have been taken out, half by half."""
    proven = True
    rest = alone
    for rules in ("elder", "twins", "sibships", "couples"):
        queue = [getattr(alone, rules)]
        while queue:
            some = queue.pop()
            fewer = _without(rest, rules, some)
            sound = _sound(fewer) if some else None
            if sound is False:
                rest = fewer
            elif len(some) > 1:
                queue += [some[: len(some) // 2], some[len(some) // 2 :]]
            elif some:
                proven = proven and sound is not None
    whole = ordered(replace(alone, elder=()), (), lenient=frozenset(alone.slots[0]), effort=_EFFORT)
    return Conflict(
        frozenset(alone.slots[0]),
        whole.bound[0],
        tuple(c.partners for c in rest.couples),
        (*rest.sibships, *rest.twins),
        rest.elder,
        proven,
    )
