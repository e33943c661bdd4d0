"""Finished files searched for words that must not be in them, in every layer where they could hide."""

from __future__ import annotations

import base64
import binascii
import html
import io
import json
import re
import tempfile
import unicodedata
import urllib.parse
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LIMIT = 512 * 2**20  # bytes, of a file or of all that an archive unpacks to: what memory holds without harm
_ZIPPED = (".epub", ".docx", ".xlsx", ".zip", ".crate", ".qdpx")
_MARKED_UP = (".html", ".xhtml", ".svg", ".xml", ".opf", ".ncx", ".rels", ".htm")
_JSON = (".ipynb", ".json", ".jsonld", ".webmanifest")
_DATA = re.compile(r"data:(?P<type>[\w/+.-]*)(?:;[\w=-]+)*;base64,(?P<data>[A-Za-z0-9+/=\s%]{16,})")
_TAG = re.compile(r"<[^>]{0,20000}>")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_MACHINE = re.compile(
    r"(?<![\w.])/(?:home|Users)/[\w.-]+/"
    r"|(?<![\w.])/(?:root|tmp|private|var/folders)/[\w.-]+"
    r"|[A-Za-z]:\\{1,2}(?:Users|Temp)\\{1,2}\w|file:///\w"
)
_MARKS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_NOT_WORD = re.compile(r"[\W_]+")
_MIME = {"image/png": ".png", "image/svg+xml": ".svg", "application/pdf": ".pdf", "text/html": ".html"}


@dataclass(frozen=True, order=True)
class Hit:
    """Something found where it must not be.

    `file` is the file (and `!` member of an archive), `part` the layer of it, `rule` is word, machine-path, traceback
    or unreadable; `number` is the position of the word among those given, −1 for the other rules.  The word itself is
    not here.
    """

    file: str
    part: str
    rule: str
    number: int = -1


def scan_output(path: str | Path, words: Iterable[str] = ()) -> tuple[Hit, ...]:
    """Search a finished file, or every file below a folder, for identifiers and for paths of this machine.

    Layers: the bytes as text (UTF-8 and UTF-16); HTML, SVG and XML without tags and entities; every string of JSON and
    notebooks, their embedded images and tracebacks; text, metadata, attachments and streams of PDF; members of EPUB,
    DOCX and XLSX; text chunks of PNG.  Letters are compared without case, accents and kinds of space; numbers without
    separators.  It fails closed: what cannot be read is a hit.

    Args:
        path: a file or a folder.
        words: identifiers that must not be there, such as the contents of a key file.

    Returns:
        What was found, sorted, each once per file, layer and word.
    """
    path = Path(path)
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    sought = _Sought(tuple(words))
    hits: set[Hit] = set()
    for each in files:
        name = each.relative_to(path).as_posix() if path.is_dir() else each.name
        hits |= sought.hits(name, "name", name)
        if each.stat().st_size > LIMIT:
            hits.add(Hit(name, "bytes", "unreadable"))
        else:
            hits |= _scan(name, each.read_bytes(), sought)
    return tuple(sorted(hits))


class _Sought:
    """The words sought, each folded once; the places that belong to this machine."""

    def __init__(self, words: Sequence[str]) -> None:
        self._folded = [(n, _folded(word)) for n, word in enumerate(words) if _squeezed(_folded(word))]
        self._own = {
            str(each) for each in (Path.home(), Path.cwd(), Path(tempfile.gettempdir())) if len(each.parts) > 2
        }

    def hits(self, file: str, part: str, text: str) -> set[Hit]:
        folded = _folded(text)
        squeezed = _squeezed(folded)
        found = {Hit(file, part, "word", n) for n, word in self._folded if _holds(folded, squeezed, word)}
        if _MACHINE.search(text) or any(own in text for own in self._own):
            found.add(Hit(file, part, "machine-path"))
        return found


def _holds(folded: str, squeezed: str, word: str) -> bool:
    short = _squeezed(word)
    if len(short) >= 8 or (len(short) >= 6 and short.isdigit()):
        return short in squeezed
    return short in squeezed and bool(re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", folded))


def _folded(text: str) -> str:
    low = text.casefold()
    if not low.isascii():
        low = _MARKS.sub("", unicodedata.normalize("NFKD", low)).replace("’", "'")
    return " ".join(low.split())


def _squeezed(folded: str) -> str:
    return _NOT_WORD.sub("", folded)


def _scan(name: str, content: bytes, sought: _Sought) -> set[Hit]:
    ending = Path(name.rpartition("!")[2]).suffix.lower()
    hits: set[Hit] = set()
    try:
        layers: dict[str, list[str]] = {}
        for part, text in _layers(content, ending):
            layers.setdefault(part, []).append(text)
        for part, texts in layers.items():
            hits |= sought.hits(name, part, " \x03 ".join(texts))
        for inner, inside in _inside(content, ending):
            hits |= _scan(f"{name}!{inner}", inside, sought)
        if ending == ".ipynb" and _has_traceback(content):
            hits.add(Hit(name, "outputs", "traceback"))
    except (ValueError, KeyError, OSError, zipfile.BadZipFile, zlib.error, RecursionError, NotImplementedError):
        hits.add(Hit(name, "bytes", "unreadable"))
    return hits


def _layers(content: bytes, ending: str) -> Iterator[tuple[str, str]]:
    raw = content.decode("utf-8", "replace")
    yield "bytes", raw
    if b"\0" in content:
        yield "utf-16", content.decode("utf-16-le", "replace")
        yield "utf-16", content.decode("utf-16-be", "replace")
    if ending in _MARKED_UP:
        yield "text", html.unescape(_TAG.sub("", raw))
        yield "text", html.unescape(_TAG.sub(" ", raw))
        yield "attributes", html.unescape(urllib.parse.unquote(" ".join(_TAG.findall(raw))))
    elif ending in _JSON:
        yield "strings", "\n".join(_strings(json.loads(raw)))
    elif ending == ".pdf":
        yield from _pdf(content)
    elif ending == ".png":
        yield "metadata", "\n".join(_png_texts(content))


def _inside(content: bytes, ending: str) -> Iterator[tuple[str, bytes]]:
    """Files within a file: members of an archive, embedded images, attachments."""
    if ending in _ZIPPED:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = sorted((each for each in archive.infolist() if not each.is_dir()), key=lambda each: each.filename)
            if sum(each.file_size for each in members) > LIMIT:
                raise ValueError("too large")
            yield "comment.txt", archive.comment
            for member in members:
                yield member.filename, archive.read(member)
    elif ending == ".pdf":
        import pypdf

        for name, contents in pypdf.PdfReader(io.BytesIO(content)).attachments.items():
            for inside in contents:
                yield name, inside
    elif ending in (*_MARKED_UP, *_JSON, ".css", ".md", ".js"):
        text = content.decode("utf-8", "replace")
        for number, match in enumerate(_DATA.finditer(text)):
            yield f"data{number}{_MIME.get(match['type'], '.bin')}", _decoded(urllib.parse.unquote(match["data"]))
        if ending == ".ipynb":
            for number, (kind, data) in enumerate(_images(json.loads(text))):
                yield f"output{number}{_MIME.get(kind, '.bin')}", _decoded(data)


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode("".join(data.split()), validate=False)
    except binascii.Error:
        raise ValueError("base64") from None


def _strings(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for key, value in content.items():
            yield str(key)
            yield from _strings(value)
    elif isinstance(content, list):
        if content and all(isinstance(each, str) for each in content):
            yield "".join(content)
        for each in content:
            yield from _strings(each)
    elif isinstance(content, int | float) and not isinstance(content, bool):
        yield str(content)


def _cells(notebook: object) -> Iterator[dict[str, object]]:
    cells = notebook.get("cells", []) if isinstance(notebook, dict) else []
    for cell in cells:
        yield from (each for each in cell.get("outputs", []) if isinstance(each, dict))


def _images(notebook: object) -> Iterator[tuple[str, str]]:
    for output in _cells(notebook):
        data = output.get("data", {})
        for kind, value in data.items() if isinstance(data, dict) else ():
            if kind in ("image/png", "image/jpeg", "application/pdf"):
                yield kind, "".join(value) if isinstance(value, list) else str(value)


def _has_traceback(content: bytes) -> bool:
    return any(output.get("output_type") == "error" for output in _cells(json.loads(content)))


def _pdf(content: bytes) -> Iterator[tuple[str, str]]:
    import pypdf
    from pypdf.errors import PyPdfError

    for match in _STREAM.finditer(content):
        try:
            yield "streams", zlib.decompress(match[1]).decode("utf-8", "replace")
        except zlib.error:
            continue
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        yield "metadata", "\n".join(str(value) for value in (reader.metadata or {}).values())
        pages = [page.extract_text() for page in reader.pages]
        yield "text", "\n".join(pages)
        yield "text", "".join(pages).replace("-\n", "").replace("\n", " ")
        yield "outline", "\n".join(_outline(reader.outline))
    except PyPdfError:
        raise ValueError("pdf") from None


def _outline(outline: object) -> Iterator[str]:
    if isinstance(outline, list):
        for each in outline:
            yield from _outline(each)
    else:
        yield str(getattr(outline, "title", "") or "")


def _png_texts(content: bytes) -> Iterator[str]:
    place = 8
    while place + 8 <= len(content):
        size, kind = int.from_bytes(content[place : place + 4]), content[place + 4 : place + 8]
        chunk = content[place + 8 : place + 8 + size]
        if kind in (b"tEXt", b"eXIf", b"iTXt"):
            yield chunk.decode("utf-8" if kind == b"iTXt" else "latin-1", "replace")
        if kind in (b"zTXt", b"iTXt") and b"\x78" in chunk:
            try:
                yield zlib.decompress(chunk[chunk.index(b"\x78", chunk.index(b"\0")) :]).decode("latin-1")
            except (zlib.error, ValueError):
                yield ""
        place += 12 + size
