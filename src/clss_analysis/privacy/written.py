"""What was written of which households: kept in the register, so that a withdrawal can name it."""

from __future__ import annotations

import csv
import io
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
    homes = set(records.households["id"])
    known = written(house) | {_place(path, house): homes for path in paths}
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(_HEAD)
    lines.writerows((place, " ".join(sorted(of))) for place, of in sorted(known.items()))
    write_file(prepare_folder(records.folder) / FILE, text.getvalue(), PRIVATE)


def written(house: House) -> dict[str, set[str]]:
    """The files that were written of a house and are still there, with the ids of the households in them.

    A file in the house is called from there, so that the house can be moved, another by its whole path.
    """
    kept = house.register / FILE
    if not kept.is_file():
        return {}
    with kept.open(encoding="utf-8", newline="") as stream:
        lines = [line for line in csv.reader(stream) if len(line) == len(_HEAD)][1:]
    return {place: set(homes.split()) for place, homes in lines if (house.folder / place).is_file()}


def _place(path: Path, house: House) -> str:
    whole, around = path.resolve(), house.folder.resolve()
    return (whole.relative_to(around) if whole.is_relative_to(around) else whole).as_posix()
