"""Counting sentences of the catalogues: every number, every language, checked by rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from clss_analysis.publish.brief import wording
from clss_analysis.records.typography import capital, counted, in_words, opening, quoted
from clss_analysis.records.vocabulary import LANGUAGES, codes, label, message_keys, vocabularies
from clss_analysis.records.vocabulary import _messages as messages

STEMS = sorted(
    stem
    for stem in {key.rpartition(".")[0] for key in message_keys() if key.endswith(".many")}
    if stem.startswith(("telling.", "findings.", "role.", "coding.", "criteria_grid.", "sociogenogram.count."))
    or (stem.startswith(("brief.", "room.")) and "{of}" not in "".join(messages()[f"{stem}.many"].values()))
)
ELISION = re.compile(r"\b(?:le|la|de|que|ne|se) (?=[aeéèêiou])(?!onz|oui|un\b.*oui)", re.IGNORECASE)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("stem", STEMS)
def test_a_counting_sentence_is_grammatical_for_every_number(stem: str, lang: str) -> None:
    places = set(re.findall(r"\{(\w+)\}", " ".join(message_words(stem, lang))))
    given = dict.fromkeys(places - {"n", "words", "of", "of_words"}, "x")
    for n in (0, 1, 2, 5, 26):
        for of in (n, n + 1, 30):
            text = capital(counted(stem, n, lang, of=of, **given))
            assert "  " not in text
            assert n == 0 or not re.match(r"\d", opening(text, lang)), text
            assert not re.search(r"[{}]", text), text
            assert not re.search(r"\b(?:de|à) les? (?!\w+(?:er|ir|re)\b)", text, re.IGNORECASE), text
            assert not re.search(r"«[^»]*«|“[^”]*“", text), text
            if lang == "fr":
                assert not re.search(r"\b1 (?:\w+s|sont|restent)\b", re.sub(r"\b1 fils", "", text)), text
                assert not ELISION.search(text), text
            assert not (re.search(r"\d", text.replace("x", "")) and n and written(text, lang, n, of)), text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("21 autres familles attendent.", "Vingt-et-une autres familles attendent."),
        ("1 des 30 familles attend.", "Une des trente familles attend."),
        ("1 ménage, dont une mère, attend.", "Un ménage, dont une mère, attend."),
        ("1 % des personnes attend.", "Un pour cent des personnes attend."),
        ("12 000 ménages attendent.", "12 000 ménages attendent."),
        ("2 des 40 000 ménages attendent.", "Deux des 40 000 ménages attendent."),
    ],
)
def test_a_number_at_the_head_agrees_with_what_it_counts(text: str, wanted: str) -> None:
    assert opening(text) == wanted


NUMERAL = re.compile(r"(?:^|[.!?…] )\{(?:n|value|of|met|count|households)\} .*\.$")
SUBJECT = re.compile(r"\{(?:pivot|who|children|child|parent|names|partner|service|actor)\},? (\w+)")
NO_VERB = {"fr": {"et", "un", "vers", "qui", "dont"}, "nl": {"en", "met", "naar", "ten", "die", "van"},
           "en": {"a", "and", "at", "to", "which", "whose", "with"}}  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_opens_with_a_numeral_or_has_a_label_for_its_subject(lang: str) -> None:
    """Nobody knows whether a label such as « Proches » is singular: no verb agrees with one."""
    for key, said in messages().items():
        assert not NUMERAL.search(said[lang]), key
        assert set(SUBJECT.findall(said[lang])) <= NO_VERB[lang], key


@pytest.mark.parametrize(("lang", "text"), [("fr", "{pivot} se tourne vers {who}"), ("nl", "{who} zijn gehuwd")])
def test_a_label_as_a_subject_is_found(lang: str, text: str) -> None:
    assert not set(SUBJECT.findall(text)) <= NO_VERB[lang]


def message_words(stem: str, lang: str) -> list[str]:
    """The forms of a stem as they stand in the catalogue."""
    keys = [f"{stem}.{form}" for form in ("none", "only", "all", "one", "many")]
    return [messages()[key][lang] for key in keys if key in message_keys()]


def written(text: str, lang: str, *numbers: int) -> bool:
    """Whether one of the numbers above one stands in words, beside digits."""
    words = {in_words(n, lang) for n in numbers if 1 < n <= 16}
    return bool(words & set(re.findall(r"\w+", text.lower())))


@pytest.mark.parametrize(
    ("lang", "shown"), [("fr", "«\u202fles “voisins”\u202f»"), ("en", "“les ‘voisins’”"), ("nl", "“les ‘voisins’”")]
)
def test_quotes_within_quotes_are_not_doubled(lang: str, shown: str) -> None:
    assert quoted("les « voisins »", lang) == shown


@pytest.mark.parametrize("text", ["Chez M. [nom], rien ne va.", "Mme [prénom] attend."])
def test_a_masked_place_is_known(text: str) -> None:
    assert wording.MASKED.search(text)


@pytest.mark.parametrize("text", ["La famille attend […]", "Le bail [9 ans] court."])
def test_what_was_cut_is_not_a_masked_place(text: str) -> None:
    assert not wording.MASKED.search(text)


SPACES = {
    "fr": r"[ \u00a0][;:!?»%](?!:)|«(?!\u202f)|[\w)»’][;!?](?=\s|$)|\w:(?=\s)|\w'\w|«[^»]*«",
    "nl": r"[ \u202f\u00a0][;:!?%](?!:)|[«»]|\w'\w|(?:^|”)[^“]*[‘']",
    "en": r"[ \u202f\u00a0][;:!?%](?!:)|[«»]|\w'\w|(?:^|”)[^“]*[‘']",
}


BOUNDS = {  # numbers that are never one: limits of the program, what is published from a threshold on
    "brief.left.count", "brief.settings.contact", "brief.theme.longest", "brief.theme.three", "brief.theme.withheld",
    "brief.too_long", "brief.checks.held_few", "brief.speech.paragraph", "cli.brief.done", "room.age",
    "room.not.minutes",
}  # fmt: skip
GLUED = {
    "fr": r"\{\w+\} (?!ans\b)[a-zà-ÿ]+s\b",
    "nl": r"\{\w+\} (?:huishoudens|personen|regels|fiches|passages)\b",
    "en": r"\{(?:n|value|households|kept|gone)\} [a-z]+s\b",
}
TWO_FORMS = r"\w\((?:s|e|es|x|en|n|len)\)|\w+/\w+en\b"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_number_is_glued_to_a_plural_that_does_not_follow_it(lang: str) -> None:
    """« 1 sur 1 ménages », « 1 ménage(s) »: a noun has its forms, or stands before its number."""
    packs = [key for key in message_keys() if key.startswith(("brief.", "room.", "cli.brief", "desk.consents."))]
    loose = [key for key in packs if key.rpartition(".")[2] not in ("one", "many", "all", "none", "only")]
    assert {key for key in loose if re.search(GLUED[lang], messages()[key][lang])} <= BOUNDS
    assert not [key for key in message_keys() if re.search(TWO_FORMS, messages()[key][lang])]


CLUMSY = (
    r"\bhuishoudens? (?:dat|die) (?:niet )?verteld\b|\bverteld huishouden\b",  # one tells of a household
    r"\bvragen de gemeenteraad dat\b|\bdanken u om\b|\bbinnen de \w+ (?:dagen|weken|maanden)\b",  # French in Dutch
    r"\buitgezett?e?\b|\bMogen tekenen\b|\b\w+ op \d+ (?:lijken|huishoudens)\b",
)


def test_the_dutch_is_not_french_word_for_word() -> None:
    said = {key: messages()[key]["nl"] for key in message_keys()}
    for path in sorted((Path(wording.__file__).parent / "themes").glob("*.yml")):
        said[path.stem] = path.read_text("utf-8")
    assert not [key for key, text in said.items() if re.search("|".join(CLUMSY), text)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_is_spaced_and_quoted_as_its_language_does(lang: str) -> None:
    said = [(key, re.sub(r"`[^`]*`", "", messages()[key][lang])) for key in message_keys()]
    said += [(f"{v}/{c}", label(v, c, lang)) for v in vocabularies() for c in codes(v)]
    found = [(key, text) for key, text in said if re.search(SPACES[lang], text)]
    assert not found
