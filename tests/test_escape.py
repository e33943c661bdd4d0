"""Text for spreadsheets is inert: no cell of a CSV file or a workbook that is made is a formula, a link or a number."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clss_analysis.records.escape import csv_cell, xlsx_book, xlsx_cell

STARTS = st.sampled_from(
    ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0+", "＝", "＋", "－", "＠", "", "<r>", "_x000D_"]
)
TEXTS = st.builds(
    str.__add__,
    STARTS,
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=40),
)


@given(TEXTS)
def test_a_csv_cell_never_begins_as_a_formula_and_loses_nothing(text: str) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerow(["x", csv_cell(text)])
    cell = next(csv.reader(io.StringIO(stream.getvalue(), newline="")))[1]
    number = cell.lstrip("+-")[:1].isdecimal() and cell.isascii()
    assert number or cell.strip()[:1] not in {"=", "+", "-", "@", "＝", "＋", "－", "＠"} or cell[:1] == "'"
    assert cell[:1] not in {"\t", "\r", "\n"}
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == text


@pytest.mark.parametrize("cell", ["-3", "+0.5", "1e-7", "-1E+4", "12", "rue - 3", "", "'"])
def test_numbers_and_plain_texts_stay_as_they_are(cell: str) -> None:
    assert csv_cell(cell) == cell


@pytest.mark.parametrize("cell", ["-3+4", "+32 470", "-inf", "--1", "+1;2", "- non", "=1", " =1", "\n=1", "＝1"])
def test_what_only_begins_like_a_number_is_a_text(cell: str) -> None:
    assert csv_cell(cell) == f"'{cell}"


@settings(max_examples=30)
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_a_workbook_holds_texts_as_texts_and_the_same_bytes_each_time(texts: list[str]) -> None:
    def made() -> bytes:
        stream = io.BytesIO()
        book = xlsx_book(stream, "Titre")
        sheet = book.add_worksheet()
        for row, text in enumerate(texts):
            xlsx_cell(sheet, row, 0, text)
        book.close()
        return stream.getvalue()

    content = made()
    assert content == made()
    assert "<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    cells = openpyxl.load_workbook(io.BytesIO(content)).active
    assert all(cell.data_type in ("s", "n") and not cell.hyperlink for row in cells.iter_rows() for cell in row)
