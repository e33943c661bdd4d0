"""The pictures of a pack: figures of the house set on a square and on a 16:9 board, with title, source line and alt."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from clss_analysis.publish.brief.facts import Facts
from clss_analysis.publish.brief.pages import Sheets
from clss_analysis.publish.brief.story import Story
from clss_analysis.publish.figures import clean_svg
from clss_analysis.records import Case, Records, Row
from clss_analysis.runs.tellable import tellable

SHAPES = {"square": (200.0, 200.0), "wide": (320.0, 180.0)}
ENDINGS = ("svg", "pdf", "png")


@dataclass(frozen=True)
class Picture:
    """A figure of the house: its drawing as SVG, its size in millimetres, and what it says of itself."""

    id: str
    kind: str
    case: str | None
    svg: bytes
    width: float
    height: float
    title: str
    source: str
    alt: str
    rows: tuple[Row, ...]


def draw_pictures(facts: Facts, case: Case, records: Records) -> tuple[Picture, ...]:
    """Draw the theme's figures through the gate.

    Args:
        facts: the theme and who may be told; faults are remembered there.
        case: the household, its texts in the language of the pack.
        records: the dataset, likewise.

    Returns:
        The pictures; one the records do not fill is a fault of the theme, one of a household a missing picture.
    """
    from clss_analysis.figures import KINDS, save
    from clss_analysis.layout.page import NothingToDrawError

    pictures = []
    for kind in facts.theme.figures:
        if kind not in KINDS:
            facts.fault("figures", "kind", allowed=", ".join(sorted(KINDS)))
            continue
        what: Records = case if KINDS[kind].per_case else records if KINDS[kind].counts else tellable(records)
        try:
            drawing = KINDS[kind].draw(what, lang=facts.lang)
        except NothingToDrawError:
            if not KINDS[kind].per_case:
                facts.fault("figures", "nothing_to_draw", kind=kind)
            continue
        layout = drawing.geometry
        with tempfile.TemporaryDirectory() as made:
            svg = save(drawing, Path(made) / "drawing.svg", facts.cleared).read_text(encoding="utf-8")
        pictures.append(
            Picture(
                id=f"{layout.case}-{kind}" if layout.case else kind,
                kind=kind,
                case=layout.case,
                svg=clean_svg(svg).encode(),
                width=layout.width,
                height=layout.height,
                title=layout.title,
                source=layout.source,
                alt=layout.alt,
                rows=layout.rows,
            )
        )
    facts.stop_if_faulty()
    return tuple(pictures)


def picture_files(picture: Picture, story: Story, epoch: int) -> dict[str, bytes]:
    """The files of one picture by their name: SVG, PDF and PNG of each shape, and a sidecar that says what it is."""
    files: dict[str, bytes] = {}
    for shape, (width, height) in SHAPES.items():
        content = {
            "title": picture.title,
            "source": picture.source,
            "alt": picture.alt,
            "lang": story.lang,
            "region": "GB" if story.lang == "en" else "BE",
            "width": width,
            "height": height,
            "picture": {"width": picture.width, "height": picture.height},
        }
        with Sheets("planche.typ", epoch, {"dessin.svg": picture.svg}) as sheets:
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
