"""Each sentence of a pack held by rule against the files of the records, by a reader of its own: true, and grammatical.

What a sentence may say is worked out here from the CSV and YAML files alone.
"""

from __future__ import annotations

import csv
import datetime
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from brief_packs import CONTEXT, PUBLICATION, ROOT, real_house, told

from clss_analysis.publish.brief import BUILT_IN, Told, make, tell
from clss_analysis.publish.brief.checks import checks
from clss_analysis.publish.brief.room import Room, hindrances, letter, rule_lines
from clss_analysis.publish.brief.speech import speech
from clss_analysis.publish.brief.theme import read_theme
from clss_analysis.records import label, message, synthesise, write
from clss_analysis.records.assemblies import find_assembly, read_assemblies
from clss_analysis.records.typography import in_words, month, opening, typeset
from clss_analysis.records.vocabulary import LANGUAGES, in_terms

PACKAGE = ROOT / "src" / "clss_analysis" / "publish"
OWN = {path.parent.name: path for path in sorted((PACKAGE / "skeleton").glob("*/*.yml"))}  # the README's, by language
HOUSES = ("publication", "demo", "one", "forty", "none")
MADE_UP = ("demo", "forty")
CASES = {"publication": None, "demo": "S001", "one": "S001", "forty": "S007", "none": None}
ROUND = {20.0: "vingtaine|twintigtal|some twenty"}
ROOMS = ("ixelles", "molenbeek-saint-jean")


@dataclass(frozen=True)
class Made:
    """One pack of one house, and the folder of its records."""

    house: str
    folder: Path
    theme: Path
    lang: str
    told: Told

    @property
    def place(self) -> str:
        return f"{self.house}, {self.theme.stem}, {self.lang}"

    @property
    def texts(self) -> Iterator[str]:
        """Every sentence of brief, slides, speech, handout, letter and checks."""
        story, said = self.told.story, speech(self.told.story)
        yield story.title
        yield from (each.sentence.text for each in story.numbers)
        for many in (story.story, story.services, story.recommendations, story.limits, (story.demand,)):
            yield from (each.text for each in many)
        yield from (text for stage in story.stages for text in (stage.label, *stage.detail))
        yield from (each.text for part in (*said.long, *said.short) for each in part)
        yield from (line.strip("- ") for line in checks(story, self.told.facts, (), ()).splitlines() if line)
        for name in ROOMS:
            room = Room(find_assembly(assemblies(), name), datetime.date(2026, 12, 17), datetime.date(2026, 11, 29))
            for block in letter(room, story):
                yield from block.get("items", [block.get("text", "")])
            yield from (line.strip("- ") for line in rule_lines(room, story, hindrances(room, story, said)) if line)


@cache
def assemblies() -> Any:
    return read_assemblies(CONTEXT)


def translated_once(kept: dict[type, Any], translate: Any, what: Any, lang: str) -> Any:
    """The translation of the first records, and of the first case, that are asked for."""
    if type(what) not in kept:
        kept[type(what)] = translate(what, lang)
    return kept[type(what)]


@pytest.fixture(scope="module")
def packs(tmp_path_factory) -> list[Made]:
    """Each theme in each language for each house; every dataset is read once."""
    folder = tmp_path_factory.mktemp("maisons")
    folders = {
        "publication": PUBLICATION,
        "demo": ROOT / "data" / "demo",
        "one": write(real_house(1, "told", seed=1), folder / "one"),
        "forty": write(synthesise(40, seed=40), folder / "forty"),
        "none": write(real_house(30), folder / "none"),
    }
    found = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(make, "read", cache(make.read))
        patched.setattr(make, "read_theme", cache(make.read_theme))
        plain = make.translate
        for house in HOUSES:
            for lang in LANGUAGES:
                if house != "publication":  # of one house and language, records and case are the same for each theme
                    kept: dict[type, Any] = {}
                    patched.setattr(make, "translate", partial(translated_once, kept, plain))
                for theme in (*BUILT_IN, str(OWN[lang])):
                    path = Path(theme) if theme.endswith(".yml") else PACKAGE / "brief" / "themes" / f"{theme}.yml"
                    case = CASES[house] or ("C1" if house == "publication" and path in OWN.values() else None)
                    if house == "publication" and case is None:
                        made = told(theme, lang)
                    else:
                        made = tell(theme, folders[house], context=CONTEXT, case=case, date="2025-12", lang=lang)
                    found.append(Made(house, folders[house], path, lang, made))
    return found


@cache
def rows(folder: Path, table: str) -> tuple[dict[str, str], ...]:
    path = CONTEXT / "context.csv" if table == "context" else folder / f"{table}.csv"
    with path.open(encoding="utf-8-sig") as file:
        return tuple(csv.DictReader(file))


def digits(text: str, lang: str = "") -> list[float]:
    """The numbers of a sentence; with a language, those that its head has in words too."""
    if lang:
        known = f"{message('number.words', lang)} {message('number.more', lang)}".replace("één", "eén").split()
        head = re.match(r"(\S+)(?: (?:des|sur les|sur|van de|of the|of) (\S+))?", text)
        for word in head.groups() if head else ():
            if word and word.lower() in known:
                text = text.replace(word, str(known.index(word.lower()) + 1), 1)
    joined = re.sub(r"(?<=\d)[\u202f\u00a0.,](?=\d{3}(?!\d))", "", text)
    return [float(found.replace(",", ".")) for found in re.findall(r"\d+(?:[.,]\d+)?", joined)]


def test_every_pack_is_there(packs):
    assert len(packs) == len(HOUSES) * 6 * len(LANGUAGES)


def test_each_key_figure_is_counted_again_from_the_files(packs):
    """Of a count: its value and all households, and no other number; of a row: the number that its cell holds."""
    for made in packs:
        left = list(yaml.safe_load(made.theme.read_text("utf-8"))["numbers"])
        for number in made.told.story.numbers:
            text = number.sentence.text
            wanted = next(each for each in left if said_by(each, text, made.lang))
            left = left[left.index(wanted) + 1 :]
            if "row" in wanted:
                table, _, row = wanted["row"].partition("/")
                (cells,) = (each for each in rows(made.folder, table) if each["id"] == row)
                value = float(cells["value"])
                words = ROUND.get(value, in_words(int(value), made.lang))
                assert value in digits(text, made.lang) or re.search(rf"\b(?:{words})\b", text, re.IGNORECASE), (
                    made.place,
                    text,
                )
                assert value in digits(number.shown)
                assert [(each.table, each.row) for each in number.sentence.rows] == [(table, row)], made.place
            else:
                table, where = wanted["count"]["table"], wanted["count"].get("where", {})
                home = "household" if table != "households" else "id"
                held = [row for row in rows(made.folder, table)
                        if all(row[column] == str(cell).lower() for column, cell in where.items())]  # fmt: skip
                found, told_of = {row[home] for row in held}, may_be_told(made.folder, made.house in MADE_UP)
                borne = {(table, row["id"]) for row in held if row[home] in told_of}
                assert {(each.table, each.row) for each in number.sentence.rows} == borne, (made.place, text)
                of = len(rows(made.folder, "households"))
                some = 1 < len(found) < of or len(found) == 1 < of
                assert sorted(digits(text, made.lang)) == sorted(
                    [len(found), of] if some else [of] if of > 1 else []
                ), text
                assert digits(number.shown) == [len(found)]


@cache
def may_be_told(folder: Path, made_up: bool) -> frozenset[str]:
    """The households that agreed, read from the files; of made-up ones, all."""
    agreed = {row["id"] for row in rows(folder, "consents") if row["scope"] == "told"}
    return frozenset(home["id"] for home in rows(folder, "households") if made_up or home["consent"] in agreed)


def said_by(wanted: dict[str, Any], text: str, lang: str) -> bool:
    """Whether a sentence says what the theme gives for a number, whatever stands in its places."""
    says = wanted["says"][lang]
    forms = list(says.values()) if isinstance(says, dict) else [says, says.replace(" sont ", " est ")]
    if "count" in wanted and not isinstance(says, dict):
        forms += ["Le seul ménage que nous suivons est"]
    words = plain(text).split()
    return any(set(plain(re.sub(r"\{\w+\}", " ", each)).split()[:6]) <= set(words) for each in forms)


def plain(text: str) -> str:
    """Letters and figures alone, in lower case, without accents."""
    folded = unicodedata.normalize("NFKD", text.lower())
    return " ".join(re.findall(r"\w+", "".join(char for char in folded if not unicodedata.combining(char))))


def test_an_account_says_what_stands_in_the_records_and_of_whom(packs):
    """Of another house than the theme's: the household's own words, its services, its stages and their months."""
    for made in packs:
        story, folder, lang = made.told.story, made.folder, made.lang
        if made.house == "publication" and made.theme not in OWN.values():
            continue
        said = {(row["table"], row["row"], row["column"]): row[lang] for row in rows(folder, "translations")
                } if lang != "fr" and (folder / "translations.csv").exists() else {}  # fmt: skip
        if made.house == "none":
            assert not story.story
            assert not story.stages
            continue
        assert (
            "La Rue" not in " ".join(each.text for each in (*story.story, *story.services))
            or "publication" in made.house
        )
        (home,) = (row for row in rows(folder, "households") if row["id"] == story.case)
        summary = plain(home["summary"] if lang == "fr" else said.get(("households", story.case, "summary"), ""))
        events = [row for row in rows(folder, "events") if row["household"] == story.case]
        kinds = [plain(label("event_kind", row["kind"], lang)) for row in events]
        for sentence in story.story:
            told_so = sentence.text == message("brief.summary", lang) or plain(sentence.text) in summary
            listed = not summary and all(kind in plain(sentence.text) for kind in kinds[:4])
            assert told_so or listed, (made.place, sentence.text)
            own_row = [] if sentence.text == message("brief.summary", lang) else [("households", story.case)]
            borne = [("events", row["id"]) for row in events[:4]] if listed and not told_so else own_row
            assert [(each.table, each.row) for each in sentence.rows] == borne, (made.place, sentence.text)
        for stage in story.stages:
            (event,) = (row for row in events if row["id"] == stage.row.row)
            own = event["label"] if lang == "fr" else said.get(("events", event["id"], "label"), "")
            assert plain(stage.label) in {plain(own), plain(label("event_kind", event["kind"], lang))}
            first = re.match(r"\w+\s\d{4}", stage.when)
            assert (first[0] if first else "") == (_month(event["month"], lang) if event["month"] else ""), stage
        names = {row["id"]: row["label"] if lang == "fr" else
                 in_terms(row["label"], "fr", lang) or said.get(("actors", row["id"], "label"), row["label"])
                 for row in rows(folder, "actors")}  # fmt: skip
        tied = {row[end] for row in rows(folder, "ties") if row["household"] == story.case
                for end in ("from_actor", "to_actor")}  # fmt: skip
        for sentence in story.services:
            for row in sentence.rows:
                assert row.row in tied | {event["actor"] for event in events} | {story.case}
            if sentence.text != message("brief.no_services", lang):
                _, _, listed = sentence.text.partition(": ")
                left = listed.rstrip(".")
                for name in sorted((names[row.row] for row in sentence.rows), key=len, reverse=True):
                    assert name in left, (made.place, sentence.text, "a row that is not said")
                    left = left.replace(name, "", 1)
                assert not re.sub(r"\b(?:et|en|and)\b|[ ,]", "", left), (made.place, sentence.text, left)


def _month(text: str, lang: str) -> str:
    return month(pd.Period(text[:7], freq="M"), lang) if "-" in text else text


def test_how_many_may_be_told_is_how_many_agreed(packs):
    for made in packs:
        agreed = len(may_be_told(made.folder, made.house in MADE_UP))
        assert digits(made.told.story.limits[0].text) == ([agreed] if agreed > 1 else [])


FRENCH = (
    (r"\b(?:1|un|une|0) \w+s (?:sont|ont|vivent|étaient|restent)\b", "one with the plural"),
    (r"\b1 (?:des|sur|of the|van de) 1\b|\b0 (?:des|van de|of the)\b", "a share of one or of none"),
    (r"\b(?:de|à) les? (?!\w+(?:er|ir|re)\b)", "de le"),
    (r"(?<!-)\b(?i:la|de|que|ne|se|le|je) (?=[aeéèêiou])(?!onz|oui|un\b|une\b)", "elision"),
    (r"(?<![\u202f\d])[;!?»%](?=\s|$)|(?<![\u202f\d])(?<!s):(?=\s)|«(?!\u202f)", "spaces"),
    (r"«[^»]*«", "doubled quotes"),
    (r"\b[lLdDjJnNqQsS]'|\w'\w", "typewriter apostrophe"),
)
DUTCH = (
    (r"\b(?:1|één) (?:van de \d+ )?\w+(?:en|s) (?:zijn|worden|werden|hebben|wonen)\b", "one with the plural"),
    (r"\b1 van de 1\b|\b0 van de\b", "a share of one or of none"),
    (r"[ \u202f\u00a0][;:!?%]|[«»]|\w'\w", "spaces and quotes"),
    (r"\b(?:de|die) (?:huishouden|gezin|verhaal|OCMW|contract)\b|\bhet (?:gemeente|woning|uithuiszetting)\b", "gender"),
    (r"\b(?:sociaal assistent|sociaal werk|uitgezet worden|gemeentelijke interpellatie)", "another word"),
)
ENGLISH = (
    (r"\b(?:1|one) (?:of the \d+ )?\w+s (?:are|were|have)\b", "one with the plural"),
    (r"\b1 of the 1\b|\b0 of the\b", "a share of one or of none"),
    (r"(?i:\bcommun(?:e|al) |\beviction judg)", "another word"),
    (r"\ba (?=[aeio])|\ban (?=[bcdfgjklmnpqrstvwxyz])", "a or an"),
    (r"[ \u202f\u00a0][;:!?%]|[«»]|\w'\w", "spaces and quotes"),
)
ANYWHERE = (
    (r"  |[{}\\]|\.\.|[?!]\.|,\.| [.,]", "marks"),
    (r"\[[^\W\d_][^\]]*\]", "a masked place"),
    (r"\([^()]*\(", "brackets within brackets"),
    (r":\s[^.?!…;]*:\s", "a colon after a colon"),
    (r"\b(\w{2,}) \1\b(?<!vous vous)(?<!nous nous)(?<!dat dat)", "a word twice"),
    (r"\b(?:None|nan|NaT|True|False)\b", "a cell as Python has it"),
)
RULES = {"fr": (*FRENCH, *ANYWHERE), "nl": (*DUTCH, *ANYWHERE), "en": (*ENGLISH, *ANYWHERE)}
CITED = re.compile(r"«[^»]*»|“[^”]*”|‘[^’]*’|\S+\.(?:csv|json|pdf|png|md|be|eu|brussels)\S*|[^ ]*\[\d\][^ ]*|\w+/\S+")


KEYS = "|".join(["households", "events", "ties", "criteria", "programme", "case_notes", "consents", "context"])


def faults_of(text: str, lang: str) -> list[str]:
    """The rules of a language that a sentence breaks."""
    return [what for rule, what in RULES[lang] if re.search(rule, text)]


def test_each_sentence_is_grammatical_by_rule(packs):
    seen: dict[str, set[str]] = {lang: set() for lang in LANGUAGES}
    for made in packs:
        source = made.told.story.source
        for text in made.texts:
            if text in seen[made.lang]:
                continue
            seen[made.lang].add(text)
            if "art. 317/1" not in text:  # the title of a law stands as it is in its own language
                assert not faults_of(CITED.sub("X", text.replace(source, "X")), made.lang), (made.place, text)
            assert text[:1] == text[:1].upper(), text
            assert not re.match(r"\d+ [a-zà-ÿ]", text), (made.place, text)
            assert not re.search(r"\w\[\d+\]|\b(?:" + KEYS + r")/\w|\b(?:as_of|brief\.contact)\b", text), text
    assert all(len(texts) > 400 for texts in seen.values())


def test_a_count_is_said_rightly_whatever_it_is():
    """Each sentence of a count, for every number of households of houses of one to forty: thousands of sentences."""
    made = 0
    for theme in BUILT_IN:
        for lang in LANGUAGES:
            facts = told(theme, lang).facts
            for said in (each for each in facts.theme.numbers if each.count is not None):
                for of in (1, 2, 3, 5, 6, 17, 21, 30, 40):
                    for n in range(1, of + 1):
                        text = facts._filled(said, {"value": str(n), "households": str(of)})
                        assert text, (theme, lang, n, of)
                        shown = opening(typeset(text, lang), lang)
                        assert not faults_of(shown, lang), shown
                        assert not re.match(r"\d", shown), shown
                        counted = sorted(digits(shown, lang))
                        assert counted == (sorted([n, of]) if n < of else [of] if of > 1 else []), shown
                        made += 1
    assert made > 2000


@pytest.mark.parametrize(("lang", "text"), [
    ("fr", "1 ménages sont expulsés."), ("fr", "1 des 1 ménages est expulsé."), ("fr", "Le récit de le ménage."),
    ("fr", "Que il parte."), ("fr", "Chez M. [nom], rien."), ("fr", "Où aller ?. Nous demandons."), ("fr", "Qui ?"),
    ("fr", "«\u202fUn «\u202fdeux\u202f»\u202f»"), ("nl", "1 van de 3 huishoudens zijn uitgezet."), ("nl", "Wie ?"),
    ("nl", "de gezin wacht"), ("en", "1 of the 3 households are evicted."), ("en", "a eviction"), ("en", "the the end"),
])  # fmt: skip
def test_the_rules_find_a_sentence_that_is_wrong(lang, text):
    assert faults_of(text, lang)


def stems(text: str) -> set[str]:
    return {word[:5] for word in plain(text).split() if len(word) >= 4}


NOT_TOLD = ("La publication ne dit pas ce que la famille est devenue ensuite.",
            "C’est ce qui est rapporté, ce n’est pas un diagnostic.")  # fmt: skip


def test_what_is_told_of_the_publication_has_words_of_its_own_rows(packs):
    """A fifth of its words at least; with the rows of the sentence before it, half of the sentences would not."""
    swapped = []
    for made in packs:
        if made.house == "publication" and made.lang == "fr" and made.theme not in OWN.values():
            many = [each for each in (*made.told.story.story, *made.told.story.services) if each.text not in NOT_TOLD]
            cells = [stems(" ".join(" ".join(cell for row in rows(made.folder, each.table) if row["id"] == each.row
                                             for cell in row.values()) for each in sentence.rows))
                     for sentence in many]  # fmt: skip
            for sentence, own in zip(many, cells, strict=True):
                assert len(stems(sentence.text) & own) >= len(stems(sentence.text)) / 5, sentence.text
            swapped += [len(stems(after.text) & own) >= len(stems(after.text)) / 5
                        for own, after in zip(cells, many[1:], strict=False)]  # fmt: skip
    assert sum(swapped) < len(swapped) / 2
    assert len(swapped) > 50


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_theme_of_a_new_house_leaves_out_a_count_too_small_to_go_out(lang):
    counts = [each for each in read_theme(str(OWN[lang])).numbers if each.count is not None]
    assert [each.missing for each in counts] == ["skip"]
