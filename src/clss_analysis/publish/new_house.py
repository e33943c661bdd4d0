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
IGNORED = """/*
!/.gitignore
!/clss.toml
!/Ouvrir.*
!/book/
!/themes/
!/notebooks/
.ipynb_checkpoints/
_runs/
_book/
_cache/
.~lock.*
*.xlsx
*.xlsm
*.ods
*-import.csv
relecture*.csv
cle*.json
"""
"""Only what a house says of itself may go into a repository: nothing of its records, nor what is made of them."""
_ASKED = "clss desk"
_DOORS = {
    "Ouvrir.bat": f'@echo off\nchcp 65001 > nul\ncd /d "%~dp0"\n{_ASKED}\npause\n',
    "Ouvrir.command": f'#!/bin/sh\ncd "$(dirname "$0")" || exit 1\n{_ASKED}\n',
    "Ouvrir.desktop": (
        "[Desktop Entry]\nType=Application\nName=CLSS\nTerminal=true\n"
        rf'Exec=sh -c "cd \\"\\$(dirname \\"\\$0\\")\\"; {_ASKED}; read _" %k'
        "\n"
    ),
}
"""Files that open the house at a double click, under Windows, macOS and Linux."""


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
        for name, text in _DOORS.items():
            write_file(made / name, text, SHARED if name.endswith(".bat") else 0o755)
    return house_at(folder)


def _begin(made: Path, lang: str) -> Records:
    records = blank_records(lang)
    skeleton = files("clss_analysis.publish").joinpath("skeleton", lang)
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
