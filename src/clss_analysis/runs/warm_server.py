"""The warm server: one process with everything imported, which forks a kernel or a worker whenever it is asked.

Started by `runs.warm_client` as `python -m clss_analysis.runs.warm_server`, it holds no thread and no zmq context (both
do not survive a fork), and lives as long as its owner holds the other end of its lifeline.  Each child is a session
of its own: when it ends, when its client lets go, or when the server ends, whatever it started is killed with it.
"""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import gc
import io
import json
import os
import pickle
import random
import select
import selectors
import signal
import socket
import sys
import tempfile
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NoReturn

LONGEST = 1 << 18  # bytes of a request, which holds a whole environment
INLINE = "module://matplotlib_inline.backend_inline"
IMPORTS = (
    "IPython.core.completer", "IPython.core.completerlib", "IPython.core.debugger",
    "IPython.core.oinspect", "IPython.extensions.storemagic", "faulthandler", "ipykernel.debugger",
    "ipykernel.kernelapp", "ipykernel.zmqshell", "jupyter_client.asynchronous", "nbclient", "numpy", "pandas",
    "papermill", "matplotlib.figure", "nbconvert.exporters", "networkx", "pandas.core.methods.to_dict",
    "pandas.io.formats.html", "psutil", "sqlite3", "tornado.platform.asyncio", "zmq.asyncio",
    "clss_analysis.privacy.review", "clss_analysis.runs.coding",
    "clss_analysis.runs.findings", "clss_analysis.runs.display", "clss_analysis.runs.tables",
    "clss_analysis.runs.telling", "clss_analysis.runs.warm_engine", "clss_analysis.runs.notebook_run",
)  # fmt: skip
COUNTING = ("scipy.stats", "scipy.cluster.hierarchy", "clss_analysis.privacy.suppression_solver")
_PR_SET_PDEATHSIG = 1  # of Linux's prctl: send this process a signal when its parent ends


@dataclass
class _Child:
    """A forked process: the file descriptor that tells its end, and the client that asked for it."""

    pid: int
    ended: int
    client: socket.socket


@dataclass
class _Server:
    """What is open, who asked, and what runs; `imported` is what imported modules added to the environment."""

    listening: socket.socket
    lifeline: socket.socket
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    clients: dict[int, socket.socket] = field(default_factory=dict)
    children: dict[int, _Child] = field(default_factory=dict)
    sources: dict[str, tuple[int, int]] = field(default_factory=dict)
    imported: dict[str, str] = field(default_factory=dict)

    def serve(self) -> Callable[[], object]:
        """Answer requests until the owner lets go; returns, in a forked child only, what that child is to do."""
        self.selector.register(self.listening, selectors.EVENT_READ, "listening")
        self.selector.register(self.lifeline, selectors.EVENT_READ, "lifeline")
        while True:
            for key, _ in self.selector.select():
                if key.data == "lifeline":
                    self.end()
                elif key.data == "listening":
                    client, _ = self.listening.accept()
                    self.clients[client.fileno()] = client
                    self.selector.register(client, selectors.EVENT_READ, "client")
                elif key.data == "client":
                    if key.fd in self.clients and (work := self.answer(self.clients[key.fd])):
                        return work
                elif key.data in self.children:
                    self.reap(self.children[key.data])

    def answer(self, client: socket.socket) -> Callable[[], object] | None:
        """One request of a client; None but in a child."""
        try:
            data, fds, _, _ = socket.recv_fds(client, LONGEST, 8)
        except OSError:
            data, fds = b"", []
        if not data:
            self.let_go(client)
            return None
        request: dict[str, Any] = json.loads(data)
        try:
            if request["kind"] == "hold":
                _hold(fds[0])
                _send(client, {"held": True})
            elif stale(self.sources):
                _send(client, {"stale": True})
            else:
                return self.fork(request, client, fds)
        finally:
            for fd in fds if os.getpid() == self.pid else ():
                os.close(fd)
        return None

    def fork(self, request: dict[str, Any], client: socket.socket, fds: list[int]) -> Callable[[], object] | None:
        """A new process; in the child, what it is to do."""
        pid = os.fork()
        if pid == 0:
            _leave(self)
            request["env"] = {**self.imported, **request["env"]}
            return _become(request, fds, self.pid)
        child = _Child(pid, os.pidfd_open(pid), client)
        self.children[pid] = child
        self.selector.register(child.ended, selectors.EVENT_READ, pid)
        _send(client, {"pid": pid})
        return None

    def reap(self, child: _Child) -> None:
        """A child has ended: what it left behind is killed, and its client is told the exit status."""
        _, status = os.waitpid(child.pid, 0)
        _kill(child.pid)
        self.selector.unregister(child.ended)
        os.close(child.ended)
        del self.children[child.pid]
        _send(child.client, {"exit": os.waitstatus_to_exitcode(status)})

    def let_go(self, client: socket.socket) -> None:
        """A client is gone, and so are the processes that it asked for."""
        self.selector.unregister(client)
        del self.clients[client.fileno()]
        for child in self.children.values():
            if child.client is client:
                _kill(child.pid)
        client.close()

    def abandoned(self) -> bool:
        """Whether the owner let go before the first request."""
        ready, _, _ = select.select([self.lifeline], [], [], 0)
        return bool(ready)

    def end(self) -> NoReturn:
        """The owner is gone: nothing stays."""
        for child in self.children.values():
            _kill(child.pid)
        os._exit(0)

    def __post_init__(self) -> None:
        self.pid = os.getpid()


def _send(client: socket.socket, answer: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        client.send(json.dumps(answer).encode())


def _kill(group: int) -> None:
    for end in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            end(group, signal.SIGKILL)


def _leave(server: _Server) -> None:
    """In a child: the server's own file descriptors are closed through their owners, lest they close others later."""
    server.selector.close()
    for each in (server.listening, server.lifeline, *server.clients.values()):
        each.close()
    for child in server.children.values():
        os.close(child.ended)
    server.clients.clear()
    server.children.clear()


def _become(request: dict[str, Any], fds: list[int], parent: int) -> Callable[[], object]:
    """In a child: a process like one freshly started with the request's environment, folder and streams."""
    os.setsid()
    kernel = request["kind"] == "kernel"
    _end_with_parent(signal.SIGKILL if kernel else signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, fd in enumerate(fds[:3]):
        os.dup2(fd, number)
    for fd in fds[:3]:
        os.close(fd)
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    tempfile.tempdir = None
    sys.argv = request.get("argv") or [""]
    _reseed()
    _choose_backend(kernel=kernel)
    if kernel:
        _forget("jsonschema")
    if request.get("memory"):
        limit = _virtual() + int(request["memory"])
        import resource  # absent from Windows, where nothing is forked

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    if kernel:
        return _kernel
    channel = socket.socket(fileno=fds[3])
    return lambda: import_module("clss_analysis.runs.notebook_run").serve(channel)


def _reseed() -> None:
    random.seed()
    if (numpy := sys.modules.get("numpy")) is not None:
        numpy.random.seed()


def _renew_warnings() -> None:
    """What the server was warned of, its children are warned of again."""
    getattr(warnings, "_filters_mutated_lock_held", getattr(warnings, "_filters_mutated", lambda: None))()
    for module in list(sys.modules.values()):
        if isinstance(module, ModuleType):
            module.__dict__.pop("__warningregistry__", None)


def _choose_backend(*, kernel: bool) -> None:
    """Matplotlib looks at the environment when it is imported, which was too early."""
    if (matplotlib := sys.modules.get("matplotlib")) is not None:
        backend = os.environ.get("MPLBACKEND") or (INLINE if kernel else "")
        if backend:
            matplotlib.rcParams["backend"] = backend


def _forget(package: str) -> None:
    """A package that the server imported without all that it offers is imported anew, whole, by who asks for it."""
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]


def _kernel() -> object:
    """In a child: ipykernel itself; gives its last step, to be taken from no deeper in the stack than a stock one's."""
    app = import_module("ipykernel.kernelapp").IPKernelApp.instance()
    app.parent_handle = 1  # it ends with its parent without polling it
    app.initialize(sys.argv[1:])
    return app.start


def _end_with_parent(number: signal.Signals | None) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number or 0, 0, 0, 0)


def _virtual() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _hold(fd: int) -> None:
    """Keep records that the owner has read and checked: `clss.read` and `clear` of the same bytes take no time then."""
    from clss_analysis.privacy.gate import keep_undecided
    from clss_analysis.privacy.origin import cleared_as_read
    from clss_analysis.records.reading import hold

    with os.fdopen(os.dup(fd), "rb") as file:
        records, texts = pickle.load(file)  # noqa: S301 - from the owner of this process, over its own socket
    hold(records)
    keep_undecided(records, texts)
    if cleared := cleared_as_read(records):
        cleared.told_records.content  # noqa: B018 - found here, once
    _settle()


def _settle() -> None:
    """Leave nothing for children to do on what they share: whatever they touch becomes a copy of theirs.

    Nothing is collected before: of 260,000 objects 10,000 would go, in a fifth of a second.
    """
    _renew_warnings()
    gc.freeze()


def stale(sources: dict[str, tuple[int, int]]) -> bool:
    """Whether a module file of the project has changed since it was imported."""
    return any(_stamp(path) != stamp for path, stamp in sources.items())


def project_sources() -> dict[str, tuple[int, int]]:
    """The files of imported modules that may be edited: those that no package manager installed."""
    installed = (sys.base_prefix, sys.prefix, str(Path(os.__file__).parent))
    found = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    own = [path for path in found if path and ("site-packages" not in path and not path.startswith(installed))]
    return {path: _stamp(path) for path in sorted(own)}


def _stamp(path: str) -> tuple[int, int]:
    try:
        about = os.stat(path)  # noqa: PTH116 - hundreds of files before every run
    except OSError:
        return (0, 0)
    return (about.st_mtime_ns, about.st_size)


@contextlib.contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Who asks while being imported whether this is a kernel hears that it is: pandas shows wide tables by that."""
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]


def _warm() -> None:
    """Import what notebooks import, and draw a first figure: fonts are found and read, formats have their writers."""
    with import_module("clss_analysis.runs.notebook").without_grammar(), _as_in_a_kernel():
        for name in (*IMPORTS, *sys.argv[3:]):
            with contextlib.suppress(ImportError):
                import_module(name)
    counting = bool(sys.argv[3:])
    for room in map(import_module, ("clss_analysis.layout", *(("clss_analysis.measures",) if counting else ()))):
        for name in room.__all__:
            getattr(room, name)
    import_module("clss_analysis.figures.warm").load(counting=counting)
    import_module("clss_analysis.runs.fragment").compile_templates()
    import_module("clss_analysis.runs.warm_engine").warm()


def obstacle() -> str:
    """Why this process must not be forked; empty when it may."""
    if threading.active_count() > 1 or len(list(Path("/proc/self/task").iterdir())) > 1:
        return "thread"
    zmq = sys.modules.get("zmq")
    if zmq is not None and any(isinstance(each, zmq.Context) and not each.closed for each in gc.get_objects()):
        return "zmq"
    return ""


def main() -> None:
    """Warm up, say so on the lifeline, and serve."""
    if sys.path and Path(sys.path[0] or ".").resolve() == Path.cwd():
        del sys.path[0]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = _Server(socket.socket(fileno=int(sys.argv[1])), socket.socket(fileno=int(sys.argv[2])))
    before = dict(os.environ)
    _end_with_parent(signal.SIGKILL)  # the lifeline is not looked at before all is warm
    if server.abandoned():
        return
    gc.disable()  # what is imported stays: looking through it for cycles takes a quarter of the time
    _warm()
    gc.enable()
    _end_with_parent(None)  # which is a thread's end, too early for an owner that has several
    server.imported = {name: value for name, value in os.environ.items() if name not in before}
    server.sources = project_sources()
    why = obstacle()
    server.lifeline.send((why or "ready").encode())
    if why:
        return
    _settle()
    work = server.serve()
    code = 1
    try:
        result: object = work
        while callable(result):
            result = result()
        code = result if isinstance(result, int) else 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:  # the process ends here, whatever it was
        traceback.print_exc(file=io.TextIOWrapper(io.FileIO(2, "w", closefd=False), write_through=True))
    with contextlib.suppress(BaseException):
        import atexit

        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
