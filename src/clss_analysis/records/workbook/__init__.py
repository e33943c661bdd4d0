"""The workbook of a social worker: made, filled in with any spreadsheet program, and read back."""

from clss_analysis.records.workbook.blank import blank_records, new_dataset
from clss_analysis.records.workbook.opening import open_workbook
from clss_analysis.records.workbook.pages import Line, Page, Pages
from clss_analysis.records.workbook.reading import read_workbook
from clss_analysis.records.workbook.settling import settled
from clss_analysis.records.workbook.writing import write_workbook
from clss_analysis.records.workbook.xlsform import write_form

__all__ = [
    "Line",
    "Page",
    "Pages",
    "blank_records",
    "new_dataset",
    "open_workbook",
    "read_workbook",
    "settled",
    "write_form",
    "write_workbook",
]
