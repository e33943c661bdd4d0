"""What kernels and the warm server see of the environment; nothing of Jupyter is imported, for who starts one only."""

from __future__ import annotations

import os
from pathlib import Path


def environment(private: str) -> dict[str, str]:
    """The environment variables of a kernel, beside those of this process.

    Args:
        private: an empty folder, which holds the sockets and stands in for the user's IPython profile, whose
            start-up files could change what a notebook shows.
    """
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(Path(entry).absolute()) for entry in paths if entry),
        "PYTHONHASHSEED": "0",
        "IPYTHONDIR": private,
        "MPLBACKEND": "agg",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "PYTHONWARNINGS": "ignore::FutureWarning",
    }
