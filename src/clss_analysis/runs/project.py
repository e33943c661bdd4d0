"""JupyterLab on a house."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def open_lab(root: Path) -> int:
    """Open JupyterLab on the notebooks of a house, with this interpreter, and wait until it is closed.

    Returns:
        Its exit code.
    """
    return subprocess.run([sys.executable, "-m", "jupyterlab", "--notebook-dir", str(root)], check=False).returncode
