"""A register behind a passphrase: scrypt makes its key, AES-GCM hides it and tells whether it was changed.

A passphrase that is lost cannot be found again; see `docs/decisions/0014-passphrase.md`.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from clss_analysis.records.faults import Fault, InvalidRecordsError
from clss_analysis.records.vocabulary import message

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MARK = b"clss-locked 1\n"
VARIABLE = "CLSS_PASSPHRASE"
_SALT, _NONCE = 16, 12
"""Bytes of the salt, and of the number that AES-GCM uses once."""
_WORK = {"n": 2**15, "r": 8, "p": 1, "maxmem": 2**26, "dklen": 32}
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
    """A content that only the passphrase opens; salt and nonce are drawn anew at every writing."""
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    head = MARK + salt + nonce
    return head + _cipher(phrase, salt).encrypt(nonce, content, head)


def unlock(path: Path, content: bytes) -> bytes:
    """The content of a register, opened with its passphrase where it is locked.

    Raises:
        InvalidRecordsError: the passphrase is another, or the file was changed or cut.
    """
    if not content.startswith(MARK):
        return content
    from cryptography.exceptions import InvalidTag

    start = len(MARK) + _SALT
    head, hidden = content[: start + _NONCE], content[start + _NONCE :]
    cipher = _cipher(phrase_of(path), head[len(MARK) : start])
    try:
        return cipher.decrypt(head[start:], hidden, head)
    except (InvalidTag, ValueError):  # a nonce that was cut is a wrong value
        _told.pop(path.resolve(), None)
        raise _refused(path, "wrong") from None


def _cipher(phrase: str, salt: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # only where a register is locked

    return AESGCM(hashlib.scrypt(phrase.encode(), salt=salt, **_WORK))


def _refused(path: Path, why: str) -> InvalidRecordsError:
    return InvalidRecordsError([Fault(path.name, None, None, message(f"lock.{why}", variable=VARIABLE))])
