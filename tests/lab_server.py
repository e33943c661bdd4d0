"""A Jupyter server that tests have started: what it says of itself once it can be asked."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit


def served(place: Path, server: subprocess.Popen) -> dict[str, str]:
    """What the server's own file below a folder says, once it is whole; `log` in the folder holds what it wrote."""
    for _ in range(3000):
        for path in place.rglob("jpserver-*.json"):
            with contextlib.suppress(ValueError):  # it is there before its content is
                told = json.loads(path.read_text(encoding="utf-8"))
                answering(told["url"], server)
                return told
        assert server.poll() is None, (place / "log").read_text(encoding="utf-8")[-2000:]
        time.sleep(0.1)
    raise AssertionError("it does not come")


def answering(url: str, server: subprocess.Popen) -> str:
    """The address, once somebody listens there: a server says where it will be before it is."""
    place = urlsplit(url)
    for _ in range(3000):
        with contextlib.suppress(OSError), socket.create_connection((place.hostname, place.port), timeout=60):
            return url
        assert server.poll() is None, "it has ended"
        time.sleep(0.1)
    raise AssertionError("nobody listens")
