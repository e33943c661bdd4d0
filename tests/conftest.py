"""What tests of figures share: fonts and dpi are pinned by the package, a picture is compared with its baseline."""

from __future__ import annotations

import io
import os
from pathlib import Path

import matplotlib as mpl
import numpy as np
from hypothesis import settings
from matplotlib.figure import Figure
from matplotlib.image import imread

settings.register_profile("seeded", derandomize=True)
settings.load_profile("seeded")
mpl.use("Agg")
mpl.rcParams["text.hinting"] = "none"  # as figures are saved

BASELINE = Path(__file__).parent / "baseline"
DPI = 60
TOLERANCE = 0.004
"""Share of pixels that may differ visibly: room for another rasteriser's edges, not for a symbol that moved."""


def picture_difference(drawing: Figure, name: str) -> float:
    """Share of pixels that differ by over a quarter of full scale from tests/baseline/<name>.png; 1 for other sizes."""
    raw = io.BytesIO()
    drawing.savefig(raw, format="png", dpi=DPI, metadata={"Software": None})
    path = BASELINE / f"{name}.png"
    raw.seek(0)
    new, old = imread(raw, format="png"), imread(path)
    if new.shape != old.shape:
        return 1.0
    return float((np.abs(new - old).max(axis=2) > 0.25).mean())


def assert_same_picture(drawing: Figure, name: str) -> None:
    """Fail when a drawing no longer looks like its baseline.

    With CLSS_NEW_BASELINE=1 in the environment the baseline is written first: look at it before it is kept.
    """
    if os.environ.get("CLSS_NEW_BASELINE") == "1":
        BASELINE.mkdir(exist_ok=True)
        drawing.savefig(BASELINE / f"{name}.png", dpi=DPI, metadata={"Software": None})
    difference = picture_difference(drawing, name)
    assert difference <= TOLERANCE, f"{name}: {difference:.2%} of the picture differs from its baseline"
