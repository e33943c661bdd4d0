"""The warm engine: papermill's own, with kernels forked from a warm server instead of started from nothing.

`papermill --engine clss-warm in.ipynb out.ipynb` runs anyone's notebook; what cannot be forked (another interpreter,
another system) gets a stock kernel, and a word says so.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient.exceptions import CellTimeoutError
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger

from clss_analysis.records.vocabulary import message
from clss_analysis.runs.warm_client import Forked, NoWarmServerError, StaleServerError, WarmServer, fork

NAME = "clss-warm"
_LAUNCHER = ("-m", "ipykernel_launcher")


class Shared:
    """The warm server that the kernels of this process come from: one's own, or that of whoever forked the process."""

    address: ClassVar[str] = ""
    memory: ClassVar[int | None] = None
    _own: ClassVar[WarmServer | None] = None
    _refused: ClassVar[str] = ""

    @classmethod
    def find(cls) -> str:
        """The address of the server, started when there is none yet.

        Raises:
            NoWarmServerError: there can be none.
        """
        if cls.address:
            return cls.address
        if cls._refused:
            raise NoWarmServerError(cls._refused)
        if cls._own is None or not cls._own.alive():
            try:
                cls._own = WarmServer()
                cls._own.await_ready()
            except NoWarmServerError as error:
                cls._refused = str(error)
                raise
            atexit.register(cls._own.close)
        return cls._own.address

    @classmethod
    def restart(cls) -> None:
        """End a server whose modules are out of date; the next `find` starts another."""
        if cls._own is not None:
            cls._own.close()
        cls._own = None


class WarmProvisioner(LocalProvisioner):
    """Launches kernels by asking the warm server; falls back to a process of their own, and says so."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ANN401 - Popen's options
        """Launch a kernel with a command."""
        why = _unfit(cmd, str(kwargs.get("cwd") or "."))
        if not why:
            try:
                self.process = _forked(cmd, kwargs)  # type: ignore[assignment]  # offers what Popen does
            except NoWarmServerError as error:
                why = str(error)
            except (ConnectionError, FileNotFoundError):
                why = "start"
        if why:
            logger.warning(message("warm.stock", why=message(f"warm.{why}")))
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = getattr(self.process, "pid", None)
        self.cwd = kwargs.get("cwd", Path.cwd())
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002 - as the parent has it
        """End the kernel; when this returns it has ended, so that nobody need ask again later."""
        await super().kill(restart=restart)
        if isinstance(self.process, Forked):
            self.process.wait(5)


class WarmKernelManager(AsyncKernelManager):
    """Starts warm kernels of the kernelspec that the notebook asks for, and notes how the last one ended."""

    ended: ClassVar[int | None] = None

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - traits
        super().__init__(**{"client_class": f"{__name__}.PromptClient", **kwargs})

    async def _async_pre_start_kernel(self, **kwargs: Any) -> tuple[list[str], dict[str, Any]]:  # noqa: ANN401 - as the parent has it
        if self.provisioner is None:
            self.provisioner = WarmProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        return await super()._async_pre_start_kernel(**kwargs)

    async def _async_cleanup_resources(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002 - as the parent
        process = getattr(self.provisioner, "process", None)
        WarmKernelManager.ended = process.poll() if process is not None else None
        await super()._async_cleanup_resources(restart=restart)

    cleanup_resources = _async_cleanup_resources


class PatientKernelManager(WarmKernelManager):
    """Ends kernels at once, but one whose cell ran out of time as stock papermill does: what it says then is kept."""

    async def _async_shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:  # noqa: FBT001, FBT002 - as the parent has it
        late = isinstance(sys.exc_info()[1], CellTimeoutError)
        await super()._async_shutdown_kernel(now=now and not late, restart=restart)

    shutdown_kernel = _async_shutdown_kernel  # type: ignore[assignment]  # as the parent does


class PromptClient(AsyncKernelClient):
    """A client that learns that a kernel is ready from the kernel's own words, without waiting for silence."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        end = time.monotonic() + (timeout or float("inf"))
        while True:
            request = self.kernel_info()
            try:
                reply = await self._async_get_shell_msg(timeout=1)
                if reply["msg_type"] == "kernel_info_reply":
                    self._handle_kernel_info_reply(reply)
                    while not await self._idle_after(request):
                        pass
                    return
            except Empty:
                pass
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > end:
                raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")

    async def _idle_after(self, request: str) -> bool:
        said = await self._async_get_iopub_msg(timeout=0.2)
        mine = said["parent_header"].get("msg_id") == request
        return bool(mine and said["msg_type"] == "status" and said["content"]["execution_state"] == "idle")

    wait_for_ready = _async_wait_for_ready


class WarmEngine(NBClientEngine):  # type: ignore[misc]  # papermill is untyped
    """papermill's engine, its kernels forked from a warm server and ended at once."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:  # noqa: ANN401 - untyped
        """Execute a notebook; every option of papermill's own engine is taken."""
        options = {"kernel_manager_class": WarmKernelManager, **kwargs}
        if "shutdown_kernel" not in kwargs:
            options = {"kernel_manager_class": PatientKernelManager, "shutdown_kernel": "immediate", **kwargs}
        return super().execute_managed_notebook(nb_man, kernel_name, **options)


def register() -> None:
    """Make the engine known to papermill where no entry point does, as in a checkout."""
    papermill_engines.register(NAME, WarmEngine)


def warm() -> None:
    """Touch what every kernel and every run needs, before the first fork."""
    register()


def _forked(cmd: Sequence[str], options: Mapping[str, Any]) -> Forked:
    env = dict(options.get("env") or os.environ)
    env["JPY_PARENT_PID"] = str(os.getpid())
    launcher = find_spec(_LAUNCHER[1])
    argv = [str(launcher.origin if launcher else _LAUNCHER[1]), *cmd[3:]]
    cwd = str(Path(options.get("cwd") or ".").absolute())
    with Path(os.devnull).open("rb") as nothing:
        streams = (nothing.fileno(), 1, 2)
        for attempt in (1, 2):
            address = Shared.find()
            try:
                return fork(address, "kernel", env=env, cwd=cwd, argv=argv, memory=Shared.memory, streams=streams)
            except StaleServerError:
                if Shared.address or attempt == 2:
                    raise NoWarmServerError("stale") from None
                Shared.restart()
    raise NoWarmServerError("start")


def _unfit(cmd: Sequence[str], cwd: str) -> str:
    """Why a kernel cannot be forked here, as a word; empty when it can."""
    asked = shutil.which(cmd[0]) or cmd[0]
    same = Path(asked).absolute().parent == Path(sys.executable).absolute().parent
    if not same or tuple(cmd[1:3]) != _LAUNCHER:
        return "kernel"
    return "folder" if (Path(cwd) / "matplotlibrc").exists() else ""
