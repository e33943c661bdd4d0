"""Configurations: the published truth table and solutions of Lipset's data, crisp and fuzzy, and Boolean algebra."""

from __future__ import annotations

import io
from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import clss_analysis as clss
from clss_analysis.measures.qca import (
    calibrate,
    memberships,
    minimise,
    necessity,
    robustness,
    solve,
    truth_table,
    written,
)
from clss_analysis.measures.qca.logic import covers

CONDITIONS = ["DEV", "URB", "LIT", "IND", "STB"]
LIPSET = """
AU 0.81 0.12 0.99 0.73 0.43 0.05
BE 0.99 0.89 0.98 1.00 0.98 0.95
CZ 0.58 0.98 0.98 0.90 0.91 0.89
EE 0.16 0.07 0.98 0.01 0.91 0.12
FI 0.58 0.03 0.99 0.08 0.58 0.77
FR 0.98 0.03 0.99 0.81 0.95 0.95
DE 0.89 0.79 0.99 0.96 0.31 0.05
GR 0.04 0.09 0.13 0.36 0.43 0.06
HU 0.07 0.16 0.88 0.07 0.13 0.42
IE 0.72 0.05 0.98 0.01 0.95 0.92
IT 0.34 0.10 0.41 0.47 0.58 0.05
NL 0.98 1.00 0.99 0.94 0.99 0.95
PL 0.02 0.17 0.59 0.00 0.00 0.12
PT 0.01 0.02 0.01 0.11 0.01 0.05
RO 0.01 0.03 0.17 0.00 0.84 0.21
ES 0.03 0.30 0.09 0.21 0.20 0.06
SE 0.95 0.13 0.99 0.67 0.91 0.95
UK 0.98 0.99 0.99 1.00 0.98 0.95
"""


@pytest.fixture(scope="module")
def fuzzy() -> pd.DataFrame:
    """Ragin (2009), in Rihoux & Ragin (eds), Configurational Comparative Methods, ch. 5; LF in R's QCA."""
    return pd.read_csv(io.StringIO(LIPSET.strip()), sep=" ", header=None, index_col=0, names=[*CONDITIONS, "SURV"])


@pytest.fixture(scope="module")
def crisp(fuzzy: pd.DataFrame) -> pd.DataFrame:
    """The crisp cases of Rihoux & De Meur (2009) are the fuzzy ones cut at the crossover."""
    return (fuzzy > 0.5).astype(float)


def formulas(cases: pd.DataFrame) -> list[tuple[str, int]]:
    table = truth_table(cases, "SURV", CONDITIONS, consistency=1)
    solutions = [solve(cases, table, kind) for kind in ("conservative", "parsimonious")]
    return [(str(each), len(each.assumed)) for each in solutions]


def test_crisp_truth_table_of_lipset(crisp: pd.DataFrame) -> None:
    """Rihoux & De Meur (2009), ch. 3, table 3.4: nine configurations, 18 cases, no contradiction."""
    table = truth_table(crisp, "SURV", CONDITIONS, consistency=1)
    seen = table[table["n"] > 0]
    assert [(*row[:5], row.out, row.n) for row in seen.itertuples(index=False)] == [
        (0, 0, 0, 0, 0, 0, 3),
        (0, 0, 0, 0, 1, 0, 2),
        (0, 0, 1, 0, 0, 0, 2),
        (0, 0, 1, 0, 1, 0, 1),
        (1, 0, 1, 0, 1, 1, 2),
        (1, 0, 1, 1, 0, 0, 1),
        (1, 0, 1, 1, 1, 1, 2),
        (1, 1, 1, 1, 0, 0, 1),
        (1, 1, 1, 1, 1, 1, 4),
    ]
    assert not seen["contradictory"].any()
    assert table.loc[table["n"] == 4, "cases"].item() == "BE,CZ,NL,UK"


def test_crisp_solutions_of_lipset(crisp: pd.DataFrame) -> None:
    """Rihoux & De Meur (2009): formulas 1 and 4 (pp. 57, 60; 5 assumptions), 3 and 5 (pp. 59, 61; 18 assumptions)."""
    assert formulas(crisp) == [("DEV*~URB*LIT*STB + DEV*LIT*IND*STB", 0), ("DEV*STB", 5)]
    turned = crisp.assign(SURV=1 - crisp["SURV"])
    assert formulas(turned) == [("DEV*LIT*IND*~STB + ~DEV*~URB*~IND", 0), ("~DEV + ~STB", 18)]


def test_fuzzy_truth_table_of_lipset(fuzzy: pd.DataFrame) -> None:
    """truthTable(LF, outcome = "SURV", incl.cut = 0.8) of R's QCA (Duşa 2019, QCA with R): n, inclusion, PRI."""
    table = truth_table(fuzzy, "SURV", CONDITIONS, consistency=0.8)
    seen = table[table["n"] > 0]
    assert seen.index.tolist() == [0, 1, 4, 5, 21, 22, 23, 30, 31]
    assert seen["n"].tolist() == [3, 2, 2, 1, 2, 1, 2, 1, 4]
    assert seen["consistency"].round(3).tolist() == [0.216, 0.278, 0.521, 0.529, 0.804, 0.378, 0.709, 0.445, 0.904]
    assert seen["pri"].round(3).tolist() == [0.0, 0.0, 0.113, 0.228, 0.719, 0.04, 0.634, 0.05, 0.886]
    assert seen["out"].tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 1]


def test_fuzzy_solutions_of_lipset(fuzzy: pd.DataFrame) -> None:
    """minimize(…) of R's QCA on the same: conservative, parsimonious, and intermediate with all expected present."""
    table = truth_table(fuzzy, "SURV", CONDITIONS, consistency=0.8)
    found = {
        kind: solve(fuzzy, table, kind, expected=dict.fromkeys(CONDITIONS, True))
        for kind in ("conservative", "parsimonious", "intermediate")
    }
    assert {kind: str(each) for kind, each in found.items()} == {
        "conservative": "DEV*URB*LIT*IND*STB + DEV*~URB*LIT*~IND*STB",
        "parsimonious": "DEV*~IND + URB*STB",
        "intermediate": "DEV*URB*LIT*STB + DEV*LIT*~IND*STB",
    }
    assert (len(found["parsimonious"].assumed), len(found["intermediate"].assumed)) == (12, 1)
    paths = found["conservative"].paths
    assert paths["consistency"].round(3).tolist() == [0.904, 0.804, 0.870]
    assert paths["coverage"].round(3).tolist()[:2] == [0.454, 0.265]
    assert paths["cases"].tolist() == ["BE,CZ,NL,UK", "FI,IE", "BE,CZ,FI,IE,NL,UK"]


def test_necessity_of_lipset(fuzzy: pd.DataFrame) -> None:
    """pofind(LF, "SURV", relation = "necessity") of R's QCA: inclusion, RoN, coverage."""
    table = necessity(fuzzy, "SURV", CONDITIONS).set_index("condition").round(3)
    assert table.loc["LIT"].tolist() == [0.991, 0.643, 0.509]
    assert table.loc["STB"].tolist() == [0.920, 0.707, 0.680]
    assert table.loc["DEV"].tolist() == [0.831, 0.775, 0.811]


def test_calibration_as_r_prints_it() -> None:
    """calibrate(LR$DEV, "e=300, c=600, i=800") of R's QCA, two decimals, as printed by Thomann & Oana (2018), § 4.1."""
    raw = [720, 1098, 586, 468, 590, 983, 795, 390, 424, 662, 517, 1008, 350, 320, 331, 367, 897, 1038]
    printed = [0.85, 1, 0.47, 0.21, 0.48, 1, 0.95, 0.11, 0.15, 0.71, 0.31, 1, 0.08, 0.06, 0.07, 0.09, 0.99, 1]
    found = calibrate(pd.Series(raw, dtype=float), out=300, crossover=600, full=800)
    assert found.round(2).tolist() == printed
    assert found.attrs["calibration"]["crossover"] == 600
    with pytest.raises(ValueError, match="anchors must follow"):
        calibrate(pd.Series([1.0]), out=3, crossover=2, full=4)


SPLIT = st.lists(st.sampled_from("01-"), min_size=16, max_size=16)


@given(SPLIT)
@settings(max_examples=60)
def test_a_model_covers_the_ones_and_no_zero_and_nothing_can_be_left_out(outs: list[str]) -> None:
    rows = list(product((0, 1), repeat=4))
    ones = [row for row, out in zip(rows, outs, strict=True) if out == "1"]
    zeros = [row for row, out in zip(rows, outs, strict=True) if out == "0"]
    free = [row for row, out in zip(rows, outs, strict=True) if out == "-"]
    models = minimise(ones, free)
    assert minimise(reversed(ones), reversed(free)) == models
    for model in models:
        assert all(any(covers(term, one) for term in model) for one in ones)
        assert not any(covers(term, zero) for term in model for zero in zeros)
        for term in model:
            left = [each for each in model if each != term]
            assert not all(any(covers(other, one) for other in left) for one in ones)


def test_the_order_of_cases_does_not_matter_and_unknown_is_left_out(fuzzy: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(
        truth_table(fuzzy, "SURV", CONDITIONS), truth_table(fuzzy.iloc[::-1], "SURV", CONDITIONS)
    )
    with pytest.raises(ValueError, match="none be unknown"):
        truth_table(fuzzy.assign(DEV=float("nan")), "SURV", CONDITIONS)


def test_robustness_says_which_case_a_solution_hangs_on(fuzzy: pd.DataFrame) -> None:
    found = robustness(fuzzy, "SURV", CONDITIONS)
    assert len(found) == 4 + len(fuzzy)
    changed = set(found.loc[~found["same"] & (found["dropped"] != ""), "dropped"])
    assert {"FI", "IE"} <= changed
    assert "UK" not in changed


def test_the_second_threshold_is_the_one_that_others_are_held_against(fuzzy: pd.DataFrame) -> None:
    found = robustness(fuzzy, "SURV", CONDITIONS, consistency=(0.95, 0.7))
    assert found.loc[found["dropped"] != "", "consistency_threshold"].eq(0.7).all()
    assert found["same"].iloc[1]
    assert not found["same"].iloc[0]


def test_a_configuration_with_either_outcome_is_a_contradiction(crisp: pd.DataFrame) -> None:
    name = crisp.index[crisp[CONDITIONS].eq(1).all(axis=1)][0]
    table = truth_table(crisp.assign(SURV=crisp["SURV"].where(crisp.index != name, 0)), "SURV", CONDITIONS)
    assert table.loc[table["contradictory"], "cases"].item() == "BE,CZ,NL,UK"


def test_an_intermediate_solution_needs_expectations(crisp: pd.DataFrame) -> None:
    table = truth_table(crisp, "SURV", CONDITIONS)
    with pytest.raises(ValueError, match="expected must be given"):
        solve(crisp, table, "intermediate")
    with pytest.raises(ValueError, match="expected names no condition"):
        solve(crisp, table, "intermediate", expected={"X": True})


def test_the_publication_has_no_case_and_the_cohort_a_few() -> None:
    none = memberships(clss.read("data/publication"))
    assert none.empty
    assert none.attrs["unknown"] == 6
    cases = memberships(clss.read("data/demo"))
    assert cases.index.is_unique
    table = truth_table(cases, "housing_solved", list(cases.columns[:-1]))
    assert table["n"].sum() == len(cases)
    assert written(minimise([])[0], "AB") == ""
