"""What the editions given out have counted, kept in the register of a house, and the records as the next one has them.

A household that may only be counted comes into the counts together with others that are as new, and stays in them as
it was then; its group leaves them as a whole, for good, as soon as one of it is gone (docs/decisions/0013).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from clss_analysis.privacy.consents import COUNTED, TOLD, Given, scopes_of, without_words
from clss_analysis.records import Records, read
from clss_analysis.records.clock import this_month
from clss_analysis.records.descriptor import EDITIONS, FILE
from clss_analysis.records.house import own_house
from clss_analysis.records.schema import table_names, table_schema
from clss_analysis.records.synthetic.made_up import is_made_up
from clss_analysis.records.tables import load


def read_for_others(dataset: Path) -> Records:
    """Read a dataset as what is given out may show it: beside the editions that were given out before.

    Args:
        dataset: its folder; only the records of a house have editions.

    Raises:
        InvalidRecordsError: the dataset, or what the register holds of an edition, is not sound.
    """
    return as_published(read(dataset), dataset)


def as_published(records: Given, dataset: Path) -> Given:
    """The records under the threshold of their house, beside what its editions have counted.

    Households that an edition counted stay as they were, none of them told.

    Where one of a group is gone, or has no consent, the others of it stay out of all counts.  A group all of whose
    households may be told by now is one like any other.

    Args:
        records: the dataset as it is today.
        dataset: its folder.

    Returns:
        The records without words that may not be quoted; the same where there are none, no edition has counted anyone
        who is not told by now and the house has no threshold of its own.
    """
    house, records = own_house(dataset), without_words(records)
    if house is not None and house.settings.threshold not in (None, records.threshold):
        records = replace(records, threshold=house.settings.threshold)
    if house is None or not (house.editions / FILE).is_file() or is_made_up(records):
        return records
    said = (house.editions / FILE).stat()
    beside: Given = _beside_editions(records, house.editions, (said.st_ino, said.st_mtime_ns), this_month())
    return beside


def published(records: Given) -> Given:
    """The records as they count beside what the editions of their house have counted; where none has, themselves."""
    return records if records.folder is None else as_published(records, records.folder)


@lru_cache(maxsize=8)
def _beside_editions(records: Given, editions: Path, _said: tuple[int, int], _month: str) -> Given:
    """What `as_published` gives, found once for the same records, editions and month."""
    kept, scopes = load(editions), scopes_of(records)
    groups = []
    for each in kept.extra[EDITIONS]:
        now = {scopes.get(home) for home in each["households"]}
        if now != {TOLD}:
            groups.append({**each, "out": each["out"] or not now <= {TOLD, COUNTED}})
    if not groups:
        return records
    stay = {home for each in groups if not each["out"] for home in each["households"]}
    held = {home for each in groups for home in each["households"] if scopes.get(home) == TOLD}
    merged = records.with_tables(**{name: _beside(records, kept, name, stay) for name in table_names()})
    decisions = tuple(dict.fromkeys((*records.decisions, *kept.decisions)))
    return replace(
        _only_counted(merged, dict(zip(*_consents(records), strict=True)), stay | held),
        decisions=decisions,
        extra={**records.extra, EDITIONS: groups},
        folder=None,
    )


def _consents(records: Records) -> tuple[list[str], list[Any]]:
    return list(records.households["id"]), list(records.households["consent"])


def _only_counted(records: Given, consent: dict[str, Any], households: Iterable[str]) -> Given:
    """The records, some households of which may only be counted, under their own consents with that scope."""
    homes, consents = records.households, records.consents
    mine = {home: consent[home] for home in sorted(households)}
    other = _free(set(consents["id"]), sorted(set(mine.values())))
    narrow = consents[consents["id"].isin(set(mine.values()))]
    narrow = narrow.assign(id=narrow["id"].map(other), scope=COUNTED).astype(consents.dtypes)
    given = zip(homes["id"], homes["consent"], strict=True)
    homes["consent"] = [other[mine[home]] if home in mine else old for home, old in given]
    homes = homes.astype(records.households.dtypes)
    return records.with_tables(households=homes, consents=pd.concat([consents, narrow], ignore_index=True))


def _beside(records: Records, kept: Records, name: str, stay: set[str]) -> pd.DataFrame:
    """A table of today, but with the rows that households had which stay as they were, and what those name.

    Codes stand below those that they stood below then.
    """
    today = records.table(name)
    before = kept.table(name).reindex(columns=today.columns).astype(today.dtypes)
    own = "id" if name == "households" else "household"
    if name == "codes" and stay:
        return pd.concat([before, today[~today["id"].isin(before["id"])]], ignore_index=True)
    missing = before[before["id"].isin(_named(kept, name, stay)) & ~before["id"].isin(today["id"])]
    if own not in today.columns:
        return pd.concat([today, missing], ignore_index=True)
    today, mine = today[~today[own].isin(stay)], before[before[own].isin(stay)]
    missing = missing[missing[own].isna()]
    mine = mine.copy()
    for field, table in {"id": name, **_keys(name)}.items():
        other = _renamed(records, kept, table, stay)
        mine[field] = [other.get(each, each) for each in mine[field]]
    return pd.concat([today, missing, mine.astype(today.dtypes)], ignore_index=True)


def _named(kept: Records, name: str, stay: set[str]) -> set[str]:
    """Ids of rows of no household that rows of households which stay as they were point at, or workshops do."""
    found: set[str] = set()
    for table in table_names() if name in ("actors", "workshops") else ():
        frame = kept.table(table)
        if "household" in frame.columns:
            frame = frame[frame["household"].isin(stay)]
        elif table != "workshops":
            continue
        found.update(*(frame[field].dropna() for field, other in _keys(table).items() if other == name))
    return found


def _keys(name: str) -> dict[str, str]:
    """Field → table of what a row of a table points at, where that is a row of the same household."""
    keys = table_schema(name)["schema"]["foreignKeys"]
    return {each["fields"][0]: each["reference"]["resource"] or name for each in keys}


def _renamed(records: Records, kept: Records, name: str, stay: set[str]) -> dict[str, str]:
    """Other ids for rows of households that stay as they were, where another row of today bears theirs."""
    today, before = records.table(name), kept.table(name)
    if name == "households" or "household" not in today.columns:
        return {}
    others = set(today.loc[~today["household"].isin(stay), "id"])
    mine = before.loc[before["household"].isin(stay), "id"]
    return _free({*today["id"], *before["id"]}, [each for each in mine if each in others])


def _free(taken: set[str], ids: Iterable[str]) -> dict[str, str]:
    """An id for each that none bears."""
    free = (f"k{n}" for n in range(1, len(taken) + 10**6) if f"k{n}" not in taken)
    return dict(zip(ids, free, strict=False))
