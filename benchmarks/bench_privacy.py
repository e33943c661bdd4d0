"""The gate at reach: 10,000 households checked and risk-assessed, a 3-way table of 2,000 cells protected.

Processor seconds of one process, and its peak resident memory.  Beside it pycanon's k, l and t of the same table, where
pycanon is installed.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECK = """
from clss_analysis.records import read
from clss_analysis.privacy.risk import assess
assess(read({folder!r}))
"""
# The first question to the gate of a dataset whose households may only be counted; its own time without reading.
ENTER = """
import sys, time
sys.path.insert(0, "tests")
from test_privacy_ledger import ten_thousand
from clss_analysis.privacy import clear
from clss_analysis.privacy.ledger import ledger
records = ten_thousand()
start = time.process_time()
clear(records), ledger(records)
print(f"{time.process_time() - start:.2f} s of it at the gate")
"""
PEER = """
from pycanon import anonymity
from clss_analysis.records import read
frame = read({folder!r}).households[["household_type", "french", "neighbourhood", "income", "outcome"]].astype(str)
names = ["household_type", "french", "neighbourhood", "income"]
anonymity.k_anonymity(frame, names), anonymity.l_diversity(frame, names, ["outcome"])
anonymity.t_closeness(frame, names, ["outcome"])
"""
PROTECT = """
import numpy as np, pandas as pd
from clss_analysis.privacy.suppression_model import count_model
from clss_analysis.privacy.suppression_solver import protect
rng = np.random.default_rng(1)
shape = (10, 10, 20)
counts = rng.poisson({mean} * rng.gamma(1.0, 1.0, shape))
index = pd.MultiIndex.from_product([range(n) for n in shape], names=["a", "b", "c"])
found = protect(count_model([pd.Series(counts.ravel(), index=index)]), 5)
print(int(found.small.sum()), int(found.withheld.sum()), round(found.gap, 2), sep=" / ")
"""


def measured(what: str, program: str) -> dict[str, object]:
    """One row: what a program took, and what it said."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    said = done.stdout.strip() if done.returncode == 0 else "not installed"
    return {
        "what": what,
        "processor s": f"{seconds:.1f}",
        "wall s": f"{time.perf_counter() - start:.1f}",
        "peak MiB": f"{after.ru_maxrss / 1024:.0f}",
        "small / withheld / gap": said,
    }


def run() -> list[dict[str, object]]:
    """Rows for the results table; memory is the largest so far, so that the smallest job comes first."""
    from clss_analysis.records import synthesise, write

    with tempfile.TemporaryDirectory() as made:
        folder = str(Path(made) / "dix-mille")
        rows = [measured(f"3-way table of 2,000 cells, mean {mean}", PROTECT.format(mean=mean)) for mean in (8, 20)]
        write(synthesise(10_000, 1), folder)
        rows.append(measured("first gate call, 10,000 counted-only households", ENTER))
        rows.append(measured("check and risk, 10,000 households", CHECK.format(folder=folder)))
        rows.append(measured("pycanon: read, then k, l, t of households", PEER.format(folder=folder)))
    return rows
