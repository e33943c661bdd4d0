"""The interpellation pack: what someone who brings a case before the communal council needs, tonight."""

from clss_analysis.publish.brief.make import Pack, Told, brief, pack_faults, prepare, tell
from clss_analysis.publish.brief.markdown import annex, open_pack
from clss_analysis.publish.brief.theme import BUILT_IN, BriefError, read_theme

__all__ = ["BUILT_IN", "BriefError", "Pack", "Told", "annex", "brief", "open_pack", "pack_faults", "prepare",
           "read_theme", "tell"]  # fmt: skip
