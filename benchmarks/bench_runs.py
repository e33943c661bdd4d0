"""Runs of notebooks: stock papermill, the warm engine and the floor on the same notebooks, side by side.

Everything is measured in this one run, on synthetic households.  *Stock* is `papermill.execute_notebook`, one
notebook after another, or in two processes that have papermill imported already.  *Floor*: the cells alone, one run
after another in one process in which everything is imported and drawn once, records read once.  *Steady* leaves out
the start of the warm server and the first runs.  Processor seconds are those of all processes: they suffer less from
what else the machine does.  Memory is the proportional set size of all that was started (forked kernels share pages),
the warm server too, by the two runs at a time, for both sides alike.

Two notebooks: the project's own, some eight figures, whose cells are most of the work; and one of two figures, where
the start of a kernel is.

CLSS_BENCH_HOUSEHOLDS (20) and CLSS_BENCH_MANY (1000) make it smaller; CLSS_BENCH_MANY=0 leaves the long part out.
"""

import contextlib
import io
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import nbformat

from benchmarks import stock
from benchmarks.bench_build import _children, _pss
from clss_analysis.privacy import clear
from clss_analysis.records import Records, read, synthesise, write
from clss_analysis.records.tables import dataset_files
from clss_analysis.runs.engine import How, execute
from clss_analysis.runs.freshness import Store, household_rows
from clss_analysis.runs.notebook import tags
from clss_analysis.runs.plan import HOUSEHOLD, Run, plan_runs
from clss_analysis.runs.progress import Watch

ROOT = Path(__file__).parents[1]
HOUSEHOLDS = int(os.environ.get("CLSS_BENCH_HOUSEHOLDS", "20"))
MANY = int(os.environ.get("CLSS_BENCH_MANY", "1000"))
BEGUN = time.perf_counter()
TWO_FIGURES = """\
from clss_analysis.runs import show
show("sociogenogram", household, out=out, lang=lang)
show("relevance-tree", household, out=out, lang=lang)
"""
ASK = """\
import sys
from jupyter_cache import get_cache
cache = get_cache(sys.argv[1])
for each in sys.argv[2:]:
    cache."""


@dataclass(frozen=True)
class Took:
    """Seconds on the clock, seconds of all processors, peak of the proportional set size of all children in MiB."""

    seconds: float
    processor: float
    memory: float


def took(what: str, work: Callable[[], object]) -> Took:
    """Measure, and say on stderr where the benchmark is: a later part that fails takes no number with it."""
    over, peak = threading.Event(), [0]

    def watch() -> None:
        while not over.wait(0.5):
            peak[0] = max(peak[0], sum(_pss(pid) for pid in _children(os.getpid())[1:]))

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun, before = time.perf_counter(), _processor()
    try:
        work()
    finally:
        seconds = time.perf_counter() - begun
        over.set()
        watcher.join()
    found = Took(seconds, _processor() - before, peak[0] / 1024)
    print(f"{time.perf_counter() - BEGUN:7.0f} s  {what}: {seconds:.2f} s", file=sys.stderr, flush=True)
    return found


def _processor() -> float:
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def row(what: str, time: Took | float | None = None, figure: str = "", asked: str = "") -> dict[str, object]:
    """A row of the table."""
    seconds = time.seconds if isinstance(time, Took) else time
    return {
        "measure": what,
        "seconds": "" if seconds is None else f"{seconds:.2f}",
        "processor s": f"{time.processor:.1f}" if isinstance(time, Took) else "",
        "figure": figure,
        "asked": asked,
    }


class Clock(Watch):
    """Notes when each run was done."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.done = time.perf_counter(), list[float]()

    def tell(self, _: object) -> None:
        self.done.append(time.perf_counter() - self.begun)

    def steady(self, since: int = 2) -> float:
        """Seconds a run, without the first ones."""
        since = min(since, len(self.done) - 2)
        return (self.done[-1] - self.done[since - 1]) / (len(self.done) - since)


@dataclass(frozen=True)
class Bench:
    """Runs of one notebook on one dataset."""

    runs: tuple[Run, ...]
    notebooks: Path
    dataset: Path
    records: Records
    place: Path

    def ours(self, name: str, **options: object) -> Clock:
        clock = Clock()
        results = execute(
            self.runs,
            self.notebooks,
            self.place / name / "_runs",
            clearance=clear(self.records),
            dataset=self.dataset,
            records=self.records,
            how=How(**options),  # type: ignore[arg-type]
            watch=clock,
        )
        failed = [result.line() for result in results if not result.ok]
        assert not failed, failed[:3]
        return clock

    def stock(self, name: str, pool: ProcessPoolExecutor | None = None) -> None:
        futures = []
        for run in self.runs:
            given = {**run.parameters, "dataset": str(self.dataset), "out": "."}
            folder = self.place / name
            out = str(folder / f"{run.id}.ipynb")
            work = (str(self.notebooks / run.notebook), out, given, str(folder / "_runs"))
            (folder / "_runs").mkdir(parents=True, exist_ok=True)
            if pool is None:
                stock.execute(*work)
            else:
                futures.append(pool.submit(stock.execute, *work))
        for future in futures:
            future.result()

    def floor(self, runs: tuple[Run, ...]) -> None:
        import clss_analysis as clss

        (self.place / "floor" / "figures").mkdir(parents=True, exist_ok=True)
        source = nbformat.read(self.notebooks / runs[0].notebook, 4)
        cells = [c.source for c in source.cells if c.cell_type == "code" and "parameters" not in tags(c)]
        usual, clss.read = clss.read, lambda _: self.records
        try:
            for run in runs:
                names = {**run.parameters, "out": str(self.place / "floor")}
                for cell in cells:
                    exec(compile(cell, "cell", "exec"), names)  # noqa: S102 - that is what is measured
        finally:
            clss.read = usual


@contextlib.contextmanager
def _place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="clss-bench-") as made:
        yield Path(made)


def _synthetic(households: int, place: Path) -> Bench:
    write(synthesise(households, 1), place / "data")
    records = read(place / "data")
    runs = tuple(run for run in plan_runs(records, dataset="../dataset") if run.case)
    return Bench(runs, ROOT / "notebooks", place / "data", records, place)


def _two_figures(bench: Bench, place: Path) -> Bench:
    own = nbformat.read(ROOT / "notebooks" / HOUSEHOLD, 4)
    asked = [cell for cell in own.cells if "parameters" in tags(cell)]
    reading = "import clss_analysis as clss\nhousehold = clss.read(dataset).case(case)"
    cells = [*asked, *map(nbformat.v4.new_code_cell, (reading, TWO_FIGURES))]
    (place / "notebooks").mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=own.metadata), place / "notebooks" / HOUSEHOLD)
    return replace(bench, notebooks=place / "notebooks", place=place)


def run() -> list[dict[str, object]]:
    """One row per measure."""
    os.environ["MPLBACKEND"] = "agg"
    rows: list[dict[str, object]] = []
    with _place() as place:
        own = _synthetic(HOUSEHOLDS, place / "own")
        rows += _throughput("own notebook", own)
        rows += _throughput("two figures", _two_figures(own, place / "two"))
        rows += _kept(own)
        rows += _cluster(own)
        rows += _book(place, sorted((own.place / "kept" / "_runs").glob("*.ipynb")))
    if MANY:
        with _place() as place:
            rows += _many(_two_figures(_synthetic(MANY, place), place / "two"))
    return rows


def _throughput(name: str, bench: Bench) -> list[dict[str, object]]:
    """Stock, ours and the floor; memory while two run at a time."""
    n = len(bench.runs)
    alone = took(f"{name}: stock, {n} in sequence", lambda: bench.stock("stock"))
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(time.sleep, [1, 1]))
        two = took(f"{name}: stock, two processes", lambda: bench.stock("stock-2", pool))
    clocks: list[Clock] = []
    warm = took(f"{name}: warm, --jobs 2", lambda: clocks.append(bench.ours("warm", jobs=2)))
    one = took(f"{name}: warm, --jobs 1", lambda: clocks.append(bench.ours("warm-1", jobs=1)))
    bench.floor(bench.runs[:1])
    least = took(f"{name}: floor", lambda: bench.floor(bench.runs))
    steady, single = clocks[0].steady(), clocks[1].steady(1)
    memory = f"{two.memory / 2:.0f} MiB stock, {warm.memory / 2:.0f} warm: {warm.memory / two.memory:.2f} of stock"
    work = f"{alone.processor / warm.processor:.1f} × by processor time; {alone.seconds / (n * steady):.1f} × steady"
    return [
        row(f"{name}: stock papermill, {n} in sequence", alone, f"{alone.seconds / n:.2f} s a run"),
        row(f"{name}: stock papermill, two processes", two.seconds),
        row(f"{name}: warm, --jobs 2, start included", warm, f"{alone.seconds / warm.seconds:.1f} × stock", "≥ 10"),
        row("… beside stock in two processes", None, f"{two.seconds / warm.seconds:.1f} ×", "≥ 6"),
        row("… more closely", steady * n, work),
        row(f"{name}: warm, --jobs 1, start included", one),
        row(f"{name}: floor", least, f"warm steady at {single * n / least.seconds:.2f} × the floor", "≤ 2.5"),
        row("… throughput that no engine on two cores can pass", None, f"{2 * alone.seconds / least.seconds:.1f} ×"),
        row(f"{name}: peak PSS a concurrent run", None, memory, "≤ 0.5"),
    ]


def _kept(bench: Bench) -> list[dict[str, object]]:
    """All runs of a dataset: cold, nothing changed, a household with one row less."""
    store = Store(bench.place / "store")
    runs = plan_runs(bench.records, dataset="../dataset")

    def build() -> list[str]:
        records = read(bench.dataset)
        households, whole = household_rows(bench.dataset, dataset_files(bench.dataset))
        results = execute(
            runs,
            bench.notebooks,
            bench.place / "kept" / "_runs",
            clearance=clear(records),
            dataset=bench.dataset,
            records=records,
            rows={**households, None: whole},
            store=store,
            how=How(jobs=2),
        )
        assert all(result.ok for result in results)
        return [result.run.id for result in results if result.why]

    again: list[str] = []
    cold = took("runs with a store: cold", build)
    nothing = took("runs with a store: nothing changed", build)
    table = bench.dataset / "health_impacts.csv"  # made-up records with a row less are made-up ones still
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    lines.remove(next(line for line in lines if f",{bench.runs[0].case}," in line))
    table.write_text("".join(lines), encoding="utf-8")
    one = took("runs with a store: one row less", lambda: again.extend(build()))
    return [
        row(f"{len(runs)} runs, cold", cold),
        row("the same, nothing changed", nothing),
        row("the same, one row less", one, f"{one.seconds / cold.seconds:.2f} of cold ({', '.join(again)})", "≤ 0.1"),
    ]


def _book(place: Path, notebooks: list[Path]) -> list[dict[str, object]]:
    """The whole command on twenty households, again and again, beside jupyter-cache on as many executed notebooks."""
    command = [sys.executable, "-m", "clss_analysis", "build", "--dataset", "data/demo", "--out", str(place / "book")]
    command += ["--formats", "html"]

    def build() -> None:
        subprocess.run(command, cwd=ROOT, check=True)

    first = took("clss build of data/demo", build)
    build()
    again = min((took("clss build again", build) for _ in range(5)), key=lambda each: each.seconds)
    rows = [row("clss build, data/demo, HTML", first)]
    found, asked = f"{again.seconds:.2f} s", "≤ 0.5 s"
    if find_spec("jupyter_cache") is not None:
        fill = f"{ASK}cache_notebook_file(each, overwrite=True, check_validity=False)"
        ask = f"{ASK}match_cache_file(each)"
        names = [str(place / "jcache"), *map(str, notebooks)]
        subprocess.run([sys.executable, "-c", fill, *names], check=True)
        peers = [
            took(
                "jupyter-cache, nothing changed",
                lambda: subprocess.run([sys.executable, "-c", ask, *names], check=True),
            )
            for _ in range(5)
        ]
        peer = min(peers, key=lambda each: each.seconds)
        rows.append(row(f"jupyter-cache, {len(notebooks)} notebooks matched, nothing changed", peer))
        found, asked = f"{found}; {again.seconds / peer.seconds:.2f} of jupyter-cache", f"{asked}; ≤ 0.2"
    return [*rows, row("clss build again, nothing changed (best of five)", again, found, asked)]


def _cluster(bench: Bench) -> list[dict[str, object]]:
    """Two one-thread dask workers over TCP beside --jobs 2, both after their start."""
    if find_spec("distributed") is None:
        return []
    from distributed import LocalCluster

    few = replace(bench, runs=bench.runs[:4])
    clocks: list[Clock] = []
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "protocol": "tcp://"}
    with contextlib.redirect_stderr(io.StringIO()):
        cluster = LocalCluster(**options, dashboard_address=None)  # type: ignore[no-untyped-call]
    with cluster:
        few.ours("first", cluster=cluster.scheduler_address)
        address = cluster.scheduler_address
        there = took("dask, two workers", lambda: clocks.append(bench.ours("there", cluster=address)))
    here = took("--jobs 2 again", lambda: clocks.append(bench.ours("here", jobs=2)))
    figure = f"{clocks[1].steady() / clocks[0].steady():.2f} of --jobs 2, steady"
    return [row("dask LocalCluster, two workers, TCP", there, figure, "≥ 0.9"), row("--jobs 2 again", here)]


def _many(bench: Bench) -> list[dict[str, object]]:
    """Time of a run (of two figures) and memory of the parent, from the first hundred to the last."""
    samples: list[tuple[float, int]] = []
    over = threading.Event()
    clocks: list[Clock] = []
    begun = time.perf_counter()

    def watch() -> None:
        while not over.wait(0.5):
            samples.append((time.perf_counter() - begun, _pss(os.getpid())))

    watcher = threading.Thread(target=watch)
    watcher.start()
    all_of_them = took(f"{len(bench.runs)} households", lambda: clocks.append(bench.ours("many", jobs=2)))
    over.set()
    watcher.join()
    done = clocks[0].done
    hundred = max(4, len(done) // 10)
    early = (done[hundred - 1] - done[1]) / (hundred - 2)
    late = (done[-1] - done[-hundred]) / (hundred - 1)
    then = max(size for at, size in samples if at <= done[hundred - 1]) / 1024
    most = max(size for _, size in samples) / 1024
    figure = f"{early:.2f} s a run in the first {hundred}, {late:.2f} in the last: {late / early - 1:+.0%}"
    memory = f"{then:.0f} MiB after {hundred} runs, {most:.0f} at most: {most / then - 1:+.0%}"
    return [
        row(f"{len(done)} households, two figures each", all_of_them, figure, "± 15 %"),
        row("… peak PSS of the parent", None, memory, "≤ +20 %"),
    ]
