"""A house to start from: who we are, a workbook, empty records, chapters to write, and doors to click on."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

from clss_analysis.publish.house_book import MADE
from clss_analysis.records import Records, read, write
from clss_analysis.records.atomic import SHARED, new_folder, write_file
from clss_analysis.records.house import House, house_at, shipped
from clss_analysis.records.house_settings import FILE
from clss_analysis.records.tables import dataset_files
from clss_analysis.records.vocabulary import message
from clss_analysis.records.workbook import blank_records, write_interview, write_workbook

LIKE = "publication"
_SKELETON = files("clss_analysis.publish").joinpath("skeleton")
IGNORED = _SKELETON.joinpath("gitignore").read_text(encoding="utf-8")
"""Only what a house says of itself may go into a repository: nothing of its records, nor what is made of them."""


def new_house(folder: Path, lang: str = "fr", *, like: str | None = None) -> House:
    """Make the folder that an association works in, whole or not at all.

    Args:
        folder: its place: new or empty.
        lang: language of its chapters and of its workbook: fr, nl or en.
        like: `publication` for a copy of La Rue's house, as an example to read.

    Returns:
        The house.

    Raises:
        FileExistsError: the folder holds something.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(message("house.not_empty", folder=folder))
    with new_folder(folder.absolute(), 0o700) as made:
        records = _fill(made) if like == LIKE else _begin(made, lang)
        house = house_at(made)
        if like == LIKE:
            write_workbook(records, house.workbook, records.language)
        else:
            write_interview(house.workbook, lang)
        for each in (house.register, house.themes, house.out):
            each.mkdir(mode=0o700, exist_ok=True)
        write_file(made / ".gitignore", IGNORED)
        for door in _SKELETON.joinpath("doors").iterdir():  # what opens the house at a double click, by system
            write_file(made / door.name, door.read_bytes(), SHARED if door.name.endswith(".bat") else 0o755)
    return house_at(folder)


def _begin(made: Path, lang: str) -> Records:
    records = blank_records(lang)
    skeleton = _SKELETON.joinpath(lang)
    write(records, made / "records")
    for each in skeleton.iterdir():
        if each.name.endswith(".md"):
            write_file(made / "book" / each.name, each.read_bytes())
        elif each.name.endswith(".yml"):
            write_file(made / "themes" / each.name, each.read_bytes())
    write_file(made / FILE, skeleton.joinpath(FILE).read_bytes())
    return records


def _fill(made: Path) -> Records:
    """La Rue's house in the rooms that every house has."""
    ours = shipped()
    (made / "records").mkdir(mode=0o700)
    for name in dataset_files(ours.records):
        write_file(made / "records" / name, (ours.records / name).read_bytes())
    shutil.copytree(ours.book, made / "book", ignore=shutil.ignore_patterns(*MADE, "_figures", "_exports"))
    said = (ours.folder / FILE).read_text(encoding="utf-8")
    write_file(made / FILE, said[: said.index("[folders]")].rstrip() + "\n")
    return read(ours.records)
