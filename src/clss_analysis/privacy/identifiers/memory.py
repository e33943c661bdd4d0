"""What has been read before: by keyed hash of the text and version of the rules, never the text."""

from __future__ import annotations

import hmac
import json
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from clss_analysis.privacy.identifiers.finding import Finding
from clss_analysis.records.private import user_cache

Reading = Callable[[Sequence[str]], Iterable[tuple[Finding, ...]]]


class Memory:
    """A file that remembers findings.

    Texts are known in it by a hash under a key of the file's own, made by chance when the file is: two files cannot be
    laid side by side, nor a text guessed without the file.  A file that cannot be opened remembers nothing, which
    costs time only.

    Args:
        path: the file; its folder is made where it is missing.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)

    def recall(self, texts: Sequence[str], version: str) -> dict[str, tuple[Finding, ...]]:
        """The findings of those texts that were read by this version of the rules."""
        try:
            with closing(self._open()) as store:
                key = _key(store)
                found = {}
                for text in texts:
                    digest = _digest(key, text, version)
                    row = store.execute("SELECT findings FROM seen WHERE digest = ?", (digest,)).fetchone()
                    if row:
                        found[text] = tuple(Finding(*each) for each in json.loads(row[0]))
                return found
        except (OSError, sqlite3.Error, ValueError, TypeError):
            return {}

    def keep(self, found: Mapping[str, Sequence[Finding]], version: str) -> None:
        """Remember the findings of texts."""
        if not found:
            return
        try:
            with closing(self._open()) as store, store:
                key = _key(store)
                rows = [
                    (
                        _digest(key, text, version),
                        json.dumps([[e.start, e.end, e.kind, e.confidence, e.rule] for e in each]),
                    )
                    for text, each in found.items()
                ]
                store.executemany("INSERT OR REPLACE INTO seen VALUES (?, ?)", rows)
        except (OSError, sqlite3.Error):
            return

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._path.exists():
            os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
        store = sqlite3.connect(self._path, timeout=5)
        store.execute("CREATE TABLE IF NOT EXISTS secret (one INTEGER PRIMARY KEY CHECK (one = 1), key BLOB)")
        store.execute("CREATE TABLE IF NOT EXISTS seen (digest BLOB PRIMARY KEY, findings TEXT) WITHOUT ROWID")
        with store:
            store.execute("INSERT OR IGNORE INTO secret VALUES (1, ?)", (secrets.token_bytes(32),))
        return store


def through(memory: Memory | None, texts: Sequence[str], version: str, read: Reading) -> dict[str, tuple[Finding, ...]]:
    """The findings of all texts: of those that were read before from memory, the others read and remembered.

    Args:
        memory: what was read before; None remembers nothing.
        texts: any texts.
        version: of the rules, whatever they read.
        read: gives findings for each of those that are new, in their order.
    """
    known = memory.recall(texts, version) if memory else {}
    fresh = [text for text in texts if text not in known]
    found = dict(zip(fresh, read(fresh), strict=True))
    if memory:
        memory.keep(found, version)
    return known | found


def own_memory() -> Memory:
    """The memory of this user, in the folder that the system keeps for such things."""
    return Memory(user_cache() / "identifiers.sqlite")


def _key(store: sqlite3.Connection) -> bytes:
    return bytes(store.execute("SELECT key FROM secret").fetchone()[0])


def _digest(key: bytes, text: str, version: str) -> bytes:
    return hmac.digest(key, f"{version}\0{text}".encode("utf-8", "surrogatepass"), "sha256")
