"""The glossary: each term in three languages with its source, and one Dutch word for one thing wherever it is said."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from clss_analysis.records.vocabulary import LANGUAGES, codes, glossary, in_terms, label, message_keys, vocabularies
from clss_analysis.records.vocabulary import _messages as messages

ROOT = Path(__file__).parents[1]
THEMES = ROOT / "src" / "clss_analysis" / "publish" / "brief" / "themes"
PUBLICATION = ROOT / "data" / "publication"
OTHERWISE = {  # the same word for another thing, a name, or the key of a theme
    ("expulsion", "cli.help.theme"), ("relogement", "cli.help.theme"), ("commune", "ties/C1-t12.label"),
    ("commune", "ties/C1-t13.label"), ("commune", "ties/C1-t14.label"), ("commune", "programme/cons6-2.label"),
    ("commune", "partnerships/p02.purpose"), ("quartier", "sante-mentale/story/6"), ("quartier", "events/C2-e7.detail"),
    ("locataire", "programme/proc8.detail"), ("ménage", "sociogenogram.legend.hosted-family"),
    ("expulsion", "perennisation/story/0"),
}  # fmt: skip
Pair = tuple[str, str, str]


def of_a_theme(said: object, place: str) -> Iterator[Pair]:
    if isinstance(said, dict) and {"fr", "nl"} <= set(said):
        if isinstance(said["fr"], dict):
            yield from ((place, said["fr"][form], said["nl"][form]) for form in said["fr"])
        else:
            yield place, said["fr"], said["nl"]
    elif isinstance(said, dict | list):
        for key, each in said.items() if isinstance(said, dict) else enumerate(said):
            yield from of_a_theme(each, f"{place}/{key}".removesuffix("/says"))


def of_the_publication() -> Iterator[Pair]:
    tables: dict[str, dict[str, dict[str, str]]] = {}
    for row in csv.DictReader((PUBLICATION / "translations.csv").open(encoding="utf-8")):
        if row["table"] not in tables:
            with (PUBLICATION / f"{row['table']}.csv").open(encoding="utf-8") as file:
                tables[row["table"]] = {each["id"]: each for each in csv.DictReader(file)}
        said = tables[row["table"]][row["row"]][row["column"]]
        yield f"{row['table']}/{row['row']}.{row['column']}", said, row["nl"]


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    """Everything that is said in French and in Dutch, with its place."""
    found = [(f"{v}/{c}", label(v, c, "fr"), label(v, c, "nl")) for v in vocabularies() for c in codes(v)]
    found += [(key, messages()[key]["fr"], messages()[key]["nl"]) for key in message_keys()]
    for path in sorted(THEMES.glob("*.yml")):
        found += of_a_theme(yaml.safe_load(path.read_text("utf-8")), path.stem)
    return [
        (place, *(re.sub(r"\{\w*\}", " ", each) for each in said)) for place, *said in [*found, *of_the_publication()]
    ]


def parts(cell: str) -> list[str]:
    return re.findall(r"[^()]+(?<! )", cell)


def in_french(term: str) -> re.Pattern[str]:
    """A term as it stands in a text, each of its words in the plural or the feminine too."""
    words = [
        re.escape(word) + ("" if word.isupper() else "(?:s|x|e|es)?") for word in term.replace("·e", "").split(" ")
    ]
    return re.compile(r"(?<![\w-])" + "[ -]".join(words) + r"(?![\w-])", 0 if term.isupper() else re.IGNORECASE)


def in_dutch(term: str) -> re.Pattern[str]:
    """A term as it stands in a text: its endings, one vowel for two before them, a word between its own."""
    stems = (re.escape(re.sub(r"(en|e|s)$", "", word)) for word in term.split(" "))
    words = (re.sub(r"([aeo])\1(?=[^aeiou]+$)", r"\1\1?", stem) + r"\w*" for stem in stems)
    return re.compile(r"[\s-]+(?:\w+[\s-]+)?".join(words), re.IGNORECASE)


def strays(pairs: list[Pair]) -> set[tuple[str, str]]:
    """Where a term stands in the French and not in the Dutch; the longest term first, each word once."""
    terms = sorted(
        ((name, in_french(name), [in_dutch(way) for each in parts(term["nl"]) for way in each.split("/")])
         for term in glossary() for name in parts(term["fr"])),
        key=lambda term: -len(term[0]),
    )  # fmt: skip
    found = set()
    for place, french, dutch in pairs:
        left = french
        for name, here, there in terms if dutch else ():
            if here.search(left):
                left = here.sub(" ", left)
                if not any(way.search(dutch) for way in there):
                    found.add((name, place))
    return found


def test_there_are_terms_enough_and_each_has_its_source():
    assert len(glossary()) >= 120
    for term in glossary():
        assert set(term) == {*LANGUAGES, "source"}
        assert all(cell.strip() == cell != "" for cell in term.values()), term
    names = [name.lower() for term in glossary() for name in parts(term["fr"])]
    assert len(names) == len(set(names))
    assert sum(term["source"] == "usage du projet" for term in glossary()) <= 30


def test_the_dutch_has_one_word_for_one_thing(pairs):
    assert strays(pairs) == OTHERWISE


def test_another_word_for_the_same_thing_is_found():
    said = [("a", "La travailleuse sociale attend.", "De sociaal assistente wacht."),
            ("b", "Les arbres de pertinence.", "De relevantiebomen."), ("c", "du CPAS", "van het OCMW"),
            ("d", "l’équipe mobile", "de mobiele ploeg")]  # fmt: skip
    assert strays(said) == {("travailleuse sociale", "a"), ("équipe mobile", "d")}


def test_a_name_that_is_a_term_is_said_in_it_and_another_stays():
    assert in_terms("Agence immobilière sociale", "fr", "nl") == "Sociaal verhuurkantoor"
    assert in_terms("OCMW", "nl", "en") == "CPAS/OCMW"
    assert in_terms("Logement pour Tous", "fr", "nl") is None
