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

SURE, LIKELY, POSSIBLE = 0.95, 0.8, 0.5
_GAP = r"[ ./-]{0,3}"
_NATIONAL = re.compile(
    rf"(?<![\dA-Za-z])(?:\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{2}}"
    r"|\d{2}[./-]\d{2}[./-]\d{2} ?[-./ ] ?\d{2,4} ?[-./ ] ?\d{1,3})(?!\d)"
)
_ABROAD = re.compile(r"(?<![\w+])(?:\+|00 ?)[1-9](?:[ ./()-]{0,3}\d){7,14}(?!\d)")
_AT_HOME = re.compile(
    r"(?<![\w+/.,-])(?!\d\d?[./-]\d\d?[./-](?:19|20)\d\d(?!\d))\(?0[1-9]\)?(?:[ ./-]{0,3}\d){6,8}(?!\d)"
)
_NUMBER_WORD = (
    "zéro|zero|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt"
    "|vingts|trente|quarante|cinquante|soixante|septante|huitante|nonante|cent"
)
_SPOKEN = re.compile(rf"\bz[ée]ro(?:(?:[ ,.-]+(?:et )?)(?:{_NUMBER_WORD}|\d{{1,3}})\b){{4,}}", re.IGNORECASE)
_COUNTRY = (
    "BE|FR|NL|DE|LU|IT|ES|PT|GB|PL|RO|BG|MA|TN|DZ|TR|GR|IE|AT|CH|SE|DK|NO|FI"
    "|CZ|SK|HU|HR|SI|RS|BA|AL|MK|XK|UA|LT|LV|EE|CY|MT"
)
_IBAN = re.compile(
    rf"(?<![A-Za-z0-9])(?:(?:{_COUNTRY}) ?"
    rf"|(?i:{_COUNTRY}))\d{{2}}(?:[ .-]?[A-Za-z0-9]{{2,4}}){{2,7}}[ .-]?[0-9]{{1,4}}(?![A-Za-z0-9])"
)
_BELGIAN = re.compile(r"(?<![A-Za-z0-9])BE ?(?:[ ./-]?\d){12,16}(?!\d)", re.IGNORECASE)
_OLD_ACCOUNT = re.compile(r"(?<!\d)\d{3}[ ./-]{1,3}\d{7}[ ./-]{1,3}\d{2}(?!\d)")
_CARD = re.compile(r"(?<!\d)\d{4}(?:[ .-]?\d{4}){2}[ .-]?\d{1,7}(?!\d)")
_PLATE = re.compile(r"(?<![\w-])(?:[1-9][ .-]?[A-Z]{3}[ .-]?\d{3}|[A-Z]{3}[ -]\d{3}|[A-Z]{2}-\d{3}-[A-Z]{2})(?![\w-])")
_PLATE_TOLD = re.compile(
    r"(?:plaque|immatricul\w+"
    r"|nummerplaat)\W+(?:\w+\W+){0,3}?((?=[\w -]*\d)[a-z0-9]{1,3}[ .-]?[a-z0-9]{2,3}[ .-]?[a-z0-9]{2,3})\b",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\b(?:dossiers?|dossiernummer|r[ée]f[ée]rences?|r[ée]f\.?|affaire|r[ôo]le|matricule|police|n° (?:de|d')\w+)"
    r"[ :]{0,3}((?:(?:n° ?|n[or]\.? ?|num[ée]ro )[ :]?)?[A-Z]{0,6}[ ./-]?(?=[\w./-]*\d)[\w]+(?:[./-][\w]+)*)",
    re.IGNORECASE,
)
_ROLL = re.compile(r"\bR\.?G\.?(?: n°)? ?:? ?\d[\w/.-]*\d", re.IGNORECASE)
_CODE = re.compile(r"(?<![\w-])[A-Z]{2,6}[-/.]?\d{4,}(?:[-/.]\w+)*(?![\w-])")
_LONG = re.compile(r"(?<![\d,])\d(?:[ ./-]?\d){7,}(?![\d]| ?(?:€|EUR|euros?)\b)")
_YEARS = re.compile(r"(?:19|20)\d\d(?: ?- ?(?:19|20)\d\d)?|\d{1,2}")
_EMAIL = re.compile(
    r"[\w.+%-]+ ?(?:@|\(at\)|\[at\]|\barobase\b) ?[\w-]+(?: ?(?:\.|\(dot\)|\bpoint\b) ?[\w-]+)+", re.IGNORECASE
)
_WEB = re.compile(
    r"https?://[^\s«»<>\"]+|\bwww\.[^\s«»<>\"]+"
    r"|(?<![\w@.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:be|com|org|net|eu|fr|nl|brussels|info|io|me|tv|ma"
    r"|tr)(?:/[^\s«»<>\"]*)?(?![\w@])",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@.])@ ?[A-Za-z_][\w.]{2,}")
_HANDLE_TOLD = re.compile(
    r"\b(?:facebook|messenger|instagram|insta|tik ?tok|snap(?:chat)?|telegram|whatsapp"
    r"|pseudo)\b\W{1,4}(?:\w+\W+){0,2}?"
    r"((?=[\w.]*[\d_.])[A-Za-z_][\w.]{3,}\w)",
    re.IGNORECASE,
)  # fmt: skip


def numbers(text: str) -> Iterator[Finding]:
    """Every shape of this file in a text that `plain` has made."""
    yield from _shape(text, _EMAIL, "email", lambda _: SURE)
    yield from _shape(text, _WEB, "web", lambda _: LIKELY)
    yield from _shape(text, _HANDLE, "web", lambda _: LIKELY)
    yield from _shape(text, _HANDLE_TOLD, "web", lambda _: POSSIBLE, group=1)
    yield from _shape(text, _NATIONAL, "national_number", _national)
    for each in _shape(text, _IBAN, "account", lambda found: SURE + 0.02 if _holds(iban.validate, found) else SURE):
        if sum(char.isdigit() for char in text[each.start : each.end]) >= 10:
            yield each
    yield from _shape(text, _BELGIAN, "account", lambda _: SURE)
    yield from _shape(text, _OLD_ACCOUNT, "account", lambda _: SURE)
    yield from _shape(text, _CARD, "card", lambda found: SURE - 0.01 if _holds(luhn.validate, found) else POSSIBLE)
    yield from _shape(text, _ABROAD, "phone", lambda _: SURE - 0.02)
    yield from _shape(text, _AT_HOME, "phone", lambda found: SURE - 0.02 if _possible(found) else LIKELY)
    yield from _shape(text, _SPOKEN, "phone", lambda _: LIKELY)
    yield from _shape(text, _PLATE, "plate", lambda _: LIKELY)
    yield from _shape(text, _PLATE_TOLD, "plate", lambda _: LIKELY, group=1)
    yield from _shape(text, _ROLL, "dossier", lambda _: SURE - 0.02)
    yield from _shape(text, _FILE, "dossier", lambda _: LIKELY, group=1, but=_YEARS)
    yield from _shape(text, _CODE, "dossier", lambda _: POSSIBLE)
    yield from _shape(text, _LONG, "dossier", lambda _: POSSIBLE - 0.1, but=_YEARS)
    for match in phonenumbers.PhoneNumberMatcher(text, "BE", leniency=phonenumbers.Leniency.VALID):
        yield Finding(match.start, match.end, "phone", LIKELY - 0.1, "phonenumbers")


def _shape(
    text: str,
    pattern: re.Pattern[str],
    kind: str,
    confidence: Callable[[str], float],
    group: int = 0,
    but: re.Pattern[str] | None = None,
) -> Iterator[Finding]:
    for match in pattern.finditer(text):
        if but is None or not but.fullmatch(match[group]):
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
