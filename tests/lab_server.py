"""A Jupyter server that tests have started: what it says of itself once it can be asked."""

from __future__ import annotations

import contextlib
import json
import subprocess
import time
from pathlib import Path


def served(place: Path, server: subprocess.Popen) -> dict[str, str]:
    """What the server's own file below a folder says, once it is whole; `log` in the folder holds what it wrote."""
    for _ in range(3000):
        for path in place.rglob("jpserver-*.json"):
            with contextlib.suppress(ValueError):  # it is there before its content is
                return json.loads(path.read_text(encoding="utf-8"))
        assert server.poll() is None, (place / "log").read_text(encoding="utf-8")[-2000:]
        time.sleep(0.1)
    raise AssertionError("it does not come")
