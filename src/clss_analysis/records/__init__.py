"""What a household record is: tables, vocabularies, the intake rule, reading, validation, synthetic cohorts."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
