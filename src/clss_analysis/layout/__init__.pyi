from .genogram.drawing import sociogenogram as sociogenogram
from .genogram.series import sociogenogram_series as sociogenogram_series
from .genogram.series import sociogenogram_series_sheets as sociogenogram_series_sheets
from .geometry import Layout as Layout
from .page import NothingToDrawError as NothingToDrawError
from .quality import report as report
