"""What may leave the house: the gate, disclosure risk, suppression, escaping."""

from clss_analysis.privacy.check import Found, check, check_report
from clss_analysis.privacy.escape import attribute, markdown
from clss_analysis.privacy.gate import Clearance, clear
from clss_analysis.privacy.suppression import publishable_counts, withhold
from clss_analysis.records.faults import NotClearedError

__all__ = [
    "Clearance",
    "Found",
    "NotClearedError",
    "attribute",
    "check",
    "check_report",
    "clear",
    "markdown",
    "publishable_counts",
    "withhold",
]
