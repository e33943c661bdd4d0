"""The attack on generated associations: two editions each, what can be worked out, and one suppression taken away.

`python benchmarks/bench_attack.py 200` tries so many (2 to 200 households, thresholds 3 to 10, told, only counted and
without consent).  `pinned` are numbers that two ways of asking find: that of the package, and that of the tests, which
looks for a single value.  `control` says for how many of the associations that withhold a count of few the attack found
that count once it was shown.
"""

import importlib
import sys
import tempfile
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from test_privacy_two_editions import pinned, two

from clss_analysis.measures import attack
from clss_analysis.privacy import gate
from clss_analysis.privacy.ledger import ledger
from clss_analysis.records import Records

ASSOCIATIONS = 20


def control(records: Records) -> bool | None:
    """Whether the attack finds a code of few once its number is shown; None where none is withheld."""
    module = importlib.import_module("clss_analysis.measures.disclosure")
    entered, numbers = ledger(records), module._numbers
    homes = list(entered.records.households["id"])
    counted = set(entered.only_counted)
    for table, frame in module._states_of(entered.records, homes).items():
        for code in frame:
            has = set(frame.index[frame[code] == module.HAS])
            trait = frozenset({(table, str(code))})
            few = 0 < len(has & counted) < entered.threshold
            if few and numbers(entered.records).traits.get(trait, 0) is None:
                told = has - counted

                def lets_slip(part: Records, trait=trait, told=told, has=has) -> object:
                    there = has & (set(part.households["id"]) | told)
                    said = numbers(part)
                    return said._replace(traits=said.traits | {trait: len(there)})

                module._numbers = lets_slip
                found = attack(records)
                module._numbers = numbers
                name = f"{table}.{code}"
                return bool(((found["first"] == name) | (found["second"] == name)).any())
    return None


def tried(seeds: int, *, say: bool = False) -> dict[str, object]:
    """One row for so many associations."""
    gate.undecided_texts = lambda _: 0
    start, small, found, single, controls = process_time(), 0, 0, 0, []
    for seed in range(seeds):
        with tempfile.TemporaryDirectory() as house:
            first, second, shown = two(seed, Path(house))
        result = attack(shown)
        small, found = small + result.attrs["tried"], found + len(result)
        single += len(pinned([first, second], shown.threshold))
        controls += [each for each in [control(shown)] if each is not None]
        if say:
            print(seed, small, found, single, f"{sum(controls)}/{len(controls)}", flush=True)
    return {
        "associations": seeds, "small numbers tried": small, "worked out": found, "pinned": single,
        "control": f"{sum(controls)} of {len(controls)}", "processor s": f"{process_time() - start:.0f}",
    }  # fmt: skip


def run() -> list[dict[str, object]]:
    """Rows for the results table."""
    return [tried(ASSOCIATIONS)]


if __name__ == "__main__":
    print(tried(int(sys.argv[1]), say=True))
