"""What only one engine would render is named by file and line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml
from book_runs import SAMPLE, make_runs

from clss_analysis.publish import BookError, lint, read_project
from clss_analysis.publish.project import KEYS

CHAPTERS = ("in", "01", "02", "03", "04", "05", "06", "re", "11")
TECHNIQUE = ("15", "07", "08", "13", "14", "09", "10", "12")
BOOK = Path(__file__).parents[1] / "book"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return make_runs(tmp_path_factory.mktemp("made") / "runs")


@pytest.fixture
def book(tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "livre")
    return tmp_path / "livre"


def test_the_sample_is_clean(runs):
    assert lint(SAMPLE, runs) == []


def test_the_book_itself_is_clean_as_far_as_it_can_be_told_without_runs(tmp_path):
    assert [str(fault) for fault in lint(BOOK, tmp_path / "none")] == []


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("{{< embed notebook.ipynb#fig-x >}}", "raccourci embed"),
        ("{{< video film.mp4 >}}", "raccourci video"),
        ("avant {{< include 01-un.md >}}", "seul sur sa ligne"),
        ("{{< include _runs/rien.md >}}", "fragment introuvable"),
        ("{{< include ../secret.md >}}", "fragment introuvable"),
        ("{{< var rien.du.tout >}}", "variable inconnue"),
        ("::: {.panel-tabset}", "bloc :::"),
        ("::: {#fig-deux layout-ncol=2}", "bloc :::"),
        ("::: {.column-margin}", "bloc :::"),
        ("::: {#fig-groupe}", "bloc :::"),
        ("::: {.grid}", "bloc :::"),
        ("::: {.column-page}", "bloc :::"),
        ("::: {.landscape}", "bloc :::"),
        ("::: {.callout-note icon=false}", "bloc :::"),
        ("::: {.callout-astuce}", "bloc :::"),
        ("{{< meta title >}}", "raccourci meta"),
        ("{{< lipsum 1 >}}", "raccourci lipsum"),
        ('![a](x.svg){#fig-a fig-alt="b" lightbox=true}', "mise en page"),
        ('![a](x.svg){#fig-a fig-alt="b" fig-pos="H"}', "mise en page"),
        ("voir @lst-code", "seuls @fig"),
        ("voir @thm-un", "seuls @fig"),
        ("du code `{r} 1+1`", "cellule exécutable"),
        ("un [mot]{.aside}", "marque entre crochets"),
        ("un `x`{=typst}", "HTML brut"),
        ("::: {.callout-note collapse=true}", "bloc :::"),
        ("::: {.content-visible when-format=html}", "bloc :::"),
        ('::: {.content-visible when-format="html"}', "bloc :::"),
        ('::: {.content-hidden when-format="typst"}', "bloc :::"),
        ("::: {.content-visible}", "bloc :::"),
        ('un [mot]{.content-visible when-format="typst"}', "marque entre crochets"),
        ('![a](x.svg){#fig-a fig-alt="b" layout-ncol=2}', "mise en page"),
        ("![a](x.svg){#fig-a}", "texte de remplacement"),
        ('![a](x.svg){#fig-a fig-alt=""}', "texte de remplacement"),
        ('![a](https://example.org/x.svg){#fig-a fig-alt="b"}', "dossier du livre"),
        ('<div class="x">', "HTML brut"),
        ("du <b>gras</b> ici", "HTML brut"),
        ("```{python}", "cellule exécutable"),
        ("```{=html}", "cellule exécutable"),
        ("$$x$$", "formule"),
        ("soit $x^2$ ici", "formule"),
        ("voir @fig-nulle", "renvoi sans cible"),
        ("voir @eq-un", "seuls @fig"),
        ("voir [@personne1999]", "bibliographie"),
        ("une note[^perdue]", "note de bas de page sans texte"),
        ("# Second titre", "un titre de premier niveau"),
        ("#### Trop profond", "niveau de titre"),
        ("## Encore {#sec-un}", "deux fois"),
    ],
)
def test_each_construct_is_named_with_its_file_and_line(book, runs, line, rule):
    path = book / "02-deux.md"
    path.write_text(f"# Deux {{#sec-deux}}\n\n{line}\n", encoding="utf-8")
    faults = [fault for fault in lint(book, runs) if fault.file == "02-deux.md"]
    assert [fault for fault in faults if fault.row == 3 and rule in fault.rule.replace("\u202f", " ")], faults


@pytest.mark.parametrize(
    "line",
    [
        "`<b>` et `{{< embed x >}}` et `@fig-x` dans du code",
        "<https://example.org/?a=b>",
        "5 € et 6 $, puis 7 $",
        "a \\< b",
        "courriel : quelqu\\@example.org",
        '::: {.callout-tip title="Un titre"}\nx\n:::',
        "::: {lang=en}\nx\n:::",
        '::: {.content-visible when-format="typst"}\nx\n:::',
        '::: {.content-visible unless-format="typst"}\nx\n:::',
        "<!-- une remarque -->",
        'un [mot]{.notion} et [des mots]{.notion terme="mot"}',
        "```\n<b>{{< embed >}}\n```",
    ],
)
def test_what_both_engines_render_is_let_through(book, runs, line):
    text = (book / "02-deux.md").read_text(encoding="utf-8")
    (book / "02-deux.md").write_text(f"{text}\n{line}\n", encoding="utf-8")
    assert lint(book, runs) == []


def test_front_matter_and_a_missing_title_are_named(book, runs):
    (book / "02-deux.md").write_text("---\ntitle: Deux\n---\n\n## Deux\n", encoding="utf-8")
    found = {(fault.row, fault.rule[:12]) for fault in lint(book, runs) if fault.file == "02-deux.md"}
    assert (1, "en-tête YAML") in found
    assert (1, "un chapitre ") in found


def test_a_fault_in_a_fragment_names_the_fragment(book, runs, tmp_path):
    shutil.copytree(runs, tmp_path / "runs")
    path = tmp_path / "runs" / "menage-E.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n<i>brut</i>\n", encoding="utf-8")
    faults = lint(book, tmp_path / "runs")
    assert {fault.file for fault in faults} >= {"_runs/menage-E.md"}


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("  type: book", "  type: book\n  couleur: rouge"), 3),
        (("book:\n", "book:\n  titre: x\n"), 6),
        (("lang: fr-BE", "lang: fr-BE\nmoteur: autre"), 23),
    ],
)
def test_unknown_keys_of_the_project_file_are_named_with_their_line(book, change, line):
    path = book / "_quarto.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(BookError) as caught:
        read_project(book)
    assert [(fault.file, fault.row) for fault in caught.value.faults] == [("_quarto.yml", line)]


@pytest.mark.parametrize(
    "change",
    [
        ("- index.md", "- ../index.md"),
        ("- index.md", "- rien.md"),
        ("- index.md", "- 01-un.md"),
        ('date: "2025-12-01"', 'date: "hier"'),
        ("bibliography: references.bib", "bibliography: /etc/hostname"),
        ("project:", "project: ["),
    ],
)
def test_a_project_file_that_cannot_be_used_is_refused(book, change):
    path = book / "_quarto.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(BookError):
        read_project(book)


def test_the_book_project_uses_only_known_keys_and_has_the_chapters_of_the_publication():
    project = read_project(BOOK)
    assert [chapter.file[:2] for chapter in project.chapters] == [*CHAPTERS, *TECHNIQUE]
    assert [chapter.file[:2] for chapter in project.chapters if chapter.technical] == [*TECHNIQUE]
    settings = yaml.safe_load((BOOK / "_quarto.yml").read_text(encoding="utf-8"))
    assert set(settings) <= KEYS[""]
    assert settings["project"] == {"type": "book", "output-dir": "_book"}
    assert settings["book"]["output-file"] == "clss"


def test_every_page_of_the_recueil_exists():
    project = read_project(BOOK)
    names = project.variables["recueil"]
    assert sorted(names) == sorted(path.name for path in (BOOK / "recueil").glob("*.md"))
    assert all(re.fullmatch(r"[a-z-]+\.md", name) for name in names)
