"""Published counts: what is withheld cannot be worked out, by a solver that knows all that is shown."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ortools.sat.python import cp_model
from records_sample import sound_rows, write_rows

import clss_analysis as clss
from clss_analysis.measures import before_after, cooccurrence, incidence
from clss_analysis.privacy import clear, publishable_counts, withhold
from clss_analysis.privacy.suppression_model import CountModel, count_model
from clss_analysis.privacy.suppression_solver import UnprotectableError, protect
from clss_analysis.records import Records
from clss_analysis.records.columns import typed

TABLES, AT_A_TIME = 500, 25


def random_table(seed: int) -> pd.Series:
    rng = np.random.default_rng(seed)
    shape = tuple(int(n) for n in rng.integers(2, 5, size=int(rng.integers(1, 4))))
    if len(shape) == 3:
        shape = (2, *shape[1:])
    counts = rng.poisson(rng.choice([2, 5, 12]) * rng.gamma(1.0, 1.0, shape))
    index = pd.MultiIndex.from_product([range(n) for n in shape], names=["a", "b", "c"][: len(shape)])
    return pd.Series(counts.ravel(), index=index)


def attack(model: CountModel, withheld: np.ndarray) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    """What an attacker knows: the sums, that counts are whole and not negative, and all that is shown."""
    known = cp_model.CpModel()
    top = int(model.counts.sum()) + 50
    values = [
        known.new_int_var(0, top, "") if hidden else known.new_constant(int(count))
        for hidden, count in zip(withheld, model.counts, strict=True)
    ]
    for total, *parts in model.sums:
        known.add(sum(values[part] for part in parts) == values[total])
    return known, values


def solved(known: cp_model.CpModel) -> tuple[int, cp_model.CpSolver]:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return solver.solve(known), solver


def bounds(model: CountModel, withheld: np.ndarray, cell: int) -> tuple[int, int]:
    """The least and the most that an attacker works out of a cell."""
    found = []
    known, values = attack(model, withheld)
    for sign in (1, -1):
        known.minimize(sign * values[cell])
        status, solver = solved(known)
        assert status == cp_model.OPTIMAL
        found.append(solver.value(values[cell]))
    return found[0], found[1]


def assert_protected(model: CountModel, withheld: np.ndarray, threshold: int) -> None:
    """A small count may be as little as 1 and as much as the threshold less 1, any other be something else.

    Tables that show what is shown prove it; one often proves it of several cells.
    """
    small = (model.counts > 0) & (model.counts < threshold)
    assert withheld[small].all()
    tables = [[int(count) for count in model.counts]]
    for cell in map(int, np.flatnonzero(withheld)):
        count = tables[0][cell]
        needed = (lambda it: it <= 1, lambda it: it >= threshold - 1) if small[cell] else (lambda it: it != count,)  # noqa: B023 used at once
        for holds in needed:
            if not any(holds(table[cell]) for table in tables):
                known, values = attack(model, withheld)
                known.add(holds(values[cell]))
                status, solver = solved(known)
                assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE), (model.cells[cell], count)
                tables.append([solver.value(value) for value in values])


@pytest.mark.parametrize("first", range(0, TABLES, AT_A_TIME))
def test_no_withheld_cell_of_500_random_tables_can_be_worked_out(first: int) -> None:
    for seed in range(first, first + AT_A_TIME):
        threshold = 4 + seed % 3
        model = count_model([random_table(seed)])
        found = protect(model, threshold)
        assert_protected(model, found.withheld, threshold)
        assert found.bound <= found.cost


def test_plain_threshold_alone_would_not_protect() -> None:
    table = pd.Series([2, 7, 30], index=pd.Index(["a", "b", "c"], name="type"))
    model = count_model([table])
    with pytest.raises(AssertionError):
        assert_protected(model, (model.counts > 0) & (model.counts < 5), 5)


def test_what_is_said_to_be_the_least_is_the_least() -> None:
    for seed in range(12):
        model = count_model([random_table(1000 + seed)])
        if len(model.counts) > 14:
            continue
        found = protect(model, 4)
        small = (model.counts > 0) & (model.counts < 4)
        cost = np.where(small, 0, 1 + model.counts)
        assert found.proven
        others = np.flatnonzero(~small)
        for size in range(len(others) + 1):
            for extra in combinations(others, size):
                choice = small.copy()
                choice[list(extra)] = True
                if cost[choice].sum() < found.cost:
                    safe = all(
                        low <= 1 and high >= 3
                        for low, high in (bounds(model, choice, int(cell)) for cell in np.flatnonzero(small))
                    )
                    assert not safe, (seed, extra)


def test_tables_that_share_a_margin_are_protected_together() -> None:
    rng = np.random.default_rng(4)
    people = pd.DataFrame(rng.integers(0, 3, (60, 3)), columns=["a", "b", "c"])
    one, other = (people.groupby(names).size() for names in (["a", "b"], ["a", "c"]))
    full = [table.reindex(pd.MultiIndex.from_product([range(3)] * 2, names=table.index.names), fill_value=0)
            for table in (one, other)]  # fmt: skip
    model = count_model(full)
    assert len([cell for cell in model.cells if len(cell) == 1 and cell[0][0] == "a"]) == 3, "shared once"
    assert_protected(model, protect(model, 6).withheld, 6)


def test_the_same_tables_give_the_same_choice() -> None:
    model = count_model([random_table(77)])
    first, second = protect(model, 5), protect(model, 5)
    assert first.withheld.tolist() == second.withheld.tolist()
    assert first.bound == second.bound


def test_what_cannot_be_protected_is_refused() -> None:
    model = count_model([pd.Series([2, 9], index=pd.Index(["a", "b"], name="type"))])
    public = np.array([len(cell) < 1 or cell == (("type", "b"),) for cell in model.cells])
    with pytest.raises(UnprotectableError):
        protect(model, 5, public=public)


def test_tables_that_disagree_are_refused() -> None:
    one = pd.Series([1, 2], index=pd.Index(["a", "b"], name="type"))
    with pytest.raises(ValueError, match="disagree"):
        count_model([one, one + 1])


@pytest.fixture
def counted(tmp_path: Path) -> Records:
    rows = sound_rows()
    rows["consents"] = [rows["consents"][0] | {"scope": "counted"}]
    rows["households"] = [rows["households"][1] | {"id": f"H{n}", "consent": "CO1"} for n in range(30)]
    for table in rows:
        if table not in ("consents", "households", "programme", "context_statistics"):
            rows[table] = []
    return clss.read(write_rows(tmp_path / "jeu", rows))


def test_those_who_lack_a_trait_are_protected_as_those_who_have_it(counted: Records) -> None:
    shown = publishable_counts(pd.Series([0, 1, 4, 5, 25, 26, 29, 30]), counted.households["id"], counted)
    assert shown.isna().tolist() == [False, True, True, False, False, True, True, False]


def test_the_threshold_is_the_datasets_own(counted: Records) -> None:
    wider = publishable_counts(pd.Series([5, 9, 10]), counted.households["id"], counted, threshold=10)
    assert wider.isna().tolist() == [True, True, False]
    assert clear(counted).threshold == 5


def rows_of(counted: Records, table: str, **cells: list[str]) -> pd.DataFrame:
    raw = pd.DataFrame(cells).assign(
        id=[f"R{n}" for n in range(len(cells["household"]))], source="essai", reading="false"
    )
    return typed(raw.reindex(columns=counted.table(table).columns, fill_value="").astype(object), table)


def test_a_line_that_the_other_lines_would_give_away_is_withheld_too(counted: Records) -> None:
    first = ["e8"] * 12 + ["e12"] * 15 + ["e9"] * 3
    homes = [f"H{n}" for n in range(30)]
    told = rows_of(counted, "situations", household=homes * 2, order=["1"] * 30 + ["2"] * 30,
                   ethos=[*first, *["housed"] * 30])  # fmt: skip
    changes = before_after(counted.with_tables(situations=told), "situations").set_index("code")
    assert changes.loc["housed", "gained"] == 30
    assert "e9" not in changes.index, "three have it who may only be counted"
    assert changes["lost"].isna().sum() == changes.attrs["withheld"] == 1, "what is left of thirty would be those three"


def test_what_comes_together_does_not_tell_the_few_of_whom_it_does_not(counted: Records) -> None:
    homes = [f"H{n}" for n in range(30)]
    problems = rows_of(
        counted, "housing_problems", household=homes, problem=["health_damp"] * 20 + ["health_toxic"] * 10
    )
    symptoms = ["insomnia"] * 18 + ["anxiety"] * 2 + ["insomnia"] * 5 + ["anxiety"] * 5
    impacts = rows_of(counted, "health_impacts", household=homes, symptom=symptoms, domain=["mental_health"] * 30)
    records = counted.with_tables(housing_problems=problems, health_impacts=impacts)
    table = cooccurrence(records, "housing_problems", "health_impacts")
    assert incidence(records, "housing_problems")["households"].tolist() == [20, 10]
    assert table.loc["health_damp"].isna().all(), "of 20, two are without insomnia"
    assert table.loc["health_toxic"].isna().all()
    assert table.attrs["withheld"] == 4


def test_tables_come_out_with_their_margins(counted: Records) -> None:
    index = pd.MultiIndex.from_product([["x", "y"], ["u", "v"]], names=["un", "deux"])
    (table,), pattern = withhold([pd.Series([2, 8, 9, 11], index=index)], counted.households["id"], counted)
    assert len(table) == 9
    assert table.attrs["withheld"] == int(pattern.withheld.sum()) == 4
    assert int(table.loc[table["un"].isna() & table["deux"].isna(), "households"].iloc[0]) == 30
    assert pattern.proven
