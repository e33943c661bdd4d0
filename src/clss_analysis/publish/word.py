"""The Word file: the book for those who go on writing in it, every part in a named style that they can change."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from clss_analysis.figures.convert import convert
from clss_analysis.publish import figures, pandoc
from clss_analysis.publish.blocks import OWN_PAGE, callout, is_example, sheet_mark, testimony
from clss_analysis.publish.crossref import NUMBER, Page
from clss_analysis.publish.edition import Edition
from clss_analysis.publish.epub import whole
from clss_analysis.publish.examples import vignette
from clss_analysis.publish.html import numbered_heading
from clss_analysis.publish.sheets import is_large
from clss_analysis.publish.tree import (
    SPACE,
    Node,
    attr,
    div,
    nodes,
    para,
    plain,
    raw,
    raw_inline,
    rewrite,
    text,
    value_of,
)
from clss_analysis.records.vocabulary import message
from clss_analysis.runs.gallery import VIGNETTE

_WIDTH, _HEIGHT = 160.0, 125.0  # millimetres that a picture may take: the text's width, and half of a page
_WHOLE = 215.0  # millimetres of height, with its caption a page: of a picture that is read enlarged
_EXAMPLE = 85.0  # millimetres of height: two examples of a convention go on a page
_DOTS, _COLOURS = 150, 64  # an inch, and in a picture: a draft of the book stays below 5 MB
_SIGNS = 92  # of a line of a table across the text
_BOLD = 1.25  # what the words of a head, or of a face put in the place of Calibri, are wider
_SERIF, _SANS = "Georgia", "Calibri"
_GREEN, _GREY, _BLUE = "17603A", "555B60", "1F5FA8"
_PAGE = (
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="708" w:footer="708" w:gutter="0"/>'
)
_BAR = '<w:pBdr><w:left w:val="single" w:sz="18" w:space="10" w:color="{colour}"/></w:pBdr>'
_ROW = (
    '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="E9F0EB"/>'
    '<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
)
_LEAF = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
_EMPTY = re.compile(r'(<w:fldChar w:fldCharType="separate" />)(<w:fldChar w:fldCharType="end" />)')
_TITLED = re.compile(
    r'<w:bookmarkStart w:id="\d+" w:name="([^"]+)" />\s*'
    r'<w:p><w:pPr><w:pStyle w:val="Heading([12])" /></w:pPr>(.*?)</w:p>',
    re.DOTALL,
)
_WORDS = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_RULES = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="B4BCC2"/>' for side in ("top", "bottom", "insideH")
)


def write_docx(pages: list[Page], edition: Edition, pictures: Mapping[str, figures.Picture], out: Path) -> None:
    """Write the book as a Word file; figures are its PNG files where there are any.

    Headings, captions, testimonies, boxes and tables have styles of their own, so that changing a style changes the
    whole book; numbers of captions and references to them are fields, which follow when a figure goes or comes.

    Args:
        pages: the numbered chapters.
        edition: title, author, banner.
        pictures: image files by the address that chapters use.
        out: the .docx file.
    """
    with TemporaryDirectory(prefix=".docx-", dir=out.parent) as place:
        work = Path(place)
        bound = whole(pages, edition)
        shown = (image for node in nodes(bound) if is_example(node) for image in figures.images(node))
        small = frozenset(image["c"][2][0] for image in shown)
        pictures = {**pictures, **{name: vignette(pictures[name]) or pictures[name] for name in sorted(small)}}
        for picture in pictures.values():
            target = work / _place(picture)
            target.parent.mkdir(exist_ok=True)
            if _is_dots(picture):
                _light(picture, target)
            else:
                shutil.copyfile(picture.path, target)
        (work / "styles.docx").write_bytes(reference(breaks=not all(page.chapter.appendix for page in pages)))
        small |= {_place(pictures[name]) for name in small}  # a figure is met after its picture
        last: dict[str, int] = {}
        blocks = rewrite(bound, lambda node: _word(node, pictures, small, last))
        meta = {"title": edition.full_title, "subtitle": edition.subtitle, "author": edition.author,
                "date": str(edition.date.year), "lang": edition.lang,
                "toc-title": message("book_contents", edition.around)}  # fmt: skip
        arguments = ["--to", "docx", "--toc", "--toc-depth=2", f"--resource-path={work}", "--output=-"]
        arguments.append(f"--reference-doc={work / 'styles.docx'}")
        out.write_bytes(with_contents(pandoc.write(blocks, arguments, meta, epoch=edition.epoch)))


def _wide(picture: figures.Picture, most: float = _HEIGHT) -> float:
    """How wide a picture is set, in millimetres: no wider than the text, no higher than `most`, or than a page."""
    width, most = min(picture.width or _WIDTH, _WIDTH), _WHOLE if is_large(picture) else most
    return min(width, most * picture.width / picture.height) if picture.height else width


def _light(picture: figures.Picture, target: Path) -> None:
    """A picture with no more dots and colours than a draft on paper shows; a figure has no more to begin with."""
    content, width = picture.path.read_bytes(), picture.width if is_large(picture) else _wide(picture)
    if picture.path.suffix == ".svg":
        content = convert(content.decode(), ".png", int(_DOTS * width / (picture.width or width)))
    with Image.open(io.BytesIO(content)) as image:
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A") if "A" in image.getbands() else None)
        ground.thumbnail((round(width / 25.4 * _DOTS), ground.height), Image.Resampling.LANCZOS)
        ground.quantize(_COLOURS, dither=Image.Dither.NONE).save(target, "PNG")


def with_contents(document: bytes) -> bytes:
    """A Word file whose contents list its headings already; its reader's program adds the pages when it updates them.

    Pandoc leaves the field empty, and a program that does not update it on opening would show no contents.
    """
    given = zipfile.ZipFile(io.BytesIO(document))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for about in given.infolist():
            content = given.read(about)
            if about.filename == "word/document.xml":
                content = _listed(content.decode()).encode()
            made.writestr(about, content)
    return buffer.getvalue()


def _listed(document: str) -> str:
    """The document with a paragraph a heading inside its field of contents, and tables as wide as its text."""
    document = document.replace('<w:tblW w:type="auto" w:w="0" />', '<w:tblW w:type="pct" w:w="5000" />')
    entries = [
        f'<w:p><w:pPr><w:pStyle w:val="TOC{level}"/></w:pPr><w:hyperlink w:anchor="{name}"><w:r>'
        f'<w:t xml:space="preserve">{"".join(_WORDS.findall(words))}</w:t></w:r></w:hyperlink></w:p>'
        for name, level, words in _TITLED.findall(document)
    ]
    field = f"</w:r></w:p>{''.join(entries)}<w:p><w:r>"
    return _EMPTY.sub(lambda found: found[1] + field + found[2], document, count=1)


def reference(*, breaks: bool = True) -> bytes:
    """Pandoc's reference document with the styles of this house, on A4; the same bytes each time.

    `breaks` has every chapter start a page; those of a volume of appendices follow each other, set tighter,
    as in print.
    """
    given = zipfile.ZipFile(io.BytesIO(pandoc.pandoc(["--print-default-data-file", "reference.docx"])))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            content = given.read(name)
            if name == "word/styles.xml":
                content = _styled(content.decode(), breaks=breaks).encode()
            elif name == "word/document.xml":
                content = content.decode().replace("</w:sectPr>", _PAGE + "</w:sectPr>").encode()
            made.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue()


def _styled(styles: str, *, breaks: bool) -> str:
    for identifier, style in _styles(breaks=breaks).items():
        found = re.search(rf'<w:style\b[^>]*w:styleId="{identifier}"[^>]*>.*?</w:style>', styles, re.DOTALL)
        styles = styles.replace(found[0], style) if found else styles.replace("</w:styles>", f"{style}</w:styles>")
    size = 21 if breaks else 20
    body = f'{_faces(_SERIF)}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    found = re.search(r"<w:rPrDefault>\s*<w:rPr>(.*?)<w:lang\b", styles, re.DOTALL)
    return styles.replace(found[1], body, 1) if found else styles


def _faces(font: str) -> str:
    return f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}"/>'


def _styles(*, breaks: bool) -> dict[str, str]:
    found = {
        "Title": _style("Title", "Title", run=_run(_SERIF, 56, bold=True), space=(2400, 160)),
        "Subtitle": _style("Subtitle", "Subtitle", run=_run(_SANS, 28, _GREY), space=(0, 480)),
        "Author": _style("Author", "Author", run=_run(_SANS, 22), space=(0, 80)),
        "Date": _style("Date", "Date", run=_run(_SANS, 22, _GREY), space=(0, 80)),
        "BodyText": _style("BodyText", "Body Text", space=(60, 100), line=264 if breaks else 252),
        "TOCHeading": _style("TOCHeading", "TOC Heading", run=_run(_SANS, 32, bold=True), space=(0, 240), breaks=True),
        "TOC1": _style("TOC1", "toc 1", run=_run(_SANS, 21, bold=True), space=(120, 30)),
        "TOC2": _style("TOC2", "toc 2", run=_run(_SANS, 20), space=(0, 20)),
        "Caption": _style("Caption", "Caption", run=_run(_SANS, 18), space=(60, 240)),
        "TableCaption": _style("TableCaption", "Table Caption", "Caption", space=(240, 80), keep=True),
        "ImageCaption": _style("ImageCaption", "Image Caption", "Caption", space=(60, 280)),
        "Compact": _style("Compact", "Compact", run=_run(_SANS, 19), space=(30, 30)),
        "Temoignage": _style("Temoignage", "Témoignage", run="<w:i/>" + _run(_SERIF, 23), bar=_GREEN, space=(160, 60)),
        "TemoignageSignature": _style("TemoignageSignature", "Témoignage signature", run=_run(_SANS, 18, _GREY),
                                      bar=_GREEN, space=(0, 240)),
        "EncadreTitre": _style("EncadreTitre", "Encadré titre", run=_run(_SANS, 21, _BLUE, bold=True), bar=_BLUE,
                               space=(240, 60), keep=True),
        "Encadre": _style("Encadre", "Encadré", run=_run(_SERIF, 20), bar=_BLUE, space=(0, 100)),
        "Bandeau": _style("Bandeau", "Bandeau", run=_run(_SANS, 21, "A51C27", bold=True), space=(0, 240)),
        "Table": (
            '<w:style w:type="table" w:default="1" w:styleId="Table"><w:name w:val="Table"/>'
            f'<w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr><w:tblBorders>{_RULES}</w:tblBorders>'
            f'<w:tblCellMar><w:left w:w="80" w:type="dxa"/>'
            f'<w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>{_ROW}</w:style>'
        ),
    }  # fmt: skip
    sizes = ((1, 40, 0 if breaks else 600, 360), (2, 30, 480, 160), (3, 25, 360, 120), (4, 22, 280, 80),
             (5, 21, 240, 80), (6, 21, 240, 80))  # fmt: skip
    for level, size, before, after in sizes:
        found[f"Heading{level}"] = _style(
            f"Heading{level}", f"heading {level}", run=_run(_SANS, size, bold=True), space=(before, after),
            keep=True, breaks=breaks and level == 1, outline=level - 1,
        )  # fmt: skip
    return found


def _style(
    identifier: str,
    name: str,
    based: str = "Normal",
    *,
    run: str = "",
    space: tuple[int, int] = (0, 0),
    line: int | None = None,
    bar: str = "",
    keep: bool = False,
    breaks: bool = False,
    outline: int | None = None,
) -> str:
    parts = ["<w:keepNext/><w:keepLines/>" if keep else "", "<w:pageBreakBefore/>" if breaks else ""]
    parts.append(_BAR.format(colour=bar) if bar else "")
    height = f' w:line="{line}" w:lineRule="auto"' if line else ""
    parts.append(f'<w:spacing w:before="{space[0]}" w:after="{space[1]}"{height}/>')
    parts.append('<w:ind w:left="284"/>' if bar else "")
    parts.append(f'<w:outlineLvl w:val="{outline}"/>' if outline is not None else "")
    return (
        f'<w:style w:type="paragraph" w:styleId="{identifier}"><w:name w:val="{name}"/><w:basedOn w:val="{based}"/>'
        f"<w:qFormat/><w:pPr>{''.join(parts)}</w:pPr>{f'<w:rPr>{run}</w:rPr>' if run else ''}</w:style>"
    )


def _run(font: str, size: int, colour: str = "", *, bold: bool = False) -> str:
    """Run properties in the order that the format's schema asks."""
    colours = f'<w:color w:val="{colour}"/>' if colour else ""
    weight = "<w:b/>" if bold else ""
    return f'{_faces(font)}{weight}{colours}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'


def _word(
    node: Node, pictures: Mapping[str, figures.Picture], small: frozenset[str], last: dict[str, int]
) -> list[Node] | None:
    if node["t"] == "Header":
        level, attributes, inlines = numbered_heading(node)["c"]
        if number := value_of(node["c"][1], NUMBER):
            run = f"<w:r><w:t>{number}</w:t></w:r>"
            inlines = [raw_inline("openxml", _bookmarked(attributes[0], run)), *inlines[1:]]
        leaf = [raw("openxml", _LEAF)] if OWN_PAGE in attributes[1] else []
        return [*leaf, {"t": "Header", "c": [level, attributes, inlines]}]
    if node["t"] == "Table":
        node = {**node, "c": [*node["c"][:2], _columns(*node["c"][2:5]), *node["c"][3:]]}
    if node["t"] in ("Figure", "Table"):
        made_up = any(image["c"][2][0] in small for image in figures.images(node))
        return _captioned(node, last, f"{message('synthetic')}." if made_up else "") or [node]
    if node["t"] == "Link" and "renvoi" in node["c"][0][1] and node["c"][2][0].startswith("#"):
        return _referring(node)
    if node["t"] == "Image":
        picture = pictures[node["c"][2][0]]
        width = _wide(picture, _EXAMPLE if node["c"][2][0] in small else _HEIGHT)
        return [figures.with_alt(node, _place(picture), width=f"{width:.1f}mm")]
    if sheet_mark(node):
        return []
    if found := callout(node):
        _, title, blocks = found
        return [_named("Encadré titre", [para([text(title)])]), _named("Encadré", blocks)]
    if said := testimony(node):
        blocks, signature = said
        end = [_named("Témoignage signature", [para(signature)])] if signature else []
        return [_named("Témoignage", blocks), *end]
    if node["t"] == "Div" and "bandeau" in node["c"][0][1]:
        return [_named("Bandeau", node["c"][1])]
    return list(node["c"][1]) if node["t"] == "Cite" else None


def _columns(specs: list[Any], head: list[Any], bodies: list[Any]) -> list[Any]:
    """Columns as wide as their longest word, and the rest of the line shared by what else they have to say."""
    parts = [head[1], *(rows for body in bodies for rows in body[2:4])]
    said = [[plain(cell[4]) for cell in row[1]] for rows in parts for row in rows]
    columns = list(zip(*(row for row in said if len(row) == len(specs)), strict=True))
    if not columns:
        return specs
    least = [_BOLD * max(len(word) for cell in column for word in re.split("[ \n]", cell)) + 2 for column in columns]
    more = [max(min(max(map(len, column)), _SIGNS) - short, 0) for column, short in zip(columns, least, strict=True)]
    spare = max(_SIGNS - sum(least), 0) / (sum(more) or 1)
    wide = [short + spare * extra for short, extra in zip(least, more, strict=True)]
    return [[spec[0], {"t": "ColWidth", "c": one / sum(wide)}] for spec, one in zip(specs, wide, strict=True)]


def _captioned(node: Node, last: dict[str, int], mark: str) -> list[Node] | None:
    """A figure or table whose number counts itself, and its mark; the field restarts where numbers were passed over."""
    caption = node["c"][1][1]
    words = caption[0]["c"] if caption else []
    found = re.fullmatch(r"(\D+)(\d+)\.", plain(words[:1])) if words and words[0]["t"] == "Span" else None
    if found is None:
        return None
    name, number = found[1].strip(), int(found[2])
    restart = "" if last.get(name, 0) + 1 == number else f" \\r {number}"
    last[name] = number
    counting = _field(f"SEQ {name} \\* ARABIC{restart}", str(number))
    label = f'<w:r><w:t xml:space="preserve">{found[1]}</w:t></w:r>{_bookmarked(node["c"][0][0], counting)}'
    said = [SPACE, {"t": "Strong", "c": [text(mark)]}] if mark else []
    first = {**caption[0], "c": [raw_inline("openxml", label), text("."), *said, *words[1:]]}
    return [{**node, "c": [node["c"][0], [None, [first, *caption[1:]]], *node["c"][2:]]}]


def _referring(node: Node) -> list[Node] | None:
    """A reference whose number is read from where it points; one to a title stays a link."""
    word, space, number = plain(node["c"][1]).rpartition("\u00a0")
    if not re.fullmatch(r"[A-Z0-9.]+", number):
        return None
    field = _field(f"REF {_mark(node['c'][2][0][1:])} \\h", number)
    return [*([text(word + space)] if word else []), raw_inline("openxml", field)]


def _field(code: str, shown: str) -> str:
    return f'<w:fldSimple w:instr=" {code} "><w:r><w:t>{shown}</w:t></w:r></w:fldSimple>'


def _mark(identifier: str) -> str:
    """The hidden bookmark of a number, named as word processors name theirs."""
    return f"_Ref{zlib.crc32(identifier.encode())}"


def _bookmarked(identifier: str, runs: str) -> str:
    mark = _mark(identifier)
    number = mark.removeprefix("_Ref")[:9]
    return f'<w:bookmarkStart w:id="{number}" w:name="{mark}"/>{runs}<w:bookmarkEnd w:id="{number}"/>'


def _named(style: str, blocks: list[Node]) -> Node:
    return div(blocks, attr("", [], **{"custom-style": style}))


def _place(picture: figures.Picture) -> str:
    return picture.place.removesuffix(".svg") + ".png" if _is_dots(picture) else picture.place


def _is_dots(picture: figures.Picture) -> bool:
    """Whether it is shown as a PNG: it is one, or there is one of it, or it is an example of the gallery."""
    return picture.path.name.endswith(VIGNETTE) or picture.path.with_suffix(".png").is_file()
