"""What lies in a house that was made of households that may not be told, or not any more."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from clss_analysis.privacy.consents import TOLD, scopes_of
from clss_analysis.privacy.written import written
from clss_analysis.records import Records, message
from clss_analysis.records.house import House, own_house
from clss_analysis.records.synthetic.made_up import is_made_up
from clss_analysis.runs.plan import of_gallery

_SEVERAL = ("brief", "figures", "exports")
"""Folders of a house's `out` whose entries are made one by one."""


def made_report(dataset: Path, records: Records, lang: str) -> list[str]:
    """What lies in the house of a dataset and was made of households that may not be told, or not any more, in lines.

    Args:
        dataset: its folder.
        records: what was read there.
        lang: fr, nl or en.

    Returns:
        None where there is no such thing, or no house.
    """
    house = own_house(dataset)
    if house is None or is_made_up(records):
        return []
    scopes = scopes_of(records)
    found = made_of_others(house, {home for home, scope in scopes.items() if scope == TOLD})
    found |= _kept_of(house, {home for home, scope in scopes.items() if scope is not None})
    key = {True: "cli.check.made_of", False: "cli.check.made_before"}
    lines = [
        message(key[bool(homes)], lang, place=place, households=", ".join(homes)) for place, homes in found.items()
    ]
    return ["", message("cli.check.made", lang), *(f"  {line}" for line in lines)] if lines else []


def made_of_others(house: House, told: Collection[str]) -> dict[str, list[str]]:
    """Books, packs, figures, kept runs and exports that hold a household which may not be told.

    Books, packs and runs say the household of each figure in their JSON, packs each row in their table of data; what
    figures and exports were written of, wherever that is, stands in the register.  Of those of before there was such a
    list, a figure says it in its name, and an export is named where it is older than the households.

    Args:
        house: the house, of which what stands where its `clss.toml` says that things are made is looked at.
        told: ids of the households that may be told.

    Returns:
        By place in the house, the ids, sorted; none for an export.
    """
    from clss_analysis.figures import KINDS

    kinds = sorted(KINDS, key=len)[::-1]
    found: dict[str, set[str]] = {}
    since = (house.records / "households.csv").stat().st_mtime
    for path in sorted(each for each in house.out.rglob("*") if each.is_file()):
        parts = path.relative_to(house.out).parts
        place = Path(house.out.name, *parts[: 2 if parts[0] in _SEVERAL else 1]).as_posix()
        if parts[0] == "exports":
            if path.stat().st_mtime < since:
                found.setdefault(place, set())
            continue
        homes: set[str] = set()
        if path.suffix == ".json":
            homes = _told_in(path.read_text(encoding="utf-8"))
        elif parts[0] == "brief" and path.suffix == ".csv":
            homes = _rows_of(path.read_text(encoding="utf-8-sig"))
        if parts[0] == "figures":
            kind = next((each for each in kinds if path.stem.startswith(f"{each}-")), path.stem)
            homes |= {re.sub(r"-\d+$", "", each) for each in [path.stem[len(kind) + 1 :]] if each not in {"", *told}}
        if homes - set(told):
            found.setdefault(place, set()).update(homes - set(told))
    for place, of in written(house).items():
        if of - set(told):
            found.setdefault(place, set()).update(of - set(told))
    return {place: sorted(homes) for place, homes in found.items()}


def _kept_of(house: House, here: Collection[str]) -> dict[str, list[str]]:
    """What the register keeps of households that are not in the records any more, or have no consent.

    What editions have counted is not named: it has to stay (docs/decisions/0013).
    """
    found = {}
    for table in sorted(house.register.glob("previous/**/households.csv")):
        with table.open(encoding="utf-8-sig", newline="") as stream:
            gone = {str(line.get("id")) for line in csv.DictReader(stream)} - set(here)
        if gone:
            found[table.parent.relative_to(house.folder).as_posix()] = sorted(gone)
    return found


def _told_in(made: str) -> set[str]:
    """The households that JSON says something was made of, but for those that the gallery invents.

    >>> sorted(_told_in('[{"case": "A"}, {"case": "G01", "parameters": {"dataset": "../dataset/gallery"}}]'))
    ['A']
    """
    homes: set[str] = set()

    def look(node: dict[str, Any]) -> dict[str, Any]:
        if isinstance(node.get("case"), str) and not of_gallery(node):
            homes.add(node["case"])
        return node

    with suppress(ValueError):  # what somebody else put there
        json.loads(made, object_hook=look)
    return homes


def _rows_of(made: str) -> set[str]:
    r"""The households of which the table of data of a pack has a row.

    >>> _rows_of("table,row,column,value\nhouseholds,H0,label,Ménage\ncontext,loyers,value,12\n")
    {'H0'}
    """
    lines = csv.DictReader(io.StringIO(made, newline=""))
    return {str(line["row"]) for line in lines if line.get("table") == "households" and line.get("row")}
