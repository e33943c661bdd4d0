"""The interpellation pack: what someone who brings a case before the communal council needs, tonight."""

from clss_analysis.publish.brief.make import Pack, brief, prepare
from clss_analysis.publish.brief.theme import BUILT_IN, BriefError, read_theme

__all__ = ["BUILT_IN", "BriefError", "Pack", "brief", "prepare", "read_theme"]
