"""The RO-Crate beside the book: what it is made of, by what, from what, with hashes, authors and licences."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from clss_analysis.publish.edition import Edition
from clss_analysis.publish.manifest import MadeOf
from clss_analysis.records.vocabulary import message

NAME = "ro-crate-metadata.json"
CODE_LICENCE = "https://spdx.org/licenses/BSD-3-Clause"
_COMMONS = re.compile(r"CC[ -](BY(?:-(?:NC|SA|ND))*)[ -](\d\.\d)")
_FONT_LICENCE = "https://spdx.org/licenses/OFL-1.1"
_TYPES = {".epub": "application/epub+zip", ".svg": "image/svg+xml", ".woff": "font/woff", ".md": "text/markdown"}


def write_crate(out: Path, edition: Edition, of: MadeOf) -> None:
    """Write `ro-crate-metadata.json` into a finished folder.

    Every file of the folder is in it with its hash; each figure has an action that says which notebook made it from
    which data with which parameters.  Its date is the book's, so that the same book gives the same bytes.

    Args:
        out: the folder of the book.
        edition: title, author, date, identifier.
        of: what the book is made of.
    """
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate(gen_preview=False)

    def add(identifier: str, /, **properties: object) -> ContextEntity:
        entity: ContextEntity = crate.add(ContextEntity(crate, identifier, properties=properties))
        return entity

    author = add("#auteur", **{"@type": "Organization", "name": edition.author})
    programme = add("#clss-analysis", **_program("clss-analysis", of.software, licence=CODE_LICENCE))
    data = add("#donnees", **_dataset(of.dataset, edition.around))
    instruments = [programme] + [
        add(f"#logiciel-{name.lower()}", **_program(name, of.software))
        for name in sorted(of.software)
        if name != "clss-analysis"
    ]
    notebooks = {
        name: add(
            f"#{name}",
            **{"@type": "SoftwareSourceCode", "name": name, "encodingFormat": "application/x-ipynb+json"},
            license={"@id": CODE_LICENCE},
        )
        for name in sorted({str(figure["notebook"]) for figure in of.figures if figure.get("notebook")})
    }
    root = crate.root_dataset
    root["name"] = edition.title
    root["description"] = edition.subtitle or edition.title
    root["datePublished"] = edition.issued
    root["identifier"] = edition.identifier
    root["inLanguage"] = edition.lang
    root["author"] = author
    root["isBasedOn"] = data
    root["license"] = _licence(edition.licence, edition.around)
    files = {
        path.relative_to(out).as_posix(): path
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != NAME
    }
    for place, path in files.items():
        crate.add_file(dest_path=place, properties=_file(place, path), fetch_remote=False, validate_url=False)
    for figure in sorted(of.figures, key=lambda each: str(each["id"])):
        made = [{"@id": place} for place in files if Path(place).stem == figure["id"] and place.startswith("figures/")]
        notebook = notebooks.get(str(figure.get("notebook")))
        action = add(
            f"#figure-{figure['id']}",
            **{"@type": "CreateAction", "name": str(figure.get("title") or figure["caption"])},
            description=str(figure["caption"]),
            object=[{"@id": data.id}, *_parameters(add, figure)],
            result=made,
            **({"instrument": notebook} if notebook is not None else {}),
        )
        root.append_to("mentions", action)
    book = add(
        "#livre",
        **{"@type": "CreateAction", "name": edition.title},
        instrument=instruments,
        object=[data, *notebooks.values()],
        result=[{"@id": place} for place in files if "/" not in place],
        endTime=edition.issued,
    )
    root.append_to("mentions", book)
    content = crate.metadata.generate()
    content["@graph"] = sorted(content["@graph"], key=lambda entity: (entity["@id"] not in (NAME, "./"), entity["@id"]))
    written = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (out / NAME).write_text(written, encoding="utf-8")


def _program(name: str, software: Mapping[str, Any], licence: str | None = None) -> dict[str, Any]:
    about: dict[str, Any] = {
        "@type": "SoftwareApplication",
        "name": name,
        "softwareVersion": str(software.get(name, "")),
    }
    return about | ({"license": {"@id": licence}} if licence else {})


def _licence(said: str, lang: str) -> object:
    """A licence as the crate names it: the address of a Creative Commons one, else the words of the house."""
    if commons := _COMMONS.fullmatch(said.upper()):
        return {"@id": f"https://creativecommons.org/licenses/{commons[1].lower()}/{commons[2]}/"}
    return said or message("book_crate_unlicensed", lang)


def _dataset(dataset: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {
        "@type": "Dataset",
        "name": str(dataset.get("title") or dataset["name"]),
        "identifier": str(dataset["name"]),
        "sha256": str(dataset["sha256"]),
        "description": message("book_crate_synthetic" if dataset["synthetic"] else "book_crate_data", lang),
    }


def _file(place: str, path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name, strict=True)[0] or "application/octet-stream"
    about: dict[str, Any] = {
        "name": place,
        "encodingFormat": kind,
        "contentSize": str(len(content)),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return about | ({"license": {"@id": _FONT_LICENCE}} if place.startswith("fonts/") else {})


def _parameters(add: Callable[..., object], figure: Mapping[str, Any]) -> list[dict[str, str]]:
    found = []
    for key, value in sorted((figure.get("parameters") or {}).items()):
        identifier = f"#figure-{figure['id']}-{key}"
        add(identifier, **{"@type": "PropertyValue", "name": str(key), "value": str(value)})
        found.append({"@id": identifier})
    return found
