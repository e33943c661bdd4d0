"""The packs of the publication, each made once for all tests, with the processor time that it took."""

from __future__ import annotations

import io
import resource
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
from pypdf import PdfReader
from records_sample import accepted

from clss_analysis.publish.brief import BUILT_IN, Pack, Told, prepare, tell
from clss_analysis.records import Records, synthesise
from clss_analysis.records.schema import table_names

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


def real_house(n: int, scope: str = "counted", seed: int = 4) -> Records:
    """Records that are not marked as made up; their households may only be counted, or told with `scope`."""
    made = synthesise(n, seed)
    entry = {"id": "c", "label": "accord", "scope": scope, "source": "dossier", "reading": False}
    consents = pd.DataFrame([{name: entry.get(name) for name in made.consents}]).astype(made.consents.dtypes)
    tables = {name: made.table(name).assign(source="dossier").astype({"source": "string"}) for name in table_names()}
    tables["households"] = tables["households"].assign(consent="c").astype({"consent": "string"})
    counted = made.with_tables(**tables | {"consents": consents})
    return accepted(
        replace(counted, synthetic=False, name="dossiers", title="Dossiers", source="Association", extra={})
    )
