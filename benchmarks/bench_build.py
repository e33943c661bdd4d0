"""The main job: `clss build` from the publication's and the demonstration records.

Wall time, and the peak of the proportional set size summed over all processes of the build.
"""

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path


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


def measure(command: list[str]) -> tuple[float, float]:
    """Seconds and peak MiB of a command and all its children."""
    start = time.perf_counter()
    process = subprocess.Popen(command)
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
    return time.perf_counter() - start, peak / 1024


def run() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for dataset in ("data/publication", "data/demo"):
            out = Path(folder) / Path(dataset).name
            command = [sys.executable, "-m", "clss_analysis", "build", "--dataset", dataset, "--out", str(out)]
            seconds, peak = measure(command)
            rows.append({"dataset": dataset, "seconds": f"{seconds:.1f}", "peak MiB": f"{peak:.0f}"})
    return rows
