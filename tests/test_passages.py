"""The door: the finished text of a book is read against what was decided, right before anything is written."""

from __future__ import annotations

import csv
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from book_runs import CLEARANCE, DATASET, SAMPLE, SOFTWARE, make_runs
from canary import canaries

import clss_analysis as clss
from clss_analysis.cli import main
from clss_analysis.privacy import Clearance, NotClearedError
from clss_analysis.privacy.passages import kept_decisions, undecided_passages
from clss_analysis.privacy.review import undecided
from clss_analysis.privacy.reviewing import review
from clss_analysis.privacy.texts import texts_of
from clss_analysis.publish import build_book
from clss_analysis.publish.brief import pack_faults, tell
from clss_analysis.publish.build import book_texts
from clss_analysis.publish.new_house import new_house
from clss_analysis.publish.passages import known_words, passages, pieces
from clss_analysis.publish.project import BookError, read_project
from clss_analysis.publish.source import Line
from clss_analysis.records import read, synthesise, write
from clss_analysis.records.house import house_at
from clss_analysis.records.house_settings import TEXTS
from clss_analysis.records.vocabulary import LANGUAGES, message
from clss_analysis.records.workbook import blank_records

ROOT = Path(__file__).parents[1]
NAME = "Oumaïma Zerrouk-Vanpoucke"
OTHER = "0475 86 31 09"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_runs(tmp_path_factory.mktemp("door") / "runs")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return shutil.copytree(SAMPLE, tmp_path / "book")


def made(book: Path, runs: Path, out: Path, clearance: Clearance | None = CLEARANCE, **options: object) -> Path:
    build_book(book, runs, out, formats=("html",), dataset=DATASET, software=SOFTWARE, clearance=clearance, **options)
    return out


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


PLACES = {
    "chapter": ("02-deux.md", f"\nVu {NAME} ce matin.\n"),
    "table": ("02-deux.md", f"\n| Qui | Quand |\n|---|---|\n| {NAME} | hier |\n"),
    "code": ("02-deux.md", f"\n```\n{NAME}\n```\n"),
    "caption": ("02-deux.md", f'\n![Photo de {NAME}](_runs/figures/essai-petite.svg){{fig-alt="Un dessin."}}\n'),
    "alt": ("02-deux.md", f'\n![Photo](_runs/figures/essai-petite.svg){{fig-alt="Le salon de {NAME}."}}\n'),
    "note": ("02-deux.md", f"\nUn fait.[^autre]\n\n[^autre]: Dit par {NAME}.\n"),
    "title": ("02-deux.md", f'\n::: {{.callout-note title="{NAME}"}}\nUne note.\n:::\n'),
    "link": ("02-deux.md", "\n[Écrire](mailto:oumaima.zerrouk@gmail.com)\n"),
    "link title": ("02-deux.md", f'\n[La page](https://exemple.be "Chez {NAME}").\n'),
    "id": ("02-deux.md", "\n## Un titre {#sec-oumaima-zerrouk}\n"),
    "file": ("02-deux.md", "\n[Écouter](son/oumaima-zerrouk.mp3)\n"),
    "file with accents": ("02-deux.md", "\n[Écouter](son/Ouma%C3%AFma%20Zerrouk.mp3)\n"),
    "cited in a caption": (
        "02-deux.md",
        '\n![Photo [@zerrouk2020]](_runs/figures/essai-petite.svg){fig-alt="Un dessin."}\n',
    ),
    "row": ("02-deux.md", '\n[Un fait]{.fait title="Ligne" data-rows="persons/oumaima-zerrouk"}.\n'),
    "number": ("02-deux.md", f"\nRappeler au {OTHER}.\n"),
    "dutch": ("02-deux.md", f"\n::: {{lang=nl}}\nVraag het aan {NAME}.\n:::\n"),
}


@pytest.mark.parametrize("where", PLACES)
def test_a_word_written_last_stops_by_file_and_line_and_is_not_repeated(
    where: str, book: Path, runs: Path, tmp_path: Path
) -> None:
    file, text = PLACES[where]
    append(book / file, text)
    with pytest.raises(NotClearedError, match=rf"{file}, ligne \d+, signes \d+") as stopped:
        made(book, runs, tmp_path / "out")
    assert "Zerrouk" not in str(stopped.value)
    assert OTHER not in str(stopped.value)
    assert "clss review" in str(stopped.value)
    assert not (tmp_path / "out").exists()


WORKS = {
    "title": f"@misc{{f1, title = {{Entretien avec {NAME}}}}}",
    "author": "@misc{f1, author = {Zerrouk-Vanpoucke, Oumaïma}, title = {Un entretien}}",
    "key": "@misc{oumaima-zerrouk, title = {Un entretien}}",
    "how": f"@misc{{f1, title = {{Un entretien}}, howpublished = {{chez {NAME}}}}}",
    "link": "@online{f1, title = {Une page}, url = {https://exemple.be/oumaima-zerrouk}}",
    "report": f"@report{{f1, title = {{Visite chez {NAME}}}, institution = {{La maison}}}}",
    "note": f"@book{{f1, author = {{Rogers, Carl}}, title = {{Un livre}}, publisher = {{X}}, note = {{tél. {OTHER}}}}}",
    "no publisher": f"@book{{f1, title = {{Le cahier de {NAME}}}}}",
    "from a name": f"@string{{who = {{{NAME}}}}}\n@misc{{f1, title = who}}",
}


@pytest.mark.parametrize("where", WORKS)
def test_a_work_that_nobody_published_is_read_like_a_chapter(
    where: str, book: Path, runs: Path, tmp_path: Path
) -> None:
    append(book / "references.bib", f"\n{WORKS[where]}\n")
    with pytest.raises(NotClearedError, match=r"references\.bib, [\w-]+, signes \d+") as stopped:
        made(book, runs, tmp_path / "out")
    assert NAME not in str(stopped.value)
    assert not (tmp_path / "out").exists()


def test_a_published_work_asks_nothing(book: Path, runs: Path, tmp_path: Path) -> None:
    entry = "author = {Zerrouk, Oumaïma}, title = {Vivre chez Mme Vanpoucke}, publisher = {Éditions du Canal}"
    append(book / "references.bib", f"\n@book{{zerrouk2020, {entry}, year = {{2020}}}}\n")
    append(book / "02-deux.md", "\nOumaïma Zerrouk l’a écrit [@zerrouk2020].\n")
    assert made(book, runs, tmp_path / "out").is_dir()


def test_a_work_in_another_language_leaves_the_book_in_its_own(book: Path, runs: Path, tmp_path: Path) -> None:
    entry = "author = {Un, A. and Deux, B.}, title = {A book}, publisher = {X}, year = {2020}, langid = {english}"
    append(book / "references.bib", f"\n@book{{un2020, {entry}}}\n")
    append(book / "02-deux.md", "\nD’autres l’ont dit [@un2020].\n")
    assert "(Un et Deux, 2020)" in re.sub(
        r"<[^>]+>", "", (made(book, runs, tmp_path / "out") / "02-deux.html").read_text("utf-8")
    )


def test_a_bibliography_that_cannot_be_read_is_named(book: Path, runs: Path, tmp_path: Path) -> None:
    append(book / "references.bib", f"\n@book{{rogers, title = {{{NAME}\n")
    with pytest.raises(BookError, match=r"references\.bib") as stopped:
        made(book, runs, tmp_path / "out")
    assert NAME not in str(stopped.value)


def test_the_words_of_the_project_and_its_variables_are_read(book: Path, runs: Path, tmp_path: Path) -> None:
    settings = (book / "_quarto.yml").read_text(encoding="utf-8")
    title = read_project(book).author
    (book / "_quarto.yml").write_text(settings.replace(title, NAME), encoding="utf-8")
    with pytest.raises(NotClearedError, match=r"_quarto\.yml, author"):
        made(book, runs, tmp_path / "out")
    (book / "_quarto.yml").write_text(settings, encoding="utf-8")
    append(book / "_variables.yml", f"\ncontact: {NAME}\n")
    append(book / "02-deux.md", "\nÉcrire à {{< var contact >}}.\n")
    with pytest.raises(NotClearedError, match=r"02-deux\.md, ligne"):
        made(book, runs, tmp_path / "out")


@pytest.mark.parametrize("key", [key for key in TEXTS if key not in ("name", "place")])
def test_every_text_of_the_settings_is_read(key: str, book: Path) -> None:
    """A new key of `clss.toml` is looked through like the others: only who the house is needs no decision."""
    project = read_project(book)
    project = replace(project, house=replace(project.house, **{key: f"{NAME}, {OTHER}"}))
    told = passages((), project)
    found = undecided_passages(told, CLEARANCE.records, known=known_words(book, project))
    assert {(str(each.row), each.finding.kind) for each in found} == {
        (f"clss.toml, {key}", "person"), (f"clss.toml, {key}", "phone")
    }  # fmt: skip


def test_a_fragment_and_what_is_said_of_a_figure_are_read(book: Path, runs: Path, tmp_path: Path) -> None:
    runs = shutil.copytree(runs, tmp_path / "runs")
    fragment = (runs / "menage-E.md").read_text(encoding="utf-8")
    append(runs / "menage-E.md", f"\n    0  {NAME}  34\n")
    with pytest.raises(NotClearedError, match=r"_runs/menage-E\.md, ligne"):
        made(book, runs, tmp_path / "out")
    svg = runs / "figures" / "essai-petite.svg"
    plain = svg.read_text(encoding="utf-8")
    svg.write_text(plain.replace("</svg>", f'<text x="1">Chez <tspan>{NAME}</tspan></text></svg>'), encoding="utf-8")
    (runs / "menage-E.md").write_text(fragment, encoding="utf-8")
    with pytest.raises(NotClearedError, match=r"figures/essai-petite\.svg"):
        made(book, runs, tmp_path / "out")
    svg.write_text(plain, encoding="utf-8")
    about = {"id": "e-zerrouk", "kind": "axes", "case": None, "caption": NAME, "alt": "-", "rows": []}
    with pytest.raises(NotClearedError, match="e-zerrouk, caption"):
        made(book, runs, tmp_path / "out", figures=[about])
    with pytest.raises(NotClearedError, match="figures/e-zerrouk"):
        made(book, runs, tmp_path / "out", figures=[about | {"caption": "-"}])


def test_without_a_clearance_the_word_synthetic_opens_nothing(book: Path, runs: Path, tmp_path: Path) -> None:
    with pytest.raises(NotClearedError):
        made(book, runs, tmp_path / "out", clearance=None)
    assert not (tmp_path / "out").exists()


def test_what_the_records_say_needs_no_other_decision(book: Path, runs: Path, tmp_path: Path) -> None:
    told = CLEARANCE.records.actors["label"].iloc[0]
    append(book / "02-deux.md", f"\nLa permanence a reçu {told}.\n")
    assert made(book, runs, tmp_path / "out").is_dir()


def test_most_kinds_of_identifiers_stop_in_a_chapter() -> None:
    from test_canary import SAID

    project, records = read_project(SAMPLE), synthesise(1, 1)
    told = [SAID[each.kind][0].format(each.text) for each in canaries(11)[:300]]
    texts = {("book", "fr", text): [str(n)] for n, text in enumerate(told)}
    assert project.lang == "fr-BE"
    seen = {each.row for each in undecided_passages(texts, records)}
    assert len(seen) >= 290


@pytest.mark.parametrize("behind", [").", ",", " ; puis", "’", ")), et"])
def test_an_address_that_was_looked_at_is_known_whatever_a_sentence_puts_behind_it(behind: str) -> None:
    address = "http://plan-du-puits.example/carte"
    texts = {("book", "fr", f"Voir (le plan : {address}{behind}"): ["a.md"]}
    assert undecided_passages(texts, synthesise(1, 1))
    assert undecided_passages(texts, synthesise(1, 1), known=[f"Le plan est là : {address}"]) == ()


def test_pieces_of_a_line() -> None:
    def of(text: str, *, code: bool = False) -> list[str]:
        return [each.strip() for each in pieces(Line(text, "a.md", 1, code=code))]

    assert of("## Un *titre* [@rogers2012] {#sec-a-b lang=nl}") == ["Un titre"]
    assert of("| a \\| b | **c** |") == ["a | b", "c"]
    assert of("[lien](https://a.be/x_y) et \\@nom\\_ici") == ["https://a.be/x_y", "lien et @nom_ici"]
    assert of("écrire à a.b@c.be") == ["écrire à a.b@c.be"]
    assert of("``` {.python}", code=True) == []
    assert of("x = 1", code=True) == ["x = 1"]


def test_the_chapters_of_the_house_are_decided() -> None:
    """Whoever changes a chapter: `clss review data/publication --book --out F`, fill in, `--apply F`."""
    for name in ("publication", "demo"):
        dataset = ROOT / "data" / name
        texts, known = book_texts(house_at(ROOT), dataset)
        drawn = [key[2] for key in texts_of(clss.read(ROOT / "data" / "gallery"))]
        texts |= {("book", lang, text): ["galerie"] for text in drawn for lang in LANGUAGES}
        left = undecided_passages(texts, clss.read(dataset), kept_decisions(ROOT / "book"), known=known)
        assert [str(each.row) for each in left] == []


def keep_all(sheet: Path) -> None:
    """Fill in a sheet: all may stay."""
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    for row in rows[1:]:
        row[9:11] = ["keep", "public_role"]
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def test_a_decision_about_a_chapter_is_kept_beside_it(book: Path, runs: Path, tmp_path: Path) -> None:
    append(book / "02-deux.md", f"\nLe texte est de {NAME}.\n")
    folder = write(synthesise(1, 1), tmp_path / "jeu")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    texts = passages([], read_project(book))
    texts = {("book", "fr", f"Le texte est de {NAME}."): ["02-deux.md, ligne 30"], **texts}
    sheet = tmp_path / "relecture.csv"
    said, left = review(folder, out=sheet, beside=texts, book=book)
    assert left == 1
    assert "--book --apply" in said[-1]
    assert review(folder, mask=True, beside=texts, book=book)[1] == 1, "a book is not masked here"
    keep_all(sheet)
    assert review(folder, apply=sheet, beside=texts, book=book)[1] == 0
    assert NAME not in (book / "review.csv").read_text(encoding="utf-8")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert NAME.split()[0] in (made(book, runs, tmp_path / "out") / "02-deux.html").read_text(encoding="utf-8")
    append(book / "review.csv", "nonsense\n")
    with pytest.raises(clss.records.InvalidRecordsError, match=r"review\.csv"):
        made(book, runs, tmp_path / "out")


def test_the_command_reviews_the_book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(synthesise(1, 1), tmp_path / "jeu")
    assert main(["review", str(folder), "--book"]) == 0
    assert "Rien à relire" in capsys.readouterr().out


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_a_new_house_has_nothing_to_decide_but_what_is_written_into_it(lang: str, tmp_path: Path) -> None:
    house = new_house(tmp_path / "maison", lang)
    records, blank = synthesise(3, 2), blank_records(lang)
    assert undecided(blank) == ()
    assert undecided(replace(blank, title=f"{blank.title} {NAME}")) != ()
    (house.folder / "clss.toml").write_text('name = "Les Voisins de Zwanenburg"\n', encoding="utf-8")
    shutil.rmtree(house.records)
    write(records, house.records)

    def left() -> list[str]:
        texts, known = book_texts(house_at(house.folder), house.records)
        return [str(each.row) for each in undecided_passages(texts, records, known=known)]

    assert left() == []
    append(house.book / "index.md", f"\nMet {NAME}.\n")
    (house.book / "03-oumaima-zerrouk.md").write_text("# 3\n", encoding="utf-8")
    (house.folder / "clss.toml").write_text(f'name = "A"\ncontact = "{NAME}, {OTHER}"\n', encoding="utf-8")
    assert {each.split(",")[0] for each in left()} == {"index.md", "03-oumaima-zerrouk.md", "clss.toml"}


CONTACTS = (f"{NAME}, {OTHER}", "Écrire à Fatoumata Vandermeulen")


def test_whom_a_pack_says_to_write_to_is_asked_once_for_book_and_pack(tmp_path: Path) -> None:
    house = new_house(tmp_path / "maison", "nl")
    shutil.rmtree(house.records)
    write(synthesise(3, 2), house.records)
    settings, sheet = house.folder / "clss.toml", tmp_path / "nazicht.csv"

    def told() -> str:
        return tell("expulsion", house.records, case="S001", date="2025-12", lang="fr").story.contact

    for contact in CONTACTS:
        settings.write_text(f'name = "Het Huis"\nlanguage = "nl"\ncontact = "{contact}"\n', encoding="utf-8")
        with pytest.raises(NotClearedError, match=r"clss\.toml, contact"):
            told()
    theme = next(house.themes.glob("*.yml"))
    theme.with_stem("eigen").write_text(
        theme.read_text("utf-8").replace("Uithuiszett", f"{NAME}: uithuiszett"), "utf-8"
    )
    records = read(house.records)
    found = " ".join(pack_faults(house.records, records))
    assert re.findall(r"[\w.]+, (?:contact|title\.\w\w)", found) == ["clss.toml, contact", "eigen.yml, title.nl"]
    assert NAME not in found
    theme.with_stem("eigen").unlink()
    settings.write_text(f'name = "Het Huis"\nlanguage = "nl"\ncontact = "{CONTACTS[1]}"\n', encoding="utf-8")
    shutil.rmtree(house.register)
    assert main(["review", str(house.records), "--book", "--out", str(sheet)]) == 1
    keep_all(sheet)
    assert main(["review", str(house.records), "--book", "--apply", str(sheet)]) == 0
    assert told() == CONTACTS[1]
    assert pack_faults(house.records, records) == []
    assert not house.register.exists()
    settings.write_text('name = "Het Huis"\ncontact = "Het Huis vzw"\n', encoding="utf-8")
    assert told() == "Het Huis vzw"


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_the_refusal_says_what_to_type_for_an_address_of_ones_own(lang: str, tmp_path: Path) -> None:
    """As it is typed on a keyboard: plain spaces, a straight apostrophe."""
    house = new_house(tmp_path / "maison", lang)
    shutil.rmtree(house.records)
    write(synthesise(3, 2), house.records)
    contact, sheet = "Het Huis vzw, info@hethuis.be, 02 513 45 67", tmp_path / "feuille.csv"
    settings = f'name = "Het Huis"\nlanguage = "{lang}"\ncontact = "{contact}"\n'
    (house.folder / "clss.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(NotClearedError, match=r"clss\.toml, contact"):
        tell("expulsion", house.records, case="S001", date="2025-12", lang=lang)
    quoted = re.findall("[«“]\u202f?([^»”]+?)\u202f?[»”]", message("identifiers.book_to_do", lang))
    decision, reason = (quoted[quoted.index(message(f"identifiers.head.{head}", lang)) + 1].replace("’", "'")
                        for head in ("decision", "reason"))  # fmt: skip
    assert main(["review", str(house.records), "--book", "--out", str(sheet)]) == 1
    rows = list(csv.reader(sheet.read_text("utf-8-sig").splitlines()))
    filled = [rows[0], *([*row[:9], decision, reason, *row[11:]] for row in rows[1:])]
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(filled)
    assert main(["review", str(house.records), "--book", "--apply", str(sheet)]) == 0
    assert tell("expulsion", house.records, case="S001", date="2025-12", lang=lang).story.contact
