"""All that is published together tells of no few households that may only be counted: an attack that knows the told.

The attack shares no code with what withholds: it takes the published numbers, subtracts what the told households show,
and asks linear programs how far every count, and every difference of two counts, can be worked out.
"""

from __future__ import annotations

import inspect
import itertools
import os
from dataclasses import dataclass, replace
from functools import cache, partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from test_measures_association import only_counted
from test_measures_suppression import COUNTS, FEW, public

import clss_analysis as clss
from clss_analysis import measures
from clss_analysis.figures import KINDS
from clss_analysis.layout.page import NothingToDrawError
from clss_analysis.privacy import clear
from clss_analysis.privacy.ledger import ledger
from clss_analysis.publish.brief.facts import Facts, _several
from clss_analysis.publish.brief.theme import Count, Said
from clss_analysis.records import Records, synthesise
from clss_analysis.records.columns import typed
from clss_analysis.runs.findings import counted, dataset_overview, inventory, never_told, readings
from clss_analysis.runs.tellable import tellable

ASSOCIATIONS = int(os.environ.get("CLSS_ASSOCIATIONS", "12"))
CODES = {
    "housing_problems": ("problem", ["health_damp", "health_toxic", "destroyed", "none"]),
    "health_impacts": ("symptom", ["insomnia", "anxiety", "stress", "none"]),
}

BASE = synthesise(2, 1)


def told_and_counted(records: Records, told: int, threshold: int = 5) -> Records:
    """The first households of a cohort may be told, the others only be counted."""
    closed = only_counted(records)
    said = closed.consents.reindex(columns=records.consents.columns).astype(object).assign(reading="false").fillna("")
    consents = typed(pd.concat([said, said.assign(id="t", scope="told")], ignore_index=True), "consents")
    homes = closed.households.assign(consent=["t" if n < told else "c" for n in range(len(closed.households))])
    return replace(closed, consents=consents, households=homes, threshold=threshold)


def homes_of(size: int) -> pd.DataFrame:
    homes = pd.DataFrame({"id": [f"H{n}" for n in range(size)], "label": [f"Ménage {n}" for n in range(size)]})
    return homes.assign(source="essai", reading="false", intake="2024-01")


def association(seed: int, size: int | None = None) -> Records:
    """2 to 200 households, thresholds 3 to 10, some told, some only counted; traits are more or less known."""
    dice = np.random.default_rng(seed)
    chosen, threshold = int(dice.choice([2, 7, 12, 20, 45, 90, 200])), int(dice.integers(3, 11))
    size = size or chosen
    homes = homes_of(size)
    raw: dict[str, list[dict[str, str]]] = {}
    for table, (column, codes) in CODES.items():
        share, known = dice.random(len(codes) - 1), dice.choice([1.0, 0.9, 0.7])
        rows = raw.setdefault(table, [])
        for home in homes["id"]:
            if dice.random() < known:
                has = [code for code, p in zip(codes, share, strict=False) if dice.random() < p] or ["none"]
                rows += [{"household": home, column: code, "domain": "mental_health"} for code in has]
    services = [{"id": f"x{n}", "label": f"Service {n}", "kind": "service"} for n in range(3)]
    raw["actors"] = services
    raw["ties"] = [
        {"household": home, "from_actor": each["id"], "direction": "one_way"}
        for each, p in zip(services, dice.random(3), strict=True) for home in homes["id"] if dice.random() < p
    ]  # fmt: skip
    return told_and_counted(of_rows(homes, raw), int(dice.integers(0, size + 1)), threshold)


def of_rows(homes: pd.DataFrame, raw: dict[str, list[dict[str, str]]]) -> Records:
    """Records of these households that hold these rows and no others."""
    base = BASE
    empty = {name: base.table(name).iloc[:0] for name in clss.records.schema.table_names() if name != "consents"}
    tables = {"households": homes} | {name: pd.DataFrame(rows) for name, rows in raw.items()}
    made = {}
    for name, rows in tables.items():
        numbered = rows if "id" in rows else rows.assign(id=[f"{name[:2]}{n}" for n in range(len(rows))])
        cells = numbered.reindex(columns=base.table(name).columns).astype(object).fillna("")
        made[name] = typed(cells.assign(source="essai", reading="false"), name)
    return base.with_tables(**empty | made)


@dataclass
class Published:
    """Numbers as they leave, by the traits that they count, the told subtracted; None where withheld."""

    number: dict[frozenset[str], int | None]
    households: int
    threshold: int


def published(records: Records) -> Published:
    told = records.among(clear(records).told)
    number: dict[frozenset[str], int | None] = {}

    def say(key: set[str], whole: object, part: object) -> None:
        number[frozenset(key)] = None if whole is None or pd.isna(whole) else int(whole) - int(part)

    shown = {name: (measures.incidence(records, name), measures.incidence(told, name)) for name in CODES}
    for name, (all_of, part) in shown.items():
        say({name}, all_of.attrs["known"], part.attrs["known"])
        mine = part.set_index("code")["households"]
        for code, n in zip(all_of["code"], all_of["households"], strict=True):
            say({name, code}, n, mine.get(code, 0))
    all_of, part = (measures.cooccurrence(each, *CODES) for each in (records, told))
    say(set(CODES), all_of.attrs["known"], part.attrs["known"])
    part = part.reindex(index=all_of.index, columns=all_of.columns, fill_value=0)
    for a in all_of.index:
        for b in all_of.columns:
            say({*CODES, a, b}, all_of.loc[a, b], part.loc[a, b])
    known = set.intersection(*(set(told.table(name)["household"]) for name in CODES))
    for line in measures.association(records, *CODES).dropna(subset=["both"]).itertuples():
        for part, (name, code) in zip(("first", "second"), zip(CODES, line[1:3], strict=True), strict=True):
            rows = told.table(name)
            had = set(rows["household"][rows[CODES[name][0]] == code]) & known
            say({*CODES, code}, line.both + getattr(line, part), len(had))
    network, own = measures.partner_network(records), measures.partner_network(told)
    for actor in records.actors["id"]:
        if actor in network:
            say({actor}, network.nodes[actor]["households"], own.nodes[actor]["households"] if actor in own else 0)
        else:
            number[frozenset({actor})] = None
    for a, b, about in network.edges(data=True):
        say({a, b}, about["weight"], own.edges[a, b]["weight"] if own.has_edge(a, b) else 0)
    counted_only = len(ledger(records).only_counted)
    return Published(number, counted_only, records.threshold)


@cache
def published_of(seed: int) -> Published:
    """What an association publishes, worked out once for all tests that only look at it."""
    return published(association(seed))


def worked_out(said: Published) -> list[str]:
    """Counts below the threshold that the numbers give exactly: of those with traits, without, or with some of them."""
    names = list(said.number)
    place = {name: n for n, name in enumerate(names)}
    bounds = [(0, said.households) if value is None else (value, value) for value in said.number.values()]
    rows: list[dict[int, int]] = []  # sums that are not negative, as coefficients; the constant stands under -1
    for small in names:
        rows += [{place[whole]: 1, place[small]: -1} for whole in names if whole < small]
    for both in names:
        parts = [name for name in names if name < both]
        for first in parts:
            for second in parts:
                if first | second == both and first & second == frozenset() and place[first] < place[second]:
                    rows.append({-1: said.households, place[both]: 1, place[first]: -1, place[second]: -1})
                if first | second == both and first & second in place and place[first] < place[second]:
                    rows.append({place[first & second]: 1, place[both]: 1, place[first]: -1, place[second]: -1})
    for name in names:
        rows += [{place[name]: 1}, {-1: said.households, place[name]: -1}]
    matrix = np.zeros((len(rows), len(names)))
    constant = np.array([row.get(-1, 0) for row in rows], dtype=float)
    for n, row in enumerate(rows):
        for column, factor in row.items():
            if column >= 0:
                matrix[n, column] = -factor
    found = []
    for row, base in zip(-matrix, constant, strict=True):
        fixed = [bounds[n][0] != bounds[n][1] for n in np.flatnonzero(row)]
        ends = []
        if any(fixed):
            for sign in (1, -1):
                solved = linprog(sign * row, A_ub=matrix, b_ub=constant, bounds=bounds, method="highs")
                assert solved.status == 0, "what is published contradicts itself"
                ends.append(sign * solved.fun + base)
        else:
            ends = [float(row @ [low for low, _ in bounds] + base)] * 2
        if ends[1] - ends[0] < 1e-6 and 0 < round(ends[0]) < said.threshold:
            found.append(" ".join(sorted(names[n] and "+".join(sorted(names[n])) for n in np.flatnonzero(row))))
    return found


@pytest.mark.parametrize("seed", range(ASSOCIATIONS))
def test_the_attack_works_out_no_small_count(seed: int) -> None:
    assert worked_out(published_of(seed)) == []


def test_the_attack_finds_what_one_suppression_less_gives_away() -> None:
    tried = 0
    for seed in range(40):
        entered, said = ledger(association(seed)), published_of(seed)
        for name, (column, _) in CODES.items():
            frame = entered.records.table(name)
            mine = frame[frame["household"].isin(entered.only_counted)]
            for code, homes in mine.groupby(column)["household"].nunique().items():
                key = frozenset({name, str(code)})
                if key in said.number and said.number[key] is None:
                    assert worked_out(replace(said, number=said.number | {key: int(homes)})), (seed, code)
                    tried += 1
        if tried > 12:
            return
    raise AssertionError("too few suppressions to try")


def test_counts_are_shown_where_there_are_enough() -> None:
    shown = [value for seed in range(40) for value in published_of(seed).number.values() if value]
    assert len(shown) > 100
    assert min(shown) >= 3


def same(name: str, records: Records, told: Records) -> None:
    made = getattr(measures, name)
    taken = {word: value for word, value in FEW.items() if word in inspect.signature(made).parameters}
    one, other = made(records=records, **taken), made(records=told, **taken)
    if isinstance(one, pd.DataFrame):
        numbers = [column for column in other.columns if column in COUNTS or name.endswith("cooccurrence")]
        pd.testing.assert_frame_equal(one[numbers], other[numbers], check_like=True)
        about = ("known", "unknown", "withheld", "households", "counted", "unattributed")
        assert [one.attrs.get(key) for key in about] == [other.attrs.get(key) for key in about]
    elif hasattr(one, "edges"):
        assert (dict(one.nodes), list(one.edges(data=True))) == (dict(other.nodes), list(other.edges(data=True)))
        assert one.graph == other.graph
    else:
        pd.testing.assert_frame_equal(one.links, other.links)
        pd.testing.assert_frame_equal(one.actors, other.actors)
        assert (one.households, one.withheld_actors) == (other.households, other.withheld_actors)


TOO_FEW = {"one of fifteen": (15, 14, 5), "six where ten are enough": (18, 12, 10)}


@pytest.fixture(scope="module", params=TOO_FEW.values(), ids=TOO_FEW)
def few(request: pytest.FixtureRequest) -> tuple[Records, Records]:
    size, told, threshold = request.param
    records = told_and_counted(synthesise(size, 11), told, threshold)
    without = records.consents[records.consents["scope"] == "told"]
    return records, records.among(clear(records).told).with_tables(consents=without)


@pytest.mark.parametrize("name", sorted(public()))
def test_where_too_few_are_only_counted_none_of_them_is_in_any_number(name: str, few: tuple[Records, Records]) -> None:
    same(name, *few)


@pytest.mark.parametrize("kind", [kind for kind, about in KINDS.items() if about.about.counts])
def test_where_too_few_are_only_counted_a_figure_shows_the_told(kind: str, few: tuple[Records, Records]) -> None:
    said = []
    for records in few:
        try:
            geometry = KINDS[kind].draw(records).geometry
            said.append((geometry.title, geometry.caption, geometry.alt, [each.lines for each in geometry.labels]))
        except NothingToDrawError as reason:
            said.append((str(reason),))
    assert said[0] == said[1]


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_sentences_and_inventories_say_that_some_are_not_counted_and_not_how_many(
    lang: str, few: tuple[Records, Records]
) -> None:
    records, told = few
    pd.testing.assert_frame_equal(inventory(records, lang=lang), inventory(told, lang=lang))
    for say in (never_told, readings):
        assert say(records, lang=lang).data == say(told, lang=lang).data
    overview, without = (dataset_overview(each, lang=lang).data for each in few)
    assert overview != without
    assert str(records.threshold) in overview
    assert all(word in overview for word in without.split(". ")[0].split())
    table = measures.incidence(records, "housing_problems")
    assert counted(table, lang=lang).data.startswith(
        counted(measures.incidence(told, "housing_problems"), lang=lang).data.split(". ")[0]
    )


@pytest.mark.parametrize("told", [14, 6, 15])
def test_the_consent_of_who_may_only_be_counted_or_is_gone_is_in_no_table(told: int) -> None:
    records = told_and_counted(synthesise(15, 11), told, 5)
    assert sorted(tellable(records).consents["id"]) == ["t"]
    written = measures.completeness(records)
    assert set(written.loc[written["table"] == "consents", "rows"]) == {1}
    assert inventory(records).loc[0, "rows"] == 1


def test_rules_of_the_ledger() -> None:
    records = told_and_counted(synthesise(20, 11), 6, 5)
    entered = ledger(records)
    homes = pd.Index(records.households["id"])
    assert len(entered.only_counted) == 14
    two, five, nine = (pd.Series([False] * (20 - n) + [True] * n, index=homes) for n in (2, 5, 9))
    assert not entered.shows(entered.trait(two))
    assert entered.shows(entered.trait(five))
    assert entered.shows(entered.trait(nine))
    assert not entered.shows(entered.trait(five), entered.trait(nine)), "nine less five are four"
    assert not entered.shows(entered.trait(~two)), "all but two"
    told_one = pd.Series([True] * 3 + [False] * 17, index=homes)
    assert entered.counts(pd.DataFrame({"told": told_one, "few": two})).tolist() == [3, pd.NA]
    assert not entered.says(homes[:18])
    assert entered.reach(homes[:18]).known is None
    assert entered.says(homes[:15])


def ten_thousand() -> Records:
    """Ten thousand households that may only be counted."""
    base = association(5)
    size = 10_000
    homes = base.households.iloc[[0] * size].assign(id=[f"famille{n:05}a" for n in range(size)], consent="c")
    return base.with_tables(
        households=homes.reset_index(drop=True),
        **{name: base.table(name).iloc[:0] for name in ("housing_problems", "health_impacts", "ties")},
    )


def test_ten_thousand_are_entered_whole() -> None:
    large = ten_thousand()
    assert len(clear(large).counted) == len(large.households) == 10_000
    entered = ledger(large)
    assert not entered.left_out
    assert set(entered.only_counted) == set(large.households["id"])


def test_curves_by_groups_tell_no_number_of_households_that_may_only_be_counted() -> None:
    curves = measures.kaplan_meier(ten_thousand(), "rehousing", by="household_type")
    assert curves.attrs["withheld"]
    assert curves.attrs["groups"] == {}
    assert pd.isna(curves.attrs["ungrouped"])
    assert pd.isna(curves.attrs["horizon"])


def conditions(records: Records, table: str) -> list[Count]:
    """Counts of a table by one code, and by two codes of the same row."""
    frame, found = records.table(table), set()
    columns = [name for name in ("kind", "lane", "role", "life", "gender", "domain", "impact") if name in frame]
    for row in frame[columns].dropna().astype(str).itertuples(index=False):
        codes = list(zip(columns, row, strict=True))
        found |= {(code,) for code in codes} | set(itertools.combinations(codes, 2))
    return [Count(table, where) for where in sorted(found)]


@pytest.mark.parametrize("together", [True, False])
def test_counts_of_packs_that_lie_in_one_another_do_not_differ_by_few(together: bool) -> None:
    records = told_and_counted(synthesise(40, 11), 1)
    cleared, theme = clear(records), SimpleNamespace(file="t.yml", dataset="une autre")
    months = dict.fromkeys(("as_of", "counted_in"), pd.Period("2025-12"))
    told_to = partial(Facts, theme, records, pd.DataFrame(), cleared, lang="fr", **months)
    withheld = 0
    for table in ("events", "domain_impacts"):
        frame, asked, pack = records.table(table), conditions(records, table), told_to()
        homes: dict[Count, set[str]] = {}
        for count in asked:
            said = Said("numbers", {"fr": "{value}"}, count=count, missing="skip")
            if (pack if together else told_to()).count(said, count):
                rows = frame.loc[np.logical_and.reduce([frame[column] == code for column, code in count.where])]
                homes[count] = set(rows["household"]) & cleared.counted
        withheld += len(asked) - len(homes)
        for one, other in itertools.permutations(homes, 2):
            if together or len(other.where) == 1:
                few = len(homes[other] - homes[one])
                assert not (homes[one] <= homes[other] and 0 < few < 5), (one.where, other.where, few)
        assert homes
    assert withheld


@pytest.mark.parametrize("seed", range(6))
def test_a_count_of_several_codes_does_not_tell_how_few_have_two_of_them(seed: int) -> None:
    """Those of a domain, whose codes are printed one by one: the sum of these less that of the domain."""
    records = only_counted(synthesise(60, seed))
    entered, frame = ledger(records), records.domain_impacts
    found = {}
    for domain in sorted(set(frame["domain"].dropna())):
        rows = frame[frame["domain"] == domain]
        codes = rows.groupby("impact")["household"].nunique()
        found[domain] = int(codes.sum()) - rows["household"].nunique()
        few = 0 < found[domain] < entered.threshold
        assert _several(entered, Count("domain_impacts", (("domain", domain),)), rows) == few
    assert {0 < each < entered.threshold for each in found.values()} == {True, False}
