"""Writing REFI-QDA: statements as passages of one text per household, codes, coders; .qdpx and .qdc."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

import pandas as pd

from clss_analysis.records.exchange.foreign import cell
from clss_analysis.records.exchange.qda import CODEBOOK, INTERNAL, ORIGIN, PROJECT, close_package
from clss_analysis.records.tables import Records
from clss_analysis.records.vocabulary import message

READ_ONLY = "none"
_BETWEEN = "\n\n"
_NAMESPACE = UUID("6b0f9b1e-7c0d-5f0a-9a53-2f6d1c1f8b11")


def qdpx_bytes(records: Records) -> bytes:
    """A package of the coded statements: the same records give the same bytes.

    Every household is a text, and a case; households and coders are numbered anew.  A statement is a passage without
    coding, and every coding a passage within it; that a statement was read without any code has no place.
    """
    codings = records.codings[records.codings["code"] != READ_ONLY]
    coders = {coder: f"C{n}" for n, coder in enumerate(dict.fromkeys(codings["coder"]), start=1)}
    root = Element("Project", {"xmlns": PROJECT, "name": records.name, "origin": ORIGIN})
    if coders:
        users = SubElement(root, "Users")
        for coder in coders.values():
            SubElement(users, "User", {"guid": _guid(f"user {coder}"), "name": coder})
    codes = _codes_of(records)
    if codes:
        _add_codes(SubElement(root, "CodeBook"), records, codes)
    texts = _texts(records)
    if texts:
        cases = SubElement(root, "Cases")
        for text in texts:
            if text.household:
                case = SubElement(cases, "Case", {"guid": _guid(f"case {text.number}"), "name": text.name(records)})
                SubElement(case, "SourceRef", {"targetGUID": _guid(f"source {text.number}")})
        if not len(cases):
            root.remove(cases)
        sources = SubElement(root, "Sources")
        for text in texts:
            _add_source(sources, text, codings, codes, coders, text.name(records))
    files = [(f"Sources/{_guid(f'source {text.number}')}.txt", text.content.encode("utf-8")) for text in texts]
    return close_package([("project.qde", _document(root)), *files])


def qdc_bytes(records: Records) -> bytes:
    """The codebook alone."""
    root = Element("CodeBook", {"xmlns": CODEBOOK, "origin": ORIGIN})
    _add_codes(root, records, _codes_of(records))
    return _document(root)


@dataclass(frozen=True)
class _Text:
    """The statements of a household, one after the other; `places` says where each begins and ends."""

    number: int
    household: str
    content: str
    places: tuple[tuple[str, int, int], ...]

    def name(self, records: Records) -> str:
        return message("exchange.household", records.language, n=self.number)


def _texts(records: Records) -> list[_Text]:
    statements = records.statements
    homes = [*records.households["id"], pd.NA]
    texts: list[_Text] = []
    for home in homes:
        own = statements[statements["household"].isna() if pd.isna(home) else statements["household"] == home]
        if own.empty:
            continue
        places: list[tuple[str, int, int]] = []
        position = 0
        for statement, words in zip(own["id"], own["text"], strict=True):
            places.append((str(statement), position, position + len(words)))
            position += len(words) + len(_BETWEEN)
        content = _BETWEEN.join(own["text"])
        texts.append(_Text(len(texts) + 1, "" if pd.isna(home) else str(home), content, tuple(places)))
    return texts


def _add_source(
    sources: Element, text: _Text, codings: pd.DataFrame, codes: Mapping[str, int], coders: Mapping[str, str], name: str
) -> None:
    guid = _guid(f"source {text.number}")
    source = SubElement(sources, "TextSource", {"guid": guid, "name": name, "plainTextPath": f"{INTERNAL}{guid}.txt"})
    for place, (statement, start, end) in enumerate(text.places, start=1):
        key = f"{text.number} {place}"
        _passage(source, f"statement {key}", start, end)
        own = codings[codings["statement"] == statement]
        for rank, (_, coding) in enumerate(own.iterrows(), start=1):
            whole = cell(coding, "start") == ""
            first = start if whole else start + int(coding["start"])
            last = end if whole else start + int(coding["end"])
            passage = _passage(source, f"passage {key} {rank}", first, last)
            user = _guid(f"user {coders[coding['coder']]}")
            made = SubElement(passage, "Coding", {"guid": _guid(f"coding {key} {rank}"), "creatingUser": user})
            SubElement(made, "CodeRef", {"targetGUID": _guid(f"code {codes[coding['code']]}")})


def _passage(source: Element, key: str, start: int, end: int) -> Element:
    place = {"guid": _guid(key), "startPosition": str(start), "endPosition": str(end)}
    return SubElement(source, "PlainTextSelection", place)


def _codes_of(records: Records) -> dict[str, int]:
    """Codes that go out, numbered in the order of the codebook."""
    return {str(code): n for n, code in enumerate(records.codes["id"][records.codes["id"] != READ_ONLY], start=1)}


def _add_codes(book: Element, records: Records, codes: Mapping[str, int]) -> None:
    top = SubElement(book, "Codes")
    made: dict[str, Element] = {}
    rows = [row for _, row in records.codes.iterrows() if row["id"] in codes]
    for row in rows:
        about = {"guid": _guid(f"code {codes[row['id']]}"), "name": str(row["label"]), "isCodable": "true"}
        made[row["id"]] = Element("Code", about)
        if definition := cell(row, "definition"):
            SubElement(made[row["id"]], "Description").text = definition
    for row in rows:
        made.get(cell(row, "parent"), top).append(made[row["id"]])


def _guid(key: str) -> str:
    return str(uuid5(_NAMESPACE, key)).upper()


def _document(root: Element) -> bytes:
    found: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return found + b"\n"
