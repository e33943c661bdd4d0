"""Points of the Matterhorn Protocol (PDF/UA-1) that can be told from the objects of a file: one line for each fault.

`pdfua`, the one checker that installs without a Java library of its own, looks at 16 of 106 rules; these are others:
structure types and how they nest, order of headings, tables, notes, links, fonts, and that all content is tagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, BooleanObject, ContentStream, DictionaryObject

TRUE = BooleanObject(True)
_TYPES = {
    *(
        "Document",
        "Part",
        "Art",
        "Sect",
        "Div",
        "BlockQuote",
        "Caption",
        "TOC",
        "TOCI",
        "Index",
        "NonStruct",
        "Private",
    ),
    *("P", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead", "TBody"),
    *("TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Figure", "Formula", "Form"),
}
_INSIDE = {
    "TR": {"TH", "TD"},
    "L": {"LI", "L", "Caption"},
    "LI": {"Lbl", "LBody"},
    "TOC": {"TOC", "TOCI", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
}
_BELOW = {"TR": {"Table", "THead", "TBody", "TFoot"}, "TH": {"TR"}, "TD": {"TR"}, "LI": {"L"}, "LBody": {"LI"}}
_PAINTS = frozenset({b"Tj", b"TJ", b"'", b'"', b"f", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"Do", b"sh"})


def faults(path: Path) -> list[str]:
    """What breaks a point of the protocol, with the point's number."""
    pdf = PdfReader(path)
    root: Any = pdf.root_object
    found = [] if root["/ViewerPreferences"].get("/DisplayDocTitle") == TRUE else ["07-002 the title is not shown"]
    found += ["01-006 suspects"] if root["/MarkInfo"].get("/Suspects") == TRUE else []
    roles = {str(own)[1:]: str(role)[1:] for own, role in root["/StructTreeRoot"].get("/RoleMap", {}).items()}
    elements = list(_elements(root["/StructTreeRoot"], "root", None, roles))
    found += [fault for kind, parent, element, _ in elements for fault in _element(kind, parent, element)]
    levels = [int(kind[1]) for kind, *_ in elements if re.fullmatch("H[1-6]", kind)]
    found += [f"14-003 H{a} then H{b}" for a, b in zip([0, *levels], levels, strict=False) if b > a + 1]
    notes = [element.get("/ID") for kind, _, element, _ in elements if kind == "Note"]
    found += ["19-003 note without ID"] if None in notes else []
    found += ["19-004 two notes of one ID"] if len(set(map(str, notes))) < len(notes) else []
    linked = {item for kind, _, element, _ in elements if kind == "Link" for item in _objects(element)}
    tagged: dict[int, set[int]] = {}
    for _, _, element, page in elements:
        for kid in _kids(element):
            if isinstance(kid, int):
                tagged.setdefault(page, set()).add(int(kid))
            elif kid.get("/Type") == "/MCR":
                tagged.setdefault(kid.raw_get("/Pg").idnum, set()).add(int(kid["/MCID"]))
    for number, page in enumerate(pdf.pages, 1):
        found += [f"{fault}, page {number}" for fault in _page(pdf, page, linked, tagged)]
    return found + _fonts(pdf)


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", ArrayObject())
    kids = kids if isinstance(kids, ArrayObject) else [kids]
    return [kid.get_object() for kid in kids]


def _elements(
    parent: Any, kind: str, page: int | None, roles: dict[str, str]
) -> Iterator[tuple[str, str, Any, int | None]]:
    """Each structure element: its type, that of the one around it, itself, and the page it says or inherits."""
    for kid in _kids(parent):
        if isinstance(kid, DictionaryObject) and "/S" in kid:
            own = kid.raw_get("/Pg").idnum if "/Pg" in kid else page
            name = str(kid["/S"])[1:]
            name = roles.get(name, name)
            yield name, kind, kid, own
            yield from _elements(kid, name, own, roles)


def _attributes(element: Any) -> list[Any]:
    found = element.get("/A", ArrayObject())
    return [each.get_object() for each in (found if isinstance(found, ArrayObject) else [found])]


def _objects(element: Any) -> list[int]:
    return [
        kid.raw_get("/Obj").idnum for kid in _kids(element) if isinstance(kid, dict) and kid.get("/Type") == "/OBJR"
    ]


def _element(kind: str, parent: str, element: Any) -> Iterator[str]:
    if kind not in _TYPES:
        yield f"02-001 {kind} is no standard type"
    if (parent in _INSIDE and kind not in _INSIDE[parent]) or parent not in _BELOW.get(kind, {parent}):
        yield f"09-004 {kind} in {parent}"
    attributes = _attributes(element)
    if kind == "Figure" and not str(element.get("/Alt", "")).strip():
        yield "13-004 figure without alternative text"
    if kind == "Figure" and not any("/BBox" in each for each in attributes):
        yield "13-004 figure without place"
    if kind == "TH" and not any("/Scope" in each for each in attributes):
        yield "15-003 header cell without scope"
    if kind == "Table":
        widths = {sum(int(_span(cell)) for cell in _kids(row)) for row in _rows(element)}
        if len(widths) != 1:
            yield f"15-003 rows of {sorted(widths)} cells"


def _rows(table: Any) -> Iterator[Any]:
    for kid in _kids(table):
        if isinstance(kid, dict) and kid.get("/S") == "/TR":
            yield kid
        elif isinstance(kid, dict) and kid.get("/S") in ("/THead", "/TBody", "/TFoot"):
            yield from _rows(kid)


def _span(cell: Any) -> int:
    return next((each["/ColSpan"] for each in _attributes(cell) if "/ColSpan" in each), 1)


def _page(pdf: PdfReader, page: Any, linked: set[int], tagged: dict[int, set[int]]) -> Iterator[str]:
    for reference in page.get("/Annots", []):
        link = reference.get_object()
        if not str(link.get("/Contents", "")).strip():
            yield "28-012 link without description"
        if reference.idnum not in linked:
            yield "28-011 link outside the structure"
    if "/Annots" in page and page.get("/Tabs") != "/S":
        yield "28-009 tab order is not that of the structure"
    marks: list[str] = []
    seen: set[int] = set()
    for operands, operator in ContentStream(page["/Contents"].get_object(), pdf).operations:
        if operator in (b"BDC", b"BMC"):
            values = operands[1].get_object() if operator == b"BDC" else {}
            artifact = operands[0] == "/Artifact"
            if (artifact and "tagged" in marks) or ("/MCID" in values and "artifact" in marks):
                yield "01-003 artifact and content inside each other"
            seen |= {int(values["/MCID"])} if "/MCID" in values else set()
            marks.append("artifact" if artifact else "tagged" if "/MCID" in values else "")
        elif operator == b"EMC":
            marks.pop()
        elif operator in _PAINTS and not {"artifact", "tagged"} & set(marks):
            yield "01-005 content that is neither tagged nor an artifact"
    if seen - tagged.get(page.indirect_reference.idnum, set()):
        yield "01-005 marked content that the structure does not name"


def _fonts(pdf: PdfReader) -> list[str]:
    found = []
    fonts = {
        reference.idnum: reference.get_object()
        for page in pdf.pages
        for reference in page["/Resources"].get("/Font", {}).values()
    }
    for font in fonts.values():
        if "/ToUnicode" not in font:
            found.append(f"31-027 {font['/BaseFont']} says no characters")
        if font["/Subtype"] == "/Type0" and font["/Encoding"] not in ("/Identity-H", "/Identity-V"):
            found.append(f"31-018 {font['/BaseFont']} has an encoding of its own")
    return found
