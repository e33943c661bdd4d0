"""What a repository asks beside a book that is given to it: DDI-Codebook of the tables, DataCite of the book.

Both tell of the schema and of the cover, never of a row: the records stay with the association.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET  # written here, never read

from clss_analysis.publish.edition import Edition
from clss_analysis.records.schema import fields, table_names, table_schema
from clss_analysis.records.vocabulary import codes, label, message

DDI, DATACITE = "ddi.xml", "datacite.json"
_DDI = "ddi:codebook:2_5"
_NUMBERS = ("integer", "number")


def write_deposit(out: Path, edition: Edition, *, publisher: str) -> None:
    """Write `ddi.xml` (DDI-Codebook 2.5) and `datacite.json` (DataCite 4) into a finished folder.

    Args:
        out: the folder of the book.
        edition: title, author, date, licence, identifier.
        publisher: the association.

    Source: DDI Alliance, DDI-Codebook 2.5; DataCite Metadata Working Group, DataCite Metadata Schema 4.
    """
    codebook = ET.ElementTree(_codebook(edition, publisher))
    ET.indent(codebook)
    codebook.write(out / DDI, encoding="utf-8", xml_declaration=True)
    text = json.dumps(_datacite(edition, publisher), ensure_ascii=False, indent=1, sort_keys=True)
    (out / DATACITE).write_text(text + "\n", encoding="utf-8")


def _codebook(edition: Edition, publisher: str) -> ET.Element:
    root = ET.Element("codeBook", {"xmlns": _DDI, "version": "2.5", "xml:lang": edition.lang})
    study = ET.SubElement(root, "stdyDscr")
    cited = ET.SubElement(study, "citation")
    named = ET.SubElement(cited, "titlStmt")
    _said(named, "titl", edition.title)
    if edition.subtitle:
        _said(named, "subTitl", edition.subtitle)
    _said(named, "IDNo", edition.identifier, agency="URN")
    _said(ET.SubElement(cited, "rspStmt"), "AuthEnty", edition.author)
    made = ET.SubElement(cited, "prodStmt")
    _said(made, "producer", publisher)
    if edition.licence:
        _said(made, "copyright", edition.licence)
    _said(made, "prodDate", edition.issued, date=edition.issued)
    unit = ET.SubElement(ET.SubElement(study, "stdyInfo"), "sumDscr")
    _said(unit, "anlyUnit", message("title.households", edition.around))
    access = ET.SubElement(ET.SubElement(study, "dataAccs"), "useStmt")
    _said(access, "restrctn", message("deposit.access", edition.around))
    for table in table_names():
        about = ET.SubElement(ET.SubElement(root, "fileDscr", ID=f"F.{table}"), "fileTxt")
        _said(about, "fileName", str(table_schema(table)["path"]))
        _said(about, "fileCont", str(table_schema(table).get("description", "")))
    variables = ET.SubElement(root, "dataDscr")
    for table in table_names():
        for field in fields(table):
            _variable(variables, table, field, edition.around)
    return root


def _variable(variables: ET.Element, table: str, field: dict[str, Any], lang: str) -> None:
    """A column: what it is called, what it says, its codes, and whether it is a number."""
    name = str(field["name"])
    about = ET.SubElement(variables, "var", ID=f"V.{table}.{name}", name=name, files=f"F.{table}")
    _said(about, "labl", str(field.get("title", name)))
    _said(about, "txt", str(field.get("description", "")))
    for code in codes(str(field["vocabulary"])) if "vocabulary" in field else ():
        category = ET.SubElement(about, "catgry")
        _said(category, "catValu", code)
        _said(category, "labl", label(str(field["vocabulary"]), code, lang))
    ET.SubElement(about, "varFormat", type="numeric" if field["type"] in _NUMBERS else "character")


def _said(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = text


def _datacite(edition: Edition, publisher: str) -> dict[str, Any]:
    """The book's record; the identifier stands among the alternate ones until a repository gives it a DOI."""
    second = [{"title": edition.subtitle, "titleType": "Subtitle"}] if edition.subtitle else []
    return {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "alternateIdentifiers": [{"alternateIdentifier": edition.identifier, "alternateIdentifierType": "URN"}],
        "creators": [{"name": edition.author, "nameType": "Organizational"}],
        "titles": [{"title": edition.title}, *second],
        "publisher": {"name": publisher},
        "publicationYear": str(edition.date.year),
        "language": edition.lang,
        "types": {"resourceTypeGeneral": "Book", "resourceType": "Report"},
        "dates": [{"date": edition.issued, "dateType": "Issued"}],
        "rightsList": [{"rights": edition.licence}] if edition.licence else [],
    }
