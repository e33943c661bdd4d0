"""The sociogenogram's ink: colours and dashes by kind, one artist a line, and pictures as they were looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conftest import TOLERANCE, assert_same_picture, picture_difference
from matplotlib.colors import to_hex
from sociogenogram_cases import actor, household, person, tie

import clss_analysis as clss
from clss_analysis.figures import draw, sociogenogram
from clss_analysis.figures.style import LOOKS
from clss_analysis.palette import BLUE, GREEN, ORANGE, RED

COLOURS = {"living": BLUE, "helps": ORANGE, "calls": RED, "working": GREEN}


@pytest.fixture(scope="module")
def publication() -> clss.Records:
    return clss.read("data/publication")


def test_each_kind_has_its_colour_and_its_dash() -> None:
    dashes = {kind: LOOKS[f"tie-{kind}"].dash for kind in [*COLOURS, "other", "unknown-mixed"]}
    assert len(set(dashes.values())) == len(dashes)
    for kind, colour in COLOURS.items():
        assert LOOKS[f"tie-{kind}"].edge == colour
        assert LOOKS[f"tie-{kind}"].head
    assert not LOOKS["tie-unknown-mixed"].head


def test_a_tie_of_unknown_direction_is_drawn_unlike_any_known_one() -> None:
    rows = {
        "persons": [person("M")],
        "actors": [actor("s"), actor("u")],
        "ties": [tie("1", "a:s", "p:M"), tie("2", "a:u", "p:M", "unknown"), tie("3", "a:u", "a:s", "unknown")],
    }
    drawing = sociogenogram(household(rows))
    looks = {line.id: LOOKS[line.role] for line in drawing.geometry.lines if line.kind == "arrow"}
    assert [looks[f"tie-{n}"].head for n in "123"] == [True, False, False]
    known = {LOOKS[f"tie-{kind}"].dash for kind in [*COLOURS, "other"]}
    assert known.isdisjoint({looks["tie-2"].dash, looks["tie-3"].dash})
    assert "lien de sens inconnu" in {" ".join(b.lines) for b in drawing.geometry.labels}


def test_artists_carry_their_ids_colours_and_dashes(publication: clss.Records) -> None:
    drawing = sociogenogram(publication.case("Y"))
    (axes,) = drawing.axes
    artists = {line.get_gid(): line for line in axes.lines if line.get_gid()}
    drawn = {line.id: line for line in drawing.geometry.lines}
    assert artists.keys() == drawn.keys()
    for name, line in drawn.items():
        look = LOOKS[line.role]
        assert to_hex(artists[name].get_color()) == look.edge
        assert (artists[name].get_linestyle() == "-") == (not look.dash)
    symbols = {patch.get_gid() for patch in axes.patches if patch.get_gid()}
    assert symbols == {symbol.id for symbol in drawing.geometry.symbols}


def test_shows_itself_in_jupyter(publication: clss.Records) -> None:
    bundle = sociogenogram(publication.case("N"))._repr_mimebundle_()
    assert "<svg" in bundle["image/svg+xml"]
    assert bundle["image/svg+xml"] == sociogenogram(publication.case("N"))._repr_mimebundle_()["image/svg+xml"]


def test_hostile_words_are_drawn_as_words() -> None:
    rows = {"persons": [person("M", label="$\\frac{1}{0}$ <b>")], "actors": [actor("s")], "ties": [tie("1", "a:s", "")]}
    svg = sociogenogram(household(rows))._repr_mimebundle_()["image/svg+xml"]
    assert "<b>" not in svg


@pytest.mark.parametrize("case", ["C1", "C3", "Y"])
def test_pictures_are_as_they_were(publication: clss.Records, case: str) -> None:
    assert_same_picture(sociogenogram(publication.case(case)), f"sociogenogram-{case}")


def test_the_comparison_can_fail(publication: clss.Records) -> None:
    layout = sociogenogram(publication.case("C3")).geometry
    fewer = replace(layout, symbols=layout.symbols[:-3], labels=layout.labels[:-3])
    assert picture_difference(draw(fewer), "sociogenogram-C3") > TOLERANCE
