"""Public names that identify nobody: communes, stations, hospitals, services, shops, medicines, peoples, feasts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import cache

from clss_analysis.privacy.identifiers.finding import Finding
from clss_analysis.privacy.identifiers.lists import bare, lists, one_of, word_list
from clss_analysis.privacy.identifiers.model import is_first_name

_TOKEN = re.compile(r"[^\W_]+")
_LIVES = re.compile(
    r"\b(?:habit\w+|vi[tv]\w*|log(?:e|ent|eait)|lou(?:e|ent)|dor[mt]\w*|camp(?:e|ent)|donne sur|retrouv\w+"
    r"|tra[iî]n\w+|mendi\w+"
    r"|face [àa]|squat\w*|caissi\w+|travaill\w+|adresse|domicil\w+|expuls\w+"
    r"|woon\w*|slaapt|verblijft|adres|lives?|living|sleeps?|sleeping|stays?|address|evicted)\b[^.!?\n]*$",
    re.IGNORECASE,
)
_GREAT = re.compile(r"(?i:gare|station) (?i:centrale?|du midi|du nord|de bruxelles|guillemins|de guillemins)")
"""The stations where so many sleep that none is told by it."""
_SURE = ("title", "kinship", "naming", "particle", "school", "business", "employer", "initial", "origin")
_DOSES = re.compile(r"\d ?(?:mg|mcg|[µμ]g|ml)\b")
_BESIDE_DOSES = re.compile(
    r"\b([A-ZÀ-Þ][\w-]+(?: [A-ZÀ-Þ][\w-]+)?),? \d+(?:[.,/]\d+)*(?=[ ,.;)]|$)(?! (?:ans|jaar|years)\b)"
)
"""What may be a medicine without its unit, where a note tells doses."""
_MEASURED = re.compile(
    r"(?<![\w.]\b)\b([A-ZÀ-Þ][\w-]+(?: [A-ZÀ-Þ][\w-]+)?) (?:score )?"
    r"(?:[1-9]\d{0,2}[.,]\d{1,2}(?![\w.])|\d{1,2}/\d{2,3}(?![\w/])|\d{1,3} ?(?:%|mm|cm|kg|kW)(?!\w)|€ ?\d|\d[\d.,]* ?€"
    r"|\d{1,3}x\d|\d(?:[.,]5)?(?:x ?)?/(?:j|jour|d|dag|day)\b|\d-\d-\d(?!\d)|\d ?x ?(?:/|par |per )?(?:j|jour|dag|day))"
)
"""A scale, a value of the body or a product, and its score, measure or price."""
_READING = re.compile(
    r"\b(?:(?:re)?l(?:ire|u|ira|isons)|lecture|livres?|auteur\w*|th[ée]orie\w*|concept\w*|chapitre|[ée]chelle|[ée]ch\.|cite|boek\w*"
    r"|hoofdstuk|lezen|gelezen|schaal|books?|reading|chapter|theory|scale|stade)(?!\w)",
    re.IGNORECASE,
)
"""Where a note tells of a book or a scale, a surname that thinkers bear is theirs."""
_LINKED = re.compile(r"[ ,/;-]{1,3}(?:et |en |and |ou |of |or )?")
_GOES = re.compile(
    r"(?:\b(?:[àa]|au|vers|jusqu'[àa]|pr[èe]s de|entre|pr[ée]?m[ée]tro|m[ée]tro|gare|station|arr[êe]t|halte|place"
    r"|quartier|parc|porte|tram|bus|ligne|CHU|h[ôo]pital|clinique|magasin|naar|in|near|at|via|from|to|wijk|voiture|chez|bij"
    r"|une|(?:in|naar|bij|aan|achter) (?:de|het)"
    r"|(?:derri[èe]re|devant|face|c[ôo]t[ée]|coin)(?: à| au| du| de)?(?: la| le)?)|\d[a-z]?) $",
    re.IGNORECASE,
)
"""What stands before a stop, a quarter or a shop rather than before its namesake."""
_TOLD = re.compile(
    r"\b(?:di[st]\w*|demand\w+|donn\w+|parl\w+|t[ée]l[ée]phon\w+|[ée]cri\w+|rembours\w+|pr[êe]t\w+|confi\w+|rappel\w+"
    r"|appartient|cousin\w*|ami\w*|log\w+|dort|h[ée]berg\w+|habit\w+)\b(?: \w+){0,2} (?:[àa]|chez|et|ou)? ?$",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r",? (?:est|a|va|dit|vient|veut|doit|peut|ne|n'\w+|s'\w+|me|nous|lui|is|has|was|says|heeft|komt|zegt|wil"
    r"|\d{1,2} (?:ans|jaar|years))\b"
)
"""What a person does, not a stop."""
_DOSED = re.compile(
    rf"\b([A-Z][\w-]+)(?: (?:Retard|Forte|Exel|Odis|XR|LP))?,? (?:\d+(?:[.,/]\d+)? ?{one_of('dose')}\b"
    r"|si besoin|le soir|le matin|au coucher|zo nodig|'s morgens|'s avonds)"
)
_GATHERING = re.compile(rf"\b{one_of('gathering')}(?!\w)")
_ALL_GO = re.compile(
    r"\b(?i:rue|avenue|av\.|boulevard|bd|chauss[ée]e) (?:de la |de l'|des |du |de )?"
    r"[A-ZÀ-Þ][\w'-]++(?: [A-ZÀ-Þ][\w'-]++)*+(?!,? (?:au |n[°r.]* ?|num\w+ )?\(?\d)"
    r"|\b[A-Z]\w+(?:straat|markt|plein|laan)\b(?!,? (?:nr\.? ?|nummer )?\d(?!\d?[hu]))"
)
"""A street that many go to, without a number: nobody's, unless a home or a job there is told of."""
Span = tuple[int, int]


def public_spans(text: str) -> list[Span]:
    """Where a text says a public name of `known.csv`, the longest first at each place, or a medicine with its dose.

    >>> public_spans("Hospitalisée au CHU Saint-Pierre.")
    [(16, 32)]
    """
    tokens = [(match.start(), match.end(), _key(match[0])) for match in _TOKEN.finditer(text)]
    spans: list[Span] = []
    doubtful: list[Span] = []
    n = 0
    while n < len(tokens):
        size = next(
            (
                len(name)
                for name in _names().get(tokens[n][2], ())
                if tuple(key for *_, key in tokens[n : n + len(name)]) == name
            ),
            0,
        )
        whole = tokens[n : n + size]
        around = [key for *_, key in tokens[max(0, n - 2) : n] + tokens[n + 1 : n + 3] if size == 1]
        listed = any(each in _shared() for each in around)
        if size and (listed or not _of_a_person(text, whole[0][0], whole[-1][1], tuple(key for *_, key in whole))):
            spans.append((whole[0][0], whole[-1][1]))
        elif size and not is_first_name(text[whole[0][0] : whole[-1][1]]):
            doubtful.append((whole[0][0], whole[-1][1]))
        n += size or 1
    if _READING.search(text):
        spans += [
            m.span() for m in _TOKEN.finditer(text) if m[0][0].isupper() and m[0].lower() in word_list("thinker-too")
        ]
    for start, end in [*doubtful, *reversed(doubtful)]:  # one of a row of stops or shops is another
        if any(_LINKED.fullmatch(text, b, start) or _LINKED.fullmatch(text, end, a) for a, b in spans):
            spans.append((start, end))
    spans = sorted(set(spans))
    streets = [match.span() for match in _ALL_GO.finditer(text)]
    spans += [each for each in streets if _GATHERING.search(text) or not _LIVES.search(text[: each[0]])]
    doses = [match.span(1) for match in _DOSED.finditer(text)]
    spans += [match.span(1) for match in _MEASURED.finditer(text) if not is_first_name(match[1].split()[0])]
    if doses or _DOSES.search(text):
        doses += [match.span(1) for match in _BESIDE_DOSES.finditer(text) if not is_first_name(match[1].split()[0])]
    return sorted({*spans, *(dose for dose in doses if not within(spans, *dose))})


def _of_a_person(text: str, start: int, end: int, key: tuple[str, ...]) -> bool:
    """Whether a public name is rather somebody's: a first name, or one that families bear and where nobody goes."""
    if is_first_name(text[start:end]):
        return True
    before = text[:start]
    goes = _GOES.search(before) and not _TOLD.search(before)
    return "-".join(key) in _shared() and (not goes or bool(_ACTS.match(text, end)))


def within(spans: list[Span], start: int, end: int) -> bool:
    """Whether a stretch lies in one of the spans."""
    n = bisect_right(spans, start, key=lambda span: span[0]) - 1
    return n >= 0 and end <= spans[n][1]


def is_public(text: str, found: Finding, spans: list[Span]) -> bool:
    """Whether a finding says nothing but a public name, and perhaps what kind of place it is.

    A title is part of some public names, as in « Juge de Paix ».
    A public place where somebody lives, sleeps or meets others may still tell who that is.
    """
    if found.kind == "web" or found.rule in ("street", "dutch-street"):
        return within(spans, found.start, found.end)
    if found.rule in ("business", "employer", "school") and within(spans, found.start, found.end):
        return " " in text[found.start : found.end]
    if found.rule == "title" and any(start < found.start and found.end <= end for start, end in spans):
        return True
    if found.kind not in ("person", "place", "workplace") or found.rule in _SURE:
        return False
    if found.rule == "spot" and _LIVES.search(text[: found.start]) and not _GREAT.match(text, found.start):
        return False
    told = False
    for match in _TOKEN.finditer(text, found.start, found.end):
        if within(spans, match.start(), match.end()):
            told = True
        elif _key(match[0]) not in word_list("around"):
            return False
    return told


@cache
def _names() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """By its first word, the words of every public name, the longest first."""
    names: dict[str, set[tuple[str, ...]]] = {}
    for words in (
        *(tuple(map(_key, _TOKEN.findall(name))) for kind in lists("known").values() for name in kind),
        *(tuple(name.split("-")) for name in _shared()),
    ):
        names.setdefault(words[0], set()).add(words)
    return {first: tuple(sorted(group, key=lambda words: (-len(words), words))) for first, group in names.items()}


@cache
def _shared() -> frozenset[str]:
    """Stops, quarters, hospitals and shops whose names families bear too."""
    return frozenset(map(_key, word_list("shared")))


def _key(word: str) -> str:
    """How a word is compared; three capitals are a body's where « Jo » is a person's."""
    low = bare(word.lower().replace("œ", "oe"))
    return word if word.isupper() and len(word) <= 3 else {"st": "saint", "ste": "sainte"}.get(low, low)
