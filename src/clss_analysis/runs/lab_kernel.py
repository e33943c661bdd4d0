"""The kernels of JupyterLab as `clss lab` opens it: their sockets are files in a folder of this user."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from jupyter_client.ioloop.manager import AsyncIOLoopKernelManager

from clss_analysis.runs.kernel import LONGEST_SOCKET

_NUMBERS = count(1)


class LabKernelManager(AsyncIOLoopKernelManager):
    """A kernel of JupyterLab; each has files of its own, since two that start at once would choose the same."""

    def __init__(self, **kwargs: object) -> None:
        sockets = str(Path(os.environ["IPYTHONDIR"]) / f"s{next(_NUMBERS)}")
        if len(sockets) < LONGEST_SOCKET:
            kwargs |= {"transport": "ipc", "ip": sockets}
        super().__init__(**kwargs)
