"""What a household record is: tables, vocabularies, the intake rule, reading, validation, synthetic cohorts."""

from typing import TYPE_CHECKING

from clss_analysis import lazily

if TYPE_CHECKING:
    from clss_analysis.records.descriptor import descriptor
    from clss_analysis.records.exchange import NotCarried, export_file, import_file
    from clss_analysis.records.faults import Fault, InvalidRecordsError, UnknownCaseError
    from clss_analysis.records.intake import Verdict, intake_verdict
    from clss_analysis.records.reading import read
    from clss_analysis.records.synthetic import synthesise
    from clss_analysis.records.tables import Case, Records, Row
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

lazily(
    __name__,
    {
        "descriptor": "descriptor",
        "NotCarried": "exchange",
        "export_file": "exchange",
        "import_file": "exchange",
        "Fault": "faults",
        "InvalidRecordsError": "faults",
        "Verdict": "intake",
        "intake_verdict": "intake",
        "read": "reading",
        "synthesise": "synthetic",
        "Case": "tables",
        "Records": "tables",
        "Row": "tables",
        "UnknownCaseError": "faults",
        "validate": "validation",
        "codes": "vocabulary",
        "label": "vocabulary",
        "message": "vocabulary",
        "write": "writing",
    },
)
