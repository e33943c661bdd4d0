"""A house that has just begun has few rows: every notebook of a book runs on it, whatever has not been written yet."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest
from records_sample import accepted, sound_rows, write_rows

import clss_analysis as clss

# The notebooks of a book; the gallery has records of its own, and the pack and the explorer are in no book.
NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("0[1234589]_*.ipynb"))
# The house that a first workbook makes: one household that may be told, its consent, and nothing else.
FIRST = {"consents", "households", "persons", "filiations"}


def _cells(notebook: Path) -> list[str]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("kept", [FIRST, FIRST | {"actors"}, FIRST | {"criteria"}, FIRST | {"ties", "actors"}])
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_on_a_house_that_has_only_begun(
    notebook: Path, kept: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {
        table: [row for row in found if table in kept and row.get("household", "A") == "A" and row["id"] != "B"]
        for table, found in sound_rows().items()
    }
    records = accepted(clss.read(write_rows(tmp_path / "records", rows)))
    monkeypatch.setattr(clss, "read", lambda *_, **__: records)
    parameters, *cells = _cells(notebook)
    names: dict[str, object] = {"__name__": "notebook"}
    exec(parameters, names)  # noqa: S102 - the notebook is ours
    if "case" in names:
        names["case"] = "A"
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in cells:
            exec(cell, names)  # noqa: S102 - the notebook is ours
