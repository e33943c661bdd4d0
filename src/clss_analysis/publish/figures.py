"""Images of the book: where their files are, how large they are, and what a reader who does not see them is told."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path

from clss_analysis.publish.source import RUNS
from clss_analysis.publish.tree import Node, nodes, text, value_of

FOLDER = "figures"
ENDINGS = ("svg", "pdf", "png")
DATA = "csv"
OFFERED = (*ENDINGS, DATA)
_MM = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "px": 25.4 / 96, "": 25.4 / 96}
_TAG = re.compile(r"<svg\b[^>]*>")
_SIZE = re.compile(r"\b(width|height)=\"\s*([0-9.]+)\s*([a-z]*)\s*\"")
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>\s*")
_PATH = re.compile(r"<path\b(?![^>]*\sd=)")
_DRAWN = re.compile(r"<(?:text|title|desc)\b[^>]*>(.*?)</(?:text|title|desc)>", re.DOTALL)
_INNER = re.compile(r"<[^>]*>")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True)
class Picture:
    """An image file in the book, its place there, its size in millimetres (0 when it does not say), and its title."""

    path: Path
    place: str
    width: float = 0.0
    height: float = 0.0
    title: str = ""


def picture(source: str, book: Path, runs: Path) -> Picture | None:
    """The file that an image address of a chapter means; None when there is none, or it lies outside."""
    if source.startswith(RUNS):
        root, inner = runs, source.removeprefix(RUNS)
    else:
        root, inner = book, source
    path = (root / inner).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file() or not _NAME.fullmatch(path.name):
        return None
    width, height = svg_size(path) if path.suffix == ".svg" else (0.0, 0.0)
    return Picture(path, f"{FOLDER}/{path.name}", width, height)


def long_description(path: Path) -> list[str]:
    """The paragraphs that the run left about a picture beside its file; none where it left none."""
    about = path.with_suffix(".json")
    if not about.is_file():
        return []
    told = str(json.loads(about.read_text(encoding="utf-8")).get("description", ""))
    return told.split("\n") if told else []


def words_drawn(path: Path) -> list[str]:
    """The texts that an SVG file draws, a line each; one in pieces also with nothing between them, as it is seen."""
    svg = path.read_text(encoding="utf-8", errors="replace")
    found = (dict.fromkeys(_INNER.sub(between, drawn) for between in [" ", ""]) for drawn in _DRAWN.findall(svg))
    return [html.unescape(each) for texts in found for each in texts]


def svg_size(path: Path) -> tuple[float, float]:
    """Width and height in millimetres that an SVG file says it has; 0 where it says none."""
    with path.open(encoding="utf-8", errors="replace") as file:
        tag = _TAG.search(file.read(4000))
    sizes = {name: float(value) * _MM.get(unit, 0.0) for name, value, unit in _SIZE.findall(tag[0] if tag else "")}
    return sizes.get("width", 0.0), sizes.get("height", 0.0)


def clean_svg(svg: str) -> str:
    """An SVG that EPUB readers accept: no document type, and no path without a shape.

    >>> clean_svg('<!DOCTYPE svg><svg><path id="a"/></svg>')
    '<svg><path d="M0 0" id="a"/></svg>'
    """
    return _PATH.sub('<path d="M0 0"', _DOCTYPE.sub("", svg))


def images(tree: object) -> list[Node]:
    """All images of a tree."""
    return [node for node in nodes(tree) if node["t"] == "Image"]


def alt(image: Node) -> str:
    """What the image says to those who do not see it."""
    return value_of(image["c"][0], "fig-alt") or ""


def with_alt(image: Node, source: str, **values: str) -> Node:
    """The image at another place, its alt text where pandoc's writers look for it."""
    pairs = [[key, value] for key, value in values.items()]
    return {"t": "Image", "c": [["", [], pairs], [text(alt(image))], [source, ""]]}
