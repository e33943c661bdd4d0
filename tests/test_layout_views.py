"""Views of a household's ties, and their numbered table: nobody moves, what is left out is said, none is told twice."""

from __future__ import annotations

import re

import pytest
from sociogenogram_cases import Rows, actor, couple, dense, household, person, tie

from clss_analysis.cli import main
from clss_analysis.figures.kinds import sociogenogram as kinds
from clss_analysis.layout import sociogenogram
from clss_analysis.layout.genogram.changes import course
from clss_analysis.layout.genogram.tie_table import numbered, tie_frame
from clss_analysis.layout.genogram.views import View
from clss_analysis.layout.geometry import Layout, overlaps, strikes
from clss_analysis.records import synthesise, write

ROWS: Rows = {
    "persons": [person("M", label="La mère"), person("F", label="Le père")],
    "actors": [actor(name) for name in "XYZ"],
    "ties": [
        tie("1", "p:M", "a:X", "two_way", start="2022-01"),
        tie("2", "a:Y", "p:F", quality="tense", start="2023-01"),
        tie("3", "a:X", "a:Y", start="2022-01"),
        tie("4", "a:Z", "", start="2022-01", end="2022-06"),
    ],
}


def drawn(layout: Layout) -> set[tuple[str, str]]:
    return {(line.source, line.target) for line in layout.lines if line.kind == "arrow"}


def places(layout: Layout) -> dict[str, float]:
    boxes = {s.id: s.box for s in layout.symbols if s.kind != "legend"}
    return {f"{name} {side}": edge for name, box in boxes.items() for side, edge in enumerate(box)}


@pytest.mark.parametrize(
    ("view", "arrows", "left"),
    [
        (View(person="M"), {("person-M", "actor-X"), ("actor-X", "person-M")}, "trois liens sur quatre"),
        (View(service="X"), {("person-M", "actor-X"), ("actor-X", "person-M"), ("actor-X", "actor-Y")},
         "deux liens sur quatre"),
        (View(arrow="tense"), {("actor-Y", "person-F")}, "trois liens sur quatre"),
        (View(arrow="calls"), {("person-M", "actor-X")}, "trois liens sur quatre"),
        (View(service="X", arrow="helps"), {("actor-X", "person-M")}, "trois liens sur quatre"),
    ],
)  # fmt: skip
def test_a_view_draws_what_is_asked_and_says_what_it_leaves_out(
    view: View, arrows: set[tuple[str, str]], left: str
) -> None:
    case = household(ROWS)
    whole, layout = sociogenogram(case), sociogenogram(case, view=view)
    assert drawn(layout) == arrows
    assert places(layout) == pytest.approx(places(whole))
    assert left in layout.caption
    assert left in layout.alt
    assert left in layout.description
    assert left in " ".join(label.text for label in layout.labels)
    assert layout.quality["overlaps"] == layout.quality["strikes"] == 0


def test_a_view_of_a_month_counts_the_ties_of_that_month() -> None:
    case = household(ROWS)
    view = sociogenogram(case, date="2022-08", view=View(person="F"))
    assert drawn(view) == set()
    assert "deux liens sur deux ne sont pas dessinés" in view.caption
    assert places(view).keys() == places(sociogenogram(case, date="2022-08")).keys()


def test_in_a_dense_month_every_tie_of_a_service_has_its_own_arrow() -> None:
    case = dense(2)
    layout = sociogenogram(case, date="2022-08", view=View(service="s03"))
    rows = [row.row for line in layout.lines if line.kind == "arrow" for row in line.rows]
    own = case.ties[(case.ties["from_actor"] == "s03") | (case.ties["to_actor"] == "s03")]
    assert rows
    assert set(rows) <= set(own["id"])
    assert all("s03" in line.source + line.target for line in layout.lines if line.kind == "arrow")


@pytest.mark.parametrize("view", [View(person="X"), View(service="M"), View(arrow="blue")])
def test_a_view_of_what_the_household_does_not_know_is_refused(view: View) -> None:
    with pytest.raises(ValueError, match="must be one of"):
        sociogenogram(household(ROWS), view=view)


def test_a_numbered_picture_has_every_tie_in_a_table_and_its_description_leaves_them_to_it() -> None:
    case = household(ROWS | {"ties": [*ROWS["ties"], tie("5", "a:X", "p:M", strength="strong", quality="ordinary")]})
    plain = sociogenogram(case)
    layout = numbered(plain, case, asked=True)
    assert overlaps(layout) == []
    assert strikes(layout) == []
    assert numbered(plain, case) is plain
    frame = tie_frame(layout)
    assert frame.columns.tolist() == ["N°", "De", "Vers", "Lien", "Quand"]
    fresh = [label for label in layout.labels if label not in plain.labels]
    (credit,) = (label for label in fresh if label.id.startswith("note-"))
    assert credit.text.startswith("Entre crochets\u202f: le numéro de la flèche dans la table des liens. D’après")
    signs = {label.of: label.text for label in fresh if label is not credit}
    assert {line: f"[{number}]" for lines, number, *_ in layout.ties for line in lines.split()[:1]} == signs
    told = set(frame.drop(columns="N°").itertuples(index=False, name=None))
    assert told == {
        ("La mère", "Service X", "réciproque", "depuis janv.\u00a02022"),
        ("Service X", "La mère", "fort, ordinaire", "non dit"),
        ("Service Y", "Le père", "tendu", "depuis janv.\u00a02023"),
        ("Service X", "Service Y", "non dit", "depuis janv.\u00a02022"),
        ("Service Z", "le ménage", "non dit", "depuis janv.\u00a02022, jusqu’en juin\u00a02022"),
    }
    assert "Service Z" in plain.description
    assert layout.description == plain.description.split("\n")[0]
    drawing = kinds.draw(case, numbers=True)
    assert drawing.inline is not None
    assert drawing.inline._repr_html_().count("<tr") == 1 + len(case.ties)


def test_a_dense_picture_has_its_numbers_unasked() -> None:
    case = dense(2)
    assert kinds.draw(case, date="2022-08").geometry.ties
    assert not kinds.draw(case, date="2022-08", service="s03").geometry.ties


def test_a_file_of_a_dense_picture_has_its_table_beside_it_and_any_other_none(tmp_path, monkeypatch, capsys) -> None:
    write(synthesise(1, 4), tmp_path / "records")
    words = ["figure", "sociogenogram", "--dataset", str(tmp_path / "records"), "--case", "S001", "--out"]
    assert main([*words, str(tmp_path / "peu.svg")]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("clss_analysis.layout.genogram.tie_table.DENSE", 1)
    heads = {"fr": "N°,De,Vers,Lien,Quand", "nl": "Nr.,Van,Naar,Band,Wanneer", "en": "No.,From,To,Tie,When"}
    for lang, head in heads.items():
        picture = tmp_path / f"{lang}.svg"
        assert main([*words, str(picture), "--lang", lang]) == 0
        table = (tmp_path / f"{lang}-liens.csv").read_text("utf-8-sig").splitlines()
        assert table[0] == head
        assert {f"[{line.partition(',')[0]}]" for line in table[1:]} == set(
            re.findall(r"\[\d+\]", picture.read_text("utf-8"))
        )
        assert f"{lang}-liens.csv" in capsys.readouterr().err
    assert not (tmp_path / "peu-liens.csv").exists()


def test_a_series_says_that_two_persons_married_and_that_they_parted() -> None:
    rows = [couple("M", "F", "married") | {"start": "2015-03"}]
    told = {"persons": ROWS["persons"], "couples": rows}
    assert [m.words for m in course(household(told)).moments[1:]] == ["Le père et la mère\u202f: couple marié."]
    rows[0] |= {"state": "divorced", "end": "2021-06"}
    words = [m.words for m in course(household(told), lang="en").moments[1:]]
    assert words == ["Le père and la mère: married.", "Le père and la mère: divorced."]
