"""What a reader can work out of all counts that are published together: an attack on what we would publish ourselves.

It knows every household that may be told, subtracts them from every number, and holds what is left of all editions
against each other.  It shares neither code nor formulation with what withholds: the ledger looks at combinations of
traits, and this looks for other tables that would give the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from itertools import combinations, combinations_with_replacement, product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from clss_analysis.measures.agreement import coder_agreement
from clss_analysis.measures.changes import DATED, before_after
from clss_analysis.measures.coding import code_cooccurrence, code_frequencies
from clss_analysis.measures.counts import CODED, NONE, cooccurrence, incidence
from clss_analysis.measures.disclosure_changes import MOVES, Numbers, changes
from clss_analysis.measures.disclosure_joint import ends, steps_of_curves, threes
from clss_analysis.measures.evaluation import indicators, known_by_indicator
from clss_analysis.measures.qualitative import framework_matrix, saturation
from clss_analysis.measures.ties import SERVICES, acting, partner_network
from clss_analysis.privacy import clear
from clss_analysis.privacy.gate import part_of
from clss_analysis.privacy.ledger import ledger
from clss_analysis.records import Records, codes

Cells = npt.NDArray[np.int64]
Trait = tuple[str, str]
"""A table and a code of it, `actors` and a service, or `indicators` and one of them."""
UNKNOWN, LACKS, HAS = range(3)
_CELLS = tuple(product(range(3), range(3)))
"""What may be so of two traits in a household: of the first, then of the second."""


def _sum(first: tuple[int, ...], second: tuple[int, ...]) -> Cells:
    """The sum of the cells in which both traits are as said."""
    return np.array([x in first and y in second for x, y in _CELLS], dtype=np.int64)


_ANY, _KNOWN = (UNKNOWN, LACKS, HAS), (LACKS, HAS)
_SAID = {
    "first known": _sum(_KNOWN, _ANY),
    "second known": _sum(_ANY, _KNOWN),
    "both known": _sum(_KNOWN, _KNOWN),
    "first": _sum((HAS,), _ANY),
    "second": _sum(_ANY, (HAS,)),
    "both": _sum((HAS,), (HAS,)),
}
_BESIDE_BOTH = (_sum((HAS,), _KNOWN), _sum(_KNOWN, (HAS,)))
"""What `association` says wherever a count of both is shown, and of how many both tables tell."""
_ASKED = {
    **_SAID,
    "first lacks": _sum((LACKS,), _ANY),
    "first unknown": _sum((UNKNOWN,), _ANY),
    "second lacks": _sum(_ANY, (LACKS,)),
    "second unknown": _sum(_ANY, (UNKNOWN,)),
    **{f"cell {x}{y}": _sum((x,), (y,)) for x, y in _CELLS},
}
_GOALS = np.array(list(_ASKED.values()))
_STEPS = np.array(list(product((-1, 0, 1), repeat=len(_CELLS))), dtype=np.int8)
"""All changes of nine cells by one household each: made once or more, most show how far a number can go."""
COLUMNS = ["first", "second", "edition", "asked"]
_INDICATOR = ["indicator", "numerator", "denominator"]
_OF_WORDS: dict[str, Callable[[Records], pd.DataFrame]] = {
    "code_frequencies": code_frequencies,
    "code_cooccurrence": code_cooccurrence,
    "code_cooccurrence by statement": partial(code_cooccurrence, unit="statement"),
    "coder_agreement": partial(coder_agreement, seed=0, draws=0),
    "framework_matrix": framework_matrix,
    "saturation": partial(saturation, seed=0, orders=1),
}
"""Measures of what was said: they are the same, had those said nothing that may only be counted."""


class _Said(NamedTuple):
    """Numbers of households: known of tables, and having traits, alone and two together; None where withheld."""

    tables: dict[frozenset[str], int | None]
    traits: dict[frozenset[Trait], int | None]


def attack(records: Records) -> pd.DataFrame:
    """Try to work out, from all counts of this and of earlier editions, how few households have what.

    For each two codes (and each two services, and each code beside what `indicators` count of it) it asks how many
    households stand in each of nine cells: of either it is not known, it lacks, it has.  The numbers of households, of
    codes, of pairs and of services that the measures give are sums of these cells.  So it does for three traits all
    pairs of which are shown, for what became of a code beside who has it and who is followed to the end, and for the
    steps of the curves of waiting beside the number of courses; of what counts statements it asks whether it is the
    same, had those households said nothing.  A number below the threshold is worked out where a reader can be sure that
    it is small and not none: where no table in whole numbers that agrees with all sums has 0 of it, and none the
    threshold or more.

    Args:
        records: the dataset of a house, beside its editions; any other as one edition alone.

    Returns:
        One line per small number that can be worked out: `first` and `second` (table and code), `edition` (the group
        of households that came into the counts together, from 1; 0 is all of them), `asked` (which sum of cells).
        Empty where nothing can be.  Never the number itself.  `.attrs` tells `tried` (small numbers) and `editions`.

    Raises:
        NotClearedError: the gate is shut.
        ArithmeticError: a measure says another number than the rows.

    Source of the method: audit of suppressed tables by linear and integer programs, Willenborg & de Waal (2001), ch. 4.

    >>> import clss_analysis as clss
    >>> found = attack(clss.read("data/publication"))
    >>> len(found), found.attrs["tried"]
    (0, 0)
    """
    entered = ledger(records)
    homes = pd.Series(entered.came, index=entered.only_counted)
    names = [*sorted(set(entered.came) - {0}), *([0] if (entered.came == 0).any() else [])]
    groups = [list(homes.index[homes == name]) for name in names]
    told = sorted(clear(entered.records).told)
    said: list[_Said] = []
    compared: list[dict[Trait, Numbers]] = []
    found: list[list[object]] = []
    tried = 0
    for upto in range(1, len(groups) + 1):
        until = {home for group in groups[:upto] for home in group}
        part = part_of(entered.records, until.union(told))
        said.append(_numbers(part))
        compared.append(_compared(part, said[-1]))
        course = _coded(part, "events", list(part.households["id"]))
        met = {code for code in map(str, course) if said[-1].traits.get(frozenset({("events", code)})) is not None}
        known = said[-1].tables[frozenset({"events"})] is not None
        for few, sure in steps_of_curves(part, upto, told, course, met, known=known):
            tried += few
            found += [[event, "events", upto, asked] for event, asked in sure]
    everybody = pd.Index([*told, *homes.index])
    places = [everybody.get_indexer(pd.Index(group)) for group in (told, *groups)]
    for first, second, one, other, possible in _pairs(entered.records, list(everybody)) if groups else ():
        states = one * 3 + other
        of_told, *cells = (np.bincount(states[group], minlength=len(_CELLS)) for group in places)
        sums = [_sums(each, first, second, np.sum(cells[: n + 1], axis=0), of_told) for n, each in enumerate(said)]
        small, out = _worked_out(np.array(cells), sums, entered.threshold, possible=possible)
        tried += small
        found += [[".".join(first), ".".join(second), edition, asked] for edition, asked in out]
    if counted := clear(records).counted:
        tried += len(_OF_WORDS)
        found += [[name, name, 0, "words"] for name in _of_words(records, counted)]
    if groups:
        small, more = changes(entered.records, [told, *groups], compared, entered.threshold)
        tried, found = tried + small, found + more
        small, more = _of_three(entered.records, homes, groups, said, entered.threshold)
        tried, found = tried + small, found + more
    result = pd.DataFrame(found, columns=COLUMNS)
    result.attrs = {"tried": tried, "editions": len(groups)}
    return result


def _table(trait: Trait) -> str:
    """What a trait has its number of known households from: each line of `indicators` its own."""
    return ".".join(trait) if trait[0] == "indicators" else trait[0]


def _compared(records: Records, said: _Said) -> dict[Trait, Numbers]:
    """What is said of each code at two moments, beside how many have it, and of how many its table tells."""
    found: dict[Trait, Numbers] = {}
    for table in DATED:
        for line in before_after(records, table).set_index("code")[list(MOVES)].itertuples():
            code = (table, str(line[0]))
            numbers = dict(zip(MOVES, line[1:], strict=True))
            numbers |= {"has": said.traits.get(frozenset({code})), "known": said.tables[frozenset({table})]}
            found[code] = {name: int(n) for name, n in numbers.items() if n is not None and not pd.isna(n)}
    return found


def _numbers(records: Records) -> _Said:
    """What the measures say of records."""
    tables: dict[frozenset[str], int | None] = {}
    traits: dict[frozenset[Trait], int | None] = {}
    for table in CODED:
        counts = incidence(records, table)
        tables[frozenset({table})] = counts.attrs["known"]
        for code, n in zip(counts["code"], counts["households"], strict=True):
            traits[frozenset({(table, code)})] = None if pd.isna(n) else int(n)
    for rows, columns in combinations_with_replacement(CODED, 2):
        both = cooccurrence(records, rows, columns)
        tables[frozenset({rows, columns})] = both.attrs["known"]
        for a, b in product(both.index, both.columns):
            if rows != columns or a != b:
                traits[frozenset({(rows, a), (columns, b)})] = None if pd.isna(both.loc[a, b]) else int(both.loc[a, b])
    network = partner_network(records)
    for actor, about in network.nodes(data=True):
        traits[frozenset({("actors", actor)})] = about["households"]
    for one, other, about in network.edges(data=True):
        traits[frozenset({("actors", one), ("actors", other)})] = about["weight"]
    for code, has, known in indicators(records)[_INDICATOR].itertuples(index=False):
        tables[frozenset({f"indicators.{code}"})] = None if pd.isna(known) else int(known)
        traits[frozenset({("indicators", code)})] = None if pd.isna(has) else int(has)
    return _Said(tables, traits)


def _pairs(records: Records, homes: list[str]) -> Iterator[tuple[Trait, Trait, Cells, Cells, Cells]]:
    """Each two traits, how either stands in each household, and the cells in which one can stand."""
    states = {
        table: dict(zip(each, each.to_numpy().T, strict=True)) for table, each in _states_of(records, homes).items()
    }
    for rows, columns in (*combinations_with_replacement(CODED, 2), ("actors", "actors")):
        ones, others = states[rows], states[columns]
        for a, b in combinations(ones, 2) if rows == columns else product(ones, others):
            yield (rows, str(a)), (columns, str(b)), ones[a], others[b], _possible(rows, columns)
    for key, found in known_by_indicator(records).items():
        mine = np.array([HAS if found.get(home) else LACKS if home in found else UNKNOWN for home in homes])
        for table, code, possible in _beside(key, records):
            if code in states[table]:
                yield ("indicators", key), (table, code), mine, states[table][code], possible


_WITHIN = _sum((HAS,), (HAS,)) + _sum((LACKS,), _KNOWN) + _sum((UNKNOWN,), _ANY)
"""Cells in which a household can stand where the first trait lies in the second."""
_NESTED = {
    "psychological": ("criteria", "psychological_impact"),
    "isolated": ("criteria", "isolation"),
    "threatened": ("criteria", "eviction"),
    "evicted": ("events", "eviction"),
    "rehoused": ("events", "rehousing"),
    "collective": ("events", "collective"),
    "housed": ("situations", "housed"),
}
"""The code that holds every household of an indicator."""


def _beside(indicator: str, records: Records) -> list[tuple[str, str, Cells]]:
    """The traits that tell of an indicator: table, code, and the cells in which a household can stand."""
    if indicator in _NESTED:
        return [(*_NESTED[indicator], _WITHIN)]
    if indicator == "eligible":
        return [("criteria", code, _sum(_ANY, _ANY)) for code in codes("criterion")]
    if indicator == "support":
        services = records.actors.loc[(records.actors["sector"] == "mental_health").fillna(value=False), "id"]
        around = _sum((HAS,), _KNOWN) + _sum((LACKS, UNKNOWN), (LACKS,))
        return [("actors", str(service), around) for service in services]
    return []


def _states_of(records: Records, homes: list[str]) -> dict[str, pd.DataFrame]:
    """How each code of each table, and each service, stands in each household."""
    return {table: _coded(records, table, homes) for table in CODED} | {"actors": _acting(records, homes)}


def _of_words(records: Records, counted: Iterable[str]) -> list[str]:
    """The measures of what was said that say something else, had those said nothing that may only be counted."""
    theirs = records.statements["household"].isin(set(counted)) | records.statements["household"].isna()
    said = records.statements[~theirs]
    given = records.codings[records.codings["statement"].isin(said["id"])]
    silent = records.with_tables(statements=said.reset_index(drop=True), codings=given.reset_index(drop=True))
    both = {name: (made(records), made(silent)) for name, made in _OF_WORDS.items()}
    return [name for name, (one, other) in both.items() if not one.equals(other) or f"{one.attrs}" != f"{other.attrs}"]


def _of_three(
    records: Records, homes: pd.Series, groups: list[list[str]], said: list[_Said], threshold: int
) -> tuple[int, list[list[object]]]:
    """The small numbers of three traits, as `attack` lists them."""
    frames = _states_of(records, list(homes.index))
    traits = [(table, str(code)) for table, frame in frames.items() for code in frame]
    states = np.hstack([frame.to_numpy() for frame in frames.values()])
    tables = np.array([table for table, _ in traits])

    def sums_of(pair: tuple[int, int], edition: int) -> list[Cells]:
        first, second = (traits[each] for each in pair)
        numbered, beside = _lines(said[edition], first, second)
        return [*(each for each, _ in numbered), *beside]

    shown = [
        np.array([[each.traits.get(frozenset({one, other})) is not None for other in traits] for one in traits])
        for each in said
    ]
    places = [homes.index.get_indexer(pd.Index(group)) for group in groups]
    tried, found = threes(states, places, shown, threshold, sums_of, tables[:, np.newaxis] == tables)
    named = [[".".join(traits[each]) for each in three] for three, _ in found]
    return tried, [
        [a, b, edition, f"with {c}: {asked}"] for (a, b, c), (_, (edition, asked)) in zip(named, found, strict=True)
    ]


def _coded(records: Records, table: str, homes: list[str]) -> pd.DataFrame:
    """How each code of a table stands in each household."""
    rows = records.table(table)
    if table == "criteria":
        rows = rows[rows["met"].notna()]
    known = set(rows["household"])
    has = rows[rows["met"]] if table == "criteria" else rows
    return _states(zip(has["household"], has[CODED[table]], strict=True), homes, known)


def _acting(records: Records, homes: list[str]) -> pd.DataFrame:
    """Whether each service or professional acts around each household."""
    services, acts = records.actors.loc[records.actors["kind"].isin(SERVICES), "id"], acting(records)
    acts = acts[acts["actor"].isin(services)]
    return _states(zip(acts["household"], acts["actor"], strict=True), homes, set(homes))


def _states(has: Iterable[tuple[str, str]], homes: list[str], known: set[str]) -> pd.DataFrame:
    found = set(has)
    codes = sorted({code for _, code in found if not pd.isna(code) and code != NONE})
    state = [
        [HAS if (home, code) in found else LACKS if home in known else UNKNOWN for code in codes] for home in homes
    ]
    return pd.DataFrame(state, index=homes, columns=codes, dtype=np.int64)


def _possible(first: str, second: str) -> Cells:
    """Cells in which a household can stand: of two codes of one table both are known or neither; of services all is."""
    if first == "actors":
        return _sum(_KNOWN, _KNOWN)
    return _sum((UNKNOWN,), (UNKNOWN,)) + _sum(_KNOWN, _KNOWN) if first == second else _sum(_ANY, _ANY)


def _sums(said: _Said, first: Trait, second: Trait, cells: Cells, told: Cells) -> list[tuple[Cells, int]]:
    """Which sums of cells an edition says, once the households that are told are taken off."""
    numbered, beside = _lines(said, first, second)
    if any(number != (cells + told) @ line for line, number in numbered):
        raise ArithmeticError(f"{'.'.join(first)}, {'.'.join(second)}: a number is said otherwise than the rows tell")
    everyone = np.ones(len(_CELLS), dtype=np.int64)
    return [(line, int(cells @ line)) for line in (everyone, *(each for each, _ in numbered), *beside)]


def _lines(said: _Said, first: Trait, second: Trait) -> tuple[list[tuple[Cells, int]], tuple[Cells, ...]]:
    """The sums of cells that are said of two traits: those with their number, and those that stand beside it."""
    numbers = {
        "first known": said.tables.get(frozenset({_table(first)})),
        "second known": said.tables.get(frozenset({_table(second)})),
        "both known": said.tables.get(frozenset({first[0], second[0]})),
        "first": said.traits.get(frozenset({first})),
        "second": said.traits.get(frozenset({second})),
        "both": said.traits.get(frozenset({first, second})),
    }
    both = numbers["both"] is not None and numbers["both known"] is not None
    return [(_SAID[name], n) for name, n in numbers.items() if n is not None], _BESIDE_BOTH if both else ()


def _worked_out(
    cells: Cells, sums: list[list[tuple[Cells, int]]], threshold: int, *, possible: Cells
) -> tuple[int, list[tuple[int, str]]]:
    """How many small numbers there are, and those of which the sums say that they are small and not none.

    Args:
        cells: groups of households by cells, as they are.
        sums: of each edition, which sums of the cells of its groups, this one and those before, are said.
        threshold: below which a number is small.
        possible: 1 for the cells in which a household can stand.
    """
    truth = np.vstack([cells, cells.sum(axis=0)]) @ _GOALS.T
    small = (truth > 0) & (truth < threshold)
    least, most = truth.copy(), truth.copy()
    for n, group in enumerate(cells):
        held = np.array([*(each for edition in sums[n:] for each, _ in edition), *np.diag(1 - possible)])
        steps = _steps(held.tobytes(), len(held)).astype(np.int64)
        times = np.where(steps < 0, group, group.sum()).min(axis=1)
        moved = times[:, np.newaxis] * (steps @ _GOALS.T)
        for place in (n, -1):  # the groups move apart: of all together they move as far as all of them
            least[place] += moved.min(axis=0)
            most[place] += moved.max(axis=0)
    said = [(np.concatenate([each] * (n + 1) + [each * 0] * (len(cells) - n - 1)), value)
            for n, edition in enumerate(sums) for each, value in edition]  # fmt: skip
    found = []
    for place, goal in zip(*np.nonzero(small & (least > 0) & (most < threshold)), strict=True):
        who = np.ones(len(cells)) if place == len(cells) else np.eye(len(cells))[place]
        low, high = ends(np.kron(who, _GOALS[goal]), said, np.tile(possible, len(cells)))
        if low > 0 and high < threshold:
            found.append((0 if place == len(cells) else int(place) + 1, list(_ASKED)[goal]))
    return int(small.sum()), found


@cache
def _steps(held: bytes, rows: int) -> npt.NDArray[np.int8]:
    """The steps that leave every sum as it is."""
    sums = np.frombuffer(held, dtype=np.int64).reshape(rows, len(_CELLS)).astype(np.int8)
    kept: npt.NDArray[np.int8] = _STEPS[(_STEPS @ sums.T == 0).all(axis=1)]
    return kept
