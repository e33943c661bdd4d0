"""Other programs' files in and out: GEDCOM, PED, GraphML and REFI-QDA, without names or days in either direction."""

from clss_analysis.records.exchange.foreign import NotCarried
from clss_analysis.records.exchange.transfer import export_file, import_file, is_foreign
from clss_analysis.records.formats import EXPORTS, IMPORTS

__all__ = ["EXPORTS", "IMPORTS", "NotCarried", "export_file", "import_file", "is_foreign"]
