"""A sample of the mutants that mutmut has made, by their names: `make mutants SAMPLE=120`.

As a plugin of pytest it has everything worked out anew for each mutant: mutmut forks a process that ran all tests
before, and what is kept there would hide the mutant of a function that is not called again.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

SEED = 1  # another number, another sample


def sample(folder: Path, count: int, seed: int = SEED) -> list[str]:
    """Names of so many mutants of those below a folder, the same each time for the same seed."""
    made = sorted(folder.rglob("*.py.meta"))
    names = [name for path in made for name in json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]]
    return sorted(random.Random(seed).sample(names, min(count, len(names))))


def pytest_sessionstart() -> None:
    """Forget what functions of the house keep."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "clss_analysis":
            kept: list[Any] = [each for each in vars(module).values() if hasattr(each, "cache_clear")]
            for each in kept:
                each.cache_clear()


if __name__ == "__main__":
    print(*sample(Path("mutants"), *map(int, sys.argv[1:])))
