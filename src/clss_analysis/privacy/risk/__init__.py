"""Disclosure risk of tables: who stands out, by which fields, and what would hide them."""

from clss_analysis.privacy.risk.assess import DatasetRisk, RiskyRow, TableRisk, assess
from clss_analysis.privacy.risk.generalise import Step, suggestions
from clss_analysis.privacy.risk.individual_risk import household_risk, individual_risk
from clss_analysis.privacy.risk.k_anonymity import frequencies
from clss_analysis.privacy.risk.l_diversity import l_diversity
from clss_analysis.privacy.risk.suda2 import suda2
from clss_analysis.privacy.risk.t_closeness import earth_mover, t_closeness

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
