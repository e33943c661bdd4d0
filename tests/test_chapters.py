"""The written chapters: shape, typography, references, and what may not be said of the households."""

import csv
import itertools
import re
from collections import Counter
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[1] / "book"
CHAPTERS = (
    "index.md",
    "01-introduction.md",
    "02-cadre.md",
    "03-mise-en-oeuvre.md",
    "04-partenariat.md",
    "05-conclusions.md",
    "06-annexes.md",
    "07-methode.md",
    "15-fiches.md",
    "references.md",
)
STORY = CHAPTERS[:7]
METHODS = ("13-mesures.md", "14-codage.md")
HOUSEHOLDS = ("A", "C1", "C2", "C3", "N", "Y")
OTHER_RUNS = ("constats", "jeu-de-donnees", "reseau")
CHAPTER_FIGURES = (*(f"F{number}" for number in range(1, 14)), "T1", "T2")
RUN_FIGURES = {"fig-c1-trajectory", "fig-y-sociogenogram"}
FIGURES = RUN_FIGURES | {f"fig-{name.lower()}" for name in CHAPTER_FIGURES}
NARROW = "\u202f"
PUBLISHED_SHARES = {"31", "21", "60"}

_FENCE = re.compile(r"^(`{3,}|~{3,})")
_FOREIGN = re.compile(r"^::: \{.*lang=(nl|en)\}")
_NOT_PROSE = re.compile(
    r"`[^`]*`|\{\{<.*?>\}\}|\{\{\w+[^|{}]*|\{[#.][^}]*\}|\]\([^)]*\)|https?://\S+|\[[^\]]*@[^\]]*\]|\[\^[^\]]+\]:?"
)
_MARKER = re.compile(r"^(?::\s+|\d+\.\s+|[-*]\s+|#+\s+|\|[-:| ]+$)")
_TWO_SENTENCES = re.compile(r"[.!?…][\u202f»)*]* (?=[«(*\[\u202f]*[A-ZÀÂÇÉÈÊÎÔŒ])")


def text(name):
    return (BOOK / name).read_text(encoding="utf-8")


def lines(name):
    """Lines outside code blocks: number, raw line, whether it is French."""
    code = foreign = False
    for number, line in enumerate(text(name).splitlines(), 1):
        if _FENCE.match(line):
            code = not code
            continue
        if line.strip() == ":::":
            foreign = False
        elif _FOREIGN.match(line):
            foreign = True
        if not code:
            yield number, line, not foreign


def prose(line):
    if line.startswith(":::"):
        return " ".join(re.findall(r'title="([^"]*)"', line))
    return _MARKER.sub("", _NOT_PROSE.sub("", line.strip()).strip())


def all_text():
    return "\n".join(text(name) for name in CHAPTERS)


def sentence_faults(line):
    return [] if re.match(r"\s*\||: ", line) else _TWO_SENTENCES.findall(prose(line).replace("J.-M.", "J-M"))


def typography_faults(line):
    words = prose(line)
    faults = [mark for mark in ("'", '"', "...", "—") if mark in words]
    faults += re.findall(rf"[^{NARROW};:!?][;:!?]", re.sub(r"\d:\d", "", words))
    faults += re.findall(rf"«[^{NARROW}]|[^{NARROW}]»", words)
    return faults + re.findall(r"[^\u00a0\u202f]%", words)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_has_one_title_and_stands_first(name):
    titles = [number for number, line, _ in lines(name) if line.startswith("# ")]
    assert titles == [1]


@pytest.mark.parametrize("name", CHAPTERS)
def test_headings_leave_no_level_out(name):
    depths = [len(line.split(" ")[0]) for _, line, _ in lines(name) if re.match(r"#{1,6} ", line)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(depths))


@pytest.mark.parametrize("name", CHAPTERS)
def test_one_sentence_a_line(name):
    assert [number for number, line, _ in lines(name) if sentence_faults(line)] == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_french_typography(name):
    faults = [(number, typography_faults(line)) for number, line, french in lines(name) if french]
    assert [fault for fault in faults if fault[1]] == []


def test_the_checks_themselves_can_fail():
    assert sentence_faults("Une phrase. Deux phrases.")
    assert not sentence_faults("M.\u00a0N parle à J.-M. Lemaire.")
    assert typography_faults("Quoi ?")
    assert typography_faults("l'eau")
    assert typography_faults("«oui»")
    assert typography_faults("31 %")
    assert not typography_faults(f"Quoi{NARROW}? «{NARROW}L’eau{NARROW}», dit-on [@x; @y].")


def test_every_reference_finds_its_target():
    defined = Counter(re.findall(r"\{#((?:fig|tbl|sec)-[\w-]+)", all_text() + text("11-notions.md")))
    assert [name for name, count in defined.items() if count > 1] == []
    used = set(re.findall(r"@((?:fig|tbl|sec)-[\w-]*\w)", re.sub(r"`[^`]*`", "", all_text())))
    assert used - set(defined) - FIGURES == set()
    assert used >= FIGURES
    assert {name for name in defined if name.startswith("tbl-")} - used <= {"tbl-sigles"}


def test_every_section_can_be_referred_to():
    for name in CHAPTERS[1:-1]:
        bare = [line for _, line, _ in lines(name) if re.match(r"#{1,6} ", line) and "{#sec-" not in line]
        assert bare == [], name


def test_every_citation_has_its_entry_and_every_entry_is_cited():
    bibliography = (BOOK / "references.bib").read_text(encoding="utf-8")
    entries = Counter(re.findall(r"(?m)^@\w+\{([^,\s]+),", bibliography))
    whole = "\n".join([all_text(), *map(text, METHODS)])
    cited = set(re.findall(r"@([a-z]+\d*)(?![\w-])", re.sub(r"`[^`]*`", "", whole)))
    assert set(entries.values()) == {1}
    assert cited == set(entries)
    assert bibliography.count("langid") == len(entries)


def test_footnotes_are_used_once_and_unique_in_the_book():
    notes = re.findall(r"(?m)^\[\^([^\]]+)\]:", all_text())
    uses = re.findall(r"\[\^([^\]]+)\](?!:)", all_text())
    assert Counter(notes) == Counter(uses)
    assert len(notes) == len(set(notes))


def test_every_run_and_every_figure_of_the_publication_comes_in_exactly_once():
    included = Counter(re.findall(r"\{\{< include (\S+) >\}\}", all_text()))
    runs = [*(f"menage-{case}" for case in HOUSEHOLDS), *OTHER_RUNS]
    figures = [f"figures/{name}" for name in CHAPTER_FIGURES]
    assert included == Counter(f"_runs/{name}.md" for name in (*runs, *figures))


def test_the_publication_shows_its_figures_and_no_sheet():
    for name in CHAPTERS[:7]:
        assert "_runs/menage-" not in text(name), name
    assert "_runs/figures/" not in text("15-fiches.md")


def test_a_figure_is_named_before_it_stands():
    for name in CHAPTERS:
        before, _, after = text(name).partition("{{< include _runs/figures/")
        while after:
            figure = after.partition(".md")[0].lower()
            assert f"@fig-{figure}" in before, figure
            step, _, after = after.partition("{{< include _runs/figures/")
            before += step


def test_a_fragment_stands_below_a_section():
    for name in CHAPTERS:
        depth = 0
        for _, line, _ in lines(name):
            if found := re.match(r"(#{1,6}) ", line):
                depth = len(found[1])
            if "{{< include _runs/" in line:
                assert depth >= 2, line


def test_the_book_is_long_enough_to_be_one():
    french = (prose(line) for name in CHAPTERS for _, line, is_french in lines(name) if is_french)
    assert len(re.findall(r"[^\W\d_]+", " ".join(french))) >= 10_000


def test_no_percentage_about_accompanied_households():
    for name in CHAPTERS:
        for number, line, _ in lines(name):
            assert set(re.findall(r"(\d+)[\u00a0\u202f ]?%", line)) <= PUBLISHED_SHARES, (name, number)
            of_households = re.search(r"ménages? accompagnés?|personnes? accompagnées?|bénéficiaires?", line)
            assert not (of_households and ("%" in line or "pour cent" in line)), (name, number)


def test_words_of_persons_are_marked_as_paraphrases():
    blocks = re.findall(r"(?ms)^::: \{\.temoignage\}\n(.*?)^:::$", all_text())
    assert len(blocks) >= 6
    for block in blocks:
        assert block.rstrip().endswith("(paraphrase).*")
        assert "«" not in block


def paragraphs(name):
    """How many paragraphs of prose each section has: notes, terms, words that were said; not tables, figures, marks."""
    section, counts, inside = "", Counter(), False
    for line in text(name).splitlines():
        if line.startswith("#"):
            named = re.search(r"\{#([\w-]+)", line)
            section, inside = named[1] if named else prose(line), False
        elif not line.strip() or line.startswith((":::", "{{<", "|", "{{rows")):
            inside = False
        elif not inside:
            counts[section] += 1
            inside = True
    return counts


def test_each_paragraph_of_the_story_is_led_back_to_a_passage_of_the_source():
    with (BOOK.parent / "docs" / "fidelite.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    told = Counter((row["chapter"], row["section"]) for row in rows if row["passage"].strip())
    assert told == {(name, each): n for name in STORY for each, n in paragraphs(name).items()}
    assert all(row["passage"].startswith(("Lettre", "I", "V", "fiche du cas 1", "édition")) for row in rows)
    assert sum(row["passage"] == "édition" for row in rows) < 0.12 * len(rows)


def test_the_association_speaks_for_itself():
    words = " ".join(prose(line) for name in STORY for _, line, _ in lines(name))
    assert len(re.findall(r"(?i)\b(?:nous|notre|nos)\b", words)) >= 100
    assert "la publication" not in words.lower()
    assert "à tout prix perdurer" in words
