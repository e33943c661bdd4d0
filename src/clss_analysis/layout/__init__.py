"""Where things sit: record to frozen geometry in millimetres, without matplotlib and without chance."""

from typing import TYPE_CHECKING

from clss_analysis import lazily

if TYPE_CHECKING:
    from clss_analysis.layout.geometry import Layout
    from clss_analysis.layout.page import NothingToDrawError
    from clss_analysis.layout.report import report
    from clss_analysis.layout.sociogenogram import sociogenogram
    from clss_analysis.layout.sociogenogram_series import sociogenogram_series, sociogenogram_series_sheets

__all__ = [
    "Layout",
    "NothingToDrawError",
    "report",
    "sociogenogram",
    "sociogenogram_series",
    "sociogenogram_series_sheets",
]

lazily(
    __name__,
    {
        "Layout": "geometry",
        "NothingToDrawError": "page",
        "report": "report",
        "sociogenogram": "sociogenogram",
        "sociogenogram_series": "sociogenogram_series",
        "sociogenogram_series_sheets": "sociogenogram_series",
    },
)
