"""What we count: co-occurrence and association, durations, courses, configurations, networks, codings, completeness."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
