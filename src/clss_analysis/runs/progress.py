"""What whoever waits for a build sees: a bar on a terminal, lines of JSON for machines, a log for each run."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tqdm import tqdm

from clss_analysis.records.vocabulary import message
from clss_analysis.runs.outcome import Result

LOGS = "logs"


@dataclass
class Watch:
    """Tells what happens to runs as it happens.

    `lines` takes one JSON line an event, `say` one French line for what a person should know; on a terminal a bar
    shows how many are done, how fast, and how long the rest will take.
    """

    lines: Callable[[str], object] | None = None
    say: Callable[[str], object] | None = None
    lang: str = "fr"
    _bar: tqdm[None] | None = None
    _start: float = field(default_factory=time.monotonic)
    _counts: dict[str, int] = field(default_factory=lambda: {"done": 0, "kept": 0, "failed": 0})

    def begin(self, total: int, kept: int) -> None:
        """So many runs are to be done, and so many need not be."""
        self._counts["kept"] = kept
        self._emit({"event": "start", "runs": total, "kept": kept})
        shown = self.lines is None and sys.stderr.isatty()
        self._bar = tqdm(total=total, unit=" carnet", disable=not shown, leave=False, smoothing=0.1, delay=0.2)
        self._bar.monitor_interval = 0

    def tell(self, result: Result) -> None:
        """A run is done, or has failed."""
        self._counts["done" if result.ok else "failed"] += 1
        event = {"event": "run", "id": result.run.id, "ok": result.ok, "elapsed": round(result.elapsed, 3)}
        if not result.ok:
            event |= {"cell": result.cell, "error": result.error, "reason": result.reason}
        self._emit(event)
        if self._bar is not None:
            if not result.ok:
                self._bar.write(result.line(self.lang), file=sys.stderr) if not self._bar.disable else None
            self._bar.update()

    def note(self, key: str, **values: object) -> None:
        """Something worth a line."""
        self._emit({"event": "note", "key": key})
        if self.say is not None and self.lines is None:
            self.say(message(key, self.lang, **values))

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.close()
        self._emit({"event": "end", **self._counts, "seconds": round(time.monotonic() - self._start, 3)})
        if self.say is not None and self.lines is None and (self._counts["done"] or self._counts["failed"]):
            seconds = f"{time.monotonic() - self._start:.1f}".replace(".", ",")
            self.say(message("watch.summary", self.lang, **self._counts, seconds=seconds))

    def _emit(self, event: dict[str, object]) -> None:
        if self.lines is not None:
            self.lines(json.dumps(event, ensure_ascii=False, sort_keys=True))


def write_log(result: Result, folder: Path) -> None:
    """Write `logs/<id>.log`: which notebook with which parameters, and what came of it, in no word of the records.

    Who wants the words of an error runs the cell in JupyterLab.
    """
    lines = [f"{result.run.id}: {result.run.notebook}"]
    lines += [f"  {name} = {value!r}" for name, value in result.run.parameters.items()]
    lines.append("ok" if result.ok else f"cell {result.cell}: {result.error} {result.reason}".rstrip())
    path = folder / LOGS / f"{result.run.id}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
