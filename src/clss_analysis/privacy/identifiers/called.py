"""Names told by what stands around them, whatever the word: how someone is called, signs or is told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from clss_analysis.privacy.identifiers.finding import Finding
from clss_analysis.privacy.identifiers.known import Span, within
from clss_analysis.privacy.identifiers.lists import word_list
from clss_analysis.privacy.identifiers.model import bears_first_name, is_adjective

_FIELD = re.compile(
    r"\b(?:(?i:nom|pr[ée]nom|naam|voornaam|achternaam|name|surname)(?: (?i:de famille|de jeune fille|d'usage))? ?[:=] ?"
    r"|(?:NOM|PR[EÉ]NOM|NAAM|VOORNAAM|nom(?= [A-ZÀ-Þ]{2})) )"
    r"(?!(?i:nom|pr[ée]nom|adresse|date|n[ée]e?|non|inconnue?|onbekend|unknown|voornaam|et|de|des)\b)"
    r"([A-ZÀ-Þ][\w'-]+(?: [A-ZÀ-Þ][\w'-]+){0,2}?)(?= ?(?:[/,;.()|\n]|$)| [\w. ]+ ?[:=]| [a-zà-ÿA-ZÀ-Þ])"
)
"""What a form has after its word for a name."""
_LISTED = (
    r"(?:\b(?i:its|it's|(?:'t )?is|tis|c'est|c|ici|this is|i am|i'm|ik ben|je suis|hier is|tel de|gsm van|un certain"
    r"|une certaine|chez|bij) [«\"“(]? ?({word})(?=[ ,.!?;:»\"”(\n]|$)(?! (?:qui|que)\b)"
    r"|(?<![\w'-])({word})(?: [A-Z]\.)? \((?:(?:le|la|l'|sa|son|mon|ma|the|her|his|pt's|de|zijn|haar|is|age|no) ?)?"
    r"(?:\d{{1,2}} ?(?:ans|a|j|jaar|y|yo|m|mois)\b|voisine?s?|{kin})\b"
    r"|(?<![\w'.-])({word} [A-Z]\.)(?=,|[ \n][a-zà-ÿ(\d]|$|\n))"
)
_CALLED = re.compile(
    r"\b(?i:appel(?:ez|le|er)?-(?:moi|le|la)|(?:m'|s')appel\w*|surnomm[ée]e?|hij heet|zij heet|ze heet|heet|noemt zich"
    r"|genaamd|call me|(?:is |are )?called|known as|my name is|named|sonnette|au nom de|op naam van) ?:? ?[«\"“(]? ?"
    r"((?!(?:Madame|Monsieur|Mme|M|Mr|Mevr|Le|La|Les|Mon|Ma|De|Het|The|Aide)\b)[A-ZÀ-Þ][\w'-]+)"
)


def called(text: str, public: list[Span]) -> Iterator[Finding]:
    """Every name of a form, of who says how someone is called, and before a kinship or an age in brackets.

    Where the words around do not settle it, a word must be one that people bear, in whatever case.
    """
    yield from (Finding(found.start(1), found.end(1), "person", 0.9, "naming") for found in _FIELD.finditer(text))
    yield from (Finding(found.start(1), found.end(1), "person", 0.7, "naming") for found in _CALLED.finditer(text))
    for found in _listed().finditer(text):
        place = found.span(found.lastindex or 0)
        word, after = text[slice(*place)], text[place[1] :]
        told = re.match(r"(?i)(?:c'est|c|it'?s|is)\b", found[0]) and is_adjective(word)
        thing = told or (word.isupper() and len(word) < 4) or re.match(r" \d", after)
        if not thing and not within(public, *place) and _may_be_called(word):
            yield Finding(*place, "person", 0.6, "naming")


@cache
def _listed() -> re.Pattern[str]:
    kin = "|".join(sorted({word for name in ("kin", "kin-nl", "kin-en") for word in word_list(name)}))
    return re.compile(_LISTED.format(word=r"(?!\d)\w[\w'-]{2,}", kin=kin))


def _may_be_called(word: str) -> bool:
    """Whether a word of any case, where something else says that a person is named, is one that people bear."""
    low = word.lower().split()[0]
    borne = bears_first_name(low.title()) or low in word_list("name-and-word") | word_list("surname-and-word")
    return borne and low not in word_list("given")
