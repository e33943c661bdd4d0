"""Datasets of older schemas: brought to today's, once, with every value that they had."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records_sample import Rows, sound_rows, write_rows

from clss_analysis.cli import main
from clss_analysis.records import InvalidRecordsError, read, validate
from clss_analysis.records.descriptor import version_of
from clss_analysis.records.migration import STEPS, migrate
from clss_analysis.records.schema import SCHEMA_VERSION, since, table_names
from clss_analysis.records.vocabulary import codes


def aged(folder: Path, version: int, rows: Rows | None = None) -> Path:
    """The sound sample, or these rows, as the schema of a version had them, before there were numbers."""
    rows = rows or sound_rows()
    if version < 2:
        rows["relevance_nodes"] = [row | {"progress": "", "relevance": ""} for row in rows["relevance_nodes"]]
        rows["relevance_links"] = []
    write_rows(folder, rows)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["schema_version"] = version
    if version < 6:
        del package["schema_version"]
    known = {each["name"]: each["schema"]["fields"] for each in package["resources"]}
    for field in (each for of in known.values() for each in of):
        field["type"] = "yearmonth" if field["type"] == "any" and version < 6 else field["type"]
    later = range(max(version, 5) + 1, SCHEMA_VERSION + 1)
    for table, names in ((table, since(table, each)) for table in table_names() for each in later):
        if names:
            without(folder / f"{table}.csv", known[table], names)
    gone = ["codes", "codings"] * (version < 4) + ["relevance_links"] * (version < 2)
    package["resources"] = [each for each in package["resources"] if each["name"] not in gone]
    for table in gone:
        (folder / f"{table}.csv").unlink()
    if version < 5:
        for field in (*known["persons"], *known["filiations"]):
            if field["name"] in ("life", "kind"):
                field["constraints"]["required"] = True
    if version < 3:
        for field in (each for of in known.values() for each in of):
            field.pop("disclosure", None)
    if version < 2:
        without(folder / "relevance_nodes.csv", known["relevance_nodes"], ("progress", "relevance"))
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert version_of(package) == version
    return folder


def without(table: Path, declared: list[dict[str, object]], names: tuple[str, ...]) -> None:
    """Take columns out of a table and of its declaration."""
    declared[:] = [each for each in declared if each["name"] not in names]
    with table.open(encoding="utf-8", newline="") as stream:
        cells = list(csv.DictReader(stream))
    text = io.StringIO()
    writer = csv.DictWriter(text, [str(each["name"]) for each in declared], extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(cells)
    table.write_text(text.getvalue(), encoding="utf-8", newline="")


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("version", [1, 2, 3, 4, 5, 6, 7])
def test_each_older_shape_comes_along_and_twice_is_once(version: int, tmp_path: Path) -> None:
    folder = aged(tmp_path / "jeu", version)
    before = files_in(folder)
    moved, kept = migrate(folder)
    assert {each.version for each in moved} == set(range(version + 1, SCHEMA_VERSION + 1))
    assert validate(folder) == []
    assert kept == tmp_path.resolve() / f"jeu-schema-{version}"
    assert files_in(kept) == before
    after = files_in(folder)
    assert migrate(folder) == ([], None)
    assert files_in(folder) == after
    assert [each.name for each in sorted(tmp_path.iterdir())] == ["jeu", f"jeu-schema-{version}"]


@settings(max_examples=8)
@given(said=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=20), n=st.integers())
def test_no_value_is_lost(said: str, n: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    rows = sound_rows()
    rows["relevance_nodes"][0]["label"] = f"{said}, x"
    rows["households"][1]["summary"] = said
    folder = aged(tmp_path_factory.mktemp("vieux") / "jeu", 1 + n % 7, rows)
    old = {table: folder / f"{table}.csv" for table in table_names()}
    wanted = {table: list(csv.DictReader(path.open(encoding="utf-8", newline=""))) for table, path in old.items()
              if path.exists()}  # fmt: skip
    migrate(folder)
    for table, lines in wanted.items():
        now = list(csv.DictReader(old[table].open(encoding="utf-8", newline="")))
        assert [{name: row[name] for name in line} for line, row in zip(lines, now, strict=True)] == lines


def test_an_old_dataset_says_what_to_do_and_the_command_says_no_content(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = aged(tmp_path / "jeu", 1)
    with pytest.raises(InvalidRecordsError) as error:
        read(folder)
    assert [fault.file for fault in error.value.faults] == ["datapackage.json"]
    assert "clss migrate" in str(error.value)
    assert main(["migrate", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "progress" in said
    assert "relevance_links" in said
    assert "Objectif" not in said
    assert main(["migrate", str(folder)]) == 0
    assert len(read(folder).relevance_nodes) == len(sound_rows()["relevance_nodes"])


def test_what_is_not_sound_stays_as_it_was(tmp_path: Path) -> None:
    folder = aged(tmp_path / "jeu", 1)
    table = folder / "households.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("2023-01", "janvier"), encoding="utf-8")
    before = files_in(folder)
    with pytest.raises(InvalidRecordsError, match=r"households\.csv"):
        migrate(folder)
    assert files_in(folder) == before
    assert [each.name for each in tmp_path.iterdir()] == ["jeu"]


def test_codes_that_are_new_are_in_the_lists_of_the_descriptor(tmp_path: Path) -> None:
    folder = aged(tmp_path / "jeu", 6)
    place = folder / "datapackage.json"
    package = json.loads(place.read_text(encoding="utf-8"))
    of = {each["name"]: each["schema"]["fields"] for each in package["resources"]}
    for field in (*of["consents"], *of["relevance_nodes"]):
        if field["name"] in ("scope", "status"):
            field["constraints"]["enum"] = [
                code for code in field["constraints"]["enum"] if code not in ("drawn", "blocked")
            ]
    place.write_text(json.dumps(package), encoding="utf-8")
    migrate(folder)
    for each in json.loads(place.read_text(encoding="utf-8"))["resources"]:
        for field in each["schema"]["fields"]:
            said = field.get("constraints", {}).get("enum")
            assert said is None or tuple(said) == codes(field["vocabulary"]), field["name"]


@pytest.mark.parametrize("more", [",", ",,,,,,,"])
def test_a_row_with_a_cell_too_many_is_told_and_not_cut(more: str, tmp_path: Path) -> None:
    folder = aged(tmp_path / "jeu", 6)
    table = folder / "persons.csv"
    head, first, *rest = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([head, first + more + "reste", *rest, ""]), encoding="utf-8")
    with pytest.raises(InvalidRecordsError, match=r"persons\.csv"):
        migrate(folder)


def test_there_is_a_step_for_every_number() -> None:
    assert [step.version for step in STEPS] == list(range(2, SCHEMA_VERSION + 1))
