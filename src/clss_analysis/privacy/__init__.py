"""What may leave the house: the gate, disclosure risk, suppression."""

from clss_analysis.privacy.gate import Clearance, clear
from clss_analysis.privacy.report import Found, check, check_report
from clss_analysis.privacy.suppression import publishable_counts, withhold
from clss_analysis.records.faults import NotClearedError

__all__ = [
    "Clearance",
    "Found",
    "NotClearedError",
    "check",
    "check_report",
    "clear",
    "publishable_counts",
    "withhold",
]
