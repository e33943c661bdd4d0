"""The project: the folder with `book/` and `notebooks/`, and JupyterLab on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from clss_analysis.records import message

MARK = Path("book") / "_quarto.yml"
PUBLICATION = Path("data") / "publication"
CONTEXT = Path("data") / "context"


class NoProjectError(ValueError):
    """Neither the working directory nor the package's own place lies in a project."""


def project_root(start: Path | None = None) -> Path:
    """The project folder: the nearest one upwards that has `book/_quarto.yml` and `notebooks/`.

    Args:
        start: where to look first; default: the working directory.  After it, the checkout that this package was
            installed from is looked at.

    Raises:
        NoProjectError: there is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, *Path(__file__).resolve().parents):
        if (folder / MARK).is_file() and (folder / "notebooks").is_dir():
            return folder
    raise NoProjectError(message("runs.no_project"))


def open_lab(root: Path) -> int:
    """Open JupyterLab on the notebooks of a project, with this interpreter, and wait until it is closed.

    Returns:
        Its exit code.
    """
    return subprocess.run([sys.executable, "-m", "jupyterlab", "--notebook-dir", str(root)], check=False).returncode
