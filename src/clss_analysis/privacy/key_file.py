"""The register: the file that keeps pseudonyms and decisions from one import to the next, and that holds no name."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import shutil
import subprocess
from dataclasses import astuple, dataclass, field
from pathlib import Path

from clss_analysis.privacy.lock import MARK, lock, phrase_of, unlock
from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.descriptor import ID
from clss_analysis.records.faults import Fault, InvalidRecordsError
from clss_analysis.records.house import find_house
from clss_analysis.records.sheet import FORBIDDEN
from clss_analysis.records.validation import KEY_FORMAT
from clss_analysis.records.vocabulary import codes, message

_LETTERS = re.compile(r"[A-Z]{1,3}")
_HASH = re.compile(r"[0-9a-f]{64}")
_PERSON = re.compile(rf"(persons|actors)/{ID.pattern}")


@dataclass(frozen=True)
class Remembered:
    """What was decided about a passage: a code of `review_decision`, why, who, when, and the word put in its place."""

    decision: str
    reason: str
    role: str
    month: str
    word: str = ""


@dataclass
class KeyFile:
    """Letters by person and by keyed hash of a name, and decisions by keyed hash of a passage and its sentence.

    `people` binds a person's own id in the workbook (`persons/M1-1`) to a letter; `letters` knows names for a person
    that has no such id yet, `words` the parts of names that texts hold (no letter where several bear it); `strings`
    are hashes of what was masked, its kind and the word put in its place, to be proposed wherever it stands.

    The salt is random and lies in the same file, so that who holds the file can test a guessed name against it: keep
    it as you keep the names themselves.
    """

    salt: bytes
    letters: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    decisions: dict[str, Remembered] = field(default_factory=dict)
    strings: dict[str, tuple[str, str]] = field(default_factory=dict)

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
    if _is_to_be_locked(path):
        phrase_of(path, new=not _is_locked(path))  # asked for before anything is written
    if not path.exists():
        return new_key()
    try:
        said = json.loads(unlock(path, path.read_bytes()).decode("utf-8"))
        salt = bytes.fromhex(said["salt"])
        key = KeyFile(salt, dict(said["letters"]), dict(said.get("people", {})), dict(said.get("words", {})))
        key.decisions = {each: Remembered(*told) for each, told in said.get("decisions", {}).items()}
        key.strings = {each: (kind, word) for each, (kind, word) in said.get("strings", {}).items()}
        sound = said["format"] == KEY_FORMAT and len(salt) == 32 and _is_sound(key)
    except InvalidRecordsError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _refused(path, "key_unsound") from None
    if not sound:
        raise _refused(path, "key_unsound")
    return key


def save_key(key: KeyFile, path: Path) -> None:
    """Write a key file whole or not at all, readable by its owner only (mode 0600).

    It is locked where `clss.toml` says so, and outside a house where it was.
    """
    said: dict[str, object] = {
        "format": KEY_FORMAT,
        "salt": key.salt.hex(),
        "letters": dict(sorted(key.letters.items())),
    }
    said |= {name: dict(sorted(getattr(key, name).items())) for name in ("people", "words")}
    if key.decisions:
        said["decisions"] = {each: astuple(told) for each, told in sorted(key.decisions.items())}
        said["strings"] = dict(sorted(key.strings.items()))
    content = (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode()
    if _is_to_be_locked(path):
        content = lock(content, phrase_of(path, new=not _is_locked(path)))
    write_file(path, content, PRIVATE)


def _is_locked(path: Path) -> bool:
    return path.is_file() and path.read_bytes().startswith(MARK)


def _is_to_be_locked(path: Path) -> bool:
    house = find_house(path.parent)
    return house.settings.passphrase if house else _is_locked(path)


def _is_sound(key: KeyFile) -> bool:
    hashed = (*key.letters, *key.words, *key.decisions, *key.strings)
    given = (*key.letters.values(), *key.people.values(), *filter(None, key.words.values()))
    told = [cell for each in key.decisions.values() for cell in astuple(each)]
    told += [word for _, word in key.strings.values()]
    return (
        all(map(_HASH.fullmatch, hashed))
        and all(map(_LETTERS.fullmatch, given))
        and all(map(_PERSON.fullmatch, key.people))
        and all(isinstance(cell, str) and not FORBIDDEN.search(cell) for cell in told)
        and {each.decision for each in key.decisions.values()} <= set(codes("review_decision"))
        and {kind for kind, _ in key.strings.values()} <= set(codes("identifier_kind"))
    )


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
