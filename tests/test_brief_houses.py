"""A pack of any house: counts that agree, recommendations that serve, rows that miss, sentences that rows bear."""

from __future__ import annotations

import copy
import io
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from brief_packs import CONTEXT, PUBLICATION, ROOT, real_house, told
from pypdf import PdfReader

from clss_analysis.privacy import NotClearedError
from clss_analysis.publish.brief import BUILT_IN, BriefError, make, read_theme, tell
from clss_analysis.publish.brief.checks import checks
from clss_analysis.publish.brief.facts import Sentence
from clss_analysis.publish.brief.speech import Speech, reading_copy, speech
from clss_analysis.publish.brief.story import compose
from clss_analysis.publish.brief.wording import agreed, sentences
from clss_analysis.records import message, read, synthesise, write
from clss_analysis.records.typography import typeset
from clss_analysis.records.vocabulary import LANGUAGES

README = re.search(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL).group(1)
ALL = [(theme, lang) for theme in BUILT_IN for lang in LANGUAGES]


@pytest.fixture(scope="module", autouse=True)
def each_house_is_read_once():
    """Reading a folder gives the same each time; here none changes once it is written."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(make, "read", cache(make.read))
        yield


@pytest.fixture(scope="module")
def houses(tmp_path_factory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("maisons")
    return {n: write(synthesise(n, seed=n), folder / f"maison-{n}") for n in (1, 40)}


@pytest.fixture(scope="module")
def counts_only(tmp_path_factory) -> dict[int, Path]:
    """Houses whose households may only be counted."""
    folder = tmp_path_factory.mktemp("comptes")
    return {n: write(real_house(n), folder / f"maison-{n}") for n in (2, 12, 30)}


def test_whom_nobody_may_tell_is_not_told_when_asked_for(counts_only):
    for theme in BUILT_IN:
        with pytest.raises(NotClearedError):
            tell(theme, counts_only[2], context=CONTEXT, case="S001", date="2025-12")


@pytest.mark.parametrize("n", [2, 12, 30])
@pytest.mark.parametrize("theme", BUILT_IN)
def test_a_house_that_tells_nobody_speaks_in_numbers_alone(counts_only, theme, n):
    made = {lang: tell(theme, counts_only[n], context=CONTEXT, date="2025-12", lang=lang) for lang in LANGUAGES}
    records = read(counts_only[n])
    ids = {*records.households["id"], *records.persons["id"], *records.actors["label"], *records.households["summary"]}
    for lang, told_of in made.items():
        story = told_of.story
        assert (story.case, story.household, story.story, story.services, story.stages) == ("", "", (), (), ())
        said = speech(story)
        spoken = " ".join(sentence.text for part in (*said.long, *said.short) for sentence in part)
        text = spoken + checks(story, told_of.facts, (), ())
        assert not [each for each in ids if re.search(rf"(?<!\w){re.escape(str(each))}(?!\w)", text)]
        assert typeset(message("brief.limit.selection.none", lang), lang) in spoken
        assert message("brief.speech.left", lang) not in spoken
        assert not re.search(r"\b(?:récit et|verhaal en|account and)\b", " ".join(each.text for each in story.limits))
        assert message("brief.checks.answer.selection", lang) not in text, "it speaks of an account"
        counted = [number for number in story.numbers if f"{n} " in number.sentence.text]
        assert all(int(each.shown) == 0 or int(each.shown) >= records.threshold for each in counted)
        assert (n == 2) <= (not counted)
        few = message("brief.checks.held_few", lang, n=records.threshold)
        assert (few in text) == (n < records.threshold)


def test_the_pages_of_a_house_that_tells_nobody_are_few(counts_only):
    pack = make.prepare(tell("expulsion", counts_only[30], context=CONTEXT, date="2025-12"))
    pages = {name: len(PdfReader(io.BytesIO(pack.files[name])).pages) for name in ("brief.pdf", "slides.pdf")}
    assert pages == {"brief.pdf": 1, "slides.pdf": 4}
    assert not [name for name in pack.files if name.startswith("figures/")]


@pytest.mark.parametrize(("theme", "lang"), ALL)
def test_what_all_of_them_share_is_said_of_all(theme, lang):
    wanted = read_theme(theme)
    for each in wanted.numbers:
        if each.count is None:
            continue
        forms = each.forms[lang]
        assert set(forms) == {"one", "many", "all", "only"}
        assert "{value}" in forms["many"]
        assert "{value}" not in forms["all"]
        assert "{households}" in forms["all"]


def test_a_small_number_does_not_open_a_sentence_in_digits():
    for lang, said in (("fr", "Deux ateliers forment"), ("nl", "Twee ateliers vormen"), ("en", "Two workshops make")):
        numbers = told("sante-mentale", lang).story.numbers
        assert [each.sentence.text for each in numbers if each.sentence.text.startswith(said)]


def test_services_that_are_only_named_are_not_said_to_have_done_something(houses):
    for lang in LANGUAGES:
        story = tell("expulsion", houses[40], context=CONTEXT, case="S001", date="2025-12", lang=lang).story
        spoken = {sentence.text for part in speech(story).long for sentence in part}
        assert message("brief.speech.around", lang) in spoken
        assert message("brief.speech.services", lang) not in spoken
        assert message("brief.speech.around", lang) not in {
            sentence.text for part in speech(told("expulsion", lang).story).long for sentence in part
        }


def test_what_misses_is_named_with_its_table_and_row_and_its_effect(houses):
    made = tell("expulsion", houses[40], context=CONTEXT, case="S001", date="2025-12")
    said = checks(made.story, made.facts, (), ())
    assert "Chiffre 2\u202f: non trouvé dans les dossiers, ou retenu (Chiffres du contexte jugements-defaut)" in said
    assert re.search(r"non trouvé.*\(Programme du projet reco9\).*laissée de côté", said)
    assert re.search(r"non trouvé.*\(Programme du projet reco1\).*sans cette source", said)
    assert len(made.story.recommendations) == 3
    assert tell("expulsion", PUBLICATION, context=CONTEXT).facts.left == {}


def test_the_publication_itself_misses_nothing_in_silence(tmp_path):
    records = read(PUBLICATION)
    programme = records.programme[records.programme["id"] != "reco1"]
    folder = write(records.with_tables(programme=programme), tmp_path / "jeu")
    with pytest.raises(BriefError, match=r"recommendations\[1\].*n° 1 de rows.*table programme"):
        tell("expulsion", folder, context=CONTEXT)


def test_the_story_of_the_publication_is_told_of_no_other_house(tmp_path):
    """A household of another house that has the same id keeps its own words."""
    folder = write(replace(read(PUBLICATION), name="une-autre"), tmp_path / "jeu")
    with pytest.raises(BriefError, match="--case"):
        tell("expulsion", folder, context=CONTEXT)
    made = tell("expulsion", folder, context=CONTEXT, case="C1")
    assert made.story.story[1].rows[0].table == "households"
    assert not made.story.story[0].rows, "what only leads to the account has no source"
    assert made.story.story != told("expulsion", "fr").story.story


def own_theme(folder: Path, text: str) -> str:
    path = folder / "mon-theme.yml"
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize("cut", ["rows: [context/attente-logement-social]", "serves: autre\n    rows: [context/x]"])
def test_a_recommendation_that_serves_nothing_is_refused_by_its_line(tmp_path, cut):
    text = README.replace("  - rows: [context/expulsions-region]", f"  - {cut}")
    line = text.splitlines().index(f"  - {cut}".splitlines()[0]) + 1
    with pytest.raises(BriefError, match=rf"mon-theme.yml, ligne {line}, recommendations\[1\].*serves") as refused:
        read_theme(own_theme(tmp_path, text))
    assert len(str(refused.value).splitlines()) == 1


def test_a_recommendation_may_name_the_demand(tmp_path):
    text = README.replace("demand:\n", "demand:\n  name: compter\n")
    text = text.replace(
        "  - rows: [context/expulsions-region]", "  - serves: compter\n    rows: [context/attente-logement-social]"
    )
    assert len(read_theme(own_theme(tmp_path, text)).recommendations) == 1


def test_the_theme_of_the_readme_agrees(tmp_path, houses):
    theme = own_theme(tmp_path, README)
    made = tell(theme, houses[40], context=CONTEXT, case="S001", date="2025-12")
    assert re.search(r"^[A-Z][\w-]+ des quarante ménages que nous suivons sont", made.story.numbers[2].sentence.text)


FR = "{value} des {households} ménages que nous suivons"
AGREED = [
    (f"{FR} sont expulsés ou menacés de l’être.", 1, 3, f"{FR} est expulsé ou menacé de l’être."),
    (f"{FR} ont été relogés.", 1, 5, f"{FR} a été relogé."),
    (f"{FR} sont expulsés.", 0, 3, "Aucun des {households} ménages que nous suivons n’est expulsé."),
    (f"{FR} vivent dans un garage.", 1, 1, "Le seul ménage que nous suivons vit dans un garage."),
    (f"{FR} sont expulsés.", 4, 5, f"{FR} sont expulsés."),
    (f"{FR} sont malades.", 1, 3, None),
    (f"{FR} sont fatigués et leurs enfants ont froid.", 1, 3, None),
    (f"{FR} sont expulsés.", 0, 1, None),
    ("Il y a {value} ménages expulsés.", 1, 3, None),
]


@pytest.mark.parametrize(("template", "n", "of", "said"), AGREED)
def test_a_plain_sentence_is_brought_to_its_number_or_refused(template, n, of, said):
    assert agreed(template, n, of, "fr") == said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_none_of_a_single_household_is_not_said(lang):
    (path,) = (ROOT / "src" / "clss_analysis" / "publish" / "skeleton" / lang).glob("*.yml")
    (count,) = (each for each in read_theme(str(path)).numbers if each.count)
    facts = copy.copy(told("expulsion", lang).facts)
    facts.faults = []  # its own: the others share what is told
    assert facts._filled(count, {"value": "0", "households": "1"}) is None
    said = facts._filled(count, {"value": "0", "households": "3"})
    assert re.match(r"Aucun des 3|Geen van de 3|None of the 3", said)


def test_a_plain_sentence_that_cannot_agree_is_refused(tmp_path, houses):
    plain = re.sub(r"fr: +#.*\n.*\n +many: ", "fr: ", README).replace(
        "sont expulsés ou menacés de l’être", "sont malades"
    )
    assert "one:" not in plain
    with pytest.raises(BriefError, match=r"numbers\[3\].*ne s’accorde pas"):
        tell(own_theme(tmp_path, plain), houses[1], context=CONTEXT, case="S001", date="2025-12")


def test_nothing_masked_is_printed():
    made = told("expulsion", "fr")
    case, facts = made.case, made.facts
    events = case.events.assign(label="Préavis de M. [nom].").astype(case.events.dtypes)
    households = case.households.assign(label="Famille [nom]", summary=None).astype(case.households.dtypes)
    theme = replace(read_theme("expulsion"), dataset="une-autre")
    story = compose(theme, facts, case.with_tables(events=events, households=households), "", ())
    said = [story.household, *(stage.label for stage in story.stages), *(each.text for each in story.story)]
    assert not any("[" in text for text in said), said
    assert story.household == "C1"
    assert story.stages[0].label == "Menace d’expulsion"
    assert facts.masked > len(events)


def test_a_stage_within_a_sentence_is_quoted_or_the_word_of_its_kind():
    """« CPAS : refus » or « Madame part » keeps its capital; the program's own word for a kind has none."""
    made = told("expulsion", "fr")
    case = made.case
    labels = ["CPAS\u202f: refus", "le cycle «\u202fVoisins\u202f»", "Préavis"]
    events = case.events.iloc[:3].assign(label=labels, kind=["contact", "collective", "notice"])
    households = case.households.assign(summary=None).astype(case.households.dtypes)
    tables = {"events": events.astype(case.events.dtypes), "households": households}
    story = compose(
        replace(read_theme("expulsion"), dataset="une-autre"), made.facts, case.with_tables(**tables), "", ()
    )
    (said,) = (each.text for each in story.story)
    assert said.endswith(": «\u202fCPAS\u202f: refus\u202f», «\u202fle cycle “Voisins”\u202f» et préavis.")


def test_a_title_ends_no_sentence():
    text = "Couple de réfugiés (M. F et Mme G) avec un bébé. Le bailleur est M. B. Il refuse."
    assert sentences(text) == [
        "Couple de réfugiés (M. F et Mme G) avec un bébé.",
        "Le bailleur est M. B.",
        "Il refuse.",
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_reading_copy_is_clean_and_large(lang):
    story = told("expulsion", lang).story
    said = speech(story)
    reader = PdfReader(io.BytesIO(reading_copy(story, said, 0)))
    sizes: list[float] = []

    def visit(text, cm, tm, font, size):
        if text.strip() and font:
            sizes.append(size * abs(tm[3] * cm[3]))

    text = " ".join(" ".join(page.extract_text(visitor_text=visit) for page in reader.pages).split())
    assert min(sizes) >= 15.99
    assert not re.search(r"\[\^|/C1|C1-|events|\\", text)
    for part in (*said.long, *said.short):
        for sentence in part:
            assert " ".join(sentence.text.split()) in text
    pauses = len(said.long) + len(said.short) - 2
    assert text.count(message("brief.speech.pause", lang)) == pauses
    spoken = sum(len(sentence.text.split()) for sentence in said.long[0])
    assert message("brief.speech.paragraph", lang, n=spoken, time="").rstrip(" ,") in text
    assert reading_copy(story, said, 0) == reading_copy(story, said, 0)


def test_no_last_line_of_a_speech_stands_on_a_sheet_of_its_own():
    line = Sentence("Une phrase dite à voix haute devant le conseil communal, assez longue pour deux lignes.", ())
    short = (*[(line,) * 3] * 3, (Sentence("Nous attendons votre réponse.", ()),))
    made = reading_copy(told("expulsion", "fr").story, Speech(((line,),), short), 0)
    assert len(PdfReader(io.BytesIO(made)).pages) == 2


def test_a_house_whose_records_name_nobody_is_named_as_their_source(tmp_path):
    line = message("workbook.new.source_line", "fr")
    folder = write(replace(read(PUBLICATION), name="une-autre", source=line), tmp_path / "records")
    (tmp_path / "clss.toml").write_text('name = "Le Seuil"\n', "utf-8")
    made = tell("expulsion", folder, context=CONTEXT, case="C1", date="2025-12")
    assert made.story.source == "Le Seuil, dossiers de l’association"
    assert made.facts.records.source == line, "the records stay as they were cleared"
    assert not [each.text for each in made.story.limits if line in each.text]


@pytest.mark.parametrize(("theme", "lang"), ALL)
def test_what_is_no_fact_has_no_source(theme, lang):
    story = told(theme, lang).story
    said = speech(story)
    greetings = {message(f"brief.speech.{key}", lang) for key in ("opening", "closing", "left", "numbers", "case")}
    for part in (*said.long, *said.short):
        for sentence in part:
            assert (sentence.text in greetings) <= (sentence.rows == ())
    assert [bool(limit.rows) for limit in story.limits] == [True, False, False]
