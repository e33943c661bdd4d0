"""Records from and to a researcher's own tables: frames in, labelled frames and one line per household out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import networkx as nx
import pandas as pd

from clss_analysis.records.arguments import nearest_first, one_of
from clss_analysis.records.columns import empty_table, number_text, typed_sheet
from clss_analysis.records.faults import InvalidRecordsError, in_order
from clss_analysis.records.residence import at_home
from clss_analysis.records.rules import SEVERAL
from clss_analysis.records.schema import MONTH_OR_YEAR, Descriptor, fields, table_names
from clss_analysis.records.sheet import Sheet
from clss_analysis.records.validation import sheet_faults
from clss_analysis.records.vocabulary import LANGUAGES, codes, label
from clss_analysis.records.years import YEAR, cells, merged, moment_text

if TYPE_CHECKING:
    from clss_analysis.records.tables import Records

Rows = pd.DataFrame | Iterable[Mapping[str, Any]]
_HOME = "M1"
_GIVEN = {"reading": "false", "index": "false", "direction": "unknown"}
"""What a required column says where a table leaves it out: no reading of a source, not the index person, a tie whose
direction nobody told."""
_ENDS = (("from_person", "from_actor"), ("to_person", "to_actor"))


def typed_tables(tables: Mapping[str, Rows], source: str, language: str) -> dict[str, pd.DataFrame]:
    """Every table of the schema, those given checked and typed, the others empty: see `Records.from_frames`."""
    given = {one_of("table", table, table_names()): _frame(table, rows) for table, rows in tables.items()}
    homes = {str(each) for frame in given.values() if "household" in frame for each in frame["household"].dropna()}
    if "households" not in given:
        given["households"] = pd.DataFrame({"id": sorted(homes) or [_HOME]})
    homes = set(given["households"]["id"].astype(str)) if "id" in given["households"] else {_HOME}
    defaults = _GIVEN | {"source": source} | ({"household": homes.pop()} if len(homes) == 1 else {})
    sheets = {table: _sheet(table, frame, defaults) for table, frame in given.items()}
    if faults := sheet_faults(sheets, None):
        raise InvalidRecordsError(in_order(faults), language)
    return {table: typed_sheet(sheets[table]) if table in sheets else empty_table(table) for table in table_names()}


def _frame(table: str, rows: Rows) -> pd.DataFrame:
    if isinstance(rows, (str, Mapping)):
        raise TypeError(f"{table} must be a DataFrame or a list of mappings, one a row; got {type(rows).__name__}")
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    known = [str(field["name"]) for field in fields(table)]
    years = [f"{field['name']}{YEAR}" for field in fields(table) if field["type"] == MONTH_OR_YEAR]
    for column in frame.columns:
        if column not in known and column not in years:
            raise ValueError(f"{table} has no column {column}; there is {nearest_first(column, known)}")
    return frame


def _sheet(table: str, frame: pd.DataFrame, defaults: Mapping[str, str]) -> Sheet:
    columns = []
    for field in fields(table):
        column = str(field["name"])
        if column in frame:
            columns.append([_text(value, field) for value in cells(frame, column)])
        elif column == "id":
            columns.append([_HOME] if table == "households" else [f"{table}-{n + 1}" for n in range(len(frame))])
        elif column == "order":
            columns.append([str(n + 1) for n in range(len(frame))])
        elif column == "label" and table == "households":
            columns.append([_text(each, field) for each in frame["id"]])
        else:
            asked = field.get("constraints", {}).get("required") or (column == "household" and table != "actors")
            columns.append([defaults.get(column, "") if asked else ""] * len(frame))
    rows = [list(row) for row in zip(*columns, strict=True)]
    names = frozenset(str(field["name"]) for field in fields(table))
    return Sheet(table, table, names, rows, list(range(1, len(rows) + 1)), frozenset())


def _text(value: Any, field: Descriptor) -> str:  # noqa: ANN401 - whatever a cell of a frame holds
    """A cell as a table would write it; what cannot be of the field's type stays as it is, for the check to tell."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return ""
    if field["type"] == "yearmonth" and isinstance(value, (pd.Period, date)):
        return value.strftime("%Y-%m")
    if field["type"] == MONTH_OR_YEAR and (said := moment_text(value)):
        return said
    if field["type"] == "boolean" and str(value) in ("True", "False"):
        return str(value).lower()
    if field["type"] in ("integer", "number") and isinstance(value, (int, float)):
        return number_text(float(value))
    return str(value)


def labelled(records: Records, table: str, lang: str | None = None) -> pd.DataFrame:
    """A table with the words of its codes, as categories in the order of their vocabulary.

    Args:
        records: the dataset.
        table: its name.
        lang: fr, nl or en; default: that in which the records speak.

    Raises:
        ValueError: no such table or language.

    >>> import clss_analysis as clss
    >>> labelled(clss.read("data/demo"), "health_impacts", "en")["domain"].cat.ordered
    True
    """
    lang = one_of("lang", lang or records.lang, LANGUAGES)
    frame = records.table(one_of("table", table, table_names()))
    for field in fields(table):
        if field.get("vocabulary"):
            words = {code: label(field["vocabulary"], code, lang) for code in codes(field["vocabulary"])}
            kinds = pd.CategoricalDtype(list(dict.fromkeys(words.values())), ordered=True)
            frame[field["name"]] = frame[field["name"]].map(words.get, na_action="ignore").astype(kinds)
    return frame


WIDE = {
    "household": "id of the household",
    "household_type": "code of its composition; missing: not told",
    "intake": "month in which it was met",
    "closing": "month in which the accompaniment ended; missing: open, or not told",
    "outcome": "code of how it ended",
    "persons": "persons who live in the household or are hosted by it, alive",
    "criteria_met": "intake criteria told as met",
    "criteria_not_met": "intake criteria told as not met",
    "criteria_untold": "intake criteria of which nothing is told",
    "problems": "kinds of housing problems told",
    "symptoms": "kinds of symptoms told",
    "domains": "domains of life told as touched",
    "actors": "services, professionals and other persons with a tie to the household",
    "ties": "ties told",
    "events": "events of its course",
    "statements": "statements kept",
}
"""What each column of `wide` says.  Numbers count what is told: 0 is nothing told, not nothing there."""


def wide(records: Records) -> pd.DataFrame:
    """One line per household with the variables of `WIDE`, which documents each.

    This is a researcher's own table, of households one by one: what leaves the house goes through `privacy`.

    >>> import clss_analysis as clss
    >>> wide(clss.read("data/demo"))[["household", "persons", "criteria_met"]].shape
    (20, 3)
    """
    homes = records.households
    frame = homes[["id", "household_type", "intake", "closing", "outcome"]].rename(columns={"id": "household"})

    def count(table: pd.DataFrame, column: str | None = None) -> pd.Series:
        groups = table.groupby("household")
        found = groups.size() if column is None else groups[column].nunique()
        return frame["household"].map(found).fillna(0).astype("Int64")

    persons, criteria, ties = records.persons, records.criteria, records.ties
    frame["persons"] = count(persons[persons["life"].eq("alive") & persons["role"].ne(SEVERAL) & at_home(records)])
    answered = criteria.dropna(subset=["met"])
    met = answered["met"].astype(bool)
    frame["criteria_met"] = count(answered[met], "criterion")
    frame["criteria_not_met"] = count(answered[~met], "criterion")
    told = count(answered, "criterion")
    frame["criteria_untold"] = len(codes("criterion")) - told
    for name, table, column in (
        ("problems", "housing_problems", "problem"),
        ("symptoms", "health_impacts", "symptom"),
        ("domains", "domain_impacts", "domain"),
    ):
        rows = records.table(table)
        frame[name] = count(rows[rows[column].ne("none")], column)
    ends = [ties[["household", end]].rename(columns={end: "actor"}) for end in ("from_actor", "to_actor")]
    frame["actors"] = count(pd.concat(ends).dropna(), "actor")
    for name in ("ties", "events", "statements"):
        frame[name] = count(records.table(name).dropna(subset=["household"]))
    return frame[list(WIDE)]


def to_networkx(records: Records) -> nx.MultiDiGraph:
    """Households, persons and actors as nodes, couples, filiations and ties as edges, with all that is told of each.

    Nodes are known by their ids (`household`, `person` or `actor` before a colon).  `type` says what a node or edge is
    (household, person, actor; couple, filiation, tie); the other attributes are the cells of its row, without those
    unknown; months are texts, YYYY-MM (YYYY where the year alone is told).  An end of a tie that is neither person nor
    actor is the household.  This is a
    researcher's own graph: `clss export` writes one that may leave the house.

    >>> import clss_analysis as clss
    >>> graph = to_networkx(clss.read("data/demo").case("S001"))
    >>> graph.nodes["household:S001"]["type"], graph.is_directed()
    ('household', True)
    """
    graph = nx.MultiDiGraph(name=records.name)
    for table in ("households", "persons", "actors"):
        for row in _told(records, table):
            graph.add_node(f"{table[:-1]}:{row['id']}", type=table[:-1], **row)
    for table, source, target in (("couples", "partner_a", "partner_b"), ("filiations", "parent", "child")):
        for row in _told(records, table):
            graph.add_edge(f"person:{row[source]}", f"person:{row[target]}", key=row["id"], type=table[:-1], **row)
    for row in _told(records, "ties"):
        home = f"household:{row['household']}"
        ends = [_end(row, person, actor) or home for person, actor in _ENDS]
        graph.add_edge(*ends, key=row["id"], type="tie", **row)
    return graph


def _end(row: Mapping[str, Any], person: str, actor: str) -> str:
    if person in row:
        return f"person:{row[person]}"
    return f"actor:{row[actor]}" if actor in row else ""


def _told(records: Records, table: str) -> list[dict[str, Any]]:
    """The rows of a table as plain values, without unknown cells."""
    frame = records.table(table)
    months = frame.columns[[isinstance(kind, pd.PeriodDtype) for kind in frame.dtypes]]
    frame = merged(frame)
    for name in months:
        frame[name] = frame[name].astype("string")
    told = json.loads(frame.to_json(orient="records"))
    return [{name: value for name, value in row.items() if value is not None} for row in told]
