"""What a household record is: tables, vocabularies, the intake rule, reading, validation, synthetic cohorts."""

from clss_analysis.records.intake import Verdict, intake_verdict
from clss_analysis.records.tables import Case, Records, Row, UnknownCaseError
from clss_analysis.records.vocabulary import codes, label, message

__all__ = ["Case", "Records", "Row", "UnknownCaseError", "Verdict", "codes", "intake_verdict", "label", "message"]
