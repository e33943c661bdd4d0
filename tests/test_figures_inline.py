"""Sociogenograms inside a page: named parts, ids of their own, hostile words that stay words, the same bytes."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from sociogenogram_cases import Rows, actor, household, person, tie

import clss_analysis as clss
from clss_analysis.figures import sociogenogram, sociogenogram_series, sociogenogram_slider
from clss_analysis.records import Case

SVG = "{http://www.w3.org/2000/svg}"


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def case() -> Case:
    return clss.read("data/publication").case("C1")


def page_of(case: Case, name: str = "C1") -> str:
    drawn = sociogenogram(case).inline
    assert drawn is not None
    return drawn(name)


def picture(html: str) -> ET.Element:
    found = re.search(r"<svg.*</svg>", html, re.DOTALL)
    assert found
    return ET.fromstring(found[0])  # noqa: S314  # made by the test itself


def test_every_symbol_and_line_is_a_group_with_a_title_and_a_name(case: Case) -> None:
    layout = sociogenogram(case).geometry
    groups = [g for g in picture(page_of(case)).iter(f"{SVG}g") if "partie" in g.get("class", "")]
    assert len(groups) == len(layout.parts)
    for group in groups:
        title = group.find(f"{SVG}title")
        assert title is not None
        assert title.text == group.get("aria-label")
        assert group.get("role") == "img"
    names = [str(g.get("aria-label")) for g in groups]
    assert "La mère, femme, personne de référence, vit dans le ménage" in names
    assert any(n.startswith("le ménage vers CPAS de Molenbeek") and "jusqu’en févr.\u00a02024" in n for n in names)
    stops = [g.get("class", "").split()[1] for g in groups if g.get("tabindex") == "0"]
    order = {"household": 0, "person": 1, "other": 2, "service": 3}
    assert stops == sorted(stops, key=order.__getitem__), "people first, then services"


def test_the_drawing_says_what_it_is_and_where_its_description_stands(case: Case) -> None:
    layout, html = sociogenogram(case).geometry, page_of(case)
    svg = picture(html)
    assert svg.get("aria-label") == layout.alt
    desc = svg.find(f"{SVG}desc")
    assert desc is not None
    assert desc.text == layout.description
    ids = {attrs["id"] for _, attrs in Tags(html).found if "id" in attrs}
    assert {svg.get("aria-details"), svg.get("aria-describedby")} <= ids


def test_ids_are_the_page_s_own_and_come_once(case: Case) -> None:
    slider = sociogenogram_series(case).inline
    assert slider is not None
    ids = [str(a["id"]) for html in (page_of(case, "f7"), slider("f8")) for _, a in Tags(html).found if "id" in a]
    assert [name for name, times in Counter(ids).items() if times > 1] == []
    assert all(name.startswith(("f7-", "f8-")) for name in ids)


def test_same_case_same_bytes(case: Case) -> None:
    assert page_of(case) == page_of(case)
    assert sociogenogram_slider(case)._repr_html_() == sociogenogram_slider(case)._repr_html_()


def test_hostile_words_stay_words() -> None:
    words = "\"><script>alert(1)</script>' onload=x &lt; ]]> {0}"
    rows: Rows = {
        "persons": [person("M", label=words)],
        "actors": [actor("s", label=words, institution=words)],
        "ties": [tie("1", "a:s", "p:M", label=words, start="2023-03")],
    }
    made = household(rows)
    for html in (page_of(made, "x"), sociogenogram_slider(made)("y")):
        tags = Tags(html).found
        assert "script" not in {tag for tag, _ in tags}
        assert not [a for _, attrs in tags for a in attrs if a.startswith("on")]
        label = next(a["aria-label"] for _, a in tags if a.get("data-id") == "person-M")
        assert label is not None
        assert label.startswith(words)
        picture(html)


def test_nothing_is_fetched_and_nothing_is_written_into_attributes(case: Case) -> None:
    html = sociogenogram_slider(case)("m")
    assert "<style" not in html
    assert not re.search(r"\sstyle=", html)
    assert "<script" not in html
    assert set(re.findall(r"https?://[^\s\"<]+", sociogenogram_slider(case)._repr_html_())) <= {
        "http://www.w3.org/2000/svg"
    }


def test_a_slider_has_a_stop_for_every_month(case: Case) -> None:
    tags = Tags(sociogenogram_slider(case)("m")).found
    (slider,) = (a for tag, a in tags if tag == "input")
    assert (slider["type"], slider["min"], slider["max"]) == ("range", "0", "4")
    assert slider["aria-valuetext"] == "novembre 2023, début du suivi"
    months = [a["data-mois"] for tag, a in tags if tag == "li"]
    assert months[1:] == ["décembre 2023", "janvier 2024", "février 2024", "mars 2024"]
    there = {a["data-m"] for _, a in tags if a.get("data-m")}
    assert there == {"0-4", "0-3"}


def test_in_jupyter_it_shows_itself(case: Case) -> None:
    bundle = sociogenogram_series(case)._repr_mimebundle_()
    assert bundle.keys() == {"image/svg+xml", "text/html", "text/plain"}
    assert 'type="range"' in bundle["text/html"]
    assert "text/html" not in clss.figures.trajectory(case)._repr_mimebundle_()
