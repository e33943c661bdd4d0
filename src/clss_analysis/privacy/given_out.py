"""What is kept in the register of a house when an edition is given out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from clss_analysis.privacy.consents import TOLD, scopes_of
from clss_analysis.privacy.gate import part_of
from clss_analysis.privacy.ledger import ledger
from clss_analysis.privacy.register import prepare_folder
from clss_analysis.records import Records, write
from clss_analysis.records.descriptor import EDITIONS, edition_groups
from clss_analysis.records.house import own_house
from clss_analysis.records.synthetic.made_up import is_made_up


def give_out(records: Records, dataset: Path, until: pd.Period | None, printed: Iterable[Collection[str]] = ()) -> None:
    """Keep in the register what an edition that is given out counts, and who is told in it.

    Who was told is known: where such a household may only be counted later, it hides nobody, and is in no count.

    Args:
        records: the dataset as `as_published` gave it.
        dataset: its folder.
        until: the last month that is told of any household.
        printed: for each number of households that it prints, those that are in it.

    Raises:
        NotClearedError: the gate is shut.
    """
    house = own_house(dataset)
    if house is None or is_made_up(records):
        return
    groups = [dict(each) for each in edition_groups(records.extra)]
    before = {home for each in groups for home in each["households"]}
    new = [str(home) for home in ledger(records).only_counted if home not in before]
    if new:
        groups.append({"households": new, "until": "" if until is None else str(until), "out": False})
    length = max((len(each.get("said", ())) for each in groups), default=0)
    already = {frozenset().union(*each) for each in zip(*(_padded(group, length) for group in groups), strict=True)}
    among = {home for each in groups if not each["out"] for home in each["households"]}
    fresh = [each for each in dict.fromkeys(frozenset(among.intersection(homes)) for homes in printed)
             if each and each not in already]  # fmt: skip
    for each in groups:
        said = [*_padded(each, length), *(each_said.intersection(each["households"]) for each_said in fresh)]
        each["said"] = [sorted(homes) for homes in said]
    told = sorted(home for home, scope in scopes_of(records).items() if scope == TOLD)
    groups += [{"households": [home], "until": "", "out": True} for home in told]
    if not groups:
        return
    prepare_folder(dataset)
    kept = part_of(records, [home for each in groups if not each["out"] for home in each["households"]])
    bare = replace(kept, extra={EDITIONS: groups}, figure_ids={}, translations={}, synthetic=False)
    write(bare, house.editions, overwrite=True)


def _padded(group: Mapping[str, Any], length: int) -> list[frozenset[str]]:
    said = [frozenset(homes) for homes in group.get("said", ())]
    return [*said, *[frozenset[str]()] * (length - len(said))]
