"""What a reader can work out of all counts that are published together: an attack on what we would publish ourselves.

It knows every household that may be told, subtracts them from every number, and holds what is left of all editions
against each other.  It shares neither code nor formulation with what withholds: the ledger looks at combinations of
traits, and this looks for other tables that would give the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations, combinations_with_replacement, product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from clss_analysis.measures.changes import DATED, before_after, states_at_both
from clss_analysis.measures.counts import CODED, NONE, cooccurrence, incidence
from clss_analysis.measures.evaluation import indicators, known_by_indicator
from clss_analysis.measures.ties import SERVICES, acting, partner_network
from clss_analysis.privacy import clear
from clss_analysis.privacy.gate import part_of
from clss_analysis.privacy.ledger import ledger
from clss_analysis.records import Records, codes

Cells = npt.NDArray[np.int64]
Trait = tuple[str, str]
"""A table and a code of it, `actors` and a service, or `before_after` or `indicators` and what is counted there."""
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
_AT_BOTH = ("stayed", "gained", "lost", "never")
_MOVES = {"either": _AT_BOTH[:3], **{name: (name,) for name in _AT_BOTH[:3]}}
"""What is looked at of a code at two moments: each of its moves, and all by which it was there once."""
_INDICATOR = ["indicator", "numerator", "denominator"]


class _Said(NamedTuple):
    """Numbers of households: known of tables, and having traits, alone and two together; None where withheld."""

    tables: dict[frozenset[str], int | None]
    traits: dict[frozenset[Trait], int | None]


def attack(records: Records) -> pd.DataFrame:
    """Try to work out, from all counts of this and of earlier editions, how few households have what.

    For each two codes (and each two services, and each code beside what `before_after` and `indicators` count of it) it
    asks how many households stand in each of nine cells: of either it is not known, it lacks, it has.  The numbers of
    households, of codes, of pairs and of services that the measures give are sums of these cells.  A number below the
    threshold is worked out where a reader can be sure that it is small and not none: where no table in whole numbers
    that agrees with all sums has 0 of it, and none the threshold or more.

    Args:
        records: the dataset as `clss.privacy.read_for_others` gives it; without editions, as this edition alone.

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
    said = []
    for upto in range(1, len(groups) + 1):
        until = {home for group in groups[:upto] for home in group}
        said.append(_numbers(part_of(entered.records, until.union(told))))
    found, tried = [], 0
    for first, second, one, other, possible in _pairs(entered.records, [*told, *homes.index]) if groups else ():
        states = one * 3 + other
        known, *cells = (np.bincount(states[group], minlength=len(_CELLS)) for group in (told, *groups))
        sums = [_sums(each, first, second, np.sum(cells[: n + 1], axis=0), known) for n, each in enumerate(said)]
        small, out = _worked_out(np.array(cells), sums, entered.threshold, possible=possible)
        tried += small
        found += [[".".join(first), ".".join(second), edition, asked] for edition, asked in out]
    result = pd.DataFrame(found, columns=COLUMNS)
    result.attrs = {"tried": tried, "editions": len(groups)}
    return result


def _table(trait: Trait) -> str:
    """What a trait has its number of known households from: each line of `before_after` and `indicators` its own."""
    return ".".join(trait) if trait[0] in ("before_after", "indicators") else trait[0]


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
    lines = [("indicators", *line) for line in indicators(records)[_INDICATOR].itertuples(index=False)]
    for table in DATED:
        changes = before_after(records, table).set_index("code")
        known = changes[[*_AT_BOTH]].sum(axis=1, skipna=False)
        for name, states in _MOVES.items():
            has = changes[[state for state in _AT_BOTH if state in states]].sum(axis=1, skipna=False)
            lines += [("before_after", f"{table}.{code}.{name}", has[code], known[code]) for code in changes.index]
    for name, code, has, known in lines:
        tables[frozenset({f"{name}.{code}"})] = None if pd.isna(known) else int(known)
        traits[frozenset({(name, code)})] = None if pd.isna(has) else int(has)
    return _Said(tables, traits)


def _pairs(records: Records, homes: list[str]) -> Iterator[tuple[Trait, Trait, pd.Series, pd.Series, Cells]]:
    """Each two traits, how either stands in each household, and the cells in which one can stand."""
    states = {table: _coded(records, table, homes) for table in CODED} | {"actors": _acting(records, homes)}
    for rows, columns in (*combinations_with_replacement(CODED, 2), ("actors", "actors")):
        ones, others = states[rows], states[columns]
        for a, b in combinations(ones, 2) if rows == columns else product(ones, others):
            yield (rows, str(a)), (columns, str(b)), ones[a], others[b], _possible(rows, columns)
    for table in DATED:
        for code, at_both in states_at_both(records, table).loc[homes].items():
            for name, moves in _MOVES.items():
                has = at_both.map(
                    lambda n, moves=moves: UNKNOWN if n == len(_AT_BOTH) else HAS if _AT_BOTH[n] in moves else LACKS
                )
                yield ("before_after", f"{table}.{code}.{name}"), (table, str(code)), has, states[table][code], _WITHIN
    for key, found in known_by_indicator(records).items():
        mine = pd.Series([HAS if found.get(home) else LACKS if home in found else UNKNOWN for home in homes], homes)
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
    numbers = {
        "first known": said.tables.get(frozenset({_table(first)})),
        "second known": said.tables.get(frozenset({_table(second)})),
        "both known": said.tables.get(frozenset({first[0], second[0]})),
        "first": said.traits.get(frozenset({first})),
        "second": said.traits.get(frozenset({second})),
        "both": said.traits.get(frozenset({first, second})),
    }
    for name, number in numbers.items():
        if number is not None and number != (cells + told) @ _SAID[name]:
            raise ArithmeticError(f"{'.'.join(first)}, {'.'.join(second)}: {name} is said otherwise than the rows tell")
    sums = [np.ones(len(_CELLS), dtype=np.int64), *(_SAID[name] for name, n in numbers.items() if n is not None)]
    if numbers["both"] is not None and numbers["both known"] is not None:
        sums += _BESIDE_BOTH
    return [(each, int(cells @ each)) for each in sums]


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
        low, high = _ends(np.kron(who, _GOALS[goal]), said, np.tile(possible, len(cells)))
        if low > 0 and high < threshold:
            found.append((0 if place == len(cells) else int(place) + 1, list(_ASKED)[goal]))
    return int(small.sum()), found


@cache
def _steps(held: bytes, rows: int) -> npt.NDArray[np.int8]:
    """The steps that leave every sum as it is."""
    sums = np.frombuffer(held, dtype=np.int64).reshape(rows, len(_CELLS)).astype(np.int8)
    kept: npt.NDArray[np.int8] = _STEPS[(_STEPS @ sums.T == 0).all(axis=1)]
    return kept


def _ends(goal: npt.NDArray[np.float64], said: list[tuple[Cells, int]], possible: Cells) -> tuple[int, int]:
    """The least and the most that the sums leave to a number."""
    matrix, values = np.array([each for each, _ in said]), np.array([value for _, value in said])
    low, high = (
        round(sign * milp(sign * goal, constraints=LinearConstraint(matrix, values, values),
                          integrality=np.ones(len(goal)), bounds=Bounds(0, np.where(possible, np.inf, 0))).fun)
        for sign in (1, -1)
    )  # fmt: skip
    return low, high
