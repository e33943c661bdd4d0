"""Titles that say what a figure shows: counts of rows told and no others, in words, on two lines, the topic below."""

from __future__ import annotations

import pytest
from records_sample import signed
from sociogenogram_cases import actor, child_of, household, person, tie
from test_measures_coding import coded_dataset

import clss_analysis as clss
from clss_analysis.figures import KINDS
from clss_analysis.layout import sociogenogram
from clss_analysis.layout.geometry import Layout
from clss_analysis.records import synthesise
from clss_analysis.records.typography import quoted

PUBLICATION = clss.read("data/publication")
KINDS_THAT_FIND = ("sociogenogram", "criteria-grid", "trajectory", "case-sheet", "relevance-tree")


def words(layout: Layout, name: str) -> str:
    return next((" ".join(label.lines) for label in layout.labels if label.id == name), "")


@pytest.mark.parametrize("kind", KINDS_THAT_FIND)
def test_of_each_household_the_title_is_no_topic_and_has_two_lines_at_most(kind: str) -> None:
    case = PUBLICATION.case("Y")
    for lang in ("fr", "nl", "en"):
        layout = KINDS[kind].draw(case, lang=lang).geometry
        (title,) = (label for label in layout.labels if label.id == "title")
        assert layout.title == words(layout, "title")
        assert len(title.lines) <= 2
        assert words(layout, "subtitle").endswith("Y")
        assert not layout.title.startswith(words(layout, "subtitle").partition(":")[0].strip())
        assert layout.title[0].isupper()


HOME = [person("M"), person("V", life="deceased"), person("B", life="lost"), person("E", life="expected")]
BORN = [link for child in "BE" for link in child_of(child, "M")]
FOUR = [actor(name, label=f"L’agent {name}", kind="professional") for name in "WXYZ"]


@pytest.mark.parametrize(
    ("ties", "title"),
    [
        ([], "Deux personnes, aucun lien avec d’autres n’est dit"),
        (["W-p:M"], "Autour de deux personnes\u202f: l’agent W"),
        (["W-a:X", "W-a:Y", "W-a:Z"],
         "Autour de deux personnes\u202f: quatre services et personnes, tous les autres liés à l’agent W"),
        (["W-a:X", "W-a:Y", "X-a:Y", "X-a:Z", "Y-a:Z", "W-a:Z"],
         "Autour de deux personnes\u202f: quatre services et personnes"),
    ],
)  # fmt: skip
def test_a_sociogenogram_counts_who_is_alive_and_names_one_hub_or_none(ties: list[str], title: str) -> None:
    rows = [tie(f"t{n}", f"a:{each[0]}", each[2:], start="2020-01") for n, each in enumerate(ties)]
    tables = {"persons": HOME, "filiations": BORN, "actors": FOUR, "ties": rows}
    assert sociogenogram(household(tables)).title == title
    assert (
        sociogenogram(household(tables), date="2019-01").title == sociogenogram(household(tables | {"ties": []})).title
    )


def test_what_is_not_told_is_not_counted_and_what_is_unknown_is_said() -> None:
    assert KINDS["criteria-grid"].draw(PUBLICATION.case("C1")).geometry.title.endswith("deux non dits")
    nobody = household({"actors": FOUR, "ties": [tie("t", "a:W", "a:X")]})
    assert sociogenogram(nobody).title == "Autour du ménage\u202f: deux services et personnes"
    bare = sociogenogram(household({}))
    assert bare.title == "Sociogénogramme\u202f: Ménage H"
    assert not words(bare, "subtitle")


def test_what_follows_a_course_is_no_stage_and_criteria_that_are_not_told_make_no_title() -> None:
    """The text counts seven stages; a household accompanied met four or five criteria, whatever its account names."""
    case = PUBLICATION.case("C1")
    assert KINDS["trajectory"].draw(case).geometry.title.startswith("Sept étapes")
    sheet = KINDS["case-sheet"].draw(case).geometry
    assert sheet.title == "Empêcher l’expulsion et trouver un nouveau logement"
    assert "l’impact psychologique est exigé. Dans la pratique, tous les ménages" in " ".join(
        " ".join(label.lines) for label in sheet.labels
    )
    assert KINDS["case-sheet"].draw(PUBLICATION.case("C3")).geometry.title == "Sept étapes, deux pièges"
    assert KINDS["case-sheet"].draw(PUBLICATION.case("C2")).geometry.title == "Six étapes et une suite"
    assert KINDS["case-sheet"].draw(PUBLICATION.case("A")).geometry.title.startswith("Quatre critères remplis")


def test_a_title_of_more_than_two_lines_gives_way_to_the_topic() -> None:
    long = [each | {"label": "L’agent " + "d’une très longue administration " * 8} for each in FOUR]
    rows = [tie(f"t{n}", "a:W", f"a:{each}") for n, each in enumerate("XYZ")]
    layout = sociogenogram(household({"persons": HOME, "filiations": BORN, "actors": long, "ties": rows}))
    assert layout.title == "Sociogénogramme\u202f: Ménage H"


def test_a_synthetic_drawing_keeps_its_mark_over_the_title() -> None:
    layout = clss.figures.trajectory(synthesise(1, 2).case("S001")).geometry
    assert layout.labels[0].id == "banner"
    assert layout.title[0].isupper()


def test_children_without_a_number_are_told_and_not_counted() -> None:
    assert sociogenogram(PUBLICATION.case("C2")).title == (
        "Autour d’une personne et d’enfants, nombre non dit\u202f: sept services et personnes"
    )


def test_boards_charts_and_series_find_too_and_a_topic_stays_where_nothing_is_found() -> None:
    demo = clss.read("data/demo")
    drawn = {kind: KINDS[kind].draw(PUBLICATION).geometry for kind in ("consequences", "mega-sociogenogram")}
    drawn |= {f"demo {kind}": KINDS[kind].draw(demo).geometry for kind in ("problems-impacts", "waiting")}
    drawn |= {case: KINDS["sociogenogram-series"].draw(PUBLICATION.case(case)).geometry for case in ("Y", "C1")}
    assert {kind: layout.title for kind, layout in drawn.items()} == {
        "consequences": "Le mal-logement pèse sur six domaines de la vie",
        "mega-sociogenogram": "Mégasociogénogramme\u202f: 39 services et professionnels autour de 6 ménages",
        "demo problems-impacts": "Le plus souvent ensemble\u202f: Salubrité\u202f: parasites et Troubles du sommeil,"
        " six ménages",
        "demo waiting": "6 ménages sur 20 arrivés au relogement",
        "Y": "Entre juin 2022 et juillet 2022\u202f: un départ",
        "C1": "Famille réfugiée (cas 1)\u202f: le sociogénogramme au fil des mois",
    }
    assert all(
        bool(words(layout, "subtitle")) == (kind in ("demo problems-impacts", "demo waiting", "Y"))
        for kind, layout in drawn.items()
    )


def test_a_chart_given_a_title_has_that_and_no_finding() -> None:
    told = clss.figures.waiting(clss.read("data/demo"), title="Attendre").geometry
    assert told.title == "Attendre"
    assert not words(told, "subtitle")


def test_a_chart_made_anew_for_the_book_keeps_what_it_finds_and_its_topic() -> None:
    drawing = clss.figures.configurations(clss.read("data/demo"))
    assert drawing.titled().geometry == drawing.geometry


def test_what_is_shared_moved_and_said_most_is_the_title_in_three_languages() -> None:
    demo = clss.read("data/demo")
    drawn = {
        f"{name} {kind}": [KINDS[kind].draw(records, lang=lang).geometry for lang in ("fr", "nl", "en")]
        for name, records, kinds in (
            ("", PUBLICATION, ("framework", "concept-lattice", "phasing", "testimonies")),
            ("demo", demo, ("framework", "concept-lattice", "courses", "configurations", "saturation")),
        )
        for kind in kinds
    }
    assert {name: [layout.title for layout in layouts] for name, layouts in drawn.items()} == {
        " framework": [
            "Thème commun aux deux ménages\u202f: "
            + quoted("Ce que l’accompagnement apporte, et ce qu’il ne peut pas"),
            "Gemeenschappelijk thema van de twee huishoudens: “Wat de begeleiding brengt, en wat ze niet kan”",
            "Theme common to the two households: “What support brings, and what it cannot do”",
        ],
        " concept-lattice": [
            "Aucun code n’est dit de plus de deux ménages sur trois",
            "Geen enkele code is bij meer dan twee van de drie huishoudens vermeld",
            "No code is told of more than two of the three households",
        ],
        " phasing": [
            "Six étapes du projet dès septembre\u00a02022", "Zes stappen van het project vanaf september\u00a02022",
            "Six stages of the project from September\u00a02022",
        ],
        " testimonies": [
            "Quatorze paroles\u202f; six fois\u202f: accompagnement collectif",
            "Veertien uitspraken; zes keer: collectieve begeleiding",
            "Fourteen statements; six times: collective support",
        ],
        "demo framework": [
            "Aucun thème n’est commun à plus de douze ménages sur quinze",
            "Geen enkel thema is gemeen aan meer dan twaalf van de vijftien huishoudens",
            "No theme is common to more than twelve of the fifteen households",
        ],
        "demo concept-lattice": [
            "Dit de 11 ménages sur 20\u202f: «\u202fangoisse, crises d’angoisse\u202f»",
            "Vermeld bij 11 van de 20 huishoudens: “angst, angstaanvallen”",
            "Told of 11 of the 20 households: “anxiety, anxiety attacks”",
        ],
        "demo courses": [
            "Huit des vingt ménages changent de situation",
            "Acht van de twintig huishoudens veranderen van situatie",
            "Eight of the twenty households change situation",
        ],
        "demo configurations": [
            "Une combinaison de critères va avec un problème résolu",
            "Eén combinatie van criteria gaat met een opgelost probleem samen",
            "One combination of criteria goes with a solved problem",
        ],
        "demo saturation": [
            "Le dernier code nouveau vient au ménage de rang 4 sur 15",
            "De laatste nieuwe code komt bij huishouden 4 van 15",
            "The last new code comes with household 4 of 15",
        ],
    }  # fmt: skip
    for layout in (layout for layouts in drawn.values() for layout in layouts):
        assert words(layout, "subtitle")
        assert max(len(label.lines) for label in layout.labels if label.id == "title") <= 2


def test_no_title_says_more_than_is_told() -> None:
    """Of stages without a month no beginning, of kinds of equal number none, of an unknown order no last code."""
    phases, said = PUBLICATION.phases, PUBLICATION.statements
    undated = phases.assign(start=phases["start"].where(phases["order"] > 1))
    each = {
        kind: [KINDS[kind].draw(PUBLICATION.with_tables(**{table: rows})).geometry.title for rows in tables]
        for kind, table, tables in (
            ("phasing", "phases", (phases.head(1), undated)),
            ("testimonies", "statements",
             (said[said["context"] == "team"], said.groupby("context").head(2), said.head(1))),
        )
    }  # fmt: skip
    assert each == {
        "phasing": ["Une étape du projet dès septembre\u00a02022", "Six étapes du projet"],
        "testimonies": [
            "Trois paroles\u202f; toutes\u202f: équipe", "Six paroles", "Une parole\u202f: accompagnement individuel",
        ],
    }  # fmt: skip
    coded = coded_dataset()
    homes = coded.households.assign(intake=coded.households["intake"].where(coded.households["id"] != "S001"))
    for records, title in (
        (coded, "Le dernier code nouveau vient au ménage de rang"),
        (coded.with_tables(households=homes), "Un ménage de plus"),
    ):
        assert KINDS["saturation"].draw(signed(records)).geometry.title.startswith(title)
