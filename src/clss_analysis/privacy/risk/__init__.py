"""Disclosure risk of tables: who stands out, by which fields, and what would hide them."""

from clss_analysis.privacy.risk.closeness import earth_mover, t_closeness
from clss_analysis.privacy.risk.diversity import l_diversity
from clss_analysis.privacy.risk.generalise import Step, suggestions
from clss_analysis.privacy.risk.k_anonymity import frequencies
from clss_analysis.privacy.risk.reidentification import household_risk, individual_risk
from clss_analysis.privacy.risk.report import DatasetRisk, RiskyRow, TableRisk, assess
from clss_analysis.privacy.risk.special_uniques import suda2

__all__ = [
    "DatasetRisk",
    "RiskyRow",
    "Step",
    "TableRisk",
    "assess",
    "earth_mover",
    "frequencies",
    "household_risk",
    "individual_risk",
    "l_diversity",
    "suda2",
    "suggestions",
    "t_closeness",
]
