"""What tests share: which of them run in one process and which first, a browser, and pictures beside their baselines.

Fonts and dpi of pictures are pinned by the package.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from chromium import chromium
from hypothesis import HealthCheck, settings
from matplotlib.image import imread

from clss_analysis.figures import Drawing
from clss_analysis.figures.convert import convert
from clss_analysis.runs.notebook import without_grammar

# hundreds of processes are started: none compiles the house anew, whatever its user asks of his own
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

gc.set_threshold(100_000)  # what is imported and collected stays: no look for cycles goes through it every moment

with without_grammar():
    import jsonschema  # noqa: F401  before any file of tests imports Jupyter, and compiles a grammar for it

# a clock on the wall says how busy the machine is: no example fails by it, in no file of tests
settings.register_profile("seeded", derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("seeded")
mpl.use("Agg")
mpl.rcParams["text.hinting"] = "none"  # as figures are saved

LONGEST = (
    "test_publication_book", "test_house_copied",
    "test_brief", "test_brief_grey", "test_brief_sentences", "test_brief_room", "test_brief_houses",
    "test_layout_sociogenogram", "test_desk_day", "test_runs_failures", "test_desk_server", "test_runs_warm",
    "test_canary", "test_measures_disclosure", "test_runs_private", "test_runs_elsewhere", "test_wheel",
    "test_workbook", "test_docs", "test_layout_family", "test_sociogenogram_months",
    "test_privacy_ledger", "test_readme",
)  # fmt: skip
"""Files that take over half a minute of processor time, the longest first: no core waits for the other at the end."""
PACKS = {"test_brief", "test_brief_grey", "test_brief_sentences", "test_brief_room", "test_brief_houses"}
"""Files that read the packs of `brief_packs`: one process makes them, once."""


def pytest_collection_modifyitems(items):
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A file is run by one process, and so are those that share packs; in the order of the files above."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.split("::", 1)[0]
            return "packs" if Path(file).stem in PACKS else file

    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return ByFile(config, log)


BASELINE = Path(__file__).parent / "baseline"
DPI = 60
TOLERANCE = 0.004
"""Share of pixels that may differ visibly: room for another rasteriser's edges, not for a symbol that moved."""


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


def pictures_of(drawing: Drawing) -> dict[str, bytes]:
    """What is compared: the artists as matplotlib draws them, and the file as it is written."""
    raw = io.BytesIO()
    drawing.savefig(raw, format="png", dpi=DPI, metadata={"Software": None})
    return {"": raw.getvalue(), ".svg": convert(drawing.to_svg(), ".png", DPI)}


def picture_difference(drawing: Drawing, name: str) -> float:
    """Share of pixels that differ by over a quarter of full scale from tests/baseline/<name>.png; 1 for other sizes.

    The file is held against <name>.svg.png; the larger difference counts.
    """
    found = 0.0
    for kind, picture in pictures_of(drawing).items():
        new, old = imread(io.BytesIO(picture), format="png"), imread(BASELINE / f"{name}{kind}.png")
        if new.shape != old.shape:
            return 1.0
        found = max(found, float((np.abs(new - old).max(axis=2) > 0.25).mean()))
    return found


def assert_same_picture(drawing: Drawing, name: str) -> None:
    """Fail when a drawing no longer looks like its baseline.

    With CLSS_NEW_BASELINE=1 in the environment the baseline is written first: look at it before it is kept.
    """
    if os.environ.get("CLSS_NEW_BASELINE") == "1":
        BASELINE.mkdir(exist_ok=True)
        for kind, picture in pictures_of(drawing).items():
            (BASELINE / f"{name}{kind}.png").write_bytes(picture)
    difference = picture_difference(drawing, name)
    assert difference <= TOLERANCE, f"{name}: {difference:.2%} of the picture differs from its baseline"
