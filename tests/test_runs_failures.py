"""One run that goes wrong is one failure with its reason, whatever it does; what is killed leaves nothing half done."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from records_sample import clearance_for
from warm_runs import contents, descendants, gone, notebook

from clss_analysis.runs.engine import How, execute
from clss_analysis.runs.freshness import Store
from clss_analysis.runs.plan import Run
from clss_analysis.runs.progress import Watch

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")
BODY = """
import os, time
from pathlib import Path
if case == "r03":
    raise ValueError("Madame Zola")
if case == "r05":
    time.sleep(600)
if case == "r07":
    block = bytearray(4 << 30)
if case == "r09":
    os._exit(9)
if case == "r11":
    os.kill(os.getpid(), 9)
Path("figures").mkdir()
Path("figures", case + ".txt").write_text(case * 20000)
case
"""
REASONS = {
    "r03": "ValueError",
    "r05": "TimeoutError",
    "r07": "MemoryError",
    "r09": "DeadKernelError",
    "r11": "DeadKernelError",
}


CLEARED = clearance_for(*(f"r{n:02}" for n in range(100)))


def runs_of(folder: Path, number: int) -> list[Run]:
    notebook(folder / "in.ipynb", BODY, parameters='case = ""')
    return [Run(f"r{n:02}", "in.ipynb", {"case": f"r{n:02}"}, f"r{n:02}") for n in range(number)]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    folder, lines = tmp_path_factory.mktemp("mixed"), []
    results = execute(
        runs_of(folder, int(os.environ.get("CLSS_RUNS", "16"))),
        folder,
        folder / "_runs",
        clearance=CLEARED,
        how=How(jobs=2, seconds=20, memory=1 << 30),
        watch=Watch(lines=lines.append),
        store=Store(folder / "store"),
    )
    return folder, results, [json.loads(line) for line in lines]


def test_each_bad_run_is_one_failure_with_its_reason_and_the_others_succeed(mixed):
    _, results, _ = mixed
    assert {result.run.id: result.error for result in results if not result.ok} == REASONS
    reasons = {result.run.id: result.reason for result in results if not result.ok}
    assert "Zola" not in reasons["r03"]
    assert reasons["r05"].endswith("20\u202fs, le temps accordé") or "20 s" in reasons["r05"]
    assert "mémoire" in reasons["r07"]
    assert "code 9" in reasons["r09"]
    assert "tué par le système" in reasons["r11"]


def test_a_machine_can_follow(mixed):
    _, results, events = mixed
    assert [events[0]["event"], events[-1]["event"]] == ["start", "end"]
    told = {event["id"]: event["ok"] for event in events if event["event"] == "run"}
    assert told == {result.run.id: result.ok for result in results}
    assert events[-1]["failed"] == len(REASONS)


def test_a_failure_has_a_log_with_its_cell_and_no_word_of_the_records(mixed):
    folder, _, _ = mixed
    log = (folder / "_runs" / "logs" / "r03.log").read_text(encoding="utf-8")
    assert "cell 2: ValueError" in log
    assert "Zola" not in log


def test_what_was_done_is_not_done_again_and_says_why(mixed):
    folder, before, _ = mixed
    runs = [result.run for result in before if result.ok]
    store = Store(folder / "store")
    again = execute(runs, folder, folder / "again", clearance=CLEARED, store=store)
    assert [result.why for result in again] == [()] * len(runs)
    assert contents(folder / "again") == contents(folder / "_runs")
    changed = Run(runs[0].id, "in.ipynb", {"case": "autre"}, runs[0].case)
    (folder / "store" / runs[1].id / "figures" / f"{runs[1].id}.txt").write_text("coupé")
    rows = {run.case: "autres" for run in runs[2:3]}
    results = execute([changed, *runs[1:4]], folder, folder / "third", clearance=CLEARED, store=store, rows=rows)
    assert [result.why for result in results] == [("parameters",), ("broken",), ("rows",), ()]


SCRIPT = """
import sys
from pathlib import Path
from test_runs_failures import *
folder = Path(sys.argv[1])
if __name__ == "__main__":
    runs = [run for run in runs_of(folder, 16) if run.id not in REASONS]
    how, store = How(jobs=2), Store(folder / "store")
    results = execute(runs, folder, folder / "_runs", clearance=CLEARED, how=how, store=store)
    print(json.dumps([result.run.id for result in results if result.why]))
    sys.exit(any(not result.ok for result in results))
"""


def start(folder: Path, mark: str) -> subprocess.Popen:
    (folder / "build.py").write_text(SCRIPT)
    tests = str(Path(__file__).parent)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([tests, *filter(None, sys.path)]), "CLSS_MARK": mark}
    command = [sys.executable, str(folder / "build.py"), str(folder)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)


def parents(pid: int) -> list[int]:
    found = []
    while pid > 1:
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            break
        found.append(pid)
    return found


def kill_at_random(folder: Path, seed: int, undisturbed: dict[str, bytes], seconds: float) -> None:
    """Start a build, kill one of its processes, and hold the next build to its promises.

    It is killed somewhere between its start and its end, as far as it takes as long as an undisturbed one.
    """
    rng, mark = random.Random(seed), f"{folder.name}-{seed}"
    process = start(folder, mark)
    victims = ("parent", "server", "child")
    victim = victims[seed % 3]
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(rng.uniform(0.2, 1.0) * seconds)
    below = [pid for pid in descendants(f"CLSS_MARK={mark}") if pid != process.pid]
    server = [pid for pid in below if parents(pid)[:1] == [process.pid]]
    children = [pid for pid in below if pid not in server]
    chosen = {"parent": [process.pid], "server": server, "child": children}[victim]
    if chosen:
        with contextlib.suppress(ProcessLookupError):  # a kernel may have ended by itself meanwhile
            os.kill(rng.choice(chosen), signal.SIGKILL)
    if victim == "parent":
        process.wait(60)
        assert gone(f"CLSS_MARK={mark}") == set(), "an orphan lives on"
    else:
        replaced = {0} if victim == "server" else {0, 1}  # a kernel that is killed is the failure of its run
        assert process.wait(240) in replaced, "a lost process is replaced"
    kept = [path.parent.name for path in (folder / "store").glob("*/made.json")] if (folder / "store").exists() else []
    process.stdout.close()
    again = start(folder, mark)
    done = again.communicate(timeout=240)[0]
    assert again.returncode == 0
    assert not set(kept) & set(json.loads(done.strip().splitlines()[-1])), "what was kept is done again"
    assert gone(f"CLSS_MARK={mark}") == set()
    assert contents(folder / "_runs") == undisturbed
    assert [path for path in (folder / "store").iterdir() if path.name.startswith(".")] == []


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder, begun = tmp_path_factory.mktemp("undisturbed"), time.monotonic()
    process = start(folder, "undisturbed")
    process.communicate(timeout=240)
    assert process.returncode == 0
    return contents(folder / "_runs"), time.monotonic() - begun


@pytest.mark.parametrize("seed", range(int(os.environ.get("CLSS_KILLS", "3"))))
def test_killed_at_any_moment_nothing_is_half_done(seed, tmp_path, undisturbed):
    kill_at_random(tmp_path, seed, *undisturbed)


def test_an_interrupted_build_ends_cleanly_and_keeps_what_is_done(tmp_path):
    process = start(tmp_path, "interrupted")
    end = time.monotonic() + 120
    while not list(tmp_path.glob("store/*/made.json")) and time.monotonic() < end:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=240)
    assert process.returncode
    assert gone("CLSS_MARK=interrupted") == set()
    assert list(tmp_path.glob("store/*/made.json"))
    assert not [path for path in (tmp_path / "store").iterdir() if path.name.startswith(".")]


@contextlib.contextmanager
def disk(place: Path, options: str) -> Iterator[Path]:
    """A file system of its own; skipped where none can be mounted."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no small file system can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)  # noqa: S607


@pytest.fixture
def small_disk(tmp_path):
    with disk(tmp_path / "petit", "size=1m") as place:
        yield place


def test_a_full_disk_is_one_error(small_disk, tmp_path):
    notebook(tmp_path / "in.ipynb", "open('plein', 'wb').write(bytes(4 << 20))", parameters='case = ""')
    runs = [Run(f"r{n}", "in.ipynb", {"case": "x"}) for n in range(3)]
    with pytest.raises(OSError, match="space"):
        execute(runs, tmp_path, small_disk / "_runs", clearance=CLEARED, how=How(jobs=2))
    assert [path.name for path in small_disk.iterdir()] == ["_runs"]


@pytest.mark.parametrize(("options", "word"), [("size=100k", "disque est plein"), ("size=1m,ro", "refusée")])
def test_the_command_says_so_in_one_line(options, word, tmp_path):
    root = Path(__file__).parents[1]
    with disk(tmp_path / "petit", options) as place:
        command = [sys.executable, "-m", "clss_analysis", "build", "--formats", "html", "--out", str(place / "livre")]
        env = {**os.environ, **({} if "ro" in options else {"TMPDIR": str(place)})}
        done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, timeout=240)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
        assert word in done.stderr
        assert str(place) in done.stderr
        assert list(place.iterdir()) == []


@pytest.mark.parametrize(("number", "word"), [(28, "disque est plein"), (30, "refusée"), (13, "refusée")])
def test_a_full_or_closed_disk_is_one_line_and_2(number, word, capsys, monkeypatch, tmp_path):
    from clss_analysis import cli
    from clss_analysis.publish import build as module

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "English", str(tmp_path))

    monkeypatch.setattr(module, "build", refuse)
    assert cli.main(["build", "--out", str(tmp_path / "livre")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert word in lines[0]
    assert "English" not in lines[0]
