"""The printed gallery: examples of a convention beside each other, each drawing at its own size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clss_analysis.publish import figures
from clss_analysis.publish.blocks import is_example
from clss_analysis.publish.crossref import numbered
from clss_analysis.publish.fonts import typst_text
from clss_analysis.publish.tree import SPACE, Node, para, plain, raw, raw_inline
from clss_analysis.records.escape import typst as typst_string
from clss_analysis.records.vocabulary import message
from clss_analysis.runs.gallery import VIGNETTE

_WIDE, _GUTTER = 160.0, 6.0  # millimetres: the width of the page's text, and between two examples
_BESIDE = 104.0  # the widest drawing that leaves room for words beside it


@dataclass(frozen=True)
class _Example:
    """An example that is to be placed: how wide its drawing is, its heading, and the division below it."""

    width: float
    head: Node
    block: Node


def vignette(picture: figures.Picture) -> figures.Picture | None:
    """The drawing of a figure without title and legend, where its run left one."""
    path = picture.path.with_name(picture.path.stem + VIGNETTE)
    if not path.is_file():
        return None
    width, height = figures.svg_size(path)
    return figures.Picture(path, f"{figures.FOLDER}/{path.name}", width, height, picture.title)


def examples(blocks: list[Node], pictures: Mapping[str, figures.Picture]) -> list[Node]:
    """Blocks in which examples that follow each other stand in rows, as many abreast as have room.

    An example is a heading with a division of class `exemple` below it: a sentence and a figure.  A heading over a
    group of them is left out, so that the rows of all groups fill their pages, and theirs take its level.
    """
    small = [_small(block, pictures) for block in [*blocks[1:], *blocks[:1]]]
    opens = [block["t"] == "Header" and below is not None for block, below in zip(blocks, small, strict=True)]
    result: list[Node] = []
    waiting: list[_Example] = []
    level = 0
    for index, block in enumerate(blocks):
        group = block["t"] == "Header" and opens[index + 1 : index + 2] == [True] and not opens[index]
        below = small[index] if opens[index] else None
        if below is not None:
            head = {"t": "Header", "c": [level + 1, *block["c"][1:]]}
            waiting.append(_Example(below.width, head, blocks[index + 1]))
        elif not (index and opens[index - 1]) and not (group and waiting):
            result = [*_with_rows(result, waiting, pictures), *([] if group else [block])]
            waiting = []
            level = block["c"][0] if block["t"] == "Header" and not group else level
    return _with_rows(result, waiting, pictures)


def _small(block: Node, pictures: Mapping[str, figures.Picture]) -> figures.Picture | None:
    images = figures.images(block) if is_example(block) else []
    return vignette(pictures[images[0]["c"][2][0]]) if len(images) == 1 else None


def _with_rows(before: list[Node], found: list[_Example], pictures: Mapping[str, figures.Picture]) -> list[Node]:
    """What stands before, and the examples in rows; a heading right above goes where the first of them goes."""
    rows = _rows(found)
    if not rows:
        return before
    heads = before[-1:] if before and before[-1]["t"] == "Header" else []
    inner = [node for row in rows for node in _row(row, pictures)]
    opened = [raw("typst", "#galerie(["), *heads, raw("typst", "], (")]
    return [*before[: len(before) - len(heads)], *opened, *inner, raw("typst", "))")]


def _rows(found: list[_Example]) -> list[list[_Example]]:
    """The examples in rows, in their order, so that their numbers follow one another."""
    rows: list[list[_Example]] = []
    for example in found:
        if rows and _length([*rows[-1], example]) <= _WIDE:
            rows[-1].append(example)
        else:
            rows.append([example])
    return rows


def _length(row: list[_Example]) -> float:
    return sum(example.width for example in row) + _GUTTER * (len(row) - 1)


def _row(row: list[_Example], pictures: Mapping[str, figures.Picture]) -> list[Node]:
    spare = (_WIDE - _length(row)) / len(row)
    beside = len(row) == 1 and row[0].width <= _BESIDE
    columns = ", ".join(f"{example.width + (0 if beside else spare):.3f}mm" for example in row)
    result: list[Node] = [raw("typst", f"exemples(({columns},), {str(beside).lower()}, (")]
    for example in row:
        result += [raw("typst", "(["), example.head, raw("typst", "], ["), *_drawn(example, pictures)]
        result.append(raw("typst", "]),"))
    return [*result, raw("typst", ")),")]


def _drawn(example: _Example, pictures: Mapping[str, figures.Picture]) -> list[Node]:
    """The figure of an example, listed by its heading; a sentence that stood with it is its caption."""
    figure = next(inner for inner in example.block["c"][1] if inner["t"] == "Figure")
    words = [inner for inner in example.block["c"][1] if inner is not figure]
    (image,) = figures.images(figure)
    picture = pictures[image["c"][2][0]]
    small = vignette(picture) or picture
    caption = figure["c"][1][1][0]["c"] if figure["c"][1][1] else []
    sign, _ = numbered(caption)
    if len(words) == 1 and words[0]["t"] == "Para":
        caption = [*caption[:1], SPACE, *words[0]["c"]] if sign else words[0]["c"]
        words = []
    call = (
        f"#vignette({typst_string(small.place)}, {typst_string(figures.alt(image))}, "
        f"{small.width:.3f}mm, {small.height:.3f}mm, {typst_string(sign)}, "
        f"{typst_text(plain(example.head['c'][2]))}, {typst_text(message('synthetic'))}, ["
    )
    identifier = figure["c"][0][0]
    label = f"]) #label({typst_string(identifier)})" if identifier else "])"
    return [para([raw_inline("typst", call), *caption, raw_inline("typst", label)]), *words]
