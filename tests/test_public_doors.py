"""What a researcher calls: every argument is checked at the door, tables go in and out, figures obey."""

from __future__ import annotations

import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import scipy.stats as st
from hypothesis import given, settings
from hypothesis import strategies as some

import clss_analysis as clss
from clss_analysis import measures
from clss_analysis.layout.geometry import overlaps, strikes
from clss_analysis.measures import (
    as_sequences,
    code_cooccurrence,
    gwet_ac1,
    household_network,
    kaplan_meier,
    krippendorff_alpha,
    qca,
    sequence_distances,
)
from clss_analysis.measures.survival import logrank, product_limit
from clss_analysis.records import InvalidRecordsError, codes, label
from clss_analysis.records.frames import WIDE
from clss_analysis.records.schema import fields, table_names

MOTHER = {
    "id": "p1",
    "label": "mère",
    "role": "mother",
    "gender": "woman",
    "life": "alive",
    "residence": "household",
    "index": True,
}
SON = {**MOTHER, "id": "p2", "label": "fils", "role": "child", "gender": "man", "age": 7, "index": False}


@pytest.fixture(scope="module")
def demo() -> clss.Records:
    return clss.read("data/demo")


@pytest.fixture(scope="module")
def case(demo: clss.Records) -> clss.Records:
    return demo.case("S001")


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (
            lambda r: kaplan_meier(r, "rehoused"),
            ValueError,
            "event must be one of rehousing, eviction, closing; got re",
        ),
        (lambda r: kaplan_meier(r, "eviction", interval="plain"), ValueError, "interval must be one of log-log, log"),
        (lambda r: kaplan_meier(r, "eviction", by="houshold_type"), ValueError, "by must be one of household_type, "),
        (lambda r: r.labelled("person"), ValueError, "table must be one of persons, "),
        (lambda r: r.labelled("persons", "de"), ValueError, "lang must be one of .*; got de"),
        (lambda r: logrank(r, r, r), TypeError, "months must be a list, an array or a Series of float; got Records"),
        (lambda _: logrank(pd.DataFrame(), [True], ["a"]), TypeError, "months must be a list.* got DataFrame"),
        (lambda _: product_limit(np.array(3), [True]), TypeError, "months must be a list.* got ndarray"),
        (lambda r: as_sequences(r.persons), ValueError, "it has no column month, state"),
        (
            lambda _: sequence_distances({"a": "x"}, indel=pd.Series(["a"])),
            ValueError,
            "indel and substitution must be",
        ),
        (lambda r: code_cooccurrence(r, ["statement"]), ValueError, "unit must be one of statement, household"),
        (lambda r: household_network(r, worker=pd.Series(["a"])), TypeError, "worker must be the id of an actor"),
        (lambda r: r.with_tables(persons="x"), TypeError, r"persons must be a table \(DataFrame\); got str"),
        (lambda _: clss.read(3), TypeError, "folder must be the path of a folder; got int"),
        (lambda r: r.table("tie"), KeyError, "no table tie; there is ties"),
        (
            lambda _: label("housing_problems", "health_damp"),
            KeyError,
            "no vocabulary housing_problems; .* housing_pro",
        ),
        (lambda _: label("housing_problem", "damp"), KeyError, "no code damp in housing_problem; there is health_damp"),
        (lambda _: codes("problems"), KeyError, "no vocabulary problems"),
        (clss.figures.sociogenogram, TypeError, r"sociogenogram draws one household: records.case\(id\)"),
        (lambda _: clss.figures.sociogenogram("S001"), TypeError, "sociogenogram draws records, .*; got str"),
        (lambda r: clss.figures.axes(r.households), TypeError, "axes draws records, .*; got DataFrame"),
        (lambda r: clss.figures.waiting(r, evnt="closing"), ValueError, "argument of waiting must be one of event, "),
        (
            lambda r: clss.figures.sociogenogram(r.case("S001"), page="A4-portrait"),
            ValueError,
            "page must be one of a4-portrait, a4-landscape",
        ),
        (
            lambda r: clss.figures.sociogenogram(r.case("S001"), date="12/2023"),
            ValueError,
            "date must be a month, YYYY-MM; got 12/2023",
        ),
        (lambda r: clss.figures.criteria_grid(r.case("S001"), size=60), ValueError, "size must be .* mm wide or more"),
        (lambda r: clss.figures.criteria_grid(r.case("S001"), size="a4"), ValueError, "size must be one of a4-"),
        (lambda r: clss.figures.waiting(r, size=90), TypeError, "give it some by ax="),
        (lambda r: kaplan_meier(r.households, "rehousing"), TypeError, "records must be records, .*; got DataFrame"),
        (lambda _: measures.household_overview("data/demo"), TypeError, "records must be records, .*; got str"),
        (lambda r: clss.privacy.check(r.persons), TypeError, "records must be records, .*; got DataFrame"),
        (lambda r: kaplan_meier(r, "closing", level=95), ValueError, "level must be above 0 and below 1; got 95"),
        (lambda r: measures.before_after(r, "situations", level=0), ValueError, "level must be above 0 and below 1"),
        (lambda r: measures.coder_agreement(r, seed=1, level=90), ValueError, "level must be above 0 and below 1"),
        (lambda r: measures.saturation(r, seed=1, band=90), ValueError, "band must be from 0 to 1; got 90"),
        (
            lambda r: kaplan_meier(r, "closing", by=r.households["household_type"]),
            ValueError,
            "by must have household ids as its index",
        ),
        (lambda r: kaplan_meier(r, "closing", by=["lone_mother"]), TypeError, "by must be a column .*; got list"),
        (lambda r: measures.before_after(r, "events"), ValueError, "table must be one of situations, .*; got events"),
        (lambda _: measures.product_limit([1, 2], [True]), ValueError, "months and happened must be as many"),
        (lambda _: measures.exact_association(1.5, 1, 1, 1), ValueError, "both must be 0 or more, a whole number"),
        (lambda _: measures.exact_association(1, 1, 1, 1, prior=(1,)), ValueError, "prior must be two numbers"),
        (lambda _: krippendorff_alpha([["a", "b"], ["a", "b"]], seed=1), ValueError, "ratings must be a table of numb"),
        (lambda _: krippendorff_alpha([[1, 1], [0]], seed=1), ValueError, "ratings must be a table of numbers"),
        (lambda _: gwet_ac1([[1, 1, 0], [0, 1, 0]], categories=1), ValueError, "categories must be 2 or more"),
        (lambda r: measures.sequence_distances(measures.monthly_states(r)), TypeError, "sequences must be a mapping"),
        (measures.as_sequences, TypeError, "states must be what monthly_states gave; got Records"),
        (lambda _: measures.sequence_types({"a": "x"}, 2), TypeError, "distances must be .*; got dict"),
        (lambda r: measures.indicators(r, lang="es"), ValueError, "lang must be one of fr, nl, en; got es"),
        (
            lambda r: qca.truth_table(qca.memberships(r), "housing_solved", ["evictions"]),
            ValueError,
            "conditions must be one of eviction, ",
        ),
        (
            lambda r: qca.necessity(qca.memberships(r), "solved", ["eviction"]),
            ValueError,
            "outcome must be one of housing_solved, ",
        ),
        (lambda r: r.among(since="12/2023"), ValueError, "since must be a month, YYYY-MM; got 12/2023"),
        (lambda r: r.case(1), clss.records.UnknownCaseError, "identifiant de ménage"),
        (lambda _: clss.Records.from_frames(persons={"label": ["a"]}), TypeError, "persons must be a .*; got dict"),
        (lambda r: clss.records.intake_verdict(r.persons), ValueError, "columns of criteria must be one of id, "),
        (lambda r: clss.figures.save(r, "a.pdf"), TypeError, "drawing must be a figure of clss.figures; got Records"),
        (
            lambda r: clss.figures.save(clss.figures.criteria_grid(r.case("S001")), "a.pdf", r),
            TypeError,
            "clearance must be what clss.privacy.clear",
        ),
        (clss.figures.sociogenogram_slider, TypeError, "case must be one household"),
        (lambda r: clss.figures.criteria_grid(r.case("S001"), "x"), TypeError, "criteria_grid: too many positional"),
        (lambda r: clss.figures.criteria_grid(r.case("S001"), title=3), TypeError, "title must be a text; got int"),
        (lambda r: clss.figures.criteria_grid(r.case("S001"), ax=[1]), TypeError, "ax must be axes .*; got list"),
        (
            lambda r: clss.privacy.publishable_counts([1, 2], ["S001"], r),
            TypeError,
            "counts must be a series or DataFrame of counts; got list",
        ),
    ],
)
def test_an_error_names_the_argument_and_what_is_allowed(demo, call, error, said):
    with pytest.raises(error, match=said):
        call(demo)


@pytest.mark.parametrize("kind", ["boolean", "Int64", "Float64", "object"])
def test_judgements_of_any_type_of_column_may_be_missing(kind):
    frame = pd.DataFrame({"Meg": [1, 0, None, 1], "Owen": [1, 0, 1, 0]}).astype("Float64").astype(kind)
    expected = krippendorff_alpha([[1, 0, np.nan, 1], [1, 0, 1, 0]], seed=1, draws=0)
    assert krippendorff_alpha(frame, units="rows", seed=1, draws=0) == expected
    assert expected.value == pytest.approx(1 - 5 * 2 / (2 * 3 * 3))  # one of three pairs differs, three 1 and three 0


def test_one_household_may_be_named_without_a_list(demo):
    assert demo.among("S001") == demo.among(["S001"])
    assert demo.among(demo.households["id"].head(3)).households["id"].tolist() == ["S001", "S002", "S003"]


# tables in


def test_a_few_lines_make_a_household_that_is_drawn():
    records = clss.Records.from_frames(
        persons=[MOTHER, SON],
        filiations=[{"parent": "p1", "child": "p2", "kind": "birth"}],
        actors=[{"id": "cpas", "label": "CPAS", "kind": "service"}],
        ties=[{"from_actor": "cpas", "to_person": "p1", "start": pd.Period("2024-03", freq="M")}],
    )
    case = records.case("M1")
    assert str(case.ties["start"].iloc[0]) == "2024-03"
    assert case.ties["direction"].tolist() == ["unknown"]
    layout = clss.figures.sociogenogram(case).geometry
    assert not overlaps(layout)
    assert not strikes(layout)
    assert not layout.synthetic


def test_frames_are_not_an_invention_that_opens_the_gate(tmp_path):
    drawing = clss.figures.sociogenogram(clss.Records.from_frames(persons=[MOTHER]).case("M1"))
    with pytest.raises(clss.privacy.NotClearedError):
        clss.figures.save(drawing, tmp_path / "a.svg")
    assert not (tmp_path / "a.svg").exists()


def test_every_fault_of_frames_is_told_at_once_and_never_the_content():
    rows = [{**MOTHER, "role": "secret-word"}, {**SON, "age": -3}]
    with pytest.raises(InvalidRecordsError) as caught:
        clss.Records.from_frames(persons=rows, ties=[{"from_person": "p9", "to_person": "p1", "start": "03/2024"}])
    told = {(fault.file, fault.row, fault.column) for fault in caught.value.faults}
    assert {("persons", 1, "role"), ("persons", 2, "age"), ("ties", 1, "start"), ("ties", 1, "from_person")} <= told
    assert "secret-word" not in str(caught.value)


def test_columns_that_the_schema_does_not_have_are_named():
    with pytest.raises(ValueError, match="persons has no column gendre; there is gender"):
        clss.Records.from_frames(persons=[{**MOTHER, "gendre": "femme"}])


@pytest.mark.parametrize("folder", ["data/demo", "data/publication"])
def test_tables_that_went_out_come_in_again(folder):
    records = clss.read(folder)
    again = clss.Records.from_frames(**{name: records.table(name) for name in table_names()})
    for name in table_names():
        pd.testing.assert_frame_equal(again.table(name), records.table(name), check_dtype=True)


@settings(max_examples=25)
@given(some.lists(some.tuples(some.integers(0, 99), some.booleans()), min_size=1, max_size=8))
def test_numbers_and_booleans_of_frames_keep_their_value(cells):
    rows = [{**MOTHER, "id": f"p{n}", "age": age, "reading": read} for n, (age, read) in enumerate(cells)]
    persons = clss.Records.from_frames(persons=pd.DataFrame(rows).assign(index=False)).persons
    assert list(zip(persons["age"], persons["reading"], strict=True)) == cells


# tables out


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_labelled_frames_say_every_code_in_words(demo, lang):
    for table in table_names():
        plain, said = demo.table(table), demo.labelled(table, lang)
        assert list(said) == list(plain)
        for field in fields(table):
            if field.get("vocabulary"):
                words = [None if pd.isna(c) else label(field["vocabulary"], c, lang) for c in plain[field["name"]]]
                assert [None if pd.isna(each) else each for each in said[field["name"]]] == words
                assert said[field["name"]].cat.ordered


def test_wide_is_a_line_per_household_counted_by_hand(demo):
    frame = demo.wide()
    assert list(frame) == list(WIDE)
    assert frame["household"].tolist() == demo.households["id"].tolist()
    for row in frame.itertuples():
        case = demo.case(row.household)
        met = [each for each in case.criteria["met"].tolist() if not pd.isna(each)]
        assert (row.criteria_met, row.criteria_not_met, row.criteria_untold) == (
            met.count(True),
            met.count(False),
            5 - len(met),
        )
        assert row.problems == len({*case.housing_problems["problem"]} - {"none"})
        assert row.ties == len(case.ties)
        assert row.actors == len({*case.ties["from_actor"].dropna(), *case.ties["to_actor"].dropna()})


def test_the_graph_holds_every_row_once(demo):
    graph = demo.to_networkx()
    assert graph.is_multigraph()
    assert len(graph) == len(demo.households) + len(demo.persons) + len(demo.actors)
    assert graph.number_of_edges() == len(demo.couples) + len(demo.filiations) + len(demo.ties)
    types = {said["type"] for _, _, said in graph.edges(data=True)}
    assert types == {"couple", "filiation", "tie"}
    dated = [said["start"] for _, _, said in graph.edges(data=True) if said["type"] == "tie" and "start" in said]
    assert sorted(dated) == sorted(demo.ties["start"].dropna().astype(str))


# figures that obey


@pytest.mark.parametrize("words", ["Titre", "Un titre bien plus long que tous les autres, qui va à la ligne, " * 3])
def test_another_title_moves_what_stands_below_and_nothing_else(case, words):
    plain, told = clss.figures.sociogenogram(case).geometry, clss.figures.sociogenogram(case, title=words).geometry
    assert told.title == words
    title = next(each for each in told.labels if each.id == "title")
    assert " ".join(title.lines).split() == words.split()
    by = told.height - plain.height
    assert [s.box[1] for s in told.symbols] == pytest.approx([s.box[1] + by for s in plain.symbols])
    assert not overlaps(told)


def test_a_chart_has_one_title_and_it_is_the_one_that_was_asked_for(demo):
    plain, told = clss.figures.waiting(demo), clss.figures.waiting(demo, title="Attendre un logement")
    said = [" ".join(each.lines) for each in told.geometry.labels if each.id == "title"]
    assert said == ["Attendre un logement"]
    assert plain.geometry.title not in told.to_svg()
    assert len(told.axes) == len(plain.axes)
    assert not overlaps(told.geometry)


@pytest.mark.parametrize("size", [160, 200, "a3-portrait"])
def test_a_figure_takes_the_size_that_was_asked_for(case, size):
    drawing = clss.figures.relevance_tree(case, size=size)
    assert drawing.geometry.width == pytest.approx(297 if isinstance(size, str) else size)
    assert min(each.size for each in drawing.geometry.labels) >= 6.99
    assert not overlaps(drawing.geometry)
    assert drawing.get_size_inches()[0] * 25.4 == pytest.approx(drawing.geometry.width)


def test_figures_are_composed_on_axes_of_ones_own(demo, case, tmp_path):
    figure, axes = plt.subplots(1, 3, figsize=(30, 13))
    assert clss.figures.sociogenogram(case, ax=axes[0]) is axes[0]
    clss.figures.sociogenogram(demo.case("S002"), ax=axes[1])
    clss.figures.waiting(demo, ax=axes[2], title="Attendre un logement")
    assert axes[2].get_title() == "Attendre un logement"
    names = {artist.get_gid() for artist in axes[0].get_children()}
    assert {each.id for each in clss.figures.sociogenogram(case).geometry.symbols} <= names
    figure.savefig(tmp_path / "three.png", bbox_inches="tight")
    plt.close(figure)
    small, ax = plt.subplots(figsize=(3, 3))
    with pytest.warns(UserWarning, match="for 7 pt they must be"):
        clss.figures.sociogenogram(case, ax=ax)
    plt.close(small)


def test_wide_axes_give_no_warning(case):
    figure, ax = plt.subplots(figsize=(12, 14))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        clss.figures.sociogenogram(case, ax=ax)
    plt.close(figure)


def test_a_path_may_be_a_text(case, tmp_path):
    drawing, clearance = clss.figures.criteria_grid(case), clss.privacy.clear(case)
    assert clss.figures.save(drawing, f"{tmp_path}/a.svg", clearance).read_bytes().startswith(b"<?xml")


# agreement and groups


def test_a_frame_of_judgements_says_where_its_units_are():
    table = np.array([[0, 1, 0, 0, 1, 0], [1, 1, 0, 0, 1, 0.0]])
    frame = pd.DataFrame(table.T, columns=["Meg", "Owen"])
    for measure in (lambda r, **k: krippendorff_alpha(r, seed=1, draws=0, **k), gwet_ac1):
        right = measure(table).value
        assert measure(frame, units="rows").value == right
        assert measure(frame.T, units="columns").value == right
        assert measure(table.tolist()).value == right
        with pytest.raises(ValueError, match="units must be rows or columns"):
            measure(frame)
        with pytest.raises(ValueError, match="units must be one of columns, rows; got cols"):
            measure(frame, units="cols")


# acute myelogenous leukaemia (Miller 1997), as R's survival package has it: maintained, and not
MONTHS = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
EVENT = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]


def test_log_rank_gives_what_survdiff_of_r_gives():
    told = logrank(pd.Series(MONTHS), pd.Series(EVENT) == 1, pd.Series(["m"] * 11 + ["n"] * 12))
    assert told["statistic"] == pytest.approx(3.396389, abs=1e-6)  # survdiff(Surv(time, status) ~ x, aml)
    assert told["p"] == pytest.approx(0.0653393, abs=1e-6)


@given(some.lists(some.tuples(some.integers(1, 12), some.booleans(), some.booleans()), min_size=4, max_size=25))
def test_log_rank_of_two_groups_is_that_of_scipy(rows):
    months, happened, group = (pd.Series(column) for column in zip(*rows, strict=True))
    sides = [
        st.CensoredData(uncensored=months[happened & (group == side)], right=months[~happened & (group == side)])
        for side in (False, True)
    ]
    if group.nunique() < 2 or not happened.any():
        return
    told = logrank(months, happened, group)
    if told["df"] == 0:
        return
    other = st.logrank(*sides)
    assert told["statistic"] == pytest.approx(other.statistic**2)
    assert told["p"] == pytest.approx(other.pvalue)


def test_a_third_group_alike_takes_one_degree_and_adds_nothing_false():
    months, happened = pd.Series(MONTHS * 3), pd.Series(EVENT * 3) == 1
    told = logrank(months, happened, pd.Series(list("abc")).repeat(23).reset_index(drop=True))
    assert told["df"] == 2
    assert told["statistic"] == pytest.approx(0, abs=1e-9)


def test_curves_by_group_are_those_of_each_group_alone(demo):
    kinds = demo.households.set_index("id")["household_type"]
    curves = kaplan_meier(demo, "rehousing", by="household_type")
    for kind, curve in curves.groupby("group"):
        alone = kaplan_meier(demo.among(kinds.index[kinds == kind]), "rehousing")
        pd.testing.assert_frame_equal(curve.drop(columns="group").reset_index(drop=True), alone, check_like=True)
    same = kaplan_meier(demo, "rehousing", by=kinds)
    assert same.equals(curves)
    assert curves.attrs["ungrouped"] == 0
    assert 0 <= curves.attrs["logrank"]["p"] <= 1


def test_the_restricted_mean_is_the_area_under_the_curve(demo):
    curves = kaplan_meier(demo, "rehousing", by="household_type")
    horizon = curves.attrs["horizon"]
    for kind, about in curves.attrs["groups"].items():
        curve = curves[curves["group"] == kind]
        grid = np.arange(0, horizon, 0.001)
        steps = np.append(1.0, curve["waiting"])[np.searchsorted(curve["months"], grid, side="right")]
        assert about["restricted_mean"] == pytest.approx(steps.mean() * horizon, abs=0.01)


def test_the_version_is_that_of_the_package():
    assert clss.__version__.count(".") == 2
