"""What a build keeps for itself stays with its user, and a killed one leaves nothing behind the next."""

import contextlib
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import matplotlib
import nbformat
import psutil
import pytest
import typst
from records_sample import signed
from warm_runs import gone

from clss_analysis.publish.brief.pages import Sheets
from clss_analysis.publish.turn import BusyError, take_turn
from clss_analysis.records import read, synthesise, write
from clss_analysis.records.private import PREFIX, owned_folder, private_temp

MARKER = "ZxMarqueQui8Reste"
BUILD = """
import sys
from clss_analysis.runs import plan
plan.DATASET_RUNS = ()
if __name__ == "__main__":
    from clss_analysis.cli import main
    sys.exit(main(sys.argv[1:]))
"""
CELL = f"""
import tempfile, time
from pathlib import Path
Path(tempfile.mkdtemp(), "notes.txt").write_text("{MARKER}" + case)
late = time.monotonic() + float(Path("{{pace}}").read_text())
while time.monotonic() < late and Path("{{pace}}").read_text() != "0":
    time.sleep(.05)
print("Fiche " + case)
"""
STARTED: list[subprocess.Popen] = []
READ: list[Path] = []
"""What a build remembers of the texts that it has read, by their hash."""
posix = pytest.mark.skipif(os.name != "posix", reason="signals and permission bits")


def house(root: Path, households: int = 2) -> Path:
    """A house of its own with one chapter and a notebook that writes to the temporary folder, as libraries do."""
    for name in ("book", "notebooks", "tmp", "home"):
        (root / name).mkdir(parents=True)
    for memory in READ:
        (root / "home" / "clss").mkdir(mode=0o700)
        shutil.copyfile(memory, root / "home" / "clss" / memory.name)
    (root / "clss.toml").write_text('name = "Essai"\n')
    (root / "book" / "_quarto.yml").write_text(
        'project:\n  type: book\nbook:\n  title: Essai\n  author: Essai\n  date: "2025-12-01"\n'
        "  chapters:\n    - index.md\nlang: fr-BE\n"
    )
    included = "\n".join(f"{{{{< include _runs/menage-S{n:03}.md >}}}}" for n in range(1, households + 1))
    (root / "book" / "index.md").write_text(f"# Essai\n\n## Ménages\n\n{included}\n")
    (root / "pace").write_text("0")
    (root / "build.py").write_text(BUILD)
    cells = [
        nbformat.v4.new_code_cell(
            'dataset = ""\ncase = ""\nlang = ""\nout = ""', metadata={"tags": ["parameters"]}, id="a"
        ),
        nbformat.v4.new_code_cell(CELL.replace("{pace}", str(root / "pace")), id="b"),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), root / "notebooks" / "01_menage.ipynb")
    made = synthesise(households, 1)
    write(signed(replace(made, description=f"{MARKER} {made.description}")), root / "jeu")
    assert MARKER in read(root / "jeu").description
    return root


def start(root: Path, *words: str, mark: str = "") -> subprocess.Popen:
    # matplotlib's own list of typefaces is kept: it says so on stderr where making it anew takes over five seconds
    env = {**os.environ, "TMPDIR": str(root / "tmp"), "XDG_CACHE_HOME": str(root / "home"), "CLSS_MARK": mark,
           "MPLCONFIGDIR": matplotlib.get_configdir()}  # fmt: skip
    command = [
        sys.executable,
        str(root / "build.py"),
        "build",
        "--dataset",
        "jeu",
        "--out",
        "livre",
        "--formats",
        "html",
    ]
    process = subprocess.Popen([*command, "--jobs", "2", *words], cwd=root, env=env, stderr=subprocess.PIPE, text=True)
    STARTED.append(process)
    return process


@pytest.fixture(scope="module", autouse=True)
def _read_once(tmp_path_factory):
    """The texts of these houses are read once: each build would start the model anew, for two thirds of its time."""
    root = house(tmp_path_factory.mktemp("read"))
    assert end(start(root)) == ""
    READ.append(root / "home" / "clss" / "identifiers.sqlite")
    yield
    READ.clear()


@pytest.fixture(autouse=True)
def _ended():
    yield
    while STARTED:
        STARTED.pop().kill()


def end(process: subprocess.Popen) -> str:
    return process.communicate(timeout=300)[1]


def until(what, seconds: float = 200.0) -> None:
    limit = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < limit, "it does not come"
        time.sleep(0.02)


def holding(folder: Path) -> list[str]:
    """Files below a folder that hold the marker in name or bytes."""
    found = []
    for place, _, names in os.walk(folder):  # which lets folders go while it walks; a Path's own walk does not
        for path in (Path(place, name) for name in names):
            with contextlib.suppress(OSError):
                if path.is_file() and MARKER.encode() in path.read_bytes():
                    found.append(str(path.relative_to(folder)))
    return found


@posix
def test_after_a_killed_build_the_next_one_leaves_no_byte_of_it(tmp_path):
    root = house(tmp_path)
    (root / "pace").write_text("300")
    rng, seen = random.Random(5), 0
    for moment in ("snapshot", "kernel", "chance"):
        mark = f"kill-{tmp_path.name}-{moment}"
        process = start(root, mark=mark)
        if moment == "chance":
            time.sleep(rng.uniform(0.5, 3.0))
        else:
            wanted = "datapackage.json" if moment == "snapshot" else "notes.txt"
            until(lambda wanted=wanted: any(wanted in name for name in holding(root / "tmp")))
        process.send_signal(signal.SIGKILL)
        end(process)
        assert gone(f"CLSS_MARK={mark}") == set()
        seen += bool(holding(root / "tmp"))
    assert seen, "the killed builds had nothing of the dataset to lose"
    (root / "pace").write_text("0")
    process = start(root)
    assert end(process) == ""
    assert process.returncode == 0
    assert holding(root / "tmp") == []
    assert not [path for path in (root / "tmp").iterdir() if path.name.startswith(PREFIX)]


@posix
def test_a_living_build_loses_nothing_to_the_next_and_nobody_else_can_read_it(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = os.umask(0)
    try:
        with owned_folder() as first, owned_folder() as second:
            assert first != second
            assert first.is_dir()
            assert stat.S_IMODE(first.stat().st_mode) == 0o700
            assert {stat.S_IMODE(path.stat().st_mode) for path in first.iterdir()} <= {0o600}
    finally:
        os.umask(before)
    assert list(tmp_path.iterdir()) == []


@posix
def test_only_folders_of_dead_processes_go(tmp_path):
    me = psutil.Process()
    started = int(me.create_time())
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    names = {
        f"{PREFIX}{dead.pid:x}-{started:x}-aaaaaaaa": False,
        f"{PREFIX}{me.pid:x}-{started - 1000:x}-bbbbbbbb": False,  # the number was given again
        f"{PREFIX}{me.pid:x}-{started:x}-cccccccc": True,
        f"{PREFIX}notes-of-mine": True,
    }
    for name in names:
        (tmp_path / name / "below").mkdir(parents=True)
    (tmp_path / f"{PREFIX}{dead.pid:x}-{started:x}-dddddddd").symlink_to(tmp_path / f"{PREFIX}notes-of-mine")
    with owned_folder(tmp_path):
        assert {name: (tmp_path / name).exists() for name in names} == names
    assert (tmp_path / f"{PREFIX}notes-of-mine" / "below").is_dir()


@posix
def test_sheets_that_a_killed_process_left_are_cleared_by_the_next(tmp_path, monkeypatch):
    """What a page says lies in a file of its own; the folder says whose it is."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = os.umask(0)
    try:
        with Sheets("brief.typ", 0) as sheets:
            monkeypatch.setattr(typst, "query", lambda *_, **__: "[]")
            assert sheets.overflowing({"title": "Une famille"}) == set()
            assert stat.S_IMODE((sheets.folder / "contenu.json").stat().st_mode) == 0o600
            name = sheets.folder.name
    finally:
        os.umask(before)
    assert list(tmp_path.iterdir()) == []
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = tmp_path / name.replace(f"{PREFIX}{os.getpid():x}-", f"{PREFIX}{dead.pid:x}-")
    left.mkdir()
    with owned_folder(tmp_path):
        assert not left.exists()


def test_libraries_and_children_use_the_private_folder_too(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    child = [sys.executable, "-c", "import tempfile; print(tempfile.mkdtemp())"]
    with private_temp() as folder:
        assert Path(tempfile.mkdtemp()).parent == folder
        assert Path(subprocess.run(child, capture_output=True, text=True).stdout.strip()).parent == folder
        with private_temp() as inner:
            assert inner == folder
        assert folder.is_dir()
    assert tempfile.gettempdir() == str(tmp_path)
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_crash_writes_no_memory_to_a_disk():
    command = (
        "import resource, subprocess, sys; from clss_analysis.cli import main;"
        "resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2);"
        "main(['check', 'nowhere']);"
        "print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    told = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "0"


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """A house whose book is made, and whose chapter and notebook say something else since."""
    root = house(tmp_path_factory.mktemp("edited"))
    assert end(start(root)) == ""
    (root / "pace").write_text("300")
    (root / "book" / "index.md").write_text((root / "book" / "index.md").read_text() + "\nAutrement.\n")
    notebook = root / "notebooks" / "01_menage.ipynb"
    notebook.write_text(notebook.read_text().replace("Fiche ", "Autre fiche "))
    return root


@posix
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_a_build_with_one_sentence_and_keeps_the_book(number, code, edited):
    root, mark = edited, f"end-{os.getpid()}-{code}"
    book = {path.name: path.read_bytes() for path in (root / "livre").iterdir() if path.is_file()}
    assert book
    process = start(root, mark=mark)
    until(lambda: any("notes.txt" in name for name in holding(root / "tmp")))
    process.send_signal(number)
    said = end(process)
    assert process.returncode == code
    assert len(said.splitlines()) == 1
    assert "Interrompu" in said
    assert gone(f"CLSS_MARK={mark}") == set()
    assert {path.name: path.read_bytes() for path in (root / "livre").iterdir() if path.is_file()} == book
    assert list((root / "tmp").iterdir()) == []


@posix
def test_of_two_builds_into_a_folder_the_second_waits_or_says_so(tmp_path):
    root = house(tmp_path)
    (root / "pace").write_text("300")
    first = start(root)
    until(lambda: any("notes.txt" in name for name in holding(root / "tmp")))
    refused = start(root, "--no-wait")
    said = end(refused)
    assert refused.returncode == 1
    assert len(said.splitlines()) == 1
    assert f"processus {first.pid}" in said
    second = start(root)
    assert second.stderr is not None
    waited = second.stderr.readline()
    (root / "pace").write_text("0")
    assert end(second) == ""
    assert first.poll() == 0, "the second ended before the first"
    assert second.returncode == 0
    assert len(waited.splitlines()) == 1
    assert "attend" in waited
    end(first)
    assert {path.name for path in root.iterdir()} & {".livre.lock", "livre.lock"} == set()


def test_the_lock_of_a_dead_build_is_free(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom clss_analysis.publish.turn import take_turn\n"
        "with take_turn(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "livre")]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout.readline().strip() == b"held"
    with pytest.raises(BusyError, match=str(holder.pid)), take_turn(tmp_path / "livre", wait=False):
        pass
    with take_turn(tmp_path / "autre", wait=False):
        pass
    holder.kill()
    holder.communicate()
    with take_turn(tmp_path / "livre", wait=False):
        assert stat.S_IMODE((tmp_path / "home" / "clss" / "builds").stat().st_mode) & 0o077 == 0 or os.name != "posix"
