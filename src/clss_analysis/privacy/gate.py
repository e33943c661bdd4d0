"""The gate: nothing of a dataset leaves the house without the clearance that one function gives.

Figures, book, brief, exports and executed notebooks ask for a `Clearance`; `clear` alone makes one.  A researcher's own
view, a drawing or table shown at the prompt or in JupyterLab, does not leave the house (docs/decisions/0008).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from weakref import WeakKeyDictionary

from clss_analysis.privacy.consents import (
    COUNTED,
    TOLD,
    WORDS,
    WORKING,
    Given,
    scopes_of,
    unquoted,
    unreleased,
    without_words,
)
from clss_analysis.privacy.editions import published
from clss_analysis.records import Records, Row, message
from clss_analysis.records.arguments import instance
from clss_analysis.records.faults import NotClearedError
from clss_analysis.records.schema import home_column, table_names
from clss_analysis.records.synthetic.made_up import is_made_up, translate
from clss_analysis.records.translations import spoken
from clss_analysis.records.typography import counted
from clss_analysis.records.vocabulary import LANGUAGES, word

_BY_THE_GATE = object()
_OPEN_TEXTS: WeakKeyDictionary[Records, int] = WeakKeyDictionary()


@dataclass(frozen=True)
class Clearance:
    """What may leave: households that may be told (and counted), and those that may only be counted.

    It is given for these `records` and no others: what was drawn from rows that changed since does not leave with it.
    One that is `working` lets nothing leave: it is for drawings marked as such, in the house that the records are of.
    `threshold` is the smallest number of the latter that a count may show.

    Raises:
        NotClearedError: made by anything but `clear`.
    """

    told: frozenset[str]
    counted: frozenset[str]
    synthetic: bool
    threshold: int
    records: Records = field(repr=False)
    by: object = field(repr=False, compare=False)
    working: bool = False

    def __post_init__(self) -> None:
        """Refuse a clearance that the gate did not give."""
        if self.by is not _BY_THE_GATE:
            raise NotClearedError(message("privacy_forged"))

    @cached_property
    def withheld(self) -> frozenset[Row]:
        """The rows of households that may only be counted, and the words of those that may not be quoted."""
        rows = set(_rows_of(self.records, self.counted)) if self.counted else set()
        silent = frozenset(() if self.working else unquoted(self.records))
        return frozenset(rows.union(_rows_of(self.records, silent, WORDS) if silent else ()))

    def require_told(self, household: str) -> None:
        """Stop unless the household may be told.

        Raises:
            NotClearedError: it may only be counted, or is not in the dataset.
        """
        if self.working:
            raise NotClearedError(message("privacy_working"))
        if household not in self.told:
            scope = word("consent_scope", TOLD)
            raise NotClearedError(message("privacy_not_told", household=household, scope=scope))

    def require(
        self, *, case: str | None, rows: Iterable[Row], synthetic: bool, content: str = "", own_work: bool = False
    ) -> None:
        """Stop unless a thing made of these rows may leave.

        Args:
            case: the household that it tells, if it tells one.
            rows: all rows that it was made from.
            synthetic: whether it is marked as made of synthetic records.
            content: `Records.content` of what it was made from; not asked where empty.
            own_work: whether it is marked as a working drawing, which a working clearance lets through.

        Raises:
            NotClearedError: it tells a household or shows a row that may not be told, or was made from other rows than
                those that were cleared, or it may not leave at all.
        """
        if self.working and not own_work:
            raise NotClearedError(message("privacy_working"))
        if case is not None and not own_work:
            self.require_told(case)
        if self.synthetic and not synthetic:
            raise NotClearedError(message("privacy_other_dataset"))
        if not self.withheld.isdisjoint(rows):
            raise NotClearedError(message("privacy_rows_withheld"))
        if content and not self.covers(case, content):
            raise NotClearedError(message("privacy_rows_changed"))

    def covers(self, case: str | None, content: str) -> bool:
        """Whether content is that of what was cleared: all, one household, those that may be told; or its translation.

        Translations were looked through with the records that hold them.
        """
        return any(content == part.content for part in self._parts(case)) or any(
            content in _contents_in(part, lang) for part in self._parts(case) for lang in LANGUAGES
        )

    def _parts(self, case: str | None) -> Iterator[Records]:
        """One household, all, and those that may be told: the likeliest first, each made when it is asked for."""
        if case is not None and case in set(self.records.households["id"]):
            yield from _household(self.records, case)
        yield from _spoken_for(self.records)
        yield from _spoken_for(self.told_records)

    @cached_property
    def told_records(self) -> Records:
        """The dataset with the households alone that may be told."""
        return part_of(self.records, self.told & set(self.records.households["id"]))

    def open_to_all(self, households: Iterable[str]) -> bool:
        """Whether all these households may be told, so that counting them hides nothing."""
        return self.told >= set(households)


def _spoken_for(records: Records) -> list[Records]:
    """Records, and those without what may not be quoted where that is less."""
    silent = without_words(records)
    return [records] if silent is records else [records, silent]


@lru_cache(maxsize=8)  # asked for every figure of a household
def _household(records: Records, case: str) -> list[Records]:
    return _spoken_for(records.case(case))


@lru_cache(maxsize=32)  # asked for every picture of a pack: three parts in three languages, for some households
def _contents_in(records: Records, lang: str) -> tuple[str, str]:
    """Content of cleared records with their texts in another language, and with those of them that it has."""
    return translate(records, lang)[0].content, spoken(records, lang).content


def clear(records: Records, *, own_work: bool = False) -> Clearance:
    """Ask the gate what of a dataset may leave the house.

    It fails closed.  Every household needs an entry of `consents`, whose scope says whether it may be told or only
    counted; every possible identifier found in the texts needs a person's decision.  Households that `clss synth` made
    are nobody's, and may be told; a dataset that is marked synthetic and holds other rows is a dataset like any other.

    Args:
        records: the dataset, or one household.
        own_work: whether what is made stays with who works on it; households of scope « working », such as those of a
            file of another program that was just imported, and those of a dataset marked synthetic, may then be drawn,
            and their source line or banner says so.

    Returns:
        The clearance that everything that leaves asks for.  For records that were read from a house, it is that beside
        the editions given out there: who was counted in one is not told (docs/decisions/0013).

    Raises:
        NotClearedError: a household has no consent, or an identifier is undecided; the text says what to do.

    >>> import clss_analysis as clss
    >>> sorted(clear(clss.read("data/publication")).told)
    ['A', 'C1', 'C2', 'C3', 'N', 'Y']
    """
    shown = published(instance("records", records, Records, "records, such as clss.read(folder)"))
    scopes = scopes_of(shown)
    claimed = records.synthetic and not is_made_up(records)
    at_work = own_work and (claimed or set(scopes.values()) == {WORKING})
    reasons = [] if at_work else [message(key, household=each) for each, key in unreleased(shown).items()]
    if not (own_work and claimed) and (texts := undecided_texts(shown)):
        reasons.append(counted("privacy_undecided", texts))
    if reasons and claimed:
        reasons.insert(0, message("privacy_not_made_up"))
    if reasons:
        raise NotClearedError(*reasons)
    return Clearance(
        told=frozenset(household for household, scope in scopes.items() if at_work or scope == TOLD),
        counted=frozenset(household for household, scope in scopes.items() if scope == COUNTED),
        synthetic=is_made_up(records),
        threshold=shown.threshold,
        records=records,
        by=_BY_THE_GATE,
        working=at_work and claimed,
    )


def clear_for_work(records: Records) -> Clearance:
    """A clearance for drawings of one's own cases before consent and review; they bear a mark, and nothing leaves."""
    return Clearance(
        told=frozenset(map(str, records.households["id"])),
        counted=frozenset(),
        synthetic=is_made_up(records),
        threshold=records.threshold,
        records=records,
        by=_BY_THE_GATE,
        working=True,
    )


def undecided_texts(records: Records) -> int:
    """Number of possible identifiers in the texts that nobody has decided about; asked once for the same content."""
    from clss_analysis.privacy.review import undecided

    if is_made_up(records):
        return 0
    if records not in _OPEN_TEXTS:
        _OPEN_TEXTS[records] = len(undecided(records))
    return _OPEN_TEXTS[records]


def keep_undecided(records: Records, texts: int) -> None:
    """Take over what `undecided_texts` gave in another process for the same content."""
    _OPEN_TEXTS[records] = texts


def part_of(records: Given, households: Iterable[str]) -> Given:
    """Some households of a dataset, with their own consents alone.

    What was decided about the texts of all of them is not looked for again.
    """
    part = records.among(households)
    own = part.consents["id"].isin(part.households["consent"].dropna())
    part = part.with_tables(consents=part.consents[own].reset_index(drop=True))
    if not undecided_texts(records):
        _OPEN_TEXTS[part] = 0
    return part


def _rows_of(records: Records, households: frozenset[str], tables: Iterable[str] = ()) -> Iterable[Row]:
    for table in tables or table_names():
        frame = records.table(table)
        column = home_column(table)
        if column in frame.columns:
            yield from (Row(table, str(each)) for each in frame.loc[frame[column].isin(households), "id"].tolist())
