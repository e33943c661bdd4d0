"""Kinds of arrows and roles stay apart for eyes that see fewer colours, and on a black-and-white printer.

Colour-vision deficiencies are simulated with the matrices of Machado, Oliveira and Fernandes, "A Physiologically-based
Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009 (severity 1.0), on linear RGB; colours are
compared in CIE L*a*b* (CIE 1976, D65).
"""

from __future__ import annotations

import io
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.image import imread
from numpy.typing import NDArray

from clss_analysis.figures import draw
from clss_analysis.figures.style import LOOKS, Look
from clss_analysis.layout.geometry import Layout, Line
from clss_analysis.palette import BLUE, GREEN, GREY, INK, ORANGE, PAPER, RED

Matrix = NDArray[np.float64]
VISION: dict[str, Matrix] = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
    "greyscale": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
}
KINDS = ("living", "helps", "calls", "working", "other", "unknown-mixed")
APART = 20.0
"""A colour difference (CIE 1976) that is seen at once on thin lines; about 2.3 is just noticeable side by side."""


def seen(colour: str, vision: str) -> Matrix:
    """A colour as L*a*b*, as it is seen."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(VISION[vision] @ linear, 0, 1)
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    t = to_xyz @ linear / (to_xyz @ np.ones(3))
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(a: str, b: str, vision: str) -> float:
    return float(np.linalg.norm(seen(a, vision) - seen(b, vision)))


def told_apart(a: Look, b: Look, vision: str) -> bool:
    """By colour, or else by strokes of another kind in the dash."""
    assert a.edge is not None
    assert b.edge is not None
    if difference(a.edge, b.edge, vision) >= APART:
        return True
    return strokes(a) != strokes(b)


def strokes(look: Look) -> tuple[str, ...]:
    """The kinds of strokes in a dash: dot, short, long, or one line through."""
    if not look.dash:
        return ("line",)
    return tuple("dot" if on < 0.5 else "tick" if on < 2 else "short" if on < 4 else "long" for on in look.dash[::2])


@pytest.mark.parametrize("vision", VISION)
def test_kinds_of_arrows_are_told_apart(vision: str) -> None:
    alike = [(a, b) for a, b in combinations(KINDS, 2) if not told_apart(LOOKS[f"tie-{a}"], LOOKS[f"tie-{b}"], vision)]
    assert alike == []


@pytest.mark.parametrize("vision", VISION)
def test_people_and_services_are_told_apart(vision: str) -> None:
    for one in ("service", "professional"):
        for other in ("person-square", "person-circle", "other", "hosted-circle"):
            a, b = LOOKS[one], LOOKS[other]
            assert a.edge is not None
            assert b.edge is not None
            assert difference(a.edge, b.edge, vision) >= APART or (a.shape, a.corner) != (b.shape, b.corner)


@pytest.mark.parametrize("vision", VISION)
def test_every_colour_of_an_arrow_stands_out_from_paper(vision: str) -> None:
    for colour in (INK, BLUE, GREEN, ORANGE, RED, GREY):
        assert difference(colour, PAPER, vision) > 40, colour


def test_the_simulation_sees_what_is_known_of_red_and_green() -> None:
    assert difference("#c00000", "#5a6a00", "deuteranopia") < difference("#c00000", "#5a6a00", "normal") / 3
    assert difference("#808080", "#808080", "tritanopia") == 0
    assert difference(RED, GREEN, "greyscale") < APART, "without dashes the two would be one"
    lone = Look(edge=RED, dash=LOOKS["tie-working"].dash)
    assert not told_apart(lone, LOOKS["tie-working"], "greyscale"), "the check can fail"


def picture(kind: str) -> NDArray[np.float64]:
    """One arrow of a kind in grey, on white."""
    line = Line("a", "arrow", ((2.0, 4.0), (58.0, 4.0)), f"tie-{kind}", "x", "y")
    layout = Layout("essai", None, "fr", 60.0, 8.0, "", "", "", "", lines=(line,))
    raw = io.BytesIO()
    draw(layout).savefig(raw, format="png", dpi=150)
    raw.seek(0)
    return np.asarray(imread(raw, format="png")[..., :3] @ np.array([0.2126, 0.7152, 0.0722]))


def test_drawn_in_grey_no_two_kinds_give_the_same_picture() -> None:
    grey = {kind: picture(kind) for kind in KINDS}
    for a, b in combinations(KINDS, 2):
        inked = ((grey[a] < 0.9) | (grey[b] < 0.9)).sum()
        differing = (np.abs(grey[a] - grey[b]) > 0.25).sum()
        assert differing / inked > 0.12, (a, b)


def test_what_came_and_what_went_need_no_colour() -> None:
    for role in ("service", "professional", "other", "person-circle", "tie-calls", "tie-working"):
        small, came, went = (LOOKS[f"{state}-{role}"] for state in ("small", "came", "went"))
        assert came.width >= 1.5 * small.width
        assert went.dash
        assert went.dash not in (small.dash, came.dash)
        assert went.width < came.width
