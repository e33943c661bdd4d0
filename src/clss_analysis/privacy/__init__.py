"""What may leave the house: disclosure gate, suppression, escaping."""

from clss_analysis.privacy.escape import attribute, markdown
from clss_analysis.privacy.gate import Clearance, NotClearedError, check_report, clear
from clss_analysis.privacy.suppression import publishable_counts

__all__ = ["Clearance", "NotClearedError", "attribute", "check_report", "clear", "markdown", "publishable_counts"]
