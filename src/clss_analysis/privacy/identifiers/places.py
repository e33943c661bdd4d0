"""Addresses, places more precise than a commune, schools and workplaces that few people share."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clss_analysis.privacy.identifiers.dates import MONTH, WEEKDAY
from clss_analysis.privacy.identifiers.finding import Finding
from clss_analysis.privacy.identifiers.lists import dictionary, lists, one_of, word_list
from clss_analysis.privacy.identifiers.model import is_adjective, is_listed, is_surname_too, is_word
from clss_analysis.privacy.identifiers.word import is_dutch, is_rare

_LINK = f"(?:{'|'.join(sorted(lists('kinds')['link'], key=lambda word: -len(word)))})"
_PROPER = r"(?:[A-ZÀ-ÖØ-ÞŁŚŠŞİŽ][\w'.-]*(?<![.])|[A-Z]\.|St\.|Ste\.|Dr\.)"
_TITLED = rf"(?:{_LINK}{{0,2}}{_PROPER}(?:(?:[ -]| & ){_LINK}{{0,2}}{_PROPER}){{0,4}})"
_VERB = r"(?!(?:depuis|avec|pour|en|et|ou|il|elle|est|qui|que|pendant|sans|dans|a|à|au|où|car|mais|vers|pas|plus)\b)"
_NO_NAME = r"(?i:par|pour|avec|sans|depuis|pendant|dans|est|et|ou|qui|que|principale?s?|social\w*|forc[ée]\w*)\b"
_LOWER = rf"(?:(?:de la|de l'|des|du|de|d')? ?{_VERB}[\w'-]+(?: {_VERB}[\w'-]+){{0,3}}?)"
_NUMBER = (
    r"(?:z/n|s/n|\d{1,4}(?![.,]\d{3})(?: ?(?:(?i:bis|ter)|[A-Da-d](?!\w| ?\d))|[A-Fa-f](?!\w| ?\d{1,3}\b))?"
    r"(?:(?:[/-](?!b(?:te?|us|oi)|app)| à (?=\d))\w{1,4})?)"
    rf"(?![\w%€]| ?(?:(?i:{MONTH})(?!\w)"
    rf"|{one_of('unit')}|{one_of('dose')}(?!\w)|[hu](?:\d\d)?\b))"
)
_SAID = f"(?:{'|'.join(lists('words')['spoken'])})"
_SPELT = (
    rf"(?:(?i:num[ée]ro|n°|nr\.?|no\.?|au|(?:huis)?nummer|number) {_SAID}|(?:\w{{3,5}}[eë]n)?{one_of('tens')})"
    rf"(?:[ -](?:et[ -])?{_SAID})*\b"
)
_BRUSSELS = "|".join(sorted(map(re.escape, lists("known")["municipality"][:46]), key=len, reverse=True))
_TOWN = "|".join(sorted(map(re.escape, lists("known")["municipality"]), key=len, reverse=True))
_THEN = r"(?:[ ,]{1,2}(?:au )?(?=\w)| ?[:-] | \((?=(?:n° ?)?\d{1,4}(?: ?[A-Da-d]| ?bis|[/-]\w{1,4})?\)))"
_FLOOR, _SIDE = rf"{one_of('floor')}(?!\w)", rf"(?:(?:[àa] )?{one_of('side')}(?!\w))"
_ORDINAL = (
    r"(?:\d{1,2} ?(?i:er|[èi]?[èe]?re|i?[èe](?:me)?|de|ste|st|nd|rd|th|°|º)"
    r"|(?i:premier|deuxi[èe]me|troisi[èe]me|quatri[èe]me|dernier|eerste|tweede|derde|vierde|first|second|third|top))"
)
_PART = (
    rf"(?:{one_of('box')} ?(?:n° ?)?(?:{_SAID}|[A-Z]?\d{{1,5}}[A-Za-z]?(?:[.,/]\d{{1,3}})?|[A-Z]\d?)\b(?: {_SIDE})?"
    rf"|{_ORDINAL} {_FLOOR}(?: {_SIDE})?"
    rf"|\d{{1,2}} ?(?:[èe](?:me)?|i[èe]me|de|°|º)(?: ?[A-Z]\b)?(?: {_SIDE}|(?=[,.;:)\n]|$))"
    rf"|{_FLOOR} (?:\d\w?|[A-Z])\b(?: {_SIDE})?|b ?\d{{1,3}}\b|{_SIDE}"
)
_CITY_PART = (
    rf"|(?:(?:[àa]|te|in|at) )?(?:B ?-? ?)?(?:[1-9]\d{{3}}(?: [A-Z]{{2}}\b)?|\d{{5}})"
    rf"(?! ?(?:€|eur|euros?\b)|\d| ?[,.]\d)"
    rf"(?:,? (?:{_PROPER}(?:[ -](?:{_LINK}|Saint|Sainte|St|Sint|Lez|ten )?{_PROPER}){{0,2}}|(?i:{_TOWN})\b))?"
    rf"|(?:(?:[àa]|te|in|at) )?(?i:{_TOWN}|bxl|antwerp|ghent)\b(?!-)|(?:[àa]|te) {_PROPER}"
    rf"|(?:{_PROPER} )?[A-Z]{{1,2}}\d[\dA-Z]? \d[A-Z]{{2}}\b)"
)
_ON = re.compile(
    rf"(?:(?:\.|[/-])\d{{1,3}}\b|(?:[ ,/(:-]{{1,3}}(?:et |en |and |& ?)?"
    rf"(?:{_PART}{_CITY_PART}|(?!\d{{1,2}}[hu]\b)\d{{1,4}}[A-Za-z]\b(?! ?\d))\)?))+"
)
"""What goes on from a street and its number: box, floor, side, more numbers, postcode, commune."""
_BACK = re.compile(
    rf"(?<!\w)(?:(?:{_PART}{_CITY_PART}|(?i:tour|flat|unit|r[ée]sidence|residentie|blok|bloc) {_PROPER}(?: {_PROPER})?"
    rf"|(?i:tour|flat|unit|blok|bloc) \d\w?)[ ,:/-]{{1,3}})+$"
)
"""What leads to them."""
_SHAPE = re.compile(
    rf"(?<![\w.-])(?!(?i:{MONTH}|{WEEKDAY}|{one_of('box')})\b)"
    rf"(?:{_PROPER}[ -]){{0,3}}{_PROPER},? (?:n[°ro]\.? ?|no\. ?)?{_NUMBER}"
)
"""Capitals and a number, which are an address where a box, a floor or a postcode is beside them."""
_LOWER_SHAPE = re.compile(
    rf"(?<![\w'.])(?:[a-zà-ÿ][\w'-]+ ){{1,4}}?\d{{1,4}}[a-d]?,? [1-9]\d{{3}} (?i:{_TOWN})\b(?! ?\d)"
)
"""A number between words in lower case and the postcode of a commune."""
_STRONG = re.compile(
    rf"{one_of('box')} ?\d|{_FLOOR}"
    rf"|(?<!\d)(?:[1-9]\d{{3}} (?:{_PROPER}|(?i:{_TOWN}))|[àa] [1-9]\d{{3}})|\b(?:te|in|à) (?i:{_TOWN})\b"
)
_AFTER = re.compile(
    rf"\b(?!(?i:cours d)){one_of('street')} (?!{_NO_NAME})"
    rf"(?:{_TITLED}(?: (?!le\b|du\b|au\b)[a-zà-ÿ'-]+)?|{_LOWER}){_THEN}"
    r"(?:n[°º] ?|n[or]\.? ?|num\.? ?|num[ée]ro )?(?<!\ble )(?<!\bdu )"
    rf"(?:{_NUMBER}|{_SPELT})"
)
_PITCH = re.compile(rf"\b{one_of('street')} {_TITLED}(?: [a-zà-ÿ'-]+)?, ?{one_of('box')} (?:n° ?)?\d?\w{{1,3}}\b")
_LOWER_AFTER = re.compile(rf"\b{one_of('street-sure')} {_LOWER}[ ,]{{1,2}}(?:n° ?)?{_NUMBER}")
_BEFORE = re.compile(
    rf"(?:\b{one_of('box')} \w{{1,4}}, )?(?:(?:(?i:num[ée]ro|n°) )?(?<![\dh.,/-])"
    rf"\d{{1,4}}(?: ?(?:bis|ter|[A-Da-d]))?(?:/\w{{1,3}}|-\d{{1,4}})?|\b{_SPELT}),? "
    rf"(?:du |de la (?:même )?|de l'|des )?(?:{one_of('street')} {_TITLED}"
    rf"|{one_of('street-sure')} (?:(?:de la|de l'|des|du|de|d') ?)?{_VERB}[\w'-]+(?: [\w'-]+){{0,3}}?(?=[ ,.;)]"
    rf"|$))"
)
_BARE = re.compile(rf"\b(?!allées? (?:à|aux?) ){one_of('street-sure')} {_TITLED}")
_DUTCH_NUMBER = rf"[ ,]{{1,2}}(?:nr\.? ?|nummer )?{_NUMBER}"
_DUTCH = re.compile(
    rf"\b(?:(?i:steenweg|stwg\.?) op [A-Z]\w+|(?:{_PROPER} ){{0,2}}[A-Z][\w'-]*{one_of('street-nl-bare')}\b"
    rf"(?:-{_PROPER})?)(?:{_DUTCH_NUMBER}|,? {_SPELT})?"
    rf"|\b(?:(?:{_PROPER} (?:de[nr]? |van )?){{0,3}}[A-Z][\w'.-]*|(?:{_PROPER} ){{1,3}}(?=[A-Z]))"
    rf"{one_of('street-nl')}(?!\w)"
    rf"(?:-{_PROPER})?(?:{_DUTCH_NUMBER}|,? {_SPELT})"
    rf"|\b(?i:nummer|nr\.?|n°) \d{{1,4}} (?:in|van|op) (?:de |het )?"
    rf"(?:{_PROPER} ){{0,2}}[A-Z][\w'-]*{one_of('street-nl')}(?!\w)"
)
_ABROAD = re.compile(
    rf"\b(?:(?!via [A-Z]{{2}}){one_of('street-before')} {_TITLED}"
    rf"|(?:{_PROPER} ){{0,2}}[A-ZÄÖÜ][\w'-]*{one_of('street-after')}(?!\w)"
    rf"|(?:{_PROPER} ){{1,3}}{one_of('street-word')})(?!\w)[ ,]{{1,2}}(?i:n° ?|no[.:]? ?|nr\.? ?)?"
    rf"{_NUMBER}"
    rf"(?:, {_PROPER})?"
)
_DUTCH_LOWER = re.compile(
    rf"\b[a-z][\w'-]{{2,}}(?:straat|laan|steenweg|stwg|plein|kaai|dreef|lei)\b\.?[ ,]{{1,2}}(?:nr\.? ?)?{_NUMBER}"
    rf"|\b(?P<weak>[a-z][\w'-]{{2,}}(?:weg|hof|vest|pad|kade|baan|markt|berg|wijk|steeg|rui|singel|dijk)) {_NUMBER}"
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
    rf"(?:(?<![\d.,])\d{{1,4}}[A-Da-d]?|\b(?i:{one_of('tens')})(?:[ -]{_SAID})?),? {_PROPER}(?: {_PROPER}){{0,3}}"
    rf" (?:{'|'.join(lists('kinds')['street-en'])})\b"
    rf"(?:,? {_PROPER})?(?:,? [A-Z]{{1,2}}\d[\dA-Z]? \d[A-Z]{{2}}\b)?"
)
_ENGLISH_LOWER = re.compile(
    r"(?:\b(?:flat|room|unit) \w{1,4},? )?(?<![\d.,])\d{1,4}[a-d]?,?"
    r" (?:[a-z']+ ){1,2}(?:street|road|lane|terrace|crescent)"
    r"(?= ?(?:[,.;)\n]|$))"
)
_BUILDING = re.compile(rf"\b(?:{one_of('building')} (?:n° ?)?{_NUMBER}|\d{{1,4}},? {one_of('building')}\b)")
_LOWER_NAMED = re.compile(
    rf"\b(?:{one_of('school')}|{one_of('prayer')}) "
    r"((?:de |la |el |al |du |des )?(?:(?:sain?te?|sint|ste?)[ -])?([a-zà-ÿ]{4,}))\b"
)
_ZIP = re.compile(rf"(?<![\d.,/-])(?:B ?-? ?)?1[0-2]\d\d (?:(?:{_BRUSSELS})\b|(?=Saint-|Sint-))")
_POST_BOX = re.compile(
    rf"\b(?i:b\.?p\.?|bo[iî]te postale|postbus|p\.?o\.? ?box) (?:n° ?)?\d{{1,6}}\b(?!/)(?:,? {_PROPER})?"
)
_SPOT = re.compile(rf"\b(?!cite ){one_of('spot')} (?![A-Z]\b)(?:« ?)?(?!à )(?<!\bporte (?=l)){_TITLED}")
_SCHOOL = re.compile(
    rf"\b{one_of('school')}"
    rf"(?: (?:{one_of('school-sort')}|(?i:n° ?\d*))){{0,3}} (?:« ?)?(?!à ){_TITLED}"
    rf"|\b(?:Saint|St\.?|Sint)[ -]{_PROPER} (?i:school)\b|\b(?i:school) (?:bij|at|in) (?:Saint|Sint|St)[ -]{_PROPER}"
)
_SCHOOL_LOWER = re.compile(
    r"\b(?:op|naar) school in ((?:de|het|'t) (?!vierde|zelfde|[a-z]+ste )[a-z]{3,} (?!buurt|wijk|stad|gemeente|straat"
    r"|week|weken|klas|jaar|jaren|maand|maanden|dagen|ochtend|namiddag|vakantie|omgeving|periode|regio|taal)[a-z]{3,})"
    r"(?=[.,;)\n]|$)"
)
_WORK = re.compile(rf"\b(?:{one_of('work')}|(?i:salon|atelier) de \w+) (?:« ?)?(?!à ){_TITLED}")
_WORK_AFTER = re.compile(
    rf"\b(?:The )?(?!(?:The|An?|My|Our|His|Her|Their|At|Near|No|De|Het|Die|Deze|Onze) )(?:{_PROPER} ){{1,3}}"
    rf"(?:{'|'.join(lists('kinds')['work-after'])})\b"
)
_OF = re.compile(r"^[\w-]+ (?:de |d')([A-ZÀ-Þ]\w+)$")
"""A kind of place and what it is for, as in « Pharmacie de Garde »."""
_ONE = re.compile(r"^[\w-]+ ([A-ZÀ-Þ][a-zà-ÿ]+)$")
"""A kind of place and one word, as in « Pension Alimentaire »."""
_EMPLOYED = re.compile(
    rf"\b{one_of('employed')}\b"
    rf"[^.;,]{{0,30}}?(?<!gr[âa]ce )\b(?i:chez|au|aux|[àa]) (?!P[âa]ques|No[ëe]l"
    rf"|Toussaint)((?:{_LINK})?(?:[a-zà-ÿ-]{{4,}} )?{_PROPER}(?: {_LINK}?{_PROPER}){{0,4}})"
)  # fmt: skip


def _is_told(word: str) -> bool:
    """Whether a word in lower case is one of any language here."""
    return is_word(word) or is_rare(word) or word in word_list("nl") or word in word_list("en")


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """An address with what leads to it and goes on from it."""
    led = text[max(0, start - 3) : start].rstrip()[-1:] in (",", ":", "/", "-")
    before, after = _BACK.search(text, max(0, start - 60), start) if led else None, _ON.match(text, end)
    return before.start() if before else start, after.end() if after else end


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
        (_LOWER_SHAPE, "shape", 0.7),
        (_BARE, "street", 0.75),
        (_DUTCH_BARE, "street", 0.6),
        (_ZIP, "postcode", 0.6),
        (_POST_BOX, "postcode", 0.7),
        (_BUILDING, "shape", 0.6),
    ):
        for match in pattern.finditer(text):
            if (weak := match.groupdict().get("weak")) and (is_dutch(weak) or weak in dictionary() | word_list("nl")):
                continue
            yield Finding(*_whole(text, *match.span()), "address", confidence, rule)
    for match in _SHAPE.finditer(text):
        start, end = _whole(text, *match.span())
        apart = "," in match[0] and re.match(rf",? (?i:{_TOWN})\b", text[match.end() : end])
        if apart or _STRONG.search(text[start : match.start()] + "|" + text[match.end() : end]):
            yield Finding(start, end, "address", 0.7, "shape")
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
    for match in _LOWER_NAMED.finditer(text):
        if re.match("sa?in?te?[ -]", match[1]) or not (is_listed(match[2]) or _is_told(match[2])):
            yield Finding(match.start(1), match.end(1), "workplace", 0.5, "school")
    for match in _SCHOOL_LOWER.finditer(text):
        yield Finding(match.start(1), match.end(1), "workplace", 0.5, "school")
    for match in _BORN.finditer(text):
        yield Finding(match.start(1), match.end(1), "place", 0.6, "origin")
    for match in _EMPLOYED.finditer(text):
        yield Finding(match.start(1), match.end(1), "workplace", 0.55, "employer")
