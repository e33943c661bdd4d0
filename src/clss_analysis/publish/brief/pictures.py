"""The pictures of a pack: figures of the house set on a square and on a 16:9 board, with title, source line and alt."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clss_analysis.publish.brief.facts import Facts
from clss_analysis.publish.brief.pages import Sheets
from clss_analysis.publish.brief.story import Story
from clss_analysis.publish.figures import clean_svg
from clss_analysis.records import Case, Records, Row, typography
from clss_analysis.runs.tellable import tellable

if TYPE_CHECKING:
    from clss_analysis.figures import Drawing

SHAPES = {"square": (200.0, 200.0), "wide": (338.67, 190.5)}
ENDINGS = ("svg", "pdf", "png")
EDGE = 5.0  # millimetres of paper that printers leave white around a picture
_WIDTHS = range(160, 321, 20)


@dataclass(frozen=True)
class Board:
    """A drawing as SVG and its size in millimetres, for one shape."""

    svg: bytes
    width: float
    height: float


@dataclass(frozen=True)
class Picture:
    """A figure of the house: its drawing for each shape, and what it says of itself."""

    id: str
    kind: str
    case: str | None
    boards: Mapping[str, Board]
    title: str
    source: str
    alt: str
    rows: tuple[Row, ...]


def draw_pictures(facts: Facts, case: Case | None, records: Records) -> tuple[Picture, ...]:
    """Draw the theme's figures through the gate.

    Args:
        facts: the theme and who may be told; faults are remembered there.
        case: the household, its texts in the language of the pack; None where nobody may be told.
        records: the dataset, likewise.

    Returns:
        The pictures; one the records do not fill is a fault of the theme, one of a household a missing picture.
    """
    from clss_analysis.figures import KINDS
    from clss_analysis.layout.page import NothingToDrawError

    pictures = []
    for kind in facts.theme.figures:
        if kind not in KINDS:
            facts.fault("figures", "kind", allowed=", ".join(sorted(KINDS)))
            continue
        about = KINDS[kind].about
        if case is None and not about.counts:
            continue
        what: Records = case if case and about.per_case else records if about.counts else tellable(records)
        try:
            drawing = KINDS[kind].draw(what, lang=facts.lang, **_square(kind))
            broad = KINDS[kind].draw(what, lang=facts.lang, **_broad(kind, what, facts.lang))
        except NothingToDrawError:
            if not about.per_case:
                facts.fault("figures", "nothing_to_draw", kind=kind)
            continue
        layout = drawing.geometry
        pictures.append(
            Picture(
                id=f"{layout.case}-{kind}" if layout.case else kind,
                kind=kind,
                case=layout.case,
                boards={"square": _board(drawing, facts), "wide": _board(broad, facts)},
                title=layout.title,
                source=layout.source,
                alt=layout.alt,
                rows=layout.rows,
            )
        )
    facts.stop_if_faulty()
    return tuple(pictures)


def _square(kind: str) -> dict[str, Any]:
    return {"numbers": False} if kind == "sociogenogram" else {}  # a board has no table beside it


def _broad(kind: str, what: Records, lang: str) -> dict[str, Any]:
    """What makes a figure fill a 16:9 board, where its kind knows how: the course at the width of its largest type."""
    from clss_analysis.layout.kinds.trajectory import lay_out

    if kind == "sociogenogram":
        return {"page": "16:9", "numbers": False}
    if kind != "trajectory" or not isinstance(what, Case):
        return {}
    told = what.in_language(lang)
    sizes = ((float(width), lay_out(told, width=width).height) for width in _WIDTHS)
    return {"width": max((_scale("wide", *size), size[0]) for size in sizes)[1]}


def _scale(shape: str, width: float, height: float) -> float:
    """How much a drawing is enlarged on a board."""
    return min((SHAPES[shape][0] - 2 * EDGE) / width, (SHAPES[shape][1] - 2 * EDGE) / height)


def _board(drawing: Drawing, facts: Facts) -> Board:
    from clss_analysis.figures import save

    with tempfile.TemporaryDirectory() as made:
        svg = save(drawing, Path(made) / "drawing.svg", facts.cleared).read_text(encoding="utf-8")
    return Board(clean_svg(svg).encode(), drawing.geometry.width, drawing.geometry.height)


def picture_files(picture: Picture, story: Story, epoch: int) -> dict[str, bytes]:
    """The files of one picture by their name: SVG, PDF and PNG of each shape, and a sidecar that says what it is."""
    files: dict[str, bytes] = {}
    for shape, board in picture.boards.items():
        width, height = SHAPES[shape]
        whole = board.width == width  # a sheet of its own, with its own margins
        content = {
            "title": picture.title,
            "source": picture.source,
            "alt": picture.alt,
            "lang": story.lang,
            "region": typography.region(story.lang),
            "width": width,
            "height": height,
            "margin": 0 if whole else EDGE,
            "picture": {"width": board.width, "height": board.height},
        }
        with Sheets("planche.typ", epoch, {"dessin.svg": board.svg}) as sheets:
            for ending in ENDINGS:
                files[f"{picture.id}-{shape}.{ending}"] = sheets.picture(content, ending)
    about = {
        "id": picture.id,
        "kind": picture.kind,
        "case": picture.case,
        "lang": story.lang,
        "title": picture.title,
        "source": picture.source,
        "alt": picture.alt,
        "rows": [{"table": row.table, "row": row.row} for row in picture.rows],
        "files": sorted(files),
    }
    files[f"{picture.id}.json"] = (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode()
    return files
