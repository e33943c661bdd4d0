"""Notebooks executed: parameters, papermill, what they keep and say.

A notebook takes its words from here: `heading`, `overview`, `show`, `keep`, `say`, `table`…, each imported when it is
asked for; what executes notebooks (`engine`, `plan`, `parameters`, `fragment`) is imported by name, so that a notebook
does not wait for papermill.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
