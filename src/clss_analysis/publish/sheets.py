"""Household sheets, landscape and large pages: what has pages of its own in print comes when its section is over."""

from __future__ import annotations

import re
from collections.abc import Mapping

from clss_analysis.publish import figures
from clss_analysis.publish.blocks import SHEET_END, SHEET_START, sheet_mark
from clss_analysis.publish.fonts import typst_text
from clss_analysis.publish.segments import SEGMENT, SEGMENT_END
from clss_analysis.publish.tree import Node, plain, raw

_WIDEST = 170.0  # millimetres that a portrait page holds; a wider drawing gets a landscape one
_PAGE, _TURNED = (160.0, 229.0), (247.0, 142.0)  # millimetres by which a page of the theme holds a picture
_LEAST = 0.9  # of its size: smaller, a text of 7 points is not read on paper
_SECTION = 2  # level of a heading that begins a section of its own


def is_large(picture: figures.Picture) -> bool:
    """Whether a picture is not read on a page of the book, upright or turned."""
    width, height = picture.width, picture.height
    return all(width * _LEAST > room or height * _LEAST > high for room, high in (_PAGE, _TURNED))


def is_plate(picture: figures.Picture) -> bool:
    """Whether a picture gets a page of its own: a landscape one, or one as large as it needs where A4 is too small."""
    return is_large(picture) or (picture.width > _WIDEST and picture.width > picture.height)


def own_pages(blocks: list[Node], pictures: Mapping[str, figures.Picture]) -> list[Node]:
    """Blocks in which what has pages of its own lets the text before it fill its page.

    Household sheets end their chapter, landscape pages their section or follow the sheet that they were in.
    """
    result: list[Node] = []
    sheets: list[Node] = []
    plates: list[Node] = []
    inside = False
    for block in blocks:
        mark = sheet_mark(block)
        images = figures.images(block["c"][2]) if block["t"] == "Figure" else []
        if len(images) == 1 and is_plate(pictures[images[0]["c"][2][0]]):
            plates.append(block)
            continue
        ends = inside and mark == SHEET_END
        if not ends and (mark or (not inside and block["t"] == "Header" and block["c"][0] <= _SECTION)):
            (sheets if inside else result).extend(plates)
            plates = []
        inside = inside or mark == SHEET_START
        (sheets if inside else result).append(block)
        if ends:  # a page of its own cannot stand among questions that are packed
            sheets.extend(plates)
            plates, inside = [], False
    return result + plates + sheets


def sheets(blocks: list[Node]) -> list[Node]:
    """Blocks in which what stands between two sheet marks is a household's sheet."""
    result: list[Node] = []
    sheet: list[Node] | None = None
    for block in blocks:
        mark = sheet_mark(block)
        if mark == SHEET_START:
            sheet = []
        elif mark == SHEET_END and sheet is not None:
            follows = result[-1:] == [raw("typst", SEGMENT)]
            result += [raw("typst", SEGMENT_END), *_sheet(sheet, follows=follows), raw("typst", SEGMENT)]
            sheet = None
        elif mark is None:
            (result if sheet is None else sheet).append(block)
    return result


def _sheet(blocks: list[Node], *, follows: bool) -> list[Node]:
    """The sheet as its name, who lives there, and its questions, which the page arranges so that none is cut.

    Its name is a heading like that of a section, whatever level it has on screens, since it ends its chapter.  A
    question that words alone answer has its heading in the margin; one that nothing answers is left out, and the
    first has none where nothing stands between it and the name.  What `follows` another may share its last page.
    """
    heads = [index for index, block in enumerate(blocks) if block["t"] == "Header"]
    if not heads or heads[0]:
        return blocks
    name = re.split(r"[\u202f\u00a0 ]: ", plain(blocks[0]["c"][2]))[-1]
    down = blocks[0]["c"][0] - _SECTION
    blocks = [
        {"t": "Header", "c": [block["c"][0] - down, *block["c"][1:]]} if block["t"] == "Header" else block
        for block in blocks
    ]
    result: list[Node] = []
    for start, end in zip(heads, [*heads[1:], len(blocks)], strict=True):
        head, body = blocks[start], blocks[start + 1 : end]
        if start == 0:
            call = f"#fiche({typst_text(name)}, {'true' if follows else 'false'}, ["
            result += [raw("typst", call), head, *body, raw("typst", "], (")]
        elif body and all(block["t"] in ("Para", "Plain", "BlockQuote") for block in body):
            result += [raw("typst", "en-marge(["), head, raw("typst", "], ["), *body, raw("typst", "]),")]
        elif body:
            bare = start == 1
            result += [raw("typst", "["), *([] if bare else [head]), *body, raw("typst", "],")]
    return [*result, raw("typst", "))")]
