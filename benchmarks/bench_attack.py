"""The attack on generated associations: two editions each, what can be worked out, and one suppression taken away.

`python benchmarks/bench_attack.py 200` tries so many (`200 150`: the last fifty of them): 2 to 200 households,
thresholds 3 to 10, told, only counted and withheld (without a consent, so in no record); every second one with all
tables of the record sheets, the others with those that the second way of asking knows.  In the second edition some come
in, and up to two of those who were in the first leave, are told, are only counted, or have other rows.  `pinned` are
numbers that the way of asking of the tests finds, which looks for a single value.  `control` says in how many of the
associations that keep something back the attack found it once one suppression was taken away: a count of few, or the
leaving out of too few.
"""

from __future__ import annotations

import importlib
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from time import process_time

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from test_privacy_ledger import association, told_and_counted
from test_privacy_two_editions import pinned, two

from clss_analysis.measures import attack
from clss_analysis.privacy import gate
from clss_analysis.privacy.consents import scopes_of
from clss_analysis.privacy.ledger import Ledger, ledger
from clss_analysis.records import Records, synthesise

ASSOCIATIONS = 20
MODULE = importlib.import_module("clss_analysis.measures.disclosure")
Key = frozenset[tuple[str, str]]


def mixture(seed: int) -> Records:
    """The households of one association that are told or counted."""
    dice = np.random.default_rng([seed, 1])
    size, threshold = round(2 * 100 ** dice.random()), int(dice.integers(3, 11))
    told = round(size * dice.choice([0, 0.1, 0.3, 0.6, 0.9, 1], p=[0.2, 0.2, 0.2, 0.2, 0.1, 0.1]))
    whole = synthesise(size, seed) if seed % 2 else association(seed, size)
    whole = told_and_counted(whole, told, threshold)
    homes = list(whole.households["id"])
    held = dice.choice(homes, size=int(size * dice.choice([0, 0.1, 0.3])), replace=False)
    return whole.among(set(homes) - set(held))


def of_few(records: Records, threshold: int) -> Iterator[tuple[Key, set[str]]]:
    """Counts of few that may only be counted, by one trait and by two, and the households that each is of."""
    entered = ledger(records)
    homes, counted = list(entered.records.households["id"]), set(entered.only_counted)
    has = {
        (table, str(code)): set(frame.index[frame[code] == MODULE.HAS])
        for table, frame in MODULE._states_of(entered.records, homes).items() for code in frame
    }  # fmt: skip
    for some in (*((each,) for each in has), *combinations(has, 2)):
        tables = {table for table, _ in some}
        if len(tables) > 1 and not tables <= MODULE.CODED.keys():  # no measure counts a service with a code
            continue
        both = set.intersection(*(has[each] for each in some))
        if 0 < len(both & counted) < threshold:
            yield frozenset(some), both


def names_it(records: Records, key: Key, number: Callable[[Records, object], object]) -> bool:
    """Whether the attack finds a count that these numbers show."""
    numbers = MODULE._numbers
    MODULE._numbers = lambda part: number(part, numbers(part))
    try:
        found = attack(records)
    finally:
        MODULE._numbers = numbers
    names = {".".join(each) for each in key}
    return any(names <= {line.first, line.second} for line in found.itertuples())


def shown_anyway(records: Records) -> bool | None:
    """Whether the attack finds the first of the counts of few once its number is shown; None where there is none."""
    told = gate.clear(records).told
    said = MODULE._numbers(ledger(records).records).traits
    for key, has in of_few(records, records.threshold):
        if said.get(key, 0) is None:

            def lets_slip(part: Records, said: object, key: Key = key, has: set[str] = has) -> object:
                there = has & (set(part.households["id"]) | told)
                return said._replace(traits=said.traits | {key: len(there)})

            return names_it(records, key, lets_slip)
    return None


def left_in(records: Records) -> bool | None:
    """Whether the attack finds one count of those who are too few to be in any; None where none are left out."""
    entered = MODULE.ledger

    def anyway(given: Records) -> Ledger:
        return replace(entered(replace(given, threshold=1, extra={})), threshold=given.threshold)

    MODULE.ledger = anyway
    try:
        everyone = replace(records, threshold=1, extra={})
        for key, has in of_few(everyone, records.threshold) if ledger(records).left_out else ():

            def alone(_: Records, said: object, key: Key = key, has: set[str] = has) -> object:
                return said._replace(
                    tables=dict.fromkeys(said.tables), traits=dict.fromkeys(said.traits) | {key: len(has)}
                )

            return names_it(records, key, alone)
    finally:
        MODULE.ledger = entered
    return None


def tried(seeds: int, first: int = 0, *, say: bool = False) -> dict[str, object]:
    """One row for so many associations, from a first one on."""
    gate.undecided_texts = lambda _: 0
    start, small, found, single = process_time(), 0, 0, 0
    controls: Counter[object] = Counter()
    for seed in range(first, seeds):
        with tempfile.TemporaryDirectory() as house:
            one, other, shown = two(seed, Path(house), whole=mixture(seed))
        result = attack(shown)
        small, found = small + result.attrs["tried"], found + len(result)
        single += len(pinned([one, other], shown.threshold))
        control = shown_anyway(shown)
        controls[left_in(shown) if control is None else control] += 1
        if say:
            scopes = Counter(scopes_of(shown).values())
            print(seed, dict(scopes), shown.threshold, result.attrs, small, found, single, dict(controls), flush=True)
    return {
        "associations": seeds - first, "small numbers tried": small, "worked out": found, "pinned": single,
        "control": f"{controls[True]} of {controls[True] + controls[False]}", "nothing kept back": controls[None],
        "processor s": f"{process_time() - start:.0f}",
    }  # fmt: skip


def run() -> list[dict[str, object]]:
    """Rows for the results table."""
    return [tried(ASSOCIATIONS)]


if __name__ == "__main__":
    print(tried(*map(int, sys.argv[1:]), say=True))
