"""Codes counted, compared and agreed upon: against printed examples, and against what may be shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from records_sample import signed
from scipy.stats import t as student

import clss_analysis as clss
from clss_analysis import measures
from clss_analysis.measures import gwet_ac1, krippendorff_alpha
from clss_analysis.records import Records
from clss_analysis.runs import agreement_words, coding_reach

NAN = np.nan


def numbers(*rows: str) -> np.ndarray:
    """Rows of judgements, a point where a coder did not judge."""
    return np.array([[NAN if each == "." else float(each) for each in row.split()] for row in rows])


# Krippendorff, K. (2011), « Computing Krippendorff’s Alpha-Reliability », examples A, B, C and D.
BINARY = numbers("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
NOMINAL = numbers("1 1 2 2 4 3 3 3 5 4 4 1", "2 1 2 2 2 3 3 3 5 4 4 4")
MISSING = numbers(
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


@pytest.mark.parametrize(
    ("ratings", "metric", "printed"),
    [
        (BINARY, "nominal", 0.095),
        (NOMINAL, "nominal", 0.692),
        (MISSING, "nominal", 0.743),
        (MISSING, "ordinal", 0.815),
        (MISSING, "interval", 0.849),
        (MISSING, "ratio", 0.797),
    ],
)
def test_alpha_is_krippendorffs(ratings: np.ndarray, metric: str, printed: float) -> None:
    assert krippendorff_alpha(ratings, metric=metric, seed=1, draws=0).value == pytest.approx(printed, abs=0.0005)


def test_ac1_is_gwets() -> None:
    """Printed in the overview of Gwet's own R package irrCAC: table cont3x3abstractors, 0.8493305 ± 0.04321747.

    For two coders the package divides the variance by n (Gwet 2008), for several by n − 1 (Gwet 2014); ours is the
    latter throughout.
    """
    table = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    pairs = np.array([(a, b) for a in range(3) for b in range(3) for _ in range(table[a, b])], dtype=float)
    found = gwet_ac1(pairs.T)
    assert found.value == pytest.approx(0.8493305, abs=5e-8)
    error = (found.high - found.value) / student.ppf(0.975, 99)
    assert error * np.sqrt(99 / 100) == pytest.approx(0.04321747, abs=5e-9)


def test_ac1_with_missing_judgements_is_gwets() -> None:
    """irrCAC's cac.raw4raters (Gwet 2014, 4th ed., p. 120), the same judgements as Krippendorff's example C."""
    found = gwet_ac1(MISSING)
    assert found.value == pytest.approx(0.77544, abs=5e-6)
    assert (found.low, found.high) == pytest.approx((0.461, 1.0), abs=0.0005)


def test_undefined_is_said_to_be() -> None:
    same = krippendorff_alpha(numbers("1 1 1", "1 1 1"), seed=1)
    assert np.isnan([same.value, same.low, same.high]).all()
    assert same.why == "variation"
    assert gwet_ac1(numbers("1 1 1", "1 1 1"), categories=2).value == 1
    assert gwet_ac1(numbers("1 1 1", "1 1 1")).why == "variation"
    for few in (numbers("1 .", ". 1"), numbers("1 .", "1 1"), np.zeros((0, 0))):
        assert krippendorff_alpha(few, seed=1).why == gwet_ac1(few).why == "units"
    with pytest.raises(ValueError, match="metric must be one of nominal"):
        krippendorff_alpha(BINARY, metric="cosine", seed=1)


def test_the_bootstrap_is_seeded_and_holds_the_value() -> None:
    one, two = (krippendorff_alpha(MISSING, seed=5) for _ in range(2))
    assert one == two
    assert one.low < one.value < one.high <= 1
    assert krippendorff_alpha(MISSING, seed=6) != one


@given(
    st.lists(st.lists(st.sampled_from([0.0, 1.0, NAN]), min_size=3, max_size=3), min_size=2, max_size=9),
    st.randoms(use_true_random=False),
)
def test_agreement_does_not_depend_on_the_order(units: list[list[float]], chance: object) -> None:
    ratings = np.array(units).T
    shuffled = ratings[np.ix_(chance.sample(range(3), 3), chance.sample(range(len(units)), len(units)))]  # type: ignore[attr-defined]
    for measure in (lambda r: krippendorff_alpha(r, seed=1, draws=0), lambda r: gwet_ac1(r, categories=2)):
        one, two = measure(ratings), measure(shuffled)
        assert one.why == two.why
        assert one.value == pytest.approx(two.value, nan_ok=True)
        assert np.isnan(one.value) == bool(one.why)
        assert np.isnan(one.value) or one.value <= 1 + 1e-12


def coded_dataset(counted: bool = False) -> Records:
    """Seven households; a theme with two codes, one of which a single household speaks of three times."""
    records = clss.records.synthesise(7, 1)
    homes = list(records.households["id"])
    codes = frame("codes", [("t", None, "Thème"), ("a", "t", "Peur"), ("b", "t", "Élan"), ("none", None, "Rien")])
    said = [(f"s{n}", home, f"Parole {n}.") for n, home in enumerate([*homes, homes[0], homes[0]])]
    statements = pd.DataFrame(said, columns=["id", "household", "text"]).assign(
        speaker="Une mère", context="individual", wording="paraphrase", source="essai", reading=False
    )
    given_codes = [(0, "a"), (7, "a"), (8, "a"), *((n, "b") for n in range(1, 7)), (1, "none")]
    rows = [(f"g{n}", said[s][1], said[s][0], code, "L1") for n, (s, code) in enumerate(given_codes)]
    codings = pd.DataFrame(rows, columns=["id", "household", "statement", "code", "coder"])
    codings = codings.assign(start=pd.NA, end=pd.NA, source="essai", reading=False)
    records = records.with_tables(
        codes=codes, statements=statements[records.statements.columns].astype(records.statements.dtypes),
        codings=codings[records.codings.columns].astype(records.codings.dtypes),
    )  # fmt: skip
    return only_counted(records) if counted else signed(records)


def frame(table: str, rows: list[tuple[str, str | None, str]]) -> pd.DataFrame:
    empty = clss.records.tables.empty_table(table)  # type: ignore[attr-defined]
    made = pd.DataFrame(rows, columns=["id", "parent", "label"]).reindex(columns=empty.columns)
    return made.assign(source="essai", reading=False).astype(empty.dtypes)


def only_counted(records: Records) -> Records:
    from dataclasses import replace

    tables = {
        name: records.table(name).assign(source="essai")
        for name in clss.records.schema.table_names()  # type: ignore[attr-defined]
        if name not in ("consents", "households")
    }
    consents = pd.DataFrame([("CO", "Accord", "counted")], columns=["id", "label", "scope"])
    consents = consents.reindex(columns=records.consents.columns).assign(source="essai", reading=False)
    homes = records.households.assign(consent="CO", source="essai", summary=pd.NA)
    return replace(
        records, synthetic=False, households=homes.astype(records.households.dtypes),
        consents=consents.astype(records.consents.dtypes), **tables,
    )  # fmt: skip


def test_a_talkative_household_counts_once() -> None:
    counts = measures.code_frequencies(coded_dataset()).set_index("code")
    of = {"households": "households", "statements": "statements", "unattributed": "statements"}
    assert counts.attrs["units"] == of
    assert counts.loc["a", ["households", "statements"]].tolist() == [1, 3]
    assert counts.loc["b", ["households", "statements"]].tolist() == [6, 6]
    assert counts.loc["t", ["households", "statements"]].tolist() == [7, 9]
    assert "none" not in counts.index


def test_what_those_said_who_may_only_be_counted_is_in_no_number_of_words() -> None:
    records = coded_dataset(counted=True)
    counts = measures.code_frequencies(records)
    assert counts[["households", "statements"]].eq(0).all(axis=None)
    assert counts["unattributed"].isna().all(), "they may be theirs"
    assert coding_reach(counts).data.startswith("Aucune parole d’un ménage n’a été lue. Seules comptent ici")
    for unit in ("household", "statement"):
        assert measures.code_cooccurrence(records, unit).empty
    assert measures.framework_matrix(records).empty
    assert measures.saturation(records, seed=1).empty
    assert measures.negative_cases(records, "t", "b").attrs == {"with_condition": 0, "fitting": 0, "against": 0}
    assert (measures.coder_agreement(records, seed=1)["undefined"] == "units").all()
    heard = measures.indicators(records).set_index("indicator").loc["heard"]
    assert heard[["numerator", "denominator", "unknown"]].tolist() == [0, 0, 7], "unheard is not silent"


def test_cooccurrence_by_statement_is_narrower_than_by_household() -> None:
    cohort = clss.read("data/demo")
    wide, narrow = measures.code_cooccurrence(cohort), measures.code_cooccurrence(cohort, "statement")
    off = ~np.eye(len(wide), dtype=bool)
    together = cohort.codings.merge(cohort.codings, on="statement")
    for a in wide.index:
        for b in wide.index:
            both = together[(together["code_x"] == a) & (together["code_y"] == b)]
            assert narrow.loc[a, b] == both["statement"].nunique()
    assert (narrow.to_numpy()[off] <= wide.to_numpy()[off]).all()
    with pytest.raises(ValueError, match="unit must be one of household, statement; got person"):
        measures.code_cooccurrence(cohort, "person")


def test_the_framework_matrix_names_its_rows_and_shows_no_verbatim() -> None:
    records = coded_dataset()
    spoken = records.statements.assign(wording=["verbatim"] + ["paraphrase"] * 8).astype(records.statements.dtypes)
    matrix = measures.framework_matrix(signed(records.with_tables(statements=spoken)))
    assert set(matrix["statement"]) == set(records.statements["id"])
    assert matrix.loc[matrix["statement"] == "s0", "text"].isna().all()
    assert matrix.loc[matrix["statement"] == "s7", "text"].tolist() == ["Parole 7."]


def test_saturation_counts_each_code_once_and_ends_at_all() -> None:
    curve = measures.saturation(coded_dataset(), seed=3, orders=200)
    assert curve["new"].sum() == curve["found"].iloc[-1] == 2
    assert curve["mean"].iloc[-1] == curve["low"].iloc[-1] == curve["high"].iloc[-1] == 2
    assert ((curve["low"] <= curve["mean"]) & (curve["mean"] <= curve["high"])).all()
    # one household of seven has « a », the six others « b »: after k cases « a » is found in k orders of 7
    expected = [1 + (0 if k == 1 else k / 7) for k in range(1, 8)]
    assert curve["mean"].tolist() == pytest.approx(expected, abs=0.1)
    again = measures.saturation(coded_dataset(), seed=3, orders=200)
    pd.testing.assert_frame_equal(curve, again)


def test_intake_orders_the_cases() -> None:
    records = coded_dataset()
    curve = measures.saturation(records, seed=1, orders=1)
    intake = records.households.set_index("id").loc[curve["household"], "intake"]
    assert intake.is_monotonic_increasing


def test_negative_cases_are_those_without_the_expected_code() -> None:
    records = coded_dataset()
    against = measures.negative_cases(records, "t", "b")
    assert against["household"].tolist() == [records.households["id"].iloc[0]]
    assert against["statements"].tolist() == ["s0, s7, s8"]
    assert against.attrs == {"with_condition": 7, "fitting": 6, "against": 1}
    with pytest.raises(ValueError, match="code must be one of a, b, t"):
        measures.negative_cases(records, "t", "zzz")


def test_a_statement_read_by_one_coder_is_missing_and_none_is_a_no() -> None:
    records = coded_dataset()
    second = records.codings.iloc[:2].assign(id=["h1", "h2"], coder="L2", code=["a", "none"])
    both = pd.concat([records.codings, second.astype(records.codings.dtypes)], ignore_index=True)
    found = measures.coder_agreement(signed(records.with_tables(codings=both)), seed=1).set_index("code")
    assert found.loc["a", "units"] == 2
    assert found.loc["a", "given"] == 2
    assert found.loc["b", "undefined"] == "unused"
    assert found.loc["t", "given"] == 2


def test_publication_and_cohort_are_coded() -> None:
    publication = clss.read("data/publication")
    assert set(publication.codings["statement"]) == set(publication.statements["id"])
    assert publication.codes["reading"].all()
    assert publication.codings["reading"].all()
    assert measures.coder_agreement(publication, seed=1)["alpha"].isna().all()
    assert clss.read("data/demo").codings["coder"].nunique() == 2


def test_a_codebook_that_nobody_used_yet_is_counted_and_said() -> None:
    demo = clss.read("data/demo")
    unread = signed(demo.with_tables(codings=demo.codings.iloc[:0]))
    frequencies = measures.code_frequencies(unread)
    assert frequencies[["households", "statements", "unattributed"]].to_numpy().sum() == 0
    assert len(frequencies) == len(demo.codes[demo.codes["id"] != "none"])
    assert (frequencies.attrs["known"], frequencies.attrs["unknown"]) == (0, 20)
    assert measures.code_cooccurrence(unread).empty
    assert (measures.coder_agreement(unread, seed=1)["undefined"] == "units").all()
    assert coding_reach(frequencies).data.startswith("Aucune parole d’un ménage n’a été lue.")


@pytest.mark.parametrize(("unknown", "said"), [(0, ""), (1, " D’un ménage, aucune"), (2, " De deux ménages, aucune")])
def test_nobody_is_not_said_to_be_somebody(unknown: int, said: str) -> None:
    counts = pd.DataFrame()
    counts.attrs = {"known": 3, "unknown": unknown, "unattributed": 0, "withheld": 0}
    known, told, _ = coding_reach(counts).data.partition(said) if said else (coding_reach(counts).data, "", "")
    assert known == "Les codes sont comptés dans les trois ménages dont une parole au moins a été lue."
    assert told == said


# Two coders, true prevalence .1 to .5, errors of 5 to 10 %, 300 draws each: nominal 95 % intervals hold the truth in
# 41 to 86 % of samples at n = 11, 87 to 93 % at n = 30, 91 to 95 % at n = 50.
@pytest.mark.parametrize(
    ("units", "interval", "shown"),
    [(49, (0.6, 0.9), "0,80"), (50, (0.6, 0.9), "0,80 [0,60 à 0,90]"), (60, (0.8, 0.8), "0,80")],
)
def test_an_interval_that_does_not_hold_what_it_says_is_not_printed(
    units: int, interval: tuple[float, float], shown: str
) -> None:
    row = {"label": ["Peur"], "units": [units], "given": [9], "undefined": [""]}
    for name in ("alpha", "ac1"):
        row |= {name: [0.8], f"{name}_low": [interval[0]], f"{name}_high": [interval[1]]}
    words = agreement_words(pd.DataFrame(row))
    assert words[["alpha", "ac1"]].to_numpy().tolist() == [[shown, shown]]
