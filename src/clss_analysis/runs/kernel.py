"""The kernel that notebooks run in: this interpreter's own ipykernel, whatever kernels the machine has installed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from clss_analysis.runs.warm_engine import WarmKernelManager

NAME = "python3"
LONGEST_SOCKET = 90  # a socket's path holds 104 characters on macOS, 108 on Linux


def closed_sockets(name: str) -> dict[str, str]:
    """What a kernel manager is told so that sockets are files in `IPYTHONDIR`; nothing where the system has none."""
    sockets = str(Path(os.environ["IPYTHONDIR"]) / name)
    return {"transport": "ipc", "ip": sockets} if os.name == "posix" and len(sockets) < LONGEST_SOCKET else {}


class OwnKernelManager(AsyncKernelManager):
    """Starts ipykernel under `sys.executable`, in an environment that gives the same output every time.

    No installed kernelspec is looked up, so a `python3` of another environment cannot slip in, and none needs to be
    installed.  Where the system has them, sockets are files in a folder of this user instead of open ports.
    """

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**(kwargs | closed_sockets("s")))

    @property
    def kernel_spec(self) -> KernelSpec:
        """The one kernelspec there is."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")


class OwnWarmKernelManager(OwnKernelManager, WarmKernelManager):
    """The same kernel, forked from the warm server."""
