"""Codes and their words in French, Dutch and English.

Housing problems follow the Brussels Housing Code (art. 4, § 1), situations the full ETHOS grid, life domains
the publication; every other list is the project's own.  Messages are the sentences of figures and pages.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.resources import files

from clss_analysis.records.arguments import nearest_first, one_of

LANGUAGES = ("fr", "nl", "en")


class Sentence(str):
    """A sentence that remembers what it says, so that it can be said again in another language."""

    __slots__ = ("key", "values")

    key: str
    values: Mapping[str, object]

    def told(self, lang: str, **values: object) -> str:
        """The same in another language, what stands in its places too; some of them may be filled otherwise.

        >>> message("years", n=34).told("nl")
        '34 jaar'
        """
        within = {name: told(value, lang) if isinstance(value, str) else value for name, value in self.values.items()}
        return message(self.key, lang, **{**within, **values})


class Word(str):
    """The word for a code, which remembers the code, so that it can be said again in another language."""

    __slots__ = ("code", "vocabulary")

    code: str
    vocabulary: str


def told(said: object, lang: str) -> str:
    """Something as it is said in a language, where it is of our own words; else as it stands.

    >>> told(message("years", n=34), "nl"), told(word("relevance_level", "aim"), "nl"), told("Lu", "nl")
    ('34 jaar', 'doel', 'Lu')
    """
    if isinstance(said, Word):
        return label(said.vocabulary, said.code, lang)
    return str(said.told(lang)) if hasattr(said, "told") else str(said)


def shipped_rows(package: str, *name: str) -> list[dict[str, str]]:
    """The rows of a CSV file that the package brings, by column."""
    return list(csv.DictReader(files(package).joinpath(*name).read_text(encoding="utf-8").splitlines()))


@cache
def _terms() -> dict[str, dict[str, dict[str, str]]]:
    terms: dict[str, dict[str, dict[str, str]]] = {}
    for row in shipped_rows("clss_analysis.records", "vocabularies.csv"):
        terms.setdefault(row["vocabulary"], {})[row["code"]] = {lang: row[lang] for lang in LANGUAGES}
    return terms


@cache
def _messages() -> dict[str, dict[str, str]]:
    messages: dict[str, dict[str, str]] = {}
    folder = files("clss_analysis.records").joinpath("messages")
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        for row in shipped_rows("clss_analysis.records", "messages", path.name):
            if row["key"] in messages:
                raise ValueError(f"{path.name}: message {row['key']} is defined twice")
            messages[row["key"]] = {lang: row[lang] for lang in LANGUAGES}
    return messages


def vocabularies() -> tuple[str, ...]:
    """Names of all vocabularies.

    >>> "housing_problem" in vocabularies()
    True
    """
    return tuple(_terms())


def codes(vocabulary: str) -> tuple[str, ...]:
    """The codes of a vocabulary, in its own order.

    Raises:
        KeyError: no such vocabulary.

    >>> codes("wording")
    ('paraphrase', 'verbatim')
    """
    return tuple(_vocabulary(vocabulary))


def label(vocabulary: str, code: str, lang: str = "fr") -> str:
    """The words for a code.

    Raises:
        KeyError: no such vocabulary or code.
        ValueError: no such language.

    >>> label("relevance_level", "aim")
    'but'
    """
    terms = _vocabulary(vocabulary)
    if code not in terms:
        raise KeyError(f"no code {code} in {vocabulary}; there is {nearest_first(code, terms)}")
    return terms[code][one_of("lang", lang, LANGUAGES)]


def word(vocabulary: str, code: str) -> Word:
    """The French word for a code, which can be told again; errors as for `label`."""
    found = Word(label(vocabulary, code))
    found.vocabulary, found.code = vocabulary, code
    return found


def _vocabulary(name: str) -> dict[str, dict[str, str]]:
    if name not in _terms():
        raise KeyError(f"no vocabulary {name}; there is {nearest_first(name, _terms())}")
    return _terms()[name]


@cache
def glossary() -> tuple[dict[str, str], ...]:
    """The terms of the field, official ones where there are: `fr`, `nl`, `en`, and the `source` of the use.

    An abbreviation stands in brackets after its term, two genders are joined by a stroke or a point.

    >>> next(term["nl"] for term in glossary() if term["fr"] == "justice de paix")
    'vredegerecht'
    """
    return tuple(shipped_rows("clss_analysis.records", "glossary.csv"))


@cache
def _terms_of(lang: str) -> dict[str, dict[str, str]]:
    """Terms and abbreviations in a language, in lower case, to what they are in each language."""
    found: dict[str, dict[str, str]] = {}
    for term in glossary():
        parts = {each: re.findall(r"[^()]+(?<! )", term[each]) for each in LANGUAGES}
        for rank, name in enumerate(parts[lang]):
            found[name.lower()] = {each: parts[each][min(rank, len(parts[each]) - 1)] for each in LANGUAGES}
    return found


def in_terms(text: str, lang: str, to: str) -> str | None:
    """A name that is a term of the glossary, or its abbreviation, in another language; None where it is none.

    >>> in_terms("Justice de paix", "fr", "nl"), in_terms("CPAS", "fr", "nl"), in_terms("La Rue", "fr", "nl")
    ('Vredegerecht', 'OCMW', None)
    """
    term = _terms_of(lang).get(text.strip().lower())
    return None if term is None else term[to][:1].upper() + term[to][1:]


def age_band(age: int) -> str:
    """The code of `age_band` that holds an age in whole years.

    >>> age_band(2), age_band(17), age_band(104)
    ('0-2', '12-17', '75+')
    """
    return next(code for code in codes("age_band") if code.endswith("+") or age <= int(code.partition("-")[2]))


def message(key: str, lang: str = "fr", **values: object) -> str:
    """A sentence of a figure or page, with its places filled in; it is a `Sentence`, and can be told again.

    Raises:
        KeyError: no such message or place.
        ValueError: no such language.

    >>> message("years", n=34)
    '34 ans'
    """
    sentence = Sentence(_messages()[key][one_of("lang", lang, LANGUAGES)].format(**values))
    sentence.key, sentence.values = key, values
    return sentence


def first_message(keys: Iterable[str], lang: str = "fr", otherwise: str = "", **values: object) -> str:
    """The sentence of the first of these keys that there is; `otherwise` where there is none.

    >>> first_message(("years.of.nothing", "years"), "nl", n=34), first_message(("nothing",), "nl", "niets")
    ('34 jaar', 'niets')
    """
    found = next((key for key in keys if key in _messages()), "")
    return message(found, lang, **values) if found else otherwise


def column_title(name: str, lang: str = "fr", table: str = "", otherwise: str = "") -> str:
    """What readers of a table call a column: its own word where it has one, else that of the sheet of the table.

    Args:
        name: the column.
        lang: fr, nl or en.
        table: the table whose rows are shown, empty where they are made of several.
        otherwise: what a column is called that the catalogues do not know, such as one that a dataset adds.

    >>> column_title("start"), column_title("partner_a", "nl", "couples"), column_title("x_dog", otherwise="Chien")
    ('Depuis', 'Partner A', 'Chien')
    """
    keys = (f"column.{name}", f"workbook.column.{table}.{name}", f"workbook.column.{name}")
    return first_message(keys, lang, otherwise or name)


def message_keys() -> Collection[str]:
    """All message keys, in their order."""
    return _messages().keys()


@cache
def sentences_in(lang: str) -> tuple[str, ...]:
    """Every sentence, every word for a code and every term that is ours, in a language.

    >>> "but" in sentences_in("fr")
    True
    """
    codes = (words[lang] for terms in _terms().values() for words in terms.values())
    return (*codes, *(words[lang] for words in _messages().values()), *(term[lang] for term in glossary()))


@cache
def words_in(lang: str) -> frozenset[str]:
    """Every word of our own sentences and codes in a language, in lower case.

    >>> {"gezin", "huisvesting"} <= words_in("nl"), "benali" in words_in("nl")
    (True, False)
    """
    return frozenset(re.findall(r"[^\W\d_]+", " ".join(sentences_in(lang)).lower()))


@cache
def code_words() -> frozenset[str]:
    """Every word that our codes are made of.

    >>> {"lone", "mother", "battle"} <= code_words()
    True
    """
    return frozenset(word for terms in _terms().values() for code in terms for word in code.split("_"))
