"""Boolean minimisation after Quine and McCluskey: the shortest ways to say which combinations are meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

Term = tuple[int | None, ...]
"""One value per condition: 1 present, 0 absent, None where it does not matter."""

_MOST_MODELS = 64  # sums: who has that many equal ones cannot choose between them, and no more are looked for


def minimise(ones: Iterable[Term], remainders: Iterable[Term] = ()) -> tuple[tuple[Term, ...], ...]:
    """All shortest sums of prime implicants that cover the ones and nothing but ones and remainders.

    Args:
        ones: combinations to be covered, each condition 0 or 1.
        remainders: combinations that may be covered.

    Returns:
        The models, each a sorted tuple of terms with as few terms as can be; several where the data do not decide,
        and one empty model where there is nothing to cover.

    Source: Quine (1952), McCluskey (1956), Petrick (1956).

    >>> [written(model, "AB") for model in minimise([(1, 0), (1, 1), (0, 1)])]
    ['A + B']
    """
    wanted = sorted({tuple(term) for term in ones})
    if not wanted:
        return ((),)
    primes = _primes({*wanted, *(tuple(term) for term in remainders)})
    covered = {prime: frozenset(i for i, one in enumerate(wanted) if covers(prime, one)) for prime in primes}
    useful = {prime: held for prime, held in covered.items() if held}
    needed = [next(iter(by)) for i in range(len(wanted)) if len(by := [p for p in useful if i in useful[p]]) == 1]
    essential = sorted(set(needed), key=_order)
    left = frozenset(range(len(wanted))) - frozenset().union(*(useful[prime] for prime in essential))
    spare = sorted((prime for prime in useful if prime not in essential and useful[prime] & left), key=_order)
    for size in range(len(spare) + 1):
        models = []
        for chosen in combinations(spare, size):
            if left <= frozenset().union(*(useful[prime] for prime in chosen)):
                models.append(tuple(sorted((*essential, *chosen), key=_order)))
                if len(models) == _MOST_MODELS:
                    break
        if models:
            return tuple(models)
    raise AssertionError  # every one is covered by a prime


def covers(term: Term, other: Term) -> bool:
    """Whether all that the other term says of is within the term.

    >>> covers((1, None), (1, 0)), covers((1, 0), (1, None))
    (True, False)
    """
    return all(value is None or value == given for value, given in zip(term, other, strict=True))


def written(terms: Sequence[Term], names: Sequence[str]) -> str:
    """A sum of terms as it is printed: `~` for absent, `*` for and, `+` for or; 1 where everything is covered.

    >>> written([(1, None, 0)], ["DEV", "URB", "LIT"])
    'DEV*~LIT'
    """
    return " + ".join(_product(term, names) for term in terms)


def _product(term: Term, names: Sequence[str]) -> str:
    said = [name if value else f"~{name}" for name, value in zip(names, term, strict=True) if value is not None]
    return "*".join(said) or "1"


def _primes(terms: set[Term]) -> list[Term]:
    primes: set[Term] = set()
    while terms:
        merged: set[Term] = set()
        used: set[Term] = set()
        for term in terms:
            for place, value in enumerate(term):
                if value == 0:
                    other = (*term[:place], 1, *term[place + 1 :])
                    if other in terms:
                        merged.add((*term[:place], None, *term[place + 1 :]))
                        used |= {term, other}
        primes |= terms - used
        terms = merged
    return sorted(primes, key=_order)


def _order(term: Term) -> tuple[int, ...]:
    return tuple({None: 2, 0: 1, 1: 0}[value] for value in term)
