"""A dataset whose descriptor declares another delimiter or encoding is read as it says."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from clss_analysis.records import Records, read, synthesise, validate, write


def declared(folder: Path, records: Records, form: dict[str, object], delimiter: str, encoding: str) -> Path:
    """A dataset of which two tables stand in another form."""
    write(records, folder)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        if resource["name"] in ("households", "persons"):
            resource.update(form)
            path = folder / resource["path"]
            rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
            stream = io.StringIO()
            csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
            path.write_bytes(stream.getvalue().encode(encoding))
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("form", "delimiter", "encoding"),
    [
        ({"encoding": "windows-1252", "dialect": {"delimiter": ";"}}, ";", "cp1252"),
        ({"encoding": "ISO-8859-15", "dialect": {"csv": {"delimiter": "\t"}}}, "\t", "iso-8859-15"),
        ({"encoding": "utf-8", "dialect": {"delimiter": ";"}}, ";", "utf-8-sig"),
        ({"encoding": "cp1252"}, ",", "utf-8-sig"),
        ({"dialect": {"delimiter": "|"}}, "|", "utf-8"),
    ],
)
def test_a_declared_dialect_is_read(form: dict[str, object], delimiter: str, encoding: str, tmp_path: Path) -> None:
    records = synthesise(3, seed=5)
    folder = declared(tmp_path / "jeu", records, form, delimiter, encoding)
    assert validate(folder) == []
    again = read(folder)
    assert again.persons.equals(records.persons)
    assert again.households.equals(records.households)


@pytest.mark.parametrize(
    ("dialect", "written", "before", "encoding"),
    [
        ({"quoteChar": "'"}, {"quotechar": "'"}, "", "utf-16"),
        ({"escapeChar": "\\", "doubleQuote": False}, {"escapechar": "\\", "doublequote": False}, "", "utf-8"),
        ({"quoteChar": None, "escapeChar": "^"}, {"quoting": csv.QUOTE_NONE, "escapechar": "^"}, "", "utf-16-le"),
        ({"commentChar": "#", "delimiter": ";"}, {"delimiter": ";"}, '# fait en mars, "à la main"\n', "utf-8-sig"),
    ],
)
def test_quotes_escapes_and_comments_are_those_of_the_dialect(
    dialect: dict[str, object], written: dict[str, Any], before: str, encoding: str, tmp_path: Path
) -> None:
    made = synthesise(3, seed=5)
    write(made.with_tables(persons=made.persons.assign(note="l'un; \"l'autre\", #3")), tmp_path / "jeu")
    made = read(tmp_path / "jeu")
    package = json.loads((tmp_path / "jeu" / "datapackage.json").read_text(encoding="utf-8"))
    resource = next(each for each in package["resources"] if each["name"] == "persons")
    path = tmp_path / "jeu" / resource["path"]
    stream = io.StringIO()
    csv.writer(stream, **written).writerows(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    path.write_bytes((before + stream.getvalue()).encode(encoding))
    resource.update(dialect=dialect, encoding=encoding.removesuffix("-sig"))
    (tmp_path / "jeu" / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert validate(tmp_path / "jeu") == []
    assert read(tmp_path / "jeu").persons.equals(made.persons)


def test_a_dialect_that_is_not_declared_is_a_fault(tmp_path: Path) -> None:
    folder = declared(tmp_path / "jeu", synthesise(2, seed=5), {}, ";", "cp1252")
    assert {fault.file for fault in validate(folder)} >= {"households.csv", "persons.csv"}


@pytest.mark.parametrize(
    "form", [{"dialect": 3}, {"dialect": {"delimiter": "ab"}}, {"dialect": {"quoteChar": "ab"}}, {"encoding": ["x"]}]
)
def test_what_cannot_be_a_dialect_is_passed_over(form: dict[str, object], tmp_path: Path) -> None:
    folder = declared(tmp_path / "jeu", synthesise(2, seed=5), form, ",", "utf-8")
    assert read(folder).households["id"].tolist() == ["S001", "S002"]
