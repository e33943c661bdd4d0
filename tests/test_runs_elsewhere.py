"""Where POSIX is missing: the same runs go through stock kernels, and nothing is asked of the system at import."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from warm_runs import notebook

WITHOUT = """
import os, signal, socket, sys, importlib.abc
import numpy, pandas, matplotlib, psutil, jupyter_client, ipykernel, nbclient, papermill, multiprocessing, tempfile
import filelock, zmq
POSIX = {"resource", "fcntl", "pwd", "grp", "termios"}
class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in POSIX:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
def refuse(*args, **kwargs):
    raise OSError(22, "a required privilege is not held by the client")
sys.meta_path.insert(0, Missing())
for name in POSIX:
    sys.modules.pop(name, None)
for owner, names in ((os, ("fork", "setsid", "getuid", "geteuid", "pidfd_open")),
                     (socket, ("send_fds", "recv_fds"))):
    for name in names:
        delattr(owner, name)
os.symlink = refuse
sys.platform = "darwin"
"""
PROGRAM = (
    WITHOUT
    + """
if __name__ == "__main__":
    from pathlib import Path
    from clss_analysis.cli import main
    assert main(["check", "data/demo"]) == 0
    from records_sample import clearance_for
    from clss_analysis.runs.engine import How, execute
    from clss_analysis.runs.plan import Run
    folder = Path(sys.argv[1])
    results = execute([Run(f"menage-{case}", "essai.ipynb", {"case": case}, case) for case in "AB"], folder,
                      folder / "_runs", clearance=clearance_for("A", "B"), dataset=Path("data/demo"),
                      how=How(jobs=2))
    assert all(result.ok for result in results), results
"""
)


HOUSE = (
    WITHOUT
    + """
if __name__ == "__main__":
    from pathlib import Path
    for name in ("AF_UNIX", "SOCK_SEQPACKET"):
        delattr(socket, name)
    delattr(os, "killpg")
    from clss_analysis.cli import main
    from clss_analysis.records import synthesise
    from clss_analysis.records.workbook import write_workbook
    os.chdir(sys.argv[1])
    assert main(["new", "seuil"]) == 0
    os.chdir("seuil")
    Path("clss.toml").write_text('name = "Le Seuil"', encoding="utf-8")
    write_workbook(synthesise(1, 11), Path("dossiers.xlsx"))
    assert main(["import", "dossiers.xlsx", "--out", "reprise"]) == 0
    Path("records").rename("vide")
    Path("reprise").rename("records")
    assert main(["review"]) == 0
    assert main(["figure", "trajectory", "--case", "S001"]) == 0
    assert main(["build", "--formats", "html"]) == 0
    assert main(["brief", "compter-les-expulsions", "--case", "S001", "--date", "2025-12"]) == 0
    print("→ fin")
"""
)
_LEGAL = re.compile(r'[^<>:"/\\|?*\x00-\x1f]*[^<>:"/\\|?* .\x00-\x1f]')


def test_without_posix_and_on_a_narrow_terminal_a_house_is_made_and_worked_in(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(HOUSE, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(program), str(tmp_path)], capture_output=True, timeout=1800,
        env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr.decode("cp1252")[-2000:]
    assert "prêt".encode("cp1252") in ran.stdout
    house = tmp_path / "seuil"
    made = [path for path in house.rglob("*") if path.name != ".gitignore"]
    assert len(made) > 30
    assert [path.name for path in made if not _LEGAL.fullmatch(path.name)] == []
    texts = (".csv", ".json", ".md", ".toml", ".yml", ".svg", ".bat", ".command", ".desktop")
    for path in made:
        if path.suffix in texts:
            content = path.read_bytes()
            for_spreadsheets = (
                path.suffix == ".csv" and house / "out" in path.parents
            )  # with a mark and CRLF, for Excel
            assert for_spreadsheets or b"\r" not in content, path
            content.decode("utf-8")


def test_without_posix_notebooks_run_in_stock_kernels_two_at_a_time(tmp_path: Path) -> None:
    notebook(tmp_path / "essai.ipynb", "from pathlib import Path",
             "print(case, Path('../dataset/datapackage.json').is_file())")  # fmt: skip
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(program), str(tmp_path)], capture_output=True, text=True, timeout=300,
        cwd=Path(__file__).parents[1], env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    for case in "AB":
        assert f"{case} True" in (tmp_path / "_runs" / f"menage-{case}.ipynb").read_text(encoding="utf-8")
