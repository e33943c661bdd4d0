"""A child's medical detail that only a neighbour would know: for the review list, never a verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clss_analysis.privacy.identifiers.finding import Finding
from clss_analysis.privacy.identifiers.lists import one_of

_CHILD = re.compile(
    rf"\b(?:{one_of('child')}|(?:[1-9]|1[0-7]|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze) ans)\b",
    re.IGNORECASE,
)
_RARE = re.compile(
    r"(?:(?:une?|des|les?|la) |l'|d')?\b(?:leuc[ée]mie|mucoviscidose|dr[ée]panocytose|thalass[ée]mie"
    r"|[ée]pilepsie|h[ée]mophilie|trisomie|myopathie|"
    r"cancer|tumeur|lymphome|autis\w+|troubles? autisti\w+|malformation|fente labiale|bec-de-li[èe]vre"
    r"|cardiopathie|spina[- ]bifida|nanisme|albinisme|"
    r"syndrome (?:de |d')?\w+|maladie (?:de [A-Z]\w+|rare|orpheline|g[ée]n[ée]tique|m[ée]tabolique)|greffe"
    r"|amput\w+|paraly\w+|t[ée]trapl[ée]g\w+|"
    r"h[ée]mipl[ée]g\w+|surdit[ée]|c[ée]cit[ée]|aveugle|sourd\w*|muette?|diab[èe]te|m[ée]ningite"
    r"|tuberculose|saturnisme|intoxication au \w+|coma|"
    r"implant cochl[ée]aire|trach[ée]otomie|sonde gastrique|fauteuil roulant|noyade|noy[ée]e?"
    r"|d[ée]fenestr\w+|br[ûu]lures?|[ée]bouillant\w+|"
    r"tentative de suicide|scarification\w*|excision|viol|(?:cafard|blatte|insecte)\b[^.]{0,40}\boreille"
    r"|oreille\b[^.]{0,40}\b(?:cafard|blatte|insecte))\b"
    r"(?: (?:cardiaque|r[ée]nale|rare|grave|s[ée]v[èe]re|cong[ée]nitale|c[ée]r[ée]brale|myélo\w+"
    r"|juv[ée]nile|infantile|bilat[ée]rale|du \w+|de la \w+))?",
    re.IGNORECASE,
)  # fmt: skip
_SENTENCE = re.compile(r"[^.!?\n]+")


def health(text: str) -> Iterator[Finding]:
    """Every rare diagnosis or accident told in the same sentence as a child, in a text that `plain` has made."""
    for sentence in _SENTENCE.finditer(text):
        if _CHILD.search(sentence[0]):
            for match in _RARE.finditer(sentence[0]):
                start = sentence.start()
                yield Finding(start + match.start(), start + match.end(), "child_health", 0.3, "child-and-diagnosis")
