"""What is made from the desk: the runs of the command, in a process of their own, told as they go."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import webbrowser
from pathlib import Path

from clss_analysis.privacy.lock import VARIABLE, phrase_of
from clss_analysis.privacy.register import register_of
from clss_analysis.records.house import House


class Job:
    """One run of `clss`: what it said so far, how far it is, and how it ended (`code` is None while it runs)."""

    def __init__(self, house: House, what: str, words: list[str], out: Path, lang: str) -> None:
        self.what, self.out, self.done, self.total = what, out, 0, 0
        self.lines: list[str] = []
        self.code: int | None = None
        self.noted = False
        self._process = subprocess.Popen(
            [sys.executable, "-m", "clss_analysis", *words], cwd=house.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
            env={**os.environ, **_phrase(house), "CLSS_LANG": lang, "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._hear(line.rstrip("\n"))
        self.code = self._process.wait()

    def _hear(self, line: str) -> None:
        try:
            event = json.loads(line) if line.startswith("{") else {}
        except ValueError:
            event = {}
        if not event and line.strip():
            self.lines = [*self.lines[-99:], line]
        elif event.get("event") == "start":
            self.total = event["runs"]
        elif event.get("event") == "run":
            self.done += 1

    def cancel(self) -> None:
        """End it, if it still runs."""
        if self._process.poll() is None:
            self._process.terminate()

    def open(self) -> None:
        """Show what was made."""
        webbrowser.open(self.out.resolve().as_uri())


def _phrase(house: House) -> dict[str, str]:
    """The passphrase of the register, which the run has nobody to ask for."""
    register = register_of(house.records) if house.settings.passphrase else None
    return {VARIABLE: phrase_of(register)} if register else {}
