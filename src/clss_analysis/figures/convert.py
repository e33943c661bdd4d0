"""An SVG as PDF or PNG, made by typst with the shipped fonts and no others; the same bytes for the same SVG.

Beside the room that sets books this module alone knows typst: a figure is drawn once, as SVG, and every other format
is made of it.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import sha256
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

from clss_analysis.figures.working import MARK
from clss_analysis.records.atomic import write_file

DPI = 300
"""Dots an inch of a PNG: what printers ask for."""
FORMATS = (".pdf", ".png")
_PAGE = """\
#set document(title: sys.inputs.title, date: none)
#set page(width: float(sys.inputs.width) * 1mm, height: float(sys.inputs.height) * 1mm, margin: 0mm)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%, alt: sys.inputs.alt)
"""
_TAG = re.compile(r"<svg\b[^>]*>")
_SIZE = re.compile(r'\b(width|height)="([0-9.]+)(mm|pt)"')
_MM = {"mm": 1.0, "pt": 25.4 / 72}
_HEAD = 33
"""Bytes of a PNG before which a chunk may be put: its signature and its first chunk."""


def convert(svg: str, ending: str, dpi: int = DPI) -> bytes:
    """A figure in another format.

    Args:
        svg: a whole SVG with its size in millimetres or points, a title and a description.
        ending: .pdf or .png.
        dpi: dots an inch of a PNG.

    Returns:
        A PDF of one page with text as text, or a PNG.

    Raises:
        ValueError: the SVG does not say its size.
        KeyError: another ending.
    """
    import typst

    tag = _TAG.search(svg)
    size = {side: float(value) * _MM[unit] for side, value, unit in _SIZE.findall(tag[0] if tag else "")}
    if len(size) < len(("width", "height")):
        raise ValueError("an SVG says its width and height in mm or pt")
    inputs = {
        "svg": svg,
        "width": f"{size['width']:.3f}",
        "height": f"{size['height']:.3f}",
        "title": _told(svg, "title"),
        "alt": _told(svg, "desc") or _told(svg, "title"),
    }
    asked: dict[str, Any] = {".pdf": {"format": "pdf"}, ".png": {"format": "png", "ppi": float(dpi)}}
    made: bytes = typst.compile(_PAGE.encode(), font_paths=_fonts(), sys_inputs=inputs, **asked[ending])
    if ending != ".png":
        return made
    return _dense(made, dpi, inputs["title"] if f'id="{MARK}"' in svg else "")


def convert_files(
    pictures: Iterable[Path], endings: Iterable[str] = FORMATS, *, kept: Path | None = None, salt: str = ""
) -> None:
    """Write SVG files in other formats beside them, several at a time.

    Args:
        pictures: the .svg files.
        endings: the formats.
        kept: folder where what was made stays until the next time, by content; what is not asked for again goes.
            Default: nowhere.
        salt: what else than the SVG a file depends on: the software.
    """
    work = [(path, ending) for path in sorted(pictures) for ending in endings]

    def one(path: Path, ending: str) -> str:
        svg = path.read_text(encoding="utf-8")
        name = sha256(f"{salt} {svg}".encode()).hexdigest()[:32] + ending
        before = kept / name if kept is not None else None
        if before is not None and before.is_file():
            write_file(path.with_suffix(ending), before.read_bytes())
        else:
            made = convert(svg, ending)
            write_file(path.with_suffix(ending), made)
            if before is not None:
                write_file(before, made)
        return name

    with ThreadPoolExecutor() as pool:
        asked = set(pool.map(one, *zip(*work, strict=True))) if work else set()
    if kept is not None and kept.is_dir():
        for file in kept.iterdir():
            if file.name not in asked:
                file.unlink()


@cache
def _fonts() -> Any:  # noqa: ANN401  # typst is untyped
    import typst

    folder = str(files("clss_analysis.fonts"))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _told(svg: str, element: str) -> str:
    found = re.search(rf"<{element}>([^<]*)</{element}>", svg)
    return unescape(found[1]) if found else ""


def _dense(png: bytes, dpi: int, mark: str) -> bytes:
    """The PNG with its dots an inch, which typst leaves out, so that it shows as large as it is, and its mark."""
    dots = round(dpi / 0.0254)
    chunks = _chunk(b"pHYs", struct.pack(">IIB", dots, dots, 1))
    if mark:
        chunks += _chunk(b"iTXt", MARK.encode() + bytes(5) + mark.encode())
    return png[:_HEAD] + chunks + png[_HEAD:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
