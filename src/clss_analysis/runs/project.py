"""JupyterLab on a house."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def open_lab(root: Path, notebooks: Path) -> int:
    """Open JupyterLab on the notebooks of a house, with this interpreter, and wait until it is closed.

    A tile of its launcher opens the desk.

    Args:
        root: the folder of the house.
        notebooks: the folder below it that is shown first.

    Returns:
        Its exit code.
    """
    first = f"--LabApp.default_url=/lab/tree/{notebooks.relative_to(root).as_posix()}"
    tile = f"--LabApp.extra_labextensions_path={Path(__file__).parents[1] / 'desk' / 'lab_tile'}"
    door = "--ServerApp.jpserver_extensions={'clss_analysis.desk.lab': True}"
    words = [sys.executable, "-m", "jupyterlab", "--notebook-dir", str(root), first, tile, door]
    return subprocess.run(words, check=False).returncode
