from . import figures as figures
from . import layout as layout
from . import measures as measures
from . import privacy as privacy
from . import records as records
from . import runs as runs
from .records import Case as Case
from .records import Records as Records
from .records import read as read
from .runs.explorer import explore as explore

__version__: str
