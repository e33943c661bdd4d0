"""The file that keeps pseudonyms stable from one import to the next, and that holds no name."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.faults import Fault, InvalidRecordsError
from clss_analysis.records.validation import KEY_FORMAT
from clss_analysis.records.vocabulary import message

_LETTERS = re.compile(r"[A-Z]{1,3}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass
class KeyFile:
    """Keyed hashes of names and the letters that stand for them.

    The salt is random and lies in the same file, so that who holds the file can test a guessed name against it: keep
    it as you keep the names themselves.
    """

    salt: bytes
    letters: dict[str, str] = field(default_factory=dict)

    def hashed(self, identity: str) -> str:
        """HMAC-SHA-256 of what makes a person the same person."""
        return hmac.new(self.salt, identity.encode("utf-8"), hashlib.sha256).hexdigest()


def new_key() -> KeyFile:
    """A key that nobody has used yet."""
    return KeyFile(secrets.token_bytes(32))


def open_key(path: Path, out: Path) -> KeyFile:
    """The key of a file, or a new one where there is none yet.

    Args:
        path: the key file.
        out: the folder that an import is about to write.

    Raises:
        InvalidRecordsError: the file would lie in a dataset, in the folder written, or in a git work tree that does
            not ignore it; or it is no key file.
    """
    _refuse_place(path, out)
    if not path.exists():
        return new_key()
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        letters = said["letters"]
        sound = said["format"] == KEY_FORMAT and all(
            _HASH.fullmatch(each) and _LETTERS.fullmatch(letter) for each, letter in letters.items()
        )
        salt = bytes.fromhex(said["salt"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _refused(path, "key_unsound") from None
    if not sound or len(salt) != 32:
        raise _refused(path, "key_unsound")
    return KeyFile(salt, dict(letters))


def save_key(key: KeyFile, path: Path) -> None:
    """Write a key file whole or not at all, readable by its owner only (mode 0600)."""
    said = {"format": KEY_FORMAT, "salt": key.salt.hex(), "letters": dict(sorted(key.letters.items()))}
    write_file(path, json.dumps(said, indent=1) + "\n", PRIVATE)


def _refuse_place(path: Path, out: Path) -> None:
    whole, written = path.resolve(), out.resolve()
    if path.is_symlink() or (path.exists() and not path.is_file()) or not whole.parent.is_dir():
        raise _refused(path, "key_not_regular")
    in_dataset = any((parent / "datapackage.json").exists() for parent in whole.parents)
    if written in whole.parents or written == whole or in_dataset:
        raise _refused(path, "key_in_dataset")
    if any((parent / ".git").exists() for parent in whole.parents) and not _ignored(whole):
        raise _refused(path, "key_in_git")


def _ignored(path: Path) -> bool:
    git = shutil.which("git")
    if git is None:
        return False
    words = [git, "-C", str(path.parent), "check-ignore", "-q", "--", str(path)]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _refused(path: Path, key: str) -> InvalidRecordsError:
    return InvalidRecordsError([Fault(path.name, None, None, message(f"pseudonyms.{key}"))])
