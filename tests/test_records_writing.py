from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from records_sample import sound_rows, write_rows

import clss_analysis as clss
from clss_analysis.records import Records, validate, write
from clss_analysis.records.columns import typed
from clss_analysis.records.schema import fields, table_names
from clss_analysis.records.tables import load


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return clss.read(
        write_rows(tmp_path / "source", sound_rows(), figure_ids={"T1": {"kind": "trajectory", "case": "A"}})
    )


def assert_same(a: Records, b: Records) -> None:
    for name in table_names():
        assert_frame_equal(a.table(name), b.table(name))
    for key in ("name", "title", "synthetic", "source", "language", "description", "figure_ids"):
        assert getattr(a, key) == getattr(b, key)


text = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=12
)
nasty = st.sampled_from(
    [
        '"',
        '""',
        "a,b",
        "=1+1",
        "@x",
        "-",
        " ",
        "\n",
        "\r",
        "\r\n",
        "\t",
        "NA",
        "nan",
        "null",
        "\ufeff",
        "é\u202f»",
        "\u2028",
    ]
)
months = st.builds("{:04d}-{:02d}".format, st.integers(1900, 2099), st.integers(1, 12))
cells = {
    "string": st.one_of(text, nasty),
    "integer": st.integers(-999_999_999, 999_999_999).map(str),
    "number": st.one_of(
        st.integers(-(10**12), 10**12).map(str), st.decimals(-1000, 1000, places=6).map(lambda d: format(d, "f"))
    ),
    "boolean": st.sampled_from(["true", "false"]),
    "yearmonth": months,
    "any": st.one_of(months, st.integers(1900, 2099).map(str)),
}


def rows_of(table: str) -> st.SearchStrategy[pd.DataFrame]:
    others = (st.one_of(st.just(""), cells[field["type"]]) for field in fields(table)[1:])
    row = st.tuples(text, *others)
    names = [field["name"] for field in fields(table)]
    return st.lists(row, max_size=3).map(lambda rows: typed(pd.DataFrame(rows, columns=names, dtype=object), table))


@given(
    tables=st.fixed_dictionaries(
        {name: rows_of(name) for name in ("households", "persons", "couples", "ties", "events", "context_statistics")}
    )
)
@settings(max_examples=25)
def test_what_is_written_is_read_again_unchanged(
    records: Records, tables: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    changed = records.with_tables(**tables)
    folder = write(changed, tmp_path / "ecrit", overwrite=True)
    again = load(folder)
    assert_same(again, changed)
    assert load(write(again, folder, overwrite=True)).sha256 == again.sha256


def test_the_publication_survives_being_written(tmp_path: Path) -> None:
    publication = clss.read("data/publication")
    folder = write(publication, tmp_path / "copie")
    assert validate(folder) == []
    assert_same(clss.read(folder), publication)


def test_a_folder_that_holds_something_is_left_alone(records: Records, tmp_path: Path) -> None:
    folder = write(records, tmp_path / "jeu")
    with pytest.raises(FileExistsError):
        write(records, folder)
    (folder / "photo.jpg").write_bytes(b"x")
    with pytest.raises(FileExistsError):
        write(records, folder, overwrite=True)
    assert (folder / "photo.jpg").read_bytes() == b"x"


def test_a_failure_leaves_the_old_dataset_and_nothing_beside_it(records: Records, tmp_path: Path) -> None:
    folder = write(records, tmp_path / "sous" / "jeu")
    bad = records.with_tables(workshops=records.workshops.reindex([0]).assign(id="W1", label="a\x00b"))
    with pytest.raises(ValueError, match="control character"):
        write(bad, folder, overwrite=True)
    assert_same(clss.read(folder), records)
    assert [entry.name for entry in folder.parent.iterdir()] == ["jeu"]


def test_an_empty_folder_may_be_filled(records: Records, tmp_path: Path) -> None:
    (tmp_path / "jeu").mkdir()
    assert validate(write(records, tmp_path / "jeu")) == []


def test_overwriting_replaces_every_file(records: Records, tmp_path: Path) -> None:
    folder = write(records, tmp_path / "jeu")
    write(replace(records, title="Autre"), folder, overwrite=True)
    assert clss.read(folder).title == "Autre"


def test_months_booleans_and_unknowns_are_plain_text(records: Records, tmp_path: Path) -> None:
    folder = write(records, tmp_path / "jeu")
    lines = (folder / "households.csv").read_bytes().decode().split("\n")
    assert lines[1] == "A,Ménage A,,,,,2023-01,2023-11,,,CO1,essai,false"
    assert lines[-1] == ""
    assert (folder / "context_statistics.csv").read_text(encoding="utf-8").splitlines()[1].startswith("S1,Part,31,%")
