"""What each household has agreed to: the scope of its consent this month, and records without what it keeps back."""

from __future__ import annotations

from typing import TypeVar

import pandas as pd

from clss_analysis.records import Records
from clss_analysis.records.clock import has_ended
from clss_analysis.records.synthetic.made_up import is_made_up

TOLD, DRAWN, COUNTED, WORKING = "told", "drawn", "counted", "working"
_MEANS = {each: each for each in (TOLD, COUNTED, WORKING)} | {DRAWN: TOLD}
Given = TypeVar("Given", bound=Records)


def scopes_of(records: Records) -> dict[str, str | None]:
    """Household → what its consent allows this month, None where there is none, it has ended, or nobody knows its word.

    Who may be told and drawn, but not quoted, may be told: its words are taken out by `without_words`.
    """
    if is_made_up(records):
        return dict.fromkeys(records.households["id"], TOLD)
    return {each: None if ended else _MEANS.get(scope) for each, scope, ended in _consents(records)}


def _consents(records: Records) -> list[tuple[str, str, bool]]:
    """Each household with the scope of its consent, empty where it has none, and whether that has ended."""
    held = records.consents.set_index("id")
    untils = held["until"] if "until" in held else pd.Series(pd.NaT, index=held.index)
    over = [pd.notna(until) and has_ended(str(until)) for until in untils]
    about = dict(zip(held.index, zip(held["scope"], over, strict=True), strict=True))
    homes = records.households
    mine = homes["consent"].astype(object).where(homes["consent"].notna(), None)
    return [(home, *about.get(each, ("", False))) for home, each in zip(homes["id"], mine, strict=True)]


def unreleased(records: Records) -> dict[str, str]:
    """Households of which nothing may leave, and the key of the message that says why."""
    shut = {home for home, scope in scopes_of(records).items() if scope in (None, WORKING)}
    over = {home for home, _, ended in _consents(records) if ended}
    return {home: "privacy_ended" if home in over else "privacy_unreleased" for home in records.households["id"]
            if home in shut}  # fmt: skip


def unquoted(records: Records) -> list[str]:
    """Households that may be told and drawn, but whose words may not be quoted."""
    return [] if is_made_up(records) else [home for home, scope, _ in _consents(records) if scope == DRAWN]


WORDS = ("statements", "codings")


def without_words(records: Given) -> Given:
    """The records without what households said that may not be quoted, nor the codes given to it."""
    silent = unquoted(records)
    if not silent:
        return records
    said, given = (frame[~frame["household"].isin(silent)] for frame in map(records.table, WORDS))
    given = given[given["statement"].isin(said["id"])]
    return records.with_tables(statements=said.reset_index(drop=True), codings=given.reset_index(drop=True))
