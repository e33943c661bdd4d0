"""Identifiers with a shape: national numbers, telephones, accounts, cards, plates, files, addresses on the network.

The shape decides; a checksum that holds only raises confidence, for a mistyped number still names its owner.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import phonenumbers
from stdnum import iban, luhn
from stdnum.be import nn
from stdnum.exceptions import ValidationError

from clss_analysis.privacy.identifiers.finding import Finding
from clss_analysis.privacy.identifiers.lists import lists, one_of

SURE, LIKELY, POSSIBLE = 0.95, 0.8, 0.5  # how sure a form is, 0 to 1: no other thing looks so; most do; some do
_GAP = r"[ ./-]{0,3}"
_NATIONAL = re.compile(
    rf"(?<![\dA-Za-z])(?:\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{2}}"
    r"|\d{2}[./-]\d{2}[./-]\d{2} ?[-./ ] ?\d{2,4} ?[-./ ] ?\d{1,3})(?!\d)"
)
_NEIGHBOURS = re.compile(r"(?<![\w/.-])(?:\d{7,9}[ -]?[A-Z]|[A-Z]{2}(?: ?\d{2}){3} ?[A-D])(?!\w)")
"""The numbers of a person in Spain and in the United Kingdom."""
_ABROAD = re.compile(r"(?<![\w+])(?:\+|00 ?)[1-9](?:[ ./()-]{0,3}\d){7,14}(?!\d)")
_AT_HOME = re.compile(
    r"(?<![\w+/.,-])(?!\d\d?[./-]\d\d?[./-](?:19|20)\d\d(?!\d))\(?0[1-9]\)?(?:[ ./-]{0,3}\d){6,8}(?!\d)"
)
_TOLD_PHONE = re.compile(
    r"\b(?:r?appel\w*|t[ée]l\w*|joindre|joignable|gsm|fixe|belt?|bellen|opbellen|gebeld|calls?|called|phone)\b"
    r"(?:\W{1,3}[^\W\d]+){0,2}?\W{1,3}(\d(?:[ .-]?\d){6})(?![\d%]|[.,]\d| ?(?:€|eur))",
    re.IGNORECASE,
)
"""Seven digits of a telephone in a house, where somebody calls."""
_BROKEN = re.compile(r"(?<![^\W_])\+?[OolI]*\d[\dOolI]*(?:[ ./\n-]{1,3}[OolI]*\d[\dOolI]*)*(?![^\W_])")
_AS_DIGITS = str.maketrans("OolI\n", "0011 ")
_SPOKEN = re.compile(
    rf"\b(?:z[ée]ro|nul|oh|plus|(?<=num[ée]ro c'est )\w+|(?<=gsm )\w+|(?<=nummer is )\w+|(?<=number is )\w+)"
    rf"(?:[ ,.-]+(?:(?:et|en|and) )?(?:{'|'.join(lists('words')['spoken'])}"
    r"|\w{3,7}[eë]n\w{3,5}tig|\d{1,3})\b){4,}",
    re.IGNORECASE,
)
_COUNTRY = "|".join(lists("kinds")["iban-country"])
_IBAN = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?:{_COUNTRY}) ?"
    rf"|(?i:{_COUNTRY}))\d{{2}}(?:[ .-]?[a-z]{{4}}(?=[ .-]?\d))?"
    r"(?:[ .-]?[A-Z0-9]{2,4}){2,7}[ .-]?[0-9]{1,4}(?![A-Za-z0-9])"
)
_BELGIAN = re.compile(r"(?<![A-Za-z0-9])BE ?(?:[ ./-]?\d){12,16}(?!\d)", re.IGNORECASE)
_OLD_ACCOUNT = re.compile(r"(?<!\d)\d{3}[ ./-]{1,3}\d{7}[ ./-]{1,3}\d{2}(?!\d)")
_CARD = re.compile(r"(?<!\d)\d{4}(?:[ .-]?\d{4}){2}(?:[ .-]?\d{1,7}|[ .-]\d{4}[ .-]\d{1,3})(?!\d)")
_PLATE = re.compile(
    r"(?<![\w-])(?:(?:B[ -])?[1-9OQTUZ](?: ?[.-] ?| ?)[A-Z]{3}(?: ?[.-] ?| ?)\d{3}|[1-9][ .-][a-z]{3}[ .-]\d{3}"
    r"|[MGSW][ .-][A-Z]{3}[ .-]\d{3}|Q[A-Z]{3}[ .-]?\d{3}"
    r"|[A-Z]{3}[ -]\d{3}|\d{3}-[A-Z]{3}|[A-Z]{2}[ -]\d{3}[ -][A-Z]{2}"
    r"|(?!BY-(?:SA|ND|NC) \d\.\d)[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\d{1,4}[EH]?"
    r"|[A-Z]{1,2}[ -]\d{2,3}[ -][A-Z]{3}|\d{4}[ -][B-DF-HJ-NP-TV-Z]{3}"
    r"|[A-Z]{1,2} ?\d{4} ?[A-Z]{2}|[A-Z]{2}\d{2} ?[A-Z]{3}|\d{1,5}[ -][A-Z][ -]\d{1,2}"
    r"|\d{3,5} ?[|/] ?[A-Z] ?[|/] ?\d{1,2}"
    r"|(?:0[1-9]|[1-7]\d|8[01]) (?!EUR)[A-Z]{1,3} \d{3,4}|[A-Z]{2,3} (?=\w*\d\w*\d\w*\d)\d[A-Z0-9]{4,5}"
    r"|(?:[A-Z]{1,3}|\d{1,3})-(?:[A-Z]{2,3}-\d{1,3}|\d{2,3}-[A-Z]{1,3}|[A-Z]{2}-\d{2}))(?![\w-])"
)
_PLATE_TOLD = re.compile(
    rf"\b(?:{one_of('vehicle')}|(?-i:van)(?= (?-i:[A-Z0-9])))"
    r"\W+(?:[^\W\d]+\W+){0,3}?((?-i:(?=[\w .-]{0,10}\d)(?=[\w .-]{0,10}[A-Z])[A-Z0-9]{1,8}(?:[ .-]?[A-Z0-9]{1,4}){0,2})"
    r"|(?=[a-z -]{0,8}\d)[1-9][ .-]?[a-z]{3}[ .-]?\d{3})\b",
    re.IGNORECASE,
)
_PLATE_BARE = re.compile(r"[OQTUZ]?[A-Z]{3} \d{3}|[A-Z]{2,3} \d{3,}|TEL .*")
"""What is a plate or a passport only where that is said: the capitals of a body, a scale or a norm, and a number."""
_PLATE_SAID = re.compile(rf"\b(?:{one_of('vehicle')}|{one_of('paper')}|plaat|plate)(?!\w)[^.;]*$")
_ONE_SORT = re.compile(r"[\d .-]+|[A-Z .-]+")
_FILED = rf"{one_of('filed')}|[^\W\d]{{3,}}(?:nr|nummer)"
_NUMBERED = rf"{one_of('numbered')}|annexe \w+|bijlage \w+"
_MARK = r"(?:n° ?|n[ro]\.? ?|num[ée]ros? |nummer |number |#)"
_RUN = (
    r"((?-i:[A-Z]{1,6}(?:[-/. ][A-Z]{1,6})?[ .:/-]{0,2})?\d\w*(?:(?: ?[./-] ?| (?=[A-Z]{0,2}\d))(?-i:\w*\d\w*"
    r"|[A-Z]{1,5})\b)*)"
    r"(?![,.]?\d| ?(?:€|%|eur\b|euros?\b|h\b|heures?\b|mois\b|jours?\b|ans\b|ouverts?\b|pages?\b))"
)
_FILE = re.compile(
    rf"\b(?:{_FILED}|n° (?:de |d'|du |des )?\w+)(?:\W{{1,3}}(?:[^\W\d]+[ '.:-]{{1,2}}){{0,3}}?| ?)(?:\("
    rf"|: ?)*((?:{_MARK}(?:: ?)?)*{_RUN})",
    re.IGNORECASE,
)
_FILE_MARKED = re.compile(
    rf"\b(?:{_NUMBERED})\b\W{{1,3}}(?:[^\W\d]+[ '.:-]{{1,2}}){{0,3}}?{_MARK}(?:: ?)?{_RUN}", re.IGNORECASE
)
_ROLL = re.compile(
    r"\b(?:R\.?G\.?|A\.?R\.?(?! ?\d+(?:[./-]\d|$|[ .;)]))|R\.?J\.?|C\.?G\.?|S\.?P\.?|P\.?V\.?)"
    r"(?: n°)? ?:? ?\d[\w/.-]*\d(?:[/-][A-Z]{1,3}\b)?",
    re.IGNORECASE,
)
_NOTICE = re.compile(r"\b[A-Z]{2}[ .]?\d{2}[ .]?[A-Z0-9]{2}[ .]\d{3,7} ?[/.-] ?(?:\d{4}|\d{2})\b")
_MIXED = re.compile(
    r"(?<![\w./,-])(?<![Ff]acture )"
    r"(?:(?=(?:[A-Z./-]*\d){5})|(?=[\d./-]*[A-Z])(?=(?:[A-Z./-]*\d){4}))(?:(?:[A-Z]{1,5}|\d{2,7}|[A-Z]{1,3}\d{1,7}"
    r"|\d{1,6}[A-Z]{1,3})[./-]){1,3}"
    r"(?:\d{2,8}|[A-Z]{1,4}|\d{1,6}[A-Z]{1,3}|(?<=\d-)\d)(?:[./-][A-Z]{1,4})?(?![\w€%]|[./-]\d)"
)
_PAPER = re.compile(
    rf"\b(?:{one_of('paper')}|annexe \d\w*|bijlage \d\w*)\b"
    r"(?:\W{1,3}(?:[^\W\d]+[ '.:-]{1,2}){0,4}?)(?:\(|n° ?|n[ro]\.? ?|num[ée]ro |nummer |number |: ?)*"
    r"((?-i:[A-Z]{0,3})[ .-]?\d(?:[ .-]?\d){4,11}(?-i: ?[A-Z]{1,2}\b)?"
    r"|(?-i:(?=[A-Z0-9 ]*\d[A-Z0-9 ]*\d[A-Z0-9 ]*\d)[A-Z0-9]{1,6}(?: [A-Z0-9]{1,6}){1,4}"
    r"|(?=[A-Z]*\d)[A-Z0-9]{5,12}))\b",
    re.IGNORECASE,
)
_LETTERED_FILE = re.compile(r"(?<![\w-])[A-Z]{3,6} (?:n° ?)?[A-Za-z]{1,2}[-/.](?!(?:19|20)\d\d\b)\d{4,}(?![\w-])")
_LETTERED = re.compile(r"(?<![\w-])[A-Z]{1,2}[ .-]?\d(?:[ .]?\d){6,9}[A-Z]?(?![\w])")
_ALNUM = re.compile(r"(?<![\w-])(?=[A-Z0-9]*[A-Z])(?=(?:[A-Z]*\d){5})[A-Z0-9]{7,}(?!\w)")
_CODE = re.compile(r"(?<![\w-])[A-Z]{2,6}(?:[-/.]?\d{4,}|-[A-Z]{1,3} \d{2,})(?:[-/.]\w+)*(?![\w-])")
_BIC = re.compile(r"\bBIC ?:? ?([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b")
_TRACKED = re.compile(r"\b[A-Z]{2}(?: ?\d{3}){3} ?[A-Z]{2}\b")
_LONG = re.compile(r"(?<![\d,])\d(?:[ ./-]?\d){7,}(?![\d]| ?(?:€|EUR|euros?)\b)")
_DAY = (
    r"\d{1,2}([./-])\d{1,2}\1(?:19|20)?\d\d|\d{1,2}h\d{0,2}|\d{1,3} ?(?:bis|ter|quater|am|pm)"
    r"|(?:9\d|1\d\d|2[0-2]\d)/(?:[4-9]\d|1[0-2]\d)"
)
"""A day, the time of one, and the pressure of blood."""
_AMOUNT = re.compile(
    rf"{_DAY}|\d{{1,2}}/\d{{1,2}} - \d{{1,2}}/\d{{1,2}}|\d{{1,2}}[A-Z]{{3,}}(?: [A-ZÀ-Þ]+)?"
    rf"|[CT]-\d{{1,3}}/\d\d|\d{{1,3}}\.\d\d|[1-9]\d\d/\d{{3}}|[A-Z]{{1,2}} \d\d?[./]\d\d?[./]\d{{4}}|"
    r"(?:19|20)\d\d(?: ?[/-] ?(?:(?:19|20)?\d\d))?|\d{1,3}|\d{1,3}(?:[. ]\d{3})+|\d{1,2}[./](?:\d{1,2}|(?:19|20)\d\d)"
)
_CITED = re.compile(
    r"(?:\bart(?:\.|icles?|ikel)?|\bindex|omzendbrief|circulaire"
    r"|r[èe]glement|verordening|regulation|directive|richtlijn|CCT|CAO|\barr[êe]t) ?$",
    re.IGNORECASE,
)
"""What stands before an article, an index or a circular."""
_YEARS = re.compile(
    rf"{_DAY}|"
    r"(?:19|20)\d\d(?: ?[/-] ?(?:(?:19|20)?\d\d))?|\d{1,3}|\d{1,2}[./]\d{1,2}"
)
_HOST = "(?:gmail|hotmail|outlook|yahoo|skynet|telenet|proximus|voo|live|icloud)"
_EMAIL = re.compile(
    r"[\w.+%-]+(?: (?:point|punt|dot|tiret|underscore|streepje) [\w.+%-]+)*"
    r" ?(?:@|[(\[<{\"“-](?:at|à|a|arobase|apenstaartje|chez|@)[)\]>}\"”-]|\ba commercial\b|\barobase?\b"
    r"|\bap(?:en)?staart(?:je)?\b)"
    r" ?[\w-]+(?: ?(?:\.|[(\[<{\"“-](?:dot|point|punt|\.)[)\]>}\"”-]|\bpoint\b|\bdot\b|\bpunt\b) ?[\w-]+)+"
    r"|[\w.+%-]+@[\w-]+(?:[, ](?:be|com|fr|net|nl|org)\b)?"
    rf"|[\w.+%-]+ chez {_HOST}(?:[. ](?:point )?\w{{2,3}}\b)?|[\w.+%-]+,? (?:[àa] )?{_HOST}"
    r"(?:[. ]| point | punt )(?:com|be|fr|net|nl)\b"
    r"|[\w.+%-]+(?: (?:point|punt|dot|tiret|underscore|streepje) [\w.+%-]+)*"
    r" at [\w-]+(?: (?:point|dot|punt) [\w-]+)* ?(?:\.| point | dot | punt )(?:be|com|fr|net|org|eu"
    r"|nl|example|\w{2,3})\b",
    re.IGNORECASE,
)
_WEB = re.compile(
    r"https?://[^\s«»<>\"]+|\bwww\.[^\s«»<>\"]+|\bwww [\w-]+ \w{2,3}\b"
    r"|(?<![\w@./-])[a-z0-9-]{2,}\.[a-z]{2,}/[^\s«»<>\"]{2,}"
    r"|\b[\w-]+(?: (?:point|dot|punt) (?:be|com|net|org|fr|eu|nl)\b"
    r"| com/)[\w/.-]*"
    r"|(?<![\w@.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:be|com|org|net|eu|fr|nl|brussels|info|io|me|tv|ma"
    r"|tr|ly|gl|gg|app|cd|cm|sn|co|ru|uk|lu|ong|blog|online|shop|ee|example)(?:/[^\s«»<>\"]*)?(?![\w@])",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?<![\w@.])@(?: ?[A-Za-z_][\w.]{2,}|[A-Za-z]\w)|\barobase \w+(?: (?:point|tiret|underscore) \w+)*"
)
_DEGREES = r"""\d{1,3} ?°(?: ?\d{1,2}(?:[.,]\d+)? ?['′](?: ?\d{1,2}(?:[.,]\d+)? ?(?:["″”]|''))?)?"""
_WHERE = re.compile(
    r"(?<![\w.,])-?\d{1,2}\.\d{3,}(?: ?°? ?[NS])?[ ,;/]{1,3}-?\d{1,3}\.\d{3,}(?: ?°? ?[EWO]\b)?(?!\w|\.\d)"
    rf"|(?<!\w)[NSZ]? ?{_DEGREES} ?[NSZ]?[ ,;/]{{0,3}}[EWO]? ?{_DEGREES}(?: ?[EWO]\b)?"
    r"|(?<![\w.])(?=(?:\.?\d){6})(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)"
    r"|\bIP\b\W{1,3}(?:\w+\W+)?(?:\d{1,3}\.){3}\d{1,3}"
    r"|(?<![\w:])(?:(?:[0-9a-f]{1,4}:){2,6}:(?:[0-9a-f]{1,4}:){0,5}|(?:[0-9a-f]{1,4}:){5,7})[0-9a-f]{1,4}(?![\w:])"
    r"|(?<![\w-])(?:[0-9a-f]{2}-){5}[0-9a-f]{2}(?![\w-])"
    r"|\b[2-9CFGHJMPQRVWX]{4,8}\+[2-9CFGHJMPQRVWX]{2,3}\b(?:,? (?-i:[A-Z])\w+)?",
    re.IGNORECASE,
)
"""Where a machine stands: on a map (degrees, a plus code), or on a network (IP, MAC)."""
_ARTICLES = re.compile(r"\d{1,2} ?°,? ?\d{1,2} ?°")
"""Two points of a law, « 1°, 3° », which are no degrees."""
_PLATFORM = one_of("platform")
_HANDLE_TOLD = re.compile(
    rf"\b(?:{_PLATFORM})\b\W{{1,4}}(?:[\w']+\W+){{0,5}}?((?=[\w.-]*(?:[\d_]|\.\w))[A-Za-z_][\w.-]{{3,}}\w)",
    re.IGNORECASE,
)
_HANDLE_QUOTED = re.compile(rf"\b(?:{_PLATFORM}) ?:? ?[(«\"“] ?([^)»\"”\n]{{3,30}}?) ?[)»\"”]", re.IGNORECASE)
_ON_PLATFORM = re.compile(
    rf"(?<![\w.@-])((?=[\w.-]*(?:[\d_]|\.\w))[A-Za-z_][\w.-]{{3,}}\w) (?:sur|on|op) (?:{_PLATFORM})\b", re.IGNORECASE
)
_SHOWN = re.compile(rf"\b(?i:{_PLATFORM}) ?: ?((?:[A-ZÀ-Þ][\w'-]+ ?){{2,3}})(?<! )")
_TAGGED = re.compile(r"(?<!\w)\w{2,}#\d{4}\b")
_PSEUDO = re.compile(r"\b(?:pseudo|username|gebruikersnaam|login|handle)[ :«\"“]{1,4}([\w.-]{4,})", re.IGNORECASE)
_UNDERSCORED = re.compile(
    r"(?<![\w@/.-])(?:[A-Za-z]{2,}(?:\.[A-Za-z0-9]{2,}){2,}|(?!(?i:covid|art|annexe|mod|type|niveau|phase|bloc|lot))"
    r"[A-Za-z]{4,}\d{2,4})(?![\w-])|"
    r"(?<![\w.@/{-])(?=[\w.]*[A-Za-z])(?!\w*\.?__)[\w.]*\w_\w[\w.]*\w(?!\w|\.(?:pdf|docx?|xlsx?|jpe?g|png))"
)


def numbers(text: str) -> Iterator[Finding]:
    """Every shape of this file in a text that `plain` has made."""
    yield from _shape(text, _EMAIL, "email", lambda _: SURE)
    for pattern in (_WEB, _HANDLE, _TAGGED, _UNDERSCORED):
        yield from _shape(text, pattern, "web", lambda _: LIKELY)
    for pattern in (_HANDLE_TOLD, _ON_PLATFORM, _HANDLE_QUOTED, _PSEUDO):
        yield from _shape(text, pattern, "web", lambda _: POSSIBLE, group=1)
    yield from _shape(text, _SHOWN, "web", lambda _: LIKELY, group=1)
    yield from _shape(text, _SPOKEN, "phone", lambda _: LIKELY)
    yield from _shape(text, _BIC, "account", lambda _: LIKELY, group=1)
    mended = _BROKEN.sub(_as_digits, text)
    digits = sum(map(str.isdecimal, mended))  # short labels have few, and most shapes many
    if not digits:
        return
    for each in _shape(text, _PLATE, "plate", lambda _: LIKELY):
        if not _PLATE_BARE.fullmatch(text, each.start, each.end) or _PLATE_SAID.search(text, 0, each.start):
            yield each
    yield from _shape(text, _PLATE_TOLD, "plate", lambda _: LIKELY, group=1, but=_ONE_SORT)
    yield from _shape(text, _ROLL, "dossier", lambda _: SURE - 0.02)
    yield from _shape(text, _FILE, "dossier", lambda _: LIKELY, group=1, but=_YEARS)
    yield from _shape(text, _FILE_MARKED, "dossier", lambda _: LIKELY, group=1, but=_YEARS)
    yield from _shape(text, _PAPER, "card", lambda _: LIKELY, group=1, but=_AMOUNT)
    yield from (each for each in _shape(text, _CODE, "dossier", lambda _: POSSIBLE) if not _cited(text, each))
    yield from _shape(text, _WHERE, "web", lambda _: SURE - 0.01, but=_ARTICLES)
    if digits < 4:
        return
    mixed = _shape(text, _MIXED, "dossier", lambda _: POSSIBLE, but=_AMOUNT)
    yield from (each for each in mixed if not _cited(text, each))
    yield from _shape(text, _LETTERED_FILE, "dossier", lambda _: LIKELY)
    yield from _shape(text, _ALNUM, "card", lambda _: POSSIBLE)
    if digits < 6:
        return
    yield from _shape(mended, _NATIONAL, "national_number", _national)
    yield from _shape(text, _NEIGHBOURS, "national_number", lambda _: LIKELY)
    for each in _shape(text, _IBAN, "account", lambda found: SURE + 0.02 if _holds(iban.validate, found) else SURE):
        if sum(char.isdigit() for char in text[each.start : each.end]) >= 10:
            yield each
    yield from _shape(text, _BELGIAN, "account", lambda _: SURE)
    yield from _shape(text, _OLD_ACCOUNT, "account", lambda _: SURE)
    yield from _shape(text, _CARD, "card", lambda found: SURE - 0.01 if _holds(luhn.validate, found) else POSSIBLE)
    yield from _shape(text, _TOLD_PHONE, "phone", lambda _: POSSIBLE, group=1)
    yield from _shape(mended, _ABROAD, "phone", lambda _: SURE - 0.02)
    yield from _shape(mended, _AT_HOME, "phone", lambda found: SURE - 0.02 if _possible(found) else LIKELY)
    yield from _shape(text, _TRACKED, "dossier", lambda _: LIKELY)
    yield from _shape(text, _NOTICE, "dossier", lambda _: SURE)
    yield from _shape(text, _LETTERED, "card", lambda _: POSSIBLE, but=_AMOUNT)
    yield from _shape(text, _LONG, "dossier", lambda _: POSSIBLE - 0.1, but=_YEARS)
    for match in phonenumbers.PhoneNumberMatcher(text, "BE", leniency=phonenumbers.Leniency.VALID):
        yield Finding(match.start, match.end, "phone", LIKELY - 0.1, "phonenumbers")


def _cited(text: str, found: Finding) -> bool:
    """Whether a number is that of an article, a ruling or a circular."""
    return bool(_CITED.search(text, 0, found.start))


def _as_digits(stretch: re.Match[str]) -> str:
    """A long number with the end of a line, and the letters that look like a digit, as it was meant."""
    long = sum(char.isalnum() for char in stretch[0]) > 8
    return stretch[0].translate(_AS_DIGITS) if long else stretch[0]


def _shape(
    text: str,
    pattern: re.Pattern[str],
    kind: str,
    confidence: Callable[[str], float],
    group: int = 0,
    but: re.Pattern[str] | None = None,
) -> Iterator[Finding]:
    for match in pattern.finditer(text):
        if but is None or not but.fullmatch(match[pattern.groups]):
            yield Finding(match.start(group), match.end(group), kind, confidence(match[group]), kind)


def _national(found: str) -> float:
    if _holds(nn.validate, found) or _bis(found):
        return SURE
    digits = re.sub(r"\D", "", found)
    if len(digits) == 11 and int(digits[2:4]) % 20 <= 12 and int(digits[4:6]) <= 31:
        return SURE - 0.01
    return SURE - 0.01 if re.search(r"[./-]", found) else POSSIBLE


def _bis(found: str) -> bool:
    digits = re.sub(r"\D", "", found)
    rest = int(digits[9:] or 0)
    return len(digits) == 11 and rest in (97 - int(digits[:9]) % 97, 97 - int("2" + digits[:9]) % 97)


def _holds(check: Callable[[str], str], found: str) -> bool:
    try:
        check(re.sub(r"[ ./-]", "", found))
    except ValidationError:
        return False
    return True


def _possible(found: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(found, "BE"))
    except phonenumbers.NumberParseException:
        return False
