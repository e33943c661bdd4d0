"""The ledger of counts: the one rule by which households that may only be counted are in a number, or are not.

Who reads what is published knows the households that are told, and subtracts them: only the others are looked at here.
They are in counts at all where there are enough of them.  A count is then shown where, among them, every combination
of the traits that it is made of is had by none, or by as many as the threshold at the least.  So neither the count,
nor those who lack a trait, nor the difference of two counts that lie in one another, nor a number of all from which a
number is taken, tells of few.

Over editions each group of households that came into the counts together is judged by itself, so that what one edition
says less what an earlier one said is a number that might have been shown alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from clss_analysis.privacy.consents import COUNTED, scopes_of, without_words
from clss_analysis.privacy.editions import published
from clss_analysis.privacy.gate import clear, part_of
from clss_analysis.records import Records
from clss_analysis.records.arguments import instance
from clss_analysis.records.clock import this_month
from clss_analysis.records.descriptor import edition_groups

Trait = npt.NDArray[np.int64]
"""What each household that may only be counted has of one trait: a number, 0 where it is not known."""


class Reach(NamedTuple):
    """The households that a table of counts speaks of, how many these are, and of how many others nothing is known.

    Both numbers are None where they would tell of few that may only be counted.
    """

    homes: pd.Index[str]
    known: int | None
    unknown: int | None


@dataclass(frozen=True, eq=False)
class Ledger:
    """Which households are counted, and which of their counts are shown.

    `records` are those that counts are made of, with no words but those that may be quoted; `only_counted` the
    households of them that may only be counted, none where they are too few; `left_out` says that there are some who
    are in no count; `came` numbers, for each of `only_counted`, the group that it came into the counts with; `until` is
    the month until which a household is known that is counted as it was in an earlier edition; `said` tells, for each
    number that editions printed, which of `only_counted` are in it.
    """

    records: Records
    only_counted: pd.Index[str]
    threshold: int
    left_out: bool
    came: Trait
    until: Mapping[str, pd.Period]
    said: tuple[Trait, ...] = ()

    def trait(self, has: pd.Series) -> Trait:
        """A trait as this ledger compares it.

        Args:
            has: booleans, or numbers from 0, by household id; a household that is missing is one of which it is not
                known, and counts as one that lacks it (0) where the number of those may not be said.
        """
        places = has.index.get_indexer(self.only_counted)
        values = np.append(has.to_numpy(dtype=np.int64) + 1, 0 if self.says(has.index) else 1)
        return values[places]

    def says(self, *known: pd.Index[str]) -> bool:
        """Whether it may be said how many households stand in each of these, and in all of them."""
        return self.shows(*(self.only_counted.isin(each).astype(np.int64) for each in known))

    def shows(self, *traits: Trait) -> bool:
        """Whether every combination of these traits is had by none of those that may only be counted, or by enough.

        So it must be among those of each group that came into the counts together.
        """
        kinds = self.came
        for trait in traits:
            kinds = np.unique(kinds, return_inverse=True)[1] * (int(trait.max(initial=0)) + 1) + trait
        return bool((np.unique(kinds, return_counts=True)[1] >= self.threshold).all())

    def apart(self, has: Trait, *beside: Trait) -> bool:
        """Whether what lies between a number and another, in which it lies or that lies in it, is shown as well.

        The others are those beside it and those that editions given out have printed; who has both subtracts.

        Args:
            has: the trait that is counted.
            beside: those of numbers that are printed with it.
        """
        mine = (has > 1).astype(np.int64)
        before = () if any(np.array_equal(mine, each) for each in self.said) else self.said
        others = (*before, *((each > 1).astype(np.int64) for each in beside))
        return all(self.shows(abs(each - mine)) for each in others if (mine <= each).all() or (mine >= each).all())

    def counts(self, has: pd.DataFrame, *, listed: bool = False) -> pd.Series[int]:
        """How many households have each trait.

        Args:
            has: true and false, households (those of which it is known) by traits.
            listed: leave out the traits that `listed` does.

        Returns:
            One number per column, `Int64`, `<NA>` where withheld; `.attrs` tells `withheld` and `threshold`.
        """
        shown = has.sum().astype("Int64")
        if len(self.only_counted):
            traits = [self.trait(has[name]) for name in has.columns]
            kept = [self.shows(trait) and self.apart(trait) for trait in traits]
            shown = shown.where(np.array(kept, dtype=bool))
        if listed:
            shown = shown[has[~has.index.isin(self.only_counted)].any() | shown.notna()]
        shown.attrs = {"withheld": int(shown.isna().sum()), "threshold": self.threshold}
        return shown

    def listed(self, has: pd.DataFrame) -> pd.DataFrame:
        """The traits that may be named where those are listed that occur: had by a told household, or with a number.

        Of any other, the line alone would say that some have it who may only be counted.
        """
        return has.loc[:, self.counts(has, listed=True).index]

    def reach(self, *known: pd.Index[str]) -> Reach:
        """The households of which all of these say something."""
        homes = pd.Index(self.records.households["id"])
        among = homes[np.logical_and.reduce([homes.isin(each) for each in known])]
        said = self.says(*known)
        return Reach(among, len(among) if said else None, len(homes) - len(among) if said else None)


def ledger(records: Records) -> Ledger:
    """What may be counted of a dataset.

    Args:
        records: the dataset, or some households of it.

    Returns:
        Its ledger, the same for the same content.

    Raises:
        NotClearedError: the gate is shut.
        TypeError: no records.

    >>> import clss_analysis as clss
    >>> len(ledger(clss.read("data/publication")).only_counted)
    0
    """
    records = published(instance("records", records, Records, "records, such as clss.read(folder)"))
    return _ledger(records, this_month())


@lru_cache(maxsize=8)
def _ledger(records: Records, _month: str) -> Ledger:
    clearance = clear(records)
    group, until = {}, {}
    for place, each in enumerate(edition_groups(records.extra), start=1):
        group.update(dict.fromkeys(each["households"], -1 if each["out"] else place))
        until.update({home: pd.Period(each["until"], "M") for home in each["households"] if each["until"]})
    counted = [each for each in records.households["id"] if each in clearance.counted]
    came = np.array([group.get(each, 0) for each in counted], dtype=np.int64)
    places, sizes = np.unique(came, return_counts=True)
    enough = np.isin(came, places[(sizes >= clearance.threshold) & (places >= 0)])
    among = pd.Index(counted, dtype=object)[enough]
    left_out = not bool(enough.all())
    kept = part_of(records, clearance.told | set(among)) if left_out else records
    kept = without_words(kept, clearance.counted)
    said = (list(each.get("said", ())) for each in edition_groups(records.extra) if not each["out"])
    printed = [{home for homes in each for home in homes} for each in zip_longest(*said, fillvalue=())]
    traits = tuple(among.isin(homes).astype(np.int64) for homes in printed)
    return Ledger(kept, among, clearance.threshold, left_out, came[enough], until, traits)


def waiting(records: Records) -> bool:
    """Whether some may only be counted and are in no count yet: too few of them are new."""
    known = {home for each in edition_groups(records.extra) for home in each["households"]}
    new = sum(scope == COUNTED and home not in known for home, scope in scopes_of(records).items())
    return 0 < new < records.threshold
