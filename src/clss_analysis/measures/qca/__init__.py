"""Qualitative comparative analysis: which combinations of conditions go with an outcome, case by case."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
