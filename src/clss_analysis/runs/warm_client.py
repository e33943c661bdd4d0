"""The client's side of the warm server: start it, ask it for processes, end it."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from clss_analysis.records.private import owned_folder
from clss_analysis.runs.warm_server import COUNTING, LONGEST

SECONDS = 120  # seconds for a server to be warm, on a machine that is busy
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


class NoWarmServerError(RuntimeError):
    """There can be no warm server here; `str` is a word that says why: system, thread, zmq, start."""


class StaleServerError(RuntimeError):
    """A module of the project was edited since the server imported it."""


class Forked:
    """A process that the warm server forked, with what `subprocess.Popen` offers to those who wait or signal."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, connection: socket.socket) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._connection = connection

    def poll(self) -> int | None:
        """The exit status, None while it runs; a status of -9 means killed, as in `subprocess`."""
        return self._look(0.0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end.

        Raises:
            subprocess.TimeoutExpired: it runs on.
        """
        code = self._look(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
        return code

    def _look(self, timeout: float | None) -> int | None:
        if self.returncode is None:
            self._connection.settimeout(timeout)
            try:
                said = self._connection.recv(LONGEST)
            except (BlockingIOError, TimeoutError):
                return None
            except OSError:
                said = b""
            if not said:  # the server itself is gone, and with it whoever could have waited
                with contextlib.suppress(OSError):
                    os.killpg(self.pid, signal.SIGKILL)
            self.returncode = int(json.loads(said)["exit"]) if said else -signal.SIGKILL
            self._connection.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Signal the process alone."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it and all it started."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class WarmServer:
    """A warm server of one's own; it ends with `close`, or with this process, however that ends.

    Args:
        env: its environment variables; default: those of this process.
        counting: whether it has imported what measures compute with: .7 s of a processor, which households do without.
    """

    def __init__(self, env: Mapping[str, str] | None = None, *, counting: bool = True) -> None:
        if sys.platform != "linux":
            raise NoWarmServerError("system")
        self._folder = contextlib.ExitStack()
        self.address = str(self._folder.enter_context(owned_folder()) / "server")
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with _short(self.address) as short:
            listening.bind(short)
        listening.listen(64)
        self._lifeline, theirs = socket.socketpair()
        fds = (listening.fileno(), theirs.fileno())
        given = dict(os.environ if env is None else env)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "clss_analysis.runs.warm_server", *map(str, fds), *(COUNTING if counting else ())],
            env={**given, **dict.fromkeys(_ONE_THREAD, "1")},
            pass_fds=fds,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.pid = self._process.pid
        self._ready = False
        listening.close()
        theirs.close()

    def await_ready(self) -> None:
        """Wait until the server is warm; it warms up while its owner does other work.

        Raises:
            NoWarmServerError: it cannot be forked.
        """
        if self._ready:
            return
        self._lifeline.settimeout(SECONDS)
        try:
            said = self._lifeline.recv(64).decode()
        except OSError:
            said = ""
        if said != "ready":
            self.close()
            raise NoWarmServerError(said or "start")
        self._ready = True

    def hold(self, records: Any) -> None:  # noqa: ANN401 - anything that pickles; Records in fact
        """Let the server hold records that were read and checked, for its children's `clss.read` of the same bytes.

        With them goes what the search for names gave, which each child would make anew.
        """
        from clss_analysis.privacy.gate import undecided_texts

        with tempfile.TemporaryFile() as file:
            pickle.dump((records, undecided_texts(records)), file)
            file.flush()
            file.seek(0)
            self.await_ready()
            with _connected(self.address) as connection:
                socket.send_fds(connection, [b'{"kind": "hold"}'], [file.fileno()])
                connection.recv(LONGEST)

    def alive(self) -> bool:
        """Whether the server process is there."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the server and all that it forked."""
        self._lifeline.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._folder.close()


def fork(
    address: str,
    kind: str,
    *,
    env: Mapping[str, str],
    cwd: str,
    argv: Sequence[str] = (),
    memory: int | None = None,
    streams: Sequence[int] = (0, 1, 2),
    channel: int | None = None,
) -> Forked:
    """Ask a warm server for a process.

    Args:
        address: of the server.
        kind: `kernel` or `worker`.
        env: its environment variables.
        cwd: its working folder.
        argv: its words, as `sys.argv` shows them.
        memory: bytes that it may take beyond what the server has; default: no limit.
        streams: the file descriptors that become its standard streams.
        channel: the socket on which a worker gets its tasks.

    Raises:
        StaleServerError: the server has modules in memory that were edited since.
        ConnectionError: there is no server.
    """
    request = {"kind": kind, "argv": list(argv), "env": dict(env), "cwd": cwd, "memory": memory}
    connection = _connected(address)
    try:
        given = [*streams, *([] if channel is None else [channel])]
        socket.send_fds(connection, [json.dumps(request).encode()], given)
        connection.settimeout(SECONDS)
        said = connection.recv(LONGEST)
    except BaseException:
        connection.close()
        raise
    answer = json.loads(said) if said else {}
    if "pid" not in answer:
        connection.close()
        raise StaleServerError if answer.get("stale") else ConnectionError("the warm server is gone")
    return Forked(answer["pid"], connection)


@contextlib.contextmanager
def _short(address: str) -> Iterator[str]:
    """A socket's path through its open folder: a path holds 108 characters, a user's temporary folder may have more."""
    folder = os.open(Path(address).parent, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{folder}/{Path(address).name}"
    finally:
        os.close(folder)


def _connected(address: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * LONGEST)
    try:
        with _short(address) as short:
            connection.connect(short)
    except OSError:
        connection.close()
        raise
    return connection
