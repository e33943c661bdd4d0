"""Where POSIX is missing: the same runs go through stock kernels, and nothing is asked of the system at import."""

from __future__ import annotations

import os
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
    from clss_analysis.runs.mask import Mask
    from clss_analysis.runs.plan import Run
    folder = Path(sys.argv[1])
    results = execute([Run(f"menage-{case}", "essai.ipynb", {"case": case}, case) for case in "AB"], folder,
                      folder / "_runs", clearance=clearance_for("A", "B"), mask=Mask(), dataset=Path("data/demo"),
                      how=How(jobs=2))
    assert all(result.ok for result in results), results
"""
)


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
