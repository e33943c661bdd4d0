"""The workbook of a social worker: made, filled in with any spreadsheet program, and read back."""

from clss_analysis.records.workbook.completion import checked_pages, records_of_pages
from clss_analysis.records.workbook.corrections import remove_corrections, write_corrections
from clss_analysis.records.workbook.form import write_form
from clss_analysis.records.workbook.interview_writing import write_interview
from clss_analysis.records.workbook.pages import Line, Page, Pages
from clss_analysis.records.workbook.reading import pages_of_rows, read_workbook
from clss_analysis.records.workbook.spreadsheet import is_open, open_workbook
from clss_analysis.records.workbook.writing import blank_records, write_workbook

__all__ = [
    "Line",
    "Page",
    "Pages",
    "blank_records",
    "checked_pages",
    "is_open",
    "open_workbook",
    "pages_of_rows",
    "read_workbook",
    "records_of_pages",
    "remove_corrections",
    "write_corrections",
    "write_form",
    "write_interview",
    "write_workbook",
]
