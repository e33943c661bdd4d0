"""How things look: the one place where colours, line widths, dashes and faces are said.

Colours keep their meaning in every figure: black for those who live together, green for those who work together,
blue, orange and red for the directions of their links (after the sociogénogramme of the clinique de concertation,
J.-M. Lemaire).  No meaning hangs on colour alone: each kind of link has its own dash as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from clss_analysis.palette import BLUE, FAINT, GREEN, GREY, INK, ORANGE, PALE, PAPER, PLUM, RED, RULE, SLATE, TINT_GREEN

DOT = (0.1, 2.0)
"""A dash that is a dot, and the gap after it, in multiples of the width."""


@dataclass(frozen=True)
class Look:
    """Fill and stroke of a role; widths in points, dashes in multiples of the width, distances in millimetres.

    `inner` is the inset of a second outline, `cross` strikes the shape through, `halo` is white beside a line (points)
    so that crossings read, `over` puts a mark above the lines, `scale` is the size of arrow heads.
    """

    face: str | None = None
    edge: str | None = None
    width: float = 0.8
    dash: tuple[float, ...] = ()
    corner: float = 0.0
    shape: str = "rect"
    head: bool = False
    tail: bool = False
    inner: float = 0.0
    cross: bool = False
    halo: float = 0.0
    over: bool = False
    scale: float = 1.0

    @property
    def dotted(self) -> bool:
        """Whether its dashes are dots, which are round."""
        return self.dash[:1] == DOT[:1]


LOOKS: dict[str, Look] = {
    # boards: relevance tree, criteria grid, trajectory
    "banner": Look(face=RED),
    "band": Look(face=PALE, corner=1.2),
    "aim": Look(face=SLATE, corner=1.0),
    "objective": Look(face=PALE, corner=1.0),
    "action": Look(face=PAPER, edge=RULE, width=0.6, corner=1.0),
    "means": Look(face=PAPER, corner=1.0),
    "branch": Look(edge=GREY, width=0.8),
    "branch-shared": Look(edge=PLUM, width=1.0, dash=(3.2, 1.6)),
    "progress-all": Look(edge=RULE, width=2.6, over=True),
    "progress": Look(edge=SLATE, width=2.6, over=True),
    "strong-rule": Look(edge=INK, width=0.9),
    "cell": Look(),
    "met-yes": Look(face=SLATE, edge=SLATE, width=0.8, shape="ellipse"),
    "met-no": Look(face=PAPER, edge=INK, width=0.8, shape="ellipse"),
    "bar": Look(face=SLATE, corner=0.6),
    "bar-open": Look(face=FAINT, corner=0.6),
    "quote-bar": Look(edge=SLATE, width=1.6),
    "number": Look(face=SLATE, shape="ellipse"),
    "step": Look(face=PALE, corner=1.0),
    "decision": Look(face=PAPER, edge=SLATE, width=1.1, corner=1.0),
    "leaving": Look(face=PAPER, edge=RULE, width=0.6, dash=(3.0, 2.0), corner=1.0),
    "end": Look(face=PAPER, edge=SLATE, width=0.8, corner=1.0),
    "flow": Look(edge=SLATE, width=0.9, head=True),
    "hairline": Look(edge=RULE, width=0.4),
    "guide": Look(edge=PALE, width=1.2),
    "axis": Look(edge=GREY, width=0.8),
    "axis-order": Look(edge=GREY, width=0.8, dash=(1.0, 2.4)),
    "tick": Look(edge=GREY, width=0.8),
    "course": Look(edge=SLATE, width=1.3),
    "stage-threat": Look(face=PLUM, edge=PLUM, width=0.9, shape="diamond"),
    "stage-legal": Look(face=SLATE, edge=SLATE, width=0.9),
    "stage-voice": Look(face=PAPER, edge=SLATE, width=1.1, shape="triangle"),
    "stage-support": Look(face=PAPER, edge=SLATE, width=1.1, shape="ellipse"),
    "stage-life": Look(face=SLATE, edge=SLATE, width=0.9, shape="ellipse"),
    "stage-home": Look(face=SLATE, edge=SLATE, width=0.9, shape="house"),
    "met-unknown": Look(face=PAPER, edge=GREY, width=0.8, dash=(2.0, 1.6), shape="ellipse"),
    "page": Look(face=PAPER),
    "rule": Look(edge=RULE, width=0.6),
    "legend": Look(face=PAPER, edge=RULE, width=0.6, corner=1.2),
}

_OUTLINES = {"square": "rect", "circle": "ellipse", "diamond": "diamond", "triangle": "triangle"}
_PLACES: tuple[tuple[str, float, tuple[float, ...]], ...] = (
    ("person", 1.3, ()),
    ("hosted", 1.3, (2.4, 1.6)),
    ("elsewhere", 0.7, ()),
)
for _shape, _outline in _OUTLINES.items():
    for _place, _width, _dash in _PLACES:
        for _index in (False, True):
            for _cross in (False, True):
                LOOKS[f"{_place}-{_shape}{'-index' * _index}{'-cross' * _cross}"] = Look(
                    face=PAPER,
                    edge=INK,
                    width=_width,
                    dash=_dash,
                    shape=_outline,
                    inner=0.9 * _index,
                    cross=_cross,
                )

LOOKS |= {
    # sociogenogram: the household and its family lines
    "household": Look(face="#faf9f6", edge=INK, width=1.0, dash=(5.0, 3.0), corner=3.0),
    "hosted-family": Look(edge=INK, width=0.7, dash=(2.4, 1.6)),
    "unit": Look(edge=INK, width=0.7, dash=(2.4, 1.6)),
    "roof": Look(edge=GREY, width=1.4),
    "bay": Look(face=PAPER),
    "bay-edge": Look(edge=INK, width=1.0, dash=(5.0, 3.0)),
    "couple-married": Look(edge=INK, width=1.1),
    "couple-unmarried": Look(edge=INK, width=1.1, dash=(3.0, 2.0)),
    "couple-married-again": Look(edge=INK, width=1.1),
    "couple-unmarried-again": Look(edge=INK, width=1.1, dash=(3.0, 2.0)),
    "couple-separated": Look(edge=INK, width=1.1),
    "couple-divorced": Look(edge=INK, width=1.1),
    "couple-unknown": Look(edge=GREY, width=0.8, dash=(6.0, 1.6, 1.0, 1.6)),
    "couple-kin": Look(edge=INK, width=1.1),
    "twin-bar": Look(edge=INK, width=1.1),
    "couple-slash": Look(edge=INK, width=1.1, over=True),
    "descent": Look(edge=INK, width=0.9),
    "descent-chosen": Look(edge=INK, width=0.9, dash=(3.0, 2.0)),
    "descent-step": Look(edge=INK, width=0.9, dash=(1.0, 2.0)),
    "descent-chosen-ended": Look(edge=INK, width=0.9, dash=(3.0, 2.0)),
    "descent-step-ended": Look(edge=INK, width=0.9, dash=(1.0, 2.0)),
    # services and other persons
    "service": Look(face=PAPER, edge=GREEN, width=1.2, corner=0.8),
    "professional": Look(face=PAPER, edge=GREEN, width=1.2, corner=4.2),
    "other": Look(face=PAPER, edge=GREY, width=0.7, shape="diamond"),
    "institution": Look(face=TINT_GREEN, corner=1.6),
    "legend-age": Look(face=PAPER, edge=INK, width=0.8, shape="ellipse"),
}
_KINDS: dict[str, tuple[str, tuple[float, ...]]] = {
    "living": (BLUE, ()),
    "helps": (ORANGE, (5.0, 1.8)),
    "calls": (RED, (6.0, 1.8, 1.4, 1.8)),
    "working": (GREEN, (2.2, 1.3)),
    "other": (GREY, (1.2, 1.6, 1.2, 1.6, 10.0, 1.6)),
    "unknown-living": (BLUE, DOT),
    "unknown-working": (GREEN, DOT),
    "unknown-mixed": (GREY, DOT),
}
_QUALITIES = {"": 1.15, "_strong": 2.1, "_weak": 0.65, "_tense": 1.15, "_broken": 1.15, "_mixed": 1.15}
_QUALITIES |= {f"{_strong}{_crossed}": _QUALITIES[_strong] for _strong in ("_strong", "_weak")
               for _crossed in ("-tense", "-broken")}  # fmt: skip


def _pale(colour: str) -> str:
    """The colour half way to paper."""
    return "#" + "".join(f"{(int(colour[i : i + 2], 16) + 255) // 2:02x}" for i in (1, 3, 5))


def _arrow(kind: str, both: str, width: float, halo: float, scale: float = 1.0) -> Look:
    """An arrow of a kind, with a head at its tail too where it is `-both`; an unknown direction has none."""
    colour, dash = _KINDS[kind]
    head = not kind.startswith("unknown")
    return Look(edge=colour, width=width, dash=dash, head=head, tail=bool(both), halo=halo, scale=scale)


for _kind, (_colour, _) in _KINDS.items():
    for _quality, _width in _QUALITIES.items():
        for _both in ("", "-both"):
            _look = _arrow(_kind, _both, width=_width, halo=2.2)
            LOOKS[f"tie-{_kind}{_both}{_quality}"] = _look
            _undated = f"{_quality}-undated" if _quality else "_undated"
            LOOKS[f"tie-{_kind}{_both}{_undated}"] = replace(_look, edge=_pale(_colour))
    LOOKS[f"tie-{_kind}_strokes"] = Look(edge=_colour, width=0.8, over=True)
for _quality, _width in _QUALITIES.items():
    LOOKS[f"sample{_quality}"] = Look(edge=GREY, width=_width)
LOOKS["sample_undated"] = Look(edge=_pale(GREY), width=1.15)
LOOKS["sample_strokes"] = Look(edge=GREY, width=0.8, over=True)

_CLASSES = ((0.6, 0.62), (1.1, 0.78), (1.9, 1.0), (3.2, 1.5))
"""Width in points and size of the head, by rank of how many households a line stands for."""
for _rank, (_width, _scale) in enumerate(_CLASSES, start=1):
    for _kind in _KINDS:
        for _both in ("", "-both"):
            LOOKS[f"mega-{_kind}{_both}-{_rank}"] = _arrow(_kind, _both, width=_width, halo=0.9, scale=_scale)
    LOOKS[f"mega-sample-{_rank}"] = Look(edge=GREY, width=_width)
LOOKS["mega-sector"] = Look(edge=PALE, width=11.0)
LOOKS["mega-institution"] = Look(edge="#cbe3d3", width=11.0)

# series of months: all of a sociogenogram made smaller, what came heavier, what went as a grey dashed ghost
_SERIES = ("person-", "hosted-", "elsewhere-", "household", "bay", "couple-", "descent", "tie-")
_SMALL = {name for name in LOOKS if name.startswith(_SERIES)} | {"service", "professional", "other", "institution"}
for _name in sorted(_SMALL):
    _look = LOOKS[_name]
    _less = replace(
        _look,
        width=0.62 * _look.width,
        corner=0.46 * _look.corner,
        inner=0.5 * _look.inner,
        halo=0.5 * _look.halo,
        scale=0.56 * _look.scale,
    )
    LOOKS[f"small-{_name}"] = _less
    LOOKS[f"came-{_name}"] = replace(_less, width=1.7 * _less.width)
    LOOKS[f"went-{_name}"] = replace(
        _less, edge=_look.edge and FAINT, width=0.6, dash=(1.6, 1.6), face=_look.face and PAPER, cross=False
    )
LOOKS["plus-disc"] = Look(face=INK, shape="ellipse", over=True)
LOOKS["plus"] = Look(edge=PAPER, width=0.8, over=True)

INK_OF_TEXT: dict[str, str] = {
    "text": INK,
    "title": INK,
    "muted": GREY,
    "inverse": PAPER,
    "working": "#10552a",
    "faint": FAINT,
}
