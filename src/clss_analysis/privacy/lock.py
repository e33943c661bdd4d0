"""A register behind a passphrase: scrypt makes its keys, HMAC-SHA-256 hides it and tells whether it was changed.

Only what the standard library has: encrypt, then sign, with two keys that no other file has, since each writing draws a
salt of its own.  A passphrase that is lost cannot be found again; see `docs/decisions/0014-passphrase.md`.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from clss_analysis.records.faults import Fault, InvalidRecordsError
from clss_analysis.records.vocabulary import message

MARK = b"clss-locked 1\n"
VARIABLE = "CLSS_PASSPHRASE"
_SALT, _SEAL, _BLOCK = 16, 32, 32
"""Bytes of the salt, of the seal, and of one block of what hides."""
_WORK = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26, "dklen": 64}
"""What one guess costs: 32 MB and about a tenth of a second."""

_ask: list[Callable[[bool], str]] = []
_told: dict[Path, str] = {}


def ask_with(ask: Callable[[bool], str]) -> None:
    """Let a passphrase be asked of whoever is there; `ask` is told whether it is a new one."""
    _ask[:] = [ask]


def phrase_of(path: Path, *, new: bool = False) -> str:
    """The passphrase of a register: that of the environment, else the one told before, else asked for.

    Raises:
        InvalidRecordsError: there is none, and nobody to ask.
    """
    whole = path.resolve()
    said = os.environ.get(VARIABLE) or _told.get(whole) or (_ask[0](new) if _ask else "")
    if not said:
        raise _refused(path, "none")
    _told[whole] = said
    return said


def lock(content: bytes, phrase: str) -> bytes:
    """A content that only the passphrase opens."""
    salt = secrets.token_bytes(_SALT)
    hiding, sealing = _keys(phrase, salt)
    hidden = _mixed(content, hiding)
    return MARK + salt + hmac.digest(sealing, MARK + salt + hidden, "sha256") + hidden


def unlock(path: Path, content: bytes) -> bytes:
    """The content of a register, opened with its passphrase where it is locked.

    Raises:
        InvalidRecordsError: the passphrase is another, or the file was changed or cut.
    """
    if not content.startswith(MARK):
        return content
    start = len(MARK) + _SALT
    salt, seal, hidden = content[len(MARK) : start], content[start : start + _SEAL], content[start + _SEAL :]
    hiding, sealing = _keys(phrase_of(path), salt)
    if not hmac.compare_digest(seal, hmac.digest(sealing, MARK + salt + hidden, "sha256")):
        _told.pop(path.resolve(), None)
        raise _refused(path, "wrong")
    return _mixed(hidden, hiding)


def _keys(phrase: str, salt: bytes) -> tuple[bytes, bytes]:
    made = hashlib.scrypt(phrase.encode(), salt=salt, **_WORK)
    return made[:_BLOCK], made[_BLOCK:]


def _mixed(content: bytes, key: bytes) -> bytes:
    """A content mixed with blocks that nobody can tell without the key; mixed twice, it is itself."""
    blocks = (hmac.digest(key, n.to_bytes(8, "big"), "sha256") for n in range(-(-len(content) // _BLOCK)))
    return bytes(a ^ b for a, b in zip(content, b"".join(blocks), strict=False))


def _refused(path: Path, why: str) -> InvalidRecordsError:
    return InvalidRecordsError([Fault(path.name, None, None, message(f"lock.{why}", variable=VARIABLE))])
