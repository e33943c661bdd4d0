"""What a household record is: tables, vocabularies, the intake rule, reading, validation, synthetic cohorts."""

from clss_analysis.records.descriptor import descriptor
from clss_analysis.records.exchange import NotCarried, export_file, import_file
from clss_analysis.records.faults import Fault, InvalidRecordsError
from clss_analysis.records.intake import Verdict, intake_verdict
from clss_analysis.records.reading import read
from clss_analysis.records.synthetic import synthesise
from clss_analysis.records.tables import Case, Records, Row, UnknownCaseError
from clss_analysis.records.validation import validate
from clss_analysis.records.vocabulary import codes, label, message
from clss_analysis.records.writing import write

__all__ = [
    "Case",
    "Fault",
    "InvalidRecordsError",
    "NotCarried",
    "Records",
    "Row",
    "UnknownCaseError",
    "Verdict",
    "codes",
    "descriptor",
    "export_file",
    "import_file",
    "intake_verdict",
    "label",
    "message",
    "read",
    "synthesise",
    "validate",
    "write",
]
