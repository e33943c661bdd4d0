"""Addresses, places more precise than a commune, schools and workplaces that few people share."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clss_analysis.privacy.identifiers.finding import Finding
from clss_analysis.privacy.identifiers.lists import lists, word_list
from clss_analysis.privacy.identifiers.model import bare, is_adjective, is_listed, is_surname_too, is_word


def _any(kind: str) -> str:
    """A pattern for the words of one row of `kinds.csv`, in any case, with and without their accents."""
    names = sorted(
        {form for name in lists("kinds")[kind] for form in (name, bare(name))}, key=lambda name: (-len(name), name)
    )
    return rf"(?i:{'|'.join(map(re.escape, names))})"


_LINK = (
    r"(?:de la |de l'|de los |de las |del |della |dei |do |dos |das |zur |zum |am |des "
    r"|du |de |d'|la |le |les |l'|aux? |à la |à l'|à |sous |sur |van (?:de[nr]? |'t )?"
    r"|ter |ten |op (?:de |het )?|'t )"
)
_PROPER = r"(?:[A-ZÀ-ÖØ-ÞŁŚŠŞİŽ][\w'.-]*(?<![.])|[A-Z]\.|St\.|Ste\.|Dr\.)"
_TITLED = rf"(?:{_LINK}{{0,2}}{_PROPER}(?:[ -]{_LINK}{{0,2}}{_PROPER}){{0,4}})"
_VERB = r"(?!(?:depuis|avec|pour|en|et|ou|il|elle|est|qui|que|pendant|sans|dans|a|à|au|où|car|mais|vers|pas|plus)\b)"
_LOWER = rf"(?:(?:de la|de l'|des|du|de|d')? ?{_VERB}[\w'-]+(?: {_VERB}[\w'-]+){{0,3}}?)"
_NUMBER = (
    r"(?:z/n|s/n|\d{1,4}(?: ?(?:bis|ter|[A-Da-d](?!\w| ?\d))|[A-Fa-f](?!\w| ?\d{1,3}\b))?"
    r"(?:(?:[/-](?!b(?:te?|us|oi)|app)| à (?=\d))\w{1,4})?)"
    r"(?![\w%€]| ?(?:janv|f[ée]vr|mars\b|avril|mai\b|juin|juil|ao[ûu]t|sept|oct|nov|d[ée]c"
    r"|ans|euros?|m[ée]nages?|huishoudens?|households?|mois|enfants|m²|jours|nuits|fois|personnes|heures?|h\b|semaines|places|mensen"
    r"|kinderen|people))"
)
_SPELT = (
    r"(?:(?:num[ée]ro|n°|nr\.?|au|huisnummer) (?:un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze"
    r"|treize|quatorze"
    r"|quinze|seize)|(?:(?:num[ée]ro|n°|nr\.?|au|huisnummer) )?(?:vingt|trente|quarante|cinquante|soixante|septante"
    r"|quatre-vingts?|nonante|(?:deux |trois |quatre )?cents?)(?:[ -](?:et|un|deux|trois|quatre|cinq|six|sept|huit|neuf"
    r"|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante|cinquante|soixante|septante|nonante))*)\b"
)
_BOX = (
    rf"(?:[ ,/(-]{{1,3}}(?:{_any('box')} ?(?:n° ?)?(?:[A-Z]?\d{{1,5}}(?:[.,]\d{{1,3}})?|\d?\w{{1,3}})\b"
    r"|\d{1,2} ?(?:er|ère|e|è|ème|de|ste|nd|rd|th) (?:étages?\b|ét\b\.?|verdieping\b|verd\b\.?|floor\b|arrière\b"
    r"|avant\b|gauche\b|droite\b)|\d{1,2}[º°ª] ?[A-Z]?\b|(?i:rez(?:-de-chaussée)?|rdc|[12](?:er|e|ème))\b)\)?"
    r"|/\w{1,4}\b| / \d{1,4}\b(?![./ ]\d)| b ?\d{1,3}\b| \+\d\b){0,3}"
)
_BRUSSELS = "|".join(sorted(map(re.escape, lists("known")["municipality"][:46]), key=len, reverse=True))
_TOWN = "|".join(sorted(map(re.escape, lists("known")["municipality"]), key=len, reverse=True))
_THEN = r"(?:[ ,]{1,2}(?:au )?(?=\w)| ?[:-] | \((?=(?:n° ?)?\d{1,4}(?: ?[A-Da-d]| ?bis|[/-]\w{1,4})?\)))"
_COMMUNE = rf"(?: {_PROPER}(?:[ -](?:{_LINK}|Saint|Sainte|St|Sint|Lez|ten ){_PROPER})?)?"
_POSTCODE = (
    rf"(?:(?:[ ,(-]{{1,3}}| (?:à|te|in) )(?:B ?-? ?)?(?:[1-9]\d{{3}}(?: ?[A-Z]{{2}}\b)?(?!\d){_COMMUNE}"
    rf"|\d{{5}}(?!\d)(?: {_PROPER}){{0,3}})| (?:à|te) {_PROPER}|(?:, ?| )(?:{_TOWN})\b(?!-))?"
)
_AFTER = re.compile(
    rf"\b{_any('street')} (?:{_TITLED}(?: [a-zà-ÿ'-]+)?|{_LOWER}){_THEN}(?:n[°º] ?|n[or]\.? ?|num[ée]ro )?"
    rf"(?:{_NUMBER}|{_SPELT}){_BOX}{_POSTCODE}"
)
_PITCH = re.compile(
    rf"\b{_any('street')} {_TITLED}(?: [a-zà-ÿ'-]+)?, ?{_any('box')} (?:n° ?)?\d?\w{{1,3}}\b{_BOX}{_POSTCODE}"
)
_LOWER_AFTER = re.compile(rf"\b{_any('street-sure')} {_LOWER}[ ,]{{1,2}}(?:n° ?)?{_NUMBER}{_BOX}{_POSTCODE}")
_BEFORE = re.compile(
    rf"(?:\b{_any('box')} \w{{1,4}}, )?(?:(?:(?i:num[ée]ro|n°) )?(?<![\d.,/-])"
    rf"\d{{1,4}}(?: ?(?:bis|ter|[A-Da-d]))?(?:/\w{{1,3}}|-\d{{1,4}})?|\b{_SPELT}),? "
    rf"(?:du |de la |de l'|des )?(?:{_any('street')} {_TITLED}"
    rf"|{_any('street-sure')} (?:(?:de la|de l'|des|du|de|d') ?)?{_VERB}[\w'-]+(?: [\w'-]+){{0,3}}?(?=[ ,.;)]"
    rf"|$)){_BOX}{_POSTCODE}"
)
_BARE = re.compile(rf"\b(?!allées? (?:à|aux?) ){_any('street-sure')} {_TITLED}{_BOX}{_POSTCODE}")
_DUTCH_NUMBER = rf"[ ,]{{1,2}}(?:nr\.? ?|nummer )?{_NUMBER}{_BOX}{_POSTCODE}"
_DUTCH = re.compile(
    rf"\b(?:(?i:steenweg|stwg\.?) op [A-Z]\w+|(?:{_PROPER} ){{0,2}}[A-Z][\w'-]*(?:straat|laan|steenweg|plein"
    rf"|kaai|weg|dreef|lei"
    rf"|singel|hof|baan|markt|plaats|vest)\b)(?:{_DUTCH_NUMBER}|{_POSTCODE})"
    rf"|\b(?:(?:{_PROPER} ){{0,2}}[A-Z][\w'.-]*|(?:{_PROPER} ){{1,3}}(?=[A-Z])){_any('street-nl')}(?!\w){_DUTCH_NUMBER}"
    rf"|\b(?i:nummer|nr\.?|n°) \d{{1,4}} (?:in|van|op) (?:de |het )?[A-Z][\w'-]*{_any('street-nl')}(?!\w)"
)
_ABROAD = re.compile(
    rf"\b(?:{_any('street-before')} {_TITLED}|(?:{_PROPER} ){{0,2}}[A-ZÄÖÜ][\w'-]*{_any('street-after')}(?!\w)"
    rf"|(?:{_PROPER} ){{1,3}}{_any('street-word')})(?!\w)[ ,]{{1,2}}(?i:n° ?|no[.:]? ?|nr\.? ?)?"
    rf"{_NUMBER}{_BOX}{_POSTCODE}"
    rf"(?:, {_PROPER})?"
)
_DUTCH_LOWER = re.compile(
    rf"\b[a-z][\w'-]{{2,}}(?:straat|laan|steenweg|plein|kaai|dreef|lei)\b[ ,]{{1,2}}{_NUMBER}{_BOX}{_POSTCODE}"
)
_DUTCH_BARE = re.compile(
    r"\b(?!(?:hoofd|zij|winkel|dwars|woon|school|speel|leef|fiets|buur|achter|dorps|\w+rij)straat|\w*slaan\b)"
    r"[a-z][\w'-]{3,}(?:straat|steenweg|laan)\b"
)
_BARE_LOWER = re.compile(
    r"\b(?:rue|avenue|boulevard|chaussée|chaussee|chée|quai|impasse|allée|venelle|drève) "
    r"(?:de la |de l'|des |du |de |d')?([a-zà-ÿ][a-zà-ÿ-]{2,})\b(?!')"
)
_CITY = "|".join(sorted(map(re.escape, lists("known")["city"]), key=len, reverse=True))
_BORN = re.compile(
    r"\b(?:n[ée]e?s? (?:[^.;\n]{0,25} )?(?:à|a|au)|(?:vien\w*|ven(?:ir|ue?s?|ant)|originaires?|nati\w+)"
    r" (?:de |d')"
    r"|geboren (?:[^.;\n]{0,25} )?(?:te|in)|afkomstig (?:uit|van)|kom(?:t|en) uit|born (?:[^.;\n]{0,25} )?in"
    rf"|(?:comes?|came|is|was|are) from) ?((?:{_CITY})\b)"
)
_ENGLISH = re.compile(
    r"(?:\b(?i:flat|apt\.?|apartment|unit|room|studio) \w{1,4},? )?"
    rf"(?<![\d.,])\d{{1,4}}[A-Da-d]?,? {_PROPER}(?: {_PROPER}){{0,3}}"
    rf" (?:{'|'.join(lists('kinds')['street-en'])})\b{_BOX}{_POSTCODE}"
    rf"(?:,? {_PROPER})?(?:,? [A-Z]{{1,2}}\d[\dA-Z]? \d[A-Z]{{2}}\b)?"
)
_ENGLISH_LOWER = re.compile(
    r"(?:\b(?:flat|room|unit) \w{1,4},? )?(?<![\d.,])\d{1,4}[a-d]?,?"
    r" (?:[a-z']+ ){1,2}(?:street|road|lane|terrace|crescent)"
    r"(?= ?(?:[,.;)\n]|$))"
)
_ZIP = re.compile(rf"(?<![\d.,/-])(?:B ?-? ?)?1[0-2]\d\d (?:(?:{_BRUSSELS})\b|(?=Saint-|Sint-))")
_POST_BOX = re.compile(
    rf"\b(?i:b\.?p\.?|bo[iî]te postale|postbus|p\.?o\.? ?box) (?:n° ?)?\d{{1,6}}\b(?!/)(?:,? {_PROPER})?{_POSTCODE}"
)
_SPOT = re.compile(rf"\b{_any('spot')} (?:« ?)?(?!à )(?<!\bporte (?=l)){_TITLED}{_BOX}")
_SCHOOL = re.compile(
    rf"\b{_any('school')}"
    r"(?: (?i:communale?|primaire|maternelle|fondamentale|sp[ée]cialis[ée]e?|royale?|technique|secondaire|basisschool"
    rf"|libre|n° ?\d*|st\.?|gemeentelijke)){{0,3}} (?:« ?)?(?!à ){_TITLED}"
)
_SCHOOL_LOWER = re.compile(
    r"\b(?:op|naar) school in ((?:de|het|'t) (?!vierde|zelfde|[a-z]+ste )[a-z]{3,} (?!buurt|wijk|stad|gemeente|straat"
    r"|week|weken|klas|jaar|jaren|maand|maanden|dagen|ochtend|namiddag|vakantie|omgeving|periode|regio|taal)[a-z]{3,})"
    r"(?=[.,;)\n]|$)"
)
_WORK = re.compile(rf"\b(?:{_any('work')}|(?i:salon|atelier) de \w+) (?:« ?)?(?!à ){_TITLED}")
_WORK_AFTER = re.compile(
    rf"\b(?:The )?(?!(?:The|An?|My|Our|His|Her|Their|At|Near|No) )(?:{_PROPER} ){{1,3}}"
    rf"(?:{'|'.join(lists('kinds')['work-after'])})\b{_BOX}"
)
_OF = re.compile(r"^[\w-]+ (?:de |d')([A-ZÀ-Þ]\w+)$")
"""A kind of place and what it is for, as in « Pharmacie de Garde »."""
_ONE = re.compile(r"^[\w-]+ ([A-ZÀ-Þ][a-zà-ÿ]+)$")
"""A kind of place and one word, as in « Pension Alimentaire »."""
_EMPLOYED = re.compile(
    r"\b(?i:travaille|travaillait|engag[ée]e?|employ[ée]e?|serveu(?:r|se)|vendeu(?:r|se)|caissi[èe]re?"
    r"|plonge|stage|int[ée]rim|cuisini[èe]re?|nettoie)\b"
    rf"[^.;,]{{0,30}}?(?<!gr[âa]ce )\b(?i:chez|au|aux|[àa]) (?!P[âa]ques|No[ëe]l"
    rf"|Toussaint)((?:{_LINK})?(?:[a-zà-ÿ-]{{4,}} )?{_PROPER}(?: {_LINK}?{_PROPER}){{0,4}})"
)  # fmt: skip


def places(text: str) -> Iterator[Finding]:
    """Every address, precise place, school and workplace in a text that `plain` has made."""
    for pattern, rule, confidence in (
        (_AFTER, "street-and-number", 0.9),
        (_LOWER_AFTER, "street-and-number", 0.85),
        (_PITCH, "street-and-number", 0.85),
        (_BEFORE, "number-and-street", 0.9),
        (_DUTCH, "dutch-street", 0.85),
        (_DUTCH_LOWER, "dutch-street", 0.85),
        (_ABROAD, "street-and-number", 0.85),
        (_ENGLISH, "number-and-street", 0.85),
        (_ENGLISH_LOWER, "number-and-street", 0.85),
        (_BARE, "street", 0.75),
        (_DUTCH_BARE, "street", 0.6),
        (_ZIP, "postcode", 0.6),
        (_POST_BOX, "postcode", 0.7),
    ):
        for match in pattern.finditer(text):
            yield Finding(match.start(), match.end(), "address", confidence, rule)
    for pattern, kind, rule, confidence in (
        (_SPOT, "place", "spot", 0.65),
        (_SCHOOL, "workplace", "school", 0.7),
        (_WORK, "workplace", "business", 0.6),
        (_WORK_AFTER, "workplace", "business", 0.6),
    ):
        for match in pattern.finditer(text):
            said = _OF.search(match[0]) or _ONE.search(match[0])
            what = said[1].lower() if said else ""
            common = what and is_word(what) and not is_surname_too(what)
            if not (common and (is_adjective(what) or _OF.search(match[0]))):
                yield Finding(match.start(), match.end(), kind, confidence, rule)
    for match in _BARE_LOWER.finditer(text):
        if match[1] in word_list("commune") or not (is_word(match[1]) or is_listed(match[1])):
            yield Finding(match.start(), match.end(), "address", 0.6, "street")
    for match in _SCHOOL_LOWER.finditer(text):
        yield Finding(match.start(1), match.end(1), "workplace", 0.5, "school")
    for match in _BORN.finditer(text):
        yield Finding(match.start(1), match.end(1), "place", 0.6, "origin")
    for match in _EMPLOYED.finditer(text):
        yield Finding(match.start(1), match.end(1), "workplace", 0.55, "employer")
