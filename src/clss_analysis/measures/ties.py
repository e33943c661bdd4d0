"""The ties of all households as networks of services: who is tied to whom, and around how many households."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import networkx as nx
import numpy as np
import pandas as pd

from clss_analysis.measures.counts import without_three
from clss_analysis.privacy import clear
from clss_analysis.privacy.ledger import ledger
from clss_analysis.records import Records, message

SERVICES = ("service", "professional")
"""Kinds of actors that work with households; the others share their life."""


def acting(records: Records, *, events: bool = True) -> pd.DataFrame:
    """Which actors a household's ties name at either end, and its stages: `household` and `actor`, as often as named.

    Args:
        records: what is looked at.
        events: whether stages count as well as ties.
    """
    named = [(records.ties, "from_actor"), (records.ties, "to_actor"), *([(records.events, "actor")] if events else [])]
    pairs = [frame[["household", column]].set_axis(["household", "actor"], axis=1) for frame, column in named]
    return pd.concat(pairs).dropna()


def partner_network(records: Records) -> nx.Graph:
    """Services and professionals, tied where they act around the same household.

    A service acts around a household when one of the household's ties or events names it.

    Returns:
        A graph whose nodes are actor ids with `label`, `kind`, `sector`, `institution`, `partnership` (structural,
        occasional or None), `households` (number of households around which it acts), `planned` (whether ties that are
        planned or a waiting list alone name it; False where some households may only be counted) and `doubted`
        (whether its row is a reading, so that it may be several services), and whose edges have
        `weight` (households around which both act) and `tied` (households in which a tie joins the two directly).
        Partners around whom no household is on record stand alone.  Nodes and edges come in the order of their ids.
        Where households may only be counted, an edge or node that rests on too few, or an edge that leaves too few
        to one of its ends, is left out;
        `graph["withheld"]` says how many were that a household has which is told.

    Raises:
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> network = partner_network(clss.read("data/publication"))
    >>> network.nodes["cpas"]["sector"]
    'social'
    """
    entered = ledger(records)
    records = entered.records
    actors = records.actors[records.actors["kind"].isin(SERVICES)].set_index("id").sort_index()
    services = acting(records)
    services = services[services["actor"].isin(actors.index)]
    around = {str(actor): set(homes) for actor, homes in services.groupby("actor")["household"]}
    direct = _direct(records, set(actors.index))
    partnership = dict(zip(records.partnerships["actor"], records.partnerships["kind"], strict=True))
    acts = [(household, actor) for actor, found in around.items() for household in found]
    has = by_household(pd.DataFrame(acts, columns=["household", "actor"]), records.households["id"], actors.index)
    households = entered.counts(has, listed=True)
    graph = nx.Graph(withheld=households.attrs["withheld"])
    planned = set() if len(entered.only_counted) else _planned(records)
    for actor, row in actors.iterrows():
        number = households.get(str(actor), pd.NA)
        if pd.notna(number) and (number or actor in partnership):
            told = {name: None if pd.isna(row[name]) else str(row[name]) for name in _TOLD}
            doubts = {"planned": str(actor) in planned, "doubted": bool(row["reading"])}
            graph.add_node(actor, **told, partnership=partnership.get(str(actor)), households=int(number), **doubts)
    traits = {actor: entered.trait(has[actor]) for actor in graph}
    met = {
        pair: n for pair, n in sorted(_meetings(around).items()) if graph.has_node(pair[0]) and graph.has_node(pair[1])
    }
    shown = pd.DataFrame(data=False, index=list(traits), columns=list(traits))
    for a, b in met:
        shown.loc[a, b] = shown.loc[b, a] = entered.shows(traits[a], traits[b])
    shown[:] = without_three(entered, list(traits.values()), shown.to_numpy())
    for (a, b), weight in met.items():
        joined = has.index.isin(direct.get((a, b), set()))
        both = traits[a], traits[b]
        if shown.loc[a, b]:
            whole = entered.shows(*both, entered.trait(pd.Series(joined, index=has.index)))
            graph.add_edge(a, b, weight=weight, tied=int(joined.sum()) if whole else None)
        elif (has[a] & has[b] & ~has.index.isin(entered.only_counted)).any():
            graph.graph["withheld"] += 1
    return graph


def by_household(rows: pd.DataFrame, households: Iterable[str], keys: Iterable[str]) -> pd.DataFrame:
    """Which household has which key: true and false, all households by all keys.

    Args:
        rows: one line per household and key, in columns `household` and, by default, `actor`.
        households: the rows of the result.
        keys: its columns.
    """
    homes, names = pd.Index(list(households)), pd.Index(list(keys))
    cells = np.zeros((len(homes), len(names)), dtype=bool)
    places = homes.get_indexer(pd.Index(rows["household"])), names.get_indexer(pd.Index(rows["actor"]))
    kept = (places[0] >= 0) & (places[1] >= 0)
    cells[places[0][kept], places[1][kept]] = True
    return pd.DataFrame(cells, index=homes, columns=names)


_TOLD = ("label", "kind", "sector", "institution")


def _planned(records: Records) -> set[str]:
    """Actors named by ties alone that their label calls planned, or a waiting list."""
    marks = message("findings.planned.marks", records.language)
    planned = (
        records.ties["label"].astype("string").str.contains(rf"(?i)\b(?:{marks})\b", regex=True).fillna(value=False)
    )
    ends = ["from_actor", "to_actor"]
    acts = {*records.ties.loc[~planned, ends].stack(), *records.events["actor"].dropna()}
    return {str(actor) for actor in records.ties.loc[planned, ends].stack()} - {str(actor) for actor in acts}


def _meetings(around: dict[str, set[str]]) -> dict[tuple[str, str], int]:
    """In how many households two services act, for those that meet in one."""
    there: dict[str, list[str]] = {}
    for actor in sorted(around):
        for household in around[actor]:
            there.setdefault(household, []).append(actor)
    return dict(Counter(pair for actors in there.values() for pair in combinations(actors, 2)))


def _direct(records: Records, services: set[str]) -> dict[tuple[str, str], set[str]]:
    direct: dict[tuple[str, str], set[str]] = {}
    ties = records.ties[["household", "from_actor", "to_actor"]].dropna()
    for household, a, b in ties.itertuples(index=False):
        if a in services and b in services:
            direct.setdefault((min(a, b), max(a, b)), set()).add(household)
    return direct


HOME, OTHERS = "@households", "@others"
_LINK = ["kind", "a", "b"]


@dataclass(frozen=True, eq=False)
class TieNetwork:
    """Services, what ties them to each other and to the households, and what the gate withheld.

    `actors` is indexed by actor id (`OTHERS` stands for all other persons of collective life together) and has
    `label`, `kind`, `sector`, `institution` and `households`.  `links` has one row per link: `kind` (helps, calls,
    working, other, unknown-working, unknown-mixed), its ends `a` and `b` (actor ids or `HOME`), `households`, and
    whether it may be said that it runs from a to b (`there`) and from b to a (`back`).  `ties` names the rows behind
    each link: columns `link` (label of the row in `links`) and `tie`; ties of households that may only be counted
    are not named.  Everything is in the order of kinds and ids.
    """

    households: int
    actors: pd.DataFrame
    links: pd.DataFrame
    ties: pd.DataFrame
    withheld_actors: int
    withheld_links: int
    threshold: int


def tie_network(records: Records) -> TieNetwork:
    """Count around how many households each service acts, and to whom it is tied.

    An end of a tie is a service or professional, another person of collective life, or else somebody of the
    household (a person, or the household as a whole).  A reciprocal tie counts both ways, so between a service and
    the households it is help and call at once.  Between two services one link is counted, whatever its direction.
    Ties within a household are no part of this network, nor is a service that no tie names.  Around how many
    households a service acts is counted as in `partner_network`: a tie or a stage of the course names it.  Counts
    below the threshold of the disclosure gate are withheld, and with them the link or actor; so is a link that leaves
    few households to one of its ends.

    Returns:
        The network, the same for any order of rows.

    Raises:
        NotClearedError: a household has no consent.

    >>> import clss_analysis as clss
    >>> network = tie_network(clss.read("data/publication"))
    >>> int(network.actors.loc["tsc", "households"])
    6
    """
    entered = ledger(records)
    records = entered.records
    found = _classified(records)
    households = records.households["id"]
    ends = [found[[end, "household"]].set_axis(["actor", "household"], axis=1) for end in ("a", "b")]
    tied = pd.concat(ends)
    acting = records.events[["actor", "household"]].astype(object)
    each = pd.concat([tied, acting[acting["actor"].isin(set(tied["actor"]) - {OTHERS})]])
    each = each[each["actor"] != HOME].drop_duplicates()
    has = by_household(each, households, sorted(each["actor"].unique()))
    around = entered.counts(has, listed=True)
    told = clear(records).told
    traits = {actor: entered.trait(has[actor]) for actor in has}
    lines = []
    for (kind, a, b), mine in found.groupby(_LINK, sort=True):
        joined = [set(mine["household"]), *(set(mine.loc[mine["way"] * way > 0, "household"]) for way in (1, -1))]
        beside = [traits[end] for end in (a, b) if end != HOME]
        link, *ways = (entered.trait(pd.Series(households.isin(each).to_numpy(), index=households)) for each in joined)
        said = [bool(whom & told) or (bool(whom) and entered.shows(*beside, link, way))
                for whom, way in zip(joined[1:], ways, strict=True)]  # fmt: skip
        lines.append((kind, a, b, len(joined[0]), bool(joined[0] & told), entered.shows(*beside, link), *said))
    kinds = {"households": "Int64"} | dict.fromkeys(("told", "shown", "there", "back"), "bool")
    table = pd.DataFrame(lines, columns=[*_LINK, *kinds]).astype(kinds)
    hidden = int((table.pop("told") & ~table["shown"]).sum())
    table = table[table.pop("shown")].reset_index(drop=True)
    named = found[found["household"].isin(told)][["id", *_LINK]].drop_duplicates()
    named = named.merge(table[_LINK].assign(link=table.index), on=_LINK).sort_values(["link", "id"])
    return TieNetwork(
        households=len(households),
        actors=_described(records, around.dropna()),
        links=table,
        ties=named[["link", "id"]].set_axis(["link", "tie"], axis=1).reset_index(drop=True),
        withheld_actors=around.attrs["withheld"],
        withheld_links=hidden,
        threshold=entered.threshold,
    )


def _classified(records: Records) -> pd.DataFrame:
    """One row per tie and way: id, household, kind, a, b, way (1 from a to b, -1 back, 0 not known)."""
    kinds = records.actors.set_index("id")["kind"].astype(object)
    place = {actor: OTHERS if kind == "other_person" else actor for actor, kind in kinds.items()}
    ties = records.ties
    frame = pd.DataFrame(
        {
            "id": ties["id"].astype(object),
            "household": ties["household"].astype(object),
            "a": ties["from_actor"].astype(object).map(place).astype(object).fillna(HOME),
            "b": ties["to_actor"].astype(object).map(place).astype(object).fillna(HOME),
            "direction": ties["direction"].astype(object),
        }
    )
    frame = frame[frame["a"] != frame["b"]]
    both = frame[frame["direction"] == "two_way"]
    frame = pd.concat([frame, both.rename(columns={"a": "b", "b": "a"})[frame.columns]], ignore_index=True)
    home_a, home_b = frame["a"] == HOME, frame["b"] == HOME
    others = (frame["a"] == OTHERS) | (frame["b"] == OTHERS)
    unknown = frame["direction"] == "unknown"
    kind = pd.Series("working", index=frame.index, dtype=object)
    kind = kind.mask(home_b, "helps").mask(home_a, "calls").mask(others, "other")
    kind = kind.mask(unknown, "unknown-working").mask(unknown & (home_a | home_b | others), "unknown-mixed")
    turned = ~kind.isin(["helps", "calls"]) & (frame["a"] > frame["b"])
    a, b = frame["a"].mask(turned, frame["b"]), frame["b"].mask(turned, frame["a"])
    way = (1 - 2 * turned.astype(int)).mask(unknown, 0)
    return pd.DataFrame({"id": frame["id"], "household": frame["household"], "kind": kind, "a": a, "b": b, "way": way})


def _described(records: Records, around: pd.Series[int]) -> pd.DataFrame:
    actors = records.actors.set_index("id")[["label", "kind", "sector", "institution"]].astype(object)
    table = actors.reindex(around.index.rename("actor"))
    table = table.where(table.notna(), None)
    return table.assign(households=around.astype(int))
