"""Where things sit: record to frozen geometry in millimetres, without matplotlib and without chance."""

from typing import TYPE_CHECKING

from clss_analysis import lazily

if TYPE_CHECKING:
    from clss_analysis.layout.genogram.drawing import sociogenogram
    from clss_analysis.layout.genogram.series import sociogenogram_series, sociogenogram_series_sheets
    from clss_analysis.layout.geometry import Layout
    from clss_analysis.layout.page import NothingToDrawError
    from clss_analysis.layout.quality import report

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
        "report": "quality",
        "sociogenogram": "genogram.drawing",
        "sociogenogram_series": "genogram.series",
        "sociogenogram_series_sheets": "genogram.series",
    },
)
