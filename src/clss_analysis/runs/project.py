"""JupyterLab on a house."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from clss_analysis.records.private import owned_folder


def open_lab(root: Path, notebooks: Path) -> int:
    """Open JupyterLab on the notebooks of a house, with this interpreter, and wait until it is closed.

    A tile of its launcher opens the desk.  Where the system has them, its kernels speak through files in a folder of
    this user: at an open port anybody on the machine could read what they print.  What is typed there is kept in no
    history beyond the session; the user's IPython profile is left aside for it.

    Args:
        root: the folder of the house.
        notebooks: the folder below it that is shown first.

    Returns:
        Its exit code.
    """
    first = f"--LabApp.default_url=/lab/tree/{notebooks.relative_to(root).as_posix()}"
    tile = f"--LabApp.extra_labextensions_path={Path(__file__).parents[1] / 'desk' / 'lab_tile'}"
    door = "--ServerApp.jpserver_extensions={'clss_analysis.desk.lab': True}"
    kernels = "--AsyncMappingKernelManager.kernel_manager_class=clss_analysis.runs.lab_kernel.LabKernelManager"
    words = [sys.executable, "-m", "jupyterlab", "--notebook-dir", str(root), first, tile, door, kernels]
    with owned_folder() as closed:
        return subprocess.run(words, check=False, env={**os.environ, "IPYTHONDIR": str(closed)}).returncode
