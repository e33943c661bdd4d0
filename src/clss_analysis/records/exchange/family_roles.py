"""Places in a family seen from the index person, and who lives with them where nobody says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from clss_analysis.records.exchange.found import FoundCouple, FoundFiliation, FoundPerson

_ENDED = ("separated", "divorced")
_WORDS = {
    "parent": {"woman": "mother", "man": "father"},
    "child": {"woman": "daughter", "man": "son"},
    "grandparent": {"woman": "grandmother", "man": "grandfather"},
}
_PLAIN = {"grandparent": "relative"}


def roles_of(
    persons: Sequence[FoundPerson],
    couples: Iterable[FoundCouple],
    filiations: Iterable[FoundFiliation],
    index: str,
) -> tuple[dict[str, str], set[str]]:
    """Code of `family_role` for every person, and the keys of those who live in the household.

    The parents of the household are the index person and their partners, or, for someone who has parents but neither
    partner nor child, those parents.  A role that the file gives is kept.  At home are the index person, the first
    of these parents, a partner (or parent of the same child) not parted from them, and their children who have no
    family of their own; all of them alive, or a child expected.

    >>> mother, child = FoundPerson(key="a", line=1, gender="woman"), FoundPerson(key="b", line=2)
    >>> roles_of([mother, child], [], [FoundFiliation(parent="a", child="b", line=3)], "b")[0]
    {'a': 'mother', 'b': 'child'}
    """
    by_key = {person.key: person for person in persons}
    up, down = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    kin, kind = defaultdict[tuple[str, str], list[str]](list), dict[tuple[str, str], str]()
    for each in filiations:
        kin[each.child, each.kind].append(each.parent)
        kind[each.parent, each.child] = each.kind
        up[each.child].append(each.parent)
        down[each.parent].append(each.child)
    partners, parted = defaultdict[str, list[str]](list), defaultdict[str, set[str]](set)
    for couple in couples:
        for one, other in ((couple.a, couple.b), (couple.b, couple.a)):
            partners[one].append(other)
            if couple.state in _ENDED:
                parted[one].add(other)
    young = bool(up[index]) and not down[index] and not partners[index]
    centre = list(dict.fromkeys(up[index])) if young else [index] if index else []
    others = [key for each in centre for key in [*partners[each], *(p for c in down[each] for p in up[c])]]
    parents = list(dict.fromkeys([*centre, *others]))
    children = {child for each in parents for child in down[each]}
    elders = {key for each in parents for key in up[each]}
    siblings = {child for each in centre for elder in up[each] for child in down[elder]} - set(parents)
    roles: dict[str, str] = {}
    for person in persons:
        key = person.key
        if key in children and key not in parents:
            place = "child"
        elif key in parents:
            place = "parent" if down[key] else "adult" if key in centre else "partner"
        elif key in elders:
            place = "grandparent" if children else "parent"
        else:
            place = "sibling" if key in siblings else "relative"
        roles[key] = person.role or _WORDS.get(place, {}).get(person.gender, _PLAIN.get(place, place))
    anchor = next((key for key in centre if by_key[key].life == "alive"), index)
    linked = {*partners[anchor], *(key for child in down[anchor] for key in kin[child, kind[anchor, child]])}
    at_home = {key for key in {index, anchor, *linked - parted[anchor]} if key and by_key[key].life == "alive"}
    own = {child for key in at_home for child in down[key]}
    at_home |= {key for key in own if by_key[key].life in ("alive", "expected") and not down[key] and not partners[key]}
    return roles, at_home
