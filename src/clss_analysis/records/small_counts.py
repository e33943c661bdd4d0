"""The threshold of small counts: how few households a published count may show; `privacy/` withholds what is below."""

from __future__ import annotations

# households
THRESHOLD = 5  # where a dataset says no other
LEAST_THRESHOLD, MOST_THRESHOLD = 3, 100  # which a dataset may set: two would tell either of the two of the other
