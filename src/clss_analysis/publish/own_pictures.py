"""Pictures that a house puts into its chapters: what of them is seen, and nothing of who made them or where."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, register_namespace, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = {".svg": "SVG", ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
_SVG, _XLINK, _XML = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}", "{http://www.w3.org/XML/1998/"
_HREF = f"{_XLINK}href"
_UNSEEN = frozenset({"metadata", "script", "foreignObject"})
_SAID = ("on", "data-", "aria-")
_ID = re.compile(r"#([^\s\"')]+)")
_NAMED = re.compile(r"([#.])(-?[^\W\d][\w-]*)")
_COLOUR = re.compile(r"#(?:[\da-fA-F]{3,4}){1,2}")
_REMARK = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_DATA = re.compile(r"data:image/(?:png|jpe?g);base64,(.*)", re.DOTALL)
_QUALITY = 95  # of 100: a photograph is written anew without a visible loss
_MADE = re.compile(r"[_.]")


def drawings(book: Path) -> list[Path]:
    """The SVG files of a book's own folder, whose words are looked through as those of chapters are."""
    return [path for path in sorted(book.rglob("*.svg")) if not any(map(_MADE.match, path.relative_to(book).parts))]


def bare(path: Path) -> bytes:
    """A picture as it is seen: without author, place, date, program, comments, hidden parts or what follows its end.

    Args:
        path: a .svg, .png, .jpg or .jpeg file.  A photograph that its camera turned is turned.

    Raises:
        ValueError: it is another kind of file, or not what its name says.
    """
    if path.suffix.lower() not in FORMATS:
        raise ValueError(path.suffix)
    try:
        return _drawing(path.read_bytes()) if path.suffix.lower() == ".svg" else _raster(path.read_bytes())
    except (ParseError, DefusedXmlException, UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValueError(path.suffix) from error


def _raster(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as given:
        form, shown = given.format, ImageOps.exif_transpose(given)
        shown = shown.convert("RGBA") if shown.mode == "P" else shown
        seen = Image.frombytes(shown.mode, shown.size, shown.tobytes())
        made = io.BytesIO()
        seen.save(made, form, quality=_QUALITY)
    return made.getvalue()


def _drawing(content: bytes) -> bytes:
    root = fromstring(content)
    _prune(root)
    names = {name: f"n{number}" for number, name in enumerate(_ids(root))}
    classes: dict[str, str] = {}
    for node in root.iter():
        for key, value in list(node.attrib.items()):
            if key == "id":
                node.set(key, names[value])
            elif key == "class":
                node.set(key, " ".join(_again(each, classes) for each in value.split()))
            elif key.rpartition("}")[2] == "href" and not value.startswith("#"):
                embedded = _DATA.fullmatch(value)
                del node.attrib[key]
                if embedded:
                    picture = _raster(base64.b64decode(embedded[1]))
                    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
                    node.set(key, f"data:image/{kind};base64,{base64.b64encode(picture).decode()}")
            else:
                node.set(key, _ID.sub(lambda found: "#" + names.get(found[1], found[1]), value))
        if node.tag == f"{_SVG}style":
            node.text = _NAMED.sub(partial(_selector, names, classes), _REMARK.sub("", node.text or ""))
    register_namespace("", _SVG.strip("{}"))
    register_namespace("xlink", _XLINK.strip("{}"))
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _again(name: str, classes: dict[str, str]) -> str:
    return classes.setdefault(name, f"c{len(classes)}")


def _selector(names: dict[str, str], classes: dict[str, str], found: re.Match[str]) -> str:
    """A class or id in a style under its new name; a colour stays."""
    if found[1] == ".":
        return f".{_again(found[2], classes)}"
    return found[0] if found[2] not in names and _COLOUR.fullmatch(found[0]) else f"#{names.get(found[2], 'n')}"


def _prune(node: Element) -> None:
    for child in list(node):
        if not child.tag.startswith(_SVG) or child.tag.removeprefix(_SVG) in _UNSEEN:
            node.remove(child)
        else:
            _prune(child)
    for key in list(node.attrib):
        if key.startswith(_SAID) or (key.startswith("{") and key != _HREF and not key.startswith(_XML)):
            del node.attrib[key]


def _ids(root: Element) -> Iterator[str]:
    yield from dict.fromkeys(node.get("id", "") for node in root.iter() if node.get("id"))
