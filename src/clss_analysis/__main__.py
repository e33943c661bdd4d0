"""`python -m clss_analysis` is `clss`."""

import sys

from clss_analysis.cli import main

if __name__ == "__main__":
    sys.exit(main())
