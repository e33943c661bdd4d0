"""Runs of notebooks: stock papermill, the warm engine and the floor on the same household notebook, side by side.

Everything is measured in this one run, on a synthetic dataset; load by others moves the seconds, less so the ratios.
*Floor*: the same cells one after another in one warm process, records read once.  CLSS_BENCH_HOUSEHOLDS (20) and
CLSS_BENCH_MANY (1000) make it smaller; CLSS_BENCH_MANY=0 leaves the long part out.
"""

import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat

from benchmarks.bench_build import _children, _pss
from clss_analysis.records import Records, read, synthesise, write
from clss_analysis.runs.engine import How, execute
from clss_analysis.runs.freshness import Store, household_rows
from clss_analysis.runs.mask import Mask
from clss_analysis.runs.notebook import tags
from clss_analysis.runs.plan import HOUSEHOLD, Run, plan
from clss_analysis.runs.watch import Watch

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
HOUSEHOLDS = int(os.environ.get("CLSS_BENCH_HOUSEHOLDS", "20"))
MANY = int(os.environ.get("CLSS_BENCH_MANY", "1000"))


def stock_in_sequence(runs: list[Run], dataset: Path, place: Path) -> None:
    """Stock papermill as its documentation has it, one notebook after another."""
    import papermill

    (place / "_runs" / "figures").mkdir(parents=True)
    for run in runs:
        given = {**run.parameters, "dataset": str(dataset), "out": "."}
        papermill.execute_notebook(
            NOTEBOOKS / run.notebook,
            place / f"{run.id}.ipynb",
            parameters=given,
            kernel_name="python3",
            cwd=place / "_runs",
            progress_bar=False,
        )


def ours(runs: list[Run], dataset: Path, place: Path, **options: object) -> list[float]:
    """Our engine; gives the seconds at which each run was done."""
    done: list[float] = []
    begun = time.perf_counter()

    class Clock(Watch):
        def tell(self, _: object) -> None:
            done.append(time.perf_counter() - begun)

    records = read(dataset)
    how = How(**options)  # type: ignore[arg-type]
    results = execute(
        runs, NOTEBOOKS, place / "_runs", mask=Mask(), dataset=dataset, records=records, how=how, watch=Clock()
    )
    failed = [result.line() for result in results if not result.ok]
    assert not failed, failed[:3]
    return done


def floor(runs: list[Run], dataset: Path, place: Path) -> None:
    """The cells of every run in this process, the records read once."""
    import clss_analysis as clss

    (place / "figures").mkdir(parents=True)
    records = read(dataset)
    source = nbformat.read(NOTEBOOKS / HOUSEHOLD, 4)
    cells = [c.source for c in source.cells if c.cell_type == "code" and "parameters" not in tags(c)]
    usual, clss.read = clss.read, lambda _: records
    try:
        for run in runs:
            names = {**run.parameters, "out": str(place)}
            for cell in cells:
                exec(compile(cell, "cell", "exec"), names)  # noqa: S102 - that is what is measured
    finally:
        clss.read = usual


class Peak:
    """The peak of the proportional set size of processes below this one, in MiB, and how many of them were kernels."""

    def __enter__(self) -> "Peak":
        self.most, self._over = 0.0, threading.Event()
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()
        return self

    def _watch(self) -> None:
        while not self._over.wait(0.2):
            self.most = max(self.most, sum(_pss(pid) for pid in _children(os.getpid())[1:]) / 1024)

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watcher.join()


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


@contextlib.contextmanager
def _place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="clss-bench-") as made:
        yield Path(made)


def _synthetic(households: int, folder: Path) -> tuple[Path, list[Run], Records]:
    records = synthesise(households, 1)
    write(records, folder)
    runs = [run for run in plan(records, dataset="../dataset") if run.case]
    return folder, runs, records


def run() -> list[dict[str, object]]:
    """One row per measure."""
    rows: list[dict[str, object]] = []

    def row(what: str, seconds: float, base: float | None = None, note: str = "") -> None:
        ratio = f"{base / seconds:.1f}" if base else ""
        rows.append({"measure": what, "seconds": f"{seconds:.2f}", "times faster than stock": ratio, "note": note})

    with _place() as place:
        dataset, runs, _ = _synthetic(HOUSEHOLDS, place / "data")
        n = len(runs)
        os.environ["MPLBACKEND"] = "agg"
        with Peak() as peak_stock:
            base = timed(lambda: stock_in_sequence(runs, dataset, place / "stock"))
        row(f"stock papermill in sequence, {n} notebooks", base, base, f"{base / n:.2f} s a run")
        two = timed(lambda: ours(runs, dataset, place / "two", jobs=2, warm=False))
        row("stock kernels, two processes", two, base)
        with Peak() as peak_warm:
            warm = timed(lambda: ours(runs, dataset, place / "warm", jobs=2))
        row("warm engine, --jobs 2, reading and start included", warm, base, f"{two / warm:.1f} × stock two processes")
        least = timed(lambda: floor(runs, dataset, place / "floor"))
        row("floor: the cells in one warm process", least, base, f"warm engine at {warm / least:.2f} × the floor")
        rows.append(
            {
                "measure": "peak PSS per concurrent run",
                "seconds": "",
                "times faster than stock": "",
                "note": f"stock {peak_stock.most:.0f} MiB, warm {peak_warm.most / 2:.0f} (server and workers shared)",
            }
        )
        rows += _kept(runs, dataset, place)
        rows += _book(place)
        rows += _cluster(runs, dataset, place)
    if MANY:
        rows += _many()
    return rows


def _kept(runs: list[Run], dataset: Path, place: Path) -> list[dict[str, object]]:
    """Nothing changed, one record changed; jupyter-cache on the same notebooks where it is installed."""
    store, out = Store(place / "store"), place / "kept" / "_runs"
    records = read(dataset)
    names = sorted(path.name for path in dataset.iterdir())

    def build(rows: dict[str, str]) -> None:
        digests: dict[str | None, str] = dict(rows)
        given = {"dataset": dataset, "records": records, "rows": digests, "store": store, "how": How(jobs=2)}
        execute(runs, NOTEBOOKS, out, mask=Mask(), **given)  # type: ignore[arg-type]

    rows, _ = household_rows(dataset, names)
    cold = timed(lambda: build(rows))
    nothing = timed(lambda: build(rows))
    one = timed(lambda: build({**rows, str(runs[0].case): "changed"}))
    found = [
        {"measure": "runs, cold with store", "seconds": f"{cold:.2f}", "times faster than stock": "", "note": ""},
        {"measure": "runs, nothing changed", "seconds": f"{nothing:.2f}", "times faster than stock": "", "note": ""},
        {
            "measure": "runs, one record changed",
            "seconds": f"{one:.2f}",
            "times faster than stock": "",
            "note": f"{one / cold:.2f} of the cold build",
        },
    ]
    try:
        from jupyter_cache import get_cache
    except ImportError:
        return found
    cache = get_cache(place / "jcache")
    for each in sorted((place / "stock").glob("menage-*.ipynb")):
        cache.cache_notebook_file(each, overwrite=True, check_validity=False)

    def ask() -> None:
        for each in sorted((place / "stock").glob("menage-*.ipynb")):
            cache.match_cache_file(each)

    asked = timed(ask)
    return [
        *found,
        {"measure": "jupyter-cache, nothing changed", "seconds": f"{asked:.2f}", "times faster than stock": "",
         "note": "matching only, in a process that has it imported"},
    ]  # fmt: skip


def _book(place: Path) -> list[dict[str, object]]:
    """The whole command, twice: the second time there is nothing to do."""
    command = [sys.executable, "-m", "clss_analysis", "build", "--dataset", "data/demo", "--out", str(place / "book")]
    first = timed(lambda: subprocess.run([*command, "--formats", "html"], cwd=ROOT, check=True))
    again = min(timed(lambda: subprocess.run([*command, "--formats", "html"], cwd=ROOT, check=True)) for _ in range(5))
    return [
        {"measure": "clss build, demo, HTML", "seconds": f"{first:.2f}", "times faster than stock": "", "note": ""},
        {"measure": "clss build again, nothing changed", "seconds": f"{again:.2f}", "times faster than stock": "",
         "note": "best of five, the whole command"},
    ]  # fmt: skip


def _cluster(runs: list[Run], dataset: Path, place: Path) -> list[dict[str, object]]:
    """Two one-thread dask workers over TCP beside --jobs 2; both after their start."""
    try:
        from distributed import LocalCluster
    except ImportError:
        return []
    with (
        contextlib.redirect_stderr(io.StringIO()),
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, protocol="tcp://", dashboard_address=None
        ) as cluster,
    ):
        ours(runs[:2], dataset, place / "first", cluster=cluster.scheduler_address)
        there = timed(lambda: ours(runs, dataset, place / "there", cluster=cluster.scheduler_address))
    here = timed(lambda: ours(runs, dataset, place / "here", jobs=2))
    return [
        {"measure": "dask LocalCluster, two workers, TCP", "seconds": f"{there:.2f}", "times faster than stock": "",
         "note": f"{here / there:.2f} of --jobs 2 ({here:.2f} s, its start included)"},
    ]  # fmt: skip


def _many() -> list[dict[str, object]]:
    """Time of a run and memory of the parent, from the first hundred to the last."""
    memory: list[int] = []

    with _place() as place:
        dataset, runs, _ = _synthetic(MANY, place / "data")
        hundred = max(10, len(runs) // 10)
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.5):
                memory.append(_pss(os.getpid()))

        watcher = threading.Thread(target=watch)
        watcher.start()
        begun = time.perf_counter()
        done = ours(runs, dataset, place / "many", jobs=2)
        total = time.perf_counter() - begun
        over.set()
        watcher.join()
        shutil.rmtree(place / "many")
    early = (done[hundred - 1] - done[hundred // 5]) / (hundred - 1 - hundred // 5)
    late = (done[-1] - done[-hundred]) / (hundred - 1)
    at_hundred = max(memory[: max(1, int(len(memory) * done[hundred - 1] / total))])
    note = (
        f"{early:.2f} s a run in the first {hundred}, {late:.2f} in the last ({late / early - 1:+.0%}); "
        f"parent {at_hundred / 1024:.0f} MiB then, {max(memory) / 1024:.0f} at most"
    )
    return [
        {"measure": f"{len(runs)} households", "seconds": f"{total:.0f}", "times faster than stock": "", "note": note}
    ]
