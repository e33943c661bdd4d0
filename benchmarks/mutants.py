"""A sample of the mutants that mutmut has made, by their names: `make mutants SAMPLE=120`."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

SEED = 1  # another number, another sample


def sample(folder: Path, count: int, seed: int = SEED) -> list[str]:
    """Names of so many mutants of those below a folder, the same each time for the same seed."""
    made = sorted(folder.rglob("*.py.meta"))
    names = [name for path in made for name in json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]]
    return sorted(random.Random(seed).sample(names, min(count, len(names))))


if __name__ == "__main__":
    print(*sample(Path("mutants"), *map(int, sys.argv[1:])))
