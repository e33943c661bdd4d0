"""Where things sit: record to frozen geometry in millimetres, without matplotlib and without chance."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
