"""A dataset in hand: every table a DataFrame, one household at a time where wanted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from dataclasses import fields as dataclass_fields
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Self

import pandas as pd

from clss_analysis.records.arguments import month, nearest_first, one_of
from clss_analysis.records.columns import empty_table, typed_sheet
from clss_analysis.records.content import Held, Table, fixed
from clss_analysis.records.decisions import DECISIONS, Decision, read_decisions
from clss_analysis.records.descriptor import FILE, ID, extra_keys, own_disclosure
from clss_analysis.records.faults import InvalidRecordsError, UnknownCaseError
from clss_analysis.records.own_columns import OwnFields, own_fields
from clss_analysis.records.schema import Descriptor, fields, home_column, table_names, table_schema
from clss_analysis.records.sheet import Sheet, is_absent, read_sheet
from clss_analysis.records.small_counts import THRESHOLD
from clss_analysis.records.translations import FILE as TRANSLATIONS
from clss_analysis.records.translations import Words, read_translations
from clss_analysis.records.vocabulary import LANGUAGES, message


class Row(NamedTuple):
    """A record by its place: table and id."""

    table: str
    row: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Records:
    """The tables of a dataset, one DataFrame each, with the columns of `schema.json`, then those
    that the dataset's own descriptor adds (`own_fields`, by table).

    Months are `period[M]`; where the year alone is told, it stands in a column `start:year` behind the others, and the
    month is missing (`records/years.py`).  A missing cell (`<NA>`, `NaT`) means *unknown*, *none* is a code of its own.
    Nothing here changes: a table is a copy each time it is asked for, so that what is done to it in place stays with
    who asked (in a loop, ask once), and every change gives new `Records`.  Two are equal when they hold the same
    (`content`) and speak the same language, so that they may be keys of a cache.
    `language` is that of the texts as they were written, `lang` that in which figures and sentences speak, never
    written.  `translations` holds texts in other languages, by table, row and column; `extra` what else the descriptor
    says (licences).  `folder` is where they were read, no part of what they hold: the gate asks there what the editions
    of a house have said.
    """

    name: str
    title: str
    synthetic: bool
    sha256: str
    source: str
    consents: pd.DataFrame
    households: pd.DataFrame
    situations: pd.DataFrame
    persons: pd.DataFrame
    couples: pd.DataFrame
    filiations: pd.DataFrame
    residences: pd.DataFrame = field(default_factory=lambda: empty_table("residences"))
    criteria: pd.DataFrame
    housing_problems: pd.DataFrame
    health_impacts: pd.DataFrame
    domain_impacts: pd.DataFrame
    actors: pd.DataFrame
    ties: pd.DataFrame
    events: pd.DataFrame
    case_notes: pd.DataFrame
    relevance_nodes: pd.DataFrame
    relevance_links: pd.DataFrame
    statements: pd.DataFrame
    codes: pd.DataFrame = field(default_factory=lambda: empty_table("codes"))
    codings: pd.DataFrame = field(default_factory=lambda: empty_table("codings"))
    workshops: pd.DataFrame
    attendance: pd.DataFrame
    partnerships: pd.DataFrame
    phases: pd.DataFrame
    programme: pd.DataFrame
    context_statistics: pd.DataFrame
    description: str = ""
    language: str = "fr"
    figure_ids: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    translations: Words = field(default_factory=dict)
    threshold: int = THRESHOLD
    disclosure: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    own_fields: OwnFields = field(default_factory=dict)
    lang: str = "fr"
    folder: Path | None = None

    def __post_init__(self) -> None:
        for name in ("figure_ids", "translations", "disclosure", "extra", "own_fields"):
            object.__setattr__(self, name, fixed(getattr(self, name)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Records):
            return NotImplemented
        return type(self) is type(other) and (self.lang, self.content) == (other.lang, other.content)

    def __hash__(self) -> int:
        return hash(self.content)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {len(self._rows('households'))} households)"

    @classmethod
    def from_frames(
        cls,
        *,
        name: str = "frames",
        title: str = "",
        source: str = "",
        language: str = "fr",
        **tables: pd.DataFrame | Iterable[Mapping[str, Any]],
    ) -> Records:
        """Make records of tables in memory, checked as those of a dataset folder are.

        Args:
            name: of the dataset, in lower case.
            title: what a reader calls it; default: the name.
            source: what the source line of a figure says, and each row that has no `source`; default: that they come
                from tables in memory.
            language: of the texts: fr, nl or en.
            tables: any tables of the schema, by name, each a DataFrame or a list of mappings; the others stay empty.
                Columns may be left out: `id` is then numbered, `household` is the only one there is (M1 where no table
                names any), `order` is that of the rows, other optional ones are unknown.  Months are texts (YYYY-MM;
                YYYY where a column may tell the year alone), periods or dates.

        Returns:
            The records.  They are nobody's invention: the disclosure gate looks at them as at any others.

        Raises:
            ValueError: no such table, column or language.
            InvalidRecordsError: a code, month, number or key is wrong; every fault at once, by table, row (from 1) and
                column.

        >>> import clss_analysis as clss
        >>> mother = {"label": "mère", "role": "mother", "life": "alive", "residence": "household"}
        >>> clss.Records.from_frames(persons=[mother]).case("M1").persons["id"].tolist()
        ['persons-1']
        """
        from clss_analysis.records import frames

        source = source or message("frames.source", one_of("language", language, LANGUAGES))
        made: dict[str, Any] = frames.typed_tables(tables, source, language)
        about = {"name": name, "title": title or name, "source": source, "language": language, "lang": language}
        return Records(synthetic=False, sha256="", **about, **made)  # type: ignore[arg-type]  # fields by name

    def labelled(self, table: str, lang: str | None = None) -> pd.DataFrame:
        """A table with words for codes, as ordered categories: see `records.frames.labelled`."""
        from clss_analysis.records import frames

        return frames.labelled(self, table, lang)

    def wide(self) -> pd.DataFrame:
        """One line per household with the variables that researchers ask for: see `records.frames.WIDE`."""
        from clss_analysis.records import frames

        return frames.wide(self)

    def to_networkx(self) -> Any:  # noqa: ANN401 - networkx is imported when asked for
        """A typed, dated, directed multigraph of all that is told: see `records.frames.to_networkx`."""
        from clss_analysis.records import frames

        return frames.to_networkx(self)

    def table(self, name: str) -> pd.DataFrame:
        """One table by its name; KeyError where there is none."""
        if name not in table_names():
            raise KeyError(f"no table {name}; there is {nearest_first(name, table_names())}")
        frame: pd.DataFrame = getattr(self, name)
        return frame

    def fields(self, table: str) -> tuple[Descriptor, ...]:
        """The fields of a table in column order: those of the schema, then those that the dataset adds."""
        return (*fields(table), *self.own_fields.get(table, ()))

    @cached_property
    def content(self) -> str:
        """SHA-256 over all that is held, every row of every table: what a cache or a decision about it is kept by.

        Other than `sha256`, of the files as they were read, it changes with any cell; with `lang` or `folder` never.

        >>> import clss_analysis as clss
        >>> records = clss.read("data/publication")
        >>> records.content == records.with_tables(ties=records.ties.iloc[1:]).content
        False
        """
        found = hashlib.sha256()
        for each in dataclass_fields(self):
            held = vars(self)[each.name]
            if each.name not in ("lang", "folder"):
                said = held.content() if isinstance(held, Held) else repr(held).encode("utf-8", "backslashreplace")
                found.update(f"{each.name} {len(said)}\0".encode() + said)
        return found.hexdigest()

    @property
    def services(self) -> tuple[str, ...]:
        """Names of all services and institutions of the dataset, each once, sorted."""
        actors = self._rows("actors")
        services = actors.loc[actors["kind"] == "service", "label"]
        return tuple(sorted({*services.dropna(), *actors["institution"].dropna()}))

    def fields_that_are(self, table: str, role: str) -> tuple[str, ...]:
        """Fields of a table that are declared `quasi-identifier`, `sensitive` or `identifier`, in column order.

        The schema declares them; the dataset's own descriptor may say otherwise.
        """
        names = ((str(each["name"]), str(each.get("disclosure", "none"))) for each in self.fields(table))
        return tuple(name for name, declared in names if self.disclosure.get(f"{table}.{name}", declared) == role)

    def case(self, household: str) -> Case:
        """One household with all that hangs on it, in the same tables.

        Actors are those named by the household's ties, events and workshops, and its own other persons.

        Raises:
            UnknownCaseError: the dataset holds no such household, or that is no household id at all.

        >>> import clss_analysis as clss
        >>> clss.read("data/publication").case("Y").label
        'Madame Y'
        """
        if not isinstance(household, str) or not ID.fullmatch(household):
            raise UnknownCaseError(message("fault_case_form"))
        last: Case | None = self if isinstance(self, Case) else vars(self).get("_last_case")
        if last is not None and last.id == household:
            return last
        if not (self._rows("households")["id"] == household).any():
            raise UnknownCaseError(message("fault_case_unknown"))
        of = {name: self._rows(name) for name in table_names() if name not in ("actors", "consents")}
        homes = {name: frame[home] for name, frame in of.items() if (home := home_column(name)) in frame.columns}
        kept: dict[str, Any] = {name: of[name][home == household] for name, home in homes.items()}
        named = pd.concat([kept["ties"]["from_actor"], kept["ties"]["to_actor"], kept["events"]["actor"]])
        actors = self._rows("actors")
        kept["actors"] = actors[actors["id"].isin(named.dropna()) | (actors["household"] == household)]
        rest = {each.name: vars(self)[each.name] for each in dataclass_fields(Records) if each.name not in kept}
        tables = {name: frame.reset_index(drop=True) for name, frame in kept.items()}
        vars(self)["_last_case"] = made = Case(id=household, services=self.services, **rest, **tables)
        return made

    def _rows(self, name: str) -> pd.DataFrame:
        """A table as it is held, for reading within this module alone."""
        held: Held = vars(self)[name]
        return held.frame

    def among(
        self, households: str | Iterable[str] | None = None, *, since: str | None = None, until: str | None = None
    ) -> Self:
        """The same dataset with some of its households only; rows of no household stay.

        Args:
            households: their ids, or one; default: all.
            since: first month of intake, such as "2023-01"; default: any.
            until: last month of intake; default: any.  A household whose intake is not told is left out where a month
                is given.

        Raises:
            UnknownCaseError: an id that the dataset does not hold.
            ValueError: a month that is none.

        >>> import clss_analysis as clss
        >>> clss.read("data/demo").among(["S001", "S004"])
        Records('cohorte-synthetique-20-2026', 2 households)
        """
        homes = self._rows("households")
        asked = homes["id"] if households is None else [households] if isinstance(households, str) else households
        wanted = set(asked)
        if not wanted <= set(homes["id"]):
            raise UnknownCaseError(message("fault_case_unknown"))
        kept = homes["id"].isin(wanted)
        if since is not None:
            kept &= homes["intake"] >= month("since", since)
        if until is not None:
            kept &= homes["intake"] <= month("until", until)
        left = homes[kept].reset_index(drop=True)
        tables = {"households": left}
        for name in table_names():
            frame = self._rows(name)
            if "household" in frame.columns:
                own = frame["household"].isna() | frame["household"].isin(set(left["id"]))
                tables[name] = frame[own].reset_index(drop=True)
        return self.with_tables(**tables)

    def in_language(self, lang: str) -> Self:
        """The same records, spoken of in another language: what is drawn or said of them follows it.

        Args:
            lang: fr, nl or en.

        Raises:
            ValueError: another language.

        >>> import clss_analysis as clss
        >>> clss.read("data/publication").in_language("nl").case("Y").lang
        'nl'
        """
        if lang not in LANGUAGES:
            raise ValueError(f"lang: {', '.join(LANGUAGES)}, not {lang!r}")
        return self._with(lang=lang)

    def with_tables(self, **tables: pd.DataFrame) -> Self:
        """The same dataset with some tables replaced; translations of rows that are gone go with them."""
        ids = {name: frozenset(frame["id"]) for name, frame in tables.items() if self.translations}
        kept = {at: said for at, said in self.translations.items() if at[0] not in ids or at[1] in ids[at[0]]}
        return self._with(translations=kept, **tables)

    def _with(self, **fields: Any) -> Self:  # noqa: ANN401 - fields by name
        """These records with some fields replaced; tables that stay keep the hash that was asked for before."""
        held: dict[str, Any] = {name: vars(self)[name] for name in table_names()}
        return replace(self, **(held | fields))


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Case(Records):
    """One household of a dataset, frozen; the tables hold its rows only, `services` those of the whole dataset."""

    id: str
    services: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The household's public pseudonym."""
        return str(self._rows("households")["label"].iloc[0])


for _name in table_names():
    setattr(Records, _name, Table(_name))


def load(folder: Path, sheets: Mapping[str, Sheet] | None = None) -> Records:
    """Read the tables of a dataset folder that has been checked; `read` checks first.

    Args:
        folder: the dataset.
        sheets: its tables where they were read already.

    Raises:
        InvalidRecordsError: a table cannot be read even as text.
    """
    descriptor = json.loads((folder / FILE).read_text(encoding="utf-8-sig"))
    own = own_fields(descriptor)
    read = sheets or {}
    tables: dict[str, Any] = {
        name: typed_sheet(read[name]) if name in read else load_table(folder, name, own.get(name, ()))
        for name in table_names()
    }
    return Records(
        name=descriptor["name"],
        title=descriptor["title"],
        synthetic=descriptor["synthetic"],
        sha256=fingerprint(folder),
        source=descriptor["source_line"],
        description=descriptor.get("description", ""),
        language=descriptor.get("language", "fr"),
        figure_ids=descriptor.get("figure_ids", {}),
        decisions=read_decisions(folder)[0],
        translations=read_translations(folder, own),
        threshold=descriptor.get("threshold", THRESHOLD),
        disclosure=own_disclosure(descriptor),
        extra=extra_keys(descriptor),
        own_fields=own,
        **tables,
    )


def load_table(folder: Path, table: str, own: tuple[Descriptor, ...] = ()) -> pd.DataFrame:
    """One CSV table of a folder with the types of its fields; one that may be absent, and is, has no row.

    Raises:
        InvalidRecordsError: the table cannot be read even as text.
    """
    if is_absent(folder, table):
        return empty_table(table, own)
    sheet, faults = read_sheet(folder, table, own)
    if sheet is None or faults:
        raise InvalidRecordsError(faults)
    return typed_sheet(sheet)


def dataset_files(folder: Path) -> tuple[str, ...]:
    """Names of a dataset's files: the descriptor, tables, decisions and translations if there are any."""
    tables = (str(table_schema(table)["path"]) for table in table_names() if not is_absent(folder, table))
    return (FILE, *tables, *(name for name in (DECISIONS, TRANSLATIONS) if (folder / name).is_file()))


def fingerprint(folder: Path) -> str:
    """SHA-256 over the descriptor and every table, in the schema's order, decisions and translations."""
    digest = hashlib.sha256()
    for name in dataset_files(folder):
        content = (folder / name).read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
