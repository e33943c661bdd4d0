"""What each household has agreed to: the scope of its consent this month, and records without what it keeps back."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from clss_analysis.records import Records
from clss_analysis.records.clock import has_ended, is_to_come
from clss_analysis.records.columns import texts
from clss_analysis.records.synthetic.made_up import is_made_up

TOLD, DRAWN, COUNTED, WORKING = "told", "drawn", "counted", "working"
_MONTHS = ("granted", "until")
_MEANS = {each: each for each in (TOLD, COUNTED, WORKING)} | {DRAWN: TOLD}
Given = TypeVar("Given", bound=Records)


def scopes_of(records: Records) -> dict[str, str | None]:
    """Household → what its consent allows this month, None where there is none, it has ended or does not hold yet,
    or nobody knows its word.

    Who may be told and drawn, but not quoted, may be told: its words are taken out by `without_words`.
    """
    if is_made_up(records):
        return dict.fromkeys(records.households["id"], TOLD)
    return {each: None if shut else _MEANS.get(scope) for each, scope, shut in _consents(records)}


def _consents(records: Records) -> list[tuple[str, str, str]]:
    """Each household with the scope of its consent, empty where it has none.

    And the key of the message that says why it does not hold this month, empty where it does.
    """
    held, homes = records.consents, records.households
    granted, until = (texts(held, name, "yearmonth") if name in held else [""] * len(held) for name in _MONTHS)
    shut = ["privacy_ended" if has_ended(last) else "privacy_to_come" if is_to_come(first) else ""
            for first, last in zip(granted, until, strict=True)]  # fmt: skip
    about = dict(zip(held["id"], zip(held["scope"], shut, strict=True), strict=True))
    mine = [None if gone else each for each, gone in zip(homes["consent"], homes["consent"].isna(), strict=True)]
    return [(home, *about.get(each, ("", ""))) for home, each in zip(homes["id"], mine, strict=True)]


def unreleased(records: Records) -> dict[str, str]:
    """Households of which nothing may leave, and the key of the message that says why."""
    shut = {home for home, scope in scopes_of(records).items() if scope in (None, WORKING)}
    return {home: why or "privacy_unreleased" for home, _, why in _consents(records) if home in shut}


def unquoted(records: Records) -> list[str]:
    """Households that may be told and drawn, but whose words may not be quoted."""
    return [] if is_made_up(records) else [home for home, scope, _ in _consents(records) if scope == DRAWN]


def quotable(records: Records) -> set[str]:
    """Households whose words may be quoted, and are counted: those that may be told, but for the unquoted."""
    return {home for home, scope in scopes_of(records).items() if scope == TOLD}.difference(unquoted(records))


WORDS = ("statements", "codings")


def without_words(records: Given, counted: Collection[str] = ()) -> Given:
    """The records without what households said that may not be quoted, nor the codes given to it.

    Args:
        records: the dataset, or a part of it.
        counted: households that may only be counted, where their words are left out as well; with them go those of no
            known household, which may be theirs.
    """
    silent = {*unquoted(records), *counted}
    if not silent:
        return records
    said, given = map(records.table, WORDS)
    said = said[~said["household"].isin(silent) & (said["household"].notna() | (not counted))]
    given = given[given["statement"].isin(said["id"])]
    return records.with_tables(statements=said.reset_index(drop=True), codings=given.reset_index(drop=True))
