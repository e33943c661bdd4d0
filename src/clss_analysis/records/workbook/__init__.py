"""The workbook of a social worker: made, filled in with any spreadsheet program, and read back."""

from clss_analysis.records.workbook.completion import records_of_pages
from clss_analysis.records.workbook.form import write_form
from clss_analysis.records.workbook.pages import Line, Page, Pages
from clss_analysis.records.workbook.reading import read_workbook
from clss_analysis.records.workbook.spreadsheet import open_workbook
from clss_analysis.records.workbook.writing import blank_records, write_workbook

__all__ = [
    "Line",
    "Page",
    "Pages",
    "blank_records",
    "open_workbook",
    "read_workbook",
    "records_of_pages",
    "write_form",
    "write_workbook",
]
