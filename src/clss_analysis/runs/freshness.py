"""Whether something made before is still good: what it was made from, by content, and whether it is still whole.

Nothing here reads a date as a reason, and nothing imports pandas: an unchanged book must be known for one at once.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

Inputs = Mapping[str, str]
MADE = "made.json"
_LINKED = frozenset({".svg", ".pdf", ".png", ".ipynb"})


def digest(*parts: bytes | str) -> str:
    """SHA-256 over parts, each with its length, so that no two lists of parts run together."""
    total = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        total.update(f"{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def folder_digest(folder: Path, endings: Iterable[str] = (), *, but: Iterable[str] = ()) -> str:
    """SHA-256 over the files below a folder, by name and content; hidden ones and caches are left out.

    Args:
        folder: where to look.
        endings: endings of the files that count; default: all.
        but: names of folders directly below that do not count.
    """
    wanted, left = frozenset(endings), {"__pycache__", *but}
    parts: list[bytes | str] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in left and not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and (not wanted or Path(name).suffix in wanted):
                path = Path(place, name)
                parts += [path.relative_to(folder).as_posix(), path.read_bytes()]
    return digest(*parts)


@cache
def software() -> str:
    """SHA-256 over this package's source, the interpreter and the versions of all that is installed."""
    installed = sorted({f"{each.name} {each.version}" for each in _distributions()})
    return digest(folder_digest(Path(__file__).parents[1], but=("house",)), sys.version, *installed)


@dataclass(frozen=True)
class _Distribution:
    name: str
    version: str


def _distributions() -> Iterable[_Distribution]:
    """Names and versions from the names of the folders that say them: reading each file takes ten times as long."""
    for entry in sys.path:
        try:
            names = os.listdir(entry or ".")  # noqa: PTH208 - thousands of names
        except OSError:
            continue
        for name in names:
            if name.endswith(".dist-info"):
                project, _, version = name.removesuffix(".dist-info").partition("-")
                yield _Distribution(project, version)
            elif name.endswith(".egg-info"):
                yield from (_Distribution(d.name, d.version) for d in distributions(path=[entry]))


def household_rows(folder: Path, names: Iterable[str]) -> tuple[dict[str, str], str]:
    """What each household's notebook depends on in a dataset folder, and what every notebook does.

    A household depends on its own rows, on the actors that they name, and on every table that is not of households;
    the first dictionary has one digest for each household that has rows.

    Args:
        folder: a dataset that has been checked.
        names: file names of the descriptor and the tables.

    Returns:
        Digests by household, and the digest of the whole dataset.
    """
    own: dict[str, list[str]] = {}
    named: dict[str, set[str]] = {}
    actors: dict[str, tuple[str, str]] = {}
    shared: list[bytes | str] = []
    whole: list[bytes | str] = []
    for name in names:
        content = (folder / name).read_bytes()
        whole += [name, content]
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) if name.endswith(".csv") else []
        head = {column: place for place, column in enumerate(rows[0])} if rows else {}
        key = head.get("id" if name == "households.csv" else "household")
        if key is None or name == "consents.csv":
            shared += [name, content]
            continue
        for row in rows[1:]:
            text, household = "\x1f".join((name, *row)), row[key]
            if name == "actors.csv":
                actors[row[head["id"]]] = (household, text)
                continue
            own.setdefault(household, []).append(text)
            ends = (row[head[end]] for end in ("from_actor", "to_actor", "actor") if end in head)
            named.setdefault(household, set()).update(ends)
    for household, told in own.items():
        told += [text for name, (of, text) in actors.items() if of == household or name in named[household]]
    common = digest(*shared)
    return {household: digest(common, *told) for household, told in own.items() if household}, digest(*whole)


class Store:
    """Results kept from one build to the next, one folder each; a result appears whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def changed(self, name: str, inputs: Inputs) -> tuple[str, ...]:
        """What of the inputs differs from those that a kept result was made from.

        Returns:
            Names of inputs; `never` when there is no result, `broken` when it is not whole; empty when it is good.
        """
        made = self._made(name)
        if made is None:
            return ("never",)
        before: dict[str, str] = made["inputs"]
        if different := [key for key in inputs if before.get(key) != inputs[key]]:
            return tuple(different)
        kept = self.folder / name
        whole = all(_same(kept / place, content) for place, content in made["files"].items())
        return () if whole and made["files"] else ("broken",)

    def keep(self, name: str, outputs: Path, inputs: Inputs) -> None:
        """Take over a folder of outputs as the result for these inputs, in one step."""
        files = {path.relative_to(outputs).as_posix(): _content(path) for path in _files(outputs)}
        (outputs / MADE).write_text(json.dumps({"inputs": dict(inputs), "files": files}), encoding="utf-8")
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / name
        with tempfile.TemporaryDirectory(prefix=".old-", dir=self.folder) as old:
            if target.exists():
                target.rename(Path(old) / "result")
            outputs.rename(target)

    def give(self, name: str, folder: Path) -> None:
        """Put the files of a result into a folder that they share with others."""
        deliver(self.folder / name, folder)

    def _made(self, name: str) -> dict[str, Any] | None:
        try:
            made: dict[str, Any] = json.loads((self.folder / name / MADE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return made if {"inputs", "files"} <= set(made) else None


def deliver(outputs: Path, folder: Path) -> None:
    """Files of a folder linked, where nothing writes to them, or copied into another, each whole."""
    for path in _files(outputs):
        target = folder / path.relative_to(outputs)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        if path.suffix in _LINKED:
            try:
                target.hardlink_to(path)
                continue
            except OSError:
                pass
        shutil.copyfile(path, target)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MADE)


def _content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _same(path: Path, content: str) -> bool:
    try:
        return _content(path) == content
    except OSError:
        return False
