"""The packs of the publication, each made once for all tests, with the processor time that it took."""

from __future__ import annotations

import io
import resource
from functools import cache
from pathlib import Path

from pypdf import PdfReader

from clss_analysis.publish.brief import BUILT_IN, Pack, Told, prepare, tell

ROOT = Path(__file__).parents[1]
PUBLICATION, CONTEXT = ROOT / "data" / "publication", ROOT / "data" / "context"
PACKS = [(theme, lang) for theme in BUILT_IN for lang in ("fr", "nl")] + [("expulsion", "en")]


@cache
def told(theme: str, lang: str) -> Told:
    return tell(theme, PUBLICATION, context=CONTEXT, lang=lang)


@cache
def made(theme: str, lang: str) -> tuple[Pack, float]:
    before = _seconds()
    pack = prepare(tell(theme, PUBLICATION, context=CONTEXT, lang=lang))
    return pack, _seconds() - before


def pack(theme: str, lang: str) -> Pack:
    return made(theme, lang)[0]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def _seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)
