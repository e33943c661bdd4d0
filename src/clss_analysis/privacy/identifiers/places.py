"""Addresses, places more precise than a commune, schools and workplaces that few people share."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clss_analysis.privacy.identifiers.finding import Finding

_STREET = (
    "rue|avenue|av\\.|boulevard|bd\\.?|bld\\.?|chauss[ée]e|chée|place|pl\\.|quai|square|impasse|all[ée]e|clos|venelle"
    "|passage|galerie|sentier|drève|cours|rond-point|chemin|route|cit[ée]|parvis|montagne|digue"
)
_LINK = r"(?:de la |de l'|des |du |de |d'|la |le |les |l'|aux? |sur |van (?:de[nr]? )?|ter |op )"
_PROPER = r"(?:[A-ZÀ-ÖØ-ÞŁŚŠŞİŽ][\w'.-]*)"
_TITLED = rf"(?:{_LINK}{{0,2}}{_PROPER}(?:[ ]{_LINK}{{0,2}}{_PROPER}){{0,4}})"
_LOWER = r"(?:(?:de la|de l'|des|du|de|d') ?[\w'-]+(?: [\w'-]+){0,3}?)"
_NUMBER = r"\d{1,4}(?: ?(?:bis|ter|[A-Da-d]))?(?![\w%€]| ?(?:ans|euros|mois|enfants|m²))"
_BOX = r"(?:[ ,]{1,2}(?:bo[iî]te|bte\.?|bt\.?|bus|b\.) ?\w{1,4})?"
_POSTCODE = r"(?:[ ,(]{1,3}(?:B-)?[1-9]\d{3}(?!\d))?"
_AFTER = re.compile(
    rf"\b(?i:{_STREET}) (?:{_TITLED}|{_LOWER})[ ,]{{1,2}}(?:n° ?|num[ée]ro )?{_NUMBER}{_BOX}{_POSTCODE}"
)
_BEFORE = re.compile(
    rf"(?<![\d.,])\d{{1,4}}(?: ?(?:bis|ter|[A-Da-d]))?,? (?i:{_STREET}) (?:{_TITLED}|{_LOWER}(?=[ ,.;)]"
    rf"|$)){_BOX}{_POSTCODE}"
)
_BARE = re.compile(rf"\b(?i:rue|avenue|boulevard|chauss[ée]e|quai|impasse|all[ée]e|clos|venelle) {_TITLED}{_POSTCODE}")
_DUTCH = re.compile(
    r"\b(?:(?i:steenweg) op [A-Z]\w+|[A-Z]\w*(?:straat|laan|steenweg|plein|kaai|weg|dreef|lei|singel|hof"
    r"|baan|markt|plaats|vest))"
    rf"\b(?:[ ,]{{1,2}}{_NUMBER})?{_BOX}{_POSTCODE}"
)
_ZIP = re.compile(
    r"(?<![\d.,/-])B?-?(?:1[0-9]\d\d)(?= (?:Bruxelles|Brussel|Molenbeek|Anderlecht|Jette|Schaerbeek"
    r"|Ixelles|Etterbeek|Forest|Uccle|Koekelberg|Evere|Ganshoren|Laeken))"
)
_SPOT = re.compile(
    r"\b(?i:place|square|parc|gare|station|m[ée]tro|cit[ée]|r[ée]sidence|[ée]glise|mosqu[ée]e|paroisse"
    r"|plaine|march[ée]|pont|porte|bloc"
    rf"|centre commercial|immeuble|tour) {_TITLED}"
)
_SCHOOL = re.compile(
    r"\b(?i:[ée]coles?|[aA]th[ée]n[ée]e|institut|coll[èe]ge|lyc[ée]e|cr[èe]che|garderie|halte-garderie"
    r"|haute [ée]cole|kinderdagverblijf|basisschool|maternelle|maison des enfants)"
    rf"(?: (?i:communale?|primaire|maternelle|fondamentale|sp[ée]cialis[ée]e?|royale?|technique|secondaire"
    rf"|libre|n°)){{0,3}} (?:« ?)?{_TITLED}"
)
_WORK = re.compile(
    r"\b(?i:restaurant|snack|brasserie|boulangerie|boucherie|[ée]picerie|pharmacie|firme|soci[ée]t[ée]"
    r"|entreprise|magasin|"
    r"supermarch[ée]|salon de \w+|garage|h[ôo]tel|usine|friterie|bar|caf[ée]|carrosserie|librairie"
    r"|night-shop|p[âa]tisserie|imprimerie|atelier de \w+|entrep[ôo]t|carrefour|delhaize|colruyt|lidl"
    r"|aldi)"
    rf" (?:« ?)?{_TITLED}"
)
_EMPLOYED = re.compile(
    r"\b(?i:travaille|travaillait|engag[ée]e?|employ[ée]e?|serveu(?:r|se)|vendeu(?:r|se)|caissi[èe]re?"
    r"|plonge|stage|int[ée]rim|cuisini[èe]re?|nettoie)\b"
    rf"[^.;,]{{0,30}}?\b(?i:chez|au|aux|[àa]) ((?:{_LINK})?{_PROPER}(?: {_LINK}?{_PROPER}){{0,4}})"
)  # fmt: skip


def places(text: str) -> Iterator[Finding]:
    """Every address, precise place, school and workplace in a text that `plain` has made."""
    for pattern, rule, confidence in (
        (_AFTER, "street-and-number", 0.9),
        (_BEFORE, "number-and-street", 0.9),
        (_DUTCH, "dutch-street", 0.85),
        (_BARE, "street", 0.75),
        (_ZIP, "postcode", 0.6),
    ):
        for match in pattern.finditer(text):
            yield Finding(match.start(), match.end(), "address", confidence, rule)
    for match in _SPOT.finditer(text):
        yield Finding(match.start(), match.end(), "place", 0.65, "spot")
    for match in _SCHOOL.finditer(text):
        yield Finding(match.start(), match.end(), "workplace", 0.7, "school")
    for match in _WORK.finditer(text):
        yield Finding(match.start(), match.end(), "workplace", 0.6, "business")
    for match in _EMPLOYED.finditer(text):
        yield Finding(match.start(1), match.end(1), "workplace", 0.55, "employer")
