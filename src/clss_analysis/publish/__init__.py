"""The book: chapters and runs to HTML, PDF, EPUB and Word, by pandoc and Typst or by Quarto."""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
