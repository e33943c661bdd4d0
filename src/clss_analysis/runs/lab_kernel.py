"""The kernels of JupyterLab as `clss lab` opens it: where the system has them, sockets are files of this user."""

from __future__ import annotations

from itertools import count

from jupyter_client.ioloop.manager import AsyncIOLoopKernelManager

from clss_analysis.runs.kernel import closed_sockets

_NUMBERS = count(1)


class LabKernelManager(AsyncIOLoopKernelManager):
    """A kernel of JupyterLab; each has files of its own, since two that start at once would choose the same."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**(kwargs | closed_sockets(f"s{next(_NUMBERS)}")))
