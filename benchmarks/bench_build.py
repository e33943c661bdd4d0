"""The main job: `clss build`, cold, again with nothing changed, and after one cell of one household was changed.

In a copy of the house with caches of its own, so that cold is cold: no run, no picture and no text looked through is
kept from before.  Seconds of wall and of all processors, and the peak of the proportional set size summed over all
processes of the build.  The last column sets the processor seconds beside those of the cold build.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOUSE = ("clss.toml", "data", "book", "notebooks")
MADE = ("_runs", "_book*", "_cache", "_brief")
TABLE, BEFORE, AFTER = "health_impacts.csv", b",Insomnie.,", b",Insomnie tenace.,"


def _children(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [one for child in task.read_text().split() for one in _children(int(child))]
        except OSError:
            continue
    return found


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def measure(command: list[str], cwd: Path, env: Mapping[str, str]) -> tuple[float, float, float]:
    """Seconds, processor seconds and peak MiB of a command and all its children."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, cwd=cwd, env=env)
    peak = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.1):
            peak = max(peak, sum(_pss(pid) for pid in _children(process.pid)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    done.set()
    watcher.join()
    if code:
        raise SystemExit(f"{' '.join(command)} ended with {code}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return time.perf_counter() - start, processor, peak / 1024


def _house(place: Path) -> Path:
    """A copy of the house without what was made there."""
    for name in HOUSE:
        source, target = ROOT / name, place / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns(*MADE))
        else:
            target.parent.mkdir()
            shutil.copyfile(source, target)
    return place


def _change(table: Path) -> None:
    told = table.read_bytes()
    assert told.count(BEFORE) == 1
    table.write_bytes(told.replace(BEFORE, AFTER))


def run() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        house = _house(Path(folder) / "house")
        env = {**os.environ, "XDG_CACHE_HOME": str(Path(folder) / "cache")}
        command = [sys.executable, "-m", "clss_analysis", "build"]
        cold = 0.0
        for step in ("cold", "nothing changed", "one cell changed"):
            if step == "one cell changed":
                _change(house / "data" / "publication" / TABLE)
            seconds, processor, peak = measure(command, house, env)
            cold = cold or processor
            rows.append(
                {
                    "clss build of the publication": step,
                    "seconds": f"{seconds:.1f}",
                    "processor s": f"{processor:.1f}",
                    "peak MiB": f"{peak:.0f}",
                    "of cold": f"{processor / cold:.2f}",
                }
            )
    return rows
