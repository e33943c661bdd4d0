"""Rules of the codebook and of codings; a dataset may do without both tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from records_sample import Rows, sound_rows, write_rows

from clss_analysis.records import validate


def coded_rows() -> Rows:
    rows = sound_rows()
    told = {"source": "essai", "reading": "false"}
    said = {"speaker": "Mère", "context": "individual", "wording": "paraphrase"}
    rows["statements"] = [
        {"id": "S1", "household": "A", "text": "Été 🏠", **said, **told},
        {"id": "S2", "text": "x", **said, **told},
    ]
    rows["codes"] = [{"id": "k1", "label": "Un", **told}, {"id": "k2", "parent": "k1", "label": "Deux", **told}]
    coding = {"id": "g1", "household": "A", "statement": "S1", "code": "k1", "coder": "L1", "start": "4", "end": "5"}
    rows["codings"] = [coding | told, {"id": "g2", "statement": "S2", "code": "k2", "coder": "L1", **told}]
    return rows


def test_sound_codings_are_sound(tmp_path: Path) -> None:
    assert validate(write_rows(tmp_path / "jeu", coded_rows())) == []


@pytest.mark.parametrize(
    ("table", "row", "change", "column"),
    [
        ("codes", 0, {"parent": "k2"}, "parent"),
        ("codes", 0, {"parent": "k1"}, "parent"),
        ("codings", 0, {"household": "B"}, "household"),
        ("codings", 1, {"household": "A"}, "household"),
        ("codings", 0, {"end": "6"}, "end"),
        ("codings", 0, {"start": "5"}, "end"),
        ("codings", 0, {"start": ""}, "start"),
        ("codings", 0, {"end": ""}, "end"),
        ("codings", 0, {"code": "k9"}, "code"),
        ("codings", 0, {"statement": "S9"}, "statement"),
        (
            "codings",
            1,
            {"id": "g3", "household": "A", "statement": "S1", "code": "k1", "start": "4", "end": "5"},
            "code",
        ),
    ],
)
def test_each_rule_names_file_row_and_column(
    tmp_path: Path, table: str, row: int, change: dict[str, str], column: str
) -> None:
    rows = coded_rows()
    rows[table][row] |= change
    faults = validate(write_rows(tmp_path / "jeu", rows))
    assert (f"{table}.csv", row + 2, column) in [(fault.file, fault.row, fault.column) for fault in faults]


def test_both_tables_may_be_absent_but_not_described_and_missing(tmp_path: Path) -> None:
    folder = write_rows(tmp_path / "jeu", sound_rows())
    for name in ("codes", "codings"):
        (folder / f"{name}.csv").unlink()
    assert [fault.file for fault in validate(folder)] == ["codes.csv", "codings.csv"]
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [each for each in package["resources"] if each["name"] not in ("codes", "codings")]
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert validate(folder) == []
