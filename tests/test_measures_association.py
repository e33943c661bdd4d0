"""Exact association, paired change, false findings: against printed values, and on cohorts whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records_sample import signed
from scipy import stats
from scipy.stats.contingency import odds_ratio

import clss_analysis as clss
from clss_analysis.measures import association, before_after, exact_association, false_findings
from clss_analysis.measures.changes import paired
from clss_analysis.privacy import NotClearedError
from clss_analysis.records import Records, synthesise

R_SOLVER = 2**-13
"""R's fisher.test finds estimate and interval with uniroot on the odds, or on their inverse above 1, to eps^(1/4)."""


@pytest.fixture(scope="module")
def cohort() -> Records:
    return synthesise(60, 4)


def only_counted(records: Records) -> Records:
    consents = pd.DataFrame([{"id": "c", "label": "compter", "scope": "counted", "source": "essai", "reading": False}])
    return replace(records, synthetic=False, consents=consents, households=records.households.assign(consent="c"))


@pytest.mark.parametrize(
    ("table", "p", "ratio", "interval"),
    [
        ((3, 1, 1, 3), 0.4857, 6.408309, (0.2117329, 621.9337505)),
        ((2, 10, 15, 3), 0.0005367, 0.04693661, (0.003325764, 0.363182271)),
    ],
)
def test_fisher_as_r_prints_it(
    table: tuple[int, int, int, int], p: float, ratio: float, interval: tuple[float, float]
) -> None:
    """R, ?fisher.test: tea tasting (two-sided) and criminal convictions of like-sex twins, as printed by R 4."""
    said = exact_association(*table)
    assert float(f"{said.p:.4g}") == p
    for ours, printed in zip((said.odds_ratio, said.low, said.high), (ratio, *interval), strict=True):
        near = abs(ours - printed) if printed < 1 else abs(1 / ours - 1 / printed)
        assert near < R_SOLVER


@given(st.tuples(*[st.integers(0, 14)] * 4))
@settings(max_examples=60)
def test_estimate_interval_and_p_are_those_of_scipy(table: tuple[int, int, int, int]) -> None:
    a, b, c, d = table
    said = exact_association(a, b, c, d)
    if 0 in (a + b, c + d, a + c, b + d):
        assert np.isnan(said.odds_ratio)
        assert said.p == 1
        return
    theirs = odds_ratio([[a, b], [c, d]])
    ends = theirs.confidence_interval(0.95)
    assert np.allclose((said.odds_ratio, said.low, said.high), (theirs.statistic, ends.low, ends.high), rtol=1e-6)
    assert said.p == pytest.approx(stats.fisher_exact([[a, b], [c, d]]).pvalue)


def test_mid_p_of_the_tea_tasting() -> None:
    """Agresti (2007), An Introduction to Categorical Data Analysis, § 2.6.3: one-sided mid P-value .129."""
    assert round(exact_association(3, 1, 1, 3).mid_p / 2, 3) == 0.129  # symmetrical table: two-sided is twice


def test_the_bayesian_comparison_meets_fisher_and_a_closed_form() -> None:
    """Altham (1969), JRSS B 31, 261–269: with priors Beta(0,1) and Beta(1,0), P(p1 ≤ p2) is Fisher's one-sided p."""
    for a, b, c, d in ((3, 1, 1, 3), (7, 27, 1, 33), (10, 2, 3, 15)):
        one_sided = stats.fisher_exact([[a, b], [c, d]], alternative="greater").pvalue
        assert 1 - exact_association(a, b + 1, c + 1, d, prior=(0, 0)).greater == pytest.approx(one_sided, abs=1e-6)
    uniform = exact_association(11, 0, 0, 1, prior=(1, 1))  # ECMO: Ware (1989), 11 of 11 against 0 of 1
    assert round(1 - uniform.greater, 3) == 0.011  # ∫ 12 x¹¹ (1 − x)² dx = 24/2184


def test_mcnemar_as_printed() -> None:
    """Exact2x2, mcnemar.exact, Fay (2010), The R Journal 2/1, 53–58: p = 0.06543; ratio 9 to 2 with exact interval."""
    change, ratio, low, high, p = paired(12, 9, 2, 21)
    assert round(p, 5) == 0.06543
    assert (ratio, change) == pytest.approx((4.5, 7 / 44))
    ends = stats.binomtest(9, 11).proportion_ci(method="exact")
    assert (low, high) == pytest.approx((ends.low / (1 - ends.low), ends.high / (1 - ends.high)))


def test_false_discovery_rate_as_printed() -> None:
    """Benjamini & Hochberg (1995), JRSS B 57, p. 295: of 15 p-values the first four are found at .05."""
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.324,
        0.4262,
        0.5719,
        0.6528,
        0.759,
        1,
    ]
    assert (stats.false_discovery_control(p) <= 0.05).sum() == 4


def test_association_counts_what_cooccurrence_counts(cohort: Records) -> None:
    pairs = association(cohort, "housing_problems", "health_impacts").set_index(["first_code", "second_code"])
    counts = clss.measures.cooccurrence(cohort, "housing_problems", "health_impacts")
    assert pairs["both"].tolist() == counts.stack().tolist()
    assert (pairs[["both", "first", "second", "neither"]].sum(axis=1) == pairs.attrs["known"]).all()
    assert (pairs["adjusted_p"] >= pairs["p"] - 1e-12).all()
    assert list(pairs.columns[-2:]) == ["p", "adjusted_p"]
    assert set(pairs.attrs["units"]) == set(pairs.columns)


@given(st.integers(0, 1000))
@settings(max_examples=5)
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    records = synthesise(12, 2)
    mixed = records.with_tables(
        **{
            name: records.table(name).sample(frac=1, random_state=seed)
            for name in ("households", "housing_problems", "health_impacts", "situations")
        }
    )
    for measure in (
        lambda r: association(r, "housing_problems", "health_impacts"),
        lambda r: before_after(r, "situations"),
    ):
        pd.testing.assert_frame_equal(measure(records), measure(mixed))


def test_unknown_is_not_none(cohort: Records) -> None:
    household = cohort.health_impacts["household"].iloc[0]
    silent = cohort.with_tables(health_impacts=cohort.health_impacts[cohort.health_impacts["household"] != household])
    gone = cohort.with_tables(households=cohort.households[cohort.households["id"] != household], **{
        name: cohort.table(name)[cohort.table(name)["household"] != household]
        for name in ("health_impacts", "housing_problems")
    })  # fmt: skip
    left = [association(each, "housing_problems", "health_impacts") for each in (silent, gone)]
    pd.testing.assert_frame_equal(left[0], left[1], check_like=True)
    assert left[0].attrs["unknown"] == left[1].attrs["unknown"] + 1


def test_pairs_with_a_small_cell_are_withheld_whole(cohort: Records) -> None:
    pairs = association(only_counted(cohort), "housing_problems", "health_impacts")
    cells = pairs[["both", "first", "second", "neither"]]
    shown = cells.dropna()
    assert pairs.attrs["withheld"] == len(pairs) - len(shown) > 0
    assert ((shown == 0) | (shown >= pairs.attrs["threshold"])).all(axis=None)
    assert pairs[cells.isna().any(axis=1)].drop(columns=["first_code", "second_code"]).isna().all(axis=None)
    changes = before_after(only_counted(cohort), "situations").drop(columns="code").dropna(subset="stayed")
    counts = changes[["stayed", "gained", "lost", "never", "unknown"]]
    assert ((counts == 0) | (counts >= pairs.attrs["threshold"])).all(axis=None)


def test_a_spell_without_its_end_leaves_open_whether_it_lasted(cohort: Records) -> None:
    household = cohort.households.loc[cohort.households["closing"].notna(), "id"].iloc[0]
    intake = cohort.households.set_index("id").loc[household, "intake"]
    first = cohort.health_impacts.iloc[[0]].assign(household=household, symptom="insomnia", start=intake - 1)
    told = signed(cohort.with_tables(health_impacts=first.assign(end=intake + 1)))
    silent = signed(cohort.with_tables(health_impacts=first.assign(end=pd.NaT)))
    lines = [before_after(each, "health_impacts").set_index("code").loc["insomnia"] for each in (told, silent)]
    assert lines[0][["lost", "gained", "stayed"]].tolist() == [1, 0, 0]
    assert lines[1][["lost", "gained", "stayed", "never"]].tolist() == [0, 0, 0, 0]
    assert lines[1]["unknown"] == lines[0]["unknown"] + 1 == len(cohort.households)


def test_without_consent_nothing_is_compared(cohort: Records) -> None:
    closed = replace(only_counted(cohort), consents=cohort.consents)
    for measure in (
        lambda r: association(r, "housing_problems", "health_impacts"),
        lambda r: before_after(r, "events"),
    ):
        with pytest.raises((NotClearedError, ValueError)):
            measure(closed)


def test_the_publication_is_too_few_to_find_anything() -> None:
    records = clss.read("data/publication")
    for impacts in ("health_impacts", "domain_impacts"):
        assert (association(records, "housing_problems", impacts)["adjusted_p"] == 1).all()
    assert (before_after(records, "situations")["p"] > 0.05).all()


@pytest.mark.parametrize("name", ["seeds", "households", "pairs"])
def test_a_trial_needs_one_of_each(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} must"):
        false_findings(**{name: 0})


def test_over_200_seeds_the_level_holds_and_what_is_planted_is_found() -> None:
    trial = false_findings(seeds=200).set_index(["cohort", "method"])
    assert trial.loc[("none", "plain"), "false_share"] <= 0.05
    assert trial.loc[("none", "adjusted"), "any_false"] <= 0.05
    assert trial.loc[("planted", "adjusted"), "false_discovery"] <= 0.05
    assert trial.loc[("planted", "adjusted"), "found"] >= 0.95
    loose = false_findings(seeds=200, level=0.5).set_index(["cohort", "method"])
    assert loose.loc[("none", "plain"), "false_share"] > 0.2  # the trial can fail
