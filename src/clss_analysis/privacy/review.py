"""Words that may point at someone, put before a person: what is undecided, and what a decision does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType

from clss_analysis.privacy.identifiers import (
    Finding,
    Memory,
    find_in_all,
    find_in_ids,
    find_translated,
    masked,
    own_memory,
)
from clss_analysis.privacy.identifiers.finding import one_each, plain
from clss_analysis.privacy.identifiers.lists import bare, word_list
from clss_analysis.privacy.mentions import mentions
from clss_analysis.privacy.telling_ids import PACKAGE, is_id, other_columns
from clss_analysis.privacy.texts import BOOK, THEME, Text, language_of, texts_of, with_texts
from clss_analysis.records import Records, label, message
from clss_analysis.records.decisions import Decision, read_decisions, text_hash
from clss_analysis.records.house import shipped
from clss_analysis.records.vocabulary import LANGUAGES

_SERVICES = (("actors", "label"), ("actors", "institution"))
_PUBLIC = ("public_body", "public_role")
MASK = "mask"
_OURS = ("workbook.new.title", "workbook.new.source_line")
_FORMATS = ("GEDCOM", "GraphML", "PED", "REFI-QDA", "GEXF")
WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_FIRST = re.compile(r"([^\W\d_]+)['’ ]")


@dataclass(frozen=True)
class Undecided:
    """A finding that nobody has decided about: where it is, never what it says.

    `row` is the id of the first row that holds the text, `rows` how many do.
    """

    table: str
    row: str
    rows: int
    column: str
    finding: Finding
    hash: str
    text: str = field(repr=False)

    @property
    def key(self) -> Text:
        """Table, column and text."""
        return self.table, self.column, self.text

    def kept(self, decision: str, reason: str, role: str, month: str) -> Decision:
        """The decision that it may stay: a code of `review_decision`, why, who decided and when."""
        place = (self.table, self.column, self.hash, self.finding.start, self.finding.end)
        return Decision(*place, self.finding.kind, decision, reason, role, month)

    def __str__(self) -> str:
        return message(
            "identifiers.undecided",
            where=file_of(self.table),
            row=self.row,
            column=self.column,
            kind=label("identifier_kind", self.finding.kind),
            start=self.finding.start + 1,
            end=self.finding.end,
        )


def file_of(table: str) -> str:
    """The file in which texts of a table, of the descriptor or of a theme stand."""
    named = {PACKAGE: "datapackage.json", THEME: message("identifiers.theme"), BOOK: message("identifiers.book")}
    return named.get(table, f"{table}.csv")


def undecided(
    records: Records,
    memory: Memory | None = None,
    *,
    beside: Mapping[Text, Sequence[str]] = MappingProxyType({}),
    proposed: Callable[[str], Iterable[Finding]] | None = None,
) -> tuple[Undecided, ...]:
    """What in the free text of a dataset, or of one household, may point at someone and has not been decided.

    Every column of text is read, of synthetic datasets too, all that the descriptor says, and ids.  Names of the
    dataset's own services are passed over in other texts, once nothing in the service's own row is undecided; of words
    within such a name those that were accepted as public.  In translations, words of the dataset's own texts are
    passed over, where nothing is undecided in these; in ids, these words and ordinary ones.  What speaks of a household
    that may not be told, by its label or id, is to be decided wherever it is not said by such a household itself.

    Args:
        records: a dataset or a case.
        memory: what was read before; default: that of the user.
        beside: texts that will leave with the dataset, such as those of a theme, and the places where they stand.
        proposed: what else in a text is to be decided, such as words that were masked in another one.

    Returns:
        The findings without a decision, by table, row and place.

    >>> import clss_analysis as clss
    >>> undecided(clss.read("data/publication"))
    ()
    """
    texts = texts_of(records) | {key: list(rows) for key, rows in beside.items()}
    memory = memory or own_memory()
    decided = _by_text((*records.decisions, *_published()))
    ids = [key for key in texts if is_id(*key[:2])]
    foreign = [key for key in texts if language_of(key, records) != records.language]
    services = [key for key in texts if key[:2] in _SERVICES]
    apart = {*ids, *foreign, *services}
    others = [key for key in texts if key not in apart]
    known = _known([*records.services, *(key[2] for key in services)], records.language, decided, memory)
    found = dict(zip(services, find_in_all([key[2] for key in services], records.language, memory=memory), strict=True))
    rest = find_in_all([key[2] for key in others], records.language, known=known, memory=memory)
    found |= dict(zip(others, rest, strict=True))
    open_ = {key: _open(key, findings, decided) for key, findings in found.items()}
    sound = (plain(key[2])[0] for key, findings in open_.items() if (foreign or ids) and not findings)
    own = {word for text in sound for word in WORD.findall(text)}
    langs = {key: language_of(key, records) for key in foreign}
    whole = [key for key in foreign if key[0] == THEME and langs[key] == "fr"]  # sentences, and a model for them
    found = dict(zip(whole, find_in_all([key[2] for key in whole], memory=memory), strict=True))
    short = [key for key in foreign if key not in found]
    said = find_translated([(key[2], langs[key]) for key in short], own, memory)
    open_ |= {key: _open(key, each, decided) for key, each in (*found.items(), *zip(short, said, strict=True))}
    parts = {bare(part.lower()) for word in own for part in re.split("['-]", word)} if ids else set()
    for key, seen in zip(ids, find_in_ids(map(_as_id, ids), parts, memory), strict=True):
        open_[key] = _open(key, [replace(each, end=len(key[2])) for each in seen], decided)
    spoken_of = mentions(records)
    for key in [*services, *others, *foreign] if proposed is not None or spoken_of is not None else ():
        more = [*(proposed(key[2]) if proposed else ()), *(spoken_of.find(key, texts[key]) if spoken_of else ())]
        open_[key] = list(one_each([*open_[key], *_open(key, more, decided)]))
    return tuple(
        Undecided(key[0], rows[0], len(rows), key[1], each, text_hash(*key), key[2])
        for key, rows in texts.items()
        for each in open_[key]
    )


def decide(records: Records, decisions: Iterable[Decision], masks: Mapping[Text, Mapping[Finding, str]]) -> Records:
    """The dataset with words masked, and with decisions kept.

    Args:
        records: a dataset.
        decisions: what may stay, by the texts as they are now.
        masks: what goes, by table, column and text, and the word put in its place (none: a placeholder of its kind).

    Returns:
        A new dataset: every masked stretch is a typed placeholder, such as [nom], a masked id a code; decisions about
        masked texts move with the words they are about; decisions about texts that are no longer there are dropped,
        but for those about a theme or a book, which are no part of the dataset.
    """
    kept = [*records.decisions, *decisions]
    texts = {(table, column, text_hash(table, column, text)): text for table, column, text in texts_of(records)}
    renamed = {key: masked(key[2], spans, language_of(key, records)) for key, spans in masks.items()}
    columns = other_columns(records, masks)
    moved: set[Decision] = set()
    for each in kept:
        if each.table in (THEME, BOOK):
            moved.add(each)
        text = texts.get((each.table, each.column, each.text))
        if text is None:
            continue
        key = (each.table, each.column, text)
        column = _column_now(each.table, each.column, columns)
        if key not in masks:
            same = column == each.column
            moved.add(each if same else replace(each, column=column, text=text_hash(each.table, column, text)))
        elif not any(span.start < each.end and each.start < span.end for span in masks[key]):
            spans = {span: word for span, word in masks[key].items() if span.end <= each.start}
            before = len(masked(text[: each.start], spans, language_of(key, records)))
            text_now = text_hash(each.table, column, renamed[key])
            moved.add(replace(each, column=column, text=text_now, start=before, end=before + each.end - each.start))
    return with_texts(replace(records, decisions=tuple(sorted(moved))), renamed)


def _column_now(table: str, column: str, new: Mapping[tuple[str, str], str]) -> str:
    """Under what a decision finds a column, or what is said of it, once own columns have other names."""
    if table != PACKAGE:
        return new.get((table, column), column)
    of, _, name = column.partition(".")
    return f"{of}.{new[of, name]}" if (of, name) in new else column


def mask_all(records: Records, memory: Memory | None = None) -> Records:
    """The dataset with every undecided finding masked, read again until nothing is undecided."""
    while open_findings := undecided(records, memory):
        masks: dict[Text, dict[Finding, str]] = {}
        for each in open_findings:
            masks.setdefault(each.key, {})[each.finding] = ""
        records = decide(records, (), masks)
    return records


def _known(services: Iterable[str], lang: str, decided: Mapping[str, Sequence[Decision]], memory: Memory) -> list[str]:
    """Names of services about which nothing is undecided, what was accepted in them as public, and our own names."""
    known = [*_FORMATS, *(message(key, lang) for key in _OURS for lang in LANGUAGES)]
    names = list(dict.fromkeys(services))
    for name, findings in zip(names, find_in_all(names, lang, memory=memory), strict=True):
        choices = [each for place in _SERVICES for each in decided.get(text_hash(*place, name), ())]
        if all(_covered(name, each, choices) for each in findings):
            known += [name, *re.findall(r"\(([^()]+)\)", name)]
            known += [name[each.start : each.end] for each in choices if each.reason in _PUBLIC]
    return known


def open_findings(found: Mapping[Text, Iterable[Finding]], decisions: Iterable[Decision]) -> dict[Text, list[Finding]]:
    """Of what was found in texts, what no decision covers."""
    decided = _by_text(decisions)
    return {key: _open(key, findings, decided) for key, findings in found.items()}


def _by_text(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    by_text: dict[str, list[Decision]] = {}
    for each in decisions:
        by_text.setdefault(each.text, []).append(each)
    return by_text


def _open(key: Text, found: Iterable[Finding], decided: Mapping[str, Sequence[Decision]]) -> list[Finding]:
    return [each for each in found if not _covered(key[2], each, decided.get(text_hash(*key), ()))]


def _covered(text: str, found: Finding, decisions: Iterable[Decision]) -> bool:
    """Whether a decision covers a finding, but for an article that later rules may take in before it."""
    start = found.start
    while (word := _FIRST.match(text, start, found.end)) and word[1].lower() in word_list("article"):
        start = word.end()
    return any(each.start <= start and found.end <= each.end for each in decisions)


@cache
def _published() -> tuple[Decision, ...]:
    """What was decided of who made the publication that this package brings, for datasets that begin with a copy."""
    return tuple(each for each in read_decisions(shipped().records)[0] if each.table == PACKAGE)


def _as_id(key: Text) -> str:
    """An id as it is read; the capital that a column's name begins with is no sign of a name."""
    first = key[2][:1].lower() if key[0] == PACKAGE and key[1].endswith(".*") else key[2][:1]
    return bare(first + key[2][1:])
