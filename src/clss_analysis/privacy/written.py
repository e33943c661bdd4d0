"""What was written of which households: kept in the register, so that a withdrawal can name it."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path

from clss_analysis.privacy.register import prepare_folder
from clss_analysis.records import Records
from clss_analysis.records.atomic import PRIVATE, write_file
from clss_analysis.records.house import House, own_house
from clss_analysis.records.synthetic.made_up import is_made_up

FILE = "written.csv"
_HEAD = ("path", "households")


def keep_written(records: Records, paths: Iterable[Path]) -> None:
    """Note files that were written of the households of these records; made-up ones and those of no house are not.

    A file that was written again is noted as it is now.
    """
    house = own_house(records.folder) if records.folder is not None else None
    if house is None or records.folder is None or is_made_up(records):
        return
    homes = " ".join(sorted(records.households["id"]))
    known = written(house) | {path.resolve(): set(homes.split()) for path in paths}
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(_HEAD)
    for path, of in sorted(known.items()):
        lines.writerow((_from(path, house), " ".join(sorted(of))))
    write_file(prepare_folder(records.folder) / FILE, text.getvalue(), PRIVATE)


def written(house: House) -> dict[Path, set[str]]:
    """The files that were written of a house and are still there, with the ids of the households in them."""
    kept = house.register / FILE
    if not kept.is_file():
        return {}
    with kept.open(encoding="utf-8", newline="") as stream:
        lines = [line for line in csv.reader(stream) if len(line) == len(_HEAD)][1:]
    found = {(house.folder / path).resolve(): set(homes.split()) for path, homes in lines}
    return {path: homes for path, homes in found.items() if path.is_file()}


def _from(path: Path, house: House) -> str:
    """A path from the house where it lies in it, so that the house can be moved; else the whole."""
    inside = path.is_relative_to(house.folder.resolve())
    return Path(os.path.relpath(path, house.folder.resolve())).as_posix() if inside else path.as_posix()
