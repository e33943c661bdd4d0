"""The register of a dataset: where it lies, and the state before the last import, which it can bring back."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from clss_analysis.privacy.key_file import open_key, save_key
from clss_analysis.records import Fault, InvalidRecordsError
from clss_analysis.records.atomic import PRIVATE, new_folder, write_file
from clss_analysis.records.house import own_house
from clss_analysis.records.vocabulary import message

FILE = "register.json"
_ELSEWHERE = "key.txt"
"""Says, outside a house, where the key file lies that an import was given."""
_PREVIOUS, _RECORDS = "previous", "records"


def register_folder(dataset: Path) -> Path:
    """Folder of what never leaves: that of the house whose records a dataset is, else one beside the dataset."""
    whole, house = dataset.resolve(), own_house(dataset)
    return whole.with_name(f"{whole.name}-register") if house is None else house.register


def report_of(dataset: Path) -> Path:
    """Where an import counts what it changed, by rule: in the register of a house, else beside the dataset."""
    whole = dataset.resolve()
    return (
        register_folder(dataset) / "import.csv" if own_house(dataset) else whole.with_name(f"{whole.name}-import.csv")
    )


def register_of(dataset: Path, key: Path | None = None) -> Path | None:
    """The register of a dataset: the file that was named, else that of the house or of the last import.

    Args:
        dataset: the dataset's folder.
        key: the file that the user named.

    Returns:
        The file, there or not; None for a dataset that no import made.
    """
    folder = register_folder(dataset)
    if key is not None:
        return key
    if (folder / _ELSEWHERE).is_file():
        said = (folder / _ELSEWHERE).read_text(encoding="utf-8").strip()
        return Path(os.path.normpath(folder / said))
    return folder / FILE if own_house(dataset) or report_of(dataset).exists() else None


def prepare_folder(dataset: Path, key: Path | None = None) -> Path:
    """Make the folder of the register (0700, ignored by git) and note in it which key file goes with the dataset."""
    folder = register_folder(dataset)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if not (folder / ".gitignore").exists():
        write_file(folder / ".gitignore", "*\n", PRIVATE)
    if key is not None and key.resolve() != folder.resolve() / FILE:
        write_file(
            folder / _ELSEWHERE, Path(os.path.relpath(key.resolve(), folder.resolve())).as_posix() + "\n", PRIVATE
        )
    return folder


def keep_previous(dataset: Path, register: Path | None) -> None:
    """Keep a dataset and its register as they are before an import, in place of what was kept before."""
    folder = prepare_folder(dataset)
    with new_folder(folder / _PREVIOUS, 0o700) as made:
        if dataset.exists():
            shutil.copytree(dataset, made / _RECORDS)
        if register is not None and register.exists():
            write_file(made / FILE, register.read_bytes(), PRIVATE)


def undo(dataset: Path) -> None:
    """Bring back the dataset and the pseudonyms from before the last import; decisions made since stay.

    Raises:
        InvalidRecordsError: nothing was kept, or it was brought back already.
    """
    kept = register_folder(dataset) / _PREVIOUS
    if not kept.is_dir():
        raise InvalidRecordsError([Fault(dataset.name, None, None, message("update.nothing_kept"))])
    register = register_of(dataset)
    if register is not None and register.exists():
        now = open_key(register, dataset)
        before = open_key(kept / FILE, dataset) if (kept / FILE).exists() else None
        now.letters, now.people, now.words = (before.letters, before.people, before.words) if before else ({}, {}, {})
        save_key(now, register)
    if (kept / _RECORDS).is_dir():
        with new_folder(dataset, (kept / _RECORDS).stat().st_mode & 0o777) as made:
            shutil.copytree(kept / _RECORDS, made, dirs_exist_ok=True)
    else:
        shutil.rmtree(dataset)
    shutil.rmtree(kept)
