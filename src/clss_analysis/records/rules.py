"""Rules that span rows: households kept apart, trees that are trees, ties with two ends, time in order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from decimal import Decimal, InvalidOperation

import networkx as nx
import pandas as pd

from clss_analysis.records.coding_rules import coding_faults
from clss_analysis.records.faults import Fault
from clss_analysis.records.residence import HOME, residence_faults
from clss_analysis.records.schema import MONTHS, fields, table_names, table_schema
from clss_analysis.records.sheet import Sheet, no_rows
from clss_analysis.records.typography import listed
from clss_analysis.records.vocabulary import label, message

Sheets = Mapping[str, Sheet]

_SPANS = {"households": ("intake", "closing"), "persons": ("arrival", "departure"), "events": ("month", "until")}
"""Months of which the first cannot lie after the second, beside those that are called start and end."""
_OF_A_HOUSEHOLD = ("persons", "actors", "relevance_nodes")
"""Tables whose rows other rows of the same household name."""
_TOLD = (len("2019"), len("2019-03"))
PARENT_YEARS = 10  # years between a parent by birth and a child: fewer are a slip of the pen
UNBORN = ("expected", "lost")
CHILD_ROLES = ("daughter", "son", "child")
SEVERAL = "children"
"""The role of a row that stands for children whose number is not told, and is nobody's own."""
GENDERS = dict.fromkeys(("mother", "grandmother", "daughter"), "woman")
GENDERS |= dict.fromkeys(("father", "grandfather", "son"), "man")
"""What the word for a relative says of her or him."""
_OF_ONE = ("age", "age_band", "birth_order", "twin_group", "birth", "death")
SUCCESSIVE = ("step", "foster", "adoption")
"""Kinds of filiation of which two persons may have one after the other."""
_AGE = re.compile("[0-9]{1,3}")
_NEAR_ONE = Decimal("0.005")
_ABOVE = {"objective": ("aim",), "action": ("objective",), "means": ("aim", "action")}
"""What a node may hang on: means belong to one action, or to the whole."""


def rule_faults(sheets: Sheets, *, synthetic: bool | None) -> list[Fault]:
    """Faults of the rules that the schema cannot say.

    Args:
        sheets: the tables that could be read.
        synthetic: what the descriptor says of the dataset; None where it does not say.
    """
    faults: list[Fault] = []
    for check in _CHECKS:
        faults += check(sheets)
    if synthetic is not None:
        faults += _marked(sheets, synthetic=synthetic)
    if "households" in sheets and not sheets["households"].rows:
        faults.append(Fault(sheets["households"].file, None, None, message("fault_no_household")))
    return faults


def _spans(sheets: Sheets) -> Iterable[Fault]:
    named = {table: {str(each["name"]) for each in fields(table) if each["type"] in MONTHS} for table in table_names()}
    spans = _SPANS | {table: ("start", "end") for table, months in named.items() if {"start", "end"} <= months}
    for table, (start, end) in spans.items():
        frame = _frame(sheets, table)
        told = frame[(frame[start] != "") & (frame[end] != "")]
        for line, first, last in zip(told.index, told[start], told[end], strict=True):
            if (shared := min(len(first), len(last))) in _TOLD and last[:shared] < first[:shared]:
                yield _at(sheets[table], line, end, "fault_order", start=start)


def _households_apart(sheets: Sheets) -> Iterable[Fault]:
    frames = {table: _frame(sheets, table) for table in _OF_A_HOUSEHOLD}
    home = {table: dict(zip(frame["id"], frame["household"], strict=True)) for table, frame in frames.items()}
    for table in table_names():
        frame = _frame(sheets, table)
        for key in table_schema(table)["schema"].get("foreignKeys", ()) if "household" in frame else ():
            (column,), target = key["fields"], key["reference"]["resource"] or table
            if target not in home:
                continue
            other = frame[column].map(lambda name, homes=home[target]: homes.get(name, ""))
            apart = (other != "") & (frame["household"] != "") & (other != frame["household"])
            for line in frame.index[apart]:
                yield _at(sheets[table], line, column, "fault_elsewhere")


def _self_pairs(sheets: Sheets) -> Iterable[Fault]:
    for table, pairs in {
        "couples": [("partner_a", "partner_b")],
        "filiations": [("parent", "child")],
        "ties": [("from_person", "to_person"), ("from_actor", "to_actor")],
    }.items():
        frame = _frame(sheets, table)
        for a, b in pairs:
            for line in frame.index[(frame[a] != "") & (frame[a] == frame[b])]:
                yield _at(sheets[table], line, b, "fault_self")


def _tie_ends(sheets: Sheets) -> Iterable[Fault]:
    frame = _frame(sheets, "ties")
    ends = ("from_person", "from_actor"), ("to_person", "to_actor")
    for person, actor in ends:
        for line in frame.index[(frame[person] != "") & (frame[actor] != "")]:
            yield _at(sheets["ties"], line, actor, "fault_double_end")
    named = (frame[[column for end in ends for column in end]] != "").any(axis=1)
    for line in frame.index[~named]:
        yield _at(sheets["ties"], line, None, "fault_both_ends")


def _once(sheets: Sheets) -> Iterable[Fault]:
    for table, keys, column, key in (
        ("criteria", ("household", "criterion"), "criterion", "fault_criterion_twice"),
        ("relevance_links", ("parent", "child"), "child", "fault_link_twice"),
    ):
        frame = _frame(sheets, table)
        told = frame[(frame[list(keys)] != "").all(axis=1)]
        for line in told.index[told.duplicated(list(keys))]:
            yield _at(sheets[table], line, column, key)


def _parents_once(sheets: Sheets) -> Iterable[Fault]:
    """The same two have one filiation, but for who raised, fostered and adopted a child one after the other."""
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line, row in _rows(sheets, "filiations"):
        kinds, kind = seen[row["parent"], row["child"]], row["kind"]
        if row["parent"] and row["child"] and kinds and (kind in kinds or not {*kinds, kind} <= {*SUCCESSIVE}):
            yield _at(sheets["filiations"], line, "child", "fault_repeated_pair")
        kinds.add(kind)


def _ids_apart(sheets: Sheets) -> Iterable[Fault]:
    """File names and anchors of figures are made from household ids, and may not tell case apart."""
    seen: dict[str, str] = {}
    frame = _frame(sheets, "households")
    for line, identifier in zip(frame.index, frame["id"], strict=True):
        if seen.setdefault(identifier.lower(), identifier) != identifier:
            yield _at(sheets["households"], line, "id", "fault_letter_case")


def _relevance_levels(sheets: Sheets) -> Iterable[Fault]:
    frame = _frame(sheets, "relevance_nodes")
    levels = dict(zip(frame["id"], frame["level"], strict=True))
    for line in frame.index[(frame["level"] == "aim") & (frame["parent"] != "")]:
        yield _at(sheets["relevance_nodes"], line, "parent", "fault_aim_parent")
    for line, row in _rows(sheets, "relevance_nodes"):
        above, upper = _ABOVE.get(row["level"]), levels.get(row["parent"])
        if above and (not row["parent"] or upper not in (None, *above)):
            words = {
                "level": label("relevance_level", row["level"]),
                "above": listed([label("relevance_level", each) for each in above], style="or"),
            }
            yield _at(sheets["relevance_nodes"], line, "parent", "fault_parent_level", **words)


def _relevance_links(sheets: Sheets) -> Iterable[Fault]:
    """A link leads from an objective to an action that hangs on another one."""
    nodes = {row["id"]: row for _, row in _rows(sheets, "relevance_nodes")}
    for line, row in _rows(sheets, "relevance_links"):
        for column, level in (("parent", "objective"), ("child", "action")):
            if row[column] in nodes and nodes[row[column]]["level"] != level:
                words = {"level": label("relevance_level", level)}
                yield _at(sheets["relevance_links"], line, column, "fault_link_level", **words)
        if row["child"] in nodes and row["parent"] and nodes[row["child"]]["parent"] == row["parent"]:
            yield _at(sheets["relevance_links"], line, "child", "fault_link_twice")


def _relevance_numbers(sheets: Sheets) -> Iterable[Fault]:
    """Relevance numbers, after PATTERN: for all nodes of a level under one parent or for none, and one in sum."""
    frame = _frame(sheets, "relevance_nodes")
    if not (frame["relevance"] != "").any():
        return
    sheet = sheets["relevance_nodes"]
    for _, among in frame.groupby(["household", "parent", "level"], sort=False):
        given = among[among["relevance"] != ""]
        if given.empty:
            continue
        if len(given) < len(among):
            for line in among.index.difference(given.index):
                yield _at(sheet, line, "relevance", "fault_relevance_some")
            continue
        try:
            total = sum((Decimal(cell) for cell in given["relevance"]), Decimal(0))
        except InvalidOperation:
            continue
        if not total.is_finite() or abs(total - 1) > _NEAR_ONE:
            yield _at(sheet, given.index[0], "relevance", "fault_relevance_sum")


def _cycles(sheets: Sheets) -> Iterable[Fault]:
    for table, parent, child in (
        ("filiations", "parent", "child"),
        ("relevance_nodes", "parent", "id"),
        ("programme", "parent", "id"),
        ("codes", "parent", "id"),
    ):
        frame = _frame(sheets, table)
        told = frame[(frame[parent] != "") & (frame[child] != "")]
        if _falls_apart(told[parent], told[child]):
            continue
        edges = list(zip(told.index, told[parent], told[child], strict=True))
        graph = nx.DiGraph((a, b) for _, a, b in edges)
        component = {
            node: number for number, nodes in enumerate(nx.strongly_connected_components(graph)) for node in nodes
        }
        named: set[int] = set()
        for line, a, b in edges:
            if component[a] == component[b] and component[a] not in named and (a != b or table != "filiations"):
                named.add(component[a])
                yield _at(sheets[table], line, parent, "fault_cycle")


def _falls_apart(parents: pd.Series[str], children: pd.Series[str]) -> bool:
    """Whether nothing is left when links to those without children are taken away, again and again: no cycle."""
    while len(parents):
        leads_on = children.isin(parents)
        if leads_on.all():
            return False
        parents, children = parents[leads_on], children[leads_on]
    return True


def _marked(sheets: Sheets, *, synthetic: bool) -> Iterable[Fault]:
    key = "fault_not_synthetic" if synthetic else "fault_unmarked"
    for sheet in sheets.values():
        source = sheet.frame["source"]
        for line in source.index[(source != "") & ((source == "synthetic") != synthetic)]:
            yield _at(sheet, line, "source", key)


def _possible(sheets: Sheets) -> Iterable[Fault]:
    """Families that can be: parents old enough, none unborn, and a pregnancy that is somebody's.

    Ages are compared for birth and for two who are alive only: a deceased person's age may be that at death.
    """
    persons, links = _frame(sheets, "persons"), _frame(sheets, "filiations")
    if len(links) and len(persons):
        sheet, known = sheets["filiations"], persons.drop_duplicates("id", keep="last").set_index("id")
        both = links[links["parent"].isin(known.index) & links["child"].isin(known.index)]
        parent, child = known.loc[both["parent"]], known.loc[both["child"]]
        for line in both.index[parent["life"].isin(UNBORN).to_numpy()]:
            yield _at(sheet, line, "parent", "fault_unborn_parent")
        live = (parent["life"] == "alive").to_numpy() & (child["life"] == "alive").to_numpy()
        birth = live & (both["kind"] == "birth").to_numpy()
        ages = zip(both.index[birth], parent["age"].to_numpy()[birth], child["age"].to_numpy()[birth], strict=True)
        for line, older, younger in ages:
            if _AGE.fullmatch(older) and _AGE.fullmatch(younger) and int(older) < int(younger) + PARENT_YEARS:
                yield _at(sheet, line, "parent", "fault_parent_age", years=PARENT_YEARS)
    if "filiations" in sheets and len(persons):
        unborn = persons["life"].isin(UNBORN) & ~persons["id"].isin(links["child"])
        for line in persons.index[unborn]:
            yield _at(sheets["persons"], line, "life", "fault_no_carrier")


def _deaths(sheets: Sheets) -> Iterable[Fault]:
    """A death that is dated is that of somebody who is dead, or of whom nothing else is said; so is a loss told."""
    persons = _frame(sheets, "persons")
    for line in persons.index[(persons["death"] != "") & persons["life"].isin(("alive", "expected"))]:
        yield _at(sheets["persons"], line, "death", "fault_death")
    for line in persons.index[(persons["loss"] != "") & (persons["life"] != "lost")]:
        yield _at(sheets["persons"], line, "loss", "fault_loss")


def _births(sheets: Sheets) -> Iterable[Fault]:
    """A birth that is dated is over, no later than the death, and as long before the intake as the age says."""
    homes = _frame(sheets, "households")
    intakes = dict(zip(homes["id"], homes["intake"], strict=True))
    for line, row in _rows(sheets, "persons"):
        birth, intake, age = row["birth"], intakes.get(row["household"], ""), row["age"]
        if not birth:
            continue
        if row["life"] == "expected":
            yield _at(sheets["persons"], line, "birth", "fault_birth")
        shared = min(len(birth), len(row["death"]))
        if shared in _TOLD and row["death"][:shared] < birth[:shared]:
            yield _at(sheets["persons"], line, "death", "fault_order", start="birth")
        if (
            _AGE.fullmatch(age)
            and min(len(birth), len(intake)) in _TOLD
            and birth[:4].isdecimal()
            and intake[:4].isdecimal()
        ):
            years = int(intake[:4]) - int(birth[:4])
            passed = intake[5:] >= birth[5:] if len(birth) > len("2019") else None
            if int(age) not in ({years, years - 1} if passed is None else {years if passed else years - 1}):
                yield _at(sheets["persons"], line, "age", "fault_birth_age")


def _alike(sheets: Sheets) -> Iterable[Fault]:
    """Identical twins are twins of one gender; a tie is strong or weak, not both; whose home is told of another's."""
    persons = _frame(sheets, "persons")
    alike = persons[persons["identical"] == "true"]
    for (_, group), own in alike.groupby(["household", "twin_group"]):
        if not group or len({*own["gender"]} - {"", "undisclosed"}) > 1:
            for line in own.index:
                yield _at(sheets["persons"], line, "identical", "fault_identical")
    ties = _frame(sheets, "ties")
    said = ties["quality"].isin(("strong", "weak")) & (ties["strength"] != "") & (ties["quality"] != ties["strength"])
    for line in ties.index[said]:
        yield _at(sheets["ties"], line, "strength", "fault_strength")
    stays = _frame(sheets, "residences")
    for line in stays.index[(stays["unit"] != "") & stays["kind"].isin(HOME)]:
        yield _at(sheets["residences"], line, "unit", "fault_unit")


def _numberless(sheets: Sheets) -> Iterable[Fault]:
    """Children whose number is not told have nothing that is one person's, and are alive as far as is told."""
    for line, row in _rows(sheets, "persons"):
        if row["role"] != SEVERAL:
            continue
        wrong = [name for name in _OF_ONE if row[name]] + ["index"] * (row["index"] == "true")
        wrong += ["life"] * (row["life"] not in ("", "alive"))
        yield from (_at(sheets["persons"], line, name, "fault_numberless") for name in wrong)


def _frame(sheets: Sheets, table: str) -> pd.DataFrame:
    """The whole rows of a table; of one that could not be read none, with its columns."""
    return sheets[table].frame if table in sheets else no_rows(tuple(str(each["name"]) for each in fields(table)))


def _rows(sheets: Sheets, table: str) -> Iterable[tuple[int, dict[str, str]]]:
    return sheets[table].records() if table in sheets else ()


def _at(sheet: Sheet, line: Hashable, column: str | None, key: str, **values: object) -> Fault:
    return Fault(sheet.file, int(line), column, message(key, "fr", **values))  # type: ignore[call-overload]  # a line


_CHECKS: tuple[Callable[[Sheets], Iterable[Fault]], ...] = (
    coding_faults,
    _spans,
    _households_apart,
    _self_pairs,
    _tie_ends,
    _once,
    _parents_once,
    _ids_apart,
    _relevance_levels,
    _relevance_links,
    _relevance_numbers,
    _cycles,
    _possible,
    _deaths,
    _births,
    _alike,
    _numberless,
    residence_faults,
)
