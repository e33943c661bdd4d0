"""What tests of the warm engine share: notebooks made on the spot, runs of them, and processes counted."""

from __future__ import annotations

import os
import time
from pathlib import Path

import nbformat

PARAMETERS = 'case = "A"'
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def notebook(path: Path, *cells: str, parameters: str = PARAMETERS) -> Path:
    """A notebook of these code cells, the first of them its parameters where there are any."""
    made = [nbformat.v4.new_code_cell(cell, id=f"c{number}") for number, cell in enumerate(cells)]
    if parameters:
        made.insert(0, nbformat.v4.new_code_cell(parameters, id="p", metadata={"tags": ["parameters"]}))
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata=KERNEL), path)
    return path


def descendants(mark: str) -> set[int]:
    """Processes whose environment holds a mark, this one left out."""
    found = set()
    for place in Path("/proc").iterdir():
        if place.name.isdigit() and int(place.name) != os.getpid():
            try:
                about = (place / "environ").read_bytes()
                state = (place / "stat").read_text().rsplit(")", 1)[1].split()[0]
            except OSError:
                continue
            if mark.encode() in about and state != "Z":
                found.add(int(place.name))
    return found


def gone(mark: str, seconds: float = 60.0) -> set[int]:
    """Marked processes that are still there after so many seconds; empty as soon as there are none."""
    end = time.monotonic() + seconds
    while (left := descendants(mark)) and time.monotonic() < end:
        time.sleep(0.1)
    return left


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but logs, by its path."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and "logs" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
